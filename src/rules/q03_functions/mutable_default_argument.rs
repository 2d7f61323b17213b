//! A default is evaluated once, when `def` runs, and kept in `__defaults__` or `__kwdefaults__`
//! (<https://docs.python.org/3/reference/compound_stmts.html#function-definitions>): one that can be changed is shared by all
//! calls that rely on it. What the body does with it decides how bad that is.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::{Severity, Step};
use crate::fix::Fix;
use crate::python::mutable::MutableValue;
use crate::python::uses::Uses;
use crate::python::{Model, ScopeKind, SymbolId};
use crate::rules::default_argument::{
    DefaultArgument, Function, is_cache, is_never_run, is_sentinel, one_line, outlives_the_call_around,
};
use crate::rules::none_sentinel::{none_sentinel, source_of};
use crate::rules::{Check, Code, Context, Finding};
use crate::source::SourceKind;

pub const CHECKS: &[Check] =
    &[Check::Parameters(check_parameters), Check::ClassDef(check_named_tuple), Check::Call(check_named_tuple_call)];

fn check_parameters<'a>(parameters: &'a ast::Parameters, ctx: &mut Context<'_, 'a>) {
    for parameter in parameters.iter_non_variadic_params() {
        let Some(default) = parameter.default().filter(|default| may_be_mutable(default)) else { continue };
        if let Some(value) = ctx.model.mutable_value(default)
            && let Some(function) = Function::with(parameters, ctx.model)
        {
            check_default(Shared { argument: DefaultArgument { function, parameter, default }, value }, ctx);
        }
    }
}

/// Whether an expression is of a kind that can make a mutable value: most defaults are constants.
fn may_be_mutable(default: &Expr) -> bool {
    match default {
        Expr::Tuple(node) => !node.is_empty(),
        default => !default.is_literal_expr(),
    }
}

fn check_default<'a>(shared: Shared<'a>, ctx: &mut Context<'_, 'a>) {
    let Shared { argument, value } = shared;
    let DefaultArgument { function, parameter, .. } = argument;
    let Some(symbol) = ctx.model.lookup(function.scope, parameter.parameter.name.as_str()) else { return };
    let model = ctx.model;
    if is_never_run(&function, ctx)
        || is_bound_on_purpose(&shared, model)
        || is_cell(symbol, &shared, model)
        || is_sentinel(symbol, model)
        || is_cache(symbol, &argument, model)
    {
        return;
    }
    let uses = ctx.model.uses_of(symbol, function.scope, function.body(), &value);
    let is_read_only = || {
        let annotation = parameter.parameter.annotation.as_deref();
        annotation.is_some_and(|annotation| model.is_read_only_annotation(annotation))
    };
    let Some(damage) =
        Damage::of(&uses, &value, shared.argument.default).filter(|damage| damage.is_change() || !is_read_only())
    else {
        return;
    };
    if !outlives_the_call_around(&argument, uses.escapes().is_some(), ctx.model) {
        return;
    }
    let finding = Finding::new(shared.argument.default.range(), damage.message(&shared, ctx.model));
    let finding = match damage.effect(value.class) {
        Some((range, effect)) => finding.related(range, effect),
        None => finding,
    };
    ctx.report(
        finding
            .severity(damage.severity())
            .name("param", parameter.parameter.name.as_str())
            .name("function", function.name())
            .name("type", value.class)
            .name("default", one_line(ctx.model.slice(shared.argument.default)))
            .steps(move |code| steps(&shared, damage, code))
            .fix(move |code| fix(&shared, symbol, code)),
    );
}

/// A default that all calls share.
#[derive(Clone, Copy)]
struct Shared<'a> {
    argument: DefaultArgument<'a>,
    value: MutableValue,
}

// What it is worth.

/// What the function does with the shared default, the worst first.
#[derive(Clone, Copy)]
enum Damage {
    Changed(TextRange),
    Escapes(TextRange),
    /// As `Escapes`, but of a constant that is shared under its own name anyway.
    Kept(TextRange),
    Passed(TextRange),
    Read(Option<TextRange>),
}

impl Damage {
    fn of(uses: &Uses, value: &MutableValue, default: &Expr) -> Option<Damage> {
        if let Some(range) = uses.changed {
            return Some(Damage::Changed(range));
        }
        // Who shares a constant under its name knows that it is shared; those who get hold of it may not.
        if value.named.is_some() || is_made_of_names(default) {
            let handed_out = uses.returned.or(uses.yielded).or(uses.captured).map(Damage::Escapes);
            return handed_out.or(uses.stored.map(Damage::Kept));
        }
        if let Some(range) = uses.escapes() {
            return Some(Damage::Escapes(range));
        }
        if let Some(range) = uses.passed {
            return Some(Damage::Passed(range));
        }
        (uses.read.is_some() || !uses.is_replaced).then_some(Damage::Read(uses.read))
    }

    /// Where it shows, and what happens there.
    fn effect(self, class: &str) -> Option<(TextRange, String)> {
        match self {
            Damage::Changed(range) => Some((range, format!("every call without it changes that one {class} here"))),
            Damage::Escapes(range) | Damage::Kept(range) => {
                Some((range, format!("that one {class} leaves the function here")))
            }
            Damage::Passed(range) => Some((range, format!("that one {class} is handed over here"))),
            Damage::Read(range) => Some((range?, format!("that one {class} is only read here"))),
        }
    }

    fn is_change(self) -> bool {
        matches!(self, Damage::Changed(_))
    }

    fn severity(self) -> Severity {
        match self {
            Damage::Read(_) | Damage::Kept(_) => Severity::Info,
            _ => Severity::Warning,
        }
    }

    fn message(self, shared: &Shared, model: &Model) -> String {
        let head = format!(
            "`{}` is one {} for all calls of {}",
            shared.argument.name(),
            shared.value.class,
            shared.argument.function.shown()
        );
        match self {
            Damage::Changed(_) if shared.value.class == "generator" => {
                format!("{head}, and the first one uses it up; default to `None`")
            }
            Damage::Changed(_) => format!("{head}, which change it; default to `None`"),
            Damage::Escapes(_) | Damage::Kept(_) => format!("{head}, and it leaves the function; default to `None`"),
            Damage::Passed(callee) => match model.slice(callee) {
                callee if callee.len() <= 20 => format!("{head}, and `{callee}` may change it; default to `None`"),
                _ => format!("{head}, and a callee may change it; default to `None`"),
            },
            Damage::Read(_) => format!("{head}; only read so far, but `None` would be safer"),
        }
    }
}

/// `BASIC | EXTRA`
fn is_made_of_names(expr: &Expr) -> bool {
    match expr {
        Expr::BinOp(node) => is_made_of_names(&node.left) && is_made_of_names(&node.right),
        expr => expr.is_name_expr(),
    }
}

fn steps(shared: &Shared, damage: Damage, code: &Code) -> Vec<Step> {
    let Shared { argument: DefaultArgument { function, default, .. }, value } = shared;
    let name = shared.argument.name();
    let class = value.class;
    let text = |range: TextRange| one_line(code.model.slice(changing_statement(range, code.model).unwrap_or(range)));
    let line = |range: TextRange| code.line(range);
    let symbol = code.model.lookup(function.scope, name);
    let is_mentioned = symbol.is_some_and(|symbol| code.model.reads(symbol).next().is_some());
    let made = match value.named {
        Some(_) => format!(
            "line {}: Python looks `{}` up once, when it makes {}; every call without `{name}` gets that one {class}",
            line(default.range()),
            text(default.range()),
            function.shown(),
        ),
        None => format!(
            "line {}: Python makes this {class} once, when it makes {}; every call without `{name}` gets that one",
            line(default.range()),
            function.shown(),
        ),
    };
    let (range, used, next) = match damage {
        Damage::Changed(range) if class == "generator" => (
            range,
            format!("line {}: `{}` uses the generator up", line(range), text(range)),
            format!("the second call without `{name}` finds nothing left in it"),
        ),
        Damage::Changed(range) => (
            range,
            format!("line {}: `{}` changes that {class}, and it stays changed", line(range), text(range)),
            format!("the next call without `{name}` starts with what this one left in it"),
        ),
        Damage::Escapes(range) | Damage::Kept(range) => (
            range,
            format!("line {}: `{}` lets others get hold of that {class}", line(range), text(range)),
            format!("whoever changes it there changes `{name}` of every later call, too"),
        ),
        Damage::Passed(range) => (
            range,
            format!("line {}: `{}` gets that {class} and may keep or change it", line(range), text(range)),
            format!("if it does, the next call without `{name}` sees the change"),
        ),
        Damage::Read(range) => (
            range.unwrap_or(default.range()),
            match range {
                Some(range) => format!("line {}: `{name}` is only read, so nothing goes wrong yet", line(range)),
                None if is_mentioned => format!("{} only asks whether `{name}` is empty", function.shown()),
                None => format!("nothing in {} uses `{name}` yet", function.shown()),
            },
            "the first line that changes it changes it for every later call".to_owned(),
        ),
    };
    vec![Step::new(default.range(), made), Step::new(range, used), Step::new(range, next)]
}

/// The assignment or `del` of which `range` is the target: alone, a target doesn't show what happens to it.
fn changing_statement(range: TextRange, model: &Model) -> Option<TextRange> {
    let statement = model.node(model.statement(model.node_at(range)?)?);
    let is_target = match statement {
        AnyNodeRef::StmtAssign(node) => range.end() <= node.value.start(),
        AnyNodeRef::StmtAnnAssign(node) => range.end() <= node.annotation.start(),
        AnyNodeRef::StmtDelete(_) => true,
        _ => false,
    };
    is_target.then_some(statement.range())
}

// Where it is fine.

/// `def f(rows=rows)`, or as default a variable that the function around goes on to use: made to share that very object.
fn is_bound_on_purpose(shared: &Shared, model: &Model) -> bool {
    let parameter = shared.argument.name().trim_matches('_');
    let is_same = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.trim_matches('_') == parameter);
    let is_used_around = |symbol: SymbolId| {
        matches!(model.scope(model.symbol_scope(symbol)).kind, ScopeKind::Function(_))
            && model.reads(symbol).count() > 1
    };
    if shared.value.named.is_some_and(is_used_around) {
        return true;
    }
    match shared.argument.default {
        Expr::BoolOp(node) => node.values.iter().any(is_same),
        default => is_same(default),
    }
}

/// `def step(count=[0]): count[0] += 1` inside a function: variables that the calls share, in the way before `nonlocal`.
fn is_cell(symbol: SymbolId, shared: &Shared, model: &Model) -> bool {
    let around = model.scope_of(shared.argument.function.node);
    let item_of = |expr: &ast::ExprName| match model.parent_of(expr)? {
        AnyNodeRef::ExprSubscript(node) if !node.slice.is_slice_expr() && node.value.range() == expr.range => {
            Some(node)
        }
        _ => None,
    };
    matches!(model.scope(around).kind, ScopeKind::Function(_))
        && matches!(shared.argument.default, Expr::List(list)
            if !list.is_empty() && list.iter().all(|element| element.is_literal_expr() || element.is_name_expr()))
        && model.bindings(symbol).count() == 1
        && model.reads(symbol).all(|read| item_of(read.expr).is_some())
        && model.reads(symbol).any(|read| item_of(read.expr).is_some_and(|item| item.ctx.is_store()))
}

// Named tuples: the fields' defaults are those of `__new__`.

fn check_named_tuple<'a>(class: &'a ast::StmtClassDef, ctx: &mut Context<'_, 'a>) {
    if !class.bases().iter().any(|base| ctx.model.is_typing_member(base, "NamedTuple")) {
        return;
    }
    for stmt in &class.body {
        let Stmt::AnnAssign(field) = stmt else { continue };
        if let (Expr::Name(name), Some(default)) = (&*field.target, field.value.as_deref())
            && !ctx.model.is_read_only_annotation(&field.annotation)
        {
            report_field(name.id.as_str(), default, class.name.as_str(), ctx);
        }
    }
}

fn check_named_tuple_call<'a>(call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let Some(defaults) = call.arguments.find_keyword("defaults") else { return };
    let (Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. })) = &defaults.value else {
        return;
    };
    if !ctx.model.is_any_of(&call.func, &["collections.namedtuple"]) {
        return;
    }
    let class = match call.arguments.args.first() {
        Some(Expr::StringLiteral(name)) => name.value.to_str(),
        _ => "the named tuple",
    };
    for default in elts {
        report_field(&one_line(ctx.model.slice(default)), default, class, ctx);
    }
}

fn report_field<'a>(field: &str, default: &'a Expr, class: &'a str, ctx: &mut Context<'_, 'a>) {
    let Some(value) = ctx.model.mutable_value(default) else { return };
    if value.named.is_some() || ctx.source.kind() == SourceKind::Stub {
        return;
    }
    let kind = value.class;
    let text = one_line(ctx.model.slice(default));
    let shown = field.to_owned();
    ctx.report(
        Finding::new(
            default.range(),
            format!("`{field}` is one {kind} for all `{class}` objects made without it; default to `()` or `None`"),
        )
        .name("param", field)
        .name("function", class)
        .name("type", kind)
        .name("default", text)
        .steps(move |code| {
            vec![
                Step::new(
                    default.range(),
                    format!("line {}: Python makes this {kind} once, when it makes `{class}`", code.line(default)),
                ),
                Step::new(
                    default.range(),
                    format!("two `{class}` objects made without `{shown}` hold the same {kind}: change it in one, and both show it"),
                ),
            ]
        }),
    );
}

// The fix.

fn fix<'a>(shared: &Shared<'a>, symbol: SymbolId, code: &Code<'_, 'a>) -> Option<Fix> {
    let edits = none_sentinel(&shared.argument, symbol, &fresh_value(shared, code)?, code)?;
    let class = shared.value.class;
    let title = format!("Default to `None` and make the {class} in the body");
    Some(Fix::r#unsafe(title, format!("does something rely on the shared {class}?"), edits))
}

/// The source of an expression that makes the value anew.
fn fresh_value(shared: &Shared, code: &Code) -> Option<String> {
    let text = source_of(&shared.argument, code);
    if shared.value.named.is_some() {
        let can_copy = !shared.value.is_nested && !matches!(shared.value.class, "array" | "tuple" | "generator");
        return (can_copy && shared.argument.default.is_name_expr()).then(|| format!("{text}.copy()"));
    }
    Some(text)
}
