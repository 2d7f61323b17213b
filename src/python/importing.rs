//! What runs when a module is imported: its top level, but not what a condition decides.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use super::flow::constant_truth;
use super::model::{Model, NodeId, ScopeId, ScopeKind};

impl<'a> Model<'a> {
    /// Whether an import of the module is sure to evaluate `id`, as long as nothing before it raises: it stands in no function,
    /// and no `if`, handler or operand decides.
    pub fn runs_at_import(&self, id: NodeId) -> bool {
        let is_top_level = self.scope_chain(self.scope_of(id)).all(|scope| {
            let kind = self.scope(scope).kind;
            let runs_at_once = matches!(kind, ScopeKind::Module | ScopeKind::Class(_)) || kind.is_comprehension();
            runs_at_once && !matches!(kind, ScopeKind::Generator(_))
        });
        if !is_top_level {
            return false;
        }
        let mut child = id;
        self.ancestors(id).all(|ancestor| {
            let inside = std::mem::replace(&mut child, ancestor);
            let is = |expr: &Expr| self.expr_id(expr) == inside;
            match self.node(ancestor) {
                AnyNodeRef::StmtIf(node) => is(&node.test),
                AnyNodeRef::StmtWhile(node) => is(&node.test) || constant_truth(self, &node.test) == Some(true),
                AnyNodeRef::ExprIf(node) => is(&node.test),
                AnyNodeRef::ExprBoolOp(node) => node.values.first().is_some_and(is),
                AnyNodeRef::ElifElseClause(_)
                | AnyNodeRef::ExceptHandlerExceptHandler(_)
                | AnyNodeRef::MatchCase(_) => false,
                _ => true,
            }
        }) && !self.leaves_when_imported(id)
    }

    /// Whether the module gives up before `id` when it is imported: `if __name__ != "__main__": raise …`.
    fn leaves_when_imported(&self, id: NodeId) -> bool {
        let Some(name) = self.lookup_builtin("__name__") else { return false };
        let start = self.node(id).start();
        self.reads(name).filter(|read| read.expr.start() < start && read.scope == ScopeId::MODULE).any(|read| {
            let statement = self.statement(read.node).map(|statement| self.node(statement));
            matches!(statement, Some(AnyNodeRef::StmtIf(node)) if node.body.last().is_some_and(|last| self.leaves(last)))
        })
    }

    fn leaves(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Raise(_) => true,
            Stmt::Expr(node) => match &*node.value {
                Expr::Call(call) => {
                    self.is_any_of(&call.func, &["sys.exit", "os._exit", "builtins.exit", "builtins.quit"])
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The statement of the module itself that holds `id`.
    pub fn top_level_statement(&self, id: NodeId) -> Option<NodeId> {
        let is_top =
            |&id: &NodeId| self.parent(id).is_some_and(|parent| matches!(self.node(parent), AnyNodeRef::ModModule(_)));
        std::iter::once(id).chain(self.ancestors(id)).find(is_top)
    }

    /// The calls of a builtin: by its name, another name for it, or as `builtins.name`.
    pub fn calls_of_builtin(&self, name: &str) -> Vec<&'a ast::ExprCall> {
        let own = self.lookup_builtin(name).into_iter().flat_map(|symbol| self.reads(symbol)).map(|read| read.node);
        let mut places: Vec<NodeId> = own.collect();
        let aliases: Vec<_> = places.iter().filter_map(|&id| self.assigned_symbol(id)).collect();
        places.extend(aliases.into_iter().flat_map(|symbol| self.reads(symbol)).map(|read| read.node));
        if let Some(module) = self.lookup(ScopeId::MODULE, "builtins") {
            let attributes = self.reads(module).filter_map(|read| self.parent(read.node));
            places.extend(attributes.filter(|&id| matches!(self.node(id), AnyNodeRef::ExprAttribute(_))));
        }
        let calls = places.into_iter().filter_map(|id| self.call_of(id));
        calls.filter(|call| self.is_builtin(&call.func, name)).collect()
    }

    /// The call of the expression `id`.
    pub fn call_of(&self, id: NodeId) -> Option<&'a ast::ExprCall> {
        match self.node(self.parent(id)?) {
            AnyNodeRef::ExprCall(call) if self.expr_id(&call.func) == id => Some(call),
            _ => None,
        }
    }
}
