//! PP3901: a cache on a method has `self` in its keys.
//!
//! `functools.lru_cache` is made once, when the class body runs, and keeps strong references to the arguments
//! (<https://docs.python.org/3/faq/programming.html#faq-cache-method-calls>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Decorator, Expr, HasNodeIndex, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Cache, Library, Limit, cache_application, cache_decorator};
use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::classes::{Hashing, Unhashable};
use crate::python::layout::has_comment;
use crate::python::methods::{Descriptor, receiver, receiver_with_default};
use crate::python::model::ScopeKind;
use crate::python::{BindingKind, Model, SymbolId};
use crate::rules::{Check, Code, Context, Finding};
use crate::source::SourceKind;

pub const CHECKS: &[Check] = &[
    Check::FunctionDef(check_decorators),
    Check::Assign(check_assignment),
    Check::AnnAssign(check_annotated_assignment),
];

/// The function under the cache.
#[derive(Clone, Copy)]
enum Function<'a> {
    Def(&'a ast::StmtFunctionDef),
    Lambda(&'a ast::ExprLambda),
}

impl<'a> Function<'a> {
    fn parameters(self) -> Option<&'a ast::Parameters> {
        match self {
            Function::Def(node) => Some(&node.parameters),
            Function::Lambda(node) => node.parameters.as_deref(),
        }
    }

    /// The parameter that gets the instance; `*args` too.
    fn receiver(self) -> Option<&'a ast::Parameter> {
        receiver(self.parameters()?)
    }
}

/// How the cache gets onto the method.
#[derive(Clone, Copy)]
enum Form<'a> {
    /// By the decorator with this index.
    Decorator(&'a ast::StmtFunctionDef, usize),
    /// By a call: what makes the cache, and what it is put on.
    Call(&'a Expr, &'a Expr),
}

/// A method with a cache on it.
#[derive(Clone, Copy)]
struct CachedMethod<'a> {
    class: &'a ast::StmtClassDef,
    name: &'a str,
    /// The name in the class body.
    symbol: SymbolId,
    function: Function<'a>,
    cache: Cache,
    form: Form<'a>,
    /// The property above the cache, or around it.
    above: Option<Descriptor>,
    /// The descriptor right below the cache: the wrong order.
    below: Option<Descriptor>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    WrongOrder(Descriptor),
    Hash,
    Coroutine,
    Generator,
    Unhashable(Unhashable),
    /// It works, and keeps its objects.
    Alive {
        harmless: bool,
    },
}

/// What would put it right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    CachedProperty,
    StaticMethod,
    Swap,
    None,
}

fn check_decorators<'a>(node: &'a ast::StmtFunctionDef, ctx: &mut Context<'_, 'a>) {
    if node.decorator_list.is_empty() {
        return;
    }
    let model = ctx.model;
    let Some(class) = model.class_of_method(node) else { return };
    let caches = node.decorator_list.iter().map(|decorator| cache_decorator(model, &decorator.expression));
    let Some((index, cache)) = caches.enumerate().find_map(|(index, cache)| Some((index, cache?))) else { return };
    let (above, below) = (&node.decorator_list[..index], &node.decorator_list[index + 1..]);
    let Some(above) = above_cache(model, class, node, above) else { return };
    let Some(below) = below_cache(model, below) else { return };
    let Some(symbol) = model.id(node).and_then(|id| model.symbol_bound_at(id)) else { return };
    report(
        CachedMethod {
            class,
            name: node.name.as_str(),
            symbol,
            function: Function::Def(node),
            cache,
            form: Form::Decorator(node, index),
            above,
            below,
        },
        ctx,
    );
}

fn check_assignment<'a>(node: &'a ast::StmtAssign, ctx: &mut Context<'_, 'a>) {
    for target in &node.targets {
        match (target, &*node.value) {
            (Expr::Name(name), value) => return check_assigned(node, name, value, ctx),
            (Expr::Tuple(names), Expr::Tuple(values)) if names.len() == values.len() => {
                for (name, value) in names.iter().zip(values) {
                    if let Expr::Name(name) = name {
                        check_assigned(node, name, value, ctx);
                    }
                }
            }
            _ => {}
        }
    }
}

fn check_annotated_assignment<'a>(node: &'a ast::StmtAnnAssign, ctx: &mut Context<'_, 'a>) {
    if let (Expr::Name(name), Some(value)) = (&*node.target, node.value.as_deref()) {
        check_assigned(node, name, value, ctx);
    }
}

/// `find = lru_cache()(_find)`, `total = property(cache(_total))` in a class body.
fn check_assigned<'a>(stmt: &impl HasNodeIndex, name: &'a ast::ExprName, value: &'a Expr, ctx: &mut Context<'_, 'a>) {
    let Expr::Call(outer) = value else { return };
    let mut call = outer;
    let model = ctx.model;
    let Some(scope) = model.id(stmt).map(|id| model.scope_of(id)) else { return };
    let ScopeKind::Class(class) = model.scope(scope).kind else { return };
    let above = model.descriptor(&call.func).filter(|above| above.is_property());
    if above.is_some() {
        let [Expr::Call(inner)] = &*call.arguments.args else { return };
        call = inner;
    }
    let Some((maker, cache, cached)) = cache_application(model, call) else { return };
    let (below, function) = match cached {
        Expr::Call(wrapped) => match (model.descriptor(&wrapped.func), &*wrapped.arguments.args) {
            (Some(below), [function]) => (Some(below), function),
            _ => return,
        },
        function => (None, function),
    };
    let Some(function) = function_in_file(model, function) else { return };
    let Some(symbol) = model.symbol_of(name) else { return };
    let method = CachedMethod {
        class,
        name: name.id.as_str(),
        symbol,
        function,
        cache,
        form: Form::Call(maker, cached),
        above,
        below,
    };
    if below.is_none() && (model.is_made_static_in_class_body(class, symbol) || is_called_on_class(model, &method)) {
        return;
    }
    report(method, ctx);
}

fn function_in_file<'a>(model: &Model<'a>, expr: &'a Expr) -> Option<Function<'a>> {
    match expr {
        Expr::Lambda(node) => Some(Function::Lambda(node)),
        Expr::Name(name) => model.bindings(model.symbol_of(name)?).find_map(|binding| match binding.kind {
            BindingKind::Function(node) => Some(Function::Def(node)),
            _ => None,
        }),
        _ => None,
    }
}

/// What the decorators above the cache make of it. Outer `None`: it isn't called with an instance.
fn above_cache<'a>(
    model: &Model<'a>,
    class: &'a ast::StmtClassDef,
    function: &'a ast::StmtFunctionDef,
    above: &'a [Decorator],
) -> Option<Option<Descriptor>> {
    let mut property = None;
    let mut unknown = false;
    for decorator in above {
        match model.descriptor(&decorator.expression) {
            Some(Descriptor::Static | Descriptor::Class) => return None,
            Some(found) => property = Some(found),
            None => unknown |= !model.gives_back_its_function(&decorator.expression),
        }
    }
    let symbol = model.symbol_bound_at(model.id(function)?)?;
    let gets_class = has_class_receiver(function) && !model.is_metaclass(class);
    let may_be_rewrapped = gets_class && (unknown || model.is_read_in_class_body(class, symbol));
    // `size = classproperty(size)`: what gets the class is hardly an instance method.
    (!may_be_rewrapped && !model.is_made_static_in_class_body(class, symbol)).then_some(property)
}

/// The descriptor under the cache. Outer `None`: an unknown decorator between them makes something else of it.
fn below_cache(model: &Model, below: &[Decorator]) -> Option<Option<Descriptor>> {
    let mut unknown = false;
    for decorator in below {
        match model.descriptor(&decorator.expression) {
            Some(_) if unknown => return None,
            Some(found) => return Some(Some(found)),
            None => unknown |= !model.gives_back_its_function(&decorator.expression),
        }
    }
    Some(None)
}

fn has_class_receiver(function: &ast::StmtFunctionDef) -> bool {
    let receiver = Function::Def(function).receiver();
    receiver.is_some_and(|receiver| matches!(receiver.name.as_str(), "cls" | "klass" | "owner"))
}

/// Whether a function from outside the class, put under a cache in the class body, is called as `Class.name(…)`: then no
/// instance gets into the cache.
fn is_called_on_class(model: &Model, method: &CachedMethod) -> bool {
    let comes_from_outside = match method.function {
        Function::Def(node) => model.class_of_method(node).is_none(),
        Function::Lambda(_) => true,
    };
    comes_from_outside
        && method.function.receiver().is_some_and(|receiver| !receiver.name.as_str().contains("self"))
        && model.is_attribute_of_class(method.class, method.name)
}

/// What is wrong, if anything is.
fn trouble(code: &Code, method: &CachedMethod) -> Option<Trouble> {
    let model = code.model;
    if let Some(below) = method.below {
        return Some(Trouble::WrongOrder(below));
    }
    // Python makes these static and class methods by itself, or calls them with the class.
    let gets_class = matches!(method.name, "__new__" | "__init_subclass__" | "__class_getitem__");
    if method.cache.limit == Limit::Nothing || gets_class || method.function.receiver().is_none() {
        return None;
    }
    if method.name == "__hash__" {
        return Some(Trouble::Hash);
    }
    if method.cache.library != Library::AsyncLru
        && let Some(lazy) = lazy(model, method)
    {
        return Some(lazy);
    }
    if model.is_enumeration(method.class) {
        return None;
    }
    match model.hashing(method.class) {
        Hashing::Value => None,
        Hashing::Impossible(why) => Some(Trouble::Unhashable(why)),
        Hashing::Identity | Hashing::Other => {
            let harmless = matches!(method.cache.limit, Limit::Entries(_))
                || model.is_metaclass(method.class)
                || model.is_singleton(method.class)
                || is_cached_itself(model, method.class);
            Some(Trouble::Alive { harmless })
        }
    }
}

/// Whether the class has a cache on it: then equal arguments give the same instance.
fn is_cached_itself(model: &Model, class: &ast::StmtClassDef) -> bool {
    class.decorator_list.iter().any(|decorator| cache_decorator(model, &decorator.expression).is_some())
}

/// Whether the cache gets a coroutine or a generator. A decorator between the two may make something else of it.
fn lazy(model: &Model, method: &CachedMethod) -> Option<Trouble> {
    if let Form::Decorator(function, index) = method.form
        && !function.decorator_list[index + 1..]
            .iter()
            .all(|decorator| model.gives_back_its_function(&decorator.expression))
    {
        return None;
    }
    match method.function {
        Function::Def(function) if model.is_generator(function) => Some(Trouble::Generator),
        Function::Def(function) if function.is_async => Some(Trouble::Coroutine),
        _ => None,
    }
}

fn remedy(code: &Code, method: &CachedMethod, trouble: Trouble) -> Remedy {
    match trouble {
        Trouble::Hash | Trouble::Coroutine | Trouble::Generator => Remedy::None,
        Trouble::WrongOrder(below) if below.is_property() => {
            if can_be_cached_property(code, method) {
                Remedy::CachedProperty
            } else {
                Remedy::None
            }
        }
        Trouble::WrongOrder(_) => {
            let works_then = method.cache.library == Library::AsyncLru || !is_lazy(code.model, method.function);
            if works_then { Remedy::Swap } else { Remedy::None }
        }
        Trouble::Unhashable(_) | Trouble::Alive { .. } => {
            if method.above.is_some() {
                if can_be_cached_property(code, method) { Remedy::CachedProperty } else { Remedy::None }
            } else if can_be_static(code, method) {
                Remedy::StaticMethod
            } else {
                Remedy::None
            }
        }
    }
}

/// Whether a call only makes a coroutine or generator.
fn is_lazy(model: &Model, function: Function) -> bool {
    match function {
        Function::Def(node) => node.is_async || model.is_generator(node),
        Function::Lambda(_) => false,
    }
}

/// `cached_property` needs a `__dict__` to write to, has no setter and no `cache_clear`, and isn't abstract.
fn can_be_cached_property(code: &Code, method: &CachedMethod) -> bool {
    let model = code.model;
    let Form::Decorator(function, _) = method.form else { return false };
    let is_abstract = function
        .decorator_list
        .iter()
        .any(|decorator| model.is_any_of(&decorator.expression, &["abc.abstractmethod", "abc.abstractproperty"]));
    !is_abstract
        && !is_lazy(model, method.function)
        && !model.is_metaclass(method.class)
        && !model.may_lack_dict(method.class)
        && model.only_binding(method.symbol).is_some()
        && !model.is_read_in_class_body(method.class, method.symbol)
        && !is_cache_inspected(model, method.name)
}

/// Whether the file asks the property `name` for its function or its cache: `Class.name.fget.cache_clear()`.
fn is_cache_inspected(model: &Model, name: &str) -> bool {
    model.nodes().any(|(_, node)| {
        let AnyNodeRef::ExprAttribute(outer) = node else { return false };
        let asks = matches!(
            outer.attr.as_str(),
            "fget" | "fset" | "cache_clear" | "cache_info" | "cache_parameters" | "__wrapped__"
        );
        asks && match &*outer.value {
            Expr::Attribute(inner) => inner.attr.as_str() == name,
            Expr::Name(inner) => inner.id.as_str() == name,
            _ => false,
        }
    })
}

/// Whether the method is the same without its receiver, for all that the file shows.
fn can_be_static(code: &Code, method: &CachedMethod) -> bool {
    let model = code.model;
    let Form::Decorator(function, _) = method.form else { return false };
    let name = method.name;
    let special = name.starts_with("__") && name.ends_with("__");
    let parameters = &function.parameters;
    let Some(receiver) = receiver_with_default(parameters) else { return false };
    !special
        && function.decorator_list.len() == 1
        && !is_lazy(model, method.function)
        && !model.is_metaclass(method.class)
        && receiver.default.is_none()
        && !model.uses_receiver(function)
        && !is_overridden(model, method)
        && !model.is_attribute_of_class(method.class, name)
        && !model.any_external_base(method.class, &|base| base.ends_with(".Protocol"))
        && !leaves_only_static_methods(model, method.class)
        && model.resolve(model.scope_of(model.id(function).expect("functions are numbered")), "staticmethod").is_none()
        && without_receiver(code, function, receiver).is_some()
}

/// Whether a class of the file overrides the method, or it overrides one itself.
fn is_overridden<'a>(model: &Model<'a>, method: &CachedMethod<'a>) -> bool {
    let binds = |class: &'a ast::StmtClassDef| model.bound_in_class(class, method.name).is_some();
    model.subclasses_in_file(method.class).any(binds)
        || method.class.bases().iter().filter_map(|base| model.base_in_file(base)).any(binds)
}

/// A class of nothing but static methods should be plain functions (PP2902): no step in that direction.
fn leaves_only_static_methods(model: &Model, class: &ast::StmtClassDef) -> bool {
    let mut count = 0;
    for stmt in Model::after_docstring(&class.body) {
        let Stmt::FunctionDef(function) = stmt else { return false };
        let is_static = function
            .decorator_list
            .iter()
            .any(|decorator| model.descriptor(&decorator.expression) == Some(Descriptor::Static));
        if !is_static && model.uses_receiver(function) {
            return false;
        }
        count += 1;
    }
    count > 1 && class.bases().is_empty() && class.decorator_list.is_empty()
}

fn report<'a>(method: CachedMethod<'a>, ctx: &mut Context<'_, 'a>) {
    // A stub only repeats what the real class does; its bodies are empty.
    if ctx.source.kind() == SourceKind::Stub {
        return;
    }
    let Some(trouble) = trouble(ctx, &method) else { return };
    let remedy = remedy(ctx, &method, trouble);
    let severity = match trouble {
        Trouble::Alive { harmless: true } => Severity::Info,
        Trouble::Alive { harmless: false } => Severity::Warning,
        _ => Severity::Error,
    };
    let finding = Finding::new(cache_range(&method), message(&method, trouble, remedy))
        .severity(severity)
        .name("cache", method.cache.name)
        .name("method", method.name)
        .name("class", method.class.name.as_str())
        .related(method.class.name.range, "the cache is made once, with this class, for all its instances")
        .steps(move |code| steps(code, &method, trouble));
    ctx.report(match remedy {
        Remedy::None => finding,
        Remedy::CachedProperty => finding.fix(move |code| cached_property_fix(code, &method)),
        Remedy::StaticMethod => finding.fix(move |code| static_fix(code, &method)),
        Remedy::Swap => finding.fix(move |code| swap_fix(code, &method)),
    });
}

/// The expression that makes the cache.
fn cache_range(method: &CachedMethod) -> TextRange {
    match method.form {
        Form::Decorator(function, index) => function.decorator_list[index].expression.range(),
        Form::Call(maker, _) => maker.range(),
    }
}

fn message(method: &CachedMethod, trouble: Trouble, remedy: Remedy) -> String {
    let (cache, name, class) = (method.cache.name, method.name, method.class.name.as_str());
    match trouble {
        Trouble::WrongOrder(Descriptor::Static) if method.cache.library != Library::AsyncLru => {
            format!("`{cache}` above `staticmethod` makes `{name}` take the instance again: swap the two")
        }
        Trouble::WrongOrder(below) => {
            let advice = match remedy {
                Remedy::CachedProperty => "use `cached_property`",
                _ if below.is_property() => "keep the value on the object",
                _ => "swap the two",
            };
            format!("`{cache}` above `{}` gets an object that it can't call: {advice}", below.name())
        }
        Trouble::Hash => {
            format!("`{cache}` must hash `self`, so `__hash__` calls itself: RecursionError; remove the cache")
        }
        Trouble::Coroutine => {
            format!(
                "`{cache}` keeps `{name}`'s coroutine; a second await raises RuntimeError: cache the result instead"
            )
        }
        Trouble::Generator => {
            format!("`{cache}` keeps `{name}`'s generator; the second caller gets it used up: return a tuple")
        }
        Trouble::Unhashable(why) => {
            let advice = match (remedy, why) {
                (Remedy::CachedProperty, _) => "use `cached_property`",
                (Remedy::StaticMethod, _) => "make it a `staticmethod`",
                (_, Unhashable::MutableData) => "add `frozen=True`",
                (_, Unhashable::EqWithoutHash) => "define `__hash__`",
                (_, Unhashable::Explicit | Unhashable::Base) => "cache it elsewhere",
            };
            format!("`{cache}` hashes `self`, but `{class}` isn't hashable, so `{name}` raises TypeError: {advice}")
        }
        Trouble::Alive { .. } => {
            let advice = match remedy {
                Remedy::CachedProperty => "use `cached_property`",
                Remedy::StaticMethod => "make it a `staticmethod`",
                _ if method.above.is_some() => "keep the value on the object",
                _ => "give each object its own cache",
            };
            match method.cache.limit {
                Limit::Entries(Some(1)) => format!("`{cache}` keeps one `{class}` alive through `{name}`: {advice}"),
                Limit::Entries(Some(size)) => {
                    format!("`{cache}` keeps up to {size} `{class}` objects alive through `{name}`: {advice}")
                }
                Limit::Entries(None) => format!("`{cache}` keeps `{class}` objects alive through `{name}`: {advice}"),
                _ => format!("`{cache}` keeps every `{class}` that calls `{name}` alive: {advice}"),
            }
        }
    }
}

/// What happens in the reader's code.
fn steps(code: &Code, method: &CachedMethod, trouble: Trouble) -> Vec<Step> {
    let (cache, name, class) = (method.cache.name, method.name, method.class.name.as_str());
    let at = cache_range(method);
    let line = code.line(at);
    let receiver = method.function.receiver();
    let receiver_range = receiver.map_or(at, Ranged::range);
    let receiver = receiver.map_or("self", |receiver| receiver.name.as_str());
    let cached = format!(
        "line {line}: `{cache}` runs once, in the body of `{class}`, and makes one cache for all its instances"
    );
    let keyed = format!("a call of `{name}` looks up the key `({receiver}, …)` there, so it calls `hash({receiver})`");
    match trouble {
        Trouble::WrongOrder(below) => {
            let below = below.name();
            let result = match (below, method.cache.library) {
                ("staticmethod", Library::AsyncLru) => {
                    "which isn't a coroutine function: it raises in the class body".to_owned()
                }
                ("staticmethod", _) => format!(
                    "and puts its own object in its place: `{class}().{name}(…)` passes the instance as an argument too many \
                     (Python 3.9 raises TypeError in the class body)"
                ),
                (_, Library::Cachetools) => format!("which can't be called: `{name}` raises TypeError when it is used"),
                _ => "which can't be called: it raises in the class body".to_owned(),
            };
            vec![
                Step::new(
                    at,
                    format!("decorators apply from the bottom up: `{below}` first, then `{cache}` on line {line}"),
                ),
                Step::new(at, format!("so `{cache}` gets a `{below}` object, {result}")),
            ]
        }
        Trouble::Hash => vec![
            Step::new(at, format!("line {line}: to find a stored result, `{cache}` needs the hash of `{receiver}`")),
            Step::new(
                at,
                format!("`hash({receiver})` calls `{class}.__hash__`, which asks the cache, which needs the hash …"),
            ),
        ],
        Trouble::Coroutine => vec![
            Step::new(
                at,
                format!(
                    "the first call of `{name}` makes a coroutine; `{cache}` on line {line} stores it and hands it out"
                ),
            ),
            Step::new(
                at,
                "the next call with the same arguments gets the same coroutine, which has been awaited".to_owned(),
            ),
        ],
        Trouble::Generator => vec![
            Step::new(
                at,
                format!(
                    "the first call of `{name}` makes a generator; `{cache}` on line {line} stores it and hands it out"
                ),
            ),
            Step::new(
                at,
                "the next call with the same arguments gets the same generator, wherever the first caller left it"
                    .to_owned(),
            ),
        ],
        Trouble::Unhashable(why) => {
            let reason = match why {
                Unhashable::MutableData => {
                    format!("`{class}` compares by content and isn't frozen, so its `__hash__` is None")
                }
                Unhashable::EqWithoutHash => {
                    format!("`__eq__` without `__hash__` sets the `__hash__` of `{class}` to None")
                }
                Unhashable::Explicit => format!("the `__hash__` of `{class}` is None"),
                Unhashable::Base => format!("a base of `{class}` has None as its `__hash__`"),
            };
            vec![Step::new(at, cached), Step::new(receiver_range, keyed), Step::new(method.class.name.range(), reason)]
        }
        Trouble::Alive { .. } => {
            let end = match method.cache.limit {
                Limit::Entries(size) => {
                    let size = size.map_or_else(|| "as many".to_owned(), |size| size.to_string());
                    format!(
                        "the object stays until {size} newer calls, of any `{class}`, have pushed its last entry out"
                    )
                }
                _ => format!("nothing is ever dropped: the object stays as long as `{class}` itself"),
            };
            let stored = call_on_instance(code.model, method).map_or_else(
                || {
                    Step::new(
                        receiver_range,
                        format!("a call of `{name}` stores the key `({receiver}, …)` and so the `{class}` itself"),
                    )
                },
                |(call, object)| {
                    let line = code.line(call);
                    Step::new(
                        call,
                        format!("line {line}: this call stores `{object}`, the `{class}` itself, as a part of the key"),
                    )
                },
            );
            vec![Step::new(at, cached), stored, Step::new(at, end)]
        }
    }
}

/// The first call of the method in the file on something that is an instance of its class, and that something's text.
fn call_on_instance<'a>(model: &Model<'a>, method: &CachedMethod<'a>) -> Option<(TextRange, &'a str)> {
    model.nodes().find_map(|(_, node)| {
        let AnyNodeRef::ExprCall(call) = node else { return None };
        let Expr::Attribute(callee) = &*call.func else { return None };
        let text = model.slice(&*callee.value);
        let tells = callee.attr.as_str() == method.name
            && callee.value.is_name_expr()
            && model.is_instance_of(&callee.value, method.class);
        tells.then_some((call.range(), text))
    })
}

/// Property and cache become one `cached_property`. A comment behind the cache stays, on a line of its own.
fn cached_property_fix(code: &Code, method: &CachedMethod) -> Option<Fix> {
    let model = code.model;
    let Form::Decorator(function, index) = method.form else { return None };
    let cache = &function.decorator_list[index];
    if has_comment(code.tokens, cache.range()) {
        return None;
    }
    let mut edits = vec![delete_decorator(model, cache)];
    let kind = |decorator: &Decorator| model.descriptor(&decorator.expression);
    let mut properties = function.decorator_list.iter().filter(|decorator| kind(decorator).is_some());
    let property = properties.next()?;
    if properties.next().is_some() {
        return None;
    }
    if kind(property) == Some(Descriptor::Property) {
        let (name, import) = model.import("functools", "cached_property", model.id(function)?);
        edits.push(Edit::replace(property.expression.range(), name));
        edits.extend(import);
    }
    Some(Fix::r#unsafe("Use `cached_property`", "the value can be assigned then", edits))
}

/// Removes a decorator with its line, or up to the comment behind it.
fn delete_decorator(model: &Model, decorator: &Decorator) -> Edit {
    let end = model.line_end(decorator.end());
    let rest = &model.text()[decorator.end().to_usize()..end.to_usize()];
    match rest.find('#') {
        Some(comment) => {
            Edit::delete(TextRange::new(decorator.start(), decorator.end() + TextSize::of(&rest[..comment])))
        }
        None => Edit::delete(TextRange::new(model.line_start(decorator.start()), model.next_line(end))),
    }
}

/// `@staticmethod` above the cache, and the receiver gone.
fn static_fix(code: &Code, method: &CachedMethod) -> Option<Fix> {
    let Form::Decorator(function, index) = method.form else { return None };
    let parameters = &function.parameters;
    let receiver = receiver_with_default(parameters)?;
    let start = function.decorator_list[index].start();
    let indentation = code.model.indentation(start);
    let edits = vec![
        Edit::insert(start, format!("@staticmethod\n{indentation}")),
        Edit::delete(without_receiver(code, function, receiver)?),
    ];
    let caveat = "does a subclass override it with a method that needs its instance?";
    Some(Fix::r#unsafe(format!("Make `{}` a static method", method.name), caveat, edits))
}

/// The text that goes with the first parameter: up to the next one, a `/` that has nothing left to its left included.
fn without_receiver(
    code: &Code,
    function: &ast::StmtFunctionDef,
    receiver: &ast::ParameterWithDefault,
) -> Option<TextRange> {
    let parameters = &function.parameters;
    let slash_goes = parameters.posonlyargs.len() == 1;
    let after = code.tokens.between(receiver.end(), parameters.end());
    let next = after.iter().find(|token| match token.kind() {
        TokenKind::Comma | TokenKind::NonLogicalNewline | TokenKind::Comment => false,
        TokenKind::Slash => !slash_goes,
        _ => true,
    })?;
    let range = if next.kind() == TokenKind::Rpar {
        TextRange::new(parameters.start() + TextSize::new(1), next.start())
    } else {
        TextRange::new(receiver.start(), next.start())
    };
    (!has_comment(code.tokens, range)).then_some(range)
}

/// Puts `staticmethod` or `classmethod` above the cache.
fn swap_fix(code: &Code, method: &CachedMethod) -> Option<Fix> {
    let model = code.model;
    let text = |range: TextRange| model.slice(range).replace("\r\n", "\n");
    let edits = match method.form {
        Form::Decorator(function, index) => {
            let below = &function.decorator_list[index..];
            let wrong = below.iter().position(|decorator| model.descriptor(&decorator.expression).is_some())?;
            let places: Vec<TextRange> = below[..=wrong].iter().map(without_at).collect();
            let (&outer, rest) = places.split_last()?;
            let texts = std::iter::once(outer).chain(rest.iter().copied());
            places.iter().zip(texts).map(|(place, from)| Edit::replace(*place, text(from))).collect()
        }
        Form::Call(maker, cached) => {
            let inner = cached.as_call_expr()?.func.range();
            vec![Edit::replace(maker.range(), text(inner)), Edit::replace(inner, text(maker.range()))]
        }
    };
    Some(Fix::r#unsafe("Put the cache below", "the cache sees the plain function then", edits))
}

fn without_at(decorator: &Decorator) -> TextRange {
    TextRange::new(decorator.start() + TextSize::new(1), decorator.end())
}
