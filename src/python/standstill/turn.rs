//! One turn of the loop: what the tests on its paths depend on, and what the paths change.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};

use crate::python::effects::Effect;
use crate::python::flow::{Analysis, Next, State};
use crate::python::model::{Model, NodeId, ScopeId, SymbolId};
use crate::python::values::Type;

/// What a value depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Origin {
    /// Variables as they were at the loop's head.
    symbols: BTreeSet<SymbolId>,
    /// Variables whose objects are looked into, or that other functions can bind.
    looked: BTreeSet<SymbolId>,
    /// Something that can be different next time.
    varies: bool,
}

impl Origin {
    fn varying() -> Self {
        Origin { varies: true, ..Origin::default() }
    }

    fn and(mut self, other: Origin) -> Self {
        self.symbols.extend(other.symbols);
        self.looked.extend(other.looked);
        self.varies |= other.varies;
        self
    }

    /// What is found inside the value.
    fn inside(mut self) -> Self {
        self.looked.extend(&self.symbols);
        self
    }
}

/// What is known of a path from the loop's head.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Turn {
    /// What the tests so far depend on.
    asked: Origin,
    /// Variables bound so far, each with what its value depends on.
    bound: BTreeMap<SymbolId, Origin>,
    /// Variables whose objects have been changed.
    touched: BTreeSet<SymbolId>,
    /// Whether anything may have been changed that is not a plain local variable.
    touches_all: bool,
    /// The `continue` statements that this path came through with everything as it was.
    pub(super) stuck: Vec<NodeId>,
}

impl Turn {
    /// Whether the next turn will see what this one saw.
    fn is_unchanged(&self) -> bool {
        !self.asked.varies
            && self.asked.symbols.iter().all(|symbol| !self.bound.contains_key(symbol))
            && self.asked.looked.is_disjoint(&self.touched)
            && (!self.touches_all || self.asked.looked.is_empty())
    }

    fn touch(&mut self, owner: &Origin) {
        self.touched.extend(&owner.symbols);
        self.touched.extend(&owner.looked);
        self.touches_all |= owner.symbols.is_empty() && owner.looked.is_empty();
    }
}

impl State for Turn {
    fn join(&mut self, other: &Self) -> bool {
        let before = self.clone();
        self.asked = std::mem::take(&mut self.asked).and(other.asked.clone());
        // Bound on one way only: it may still have the value of the turn before.
        let carried = |symbol: SymbolId, origin: &Origin| {
            let mut origin = origin.clone();
            origin.symbols.insert(symbol);
            origin
        };
        for (&symbol, origin) in &mut self.bound {
            if !other.bound.contains_key(&symbol) {
                *origin = carried(symbol, origin);
            }
        }
        for (&symbol, origin) in &other.bound {
            let joined = match self.bound.remove(&symbol) {
                Some(mine) => mine.and(origin.clone()),
                None => carried(symbol, origin),
            };
            self.bound.insert(symbol, joined);
        }
        self.touched.extend(&other.touched);
        self.touches_all |= other.touches_all;
        for &jump in &other.stuck {
            if !self.stuck.contains(&jump) {
                self.stuck.push(jump);
            }
        }
        self.stuck.sort_unstable();
        *self != before
    }
}

pub(super) struct Turns<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) jumps: &'m [NodeId],
    pub(super) counters: &'m [(&'a Expr, NodeId)],
}

impl<'a> Analysis<'a> for Turns<'_, 'a> {
    type State = Turn;

    fn atom(&mut self, node: AnyNodeRef<'a>, turn: &mut Turn) -> Next {
        self.evaluate(node, turn);
        if let AnyNodeRef::StmtContinue(_) = node
            && let Some(id) = self.model.id(&node)
            && self.jumps.contains(&id)
        {
            turn.stuck = if turn.is_unchanged() { vec![id] } else { Vec::new() };
        } else if !turn.stuck.is_empty() && !turn.is_unchanged() {
            // In a `finally` on the way back.
            turn.stuck.clear();
        }
        self.model.next_after(node)
    }

    /// What raised may not raise again, unless the whole block gives the same answer each time.
    fn caught(&mut self, handler: &'a ast::ExceptHandlerExceptHandler, turn: &mut Turn) {
        let Some(AnyNodeRef::StmtTry(node)) = self.model.parent_of(handler) else { return };
        let is_steady = |(_, node): (NodeId, AnyNodeRef<'a>)| match node {
            AnyNodeRef::ExprCall(call) => !matches!(self.model.effect(call), Effect::Unknown | Effect::Changes),
            AnyNodeRef::ExprAwait(_)
            | AnyNodeRef::ExprYield(_)
            | AnyNodeRef::ExprYieldFrom(_)
            | AnyNodeRef::StmtWith(_)
            | AnyNodeRef::StmtImport(_)
            | AnyNodeRef::StmtImportFrom(_) => false,
            _ => true,
        };
        let mut inside = node.body.iter().flat_map(|stmt| self.model.descendants(self.model.stmt_id(stmt)));
        turn.asked.varies |= !inside.all(is_steady);
        // Where it raises depends on all that the block looks at.
        let reads = node.body.iter().flat_map(|stmt| self.model.descendants(self.model.stmt_id(stmt)));
        for (_, node) in reads {
            if let AnyNodeRef::ExprName(name) = node
                && name.ctx.is_load()
            {
                let origin = self.name(name, turn).inside();
                turn.asked = std::mem::take(&mut turn.asked).and(origin);
            }
        }
    }
}

impl<'a> Turns<'_, 'a> {
    fn evaluate(&mut self, node: AnyNodeRef<'a>, turn: &mut Turn) {
        match node {
            AnyNodeRef::StmtExpr(node) => drop(self.value(&node.value, turn)),
            AnyNodeRef::StmtAssign(node) => {
                let origin = self.value(&node.value, turn);
                node.targets.iter().for_each(|target| self.bind(target, &origin, turn));
            }
            AnyNodeRef::StmtAnnAssign(node) => {
                if let Some(value) = &node.value {
                    let origin = self.value(value, turn);
                    self.bind(&node.target, &origin, turn);
                }
            }
            AnyNodeRef::StmtAugAssign(node) => {
                let before = match &*node.target {
                    Expr::Name(name) => self.name(name, turn),
                    _ => Origin::default(),
                };
                let origin = self.value(&node.value, turn).and(before);
                self.bind(&node.target, &origin, turn);
            }
            AnyNodeRef::StmtDelete(node) => {
                node.targets.iter().for_each(|target| self.bind(target, &Origin::varying(), turn));
            }
            AnyNodeRef::StmtAssert(node) => self.test(&node.test, false, turn),
            AnyNodeRef::StmtFor(node) => {
                let mut origin = self.value(&node.iter, turn).inside();
                origin.varies |= !self.starts_anew(&node.iter);
                self.bind(&node.target, &origin, turn);
            }
            AnyNodeRef::WithItem(node) => {
                self.value(&node.context_expr, turn);
                turn.touches_all = true;
                if let Some(target) = &node.optional_vars {
                    self.bind(target, &Origin::varying(), turn);
                }
            }
            AnyNodeRef::MatchCase(case) => self.case(case, turn),
            AnyNodeRef::StmtFunctionDef(_)
            | AnyNodeRef::StmtClassDef(_)
            | AnyNodeRef::ExceptHandlerExceptHandler(_)
            | AnyNodeRef::StmtImport(_)
            | AnyNodeRef::StmtImportFrom(_)
            | AnyNodeRef::StmtTypeAlias(_)
            | AnyNodeRef::StmtIpyEscapeCommand(_) => self.defines(node, turn),
            AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_) => {}
            node => {
                if let Some(header) = node.as_expr_ref()
                    && let Some(header) = self.header(header)
                {
                    self.test(header, false, turn);
                }
            }
        }
    }

    /// The test, iterable or subject of a compound statement, as an expression.
    fn header(&self, header: ast::ExprRef<'a>) -> Option<&'a Expr> {
        match self.model.parent_of(&header)? {
            AnyNodeRef::StmtIf(node) => Some(&node.test),
            AnyNodeRef::ElifElseClause(node) => node.test.as_ref(),
            AnyNodeRef::StmtWhile(node) => Some(&node.test),
            AnyNodeRef::StmtFor(node) => Some(&node.iter),
            AnyNodeRef::StmtMatch(node) => Some(&node.subject),
            _ => None,
        }
    }

    /// A statement or handler that binds names to something of its own.
    fn defines(&mut self, node: AnyNodeRef<'a>, turn: &mut Turn) {
        turn.touches_all |= !matches!(node, AnyNodeRef::ExceptHandlerExceptHandler(_) | AnyNodeRef::StmtFunctionDef(_));
        let Some(id) = self.model.id(&node) else { return };
        let all = std::iter::once(id).chain(self.model.descendants(id).map(|(id, _)| id));
        let scope = self.model.scope_of(id);
        for binding in all.filter_map(|id| self.model.binding_at(id)).filter(|binding| binding.scope == scope) {
            if matches!(node, AnyNodeRef::ExceptHandlerExceptHandler(_)) && binding.node != id {
                continue;
            }
            turn.bound.insert(self.model.symbol_of_binding(binding), Origin::varying());
        }
    }

    fn case(&mut self, case: &'a ast::MatchCase, turn: &mut Turn) {
        let Some(AnyNodeRef::StmtMatch(parent)) = self.model.parent_of(case) else { return };
        let origin = self.value(&parent.subject, turn).inside();
        if let Some(pattern) = self.model.id(&case.pattern) {
            let inside = std::iter::once(pattern).chain(self.model.descendants(pattern).map(|(id, _)| id));
            for symbol in inside.filter_map(|id| self.model.symbol_bound_at(id)) {
                turn.bound.insert(symbol, origin.clone());
            }
        }
        if let Some(guard) = &case.guard {
            self.test(guard, false, turn);
        }
    }

    /// A test on the way: what it depends on decides whether the next turn comes along here.
    pub(super) fn test(&mut self, test: &'a Expr, is_guard: bool, turn: &mut Turn) {
        let mut origin = self.value(test, turn);
        self.look_at_truth(test, turn, &mut origin);
        // What looks at something else than this turn's item waits for others to change that.
        let waits = !origin.looked.is_empty() && !self.depends_on_counter(test, &origin);
        origin.varies |= waits && !is_guard;
        turn.asked = std::mem::take(&mut turn.asked).and(origin);
    }

    fn depends_on_counter(&self, test: &'a Expr, origin: &Origin) -> bool {
        let reads = |expr: &Expr, counter: &Expr| {
            let id = self.model.expr_id(expr);
            let is_it = |node: AnyNodeRef| {
                matches!(node, AnyNodeRef::ExprAttribute(_)) && self.model.slice(node) == self.model.slice(counter)
            };
            is_it(AnyNodeRef::from(expr)) || self.model.descendants(id).any(|(_, node)| is_it(node))
        };
        self.counters.iter().any(|&(counter, _)| match counter {
            Expr::Name(name) => self.model.symbol_of(name).is_some_and(|symbol| origin.symbols.contains(&symbol)),
            _ => reads(test, counter),
        })
    }

    /// A bare name in a test may be a container whose emptiness is asked.
    fn look_at_truth(&self, test: &'a Expr, turn: &Turn, origin: &mut Origin) {
        match test {
            Expr::BoolOp(node) => node.values.iter().for_each(|value| self.look_at_truth(value, turn, origin)),
            Expr::UnaryOp(node) if node.op == ast::UnaryOp::Not => self.look_at_truth(&node.operand, turn, origin),
            Expr::Named(node) => self.look_at_truth(&node.value, turn, origin),
            Expr::Name(name) => {
                let is_plain = matches!(
                    self.model.type_of(test),
                    Some(Type::Bool | Type::Int | Type::Float | Type::Str | Type::Bytes | Type::None | Type::Tuple)
                );
                let is_counter = self.counters.iter().any(|(counter, _)| {
                    matches!(counter, Expr::Name(counter) if self.model.symbol_of(counter) == self.model.symbol_of(name))
                });
                if !is_plain && !is_counter {
                    let inside = self.name(name, turn).inside();
                    origin.looked.extend(inside.looked);
                }
            }
            _ => {}
        }
    }

    fn name(&self, name: &ast::ExprName, turn: &Turn) -> Origin {
        let Some(symbol) = self.model.symbol_of(name) else { return Origin::varying() };
        if let Some(origin) = turn.bound.get(&symbol) {
            return origin.clone();
        }
        let mut origin = Origin::default();
        let owner = self.model.symbol_scope(symbol);
        if owner == ScopeId::BUILTINS {
            return origin;
        }
        origin.symbols.insert(symbol);
        let here = self.model.scope_of(self.counters[0].1);
        let is_bound_elsewhere =
            self.model.bindings(symbol).any(|binding| binding.scope != here && binding.is_executed());
        if is_bound_elsewhere && self.model.only_binding(symbol).is_none() {
            origin.looked.insert(symbol);
        }
        origin
    }

    /// Evaluates an expression: what its value depends on.
    fn value(&mut self, expr: &'a Expr, turn: &mut Turn) -> Origin {
        match expr {
            Expr::Name(name) => self.name(name, turn),
            Expr::Named(node) => {
                let origin = self.value(&node.value, turn);
                self.bind(&node.target, &origin, turn);
                origin
            }
            Expr::Attribute(node) => {
                if self.model.qualified_name(expr).is_some() {
                    return Origin::default();
                }
                self.value(&node.value, turn).inside()
            }
            Expr::Subscript(node) => {
                let owner = self.value(&node.value, turn).inside();
                owner.and(self.value(&node.slice, turn))
            }
            Expr::Call(node) => self.call(node, turn),
            Expr::Compare(node) => {
                let mut origin = self.value(&node.left, turn);
                for (op, operand) in node.ops.iter().zip(&node.comparators) {
                    let value = self.value(operand, turn);
                    let looks_in = matches!(op, CmpOp::In | CmpOp::NotIn);
                    origin = origin.and(if looks_in { value.inside() } else { value });
                }
                origin
            }
            Expr::BoolOp(node) => self.all(&node.values, turn),
            Expr::BinOp(node) => self.value(&node.left, turn).and(self.value(&node.right, turn)),
            Expr::UnaryOp(node) => self.value(&node.operand, turn),
            Expr::If(node) => {
                let test = self.value(&node.test, turn);
                test.and(self.value(&node.body, turn)).and(self.value(&node.orelse, turn))
            }
            Expr::Tuple(node) => self.all(&node.elts, turn),
            Expr::List(node) => self.all(&node.elts, turn),
            Expr::Set(node) => self.all(&node.elts, turn),
            Expr::Dict(node) => {
                let parts = node.items.iter().flat_map(|item| item.key.iter().chain([&item.value]));
                parts.fold(Origin::default(), |all, part| all.and(self.value(part, turn)))
            }
            Expr::Starred(node) => self.value(&node.value, turn).inside(),
            Expr::Slice(node) => {
                let parts = [&node.lower, &node.upper, &node.step].into_iter().flatten();
                parts.fold(Origin::default(), |all, part| all.and(self.value(part, turn)))
            }
            Expr::FString(node) => {
                let parts = node.value.elements().filter_map(|element| element.as_interpolation());
                parts.fold(Origin::default(), |all, part| all.and(self.value(&part.expression, turn).inside()))
            }
            Expr::ListComp(node) => self.comprehension(&node.generators, &[&*node.elt], turn),
            Expr::SetComp(node) => self.comprehension(&node.generators, &[&*node.elt], turn),
            Expr::Generator(node) => self.comprehension(&node.generators, &[&*node.elt], turn),
            Expr::DictComp(node) => self.comprehension(&node.generators, &[&*node.value], turn),
            Expr::Lambda(_) => Origin::default(),
            _ if expr.is_literal_expr() => Origin::default(),
            // `await`, `yield`: others run meanwhile.
            _ => {
                turn.touches_all = true;
                turn.asked.varies |= expr.is_yield_expr() || expr.is_yield_from_expr();
                Origin::varying()
            }
        }
    }

    fn all(&mut self, parts: &'a [Expr], turn: &mut Turn) -> Origin {
        parts.iter().fold(Origin::default(), |all, part| all.and(self.value(part, turn)))
    }

    fn comprehension(&mut self, clauses: &'a [ast::Comprehension], parts: &[&'a Expr], turn: &mut Turn) -> Origin {
        let mut all = Origin::default();
        for clause in clauses {
            let mut origin = self.value(&clause.iter, turn).inside();
            origin.varies |= clause.is_async || !self.starts_anew(&clause.iter);
            self.bind(&clause.target, &origin, turn);
            all = all.and(origin).and(self.all(&clause.ifs, turn));
        }
        parts.iter().fold(all, |all, part| all.and(self.value(part, turn)))
    }

    /// Whether going through it twice gives the same twice: no iterator, and nothing that may be one.
    fn starts_anew(&self, iterable: &Expr) -> bool {
        if let Expr::Call(call) = iterable
            && let Some(name) = self.model.builtin_name(&call.func)
        {
            return match name {
                "range" => true,
                "enumerate" | "zip" | "reversed" | "sorted" => {
                    call.arguments.args.iter().all(|argument| self.starts_anew(argument))
                }
                _ => false,
            };
        }
        matches!(
            self.model.type_of(iterable),
            Some(
                Type::List
                    | Type::Tuple
                    | Type::Dict
                    | Type::Set
                    | Type::FrozenSet
                    | Type::Str
                    | Type::Bytes
                    | Type::Range
            )
        )
    }

    fn bind(&mut self, target: &'a Expr, origin: &Origin, turn: &mut Turn) {
        match target {
            Expr::Name(name) => {
                if let Some(symbol) = self.model.symbol_of(name) {
                    turn.bound.insert(symbol, origin.clone());
                }
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                elts.iter().for_each(|target| self.bind(target, origin, turn));
            }
            Expr::Starred(node) => self.bind(&node.value, origin, turn),
            Expr::Attribute(node) => {
                let owner = self.value(&node.value, turn);
                turn.touch(&owner);
            }
            Expr::Subscript(node) => {
                let owner = self.value(&node.value, turn);
                self.value(&node.slice, turn);
                turn.touch(&owner);
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &'a ast::ExprCall, turn: &mut Turn) -> Origin {
        let mut origin = self.all(&call.arguments.args, turn);
        for keyword in &call.arguments.keywords {
            origin = origin.and(self.value(&keyword.value, turn));
        }
        let owner = match &*call.func {
            Expr::Attribute(method) if self.model.qualified_name(&call.func).is_none() => {
                self.value(&method.value, turn)
            }
            _ => Origin::default(),
        };
        match self.model.effect(call) {
            Effect::Pure => origin.and(owner).inside(),
            Effect::Tells => Origin::default(),
            Effect::Changes => {
                turn.touch(&owner);
                Origin::varying()
            }
            Effect::Unknown => {
                turn.touches_all = true;
                Origin::varying()
            }
        }
    }
}
