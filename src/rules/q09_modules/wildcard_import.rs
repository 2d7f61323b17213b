//! PP0901: `from module import *` binds names that nobody sees, over others that are alike.
//!
//! What comes is decided by the module (<https://docs.python.org/3/reference/simple_stmts.html#import>): its `__all__`, else
//! all names without a leading underscore. So what is said and how it is mended hangs on files that this one doesn't show.

use compact_str::CompactString;
use ruff_python_ast::{self as ast, AnyNodeRef};
use ruff_python_stdlib::builtins::is_python_builtin;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Diagnostic, Related, Step};
use crate::fix::{Edit, Fix};
use crate::project::{Brought, View};
use crate::python::stdlib::NEWEST_MINOR;
use crate::python::{NodeId, Read, ScopeId};
use crate::rules::{Check, Context, Finding};
use crate::source::{Line, SourceKind};

pub const CHECKS: &[Check] = &[Check::ImportFrom(check)];

/// The longest line that a fix makes.
const MAX_LINE: usize = 79;

fn check<'a>(node: &'a ast::StmtImportFrom, ctx: &mut Context<'_, 'a>) {
    let Some(star) = node.names.first().filter(|alias| alias.name.as_str() == "*") else { return };
    let (Some(id), false) = (ctx.model.id(node), ctx.source.kind() == SourceKind::Stub) else { return };
    // Anywhere else it is a syntax error.
    if ctx.model.scope_of(id) != ScopeId::MODULE {
        return;
    }
    let import = Star::of(ctx, node, id, star.range);
    let message = import.binds();
    let finding = Finding::new(star.range, message).name("module", import.module.as_str());
    ctx.report(finding.pending(move |found, view| import.answer(found, view)));
}

/// A star import, and what its file does with names that may come from it.
struct Star {
    range: TextRange,
    /// With the dots of a relative import.
    module: CompactString,
    line: Line,
    /// What stands before the star on its line.
    before: String,
    is_init: bool,
    reads: Vec<Name>,
    /// The star imports of the file that surely come after this one, and those before it.
    later: Vec<Other>,
    earlier: Vec<CompactString>,
}

/// A name that the file reads, or passes on, and that may come from the star.
struct Name {
    name: CompactString,
    /// The first place that reads it, after the star where there is one; and its line.
    read: TextRange,
    line: Line,
    origin: Origin,
}

/// What the name would be without the star.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Nothing.
    None,
    /// A builtin.
    Builtin,
    /// What the file bound it to before.
    Own(TextRange),
}

/// Another star import.
struct Other {
    module: CompactString,
    start: TextSize,
}

impl Star {
    fn of<'a>(ctx: &Context<'_, 'a>, node: &'a ast::StmtImportFrom, id: NodeId, range: TextRange) -> Star {
        let (model, start) = (ctx.model, node.start());
        let name = |name: &str, read: TextRange, origin: Origin| Name {
            name: name.into(),
            read,
            line: ctx.line(read),
            origin,
        };
        // What ran before the star is not concerned.
        let is_later =
            |read: &&Read<'a>| read.expr.start() > start || model.function_scope(read.scope) != ScopeId::MODULE;
        let mut reads: Vec<Name> = model
            .unbound()
            .filter_map(|symbol| {
                let (text, read) = (model.name(symbol), model.reads(symbol).find(is_later)?);
                let is_builtin = is_python_builtin(text, NEWEST_MINOR, false);
                let origin = if is_builtin { Origin::Builtin } else { Origin::None };
                Some(name(text, read.expr.range(), origin))
            })
            .collect();
        for symbol in model.symbols_in(ScopeId::MODULE) {
            // A name bound above the star and read below it.
            let mut bindings = model.bindings(symbol).filter(|binding| binding.is_executed());
            let (Some(first), None) = (bindings.next(), bindings.find(|binding| binding.range.start() > start)) else {
                continue;
            };
            let read = model.reads(symbol).find(is_later);
            if first.range.end() <= start
                && let Some(read) = read
            {
                reads.push(name(model.name(symbol), read.expr.range(), Origin::Own(first.range)));
            }
        }
        if let Some(exports) = model.exports() {
            let passed_on = exports.names.iter().filter(|name| {
                model.lookup(ScopeId::MODULE, name).is_none_or(|symbol| model.bindings(symbol).next().is_none())
            });
            let known: Vec<Name> = passed_on.map(|text| name(text, range, Origin::None)).collect();
            reads.extend(known);
        }
        reads.sort_by(|a, b| a.name.cmp(&b.name).then(a.read.start().cmp(&b.read.start())));
        reads.dedup_by(|a, b| a.name == b.name);
        let (mut later, mut earlier) = (Vec::new(), Vec::new());
        for &other in model.imports() {
            let AnyNodeRef::StmtImportFrom(import) = model.node(other) else { continue };
            if !is_star(import) {
                continue;
            }
            let runs_later = model.parent(other).is_some_and(|block| model.is_within(id, block));
            let runs_earlier = model.parent(id).is_some_and(|block| model.is_within(other, block));
            if import.start() > start && runs_later {
                later.push(Other { module: module(import), start: import.start() });
            } else if import.start() < start && runs_earlier {
                earlier.push(module(import));
            }
        }
        let line_start = model.line_start(range.start());
        Star {
            range,
            module: module(node),
            line: ctx.line(range),
            before: model.slice(TextRange::new(line_start, range.start())).to_owned(),
            is_init: ctx.source.path().file_stem().is_some_and(|stem| stem == "__init__"),
            reads,
            later,
            earlier,
        }
    }

    fn spelled(&self) -> String {
        format!("from {} import *", self.module)
    }

    fn binds(&self) -> String {
        format!("`{}` binds names that nobody sees, over yours if alike; list those you use", self.spelled())
    }

    /// What other files say to it.
    fn answer(&self, mut found: Diagnostic, view: &View<'_>) -> Option<Diagnostic> {
        let brought = view.brought_by(&self.module);
        if self.is_init && brought.as_ref().is_none_or(|brought| brought.is_declared) {
            return None;
        }
        let spelled = self.spelled();
        found.steps.push(Step::new(
            self.range,
            format!(
                "line {}: `{}` runs, and its public names are bound here, whichever they are",
                self.line, self.module
            ),
        ));
        let names = brought.map_or_else(Vec::new, |brought| self.explain(&mut found, &brought, view));
        if let Some(read) = self.reads.iter().find(|read| read.origin == Origin::None && read.read != self.range)
            && found.related.is_empty()
        {
            found.related.push(Related {
                range: read.read,
                message: format!("`{}` may come from there: nothing here tells", read.name),
            });
            found.steps.push(Step::new(
                read.read,
                format!("line {}: `{}` may come from there, or be a mistake: nothing tells", read.line, read.name),
            ));
        }
        found
            .steps
            .push(Step::new(self.range, format!("what `{}` gets tomorrow, `{spelled}` brings, too", self.module)));
        let mut shown: Vec<&str> = names.iter().take(3).map(CompactString::as_str).collect();
        if names.len() > 3 || names.is_empty() {
            shown.push("…");
        }
        found.names.push(("names", shown.join(", ")));
        found.fixes = self.fix(&names).into_iter().collect();
        Some(found)
    }

    /// Says what the star is known to do; returns the names to list instead of it.
    fn explain(&self, found: &mut Diagnostic, brought: &Brought, view: &View<'_>) -> Vec<CompactString> {
        let used: Vec<&Name> = self.reads.iter().filter(|read| brought.has(&read.name)).collect();
        let clash = self.clash(&used, view);
        if let Some((name, what)) = &clash {
            found.message = format!("`{}` replaces {what}; list the names that you use", self.spelled());
            found.related.push(Related {
                range: name.read,
                message: format!("`{}` is that of `{}` here", name.name, self.module),
            });
            found.steps.push(Step::new(
                name.read,
                format!("line {}: `{}` is that of `{}`, no longer {what}", name.line, name.name, self.module),
            ));
        } else if let Some(name) = used.iter().find(|name| name.read != self.range) {
            let (line, text, module) = (name.line, &name.name, &self.module);
            found.related.push(Related {
                range: name.read,
                message: format!("`{text}` comes from `{module}`, which nothing here tells"),
            });
            found.steps.push(Step::new(
                name.read,
                format!("line {line}: `{text}` is one of them; a reader has to look into `{module}` to know"),
            ));
        }
        if brought.is_open {
            return Vec::new();
        }
        let mut names: Vec<CompactString> =
            used.iter().filter(|name| !self.is_replaced(name, view)).map(|name| name.name.clone()).collect();
        names.extend(view.taken_from().into_iter().filter(|name| brought.has(name)));
        names.sort();
        names.dedup();
        names
    }

    /// A name that the star replaces, and what it was before.
    fn clash<'s>(&'s self, used: &[&'s Name], view: &View<'_>) -> Option<(&'s Name, String)> {
        let own = used.iter().find(|name| matches!(name.origin, Origin::Own(_)));
        let builtin = used.iter().find(|name| name.origin == Origin::Builtin);
        if let Some(name) = own {
            return Some((name, format!("your `{}`", name.name)));
        }
        if let Some(name) = builtin {
            return Some((name, format!("the builtin `{}`", name.name)));
        }
        self.earlier.iter().find_map(|module| {
            let earlier = view.brought_by(module)?;
            let name = used.iter().find(|name| earlier.has(&name.name))?;
            Some((*name, format!("the `{}` of `{module}`", name.name)))
        })
    }

    /// Whether a later star import brings the name before it is read.
    fn is_replaced(&self, name: &Name, view: &View<'_>) -> bool {
        let before_it = self.later.iter().filter(|later| later.start < name.read.start() || name.read == self.range);
        before_it.into_iter().any(|later| view.brought_by(&later.module).is_some_and(|brought| brought.has(&name.name)))
    }

    fn fix(&self, names: &[CompactString]) -> Option<Fix> {
        let (first, rest) = names.split_first()?;
        let line = format!("{}{}", self.before, names.join(", "));
        let text = if line.chars().count() <= MAX_LINE {
            names.join(", ")
        } else {
            let indent = &self.before[..self.before.len() - self.before.trim_start().len()];
            let lines: String = names.iter().map(|name| format!("{indent}    {name},\n")).collect();
            format!("(\n{lines}{indent})")
        };
        let title = match rest {
            [] => format!("Import `{first}` by its name"),
            _ => format!("List the {} names that are used", names.len()),
        };
        let caveat = "names that are used unseen, or taken from here by code elsewhere, would be missing";
        Some(Fix::r#unsafe(title, caveat, vec![Edit::replace(self.range, text)]))
    }
}

fn is_star(import: &ast::StmtImportFrom) -> bool {
    import.names.first().is_some_and(|alias| alias.name.as_str() == "*")
}

/// The module as it is written, with the dots of a relative import.
fn module(import: &ast::StmtImportFrom) -> CompactString {
    let mut module = CompactString::from(".".repeat(import.level as usize));
    module.push_str(import.module.as_deref().unwrap_or_default());
    module
}
