//! `is` between values: identity where equality was meant.
//!
//! Which equal values are one object is CPython's own business: ints from -5 to 256 exist once
//! (<https://docs.python.org/3/c-api/long.html#c.PyLong_FromLong>), equal constants of one code object are merged
//! (`merge_consts_recursive` in `Python/compile.c`), and `is` itself promises object identity only
//! (<https://docs.python.org/3/reference/expressions.html#is-not>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, ExprContext};
use ruff_python_stdlib::keyword::is_keyword;
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::constants::{Constant, constant, is_int, is_kept};
use crate::python::layout::has_comment;
use crate::python::values::Type;
use crate::python::{BindingKind, Model, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Compare(check)];

/// Builtins whose result is a plain value, often made anew by each call.
const VALUE_CALLS: [&str; 8] = ["int", "float", "str", "bytes", "len", "ord", "hash", "repr"];

/// Builtins that are classes, which exist once: `type(x) is int`.
const CLASSES: [&str; 13] =
    ["bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type"];

/// The longest message that fits one line of an editor or terminal.
const MESSAGE_WIDTH: usize = 100;

/// The longest operand that is quoted whole.
const OPERAND_WIDTH: usize = 40;

/// How many assignments are followed from a name to the object that it shares with another.
const MAX_ALIASES: usize = 8;

/// Judges each adjacent pair of a chain: `a is b is c` asks about `a` and `b`, then about `b` and `c`.
fn check<'a>(node: &'a ast::ExprCompare, ctx: &mut Context<'_, 'a>) {
    let is_identity = |op: &CmpOp| matches!(op, CmpOp::Is | CmpOp::IsNot);
    if !node.ops.iter().any(is_identity) || ctx.model.is_in_string_annotation(node) {
        return;
    }
    let mut left = &*node.left;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        if is_identity(op)
            && let Some(mistake) = judge(ctx.model, left, right)
            && !(matches!(mistake, Mistake::Names(..)) && asks_for_singleton(node))
            && let Some(operator) = operator_range(ctx, left, right)
        {
            let pair = Pair { left, right, operator, negated: *op == CmpOp::IsNot };
            report(pair, mistake, ctx);
        }
        left = right;
    }
}

/// `a is b is None` asks whether all are `None`, whatever their annotations say.
fn asks_for_singleton(node: &ast::ExprCompare) -> bool {
    node.comparators.iter().chain([&*node.left]).any(is_singleton_literal)
}

/// Two operands with `is` or `is not` between them.
#[derive(Clone, Copy)]
struct Pair<'a> {
    left: &'a Expr,
    right: &'a Expr,
    operator: TextRange,
    negated: bool,
}

/// Why comparing a pair by identity is wrong.
#[derive(Clone, Copy)]
enum Mistake<'a> {
    /// This side is a constant, which the interpreter may share or copy as it likes.
    Constant(&'a Expr),
    /// This side is a new object of this kind whenever the line runs.
    Fresh(&'a Expr, &'static str),
    /// `id(a) is id(b)`: the arguments.
    TwoIds(&'a Expr, &'a Expr),
    /// This side calls a builtin that gives a plain value: the call and the builtin's name.
    ValueCall(&'a Expr, &'a ast::ExprCall, &'a str),
    /// Two names of values of these types.
    Names(&'static str, &'static str),
}

fn judge<'a>(model: &Model<'a>, left: &'a Expr, right: &'a Expr) -> Option<Mistake<'a>> {
    // Nearly every `is` of good code ends here.
    if is_singleton_literal(left) || is_singleton_literal(right) || is_missing(left) || is_missing(right) {
        return None;
    }
    let mistake = match (operand(model, left), operand(model, right)) {
        (Operand::Singleton, _) | (_, Operand::Singleton) => return None,
        (Operand::Fresh(kind), _) => Mistake::Fresh(left, kind),
        (_, Operand::Fresh(kind)) => Mistake::Fresh(right, kind),
        (Operand::Constant, _) => Mistake::Constant(left),
        (_, Operand::Constant) => Mistake::Constant(right),
        (Operand::Identity(a), Operand::Identity(b)) => Mistake::TwoIds(a, b),
        (Operand::Class, _) | (_, Operand::Class) => return None,
        (Operand::ValueCall(call, name), _) => Mistake::ValueCall(left, call, name),
        (_, Operand::ValueCall(call, name)) => Mistake::ValueCall(right, call, name),
        (Operand::Name(a), Operand::Name(b)) => {
            let types = (value_type(model, left)?, value_type(model, right)?);
            let are_items = types.0 != "int" && types.1 != "int" && same_container(model, a, b);
            if are_items || may_share(model, a, b) || same_maker(model, a, b) {
                return None;
            }
            Mistake::Names(types.0, types.1)
        }
        _ => return None,
    };
    (!binds(model, left, right) && !binds(model, right, left)).then_some(mistake)
}

// What an operand is.

/// What one operand is, as far as identity goes.
enum Operand<'a> {
    /// Exists once and is made for `is`: `NotImplemented`, `not x`.
    Singleton,
    Constant,
    Fresh(&'static str),
    /// A call of the builtin `id`: its argument.
    Identity(&'a Expr),
    ValueCall(&'a ast::ExprCall, &'a str),
    Class,
    Name(SymbolId),
    Unknown,
}

fn operand<'a>(model: &Model<'a>, expr: &'a Expr) -> Operand<'a> {
    match expr {
        Expr::Named(node) => operand(model, &node.value),
        Expr::List(_) | Expr::ListComp(_) => Operand::Fresh("list"),
        Expr::Dict(_) | Expr::DictComp(_) => Operand::Fresh("dict"),
        Expr::Set(_) | Expr::SetComp(_) => Operand::Fresh("set"),
        Expr::Generator(_) => Operand::Fresh("generator"),
        Expr::Lambda(_) => Operand::Fresh("lambda"),
        Expr::Tuple(node) => tuple_operand(node),
        Expr::FString(_) => Operand::Constant,
        Expr::If(node) => match (operand(model, &node.body), operand(model, &node.orelse)) {
            (Operand::Constant, Operand::Constant) => Operand::Constant,
            _ => Operand::Unknown,
        },
        Expr::Call(node) => call_operand(model, node),
        Expr::Name(node) => name_operand(model, node),
        _ => match constant(expr) {
            Some(Constant::Singleton) => Operand::Singleton,
            Some(_) => Operand::Constant,
            None => Operand::Unknown,
        },
    }
}

/// `(1, 2)` is a constant and `(*items,)` may be the one empty tuple; any other tuple is built when the line runs.
fn tuple_operand<'a>(node: &ast::ExprTuple) -> Operand<'a> {
    let is_constant = node.elts.iter().all(|element| constant(element).is_some());
    let may_be_empty = node.elts.iter().all(Expr::is_starred_expr);
    if is_constant || may_be_empty { Operand::Constant } else { Operand::Fresh("tuple") }
}

fn call_operand<'a>(model: &Model<'a>, call: &'a ast::ExprCall) -> Operand<'a> {
    match (model.builtin_name(&call.func), &*call.arguments.args) {
        (Some("id"), [argument]) => Operand::Identity(argument),
        (Some("id"), _) => Operand::Unknown,
        (Some(name), _) if VALUE_CALLS.contains(&name) => Operand::ValueCall(call, name),
        _ => Operand::Unknown,
    }
}

fn name_operand<'a>(model: &Model<'a>, name: &ast::ExprName) -> Operand<'a> {
    let Some(symbol) = model.symbol_of(name) else { return Operand::Unknown };
    if model.symbol_scope(symbol) != ScopeId::BUILTINS {
        return if model.class_of(symbol).is_some() { Operand::Class } else { Operand::Name(symbol) };
    }
    match name.id.as_str() {
        "NotImplemented" | "Ellipsis" | "__debug__" => Operand::Singleton,
        name if CLASSES.contains(&name) => Operand::Class,
        _ => Operand::Name(symbol),
    }
}

fn is_singleton_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_))
}

/// Whether the parser only filled a gap here: `x is` and nothing more, `x is is 5`.
fn is_missing(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.ctx == ExprContext::Invalid || is_keyword(&name.id))
}

/// The type's name, if `expr` is certainly a value whose identity means nothing.
fn value_type(model: &Model, expr: &Expr) -> Option<&'static str> {
    let symbol = model.symbol_of(expr.as_name_expr()?)?;
    match declared_type(model, symbol).or_else(|| model.type_of(expr))? {
        Type::Int => Some("int"),
        Type::Str => Some("str"),
        Type::Float => Some("float"),
        Type::Bytes => Some("bytes"),
        Type::Tuple => Some("tuple"),
        _ => None,
    }
}

/// What the variable's annotation promises, however often it is rebound. `x: int = None` is silently optional.
fn declared_type<'a>(model: &Model<'a>, symbol: SymbolId) -> Option<Type<'a>> {
    model.bindings(symbol).find_map(|binding| {
        let annotation = match binding.kind {
            BindingKind::Parameter(node) if node.default().is_some_and(Expr::is_none_literal_expr) => {
                return Some(Type::None);
            }
            BindingKind::Parameter(node) => node.parameter.annotation.as_deref()?,
            BindingKind::Annotated(node) => &node.annotation,
            _ => return None,
        };
        let annotation = match annotation {
            Expr::StringLiteral(string) => model.string_annotation(string)?,
            _ => annotation,
        };
        // For type checkers `float` takes in `int`, which is as much a value.
        if model.is_builtin(annotation, "float") { Some(Type::Float) } else { model.annotated_type(annotation) }
    })
}

// When two operands may rightly be one object.

/// Whether both names may hold the very same object on purpose: one is the other, was bound to it, has it as its
/// default, both were bound to the same third name, or a function gives one of them away.
fn may_share(model: &Model, a: SymbolId, b: SymbolId) -> bool {
    let others = sources(model, b);
    is_handed_out(model, a) || is_handed_out(model, b) || sources(model, a).iter().any(|symbol| others.contains(symbol))
}

/// The variable itself and those that it takes its object from.
fn sources(model: &Model, symbol: SymbolId) -> Vec<SymbolId> {
    let mut found = vec![symbol];
    let mut at = 0;
    while let Some(&symbol) = found.get(at)
        && at < MAX_ALIASES
    {
        for binding in model.bindings(symbol) {
            let value = match binding.kind {
                BindingKind::Parameter(node) => node.default(),
                _ => binding.value(),
            };
            let taken = value.and_then(|value| passed_on(model, value)).and_then(|name| model.symbol_of(name));
            found.extend(taken.filter(|taken| !found.contains(taken)));
        }
        at += 1;
    }
    found
}

/// The name whose object `value` gives: itself, or converted to the type that it may have already, as `tuple(x)` is `x`
/// for a tuple.
fn passed_on<'a>(model: &Model, value: &'a Expr) -> Option<&'a ast::ExprName> {
    match value {
        Expr::Name(name) => Some(name),
        Expr::Call(call) => {
            let [argument] = &*call.arguments.args else { return None };
            let converts = matches!(model.builtin_name(&call.func)?, "int" | "float" | "str" | "bytes" | "tuple");
            argument.as_name_expr().filter(|_| converts)
        }
        _ => None,
    }
}

/// Whether a function of the file returns the module's variable, alone or in a tuple: what came back may be that very object.
fn is_handed_out(model: &Model, symbol: SymbolId) -> bool {
    model.symbol_scope(symbol) == ScopeId::MODULE
        && model.reads(symbol).any(|read| {
            let mut around = model.ancestors(read.node).map(|id| model.node(id));
            let holder = around.find(|node| !matches!(node, AnyNodeRef::ExprTuple(_)));
            matches!(holder, Some(AnyNodeRef::StmtReturn(_)))
        })
}

/// Whether both names were made by calls of one function, which may hand out the same object: `sys.intern`, a cache.
fn same_maker(model: &Model, a: SymbolId, b: SymbolId) -> bool {
    let maker = |symbol| {
        let call = model.only_binding(symbol)?.value()?.as_call_expr()?;
        let is_function = call.func.is_name_expr() || model.qualified_name(&call.func).is_some();
        (is_function && model.builtin_name(&call.func).is_none()).then(|| model.slice(&*call.func))
    };
    maker(a).is_some_and(|made| maker(b) == Some(made))
}

/// Whether both names are items of one container: `is` tells whether it is the same item. Not asked about ints, as
/// those of a `range` are made on the way.
fn same_container(model: &Model, a: SymbolId, b: SymbolId) -> bool {
    let container = |symbol| match model.only_binding(symbol)?.kind {
        BindingKind::For(node) => Some(model.slice(&*node.iter)),
        BindingKind::Comprehension(node) => Some(model.slice(&node.iter)),
        _ => None,
    };
    container(a).is_some_and(|iterated| container(b) == Some(iterated))
}

/// Whether `expr` is a walrus that binds the name `other`: `(y := []) is y`.
fn binds(model: &Model, expr: &Expr, other: &Expr) -> bool {
    let (Expr::Named(node), Expr::Name(other)) = (expr, other) else { return false };
    let target = node.target.as_name_expr().and_then(|target| model.symbol_of(target));
    target.is_some() && target == model.symbol_of(other)
}

// What is reported.

impl<'a> Pair<'a> {
    fn identity(&self) -> &'static str {
        if self.negated { "is not" } else { "is" }
    }

    fn equality(&self) -> &'static str {
        if self.negated { "!=" } else { "==" }
    }

    fn outcome(&self) -> &'static str {
        if self.negated { "True" } else { "False" }
    }

    fn other(&self, side: &Expr) -> &'a Expr {
        if std::ptr::eq(side, self.left) { self.right } else { self.left }
    }

    /// The comparison as it is written; where that makes the message too long, the operator with the telling side.
    fn message(&self, model: &Model, side: Option<&Expr>, rest: &str) -> String {
        let operator = self.identity();
        let whole = format!("`{} {operator} {}` {rest}", shown(model, self.left), shown(model, self.right));
        let part = side.map(|side| format!("`{operator}` with `{}` {rest}", shown(model, side)));
        let fits = |text: &String| text.chars().count() <= MESSAGE_WIDTH;
        [Some(whole), part].into_iter().flatten().find(fits).unwrap_or_else(|| format!("`{operator}` here {rest}"))
    }
}

fn report<'a>(pair: Pair<'a>, mistake: Mistake<'a>, ctx: &mut Context<'_, 'a>) {
    let severity = match mistake {
        Mistake::Constant(_) | Mistake::Fresh(..) | Mistake::TwoIds(..) => Severity::Error,
        Mistake::ValueCall(..) => Severity::Warning,
        Mistake::Names(..) => Severity::Info,
    };
    let mut finding = Finding::new(pair.operator, message(&pair, &mistake, ctx.model))
        .severity(severity)
        .name("left", shown(ctx.model, pair.left))
        .name("right", shown(ctx.model, pair.right))
        .steps(move |code| steps(&pair, &mistake, code))
        .fix(move |code| fix(&pair, &mistake, code));
    for side in [pair.left, pair.right] {
        if let Expr::Name(name) = side
            && let Some(binding) = ctx.model.symbol_of(name).and_then(|symbol| ctx.model.only_binding(symbol))
        {
            finding = finding.related(binding.range, format!("`{}` is bound here", name.id));
        }
    }
    ctx.report(finding);
}

fn message(pair: &Pair, mistake: &Mistake, model: &Model) -> String {
    let (equality, outcome) = (pair.equality(), pair.outcome());
    let (side, rest) = match *mistake {
        Mistake::Constant(side) => {
            (Some(side), format!("depends on the interpreter: equal values may be two objects; use `{equality}`"))
        }
        Mistake::Fresh(side, kind @ ("lambda" | "generator")) => {
            (Some(side), format!("is always {outcome}: the {kind} written here is a new object each time"))
        }
        Mistake::Fresh(side, kind) => {
            (Some(side), format!("is always {outcome}: the {kind} written here is a new object; use `{equality}`"))
        }
        Mistake::TwoIds(a, b) => {
            let objects = format!("{} {} {}", shown(model, a), pair.identity(), shown(model, b));
            (None, format!("compares two new numbers, not the objects; use `{equality}`, or `{objects}`"))
        }
        Mistake::ValueCall(side, call, name) if is_nan(call, name) => {
            (Some(side), format!("is always {outcome}: a new `nan` is equal to nothing; use `math.isnan`"))
        }
        Mistake::ValueCall(side, _, name) => {
            (Some(side), format!("depends on the interpreter: `{name}()` may make a new object; use `{equality}`"))
        }
        Mistake::Names(a, b) if a == b => {
            (None, format!("asks whether two {a} values are one object; use `{equality}` to compare them"))
        }
        Mistake::Names(a, b) => (None, format!("asks whether values of {a} and {b} are one object; use `{equality}`")),
    };
    pair.message(model, side, &rest)
}

/// What happens in the reader's code, line by line.
fn steps(pair: &Pair, mistake: &Mistake, code: &Code) -> Vec<Step> {
    let model = code.model;
    let step = |range: TextRange, text: String| Step::new(range, format!("line {}: {text}", code.line(range)));
    let asks = |other: &Expr| {
        let text = format!("`{}` asks whether `{}` is that very object", pair.identity(), shown(model, other));
        step(pair.operator, format!("{text}; `{}` asks about the value", pair.equality()))
    };
    match *mistake {
        Mistake::Constant(side) => {
            vec![step(side.range(), about_constant(model, side)), asks(pair.other(side))]
        }
        Mistake::Fresh(side, kind) => {
            let other = shown(model, pair.other(side));
            let answer = format!("`{other}` is another object, so `{}` gives {}", pair.identity(), pair.outcome());
            let kind = if kind == "lambda" { "function" } else { kind };
            vec![
                step(side.range(), format!("Python makes a new {kind} whenever it gets here")),
                step(pair.operator, answer),
            ]
        }
        Mistake::TwoIds(a, b) => {
            let (a, b) = (shown(model, a), shown(model, b));
            let outcome = pair.outcome();
            vec![
                step(pair.left.range(), format!("`id({a})` makes an int, and so does `id({b})`")),
                step(
                    pair.operator,
                    format!("in CPython these are two objects, so this is {outcome} even if `{a}` is `{b}`"),
                ),
            ]
        }
        Mistake::ValueCall(side, call, name) => {
            vec![step(call.range(), about_call(name)), asks(pair.other(side))]
        }
        Mistake::Names(..) => {
            let mut steps: Vec<Step> = [pair.left, pair.right]
                .into_iter()
                .filter_map(|expr| {
                    let binding = model.bindings(model.symbol_of(expr.as_name_expr()?)?).next()?;
                    let kind = value_type(model, expr)?;
                    Some(step(binding.range, format!("`{}` is {} value", shown(model, expr), article(kind))))
                })
                .collect();
            let text = format!("`{}` asks whether both are one object, not whether they are equal", pair.identity());
            steps.push(step(pair.operator, text));
            steps
        }
    }
}

/// Why the identity of a constant means nothing.
fn about_constant(model: &Model, side: &Expr) -> String {
    let text = shown(model, side);
    let side = without_walrus(side);
    if side.is_f_string_expr() {
        return format!("`{text}` is put together when the line runs, usually as a new object");
    }
    if is_kept(side) {
        return format!("CPython happens to keep a single object of `{text}`, so this may seem to work");
    }
    if is_int(side) {
        return format!("`{text}` is not one of the ints from -5 to 256 of which CPython keeps a single object");
    }
    format!("`{text}` is stored with this code; an equal value made at run time may well be another object")
}

fn about_call(name: &str) -> String {
    match name {
        "len" | "ord" | "hash" => {
            "the call gives an int; only of those from -5 to 256 does CPython keep single objects".to_owned()
        }
        "repr" => "the call gives a str, usually as a new object".to_owned(),
        "bytes" => "the call gives bytes: a new object, or the argument itself if that is bytes already".to_owned(),
        _ => format!("the call gives {}: a new object, or the argument itself if it is one already", article(name)),
    }
}

fn article(kind: &str) -> String {
    if kind == "int" { format!("an {kind}") } else { format!("a {kind}") }
}

/// An operand as it is written, on one line and not too long. An f-string's own text says nothing here.
fn shown(model: &Model, expr: &Expr) -> String {
    if expr.is_f_string_expr() {
        return "f\"…\"".to_owned();
    }
    let mut text = model.slice(expr).split_whitespace().collect::<Vec<_>>().join(" ");
    if matches!(expr, Expr::Named(_) | Expr::Lambda(_) | Expr::If(_)) {
        text = format!("({text})");
    }
    if text.chars().count() > OPERAND_WIDTH {
        text = text.chars().take(OPERAND_WIDTH - 1).chain(['…']).collect();
    }
    text
}

// How it is mended.

/// Replaces the operator. Not where `==` would be as wrong: with what equals nothing else, or on `self` in its own
/// `__eq__`.
fn fix(pair: &Pair, mistake: &Mistake, code: &Code) -> Option<Fix> {
    let model = code.model;
    let refused = has_comment(code.tokens, pair.operator)
        || equals_nothing(mistake)
        || is_self_in_equality(model, pair.left)
        || is_self_in_equality(model, pair.right);
    if refused {
        return None;
    }
    let title = format!("Compare values with `{}`", pair.equality());
    let edits = vec![Edit::replace(pair.operator, pair.equality())];
    let is_known = match *mistake {
        Mistake::Constant(side) | Mistake::Fresh(side, _) => is_builtin_value(model, pair.other(side)),
        Mistake::ValueCall(..) => is_builtin_value(model, pair.left) && is_builtin_value(model, pair.right),
        Mistake::TwoIds(..) | Mistake::Names(..) => true,
    };
    let caveat = format!("a class may define `{}` in its own way", pair.equality());
    Some(if is_known { Fix::safe(title, edits) } else { Fix::r#unsafe(title, caveat, edits) })
}

fn equals_nothing(mistake: &Mistake) -> bool {
    match mistake {
        Mistake::Fresh(_, kind) => matches!(*kind, "lambda" | "generator"),
        Mistake::ValueCall(_, call, name) => is_nan(call, name),
        _ => false,
    }
}

/// `float("nan")`, in the spellings that `float` takes.
fn is_nan(call: &ast::ExprCall, name: &str) -> bool {
    let [Expr::StringLiteral(text)] = &*call.arguments.args else { return false };
    let text = text.value.to_str().trim();
    name == "float" && text.strip_prefix(['+', '-']).unwrap_or(text).eq_ignore_ascii_case("nan")
}

/// Whether `expr` is `self` in the code of `__eq__` or `__ne__`, which `==` or `!=` would call again.
fn is_self_in_equality(model: &Model, expr: &Expr) -> bool {
    let Some(symbol) = expr.as_name_expr().and_then(|name| model.symbol_of(name)) else { return false };
    let ScopeKind::Function(function) = model.scope(model.symbol_scope(symbol)).kind else { return false };
    let first = function.parameters.iter_non_variadic_params().next();
    matches!(function.name.as_str(), "__eq__" | "__ne__")
        && first.is_some_and(|first| first.name().as_str() == model.name(symbol))
        && model.class_of_method(function).is_some()
}

/// Whether `==` on `expr` is the builtin types' own, which gives a bool and changes nothing.
fn is_builtin_value(model: &Model, expr: &Expr) -> bool {
    let overloads = |kind: Type| matches!(kind, Type::Instance(_) | Type::Class(_) | Type::External(_));
    value_type(model, expr).is_some()
        || is_module_name(model, expr)
        || model.type_of(expr).is_some_and(|kind| !overloads(kind))
}

/// `__name__`, a str in every module
/// (<https://docs.python.org/3/reference/datamodel.html#module.__name__>).
fn is_module_name(model: &Model, expr: &Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    let symbol = model.symbol_of(name).filter(|symbol| model.symbol_scope(*symbol) == ScopeId::BUILTINS);
    symbol.is_some() && name.id.as_str() == "__name__"
}

// Where things stand.

fn without_walrus(expr: &Expr) -> &Expr {
    match expr {
        Expr::Named(node) => without_walrus(&node.value),
        _ => expr,
    }
}

/// From `is` to the end of the operator, which may spread over lines.
fn operator_range(code: &Code, left: &Expr, right: &Expr) -> Option<TextRange> {
    if right.start() < left.end() {
        return None;
    }
    let between = code.tokens.between(left.end(), right.start());
    let is_operator = |kind: TokenKind| matches!(kind, TokenKind::Is | TokenKind::Not);
    let mut operator = between.iter().filter(|token| is_operator(token.kind())).map(Ranged::range);
    let first = operator.next()?;
    Some(operator.fold(first, TextRange::cover))
}
