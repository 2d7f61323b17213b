//! Code that asks which Python runs it: tests of the version, or of whether a name exists, and what they guard.

use ruff_python_ast::{self as ast, AnyNodeRef, Decorator, Expr, Stmt};

use super::model::{Binding, Model, NodeId};

/// How many names are followed to a version test.
const MAX_STEPS: u8 = 4;

impl<'a> Model<'a> {
    /// Whether code at `id` runs only under some Python, or only if `name` exists: it stands in a branch of such a test, behind
    /// one that leaves, or in a function or class that is defined or decorated under one.
    pub fn is_version_dependent(&self, id: NodeId, name: &str) -> bool {
        let mut child = id;
        std::iter::once(id).chain(self.ancestors(id)).any(|around| {
            let inside = std::mem::replace(&mut child, around);
            self.is_guarded_by(around, inside, name) || self.is_behind_guard(around, name)
        })
    }

    /// Whether `around` makes what is `inside` depend on a test.
    fn is_guarded_by(&self, around: NodeId, inside: NodeId, name: &str) -> bool {
        let asks = |test: &Expr| self.asks_version(test, name);
        let decorated = |list: &[Decorator]| list.iter().any(|decorator| asks(&decorator.expression));
        match self.node(around) {
            AnyNodeRef::StmtIf(node) => {
                asks(&node.test) || node.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref()).any(asks)
            }
            AnyNodeRef::StmtWhile(node) => asks(&node.test),
            AnyNodeRef::ExprIf(node) => asks(&node.test),
            AnyNodeRef::ExprBoolOp(node) => node.values.iter().filter(|value| self.expr_id(value) != inside).any(asks),
            AnyNodeRef::Comprehension(node) => node.ifs.iter().any(asks),
            AnyNodeRef::ExprListComp(node) => node.generators.iter().flat_map(|part| &part.ifs).any(asks),
            AnyNodeRef::ExprSetComp(node) => node.generators.iter().flat_map(|part| &part.ifs).any(asks),
            AnyNodeRef::ExprDictComp(node) => node.generators.iter().flat_map(|part| &part.ifs).any(asks),
            AnyNodeRef::ExprGenerator(node) => node.generators.iter().flat_map(|part| &part.ifs).any(asks),
            AnyNodeRef::MatchCase(node) => node.guard.as_deref().is_some_and(asks),
            AnyNodeRef::StmtFunctionDef(node) => decorated(&node.decorator_list),
            AnyNodeRef::StmtClassDef(node) => decorated(&node.decorator_list),
            _ => false,
        }
    }

    /// Whether a statement stands behind `assert sys.version_info < (3,)` or `if sys.version_info >= (3,): return`.
    fn is_behind_guard(&self, id: NodeId, name: &str) -> bool {
        if !self.node(id).is_statement() {
            return false;
        }
        let Some(block) = self.block_of(id) else { return false };
        block.iter().take_while(|stmt| self.stmt_id(stmt) != id).any(|stmt| match stmt {
            Stmt::Assert(node) => self.asks_version(&node.test, name),
            Stmt::If(node) => self.asks_version(&node.test, name) && self.ends_by_leaving(&node.body),
            _ => false,
        })
    }

    fn ends_by_leaving(&self, body: &'a [Stmt]) -> bool {
        match body.last() {
            Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_)) => true,
            Some(Stmt::Expr(node)) => node.value.as_call_expr().is_some_and(|call| self.process_end(call).is_some()),
            _ => false,
        }
    }

    /// Whether a test asks for the version of Python, or for `name` as a string.
    fn asks_version(&self, test: &Expr, name: &str) -> bool {
        self.asks_within(test, name, MAX_STEPS)
    }

    fn asks_within(&self, test: &Expr, name: &str, steps: u8) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let id = self.expr_id(test);
        std::iter::once((id, self.node(id))).chain(self.descendants(id)).any(|(_, node)| match node {
            AnyNodeRef::ExprStringLiteral(text) => text.value.to_str() == name,
            AnyNodeRef::ExprName(node) => {
                speaks_of_version(node.id.as_str()) || self.expr_stands_for_version(node) || {
                    let binding = self.symbol_of(node).and_then(|symbol| self.only_binding(symbol));
                    binding.and_then(Binding::value).is_some_and(|value| self.asks_within(value, name, steps))
                }
            }
            AnyNodeRef::ExprAttribute(node) => {
                speaks_of_version(node.attr.as_str())
                    || matches!(
                        node.attr.as_str(),
                        "version_info" | "hexversion" | "python_version_tuple" | "python_version"
                    )
                    || node.attr.as_str() == "version" && self.is_any_of(&node.value, &["sys"])
            }
            _ => false,
        })
    }

    /// `version_info`, imported by name.
    fn expr_stands_for_version(&self, name: &ast::ExprName) -> bool {
        let paths = [
            "sys.version_info",
            "sys.version",
            "sys.hexversion",
            "platform.python_version",
            "platform.python_version_tuple",
        ];
        let qualified = self.symbol_of(name).and_then(|symbol| self.qualified_name_of(symbol));
        qualified.is_some_and(|name| paths.contains(&name.as_str()))
    }
}

/// Whether a name is one for a version test: `PY2`, `is_py3`, `IS_PYTHON_2`.
fn speaks_of_version(name: &str) -> bool {
    let plain = name.to_ascii_lowercase().replace('_', "");
    ["py2", "py3", "python2", "python3"].iter().any(|word| plain.contains(word))
}
