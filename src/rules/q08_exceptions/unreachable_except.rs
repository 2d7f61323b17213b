//! PP0805: an `except` clause all of whose classes an earlier clause of the same `try` catches.

use ruff_python_ast::{self as ast, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::python::Model;
use crate::python::hierarchy::{ExceptionClass, Named};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Try(check)];

/// Longer lists of classes are shown in part.
const MAX_CLASSES: usize = 40;

/// A class of a dead clause, and the clause that catches it first.
#[derive(Clone, Copy)]
struct Caught<'a> {
    class: &'a str,
    by: &'a ast::ExceptHandlerExceptHandler,
    /// The class there that it is, or is below.
    above: &'a str,
    is_same: bool,
}

fn check<'a>(attempt: &'a ast::StmtTry, ctx: &mut Context<'_, 'a>) {
    let (model, minor) = (ctx.model, ctx.target_version().minor);
    let mut earlier: Vec<(&'a ast::ExceptHandlerExceptHandler, Named<'a>)> = Vec::new();
    for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
        let named = match handler.type_.as_deref() {
            Some(type_) => model.exceptions_named_by(type_, minor),
            None => Named::default(),
        };
        let dead = match handler.type_ {
            Some(_) if named.is_open => None,
            Some(_) => {
                let caught = named
                    .classes
                    .iter()
                    .map(|(class, expr)| first_that_catches(*class, model.slice(*expr), &earlier, model, minor));
                caught.collect::<Option<Vec<Caught>>>().filter(|caught| !caught.is_empty())
            }
            // A bare `except:` is one for `BaseException`.
            None => first_that_catches(ExceptionClass::Library("BaseException"), "", &earlier, model, minor)
                .map(|caught| vec![caught]),
        };
        if let Some(dead) = dead {
            report(handler, &dead, attempt.is_star, ctx);
        }
        earlier.push((handler, named));
    }
}

fn first_that_catches<'a>(
    class: ExceptionClass<'a>,
    text: &'a str,
    earlier: &[(&'a ast::ExceptHandlerExceptHandler, Named<'a>)],
    model: &Model<'a>,
    minor: u8,
) -> Option<Caught<'a>> {
    let lineage = model.exception_lineage(class, minor).classes;
    earlier.iter().find_map(|(by, named)| {
        let (above, expr) = named.classes.iter().find(|(above, _)| lineage.contains(above))?;
        Some(Caught { class: text, by, above: model.slice(*expr), is_same: *above == class })
    })
}

fn report<'a>(
    handler: &'a ast::ExceptHandlerExceptHandler,
    dead: &[Caught<'a>],
    is_star: bool,
    ctx: &mut Context<'_, 'a>,
) {
    let first = dead[0];
    let clause = clause(first.by, is_star, ctx.model);
    let what = match (&handler.type_, dead) {
        (None, _) => "everything",
        (Some(_), [only]) => only.class,
        (Some(_), _) => "all of these",
    };
    let remedy = if first.is_same { "merge the two" } else { "swap them" };
    let line = ctx.line(first.by);
    let message = format!("`{clause}` in line {line} catches {what} first: this never runs; {remedy}");
    let class = if handler.type_.is_some() { first.class } else { "BaseException" };
    let relation = if first.is_same { "the same class as" } else { "a subclass of" };
    let end = handler.type_.as_deref().map_or(handler.start() + TextSize::of("except"), Expr::end);
    let finding = Finding::new(TextRange::new(handler.start(), end), message)
        .name("dead", format!("`{class}`"))
        .name("earlier", format!("`{}`", first.above))
        .name("relation", relation)
        .related(TextRange::at(first.by.start(), TextSize::of("except")), format!("`{class}` ends up here"))
        .steps(move |code| steps(handler, first, class, relation, code));
    ctx.report(finding);
}

/// The clause as it is written, without the name that it may bind.
fn clause(handler: &ast::ExceptHandlerExceptHandler, is_star: bool, model: &Model) -> String {
    let keyword = if is_star { "except*" } else { "except" };
    let classes = handler.type_.as_deref().map_or("", |type_| model.slice(type_));
    let classes = classes.split_whitespace().collect::<Vec<_>>().join(" ");
    if classes.chars().count() > MAX_CLASSES { format!("{keyword} (…)") } else { format!("{keyword} {classes}") }
}

fn steps(
    handler: &ast::ExceptHandlerExceptHandler,
    caught: Caught,
    class: &str,
    relation: &str,
    code: &Code,
) -> Vec<Step> {
    let raised =
        format!("line {}: `{class}` is raised in the `try`, and this clause is asked first", code.line(caught.by));
    let fits = format!("line {}: it fits, since `{class}` is {relation} `{}`", code.line(caught.by), caught.above);
    let never = format!("line {}: no other clause is asked, so this one never runs", code.line(handler));
    vec![Step::new(caught.by.range(), raised), Step::new(caught.by.range(), fits), Step::new(handler.range(), never)]
}
