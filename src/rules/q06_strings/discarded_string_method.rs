//! A string method called for nothing: strings are immutable (<https://docs.python.org/3/library/stdtypes.html#text-sequence-type-str>),
//! so all that such a method does is to return something.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::values::Type;
use crate::python::{Binding, BindingKind, Model, NodeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::ExprStmt(check)];

/// Longer receivers are quoted in part.
const LONGEST: usize = 30;

/// Methods that only strings have, as far as unknown receivers go.
const TELLING: [&str; 7] = ["upper", "capitalize", "casefold", "swapcase", "zfill", "strip", "lstrip"];

fn check<'a>(stmt: &'a ast::StmtExpr, ctx: &mut Context<'_, 'a>) {
    let Expr::Call(call) = &*stmt.value else { return };
    let model = ctx.model;
    let Some(dropped) = Dropped::of(call, model) else { return };
    if model.is_cell_result(stmt) || model.is_cut_off(stmt) || asks_whether_it_raises(&dropped, stmt, model) {
        return;
    }
    report(stmt, dropped, ctx);
}

/// A call of a string method.
#[derive(Clone, Copy)]
struct Dropped<'a> {
    /// What the first method of the chain is called on.
    receiver: &'a Expr,
    call: &'a ast::ExprCall,
    method: &'a str,
    /// `strip().lower` of `name.strip().lower()`.
    chain: TextRange,
    result: &'static str,
}

impl<'a> Dropped<'a> {
    fn of(call: &'a ast::ExprCall, model: &Model<'a>) -> Option<Self> {
        let attribute = call.func.as_attribute_expr()?;
        let method = attribute.attr.as_str();
        let result = result_of(method)?;
        if model.is_builtin(&attribute.value, "str") {
            let receiver = call.arguments.args.first()?;
            return Some(Dropped { receiver, call, method, chain: attribute.attr.range, result });
        }
        let (receiver, first, inner) = start_of_chain(attribute);
        let is_chain = inner.is_some() || is_string_by_assignment(receiver, model);
        let is_found = match kind(&attribute.value, method, model) {
            Kind::Str => true,
            Kind::Other => false,
            Kind::Unknown => {
                let is_clear = !is_from_elsewhere(receiver, model) && !defines_method(first.as_str(), model);
                let fits = |attribute: &ast::ExprAttribute, call: &ast::ExprCall| {
                    arguments_fit(attribute.attr.as_str(), &call.arguments, model)
                };
                is_clear
                    && fits(attribute, call)
                    && if is_chain { inner_fits(&attribute.value, model) } else { TELLING.contains(&method) }
            }
        };
        let chain = TextRange::new(first.range.start(), attribute.attr.range.end());
        is_found.then_some(Dropped { receiver, call, method, chain, result })
    }
}

/// What the methods of str give; `None` for anything else.
fn result_of(method: &str) -> Option<&'static str> {
    Some(match method {
        "capitalize" | "casefold" | "center" | "expandtabs" | "format" | "format_map" | "join" | "ljust" | "lower"
        | "lstrip" | "removeprefix" | "removesuffix" | "replace" | "rjust" | "rstrip" | "strip" | "swapcase"
        | "title" | "translate" | "upper" | "zfill" => "str",
        "count" | "find" | "index" | "rfind" | "rindex" => "int",
        "encode" => "bytes",
        "split" | "rsplit" | "splitlines" => "list",
        "partition" | "rpartition" => "tuple",
        "endswith" | "startswith" => "bool",
        _ if method.starts_with("is")
            && matches!(
                method,
                "isalnum"
                    | "isalpha"
                    | "isascii"
                    | "isdecimal"
                    | "isdigit"
                    | "isidentifier"
                    | "islower"
                    | "isnumeric"
                    | "isprintable"
                    | "isspace"
                    | "istitle"
                    | "isupper"
            ) =>
        {
            "bool"
        }
        _ => return None,
    })
}

/// What the first method of a chain of string methods is called on, its name, and the call that the last one is called on.
fn start_of_chain(last: &ast::ExprAttribute) -> (&Expr, &ast::Identifier, Option<&ast::ExprCall>) {
    let mut receiver = &*last.value;
    let mut first = &last.attr;
    let mut inner = None;
    while let Expr::Call(call) = receiver
        && let Expr::Attribute(attribute) = &*call.func
        && result_of(attribute.attr.as_str()) == Some("str")
    {
        inner = inner.or(Some(call));
        receiver = &attribute.value;
        first = &attribute.attr;
    }
    (receiver, first, inner)
}

/// Whether a name only holds what a method of str would give: `name = line.strip()`.
fn is_string_by_assignment(receiver: &Expr, model: &Model) -> bool {
    let Expr::Name(name) = receiver else { return false };
    let value = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol)).and_then(Binding::value);
    let Some(Expr::Call(call)) = value else { return false };
    let Expr::Attribute(method) = &*call.func else { return false };
    result_of(method.attr.as_str()) == Some("str")
        && arguments_fit(method.attr.as_str(), &call.arguments, model)
        && !is_from_elsewhere(&method.value, model)
        && matches!(kind(&method.value, method.attr.as_str(), model), Kind::Unknown | Kind::Str)
}

/// Whether all inner calls of a chain could be those of a str.
fn inner_fits(expr: &Expr, model: &Model) -> bool {
    let Expr::Call(call) = expr else { return true };
    let Expr::Attribute(attribute) = &*call.func else { return true };
    match result_of(attribute.attr.as_str()) {
        Some("str") => {
            arguments_fit(attribute.attr.as_str(), &call.arguments, model) && inner_fits(&attribute.value, model)
        }
        _ => true,
    }
}

enum Kind {
    Str,
    Unknown,
    Other,
}

/// What the receiver of `method` is.
fn kind(receiver: &Expr, method: &str, model: &Model) -> Kind {
    let union = model.union_of(receiver);
    let is_str = |class: &Type| match class {
        Type::Str => true,
        Type::Instance(class) => {
            model.any_external_base(class, &|base| base == "builtins.str") && !defines(class, method, model)
        }
        _ => false,
    };
    let is_none = |class: &Type| *class == Type::None;
    let objects = union.objects();
    if objects.iter().any(|object| !is_str(&object.class) && !is_none(&object.class)) {
        return Kind::Other;
    }
    match objects.iter().any(|object| is_str(&object.class)) {
        true if !union.is_open() => Kind::Str,
        // `None` has no such method either.
        false if !union.is_open() => Kind::Other,
        _ => Kind::Unknown,
    }
}

fn defines(class: &ast::StmtClassDef, method: &str, model: &Model) -> bool {
    model.bound_in_class(class, method).is_some()
}

/// Whether some class of the file has a method of this name: the receiver may be such an object.
fn defines_method(name: &str, model: &Model) -> bool {
    model.all_bindings().iter().any(|binding| {
        matches!(binding.kind, BindingKind::Function(function) if function.name.as_str() == name)
            && matches!(model.scope(binding.scope).kind, ScopeKind::Class(_))
    })
}

/// Whether a receiver of unknown type may well be no string: a module, what `super()` gives, the `.str` of a Series.
fn is_from_elsewhere(receiver: &Expr, model: &Model) -> bool {
    match receiver {
        Expr::Call(call) => model.is_builtin(&call.func, "super") || gives_other(&call.func),
        Expr::Attribute(attribute) => attribute.attr.as_str() == "str" || model.qualified_name(receiver).is_some(),
        Expr::Await(_) | Expr::Yield(_) => true,
        _ => model.qualified_name(receiver).is_some(),
    }
}

/// Whether a method of str gives no str, or that of a Series another Series: `name.split`, `series.str.strip`.
fn gives_other(callee: &Expr) -> bool {
    let Expr::Attribute(method) = callee else { return false };
    let is_series = matches!(&*method.value, Expr::Attribute(owner) if owner.attr.as_str() == "str");
    is_series || result_of(method.attr.as_str()).is_some_and(|result| result != "str")
}

/// Whether the arguments are such as the method of str takes.
fn arguments_fit(method: &str, arguments: &ast::Arguments, model: &Model) -> bool {
    if !arguments.keywords.is_empty() || arguments.args.iter().any(Expr::is_starred_expr) {
        return matches!(method, "format" | "encode" | "split" | "rsplit" | "splitlines" | "expandtabs");
    }
    let args = &*arguments.args;
    let is = |expr: &Expr, wanted: &[Type]| match model.type_of(expr) {
        Some(class) => wanted.contains(&class),
        None => true,
    };
    let text = |expr: &Expr| is(expr, &[Type::Str]);
    let number = |expr: &Expr| is(expr, &[Type::Int]);
    match (method, args) {
        ("upper" | "lower" | "capitalize" | "casefold" | "swapcase" | "title", []) => true,
        ("zfill", [width]) => number(width),
        ("strip" | "lstrip" | "rstrip", []) => true,
        ("strip" | "lstrip" | "rstrip", [chars]) => is(chars, &[Type::Str, Type::None]),
        ("center" | "ljust" | "rjust", [width]) => number(width),
        ("center" | "ljust" | "rjust", [width, fill]) => number(width) && text(fill),
        ("removeprefix" | "removesuffix" | "partition" | "rpartition", [part]) => text(part),
        ("replace", [old, new]) => text(old) && text(new),
        ("replace", [old, new, count]) => text(old) && text(new) && number(count),
        ("count" | "find" | "index" | "rfind" | "rindex", [part, ..]) => text(part) && args.len() <= 3,
        ("startswith" | "endswith", [part, ..]) => is(part, &[Type::Str, Type::Tuple]) && args.len() <= 3,
        ("split" | "rsplit", []) => true,
        ("split" | "rsplit", [separator, ..]) => is(separator, &[Type::Str, Type::None]) && args.len() <= 2,
        ("splitlines" | "expandtabs", _) => args.len() <= 1,
        ("encode", _) => args.iter().all(text) && args.len() <= 2,
        ("format", _) => true,
        ("format_map" | "join" | "translate", [_]) => true,
        (name, []) => name.starts_with("is"),
        _ => false,
    }
}

/// Whether the statement is there for the exception that it may raise.
fn asks_whether_it_raises<'a>(dropped: &Dropped, stmt: &'a ast::StmtExpr, model: &Model<'a>) -> bool {
    let is_check = match dropped.method {
        "index" | "rindex" => true,
        "encode" => !encodes_everything(&dropped.call.arguments),
        _ => false,
    };
    is_check || model.id(stmt).is_some_and(|id| expects_exception(id, model) || is_smoke_test(dropped, id, model))
}

/// Whether a test method calls it on a literal, to see that it works at all.
fn is_smoke_test(dropped: &Dropped, id: NodeId, model: &Model) -> bool {
    let scope = model.function_scope(model.scope_of(id));
    let is_method =
        model.parent_scope(scope).is_some_and(|outer| matches!(model.scope(outer).kind, ScopeKind::Class(_)));
    let is_test = match model.scope(scope).kind {
        ScopeKind::Function(function) => function.name.starts_with("test_"),
        _ => false,
    };
    dropped.receiver.is_string_literal_expr() && is_method && is_test
}

fn encodes_everything(arguments: &ast::Arguments) -> bool {
    match arguments.find_argument_value("encoding", 0) {
        None => true,
        Some(Expr::StringLiteral(codec)) => {
            let codec = codec.value.to_str().to_ascii_lowercase().replace(['-', '_'], "");
            codec.starts_with("utf")
        }
        Some(_) => false,
    }
}

/// Whether what `id` raises is waited for: in the body of a `try` with handlers, or of a `with` that swallows or checks.
fn expects_exception(id: NodeId, model: &Model) -> bool {
    let scope = model.scope_of(id);
    let range = model.node(id).range();
    let is_tried = |node: AnyNodeRef| match node {
        AnyNodeRef::StmtTry(node) if !node.handlers.is_empty() => {
            node.body.iter().any(|stmt| stmt.range().contains_range(range))
        }
        _ => false,
    };
    let mut around = model.ancestors(id).take_while(|&around| model.scope_of(around) == scope);
    around.any(|around| is_tried(model.node(around))) || model.expecting_manager(id).is_some()
}

// ---- the finding

fn report<'a>(stmt: &'a ast::StmtExpr, dropped: Dropped<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let call = format!("{}()", model.excerpt(dropped.chain, LONGEST).replace(" .", "."));
    let result = match dropped.result {
        "str" => "a new string".to_owned(),
        "int" => "an int".to_owned(),
        other => format!("a {other}"),
    };
    let target = target(dropped.receiver);
    let message = match target {
        Some(name) if dropped.result == "str" => {
            format!("`{call}` makes a new string, `{}` stays as it is; keep the result", model.excerpt(name, LONGEST))
        }
        _ => format!("`{call}` makes {result}, which nothing keeps; assign it or remove the line"),
    };
    let shown = model.excerpt(dropped.receiver, LONGEST);
    ctx.report(
        Finding::new(dropped.call.range(), message)
            .related(dropped.receiver.range(), "this string stays as it is")
            .name("receiver", shown.clone())
            .name("method", dropped.method)
            .name("result", result.clone())
            .steps(move |code| steps(&dropped, &call, &shown, &result, code))
            .fix(move |code| assign(stmt, &dropped, code))
            .fix(move |code| give_back(stmt, &dropped, code)),
    );
}

fn steps(dropped: &Dropped, call: &str, receiver: &str, result: &str, code: &Code) -> Vec<Step> {
    let line = code.line(dropped.call);
    vec![
        Step::new(dropped.call.range(), format!("line {line}: `{call}` reads `{receiver}` and returns {result}")),
        Step::new(
            dropped.call.range(),
            "no name, no `return`, no argument takes that: Python throws it away".to_owned(),
        ),
        Step::new(dropped.receiver.range(), format!("whoever looks at `{receiver}` next finds the old text")),
    ]
}

/// The receiver, if it can be assigned to, and evaluating it twice changes nothing.
fn target(receiver: &Expr) -> Option<&Expr> {
    let is_simple = match receiver {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => target(&attribute.value).is_some(),
        Expr::Subscript(subscript) => {
            let is_plain = matches!(&*subscript.slice, Expr::Name(_) | Expr::StringLiteral(_) | Expr::NumberLiteral(_));
            is_plain && target(&subscript.value).is_some()
        }
        _ => false,
    };
    is_simple.then_some(receiver)
}

/// `name = name.upper()`
fn assign(stmt: &ast::StmtExpr, dropped: &Dropped, code: &Code) -> Option<Fix> {
    let model = code.model;
    let target = target(dropped.receiver).filter(|_| dropped.result == "str")?;
    if let Expr::Name(name) = target {
        // An assignment would make an outer variable local.
        let symbol: SymbolId = model.symbol_of(name)?;
        let scope = model.scope_of(model.id(stmt)?);
        let is_bound_here = model.symbol_scope(symbol) == scope
            || model.bindings(symbol).any(|binding| binding.scope == scope)
            || is_declared(name.id.as_str(), scope, model);
        if !is_bound_here {
            return None;
        }
    }
    let text = model.slice(target);
    let title = format!("Keep the result in `{text}`");
    Some(Fix::r#unsafe(
        title,
        "the line does something from now on",
        vec![Edit::insert(stmt.range.start(), format!("{text} = "))],
    ))
}

/// Whether a scope declares a name `global` or `nonlocal`.
fn is_declared(name: &str, scope: crate::python::ScopeId, model: &Model) -> bool {
    let range = model.node(model.scope(scope).node).range();
    model.nodes().any(|(id, node)| match node {
        AnyNodeRef::StmtGlobal(node) => {
            range.contains_range(node.range)
                && model.scope_of(id) == scope
                && node.names.iter().any(|it| it.as_str() == name)
        }
        AnyNodeRef::StmtNonlocal(node) => {
            range.contains_range(node.range)
                && model.scope_of(id) == scope
                && node.names.iter().any(|it| it.as_str() == name)
        }
        _ => false,
    })
}

/// `return name.upper()`, at the end of a function that returns nothing.
fn give_back(stmt: &ast::StmtExpr, dropped: &Dropped, code: &Code) -> Option<Fix> {
    let model = code.model;
    assign(stmt, dropped, code)?;
    let AnyNodeRef::StmtFunctionDef(function) = model.parent_of(stmt)? else { return None };
    let is_last = function.body.last().is_some_and(|last| last.range() == stmt.range);
    let returns = model.descendants(model.id(function)?).any(|(_, node)| {
        matches!(node, AnyNodeRef::StmtReturn(node) if node.value.as_deref().is_some_and(|value| !value.is_none_literal_expr()))
    });
    let is_init = function.name.as_str() == "__init__";
    (is_last && !returns && !is_init && !function.is_async).then(|| {
        Fix::r#unsafe(
            "Return the result",
            "callers get a value from now on",
            vec![Edit::insert(stmt.range.start(), "return ")],
        )
    })
}
