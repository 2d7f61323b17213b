//! Functions that make functions: what a function returns, and how the file uses what it returns as a decorator.
//!
//! `@decorator` above `def name` means `name = decorator(name)`
//! (<https://docs.python.org/3/reference/compound_stmts.html#function-definitions>).

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::model::{BindingKind, Model, NodeId, ScopeId, ScopeKind, SymbolId};

/// How many names and functions are followed.
const MAX_STEPS: u8 = 4;

/// Functions and methods that look at a function or keep it, but don't call it.
#[rustfmt::skip]
const LOOKS_ONLY: &[&str] = &[
    "add", "append", "callable", "critical", "debug", "delattr", "discard", "error", "exception", "format", "get",
    "getattr", "hasattr", "hash", "id", "info", "isinstance", "issubclass", "len", "log", "pop", "print",
    "remove", "repr", "setattr", "setdefault", "signature", "str", "super", "type", "unwrap", "vars", "warn",
    "warning",
];

/// A `def` or a lambda.
#[derive(Clone, Copy, Debug)]
pub enum Callable<'a> {
    /// `def` or `async def`.
    Function(&'a ast::StmtFunctionDef),
    /// `lambda`.
    Lambda(&'a ast::ExprLambda),
}

impl<'a> Callable<'a> {
    /// Its parameters; `None` for a lambda without any.
    pub fn parameters(self) -> Option<&'a ast::Parameters> {
        match self {
            Callable::Function(node) => Some(&node.parameters),
            Callable::Lambda(node) => node.parameters.as_deref(),
        }
    }

    /// Its decorators.
    pub fn decorators(self) -> &'a [ast::Decorator] {
        match self {
            Callable::Function(node) => &node.decorator_list,
            Callable::Lambda(_) => &[],
        }
    }

    /// Its number in the model.
    pub fn id(self, model: &Model<'a>) -> NodeId {
        let id = match self {
            Callable::Function(node) => model.id(node),
            Callable::Lambda(node) => model.id(node),
        };
        id.expect("functions and lambdas are numbered")
    }

    /// The scope of its body.
    pub fn scope(self, model: &Model<'a>) -> ScopeId {
        let scope = match self {
            Callable::Function(node) => model.scope_opened_by(node),
            Callable::Lambda(node) => model.scope_opened_by(node),
        };
        scope.expect("functions and lambdas open a scope")
    }

    /// The variable that holds it: the `def`'s, or that of `name = lambda: …`.
    pub fn symbol(self, model: &Model<'a>) -> Option<SymbolId> {
        match self {
            Callable::Function(node) => model.symbol_bound_at(model.id(node)?),
            Callable::Lambda(node) => model.assigned_symbol(model.id(node)?),
        }
    }
}

/// How code uses a function that it holds.
#[derive(Clone, Copy, Debug)]
pub enum Use<'a> {
    /// Called here.
    Called(&'a ast::ExprCall),
    /// An argument of a call.
    HandedOn(&'a ast::ExprCall),
}

/// What the file decorates with something.
#[derive(Clone, Copy, Debug)]
pub enum Decorated<'a> {
    /// Nothing.
    Nothing,
    /// Classes, but no function.
    OnlyClasses,
    /// A function, with its name where that is written.
    Function {
        /// The function's name.
        name: &'a str,
        /// The decorator, or the call that stands for it.
        at: TextRange,
    },
}

/// How other files can use something of this one as a decorator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// The name that leads to it from the module: `timed`, `Desk.checked`.
    pub path: String,
    /// How often that is called: once for what a factory returns.
    pub calls: u8,
}

impl<'a> Model<'a> {
    /// The function or lambda in whose code `id` stands directly: not in a class body or comprehension inside it.
    pub fn callable_around(&self, id: NodeId) -> Option<Callable<'a>> {
        match self.scope(self.scope_of(id)).kind {
            ScopeKind::Function(node) => Some(Callable::Function(node)),
            ScopeKind::Lambda(node) => Some(Callable::Lambda(node)),
            _ => None,
        }
    }

    /// The variable that gets the value of the expression `id`, unchanged: `name = …`, `name: T = …`, `(name := …)`.
    pub fn assigned_symbol(&self, id: NodeId) -> Option<SymbolId> {
        let target = match self.node(self.parent(id)?) {
            AnyNodeRef::StmtAssign(node) => match &*node.targets {
                [target] if self.expr_id(&node.value) == id => target,
                _ => return None,
            },
            AnyNodeRef::StmtAnnAssign(node) if self.expr_id(node.value.as_deref()?) == id => &node.target,
            AnyNodeRef::ExprNamed(node) if self.expr_id(&node.value) == id => &node.target,
            _ => return None,
        };
        self.symbol_of(target.as_name_expr()?)
    }

    /// The expression around `id` that has the same value on some path, or the same function in another wrapping: branches of a
    /// conditional, `or`, a walrus, `cast(T, …)`, `staticmethod(…)`, `classmethod(…)`, `property(…)`.
    pub fn same_value_around(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.parent(id)?;
        let same = match self.node(parent) {
            AnyNodeRef::ExprIf(node) => self.expr_id(&node.test) != id,
            AnyNodeRef::ExprBoolOp(_) => true,
            AnyNodeRef::ExprNamed(node) => self.expr_id(&node.value) == id,
            AnyNodeRef::ExprCall(call) => match &*call.arguments.args {
                [first, ..] if self.expr_id(first) == id => {
                    matches!(self.builtin_name(&call.func), Some("staticmethod" | "classmethod" | "property"))
                }
                [_, second] if self.expr_id(second) == id => {
                    self.is_any_of(&call.func, &["typing.cast", "typing_extensions.cast"])
                }
                _ => false,
            },
            _ => false,
        };
        same.then_some(parent)
    }

    /// Whether `callable` returns the value of the expression `id`, on some path, through variables of its own.
    pub fn returns_value(&self, callable: Callable<'a>, id: NodeId) -> bool {
        self.returns_within(callable, id, MAX_STEPS)
    }

    /// Whether `callable` returns what `symbol` holds, on some path.
    pub fn returns_symbol(&self, callable: Callable<'a>, symbol: SymbolId) -> bool {
        self.returns_symbol_within(callable, symbol, MAX_STEPS)
    }

    fn returns_within(&self, callable: Callable<'a>, id: NodeId, steps: u8) -> bool {
        let mut id = id;
        loop {
            if let Some(symbol) = self.assigned_symbol(id)
                && steps > 0
                && self.returns_symbol_within(callable, symbol, steps - 1)
            {
                return true;
            }
            match self.same_value_around(id) {
                Some(around) => id = around,
                None => break,
            }
        }
        let Some(parent) = self.parent(id) else { return false };
        match (self.node(parent), callable) {
            (AnyNodeRef::StmtReturn(_), Callable::Function(_)) => self.scope_of(parent) == callable.scope(self),
            (AnyNodeRef::ExprLambda(node), Callable::Lambda(lambda)) => {
                std::ptr::eq(node, lambda) && self.expr_id(&lambda.body) == id
            }
            _ => false,
        }
    }

    fn returns_symbol_within(&self, callable: Callable<'a>, symbol: SymbolId, steps: u8) -> bool {
        let scope = callable.scope(self);
        self.reads(symbol).any(|read| read.scope == scope && self.returns_within(callable, read.node, steps))
    }

    /// What the file decorates with `callable`: itself, the result of a factory that returns it, a method through its class or
    /// an instance, or by hand as in `name = decorator(name)`.
    pub fn decorated_by(&self, callable: Callable<'a>) -> Decorated<'a> {
        self.decorated_with(&self.expressions_of(callable, MAX_STEPS))
    }

    /// How other files can use `callable` as a decorator: by its name and others for it, through its class or an instance of that,
    /// or by calling the factory that returns it.
    pub fn names_outside(&self, callable: Callable<'a>) -> Vec<Outside> {
        let mut names = Vec::new();
        self.add_outside(callable, 0, &mut names);
        names
    }

    /// How other files can use `class` itself as a decorator.
    pub fn names_of_class_outside(&self, class: &'a ast::StmtClassDef) -> Vec<Outside> {
        let symbol = self.id(class).and_then(|id| self.symbol_bound_at(id));
        symbol
            .map_or_else(Vec::new, |symbol| self.module_names(symbol).map(|path| Outside { path, calls: 0 }).collect())
    }

    fn add_outside(&self, callable: Callable<'a>, calls: u8, names: &mut Vec<Outside>) {
        if calls >= MAX_STEPS {
            return;
        }
        if let Some(symbol) = callable.symbol(self) {
            names.extend(self.module_names(symbol).map(|path| Outside { path, calls }));
        }
        if let Callable::Function(function) = callable
            && let Some(class) = self.class_of_method(function)
            && let Some(symbol) = self.id(class).and_then(|id| self.symbol_bound_at(id))
        {
            let made = self.reads(symbol).filter_map(|read| self.assigned_symbol(self.id(self.call_of(read.node)?)?));
            let instances: Vec<String> =
                made.flat_map(|symbol| self.module_names(symbol).collect::<Vec<_>>()).collect();
            if function.name.as_str() == "__call__" {
                names.extend(self.module_names(symbol).map(|path| Outside { path, calls: calls + 1 }));
                names.extend(instances.into_iter().map(|path| Outside { path, calls }));
            } else {
                let owners = self.module_names(symbol).chain(instances);
                names.extend(owners.map(|owner| Outside { path: format!("{owner}.{}", function.name), calls }));
            }
        }
        if let Some(factory) = self.callable_around(callable.id(self)) {
            let is_returned = callable.symbol(self).is_some_and(|symbol| self.returns_symbol(factory, symbol))
                || self.returns_value(factory, callable.id(self));
            if is_returned {
                self.add_outside(factory, calls + 1, names);
            }
        }
    }

    /// The module's names for what a variable of the module holds: its own, and those of variables that only hold its value.
    fn module_names(&self, symbol: SymbolId) -> impl Iterator<Item = String> {
        let is_of_module = |symbol: &SymbolId| self.symbol_scope(*symbol) == ScopeId::MODULE;
        let own = Some(symbol).filter(is_of_module);
        let aliases =
            own.into_iter().flat_map(|symbol| self.reads(symbol)).filter_map(|read| self.assigned_symbol(read.node));
        own.into_iter().chain(aliases.filter(is_of_module)).map(|symbol| self.name(symbol).to_owned())
    }

    /// What the file decorates with `class` itself.
    pub fn decorated_by_class(&self, class: &'a ast::StmtClassDef) -> Decorated<'a> {
        let mut expressions = Vec::new();
        if let Some(symbol) = self.id(class).and_then(|id| self.symbol_bound_at(id)) {
            self.add_reads(symbol, &mut expressions, MAX_STEPS);
        }
        self.decorated_with(&expressions)
    }

    /// All expressions whose value is `callable`.
    fn expressions_of(&self, callable: Callable<'a>, steps: u8) -> Vec<NodeId> {
        let mut found = Vec::new();
        let Some(steps) = steps.checked_sub(1) else { return found };
        let symbol = callable.symbol(self);
        if let Some(symbol) = symbol {
            self.add_reads(symbol, &mut found, steps);
        }
        if let Callable::Function(function) = callable
            && let Some(class) = self.class_of_method(function)
        {
            self.add_method(class, function.name.as_str(), &mut found, steps);
        }
        if let Some(factory) = self.callable_around(callable.id(self)) {
            self.add_results(factory, callable, &mut found, steps);
        }
        if found.iter().any(|&id| self.returns_itself(callable, id)) {
            let calls = found.iter().filter_map(|&id| self.id(self.call_of(id)?));
            found.extend(calls.collect::<Vec<_>>());
        }
        found
    }

    /// Whether `id`, which is `callable`, is how it returns itself with options bound: `return partial(decorator, option=1)`,
    /// `return lambda func: decorator(func, option=1)`.
    fn returns_itself(&self, callable: Callable<'a>, id: NodeId) -> bool {
        if self.scope_of(id) == callable.scope(self) {
            let partial = call_with_argument(self, id)
                .filter(|call| self.is_any_of(&call.func, &["functools.partial"]))
                .and_then(|call| self.id(call));
            return partial.is_some_and(|call| self.returns_value(callable, call));
        }
        let call = self.call_of(id).and_then(|call| self.parent_of(call));
        matches!(call, Some(AnyNodeRef::ExprLambda(lambda))
            if self.id(lambda).is_some_and(|lambda| self.returns_value(callable, lambda)))
    }

    /// Adds what `factory` gives where it returns `callable`, or what it returns by calling it with a function.
    fn add_results(&self, factory: Callable<'a>, callable: Callable<'a>, found: &mut Vec<NodeId>, steps: u8) {
        let returned = match (callable, callable.symbol(self)) {
            (_, Some(symbol)) if self.returns_symbol(factory, symbol) => true,
            (Callable::Lambda(_), _) => self.returns_value(factory, callable.id(self)),
            _ => false,
        };
        let calls = found.iter().filter_map(|&id| self.call_of(id));
        let applied = calls.filter(|call| call.arguments.len() == 1);
        let applies = applied.filter_map(|call| self.id(call)).any(|call| self.returns_value(factory, call));
        if !returned && !applies {
            return;
        }
        for id in self.expressions_of(factory, steps) {
            if applies {
                found.push(id);
            }
            if returned && let Some(call) = self.call_of(id).and_then(|call| self.id(call)) {
                self.add_with_aliases(call, found, steps);
            }
        }
    }

    /// Adds every `Class.name`, `instance.name` and `self.name`; for `__call__`, every instance.
    fn add_method(&self, class: &'a ast::StmtClassDef, name: &str, found: &mut Vec<NodeId>, steps: u8) {
        let Some(symbol) = self.id(class).and_then(|id| self.symbol_bound_at(id)) else { return };
        let mut owners = Vec::new();
        self.add_reads(symbol, &mut owners, steps);
        let mut instances = Vec::new();
        for &owner in &owners {
            if let Some(call) = self.call_of(owner).and_then(|call| self.id(call)) {
                self.add_with_aliases(call, &mut instances, steps);
            }
        }
        if name == "__call__" {
            found.append(&mut instances);
            return;
        }
        owners.append(&mut instances);
        for stmt in &class.body {
            if let Some(method) = stmt.as_function_def_stmt()
                && let Some(this) = method.parameters.iter_non_variadic_params().next()
                && let Some(symbol) = self.id(this).and_then(|id| self.symbol_bound_at(id))
            {
                owners.extend(self.reads(symbol).map(|read| read.node));
            }
        }
        found.extend(owners.into_iter().filter_map(|owner| match self.node(self.parent(owner)?) {
            AnyNodeRef::ExprAttribute(node) if node.attr.as_str() == name => self.id(node),
            _ => None,
        }));
    }

    fn add_reads(&self, symbol: SymbolId, found: &mut Vec<NodeId>, steps: u8) {
        for read in self.reads(symbol).filter(|read| !read.in_string) {
            self.add_with_aliases(read.node, found, steps);
        }
    }

    /// Adds `id`, and the reads of a variable that only holds its value.
    fn add_with_aliases(&self, id: NodeId, found: &mut Vec<NodeId>, steps: u8) {
        found.push(id);
        if let Some(steps) = steps.checked_sub(1)
            && let Some(symbol) = self.assigned_symbol(id)
            && self.only_binding(symbol).is_some()
        {
            self.add_reads(symbol, found, steps);
        }
    }

    fn decorated_with(&self, expressions: &[NodeId]) -> Decorated<'a> {
        let mut decorated = Decorated::Nothing;
        for &id in expressions {
            match self.decorated_here(id) {
                function @ Decorated::Function { .. } => return function,
                Decorated::OnlyClasses => decorated = Decorated::OnlyClasses,
                Decorated::Nothing => {}
            }
        }
        decorated
    }

    /// What the one expression `id` decorates.
    fn decorated_here(&self, id: NodeId) -> Decorated<'a> {
        let Some(parent) = self.parent(id) else { return Decorated::Nothing };
        match self.node(parent) {
            AnyNodeRef::Decorator(decorator) => match self.parent(parent).map(|id| self.node(id)) {
                Some(AnyNodeRef::StmtFunctionDef(function)) => {
                    Decorated::Function { name: function.name.as_str(), at: decorator.range() }
                }
                Some(AnyNodeRef::StmtClassDef(_)) => Decorated::OnlyClasses,
                _ => Decorated::Nothing,
            },
            // `@partial(decorator, option=1)`
            AnyNodeRef::ExprCall(call)
                if call.arguments.args.first().is_some_and(|first| self.expr_id(first) == id)
                    && self.is_any_of(&call.func, &["functools.partial"]) =>
            {
                self.id(call).map_or(Decorated::Nothing, |call| self.decorated_here(call))
            }
            AnyNodeRef::ExprCall(call) if self.expr_id(&call.func) == id => self.decorated_by_hand(call),
            _ => Decorated::Nothing,
        }
    }

    /// `name = decorator(name)`.
    fn decorated_by_hand(&self, call: &'a ast::ExprCall) -> Decorated<'a> {
        let ([argument], Some(AnyNodeRef::StmtAssign(assign))) = (&*call.arguments.args, self.parent_of(call)) else {
            return Decorated::Nothing;
        };
        let [target] = &*assign.targets else { return Decorated::Nothing };
        if !call.arguments.keywords.is_empty() || self.slice(target) != self.slice(argument) {
            return Decorated::Nothing;
        }
        let Some(name) = target.as_name_expr() else { return Decorated::Nothing };
        let mut bindings = self.symbol_of(name).into_iter().flat_map(|symbol| self.bindings(symbol));
        match bindings.any(|binding| matches!(binding.kind, BindingKind::Function(_))) {
            true => Decorated::Function { name: name.id.as_str(), at: call.range() },
            false => Decorated::Nothing,
        }
    }
}

/// The nodes of one kind that hold `id` as an argument: the call, for a positional or keyword argument.
pub fn call_with_argument<'a>(model: &Model<'a>, id: NodeId) -> Option<&'a ast::ExprCall> {
    let parent = model.parent(id)?;
    let call = match model.node(parent) {
        AnyNodeRef::Keyword(keyword) => model.parent_of(keyword)?,
        node => node,
    };
    match call {
        AnyNodeRef::ExprCall(call) if model.expr_id(&call.func) != id => Some(call),
        _ => None,
    }
}

/// The parameters that may get the decorated function: the first, in a method the one after `self`.
pub fn function_parameters<'a>(
    model: &Model<'a>,
    outer: Callable<'a>,
) -> impl Iterator<Item = &'a ast::ParameterWithDefault> + use<'a> {
    let parameters = outer.parameters();
    let all = parameters.into_iter().flat_map(|parameters| parameters.posonlyargs.iter().chain(&parameters.args));
    let is_method = match outer {
        Callable::Function(function) => {
            model.class_of_method(function).is_some()
                && !function.decorator_list.iter().any(|one| model.is_builtin(&one.expression, "staticmethod"))
        }
        Callable::Lambda(_) => false,
    };
    let skipped = move |name: &str| is_method && matches!(name, "self" | "cls" | "mcs" | "metacls" | "mcls" | "_");
    let at_most = if is_method { 2 } else { 1 };
    all.take(at_most).filter(move |parameter| !skipped(parameter.name().as_str()))
}

/// How the code around `id`, which holds the function, uses it: as what it calls, or as what it hands to a callee.
pub fn use_of<'a>(model: &Model<'a>, id: NodeId) -> Option<Use<'a>> {
    let mut id = id;
    loop {
        if let Some(call) = call_with_argument(model, id)
            && model.same_value_around(id).is_none()
        {
            return (!only_looks(&call.func)).then_some(Use::HandedOn(call));
        }
        let parent = model.parent(id)?;
        match model.node(parent) {
            AnyNodeRef::ExprCall(call) => return Some(Use::Called(call)),
            AnyNodeRef::ExprAttribute(node)
                if matches!(node.attr.as_str(), "__call__" | "__func__" | "__wrapped__") =>
            {
                id = parent;
            }
            AnyNodeRef::ExprAttribute(node) if node.attr.as_str() == "__get__" => id = model.parent(parent)?,
            _ => id = model.same_value_around(id)?,
        }
    }
}

/// The expression around `id` that stands for the same function: `func.__func__`, `getattr(func, "__func__", func)`,
/// `inspect.unwrap(func)`.
pub fn same_function_around(model: &Model, id: NodeId) -> Option<NodeId> {
    let parent = model.parent(id)?;
    let same = match model.node(parent) {
        AnyNodeRef::ExprAttribute(node) => matches!(node.attr.as_str(), "__func__" | "__wrapped__"),
        AnyNodeRef::ExprCall(call) => {
            model.expr_id(&call.func) != id
                && (model.is_builtin(&call.func, "getattr") || model.is_any_of(&call.func, &["inspect.unwrap"]))
        }
        _ => false,
    };
    same.then_some(parent)
}

/// Whether the callee only looks at a function or keeps it, but doesn't call it.
pub fn only_looks(callee: &Expr) -> bool {
    let name = match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    LOOKS_ONLY.contains(&name)
}

/// `self.func = func`, `self.func, self.calls = func, 0`, `self.func: Callable = func or default`.
pub fn is_stored_in_attribute(model: &Model, id: NodeId) -> bool {
    let mut id = id;
    while let Some(around) = model.same_value_around(id) {
        id = around;
    }
    let Some(parent) = model.parent(id) else { return false };
    match model.node(parent) {
        AnyNodeRef::StmtAssign(node) => {
            model.expr_id(&node.value) == id && node.targets.iter().any(Expr::is_attribute_expr)
        }
        AnyNodeRef::StmtAnnAssign(node) => node.target.is_attribute_expr(),
        AnyNodeRef::ExprTuple(tuple) => {
            let index = tuple.elts.iter().position(|element| model.expr_id(element) == id);
            let Some(AnyNodeRef::StmtAssign(assign)) = model.parent_of(tuple) else { return false };
            let targets = assign.targets.first().and_then(Expr::as_tuple_expr);
            let target = targets.zip(index).and_then(|(targets, index)| targets.elts.get(index));
            target.is_some_and(Expr::is_attribute_expr)
        }
        _ => false,
    }
}
