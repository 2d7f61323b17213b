//! Path analysis over structured statements: what holds on every path, what some path reaches.
//!
//! One interpreter for all questions. It walks statements as control flows, carries a state that the caller defines, joins
//! states where paths meet and repeats loops until nothing changes. Expressions, simple statements and the headers of
//! compound ones are *atoms*: the caller sees each as a whole.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged;

use super::model::{Model, NodeId};

/// What is known at a point of a path. `join` must only ever add knowledge, so that loops come to an end.
pub trait State: Clone {
    /// Takes in what another path brings to the same point; true if that changed anything.
    fn join(&mut self, other: &Self) -> bool;
}

impl State for bool {
    fn join(&mut self, other: &bool) -> bool {
        let before = *self;
        *self |= *other;
        *self != before
    }
}

impl State for u32 {
    fn join(&mut self, other: &u32) -> bool {
        let before = *self;
        *self |= *other;
        *self != before
    }
}

/// Whether a path goes on after an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes on.
    Continues,
    /// It ends here and is of no more interest (`sys.exit()`).
    Ends,
    /// It raises for certain, as a `raise` does: only handlers and `finally` around see what is known then.
    Raises,
}

/// A question about paths. Atoms of loops are visited more than once: what a visit records must not depend on how often.
pub trait Analysis<'a> {
    /// What is known at a point.
    type State: State;

    /// An atom is evaluated: a simple statement (also `def` and `class`, whose bodies are not entered), the header of a compound
    /// one (its test, iterable with target as the `for` itself, subject, `WithItem`, `MatchCase`), or a handler as it is entered.
    fn atom(&mut self, node: AnyNodeRef<'a>, state: &mut Self::State) -> Next;

    /// `test` turned out to be `truth` on this path; returns false if that can't be.
    fn assume(&mut self, _test: &'a Expr, _truth: bool, _state: &mut Self::State) -> bool {
        true
    }

    /// An exception on its way is caught by this handler, before the handler's atom.
    fn caught(&mut self, _handler: &'a ast::ExceptHandlerExceptHandler, _state: &mut Self::State) {}

    /// An exception on its way is thrown away: by a jump out of `finally`, or by `contextlib.suppress`.
    fn discarded(&mut self, _state: &mut Self::State) {}
}

/// The states in which control leaves a block, by how it leaves; `None` where no path does.
#[derive(Clone, Debug)]
pub struct Exits<S> {
    /// Off the end.
    pub falls: Option<S>,
    /// By `break` out of a loop around the block.
    pub breaks: Option<S>,
    /// By `continue` of a loop around the block.
    pub continues: Option<S>,
    /// By `return`.
    pub returns: Option<S>,
    /// By an exception that a `raise` statement raises.
    pub raises: Option<S>,
    /// By an exception that any atom may raise; what handlers around the block see.
    pub throws: Option<S>,
}

impl<S: State> Exits<S> {
    fn none() -> Self {
        Exits { falls: None, breaks: None, continues: None, returns: None, raises: None, throws: None }
    }

    /// Takes in the other ways out of a block that is followed by more of the same path.
    fn absorb(&mut self, other: Exits<S>) {
        join(&mut self.breaks, other.breaks);
        join(&mut self.continues, other.continues);
        join(&mut self.returns, other.returns);
        join(&mut self.raises, other.raises);
        join(&mut self.throws, other.throws);
    }
}

fn join<S: State>(into: &mut Option<S>, other: Option<S>) -> bool {
    match (into.as_mut(), other) {
        (_, None) => false,
        (Some(state), Some(other)) => state.join(&other),
        (None, other) => {
            *into = other;
            true
        }
    }
}

/// Runs an analysis over a block, entered with `state`.
pub fn run<'a, A: Analysis<'a>>(
    model: &Model<'a>,
    analysis: &mut A,
    body: &'a [Stmt],
    state: A::State,
) -> Exits<A::State> {
    Interpreter { model, analysis }.block(body, Some(state))
}

/// Runs an analysis over one statement, entered with `state`.
pub fn run_stmt<'a, A: Analysis<'a>>(
    model: &Model<'a>,
    analysis: &mut A,
    stmt: &'a Stmt,
    state: A::State,
) -> Exits<A::State> {
    Interpreter { model, analysis }.block(std::slice::from_ref(stmt), Some(state))
}

struct Interpreter<'m, 'a, A> {
    model: &'m Model<'a>,
    analysis: &'m mut A,
}

impl<'a, A: Analysis<'a>> Interpreter<'_, 'a, A> {
    fn block(&mut self, body: &'a [Stmt], state: Option<A::State>) -> Exits<A::State> {
        let mut exits = Exits::none();
        let mut state = state;
        for (index, stmt) in body.iter().enumerate() {
            let is_new_cell = || index > 0 && !self.model.is_one_unit(body[index - 1].start(), stmt.start());
            if state.is_none() && is_new_cell() {
                // What ended the cell before keeps nobody from running this one.
                state.clone_from(&exits.throws);
            }
            let Some(entry) = state.take() else { continue };
            let mut after = self.stmt(stmt, entry);
            state = after.falls.take();
            exits.absorb(after);
        }
        exits.falls = state;
        exits
    }

    /// Evaluates an atom: it may raise before or after it takes effect.
    fn atom(&mut self, node: impl Into<AnyNodeRef<'a>>, state: &mut Option<A::State>, exits: &mut Exits<A::State>) {
        let Some(entry) = state else { return };
        let before = entry.clone();
        match self.analysis.atom(node.into(), entry) {
            Next::Continues => {}
            Next::Ends => *state = None,
            Next::Raises => {
                join(&mut exits.throws, state.clone());
                join(&mut exits.raises, state.take());
                return;
            }
        }
        join(&mut exits.throws, Some(before));
        join(&mut exits.throws, state.clone());
    }

    fn assume(&mut self, test: &'a Expr, truth: bool, state: Option<A::State>) -> Option<A::State> {
        let mut state = state?;
        if constant_truth(self.model, test) == Some(!truth) {
            return None;
        }
        self.analysis.assume(test, truth, &mut state).then_some(state)
    }

    fn stmt(&mut self, stmt: &'a Stmt, state: A::State) -> Exits<A::State> {
        let mut exits = Exits::none();
        let mut state = Some(state);
        match stmt {
            Stmt::Return(_) => {
                self.atom(stmt, &mut state, &mut exits);
                exits.returns = state;
            }
            Stmt::Raise(_) => {
                self.atom(stmt, &mut state, &mut exits);
                join(&mut exits.throws, state.clone());
                join(&mut exits.raises, state);
            }
            Stmt::Break(_) => {
                self.atom(stmt, &mut state, &mut exits);
                exits.breaks = state;
            }
            Stmt::Continue(_) => {
                self.atom(stmt, &mut state, &mut exits);
                exits.continues = state;
            }
            Stmt::If(node) => self.branches(node, state, &mut exits),
            Stmt::While(node) => self.r#while(node, state, &mut exits),
            Stmt::For(node) => self.r#for(node, state, &mut exits),
            Stmt::With(node) => self.with(node, state, &mut exits),
            Stmt::Try(node) => self.r#try(node, state, &mut exits),
            Stmt::Match(node) => self.r#match(node, state, &mut exits),
            Stmt::Assert(node) => {
                self.atom(stmt, &mut state, &mut exits);
                exits.falls = self.assume(&node.test, true, state);
            }
            _ => {
                self.atom(stmt, &mut state, &mut exits);
                exits.falls = state;
            }
        }
        exits
    }

    fn sequel(&mut self, body: &'a [Stmt], state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut after = self.block(body, state);
        join(&mut exits.falls, after.falls.take());
        exits.absorb(after);
    }

    fn branches(&mut self, node: &'a ast::StmtIf, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut rest = state;
        let first = (Some(&*node.test), &node.body);
        let clauses = node.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        for (test, body) in std::iter::once(first).chain(clauses) {
            let Some(test) = test else {
                self.sequel(body, rest.take(), exits);
                break;
            };
            self.atom(test, &mut rest, exits);
            let taken = self.assume(test, true, rest.clone());
            self.sequel(body, taken, exits);
            rest = self.assume(test, false, rest);
        }
        join(&mut exits.falls, rest);
    }

    /// Runs a loop's body once; what comes to its end or to `continue` flows back to the loop's head. Returns the state after
    /// `break`, and whether the head learned something new.
    fn turn(
        &mut self,
        body: &'a [Stmt],
        entered: Option<A::State>,
        head: &mut Option<A::State>,
        exits: &mut Exits<A::State>,
    ) -> (Option<A::State>, bool) {
        let mut after = self.block(body, entered);
        let broken = after.breaks.take();
        let mut changed = join(head, after.falls.take());
        changed |= join(head, after.continues.take());
        exits.absorb(after);
        (broken, changed)
    }

    fn r#while(&mut self, node: &'a ast::StmtWhile, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut head = state;
        let mut broken;
        let mut left;
        loop {
            let mut tested = head.clone();
            self.atom(&*node.test, &mut tested, exits);
            left = self.assume(&node.test, false, tested.clone());
            let entered = self.assume(&node.test, true, tested);
            let changed;
            (broken, changed) = self.turn(&node.body, entered, &mut head, exits);
            if !changed {
                break;
            }
        }
        self.sequel(&node.orelse, left, exits);
        join(&mut exits.falls, broken);
    }

    fn r#for(&mut self, node: &'a ast::StmtFor, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut head = state;
        self.atom(&*node.iter, &mut head, exits);
        let mut broken;
        loop {
            let mut entered = head.clone();
            self.atom(AnyNodeRef::StmtFor(node), &mut entered, exits);
            let changed;
            (broken, changed) = self.turn(&node.body, entered, &mut head, exits);
            if !changed {
                break;
            }
        }
        self.sequel(&node.orelse, head, exits);
        join(&mut exits.falls, broken);
    }

    fn with(&mut self, node: &'a ast::StmtWith, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut state = state;
        for item in &node.items {
            self.atom(AnyNodeRef::WithItem(item), &mut state, exits);
        }
        let mut after = self.block(&node.body, state);
        if node.items.iter().any(|item| self.suppresses(&item.context_expr)) {
            let mut suppressed = after.raises.take();
            join(&mut suppressed, after.throws.take());
            if let Some(state) = &mut suppressed {
                self.analysis.discarded(state);
            }
            join(&mut after.falls, suppressed);
        }
        join(&mut exits.falls, after.falls.take());
        exits.absorb(after);
    }

    /// Whether a context manager is known to swallow exceptions.
    fn suppresses(&self, manager: &Expr) -> bool {
        let Expr::Call(call) = manager else { return false };
        let is_known = self
            .model
            .qualified_name(&call.func)
            .is_some_and(|name| matches!(name.as_str(), "contextlib.suppress" | "pytest.raises" | "trio.fail_after"));
        is_known
            || matches!(&*call.func, Expr::Attribute(attribute)
                if matches!(attribute.attr.as_str(), "assertRaises" | "assertRaisesRegex" | "suppress"))
    }

    fn r#try(&mut self, node: &'a ast::StmtTry, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut inner = Exits::none();
        let mut body = self.block(&node.body, state);
        let falls = body.falls.take();
        let thrown = body.throws.take();
        let raised = body.raises.take();
        inner.absorb(body);
        let mut catches_all = false;
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            catches_all |= handler.type_.is_none();
            if let Some(mut state) = thrown.clone() {
                self.analysis.caught(handler, &mut state);
                let mut state = Some(state);
                self.atom(AnyNodeRef::ExceptHandlerExceptHandler(handler), &mut state, &mut inner);
                self.sequel(&handler.body, state, &mut inner);
            }
        }
        if !catches_all {
            join(&mut inner.raises, raised);
            join(&mut inner.throws, thrown);
        }
        self.sequel(&node.orelse, falls, &mut inner);
        if node.finalbody.is_empty() {
            join(&mut exits.falls, inner.falls.take());
            exits.absorb(inner);
            return;
        }
        self.finally(&node.finalbody, inner, exits);
    }

    /// Runs `finally` once for each way into it: it goes on that way unless it jumps elsewhere.
    fn finally(&mut self, body: &'a [Stmt], ways: Exits<A::State>, exits: &mut Exits<A::State>) {
        let Exits { falls, breaks, continues, returns, raises, throws } = ways;
        self.pass_through(body, falls, |exits| &mut exits.falls, exits);
        self.pass_through(body, breaks, |exits| &mut exits.breaks, exits);
        self.pass_through(body, continues, |exits| &mut exits.continues, exits);
        self.pass_through(body, returns, |exits| &mut exits.returns, exits);
        self.exception_through(body, raises, |exits| &mut exits.raises, exits);
        self.exception_through(body, throws, |exits| &mut exits.throws, exits);
    }

    fn pass_through(
        &mut self,
        body: &'a [Stmt],
        state: Option<A::State>,
        way: fn(&mut Exits<A::State>) -> &mut Option<A::State>,
        exits: &mut Exits<A::State>,
    ) {
        let mut after = self.block(body, state);
        join(way(exits), after.falls.take());
        exits.absorb(after);
    }

    /// A jump out of `finally` throws away the exception that was on its way.
    fn exception_through(
        &mut self,
        body: &'a [Stmt],
        state: Option<A::State>,
        way: fn(&mut Exits<A::State>) -> &mut Option<A::State>,
        exits: &mut Exits<A::State>,
    ) {
        let mut after = self.block(body, state);
        for state in [&mut after.breaks, &mut after.continues, &mut after.returns].into_iter().flatten() {
            self.analysis.discarded(state);
        }
        join(way(exits), after.falls.take());
        exits.absorb(after);
    }

    fn r#match(&mut self, node: &'a ast::StmtMatch, state: Option<A::State>, exits: &mut Exits<A::State>) {
        let mut rest = state;
        self.atom(&*node.subject, &mut rest, exits);
        for case in &node.cases {
            let mut taken = rest.clone();
            self.atom(AnyNodeRef::MatchCase(case), &mut taken, exits);
            if let Some(guard) = &case.guard {
                taken = self.assume(guard, true, taken);
            } else if case.pattern.is_irrefutable() {
                rest = None;
            }
            self.sequel(&case.body, taken, exits);
        }
        join(&mut exits.falls, rest);
    }
}

/// The truth of a test that is the same whenever it is evaluated.
pub fn constant_truth(model: &Model, test: &Expr) -> Option<bool> {
    match test {
        Expr::BooleanLiteral(node) => Some(node.value),
        Expr::NumberLiteral(node) => match &node.value {
            ast::Number::Int(value) => Some(*value != 0),
            _ => None,
        },
        Expr::NoneLiteral(_) => Some(false),
        Expr::StringLiteral(node) => Some(!node.value.is_empty()),
        Expr::UnaryOp(node) if node.op == ast::UnaryOp::Not => Some(!constant_truth(model, &node.operand)?),
        Expr::Name(_) | Expr::Attribute(_) => model
            .qualified_name(test)
            .is_some_and(|name| matches!(name.as_str(), "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING"))
            .then_some(false),
        _ => None,
    }
}

/// Whether control can go from right after the atom that holds `from` to an atom that holds one of `to`, inside `region`.
/// An atom that holds both counts only if a path comes round to it again.
pub fn can_reach<'a>(model: &Model<'a>, region: &'a [Stmt], from: NodeId, to: &[NodeId]) -> bool {
    struct Reach<'m, 'a> {
        model: &'m Model<'a>,
        from: NodeId,
        to: &'m [NodeId],
        found: bool,
    }
    impl<'a> Analysis<'a> for Reach<'_, 'a> {
        type State = bool;

        fn atom(&mut self, node: AnyNodeRef<'a>, state: &mut bool) -> Next {
            let holds = |id: NodeId| self.model.atom_holds(node, id);
            if *state && self.to.iter().any(|&id| holds(id)) {
                self.found = true;
            }
            *state |= holds(self.from);
            Next::Continues
        }
    }
    let mut reach = Reach { model, from, to, found: false };
    run(model, &mut reach, region, false);
    reach.found
}

impl<'a> Model<'a> {
    /// Whether `id` is evaluated as part of the atom `node` (see [`Analysis::atom`]).
    pub fn atom_holds(&self, node: AnyNodeRef<'a>, id: NodeId) -> bool {
        match node {
            AnyNodeRef::StmtFor(node) => self.is_within(id, self.expr_id(&node.target)),
            AnyNodeRef::MatchCase(node) => {
                let parts = [self.id(&node.pattern), node.guard.as_deref().and_then(|guard| self.id(guard))];
                parts.into_iter().flatten().any(|part| self.is_within(id, part))
            }
            AnyNodeRef::ExceptHandlerExceptHandler(node) => {
                self.id(node) == Some(id)
                    || node.type_.as_deref().is_some_and(|type_| self.is_within(id, self.expr_id(type_)))
            }
            node => self.id(&node).is_some_and(|atom| self.is_within(id, atom)),
        }
    }

    /// Whether `id` is evaluated whenever its statement is: not behind `and`, `or`, `if … else`, nor in a comprehension.
    pub fn is_unconditional(&self, id: NodeId) -> bool {
        let mut child = id;
        for around in self.ancestors(id) {
            let is_first = |first: &Expr| self.expr_id(first) == child;
            let is_certain = match self.node(around) {
                AnyNodeRef::ExprBoolOp(node) => is_first(&node.values[0]),
                AnyNodeRef::ExprIf(node) => is_first(&node.test),
                AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprLambda(_) => false,
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
}
