//! What the turns of a loop go through: whether another one follows, what each of them passes, what ends them.

use ruff_python_ast::{AnyNodeRef, ExceptHandlerExceptHandler, Stmt};
use smallvec::SmallVec;

use super::flow::{self, Analysis, Next, State};
use super::model::{Model, NodeId};

/// The places that a path has passed.
#[derive(Clone, Debug, Default)]
struct Passed(SmallVec<[NodeId; 4]>);

impl State for Passed {
    fn join(&mut self, other: &Self) -> bool {
        let before = self.0.len();
        for &place in &other.0 {
            if !self.0.contains(&place) {
                self.0.push(place);
            }
        }
        self.0.len() > before
    }
}

/// Collects what paths pass that come to the end of a turn.
struct Passing<'m, 'a> {
    model: &'m Model<'a>,
    places: &'m [NodeId],
}

impl<'a> Analysis<'a> for Passing<'_, 'a> {
    type State = Passed;

    fn atom(&mut self, node: AnyNodeRef<'a>, passed: &mut Passed) -> Next {
        for &place in self.places {
            if self.model.atom_holds(node, place) && !passed.0.contains(&place) {
                passed.0.push(place);
            }
        }
        self.model.next_after(node)
    }

    /// An exception out of the same `try` block leaves open whether the place had its effect.
    fn caught(&mut self, handler: &'a ExceptHandlerExceptHandler, passed: &mut Passed) {
        let around = self.model.id(handler).and_then(|id| self.model.parent(id));
        passed.0.retain(|place| around.is_none_or(|around| !self.model.is_within(*place, around)));
    }
}

/// Whether a path has missed all of the places.
struct Missing<'m, 'a> {
    model: &'m Model<'a>,
    places: &'m [NodeId],
}

impl<'a> Analysis<'a> for Missing<'_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, missed: &mut bool) -> Next {
        let passes = |&place: &NodeId| self.model.atom_holds(node, place) && self.model.is_unconditional(place);
        if self.places.iter().any(passes) {
            *missed = false;
        }
        self.model.next_after(node)
    }
}

impl<'a> Model<'a> {
    /// The body of the loop `region`; nothing for other nodes.
    pub fn loop_body(&self, region: NodeId) -> &'a [Stmt] {
        match self.node(region) {
            AnyNodeRef::StmtFor(node) => &node.body,
            AnyNodeRef::StmtWhile(node) => &node.body,
            _ => &[],
        }
    }

    /// Those of `places` after which another turn of the loop can follow: not behind every path stands a `break`, a
    /// `return`, or the like. Paths by which an exception comes out of the same `try` block don't count.
    pub fn followed_by_a_turn(&self, region: NodeId, places: &[NodeId]) -> Vec<NodeId> {
        let mut passing = Passing { model: self, places };
        let exits = flow::run(self, &mut passing, self.loop_body(region), Passed::default());
        let mut followed = exits.falls.unwrap_or_default();
        followed.join(&exits.continues.unwrap_or_default());
        followed.0.into_vec()
    }

    /// Whether each turn of the loop that comes to its end has certainly passed one of `places`.
    pub fn every_turn_passes(&self, region: NodeId, places: &[NodeId]) -> bool {
        let exits = flow::run(self, &mut Missing { model: self, places }, self.loop_body(region), true);
        exits.falls != Some(true) && exits.continues != Some(true)
    }

    /// Whether a statement of the body can end the loop: `break`, `return`, `raise`, or the end of the process.
    pub fn can_be_left(&self, region: NodeId) -> bool {
        let mut end = Ends { model: self, found: false };
        let exits = flow::run(self, &mut end, self.loop_body(region), true);
        end.found || exits.breaks.or(exits.returns).or(exits.raises).is_some()
    }

    /// Whether a path goes on after an atom: not after `sys.exit()`.
    pub fn next_after(&self, atom: AnyNodeRef<'a>) -> Next {
        let AnyNodeRef::StmtExpr(stmt) = atom else { return Next::Continues };
        let ends = stmt.value.as_call_expr().is_some_and(|call| self.process_end(call).is_some());
        if ends { Next::Ends } else { Next::Continues }
    }
}

/// Looks for the end of the process.
struct Ends<'m, 'a> {
    model: &'m Model<'a>,
    found: bool,
}

impl<'a> Analysis<'a> for Ends<'_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, _: &mut bool) -> Next {
        let next = self.model.next_after(node);
        self.found |= next == Next::Ends;
        next
    }
}
