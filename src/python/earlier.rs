//! What reaches a bare `except:`, once the clauses before it have taken theirs, and what of that it loses.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::exceptions::{Exceptions, ProcessEnd};
use super::flow::{self, Analysis, Next};
use super::handler::{Clause, Outcome};
use super::model::{Model, ScopeFlags};

/// What the clauses before it do.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// Caught by a clause that leaves on every path: the request to stop is heard.
    pub passed_on: Exceptions,
    /// Caught by any clause.
    pub named: Exceptions,
    /// Whether one of them catches every error, so that `except Exception:` could never be reached.
    pub has_exception: bool,
}

impl Earlier {
    fn of<'a>(model: &Model<'a>, node: &'a ast::StmtTry) -> Self {
        let mut earlier = Earlier { passed_on: Exceptions::empty(), named: Exceptions::empty(), has_exception: false };
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            let Some(type_) = handler.type_.as_deref() else { continue };
            let caught = model.exceptions_caught_by(type_);
            earlier.named |= caught;
            earlier.has_exception |= model.catches_every_error(type_);
            // Behind `except BaseException` nothing arrives any more.
            if caught == Exceptions::all() || (caught.intersects(Exceptions::STOP) && leaves(model, &handler.body)) {
                earlier.passed_on |= caught;
            }
        }
        earlier
    }
}

/// Whether every path through `body` raises, ends the process, returns or breaks out of a loop.
fn leaves<'a>(model: &Model<'a>, body: &'a [Stmt]) -> bool {
    struct Plain<'m, 'a>(&'m Model<'a>);
    impl<'a> Analysis<'a> for Plain<'_, 'a> {
        type State = bool;
        fn atom(&mut self, node: AnyNodeRef<'a>, _: &mut bool) -> Next {
            if statement_ends_process(self.0, node).is_some() { Next::Raises } else { Next::Continues }
        }
    }
    let exits = flow::run(model, &mut Plain(model), body, true);
    exits.falls.is_none() && exits.continues.is_none()
}

/// The call that makes up the statement `node` and ends the process.
pub fn statement_ends_process(model: &Model, node: AnyNodeRef) -> Option<ProcessEnd> {
    let AnyNodeRef::StmtExpr(stmt) = node else { return None };
    model.process_end(stmt.value.as_call_expr()?)
}

impl<'a> Clause<'a> {
    /// What a bare `except:` makes of the requests to stop that reach it; `None` if it loses none of them.
    pub fn requests_lost(self, model: &Model<'a>) -> Option<(Earlier, Outcome)> {
        let earlier = Earlier::of(model, self.node);
        let caught = self.catchable(model) - earlier.passed_on;
        let outcome = caught.intersects(Exceptions::STOP).then(|| self.outcome(model, caught))??;
        Some((earlier, outcome))
    }

    /// What can arrive at the clause: a task is cancelled only in a coroutine, a generator closed only at a `yield`.
    fn catchable(self, model: &Model) -> Exceptions {
        let mut catchable = Exceptions::KEYBOARD_INTERRUPT | Exceptions::SYSTEM_EXIT | Exceptions::ERROR;
        let flags = model.scope_flags(self.scope(model));
        catchable.set(Exceptions::CANCELLED, flags.contains(ScopeFlags::ASYNC));
        let is_generator = flags.contains(ScopeFlags::GENERATOR);
        catchable.set(Exceptions::GENERATOR_EXIT, is_generator && self.pause(model, is_yield).is_some());
        catchable
    }

    /// The first node in the body of the `try`, of this function, that `wanted` picks.
    pub fn pause(self, model: &Model<'a>, wanted: fn(AnyNodeRef) -> bool) -> Option<TextRange> {
        let scope = self.scope(model);
        self.node.body.iter().find_map(|stmt| {
            let id = model.stmt_id(stmt);
            std::iter::once((id, model.node(id)))
                .chain(model.descendants(id))
                .find(|&(id, node)| wanted(node) && model.function_scope(model.scope_of(id)) == scope)
                .map(|(_, node)| node.range())
        })
    }
}

/// Whether a node hands a value out of a generator, and waits there.
pub fn is_yield(node: AnyNodeRef) -> bool {
    matches!(node, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_))
}
