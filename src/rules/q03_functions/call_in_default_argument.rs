//! A default is an expression that runs once, when `def` runs
//! (<https://docs.python.org/3/reference/compound_stmts.html#function-definitions>): a clock, a die or an object in it is from then
//! on the same for all calls. Fields of dataclasses and named tuples are defaults of `__init__` and `__new__`.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::classes::Hashing;
use crate::python::mutable::MutableValue;
use crate::python::uses::Body;
use crate::python::{BindingKind, Model, ScopeId, SymbolId};
use crate::rules::default_argument::{
    DefaultArgument, Function, is_cache, is_never_run, is_sentinel, outlives_the_call_around,
};
use crate::rules::none_sentinel::{none_sentinel, source_of};
use crate::rules::{Check, Code, Context, Finding};
use crate::source::SourceKind;

pub const CHECKS: &[Check] = &[Check::Parameters(check_parameters), Check::ClassDef(check_fields)];

/// How many functions of the file, base classes and methods are followed.
const MAX_STEPS: u8 = 4;

fn check_parameters<'a>(parameters: &'a ast::Parameters, ctx: &mut Context<'_, 'a>) {
    for parameter in parameters.iter_non_variadic_params() {
        let Some(default) = parameter.default().filter(|default| may_call(default)) else { continue };
        let Some(differing) = differing_call(default, ctx.model) else { continue };
        if let Some(function) = Function::with(parameters, ctx.model) {
            check_default(DefaultArgument { function, parameter, default }, differing, ctx);
        }
    }
}

/// Whether an expression is of a kind that can have a call in it: most defaults are constants and names.
fn may_call(default: &Expr) -> bool {
    !default.is_literal_expr() && !matches!(default, Expr::Name(_) | Expr::Attribute(ast::ExprAttribute { .. }))
        || matches!(default, Expr::Attribute(node) if may_call(&node.value))
}

fn check_default<'a>(argument: DefaultArgument<'a>, differing: Differing<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(symbol) = model.lookup(argument.function.scope, argument.name()) else { return };
    if is_never_run(&argument.function, ctx) {
        return;
    }
    match differing.kind {
        Kind::Instance(instance) => check_instance(argument, symbol, differing.call, instance, ctx),
        Kind::Result(_) => {
            if !is_read_again(symbol, &argument, &differing, model) && outlives_the_call_around(&argument, true, model)
            {
                report_call(argument, symbol, differing, ctx);
            }
        }
    }
}

fn report_call<'a>(
    argument: DefaultArgument<'a>,
    symbol: SymbolId,
    differing: Differing<'a>,
    ctx: &mut Context<'_, 'a>,
) {
    let model = ctx.model;
    let call = shown_call(differing.call, model);
    let function = argument.function.shown();
    let result = differing.result();
    let message =
        format!("`{call}` runs once, when Python makes {function}; default to `None`, and call it in the body");
    let mut finding = Finding::new(differing.call.range(), message);
    if let Some(read) = model.reads(symbol).map(|read| read.expr.range).min_by_key(|range| range.start()) {
        finding =
            finding.related(read, format!("every call without `{}` finds {result} of back then here", argument.name()));
    }
    let title = format!("Default to `None` and call `{call}` in the body");
    ctx.report(
        named(finding, argument.name(), argument.function.name(), argument.default, &call, &result, model)
            .steps(move |code| {
                let name = argument.name();
                steps(
                    differing.call.range(),
                    format!("Python runs `{call}` once, when it makes {function}, and keeps {result}"),
                    format!("a call that leaves `{name}` out gets {result} of back then; nothing runs anew"),
                    format!("the next such call, a week later, gets {result} of back then, too"),
                    code,
                )
            })
            .fix(move |code| {
                let edits = none_sentinel(&argument, symbol, &source_of(&argument, code), code)?;
                Some(Fix::r#unsafe(title, "does something rely on one result for all calls?", edits))
            }),
    );
}

/// Fills in what the page speaks of.
fn named<'a>(
    finding: Finding<'a>,
    param: &str,
    function: &str,
    default: &Expr,
    call: &str,
    result: &str,
    model: &Model,
) -> Finding<'a> {
    finding
        .name("param", param)
        .name("function", function)
        .name("default", model.quoted(default))
        .name("call", call)
        .name("result", result)
}

fn steps(range: TextRange, made: String, used: String, next: String, code: &Code) -> Vec<Step> {
    vec![Step::new(range, format!("line {}: {made}", code.line(range))), Step::new(range, used), Step::new(range, next)]
}

fn shown_call(call: &ast::ExprCall, model: &Model) -> String {
    model.quoted(call)
}

// What differs from call to call.

/// A call that gives another result each time.
#[derive(Clone, Copy)]
struct Differing<'a> {
    call: &'a ast::ExprCall,
    kind: Kind<'a>,
}

#[derive(Clone, Copy)]
enum Kind<'a> {
    /// The result is another one each time: what a reader would call it.
    Result(&'static str),
    /// The result is an object that can change.
    Instance(Instance<'a>),
}

#[derive(Clone, Copy)]
enum Instance<'a> {
    /// Of a class of the file.
    OfFile(&'a ast::StmtClassDef),
    /// A generator of random numbers that starts from a seed.
    Seeded,
}

impl Differing<'_> {
    fn result(&self) -> String {
        match self.kind {
            Kind::Result(noun) => noun.to_owned(),
            Kind::Instance(Instance::OfFile(class)) => format!("the `{}`", class.name),
            Kind::Instance(Instance::Seeded) => "the generator".to_owned(),
        }
    }
}

/// The first call in an expression that gives something else each time, as far as the expression runs it itself.
fn differing_call<'a>(default: &'a Expr, model: &Model<'a>) -> Option<Differing<'a>> {
    if let Some((call, instance)) = instance_in(default, model) {
        return Some(Differing { call, kind: Kind::Instance(instance) });
    }
    let (call, noun) = differing_result(default, model, MAX_STEPS)?;
    Some(Differing { call, kind: Kind::Result(noun) })
}

fn differing_result<'a>(expr: &'a Expr, model: &Model<'a>, steps: u8) -> Option<(&'a ast::ExprCall, &'static str)> {
    let root = model.expr_id(expr);
    let mut skipped: Option<TextRange> = None;
    let mut run_anyway: Option<TextRange> = None;
    for (_, node) in std::iter::once((root, model.node(root))).chain(model.descendants(root)) {
        let range = node.range();
        if skipped.is_some_and(|skipped| skipped.contains_range(range))
            && !run_anyway.is_some_and(|anyway| anyway.contains_range(range))
        {
            continue;
        }
        match node {
            AnyNodeRef::ExprLambda(_) => (skipped, run_anyway) = (Some(range), None),
            // Only the first iterable is evaluated before somebody asks for an element.
            AnyNodeRef::ExprGenerator(generator) if !is_used_up(generator, model) => {
                (skipped, run_anyway) = (Some(range), generator.generators.first().map(|it| it.iter.range()));
            }
            AnyNodeRef::ExprCall(call) if is_marker(&call.func, model) => (skipped, run_anyway) = (Some(range), None),
            AnyNodeRef::ExprCall(call) => {
                if let Some(noun) = result_of(call, model, steps) {
                    return Some((call, noun));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a generator expression is the argument of a call that goes through it.
fn is_used_up(generator: &ast::ExprGenerator, model: &Model) -> bool {
    matches!(model.parent_of(generator), Some(AnyNodeRef::ExprCall(_)))
}

/// Objects that frameworks look for among the defaults, and that they replace.
fn is_marker(callee: &Expr, model: &Model) -> bool {
    if let Some(name) = model.qualified_name(callee) {
        let package = name.as_str().split('.').next().unwrap_or_default();
        if matches!(package, "fastapi" | "typer" | "pydantic" | "pydantic_settings" | "sqlmodel" | "fastapi_users") {
            return true;
        }
        if !name.as_str().starts_with('.') && !matches!(name.last(), "Depends" | "Inject" | "Provide") {
            return false;
        }
    }
    let name = match callee {
        Expr::Name(name) if model.symbol_of(name).is_some_and(|symbol| model.class_of(symbol).is_some()) => {
            return false;
        }
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(node) => node.attr.as_str(),
        _ => return false,
    };
    matches!(
        name,
        "Depends"
            | "Security"
            | "Query"
            | "Path"
            | "Body"
            | "Cookie"
            | "Header"
            | "Form"
            | "File"
            | "Option"
            | "Argument"
            | "Field"
            | "Inject"
            | "Provide"
    )
}

/// What a reader would call the result of a call that gives something else each time.
fn result_of(call: &ast::ExprCall, model: &Model, steps: u8) -> Option<&'static str> {
    if let Some(path) = model.qualified_name(&call.func) {
        return result_of_path(path.as_str(), &call.arguments);
    }
    match &*call.func {
        Expr::Name(name) => {
            let function = model.function_of(model.symbol_of(name)?)?;
            result_of_function(function, model, steps.checked_sub(1)?)
        }
        Expr::Attribute(method) => draws_from(&method.value, model).then_some("the number"),
        _ => None,
    }
}

fn result_of_path(path: &str, arguments: &ast::Arguments) -> Option<&'static str> {
    let given = |position: usize| {
        arguments.args.get(position).is_some_and(|argument| !argument.is_none_literal_expr())
            || arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
    };
    let (module, function) = path.rsplit_once('.')?;
    match (module, function) {
        ("datetime.datetime", "now" | "utcnow" | "today") => Some("the time"),
        ("datetime.date", "today") => Some("the date"),
        (
            "time",
            "time" | "time_ns" | "monotonic" | "monotonic_ns" | "perf_counter" | "perf_counter_ns" | "process_time"
            | "process_time_ns" | "thread_time" | "thread_time_ns" | "clock_gettime" | "clock_gettime_ns" | "clock",
        ) => Some("the time"),
        ("time", "ctime" | "localtime" | "gmtime" | "asctime") => (!given(0)).then_some("the time"),
        ("time", "strftime") => (!given(1)).then_some("the time"),
        ("uuid", "uuid1" | "uuid4" | "uuid6" | "uuid7") => Some("the id"),
        ("uuid", "uuid8") => arguments.is_empty().then_some("the id"),
        ("random", "seed" | "setstate" | "getstate" | "shuffle") => None,
        ("random", function) | ("numpy.random", function) if function.starts_with(char::is_uppercase) => None,
        ("random", _) => Some("the number"),
        ("numpy.random", "seed" | "set_state" | "get_state" | "shuffle" | "default_rng") => None,
        ("numpy.random", _) => Some("the numbers"),
        ("secrets", "compare_digest" | "SystemRandom") => None,
        ("secrets", _) => Some("the secret"),
        ("os", "getcwd" | "getcwdb") | ("pathlib.Path", "cwd") => Some("the folder"),
        ("os", "urandom" | "getrandom") => Some("the bytes"),
        ("builtins", "input") => Some("the answer"),
        ("tempfile", "mkdtemp" | "mkstemp" | "mktemp") => Some("the name"),
        ("asyncio", "get_event_loop" | "get_running_loop" | "current_task") => Some("the object"),
        ("django.utils.timezone", "now") => Some("the time"),
        ("django.utils.timezone", "localtime" | "localdate") => (!given(0)).then_some("the time"),
        ("pandas.Timestamp", "now" | "utcnow" | "today") => Some("the time"),
        ("pendulum", "now" | "today" | "tomorrow" | "yesterday") => Some("the time"),
        ("pendulum.DateTime", "now" | "utcnow" | "today") => Some("the time"),
        ("arrow" | "arrow.Arrow", "now" | "utcnow") => Some("the time"),
        _ => None,
    }
}

/// `def new_id(): return uuid.uuid4().hex`
fn result_of_function(function: &ast::StmtFunctionDef, model: &Model, steps: u8) -> Option<&'static str> {
    let [Stmt::Return(ast::StmtReturn { value: Some(value), .. })] = Model::after_docstring(&function.body) else {
        return None;
    };
    if function.is_async || !function.decorator_list.is_empty() {
        return None;
    }
    differing_result(value, model, steps).map(|(_, noun)| noun)
}

/// Whether an expression is a generator of random numbers, so that its methods give something else each time. One that is made right
/// here from a seed starts over each time.
fn draws_from(owner: &Expr, model: &Model) -> bool {
    let made_by = |call: &ast::ExprCall| model.qualified_name(&call.func);
    match owner {
        Expr::Call(call) => made_by(call).is_some_and(|path| {
            matches!(path.as_str(), "random.SystemRandom" | "secrets.SystemRandom")
                || is_generator_class(path.as_str()) && !is_seeded(call)
        }),
        Expr::Name(name) => {
            let Some(binding) = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol)) else {
                return false;
            };
            matches!(binding.kind, BindingKind::Assignment(_) | BindingKind::Annotated(_))
                && matches!(binding.value(), Some(Expr::Call(call)) if made_by(call).is_some_and(|path| {
                    is_generator_class(path.as_str())
                        || matches!(path.as_str(), "random.SystemRandom" | "secrets.SystemRandom")
                }))
        }
        _ => false,
    }
}

fn is_generator_class(path: &str) -> bool {
    matches!(path, "random.Random" | "numpy.random.default_rng" | "numpy.random.RandomState")
}

fn is_seeded(call: &ast::ExprCall) -> bool {
    let mut values = call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|keyword| &keyword.value));
    values.any(|value| !value.is_none_literal_expr())
}

/// `def uptime(start=time.time()): return time.time() - start`: what counts is the moment of the `def`.
fn is_read_again(symbol: SymbolId, argument: &DefaultArgument, differing: &Differing, model: &Model) -> bool {
    argument.default.range() == differing.call.range()
        && model.reads(symbol).any(|read| match model.parent_of(read.expr) {
            Some(AnyNodeRef::ExprBinOp(node)) => {
                node.op == Operator::Sub
                    && node.right.range() == read.expr.range
                    && matches!(&*node.left, Expr::Call(call)
                        if model.qualified_name(&call.func) == model.qualified_name(&differing.call.func))
            }
            _ => false,
        })
}

// Objects that can change.

/// The object of a class of the file, or the generator, that is the default or one of its branches.
fn instance_in<'a>(default: &'a Expr, model: &Model<'a>) -> Option<(&'a ast::ExprCall, Instance<'a>)> {
    match default {
        Expr::Call(call) => instance_made_by(call, model).map(|instance| (call, instance)),
        Expr::If(node) => instance_in(&node.body, model).or_else(|| instance_in(&node.orelse, model)),
        Expr::BoolOp(node) => node.values.iter().find_map(|value| instance_in(value, model)),
        Expr::Named(node) => instance_in(&node.value, model),
        _ => None,
    }
}

fn instance_made_by<'a>(call: &'a ast::ExprCall, model: &Model<'a>) -> Option<Instance<'a>> {
    let class = match &*call.func {
        Expr::Name(name) => model.symbol_of(name).and_then(|symbol| model.class_of(symbol)),
        _ => None,
    };
    if let Some(class) = class {
        let is_fixed = model.hashing(class) == Hashing::Value
            || model.is_enumeration(class)
            || model.is_metaclass(class)
            || model.any_external_base(class, &|name| {
                matches!(name.split('.').next(), Some("fastapi" | "typer" | "pydantic_settings"))
            });
        return (!is_fixed).then_some(Instance::OfFile(class));
    }
    let path = model.qualified_name(&call.func)?;
    (is_generator_class(path.as_str()) && is_seeded(call)).then_some(Instance::Seeded)
}

/// What the function does with the object, the worst first.
enum Damage {
    Changed(TextRange),
    Escapes(TextRange),
    Passed(TextRange),
    Read(TextRange),
}

fn check_instance<'a>(
    argument: DefaultArgument<'a>,
    symbol: SymbolId,
    call: &'a ast::ExprCall,
    instance: Instance<'a>,
    ctx: &mut Context<'_, 'a>,
) {
    let model = ctx.model;
    if is_sentinel(symbol, model) || is_cache(symbol, &argument, model) {
        return;
    }
    let Some(damage) = damage(&argument, symbol, call, instance, model) else { return };
    if !outlives_the_call_around(&argument, matches!(damage, Damage::Escapes(_)), model) {
        return;
    }
    let name = argument.name();
    let class = match instance {
        Instance::OfFile(class) => class.name.as_str(),
        Instance::Seeded => class_of_generator(call),
    };
    let head = format!("`{name}` is one `{class}` for all calls of {}", argument.function.shown());
    let (range, effect, tail) = match damage {
        Damage::Changed(range) => (range, "is changed here", ", which change it; default to `None`".to_owned()),
        Damage::Escapes(range) => {
            (range, "leaves the function here", ", and it leaves the function; default to `None`".to_owned())
        }
        Damage::Passed(range) => (
            range,
            "is handed over here",
            match model.slice(range) {
                callee if callee.len() <= 20 => format!(", and `{callee}` may change it; default to `None`"),
                _ => ", and a callee may change it; default to `None`".to_owned(),
            },
        ),
        Damage::Read(range) => (range, "is only read here", "; only read so far, but `None` would be safer".to_owned()),
    };
    let severity = if matches!(damage, Damage::Read(_)) { Severity::Info } else { Severity::Warning };
    let shown = shown_call(call, model);
    let result = format!("the `{class}`");
    let finding = Finding::new(call.range(), format!("{head}{tail}"))
        .severity(severity)
        .related(range, format!("that one `{class}` {effect}"));
    let function = argument.function.shown();
    ctx.report(
        named(finding, name, argument.function.name(), argument.default, &shown, &result, model)
            .steps(move |code| {
                let line = code.line(range);
                let next = match damage {
                    Damage::Read(_) => "the first line that changes it changes it for every later call".to_owned(),
                    Damage::Changed(_) => format!("the next call without `{name}` starts with what this one left in it"),
                    _ => format!("whoever changes it there changes `{name}` of every later call, too"),
                };
                let mut steps = steps(
                    call.range(),
                    format!("Python makes this `{class}` once, when it makes {function}; every call without `{name}` gets that one"),
                    format!("line {line}: that one `{class}` {effect}"),
                    next,
                    code,
                );
                for step in &mut steps[1..] {
                    step.range = range;
                }
                steps
            })
            .fix(move |code| {
                let edits = none_sentinel(&argument, symbol, &source_of(&argument, code), code)?;
                let title = format!("Default to `None` and make the `{class}` in the body");
                Some(Fix::r#unsafe(title, format!("does something rely on the shared `{class}`?"), edits))
            }),
    );
}

fn class_of_generator(call: &ast::ExprCall) -> &str {
    match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(node) => node.attr.as_str(),
        _ => "generator",
    }
}

fn damage<'a>(
    argument: &DefaultArgument<'a>,
    symbol: SymbolId,
    call: &ast::ExprCall,
    instance: Instance<'a>,
    model: &Model<'a>,
) -> Option<Damage> {
    let Instance::OfFile(class) = instance else {
        return model.reads(symbol).next().map(|read| Damage::Changed(read.expr.range));
    };
    let container = container_of(class, model);
    let value = MutableValue {
        class: container.unwrap_or("object"),
        is_empty: None,
        is_nested: container.is_none(),
        named: None,
    };
    let uses = model.uses_of(symbol, argument.function.scope, argument.function.body(), &value);
    let called = |range: TextRange| {
        let Some(AnyNodeRef::ExprCall(call)) = model.node_at(range).map(|id| model.node(id)) else { return None };
        let Expr::Attribute(method) = &*call.func else { return None };
        let is_own = matches!(&*method.value, Expr::Name(owner) if model.symbol_of(owner) == Some(symbol));
        is_own.then_some(method.attr.as_str())
    };
    // A method of the class decides itself, whatever its name says.
    let seen = uses.changed.filter(|range| called(*range).is_none_or(|name| model.method(class, name).is_none()));
    let by_method = model.reads(symbol).find_map(|read| {
        let call = match model.parent_of(read.expr)? {
            AnyNodeRef::ExprAttribute(method) => match model.parent_of(method)? {
                AnyNodeRef::ExprCall(call) if call.func.range() == method.range => {
                    changes_self(class, method.attr.as_str(), model, MAX_STEPS).then_some(call)
                }
                _ => None,
            },
            AnyNodeRef::ExprCall(call) => {
                let is_first = call.arguments.args.first().is_some_and(|first| first.range() == read.expr.range);
                (is_first && model.is_builtin(&call.func, "setattr")).then_some(call)
            }
            _ => None,
        };
        call.map(Ranged::range)
    });
    if let Some(range) = seen.or(by_method) {
        return Some(Damage::Changed(range));
    }
    if container.is_none() && !has_state(class, call, model, MAX_STEPS) {
        return None;
    }
    if let Some(range) = uses.escapes() {
        return Some(Damage::Escapes(range));
    }
    uses.passed.map(Damage::Passed).or(uses.read.map(Damage::Read))
}

/// The builtin container that a class of the file is.
fn container_of(class: &ast::StmtClassDef, model: &Model) -> Option<&'static str> {
    const CONTAINERS: &[&str] = &[
        "list",
        "dict",
        "set",
        "bytearray",
        "deque",
        "defaultdict",
        "OrderedDict",
        "Counter",
        "UserDict",
        "UserList",
        "ChainMap",
    ];
    CONTAINERS.iter().copied().find(|container| {
        model.any_external_base(class, &|name| {
            let (module, last) = name.rsplit_once('.').unwrap_or(("", name));
            matches!(module, "builtins" | "collections" | "typing") && last.eq_ignore_ascii_case(container)
        })
    })
}

/// Whether the objects of a class can differ from what they were when made: a method changes them, or they hold a container.
fn has_state(class: &ast::StmtClassDef, call: &ast::ExprCall, model: &Model, steps: u8) -> bool {
    let is_container = |value: &Expr| {
        model.mutable_value(value).is_some_and(|value| value.named.is_none())
            || matches!(value, Expr::Call(call) if makes_container(call, model))
    };
    let in_body = class.body.iter().any(|stmt| match stmt {
        Stmt::FunctionDef(method) if matches!(method.name.as_str(), "__init__" | "__post_init__") => {
            stores_on_self(method, model, &is_container)
        }
        Stmt::FunctionDef(method) => changes_self(class, method.name.as_str(), model, steps),
        Stmt::AnnAssign(field) => field.value.as_deref().is_some_and(&is_container),
        _ => false,
    });
    let given = || call.arguments.args.iter().any(&is_container);
    in_body
        || given()
        || steps > 0
            && class
                .bases()
                .iter()
                .filter_map(|base| model.base_in_file(base))
                .any(|base| has_state(base, call, model, steps - 1))
}

/// `field(default_factory=list)`
fn makes_container(call: &ast::ExprCall, model: &Model) -> bool {
    call.arguments.find_keyword("default_factory").or(call.arguments.find_keyword("factory")).is_some_and(|factory| {
        match &factory.value {
            Expr::Lambda(lambda) => model.mutable_value(&lambda.body).is_some(),
            value => model.qualified_name(value).is_some_and(|name| {
                matches!(name.as_str(), "builtins.list" | "builtins.dict" | "builtins.set")
                    || name.as_str().starts_with("collections.")
            }),
        }
    })
}

/// Whether a method puts such a value into an attribute of its first parameter.
fn stores_on_self(method: &ast::StmtFunctionDef, model: &Model, is: &dyn Fn(&Expr) -> bool) -> bool {
    let Some((receiver, _)) = receiver(method, model) else { return false };
    let is_attribute = |target: &Expr| {
        matches!(target, Expr::Attribute(node)
            if matches!(&*node.value, Expr::Name(name) if model.symbol_of(name) == Some(receiver)))
    };
    model.id(method).is_some_and(|id| {
        model.descendants(id).any(|(_, node)| match node {
            AnyNodeRef::StmtAssign(node) => node.targets.iter().any(is_attribute) && is(&node.value),
            AnyNodeRef::StmtAnnAssign(node) => is_attribute(&node.target) && node.value.as_deref().is_some_and(is),
            _ => false,
        })
    })
}

fn receiver(method: &ast::StmtFunctionDef, model: &Model) -> Option<(SymbolId, ScopeId)> {
    let first = crate::python::methods::receiver(&method.parameters)?;
    let is_static = |it: &ast::Decorator| {
        model.is_builtin(&it.expression, "staticmethod") || model.is_builtin(&it.expression, "classmethod")
    };
    if method.decorator_list.iter().any(is_static) {
        return None;
    }
    let scope = model.scope_opened_by(method)?;
    Some((model.lookup(scope, first.name.as_str())?, scope))
}

/// Whether a method of the class, once the object is made, changes it: itself or by another method.
fn changes_self(class: &ast::StmtClassDef, name: &str, model: &Model, steps: u8) -> bool {
    let Some(steps) = steps.checked_sub(1) else { return false };
    if matches!(name, "__init__" | "__post_init__" | "__new__" | "__del__" | "__enter__" | "__exit__") {
        return false;
    }
    let Some(method) = model.method(class, name) else {
        let mut bases = class.bases().iter().filter_map(|base| model.base_in_file(base));
        return bases.any(|base| changes_self(base, name, model, steps));
    };
    let Some((symbol, scope)) = receiver(method, model) else { return false };
    let value = MutableValue {
        class: container_of(class, model).unwrap_or("object"),
        is_empty: None,
        is_nested: true,
        named: None,
    };
    model.uses_of(symbol, scope, Body::Statements(&method.body), &value).changed.is_some()
        || model.reads(symbol).any(|read| match model.parent_of(read.expr) {
            Some(AnyNodeRef::ExprAttribute(node)) if node.attr.as_str() != name => {
                let is_called = matches!(model.parent_of(node), Some(AnyNodeRef::ExprCall(call))
                    if call.func.range() == node.range);
                is_called && changes_self(class, node.attr.as_str(), model, steps)
            }
            _ => false,
        })
}

// Fields of dataclasses and named tuples.

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// `@dataclass` of the standard library: `field(default_factory=…)` is the remedy.
    DataClass,
    /// Others that make `__init__` or `__new__` out of the class body.
    Other,
}

fn check_fields<'a>(class: &'a ast::StmtClassDef, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(fields) = fields_of(class, model) else { return };
    if ctx.source.kind() == SourceKind::Stub {
        return;
    }
    for stmt in &class.body {
        let Stmt::AnnAssign(field) = stmt else { continue };
        let (Expr::Name(name), Some(value)) = (&*field.target, field.value.as_deref()) else { continue };
        if !may_call(value) || is_class_variable(&field.annotation, model) {
            continue;
        }
        let default = match value {
            Expr::Call(call) if is_field_call(&call.func, model) => {
                let Some(keyword) = call.arguments.find_keyword("default") else { continue };
                &keyword.value
            }
            value => value,
        };
        if let Some((call, noun)) = differing_result(default, model, MAX_STEPS) {
            let is_whole = default.range() == value.range();
            report_field(Field { class, name, default, call, noun }, fields == Fields::DataClass && is_whole, ctx);
        }
    }
}

fn fields_of(class: &ast::StmtClassDef, model: &Model) -> Option<Fields> {
    if class.bases().iter().any(|base| model.is_typing_member(base, "NamedTuple")) {
        return Some(Fields::Other);
    }
    class.decorator_list.iter().find_map(|decorator| {
        let callee = decorator.expression.as_call_expr().map_or(&decorator.expression, |call| &call.func);
        match model.qualified_name(callee)?.as_str() {
            "dataclasses.dataclass" => Some(Fields::DataClass),
            "pydantic.dataclasses.dataclass"
            | "attrs.define"
            | "attrs.frozen"
            | "attrs.mutable"
            | "attr.define"
            | "attr.frozen"
            | "attr.mutable"
            | "attr.dataclass" => Some(Fields::Other),
            _ => None,
        }
    })
}

fn is_class_variable(annotation: &Expr, model: &Model) -> bool {
    match annotation {
        Expr::Subscript(node) => is_class_variable(&node.value, model),
        Expr::StringLiteral(node) => node.value.to_str().contains("ClassVar"),
        annotation => model.is_typing_member(annotation, "ClassVar"),
    }
}

fn is_field_call(callee: &Expr, model: &Model) -> bool {
    model.is_any_of(callee, &["dataclasses.field", "attrs.field", "attr.ib", "attr.field"])
}

/// A field of a class whose default differs per call.
#[derive(Clone, Copy)]
struct Field<'a> {
    class: &'a ast::StmtClassDef,
    name: &'a ast::ExprName,
    default: &'a Expr,
    call: &'a ast::ExprCall,
    noun: &'static str,
}

fn report_field<'a>(field: Field<'a>, can_fix: bool, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let call = shown_call(field.call, model);
    let class = field.class.name.as_str();
    let name = field.name.id.as_str();
    let remedy = if can_fix { "use `field(default_factory=...)`" } else { "make it when the object is made" };
    let finding =
        Finding::new(field.call.range(), format!("`{call}` runs once, when Python makes `{class}`; {remedy}"));
    let result = field.noun;
    let finding = finding.related(field.class.name.range(), format!("`{class}` is made once, here"));
    let finding = named(finding, name, class, field.default, &call, result, model).steps(move |code| {
        steps(
            field.call.range(),
            format!("Python runs `{call}` once, when it makes `{class}`, and keeps {result}"),
            format!("`{class}(...)` without `{name}` gets {result} of back then; nothing runs anew"),
            format!("two `{class}` objects made without `{name}` have the same `{name}`"),
            code,
        )
    });
    ctx.report(if can_fix { finding.fix(move |code| field_fix(&field, code)) } else { finding });
}

fn field_fix(field: &Field, code: &Code) -> Option<Fix> {
    let model = code.model;
    let root = model.expr_id(field.default);
    let class = model.scope_opened_by(field.class)?;
    // The body of a lambda doesn't see the names of the class.
    let can_move =
        std::iter::once((root, model.node(root))).chain(model.descendants(root)).all(|(_, node)| match node {
            AnyNodeRef::ExprNamed(_) | AnyNodeRef::ExprAwait(_) | AnyNodeRef::ExprYield(_) => false,
            AnyNodeRef::ExprName(name) => {
                model.symbol_of(name).is_none_or(|symbol| model.symbol_scope(symbol) != class)
            }
            _ => true,
        });
    if !can_move {
        return None;
    }
    let is_plain = field.call.range() == field.default.range() && field.call.arguments.is_empty();
    let factory = if is_plain {
        model.slice(&*field.call.func).to_owned()
    } else {
        format!("lambda: {}", model.slice(field.default))
    };
    let (function, import) = model.import("dataclasses", "field", root);
    let mut edits: Vec<Edit> = import.into_iter().collect();
    edits.push(Edit::replace(field.default.range(), format!("{function}(default_factory={factory})")));
    let title = format!("Make `{}` anew for each object", field.name.id);
    Some(Fix::r#unsafe(title, "does something rely on one value for all objects?", edits))
}
