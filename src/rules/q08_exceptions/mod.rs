//! Question 8: exceptions.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::python::Model;

pub mod bare_except;
pub mod raise_without_from;
pub mod return_in_finally;
pub mod swallowed_exception;
pub mod unreachable_except;

/// Longer statements are quoted in part.
const MAX_QUOTED: usize = 40;

/// Whether the body of a handler does nothing at all, so that nobody hears of the error.
fn does_nothing(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Pass(_) | Stmt::Continue(_) => true,
        Stmt::Expr(node) => {
            matches!(&*node.value, Expr::EllipsisLiteral(_) | Expr::StringLiteral(_) | Expr::NoneLiteral(_))
        }
        _ => false,
    })
}

/// A statement's first line as it is quoted: a long call without its arguments.
fn quoted(model: &Model, stmt: &Stmt) -> String {
    let line = model.slice(stmt).lines().next().unwrap_or_default().trim_end_matches(':');
    if line.len() <= MAX_QUOTED && !line.contains('{') {
        return line.to_owned();
    }
    let value = match stmt {
        Stmt::Expr(node) => Some(&*node.value),
        Stmt::Assign(node) => Some(&*node.value),
        Stmt::Return(node) => node.value.as_deref(),
        _ => None,
    };
    match value.and_then(Expr::as_call_expr) {
        Some(call) => {
            let head = TextRange::new(stmt.start(), call.func.end());
            format!("{}(…)", model.slice(head).lines().next().unwrap_or_default())
        }
        None => line.chars().take_while(|&character| character != '{').take(MAX_QUOTED).chain(['…']).collect(),
    }
}
