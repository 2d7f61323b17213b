//! PP0903: a file or package whose name is that of a module of the standard library, in a folder where it is found first.

use ruff_python_ast::ModModule;
use ruff_text_size::{TextRange, TextSize};

use crate::diagnostic::{Diagnostic, Step, file_name};
use crate::project::{Stands, View};
use crate::python::stdlib::can_be_hidden;
use crate::rules::{Check, Context, Finding};
use crate::source::SourceKind;

pub const CHECKS: &[Check] = &[Check::Module(check)];

fn check<'a>(_: &'a ModModule, ctx: &mut Context<'_, 'a>) {
    let path = ctx.source.path();
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let (name, shown) = match stem {
        Some("__init__") => {
            let folder = path.parent().and_then(|folder| folder.file_name()?.to_str()).unwrap_or_default();
            (folder, format!("{folder}/"))
        }
        Some(stem) => (stem, format!("{stem}.py")),
        None => return,
    };
    let is_module =
        ctx.source.kind() == SourceKind::Python && path.extension().is_some_and(|extension| extension == "py");
    if !is_module || !can_be_hidden(name, ctx.target_version()) {
        return;
    }
    let text = ctx.source.text();
    let first_line = TextRange::up_to(TextSize::of(text.lines().next().unwrap_or_default()));
    let message = format!("`{shown}` hides the standard library's `{name}` from every import: rename it");
    let finding = Finding::new(first_line, message).name("name", name).name("file", shown.as_str());
    let name = name.to_owned();
    ctx.report(finding.pending(move |found, view| answer(found, view, &name, &shown)));
}

fn answer(mut found: Diagnostic, view: &View<'_>, name: &str, shown: &str) -> Option<Diagnostic> {
    let at = found.range;
    let where_from = match view.stands()? {
        Stands::AtRoot => {
            format!("a program started in this folder looks for `{name}` here first, and finds `{shown}`")
        }
        Stands::BesideScript(script) if *script == *view.path() => {
            format!("started as a program, it puts its own folder first: `import {name}` finds itself")
        }
        Stands::BesideScript(script) => {
            format!("`{}` is a program: started, it looks for `{name}` in its own folder first", file_name(&script))
        }
    };
    found.steps.push(Step::new(at, where_from));
    found
        .steps
        .push(Step::new(at, format!("`import {name}` gives this file, and what the real `{name}` has is missing")));
    if let Some(importer) = view.importer_of(name) {
        let elsewhere = importer.elsewhere(format!("gets this file instead of the standard library's `{name}`"));
        found.steps.push(Step::new(at, format!("`{}` imports `{name}`, and gets this file", elsewhere.file_name())));
        found.elsewhere.push(elsewhere);
    }
    Some(found)
}
