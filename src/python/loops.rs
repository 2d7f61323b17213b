//! What a loop or comprehension does to a variable with each turn.

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{AnyNodeRef, Comprehension, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::flow;
use super::model::{Binding, BindingKind, Model, NodeId, SymbolId};

/// How many functions and names are followed to show that a name gets the same value in every turn.
const MAX_STEPS: u8 = 4;

impl<'a> Model<'a> {
    /// The bindings of a variable that each turn of `region` (a loop or comprehension) executes. Without `except … as`, whose
    /// name lives no longer than its handler, and without `del`.
    pub fn rebindings(&self, symbol: SymbolId, region: NodeId) -> impl Iterator<Item = Binding<'a>> {
        self.bindings(symbol).copied().filter(move |binding| {
            binding.is_executed()
                && !matches!(binding.kind, BindingKind::Except(_) | BindingKind::Delete(_))
                && self.is_part_of_turn(binding.node, region)
        })
    }

    /// Whether `id` runs with each turn: inside the loop but not in its `else`, nor inside a function that the loop makes.
    pub fn is_part_of_turn(&self, id: NodeId, region: NodeId) -> bool {
        let mut child = id;
        for around in self.ancestors(id) {
            if around == region {
                return match self.node(region) {
                    AnyNodeRef::StmtFor(node) => !self.is_one_of(&node.orelse, child),
                    AnyNodeRef::StmtWhile(node) => !self.is_one_of(&node.orelse, child),
                    _ => true,
                };
            }
            if matches!(self.node(around), AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)) {
                return false;
            }
            child = around;
        }
        false
    }

    /// The `break` and `continue` statements of the loop itself: not those of loops inside, nor those in its `else`.
    pub fn jumps_of(&self, region: NodeId) -> impl Iterator<Item = NodeId> {
        self.descendants(region)
            .filter(|(_, node)| matches!(node, AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_)))
            .map(|(id, _)| id)
            .filter(move |&id| self.loops_around(id).next().is_some_and(|around| self.stmt_id(around) == region))
    }

    /// Whether a `break` of its own can end the loop.
    pub fn has_break(&self, region: NodeId) -> bool {
        self.jumps_of(region).any(|id| matches!(self.node(id), AnyNodeRef::StmtBreak(_)))
    }

    /// The loops and comprehensions that evaluate `id` anew in each turn, the innermost first: the bodies of `for` and `while`, a
    /// `while`'s test, all of a comprehension but its first iterable. Not those around the function that holds it.
    pub fn turns_around(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut child = id;
        let mut is_first_iterable = false;
        let in_frame = self.ancestors(id).map_while(move |around| {
            let inside = std::mem::replace(&mut child, around);
            let is = |expr: &Expr| self.expr_id(expr) == inside;
            let is_in_first_iterable = std::mem::take(&mut is_first_iterable);
            Some(match self.node(around) {
                AnyNodeRef::StmtFor(node) => self.is_one_of(&node.body, inside).then_some(around),
                AnyNodeRef::StmtWhile(node) => (is(&node.test) || self.is_one_of(&node.body, inside)).then_some(around),
                AnyNodeRef::Comprehension(node) => {
                    let generators = self.parent(around).map_or(&[][..], |it| generators_of(self.node(it)));
                    is_first_iterable = is(&node.iter) && generators.first().is_some_and(|it| std::ptr::eq(it, node));
                    None
                }
                AnyNodeRef::StmtFunctionDef(node) if self.is_one_of(&node.body, inside) => return None,
                AnyNodeRef::ExprLambda(node) if is(&node.body) => return None,
                node => (!generators_of(node).is_empty() && !is_in_first_iterable).then_some(around),
            })
        });
        in_frame.flatten()
    }

    /// Whether `id` is a statement of `block`.
    pub fn is_one_of(&self, block: &[Stmt], id: NodeId) -> bool {
        block.iter().any(|stmt| self.stmt_id(stmt) == id)
    }

    /// Whether all bindings of the loop give the name one and the same constant, function or outer value; also if there
    /// are none.
    pub fn is_same_in_every_turn(&self, symbol: SymbolId, region: NodeId) -> bool {
        self.is_same_within(symbol, region, MAX_STEPS)
    }

    fn is_same_within(&self, symbol: SymbolId, region: NodeId, steps: u8) -> bool {
        let mut bindings = self.rebindings(symbol, region);
        let Some(first) = bindings.next() else { return true };
        let Some(steps) = steps.checked_sub(1) else { return false };
        let mut others = bindings.peekable();
        if others.peek().is_some() {
            let constant = first.value().filter(|value| is_constant(value)).map(ComparableExpr::from);
            return constant.is_some()
                && others.all(|other| {
                    other
                        .value()
                        .is_some_and(|value| is_constant(value) && Some(ComparableExpr::from(value)) == constant)
                });
        }
        match (first.kind, first.value()) {
            (BindingKind::Function(node), _) => {
                node.decorator_list.is_empty() && self.reads_nothing_varying(symbol, node.range(), region, steps)
            }
            (_, Some(Expr::Name(name))) => {
                self.symbol_of(name).is_some_and(|source| self.is_same_within(source, region, steps))
            }
            (_, Some(value @ Expr::Lambda(_))) => self.reads_nothing_varying(symbol, value.range(), region, steps),
            (_, Some(value)) => is_constant(value),
            (_, None) => false,
        }
    }

    fn reads_nothing_varying(&self, own: SymbolId, range: TextRange, region: NodeId, steps: u8) -> bool {
        let reads = self.all_reads();
        let first = reads.partition_point(|read| !read.in_string && read.expr.start() < range.start());
        reads[first..].iter().take_while(|read| !read.in_string && read.expr.start() < range.end()).all(|read| {
            let symbol = self.symbol_of_read(read);
            symbol == own || self.is_same_within(symbol, region, steps)
        })
    }

    /// Whether a path leads from `at` to a rebinding of the variable without leaving the loop `region`.
    pub fn goes_round(&self, symbol: SymbolId, region: NodeId, at: NodeId) -> bool {
        if self.leaves_at_once(region, at) {
            return false;
        }
        let Some(block) = self.block_of(region) else { return true };
        let Some(index) = block.iter().position(|stmt| self.stmt_id(stmt) == region) else { return true };
        let rebindings: Vec<NodeId> = self.rebindings(symbol, region).map(|binding| binding.node).collect();
        flow::can_reach(self, &block[index..=index], at, &rebindings)
    }

    /// Whether `at` is in a `return`, or in a statement right before the `return` or `break` that ends the loop: nothing
    /// between them can raise.
    fn leaves_at_once(&self, region: NodeId, at: NodeId) -> bool {
        let Some(statement) = self.statement(at) else { return false };
        if let AnyNodeRef::StmtReturn(_) = self.node(statement) {
            return true;
        }
        let Some(block) = self.block_of(statement) else { return false };
        let index = block.iter().position(|stmt| self.stmt_id(stmt) == statement);
        match index.and_then(|index| block.get(index + 1)) {
            Some(Stmt::Return(_)) => true,
            Some(Stmt::Break(_)) => self.loops_around(statement).next().is_some_and(|it| self.stmt_id(it) == region),
            _ => false,
        }
    }
}

/// The `for` clauses of a comprehension.
fn generators_of<'a>(node: AnyNodeRef<'a>) -> &'a [Comprehension] {
    match node {
        AnyNodeRef::ExprListComp(node) => &node.generators,
        AnyNodeRef::ExprSetComp(node) => &node.generators,
        AnyNodeRef::ExprDictComp(node) => &node.generators,
        AnyNodeRef::ExprGenerator(node) => &node.generators,
        _ => &[],
    }
}

fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::UnaryOp(node) => is_constant(&node.operand),
        Expr::Tuple(node) => node.elts.iter().all(is_constant),
        _ => value.is_literal_expr(),
    }
}
