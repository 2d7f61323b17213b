//! What becomes of an exception in the handler that catches it, on every path.
//!
//! The flow analysis runs the whole `try` statement, so that its `finally` is judged, too; each path through the handler
//! remembers what the handler can have caught on it and what became of that.

use bitflags::bitflags;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use super::exceptions::{Exceptions, ProcessEnd, last_name};
use super::flow::{self, Analysis, Exits, Next, constant_truth};
use super::model::{BindingKind, Model, NodeId, ScopeId, SymbolId};

/// An `except` clause and its `try`.
#[derive(Clone, Copy)]
pub struct Clause<'a> {
    /// The clause.
    pub handler: &'a ast::ExceptHandlerExceptHandler,
    /// Its number.
    pub id: NodeId,
    /// The `try`.
    pub node: &'a ast::StmtTry,
    /// The same as a statement.
    pub stmt: &'a Stmt,
}

impl<'a> Clause<'a> {
    /// The clause of `handler`; `None` for `except*`, which catches parts of groups.
    pub fn of(model: &Model<'a>, handler: &'a ast::ExceptHandlerExceptHandler) -> Option<Self> {
        let id = model.id(handler)?;
        let stmt = model.stmt_at(model.parent(id)?)?;
        match stmt {
            Stmt::Try(node) if !node.is_star => Some(Clause { handler, id, node, stmt }),
            _ => None,
        }
    }

    /// The function, class body or module around it.
    pub fn scope(self, model: &Model) -> ScopeId {
        model.function_scope(model.scope_of(self.id))
    }
}

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
        /// The clean-up failed: its own exception is on its way out, as it would be if nothing had caught it.
        const FAILED = 1 << 8;
        /// On its way out in any form.
        const LEAVING = Self::RERAISED.bits() | Self::REPLACED.bits() | Self::EXITS.bits() | Self::FAILED.bits();
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

/// Where in the handler a statement stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Handler,
    InnerTry,
    InnerHandler,
}

struct HandlerPaths<'m, 'a> {
    model: &'m Model<'a>,
    clause: Clause<'a>,
    caught: Exceptions,
    /// In source order; the flag tells whether it is done whenever its statement is.
    deeds: Vec<(NodeId, Deed, bool)>,
}

/// What the paths through a handler come to, if some lose what was caught.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// What some path loses.
    pub lost: Exceptions,
    /// Whether the traceback is logged on every path that loses something.
    pub is_logged: bool,
    /// Whether some path raises another exception instead.
    pub replaces: bool,
    /// Whether some path passes it on.
    pub passes_on: bool,
    /// Whether some path does something and then passes it on: a narrower clause
    /// would leave that undone.
    pub cleans_up: bool,
    /// Whether all losing paths run off the handler's end.
    pub only_falls: bool,
    /// Whether an inner `except` catches it on its way out.
    pub is_caught_again: bool,
    /// Whether `finally` or `suppress` throws it away on its way out.
    pub is_discarded: bool,
    /// Whether it is `suppress`.
    pub is_suppressed: bool,
}

impl<'a> Clause<'a> {
    /// What becomes of `caught`, which arrives at the clause; `None` if every path passes on each request to stop: raises it
    /// again, ends the process, or hands the exception over.
    pub fn outcome(self, model: &Model<'a>, caught: Exceptions) -> Option<Outcome> {
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
        if matches!(node, AnyNodeRef::StmtAssert(assert) if constant_truth(self.model, &assert.test) == Some(false)) {
            state.mark(Fate::REPLACED);
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
        let is_caught = |exc: &Expr| self.model.caught(exc, self.clause.id).is_some();
        let exc = raise.exc.as_deref();
        if exc.is_some_and(is_caught) {
            return Fate::RERAISED;
        }
        if exc.is_none() && fate.intersects(Fate::LEAVING) {
            // In a `finally` that an exception is passing through: the same one goes on.
            return fate & Fate::LEAVING;
        }
        let place = self.place_of(raise);
        if fate.contains(Fate::CAUGHT_AGAIN) {
            let is_inner_name = matches!(exc, Some(Expr::Name(name)) if self.names_inner(name));
            return if exc.is_none() || is_inner_name { Fate::RERAISED } else { Fate::REPLACED };
        }
        match (exc, place) {
            (_, Place::InnerHandler) => Fate::FAILED,
            (None, _) => Fate::RERAISED,
            (Some(_), Place::InnerTry) => Fate::FAILED,
            (Some(_), Place::Handler) => Fate::REPLACED,
        }
    }

    /// Where in the handler a `raise` stands: in an inner handler another exception is at work already, and what is raised in
    /// an inner `try` is meant for the handlers there.
    fn place_of(&self, raise: &'a ast::StmtRaise) -> Place {
        let Some(id) = self.model.id(raise) else { return Place::Handler };
        let stmt = self.model.stmt_id(self.clause.stmt);
        let mut child = id;
        let around = self.model.ancestors(id).take_while(|&around| around != self.clause.id && around != stmt);
        for around in around {
            match self.model.node(around) {
                AnyNodeRef::ExceptHandlerExceptHandler(_) => return Place::InnerHandler,
                AnyNodeRef::StmtTry(node)
                    if !node.handlers.is_empty() && node.body.iter().any(|stmt| self.model.stmt_id(stmt) == child) =>
                {
                    return Place::InnerTry;
                }
                _ => {}
            }
            child = around;
        }
        Place::Handler
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
                    !is_deed && !self.model.only_tells(call)
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
        .filter_map(|(id, node)| Some((id, deed(model, clause, node)?, model.is_unconditional(id))))
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
    if model.logs_traceback(call, clause.id) {
        return Some(Deed::Logs);
    }
    // The arguments of `raise Other(...)` go out with the other exception.
    if matches!(model.parent_of(call), Some(AnyNodeRef::StmtRaise(_))) {
        return None;
    }
    if matches!(last_name(&call.func), Some("set_exception" | "set_exc_info" | "errback")) {
        return Some(Deed::HandsOver);
    }
    if model.only_tells(call) || model.only_looks(call) {
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
