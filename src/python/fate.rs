//! What becomes of a function, class or iterator after it is made: used up on the spot, or kept for later.
//!
//! The value is followed from where it is made through expressions, names, containers, calls and the file's own functions, within
//! a *region*: the code during which nothing can go wrong yet (one turn of a loop, a handler, a call). What is still
//! held when the region is left is *kept*.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext};
use ruff_text_size::Ranged;

use super::callees::{Handling, Shape, Slot};
use super::model::{Binding, BindingKind, Model, NodeId, Read, ScopeFlags, ScopeId, ScopeKind, SymbolId};

/// How far calls and names are followed.
const MAX_DEPTH: u8 = 24;

/// What becomes of a value, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nothing is done with it.
    Unused,
    /// It is called, drained or awaited within the region.
    Used,
    /// The function that made it returns it.
    Returned(NodeId),
    /// It is passed to something that nobody knows, at this node.
    Unknown(NodeId),
    /// It outlives the region.
    Kept(NodeId, Keeping),
}

/// How a value outlives its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeping {
    /// A name that nothing uses within the region.
    Named,
    /// A decorator registers it.
    Decorator,
    /// An attribute, item, container or variable of the code around holds it.
    Stored,
    /// A comprehension collects it.
    Collected,
    /// Yielded to whoever asks.
    Yielded,
    /// Handed to a callee that keeps it.
    Handed,
    /// Another function that is kept uses it.
    Captured,
    /// The next turn of the loop uses it.
    NextTurn,
}

/// What is followed: its nature, and whether a container holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Value {
    nature: Nature,
    held: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Its code runs when it is called.
    Function,
    /// An async or generator function: a call makes a coroutine or iterator.
    Maker { is_coroutine: bool },
    /// Its code runs when it is drained.
    Iterator,
    /// Its code runs when it is awaited or scheduled.
    Coroutine,
    /// A class, and the node that defines it, if that is known: a call makes an instance.
    Class(Option<NodeId>),
    /// An object whose methods run the code.
    Instance(Option<NodeId>),
    /// An object of unknown nature, in one of whose attributes the value is stored.
    Owner,
    /// A thread, timer, task or future: runs by itself, and can be waited for.
    Task,
}

impl Value {
    fn new(nature: Nature) -> Value {
        Value { nature, held: false }
    }

    fn held(self) -> Value {
        Value { held: true, ..self }
    }

    fn taken_out(self) -> Value {
        Value { held: false, ..self }
    }

    fn shape(self) -> Shape {
        match (self.held, self.nature) {
            (true, _) => Shape::Container,
            (false, Nature::Iterator | Nature::Coroutine) => Shape::Iterator,
            (false, _) => Shape::Function,
        }
    }

    fn is_iterator(self) -> bool {
        self.shape() == Shape::Iterator
    }
}

impl<'a> Model<'a> {
    /// What becomes of the function, class, lambda or generator expression `made`, once per turn of `region` (a loop,
    /// a comprehension, a handler, or a function's body).
    pub fn fate(&self, made: NodeId, region: NodeId) -> Fate {
        Tracker { model: self, region, depth: 0, visited: Vec::new(), entered: Vec::new() }.made(made)
    }

    /// The functions and generator expressions whose code runs later than the code of `outer` around them, from `scope` outwards;
    /// classes between them included.
    pub fn deferred_scopes(&self, scope: ScopeId, outer: ScopeId) -> impl Iterator<Item = ScopeId> {
        self.scope_chain(scope).take_while(move |&id| id != outer).filter(|&id| {
            matches!(
                self.scope(id).kind,
                ScopeKind::Function(_) | ScopeKind::Lambda(_) | ScopeKind::Generator(_) | ScopeKind::Class(_)
            )
        })
    }
}

struct Tracker<'m, 'a> {
    model: &'m Model<'a>,
    region: NodeId,
    depth: u8,
    /// Bindings that are followed already.
    visited: Vec<NodeId>,
    /// Functions and parameters that are being looked into.
    entered: Vec<NodeId>,
}

impl<'a> Tracker<'_, 'a> {
    /// The same question about another region.
    fn within(&self, region: NodeId) -> Tracker<'_, 'a> {
        let (visited, entered) = (self.visited.clone(), self.entered.clone());
        Tracker { model: self.model, region, depth: self.depth + 1, visited, entered }
    }

    fn made(&mut self, made: NodeId) -> Fate {
        match self.model.node(made) {
            AnyNodeRef::StmtFunctionDef(node) => {
                let nature = self.nature_of(self.model.scope_opened_by(node).expect("a function opens a scope"));
                self.definition(made, &node.decorator_list, Value::new(nature))
            }
            AnyNodeRef::StmtClassDef(node) => {
                self.definition(made, &node.decorator_list, Value::new(Nature::Class(Some(made))))
            }
            AnyNodeRef::ExprLambda(node) => {
                let nature = self.nature_of(self.model.scope_opened_by(node).expect("a lambda opens a scope"));
                self.expr(made, Value::new(nature))
            }
            _ => self.expr(made, Value::new(Nature::Iterator)),
        }
    }

    fn nature_of(&self, function: ScopeId) -> Nature {
        let flags = self.model.scope_flags(function);
        if flags.intersects(ScopeFlags::GENERATOR | ScopeFlags::ASYNC) {
            Nature::Maker { is_coroutine: !flags.contains(ScopeFlags::GENERATOR) }
        } else {
            Nature::Function
        }
    }

    fn definition(&mut self, node: NodeId, decorators: &'a [ast::Decorator], value: Value) -> Fate {
        let mut is_registered = None;
        for decorator in decorators {
            let at = self.model.id(decorator).unwrap_or(node);
            match self.model.decorator_handling(&decorator.expression) {
                Some(Handling::Wraps | Handling::Uses) => {}
                Some(Handling::Keeps) => return Fate::Kept(at, Keeping::Decorator),
                Some(Handling::Parameter(function, parameter)) => match self.parameter(function, parameter, value) {
                    Fate::Kept(..) => return Fate::Kept(at, Keeping::Decorator),
                    Fate::Unknown(_) => is_registered = Some(at),
                    _ => {}
                },
                _ => is_registered = Some(at),
            }
        }
        match (self.named(node, value), is_registered) {
            (Fate::Kept(at, Keeping::Named), Some(decorator)) if at == node => {
                Fate::Kept(decorator, Keeping::Decorator)
            }
            (fate, _) => fate,
        }
    }

    /// What becomes of the value of the expression `id`.
    fn expr(&mut self, id: NodeId, value: Value) -> Fate {
        if self.depth >= MAX_DEPTH {
            return Fate::Unknown(id);
        }
        let Some(parent) = self.model.parent(id) else { return Fate::Unused };
        self.depth += 1;
        let fate = self.expr_in(id, parent, value);
        self.depth -= 1;
        fate
    }

    fn expr_in(&mut self, id: NodeId, parent: NodeId, value: Value) -> Fate {
        let is = |expr: &Expr| self.model.expr_id(expr) == id;
        match self.model.node(parent) {
            AnyNodeRef::ExprCall(call) if is(&call.func) => self.called(parent, value),
            AnyNodeRef::ExprCall(call) => {
                let position = call.arguments.args.iter().position(is).unwrap_or_default();
                self.argument(call, parent, Slot::Position(position), value)
            }
            AnyNodeRef::Keyword(keyword) => match self.model.parent(parent).map(|call| (call, self.model.node(call))) {
                Some((id, AnyNodeRef::ExprCall(call))) => {
                    let name = keyword.arg.as_deref().unwrap_or_default();
                    self.argument(call, id, Slot::Keyword(name), value)
                }
                _ => Fate::Unused,
            },
            AnyNodeRef::ExprStarred(_) if value.is_iterator() => Fate::Used,
            AnyNodeRef::ExprStarred(_) => match self.model.parent(parent).map(|outer| self.model.node(outer)) {
                Some(AnyNodeRef::ExprCall(_)) => self.expr(parent, value.taken_out()),
                _ => self.expr(parent, value),
            },
            AnyNodeRef::ExprAwait(_) => Fate::Used,
            AnyNodeRef::ExprYieldFrom(_) if value.is_iterator() => Fate::Used,
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                let function = self.model.scope(self.model.function_scope(self.model.scope_of(parent))).node;
                match self.returned_by(function, parent, value.held()) {
                    Fate::Returned(_) => Fate::Kept(parent, Keeping::Yielded),
                    fate => fate,
                }
            }
            AnyNodeRef::ExprNamed(node) => {
                let named = self.target(&node.target, parent, value);
                let used = self.expr(parent, value);
                match named {
                    Fate::Kept(_, Keeping::Named) => used,
                    _ => named.max(used),
                }
            }
            AnyNodeRef::ExprTuple(_) if self.position_in_unpacking(id, parent).is_some() => {
                let target = self.position_in_unpacking(id, parent).expect("just asked");
                self.target(target, parent, value)
            }
            AnyNodeRef::ExprList(_) | AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprSet(_) | AnyNodeRef::ExprDict(_) => {
                self.expr(parent, value.held())
            }
            AnyNodeRef::ExprIf(node) if is(&node.test) => Fate::Unused,
            AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_) | AnyNodeRef::ExprBinOp(_) => self.expr(parent, value),
            AnyNodeRef::ExprCompare(node) => match node.comparators.iter().any(is) && value.is_iterator() {
                true => Fate::Used,
                false => Fate::Unused,
            },
            AnyNodeRef::ExprSubscript(node) if is(&node.value) => self.expr(parent, value.taken_out()),
            AnyNodeRef::ExprAttribute(attribute) => self.attribute(attribute, parent, value),
            AnyNodeRef::ExprLambda(_) => self.returned_by(parent, id, value),
            AnyNodeRef::ParameterWithDefault(_) => {
                let function = self.model.parent(parent).and_then(|parameters| self.model.parent(parameters));
                function.map_or(Fate::Unused, |function| self.default_of(function))
            }
            AnyNodeRef::ExprListComp(_) | AnyNodeRef::ExprSetComp(_) | AnyNodeRef::ExprDictComp(_) => {
                self.collected(parent, value)
            }
            AnyNodeRef::ExprGenerator(_) if parent == self.region => self.streamed(parent, value),
            AnyNodeRef::ExprGenerator(_) => self.expr(parent, value.held()),
            AnyNodeRef::Comprehension(node) if is(&node.iter) => self.iterated_by_comprehension(node, parent, value),
            AnyNodeRef::StmtFor(node) if is(&node.iter) => match value.is_iterator() || value.nature == Nature::Task {
                true => Fate::Used,
                false => self.target(&node.target, parent, value.taken_out()),
            },
            AnyNodeRef::WithItem(node) => {
                let named = node.optional_vars.as_deref().map(|target| self.target(target, parent, value));
                match named {
                    Some(Fate::Kept(_, Keeping::Named)) | None => Fate::Used,
                    Some(fate) => fate.max(Fate::Used),
                }
            }
            AnyNodeRef::StmtAssign(node) => {
                node.targets.iter().map(|target| self.target(target, parent, value)).max().unwrap_or(Fate::Unused)
            }
            AnyNodeRef::StmtAnnAssign(node) => self.target(&node.target, parent, value),
            AnyNodeRef::StmtAugAssign(node) if !is(&node.value) => Fate::Unused,
            AnyNodeRef::StmtAugAssign(node) if value.is_iterator() && node.op == ast::Operator::Add => Fate::Used,
            AnyNodeRef::StmtAugAssign(node) => self.put_into(&node.target, parent, value),
            AnyNodeRef::StmtReturn(_) => {
                let function = self.model.function_scope(self.model.scope_of(parent));
                self.returned_by(self.model.scope(function).node, parent, value)
            }
            _ => Fate::Unused,
        }
    }

    /// Where a part of `a, b = x, y` goes.
    fn position_in_unpacking(&self, id: NodeId, tuple: NodeId) -> Option<&'a Expr> {
        let AnyNodeRef::ExprTuple(values) = self.model.node(tuple) else { return None };
        let AnyNodeRef::StmtAssign(assign) = self.model.node(self.model.parent(tuple)?) else { return None };
        let [Expr::Tuple(targets)] = &*assign.targets else { return None };
        let at = values.elts.iter().position(|element| self.model.expr_id(element) == id)?;
        let is_plain = |it: &ast::ExprTuple| !it.elts.iter().any(Expr::is_starred_expr);
        (targets.elts.len() == values.elts.len() && is_plain(targets) && is_plain(values)).then(|| &targets.elts[at])
    }

    /// The value is called: its code runs, unless the call only makes something that runs later.
    fn called(&mut self, call: NodeId, value: Value) -> Fate {
        match value.nature {
            Nature::Maker { is_coroutine } => {
                let nature = if is_coroutine { Nature::Coroutine } else { Nature::Iterator };
                self.expr(call, Value::new(nature))
            }
            Nature::Class(class) => self.expr(call, Value::new(Nature::Instance(class))).max(Fate::Used),
            _ => Fate::Used,
        }
    }

    fn argument(&mut self, call: &'a ast::ExprCall, id: NodeId, slot: Slot<'a>, value: Value) -> Fate {
        let deferred = Value::new(Nature::Iterator);
        match self.model.handling(call, slot, value.shape()) {
            Handling::Ignores => Fate::Unused,
            Handling::Uses => Fate::Used,
            Handling::Defers => self.expr(id, deferred),
            Handling::Wraps => self.expr(id, value),
            Handling::Holds => match self.model.is_builtin(&call.func, "type") {
                true => self.expr(id, Value::new(Nature::Class(None))),
                false => self.expr(id, value.held()),
            },
            Handling::Schedules => self.scheduled(call, id),
            Handling::Keeps => match &*call.func {
                Expr::Attribute(attribute) if !attribute.attr.as_str().starts_with("setdefault") => {
                    self.put_into_or(&attribute.value, id, value, Keeping::Handed)
                }
                _ => Fate::Kept(id, Keeping::Handed),
            },
            Handling::Parameter(function, parameter) => self.passed(function, parameter, id, value),
            Handling::Instance(class) => self.constructed(class, slot, id, value),
            Handling::Unknown => self.passed_to_unknown(id, value),
        }
    }

    /// Nobody knows what the call does with it. An iterator is almost always drained. If the call's result is waited for,
    /// entered, drained, taken apart or calculated with, it is no handle on something that runs later.
    fn passed_to_unknown(&self, call: NodeId, value: Value) -> Fate {
        if matches!(value.nature, Nature::Iterator | Nature::Instance(_)) {
            return Fate::Used;
        }
        match self.model.parent(call).map(|parent| self.model.node(parent)) {
            Some(
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::WithItem(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::StmtFor(_)
                | AnyNodeRef::ExprBinOp(_)
                | AnyNodeRef::ExprUnaryOp(_)
                | AnyNodeRef::ExprCompare(_)
                | AnyNodeRef::StmtAssert(_)
                | AnyNodeRef::StmtIf(_)
                | AnyNodeRef::StmtWhile(_),
            ) => Fate::Used,
            Some(AnyNodeRef::StmtAssign(node)) if node.targets.iter().any(Expr::is_tuple_expr) => Fate::Used,
            _ => Fate::Unknown(call),
        }
    }

    /// It runs some time later, unless this region waits for it.
    fn scheduled(&mut self, call: &ast::ExprCall, id: NodeId) -> Fate {
        let is_waited_for =
            self.receiver_ends_with_region(call) || self.expr(id, Value::new(Nature::Task)) == Fate::Used;
        if is_waited_for { Fate::Used } else { Fate::Kept(id, Keeping::Handed) }
    }

    /// `with Pool() as pool: pool.submit(f)`: the pool waits at the end of its `with`.
    fn receiver_ends_with_region(&self, call: &ast::ExprCall) -> bool {
        let Expr::Attribute(attribute) = &*call.func else { return false };
        let Expr::Name(name) = &*attribute.value else { return false };
        let Some(symbol) = self.model.symbol_of(name) else { return false };
        self.model.bindings(symbol).all(|binding| {
            matches!(binding.kind, BindingKind::With(_))
                && binding.node != self.region
                && self.model.is_within(binding.node, self.region)
        })
    }

    /// Passed to a function of the file.
    fn passed(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        parameter: &'a ast::ParameterWithDefault,
        call: NodeId,
        value: Value,
    ) -> Fate {
        let fate = match self.parameter(function, parameter, value) {
            Fate::Kept(_, keeping) => return Fate::Kept(call, keeping.max(Keeping::Handed)),
            Fate::Unknown(_) => self.passed_to_unknown(call, value),
            Fate::Returned(_) => self.expr(call, value),
            fate => fate,
        };
        let nature = self.model.scope_opened_by(function).map(|scope| self.nature_of(scope));
        match nature {
            // The function itself only runs when its coroutine or generator does.
            Some(maker @ Nature::Maker { .. }) if fate > Fate::Unused => fate.max(self.called(call, Value::new(maker))),
            _ => fate.max(Fate::Used),
        }
    }

    /// What a function of the file does with a parameter.
    fn parameter(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        parameter: &'a ast::ParameterWithDefault,
        value: Value,
    ) -> Fate {
        let Some(id) = self.model.id(parameter) else { return Fate::Unused };
        let Some(region) = self.model.id(function) else { return Fate::Unused };
        if self.entered.contains(&id) {
            return Fate::Unused;
        }
        self.entered.push(id);
        let Some(binding) = self.model.binding_at(id).copied() else { return Fate::Unused };
        self.within(region).reads_of(&binding, value)
    }

    /// Passed to a class of the file: an instance that stores it is followed in its place.
    fn constructed(&mut self, class: &'a ast::StmtClassDef, slot: Slot<'a>, call: NodeId, value: Value) -> Fate {
        let init = self.model.method(class, "__init__");
        let handling = init.and_then(|init| self.model.parameter(init, slot, 1));
        let fate = match (init, handling) {
            (None, _) => Fate::Kept(call, Keeping::Stored),
            (_, Some(Handling::Parameter(function, parameter))) => self.parameter(function, parameter, value),
            _ => return self.passed_to_unknown(call, value),
        };
        match fate {
            Fate::Kept(..) => {
                let instance = Nature::Instance(self.model.id(class));
                self.expr(call, Value::new(instance)).max(Fate::Used)
            }
            Fate::Unknown(_) => self.passed_to_unknown(call, value),
            _ => Fate::Used,
        }
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute, id: NodeId, value: Value) -> Fate {
        let name = attribute.attr.as_str();
        let call = self.model.parent(id).filter(|&parent| {
            matches!(self.model.node(parent), AnyNodeRef::ExprCall(call) if self.model.expr_id(&call.func) == id)
        });
        match (call, value.nature) {
            (Some(call), _) if value.held => match name {
                "values" | "items" | "copy" => self.expr(call, value),
                "get" | "pop" | "popleft" | "popitem" | "setdefault" => self.expr(call, value.taken_out()),
                _ => Fate::Unused,
            },
            (_, Nature::Task) if matches!(name, "join" | "result" | "get" | "wait" | "exception") => Fate::Used,
            (Some(_), Nature::Iterator | Nature::Coroutine | Nature::Instance(_) | Nature::Class(_)) => Fate::Used,
            (None, Nature::Instance(class) | Nature::Class(class)) if attribute.ctx == ExprContext::Load => {
                if class.is_some_and(|class| self.is_method(class, name)) {
                    self.expr(id, Value::new(Nature::Function)).max(Fate::Used)
                } else {
                    Fate::Used
                }
            }
            _ => Fate::Unused,
        }
    }

    fn is_method(&self, class: NodeId, name: &str) -> bool {
        let AnyNodeRef::StmtClassDef(class) = self.model.node(class) else { return false };
        self.model.method(class, name).is_some_and(|method| method.decorator_list.is_empty())
    }

    fn default_of(&mut self, function: NodeId) -> Fate {
        match self.model.node(function) {
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => self.made(function),
            _ => Fate::Unused,
        }
    }

    /// Returned by `function` (also as a lambda's body).
    fn returned_by(&mut self, function: NodeId, at: NodeId, value: Value) -> Fate {
        let inside = function != self.region && self.model.is_within(function, self.region);
        if !inside || self.entered.contains(&function) {
            return Fate::Returned(at);
        }
        self.entered.push(function);
        // A function of this region: whoever calls it here has the value.
        let calls: Vec<NodeId> = match self.model.node(function) {
            AnyNodeRef::ExprLambda(_) => self.call_of(function).into_iter().collect(),
            AnyNodeRef::StmtFunctionDef(_) => {
                let symbol = self.model.symbol_bound_at(function);
                let reads = symbol.into_iter().flat_map(|symbol| self.model.reads(symbol));
                reads.filter_map(|read| self.call_of(read.node)).collect()
            }
            _ => return Fate::Returned(at),
        };
        let is_async = matches!(self.model.node(function), AnyNodeRef::StmtFunctionDef(node) if node.is_async);
        let mut fate = Fate::Unused;
        for call in calls {
            if !self.model.is_within(call, self.region) {
                continue;
            }
            let result = if is_async { self.model.parent(call) } else { Some(call) };
            if let Some(result) = result {
                fate = fate.max(self.expr(result, value));
            }
        }
        fate
    }

    /// The call of which `callee` is the function.
    fn call_of(&self, callee: NodeId) -> Option<NodeId> {
        let parent = self.model.parent(callee)?;
        let AnyNodeRef::ExprCall(call) = self.model.node(parent) else { return None };
        (self.model.expr_id(&call.func) == callee).then_some(parent)
    }

    /// An element of a list, set or dict comprehension.
    fn collected(&mut self, comprehension: NodeId, value: Value) -> Fate {
        let parent = self.model.parent(comprehension).map(|parent| self.model.node(parent));
        if comprehension != self.region {
            return self.expr(comprehension, value.held());
        }
        match parent {
            Some(AnyNodeRef::StmtExpr(_)) => Fate::Unused,
            _ => Fate::Kept(comprehension, Keeping::Collected),
        }
    }

    /// An element of the generator expression that is the region: whoever drains it has one at a time.
    fn streamed(&mut self, stream: NodeId, value: Value) -> Fate {
        let Some(parent) = self.model.parent(stream) else { return Fate::Unused };
        let kept = Fate::Kept(stream, Keeping::Collected);
        match self.model.node(parent) {
            AnyNodeRef::StmtExpr(_) => Fate::Unused,
            AnyNodeRef::StmtFor(node) => self.within(parent).target(&node.target, parent, value),
            AnyNodeRef::Comprehension(node) => {
                let region = self.model.parent(parent).unwrap_or(parent);
                self.within(region).target(&node.target, parent, value)
            }
            AnyNodeRef::ExprCall(call) => {
                let name = self.model.qualified_name(&call.func);
                match name.as_ref().map_or("", |name| name.as_str()) {
                    "builtins.any"
                    | "builtins.all"
                    | "builtins.sum"
                    | "builtins.next"
                    | "builtins.map"
                    | "builtins.min"
                    | "builtins.max"
                    | "itertools.chain.from_iterable" => Fate::Used,
                    "builtins.zip" | "builtins.enumerate" | "builtins.filter" | "builtins.iter"
                    | "itertools.islice" => self.streamed(parent, value),
                    _ => match self.model.handling(call, Slot::Position(0), Shape::Iterator) {
                        Handling::Unknown | Handling::Parameter(..) | Handling::Instance(_) => {
                            self.passed_to_unknown(parent, value)
                        }
                        Handling::Ignores => Fate::Unused,
                        _ => kept,
                    },
                }
            }
            AnyNodeRef::StmtAssign(node) if let [Expr::Name(name)] = &*node.targets => {
                let Some(symbol) = self.model.symbol_of(name) else { return kept };
                let reads: Vec<NodeId> = self.model.reads(symbol).map(|read| read.node).collect();
                reads.into_iter().map(|read| self.streamed(read, value)).max().unwrap_or(Fate::Unused)
            }
            AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtAnnAssign(_)
            | AnyNodeRef::StmtReturn(_)
            | AnyNodeRef::ExprYield(_)
            | AnyNodeRef::ExprYieldFrom(_)
            | AnyNodeRef::ExprStarred(_)
            | AnyNodeRef::ExprLambda(_)
            | AnyNodeRef::ExprList(_)
            | AnyNodeRef::ExprTuple(_)
            | AnyNodeRef::ExprDict(_) => kept,
            _ => Fate::Unused,
        }
    }

    /// The iterable of a comprehension's `for`.
    fn iterated_by_comprehension(&mut self, node: &'a ast::Comprehension, id: NodeId, value: Value) -> Fate {
        let Some(comprehension) = self.model.parent(id) else { return Fate::Unused };
        match self.model.node(comprehension) {
            AnyNodeRef::ExprGenerator(_) if value.is_iterator() => self.expr(comprehension, value),
            _ if value.is_iterator() => Fate::Used,
            _ => self.target(&node.target, id, value.taken_out()),
        }
    }

    /// The value is bound to a target, by the node `at`.
    fn target(&mut self, target: &'a Expr, at: NodeId, value: Value) -> Fate {
        match target {
            Expr::Name(_) => self.named(self.model.expr_id(target), value),
            Expr::Attribute(node) => self.stored_on(&node.value, at),
            Expr::Tuple(_) | Expr::List(_) if value.is_iterator() => Fate::Used,
            Expr::Subscript(node) => self.put_into(&node.value, at, value),
            Expr::Starred(node) => self.target(&node.value, at, value),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                // One of them has it, nobody knows which: none is blamed for lying unused.
                let fates = elts.iter().map(|target| self.target(target, at, value));
                let blameless = |fate| if matches!(fate, Fate::Kept(_, Keeping::Named)) { Fate::Unused } else { fate };
                fates.map(blameless).max().unwrap_or(Fate::Unused)
            }
            _ => Fate::Unused,
        }
    }

    /// The value is stored in an attribute: it is out of sight, unless the object was made in this region and is used up here.
    fn stored_on(&mut self, object: &'a Expr, at: NodeId) -> Fate {
        let is_made_here = |binding: &&Binding<'a>| {
            matches!(binding.value(), Some(Expr::Call(_)))
                && self.is_inside(binding.node)
                && binding.range.start() < object.start()
        };
        let Expr::Name(name) = object else { return Fate::Kept(at, Keeping::Stored) };
        let Some(symbol) = self.model.symbol_of(name) else { return Fate::Kept(at, Keeping::Stored) };
        let made = self.model.bindings(symbol).find(is_made_here).copied();
        match made.map(|binding| self.reads_of(&binding, Value::new(Nature::Owner))) {
            Some(Fate::Used) => Fate::Used,
            _ => Fate::Kept(at, Keeping::Stored),
        }
    }

    /// The value goes into a container: one that this region makes is followed, others outlive the region.
    fn put_into(&mut self, container: &'a Expr, at: NodeId, value: Value) -> Fate {
        self.put_into_or(container, at, value, Keeping::Stored)
    }

    fn put_into_or(&mut self, container: &'a Expr, at: NodeId, value: Value, otherwise: Keeping) -> Fate {
        match self.made_here(container) {
            Some(binding) if !self.visited.contains(&binding.node) => {
                self.visited.push(binding.node);
                self.reads_of(&binding, value.held())
            }
            Some(_) => Fate::Unused,
            None => Fate::Kept(at, otherwise),
        }
    }

    /// The binding that gives `expr` (a name) a fresh container, or an object that a `with` of this region closes.
    fn made_here(&self, expr: &Expr) -> Option<Binding<'a>> {
        let Expr::Name(name) = expr else { return None };
        let symbol = self.model.symbol_of(name)?;
        let mut fresh = self.model.bindings(symbol).filter(|binding| {
            let is_fresh = match binding.kind {
                BindingKind::With(_) => true,
                _ => binding.value().is_some_and(|value| self.is_new_container(value)),
            };
            is_fresh && binding.range.start() < expr.start() && self.is_inside(binding.node)
        });
        let binding = *fresh.next()?;
        let is_region = self.model.scope_of(self.region) == self.model.scope_of(binding.node)
            || self.model.is_within(self.model.scope(self.model.symbol_scope(symbol)).node, self.region);
        is_region.then_some(binding)
    }

    fn is_new_container(&self, value: &Expr) -> bool {
        match value {
            Expr::List(_) | Expr::Dict(_) | Expr::Set(_) => true,
            Expr::ListComp(_) | Expr::DictComp(_) | Expr::SetComp(_) => true,
            Expr::Call(call) => self.model.is_any_of(
                &call.func,
                &[
                    "builtins.list",
                    "builtins.dict",
                    "builtins.set",
                    "collections.deque",
                    "collections.defaultdict",
                    "collections.OrderedDict",
                    "contextlib.ExitStack",
                    "contextlib.AsyncExitStack",
                ],
            ),
            _ => false,
        }
    }

    fn is_inside(&self, id: NodeId) -> bool {
        id != self.region && self.model.is_within(id, self.region)
    }

    /// The value gets a name, at the binding `id` (a name, `def` or `class`).
    fn named(&mut self, id: NodeId, value: Value) -> Fate {
        let Some(binding) = self.model.binding_at(id).copied() else { return Fate::Unused };
        if self.visited.contains(&id) {
            // `rows = filter(f, rows)`: it goes round and is followed already.
            return Fate::Used;
        }
        self.visited.push(id);
        let symbol = self.model.symbol_of_binding(&binding);
        let owner = self.model.symbol_scope(symbol);
        if owner != binding.scope && !self.model.scope(binding.scope).kind.is_comprehension() {
            return Fate::Kept(id, Keeping::Stored);
        }
        let fate = self.reads_of(&binding, value);
        let wants_a_use = match value.nature {
            Nature::Task | Nature::Instance(_) | Nature::Owner => false,
            // A class that a function makes and never mentions again is just dead code.
            Nature::Class(_) => self.model.reads(symbol).next().is_some() || owner == ScopeId::MODULE,
            _ => !self.is_unreachable_afterwards(symbol),
        };
        if fate == Fate::Unused && wants_a_use && !value.held && self.lives_in_region(&binding) {
            return Fate::Kept(id, Keeping::Named);
        }
        fate
    }

    /// Whether a name belongs to the very code of the region, not to a function inside it.
    fn lives_in_region(&self, binding: &Binding<'a>) -> bool {
        binding.scope == self.region_scope()
    }

    /// The scope whose code the region is.
    fn region_scope(&self) -> ScopeId {
        match self.model.node(self.region) {
            AnyNodeRef::StmtFunctionDef(node) => self.model.scope_opened_by(node).unwrap_or(ScopeId::MODULE),
            _ => self.model.scope_of(self.region),
        }
    }

    /// Whether the region is a function or handler and nothing outside it can ever ask for the name.
    fn is_unreachable_afterwards(&self, symbol: SymbolId) -> bool {
        let is_loop = matches!(self.model.node(self.region), AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_));
        !is_loop && self.model.scope(self.model.symbol_scope(symbol)).kind.is_function_like()
    }

    /// What the reads of a name do with the value that `binding` gives it.
    fn reads_of(&mut self, binding: &Binding<'a>, value: Value) -> Fate {
        if self.depth >= MAX_DEPTH {
            return Fate::Unknown(binding.node);
        }
        self.depth += 1;
        let symbol = self.model.symbol_of_binding(binding);
        let mut fate = Fate::Unused;
        for read in self.model.reads(symbol) {
            if !read.in_string {
                fate = fate.max(self.read(read, binding, value));
            }
        }
        self.depth -= 1;
        fate
    }

    fn read(&mut self, read: &Read<'a>, binding: &Binding<'a>, value: Value) -> Fate {
        if !self.model.is_within(read.node, self.region) {
            return self.read_outside(read, binding, value);
        }
        if self.is_hidden(read.node, binding) {
            return Fate::Unused;
        }
        if let Some(deferred) = self.deferred_around(read, binding) {
            return self.captured(deferred, read, binding, value);
        }
        if self.is_before(read.node, binding) {
            // The value of the turn before.
            let is_loop = matches!(self.model.node(self.region), AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_));
            let fate = if is_loop { self.expr(read.node, value) } else { Fate::Unused };
            return match fate {
                Fate::Unused => Fate::Unused,
                _ => Fate::Kept(read.node, Keeping::NextTurn),
            };
        }
        self.expr(read.node, value)
    }

    /// A read after the loop is harmless where every turn makes a new value: the last one belongs to the last turn.
    fn read_outside(&mut self, read: &Read<'a>, binding: &Binding<'a>, value: Value) -> Fate {
        if self.is_before(read.node, binding) && read.scope == binding.scope || self.is_hidden(read.node, binding) {
            return Fate::Unused;
        }
        match self.model.node(self.region) {
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) if !self.is_conditional(binding.node) => Fate::Unused,
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) if read.scope == binding.scope => {
                match self.within(self.model.scope(binding.scope).node).expr(read.node, value) {
                    Fate::Unused => Fate::Unused,
                    _ => Fate::Kept(binding.node, Keeping::Stored),
                }
            }
            _ => Fate::Kept(binding.node, Keeping::Stored),
        }
    }

    /// Whether a turn of the region may pass `id` by.
    fn is_conditional(&self, id: NodeId) -> bool {
        self.model.ancestors(id).take_while(|&ancestor| ancestor != self.region).any(|ancestor| {
            matches!(
                self.model.node(ancestor),
                AnyNodeRef::StmtIf(_)
                    | AnyNodeRef::StmtTry(_)
                    | AnyNodeRef::StmtMatch(_)
                    | AnyNodeRef::StmtFor(_)
                    | AnyNodeRef::StmtWhile(_)
            )
        })
    }

    /// Whether `read` is evaluated before `binding` when both are run in order.
    fn is_before(&self, read: NodeId, binding: &Binding<'a>) -> bool {
        let is_in_value = binding.value().is_some_and(|value| self.model.is_within(read, self.model.expr_id(value)));
        is_in_value && !matches!(binding.kind, BindingKind::Walrus(_))
            || read < binding.node && !matches!(binding.kind, BindingKind::Comprehension(_))
    }

    /// Whether another binding always comes between `binding` and `read`.
    fn is_hidden(&self, read: NodeId, binding: &Binding<'a>) -> bool {
        let symbol = self.model.symbol_of_binding(binding);
        let is_before = self.is_before(read, binding);
        self.model.bindings(symbol).any(|other| {
            let is_between = if is_before {
                other.node < read && self.is_inside(other.node)
            } else {
                binding.node < other.node && other.node < read
            };
            other.node != binding.node
                && other.scope == binding.scope
                && other.is_executed()
                && is_between
                && !self.is_before(read, other)
                && self.always_precedes(other.node, read)
        })
    }

    /// Whether the statement of `first` stands in the block of a statement around `second`.
    fn always_precedes(&self, first: NodeId, second: NodeId) -> bool {
        let Some(statement) = self.model.statement(first) else { return false };
        if let AnyNodeRef::StmtFor(node) = self.model.node(statement) {
            // A loop's target is bound for its body.
            return node.body.iter().any(|stmt| self.model.is_within(second, self.model.stmt_id(stmt)));
        }
        let Some(block) = self.model.block_of(statement) else { return false };
        block.iter().any(|stmt| self.model.is_within(second, self.model.stmt_id(stmt)))
    }

    /// The outermost function, generator expression or class of the region that a read stands in, if its code runs later
    /// than the binding's.
    fn deferred_around(&self, read: &Read<'a>, binding: &Binding<'a>) -> Option<NodeId> {
        let deferred = self.model.deferred_scopes(read.scope, binding.scope);
        deferred.map(|scope| self.model.scope(scope).node).filter(|&node| self.is_inside(node)).last()
    }

    /// A function of this region uses the value: what becomes of that function?
    fn captured(&mut self, deferred: NodeId, read: &Read<'a>, binding: &Binding<'a>, value: Value) -> Fate {
        if self.model.is_within(deferred, binding.node) || self.entered.contains(&deferred) {
            return Fate::Unused;
        }
        self.entered.push(deferred);
        let fate = match self.made(deferred) {
            Fate::Used => self.expr(read.node, value),
            Fate::Kept(at, _) => Fate::Kept(at, Keeping::Captured),
            fate => fate,
        };
        self.entered.retain(|&node| node != deferred);
        fate
    }
}
