//! PP1201: a wrapper takes the decorated function's place without taking over its name, docstring and signature.
//!
//! `functools.wraps(f)` is `partial(update_wrapper, wrapped=f)`: it copies `WRAPPER_ASSIGNMENTS` and `__dict__`, and sets
//! `__wrapped__` (<https://docs.python.org/3/library/functools.html#functools.update_wrapper>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Elsewhere, Severity, Step, file_name};
use crate::fix::{Edit, Fix};
use crate::python::annotations;
use crate::python::decorating::{
    Callable, Decorated, Outside, Use, call_with_argument, function_parameters, is_stored_in_attribute, only_looks,
    same_function_around, use_of,
};
use crate::python::model::ScopeFlags;
use crate::python::{Binding, BindingKind, Model, NodeId, Read, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] =
    &[Check::FunctionDef(check_function), Check::Lambda(check_lambda), Check::ClassDef(check_class)];

const WRAPS: &[&str] =
    &["functools.wraps", "six.wraps", "boltons.funcutils.wraps", "django.utils.functional.wraps", "makefun.wraps"];
const UPDATE_WRAPPER: &[&str] = &[
    "functools.update_wrapper",
    "boltons.funcutils.update_wrapper",
    "django.utils.functional.update_wrapper",
    "wrapt.update_wrapper",
];
/// Attributes by which a function says who it is: whoever sets one of them by hand knows of the trouble.
const IDENTITY: &[&str] = &["__name__", "__qualname__", "__doc__", "__wrapped__", "__signature__", "__dict__"];
/// Decorators, by the last part of their name, that build the decorator's result themselves.
/// Why a remedy needs a look.
const TAKEN_OVER: &str = "the wrapper takes on the function's name and attributes";

const MAKERS: &[&str] = &["decorator", "function_wrapper", "contextmanager", "asynccontextmanager"];
/// Decorators of a decorator that leave what it returns alone.
const TRANSPARENT: &[&str] = &[
    "builtins.staticmethod",
    "builtins.classmethod",
    "abc.abstractmethod",
    "functools.wraps",
    "functools.cache",
    "functools.lru_cache",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
];

/// Callees that call the function they get.
#[rustfmt::skip]
const RUNNERS: &[&str] = &[
    "Process", "Thread", "Timer", "apply", "apply_async", "call_soon", "call_soon_threadsafe", "deferToThread",
    "partial", "partialmethod", "run", "run_in_executor", "run_in_threadpool", "run_sync", "runcall", "spawn",
    "start_new_thread", "submit", "sync_to_async", "to_thread",
];
/// The last word in the name of a parameter that gets a function.
#[rustfmt::skip]
const FUNCTION_NAMES: &[&str] = &[
    "callable", "callback", "coro", "f", "fcn", "fn", "fun", "func", "function", "handler", "meth", "method",
    "original", "target", "view", "wrapped",
];

fn check_function<'a>(node: &'a ast::StmtFunctionDef, ctx: &mut Context<'_, 'a>) {
    if let Some(outer) = ctx.model.id(node).and_then(|id| ctx.model.callable_around(id)) {
        check(outer, Callable::Function(node), ctx);
    }
}

fn check_lambda<'a>(node: &'a ast::ExprLambda, ctx: &mut Context<'_, 'a>) {
    let Some(id) = ctx.model.id(node) else { return };
    if let Some(outer) = ctx.model.callable_around(id)
        && ctx.model.returns_value(outer, id)
    {
        check(outer, Callable::Lambda(node), ctx);
    }
}

fn check<'a>(outer: Callable<'a>, inner: Callable<'a>, ctx: &mut Context<'_, 'a>) {
    if let Some(decorator) = wraps_without_argument(ctx.model, inner) {
        return report_without_argument(outer, inner, decorator, ctx);
    }
    let wrapping =
        function_parameters(ctx.model, outer).find_map(|parameter| Wrapping::find(ctx.model, outer, inner, parameter));
    let Some(wrapping) = wrapping else { return };
    match wrapping.identity() {
        Identity::Kept => {}
        Identity::Swapped(call) => wrapping.report_swapped(call, ctx),
        _ if !wrapping.is_returned() => {}
        Identity::Discarded(call) => wrapping.report_discarded(call, ctx),
        Identity::Lost => {
            let decorated = ctx.model.decorated_by(outer);
            if wrapping.is_decorator(decorated) {
                wrapping.report_lost(decorated, None, ctx);
            } else if wrapping.is_plain()
                && matches!(decorated, Decorated::Nothing)
                && wrapping.uses.iter().any(|&used| wrapping.is_run(used))
            {
                // Other files may decorate with it. Not where it may also get options instead of the function, as
                // `lru_cache` does, and only these are seen inside.
                wrapping.report_lost(decorated, Some(ctx.model.names_outside(outer)), ctx);
            }
        }
    }
}

/// What becomes of the wrapper's identity.
enum Identity<'a> {
    /// The function's, or one given by hand, or it can't be told.
    Kept,
    /// `wraps(f)` is called, and its result thrown away.
    Discarded(&'a ast::ExprCall),
    /// The wrapper's is copied onto the function.
    Swapped(&'a ast::ExprCall),
    /// The wrapper's own.
    Lost,
}

/// A function that takes a function, and a function inside it that calls that one.
#[derive(Clone)]
struct Wrapping<'m, 'a> {
    model: &'m Model<'a>,
    outer: Callable<'a>,
    inner: Callable<'a>,
    parameter: &'a ast::ParameterWithDefault,
    /// The variables that hold the function.
    holders: Vec<SymbolId>,
    uses: Vec<Use<'a>>,
}

impl<'m, 'a> Wrapping<'m, 'a> {
    fn find(
        model: &'m Model<'a>,
        outer: Callable<'a>,
        inner: Callable<'a>,
        parameter: &'a ast::ParameterWithDefault,
    ) -> Option<Self> {
        let symbol = model.symbol_bound_at(model.id(parameter)?)?;
        let (outer_scope, inner_scope) = (outer.scope(model), inner.scope(model));
        let mut wrapping = Wrapping { model, outer, inner, parameter, holders: vec![symbol], uses: Vec::new() };
        let mut next = 0;
        while let Some(&symbol) = wrapping.holders.get(next) {
            next += 1;
            for read in model.reads(symbol) {
                if model.scope_is_within(read.scope, inner_scope) {
                    wrapping.uses.extend(use_of(model, read.node));
                } else if read.scope == outer_scope {
                    wrapping.follow(read.node);
                } else if matches!(use_of(model, read.node), Some(Use::Called(_))) {
                    wrapping.follow_helper(read.scope);
                }
            }
        }
        (!wrapping.uses.is_empty()).then_some(wrapping)
    }

    /// Notes where else the function is kept: `original = func`, `def wrapper(*args, _func=func)`, `self.func = func`.
    fn follow(&mut self, id: NodeId) {
        let model = self.model;
        let mut id = id;
        loop {
            if let Some(symbol) = model.assigned_symbol(id)
                && model.only_binding(symbol).is_some()
                && !self.holders.contains(&symbol)
            {
                self.holders.push(symbol);
            }
            match model.same_value_around(id).or_else(|| same_function_around(model, id)) {
                Some(around) => id = around,
                None => break,
            }
        }
        let Some(parent) = model.parent(id) else { return };
        match model.node(parent) {
            AnyNodeRef::ParameterWithDefault(_)
                if model.parent(parent).and_then(|list| model.parent(list)) == Some(self.inner.id(model)) =>
            {
                self.holders.extend(model.symbol_bound_at(parent));
            }
            AnyNodeRef::StmtAssign(assign) => {
                if let [Expr::Attribute(target)] = &*assign.targets {
                    self.follow_attribute(target);
                }
            }
            _ => {}
        }
    }

    /// A helper beside the wrapper, which calls the function, stands for it.
    fn follow_helper(&mut self, scope: ScopeId) {
        let (model, outer) = (self.model, self.outer.scope(self.model));
        let helper = model.scope_chain(scope).find(|&scope| model.parent_scope(scope) == Some(outer));
        let Some(ScopeKind::Function(helper)) = helper.map(|scope| model.scope(scope).kind) else { return };
        let symbol = Callable::Function(helper).symbol(model);
        let is_new =
            symbol.is_some_and(|symbol| !self.holders.contains(&symbol) && self.inner.symbol(model) != Some(symbol));
        self.holders.extend(symbol.filter(|_| is_new));
    }

    fn follow_attribute(&mut self, target: &'a ast::ExprAttribute) {
        let model = self.model;
        let Some(owner) = target.value.as_name_expr().and_then(|name| model.symbol_of(name)) else { return };
        let inner_scope = self.inner.scope(model);
        for read in model.reads(owner).filter(|read| model.scope_is_within(read.scope, inner_scope)) {
            if let Some(AnyNodeRef::ExprAttribute(attribute)) = model.parent_of(read.expr)
                && attribute.attr.as_str() == target.attr.as_str()
                && let Some(id) = model.id(attribute)
            {
                self.uses.extend(use_of(model, id));
            }
        }
    }

    fn is_returned(&self) -> bool {
        match self.inner {
            Callable::Function(_) => {
                self.inner.symbol(self.model).is_some_and(|symbol| self.model.returns_symbol(self.outer, symbol))
            }
            Callable::Lambda(_) => self.model.returns_value(self.outer, self.inner.id(self.model)),
        }
    }

    // What becomes of the wrapper's identity.

    fn identity(&self) -> Identity<'a> {
        if self.inner.decorators().iter().any(|decorator| self.is_keeper(&decorator.expression)) {
            return Identity::Kept;
        }
        let mut symbols: Vec<SymbolId> = self.inner.symbol(self.model).into_iter().collect();
        let mut next = 0;
        let mut identity = None;
        while let Some(&symbol) = symbols.get(next) {
            next += 1;
            if next == 1 && self.is_rebound(symbol) {
                return Identity::Kept;
            }
            for read in self.model.reads(symbol) {
                match self.effect(read) {
                    Some(Identity::Kept) => return Identity::Kept,
                    effect => identity = identity.or(effect),
                }
                let alias = self.value_and_around(read.node).find_map(|id| self.model.assigned_symbol(id));
                symbols.extend(alias.filter(|alias| !symbols.contains(alias)));
            }
        }
        identity.or_else(|| self.discarded().map(Identity::Discarded)).unwrap_or(Identity::Lost)
    }

    /// Whether a decorator of the wrapper copies the identity, or makes the result itself.
    fn is_keeper(&self, decorator: &'a Expr) -> bool {
        let called = match decorator {
            Expr::Call(call) if self.model.is_any_of(&call.func, WRAPS) || self.receives_function(call) => return true,
            Expr::Call(call) => &*call.func,
            _ => decorator,
        };
        self.model.qualified_name(called).is_some_and(|name| MAKERS.contains(&name.last()))
            || self.is_made_for_function(decorator)
    }

    /// Whether `expr` is a name bound to something like `wraps(f)`.
    fn is_made_for_function(&self, expr: &'a Expr) -> bool {
        let value = expr
            .as_name_expr()
            .and_then(|name| self.model.symbol_of(name))
            .and_then(|symbol| self.model.only_binding(symbol))
            .and_then(|binding| binding.value());
        matches!(value, Some(Expr::Call(call)) if self.receives_function(call))
    }

    /// Whether the function itself, not only its name, is among the arguments.
    fn receives_function(&self, call: &ast::ExprCall) -> bool {
        let range = call.arguments.range;
        self.holders.iter().flat_map(|&symbol| self.model.reads(symbol)).any(|read| {
            range.contains_range(read.expr.range)
                && !matches!(self.model.parent_of(read.expr), Some(AnyNodeRef::ExprAttribute(node))
                    if IDENTITY.contains(&node.attr.as_str()) || node.attr.as_str() == "__module__")
        })
    }

    /// Whether the wrapper's variable gets a value later that isn't known to be a wrapper.
    fn is_rebound(&self, symbol: SymbolId) -> bool {
        let own = self.inner.id(self.model);
        let start = self.model.node(own).start();
        let later =
            |binding: &&Binding<'a>| binding.is_executed() && binding.range.start() > start && binding.node != own;
        self.model.bindings(symbol).filter(later).any(|binding| {
            let Some(value) = binding.value() else {
                return !matches!(binding.kind, BindingKind::Function(_) | BindingKind::Delete(_));
            };
            let id = self.model.expr_id(value);
            let keeps = |read: &Read<'a>| self.value_and_around(read.node).any(|around| around == id);
            !value.is_lambda_expr() && !self.model.reads(symbol).any(keeps)
        })
    }

    /// `id` and the expressions around it that have the same value.
    fn value_and_around(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |&id| self.model.same_value_around(id))
    }

    /// What a place that mentions the wrapper does to its identity.
    fn effect(&self, read: &Read<'a>) -> Option<Identity<'a>> {
        let model = self.model;
        if let Some(AnyNodeRef::ExprAttribute(attribute)) = model.parent_of(read.expr) {
            let name = attribute.attr.as_str();
            let set = attribute.ctx == ExprContext::Store || name == "__dict__";
            return (set && IDENTITY.contains(&name)).then_some(Identity::Kept);
        }
        let call = call_with_argument(model, read.node)?;
        let is_wrapper = |argument: Option<&Expr>| argument.is_some_and(|expr| model.expr_id(expr) == read.node);
        if model.is_any_of(&call.func, UPDATE_WRAPPER) {
            if is_wrapper(call.arguments.find_argument_value("wrapper", 0)) {
                return Some(Identity::Kept);
            }
            let target = call.arguments.find_argument_value("wrapper", 0)?;
            return (is_wrapper(call.arguments.find_argument_value("wrapped", 1)) && self.is_function(target))
                .then_some(Identity::Swapped(call));
        }
        if model.is_any_of(&call.func, WRAPS) {
            // `wraps(wrapper)(func)`
            let Some(AnyNodeRef::ExprCall(outer)) = model.parent_of(call) else { return None };
            let [argument] = &*outer.arguments.args else { return None };
            return (is_wrapper(call.arguments.find_argument_value("wrapped", 0)) && self.is_function(argument))
                .then_some(Identity::Swapped(call));
        }
        if model.is_builtin(&call.func, "setattr") {
            let constant = call.arguments.args.get(1).and_then(Expr::as_string_literal_expr);
            let keeps = constant.is_none_or(|name| IDENTITY.contains(&name.value.to_str()));
            return (keeps && is_wrapper(call.arguments.args.first())).then_some(Identity::Kept);
        }
        let made = matches!(&*call.func, Expr::Call(maker)
            if model.is_any_of(&maker.func, WRAPS) || self.receives_function(maker));
        let keeps =
            made || self.is_made_for_function(&call.func) || !only_looks(&call.func) && self.receives_function(call);
        keeps.then_some(Identity::Kept)
    }

    /// Whether `expr` is the function.
    fn is_function(&self, expr: &Expr) -> bool {
        let symbol = expr.as_name_expr().and_then(|name| self.model.symbol_of(name));
        symbol.is_some_and(|symbol| self.holders.contains(&symbol))
    }

    /// A statement that is nothing but `wraps(f)`.
    fn discarded(&self) -> Option<&'a ast::ExprCall> {
        let reads = self.holders.iter().flat_map(|&symbol| self.model.reads(symbol));
        reads.filter_map(|read| call_with_argument(self.model, read.node)).find(|call| {
            matches!(self.model.parent_of(*call), Some(AnyNodeRef::StmtExpr(_)))
                && self.model.is_any_of(&call.func, WRAPS)
        })
    }

    // Whether it is a decorator.

    fn is_decorator(&self, decorated: Decorated<'a>) -> bool {
        if !self.is_plain() {
            return false;
        }
        match decorated {
            Decorated::Function { .. } => true,
            Decorated::OnlyClasses => false,
            Decorated::Nothing => {
                !takes_class(self.model, self.name(), self.parameter.annotation())
                    && self.could_decorate()
                    && !self.is_curry()
                    && (self.takes_everything() && self.uses.iter().any(|&used| self.passes_arguments_on(used))
                        || self.is_annotated_as_decorator()
                            && self.uses.iter().all(|&used| self.passes_arguments_on(used)))
            }
        }
    }

    /// Whether calling the outer function gives the wrapper and nothing around it.
    fn is_plain(&self) -> bool {
        let flags = self.model.scope_flags(self.outer.scope(self.model));
        if flags.intersects(ScopeFlags::ASYNC | ScopeFlags::GENERATOR) {
            return false;
        }
        let Callable::Function(function) = self.outer else { return true };
        let name = function.name.as_str();
        let is_special = name.starts_with("__") && name.ends_with("__") && name != "__call__";
        let leaves_alone = |decorator: &ast::Decorator| {
            let expr = decorator.expression.as_call_expr().map_or(&decorator.expression, |call| &*call.func);
            self.model.is_any_of(expr, TRANSPARENT)
        };
        function.decorator_list.iter().all(leaves_alone)
            && !(is_special && self.model.class_of_method(function).is_some())
    }

    /// Whether one function as the only argument is enough to call the outer function: `compose(f, g)` is no decorator.
    fn could_decorate(&self) -> bool {
        let Some(parameters) = self.outer.parameters() else { return false };
        let is_function = |other: &ast::ParameterWithDefault| std::ptr::eq(other, self.parameter);
        let all = || parameters.iter_non_variadic_params();
        let receiver = all().take_while(|one| !is_function(one)).find_map(|one| self.model.id(one));
        let (model, scope) = (self.model, self.inner.scope(self.model));
        // `return cls(loader(*args))` makes objects.
        let calls_receiver = receiver.and_then(|id| model.symbol_bound_at(id)).is_some_and(|symbol| {
            model.reads(symbol).any(|read| {
                model.scope_is_within(read.scope, scope)
                    && matches!(model.parent_of(read.expr), Some(AnyNodeRef::ExprCall(call))
                        if call.func.range() == read.expr.range)
            })
        });
        parameters.vararg.is_none()
            && !calls_receiver
            && all().skip_while(|one| !is_function(one)).skip(1).all(|other| other.default.is_some())
    }

    /// `curry`: the wrapper makes more of its kind, by itself or through the outer function.
    fn is_curry(&self) -> bool {
        let (model, scope) = (self.model, self.inner.scope(self.model));
        let repeats = |symbol: SymbolId, by_itself: bool| {
            model.reads(symbol).any(|read| {
                let is_call = matches!(model.parent_of(read.expr), Some(AnyNodeRef::ExprCall(_)));
                is_call && model.scope_is_within(read.scope, scope) && !(by_itself && read.scope == scope)
            })
        };
        self.inner.symbol(model).is_some_and(|symbol| repeats(symbol, true))
            || self.outer.symbol(model).is_some_and(|symbol| repeats(symbol, false))
    }

    fn takes_everything(&self) -> bool {
        self.inner.parameters().is_some_and(|parameters| parameters.vararg.is_some() && parameters.kwarg.is_some())
    }

    /// Whether the wrapper's own arguments, all and in their order, go on to the function, nothing of the outer function's is
    /// added, and the result isn't turned round: adapters, partial applications and predicates do that.
    fn passes_arguments_on(&self, used: Use<'a>) -> bool {
        let call = match used {
            Use::Called(call) | Use::HandedOn(call) => call,
        };
        !self.adds_own_values(call)
            && self.is_run(used)
            && !is_negated(self.model, call)
            && !self.is_in_made_function(call)
            && self.passes_positional(call)
            && self.passes_variadic(used)
    }

    /// Whether the function is called, here or by the callee that gets it: `Label(name, *args)` shows no function.
    fn is_run(&self, used: Use<'a>) -> bool {
        let Use::HandedOn(call) = used else { return true };
        let callee = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return true,
        };
        RUNNERS.contains(&callee)
            || self.name().rsplit('_').next().is_some_and(|word| FUNCTION_NAMES.contains(&word))
            || self.parameter.annotation().is_some_and(|annotation| annotations::is_callable(self.model, annotation))
    }

    /// Whether the call stands in a function with parameters that the wrapper makes and returns: then that one is the wrapper.
    fn is_in_made_function(&self, call: &'a ast::ExprCall) -> bool {
        let (model, own) = (self.model, self.inner.scope(self.model));
        let Some(id) = model.id(call) else { return false };
        model.scope_chain(model.scope_of(id)).take_while(|&scope| scope != own).any(|scope| {
            let made = match model.scope(scope).kind {
                ScopeKind::Function(node) => Callable::Function(node),
                ScopeKind::Lambda(node) => Callable::Lambda(node),
                _ => return false,
            };
            let is_returned = made.symbol(model).is_some_and(|symbol| model.returns_symbol(self.inner, symbol))
                || model.returns_value(self.inner, made.id(model));
            is_returned && made.parameters().is_some_and(|parameters| !parameters.is_empty())
        })
    }

    fn passes_positional(&self, call: &ast::ExprCall) -> bool {
        let Some(parameters) = self.inner.parameters() else { return true };
        let holds_function = |parameter: &ast::ParameterWithDefault| {
            let symbol = self.model.id(parameter).and_then(|id| self.model.symbol_bound_at(id));
            symbol.is_some_and(|symbol| self.holders.contains(&symbol))
        };
        let mut wanted = parameters.posonlyargs.iter().chain(&parameters.args).filter(|one| !holds_function(one));
        let names: Vec<&str> =
            parameters.posonlyargs.iter().chain(&parameters.args).map(|one| one.name().as_str()).collect();
        let by_keyword =
            |name: &str| call.arguments.find_keyword(name).is_some_and(|keyword| is_name(&keyword.value, name));
        let mut given = call.arguments.args.iter().filter_map(Expr::as_name_expr).map(|name| name.id.as_str());
        let mut given = std::iter::from_fn(|| given.by_ref().find(|name| names.contains(name)));
        wanted.all(|one| by_keyword(one.name().as_str()) || given.next() == Some(one.name().as_str()))
            && given.next().is_none()
    }

    fn passes_variadic(&self, used: Use<'a>) -> bool {
        let Some(parameters) = self.inner.parameters() else { return true };
        let (Use::Called(call) | Use::HandedOn(call)) = used;
        // `Thread(target=func, args=args, kwargs=kwargs)`, `retry(func, args, kwargs)`
        let whole = |parameter: &ast::Parameter| {
            let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
            let mut values = call.arguments.args.iter().chain(keywords);
            matches!(used, Use::HandedOn(_)) && values.any(|value| is_name(value, parameter.name.as_str()))
        };
        let starred = call.arguments.args.iter().filter_map(Expr::as_starred_expr).any(|one| is_passed_on(&one.value));
        let doubled = call.arguments.keywords.iter().any(|one| one.arg.is_none() && is_passed_on(&one.value));
        parameters.vararg.as_deref().is_none_or(|args| starred || whole(args))
            && parameters.kwarg.as_deref().is_none_or(|kwargs| doubled || whole(kwargs))
    }

    /// Whether other parameters of the outer function are among the arguments: `partial`, or a method bound to its object.
    fn adds_own_values(&self, call: &ast::ExprCall) -> bool {
        let Some(parameters) = self.outer.parameters() else { return false };
        let range = call.arguments.range;
        parameters.iter().filter(|other| !std::ptr::eq(other.as_parameter(), &raw const self.parameter.parameter)).any(
            |other| {
                let symbol = self.model.lookup(self.outer.scope(self.model), other.name().as_str());
                symbol.is_some_and(|symbol| self.model.reads(symbol).any(|read| range.contains_range(read.expr.range)))
            },
        )
    }

    /// `(f: F) -> F`, `(f: Callable) -> Callable`, `(f: Callable[P, R]) -> Callable[P, Awaitable[R]]`.
    fn is_annotated_as_decorator(&self) -> bool {
        let Callable::Function(outer) = self.outer else { return false };
        let annotations = self.parameter.annotation().zip(outer.returns.as_deref());
        annotations.is_some_and(|(given, returned)| annotations::keeps_signature(self.model, given, returned))
    }

    // Reports.

    fn name(&self) -> &'a str {
        self.parameter.name().as_str()
    }

    fn finding(&self, ctx: &Context<'_, 'a>, message: String) -> Finding<'a> {
        let finding = Finding::new(header(ctx, self.inner), message);
        named(finding, decorator_name(self.model, self.outer), self.inner, self.name())
    }

    /// Reports it; if it hangs on others that may use it by these names, only if they do.
    fn report_lost(&self, decorated: Decorated<'a>, outside: Option<Vec<Outside>>, ctx: &mut Context<'_, 'a>) {
        let (outer, inner, function) = (self.outer, self.inner, self.name());
        let (wraps, import) = self.model.import("functools", "wraps", inner.id(self.model));
        let wraps = format!("{wraps}({function})");
        let decorator = decorator_name(self.model, outer);
        let remedy = match inner {
            Callable::Function(_) => format!("add `@{wraps}`"),
            Callable::Lambda(_) => format!("use `{wraps}(lambda …)`"),
        };
        let subject = decorator.trim_end_matches("(…)");
        let message = format!("functions wrapped by `{subject}` lose their name and docstring: {remedy}");
        let mut finding = self.finding(ctx, message);
        finding = match decorated {
            Decorated::Function { name, at } => {
                finding.related(at, format!("`{name}` is called `{}` from here on", own_name(inner)))
            }
            _ => finding.related(name_range(outer), format!("it takes `{function}` and gives back another function")),
        };
        let steps = move |code: &Code<'_, 'a>| lost_steps(code, outer, inner, function, &decorator, decorated);
        let finding = finding.steps(steps).fix(move |code| {
            let mut edits = wrapper_edits(code, inner, &wraps);
            edits.extend(import);
            Some(Fix::r#unsafe(format!("Copy the identity with `{wraps}`"), TAKEN_OVER, edits))
        });
        ctx.report(match outside {
            None => finding,
            Some(outside) => hanging_on(finding, outside, own_name(inner)),
        });
    }

    fn report_discarded(&self, call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
        let (inner, function) = (self.inner, self.name());
        let wraps = format!("{}({function})", self.model.slice(&*call.func));
        let message =
            format!("`{wraps}` alone on a line changes nothing: write it as a decorator of `{}`", own_name(inner));
        let finding =
            self.finding(ctx, message).severity(Severity::Error).related(call.range(), "its result is lost here");
        let title = format!("Make `{wraps}` a decorator");
        let steps = move |code: &Code<'_, 'a>| {
            let (line, name) = (code.line(call), own_name(inner));
            vec![
                Step::new(
                    call.range(),
                    format!("line {line}: `{wraps}` makes a decorator, and nothing is decorated with it"),
                ),
                Step::new(
                    name_range(inner),
                    format!("line {}: `{name}` keeps its own name and docstring", code.line(name_range(inner))),
                ),
                Step::new(name_range(inner), format!("every function wrapped by it will be called `{name}`")),
            ]
        };
        let decorator = format!("{}({function})", self.model.slice(&*call.func));
        ctx.report(finding.steps(steps).fix(move |code| {
            let mut edits = wrapper_edits(code, inner, &decorator);
            edits.extend(line_of_statement(code, call));
            Some(Fix::r#unsafe(title, TAKEN_OVER, edits))
        }));
    }

    fn report_swapped(&self, call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
        let (inner, function) = (self.inner, self.name());
        let wrapper = own_name(inner);
        let text = self.model.slice(&*call.func).rsplit('.').next().unwrap_or_default();
        let message = format!("`{text}` gives `{function}` the name of `{wrapper}`, not the other way: swap the two");
        let finding = self.finding(ctx, message).severity(Severity::Error).related(call.range(), "swap the two here");
        let steps = move |code: &Code<'_, 'a>| {
            let line = code.line(call);
            vec![
                Step::new(
                    call.range(),
                    format!("line {line}: the name and docstring of `{wrapper}` are copied onto `{function}`"),
                ),
                Step::new(call.range(), format!("line {line}: `{function}.__wrapped__` becomes `{wrapper}`")),
                Step::new(
                    name_range(inner),
                    format!("`{wrapper}` takes the function's place with its own name; the old one is gone"),
                ),
            ]
        };
        ctx.report(finding.steps(steps).fix(move |code| {
            let (one, other) = swapped_arguments(code.model, call)?;
            let text = |expr: &Expr| code.model.slice(expr).to_owned();
            let edits = vec![Edit::replace(one.range(), text(other)), Edit::replace(other.range(), text(one))];
            Some(Fix::r#unsafe("Swap the two functions", TAKEN_OVER, edits))
        }));
    }
}

// Arguments and parameters.

fn is_name(expr: &Expr, name: &str) -> bool {
    expr.as_name_expr().is_some_and(|node| node.id.as_str() == name)
}

/// `*args`, `*args[1:]`, `*bound.args`: not `*[str(arg) for arg in args]`.
fn is_passed_on(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => matches!(attribute.attr.as_str(), "args" | "kwargs"),
        Expr::Subscript(subscript) => subscript.value.is_name_expr(),
        _ => false,
    }
}

/// `not f(…)`, `not await f(…)`.
fn is_negated<'a>(model: &Model<'a>, call: &'a ast::ExprCall) -> bool {
    let mut node: AnyNodeRef<'a> = call.into();
    if let Some(awaited @ AnyNodeRef::ExprAwait(_)) = model.parent_of(call) {
        node = awaited;
    }
    let parent = model.id(&node).and_then(|id| model.parent(id)).map(|id| model.node(id));
    matches!(parent, Some(AnyNodeRef::ExprUnaryOp(operation)) if operation.op == ast::UnaryOp::Not)
}

/// Whether the parameter is for a class: then the class's name is at stake, not a function's.
fn takes_class(model: &Model, name: &str, annotation: Option<&Expr>) -> bool {
    if matches!(name, "cls" | "klass" | "class_" | "type_" | "clazz") {
        return true;
    }
    annotation.is_some_and(|annotation| annotations::is_class(model, annotation))
}

// `@wraps` without the function.

fn wraps_without_argument<'a>(model: &Model<'a>, inner: Callable<'a>) -> Option<&'a ast::Decorator> {
    inner.decorators().iter().find(|decorator| match &decorator.expression {
        Expr::Call(call) => call.arguments.is_empty() && model.is_any_of(&call.func, WRAPS),
        expr => model.is_any_of(expr, WRAPS),
    })
}

fn report_without_argument<'a>(
    outer: Callable<'a>,
    inner: Callable<'a>,
    decorator: &'a ast::Decorator,
    ctx: &mut Context<'_, 'a>,
) {
    let model = ctx.model;
    let function = function_parameters(model, outer)
        .max_by_key(|parameter| Wrapping::find(model, outer, inner, parameter).is_some())
        .map(|parameter| parameter.name().as_str());
    let call = decorator.expression.as_call_expr();
    let wraps = model.slice(call.map_or(&decorator.expression, |call| &*call.func));
    let wrapper = own_name(inner);
    let missing = function.unwrap_or("f");
    let message = format!("`@{wraps}` without `({missing})`: no call reaches `{wrapper}`; write `@{wraps}({missing})`");
    let finding = Finding::new(header(ctx, inner), message)
        .severity(Severity::Error)
        .related(decorator.range, "the function to copy from is missing here");
    let finding = named(finding, decorator_name(model, outer), inner, missing);
    let steps = move |code: &Code<'_, 'a>| {
        let at = decorator.range;
        let line = code.line(at);
        if call.is_some() {
            return vec![
                Step::new(at, format!("line {line}: `{wraps}()` isn't told which function to copy from")),
                Step::new(at, "it raises TypeError as soon as something is decorated"),
            ];
        }
        vec![
            Step::new(
                at,
                format!("line {line}: `{wraps}` gets `{wrapper}`, as if that were the function to copy from"),
            ),
            Step::new(at, format!("`{wrapper}` now stands for a `functools.partial` object that waits for a wrapper")),
            Step::new(
                at,
                format!("a call hands its first argument to `update_wrapper`; the body of `{wrapper}` never runs"),
            ),
        ]
    };
    ctx.report(finding.steps(steps).fix(move |_| {
        let function = function?;
        let edit = match call {
            Some(call) => Edit::replace(call.arguments.range, format!("({function})")),
            None => Edit::insert(decorator.expression.end(), format!("({function})")),
        };
        Some(Fix::safe(format!("Pass `{function}` to `{wraps}`"), vec![edit]))
    }));
}

// Names, places and edits.

/// The wrapper's `__name__`.
fn own_name<'a>(inner: Callable<'a>) -> &'a str {
    match inner {
        Callable::Function(node) => node.name.as_str(),
        Callable::Lambda(_) => "<lambda>",
    }
}

fn name_range(inner: Callable) -> TextRange {
    match inner {
        Callable::Function(node) => node.name.range,
        Callable::Lambda(node) => node.range,
    }
}

/// What stands after the `@`: `timer`, `retry(…)` for the factory that returns the decorator, the class of a `__call__`.
fn decorator_name<'a>(model: &Model<'a>, outer: Callable<'a>) -> String {
    let factory = model.callable_around(outer.id(model));
    let symbol = outer.symbol(model);
    if let Some(factory) = factory
        && (symbol.is_some_and(|symbol| model.returns_symbol(factory, symbol))
            || model.returns_value(factory, outer.id(model)))
    {
        return format!("{}(…)", decorator_name(model, factory).trim_end_matches("(…)"));
    }
    match outer {
        Callable::Function(function) => match model.class_of_method(function) {
            Some(class) if function.name.as_str() == "__call__" => class.name.to_string(),
            _ => function.name.to_string(),
        },
        Callable::Lambda(_) => symbol.map_or("decorator", |symbol| model.name(symbol)).to_owned(),
    }
}

fn named<'a>(finding: Finding<'a>, decorator: String, inner: Callable<'a>, function: &str) -> Finding<'a> {
    finding.name("decorator", decorator).name("wrapper", own_name(inner)).name("param", function)
}

/// Where the wrapper's definition starts, below its decorators.
fn definition_start(code: &Code, inner: Callable) -> TextSize {
    let Some(last) = inner.decorators().last() else {
        return name_range(inner).start().min(match inner {
            Callable::Function(node) => node.range.start(),
            Callable::Lambda(node) => node.range.start(),
        });
    };
    let tokens = code.tokens.after(last.range.end()).iter();
    let mut keywords =
        tokens.filter(|token| matches!(token.kind(), TokenKind::Def | TokenKind::Async | TokenKind::Class));
    // In half-typed code the next keyword may belong to another definition.
    keywords.next().map_or(name_range(inner).start(), Ranged::start).min(name_range(inner).start())
}

/// `def wrapper`, `async def wrapper`, or the lambda.
fn header(code: &Code, inner: Callable) -> TextRange {
    TextRange::new(definition_start(code, inner), name_range(inner).end())
}

/// Puts `decorator` on the wrapper: right above its `def`, below the decorators it has, which may make no function of it.
fn wrapper_edits(code: &Code, inner: Callable, decorator: &str) -> Vec<Edit> {
    let start = definition_start(code, inner);
    match inner {
        Callable::Function(_) => {
            let indentation = code.model.indentation(start);
            vec![Edit::insert(start, format!("@{decorator}\n{indentation}"))]
        }
        Callable::Lambda(node) => {
            vec![Edit::insert(start, format!("{decorator}(")), Edit::insert(node.range.end(), ")")]
        }
    }
}

/// Removes the statement that is only `call`, if it has its line to itself and its block goes on without it.
fn line_of_statement<'a>(code: &Code<'_, 'a>, call: &'a ast::ExprCall) -> Option<Edit> {
    let model = code.model;
    let statement = model.statement(model.id(call)?)?;
    let range = model.node(statement).range();
    let end = model.line_end(range.end());
    let is_alone = model.starts_line(range.start()) && end == range.end() && model.block_of(statement)?.len() > 1;
    is_alone.then(|| Edit::delete(TextRange::new(model.line_start(range.start()), model.next_line(end))))
}

/// The two functions of `update_wrapper(f, wrapper)` or `wraps(wrapper)(f)`.
fn swapped_arguments<'a>(model: &Model<'a>, call: &'a ast::ExprCall) -> Option<(&'a Expr, &'a Expr)> {
    if model.is_any_of(&call.func, UPDATE_WRAPPER) {
        let wrapper = call.arguments.find_argument_value("wrapper", 0)?;
        return Some((wrapper, call.arguments.find_argument_value("wrapped", 1)?));
    }
    let Some(AnyNodeRef::ExprCall(outer)) = model.parent_of(call) else { return None };
    Some((call.arguments.find_argument_value("wrapped", 0)?, outer.arguments.args.first()?))
}

fn lost_steps<'a>(
    code: &Code<'_, 'a>,
    outer: Callable<'a>,
    inner: Callable<'a>,
    function: &str,
    decorator: &str,
    decorated: Decorated<'a>,
) -> Vec<Step> {
    let range = code.model.node(outer.id(code.model)).range();
    let start = TextRange::empty(outer.parameters().map_or(range.start(), Ranged::start));
    let (wrapper, place) = (own_name(inner), name_range(inner));
    let mut steps = vec![
        Step::new(start, format!("line {}: `@{decorator}` hands over a function, as `{function}`", code.line(start))),
        Step::new(place, format!("line {}: a new function is made, with the name `{wrapper}`", code.line(place))),
    ];
    steps.push(match decorated {
        Decorated::Function { name, at } => Step::new(
            at,
            format!("line {}: `{name}` now stands for that one, and says that it is `{wrapper}`", code.line(at)),
        ),
        _ => Step::new(place, format!("it takes the decorated function's place, and says that it is `{wrapper}`")),
    });
    steps
}

/// Leaves the finding only if another file decorates a function by one of these names.
fn hanging_on<'a>(finding: Finding<'a>, outside: Vec<Outside>, wrapper: &str) -> Finding<'a> {
    let wrapper = wrapper.to_owned();
    finding.pending(move |mut found, view| {
        let used = outside.iter().find_map(|name| view.decorating(&name.path, name.calls))?;
        let (file, function) = (file_name(&used.path), &used.function);
        let text = format!("`{function}` in `{file}` now stands for that one, and says that it is `{wrapper}`");
        match found.steps.last_mut() {
            Some(last) => last.text = text,
            None => found.steps.push(Step::new(found.range, text)),
        }
        let message = format!("`{function}` is called `{wrapper}` from here on");
        found.elsewhere.push(Elsewhere { path: used.path, place: used.place, message });
        Some(found)
    })
}

// Classes used as decorators.

fn check_class<'a>(class: &'a ast::StmtClassDef, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    if !has_call(model, class) || says_who_it_is(class) {
        return;
    }
    let Some(kept) = kept_function(model, class) else { return };
    let decorated = model.decorated_by_class(class);
    let used = match decorated {
        Decorated::Function { name, at } => Some((name, at)),
        Decorated::Nothing => None,
        Decorated::OnlyClasses => return,
    };
    if takes_class(model, kept.name, kept.annotation)
        || methods(class).any(|method| copies_identity(model, method, kept.init.map(|(_, symbol)| symbol)))
    {
        return;
    }
    let function = kept.name;
    let init = kept.init.map(|(init, _)| init);
    let this = init.and_then(this_parameter).map_or("self", |this| this.name().as_str());
    let place = init.and_then(|init| model.id(init)).or_else(|| model.id(class));
    let Some(place) = place else { return };
    let (update, import) = model.import("functools", "update_wrapper", place);
    let update = format!("{update}({this}, {function})");
    let class_name = class.name.as_str();
    let message = format!("functions decorated with `{class_name}` lose their name: call `{update}`");
    let start = class_start(ctx, class);
    let finding = Finding::new(TextRange::new(start, class.name.range.end()), message)
        .severity(Severity::Info)
        .name("decorator", class_name)
        .name("wrapper", class_name)
        .name("param", function);
    let finding = match used {
        Some((name, at)) => finding.related(at, format!("`{name}` is an instance of `{class_name}` from here on")),
        None => finding,
    };
    let steps = move |code: &Code<'_, 'a>| {
        let line = code.line(class.name.range);
        let mut steps = vec![Step::new(
            class.name.range,
            format!("line {line}: an instance of `{class_name}` keeps the function as `{function}`"),
        )];
        if let Some((name, at)) = used {
            let line = code.line(at);
            steps.push(Step::new(
                at,
                format!("line {line}: `{name}` becomes such an instance: `{name}.__name__` raises AttributeError"),
            ));
            steps.push(Step::new(at, format!("`help({name})` shows the class `{class_name}` and its docstring")));
        }
        steps
    };
    let finding = finding.steps(steps).fix(move |code| {
        let first = Model::after_docstring(&init?.body).first()?.start();
        let call = match code.model.starts_line(first) {
            true => format!("{update}\n{}", code.model.indentation(first)),
            false => format!("{update}; "),
        };
        let mut edits = vec![Edit::insert(first, call)];
        edits.extend(import);
        Some(Fix::r#unsafe(format!("Call `{update}` first"), TAKEN_OVER, edits))
    });
    ctx.report(match used {
        Some(_) => finding,
        None => hanging_on_class(finding, model.names_of_class_outside(class), class_name),
    });
}

/// Leaves the finding only if another file decorates a function with the class.
fn hanging_on_class<'a>(finding: Finding<'a>, outside: Vec<Outside>, class: &str) -> Finding<'a> {
    let class = class.to_owned();
    finding.pending(move |mut found, view| {
        let used = outside.iter().find_map(|name| view.decorating(&name.path, name.calls))?;
        let (file, function) = (file_name(&used.path), &used.function);
        let text =
            format!("`{function}` in `{file}` becomes such an instance: `{function}.__name__` raises AttributeError");
        found.steps.push(Step::new(found.range, text));
        let message = format!("`{function}` is an instance of `{class}` from here on");
        found.elsewhere.push(Elsewhere { path: used.path, place: used.place, message });
        Some(found)
    })
}

fn class_start(code: &Code, class: &ast::StmtClassDef) -> TextSize {
    let Some(last) = class.decorator_list.last() else { return class.range.start() };
    let mut tokens = code.tokens.after(last.range.end()).iter();
    tokens.find(|token| token.kind() == TokenKind::Class).map_or(class.name.range.start(), Ranged::start)
}

fn methods(class: &ast::StmtClassDef) -> impl Iterator<Item = &ast::StmtFunctionDef> {
    class.body.iter().filter_map(ast::Stmt::as_function_def_stmt)
}

fn method<'a>(class: &'a ast::StmtClassDef, name: &str) -> Option<&'a ast::StmtFunctionDef> {
    methods(class).find(|method| method.name.as_str() == name)
}

fn this_parameter(method: &ast::StmtFunctionDef) -> Option<&ast::ParameterWithDefault> {
    method.parameters.posonlyargs.iter().chain(&method.parameters.args).next()
}

/// Whether the class, or a base in the file, defines `__call__`.
fn has_call(model: &Model, class: &ast::StmtClassDef) -> bool {
    method(class, "__call__").is_some()
        || class.bases().iter().any(|base| {
            let symbol = base.as_name_expr().and_then(|name| model.symbol_of(name));
            let base = symbol.and_then(|symbol| model.class_of(symbol));
            base.is_some_and(|base| method(base, "__call__").is_some())
        })
}

/// Whether the class answers for `__name__` itself, or has no room for attributes.
fn says_who_it_is(class: &ast::StmtClassDef) -> bool {
    let is_telling =
        |name: &str| IDENTITY.contains(&name) || matches!(name, "__slots__" | "__getattr__" | "__getattribute__");
    let is_set = |expr: &Expr| expr.as_name_expr().is_some_and(|name| is_telling(name.id.as_str()));
    class.body.iter().any(|stmt| match stmt {
        ast::Stmt::FunctionDef(node) => is_telling(node.name.as_str()),
        ast::Stmt::Assign(node) => node.targets.iter().any(is_set),
        ast::Stmt::AnnAssign(node) => is_set(&node.target),
        _ => false,
    })
}

/// The function that an instance keeps.
struct Kept<'a> {
    name: &'a str,
    annotation: Option<&'a Expr>,
    /// The `__init__` that keeps it, and its parameter.
    init: Option<(&'a ast::StmtFunctionDef, SymbolId)>,
}

/// The parameter that `__init__` keeps in an attribute; the first field of a data class without an `__init__`.
fn kept_function<'a>(model: &Model<'a>, class: &'a ast::StmtClassDef) -> Option<Kept<'a>> {
    let Some(init) = method(class, "__init__") else {
        let field = class.body.iter().find_map(ast::Stmt::as_ann_assign_stmt)?;
        let name = field.target.as_name_expr()?.id.as_str();
        return is_dataclass(model, class).then_some(Kept { name, annotation: Some(&field.annotation), init: None });
    };
    let parameter = init.parameters.posonlyargs.iter().chain(&init.parameters.args).nth(1)?;
    let symbol = model.symbol_bound_at(model.id(parameter)?)?;
    let is_kept = model.reads(symbol).any(|read| is_stored_in_attribute(model, read.node));
    is_kept.then_some(Kept {
        name: parameter.name().as_str(),
        annotation: parameter.annotation(),
        init: Some((init, symbol)),
    })
}

fn is_dataclass(model: &Model, class: &ast::StmtClassDef) -> bool {
    class.decorator_list.iter().any(|decorator| {
        let expr = decorator.expression.as_call_expr().map_or(&decorator.expression, |call| &*call.func);
        model.is_any_of(expr, &["dataclasses.dataclass"])
    })
}

/// Whether a method copies the function's identity onto the instance: `update_wrapper(self, func)`, `self.__name__ = …`,
/// `setattr(self, name, …)`, or a helper or base class that gets both.
fn copies_identity<'a>(model: &Model<'a>, method: &'a ast::StmtFunctionDef, function: Option<SymbolId>) -> bool {
    let symbol = |parameter: &ast::ParameterWithDefault| model.symbol_bound_at(model.id(parameter)?);
    let Some(this) = this_parameter(method).and_then(symbol) else { return false };
    let function_reads = || function.into_iter().flat_map(|function| model.reads(function));
    let gets_function =
        |call: &ast::ExprCall| function_reads().any(|read| call.arguments.range.contains_range(read.expr.range));
    let hands_to_base = function_reads().any(|read| {
        let call = call_with_argument(model, read.node);
        let callee = call.and_then(|call| call.func.as_attribute_expr());
        callee.is_some_and(|callee| callee.attr.as_str() == "__init__")
    });
    hands_to_base
        || model.reads(this).any(|read| match model.parent_of(read.expr) {
            Some(AnyNodeRef::ExprAttribute(attribute)) => {
                let name = attribute.attr.as_str();
                IDENTITY.contains(&name) && (attribute.ctx == ExprContext::Store || name == "__dict__")
            }
            _ => call_with_argument(model, read.node).is_some_and(|call| {
                model.is_any_of(&call.func, UPDATE_WRAPPER)
                    || call.func.is_call_expr()
                    || model.is_builtin(&call.func, "setattr")
                    || gets_function(call)
            }),
        })
}
