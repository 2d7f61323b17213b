//! Exceptions that the code around waits for: tests that want one, and handlers that are there for it.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr};
use ruff_text_size::Ranged;

use super::model::{Model, NodeId, ScopeKind};
use super::names::NEWEST_MINOR;

impl<'a> Model<'a> {
    /// Whether an exception is wanted at `at`: in a `with pytest.raises(…)` and its like, or in a function that is handed to
    /// `assertRaises`.
    pub fn wants_exception(&self, at: NodeId) -> bool {
        let is_in_block = self.blocks_around(at).any(|(around, inside)| match around {
            AnyNodeRef::StmtWith(node) => {
                self.is_one_of(&node.body, inside) && node.items.iter().any(|item| self.wants(&item.context_expr))
            }
            _ => false,
        });
        is_in_block || self.is_called_by_test(at)
    }

    fn is_called_by_test(&self, at: NodeId) -> bool {
        let scope = self.scope(self.function_scope(self.scope_of(at)));
        let ScopeKind::Function(_) = scope.kind else { return false };
        let Some(symbol) = self.symbol_bound_at(scope.node) else { return false };
        self.reads(symbol).any(|read| match self.parent_of(read.expr) {
            Some(AnyNodeRef::ExprCall(node)) => node.func.range() != read.expr.range() && self.is_wanting(node),
            _ => false,
        })
    }

    /// Whether the builtin exception `name`, raised at `at`, is what a `with` or a `try` around is there for: a handler or
    /// `contextlib.suppress` names this very class.
    pub fn expects(&self, at: NodeId, name: &str) -> bool {
        let names_it = |type_: &'a Expr| {
            let named = self.exceptions_named_by(type_, NEWEST_MINOR);
            named.classes.iter().any(|(_, class)| self.is_builtin(class, name))
        };
        let suppresses = |item: &'a ast::WithItem| {
            item.context_expr.as_call_expr().is_some_and(|call| {
                self.is_any_of(&call.func, &["contextlib.suppress"]) && call.arguments.args.iter().any(names_it)
            })
        };
        let is_there_for_it = |(around, inside): (AnyNodeRef<'a>, NodeId)| match around {
            AnyNodeRef::StmtTry(node) => {
                let handles =
                    |ExceptHandler::ExceptHandler(node): &'a ExceptHandler| node.type_.as_deref().is_some_and(names_it);
                self.is_one_of(&node.body, inside) && node.handlers.iter().any(handles)
            }
            AnyNodeRef::StmtWith(node) => self.is_one_of(&node.body, inside) && node.items.iter().any(suppresses),
            _ => false,
        };
        self.wants_exception(at) || self.blocks_around(at).any(is_there_for_it)
    }

    /// The nodes around `at` in the same scope, each with the one inside it that holds `at`.
    fn blocks_around(&self, at: NodeId) -> impl Iterator<Item = (AnyNodeRef<'a>, NodeId)> {
        let scope = self.function_scope(self.scope_of(at));
        let mut child = at;
        self.ancestors(at)
            .take_while(move |&around| self.function_scope(self.scope_of(around)) == scope)
            .map(move |around| (self.node(around), std::mem::replace(&mut child, around)))
    }

    /// Whether a context manager wants an exception.
    fn wants(&self, manager: &Expr) -> bool {
        manager.as_call_expr().is_some_and(|call| self.is_wanting(call))
    }

    fn is_wanting(&self, call: &ast::ExprCall) -> bool {
        match &*call.func {
            Expr::Attribute(method) => {
                matches!(method.attr.as_str(), "raises" | "assertRaises" | "assertRaisesRegex" | "assertRaisesRegexp")
            }
            callee => self.qualified_name(callee).is_some_and(|name| name.last() == "raises"),
        }
    }
}
