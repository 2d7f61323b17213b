//! PP0801: `except:` that does not pass on what it caught.
//!
//! Decided by path: the handler is run by the flow analysis with every way out of it, the `finally` of its `try` included, and
//! each path remembers what the handler may have caught on it and what became of that.

use bitflags::bitflags;
use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::exceptions::{Exceptions, ProcessEnd};
use crate::python::flow::{self, Analysis, Exits, Next, constant_truth};
use crate::python::model::ScopeFlags;
use crate::python::{BindingKind, Model, NodeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::ExceptHandler(check)];

/// Longer statements are quoted in part.
const MAX_QUOTED: usize = 40;

const EXCEPT: TextSize = TextSize::new("except".len() as u32);

fn check<'a>(handler: &'a ast::ExceptHandlerExceptHandler, ctx: &mut Context<'_, 'a>) {
    if handler.type_.is_some() {
        return;
    }
    let Some(clause) = Clause::of(ctx.model, handler) else { return };
    let earlier = Earlier::of(ctx.model, clause.node);
    let caught = clause.catchable(ctx.model) - earlier.passed_on;
    if !caught.intersects(Exceptions::STOP) {
        return;
    }
    let Some(outcome) = clause.outcome(ctx.model, caught) else { return };
    report(clause, &earlier, outcome, ctx);
}

// ---- the clause and what stands around it

/// An `except:` and its `try`.
#[derive(Clone, Copy)]
struct Clause<'a> {
    handler: &'a ast::ExceptHandlerExceptHandler,
    id: NodeId,
    node: &'a ast::StmtTry,
    stmt: &'a Stmt,
}

impl<'a> Clause<'a> {
    fn of(model: &Model<'a>, handler: &'a ast::ExceptHandlerExceptHandler) -> Option<Self> {
        let id = model.id(handler)?;
        let stmt = model.stmt_at(model.parent(id)?)?;
        match stmt {
            Stmt::Try(node) if !node.is_star => Some(Clause { handler, id, node, stmt }),
            _ => None,
        }
    }

    /// What can arrive at the clause: a task is cancelled only in a coroutine, a generator closed only at a `yield`.
    fn catchable(self, model: &Model) -> Exceptions {
        let mut catchable = Exceptions::KEYBOARD_INTERRUPT | Exceptions::SYSTEM_EXIT | Exceptions::ERROR;
        let flags = model.scope_flags(self.scope(model));
        catchable.set(Exceptions::CANCELLED, flags.contains(ScopeFlags::ASYNC));
        let is_generator = flags.contains(ScopeFlags::GENERATOR);
        catchable.set(Exceptions::GENERATOR_EXIT, is_generator && self.pause(model, is_yield).is_some());
        catchable
    }

    fn scope(self, model: &Model) -> crate::python::ScopeId {
        model.function_scope(model.scope_of(self.id))
    }

    /// The name of the function around it.
    fn function(self, model: &Model<'a>) -> Option<&'a str> {
        match model.scope(self.scope(model)).kind {
            ScopeKind::Function(node) => Some(node.name.as_str()),
            _ => None,
        }
    }

    /// The first node in the body of the `try`, of this function, that `wanted` picks.
    fn pause(self, model: &Model<'a>, wanted: fn(AnyNodeRef) -> bool) -> Option<TextRange> {
        let scope = self.scope(model);
        self.node.body.iter().find_map(|stmt| {
            let id = model.stmt_id(stmt);
            std::iter::once((id, model.node(id)))
                .chain(model.descendants(id))
                .find(|&(id, node)| wanted(node) && model.function_scope(model.scope_of(id)) == scope)
                .map(|(_, node)| node.range())
        })
    }

    /// The `while True` around it that goes on after the handler has swallowed something.
    fn endless_loop(self, model: &Model<'a>) -> Option<&'a ast::StmtWhile> {
        model.loops_around(model.stmt_id(self.stmt)).find_map(|around| {
            let Stmt::While(node) = around else { return None };
            if constant_truth(model, &node.test) != Some(true) {
                return None;
            }
            let exits = flow::run(model, &mut ThroughHandler { model, handler: self.handler }, &node.body, false);
            (exits.falls == Some(true) || exits.continues == Some(true)).then_some(node)
        })
    }

    /// Whether it does nothing at all, so that nobody hears of the error.
    fn is_silent(self) -> bool {
        self.handler.body.iter().all(|stmt| match stmt {
            Stmt::Pass(_) | Stmt::Continue(_) => true,
            Stmt::Expr(node) => matches!(&*node.value, Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)),
            _ => false,
        })
    }

    /// The keyword.
    fn keyword(self) -> TextRange {
        TextRange::at(self.handler.start(), EXCEPT)
    }
}

fn is_yield(node: AnyNodeRef) -> bool {
    matches!(node, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_))
}

fn is_await(node: AnyNodeRef) -> bool {
    match node {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::StmtFor(node) => node.is_async,
        AnyNodeRef::StmtWith(node) => node.is_async,
        AnyNodeRef::Comprehension(node) => node.is_async,
        _ => false,
    }
}

/// What the clauses before it do.
struct Earlier {
    /// Caught by a clause that leaves on every path: the request to stop is heard.
    passed_on: Exceptions,
    /// Caught by any clause.
    named: Exceptions,
    /// Whether one of them catches every error, so that `except Exception:` could never be reached.
    has_exception: bool,
}

impl Earlier {
    fn of<'a>(model: &Model<'a>, node: &'a ast::StmtTry) -> Self {
        let mut earlier = Earlier { passed_on: Exceptions::empty(), named: Exceptions::empty(), has_exception: false };
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            let Some(type_) = handler.type_.as_deref() else { continue };
            let caught = model.exceptions_caught_by(type_);
            earlier.named |= caught;
            earlier.has_exception |= model.catches_every_error(type_);
            // Behind `except BaseException` nothing arrives any more.
            if caught == Exceptions::all() || (caught.intersects(Exceptions::STOP) && leaves(model, &handler.body)) {
                earlier.passed_on |= caught;
            }
        }
        earlier
    }
}

/// Whether every path through `body` raises, ends the process, returns or breaks out of a loop.
fn leaves<'a>(model: &Model<'a>, body: &'a [Stmt]) -> bool {
    struct Plain<'m, 'a>(&'m Model<'a>);
    impl<'a> Analysis<'a> for Plain<'_, 'a> {
        type State = bool;
        fn atom(&mut self, node: AnyNodeRef<'a>, _: &mut bool) -> Next {
            if process_end(self.0, node).is_some() { Next::Raises } else { Next::Continues }
        }
    }
    let exits = flow::run(model, &mut Plain(model), body, true);
    exits.falls.is_none() && exits.continues.is_none()
}

/// The call that makes up the statement `node` and ends the process.
fn process_end(model: &Model, node: AnyNodeRef) -> Option<ProcessEnd> {
    let AnyNodeRef::StmtExpr(stmt) = node else { return None };
    model.process_end(stmt.value.as_call_expr()?)
}

/// True after a path has come through the handler.
struct ThroughHandler<'m, 'a> {
    model: &'m Model<'a>,
    handler: &'a ast::ExceptHandlerExceptHandler,
}

impl<'a> Analysis<'a> for ThroughHandler<'_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, _: &mut bool) -> Next {
        if process_end(self.model, node).is_some() { Next::Ends } else { Next::Continues }
    }

    fn caught(&mut self, handler: &'a ast::ExceptHandlerExceptHandler, state: &mut bool) {
        *state |= std::ptr::eq(handler, self.handler);
    }
}

// ---- what happens on the paths through the handler

bitflags! {
    /// What became of the caught exception on one path, so far.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Fate: u16 {
        /// Its traceback is logged.
        const LOGGED = 1;
        /// Something else was done, which a narrower clause would leave undone.
        const CLEANED_UP = 1 << 1;
        /// Somebody else has it.
        const HANDED_OVER = 1 << 2;
        /// It is on its way out.
        const RERAISED = 1 << 3;
        /// Another exception is on its way out instead.
        const REPLACED = 1 << 4;
        /// `SystemExit` is on its way out.
        const EXITS = 1 << 5;
        /// It was on its way out, and an inner `except` caught it.
        const CAUGHT_AGAIN = 1 << 6;
        /// It was on its way out, and `finally` or `suppress` threw it away.
        const DISCARDED = 1 << 7;
        /// On its way out in any form.
        const LEAVING = Self::RERAISED.bits() | Self::REPLACED.bits() | Self::EXITS.bits();
    }
}

/// One path: what the handler can have caught on it, and what became of it.
type Path = (Exceptions, Fate);

/// The different paths that lead to a point; none in code that no path through the handler reaches.
#[derive(Clone, Debug, Default)]
struct Paths(Vec<Path>);

impl Paths {
    fn add(&mut self, path: Path) -> bool {
        let is_new = !self.0.contains(&path);
        if is_new {
            self.0.push(path);
        }
        is_new
    }

    fn mark(&mut self, fate: Fate) {
        for path in std::mem::take(&mut self.0) {
            self.add((path.0, path.1 | fate));
        }
    }
}

impl flow::State for Paths {
    fn join(&mut self, other: &Self) -> bool {
        other.0.iter().fold(false, |changed, &path| self.add(path) | changed)
    }
}

/// Something in the handler that changes the fate of what it caught.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    HandsOver,
    Logs,
    Ends(ProcessEnd),
}

struct HandlerPaths<'m, 'a> {
    model: &'m Model<'a>,
    clause: Clause<'a>,
    caught: Exceptions,
    /// In source order; the flag tells whether it is done whenever its statement is.
    deeds: Vec<(NodeId, Deed, bool)>,
}

/// What the paths through the handler come to, if some lose what was caught.
struct Outcome {
    /// What some path loses.
    lost: Exceptions,
    /// Whether the traceback is logged on every path that loses something.
    is_logged: bool,
    /// Whether some path raises another exception instead.
    replaces: bool,
    /// Whether some path passes it on.
    passes_on: bool,
    /// Whether some path does something and then passes it on: a narrower clause would leave that undone.
    cleans_up: bool,
    /// Whether all losing paths run off the handler's end.
    only_falls: bool,
    is_caught_again: bool,
    is_discarded: bool,
    is_suppressed: bool,
}

impl<'a> Clause<'a> {
    /// What becomes of `caught`; `None` if every path passes it on.
    fn outcome(self, model: &Model<'a>, caught: Exceptions) -> Option<Outcome> {
        let deeds = deeds(model, self);
        let mut analysis = HandlerPaths { model, clause: self, caught, deeds };
        let exits = flow::run_stmt(model, &mut analysis, self.stmt, Paths::default());
        Outcome::of(&exits)
    }
}

impl Outcome {
    fn of(exits: &Exits<Paths>) -> Option<Outcome> {
        let paths = |exit: &'_ Option<Paths>| exit.as_ref().map_or_else(Vec::new, |paths| paths.0.clone());
        let falling = paths(&exits.falls);
        let jumping = [&exits.breaks, &exits.continues, &exits.returns].into_iter().flat_map(paths);
        let raising = paths(&exits.raises);
        let is_safe = |path: &Path| path.1.contains(Fate::HANDED_OVER) || !path.0.intersects(Exceptions::STOP);
        let lost_by_falling: Vec<Path> = falling.iter().copied().filter(|path| !is_safe(path)).collect();
        let mut lost_otherwise: Vec<Path> = jumping.filter(|path| !is_safe(path)).collect();
        lost_otherwise.extend(raising.iter().filter(|path| path.1.contains(Fate::REPLACED) && !is_safe(path)));
        let only_falls = lost_otherwise.is_empty();
        let mut lost = lost_by_falling.clone();
        lost.append(&mut lost_otherwise);
        if lost.is_empty() {
            return None;
        }
        let any = |fate: Fate| lost.iter().any(|path| path.1.contains(fate));
        let passed_on = |path: &&Path| path.1.contains(Fate::RERAISED);
        let handed_over = |path: &Path| path.1.contains(Fate::HANDED_OVER);
        Some(Outcome {
            lost: lost.iter().fold(Exceptions::empty(), |all, path| all | path.0) & Exceptions::STOP,
            is_logged: lost.iter().all(|path| path.1.contains(Fate::LOGGED)),
            replaces: any(Fate::REPLACED),
            passes_on: raising.iter().any(|path| passed_on(&path)),
            cleans_up: raising.iter().filter(passed_on).any(|path| path.1.contains(Fate::CLEANED_UP))
                || falling.iter().chain(&raising).any(handed_over),
            only_falls,
            is_caught_again: any(Fate::CAUGHT_AGAIN),
            is_discarded: any(Fate::DISCARDED),
            is_suppressed: lost_by_falling.iter().any(|path| path.1.contains(Fate::DISCARDED)),
        })
    }
}

impl<'a> Analysis<'a> for HandlerPaths<'_, 'a> {
    type State = Paths;

    fn atom(&mut self, node: AnyNodeRef<'a>, state: &mut Paths) -> Next {
        if state.0.is_empty() {
            return Next::Continues;
        }
        let mut ends = None;
        for &(id, deed, is_certain) in &self.deeds {
            if !self.model.atom_holds(node, id) {
                continue;
            }
            let fate = match deed {
                Deed::HandsOver => Fate::HANDED_OVER,
                Deed::Logs => Fate::LOGGED,
                Deed::Ends(end) => {
                    ends = is_certain.then_some(end).or(ends);
                    continue;
                }
            };
            let undone: Vec<Path> = if is_certain { Vec::new() } else { state.0.clone() };
            state.mark(fate);
            for path in undone {
                state.add(path);
            }
        }
        match ends {
            Some(ProcessEnd::SystemExit) => {
                state.mark(Fate::EXITS);
                return Next::Raises;
            }
            Some(ProcessEnd::AtOnce) => {
                state.0.clear();
                return Next::Raises;
            }
            None => {}
        }
        if let AnyNodeRef::StmtRaise(raise) = node {
            for (caught, fate) in std::mem::take(&mut state.0) {
                let leaving = self.raised(raise, fate);
                state.add((caught, (fate - Fate::LEAVING) | leaving));
            }
            return Next::Raises;
        }
        if self.does_something(node) {
            state.mark(Fate::CLEANED_UP);
        }
        Next::Continues
    }

    fn assume(&mut self, test: &'a Expr, truth: bool, state: &mut Paths) -> bool {
        if state.0.is_empty() {
            return true;
        }
        for (caught, fate) in std::mem::take(&mut state.0) {
            let left = self.model.exceptions_left(caught, test, truth, self.clause.id);
            if !left.is_empty() {
                state.add((left, fate));
            }
        }
        !state.0.is_empty()
    }

    fn caught(&mut self, handler: &'a ast::ExceptHandlerExceptHandler, state: &mut Paths) {
        if std::ptr::eq(handler, self.clause.handler) {
            state.0 = vec![(self.caught, Fate::empty())];
            return;
        }
        let type_ = handler.type_.as_deref();
        let catches_exit =
            type_.is_none_or(|type_| self.model.exceptions_caught_by(type_).contains(Exceptions::SYSTEM_EXIT));
        for (caught, fate) in std::mem::take(&mut state.0) {
            if fate.contains(Fate::EXITS) && !catches_exit {
                continue;
            }
            let again = if fate.intersects(Fate::LEAVING) { Fate::CAUGHT_AGAIN } else { Fate::empty() };
            state.add((caught, (fate - Fate::LEAVING) | again));
        }
        // The hand-over itself may have failed ("nobody waits any more"): that is no loss.
        if state.0.iter().any(|path| path.1.contains(Fate::HANDED_OVER)) {
            state.mark(Fate::HANDED_OVER);
        }
    }

    fn discarded(&mut self, state: &mut Paths) {
        for (caught, fate) in std::mem::take(&mut state.0) {
            let discarded = if fate.intersects(Fate::LEAVING) { Fate::DISCARDED } else { Fate::empty() };
            state.add((caught, (fate - Fate::LEAVING) | discarded));
        }
    }
}

impl<'a> HandlerPaths<'_, 'a> {
    /// What a `raise` sends on its way.
    fn raised(&self, raise: &'a ast::StmtRaise, fate: Fate) -> Fate {
        if self.model.raises_system_exit(raise) {
            return Fate::EXITS;
        }
        let passes_on = match raise.exc.as_deref() {
            None => true,
            Some(exc) => self.model.caught(exc, self.clause.id).is_some(),
        };
        // In an inner handler another exception is at work already, as if nothing had caught it.
        let is_another = !fate.contains(Fate::CAUGHT_AGAIN) && self.is_in_inner_handler(raise);
        let is_inner_name = || matches!(raise.exc.as_deref(), Some(Expr::Name(name)) if self.names_inner(name));
        if passes_on || is_another || is_inner_name() { Fate::RERAISED } else { Fate::REPLACED }
    }

    fn is_in_inner_handler(&self, raise: &'a ast::StmtRaise) -> bool {
        self.model.id(raise).is_some_and(|id| {
            self.model
                .ancestors(id)
                .take_while(|&around| around != self.clause.id)
                .any(|around| matches!(self.model.node(around), AnyNodeRef::ExceptHandlerExceptHandler(_)))
        })
    }

    /// Whether a name is that of an inner `except … as name`.
    fn names_inner(&self, name: &ast::ExprName) -> bool {
        self.model.symbol_of(name).is_some_and(|symbol| {
            self.model.bindings(symbol).any(|binding| {
                matches!(binding.kind, BindingKind::Except(_)) && self.model.is_within(binding.node, self.clause.id)
            })
        })
    }

    /// Whether an atom does something that is missed if it isn't done: more than telling what happened.
    fn does_something(&self, node: AnyNodeRef<'a>) -> bool {
        match node {
            AnyNodeRef::StmtExpr(stmt) => {
                let value = match &*stmt.value {
                    Expr::Await(node) => &*node.value,
                    value => value,
                };
                value.as_call_expr().is_some_and(|call| {
                    let is_deed = self.model.id(call).is_some_and(|id| self.deeds.iter().any(|deed| deed.0 == id));
                    !is_deed && !only_tells(self.model, &call.func)
                })
            }
            AnyNodeRef::StmtAssign(stmt) => self.model.caught(&stmt.value, self.clause.id).is_none(),
            AnyNodeRef::StmtAugAssign(_) | AnyNodeRef::StmtDelete(_) => true,
            _ => false,
        }
    }
}

// ---- hand-overs, logs and exits in the handler

/// What the handler and the `finally` after it do about the caught exception.
fn deeds<'a>(model: &Model<'a>, clause: Clause<'a>) -> Vec<(NodeId, Deed, bool)> {
    let scope = clause.scope(model);
    model
        .descendants(model.stmt_id(clause.stmt))
        .skip_while(|&(id, _)| id <= clause.id)
        .filter(|&(id, _)| model.function_scope(model.scope_of(id)) == scope)
        .filter_map(|(id, node)| Some((id, deed(model, clause, node)?, is_certain(model, id))))
        .collect()
}

fn deed<'a>(model: &Model<'a>, clause: Clause<'a>, node: AnyNodeRef<'a>) -> Option<Deed> {
    let holds = |expr: &Expr| model.caught(expr, clause.id).is_some_and(|part| part.holds_exception());
    let hands_over = match node {
        AnyNodeRef::ExprCall(call) => return call_deed(model, clause, call),
        AnyNodeRef::StmtReturn(node) => node.value.as_deref().is_some_and(holds),
        AnyNodeRef::ExprYield(node) => node.value.as_deref().is_some_and(holds),
        AnyNodeRef::StmtAugAssign(node) => holds(&node.value),
        AnyNodeRef::StmtAssign(node) => node.targets.iter().any(|target| stores(model, clause, target, &node.value)),
        AnyNodeRef::StmtAnnAssign(node) => {
            node.value.as_deref().is_some_and(|value| stores(model, clause, &node.target, value))
        }
        AnyNodeRef::ExprNamed(node) => stores(model, clause, &node.target, &node.value),
        AnyNodeRef::WithItem(node) => node.context_expr.as_call_expr().is_some_and(|call| {
            // SQLAlchemy's and OpenStack's: clean up, then raise again what was caught.
            matches!(last_name(&call.func), Some("safe_reraise" | "save_and_reraise_exception"))
        }),
        _ => false,
    };
    hands_over.then_some(Deed::HandsOver)
}

fn call_deed<'a>(model: &Model<'a>, clause: Clause<'a>, call: &'a ast::ExprCall) -> Option<Deed> {
    if let Some(end) = model.process_end(call) {
        return Some(Deed::Ends(end));
    }
    if logs_traceback(model, clause, call) {
        return Some(Deed::Logs);
    }
    // The arguments of `raise Other(...)` go out with the other exception.
    if matches!(model.parent_of(call), Some(AnyNodeRef::StmtRaise(_))) {
        return None;
    }
    if matches!(last_name(&call.func), Some("set_exception" | "set_exc_info" | "errback")) {
        return Some(Deed::HandsOver);
    }
    if only_tells(model, &call.func) || only_looks(model, &call.func) {
        return None;
    }
    let holds = |expr: &Expr| model.caught(expr, clause.id).is_some_and(|part| part.holds_exception());
    let arguments = &call.arguments;
    let is_passed = arguments.args.iter().any(holds) || arguments.keywords.iter().any(|keyword| holds(&keyword.value));
    is_passed.then_some(Deed::HandsOver)
}

/// Whether `target = value` keeps the caught exception where somebody will find it.
fn stores(model: &Model, clause: Clause, target: &Expr, value: &Expr) -> bool {
    let part = |expr: &Expr| model.caught(expr, clause.id);
    match (target, value) {
        (Expr::Tuple(targets), Expr::Tuple(values)) if targets.len() == values.len() => {
            targets.iter().zip(values).any(|(target, value)| stores(model, clause, target, value))
        }
        (Expr::Tuple(targets), value) => {
            part(value).is_some_and(|part| part.holds_exception())
                && targets.iter().any(|target| match target {
                    Expr::Name(name) => {
                        part(target).is_some_and(|part| part.holds_exception()) && is_kept(model, clause, name)
                    }
                    _ => true,
                })
        }
        (Expr::Name(name), value) => {
            part(value).is_some_and(|part| part.holds_exception()) && is_kept(model, clause, name)
        }
        (_, value) => part(value).is_some_and(|part| part.holds_exception()),
    }
}

/// Whether a name that the handler binds is of use after it: another scope's variable, or read elsewhere.
fn is_kept(model: &Model, clause: Clause, name: &ast::ExprName) -> bool {
    let Some(symbol) = model.symbol_of(name) else { return false };
    let scope = model.scope_of(clause.id);
    if model.symbol_scope(symbol) != scope {
        return true;
    }
    let is_in_loop = || model.loops_around(model.stmt_id(clause.stmt)).next().is_some();
    model.reads(symbol).any(|read| {
        !model.is_within(read.node, clause.id)
            && (read.expr.start() > clause.handler.end() || read.scope != scope || is_in_loop())
            && !is_bound_by_handler_around(model, symbol, read.node)
    })
}

/// Whether a read gets its value from a handler of its own, as in two handlers that use the same name.
fn is_bound_by_handler_around(model: &Model, symbol: SymbolId, read: NodeId) -> bool {
    model
        .ancestors(read)
        .filter(|&around| matches!(model.node(around), AnyNodeRef::ExceptHandlerExceptHandler(_)))
        .any(|around| model.bindings(symbol).any(|binding| model.is_within(binding.node, around)))
}

/// Whether a call logs or prints the traceback, or keeps its text.
fn logs_traceback(model: &Model, clause: Clause, call: &ast::ExprCall) -> bool {
    if let Some(name) = model.qualified_name(&call.func) {
        match name.as_str() {
            "traceback.print_exc"
            | "traceback.print_exception"
            | "traceback.print_last"
            | "logging.exception"
            | "sys.excepthook"
            | "sys.__excepthook__"
            | "sys.unraisablehook" => return true,
            "traceback.format_exc" | "traceback.format_exception" | "traceback.TracebackException.from_exception" => {
                return !matches!(model.parent_of(call), Some(AnyNodeRef::StmtExpr(_)));
            }
            _ => {}
        }
    }
    let name = last_name(&call.func);
    let has_argument = !call.arguments.args.is_empty();
    if matches!(
        name,
        Some("capture_exception" | "captureException" | "log_exception" | "report_exc_info" | "print_exc")
    ) || (name == Some("exception") && has_argument && call.func.is_attribute_expr())
    {
        return true;
    }
    // `log.error(..., exc_info=True)`, loguru's `logger.opt(exception=True)`
    let option = match name {
        Some("opt") => "exception",
        _ => "exc_info",
    };
    call.arguments.find_keyword(option).is_some_and(|keyword| {
        constant_truth(model, &keyword.value) == Some(true) || model.caught(&keyword.value, clause.id).is_some()
    })
}

/// Whether a call tells somebody what happened, and does no more: it prints or logs its arguments.
fn only_tells(model: &Model, function: &Expr) -> bool {
    if let Some(name) = model.qualified_name(function) {
        let (module, _) = name.as_str().split_once('.').unwrap_or((name.as_str(), ""));
        if matches!(module, "logging" | "warnings" | "traceback") || name.builtin() == Some("print") {
            return true;
        }
    }
    let Expr::Attribute(attribute) = function else { return false };
    match attribute.attr.as_str() {
        "write" | "writelines" | "print" | "echo" | "secho" => true,
        "debug" | "info" | "warn" | "warning" | "error" | "critical" | "fatal" | "exception" | "log" | "msg" => {
            let receiver = match &*attribute.value {
                Expr::Call(call) => last_name(&call.func),
                receiver => last_name(receiver),
            };
            receiver.is_some_and(|name| name.to_ascii_lowercase().contains("log"))
        }
        _ => false,
    }
}

/// Whether a call only looks at its arguments.
fn only_looks(model: &Model, function: &Expr) -> bool {
    if let Expr::Attribute(attribute) = function {
        return matches!(attribute.attr.as_str(), "format" | "join" | "with_traceback" | "startswith");
    }
    matches!(
        model.builtin_name(function),
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

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// Whether `id` is evaluated whenever its statement is: not behind `and`, `or`, `if … else`, nor in a comprehension.
fn is_certain(model: &Model, id: NodeId) -> bool {
    let mut child = id;
    for around in model.ancestors(id) {
        let is_first = |first: &Expr| model.expr_id(first) == child;
        let is_certain = match model.node(around) {
            AnyNodeRef::ExprBoolOp(node) => is_first(&node.values[0]),
            AnyNodeRef::ExprIf(node) => is_first(&node.test),
            AnyNodeRef::ExprGenerator(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_) => false,
            node if node.is_statement() => return true,
            _ => true,
        };
        if !is_certain {
            return false;
        }
        child = around;
    }
    true
}

// ---- the finding

/// What the finding says.
#[derive(Clone, Copy)]
struct Words<'a> {
    clause: Clause<'a>,
    lost: Exceptions,
    endless: Option<&'a ast::StmtWhile>,
}

fn report<'a>(clause: Clause<'a>, earlier: &Earlier, outcome: Outcome, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let stops_program = Exceptions::KEYBOARD_INTERRUPT | Exceptions::SYSTEM_EXIT;
    let endless = outcome.lost.intersects(stops_program).then(|| clause.endless_loop(model)).flatten();
    let eats_request = outcome.lost.intersects(Exceptions::GENERATOR_EXIT | Exceptions::CANCELLED);
    let severity = match () {
        () if eats_request || endless.is_some() => Severity::Error,
        () if outcome.is_logged => Severity::Info,
        () => Severity::Warning,
    };
    let words = Words { clause, lost: outcome.lost - (earlier.named & Exceptions::STOP), endless };
    let names_exception =
        !earlier.has_exception && !outcome.cleans_up && !outcome.is_discarded && is_free(model, clause, "Exception");
    let appends_raise = outcome.only_falls;
    let remedy = match (names_exception, appends_raise) {
        (true, _) if clause.is_silent() => "name what you expect",
        (true, _) => "use `except Exception:`",
        (false, true) => "end it with `raise`",
        (false, false) => "name what you expect",
    };
    let message = format!("{}; {remedy}", words.claim(&outcome, model));
    let mut finding = Finding::new(clause.keyword(), message).severity(severity);
    if let Some(endless) = endless {
        finding = finding.related(TextRange::at(endless.start(), TextSize::of("while")), "this loop goes on");
    }
    finding = finding.steps(move |code| words.steps(&outcome, code));
    if names_exception {
        finding = finding.fix(move |_| Some(name_class(clause, "Exception")));
    }
    if appends_raise {
        finding = finding.fix(move |code| append_raise(clause, code));
    }
    if is_free(model, clause, "BaseException") {
        finding = finding.fix(move |_| {
            let Fix { edits, .. } = name_class(clause, "BaseException");
            Some(Fix::display("Say `except BaseException:`, which does the same", edits))
        });
    }
    ctx.report(finding);
}

/// Whether nothing in the file gives the builtin's name another meaning here.
fn is_free(model: &Model, clause: Clause, builtin: &str) -> bool {
    model.resolve(model.scope_of(clause.id), builtin).is_none()
}

impl<'a> Words<'a> {
    /// The requests to stop that it catches, as a reader knows them.
    fn requests(self) -> &'static str {
        match (self.lost.contains(Exceptions::KEYBOARD_INTERRUPT), self.lost.contains(Exceptions::SYSTEM_EXIT)) {
            (true, true) => "Ctrl-C and `sys.exit()`",
            (true, false) => "Ctrl-C",
            (false, true) => "`sys.exit()`",
            (false, false) => "the request to stop",
        }
    }

    /// What Python will do.
    fn claim(self, outcome: &Outcome, model: &Model<'a>) -> String {
        let requests = self.requests();
        let function = self.clause.function(model).unwrap_or("it");
        let silently = if self.clause.is_silent() { "silently " } else { "" };
        match () {
            () if self.lost.contains(Exceptions::GENERATOR_EXIT) => {
                format!("`except:` around a `yield` {silently}eats GeneratorExit, sent to stop `{function}`")
            }
            () if self.lost.contains(Exceptions::CANCELLED) => match self.clause.pause(model, is_await) {
                Some(_) => format!("`except:` {silently}eats CancelledError, so `{function}` can't be cancelled here"),
                None => format!("`except:` {silently}eats CancelledError once this `try` in `{function}` awaits"),
            },
            () if self.lost.is_empty() => {
                format!("`except:` {silently}hides every error, and an earlier clause the request to stop")
            }
            () if outcome.is_suppressed => "`except:` re-raises, but `suppress` throws it away".to_owned(),
            () if outcome.is_discarded => "`except:` re-raises, but `finally` throws it away".to_owned(),
            () if outcome.is_caught_again => "`except:` re-raises, but an inner `except` catches it again".to_owned(),
            () if self.endless.is_some() => {
                format!("`except:` in `while True` {silently}catches {requests}: nothing ends the loop")
            }
            () if outcome.replaces => match self.replacement() {
                Some(class) => format!("`except:` turns {requests} into `{class}`"),
                None => format!("`except:` turns {requests} into another exception"),
            },
            () if outcome.passes_on => format!("`except:` re-raises on some paths only, elsewhere it eats {requests}"),
            () if outcome.is_logged => format!("`except:` logs {requests} like an error and goes on"),
            () if self.clause.is_silent() => format!("`except:` silently drops every error, {requests} too"),
            () => format!("`except:` also catches {requests}, and the program goes on"),
        }
    }

    /// The class that the handler raises instead, where it is plain to see.
    fn replacement(self) -> Option<&'a str> {
        self.clause.handler.body.iter().rev().find_map(|stmt| {
            let Stmt::Raise(raise) = stmt else { return None };
            let class = match raise.exc.as_deref()? {
                Expr::Call(call) => &*call.func,
                class => class,
            };
            last_name(class).filter(|name| name.starts_with(char::is_uppercase))
        })
    }

    /// What happens in the reader's code.
    fn steps(self, outcome: &Outcome, code: &Code<'_, 'a>) -> Vec<Step> {
        let model = code.model;
        let mut steps = vec![self.arrival(code)];
        let keyword = self.clause.keyword();
        steps.push(Step::new(
            keyword,
            format!("line {}: `except:` names no class, so it catches that like any error", code.line(keyword)),
        ));
        if let Some(stmt) = self.clause.handler.body.last() {
            let line = code.line(stmt);
            let end = match stmt {
                _ if self.clause.is_silent() => "the handler does nothing, so nobody hears of it".to_owned(),
                _ if outcome.is_discarded => "what it raises is thrown away afterwards".to_owned(),
                _ if outcome.is_caught_again => "what it raises is caught again".to_owned(),
                Stmt::Return(_) => format!("`{}` answers as if nothing had happened", quoted(model, stmt)),
                Stmt::Raise(_) if outcome.replaces => {
                    format!("`{}` puts an ordinary error in its place", quoted(model, stmt))
                }
                Stmt::Break(_) => "`break` leaves the loop, the program goes on behind it".to_owned(),
                _ if outcome.passes_on => "not every path comes to a `raise`".to_owned(),
                _ => format!("after `{}` the program goes on behind the `try`", quoted(model, stmt)),
            };
            steps.push(Step::new(stmt.range(), format!("line {line}: {end}")));
        }
        if let Some(endless) = self.endless {
            let line = code.line(endless);
            let text = format!("line {line}: `while` starts over, as if nobody had asked it to stop");
            steps.push(Step::new(TextRange::at(endless.start(), TextSize::of("while")), text));
        }
        steps
    }

    /// How a request to stop arrives in the body of the `try`.
    fn arrival(self, code: &Code<'_, 'a>) -> Step {
        let model = code.model;
        let text = |range: TextRange| model.slice(range).lines().next().unwrap_or_default();
        let function = self.clause.function(model).unwrap_or("it");
        if self.lost.contains(Exceptions::GENERATOR_EXIT)
            && let Some(range) = self.clause.pause(model, is_yield)
        {
            let line = code.line(range);
            let told =
                format!("line {line}: `{function}` waits at `{}`; closing it raises GeneratorExit there", text(range));
            return Step::new(range, told);
        }
        if self.lost.contains(Exceptions::CANCELLED)
            && let Some(range) = self.clause.pause(model, is_await)
        {
            let line = code.line(range);
            let told = format!("line {line}: `{}` waits; cancelling the task raises CancelledError there", text(range));
            return Step::new(range, told);
        }
        let body = &self.clause.node.body[0];
        let line = code.line(body);
        let told = match self.lost.contains(Exceptions::KEYBOARD_INTERRUPT) {
            true => format!(
                "line {line}: press Ctrl-C during `{}`, and Python raises KeyboardInterrupt there",
                quoted(model, body)
            ),
            false => format!("line {line}: `sys.exit()` during `{}` raises SystemExit there", quoted(model, body)),
        };
        Step::new(body.range(), told)
    }
}

/// A statement's first line as it is quoted: a long call without its arguments.
fn quoted(model: &Model, stmt: &Stmt) -> String {
    let line = model.slice(stmt).lines().next().unwrap_or_default().trim_end_matches(':');
    if line.len() <= MAX_QUOTED && !line.contains('{') {
        return line.to_owned();
    }
    let value = match stmt {
        Stmt::Expr(node) => Some(&*node.value),
        Stmt::Assign(node) => Some(&*node.value),
        Stmt::Return(node) => node.value.as_deref(),
        _ => None,
    };
    match value.and_then(Expr::as_call_expr) {
        Some(call) => {
            let head = TextRange::new(stmt.start(), call.func.end());
            format!("{}(…)", model.slice(head).lines().next().unwrap_or_default())
        }
        None => line.chars().take_while(|&character| character != '{').take(MAX_QUOTED).chain(['…']).collect(),
    }
}

// ---- fixes

fn name_class(clause: Clause, class: &str) -> Fix {
    let edit = Edit::insert(clause.keyword().end(), format!(" {class}"));
    Fix::r#unsafe(format!("Catch errors only: `except {class}:`"), vec![edit])
}

/// `raise` at the end of the handler; in place of a `pass`.
fn append_raise(clause: Clause, code: &Code) -> Option<Fix> {
    let (first, last) = (clause.handler.body.first()?, clause.handler.body.last()?);
    let does_nothing = match last {
        Stmt::Pass(_) => true,
        Stmt::Expr(node) => node.value.is_ellipsis_literal_expr(),
        _ => false,
    };
    let model = code.model;
    let edit = if does_nothing {
        Edit::replace(last.range(), "raise")
    } else if model.starts_line(first.start()) {
        let indentation = model.indentation(first.start());
        Edit::insert(model.line_end(last.end()), format!("\n{indentation}raise"))
    } else {
        Edit::insert(last.end(), "; raise")
    };
    Some(Fix::r#unsafe("Pass it on: end the handler with `raise`", vec![edit]))
}
