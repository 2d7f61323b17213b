//! What code does with exceptions: which classes an `except` clause or a test picks, which expressions hold the exception
//! being handled, and which calls tell of it, log it or end the process.

use bitflags::bitflags;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, Number, Operator, UnaryOp};

use super::flow::{self, Analysis, Next};
use super::model::{Binding, BindingKind, Model, NodeId};

/// Calls that log or print the traceback of the exception being handled, by dotted path.
const LOGGING_FUNCTIONS: &[&str] = &[
    "logging.exception",
    "sys.__excepthook__",
    "sys.excepthook",
    "sys.unraisablehook",
    "traceback.print_exc",
    "traceback.print_exception",
    "traceback.print_last",
    "traceback.print_tb",
];

/// The same by the name alone: methods of error reporters, shells and consoles.
const LOGGING_METHODS: &[&str] = &[
    "capture_exception",
    "captureException",
    "excepthook",
    "log_exception",
    "print_exc",
    "print_exception",
    "report_exc_info",
    "report_exception",
    "showtraceback",
];

/// Calls whose value is the traceback as text, of no use where nobody takes it.
const FORMATTING_FUNCTIONS: &[&str] = &[
    "traceback.format_exc",
    "traceback.format_exception",
    "traceback.TracebackException",
    "traceback.TracebackException.from_exception",
];

/// Methods of loggers.
const LOGGER_METHODS: &[&str] =
    &["critical", "debug", "error", "exception", "fatal", "info", "log", "msg", "warn", "warning"];

/// How many names are followed to a tuple of classes, or to the exception being handled.
const MAX_STEPS: u8 = 8;

bitflags! {
    /// Kinds of exceptions, as far as it matters who catches them
    /// (<https://docs.python.org/3/library/exceptions.html#exception-hierarchy>).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Exceptions: u8 {
        /// Ctrl-C.
        const KEYBOARD_INTERRUPT = 1;
        /// What `sys.exit()` raises.
        const SYSTEM_EXIT = 1 << 1;
        /// Raised at a `yield` when the generator is closed.
        const GENERATOR_EXIT = 1 << 2;
        /// Raised at an `await` when the task is cancelled; no `Exception` since Python 3.8.
        const CANCELLED = 1 << 3;
        /// Everything below `Exception`.
        const ERROR = 1 << 4;
        /// The requests to stop: below `BaseException`, not below `Exception`.
        const STOP = Self::KEYBOARD_INTERRUPT.bits() | Self::SYSTEM_EXIT.bits()
            | Self::GENERATOR_EXIT.bits() | Self::CANCELLED.bits();
    }
}

/// Which part of the exception being handled an expression holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// `sys.exc_info()`, or a container that holds it or the exception.
    Whole,
    /// The exception itself.
    Exception,
    /// Its class.
    Class,
    /// Its traceback.
    Traceback,
}

impl Caught {
    /// Whether the exception can be raised again from it.
    pub fn holds_exception(self) -> bool {
        matches!(self, Caught::Whole | Caught::Exception)
    }

    fn item(self, index: u64) -> Option<Caught> {
        match (self, index) {
            (Caught::Whole, 0) => Some(Caught::Class),
            (Caught::Whole, 1) => Some(Caught::Exception),
            (Caught::Whole, 2) => Some(Caught::Traceback),
            _ => None,
        }
    }
}

/// How a call ends the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// By raising `SystemExit`, which a handler around may catch.
    SystemExit,
    /// At once, whatever stands around.
    AtOnce,
}

impl<'a> Model<'a> {
    /// What a clause `except type_:` catches of each kind, at least in part; classes that the file does not explain count as
    /// errors.
    pub fn exceptions_caught_by(&self, type_: &Expr) -> Exceptions {
        self.exceptions_named(type_, MAX_STEPS)
    }

    fn exceptions_named(&self, type_: &Expr, steps: u8) -> Exceptions {
        let Some(steps) = steps.checked_sub(1) else { return Exceptions::ERROR };
        let union = |types: &[Expr]| {
            types
                .iter()
                .map(|type_| self.exceptions_named(type_, steps))
                .fold(Exceptions::empty(), |all, one| all | one)
        };
        match type_ {
            Expr::Tuple(node) => return union(&node.elts),
            Expr::List(node) => return union(&node.elts),
            Expr::Set(node) => return union(&node.elts),
            Expr::Starred(node) => return self.exceptions_named(&node.value, steps),
            Expr::BinOp(node) if node.op == Operator::Add => {
                return self.exceptions_named(&node.left, steps) | self.exceptions_named(&node.right, steps);
            }
            Expr::Call(node) => {
                let is_cancelled =
                    self.qualified_name(&node.func).is_some_and(|name| name.last() == "get_cancelled_exc_class");
                return if is_cancelled { Exceptions::CANCELLED } else { Exceptions::ERROR };
            }
            _ => {}
        }
        if let Some(name) = self.qualified_name(type_) {
            return match name.as_str() {
                "builtins.BaseException" | "builtins.BaseExceptionGroup" => Exceptions::all(),
                "builtins.KeyboardInterrupt" => Exceptions::KEYBOARD_INTERRUPT,
                "builtins.SystemExit" => Exceptions::SYSTEM_EXIT,
                "builtins.GeneratorExit" => Exceptions::GENERATOR_EXIT,
                "asyncio.CancelledError" | "asyncio.exceptions.CancelledError" | "trio.Cancelled" => {
                    Exceptions::CANCELLED
                }
                _ => Exceptions::ERROR,
            };
        }
        let Expr::Name(name) = type_ else { return Exceptions::ERROR };
        let value = self.symbol_of(name).and_then(|symbol| self.only_binding(symbol)).and_then(Binding::value);
        value.map_or(Exceptions::ERROR, |value| self.exceptions_named(value, steps))
    }

    /// Whether a clause `except type_:` catches every error: it names `Exception` or `BaseException`, in a tuple or by a name
    /// bound to one, too.
    pub fn catches_every_error(&self, type_: &Expr) -> bool {
        self.catches_every_within(type_, MAX_STEPS)
    }

    fn catches_every_within(&self, type_: &Expr, steps: u8) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match type_ {
            Expr::Tuple(node) => node.elts.iter().any(|type_| self.catches_every_within(type_, steps)),
            Expr::Starred(node) => self.catches_every_within(&node.value, steps),
            _ if matches!(self.builtin_name(type_), Some("Exception" | "BaseException")) => true,
            Expr::Name(name) => {
                let value = self.symbol_of(name).and_then(|symbol| self.only_binding(symbol)).and_then(Binding::value);
                value.is_some_and(|value| value.is_tuple_expr() && self.catches_every_within(value, steps))
            }
            _ => false,
        }
    }

    /// Which part of the exception that `handler` handles `expr` holds: `sys.exc_info()`, `sys.exception()`, an item of it, a
    /// display around it, or a name that `handler` last bound to such a value.
    pub fn caught(&self, expr: &Expr, handler: NodeId) -> Option<Caught> {
        self.caught_within(expr, handler, MAX_STEPS)
    }

    fn caught_within(&self, expr: &Expr, handler: NodeId, steps: u8) -> Option<Caught> {
        let steps = steps.checked_sub(1)?;
        let holds = |expr: &Expr| self.caught_within(expr, handler, steps).is_some_and(Caught::holds_exception);
        match expr {
            Expr::Call(node) => self.caught_by_call(node, handler, steps),
            Expr::Subscript(node) => {
                let whole = self.caught_within(&node.value, handler, steps)?;
                match &*node.slice {
                    Expr::NumberLiteral(ast::ExprNumberLiteral { value: Number::Int(index), .. }) => {
                        whole.item(index.as_u64()?)
                    }
                    Expr::Slice(_) => Some(whole),
                    _ => None,
                }
            }
            Expr::Starred(node) => self.caught_within(&node.value, handler, steps),
            Expr::Named(node) => self.caught_within(&node.value, handler, steps),
            Expr::Tuple(node) => node.elts.iter().any(holds).then_some(Caught::Whole),
            Expr::List(node) => node.elts.iter().any(holds).then_some(Caught::Whole),
            Expr::Dict(node) => node.items.iter().any(|item| holds(&item.value)).then_some(Caught::Whole),
            Expr::Name(node) => {
                let name = self.id(node)?;
                let mut before = self.bindings(self.symbol_of(node)?).filter(|binding| binding.node <= name);
                let binding = before.by_ref().filter(|binding| self.is_within(binding.node, handler)).last()?;
                match binding.kind {
                    BindingKind::Unpacking(stmt) => self.caught_by_unpacking(stmt, binding.node, handler, steps),
                    _ => self.caught_within(binding.value()?, handler, steps),
                }
            }
            _ => None,
        }
    }

    fn caught_by_call(&self, call: &ast::ExprCall, handler: NodeId, steps: u8) -> Option<Caught> {
        if let Expr::Attribute(attribute) = &*call.func
            && attribute.attr.as_str() == "with_traceback"
        {
            return self.caught_within(&attribute.value, handler, steps);
        }
        if !call.arguments.args.is_empty() {
            return None;
        }
        match self.qualified_name(&call.func)?.as_str() {
            "sys.exc_info" => Some(Caught::Whole),
            // Without an exception a twisted `Failure` takes the exception being handled.
            "sys.exception" | "twisted.python.failure.Failure" => Some(Caught::Exception),
            _ => None,
        }
    }

    /// `kind, error, trace = sys.exc_info()`
    fn caught_by_unpacking(
        &self,
        stmt: &'a ast::StmtAssign,
        name: NodeId,
        handler: NodeId,
        steps: u8,
    ) -> Option<Caught> {
        let index = stmt.targets.iter().find_map(|target| {
            let names = match target {
                Expr::Tuple(node) => &node.elts,
                Expr::List(node) => &node.elts,
                _ => return None,
            };
            names.iter().position(|target| self.expr_id(target) == name)
        })?;
        match &*stmt.value {
            Expr::Tuple(node) => self.caught_within(node.elts.get(index)?, handler, steps),
            value => self.caught_within(value, handler, steps)?.item(index as u64),
        }
    }

    /// What is left of `from` where `test`, which asks what exception `handler` handles, came out as `truth`. A test of
    /// anything else leaves all.
    pub fn exceptions_left(&self, from: Exceptions, test: &Expr, truth: bool, handler: NodeId) -> Exceptions {
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                self.exceptions_left(from, &node.operand, !truth, handler)
            }
            Expr::BoolOp(node) => {
                // `a or b` holds if `a` does, or else `b`; it fails if both do. `and` the other way round.
                let decisive = node.op == ast::BoolOp::Or;
                let mut undecided = from;
                let mut decided = Exceptions::empty();
                for value in &node.values {
                    decided |= self.exceptions_left(undecided, value, decisive, handler);
                    undecided = self.exceptions_left(undecided, value, !decisive, handler);
                }
                if truth == decisive { decided } else { undecided }
            }
            Expr::Call(node) => {
                let part = match self.builtin_name(&node.func) {
                    Some("isinstance") => Caught::Exception,
                    Some("issubclass") => Caught::Class,
                    _ => return from,
                };
                let [subject, type_] = &*node.arguments.args else { return from };
                if self.caught(subject, handler) != Some(part) {
                    return from;
                }
                let named = self.exceptions_caught_by(type_);
                if truth {
                    return from & named;
                }
                // Not a `ValueError`: still any other error.
                let excluded = if self.catches_every_error(type_) { named } else { named - Exceptions::ERROR };
                from - excluded
            }
            Expr::Compare(node) => {
                let ([op], [types]) = (&*node.ops, &*node.comparators) else { return from };
                if self.caught(&node.left, handler) != Some(Caught::Class) {
                    return from;
                }
                // The class itself: those below `BaseException` are not meant here.
                let named = match self.builtin_name(types) {
                    Some("BaseException") => Exceptions::ERROR,
                    _ => self.exceptions_caught_by(types),
                };
                let is_named = match op {
                    CmpOp::Is | CmpOp::Eq | CmpOp::In => truth,
                    CmpOp::IsNot | CmpOp::NotEq | CmpOp::NotIn => !truth,
                    _ => return from,
                };
                if is_named { from & named } else { from - (named - Exceptions::ERROR) }
            }
            _ => from,
        }
    }

    /// The name of the context manager around `id` that expects an exception or warning: `raises`, `assertWarns`, `suppress`.
    pub fn expecting_manager(&self, id: NodeId) -> Option<&'a str> {
        let expects = |item: &'a ast::WithItem| {
            let name = last_name(&item.context_expr.as_call_expr()?.func)?;
            let plain = name.to_ascii_lowercase();
            ["raises", "warns", "suppress"].iter().any(|word| plain.contains(word)).then_some(name)
        };
        self.ancestors(id)
            .map(|around| self.node(around))
            .take_while(|around| !matches!(around, AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)))
            .find_map(|around| match around {
                AnyNodeRef::StmtWith(node) => node.items.iter().find_map(expects),
                _ => None,
            })
    }

    /// How a call ends the process, if it does: `sys.exit()`, `os._exit()`, `parser.error()`, or a function of the file
    /// whose every path ends in one of them.
    pub fn process_end(&self, call: &ast::ExprCall) -> Option<ProcessEnd> {
        if let Some(name) = self.qualified_name(&call.func) {
            return match name.as_str() {
                "sys.exit" | "builtins.exit" | "builtins.quit" => Some(ProcessEnd::SystemExit),
                "os._exit" | "posix._exit" | "nt._exit" | "os.abort" | "os.execv" | "os.execve" | "os.execvp"
                | "os.execvpe" | "os.execl" | "os.execle" | "os.execlp" | "os.execlpe" => Some(ProcessEnd::AtOnce),
                _ => None,
            };
        }
        match &*call.func {
            Expr::Name(name) => {
                let function = self.function_of(self.symbol_of(name)?)?;
                self.always_exits(function).then_some(ProcessEnd::SystemExit)
            }
            Expr::Attribute(attribute) if matches!(attribute.attr.as_str(), "exit" | "error") => {
                let Expr::Name(parser) = &*attribute.value else { return None };
                let Expr::Call(made) = self.only_binding(self.symbol_of(parser)?)?.value()? else { return None };
                let is_parser = self.is_any_of(&made.func, &["argparse.ArgumentParser", "optparse.OptionParser"]);
                is_parser.then_some(ProcessEnd::SystemExit)
            }
            _ => None,
        }
    }

    /// Whether `raise exc` raises `SystemExit`.
    pub fn raises_system_exit(&self, raise: &ast::StmtRaise) -> bool {
        let class = match raise.exc.as_deref() {
            Some(Expr::Call(call)) => &*call.func,
            Some(class) => class,
            None => return false,
        };
        self.is_builtin(class, "SystemExit")
    }

    /// Whether a call logs or prints the traceback of what `handler` handles, or gives it as text to somebody.
    pub fn logs_traceback(&self, call: &ast::ExprCall, handler: NodeId) -> bool {
        if let Some(name) = self.qualified_name(&call.func) {
            if LOGGING_FUNCTIONS.contains(&name.as_str()) {
                return true;
            }
            if FORMATTING_FUNCTIONS.contains(&name.as_str()) {
                return !matches!(self.parent_of(call), Some(AnyNodeRef::StmtExpr(_)));
            }
        }
        let name = last_name(&call.func).map_or("", |name| name.trim_start_matches('_'));
        let is_logger_exception =
            name == "exception" && !call.arguments.args.is_empty() && call.func.is_attribute_expr();
        if is_logger_exception || LOGGING_METHODS.contains(&name) {
            return true;
        }
        // `log.error(..., exc_info=True)`, loguru's `logger.opt(exception=True)`
        let option = if name == "opt" { "exception" } else { "exc_info" };
        call.arguments.find_keyword(option).is_some_and(|keyword| {
            flow::constant_truth(self, &keyword.value) == Some(true) || self.caught(&keyword.value, handler).is_some()
        })
    }

    /// Whether a call tells somebody what happened, and does no more: it prints or logs its arguments.
    pub fn only_tells(&self, call: &ast::ExprCall) -> bool {
        if let Some(name) = self.qualified_name(&call.func) {
            let module = name.as_str().split('.').next().unwrap_or_default();
            if matches!(module, "logging" | "warnings" | "traceback") || name.builtin() == Some("print") {
                return true;
            }
        }
        let Expr::Attribute(attribute) = &*call.func else { return false };
        match attribute.attr.as_str() {
            "write" | "writelines" | "print" | "echo" | "secho" => true,
            method if LOGGER_METHODS.contains(&method) => {
                let receiver = match &*attribute.value {
                    Expr::Call(call) => last_name(&call.func),
                    receiver => last_name(receiver),
                };
                receiver.is_some_and(|name| name.to_ascii_lowercase().contains("log"))
            }
            _ => false,
        }
    }

    /// Whether a call only looks at its arguments, to give a text, a number or a truth.
    pub fn only_looks(&self, call: &ast::ExprCall) -> bool {
        if let Expr::Attribute(attribute) = &*call.func {
            return matches!(attribute.attr.as_str(), "format" | "join" | "with_traceback" | "startswith");
        }
        matches!(
            self.builtin_name(&call.func),
            Some(
                "str"
                    | "repr"
                    | "ascii"
                    | "format"
                    | "type"
                    | "isinstance"
                    | "issubclass"
                    | "bool"
                    | "id"
                    | "len"
                    | "hash"
                    | "hasattr"
                    | "getattr"
                    | "callable"
                    | "vars"
                    | "dir"
            )
        )
    }

    /// Whether a function that is called never comes back, because `SystemExit` leaves it on every path.
    fn always_exits(&self, function: &'a ast::StmtFunctionDef) -> bool {
        if function.is_async || !function.decorator_list.is_empty() || !self.may_exit(function) {
            return false;
        }
        let exits = flow::run(self, &mut ExitPaths { model: self }, &function.body, ENTERED);
        exits.falls.is_none() && exits.returns.is_none() && exits.raises == Some(EXITED)
    }

    /// Whether the last statement of a function, the outermost one, could leave by `SystemExit`: saves most analyses.
    fn may_exit(&self, function: &ast::StmtFunctionDef) -> bool {
        match function.body.last() {
            Some(ast::Stmt::Raise(raise)) => self.raises_system_exit(raise),
            Some(ast::Stmt::Expr(node)) => node
                .value
                .as_call_expr()
                .is_some_and(|call| self.is_any_of(&call.func, &["sys.exit", "builtins.exit", "builtins.quit"])),
            _ => false,
        }
    }
}

/// The name of a variable, or of an attribute without its owner.
pub fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

const ENTERED: u32 = 0;
const EXITED: u32 = 1;
const RAISED: u32 = 2;

/// Tells paths that leave by `SystemExit` from those that leave by another exception.
struct ExitPaths<'m, 'a> {
    model: &'m Model<'a>,
}

impl<'a> Analysis<'a> for ExitPaths<'_, 'a> {
    type State = u32;

    fn atom(&mut self, node: AnyNodeRef<'a>, state: &mut u32) -> Next {
        match node {
            AnyNodeRef::StmtRaise(raise) => {
                *state = if self.model.raises_system_exit(raise) { EXITED } else { RAISED };
                Next::Raises
            }
            AnyNodeRef::StmtExpr(node) => {
                let exits = node.value.as_call_expr().is_some_and(|call| {
                    self.model.is_any_of(&call.func, &["sys.exit", "builtins.exit", "builtins.quit"])
                });
                if exits {
                    *state = EXITED;
                }
                if exits { Next::Raises } else { Next::Continues }
            }
            _ => Next::Continues,
        }
    }
}
