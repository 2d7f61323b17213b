//! What a function does with an object that it is given: only reads it, changes it, or lets others get hold of it.
//!
//! The object is followed along the paths on which the parameter can still hold it ([`super::flow`]), through other names,
//! containers, closures and calls of the file's own functions.

use std::cell::Cell;

use bitflags::bitflags;
use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, CmpOp, Expr, Pattern, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use smallvec::SmallVec;

use super::flow::{self, Analysis, Next, State};
use super::model::{BindingKind, Model, ScopeId, ScopeKind, SymbolId};
use super::mutable::{MutableValue, is_changed_by, is_changing_method};

/// How many calls of the file's own functions are followed.
const MAX_CALLS: u8 = 3;

/// How many calls are followed in all, for one object.
const CALL_BUDGET: u16 = 200;

/// How many base classes are followed.
const MAX_BASES: u8 = 6;

/// What happens to the object; the first place of each kind in the file's order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Uses {
    /// It is changed in place, or something inside it is.
    pub changed: Option<TextRange>,
    /// It is returned, alone or inside something else.
    pub returned: Option<TextRange>,
    /// It is yielded.
    pub yielded: Option<TextRange>,
    /// It is stored where it outlives the call: in an attribute, a global, a container from elsewhere.
    pub stored: Option<TextRange>,
    /// A function that outlives the call holds it.
    pub captured: Option<TextRange>,
    /// It is handed to a callee that may do anything with it: the callee.
    pub passed: Option<TextRange>,
    /// It is read in any other way than to test it or to make the copy that replaces it.
    pub read: Option<TextRange>,
    /// The parameter is bound to something else on some path.
    pub is_replaced: bool,
}

impl Uses {
    /// The first place where others get hold of the object.
    pub fn escapes(&self) -> Option<TextRange> {
        [self.returned, self.yielded, self.stored, self.captured]
            .into_iter()
            .flatten()
            .min_by_key(|range| range.start())
    }
}

/// The code of a function or lambda.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    /// Of `def`.
    Statements(&'a [Stmt]),
    /// Of `lambda`.
    Expression(&'a Expr),
}

impl<'a> Model<'a> {
    /// What the code of `scope` does with `value` if its parameter starts out as that.
    pub fn uses_of(&self, parameter: SymbolId, scope: ScopeId, body: Body<'a>, value: &MutableValue) -> Uses {
        let limits = Limits { depth: MAX_CALLS, budget: &Cell::new(CALL_BUDGET) };
        self.uses_within(parameter, Hold::OBJECT, scope, body, value, limits)
    }

    fn uses_within(
        &self,
        parameter: SymbolId,
        hold: Hold,
        scope: ScopeId,
        body: Body<'a>,
        value: &MutableValue,
        limits: Limits,
    ) -> Uses {
        let mut follower = Follower {
            model: self,
            value,
            parameter,
            scope,
            limits,
            uses: Uses::default(),
            closures: Vec::new(),
            is_quiet: false,
            mentions: 0,
        };
        let mut names = Names::default();
        names.set(parameter, hold);
        match body {
            Body::Statements(body) => {
                flow::run(self, &mut follower, body, names);
            }
            Body::Expression(expr) => {
                let result = follower.value_of(expr, &mut names);
                follower.returns(result, expr.range());
            }
        }
        follower.uses
    }
}

/// How far calls are followed from here on.
#[derive(Clone, Copy)]
struct Limits<'b> {
    depth: u8,
    budget: &'b Cell<u16>,
}

impl Limits<'_> {
    /// The limits inside one more call; `None` if that is one too many.
    fn one_call_deeper(self) -> Option<Self> {
        self.budget.set(self.budget.get().checked_sub(1)?);
        Some(Limits { depth: self.depth.checked_sub(1)?, ..self })
    }
}

bitflags! {
    /// What a name or an expression may have to do with the object.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    struct Hold: u8 {
        /// Is the object.
        const OBJECT = 1;
        /// Is a changeable part of the object.
        const PART = 1 << 1;
        /// Holds the object.
        const HOLDS_OBJECT = 1 << 2;
        /// Holds changeable parts of the object.
        const HOLDS_PART = 1 << 3;
        /// Is a function or class whose code uses the object.
        const CLOSURE = 1 << 4;
    }
}

impl Hold {
    /// A container with this in it.
    fn wrapped(self) -> Hold {
        let mut wrapped = self & (Hold::HOLDS_OBJECT | Hold::HOLDS_PART | Hold::CLOSURE);
        wrapped.set(Hold::HOLDS_OBJECT, self.intersects(Hold::OBJECT | Hold::HOLDS_OBJECT));
        wrapped.set(Hold::HOLDS_PART, self.intersects(Hold::PART | Hold::HOLDS_PART));
        wrapped
    }
}

/// What the names in sight may have to do with the object; those not listed, nothing.
#[derive(Clone, Debug, Default)]
struct Names(SmallVec<[(SymbolId, Hold); 2]>);

impl Names {
    fn get(&self, symbol: SymbolId) -> Hold {
        self.0.iter().find(|(other, _)| *other == symbol).map_or(Hold::empty(), |(_, hold)| *hold)
    }

    fn set(&mut self, symbol: SymbolId, hold: Hold) {
        match self.0.iter_mut().find(|(other, _)| *other == symbol) {
            Some((_, old)) => *old = hold,
            None if hold.is_empty() => {}
            None => self.0.push((symbol, hold)),
        }
    }

    fn add(&mut self, symbol: SymbolId, hold: Hold) {
        self.set(symbol, self.get(symbol) | hold);
    }
}

impl State for Names {
    fn join(&mut self, other: &Names) -> bool {
        let mut changed = false;
        for &(symbol, hold) in &other.0 {
            if !self.get(symbol).contains(hold) {
                self.add(symbol, hold);
                changed = true;
            }
        }
        changed
    }
}

struct Follower<'m, 'a> {
    model: &'m Model<'a>,
    value: &'m MutableValue,
    parameter: SymbolId,
    scope: ScopeId,
    limits: Limits<'m>,
    uses: Uses,
    /// What the functions inside, whose code is being followed, return.
    closures: Vec<Hold>,
    /// Whether reads don't count: in tests, and in what replaces the parameter.
    is_quiet: bool,
    /// How often the object has been mentioned so far.
    mentions: u32,
}

fn note(place: &mut Option<TextRange>, range: TextRange) {
    if place.is_none_or(|old| range.start() < old.start()) {
        *place = Some(range);
    }
}

impl<'a> Analysis<'a> for Follower<'_, 'a> {
    type State = Names;

    fn atom(&mut self, node: AnyNodeRef<'a>, names: &mut Names) -> Next {
        match node {
            AnyNodeRef::StmtExpr(node) => drop(self.value_of(&node.value, names)),
            AnyNodeRef::StmtAssign(node) => self.assign(&node.targets, &node.value, names),
            AnyNodeRef::StmtAnnAssign(node) => {
                if let Some(value) = &node.value {
                    self.assign(std::slice::from_ref(&node.target), value, names);
                }
            }
            AnyNodeRef::StmtAugAssign(node) => self.augmented(node, names),
            AnyNodeRef::StmtReturn(node) => {
                if let Some(value) = &node.value {
                    let hold = self.value_of(value, names);
                    self.returns(hold, value.range());
                }
            }
            AnyNodeRef::StmtDelete(node) => node.targets.iter().for_each(|target| self.delete(target, names)),
            AnyNodeRef::StmtFor(node) => {
                let iterable = self.quietly(|this| this.value_of(&node.iter, names));
                let element = self.element(iterable);
                self.bind(&node.target, element, names);
            }
            AnyNodeRef::WithItem(node) => {
                self.value_of(&node.context_expr, names);
                if let Some(target) = &node.optional_vars {
                    self.bind(target, Hold::empty(), names);
                }
            }
            AnyNodeRef::MatchCase(node) => {
                if let Some(AnyNodeRef::StmtMatch(parent)) = self.model.parent_of(node) {
                    let subject = self.quietly(|this| this.value_of(&parent.subject, names));
                    self.pattern(&node.pattern, subject, names);
                }
                if let Some(guard) = &node.guard {
                    self.test(guard, names);
                }
            }
            AnyNodeRef::StmtRaise(node) => {
                for part in [&node.exc, &node.cause].into_iter().flatten() {
                    self.value_of(part, names);
                }
            }
            AnyNodeRef::StmtAssert(node) => {
                self.test(&node.test, names);
                if let Some(message) = &node.msg {
                    self.value_of(message, names);
                }
            }
            AnyNodeRef::StmtFunctionDef(node) => self.function(node, names),
            AnyNodeRef::StmtClassDef(node) => self.class(node, names),
            AnyNodeRef::ExceptHandlerExceptHandler(node) => {
                if let Some(type_) = &node.type_ {
                    self.value_of(type_, names);
                }
            }
            node => {
                if let Some(header) = node.as_expr_ref() {
                    self.header(header, names);
                }
            }
        }
        Next::Continues
    }

    fn assume(&mut self, test: &'a Expr, truth: bool, names: &mut Names) -> bool {
        self.learn(test, truth, names);
        true
    }
}

impl<'a> Follower<'_, 'a> {
    /// The test, iterable or subject of a compound statement.
    fn header(&mut self, header: ast::ExprRef<'a>, names: &mut Names) {
        let Some(parent) = self.model.parent_of(&header) else { return };
        match parent {
            AnyNodeRef::StmtFor(node) => {
                let iterable = self.value_of(&node.iter, names);
                self.consume(iterable, node.iter.range());
            }
            AnyNodeRef::StmtMatch(node) => drop(self.value_of(&node.subject, names)),
            AnyNodeRef::StmtIf(node) => self.test(&node.test, names),
            AnyNodeRef::StmtWhile(node) => self.test(&node.test, names),
            AnyNodeRef::ElifElseClause(node) => {
                if let Some(test) = &node.test {
                    self.test(test, names);
                }
            }
            _ => {}
        }
    }

    fn quietly<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.is_quiet, true);
        let result = run(self);
        self.is_quiet = before;
        result
    }

    // What happens to the object.

    fn returns(&mut self, hold: Hold, range: TextRange) {
        match self.closures.last_mut() {
            Some(returned) => *returned |= hold,
            None => self.escape(hold, range, |uses| &mut uses.returned),
        }
    }

    /// Whether a value of this kind gives its receiver the object or a changeable part of it.
    fn gives_object(hold: Hold) -> bool {
        hold.intersects(Hold::OBJECT | Hold::HOLDS_OBJECT | Hold::PART)
    }

    fn escape(&mut self, hold: Hold, range: TextRange, place: fn(&mut Uses) -> &mut Option<TextRange>) {
        if Self::gives_object(hold) {
            note(place(&mut self.uses), range);
        } else if hold.contains(Hold::CLOSURE) {
            note(&mut self.uses.captured, range);
        }
    }

    fn store(&mut self, hold: Hold, range: TextRange) {
        self.escape(hold, range, |uses| &mut uses.stored);
    }

    /// A method or statement changes what `hold` stands for.
    fn change(&mut self, hold: Hold, range: TextRange) {
        if hold.contains(Hold::OBJECT) && self.value.class != "tuple" || hold.contains(Hold::PART) {
            note(&mut self.uses.changed, range);
        }
    }

    /// A generator is used up by whoever goes through it.
    fn consume(&mut self, hold: Hold, range: TextRange) {
        if hold.contains(Hold::OBJECT) && self.value.class == "generator" {
            note(&mut self.uses.changed, range);
        }
    }

    fn part(&self) -> Hold {
        if self.value.is_nested { Hold::PART } else { Hold::empty() }
    }

    /// What an index into, or a loop over, such a value gives.
    fn element(&self, hold: Hold) -> Hold {
        let mut element = Hold::empty();
        if hold.contains(Hold::OBJECT) {
            element |= self.part();
        }
        if hold.intersects(Hold::PART | Hold::HOLDS_PART) {
            element |= Hold::PART;
        }
        if hold.contains(Hold::HOLDS_OBJECT) {
            element |= Hold::OBJECT | Hold::HOLDS_OBJECT;
        }
        element
    }

    /// A new container with the same elements.
    fn copy(&self, hold: Hold) -> Hold {
        self.element(hold).wrapped()
    }

    // Names.

    fn assign(&mut self, targets: &'a [Expr], value: &'a Expr, names: &mut Names) {
        if let ([Expr::Tuple(targets)], Expr::Tuple(values)) = (targets, value)
            && targets.elts.len() == values.elts.len()
            && !targets.iter().chain(values).any(Expr::is_starred_expr)
        {
            let holds: SmallVec<[Hold; 4]> = values.iter().map(|value| self.value_of(value, names)).collect();
            for (target, hold) in targets.iter().zip(holds) {
                self.bind(target, hold, names);
            }
            return;
        }
        let hold = match targets {
            [Expr::Name(name)] if self.model.symbol_of(name) == Some(self.parameter) => {
                self.quietly(|this| this.value_of(value, names))
            }
            _ => self.value_of(value, names),
        };
        for target in targets {
            self.bind(target, hold, names);
        }
    }

    fn bind(&mut self, target: &'a Expr, hold: Hold, names: &mut Names) {
        match target {
            Expr::Name(name) => {
                if let Some(symbol) = self.model.symbol_of(name) {
                    self.bind_symbol(symbol, hold, name.range, names);
                }
            }
            Expr::Attribute(node) => {
                let owner = self.value_of(&node.value, names);
                self.change(owner, target.range());
                self.store(hold, target.range());
            }
            Expr::Subscript(node) => {
                self.value_of(&node.slice, names);
                let owner = self.value_of(&node.value, names);
                self.change(owner, target.range());
                self.put_into(&node.value, hold, target.range(), names);
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                self.consume(hold, target.range());
                let element = self.element(hold);
                elts.iter().for_each(|target| self.bind(target, element, names));
            }
            Expr::Starred(node) => self.bind(&node.value, hold.wrapped(), names),
            _ => {}
        }
    }

    fn bind_symbol(&mut self, symbol: SymbolId, hold: Hold, range: TextRange, names: &mut Names) {
        if !self.is_local(symbol) {
            self.store(hold, range);
            return;
        }
        if symbol == self.parameter && !hold.contains(Hold::OBJECT) {
            self.uses.is_replaced = true;
        }
        // A function inside may run at any time, or never.
        if self.closures.is_empty() || self.model.symbol_scope(symbol) != self.scope {
            names.set(symbol, hold);
        } else {
            names.add(symbol, hold);
        }
    }

    fn is_local(&self, symbol: SymbolId) -> bool {
        self.model.scope_is_within(self.model.symbol_scope(symbol), self.scope)
    }

    /// Something is put into `container`: into one made here, it stays here.
    fn put_into(&mut self, container: &'a Expr, hold: Hold, range: TextRange, names: &mut Names) {
        if hold.is_empty() {
            return;
        }
        match container.as_name_expr().and_then(|name| self.model.symbol_of(name)) {
            Some(symbol) if self.is_made_here(symbol) => names.add(symbol, hold.wrapped()),
            _ => self.store(hold, range),
        }
    }

    /// Whether a variable only ever holds containers that this code makes.
    fn is_made_here(&self, symbol: SymbolId) -> bool {
        self.is_local(symbol)
            && self.model.bindings(symbol).all(|binding| {
                binding.value().is_some_and(|value| {
                    !value.is_name_expr() && self.model.mutable_value(value).is_some_and(|value| value.named.is_none())
                })
            })
    }

    fn delete(&mut self, target: &'a Expr, names: &mut Names) {
        match target {
            Expr::Name(name) => {
                if let Some(symbol) = self.model.symbol_of(name) {
                    names.set(symbol, Hold::empty());
                }
            }
            Expr::Attribute(ast::ExprAttribute { value, .. }) | Expr::Subscript(ast::ExprSubscript { value, .. }) => {
                let owner = self.value_of(value, names);
                self.change(owner, target.range());
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                elts.iter().for_each(|target| self.delete(target, names));
            }
            _ => {}
        }
    }

    fn augmented(&mut self, node: &'a ast::StmtAugAssign, names: &mut Names) {
        let added = self.value_of(&node.value, names);
        self.consume(added, node.value.range());
        match &*node.target {
            Expr::Name(name) => {
                let Some(symbol) = self.model.symbol_of(name) else { return };
                let hold = self.value_of(&node.target, names);
                if hold.contains(Hold::OBJECT) && is_changed_by(self.value.class, node.op) {
                    self.change(hold, node.range);
                }
                // `rows += [x]`
                if self.is_local(symbol) {
                    names.add(symbol, added & (Hold::HOLDS_OBJECT | Hold::HOLDS_PART));
                } else {
                    self.store(self.element(added) - Hold::PART, node.range);
                }
            }
            Expr::Attribute(ast::ExprAttribute { value, .. }) | Expr::Subscript(ast::ExprSubscript { value, .. }) => {
                let owner = self.value_of(value, names);
                self.change(owner, node.range);
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern, hold: Hold, names: &mut Names) {
        let node = self.model.id(&AnyNodeRef::from(pattern));
        if let Some(symbol) = node.and_then(|node| self.model.symbol_bound_at(node)) {
            let bound = match pattern {
                Pattern::MatchMapping(_) => self.copy(hold),
                Pattern::MatchStar(_) => hold.wrapped(),
                _ => hold,
            };
            self.bind_symbol(symbol, bound, pattern.range(), names);
        }
        let element = self.element(hold);
        match pattern {
            Pattern::MatchAs(node) => {
                if let Some(inner) = &node.pattern {
                    self.pattern(inner, hold, names);
                }
            }
            Pattern::MatchOr(node) => node.patterns.iter().for_each(|inner| self.pattern(inner, hold, names)),
            Pattern::MatchSequence(node) => node.patterns.iter().for_each(|inner| self.pattern(inner, element, names)),
            Pattern::MatchMapping(node) => node.patterns.iter().for_each(|inner| self.pattern(inner, element, names)),
            _ => {}
        }
    }

    // Functions and classes inside.

    fn function(&mut self, node: &'a ast::StmtFunctionDef, names: &mut Names) {
        let hold =
            self.closure(self.model.scope_opened_by(node), &node.parameters, Body::Statements(&node.body), names);
        for decorator in &node.decorator_list {
            self.value_of(&decorator.expression, names);
            if !self.keeps_function_local(&decorator.expression) {
                self.store(hold, node.name.range);
            }
        }
        let symbol = self.model.id(node).and_then(|id| self.model.symbol_bound_at(id));
        if let Some(symbol) = symbol {
            self.bind_symbol(symbol, hold, node.name.range, names);
        }
    }

    /// Whether a decorator gives back a function without making it known elsewhere.
    fn keeps_function_local(&self, decorator: &Expr) -> bool {
        let callee = match decorator {
            Expr::Call(call) => &*call.func,
            callee => callee,
        };
        self.model.qualified_name(callee).is_some_and(|name| {
            let module = name.as_str().split('.').next().unwrap_or_default();
            matches!(module, "functools" | "contextlib" | "builtins" | "typing")
        })
    }

    /// A function's value: what it has to do with the object, with what it returns as its contents.
    fn closure(
        &mut self,
        scope: Option<ScopeId>,
        parameters: &'a ast::Parameters,
        body: Body<'a>,
        names: &mut Names,
    ) -> Hold {
        let before = self.mentions;
        let mut inner = names.clone();
        for parameter in parameters.iter_non_variadic_params() {
            let Some(default) = parameter.default() else { continue };
            let hold = self.value_of(default, names);
            if let Some(symbol) = scope.and_then(|scope| self.model.lookup(scope, parameter.parameter.name.as_str())) {
                inner.set(symbol, hold);
            }
        }
        self.closures.push(Hold::empty());
        match body {
            Body::Statements(body) => {
                flow::run(self.model, self, body, inner);
            }
            Body::Expression(expr) => {
                let hold = self.value_of(expr, &mut inner);
                self.returns(hold, expr.range());
            }
        }
        let returned = self.closures.pop().unwrap_or_default();
        if self.mentions == before { Hold::empty() } else { Hold::CLOSURE | returned.wrapped() }
    }

    fn class(&mut self, node: &'a ast::StmtClassDef, names: &mut Names) {
        let before = self.mentions;
        if let Some(arguments) = &node.arguments {
            for argument in arguments.iter_source_order() {
                self.value_of(argument.value(), names);
            }
        }
        flow::run(self.model, self, &node.body, names.clone());
        let symbol = self.model.id(node).and_then(|id| self.model.symbol_bound_at(id));
        if let Some(symbol) = symbol.filter(|_| self.mentions > before) {
            self.bind_symbol(symbol, Hold::CLOSURE, node.name.range, names);
        }
    }

    // Tests.

    /// Evaluates a test. Asking whether there is anything in the object isn't a use of it.
    fn test(&mut self, test: &'a Expr, names: &mut Names) {
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => self.test(&node.operand, names),
            Expr::BoolOp(node) => {
                self.operands(node, names, |this, last, names| {
                    this.test(last, names);
                    Hold::empty()
                });
            }
            _ if self.asks_only(test) => drop(self.quietly(|this| this.value_of(test, names))),
            _ => drop(self.value_of(test, names)),
        }
    }

    /// `x`, `x is None`, `len(x) == 0`, `isinstance(x, list)`.
    fn asks_only(&self, test: &Expr) -> bool {
        match test {
            Expr::Name(_) => true,
            Expr::Named(node) => node.value.is_name_expr(),
            Expr::Compare(node) => {
                let is_plain = |side: &Expr| {
                    side.is_none_literal_expr()
                        || side.is_number_literal_expr()
                        || self.subject_of_type(side).is_some_and(|of| of.is_name_expr() || of.is_literal_expr())
                        || self.model.mutable_value(side).is_some_and(|value| value.is_empty == Some(true))
                };
                let mut operands = std::iter::once(&*node.left).chain(&node.comparators);
                operands.clone().any(is_plain) && operands.all(|side| is_plain(side) || self.asks_only(side))
            }
            Expr::Call(node) => {
                matches!(self.model.builtin_name(&node.func), Some("len" | "bool" | "isinstance" | "callable" | "type"))
                    && node.arguments.args.first().is_some_and(Expr::is_name_expr)
            }
            _ => false,
        }
    }

    /// Forgets that a name may hold the object where the outcome of a test contradicts it.
    fn learn(&self, test: &Expr, truth: bool, names: &mut Names) {
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => self.learn(&node.operand, !truth, names),
            Expr::BoolOp(node) if truth == (node.op == BoolOp::And) => {
                node.values.iter().for_each(|value| self.learn(value, truth, names));
            }
            Expr::Name(_) if self.value.is_empty == Some(truth) => self.forget(test, names),
            Expr::Named(node) => {
                self.learn(&node.value, truth, names);
                if self.value.is_empty == Some(truth) {
                    self.forget(&node.target, names);
                }
            }
            Expr::Call(node) => {
                let [subject, rest @ ..] = &*node.arguments.args else { return };
                match (self.model.builtin_name(&node.func), rest) {
                    (Some("len" | "bool"), []) => self.learn(subject, truth, names),
                    (Some("isinstance"), [classes]) if self.is_instance_of(classes) == Some(!truth) => {
                        self.forget(subject, names);
                    }
                    _ => {}
                }
            }
            Expr::Compare(node) => {
                if let ([op], [right]) = (&*node.ops, &*node.comparators) {
                    self.learn_from_comparison(&node.left, *op, right, truth, names);
                }
            }
            _ => {}
        }
    }

    fn learn_from_comparison(&self, left: &Expr, op: CmpOp, right: &Expr, truth: bool, names: &mut Names) {
        let is_equal = match op {
            CmpOp::Is | CmpOp::Eq => truth,
            CmpOp::IsNot | CmpOp::NotEq => !truth,
            // `len(x) > 0`, `len(x) < 1`, `len(x) >= 1`
            CmpOp::Gt if is_number(right, 0) => return self.learn(left, truth, names),
            CmpOp::GtE if is_number(right, 1) => return self.learn(left, truth, names),
            CmpOp::Lt if is_number(right, 1) => return self.learn(left, !truth, names),
            _ => return,
        };
        if right.is_none_literal_expr() && is_equal {
            self.forget(left, names);
        }
        if let Some(subject) = self.subject_of_type(left)
            && self.is_of_class(right) == Some(!is_equal)
        {
            self.forget(subject, names);
        }
        let is_empty = is_number(right, 0)
            || !right.is_name_expr()
                && self.model.mutable_value(right).is_some_and(|value| value.is_empty == Some(true));
        if is_empty && !op.is_is() && !op.is_is_not() {
            self.learn(left, !is_equal, names);
        }
    }

    /// Whether the object is an instance of the builtin class that `class` names.
    fn is_instance_of(&self, class: &Expr) -> Option<bool> {
        let name = self.model.builtin_name(class)?;
        match name {
            "str" | "bytes" | "int" | "float" | "bool" | "frozenset" => Some(false),
            "list" | "set" | "dict" | "tuple" if self.value.class == name => Some(true),
            "list" | "set" | "tuple" => Some(false),
            _ => None,
        }
    }

    /// `x` of `type(x)`.
    fn subject_of_type<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let Expr::Call(call) = expr else { return None };
        let [subject] = &*call.arguments.args else { return None };
        self.model.is_builtin(&call.func, "type").then_some(subject)
    }

    /// Whether the object's class is the one that `class` (`str`, `type("")`) names.
    fn is_of_class(&self, class: &Expr) -> Option<bool> {
        match self.subject_of_type(class) {
            Some(Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_)) => Some(false),
            Some(_) => None,
            None => self.is_instance_of(class),
        }
    }

    fn forget(&self, name: &Expr, names: &mut Names) {
        if let Some(symbol) = name.as_name_expr().and_then(|name| self.model.symbol_of(name)) {
            names.set(symbol, names.get(symbol) - Hold::OBJECT);
        }
    }

    // Expressions.

    /// `a or b`, `a and b`: the last operand is evaluated by `last`, on the path on which it is reached.
    fn operands(
        &mut self,
        node: &'a ast::ExprBoolOp,
        names: &mut Names,
        last: impl FnOnce(&mut Self, &'a Expr, &mut Names) -> Hold,
    ) -> Hold {
        let goes_on_if = node.op == BoolOp::And;
        let mut path = names.clone();
        let mut result = Hold::empty();
        let Some((final_operand, earlier)) = node.values.split_last() else { return result };
        for operand in earlier {
            self.test(operand, &mut path);
            let mut hold = self.quietly(|this| this.value_of(operand, &mut path));
            // The object is given only if it stops the evaluation here.
            if self.value.is_empty == Some(!goes_on_if) && (operand.is_name_expr() || operand.is_named_expr()) {
                hold -= Hold::OBJECT;
            }
            result |= hold;
            names.join(&path);
            self.learn(operand, goes_on_if, &mut path);
        }
        result |= last(self, final_operand, &mut path);
        names.join(&path);
        result
    }

    fn value_of(&mut self, expr: &'a Expr, names: &mut Names) -> Hold {
        match expr {
            Expr::Name(name) => self.name(name, names),
            Expr::Named(node) => {
                let is_parameter = matches!(&*node.target, Expr::Name(name)
                    if self.model.symbol_of(name) == Some(self.parameter));
                let hold = if is_parameter {
                    self.quietly(|this| this.value_of(&node.value, names))
                } else {
                    self.value_of(&node.value, names)
                };
                self.bind(&node.target, hold, names);
                hold
            }
            Expr::BoolOp(node) => self.operands(node, names, |this, last, names| this.value_of(last, names)),
            Expr::If(node) => {
                self.test(&node.test, names);
                let mut otherwise = names.clone();
                self.learn(&node.test, true, names);
                let body = self.value_of(&node.body, names);
                self.learn(&node.test, false, &mut otherwise);
                let orelse = self.value_of(&node.orelse, &mut otherwise);
                names.join(&otherwise);
                body | orelse
            }
            Expr::BinOp(node) => {
                let left = self.value_of(&node.left, names);
                let right = self.value_of(&node.right, names);
                self.copy(left & (Hold::OBJECT | Hold::PART))
                    | self.copy(right & (Hold::OBJECT | Hold::PART))
                    | (left | right) & (Hold::HOLDS_OBJECT | Hold::HOLDS_PART)
            }
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                self.test(&node.operand, names);
                Hold::empty()
            }
            Expr::UnaryOp(node) => self.read_all([&*node.operand], names),
            Expr::Compare(node) => {
                self.value_of(&node.left, names);
                for (op, right) in node.ops.iter().zip(&node.comparators) {
                    let hold = self.value_of(right, names);
                    if matches!(op, CmpOp::In | CmpOp::NotIn) {
                        self.consume(hold, right.range());
                    }
                }
                Hold::empty()
            }
            Expr::Lambda(node) => match &node.parameters {
                Some(parameters) => {
                    let scope = self.model.scope_opened_by(node);
                    self.closure(scope, parameters, Body::Expression(&node.body), names)
                }
                None => self.bare_lambda(&node.body, names),
            },
            Expr::Dict(node) => {
                let mut hold = Hold::empty();
                for item in node {
                    if let Some(key) = &item.key {
                        hold |= self.value_of(key, names).wrapped();
                        hold |= self.value_of(&item.value, names).wrapped();
                    } else {
                        let spread = self.value_of(&item.value, names);
                        hold |= self.copy(spread);
                    }
                }
                hold
            }
            Expr::List(ast::ExprList { elts, .. })
            | Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => {
                let mut hold = Hold::empty();
                for element in elts {
                    let value = self.value_of(element, names);
                    hold |= if element.is_starred_expr() { value } else { value.wrapped() };
                }
                hold
            }
            Expr::Starred(node) => {
                let hold = self.value_of(&node.value, names);
                self.consume(hold, node.range);
                self.copy(hold)
            }
            Expr::ListComp(node) => self.comprehension(&node.generators, [&*node.elt], names),
            Expr::SetComp(node) => self.comprehension(&node.generators, [&*node.elt], names),
            Expr::DictComp(node) => {
                self.comprehension(&node.generators, node.key.as_deref().into_iter().chain([&*node.value]), names)
            }
            Expr::Generator(node) => self.generator(node, names),
            Expr::Await(node) => self.value_of(&node.value, names),
            Expr::Yield(node) => {
                if let Some(value) = &node.value {
                    let hold = self.value_of(value, names);
                    match self.closures.last_mut() {
                        Some(returned) => *returned |= hold.wrapped(),
                        None => self.escape(hold, value.range(), |uses| &mut uses.yielded),
                    }
                }
                Hold::empty()
            }
            Expr::YieldFrom(node) => {
                let hold = self.value_of(&node.value, names);
                self.consume(hold, node.range);
                Hold::empty()
            }
            Expr::Call(node) => self.call(node, names),
            Expr::Attribute(node) => {
                let owner = self.value_of(&node.value, names);
                if is_changing_method(node.attr.as_str()) {
                    self.change(owner, node.range);
                }
                self.element(owner & (Hold::OBJECT | Hold::PART))
            }
            Expr::Subscript(node) => self.subscript(node, names),
            Expr::Slice(node) => {
                self.read_all([&node.lower, &node.upper, &node.step].into_iter().flatten().map(|part| &**part), names)
            }
            Expr::FString(node) => {
                let parts = node.value.elements().filter_map(|element| element.as_interpolation());
                self.read_all(parts.map(|part| &*part.expression), names)
            }
            Expr::TString(node) => {
                let parts = node.value.elements().filter_map(|element| element.as_interpolation());
                self.read_all(parts.map(|part| &*part.expression), names)
            }
            _ => Hold::empty(),
        }
    }

    fn read_all(&mut self, parts: impl IntoIterator<Item = &'a Expr>, names: &mut Names) -> Hold {
        for part in parts {
            self.value_of(part, names);
        }
        Hold::empty()
    }

    fn name(&mut self, name: &'a ast::ExprName, names: &Names) -> Hold {
        let hold = self.model.symbol_of(name).map_or(Hold::empty(), |symbol| names.get(symbol));
        if !hold.is_empty() {
            self.mentions += 1;
            if !self.is_quiet {
                note(&mut self.uses.read, name.range);
            }
        }
        hold
    }

    fn subscript(&mut self, node: &'a ast::ExprSubscript, names: &mut Names) -> Hold {
        let owner = self.value_of(&node.value, names);
        self.value_of(&node.slice, names);
        // A look-up in a defaultdict puts the missing key in.
        if owner.contains(Hold::OBJECT) && self.value.class == "defaultdict" {
            note(&mut self.uses.changed, node.range);
        }
        if node.slice.is_slice_expr() { self.copy(owner) } else { self.element(owner) }
    }

    fn bare_lambda(&mut self, body: &'a Expr, names: &mut Names) -> Hold {
        let before = self.mentions;
        let hold = self.value_of(body, names);
        if self.mentions == before { Hold::empty() } else { Hold::CLOSURE | hold.wrapped() }
    }

    fn comprehension(
        &mut self,
        generators: &'a [ast::Comprehension],
        elements: impl IntoIterator<Item = &'a Expr>,
        names: &mut Names,
    ) -> Hold {
        for generator in generators {
            let iterable = self.value_of(&generator.iter, names);
            self.consume(iterable, generator.iter.range());
            let element = self.element(iterable);
            self.bind(&generator.target, element, names);
            generator.ifs.iter().for_each(|test| self.test(test, names));
        }
        let mut hold = Hold::empty();
        for element in elements {
            hold |= self.value_of(element, names).wrapped();
        }
        hold
    }

    /// A generator expression asks for its first iterable at once, and runs the rest later, like a function.
    fn generator(&mut self, node: &'a ast::ExprGenerator, names: &mut Names) -> Hold {
        let Some(first) = node.generators.first() else { return Hold::empty() };
        self.value_of(&first.iter, names);
        let before = self.mentions;
        let hold = self.comprehension(&node.generators, [&*node.elt], names);
        // The first iterable has been mentioned again.
        let again = self.mentions_in(&first.iter, names);
        if self.mentions - before > again { Hold::CLOSURE | hold } else { hold }
    }

    fn mentions_in(&mut self, expr: &'a Expr, names: &mut Names) -> u32 {
        let before = self.mentions;
        self.quietly(|this| this.value_of(expr, names));
        std::mem::replace(&mut self.mentions, before) - before
    }

    // Calls.

    fn call(&mut self, call: &'a ast::ExprCall, names: &mut Names) -> Hold {
        if let Expr::Attribute(method) = &*call.func {
            let owner = self.value_of(&method.value, names);
            if owner.intersects(Hold::OBJECT | Hold::PART) {
                return self.method(call, method, owner, names);
            }
        }
        let callee = match &*call.func {
            // Its owner has been looked at.
            Expr::Attribute(_) => Hold::empty(),
            callee => self.quietly(|this| this.value_of(callee, names)),
        };
        let arguments = self.arguments(call, names);
        let result = self.element(callee & (Hold::HOLDS_OBJECT | Hold::HOLDS_PART));
        if arguments.iter().all(|argument| argument.hold.is_empty()) {
            return result;
        }
        result | self.given(call, &arguments, names)
    }

    fn arguments(&mut self, call: &'a ast::ExprCall, names: &mut Names) -> SmallVec<[Argument<'a>; 4]> {
        let mut arguments = SmallVec::new();
        for (position, value) in call.arguments.args.iter().enumerate() {
            let hold = self.value_of(value, names);
            let hold = if value.is_starred_expr() { hold & Hold::HOLDS_OBJECT } else { hold };
            arguments.push(Argument { position: Some(position), keyword: None, value, hold });
        }
        for keyword in &call.arguments.keywords {
            let mut hold = self.value_of(&keyword.value, names);
            if keyword.arg.is_none() {
                // `**x` makes a new dict.
                hold = self.copy(hold);
            }
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            arguments.push(Argument { position: None, keyword: name, value: &keyword.value, hold });
        }
        arguments
    }

    /// A method of the object, or of a part of it, is called.
    fn method(&mut self, call: &'a ast::ExprCall, method: &ast::ExprAttribute, owner: Hold, names: &mut Names) -> Hold {
        let name = method.attr.as_str();
        for argument in self.arguments(call, names) {
            self.consume(argument.hold, argument.value.range());
        }
        if is_changing_method(name) {
            self.change(owner, call.range());
        }
        match name {
            "get" | "pop" | "setdefault" | "popleft" => self.element(owner),
            "index" | "count" | "issubset" | "issuperset" | "isdisjoint" | "keys" => Hold::empty(),
            _ => self.copy(owner),
        }
    }

    /// The object, something that holds it, or a function that uses it, is an argument.
    fn given(&mut self, call: &'a ast::ExprCall, arguments: &[Argument<'a>], names: &mut Names) -> Hold {
        let all = arguments.iter().fold(Hold::empty(), |all, argument| all | argument.hold);
        let first = arguments.first().map_or(Hold::empty(), |argument| argument.hold);
        match self.callee(call) {
            Callee::Reads => {
                self.consume(all, call.range());
                Hold::empty()
            }
            Callee::Copies => {
                self.consume(all, call.range());
                self.copy(all)
            }
            Callee::Lazy => {
                self.consume(all, call.range());
                self.copy(all) | all & Hold::CLOSURE
            }
            Callee::Element => {
                self.consume(all, call.range());
                if call.arguments.args.len() > 1 { all - Hold::CLOSURE } else { self.element(all) }
            }
            Callee::Gives => all,
            Callee::Holds => all.wrapped(),
            Callee::Changes => {
                self.change(first, call.range());
                for argument in arguments.iter().skip(1) {
                    self.put_into(arguments[0].value, argument.hold, call.range(), names);
                }
                self.element(first)
            }
            Callee::Stores(container) => {
                match container {
                    Some(container) => self.put_into(container, all, call.range(), names),
                    None => self.store(all, call.range()),
                }
                all
            }
            Callee::Function(function, skipped) => self.given_to(function, skipped, call, arguments),
            Callee::Unknown => {
                if all.intersects(Hold::OBJECT | Hold::HOLDS_OBJECT) {
                    note(&mut self.uses.passed, call.func.range());
                }
                Hold::empty()
            }
        }
    }

    /// A function of the file gets the object: what that does with it is done here.
    fn given_to(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        skipped: usize,
        call: &'a ast::ExprCall,
        arguments: &[Argument<'a>],
    ) -> Hold {
        let mut result = Hold::empty();
        let body = Body::Statements(&function.body);
        for argument in arguments.iter().filter(|argument| argument.hold.intersects(Hold::OBJECT | Hold::HOLDS_OBJECT))
        {
            let scope = self.model.scope_opened_by(function);
            let taken = taken_by(&function.parameters, skipped, argument);
            let symbol = taken.and_then(|(name, _)| self.model.lookup(scope?, name));
            let limits = self.limits.one_call_deeper();
            let (Some(scope), Some((_, is_packed)), Some(symbol), Some(limits)) = (scope, taken, symbol, limits) else {
                note(&mut self.uses.passed, call.func.range());
                continue;
            };
            let hold = if is_packed { argument.hold.wrapped() } else { argument.hold };
            let uses = self.model.uses_within(symbol, hold, scope, body, self.value, limits);
            if uses.changed.is_some() {
                note(&mut self.uses.changed, call.range());
            }
            if uses.yielded.or(uses.stored).or(uses.captured).is_some() {
                note(&mut self.uses.stored, call.range());
            }
            if uses.passed.is_some() {
                note(&mut self.uses.passed, call.func.range());
            }
            if uses.returned.is_some() {
                result |= argument.hold | argument.hold.wrapped();
            }
        }
        result
    }

    fn callee(&self, call: &'a ast::ExprCall) -> Callee<'a> {
        if let Some(name) = self.model.qualified_name(&call.func) {
            return known_callee(name.as_str(), &call.arguments);
        }
        match &*call.func {
            Expr::Name(name) => {
                let symbol = self.model.symbol_of(name);
                let Some(symbol) = symbol else { return Callee::Unknown };
                if let Some(class) = self.model.class_of(symbol) {
                    return self
                        .plain_method(class, "__init__", MAX_BASES)
                        .map_or(Callee::Unknown, |it| Callee::Function(it, 1));
                }
                match self.model.function_of(symbol) {
                    Some(function) if function.decorator_list.is_empty() => Callee::Function(function, 0),
                    _ => Callee::Unknown,
                }
            }
            Expr::Attribute(method) => match self.method_of_file(method) {
                Some((function, skipped)) => Callee::Function(function, skipped),
                None => callee_by_method(method),
            },
            // `list[int](x)`
            Expr::Subscript(node) => match self.model.qualified_name(&node.value) {
                Some(name) => known_callee(name.as_str(), &call.arguments),
                None => Callee::Unknown,
            },
            _ => Callee::Unknown,
        }
    }

    /// The method that `self.name`, `super().name` or `Class.name` is, if a class of the file defines it plainly and once, with
    /// the number of parameters that the call fills by itself.
    fn method_of_file(&self, attribute: &ast::ExprAttribute) -> Option<(&'a ast::StmtFunctionDef, usize)> {
        let name = attribute.attr.as_str();
        match &*attribute.value {
            Expr::Name(owner) => {
                let symbol = self.model.symbol_of(owner)?;
                if let Some(class) = self.model.class_of(symbol) {
                    return Some((self.plain_method(class, name, MAX_BASES)?, 0));
                }
                let BindingKind::Parameter(parameter) = self.model.only_binding(symbol)?.kind else { return None };
                let function = self.function_of_scope(self.model.symbol_scope(symbol))?;
                let first = function.parameters.posonlyargs.first().or(function.parameters.args.first())?;
                let class = self.model.class_of_method(function)?;
                let is_self = first.parameter.range == parameter.parameter.range;
                Some((is_self.then(|| self.plain_method(class, name, MAX_BASES))??, 1))
            }
            Expr::Call(call) if self.model.is_builtin(&call.func, "super") && call.arguments.is_empty() => {
                let class = self.model.class_of_method(self.function_of_scope(self.scope)?)?;
                Some((self.inherited_method(class, name, MAX_BASES)?, 1))
            }
            _ => None,
        }
    }

    fn function_of_scope(&self, scope: ScopeId) -> Option<&'a ast::StmtFunctionDef> {
        match self.model.scope(scope).kind {
            ScopeKind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// An undecorated method, of the class or of the first base that has one, as far as those stand in the file.
    fn plain_method(&self, class: &'a ast::StmtClassDef, name: &str, bases: u8) -> Option<&'a ast::StmtFunctionDef> {
        let scope = self.model.scope_opened_by(class)?;
        match self.model.lookup(scope, name).filter(|&symbol| self.model.symbol_scope(symbol) == scope) {
            Some(symbol) => self.model.function_of(symbol).filter(|function| function.decorator_list.is_empty()),
            None => self.inherited_method(class, name, bases),
        }
    }

    fn inherited_method(
        &self,
        class: &'a ast::StmtClassDef,
        name: &str,
        bases: u8,
    ) -> Option<&'a ast::StmtFunctionDef> {
        let bases = bases.checked_sub(1)?;
        for base in class.bases() {
            let base = self.model.class_of(self.model.symbol_of(base.as_name_expr()?)?)?;
            if let Some(method) = self.plain_method(base, name, bases) {
                return Some(method);
            }
        }
        None
    }
}

/// The name of the parameter that takes an argument, and whether it packs it together with others.
fn taken_by<'a>(parameters: &'a ast::Parameters, skipped: usize, argument: &Argument) -> Option<(&'a str, bool)> {
    let plain = |parameter: &'a ast::ParameterWithDefault| (parameter.parameter.name.as_str(), false);
    let packed = |parameter: &'a ast::Parameter| (parameter.name.as_str(), true);
    match (argument.position, argument.keyword) {
        (Some(_), _) if argument.value.is_starred_expr() => None,
        (Some(position), _) => {
            let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
            positional.nth(position + skipped).map(plain).or_else(|| parameters.vararg.as_deref().map(packed))
        }
        (None, Some(name)) => {
            let mut named = parameters.args.iter().chain(&parameters.kwonlyargs);
            let found = named.find(|parameter| parameter.parameter.name.as_str() == name).map(plain);
            found.or_else(|| parameters.kwarg.as_deref().map(packed))
        }
        (None, None) => None,
    }
}

struct Argument<'a> {
    position: Option<usize>,
    keyword: Option<&'a str>,
    value: &'a Expr,
    hold: Hold,
}

/// What a callee does with its arguments.
enum Callee<'a> {
    /// Only reads them; its result has nothing to do with them.
    Reads,
    /// Reads them; its result has their elements.
    Copies,
    /// Reads them later; its result has their elements.
    Lazy,
    /// Gives one of them, if there are several, or an element of the only one.
    Element,
    /// Gives them as they are.
    Gives,
    /// Its result holds them.
    Holds,
    /// Changes the first one.
    Changes,
    /// Puts them into this container, or elsewhere.
    Stores(Option<&'a Expr>),
    /// A function of the file, and how many parameters a method's call fills by itself.
    Function(&'a ast::StmtFunctionDef, usize),
    /// Anything.
    Unknown,
}

fn is_number(expr: &Expr, number: u8) -> bool {
    matches!(expr, Expr::NumberLiteral(node) if matches!(&node.value, ast::Number::Int(value) if *value == number))
}

/// What builtins and functions of the standard library do with their arguments.
fn known_callee<'a>(path: &str, arguments: &'a ast::Arguments) -> Callee<'a> {
    let Some((module, function)) = path.rsplit_once('.') else { return Callee::Unknown };
    match module {
        "builtins" => match function {
            "list" | "tuple" | "set" | "dict" | "frozenset" | "sorted" | "reversed" | "enumerate" | "zip" | "iter" => {
                Callee::Copies
            }
            "map" | "filter" => Callee::Lazy,
            "max" | "min" => Callee::Element,
            "next" | "delattr" => Callee::Changes,
            "getattr" => Callee::Copies,
            "setattr" => match &*arguments.args {
                [_, _, _] => Callee::Stores(None),
                _ => Callee::Unknown,
            },
            "eval" | "exec" | "super" | "property" | "classmethod" | "staticmethod" => Callee::Unknown,
            _ => Callee::Reads,
        },
        // `list.append(x, 1)`
        "builtins.list" | "builtins.dict" | "builtins.set" | "collections.deque" if is_changing_method(function) => {
            Callee::Changes
        }
        "builtins.list" | "builtins.dict" | "builtins.set" => Callee::Copies,
        "heapq" if function.starts_with("heap") => Callee::Changes,
        "bisect" if function.starts_with("insort") => Callee::Changes,
        "random" | "numpy.random" if function == "shuffle" => Callee::Changes,
        "operator"
            if matches!(function, "setitem" | "delitem") || function.starts_with('i') && is_in_place(function) =>
        {
            Callee::Changes
        }
        "typing" if function == "cast" => Callee::Gives,
        "copy" if function == "deepcopy" => Callee::Reads,
        "collections" if function == "ChainMap" => Callee::Holds,
        "types" if function == "MappingProxyType" => Callee::Reads,
        "contextlib" if function == "nullcontext" => Callee::Holds,
        "functools" if function == "reduce" => Callee::Copies,
        "copy" | "itertools" | "collections" | "array" | "heapq" | "bisect" | "random" | "operator" => Callee::Copies,
        "json" | "math" | "statistics" | "logging" | "pprint" | "re" | "os.path" | "textwrap" | "string"
        | "hashlib" | "base64" | "struct" | "warnings" | "subprocess" | "shutil" | "shlex" | "urllib.parse"
        | "inspect" | "pickle" | "csv" | "numpy" | "datetime" | "decimal" | "fractions" | "time" | "marshal"
        | "difflib" | "fnmatch" | "sys" | "dataclasses" | "reprlib" | "traceback" | "pathlib" => Callee::Reads,
        _ if asks(function) => Callee::Reads,
        _ => Callee::Unknown,
    }
}

/// Whether a function's name is a question.
fn asks(name: &str) -> bool {
    name.starts_with("is_") || name.starts_with("has_") || name == "iterable"
}

fn is_in_place(function: &str) -> bool {
    matches!(function, "iadd" | "iand" | "iconcat" | "imul" | "ior" | "isub" | "ixor")
}

/// What a method of an object that we know nothing of does with its arguments, by its name.
fn callee_by_method(method: &ast::ExprAttribute) -> Callee<'_> {
    match method.attr.as_str() {
        "append" | "appendleft" | "add" | "insert" | "setdefault" | "put" | "put_nowait" | "push" | "register"
        | "connect" | "__setitem__" => Callee::Stores(Some(&method.value)),
        // The default of a look-up.
        "get" | "pop" => Callee::Gives,
        "union" | "intersection" | "difference" | "symmetric_difference" => Callee::Copies,
        // They copy the elements, or only look at them.
        "extend"
        | "extendleft"
        | "update"
        | "difference_update"
        | "intersection_update"
        | "symmetric_difference_update"
        | "join"
        | "format"
        | "format_map"
        | "issubset"
        | "issuperset"
        | "isdisjoint"
        | "index"
        | "count"
        | "startswith"
        | "endswith"
        | "writelines"
        | "writerow"
        | "writerows"
        | "fromkeys"
        | "debug"
        | "info"
        | "warning"
        | "error"
        | "exception"
        | "critical"
        | "log"
        | "parse_args"
        | "parse_known_args" => Callee::Reads,
        name if name.starts_with("assert") || asks(name) => Callee::Reads,
        _ => Callee::Unknown,
    }
}
