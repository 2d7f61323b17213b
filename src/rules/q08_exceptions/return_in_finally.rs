//! PP0804: `return`, `break` or `continue` that leaves a `finally` before its end.

use ruff_python_ast::{self as ast, AnyNodeRef, HasNodeIndex};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::python::Model;
use crate::rules::{Check, Code, Context, Finding};

use super::quoted;

pub const CHECKS: &[Check] = &[
    Check::Return(|node, ctx| check(node, "return", ctx)),
    Check::Break(|node, ctx| check(node, "break", ctx)),
    Check::Continue(|node, ctx| check(node, "continue", ctx)),
];

fn check<'a>(jump: &'a (impl HasNodeIndex + Ranged), word: &'static str, ctx: &mut Context<'_, 'a>) {
    let left = finally_left(ctx.model, jump, word == "return");
    // Half-typed code has blocks without statements.
    let Some(left) = left.filter(|left| !left.body.is_empty()) else { return };
    let range = jump.range();
    let message = format!("`{word}` in `finally` throws away any exception on its way out; move it behind the `try`");
    let text = ctx.model.slice(range).lines().next().unwrap_or(word);
    let shown = if text.contains('{') { word } else { text };
    let attempt = TextRange::at(left.start(), TextSize::of("try"));
    let finding = Finding::new(range, message)
        .name("code", quoted(ctx.model, &left.body[0]))
        .name("jump", shown)
        .related(attempt, "what this block raises or returns is lost")
        .steps(move |code| steps(left, range, shown, code));
    ctx.report(finding);
}

/// The `try` whose `finally` a jump leaves. A `break` or `continue` may belong to a loop inside of it.
fn finally_left<'a>(model: &Model<'a>, jump: &impl HasNodeIndex, is_return: bool) -> Option<&'a ast::StmtTry> {
    let mut child = model.id(jump)?;
    for around in model.ancestors(child) {
        match model.node(around) {
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => return None,
            AnyNodeRef::StmtFor(node) if !is_return && model.is_one_of(&node.body, child) => return None,
            AnyNodeRef::StmtWhile(node) if !is_return && model.is_one_of(&node.body, child) => return None,
            AnyNodeRef::StmtTry(node) if model.is_one_of(&node.finalbody, child) => return Some(node),
            _ => {}
        }
        child = around;
    }
    None
}

fn steps(left: &ast::StmtTry, jump: TextRange, shown: &str, code: &Code) -> Vec<Step> {
    let (first, last) = (&left.body[0], &left.finalbody[0]);
    let raises = format!("line {}: `{}` raises an exception, say", code.line(first), quoted(code.model, first));
    let runs = format!("line {}: it is on its way out, so `finally` runs", code.line(last));
    let forgets = format!("line {}: `{shown}` leaves first, and Python forgets the exception", code.line(jump));
    vec![Step::new(first.range(), raises), Step::new(last.range(), runs), Step::new(jump, forgets)]
}
