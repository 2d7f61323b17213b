//! PP0402: a loop changes the size of what it runs over.

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Comprehension, Expr, ExprContext, Operator};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::flow::{self, Analysis, Next};
use crate::python::mutable::is_changing_method;
use crate::python::places::Place;
use crate::python::values::Type;
use crate::python::{Binding, BindingKind, Model, NodeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

/// The checks of this rule.
pub const CHECKS: &[Check] =
    &[Check::For(check_for), Check::ListComp(list), Check::SetComp(set), Check::DictComp(dict)];

fn check_for<'a>(node: &'a ast::StmtFor, ctx: &mut Context<'_, 'a>) {
    if node.is_async {
        return;
    }
    let model = ctx.model;
    let Some(region) = model.id(node) else { return };
    let touches = touches(model, region);
    if touches.is_empty() {
        return;
    }
    for iterated in iterated(model, &node.iter, Some(&node.target)) {
        let changes = changes(model, region, &iterated, &touches);
        if changes.is_empty() || iterated.place.symbols.iter().any(|&symbol| is_bound_in(model, symbol, &node.target)) {
            continue;
        }
        let fresh = still_iterated(model, region, &iterated.place, &changes);
        let places: Vec<NodeId> = fresh.iter().map(|change| change.at).collect();
        let followed = model.followed_by_a_turn(region, &places);
        let grows: Vec<NodeId> = fresh.iter().filter(|it| it.effect == Effect::Grows).map(|it| it.at).collect();
        let is_endless = !grows.is_empty()
            && fresh.len() == grows.len()
            && changes.len() == fresh.len()
            && model.every_turn_passes(region, &grows)
            && !model.can_be_left(region)
            && !waits(model, region);
        for change in fresh {
            let is_wrong = match change.effect {
                Effect::Grows => is_endless,
                _ => followed.contains(&change.at) && !is_for_inner_loop(model, region, &iterated.place, change.at),
            };
            if is_wrong {
                report(&iterated, change, TextRange::new(node.start(), node.iter.end()), ctx);
            }
        }
    }
}

fn list<'a>(node: &'a ast::ExprListComp, ctx: &mut Context<'_, 'a>) {
    check_comprehension(ctx.model.id(node), &node.generators, ctx);
}

fn set<'a>(node: &'a ast::ExprSetComp, ctx: &mut Context<'_, 'a>) {
    check_comprehension(ctx.model.id(node), &node.generators, ctx);
}

fn dict<'a>(node: &'a ast::ExprDictComp, ctx: &mut Context<'_, 'a>) {
    check_comprehension(ctx.model.id(node), &node.generators, ctx);
}

/// Nothing ends such a loop early. Of generator expressions nobody knows how far they are used.
fn check_comprehension<'a>(region: Option<NodeId>, clauses: &'a [Comprehension], ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(region) = region else { return };
    let touches = touches(model, region);
    if touches.is_empty() {
        return;
    }
    for clause in clauses.iter().filter(|clause| !clause.is_async) {
        for iterated in iterated(model, &clause.iter, Some(&clause.target)) {
            for change in changes(model, region, &iterated, &touches) {
                let is_endless =
                    || clauses.len() == 1 && clause.ifs.is_empty() && is_unconditional_within(model, change.at, region);
                if change.effect != Effect::Grows || is_endless() {
                    report(&iterated, change, clause.range, ctx);
                }
            }
        }
    }
}

fn is_unconditional_within(model: &Model, at: NodeId, region: NodeId) -> bool {
    model.parent(at) == Some(region)
}

// ---- what the loop runs over

/// What a loop runs over, live.
struct Iterated<'a> {
    place: Place<'a>,
    /// As the loop names it.
    name: &'a Expr,
    /// The same with the view that the loop goes through: `stock.items()`.
    shown: &'a Expr,
    way: Way,
    /// How the loop's target names the key or element of this turn.
    own: Own,
    /// The variable that `values()` gives the value to.
    value: Option<SymbolId>,
    /// The variable that `enumerate` gives the position to.
    position: Option<SymbolId>,
}

/// How a loop goes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Forwards,
    Backwards,
    /// Through `items()`, `keys()` or `values()`.
    View,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    List,
    /// Raises an error when its size has changed.
    Dict,
    Set,
    Deque,
    /// Whatever it is, it is iterated itself.
    Unknown,
    /// Has `items()`, `keys()` or `values()`.
    Mapping,
}

/// The loop's own key or element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    Name(SymbolId),
    /// `item[0]` of `for item in d.items()`.
    FirstOf(SymbolId),
    Unnamed,
}

/// The things that an iterable hands on as they are at each turn: itself, a dict's view, what `enumerate` and its like go through.
fn iterated<'a>(model: &Model<'a>, iterable: &'a Expr, target: Option<&'a Expr>) -> Vec<Iterated<'a>> {
    let own = |target: Option<&Expr>| match target {
        Some(Expr::Name(name)) => model.symbol_of(name).map_or(Own::Unnamed, Own::Name),
        _ => Own::Unnamed,
    };
    let part = |at: usize| match target {
        Some(Expr::Tuple(node)) if !node.iter().any(Expr::is_starred_expr) => node.elts.get(at),
        _ => None,
    };
    let call = match iterable {
        Expr::Call(call) => call,
        Expr::Generator(node) => {
            return match &node.generators[..] {
                [only] => iterated(model, &only.iter, None),
                _ => Vec::new(),
            };
        }
        _ => {
            let Some(place) = model.place(iterable) else { return Vec::new() };
            let name = iterable.as_named_expr().map_or(iterable, |node| &node.target);
            let own = own(target);
            return vec![Iterated { place, name, shown: name, way: Way::Forwards, own, value: None, position: None }];
        }
    };
    if let Expr::Attribute(method) = &*call.func
        && call.arguments.is_empty()
        && matches!(method.attr.as_str(), "items" | "keys" | "values")
    {
        let Some(place) = model.place(&method.value) else { return Vec::new() };
        let own = match (method.attr.as_str(), target) {
            ("keys", target) => own(target),
            ("items", Some(Expr::Tuple(_))) => own(part(0)),
            ("items", Some(Expr::Name(name))) => model.symbol_of(name).map_or(Own::Unnamed, Own::FirstOf),
            _ => Own::Unnamed,
        };
        let value = match (method.attr.as_str(), target) {
            ("values", Some(Expr::Name(name))) => model.symbol_of(name),
            _ => None,
        };
        let name = &*method.value;
        return vec![Iterated { place, name, shown: iterable, way: Way::View, own, value, position: None }];
    }
    let arguments = &call.arguments.args;
    match model.builtin_name(&call.func) {
        Some("enumerate") => {
            let Some(first) = call.arguments.find_argument_value("iterable", 0) else { return Vec::new() };
            let mut found = iterated(model, first, part(1));
            let counts_from_zero = call.arguments.find_argument_value("start", 1).is_none_or(is_zero);
            if let Some(Expr::Name(index)) = part(0).filter(|_| counts_from_zero) {
                found.iter_mut().for_each(|it| it.position = model.symbol_of(index));
            }
            found
        }
        Some("iter") if arguments.len() == 1 => iterated(model, &arguments[0], target),
        Some("reversed") if arguments.len() == 1 => {
            let mut found = iterated(model, &arguments[0], target);
            for it in found.iter_mut().filter(|it| it.way == Way::Forwards) {
                it.way = Way::Backwards;
            }
            found
        }
        Some("zip") => {
            let each = arguments.iter().enumerate();
            each.flat_map(|(index, argument)| iterated(model, argument, part(index))).collect()
        }
        Some("map" | "filter") => {
            arguments.iter().skip(1).flat_map(|argument| iterated(model, argument, None)).collect()
        }
        _ => Vec::new(),
    }
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr, Expr::NumberLiteral(node) if matches!(&node.value, ast::Number::Int(value) if *value == 0))
}

/// Packages whose objects have a dict's methods, and hand out copies of what they hold.
const DATA_FRAMES: &[&str] = &["pandas", "geopandas", "polars", "xarray", "dask", "modin", "pyspark", "cudf", "h5py"];

/// What the loop goes through; `None` for what certainly is none of these.
fn container(model: &Model, iterated: &Iterated) -> Option<Container> {
    let class = class_of(model, iterated.name)?;
    match (iterated.way, class) {
        (Way::Forwards, _) => Some(class),
        (Way::View, Container::Dict) => Some(Container::Dict),
        (Way::View, Container::Unknown) if !model.imports_any(DATA_FRAMES) => Some(Container::Mapping),
        // What a list's positions become when it is gone through from its end depends on where it changes.
        (Way::Backwards, Container::Dict | Container::Deque) => Some(class),
        _ => None,
    }
}

fn class_of(model: &Model, expr: &Expr) -> Option<Container> {
    if is_receiver(model, expr) {
        return None;
    }
    let union = model.union_of(expr);
    let mut found = None;
    for object in union.objects().iter().filter(|object| object.class != Type::None) {
        let class = match &object.class {
            Type::List | Type::ByteArray => Container::List,
            Type::Dict => Container::Dict,
            Type::Set => Container::Set,
            Type::External(name) => match name.as_str() {
                "collections.deque" => Container::Deque,
                "collections.defaultdict"
                | "collections.OrderedDict"
                | "collections.Counter"
                | "collections.abc.MutableMapping" => Container::Dict,
                "collections.abc.MutableSequence" | "array.array" | "collections.UserList" => Container::List,
                "collections.abc.MutableSet" => Container::Set,
                name if name.starts_with("collections.abc.") => Container::Unknown,
                _ => return None,
            },
            // The default of a parameter that gets something else.
            Type::Tuple | Type::FrozenSet if union.is_open() => Container::Unknown,
            _ => return None,
        };
        if found.is_some_and(|other| other != class) {
            return Some(Container::Unknown);
        }
        found = Some(class);
    }
    // Of another module's objects nothing is known, not even whether they hand out copies.
    let is_foreign = || {
        let root = root(expr);
        model.qualified_name(root).is_some() || model.qualified_name(expr).is_some()
    };
    match found {
        Some(class) => Some(class),
        None if is_foreign() => None,
        None => Some(Container::Unknown),
    }
}

/// Whether it is the `self` of a method, whose class knows what its own methods do.
fn is_receiver(model: &Model, expr: &Expr) -> bool {
    let Some(symbol) = expr.as_name_expr().and_then(|name| model.symbol_of(name)) else { return false };
    let ScopeKind::Function(function) = model.scope(model.symbol_scope(symbol)).kind else { return false };
    model.class_of_method(function).is_some_and(|class| model.is_instance_of(expr, class))
}

fn root(expr: &Expr) -> &Expr {
    match expr {
        Expr::Attribute(node) => root(&node.value),
        Expr::Subscript(node) => root(&node.value),
        Expr::Named(node) => &node.target,
        _ => expr,
    }
}

fn is_bound_in(model: &Model, symbol: SymbolId, target: &Expr) -> bool {
    let target = model.expr_id(target);
    model.bindings(symbol).any(|binding| model.is_within(binding.node, target))
}

// ---- changes

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Takes items out of a list.
    Removes,
    /// Puts an item into a list, not at its end.
    Inserts,
    /// Adds items at the end of a list.
    Grows,
    /// Changes the size of what then raises an error.
    Raises,
    /// One of these.
    Either,
}

#[derive(Clone, Copy)]
struct Change {
    at: NodeId,
    range: TextRange,
    effect: Effect,
}

/// Code that changes the size of something, by its looks.
#[derive(Clone, Copy)]
struct Touch<'a> {
    at: NodeId,
    node: AnyNodeRef<'a>,
    /// What it changes.
    owner: &'a Expr,
}

fn touches<'a>(model: &Model<'a>, region: NodeId) -> Vec<Touch<'a>> {
    let touch = |(at, node): (NodeId, AnyNodeRef<'a>)| {
        let owner = match node {
            AnyNodeRef::ExprCall(call) => match &*call.func {
                Expr::Attribute(method) if is_changing_method(&method.attr) => &*method.value,
                _ => return None,
            },
            AnyNodeRef::ExprSubscript(item) if item.ctx != ExprContext::Load => &*item.value,
            AnyNodeRef::StmtAugAssign(statement) => &*statement.target,
            _ => return None,
        };
        Some(Touch { at, node, owner })
    };
    model.descendants(region).filter_map(touch).collect()
}

/// What the loop's own code does to the size of the thing. What that is, is asked only if something touches it.
fn changes<'a>(model: &Model<'a>, region: NodeId, iterated: &Iterated<'a>, touches: &[Touch<'a>]) -> Vec<Change> {
    let mut class = None;
    let mut found: Vec<Change> = Vec::new();
    for touch in touches {
        if !is_place(model, touch.owner, iterated)
            || stores_at_position(model, touch, iterated)
            || !is_now(model, touch.at, region)
        {
            continue;
        }
        let Some(class) = *class.get_or_insert_with(|| container(model, iterated)) else { return Vec::new() };
        let loops = Loop { model, region, iterated, class };
        if let Some(effect) = loops.effect(touch.at, touch.node) {
            found.push(Change { at: touch.at, range: touch.node.range(), effect });
        }
    }
    // A test of the error itself. What a list does raises none.
    let may_raise = |change: &Change| matches!(change.effect, Effect::Raises | Effect::Either);
    found.retain(|change| !may_raise(change) || !model.expects(change.at, "RuntimeError"));
    found
}

/// Whether it is `names[index] = …` in `for index, name in enumerate(names)`, where `names` is no dict at first sight: to ask what
/// it is would be the dearest part of this rule.
fn stores_at_position(model: &Model, touch: &Touch, iterated: &Iterated) -> bool {
    let AnyNodeRef::ExprSubscript(item) = touch.node else { return false };
    let Expr::Name(key) = &*item.slice else { return false };
    let is_dict = |value: &Expr| match value {
        Expr::Dict(_) | Expr::DictComp(_) => true,
        Expr::Call(call) => model.is_builtin(&call.func, "dict"),
        _ => false,
    };
    let symbol = iterated.name.as_name_expr().and_then(|name| model.symbol_of(name));
    let mut values = symbol.into_iter().flat_map(|symbol| model.bindings(symbol)).filter_map(Binding::value);
    item.ctx == ExprContext::Store
        && iterated.position.is_some()
        && model.symbol_of(key) == iterated.position
        && !values.any(is_dict)
}

/// Whether it runs with each turn, and is not left to a generator.
fn is_now(model: &Model, id: NodeId, region: NodeId) -> bool {
    let is_later = |around: NodeId| matches!(model.node(around), AnyNodeRef::ExprGenerator(_));
    model.is_part_of_turn(id, region) && !model.ancestors(id).take_while(|&around| around != region).any(is_later)
}

fn is_place<'a>(model: &Model<'a>, expr: &'a Expr, iterated: &Iterated<'a>) -> bool {
    model.place(expr).is_some_and(|place| place == iterated.place)
}

/// A loop and one thing that it goes through.
struct Loop<'m, 'a> {
    model: &'m Model<'a>,
    region: NodeId,
    iterated: &'m Iterated<'a>,
    class: Container,
}

impl<'a> Loop<'_, 'a> {
    /// What a node that touches the thing does to its size.
    fn effect(&self, at: NodeId, node: AnyNodeRef<'a>) -> Option<Effect> {
        match node {
            AnyNodeRef::ExprCall(call) => self.called(at, call),
            AnyNodeRef::ExprSubscript(item) if item.ctx == ExprContext::Del => self.deleted(&item.slice),
            AnyNodeRef::ExprSubscript(item) => self.stored(at, item),
            AnyNodeRef::StmtAugAssign(statement) => self.augmented(at, statement),
            _ => None,
        }
    }

    fn called(&self, at: NodeId, call: &'a ast::ExprCall) -> Option<Effect> {
        let Expr::Attribute(method) = &*call.func else { return None };
        let arguments = &*call.arguments.args;
        let changes_if = |new: bool| new.then_some(Effect::Raises);
        let is_new = |key: &'a Expr| self.is_new_key(at, key);
        match (self.class, method.attr.as_str(), arguments) {
            (Container::List | Container::Unknown, "insert" | "pop", _) if self.moves_to_front(call) => None,
            (Container::List, "remove", [_]) => Some(Effect::Removes),
            (Container::List, "pop" | "__delitem__", [index]) => (!self.is_ahead(index)).then_some(Effect::Removes),
            (Container::List, "pop", _) => Some(Effect::Removes),
            (Container::List, "insert", [index, _]) => (!self.is_ahead(index)).then_some(Effect::Inserts),
            (Container::List | Container::Unknown, "append", [_]) => Some(Effect::Grows),
            (Container::List, "extend" | "__iadd__", [items]) => self.adds_items(items).then_some(Effect::Grows),
            (Container::Mapping | Container::Unknown, "pop" | "__delitem__", [key, ..])
                if self.may_hand_out_copies(key) =>
            {
                None
            }
            (Container::Dict | Container::Mapping, "pop" | "popitem" | "clear" | "__delitem__", _) => {
                Some(Effect::Raises)
            }
            (Container::Dict | Container::Mapping, "setdefault" | "__setitem__", [key, ..]) => changes_if(is_new(key)),
            (Container::Dict, "update", [] | [_]) => {
                let named = !call.arguments.keywords.is_empty();
                changes_if(named || arguments.first().is_some_and(|items| has_new_key(items, is_new)))
            }
            (Container::Set, "add", [item]) => changes_if(is_new(item)),
            (
                Container::Set,
                "discard"
                | "remove"
                | "pop"
                | "clear"
                | "update"
                | "difference_update"
                | "intersection_update"
                | "symmetric_difference_update",
                _,
            )
            | (
                Container::Deque,
                "append" | "appendleft" | "pop" | "popleft" | "remove" | "insert" | "clear" | "extend" | "extendleft",
                _,
            ) => Some(Effect::Raises),
            // Only deques have these.
            (Container::Unknown, "popleft", []) | (Container::Unknown, "appendleft" | "extendleft", [_]) => {
                Some(Effect::Raises)
            }
            (Container::Unknown, "pop" | "__delitem__" | "insert", [index, ..]) if self.is_ahead(index) => None,
            (Container::Unknown, "remove" | "discard", [_])
            | (Container::Unknown, "pop" | "__delitem__", [] | [_] | [_, _])
            | (Container::Unknown, "insert", [_, _])
            | (Container::Unknown, "popitem", []) => Some(Effect::Either),
            _ => None,
        }
    }

    fn deleted(&self, index: &'a Expr) -> Option<Effect> {
        Some(match self.class {
            Container::List | Container::Unknown if self.is_ahead(index) => return None,
            Container::Mapping | Container::Unknown if self.may_hand_out_copies(index) => return None,
            Container::List => Effect::Removes,
            Container::Dict | Container::Mapping | Container::Deque => Effect::Raises,
            Container::Unknown => Effect::Either,
            Container::Set => return None,
        })
    }

    fn stored(&self, at: NodeId, item: &'a ast::ExprSubscript) -> Option<Effect> {
        if !matches!(self.class, Container::Dict | Container::Mapping) {
            return None;
        }
        // `d[key] += 1` reads the key first: it is there, or gets there now.
        let is_read_first = matches!(self.model.parent_of(item), Some(AnyNodeRef::StmtAugAssign(_)));
        let is_there = is_read_first && !self.fills_gaps();
        (!is_there && self.is_new_key(at, &item.slice)).then_some(Effect::Raises)
    }

    /// Whether a key that is only read is put in.
    fn fills_gaps(&self) -> bool {
        matches!(self.model.type_of(self.iterated.name), Some(Type::External(name))
            if matches!(name.as_str(), "collections.defaultdict" | "collections.Counter"))
    }

    fn augmented(&self, at: NodeId, node: &'a ast::StmtAugAssign) -> Option<Effect> {
        let is_new = |key: &'a Expr| self.is_new_key(at, key);
        match (self.class, node.op) {
            (Container::List, Operator::Add) => self.adds_items(&node.value).then_some(Effect::Grows),
            (Container::Set, Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor)
            | (Container::Deque, Operator::Add) => Some(Effect::Raises),
            (Container::Dict, Operator::BitOr) => has_new_key(&node.value, is_new).then_some(Effect::Raises),
            _ => None,
        }
    }

    /// Whether there certainly is something to add: a display, or the growing list itself.
    fn adds_items(&self, items: &'a Expr) -> bool {
        match items {
            Expr::List(ast::ExprList { elts, .. })
            | Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => elts.iter().any(|element| !element.is_starred_expr()),
            Expr::StringLiteral(text) => !text.value.is_empty(),
            _ => is_place(self.model, items, self.iterated),
        }
    }

    // ---- positions

    /// Whether the index is certainly behind the loop's position, where nothing has been visited yet: `i + 1`, a slice up to
    /// the end, or the variable of a loop from `i + 1` on.
    fn is_ahead(&self, index: &'a Expr) -> bool {
        match index {
            Expr::Slice(slice) => {
                let from = slice.lower.as_deref();
                from.is_some_and(|from| {
                    self.is_ahead(from) || slice.upper.is_none() && slice.step.is_none() && self.is_position(from)
                })
            }
            Expr::BinOp(sum) if sum.op == Operator::Add => {
                let is_step = |step: &Expr| step.is_number_literal_expr() && !is_zero(step);
                self.is_position(&sum.left) && is_step(&sum.right) || self.is_position(&sum.right) && is_step(&sum.left)
            }
            Expr::Name(name) => {
                let binding = self.model.symbol_of(name).and_then(|symbol| self.model.only_binding(symbol));
                let Some(BindingKind::For(node)) = binding.map(|binding| binding.kind) else { return false };
                let Expr::Call(range) = &*node.iter else { return false };
                let is_inside = self.model.id(node).is_some_and(|id| self.model.is_within(id, self.region));
                is_inside
                    && node.target.is_name_expr()
                    && self.model.is_builtin(&range.func, "range")
                    && matches!(&*range.arguments.args, [start, _] if self.is_ahead(start))
            }
            _ => false,
        }
    }

    fn is_position(&self, expr: &Expr) -> bool {
        let symbol = expr.as_name_expr().and_then(|name| self.model.symbol_of(name));
        symbol.is_some() && symbol == self.iterated.position
    }

    /// Whether the call is a part of `xs.insert(0, xs.pop(i))`, which leaves what stands behind the loop's position where it was.
    fn moves_to_front(&self, call: &'a ast::ExprCall) -> bool {
        let called = |call: &'a ast::ExprCall, name: &str| match &*call.func {
            Expr::Attribute(method) => method.attr == *name && is_place(self.model, &method.value, self.iterated),
            _ => false,
        };
        let moves = |insert: &'a ast::ExprCall| match &*insert.arguments.args {
            [to, Expr::Call(pop)] => {
                is_zero(to)
                    && called(insert, "insert")
                    && called(pop, "pop")
                    && pop.arguments.args.first().is_some_and(|from| self.is_position(from))
            }
            _ => false,
        };
        moves(call) || matches!(self.model.parent_of(call), Some(AnyNodeRef::ExprCall(insert)) if moves(insert))
    }

    // ---- keys

    /// Whether a thing of unknown class may be one that loops over a copy of its keys, and so can bear to lose this turn's: an
    /// attribute, or what has the name of a mail's headers.
    fn may_hand_out_copies(&self, key: &'a Expr) -> bool {
        let name = match self.iterated.name {
            Expr::Name(name) => name.id.as_str(),
            _ => return self.is_own_key(key),
        };
        let name = name.to_ascii_lowercase();
        let is_mail = ["header", "message", "msg", "mail", "environ"].iter().any(|word| name.contains(word));
        self.is_own_key(key) && (is_mail || self.class == Container::Unknown && self.model.imports_any(DATA_FRAMES))
    }

    /// Whether the thing may not have had the key: it isn't the loop's own, and nothing shows that it is there.
    fn is_new_key(&self, at: NodeId, key: &'a Expr) -> bool {
        !self.is_own_key(key) && !self.is_part_of_value(key) && !self.is_known_key(at, key)
    }

    /// Whether the key is a part of this turn's value, of a loop that doesn't ask for keys: values often know under which key
    /// they are kept, as in `for user in users.values(): users[user.name] = …`.
    fn is_part_of_value(&self, key: &'a Expr) -> bool {
        let (Expr::Attribute(_) | Expr::Subscript(_)) = key else { return false };
        let symbol = root(key).as_name_expr().and_then(|name| self.model.symbol_of(name));
        symbol.is_some() && symbol == self.iterated.value
    }

    /// Whether the key is this turn's own, or that of another loop over the same thing.
    fn is_own_key(&self, key: &'a Expr) -> bool {
        if self.names_own(key) {
            return true;
        }
        let model = self.model;
        // Another loop, inside or around, over the same thing or a copy of it.
        let runs_over = |id: Option<NodeId>, iterable: &'a Expr| {
            let is_other =
                |id| id != self.region && (model.is_within(id, self.region) || model.is_within(self.region, id));
            id.is_some_and(is_other) && self.mentions(iterable)
        };
        let Some(symbol) = key.as_name_expr().and_then(|name| model.symbol_of(name)) else { return false };
        let mut bindings = model.bindings(symbol).filter(|binding| binding.is_executed());
        bindings.any(|binding| match binding.kind {
            BindingKind::For(node) => runs_over(model.id(node), &node.iter),
            BindingKind::Comprehension(node) => runs_over(model.id(node).and_then(|id| model.parent(id)), &node.iter),
            // `key, value = item`
            BindingKind::Unpacking(node) => {
                let first = node.targets.first().and_then(Expr::as_tuple_expr).and_then(|target| target.elts.first());
                let item = node.value.as_name_expr().and_then(|name| model.symbol_of(name));
                first.is_some_and(|first| model.expr_id(first) == binding.node)
                    && item.map(Own::FirstOf) == Some(self.iterated.own)
            }
            _ => binding.value().is_some_and(|value| self.names_own(value)),
        })
    }

    /// Whether an expression is this turn's key as the loop's target names it.
    fn names_own(&self, expr: &Expr) -> bool {
        let symbol_of = |expr: &Expr| expr.as_name_expr().and_then(|name| self.model.symbol_of(name));
        let named = match expr {
            Expr::Subscript(node) if is_zero(&node.slice) => symbol_of(&node.value).map(Own::FirstOf),
            _ => symbol_of(expr).map(Own::Name),
        };
        named == Some(self.iterated.own)
    }

    /// Whether the thing, or something made of it, is what `expr` runs over or looks into.
    fn mentions(&self, expr: &'a Expr) -> bool {
        let within = |part: &'a Expr| self.mentions(part);
        is_place(self.model, expr, self.iterated)
            || match expr {
                Expr::Call(node) => within(&node.func) || node.arguments.args.iter().any(within),
                Expr::Attribute(node) => within(&node.value),
                Expr::Subscript(node) => within(&node.value),
                Expr::Starred(node) => within(&node.value),
                Expr::BinOp(node) => within(&node.left) || within(&node.right),
                Expr::List(node) => node.elts.iter().any(within),
                Expr::Tuple(node) => node.elts.iter().any(within),
                Expr::Set(node) => node.elts.iter().any(within),
                Expr::ListComp(node) => node.generators.iter().any(|clause| within(&clause.iter)),
                Expr::SetComp(node) => node.generators.iter().any(|clause| within(&clause.iter)),
                Expr::Generator(node) => node.generators.iter().any(|clause| within(&clause.iter)),
                _ => false,
            }
    }

    /// Whether the file shows that the thing has the key: a test, an earlier look-up or assignment, or the display that made it.
    fn is_known_key(&self, at: NodeId, key: &'a Expr) -> bool {
        let model = self.model;
        let same_key = |other: &Expr| ComparableExpr::from(other) == ComparableExpr::from(key);
        let Some(statement) = model.statement(at) else { return false };
        let shows = |(id, node): (NodeId, AnyNodeRef<'a>)| match node {
            AnyNodeRef::ExprCompare(test) => match (&*test.left, &*test.ops, &*test.comparators) {
                (left, [CmpOp::In], [right]) => same_key(left) && self.mentions(right),
                (left, [CmpOp::NotIn], [right]) => {
                    same_key(left) && self.mentions(right) && !stands_under(model, at, id)
                }
                // `if key == "total": d["total"] = 0`
                (left, [CmpOp::Eq], [right]) => {
                    same_key(left) && self.names_own(right) || self.names_own(left) && same_key(right)
                }
                _ => false,
            },
            AnyNodeRef::StmtMatch(node) => {
                let is_case = |case: &ast::MatchCase| {
                    case.pattern.as_match_value().is_some_and(|pattern| same_key(&pattern.value))
                };
                self.names_own(&node.subject) && node.cases.iter().any(is_case)
            }
            AnyNodeRef::ExprSubscript(item) => {
                item.ctx == ExprContext::Load
                    && (id < at || model.is_within(id, statement))
                    && same_key(&item.slice)
                    && !self.fills_gaps()
                    && is_place(model, &item.value, self.iterated)
            }
            _ => false,
        };
        model.descendants(self.region).any(shows) || self.is_made_with(key)
    }

    /// Whether the key was put in before the loop: by the display that made the dict, or by an assignment.
    fn is_made_with(&self, key: &'a Expr) -> bool {
        let model = self.model;
        let same_key = |other: &Expr| ComparableExpr::from(other) == ComparableExpr::from(key);
        let has_key = |value: &Expr| match value {
            Expr::Dict(node) => node.items.iter().any(|item| item.key.as_ref().is_some_and(same_key)),
            Expr::Set(node) => node.iter().any(same_key),
            _ => false,
        };
        let made = model.only_binding(self.iterated.place.symbols[0]).and_then(|binding| binding.value());
        if self.iterated.place.expr.is_name_expr() && made.is_some_and(has_key) {
            return true;
        }
        let scope = model.scope_of(self.region);
        let Some(body) = model.block_of(self.region) else { return false };
        let before = body.iter().take_while(|stmt| model.stmt_id(stmt) < self.region);
        before.flat_map(|stmt| model.descendants(model.stmt_id(stmt))).any(|(id, node)| match node {
            AnyNodeRef::ExprSubscript(item) => {
                item.ctx == ExprContext::Store
                    && model.scope_of(id) == scope
                    && same_key(&item.slice)
                    && is_place(model, &item.value, self.iterated)
            }
            _ => false,
        })
    }
}

/// Whether a dict may bring keys that are not there yet.
fn has_new_key<'a>(items: &'a Expr, is_new: impl Fn(&'a Expr) -> bool) -> bool {
    match items {
        Expr::Dict(node) => node.items.iter().any(|item| item.key.as_ref().is_none_or(&is_new)),
        _ => true,
    }
}

/// Whether `at` stands in the body of the `if` whose test is, or holds, `test`.
fn stands_under(model: &Model, at: NodeId, test: NodeId) -> bool {
    let Some(AnyNodeRef::StmtIf(node)) = model.statement(test).map(|id| model.node(id)) else { return false };
    model.is_within(test, model.expr_id(&node.test))
        && node.body.iter().any(|stmt| model.is_within(at, model.stmt_id(stmt)))
}

// ---- paths

/// The changes before which the name certainly has not got another object in the same turn.
fn still_iterated<'a>(model: &Model<'a>, region: NodeId, place: &Place<'a>, changes: &[Change]) -> Vec<Change> {
    struct Replaced<'m, 'a> {
        model: &'m Model<'a>,
        place: &'m Place<'a>,
        changes: &'m [Change],
        stale: Vec<NodeId>,
    }
    impl<'a> Analysis<'a> for Replaced<'_, 'a> {
        type State = bool;

        fn atom(&mut self, node: AnyNodeRef<'a>, is_replaced: &mut bool) -> Next {
            for change in self.changes.iter().filter(|change| self.model.atom_holds(node, change.at)) {
                if *is_replaced {
                    self.stale.push(change.at);
                }
            }
            // `rows += […]` binds the name to the very list that it changes.
            let is_itself = match node {
                AnyNodeRef::StmtAugAssign(node) => self.model.place(&node.target).is_some_and(|it| it == *self.place),
                _ => false,
            };
            *is_replaced |= !is_itself && self.model.replaces(node, self.place);
            Next::Continues
        }
    }
    let mut analysis = Replaced { model, place, changes, stale: Vec::new() };
    flow::run(model, &mut analysis, model.loop_body(region), false);
    changes.iter().filter(|change| !analysis.stale.contains(&change.at)).copied().collect()
}

/// Whether the body waits for others, who may end the loop.
fn waits(model: &Model, region: NodeId) -> bool {
    model.descendants(region).any(|(id, node)| {
        let waits = matches!(node, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) | AnyNodeRef::ExprAwait(_));
        waits && model.is_part_of_turn(id, region)
    })
}

/// Whether a loop inside, over the same thing, is the one that the change harms first.
fn is_for_inner_loop<'a>(model: &Model<'a>, region: NodeId, place: &Place<'a>, at: NodeId) -> bool {
    model.ancestors(at).take_while(|&around| around != region).any(|around| {
        let AnyNodeRef::StmtFor(node) = model.node(around) else { return false };
        !model.followed_by_a_turn(around, &[at]).is_empty()
            && iterated(model, &node.iter, None).iter().any(|inner| inner.place == *place)
    })
}

// ---- words

fn report<'a>(iterated: &Iterated<'a>, change: Change, header: TextRange, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let name = model.quoted(iterated.name);
    let copy = format!("loop over `list({})`", model.quoted(iterated.shown));
    let claim = match change.effect {
        Effect::Removes => format!("taking items out of `{name}` while looping over it skips some"),
        Effect::Inserts => format!("inserting into `{name}` while looping over it repeats items"),
        Effect::Grows => format!("this loop never ends, as each turn adds to `{name}`"),
        Effect::Raises => format!("`{name}` changes size while a loop runs over it: RuntimeError"),
        Effect::Either => format!("changing `{name}` while looping over it skips items or raises"),
    };
    let finding = Finding::new(change.range, format!("{claim}; {copy}"))
        .name("iterable", name.clone())
        .name("change", model.quoted(change.range))
        .related(iterated.shown.range(), format!("the loop runs over `{name}` itself, not over a copy"));
    let shown = iterated.shown.range();
    ctx.report(finding.steps(move |code| steps(&name, shown, header, change, code)));
}

fn steps(name: &str, shown: TextRange, header: TextRange, change: Change, code: &Code) -> Vec<Step> {
    let what = code.model.quoted(change.range);
    let (start, effect) = match change.effect {
        Effect::Removes => (
            format!("the loop keeps a position in `{name}`, no copy"),
            format!("`{what}` moves all that stands behind up by one place"),
        ),
        Effect::Inserts => (
            format!("the loop keeps a position in `{name}`, no copy"),
            format!("`{what}` moves what stands behind down by one place"),
        ),
        Effect::Grows => (
            format!("the loop ends when its position reaches the end of `{name}`"),
            format!("`{what}` puts the end one further, each time"),
        ),
        Effect::Raises => {
            (format!("the loop remembers how many items `{name}` has"), format!("`{what}` changes that number"))
        }
        Effect::Either => {
            (format!("the loop runs over `{name}` itself, not over a copy"), format!("`{what}` changes its size"))
        }
    };
    let result = match change.effect {
        Effect::Removes => "the next turn takes the next position, and the item that moved into this one is never seen",
        Effect::Inserts => "the next turn takes the next position, where an item stands that was there before",
        Effect::Grows => "so there is always one more item, until memory runs out",
        Effect::Raises => "the next turn notices, and raises `RuntimeError`",
        Effect::Either => "a list then skips an item, a dict or set raises `RuntimeError`",
    };
    vec![Step::new(shown, start), Step::new(change.range, effect), Step::new(header, result)]
}
