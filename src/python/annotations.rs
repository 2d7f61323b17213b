//! What annotations say about functions: `Callable`, type variables, classes.

use ruff_python_ast::{self as ast, Expr};

use super::model::{BindingKind, Model};

/// Whether an annotation is for a function and spells that out: `Callable`, in any form.
pub fn is_callable(model: &Model, annotation: &Expr) -> bool {
    callable_parameters(model, bare_annotation(model, annotation)).is_some()
}

/// Whether an annotation is for a class itself: `type`, `type[Shape]`, `Type[Shape]`.
pub fn is_class(model: &Model, annotation: &Expr) -> bool {
    let annotation = bare_annotation(model, annotation);
    let class = annotation.as_subscript_expr().map_or(annotation, |subscript| &*subscript.value);
    model.is_any_of(class, &["builtins.type", "typing.Type"])
}

/// Whether a function annotated `given` is taken and one with the same parameters, annotated `returned`, is given back:
/// `F` and `F`, `Callable` and `Callable`, `Callable[P, R]` and `Callable[P, Awaitable[R]]`.
pub fn keeps_signature(model: &Model, given: &Expr, returned: &Expr) -> bool {
    let (given, returned) = (bare_annotation(model, given), bare_annotation(model, returned));
    let same = |one: &Expr, other: &Expr| model.slice(one) == model.slice(other);
    if same(given, returned) {
        return stands_for_function(model, given);
    }
    match (callable_parameters(model, given), callable_parameters(model, returned)) {
        (Some(None), Some(None)) => true,
        (Some(Some(given)), Some(Some(returned))) => {
            let (given, returned) = (last_parameter(given), last_parameter(returned));
            same(given, returned) && !given.is_list_expr()
        }
        (Some(None), Some(Some(any))) | (Some(Some(any)), Some(None)) => any.is_ellipsis_literal_expr(),
        _ => false,
    }
}

/// An annotation without quotes, `Optional`, `| None` and `Annotated`.
pub fn bare_annotation<'e>(model: &Model<'e>, annotation: &'e Expr) -> &'e Expr {
    match annotation {
        Expr::StringLiteral(node) => {
            model.string_annotation(node).map_or(annotation, |inner| bare_annotation(model, inner))
        }
        Expr::BinOp(node) if node.op == ast::Operator::BitOr && node.right.is_none_literal_expr() => {
            bare_annotation(model, &node.left)
        }
        Expr::BinOp(node) if node.op == ast::Operator::BitOr && node.left.is_none_literal_expr() => {
            bare_annotation(model, &node.right)
        }
        Expr::Subscript(node) if model.is_any_of(&node.value, &["typing.Optional"]) => {
            bare_annotation(model, &node.slice)
        }
        Expr::Subscript(node) if model.is_any_of(&node.value, &["typing.Annotated", "typing_extensions.Annotated"]) => {
            let first = node.slice.as_tuple_expr().and_then(|tuple| tuple.elts.first());
            first.map_or(annotation, |inner| bare_annotation(model, inner))
        }
        Expr::Subscript(node) if model.is_any_of(&node.value, &["typing.Union"]) => {
            match node.slice.as_tuple_expr().map(|tuple| &*tuple.elts) {
                Some([one, none] | [none, one]) if none.is_none_literal_expr() => bare_annotation(model, one),
                _ => annotation,
            }
        }
        _ => annotation,
    }
}

/// `Callable[parameters, result]` → its parameters; `Some(None)` for a bare `Callable`.
pub fn callable_parameters<'e>(model: &Model<'e>, annotation: &'e Expr) -> Option<Option<&'e Expr>> {
    let is_callable = |expr: &Expr| {
        model.is_any_of(expr, &["typing.Callable", "collections.abc.Callable", "typing_extensions.Callable"])
    };
    match annotation {
        Expr::Subscript(node) if is_callable(&node.value) => Some(node.slice.as_tuple_expr()?.elts.first()),
        _ => is_callable(annotation).then_some(None),
    }
}

/// Whether an annotation is Callable, a type variable, or an alias of one.
fn stands_for_function(model: &Model, annotation: &Expr) -> bool {
    if callable_parameters(model, annotation).is_some() {
        return true;
    }
    let symbol = annotation.as_name_expr().and_then(|name| model.symbol_of(name));
    let Some(binding) = symbol.and_then(|symbol| model.only_binding(symbol)) else { return false };
    match binding.kind {
        BindingKind::TypeParameter(_) => true,
        BindingKind::TypeAlias(alias) => callable_parameters(model, &alias.value).is_some(),
        _ => match binding.value() {
            Some(Expr::Call(call)) => model.is_any_of(&call.func, &["typing.TypeVar", "typing_extensions.TypeVar"]),
            Some(value) => callable_parameters(model, value).is_some(),
            None => false,
        },
    }
}

/// `Concatenate[Request, P]` → `P`.
fn last_parameter(parameters: &Expr) -> &Expr {
    let within = parameters.as_subscript_expr().and_then(|node| node.slice.as_tuple_expr());
    within.and_then(|tuple| tuple.elts.last()).unwrap_or(parameters)
}
