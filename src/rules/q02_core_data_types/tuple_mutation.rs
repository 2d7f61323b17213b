//! Changing a tuple in place: it has no `__setitem__`, no `__delitem__`, and none of a list's changing methods
//! (<https://docs.python.org/3/library/stdtypes.html#immutable-sequence-types>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::looks::Looks;
use crate::python::values::Type;
use crate::python::{BindingKind, Model, Read, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Subscript(check_item), Check::Attribute(check_method)];

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 30;

fn check_item<'a>(node: &'a ast::ExprSubscript, ctx: &mut Context<'_, 'a>) {
    if !matches!(node.ctx, ExprContext::Store | ExprContext::Del) {
        return;
    }
    // `t[0]: int` alone changes nothing.
    if matches!(ctx.model.parent_of(node), Some(AnyNodeRef::StmtAnnAssign(stmt)) if stmt.value.is_none()) {
        return;
    }
    if let Expr::Name(name) = &*node.value {
        judge(name, Change::Item(node), ctx);
    }
}

fn check_method<'a>(node: &'a ast::ExprAttribute, ctx: &mut Context<'_, 'a>) {
    if is_changing(&node.attr)
        && let Expr::Name(name) = &*node.value
    {
        judge(name, Change::Method(node), ctx);
    }
}

/// Whether a method of lists changes them.
fn is_changing(method: &str) -> bool {
    matches!(method, "append" | "clear" | "extend" | "insert" | "pop" | "remove" | "reverse" | "sort")
}

/// How the tuple would change.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// An item or slice is assigned or deleted.
    Item(&'a ast::ExprSubscript),
    /// A method that only lists have.
    Method(&'a ast::ExprAttribute),
}

impl<'a> Change<'a> {
    /// The name of the tuple.
    fn tuple(self) -> &'a Expr {
        match self {
            Change::Item(node) => &node.value,
            Change::Method(node) => &node.value,
        }
    }

    fn range(self) -> TextRange {
        match self {
            Change::Item(node) => node.range,
            Change::Method(node) => node.range,
        }
    }

    fn error(self) -> &'static str {
        match self {
            Change::Item(_) => "TypeError",
            Change::Method(_) => "AttributeError",
        }
    }
}

fn judge<'a>(name: &'a ast::ExprName, change: Change<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    if !model.may_be(change.tuple(), Looks::TUPLE) {
        return;
    }
    let (Some(symbol), Some(id)) = (model.symbol_of(name), model.id(name)) else { return };
    if !is_bound_to_tuples(model, symbol)
        || model.type_of(change.tuple()) != Some(Type::Tuple)
        || model.is_in_string_annotation(name)
        || model.tolerates(id, change.error())
    {
        return;
    }
    let tuple = name.id.as_str();
    let is_var_args = model.bindings(symbol).all(|binding| matches!(binding.kind, BindingKind::VarArgs(_)));
    let error = change.error();
    let message = match (change, is_var_args) {
        (Change::Item(_), true) => {
            format!("`{tuple}` collects arguments in a tuple, which can't change: this raises {error}; use a list")
        }
        (Change::Item(_), false) => {
            format!("`{tuple}` is a tuple, which can't change: this raises {error}; use a list or a new tuple")
        }
        (Change::Method(node), true) => {
            format!("`{tuple}` collects arguments in a tuple and has no `{}`: {error}; use a list", node.attr)
        }
        (Change::Method(node), false) => {
            format!("`{tuple}` is a tuple and has no `{}`: this raises {error}; use a list or a new tuple", node.attr)
        }
    };
    let origin = model.origin_of(change.tuple());
    let code = model.excerpt(change.range(), CODE_WIDTH);
    let finding = Finding::new(change.range(), message)
        .name("name", tuple)
        .name("code", code.clone())
        .name("error", error)
        .related(origin, format!("`{tuple}` becomes a tuple here"))
        .steps(move |around| {
            let became = if is_var_args {
                format!("line {}: whatever is passed arrives in `{tuple}` as a tuple", around.line(origin))
            } else {
                format!("line {}: `{tuple}` becomes a tuple", around.line(origin))
            };
            let fails = match change {
                Change::Item(node) if node.ctx == ExprContext::Del => "can't be deleted",
                Change::Item(_) => "can't be assigned",
                Change::Method(_) => "doesn't exist",
            };
            let raises = format!("line {}: `{code}` {fails}, so Python raises `{error}`", around.line(change.range()));
            vec![Step::new(origin, became), Step::new(change.range(), raises)]
        })
        .fix(move |code| make_list(symbol, code))
        .fix(move |code| rebuild(change, symbol, code));
    ctx.report(finding);
}

/// Whether all that the variable may be is a tuple, or `None`.
fn is_bound_to_tuples(model: &Model, symbol: SymbolId) -> bool {
    let union = model.union_of_symbol(symbol);
    !union.is_open() && union.objects().iter().all(|object| matches!(object.class, Type::Tuple | Type::None))
}

// How it is mended.

/// Makes a list of it where the variable gets it, if that is one place and nothing needs a tuple.
fn make_list(symbol: SymbolId, code: &Code) -> Option<Fix> {
    let model = code.model;
    if !model.reads(symbol).all(|read| takes_list(model, read)) {
        return None;
    }
    let name = model.name(symbol);
    let binding = model.only_binding(symbol)?;
    let is_builtin = |name: &str| model.resolve(binding.scope, name).is_none();
    let edits = match binding.kind {
        BindingKind::Assignment(node) if node.targets.len() == 1 => match &*node.value {
            Expr::Tuple(tuple) if tuple.parenthesized => {
                let (open, close) = model.brackets(tuple)?;
                vec![Edit::replace(open, "["), Edit::replace(close, "]")]
            }
            Expr::Tuple(tuple) => vec![Edit::insert(tuple.start(), "["), Edit::insert(tuple.end(), "]")],
            Expr::Call(call) if model.is_builtin(&call.func, "tuple") && is_builtin("list") => {
                vec![Edit::replace(call.func.range(), "list")]
            }
            _ => return None,
        },
        BindingKind::VarArgs(_) if is_builtin("list") => {
            let ScopeKind::Function(function) = model.scope(binding.scope).kind else { return None };
            let first = Model::after_docstring(&function.body).first()?;
            if !model.starts_line(first.start()) {
                return None;
            }
            let indentation = model.indentation(first.start());
            vec![Edit::insert(first.start(), format!("{name} = list({name})\n{indentation}"))]
        }
        _ => return None,
    };
    let caveat = "whoever gets it from here gets a list";
    Some(Fix::r#unsafe(format!("Make `{name}` a list"), caveat, edits))
}

/// Whether code that reads the variable works with a list just as with a tuple.
fn takes_list(model: &Model, read: &Read) -> bool {
    let Some(parent) = model.parent(read.node) else { return false };
    match model.node(parent) {
        AnyNodeRef::ExprSubscript(node) => model.expr_id(&node.value) == read.node,
        AnyNodeRef::ExprAttribute(_)
        | AnyNodeRef::StmtFor(_)
        | AnyNodeRef::Comprehension(_)
        | AnyNodeRef::ExprStarred(_)
        | AnyNodeRef::StmtReturn(_)
        | AnyNodeRef::StmtIf(_)
        | AnyNodeRef::StmtWhile(_)
        | AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::ExprUnaryOp(_) => true,
        AnyNodeRef::ExprTuple(_) => {
            matches!(model.parent(parent).map(|around| model.node(around)), Some(AnyNodeRef::StmtReturn(_)))
        }
        AnyNodeRef::ExprCompare(node) => {
            matches!(&*node.ops, [CmpOp::In | CmpOp::NotIn]) && model.expr_id(&node.left) != read.node
        }
        AnyNodeRef::ExprCall(call) => matches!(
            model.builtin_name(&call.func),
            Some(
                "all"
                    | "any"
                    | "enumerate"
                    | "iter"
                    | "len"
                    | "list"
                    | "max"
                    | "min"
                    | "print"
                    | "repr"
                    | "reversed"
                    | "sorted"
                    | "str"
                    | "sum"
                    | "tuple"
                    | "zip"
            )
        ),
        _ => false,
    }
}

/// `t.append(x)` as `t += (x,)`, `t.extend(xs)` as `t += tuple(xs)`, where that binds the same variable.
fn rebuild(change: Change, symbol: SymbolId, code: &Code) -> Option<Fix> {
    let model = code.model;
    let Change::Method(attribute) = change else { return None };
    let Some(AnyNodeRef::ExprCall(call)) = model.parent_of(attribute) else { return None };
    let Some(AnyNodeRef::StmtExpr(stmt)) = model.parent_of(call) else { return None };
    let [argument] = &*call.arguments.args else { return None };
    let scope = model.scope_of(model.id(attribute)?);
    if stmt.range() != call.range()
        || !call.arguments.keywords.is_empty()
        || matches!(argument, Expr::Starred(_) | Expr::Generator(_))
        || scope != model.symbol_scope(symbol)
    {
        return None;
    }
    let name = model.name(symbol);
    let (open, close) = model.brackets(&call.arguments)?;
    let open = TextRange::new(call.start(), open.end());
    let edits = match attribute.attr.as_str() {
        "append" => {
            let last = code.tokens.last_in(TextRange::new(open.end(), close.start()))?;
            let mut edits = vec![Edit::replace(open, format!("{name} += ("))];
            if last.kind() != TokenKind::Comma {
                edits.push(Edit::insert(last.end(), ","));
            }
            edits
        }
        "extend" if model.resolve(scope, "tuple").is_none() => {
            vec![Edit::replace(open, format!("{name} += tuple("))]
        }
        _ => return None,
    };
    let caveat = "other names of the tuple keep the old one";
    Some(Fix::r#unsafe(format!("Bind `{name}` to a longer tuple"), caveat, edits))
}
