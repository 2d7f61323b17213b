//! A subscript of a set: there are no positions, and no items by name.
//!
//! `set` and `frozenset` have no `__getitem__` (<https://docs.python.org/3/library/stdtypes.html#set-types-set-frozenset>).

use ruff_python_ast::{self as ast, Expr, ExprContext};

use crate::diagnostic::Step;
use crate::python::Model;
use crate::python::looks::Looks;
use crate::python::values::Type;
use crate::rules::{Check, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Subscript(check)];

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 28;

fn check<'a>(node: &'a ast::ExprSubscript, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(kind) = known_set(model, &node.value) else { return };
    let Some(id) = model.id(node) else { return };
    if model.is_in_string_annotation(node) || model.tolerates(id, "TypeError") {
        return;
    }
    let set = model.excerpt(&*node.value, CODE_WIDTH);
    let code = model.excerpt(node, CODE_WIDTH);
    let origin = model.origin_of(&node.value);
    let message = match (node.ctx, &*node.slice) {
        (ExprContext::Del, _) => {
            format!("`{set}` is a {kind} and has no positions: `del` raises TypeError; use `discard`")
        }
        (ExprContext::Store, _) => {
            format!("`{set}` is a {kind} and has no positions: this raises TypeError; use `add`, or a dict")
        }
        (_, Expr::StringLiteral(_)) => {
            format!("`{set}` is a {kind} and has no positions: this raises TypeError; use `in`, or a dict")
        }
        _ => format!("`{set}` is a {kind} and has no positions: this raises TypeError; sort it, or use a list"),
    };
    let finding = Finding::new(node.range, message)
        .name("set", set.clone())
        .name("kind", kind)
        .name("code", code.clone())
        .related(origin, format!("here it becomes a {kind}"))
        .steps(move |code_around| {
            vec![
                Step::new(
                    origin,
                    format!("line {}: `{set}` becomes a {kind}, which knows no order", code_around.line(origin)),
                ),
                Step::new(
                    node.range,
                    format!(
                        "line {}: `{code}` asks it for an item, and Python raises `TypeError`",
                        code_around.line(node)
                    ),
                ),
            ]
        });
    ctx.report(finding);
}

/// The class's name, if `expr` certainly is a set or frozenset; `None`, which can't be subscripted either, doesn't count.
fn known_set(model: &Model, expr: &Expr) -> Option<&'static str> {
    if !model.may_be(expr, Looks::SET | Looks::FROZENSET) {
        return None;
    }
    let union = model.union_of(expr);
    if union.is_open() {
        return None;
    }
    let mut kind = None;
    for object in union.objects() {
        kind = match object.class {
            Type::Set => Some("set"),
            Type::FrozenSet => kind.or(Some("frozenset")),
            Type::None => kind,
            _ => return None,
        };
    }
    kind
}
