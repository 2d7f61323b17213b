//! PP0102: builtins and methods of `dict` that left with Python 2.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext, UnaryOp};
use ruff_python_stdlib::sys::is_known_standard_library;
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::exceptions::last_name;
use crate::python::hierarchy::ExceptionClass;
use crate::python::layout::has_comment;
use crate::python::model::{Read, ScopeFlags, SymbolId};
use crate::python::values::Type;
use crate::python::{Model, NodeId, ScopeId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Module(check_names), Check::Attribute(check_method)];

/// What became of a name.
#[derive(Clone, Copy)]
enum Successor {
    /// Another name for the same.
    Name(&'static str),
    /// The same, to be called only.
    Function(&'static str),
    /// Moved to `functools`.
    Functools,
    /// Nothing; what to do instead.
    None(&'static str),
}

const NAMES: &[(&str, Successor)] = &[
    ("xrange", Successor::Name("range")),
    ("unicode", Successor::Name("str")),
    ("raw_input", Successor::Name("input")),
    ("basestring", Successor::Name("str")),
    ("long", Successor::Name("int")),
    ("unichr", Successor::Name("chr")),
    ("file", Successor::Function("open")),
    ("reduce", Successor::Functools),
    ("execfile", Successor::None("write `exec(open(path).read())`")),
    ("cmp", Successor::None("compare with `<`, sort with `key=`")),
];

/// Methods of `dict`, what they are called now, and whether they gave an iterator.
const METHODS: &[(&str, &str, bool)] = &[
    ("iteritems", "items", true),
    ("itervalues", "values", true),
    ("iterkeys", "keys", true),
    ("viewitems", "items", false),
    ("viewvalues", "values", false),
    ("viewkeys", "keys", false),
];

/// Functions that iterate over their arguments.
const ITERATING: &[&str] = &[
    "all",
    "any",
    "dict",
    "enumerate",
    "filter",
    "frozenset",
    "iter",
    "list",
    "map",
    "max",
    "min",
    "set",
    "sorted",
    "sum",
    "tuple",
    "zip",
];

/// Longer code is not written out in a message.
const MAX_SHOWN: usize = 24;

// ---- names

fn check_names<'a>(_: &'a ast::ModModule, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    // A magic may bind any name.
    if model.scope_flags(ScopeId::MODULE).contains(ScopeFlags::DYNAMIC) {
        return;
    }
    for &(name, successor) in NAMES {
        let Some(symbol) = model.lookup_builtin(name) else { continue };
        let reads: Vec<&Read<'a>> = model.reads(symbol).collect();
        if reads.is_empty() || may_come_from_star_import(ctx, name) || is_put_into_builtins(model, name) {
            continue;
        }
        for read in reads {
            let is_run = !read.in_string && !model.is_in_unevaluated_annotation(read.node);
            if is_run
                && !is_tried(ctx, read.node, "NameError", Some(symbol))
                && !model.is_version_dependent(read.node, name)
            {
                report_name(read.expr, read.node, successor, ctx);
            }
        }
    }
}

/// Whether a star import may bind the name: the modules of the standard library are known not to, but for two.
fn may_come_from_star_import(code: &Code, name: &str) -> bool {
    code.model.star_imports().any(|module| {
        let Some(module) = module else { return true };
        let package = module.split('.').next().unwrap_or_default();
        matches!((module, name), ("functools", "reduce") | ("filecmp", "cmp"))
            || !is_known_standard_library(code.target_version().minor, package)
    })
}

/// Whether the file adds the name to the builtins or the globals: `builtins.unicode = str`, `globals()["long"] = int`.
fn is_put_into_builtins(model: &Model, name: &str) -> bool {
    let is_module = |expr: &Expr| {
        let qualified = model.qualified_name(expr);
        qualified.is_some_and(|path| matches!(path.last(), "builtins" | "__builtin__" | "__builtins__"))
            || last_name(expr).is_some_and(|name| name.starts_with("__builtin"))
    };
    let stores = model.attribute_stores(name).unwrap_or_default();
    let is_stored = stores.iter().any(|&id| match model.node(id) {
        AnyNodeRef::ExprAttribute(node) => is_module(&node.value),
        _ => false,
    });
    // `setattr(builtins, "unicode", str)`, `globals()["unicode"] = str`
    is_stored
        || model.nodes().any(|(_, node)| match node {
            AnyNodeRef::ExprCall(call) => {
                let [target, Expr::StringLiteral(text), _] = &*call.arguments.args else { return false };
                text.value.to_str() == name && model.is_builtin(&call.func, "setattr") && is_module(target)
            }
            AnyNodeRef::ExprSubscript(node) if node.ctx == ExprContext::Store => {
                let Expr::StringLiteral(text) = &*node.slice else { return false };
                let is_globals = || match &*node.value {
                    Expr::Call(call) => matches!(model.builtin_name(&call.func), Some("globals" | "vars")),
                    Expr::Attribute(owner) => owner.attr.as_str() == "__dict__" && is_module(&owner.value),
                    value => is_module(value),
                };
                text.value.to_str() == name && is_globals()
            }
            _ => false,
        })
}

/// Whether an error of class `error` raised at `id` is expected there: by a `try` around, `suppress` or a test's `raises`.
fn is_tried(code: &Code, id: NodeId, error: &'static str, tried: Option<SymbolId>) -> bool {
    let (model, minor) = (code.model, code.target_version().minor);
    let lineage = model.exception_lineage(ExceptionClass::Library(error), minor).classes;
    let expects = |type_: &Expr| {
        let named = model.exceptions_caught_names(type_, minor);
        named.is_none_or(|classes| classes.iter().any(|class| lineage.contains(class)))
    };
    let mut child = id;
    for around in model.ancestors(id) {
        match model.node(around) {
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => return false,
            AnyNodeRef::StmtTry(node) => {
                let is_tried_before = |stmt: &ast::Stmt| {
                    let stmt = model.stmt_id(stmt);
                    tried.is_some_and(|symbol| model.reads(symbol).any(|read| model.is_within(read.node, stmt)))
                };
                let is_covered = model.is_one_of(&node.body, child)
                    || model.is_one_of(&node.orelse, child) && node.body.iter().any(is_tried_before);
                let catches = node
                    .handlers
                    .iter()
                    .any(|ast::ExceptHandler::ExceptHandler(handler)| handler.type_.as_deref().is_none_or(expects));
                if is_covered && catches {
                    return true;
                }
            }
            AnyNodeRef::StmtWith(node) => {
                let is_expected = |item: &ast::WithItem| {
                    let Expr::Call(call) = &item.context_expr else { return false };
                    let is_known = matches!(
                        last_name(&call.func),
                        Some("suppress" | "raises" | "assertRaises" | "assertRaisesRegex")
                    );
                    is_known && call.arguments.args.iter().any(expects)
                };
                if node.items.iter().any(is_expected) {
                    return true;
                }
            }
            _ => {}
        }
        child = around;
    }
    false
}

fn report_name<'a>(name: &'a ast::ExprName, id: NodeId, successor: Successor, ctx: &mut Context<'_, 'a>) {
    let old = name.id.as_str();
    let (remedy, new) = match successor {
        Successor::Name(new) | Successor::Function(new) => (format!("write `{new}`"), new),
        Successor::Functools => ("write `functools.reduce`".to_owned(), "functools.reduce"),
        Successor::None(remedy) => (remedy.to_owned(), if old == "cmp" { "key=" } else { "exec" }),
    };
    let range = name.range;
    let finding = Finding::new(range, format!("`{old}` is Python 2, NameError when this line runs; {remedy}"))
        .name("old", old)
        .name("new", new)
        .name("error", "NameError")
        .steps(move |code| {
            let line = code.line(range);
            vec![
                Step::new(
                    range,
                    format!("line {line}: Python looks for `{old}` here, then in the module and the builtins"),
                ),
                Step::new(range, "nothing is called so any more: NameError"),
            ]
        })
        .fix(move |code| rename(name, id, successor, code));
    ctx.report(finding);
}

fn rename(name: &ast::ExprName, id: NodeId, successor: Successor, code: &Code) -> Option<Fix> {
    let model = code.model;
    let is_free = |new: &str| model.resolve(model.scope_of(id), new).is_none();
    let (new, import) = match successor {
        Successor::Name(new) => (is_free(new).then(|| new.to_owned())?, None),
        Successor::Function(new) => {
            let is_called =
                matches!(model.parent_of(name), Some(AnyNodeRef::ExprCall(call)) if call.func.range() == name.range);
            ((is_called && is_free(new)).then(|| new.to_owned())?, None)
        }
        Successor::Functools => model.import("functools", "reduce", id),
        Successor::None(_) => return None,
    };
    let mut edits = vec![Edit::replace(name.range, new.clone())];
    edits.extend(import);
    Some(Fix::safe(format!("Write `{new}`"), edits))
}

// ---- methods of dict

fn check_method<'a>(attribute: &'a ast::ExprAttribute, ctx: &mut Context<'_, 'a>) {
    let old = attribute.attr.as_str();
    let method = METHODS.iter().find(|(name, ..)| *name == old);
    if method.is_none() && old != "has_key" || attribute.ctx != ExprContext::Load {
        return;
    }
    let model = ctx.model;
    let Some(id) = model.id(attribute) else { return };
    if !is_dict(&attribute.value, model)
        || is_tried(ctx, id, "AttributeError", None)
        || model.is_version_dependent(id, old)
    {
        return;
    }
    let owner = model.slice(&*attribute.value);
    let is_short = owner.chars().count() <= MAX_SHOWN && !owner.contains(['\n', '\r', '`', '{']);
    let new = match method {
        Some((_, new, _)) => (*new).to_owned(),
        None if is_short => format!("key in {owner}"),
        None => "key in …".to_owned(),
    };
    let range = attribute.attr.range;
    let finding =
        Finding::new(range, format!("`{old}` is Python 2, AttributeError when this line runs; write `{new}`"))
            .name("old", old)
            .name("new", new)
            .name("error", "AttributeError")
            .steps(move |code| {
                let line = code.line(range);
                vec![
                    Step::new(range, format!("line {line}: Python asks the dict for its method `{old}`")),
                    Step::new(range, "dicts have none of that name any more: AttributeError"),
                ]
            })
            .fix(move |code| match method {
                Some((_, new, gave_iterator)) => rename_method(attribute, new, *gave_iterator, code),
                None => test_with_in(attribute, code),
            });
    ctx.report(finding);
}

fn is_dict(expr: &Expr, model: &Model) -> bool {
    let is_kind = |class: &Type| match class {
        Type::Dict => true,
        Type::External(name) => matches!(
            name.as_str(),
            "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter" | "os._Environ"
        ),
        _ => false,
    };
    let union = model.union_of(expr);
    let is_known = !union.is_open() && !union.objects().is_empty();
    is_known && union.objects().iter().all(|object| is_kind(&object.class)) || model.is_any_of(expr, &["os.environ"])
}

/// `.iteritems()` → `.items()`, with `iter(…)` around where the iterator itself was of use.
fn rename_method(attribute: &ast::ExprAttribute, new: &str, gave_iterator: bool, code: &Code) -> Option<Fix> {
    let model = code.model;
    let mut edits = vec![Edit::replace(attribute.attr.range, new)];
    let title = format!("Write `{new}`");
    let call = match model.parent_of(attribute) {
        Some(AnyNodeRef::ExprCall(call)) if gave_iterator && call.func.range() == attribute.range => call,
        _ => return Some(Fix::safe(title, edits)),
    };
    if !is_iterated(call, model) {
        if model.resolve(model.scope_of(model.id(call)?), "iter").is_some() {
            return None;
        }
        edits.push(Edit::insert(call.start(), "iter("));
        edits.push(Edit::insert(call.end(), ")"));
    }
    Some(Fix::safe(title, edits))
}

/// Whether a call's value is iterated over at once, so that any iterable will do.
fn is_iterated(call: &ast::ExprCall, model: &Model) -> bool {
    let is_call = |expr: &Expr| expr.range() == call.range();
    match model.parent_of(call) {
        Some(AnyNodeRef::StmtFor(node)) => is_call(&node.iter),
        Some(AnyNodeRef::Comprehension(node)) => is_call(&node.iter),
        Some(AnyNodeRef::ExprStarred(_) | AnyNodeRef::ExprYieldFrom(_)) => true,
        Some(AnyNodeRef::ExprCall(outer)) if !is_call(&outer.func) => {
            model.builtin_name(&outer.func).is_some_and(|name| ITERATING.contains(&name))
                || matches!(&*outer.func, Expr::Attribute(node) if matches!(node.attr.as_str(), "join" | "extend" | "update"))
        }
        _ => false,
    }
}

/// `d.has_key(k)` → `k in d`.
fn test_with_in(attribute: &ast::ExprAttribute, code: &Code) -> Option<Fix> {
    let model = code.model;
    let Some(AnyNodeRef::ExprCall(call)) = model.parent_of(attribute) else { return None };
    let ([key], true) = (&*call.arguments.args, call.arguments.keywords.is_empty()) else { return None };
    if call.func.range() != attribute.range || key.is_starred_expr() || has_comment(code.tokens, call.range()) {
        return None;
    }
    let owner = TextRange::new(call.start(), attribute.attr.start());
    let owner = model.slice(owner).trim_end().trim_end_matches('.').trim_end();
    if owner.ends_with('\\') {
        return None;
    }
    let text = model.slice(key);
    let binds_loosely = matches!(
        key,
        Expr::Lambda(_)
            | Expr::If(_)
            | Expr::Named(_)
            | Expr::Yield(_)
            | Expr::YieldFrom(_)
            | Expr::BoolOp(_)
            | Expr::Compare(_)
            | Expr::Generator(_)
    ) || matches!(key, Expr::UnaryOp(node) if node.op == UnaryOp::Not)
        || text.contains(['\n', '\r']);
    let key = if binds_loosely { format!("({text})") } else { text.to_owned() };
    let title = "Test with `in`";
    match model.parent_of(call) {
        Some(AnyNodeRef::ExprUnaryOp(node)) if node.op == UnaryOp::Not && node.end() == call.end() => {
            Some(Fix::safe(title, vec![Edit::replace(node.range, format!("{key} not in {owner}"))]))
        }
        parent => {
            let test = format!("{key} in {owner}");
            let new = if parent.is_some_and(|parent| may_hold_test(parent, call)) { test } else { format!("({test})") };
            Some(Fix::safe(title, vec![Edit::replace(call.range(), new)]))
        }
    }
}

/// Whether a comparison may stand in `parent`, in place of `call`, without parentheses.
fn may_hold_test(parent: AnyNodeRef, call: &ast::ExprCall) -> bool {
    match parent {
        AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::StmtIf(_)
        | AnyNodeRef::ElifElseClause(_)
        | AnyNodeRef::StmtWhile(_)
        | AnyNodeRef::StmtReturn(_)
        | AnyNodeRef::StmtAssign(_)
        | AnyNodeRef::StmtAnnAssign(_)
        | AnyNodeRef::StmtAssert(_)
        | AnyNodeRef::ExprBoolOp(_)
        | AnyNodeRef::ExprIf(_)
        | AnyNodeRef::ExprTuple(_)
        | AnyNodeRef::ExprList(_)
        | AnyNodeRef::ExprLambda(_)
        | AnyNodeRef::Keyword(_) => true,
        AnyNodeRef::ExprUnaryOp(node) => node.op == UnaryOp::Not,
        AnyNodeRef::ExprCall(outer) => outer.func.range() != call.range(),
        AnyNodeRef::Comprehension(node) => node.iter.range() != call.range(),
        AnyNodeRef::ExprListComp(node) => node.elt.range() == call.range(),
        _ => false,
    }
}
