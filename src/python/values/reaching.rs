//! What a variable is at one place: by the bindings that reach it, along the paths of its scope, and what tests on them tell.

use std::cell::RefCell;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::union::{Object, Type, Union};
use super::{Inference, Question, stdlib};
use crate::python::flow::{self, Analysis, Next};
use crate::python::model::{Binding, BindingKind, Model, NodeId, ScopeFlags, ScopeId, ScopeKind, SymbolId};
use crate::python::names::NEWEST_MINOR;

/// The bit of a state that stands for what is not known.
const OPEN: u32 = 1 << 31;

impl<'a> Inference<'_, 'a> {
    /// What a variable may be where `id` reads it.
    pub(super) fn read(&self, symbol: SymbolId, id: NodeId, range: TextRange) -> Union<'a> {
        let reached = self.reached(symbol, id, range);
        self.narrowed_within_expression(reached, symbol, id)
    }

    fn reached(&self, symbol: SymbolId, id: NodeId, range: TextRange) -> Union<'a> {
        if let Some(state) = self.state_in_progress(symbol, range) {
            return state;
        }
        let owner = self.model.symbol_scope(symbol);
        if self.is_made_elsewhere(owner) {
            return Union::unknown();
        }
        let scope = self.running_scope(self.model.scope_of(id));
        let bindings: Vec<&Binding<'a>> = self.model.bindings(symbol).filter(|binding| binding.is_executed()).collect();
        if owner == scope && bindings.iter().all(|binding| self.running_scope(binding.scope) == scope) {
            if bindings.len() == 1 && self.is_followed(symbol) {
                let union = self.variable(symbol);
                if !self.may_be_narrowed(&union, symbol, scope, range) {
                    return union;
                }
            }
            return self.flow(symbol, bindings, None, scope, range);
        }
        let anywhere = self.variable(symbol);
        // Another scope may rebind it between a test and the use.
        let is_rebound = bindings.iter().any(|binding| binding.scope != owner);
        let is_comprehension_target = self.model.scope(owner).kind.is_comprehension();
        if is_rebound || is_comprehension_target || !self.may_be_narrowed(&anywhere, symbol, scope, range) {
            return anywhere;
        }
        self.flow(symbol, Vec::new(), Some(anywhere), scope, range)
    }

    /// The scope whose frame runs the code of `scope`: a comprehension's is the one around it, but a generator expression
    /// runs later.
    fn running_scope(&self, scope: ScopeId) -> ScopeId {
        self.model
            .scope_chain(scope)
            .find(|&id| {
                let kind = self.model.scope(id).kind;
                !kind.is_comprehension()
                    || matches!(kind, ScopeKind::Generator(node) if !self.is_consumed_at_once(node))
            })
            .unwrap_or(scope)
    }

    /// Whether a generator expression is the argument of a builtin that takes all of it.
    pub(super) fn is_consumed_at_once(&self, node: &ast::ExprGenerator) -> bool {
        let Some(AnyNodeRef::ExprCall(call)) = self.model.parent_of(node) else { return false };
        let is_join = matches!(&*call.func, Expr::Attribute(attribute)
            if attribute.attr.as_str() == "join" && attribute.value.is_string_literal_expr());
        let consumes = |name: &str| {
            matches!(
                name,
                "any" | "all" | "sum" | "min" | "max" | "sorted" | "list" | "tuple" | "set" | "frozenset" | "dict"
            )
        };
        is_join || self.model.builtin_name(&call.func).is_some_and(consumes)
    }

    /// Whether tests before `range` may tell more of the variable than `known`: it is read in one of the forms that
    /// [`super::narrowing`] knows.
    fn may_be_narrowed(&self, known: &Union<'a>, symbol: SymbolId, scope: ScopeId, range: TextRange) -> bool {
        let is_final =
            |object: &Object| !matches!(object.class, Type::Int | Type::Instance(_)) && !object.class.is_abstract();
        if known.single().is_some_and(is_final) {
            return false;
        }
        let only_by_class = known.is_unknown() || known.single().is_some();
        self.model.reads(symbol).take_while(|read| read.expr.start() < range.start()).any(|read| {
            !read.in_string && self.is_in_test(read.node, only_by_class) && self.running_scope(read.scope) == scope
        }) || self.model.bindings(symbol).any(|binding| matches!(binding.kind, BindingKind::Walrus(_)))
    }

    /// Whether `id` is what a test looks at, or with `only_by_class`, whose class it asks for: truth tells nothing of a
    /// value of which nothing is known.
    fn is_in_test(&self, id: NodeId, only_by_class: bool) -> bool {
        let Some(parent) = self.model.parent(id) else { return false };
        match self.model.node(parent) {
            AnyNodeRef::ExprCall(call) => matches!(&*call.func, Expr::Name(name)
                if matches!(name.id.as_str(), "isinstance" | "type" | "bool" | "callable")),
            AnyNodeRef::ExprCompare(node) => node.ops.len() == 1,
            AnyNodeRef::StmtMatch(_) => true,
            AnyNodeRef::ExprBoolOp(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::StmtAssert(_)
            | AnyNodeRef::ExprIf(_) => !only_by_class,
            AnyNodeRef::ExprUnaryOp(node) => !only_by_class && node.op == ast::UnaryOp::Not,
            _ => false,
        }
    }

    /// What the variable is where the atom that is being evaluated reads it.
    fn state_in_progress(&self, symbol: SymbolId, range: TextRange) -> Option<Union<'a>> {
        let mut is_elsewhere = false;
        for progress in self.progress.borrow_mut().iter_mut().rev() {
            match progress.question {
                Question::Atom(of, atom) if of == symbol => {
                    if atom.contains_range(range) {
                        progress.is_consulted = true;
                        return Some(progress.assumption.clone());
                    }
                    is_elsewhere = true;
                }
                _ => {}
            }
        }
        is_elsewhere.then(Union::unknown)
    }

    /// Follows the paths of `scope` to the place `range`.
    fn flow(
        &self,
        symbol: SymbolId,
        bindings: Vec<&Binding<'a>>,
        initial: Option<Union<'a>>,
        scope: ScopeId,
        range: TextRange,
    ) -> Union<'a> {
        let kind = self.model.scope(scope).kind;
        let body = match self.model.node(self.model.scope(scope).node) {
            AnyNodeRef::ModModule(node) => &node.body,
            AnyNodeRef::StmtFunctionDef(node) => &node.body,
            AnyNodeRef::StmtClassDef(node) => &node.body,
            _ => return initial.unwrap_or_else(|| self.variable(symbol)),
        };
        let tests = self
            .model
            .reads(symbol)
            .filter(|read| self.running_scope(read.scope) == scope && self.is_in_test(read.node, false))
            .map(|read| read.expr.range());
        let mut analysis = Reaching {
            inference: self,
            symbol,
            tests: tests.collect(),
            place: range,
            horizon: self.horizon(scope, range),
            objects: RefCell::default(),
            found: 0,
            bindings,
        };
        let initial = match initial {
            Some(union) => union,
            None => {
                let parameter = analysis.bindings.iter().find(|binding| {
                    matches!(binding.kind, BindingKind::Parameter(_) | BindingKind::VarArgs(_) | BindingKind::KwArgs(_))
                });
                let may_be_outer = !matches!(kind, ScopeKind::Function(_)) && self.shadows(symbol, scope);
                match parameter {
                    Some(binding) => self.bound(binding),
                    None if may_be_outer => Union::unknown(),
                    None => Union::never(),
                }
            }
        };
        analysis.bindings.retain(|binding| {
            !matches!(binding.kind, BindingKind::Parameter(_) | BindingKind::VarArgs(_) | BindingKind::KwArgs(_))
        });
        let declared = self.declared(symbol);
        let state = analysis.state(initial);
        flow::run(self.model, &mut analysis, body, state);
        let found = analysis.union(analysis.found);
        if found.is_open() { declared.unwrap_or(found) } else { found }
    }

    /// Whether a name that the module or class has not bound yet is found further out.
    fn shadows(&self, symbol: SymbolId, scope: ScopeId) -> bool {
        let name = self.model.name(symbol);
        let is_builtin = ruff_python_stdlib::builtins::is_python_builtin(name, NEWEST_MINOR, false);
        is_builtin
            || (scope != ScopeId::MODULE
                && self.model.parent_scope(scope).is_some_and(|outer| self.model.resolve(outer, name).is_some()))
    }

    /// Whether names of the scope may come from code made at run time, or through `globals()`.
    fn is_made_elsewhere(&self, scope: ScopeId) -> bool {
        match self.model.scope(scope).kind {
            ScopeKind::Module => {
                self.model.scope_flags(scope).intersects(ScopeFlags::DYNAMIC) || self.is_patched_module()
            }
            ScopeKind::Class(_) => self.model.scope_flags(scope).intersects(ScopeFlags::DYNAMIC),
            _ => false,
        }
    }

    /// Atoms that start behind this can't come before the place `range`: the end of the outermost loop around it, or of its
    /// statement.
    fn horizon(&self, scope: ScopeId, range: TextRange) -> TextSize {
        let Some(id) = self.model.node_at(range) else { return TextSize::new(u32::MAX) };
        let mut horizon = range.end();
        for ancestor in self.model.ancestors(id) {
            match self.model.node(ancestor) {
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => horizon = self.model.node(ancestor).end(),
                node if ancestor == self.model.scope(scope).node => {
                    horizon = horizon.min(node.end());
                    break;
                }
                _ => {}
            }
        }
        horizon
    }
}

struct Reaching<'i, 'm, 'a> {
    inference: &'i Inference<'m, 'a>,
    symbol: SymbolId,
    /// The places that bind the variable in this scope.
    bindings: Vec<&'i Binding<'a>>,
    /// The reads of it that tests may hold.
    tests: Vec<TextRange>,
    place: TextRange,
    horizon: TextSize,
    /// What the bits of a state stand for.
    objects: RefCell<Vec<Object<'a>>>,
    /// The state at the place, over all paths.
    found: u32,
}

impl<'a> Reaching<'_, '_, 'a> {
    fn model(&self) -> &Model<'a> {
        self.inference.model
    }

    fn state(&self, union: Union<'a>) -> u32 {
        let mut objects = self.objects.borrow_mut();
        let mut state = if union.is_open() { OPEN } else { 0 };
        for object in union.objects() {
            let at = objects.iter().position(|other| other == object).unwrap_or_else(|| {
                objects.push(object.clone());
                objects.len() - 1
            });
            state |= if at < 31 { 1 << at } else { OPEN };
        }
        state
    }

    fn union(&self, state: u32) -> Union<'a> {
        let mut union = if state & OPEN == 0 { Union::never() } else { Union::unknown() };
        for (at, object) in self.objects.borrow().iter().enumerate().take(31) {
            if state & (1 << at) != 0 {
                union.add(object.clone());
            }
        }
        union
    }

    /// The state after the bindings that the atom holds.
    fn bind(&self, atom: TextRange, state: u32) -> u32 {
        let mut state = state;
        for binding in &self.bindings {
            if !atom.contains_range(binding.range) {
                continue;
            }
            state = match binding.kind {
                BindingKind::Delete(_) => 0,
                _ => {
                    let before = self.union(state);
                    let question = Question::Atom(self.symbol, atom);
                    let value = self.inference.assuming(question, before, || self.inference.bound(binding));
                    let is_in_comprehension = binding.scope != self.model().symbol_scope(self.symbol);
                    // A walrus may stand in a part of the expression that is not evaluated.
                    let may_be_skipped = is_in_comprehension
                        || matches!(binding.kind, BindingKind::Walrus(_)) && self.is_conditional(binding.node, atom);
                    if may_be_skipped { self.state(value) | state } else { self.state(value) }
                }
            };
        }
        state
    }

    /// Whether `id` stands in a part of the expression `atom` that may not be evaluated.
    fn is_conditional(&self, id: NodeId, atom: TextRange) -> bool {
        let model = self.model();
        let mut child = id;
        for ancestor in model.ancestors(id) {
            match model.node(ancestor) {
                AnyNodeRef::ExprBoolOp(node) if model.expr_id(&node.values[0]) != child => return true,
                AnyNodeRef::ExprIf(node) if model.expr_id(&node.test) != child => return true,
                AnyNodeRef::ExprCompare(node) if node.comparators.len() > 1 => return true,
                node if !atom.contains_range(node.range()) => return false,
                _ => {}
            }
            child = ancestor;
        }
        false
    }
}

impl<'a> Analysis<'a> for Reaching<'_, '_, 'a> {
    type State = u32;

    fn atom(&mut self, node: AnyNodeRef<'a>, state: &mut u32) -> Next {
        let atom = atom_range(node);
        if atom.start() > self.horizon {
            return Next::Ends;
        }
        if !self.inference.spend(1) {
            self.found |= OPEN;
            return Next::Ends;
        }
        if let AnyNodeRef::MatchCase(case) = node {
            *state = self.match_case(case, *state);
        }
        let after = self.bind(atom, *state);
        if atom.contains_range(self.place) {
            self.found |= *state;
            // Whether the walrus comes before the place is left open.
            let is_walrus = |binding: &Binding<'a>| {
                matches!(binding.kind, BindingKind::Walrus(_)) && atom.contains_range(binding.range)
            };
            if self.bindings.iter().any(|binding| is_walrus(binding)) {
                self.found |= after;
            }
        }
        *state = after;
        match node {
            AnyNodeRef::StmtImportFrom(node) if node.names.iter().any(|alias| alias.name.as_str() == "*") => {
                *state = OPEN;
            }
            AnyNodeRef::StmtExpr(node) => {
                if let Expr::Call(call) = &*node.value
                    && never_returns(self.model(), call)
                {
                    return Next::Ends;
                }
            }
            _ => {}
        }
        Next::Continues
    }

    fn assume(&mut self, test: &'a Expr, truth: bool, state: &mut u32) -> bool {
        let range = test.range();
        let is_about = self.tests.iter().any(|read| range.contains_range(*read))
            || self.bindings.iter().any(|binding| range.contains_range(binding.range));
        if is_about {
            let before = self.union(*state);
            let narrowed = self.inference.narrow(before.clone(), self.symbol, test, truth);
            if narrowed.is_never() && !before.is_never() {
                return false;
            }
            *state = self.state(narrowed);
        }
        true
    }
}

impl<'a> Reaching<'_, '_, 'a> {
    /// What the subject is once the cases before this one failed and its pattern matches.
    fn match_case(&self, case: &'a ast::MatchCase, state: u32) -> u32 {
        let Some(AnyNodeRef::StmtMatch(node)) = self.model().parent_of(case) else { return state };
        let is_subject =
            matches!(&*node.subject, Expr::Name(name) if self.model().symbol_of(name) == Some(self.symbol));
        if !is_subject {
            return state;
        }
        let mut union = self.union(state);
        for other in &node.cases {
            if std::ptr::eq(other, case) {
                break;
            }
            if other.guard.is_none() {
                union = self.inference.unmatched(union, &other.pattern);
            }
        }
        self.state(self.inference.matching(union, &case.pattern))
    }
}

/// The code that runs as the atom `node`.
fn atom_range(node: AnyNodeRef) -> TextRange {
    match node {
        AnyNodeRef::StmtFor(node) => node.target.range(),
        AnyNodeRef::MatchCase(node) => {
            let end = node.guard.as_deref().map_or(node.pattern.end(), Ranged::end);
            TextRange::new(node.pattern.start(), end)
        }
        AnyNodeRef::ExceptHandlerExceptHandler(node) => {
            let end = node.name.as_ref().map(Ranged::end).or(node.type_.as_deref().map(Ranged::end));
            TextRange::new(node.start(), end.unwrap_or(node.start()))
        }
        node => node.range(),
    }
}

/// Whether a call is known to end the path: `sys.exit()`.
pub(super) fn never_returns(model: &Model, call: &ast::ExprCall) -> bool {
    model.qualified_name(&call.func).is_some_and(|name| stdlib::NEVER_RETURN.contains(&name.as_str()))
}
