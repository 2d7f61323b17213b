//! Where of a value only the truth matters: tests, `not`, operands of `and` and `or`, predicates.

use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, Expr, UnaryOp};
use ruff_text_size::Ranged;

use super::model::{Model, NodeId};

/// How the truth of a value is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    /// The `not` right in front of it.
    pub negation: Option<&'a ast::ExprUnaryOp>,
    /// The walrus that keeps the value besides.
    pub walrus: Option<&'a ast::ExprNamed>,
    /// The operator that gives the value itself to others where it decides: `x and y`, `x or y` outside of a test.
    pub goes_on: Option<BoolOp>,
}

impl Tested<'_> {
    const PLAIN: Tested<'static> = Tested { negation: None, walrus: None, goes_on: None };
}

impl<'a> Model<'a> {
    /// How the truth of the expression `id` is asked for; `None` if its value is used.
    pub fn tested(&self, id: NodeId) -> Option<Tested<'a>> {
        let range = self.node(id).range();
        let parent = self.parent(id)?;
        let is = |expr: &Expr| expr.range() == range;
        let is_test = match self.node(parent) {
            AnyNodeRef::StmtIf(node) => is(&node.test),
            AnyNodeRef::StmtWhile(node) => is(&node.test),
            AnyNodeRef::StmtAssert(node) => is(&node.test),
            AnyNodeRef::ElifElseClause(node) => node.test.as_ref().is_some_and(is),
            AnyNodeRef::MatchCase(node) => node.guard.as_deref().is_some_and(is),
            AnyNodeRef::Comprehension(node) => node.ifs.iter().any(is),
            AnyNodeRef::ExprIf(node) if !is(&node.test) => return self.tested(parent),
            AnyNodeRef::ExprIf(_) => true,
            AnyNodeRef::ExprUnaryOp(node) if node.op == UnaryOp::Not => {
                return Some(Tested { negation: Some(node), ..Tested::PLAIN });
            }
            AnyNodeRef::ExprNamed(node) if is(&node.value) => {
                return Some(Tested { walrus: Some(node), ..self.tested(parent)? });
            }
            AnyNodeRef::ExprBoolOp(node) => {
                let around = self.tested(parent);
                if node.values.last().is_some_and(is) {
                    return around.map(|around| Tested { negation: None, ..around });
                }
                let is_dropped = matches!(self.node(self.parent(parent)?), AnyNodeRef::StmtExpr(_));
                let goes_on = (around.is_none() && !is_dropped).then_some(node.op);
                return Some(Tested { goes_on, ..Tested::PLAIN });
            }
            AnyNodeRef::ExprCall(node) => self.is_builtin(&node.func, "bool"),
            AnyNodeRef::ExprGenerator(node) => is(&node.elt) && self.is_asked_of_all(parent),
            AnyNodeRef::ExprListComp(node) => is(&node.elt) && self.is_asked_of_all(parent),
            AnyNodeRef::ExprSetComp(node) => is(&node.elt) && self.is_asked_of_all(parent),
            AnyNodeRef::ExprLambda(node) => is(&node.body) && self.is_predicate(parent),
            _ => false,
        };
        is_test.then_some(Tested::PLAIN)
    }

    /// Whether a comprehension is what `any()` or `all()` gets.
    fn is_asked_of_all(&self, comprehension: NodeId) -> bool {
        matches!(self.parent(comprehension).map(|call| self.node(call)), Some(AnyNodeRef::ExprCall(call))
            if matches!(self.builtin_name(&call.func), Some("any" | "all")))
    }

    /// Whether a lambda is the predicate of `filter()` and its like.
    fn is_predicate(&self, lambda: NodeId) -> bool {
        let Some(AnyNodeRef::ExprCall(call)) = self.parent(lambda).map(|call| self.node(call)) else { return false };
        let names = ["builtins.filter", "itertools.filterfalse", "itertools.takewhile", "itertools.dropwhile"];
        call.arguments.args.first().is_some_and(|first| self.expr_id(first) == lambda)
            && self.is_any_of(&call.func, &names)
    }
}
