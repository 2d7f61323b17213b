//! PP0803: a new exception raised in a handler, without a word on the one that is being handled.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::exceptions::last_name;
use crate::python::hierarchy::ExceptionClass;
use crate::python::values::Type;
use crate::python::{Model, NodeId, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Raise(check)];

/// Longer names of classes are shown in part.
const MAX_CLASS: usize = 25;

/// The handler in which a `raise` stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    handler: &'a ast::ExceptHandlerExceptHandler,
    id: NodeId,
}

fn check<'a>(raise: &'a ast::StmtRaise, ctx: &mut Context<'_, 'a>) {
    let (Some(exc), None) = (raise.exc.as_deref(), &raise.cause) else { return };
    let (model, minor) = (ctx.model, ctx.target_version().minor);
    let Some(place) = place_of(raise, model, minor) else { return };
    let Some(class) = new_exception(exc, model, minor) else { return };
    if ends_quietly(class, model, minor) {
        return;
    }
    report(raise, class, place, ctx);
}

/// The handler around; `None` where there is none, or where an inner `try` may catch the exception again.
fn place_of<'a>(raise: &'a ast::StmtRaise, model: &Model<'a>, minor: u8) -> Option<Place<'a>> {
    let mut child = model.id(raise)?;
    for around in model.ancestors(child) {
        match model.node(around) {
            AnyNodeRef::StmtFunctionDef(_) => return None,
            AnyNodeRef::ExceptHandlerExceptHandler(handler) => return Some(Place { handler, id: around }),
            AnyNodeRef::StmtTry(node)
                if model.is_one_of(&node.body, child) && may_catch(&node.handlers, raise, model, minor) =>
            {
                return None;
            }
            _ => {}
        }
        child = around;
    }
    None
}

fn may_catch<'a>(handlers: &'a [ExceptHandler], raise: &'a ast::StmtRaise, model: &Model<'a>, minor: u8) -> bool {
    let class = match raise.exc.as_deref() {
        Some(Expr::Call(call)) => model.exception_class(&call.func, minor),
        Some(class) => model.exception_class(class, minor),
        None => None,
    };
    let lineage = class.map(|class| model.exception_lineage(class, minor)).filter(|lineage| lineage.is_complete);
    handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| {
        let (Some(lineage), Some(type_)) = (&lineage, handler.type_.as_deref()) else { return true };
        model.exceptions_named_by(type_, minor).may_catch(lineage)
    })
}

/// The class of the exception, as far as it is written, if `exc` makes a new one. What a name or an unknown function gives
/// may have been made, and given its cause, elsewhere.
fn new_exception<'a>(exc: &'a Expr, model: &Model<'a>, minor: u8) -> Option<&'a Expr> {
    let is_known = |class: &Expr| model.exception_class(class, minor).is_some();
    match exc {
        Expr::Call(call) => {
            let class = &*call.func;
            let is_new = match class {
                Expr::Attribute(node) if node.attr.as_str() == "with_traceback" => false,
                Expr::Attribute(node) if node.attr.as_str() == "__class__" => true,
                Expr::Call(inner) => model.is_builtin(&inner.func, "type") && inner.arguments.args.len() == 1,
                _ => is_known(class) || is_called_as_class(class) || makes_exception(exc, model, minor),
            };
            is_new.then_some(class)
        }
        Expr::Name(_) | Expr::Attribute(_) => (is_known(exc) || is_imported_class(exc, model)).then_some(exc),
        _ => None,
    }
}

/// Whether a name is written as those of classes are: `SoldOut`, `_Missing`, `HTTPError`.
fn is_called_as_class(expr: &Expr) -> bool {
    last_name(expr).is_some_and(|name| name.trim_start_matches('_').starts_with(char::is_uppercase))
}

/// A class of another file, told from an instance by the way it is written.
fn is_imported_class(expr: &Expr, model: &Model) -> bool {
    is_called_as_class(expr)
        && last_name(expr).is_some_and(|name| name.contains(char::is_lowercase))
        && model.qualified_name(expr).is_some()
}

/// Whether a function of the file gives a new exception.
fn makes_exception<'a>(call: &'a Expr, model: &Model<'a>, minor: u8) -> bool {
    match model.type_of(call) {
        Some(Type::Instance(class)) => {
            model.exception_lineage(ExceptionClass::File(class), minor).has_builtin("BaseException")
        }
        _ => false,
    }
}

/// Whether the exception ends the program, the command or the test, so that nobody sees a traceback.
fn ends_quietly<'a>(class: &'a Expr, model: &Model<'a>, minor: u8) -> bool {
    let is_exit = model.qualified_name(class).is_some_and(|name| matches!(name.last(), "Abort" | "Exit" | "SkipTest"));
    let lineage = model.exception_class(class, minor).map(|class| model.exception_lineage(class, minor));
    let ends = ["SystemExit", "KeyboardInterrupt", "GeneratorExit"];
    is_exit || lineage.is_some_and(|lineage| ends.iter().any(|name| lineage.has_builtin(name)))
}

fn report<'a>(raise: &'a ast::StmtRaise, class: &'a Expr, place: Place<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let shown = shown(class, model);
    let bound = place.handler.name.as_ref().map(|name| name.as_str());
    let remedy = match bound {
        Some(name) => format!("add `from {name}`, or `from None`"),
        None => "name the first and add `from`, or `from None`".to_owned(),
    };
    let function = model.qualified_scope_name(model.scope_of(place.id));
    let function = function.rsplit('.').next().unwrap_or_default();
    let keyword = TextRange::at(place.handler.start(), TextSize::of("except"));
    let mut finding = Finding::new(raise.range, format!("`{shown}` looks like a failure of this handler; {remedy}"))
        .name("new", shown.clone())
        .name("function", if function.is_empty() { "your code".to_owned() } else { format!("`{function}`") })
        .related(keyword, "the exception that this clause catches is the cause")
        .steps(move |code| steps(raise, &shown, place, code));
    if let Some(name) = bound
        && !is_bound_again(place, model)
    {
        let add = move |cause: &str| vec![Edit::insert(raise.end(), format!(" from {cause}"))];
        let title = format!("Say what led to it: `from {name}`");
        finding = finding
            .fix(move |_| Some(Fix::safe(title, add(name))))
            .fix(move |_| Some(Fix::display("Leave the first exception out: `from None`", add("None"))));
    }
    ctx.report(finding);
}

/// The class as it is written, on one line and not too long.
fn shown(class: &Expr, model: &Model) -> String {
    let text = model.slice(class).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MAX_CLASS && !text.contains('{') {
        return text;
    }
    last_name(class).filter(|name| name.len() <= 2 * MAX_CLASS).unwrap_or("this exception").to_owned()
}

/// Whether the handler's name may stand for something else at the `raise`.
fn is_bound_again(place: Place, model: &Model) -> bool {
    let Some(symbol) = model.symbol_bound_at(place.id) else { return true };
    let is_other = |symbol: SymbolId| {
        model.bindings(symbol).any(|binding| binding.node != place.id && model.is_within(binding.node, place.id))
    };
    is_other(symbol)
}

fn steps(raise: &ast::StmtRaise, shown: &str, place: Place, code: &Code) -> Vec<Step> {
    let caught = format!("line {}: an exception is caught, and Python remembers it", code.line(place.handler));
    let raised = format!(
        "line {}: `{shown}` is raised meanwhile, and the traceback will say \"During handling of the above exception, \
         another exception occurred\"",
        code.line(raise)
    );
    vec![Step::new(place.handler.range(), caught), Step::new(raise.range, raised)]
}
