//! Lists, dicts and sets where a hash is asked for: as dict keys, set elements, arguments of `hash`.
//!
//! <https://docs.python.org/3/glossary.html#term-hashable>. `in`, `remove` and `discard` of a set take another set for a frozenset
//! (<https://docs.python.org/3/library/stdtypes.html#set-types-set-frozenset>, the note at the end).

use ruff_python_ast::{self as ast, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::Model;
use crate::python::looks::Looks;
use crate::python::values::{Element, NoHash, Type};
use crate::rules::{Check, Context, Finding};

pub const CHECKS: &[Check] = &[
    Check::Dict(check_dict),
    Check::Set(check_set),
    Check::DictComp(check_dict_comprehension),
    Check::SetComp(check_set_comprehension),
    Check::Subscript(check_subscript),
    Check::Compare(check_membership),
    Check::Call(check_call),
];

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 24;

fn check_dict<'a>(node: &'a ast::ExprDict, ctx: &mut Context<'_, 'a>) {
    for key in node.items.iter().filter_map(|item| item.key.as_ref()) {
        judge(key, Asker::Display("dict", node.range), ctx);
    }
}

fn check_set<'a>(node: &'a ast::ExprSet, ctx: &mut Context<'_, 'a>) {
    for element in &node.elts {
        judge(element, Asker::Display("set", node.range), ctx);
    }
}

fn check_dict_comprehension<'a>(node: &'a ast::ExprDictComp, ctx: &mut Context<'_, 'a>) {
    if let Some(key) = &node.key {
        judge(key, Asker::Display("dict", node.range), ctx);
    }
}

fn check_set_comprehension<'a>(node: &'a ast::ExprSetComp, ctx: &mut Context<'_, 'a>) {
    judge(&node.elt, Asker::Display("set", node.range), ctx);
}

fn check_subscript<'a>(node: &'a ast::ExprSubscript, ctx: &mut Context<'_, 'a>) {
    if may_be_asked(&node.slice, &node.value, ctx.model)
        && let Some(found) = without_hash(&node.slice, ctx.model)
        && table(ctx.model, &node.value) == Some(Table::Dict)
    {
        report(found, Asker::Table(Table::Dict, &node.value), ctx);
    }
}

fn check_membership<'a>(node: &'a ast::ExprCompare, ctx: &mut Context<'_, 'a>) {
    let mut left = &*node.left;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && may_be_asked(left, right, ctx.model)
            && let Some(found) = without_hash(left, ctx.model)
            && let Some(table) = table(ctx.model, right)
            && !(table == Table::Set && may_be_set(left, ctx.model))
        {
            report(found, Asker::Table(table, right), ctx);
        }
        left = right;
    }
}

fn check_call<'a>(node: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let Some(first) = node.arguments.args.first().filter(|first| !first.is_starred_expr()) else { return };
    if let Expr::Attribute(attribute) = &*node.func
        && let Some((wanted, takes_sets)) = method(attribute.attr.as_str())
    {
        if may_be_asked(first, &attribute.value, ctx.model)
            && let Some(found) = without_hash(first, ctx.model)
            && table(ctx.model, &attribute.value) == Some(wanted)
            && !(takes_sets && may_be_set(first, ctx.model))
        {
            report(found, Asker::Table(wanted, &attribute.value), ctx);
        }
        return;
    }
    // Most calls end here.
    if !may_ask_for_hash(&node.func) {
        return;
    }
    let Some(callee) = ctx.model.qualified_name(&node.func) else { return };
    let (element, asker) = match callee.as_str() {
        "builtins.hash" => {
            judge(first, Asker::Hash(node.func.range()), ctx);
            return;
        }
        "builtins.set" | "builtins.frozenset" => (Element::Whole, Asker::Display("set", node.range())),
        "builtins.dict.fromkeys" | "collections.Counter" => (Element::Whole, Asker::Display("dict", node.range())),
        "builtins.dict" | "collections.OrderedDict" => (Element::First, Asker::Display("dict", node.range())),
        _ => return,
    };
    if ctx.model.may_yield_unhashable(first)
        && let Some((part, what)) = ctx.model.element_without_hash(first, element)
        && !matches!(what, NoHash::Instance(_))
    {
        report(Found { part, what, is_iterable: std::ptr::eq(part, first) }, asker, ctx);
    }
}

/// Whether a function may be `hash` or make a dict or set, as far as its name tells.
fn may_ask_for_hash(function: &Expr) -> bool {
    let is_known = |name: &str| matches!(name, "hash" | "fromkeys") || Looks::of_class(name).intersects(Looks::HASHED);
    match function {
        Expr::Name(node) => is_known(&node.id),
        Expr::Attribute(node) => is_known(&node.attr),
        _ => false,
    }
}

/// The methods that ask their first argument for its hash: of which table, and whether a set is taken for a frozenset.
fn method(name: &str) -> Option<(Table, bool)> {
    Some(match name {
        "add" => (Table::Set, false),
        "remove" | "discard" => (Table::Set, true),
        "get" | "setdefault" | "pop" => (Table::Dict, false),
        _ => return None,
    })
}

// What is known.

/// What finds its contents by their hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Dict,
    Set,
    /// What `dict.keys()` gives.
    Keys,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Dict | Table::Keys => "dict",
            Table::Set => "set",
        }
    }
}

/// What asks for the hash.
#[derive(Clone, Copy)]
enum Asker<'a> {
    /// A dict or set that is made here.
    Display(&'static str, TextRange),
    /// A dict or set that exists already.
    Table(Table, &'a Expr),
    /// The builtin `hash`.
    Hash(TextRange),
}

/// Something without a hash.
struct Found<'a> {
    /// The smallest expression that must change.
    part: &'a Expr,
    what: NoHash<'a>,
    /// Whether it is not `part` itself that has no hash but what it holds.
    is_iterable: bool,
}

fn without_hash<'a>(key: &'a Expr, model: &Model<'a>) -> Option<Found<'a>> {
    let (part, what) = model.part_without_hash(key)?;
    (!matches!(what, NoHash::Instance(_))).then_some(Found { part, what, is_iterable: false })
}

/// Whether the dict or set that `expr` certainly is looks things up by their hash.
fn table(model: &Model, expr: &Expr) -> Option<Table> {
    let union = model.union_of(expr);
    if union.is_open() {
        return None;
    }
    let mut found = None;
    for object in union.objects() {
        let table = match &object.class {
            Type::Dict => Table::Dict,
            Type::Set | Type::FrozenSet => Table::Set,
            // Neither has it what is asked for.
            Type::None => continue,
            Type::External(name) => match name.as_str() {
                "collections.defaultdict" | "collections.OrderedDict" | "collections.Counter" => Table::Dict,
                "builtins.dict_keys" => Table::Keys,
                _ => return None,
            },
            _ => return None,
        };
        if *found.get_or_insert(table) != table {
            return None;
        }
    }
    found
}

fn may_be_set(expr: &Expr, model: &Model) -> bool {
    model.union_of(expr).objects().iter().any(|object| object.class == Type::Set)
}

/// Whether it is worth while to ask for the types: a key that may have no hash, and what may be a dict or set.
fn may_be_asked(key: &Expr, table: &Expr, model: &Model) -> bool {
    model.may_lack_hash(key) && model.may_be(table, Looks::HASHED)
}

fn judge<'a>(key: &'a Expr, asker: Asker<'a>, ctx: &mut Context<'_, 'a>) {
    if ctx.model.may_lack_hash(key)
        && let Some(found) = without_hash(key, ctx.model)
    {
        report(found, asker, ctx);
    }
}

// What is reported.

fn report<'a>(found: Found<'a>, asker: Asker<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Found { part, what, is_iterable } = found;
    let id = model.expr_id(part);
    if model.is_in_string_annotation(part) || model.tolerates(id, "TypeError") {
        return;
    }
    let class = what.class().to_owned();
    let shown = model.excerpt(part, CODE_WIDTH);
    let frozen = frozen(part, &shown, &class);
    let is_display = matches!(
        part,
        Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_)
    );
    let fails = "this raises TypeError";
    let message = match &what {
        _ if is_iterable => format!("`{shown}` holds {class}s, which have no hash: {fails}; make them tuples first"),
        NoHash::Tuple(_) => format!("`{shown}` is a tuple that holds {}, which has no hash: {fails}", article(&class)),
        _ if is_display => format!("{} has no hash: {fails}; use `{frozen}`", article(&class)),
        _ => format!("`{shown}` is {}, which has no hash: {fails}; use `{frozen}`", article(&class)),
    };
    let origin = model.origin_of(part);
    let (asker_name, asker_origin, asker_text) = match asker {
        Asker::Display(kind, range) => {
            (format!("the {kind}"), range, format!("the {kind} that is made here needs its hash"))
        }
        Asker::Table(table, expr) => {
            let text = format!("`{}` is a {}", model.excerpt(expr, CODE_WIDTH), table.name());
            (format!("the {}", table.name()), model.origin_of(expr), text)
        }
        Asker::Hash(range) => ("`hash`".to_owned(), range, "`hash` asks for it".to_owned()),
    };
    let mut finding = Finding::new(part.range(), message)
        .name("key", shown.clone())
        .name("kind", class.clone())
        .name("container", asker_name.clone())
        .name("frozen", frozen);
    if origin != part.range() {
        finding = finding.related(origin, format!("`{shown}` is bound here"));
    }
    let range = part.range();
    let finding = finding.related(asker_origin, asker_text).steps(move |code| {
        let made =
            if is_iterable { format!("`{shown}` holds {class}s") } else { format!("`{shown}` is {}", article(&class)) };
        let made = match what {
            NoHash::Tuple(_) => format!("`{shown}` is a tuple, and in it is {}", article(&class)),
            _ => made,
        };
        vec![
            Step::new(origin, format!("line {}: {made}, which can change and so has no hash", code.line(origin))),
            Step::new(
                range,
                format!("line {}: {asker_name} asks for the hash, and Python raises `TypeError`", code.line(range)),
            ),
        ]
    });
    ctx.report(finding);
}

fn article(class: &str) -> String {
    if class.starts_with('O') { format!("an {class}") } else { format!("a {class}") }
}

/// Code that gives the same contents with a hash.
fn frozen(part: &Expr, shown: &str, class: &str) -> String {
    match (part, class) {
        (Expr::List(node), _) => {
            let inside = shown.strip_prefix('[').unwrap_or(shown);
            let inside = inside.strip_suffix(']').unwrap_or(inside);
            let comma = if node.elts.len() == 1 && !inside.ends_with(',') { "," } else { "" };
            format!("({inside}{comma})")
        }
        (_, "set") => format!("frozenset({shown})"),
        (_, "bytearray") => format!("bytes({shown})"),
        (_, "dict" | "defaultdict" | "OrderedDict" | "Counter") => format!("frozenset({shown}.items())"),
        _ => format!("tuple({shown})"),
    }
}
