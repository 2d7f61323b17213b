//! Code that bears an exception: it catches it, drops it, or is a test that wants it raised.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr};

use super::exceptions::last_name;
use super::hierarchy::{ExceptionClass, Lineage};
use super::model::{Model, NodeId};
use super::names::NEWEST_MINOR;

/// Context managers, and functions that call their argument, which expect what they are told to: by their last name.
const BEARING: &[&str] = &[
    "assertRaises",
    "assertRaisesMessage",
    "assertRaisesRegex",
    "assertRaisesRegexp",
    "assert_raises",
    "assert_raises_regex",
    "expect_raises",
    "raises",
    "raises_regex",
];

/// Decorators of tests that are known to fail.
const FAILING: &[&str] = &["expectedFailure", "xfail"];

impl<'a> Model<'a> {
    /// Whether the code around `id` bears the builtin exception `name` there: a `try` with a handler for it,
    /// `contextlib.suppress`, `pytest.raises`, `assertRaises`, a test marked as failing. A handler that can't be resolved may be
    /// one for it.
    pub fn tolerates(&self, id: NodeId, name: &'static str) -> bool {
        let raised = self.exception_lineage(ExceptionClass::Library(name), NEWEST_MINOR);
        let handles = |ExceptHandler::ExceptHandler(handler): &'a ExceptHandler| {
            let type_ = handler.type_.as_deref();
            type_.is_none_or(|type_| self.exceptions_named_by(type_, NEWEST_MINOR).may_catch(&raised))
        };
        let allows = |item: &'a ast::WithItem| {
            item.context_expr.as_call_expr().is_some_and(|call| self.call_tolerates(call, &raised))
        };
        let mut child = id;
        // In a lambda, only those count that call it.
        let mut is_deferred = false;
        for around in self.ancestors(id) {
            match self.node(around) {
                AnyNodeRef::StmtTry(node)
                    if !is_deferred && self.is_one_of(&node.body, child) && node.handlers.iter().any(handles) =>
                {
                    return true;
                }
                AnyNodeRef::StmtWith(node)
                    if !is_deferred && self.is_one_of(&node.body, child) && node.items.iter().any(allows) =>
                {
                    return true;
                }
                AnyNodeRef::ExprCall(call) if is_deferred && self.call_tolerates(call, &raised) => return true,
                AnyNodeRef::ExprLambda(_) => is_deferred = true,
                AnyNodeRef::StmtFunctionDef(node) if self.is_one_of(&node.body, child) => {
                    return node.decorator_list.iter().any(is_failing);
                }
                _ => {}
            }
            child = around;
        }
        false
    }

    fn call_tolerates(&self, call: &'a ast::ExprCall, raised: &Lineage<'a>) -> bool {
        let arguments = &call.arguments;
        let classes = match last_name(&call.func) {
            Some("suppress") => &*arguments.args,
            // A message or what is to be called comes after the class.
            Some(callee) if BEARING.contains(&callee) => arguments.args.get(..1).unwrap_or_default(),
            _ => return false,
        };
        let by_name = arguments.find_keyword("expected_exception").map(|keyword| &keyword.value);
        classes.iter().chain(by_name).any(|class| self.exceptions_named_by(class, NEWEST_MINOR).may_catch(raised))
    }
}

fn is_failing(decorator: &ast::Decorator) -> bool {
    let function = match &decorator.expression {
        Expr::Call(call) => &call.func,
        function => function,
    };
    last_name(function).is_some_and(|name| FAILING.contains(&name))
}
