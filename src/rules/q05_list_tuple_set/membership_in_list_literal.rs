//! `x in [1, 2]`: a list that can't change, where a tuple or set says so.
//!
//! CPython compiles the list to a tuple, a set display to a frozenset (`Python/ast_opt.c`, from 3.14 `Python/codegen.c`).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::constants::constant;
use crate::python::values::Type;
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Compare(check)];

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 40;

fn check<'a>(node: &'a ast::ExprCompare, ctx: &mut Context<'_, 'a>) {
    let mut left = &*node.left;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        if let (CmpOp::In | CmpOp::NotIn, Expr::List(list)) = (op, right)
            && !list.elts.is_empty()
            && list.elts.iter().all(|element| constant(element).is_some())
            && !ctx.model.is_in_string_annotation(node)
            && ctx.model.part_without_hash(left).is_none()
        {
            report(left, list, ctx);
        }
        left = right;
    }
}

fn report<'a>(left: &'a Expr, list: &'a ast::ExprList, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let tuple = as_tuple(&model.excerpt(list, CODE_WIDTH), list.elts.len());
    let test = model.excerpt(TextRange::new(left.start(), list.end()), CODE_WIDTH);
    let sought = model.excerpt(left, CODE_WIDTH);
    let message = "nobody can change this list, so CPython stores a tuple; write the tuple, or a set";
    let finding = Finding::new(list.range, message)
        .name("test", test)
        .name("tuple", tuple.clone())
        .related(left.range(), format!("`{sought}` is compared with one element after the other"))
        .steps(move |code| {
            let line = code.line(list);
            vec![
                Step::new(
                    list.range,
                    format!("line {line}: nothing else holds this list, so it stays as it is written"),
                ),
                Step::new(list.range, format!("line {line}: CPython stores the tuple `{tuple}` with the code instead")),
            ]
        })
        .fix(move |code| Some(Fix::safe("Write a tuple", to_tuple(list, code)?)))
        .fix(move |code| to_set(left, list, code));
    ctx.report(finding);
}

/// The text of a list as the text of a tuple.
fn as_tuple(list: &str, elements: usize) -> String {
    let inside = list.strip_prefix('[').unwrap_or(list);
    let inside = inside.strip_suffix(']').unwrap_or(inside);
    let comma = if elements == 1 && !inside.trim_end().ends_with(',') { "," } else { "" };
    format!("({inside}{comma})")
}

/// Other brackets, and the comma that makes the tuple if there is one element only.
fn to_tuple(list: &ast::ExprList, code: &Code) -> Option<Vec<Edit>> {
    let (open, close) = code.model.brackets(list)?;
    let mut edits = vec![Edit::replace(open, "("), Edit::replace(close, ")")];
    if list.elts.len() == 1 {
        let last = code.tokens.last_in(TextRange::new(open.end(), close.start()))?;
        if last.kind() != TokenKind::Comma {
            edits.push(Edit::insert(last.end(), ","));
        }
    }
    Some(edits)
}

/// A set, where the braces can't be taken for those of an f-string.
fn to_set(left: &Expr, list: &ast::ExprList, code: &Code) -> Option<Fix> {
    let model = code.model;
    let mut around = model.ancestors(model.id(list)?).map(|id| model.node(id));
    if around.any(|node| matches!(node, AnyNodeRef::ExprFString(_) | AnyNodeRef::ExprTString(_))) {
        return None;
    }
    let (open, close) = model.brackets(list)?;
    let edits = vec![Edit::replace(open, "{"), Edit::replace(close, "}")];
    let is_plain = matches!(model.type_of(left), Some(Type::Int | Type::Str | Type::Bytes | Type::Bool));
    let caveat = "what is looked for in a set must have a hash";
    Some(if is_plain { Fix::safe("Write a set", edits) } else { Fix::r#unsafe("Write a set", caveat, edits) })
}
