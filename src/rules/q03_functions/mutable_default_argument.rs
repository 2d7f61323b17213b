//! A default is evaluated once, when `def` runs, and kept in `__defaults__` or `__kwdefaults__`
//! (<https://docs.python.org/3/reference/compound_stmts.html#function-definitions>): one that can be changed is shared by all
//! calls that rely on it. What the body does with it decides how bad that is.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, Pattern, PythonVersion, Stmt, StringFlags};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::mutable::MutableValue;
use crate::python::uses::{Body, Uses};
use crate::python::{BindingKind, Model, NodeId, ScopeId, ScopeKind, SymbolId};
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
            check_default(Shared { function, parameter, default, value }, ctx);
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
    let Shared { function, parameter, value, .. } = shared;
    let Some(symbol) = ctx.model.lookup(function.scope, parameter.parameter.name.as_str()) else { return };
    let model = ctx.model;
    if is_never_run(&function, ctx)
        || is_bound_on_purpose(&shared, model)
        || is_cell(symbol, &shared, model)
        || is_sentinel(symbol, model)
        || is_cache(symbol, &shared, model)
    {
        return;
    }
    let uses = ctx.model.uses_of(symbol, function.scope, function.body(), &value);
    let is_read_only = || {
        let annotation = parameter.parameter.annotation.as_deref();
        annotation.is_some_and(|annotation| model.is_read_only_annotation(annotation))
    };
    let Some(damage) = Damage::of(&uses, &value, shared.default).filter(|damage| damage.is_change() || !is_read_only())
    else {
        return;
    };
    if !outlives_the_call_around(&shared, &uses, ctx.model) {
        return;
    }
    let finding = Finding::new(shared.default.range(), damage.message(&shared, ctx.model));
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
            .name("default", one_line(ctx.model.slice(shared.default)))
            .steps(move |code| steps(&shared, damage, code))
            .fix(move |code| fix(&shared, symbol, code)),
    );
}

/// A default that all calls share, and what it belongs to.
#[derive(Clone, Copy)]
struct Shared<'a> {
    function: Function<'a>,
    parameter: &'a ast::ParameterWithDefault,
    default: &'a Expr,
    value: MutableValue,
}

#[derive(Clone, Copy)]
struct Function<'a> {
    kind: FunctionKind<'a>,
    class: Option<&'a ast::StmtClassDef>,
    scope: ScopeId,
    node: NodeId,
}

#[derive(Clone, Copy)]
enum FunctionKind<'a> {
    Def(&'a ast::StmtFunctionDef),
    Lambda(&'a ast::ExprLambda),
}

impl<'a> Function<'a> {
    /// The function that has these parameters.
    fn with(parameters: &'a ast::Parameters, model: &Model<'a>) -> Option<Self> {
        let parent = model.parent_of(parameters)?;
        let (kind, scope) = match parent {
            AnyNodeRef::StmtFunctionDef(node) => (FunctionKind::Def(node), model.scope_opened_by(node)?),
            AnyNodeRef::ExprLambda(node) => (FunctionKind::Lambda(node), model.scope_opened_by(node)?),
            _ => return None,
        };
        let class = match kind {
            FunctionKind::Def(node) => model.class_of_method(node),
            FunctionKind::Lambda(_) => None,
        };
        Some(Function { kind, class, scope, node: model.id(&parent)? })
    }

    fn body(&self) -> Body<'a> {
        match self.kind {
            FunctionKind::Def(node) => Body::Statements(&node.body),
            FunctionKind::Lambda(node) => Body::Expression(&node.body),
        }
    }

    fn name(&self) -> &'a str {
        match self.kind {
            FunctionKind::Def(node) => node.name.as_str(),
            FunctionKind::Lambda(_) => "lambda",
        }
    }

    /// As a text speaks of it.
    fn shown(&self) -> String {
        match (self.kind, self.class) {
            (FunctionKind::Def(node), Some(class)) if node.name.starts_with("__") => {
                format!("`{}.{}`", class.name, node.name)
            }
            (FunctionKind::Def(node), _) => format!("`{}`", node.name),
            (FunctionKind::Lambda(_), _) => "this lambda".to_owned(),
        }
    }
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
            shared.parameter.parameter.name,
            shared.value.class,
            shared.function.shown()
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
    let Shared { function, parameter, default, value } = shared;
    let name = parameter.parameter.name.as_str();
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

/// Code for a text of one line.
fn one_line(code: &str) -> String {
    const LONGEST: usize = 60;
    let mut line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    line
}

// Where it is fine.

/// Stubs, overloads, protocols, abstract methods and code for type checkers: the default is a promise, never used.
fn is_never_run(function: &Function, ctx: &Context) -> bool {
    let model = ctx.model;
    if ctx.source.kind() == SourceKind::Stub || model.is_type_checking_only(function.node) {
        return true;
    }
    let FunctionKind::Def(node) = function.kind else { return false };
    let has_decorator = |is: &dyn Fn(&Expr) -> bool| node.decorator_list.iter().any(|it| is(&it.expression));
    if has_decorator(&|it| model.is_typing_member(it, "overload")) {
        return true;
    }
    match stub_body(&node.body) {
        None => false,
        Some(Stub::Explicit) => true,
        Some(Stub::Empty) => {
            has_decorator(&|it| model.qualified_name(it).is_some_and(|name| is_abstract_decorator(name.as_str())))
                || function.class.is_some_and(|class| is_protocol(class, model))
        }
    }
}

fn is_abstract_decorator(path: &str) -> bool {
    path.strip_prefix("abc.").is_some_and(|name| name.starts_with("abstract"))
}

fn is_protocol(class: &ast::StmtClassDef, model: &Model) -> bool {
    class.bases().iter().any(|base| {
        let base = if let Expr::Subscript(node) = base { &node.value } else { base };
        model.is_typing_member(base, "Protocol")
    })
}

/// A body without code.
enum Stub {
    /// `...` or `raise NotImplementedError`: somebody else has the code.
    Explicit,
    /// `pass` or a docstring: nothing happens.
    Empty,
}

fn stub_body(body: &[Stmt]) -> Option<Stub> {
    let mut stub = Stub::Empty;
    for stmt in body {
        match stmt {
            Stmt::Pass(_) => {}
            Stmt::Expr(node) if node.value.is_string_literal_expr() => {}
            Stmt::Expr(node) if node.value.is_ellipsis_literal_expr() => stub = Stub::Explicit,
            Stmt::Raise(node) if node.exc.as_deref().is_some_and(is_not_implemented) => stub = Stub::Explicit,
            _ => return None,
        }
    }
    Some(stub)
}

fn is_not_implemented(raised: &Expr) -> bool {
    let class = if let Expr::Call(call) = raised { &call.func } else { raised };
    matches!(class, Expr::Name(name) if name.id == "NotImplementedError")
}

/// `def f(rows=rows)`, or as default a variable that the function around goes on to use: made to share that very object.
fn is_bound_on_purpose(shared: &Shared, model: &Model) -> bool {
    let parameter = shared.parameter.parameter.name.trim_matches('_');
    let is_same = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.trim_matches('_') == parameter);
    let is_used_around = |symbol: SymbolId| {
        matches!(model.scope(model.symbol_scope(symbol)).kind, ScopeKind::Function(_))
            && model.reads(symbol).count() > 1
    };
    if shared.value.named.is_some_and(is_used_around) {
        return true;
    }
    match shared.default {
        Expr::BoolOp(node) => node.values.iter().any(is_same),
        default => is_same(default),
    }
}

/// `def step(count=[0]): count[0] += 1` inside a function: variables that the calls share, in the way before `nonlocal`.
fn is_cell(symbol: SymbolId, shared: &Shared, model: &Model) -> bool {
    let around = model.scope_of(shared.function.node);
    let item_of = |expr: &ast::ExprName| match model.parent_of(expr)? {
        AnyNodeRef::ExprSubscript(node) if !node.slice.is_slice_expr() && node.value.range() == expr.range => {
            Some(node)
        }
        _ => None,
    };
    matches!(model.scope(around).kind, ScopeKind::Function(_))
        && matches!(shared.default, Expr::List(list)
            if !list.is_empty() && list.iter().all(|element| element.is_literal_expr() || element.is_name_expr()))
        && model.bindings(symbol).count() == 1
        && model.reads(symbol).all(|read| item_of(read.expr).is_some())
        && model.reads(symbol).any(|read| item_of(read.expr).is_some_and(|item| item.ctx.is_store()))
}

/// `def look_up(key, _missing=[])` that asks `value is _missing`: the object stands for itself.
fn is_sentinel(symbol: SymbolId, model: &Model) -> bool {
    model.reads(symbol).any(|read| match model.parent_of(read.expr) {
        Some(AnyNodeRef::ExprCompare(node)) => {
            let is_constant = |side: &Expr| side.is_none_literal_expr() || side.is_boolean_literal_expr();
            matches!(&*node.ops, [CmpOp::Is | CmpOp::IsNot])
                && !is_constant(&node.left)
                && !node.comparators.iter().any(is_constant)
        }
        _ => false,
    })
}

/// A parameter whose name says that it is a memory between calls, and that no call of the file passes.
fn is_cache(symbol: SymbolId, shared: &Shared, model: &Model) -> bool {
    let name = shared.parameter.parameter.name.as_str();
    let is_word = |word: &str| {
        let word = word.to_ascii_lowercase();
        matches!(word.as_str(), "cache" | "caches" | "cached" | "memo" | "memos" | "memoize" | "memoized")
    };
    name.split('_').any(is_word) && !calls_of(&shared.function, model).any(|call| passes(call, symbol, shared, model))
}

/// The calls of a function in the file, as far as its name tells.
fn calls_of<'m, 'a>(function: &Function<'a>, model: &'m Model<'a>) -> impl Iterator<Item = &'a ast::ExprCall> + 'm {
    let own = bound_name(function, model);
    let attribute = match function.kind {
        FunctionKind::Def(node) => function.class.map(|_| node.name.as_str()),
        FunctionKind::Lambda(_) => None,
    };
    model.nodes().filter_map(move |(_, node)| {
        let AnyNodeRef::ExprCall(call) = node else { return None };
        let is_call_of = match &*call.func {
            Expr::Name(name) => own.is_some() && model.symbol_of(name) == own,
            Expr::Attribute(method) => attribute == Some(method.attr.as_str()),
            _ => false,
        };
        is_call_of.then_some(call)
    })
}

/// The variable that a function is bound to; for `__init__`, its class.
fn bound_name(function: &Function, model: &Model) -> Option<SymbolId> {
    match function.kind {
        FunctionKind::Def(node) if matches!(node.name.as_str(), "__init__" | "__new__") => {
            model.symbol_bound_at(model.id(function.class?)?)
        }
        FunctionKind::Def(_) => model.symbol_bound_at(function.node),
        FunctionKind::Lambda(node) => match model.parent_of(node)? {
            AnyNodeRef::StmtAssign(assign) => model.symbol_of(assign.targets.first()?.as_name_expr()?),
            _ => None,
        },
    }
}

/// Whether a call gives the parameter a value of its own. Handing the parameter on in a recursive call does not.
fn passes(call: &ast::ExprCall, symbol: SymbolId, shared: &Shared, model: &Model) -> bool {
    argument_for(call, shared, model)
        .is_some_and(|argument| argument.as_name_expr().and_then(|name| model.symbol_of(name)) != Some(symbol))
}

fn argument_for<'c>(call: &'c ast::ExprCall, shared: &Shared, model: &Model) -> Option<&'c Expr> {
    let name = shared.parameter.parameter.name.as_str();
    if let Some(keyword) = call.arguments.find_keyword(name) {
        return Some(&keyword.value);
    }
    let parameters = match shared.function.kind {
        FunctionKind::Def(node) => &node.parameters,
        FunctionKind::Lambda(node) => node.parameters.as_ref()?,
    };
    let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
    let position = positional.position(|parameter| parameter.range == shared.parameter.range)?;
    let is_bound = match shared.function.kind {
        FunctionKind::Def(node) => {
            shared.function.class.is_some()
                && !node.decorator_list.iter().any(|it| model.is_builtin(&it.expression, "staticmethod"))
        }
        FunctionKind::Lambda(_) => false,
    };
    let arguments = &call.arguments.args;
    let argument = arguments.get(position.checked_sub(usize::from(is_bound))?)?;
    (!arguments.iter().any(Expr::is_starred_expr)).then_some(argument)
}

/// Whether a default is shared by more than one call of the function around: not if a nested function is only called right there,
/// and no two results of it are the same object.
fn outlives_the_call_around(shared: &Shared, uses: &Uses, model: &Model) -> bool {
    let FunctionKind::Def(node) = shared.function.kind else { return true };
    let around = model.scope_of(shared.function.node);
    let is_nested = matches!(model.scope(around).kind, ScopeKind::Function(_));
    if !is_nested || !node.decorator_list.is_empty() {
        return true;
    }
    let Some(symbol) = model.symbol_bound_at(shared.function.node) else { return true };
    let mut calls = 0;
    let mut results = 0;
    for read in model.reads(symbol) {
        let Some(AnyNodeRef::ExprCall(call)) = model.parent_of(read.expr) else { return true };
        if call.func.range() != read.expr.range {
            return true;
        }
        calls += 1;
        if model.scope_is_within(read.scope, shared.function.scope) {
            continue;
        }
        if model.function_scope(read.scope) != around {
            return true;
        }
        if argument_for(call, shared, model).is_none() && is_result_used(call, model) {
            let repeats = read.scope != around || model.loops_around(read.node).next().is_some();
            results += if repeats { 2 } else { 1 };
        }
    }
    calls == 0 || results > 1 && uses.escapes().is_some()
}

fn is_result_used(call: &ast::ExprCall, model: &Model) -> bool {
    match model.parent_of(call) {
        Some(AnyNodeRef::StmtExpr(_)) => false,
        Some(AnyNodeRef::ExprAwait(node)) => !matches!(model.parent_of(node), Some(AnyNodeRef::StmtExpr(_))),
        _ => true,
    }
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
    let FunctionKind::Def(function) = shared.function.kind else { return None };
    let model = code.model;
    if function.decorator_list.iter().any(|it| reads_signature(&it.expression, model))
        || !means_the_same_inside(shared, model)
        || none_has_meaning(symbol, model)
    {
        return None;
    }
    let mut edits = vec![Edit::replace(default_range(shared, code), "None")];
    if let Some(annotation) = shared.parameter.parameter.annotation.as_deref() {
        widen(annotation, shared.function.node, code, &mut edits);
    }
    let body = fresh_value(shared, code)?;
    edits.extend(Insertion::find(function, shared, code)?.edits(shared.parameter.parameter.name.as_str(), &body));
    let class = shared.value.class;
    let title = format!("Default to `None` and make the {class} in the body");
    Some(Fix::r#unsafe(title, format!("does something rely on the shared {class}?"), edits))
}

/// Decorators of frameworks that make options, query parameters or fixtures out of the signature.
fn reads_signature(decorator: &Expr, model: &Model) -> bool {
    let callee = if let Expr::Call(call) = decorator { &call.func } else { decorator };
    if let Some(name) = model.qualified_name(callee) {
        let package = name.as_str().split('.').next().unwrap_or_default();
        if matches!(package, "fastapi" | "typer" | "click" | "pytest" | "pytest_asyncio" | "pydantic") {
            return true;
        }
    }
    // `@app.get("/")`, `@cli.command()`: the object is usually made elsewhere.
    matches!(callee, Expr::Attribute(method) if matches!(
        method.attr.as_str(),
        "get" | "post" | "put" | "delete" | "patch" | "options" | "head" | "trace" | "route" | "api_route" | "websocket"
            | "command" | "group" | "callback" | "fixture" | "tool" | "task"
    ))
}

/// Whether the default gives the same when the body evaluates it: all its names are those of the body, and keep their values.
fn means_the_same_inside(shared: &Shared, model: &Model) -> bool {
    let root = model.expr_id(shared.default);
    let mut nodes = model.nodes().skip_while(|(id, _)| *id != root);
    nodes.by_ref().take_while(|(id, _)| model.is_within(*id, root)).all(|(_, node)| match node {
        AnyNodeRef::ExprNamed(_)
        | AnyNodeRef::ExprAwait(_)
        | AnyNodeRef::ExprYield(_)
        | AnyNodeRef::ExprYieldFrom(_) => false,
        AnyNodeRef::ExprName(name) => model.symbol_of(name).is_none_or(|symbol| {
            let scope = model.symbol_scope(symbol);
            let is_own = scope != ScopeId::BUILTINS && model.is_within(model.scope(scope).node, root);
            is_own || keeps_value(name, symbol, &shared.function, model)
        }),
        _ => true,
    })
}

fn keeps_value(name: &ast::ExprName, symbol: SymbolId, function: &Function, model: &Model) -> bool {
    match model.resolve(function.scope, name.id.as_str()) {
        None => return model.symbol_scope(symbol) == ScopeId::BUILTINS,
        Some(inside) if inside != symbol => return false,
        Some(_) => {}
    }
    let loops: Vec<_> = model.loops_around(function.node).collect();
    model.bindings(symbol).all(|binding| {
        let is_stable = !matches!(
            binding.kind,
            BindingKind::For(_) | BindingKind::Comprehension(_) | BindingKind::Delete(_) | BindingKind::Except(_)
        );
        is_stable
            && binding.scope == model.symbol_scope(symbol)
            && binding.range.start() < name.start()
            && !loops.iter().any(|it| it.range().contains_range(binding.range))
    })
}

/// Whether the body asks if the parameter is `None`: then that is a value of its own.
fn none_has_meaning(symbol: SymbolId, model: &Model) -> bool {
    model.reads(symbol).any(|read| match model.parent_of(read.expr) {
        Some(AnyNodeRef::ExprCompare(node)) => {
            std::iter::once(&*node.left).chain(&node.comparators).any(|side| match side {
                Expr::NoneLiteral(_) => true,
                Expr::Tuple(tuple) => tuple.iter().any(Expr::is_none_literal_expr),
                Expr::List(list) => list.iter().any(Expr::is_none_literal_expr),
                _ => false,
            })
        }
        Some(AnyNodeRef::StmtMatch(node)) => {
            node.subject.range() == read.expr.range && node.cases.iter().any(|case| matches_none(&case.pattern))
        }
        _ => false,
    })
}

fn matches_none(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchSingleton(node) => matches!(node.value, ast::Singleton::None),
        Pattern::MatchOr(node) => node.patterns.iter().any(matches_none),
        Pattern::MatchAs(node) => node.pattern.as_deref().is_some_and(matches_none),
        _ => false,
    }
}

/// The default with the parentheses around it.
fn default_range(shared: &Shared, code: &Code) -> TextRange {
    code.tokens.parentheses(shared.default, shared.parameter.into()).unwrap_or(shared.default.range())
}

/// The source of an expression that makes the value anew.
fn fresh_value(shared: &Shared, code: &Code) -> Option<String> {
    let text = code.model.slice(default_range(shared, code));
    if shared.value.named.is_some() {
        let can_copy = !shared.value.is_nested && !matches!(shared.value.class, "array" | "tuple" | "generator");
        return (can_copy && shared.default.is_name_expr()).then(|| format!("{text}.copy()"));
    }
    let brings_brackets = text.starts_with(['[', '{', '(']) && !is_operation(shared.default)
        || matches!(shared.default, Expr::Call(call) if !code.model.slice(&*call.func).contains(['\n', '\r']));
    Some(if text.contains(['\n', '\r']) && !brings_brackets { format!("({text})") } else { text.to_owned() })
}

fn is_operation(expr: &Expr) -> bool {
    matches!(expr, Expr::BinOp(_) | Expr::BoolOp(_) | Expr::If(_) | Expr::Call(_) | Expr::Subscript(_))
}

/// Lets an annotation allow `None`, in the way that the oldest Python accepts.
fn widen(annotation: &Expr, at: NodeId, code: &Code, edits: &mut Vec<Edit>) {
    let model = code.model;
    if model.allows_none(annotation) {
        return;
    }
    if let Expr::StringLiteral(string) = annotation {
        if let (Some(part), true) = (string.value.iter().next(), !string.value.is_implicit_concatenated()) {
            let end = part.range.end() - part.flags.closer_len();
            edits.push(Edit::insert(end, " | None"));
        }
        return;
    }
    let is_union_ready = code.target_version() >= PythonVersion::PY310 || model.has_future_annotations();
    let binds_tightly = matches!(annotation, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::BinOp(_));
    if is_union_ready && binds_tightly {
        edits.push(Edit::insert(annotation.end(), " | None"));
        return;
    }
    let (optional, import) = model.import("typing", "Optional", at);
    edits.extend(import);
    edits.push(Edit::insert(annotation.start(), format!("{optional}[")));
    edits.push(Edit::insert(annotation.end(), "]"));
}

/// Where the new statement goes in a body, and what must stand around it there.
struct Insertion {
    indentation: String,
    unit: String,
    /// Edits that move the rest of a one-line body to lines of its own.
    splits: Vec<Edit>,
    place: TextRange,
    before: String,
    after: String,
}

impl Insertion {
    /// After the docstring, leading imports and the same statements for earlier parameters.
    fn find<'a>(function: &'a ast::StmtFunctionDef, shared: &Shared<'a>, code: &Code<'_, 'a>) -> Option<Insertion> {
        let model = code.model;
        let body = &function.body;
        let first = body.first()?;
        let leading = leading_statements(function, shared.parameter);
        let outer = model.indentation(model.line_start(function.start()));
        let header_end = header_end(function, first, code)?;
        let is_same_line = |from, to| !has_line_end(TextRange::new(from, to), code);
        let is_one_line = is_same_line(header_end, first.start());
        let (indentation, unit) = if is_one_line {
            let unit = model.indentation_unit(code.tokens);
            (format!("{outer}{unit}"), unit)
        } else {
            let inner = model.indentation(first.start());
            (inner.to_owned(), inner.strip_prefix(outer).filter(|unit| !unit.is_empty()).unwrap_or("    "))
        };
        let new_line = format!("\n{indentation}");
        let mut insertion = Insertion {
            unit: unit.to_owned(),
            splits: Vec::new(),
            place: TextRange::default(),
            before: new_line.clone(),
            after: String::new(),
            indentation,
        };
        let previous_end = leading.checked_sub(1).map_or(header_end, |last| body[last].end());
        let next = body.get(leading).map(Ranged::start);
        if is_one_line && leading > 0 {
            insertion.splits.push(Edit::replace(TextRange::new(header_end, first.start()), new_line.clone()));
        }
        match next {
            // On the same line: break it up here.
            Some(next) if is_same_line(previous_end, next) => {
                insertion.place = TextRange::new(previous_end, next);
                insertion.after = new_line;
            }
            _ if is_one_line => insertion.place = TextRange::empty(previous_end),
            _ => insertion.take_own_line(previous_end, next, is_prologue(body, leading), model),
        }
        Some(insertion)
    }

    /// The statement gets lines of its own after the line that ends at `previous_end`.
    fn take_own_line(&mut self, previous_end: TextSize, next: Option<TextSize>, after_prologue: bool, model: &Model) {
        let line_end = model.line_end(previous_end);
        if model.is_last_line(line_end) {
            self.place = TextRange::empty(line_end);
            return;
        }
        let mut place = model.next_line(line_end);
        // The blank line that sets a docstring off stays there.
        while after_prologue
            && next.is_some_and(|next| place < model.line_start(next))
            && model.text()[place.to_usize()..model.line_end(place).to_usize()].trim().is_empty()
        {
            place = model.next_line(model.line_end(place));
        }
        self.place = TextRange::empty(place);
        self.before = self.indentation.clone();
        self.after = "\n".to_owned();
    }

    fn edits(self, name: &str, value: &str) -> Vec<Edit> {
        let Insertion { indentation, unit, mut splits, place, before, after } = self;
        let statement = format!("{before}if {name} is None:\n{indentation}{unit}{name} = {value}{after}");
        splits.push(Edit::replace(place, statement));
        splits
    }
}

/// Whether a logical line ends in `range`: a backslash joins two lines of text to one.
fn has_line_end(range: TextRange, code: &Code) -> bool {
    code.tokens.in_range(range).iter().any(|token| token.kind() == TokenKind::Newline)
}

/// The end of the colon before the body.
fn header_end(function: &ast::StmtFunctionDef, first: &Stmt, code: &Code) -> Option<TextSize> {
    let from = function.returns.as_ref().map_or(function.parameters.end(), |returns| returns.end());
    let tokens = code.tokens.between(from, first.start());
    Some(tokens.iter().find(|token| token.kind() == TokenKind::Colon)?.end())
}

/// How many statements at the start of the body stay before the new one.
fn leading_statements(function: &ast::StmtFunctionDef, parameter: &ast::ParameterWithDefault) -> usize {
    let body = &function.body;
    let docstring = body.len() - Model::after_docstring(body).len();
    let imports =
        body[docstring..].iter().take_while(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))).count();
    let earlier: Vec<&str> = function
        .parameters
        .iter_non_variadic_params()
        .take_while(|other| other.range != parameter.range)
        .map(|other| other.parameter.name.as_str())
        .collect();
    let made = body[docstring + imports..].iter().take_while(|stmt| makes_default(stmt, &earlier)).count();
    docstring + imports + made
}

/// Whether the last of the leading statements is a docstring or an import.
fn is_prologue(body: &[Stmt], leading: usize) -> bool {
    leading > 0 && !body[leading - 1].is_if_stmt()
}

/// `if x is None: x = …` for one of these parameters.
fn makes_default(stmt: &Stmt, parameters: &[&str]) -> bool {
    let Stmt::If(node) = stmt else { return false };
    let (Expr::Compare(test), [Stmt::Assign(assign)], []) = (&*node.test, &*node.body, &*node.elif_else_clauses) else {
        return false;
    };
    let (Expr::Name(name), [CmpOp::Is], [Expr::NoneLiteral(_)]) = (&*test.left, &*test.ops, &*test.comparators) else {
        return false;
    };
    let is_target = matches!(&*assign.targets, [Expr::Name(target)] if target.id == name.id);
    is_target && parameters.contains(&name.id.as_str())
}
