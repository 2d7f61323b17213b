//! What the standard library's and well-known packages' callables do with a function or an iterator that they are given:
//! use it up before they return, wrap it, or keep it for later.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::model::{BindingKind, Model};

/// What becomes of an argument.
#[derive(Clone, Copy, Debug)]
pub enum Handling<'a> {
    /// It is only looked at.
    Ignores,
    /// It is called, or drained, before the call returns.
    Uses,
    /// The result is a lazy iterator or awaitable that uses it bit by bit.
    Defers,
    /// The result is it, in another coat: `partial(f)`, `property(f)`.
    Wraps,
    /// The result is a container that holds it: `defaultdict(f)`.
    Holds,
    /// It runs at some later time, perhaps before the result is asked for: `submit(f)`, `Thread(target=f)`.
    Schedules,
    /// It is kept for later.
    Keeps,
    /// A function of the file decides.
    Parameter(&'a ast::StmtFunctionDef, &'a ast::ParameterWithDefault),
    /// The result is an instance of a class of the file, which may hold it.
    Instance(&'a ast::StmtClassDef),
    /// Nobody knows.
    Unknown,
}

/// In which shape an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Something to call.
    Function,
    /// An iterator or awaitable, to be drained.
    Iterator,
    /// A container that holds such things.
    Container,
}

/// Which argument of a call.
#[derive(Clone, Copy, Debug)]
pub enum Slot<'a> {
    /// By position, counted from 0.
    Position(usize),
    /// By keyword.
    Keyword(&'a str),
}

impl<'a> Model<'a> {
    /// What `call` does with the argument in `slot`, passed in this `shape`.
    pub fn handling(&self, call: &'a ast::ExprCall, slot: Slot<'a>, shape: Shape) -> Handling<'a> {
        if let Slot::Keyword("key") = slot {
            return Handling::Uses;
        }
        let known = match self.builtin_name(&call.func) {
            Some(name) => builtin(name, call, shape),
            None => match &*call.func {
                // `functools.wraps(f)(g)`: a decorator without its `@`.
                Expr::Call(factory) => self.decorator_handling(&call.func).filter(|_| !factory.arguments.is_empty()),
                _ => self.library(call, slot, shape),
            },
        };
        known
            .or_else(|| self.in_file(call, slot))
            .or_else(|| by_keyword(slot, &call.func))
            .or_else(|| self.by_method_name(call, shape))
            .or_else(|| by_last_name(&call.func))
            .unwrap_or(Handling::Unknown)
    }

    fn library(&self, call: &ast::ExprCall, slot: Slot, shape: Shape) -> Option<Handling<'a>> {
        use Handling::{Defers, Holds, Ignores, Keeps, Schedules, Uses, Wraps};
        let name = self.qualified_name(&call.func)?;
        let name = name.as_str();
        Some(match name {
            "functools.reduce" => Uses,
            "functools.wraps" => Ignores,
            "functools.update_wrapper" if matches!(slot, Slot::Position(1) | Slot::Keyword("wrapped")) => Ignores,
            "typing.cast" | "copy.copy" | "copy.deepcopy" | "types.MethodType" | "types.FunctionType"
            | "types.coroutine" | "numpy.vectorize" | "numpy.frompyfunc" => Wraps,
            "itertools.product" | "itertools.permutations" | "itertools.combinations" => drained(shape),
            "itertools.chain" | "itertools.islice" | "itertools.cycle" | "itertools.zip_longest" | "itertools.tee" => {
                streamed(shape)
            }
            "collections.deque" | "collections.Counter" | "collections.OrderedDict" => drained(shape),
            "collections.defaultdict" => Holds,
            "asyncio.run" | "anyio.run" | "trio.run" => Uses,
            "asyncio.create_task" | "asyncio.ensure_future" | "asyncio.run_coroutine_threadsafe" => Schedules,
            "asyncio.wait_for"
            | "asyncio.gather"
            | "asyncio.shield"
            | "asyncio.wait"
            | "asyncio.as_completed"
            | "asyncio.to_thread" => Defers,
            "threading.Thread" | "threading.Timer" | "multiprocessing.Process" | "multiprocessing.Pool" => Schedules,
            "atexit.register" | "signal.signal" | "gc.callbacks.append" | "sys.settrace" | "sys.setprofile" => Keeps,
            "timeit.Timer" | "weakref.ref" | "weakref.proxy" => Wraps,
            "pytest.raises" | "pytest.warns" | "pytest.deprecated_call" => Uses,
            "json.JSONEncoder" | "json.JSONDecoder" => Wraps,
            _ => match name.split('.').next()? {
                "functools" | "contextlib" => Wraps,
                "itertools" => Defers,
                "weakref" => Keeps,
                "traceback" => Ignores,
                "inspect" | "logging" | "warnings" => Ignores,
                "re" | "json" | "math" | "statistics" | "random" | "operator" | "heapq" | "bisect" | "timeit"
                | "textwrap" | "string" | "shutil" | "os" | "tokenize" | "ast" | "numpy" | "pandas" | "scipy" => Uses,
                _ => return None,
            },
        })
    }

    /// A function or class of the file, or a method that `self` or a known instance has.
    fn in_file(&self, call: &'a ast::ExprCall, slot: Slot) -> Option<Handling<'a>> {
        match &*call.func {
            Expr::Name(name) => {
                let symbol = self.symbol_of(name)?;
                if let Some(class) = self.class_of(symbol) {
                    let stores = !class.decorator_list.is_empty() || self.method(class, "__init__").is_some();
                    return stores.then_some(Handling::Instance(class));
                }
                let function = self.function_of(symbol)?;
                self.parameter(function, slot, 0)
            }
            Expr::Attribute(attribute) => {
                let class = match self.type_of(&attribute.value) {
                    Some(super::values::Type::Instance(class)) => class,
                    Some(_) => return None,
                    None => self.class_of_self(&attribute.value)?,
                };
                self.parameter(self.method(class, attribute.attr.as_str())?, slot, 1)
            }
            _ => None,
        }
    }

    /// The method of this name that a class body defines, if it does so once.
    pub fn method(&self, class: &ast::StmtClassDef, name: &str) -> Option<&'a ast::StmtFunctionDef> {
        self.function_of(self.lookup(self.scope_opened_by(class)?, name)?)
    }

    /// The class whose method has `expr` as its first parameter.
    fn class_of_self(&self, expr: &Expr) -> Option<&'a ast::StmtClassDef> {
        let Expr::Name(name) = expr else { return None };
        let BindingKind::Parameter(parameter) = self.only_binding(self.symbol_of(name)?)?.kind else { return None };
        let AnyNodeRef::Parameters(parameters) = self.parent_of(parameter)? else { return None };
        let is_first = parameters.iter_non_variadic_params().next().is_some_and(|first| std::ptr::eq(first, parameter));
        let AnyNodeRef::StmtFunctionDef(function) = self.parent_of(parameters)? else { return None };
        if is_first { self.class_of_method(function) } else { None }
    }

    /// The parameter of `function` that gets an argument, after `bound` ones that the call doesn't show.
    pub fn parameter(&self, function: &'a ast::StmtFunctionDef, slot: Slot, bound: usize) -> Option<Handling<'a>> {
        let parameters = &function.parameters;
        let is_static = function.decorator_list.iter().any(|it| self.is_builtin(&it.expression, "staticmethod"));
        let known = |it: &ast::Decorator| {
            ["staticmethod", "classmethod"].iter().any(|name| self.is_builtin(&it.expression, name))
        };
        if !function.decorator_list.iter().all(known) {
            return None;
        }
        let parameter = match slot {
            Slot::Position(position) => {
                let position = position + if is_static { 0 } else { bound };
                let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
                positional.nth(position)?
            }
            Slot::Keyword(name) => {
                let mut named = parameters.args.iter().chain(&parameters.kwonlyargs);
                named.find(|it| it.parameter.name.as_str() == name)?
            }
        };
        Some(Handling::Parameter(function, parameter))
    }

    fn by_method_name(&self, call: &ast::ExprCall, shape: Shape) -> Option<Handling<'a>> {
        use Handling::{Ignores, Keeps, Schedules, Uses};
        let Expr::Attribute(attribute) = &*call.func else { return None };
        let name = attribute.attr.as_str();
        Some(match (name, shape) {
            (
                "extend" | "extendleft" | "update" | "writelines" | "writerows" | "join" | "fromkeys",
                Shape::Iterator,
            ) => Uses,
            (
                "union"
                | "intersection"
                | "difference"
                | "issubset"
                | "issuperset"
                | "difference_update"
                | "intersection_update"
                | "symmetric_difference"
                | "isdisjoint"
                | "symmetric_difference_update",
                Shape::Iterator,
            ) => Uses,
            ("map", Shape::Function) if self.is_executor(&attribute.value) => Schedules,
            (
                "sort" | "sub" | "subn" | "apply" | "applymap" | "map" | "assign" | "transform" | "agg" | "aggregate"
                | "pipe" | "groupby" | "replace" | "find" | "find_all" | "findall" | "applyfunc" | "walk" | "traverse"
                | "reduce" | "to_thread" | "run_sync" | "timeit" | "run_until_complete" | "with_traceback",
                _,
            ) => Uses,
            (
                "append" | "appendleft" | "add" | "insert" | "put" | "put_nowait" | "push" | "setdefault" | "heappush",
                _,
            ) => Keeps,
            ("extend" | "extendleft" | "update", Shape::Container | Shape::Function) => Keeps,
            (
                "submit" | "create_task" | "ensure_future" | "start_soon" | "spawn" | "apply_async" | "map_async"
                | "starmap_async" | "run_in_executor" | "Thread" | "Timer" | "Process",
                _,
            ) => Schedules,
            ("remove" | "discard" | "index" | "count" | "debug" | "info" | "warning" | "log", _) => Ignores,
            // `Word().add_parse_action(f)`: a chain of calls that make an object, which may live no longer than this line.
            (name, _) if name.starts_with("add_") && is_expression_of_calls(&attribute.value) => return None,
            (name, Shape::Function | Shape::Container) if is_registration(name) => Keeps,
            _ => return None,
        })
    }

    /// Whether `expr` is a pool of `concurrent.futures`, whose `map` calls later.
    fn is_executor(&self, expr: &Expr) -> bool {
        let Expr::Name(name) = expr else { return false };
        let Some(symbol) = self.symbol_of(name) else { return false };
        self.bindings(symbol).any(|binding| {
            let maker = match binding.kind {
                BindingKind::With(item) => Some(&item.context_expr),
                _ => binding.value(),
            };
            let Some(Expr::Call(call)) = maker else { return false };
            self.qualified_name(&call.func).is_some_and(|name| name.as_str().starts_with("concurrent.futures."))
        })
    }

    /// What a decorator does with the function that it gets. `None` if it is not known.
    pub fn decorator_handling(&self, decorator: &'a Expr) -> Option<Handling<'a>> {
        let (callee, is_factory) = match decorator {
            Expr::Call(call) => (&*call.func, true),
            other => (other, false),
        };
        if let Some("property" | "staticmethod" | "classmethod") = self.builtin_name(callee) {
            return Some(Handling::Wraps);
        }
        if let Some(name) = self.qualified_name(callee) {
            let root = name.as_str().split('.').next();
            if let Some("functools" | "contextlib" | "abc" | "typing" | "typing_extensions" | "types" | "numba") = root
            {
                return Some(Handling::Wraps);
            }
        }
        match last_name(callee)? {
            "wraps" | "lru_cache" | "cache" | "contextmanager" | "asynccontextmanager" | "setter" | "getter" => {
                Some(Handling::Wraps)
            }
            name if is_registration(name) || is_registering_decorator(name) => Some(Handling::Keeps),
            _ => match callee {
                Expr::Name(name) if !is_factory => {
                    self.parameter(self.function_of(self.symbol_of(name)?)?, Slot::Position(0), 0)
                }
                _ => None,
            },
        }
    }
}

fn drained<'a>(shape: Shape) -> Handling<'a> {
    match shape {
        Shape::Iterator | Shape::Function => Handling::Uses,
        Shape::Container => Handling::Holds,
    }
}

fn streamed<'a>(shape: Shape) -> Handling<'a> {
    match shape {
        Shape::Iterator | Shape::Function => Handling::Defers,
        Shape::Container => Handling::Holds,
    }
}

fn builtin<'a>(name: &str, call: &ast::ExprCall, shape: Shape) -> Option<Handling<'a>> {
    Some(match name {
        "dict" if shape == Shape::Function => Handling::Holds,
        "list" | "tuple" | "set" | "frozenset" | "sorted" | "dict" => drained(shape),
        "sum" | "min" | "max" | "any" | "all" | "next" | "bytes" | "bytearray" => Handling::Uses,
        "map" | "filter" => Handling::Defers,
        "zip" | "enumerate" | "reversed" | "iter" | "aiter" => streamed(shape),
        "property" | "staticmethod" | "classmethod" => Handling::Wraps,
        "setattr" => Handling::Keeps,
        "type" if call.arguments.args.len() == 3 => Handling::Holds,
        "eval" | "exec" | "open" | "__import__" | "object" | "super" => return None,
        _ => Handling::Ignores,
    })
}

/// Callables that are known by their bare name, wherever they come from.
fn by_last_name<'a>(callee: &Expr) -> Option<Handling<'a>> {
    let bare = last_name(callee)?.trim_start_matches('_');
    if bare.starts_with("raises") || bare.starts_with("assert") {
        return Some(Handling::Uses);
    }
    match bare {
        "warns" | "reduce" => Some(Handling::Uses),
        "map" | "filter" | "imap" | "ifilter" => Some(Handling::Defers),
        "Thread" | "Timer" => Some(Handling::Schedules),
        "on_commit" | "register" | "connect" | "subscribe" => Some(Handling::Keeps),
        "partial" | "wraps" => Some(Handling::Wraps),
        _ => None,
    }
}

/// Methods whose name says that they keep a callback.
fn is_registration(name: &str) -> bool {
    let prefixes =
        ["add_", "register", "on_", "connect", "subscribe", "schedule", "addCleanup", "call_soon", "call_later"];
    prefixes.iter().any(|prefix| name.starts_with(prefix))
        || matches!(
            name,
            "call_at"
                | "after"
                | "after_idle"
                | "bind"
                | "callback"
                | "defer"
                | "enter"
                | "enterabs"
                | "finalize"
                | "listen"
                | "on"
                | "once"
                | "singleShot"
                | "trace_add"
                | "addModuleCleanup"
                | "addClassCleanup"
        )
}

/// Decorators whose name says that they keep the function below them.
fn is_registering_decorator(name: &str) -> bool {
    matches!(
        name,
        "route"
            | "get"
            | "post"
            | "put"
            | "patch"
            | "delete"
            | "websocket"
            | "command"
            | "group"
            | "task"
            | "tool"
            | "event"
            | "listener"
            | "listens_for"
            | "handler"
            | "errorhandler"
            | "receiver"
            | "fixture"
            | "filter"
    )
}

/// Keywords under which callbacks are kept: by whatever is called, or by the object that is made.
fn by_keyword<'a>(slot: Slot, callee: &Expr) -> Option<Handling<'a>> {
    let Slot::Keyword(name) = slot else { return None };
    let is_kept = name.starts_with("on_") || matches!(name, "command" | "target" | "default_factory");
    let is_callback = name.ends_with("callback") || matches!(name, "handler" | "factory" | "slot" | "side_effect");
    let makes_object = last_name(callee).is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
    (is_kept || is_callback && makes_object).then_some(Handling::Keeps)
}

fn is_expression_of_calls(expr: &Expr) -> bool {
    expr.is_call_expr() || expr.is_bin_op_expr()
}

fn last_name(callee: &Expr) -> Option<&str> {
    match callee {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
