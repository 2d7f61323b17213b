//! Whether a `continue` brings a `while` loop back to its head with everything as it was, so that the next turn goes the same way.
//!
//! Along each path it is collected what the tests on the way depend on, and what the path changes. Where the two have
//! nothing in common, and no test asks something that can answer differently, the loop stands still.

mod turn;

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use self::turn::{Turn, Turns};
use super::flow::{self, constant_truth};
use super::model::{BindingKind, Model, NodeId};

/// A `continue` at which a loop stands still.
#[derive(Clone, Copy, Debug)]
pub struct Standstill<'a> {
    /// The `continue` statement.
    pub jump: NodeId,
    /// What the loop's condition reads and the loop changes, though not on this way: a name or an attribute.
    pub counter: &'a Expr,
    /// Where the loop changes it: a statement, or the name bound.
    pub update: NodeId,
}

impl<'a> Model<'a> {
    /// The `continue` statements at which `node` stands still, in source order.
    pub fn standstills(&self, node: &'a ast::StmtWhile) -> Vec<Standstill<'a>> {
        let Some(region) = self.id(node) else { return Vec::new() };
        let is_continue = |id: &NodeId| matches!(self.node(*id), AnyNodeRef::StmtContinue(_));
        let jumps: Vec<NodeId> = self.jumps_of(region).filter(is_continue).collect();
        if jumps.is_empty() || constant_truth(self, &node.test).is_some() {
            return Vec::new();
        }
        let counters = self.counters(node, region);
        if counters.is_empty() {
            return Vec::new();
        }
        let mut turns = Turns { model: self, jumps: &jumps, counters: &counters };
        let mut turn = Turn::default();
        turns.test(&node.test, true, &mut turn);
        let exits = flow::run(self, &mut turns, &node.body, turn);
        let mut stuck = exits.continues.unwrap_or_default().stuck;
        stuck.retain(|&jump| !self.can_leave_before(region, jump));
        let found = |&jump: &NodeId| {
            let after = counters.iter().find(|counter| counter.1 > jump);
            let &(counter, update) = after.or(counters.first())?;
            Some(Standstill { jump, counter, update })
        };
        stuck.iter().filter_map(found).collect()
    }

    /// What the condition reads and the body changes, each with the places that change it.
    fn counters(&self, node: &'a ast::StmtWhile, region: NodeId) -> Vec<(&'a Expr, NodeId)> {
        let mut read = Vec::new();
        operands(&node.test, &mut read);
        let is_in_guard = |id: NodeId| self.is_within(id, self.expr_id(&node.test));
        let mut counters = Vec::new();
        for expr in read {
            match expr {
                Expr::Name(name) => {
                    let Some(symbol) = self.symbol_of(name) else { continue };
                    let updates = self.rebindings(symbol, region).filter(|binding| {
                        let changes = matches!(
                            binding.kind,
                            BindingKind::Assignment(_)
                                | BindingKind::Annotated(_)
                                | BindingKind::Unpacking(_)
                                | BindingKind::Augmented(_)
                                | BindingKind::Walrus(_)
                        );
                        changes && !is_in_guard(binding.node)
                    });
                    counters.extend(updates.map(|binding| (expr, binding.node)));
                }
                _ => {
                    let wanted = ComparableExpr::from(expr);
                    let is_update = |(id, node): &(NodeId, AnyNodeRef<'a>)| match node {
                        AnyNodeRef::ExprAttribute(store) => {
                            store.ctx != ast::ExprContext::Load
                                && self.is_part_of_turn(*id, region)
                                && self.parent_of(*store).is_some_and(|statement| stores(statement, &wanted))
                        }
                        _ => false,
                    };
                    counters.extend(self.descendants(region).filter(is_update).map(|(id, _)| (expr, id)));
                }
            }
        }
        counters
    }

    /// Whether a `break`, `return`, `raise` or the end of the process stands before `jump` in the loop.
    fn can_leave_before(&self, region: NodeId, jump: NodeId) -> bool {
        let is_break = |id: &NodeId| *id < jump && matches!(self.node(*id), AnyNodeRef::StmtBreak(_));
        let leaves = |(id, node): (NodeId, AnyNodeRef<'a>)| {
            let leaves = match node {
                AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_) => true,
                AnyNodeRef::ExprCall(call) => self.process_end(call).is_some(),
                _ => false,
            };
            leaves && id < jump && self.is_part_of_turn(id, region)
        };
        self.jumps_of(region).any(|id| is_break(&id)) || self.descendants(region).any(leaves)
    }
}

/// The names and attributes of names that a condition is made of.
fn operands<'a>(test: &'a Expr, into: &mut Vec<&'a Expr>) {
    match test {
        Expr::Name(_) => into.push(test),
        Expr::Attribute(node) if node.value.is_name_expr() => into.push(test),
        Expr::Compare(node) => std::iter::once(&*node.left).chain(&node.comparators).for_each(|it| operands(it, into)),
        Expr::BoolOp(node) => node.values.iter().for_each(|it| operands(it, into)),
        Expr::UnaryOp(node) => operands(&node.operand, into),
        Expr::BinOp(node) => {
            operands(&node.left, into);
            operands(&node.right, into);
        }
        Expr::Subscript(node) => operands(&node.slice, into),
        _ => {}
    }
}

fn stores(statement: AnyNodeRef, wanted: &ComparableExpr) -> bool {
    match statement {
        AnyNodeRef::StmtAssign(node) => node.targets.iter().any(|target| ComparableExpr::from(target) == *wanted),
        AnyNodeRef::StmtAugAssign(node) => ComparableExpr::from(&*node.target) == *wanted,
        AnyNodeRef::StmtAnnAssign(node) => ComparableExpr::from(&*node.target) == *wanted,
        _ => false,
    }
}
