//! How long a list or other collection is: as it is written, and by what is done to the variable that holds it.

use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, CmpOp, Expr, ExprContext, Operator};
use ruff_text_size::TextRange;

use super::model::{BindingKind, Model, NodeId, Read, ScopeId, SymbolId};
use super::mutable::is_changing_method;
use super::values::Items;

/// What becomes of the list that a variable holds, over all places that bind or read it.
#[derive(Clone, Debug, Default)]
pub struct Growth<'a> {
    /// The most elements it can have, if all that is known of it is written out.
    pub most: Option<usize>,
    /// The first place where an element is added, as often as a loop or a caller likes.
    pub added: Option<TextRange>,
    /// The elements that are added one by one.
    pub elements: Vec<&'a Expr>,
    /// The places that take something out of it, empty it or replace all it holds.
    pub shrunk: Vec<NodeId>,
    /// Whether its order is of use: it is sorted, searched by bisection, or asked for positions.
    pub is_ordered: bool,
}

/// What one use does to the list.
enum Change<'a> {
    Adds(Addition<'a>),
    Shrinks,
    Orders,
    /// It goes where more may be added.
    Escapes,
    None,
}

/// What is added.
enum Addition<'a> {
    Element(&'a Expr),
    /// So many, if that is known.
    All(Option<usize>),
}

impl<'a> Model<'a> {
    /// How many items `expr` has at most, where that is written out: a display, a `range` of constants, words that are split, or
    /// a name that is bound to such a thing and gets no more.
    pub fn length_of(&self, expr: &Expr) -> Option<usize> {
        self.length(expr, true)
    }

    fn length(&self, expr: &Expr, of_names: bool) -> Option<usize> {
        let of_display = |elements: &[Expr]| (!elements.iter().any(Expr::is_starred_expr)).then_some(elements.len());
        match expr {
            Expr::List(node) => of_display(&node.elts),
            Expr::Tuple(node) => of_display(&node.elts),
            Expr::Set(node) => of_display(&node.elts),
            Expr::Dict(node) => node.items.iter().all(|item| item.key.is_some()).then_some(node.items.len()),
            Expr::Call(call) => {
                let arguments = &*call.arguments.args;
                if let Expr::Attribute(method) = &*call.func {
                    return words(method).filter(|_| call.arguments.is_empty());
                }
                match (self.builtin_name(&call.func)?, arguments) {
                    ("range", _) => range_length(arguments),
                    ("zip", _) => arguments.iter().filter_map(|argument| self.length(argument, of_names)).min(),
                    ("list" | "tuple" | "set" | "frozenset" | "dict", []) if call.arguments.is_empty() => Some(0),
                    (
                        "enumerate" | "reversed" | "sorted" | "list" | "tuple" | "set" | "frozenset" | "iter",
                        [first, ..],
                    ) => self.length(first, of_names),
                    _ => None,
                }
            }
            Expr::Name(name) if of_names => match &self.union_of(expr).single()?.items {
                Items::Positions(elements) => Some(elements.len()),
                _ => self.growth_of(self.symbol_of(name)?).most,
            },
            _ => None,
        }
    }

    /// Whether a test around `id` lets only a list of at most `few` elements come there: `len(xs) == 3 and …`,
    /// `if len(xs) < 5:`.
    pub fn is_kept_short(&self, symbol: SymbolId, id: NodeId, few: usize) -> bool {
        self.reads(symbol).filter_map(|read| self.length_test(read, few)).any(|test| {
            let is_and =
                |around: &NodeId| matches!(self.node(*around), AnyNodeRef::ExprBoolOp(node) if node.op == BoolOp::And);
            let whole = self.ancestors(test).take_while(is_and).last().unwrap_or(test);
            let guarded = match self.parent(whole).map(|parent| self.node(parent)) {
                Some(AnyNodeRef::StmtIf(node)) if self.expr_id(&node.test) == whole => {
                    node.body.iter().map(|stmt| self.stmt_id(stmt)).any(|stmt| self.is_within(id, stmt))
                }
                _ => false,
            };
            guarded || whole != test && self.is_within(id, whole) && id > test
        })
    }

    /// The comparison of the list's length with a small number that is the upper bound.
    fn length_test(&self, read: &Read<'a>, few: usize) -> Option<NodeId> {
        let call = self.parent(read.node)?;
        let AnyNodeRef::ExprCall(node) = self.node(call) else { return None };
        let AnyNodeRef::ExprCompare(compare) = self.node(self.parent(call)?) else { return None };
        let [op @ (CmpOp::Eq | CmpOp::Lt | CmpOp::LtE)] = &*compare.ops else { return None };
        let [bound] = &*compare.comparators else { return None };
        let most = usize::try_from(whole_number(bound)?).ok()?;
        let is_upper = self.expr_id(&compare.left) == call && most <= few + usize::from(*op == CmpOp::Lt);
        (is_upper && self.is_builtin(&node.func, "len")).then(|| self.parent(call))?
    }

    /// Whether the code handles what the variable holds as a list, dict or set: it sets or deletes items, or calls methods that
    /// only these have.
    pub fn is_handled_as_container(&self, symbol: SymbolId) -> bool {
        self.reads(symbol).any(|read| match self.parent(read.node).map(|parent| self.node(parent)) {
            Some(AnyNodeRef::ExprSubscript(node)) => {
                node.ctx != ExprContext::Load && self.expr_id(&node.value) == read.node
            }
            Some(AnyNodeRef::ExprAttribute(node)) => {
                let name = node.attr.as_str();
                is_changing_method(name) && name != "close" || matches!(name, "items" | "keys" | "values")
            }
            _ => false,
        })
    }

    /// What becomes of the list that the variable holds.
    pub fn growth_of(&self, symbol: SymbolId) -> Growth<'a> {
        let mut growth = Growth { most: Some(0), ..Growth::default() };
        let mut escapes = false;
        for binding in self.bindings(symbol).filter(|binding| binding.is_executed()) {
            match binding.kind {
                BindingKind::Augmented(node) => {
                    let addition = Addition::All(self.length(&node.value, false).filter(|_| node.op == Operator::Add));
                    self.add(&mut growth, addition, binding.node, binding.range, binding.scope, symbol);
                }
                _ => {
                    let length = binding.value().and_then(|value| self.length(value, false));
                    growth.most = growth.most.zip(length).map(|(most, length)| most.max(length));
                    growth.is_ordered |= binding.value().is_some_and(|value| self.is_sorted_list(value));
                }
            }
        }
        for read in self.reads(symbol).filter(|read| !read.in_string) {
            match self.change_by(read) {
                Change::Adds(addition) => {
                    self.add(&mut growth, addition, read.node, read.expr.range, read.scope, symbol);
                }
                Change::Shrinks => growth.shrunk.push(read.node),
                Change::Orders => growth.is_ordered = true,
                Change::Escapes => escapes = true,
                Change::None => {}
            }
        }
        // Whoever is handed an empty list is likely to fill it.
        if escapes && growth.most == Some(0) {
            growth.most = None;
        }
        growth
    }

    fn add(
        &self,
        growth: &mut Growth<'a>,
        addition: Addition<'a>,
        at: NodeId,
        range: TextRange,
        scope: ScopeId,
        symbol: SymbolId,
    ) {
        let count = match addition {
            Addition::Element(element) => {
                growth.elements.push(element);
                Some(1)
            }
            Addition::All(count) => count,
        };
        let is_once = scope == self.symbol_scope(symbol) && self.turns_around(at).next().is_none();
        match (count, growth.most) {
            (Some(count), Some(most)) if is_once => growth.most = Some(most + count),
            _ => {
                growth.most = None;
                growth.added.get_or_insert(range);
            }
        }
    }

    fn is_sorted_list(&self, value: &Expr) -> bool {
        matches!(value, Expr::Call(call) if self.is_builtin(&call.func, "sorted"))
    }

    fn change_by(&self, read: &Read<'a>) -> Change<'a> {
        let Some(parent) = self.parent(read.node) else { return Change::None };
        match self.node(parent) {
            AnyNodeRef::ExprAttribute(attribute) => {
                let Some(AnyNodeRef::ExprCall(call)) = self.parent_of(attribute) else { return Change::Escapes };
                match (attribute.attr.as_str(), &*call.arguments.args) {
                    ("append" | "appendleft", [element]) | ("insert", [_, element]) => {
                        Change::Adds(Addition::Element(element))
                    }
                    ("extend" | "extendleft", [elements]) => Change::Adds(Addition::All(self.length(elements, false))),
                    ("clear" | "pop" | "popleft" | "remove", _) => Change::Shrinks,
                    ("index" | "sort", _) => Change::Orders,
                    _ => Change::None,
                }
            }
            AnyNodeRef::ExprSubscript(node) if self.expr_id(&node.value) == read.node && node.slice.is_slice_expr() => {
                let Expr::Slice(slice) = &*node.slice else { return Change::None };
                let is_whole = slice.lower.is_none() && slice.upper.is_none();
                match node.ctx {
                    ExprContext::Load => Change::None,
                    ExprContext::Del => Change::Shrinks,
                    _ if is_whole => Change::Shrinks,
                    _ => Change::Adds(Addition::All(None)),
                }
            }
            AnyNodeRef::ExprSubscript(node) if node.ctx == ExprContext::Del => Change::Shrinks,
            AnyNodeRef::ExprCall(call) if self.expr_id(&call.func) != read.node => {
                let Some(path) = self.qualified_name(&call.func) else { return Change::Escapes };
                match (path.builtin(), path.as_str()) {
                    (Some("sorted"), _) => Change::Orders,
                    (Some(_), _) => Change::None,
                    (_, path) if path.starts_with("bisect.") || path.starts_with("heapq.") => Change::Orders,
                    _ => Change::Escapes,
                }
            }
            AnyNodeRef::Keyword(_) => Change::Escapes,
            _ => Change::None,
        }
    }
}

/// How many numbers `range` with these arguments gives, if they are constants.
fn range_length(arguments: &[Expr]) -> Option<usize> {
    let (start, stop) = match arguments {
        [stop] => (0, whole_number(stop)?),
        [start, stop] => (whole_number(start)?, whole_number(stop)?),
        _ => return None,
    };
    usize::try_from(stop.saturating_sub(start).max(0)).ok()
}

fn whole_number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::NumberLiteral(ast::ExprNumberLiteral { value: ast::Number::Int(value), .. }) => value.as_i64(),
        _ => None,
    }
}

/// How many words `"a b c".split` gives without arguments.
fn words(method: &ast::ExprAttribute) -> Option<usize> {
    let Expr::StringLiteral(text) = &*method.value else { return None };
    matches!(method.attr.as_str(), "split" | "rsplit").then(|| text.value.to_str().split_whitespace().count())
}
