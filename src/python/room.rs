//! The room that a model takes, kept by each thread from one file to the next: fresh memory costs more than all that is written
//! into it. Only capacity is kept, never content.

use std::cell::Cell;

use hashbrown::HashTable;
use rustc_hash::FxHashMap;

use super::model::{Binding, Model, NameEntry, NameId, NodeEntry, NodeId, Read, Scope, ScopeId, Symbol, SymbolId};

/// A thread gives back what a very large file took: nodes beyond this many (24 bytes each).
const MOST_NODES: usize = 1 << 19;

/// Empty collections with room in them.
#[derive(Default)]
pub(super) struct Room<'a> {
    pub(super) nodes: Vec<NodeEntry<'a>>,
    pub(super) wanted: Vec<NodeId>,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) symbols: Vec<Symbol>,
    pub(super) bindings: Vec<Binding<'a>>,
    pub(super) reads: Vec<Read<'a>>,
    pub(super) names: Vec<NameEntry<'a>>,
    pub(super) interned: HashTable<NameId>,
    pub(super) in_scope: FxHashMap<(ScopeId, NameId), SymbolId>,
    pub(super) imports: Vec<NodeId>,
    pub(super) decorators: Vec<NodeId>,
    pub(super) stored_attributes: Vec<NodeId>,
    pub(super) returns: Vec<NodeId>,
    pub(super) class_tests: Vec<NodeId>,
}

thread_local! {
    static SPARE: Cell<Option<Box<Room<'static>>>> = const { Cell::new(None) };
}

impl<'a> Room<'a> {
    /// The room that this thread's last model left, or new one.
    pub(super) fn take(text: &str) -> Room<'a> {
        let mut room = SPARE.take().map_or_else(Room::default, |room| room.emptied());
        // About what real code needs: growing step by step would copy, and leave the smaller steps behind.
        room.nodes.reserve(text.len() / 6);
        room.reads.reserve(text.len() / 20);
        room
    }

    /// The same room for another tree. An empty vector collected into one of the same layout keeps its memory.
    fn emptied<'b>(self) -> Room<'b> {
        fn empty<T, U>(mut items: Vec<T>) -> Vec<U> {
            items.clear();
            items.into_iter().map(|_| unreachable!("it is empty")).collect()
        }
        let Room { mut symbols, mut interned, mut in_scope, .. } = self;
        symbols.clear();
        interned.clear();
        in_scope.clear();
        Room {
            nodes: empty(self.nodes),
            scopes: empty(self.scopes),
            bindings: empty(self.bindings),
            reads: empty(self.reads),
            names: empty(self.names),
            wanted: empty(self.wanted),
            symbols,
            interned,
            in_scope,
            imports: empty(self.imports),
            decorators: empty(self.decorators),
            stored_attributes: empty(self.stored_attributes),
            returns: empty(self.returns),
            class_tests: empty(self.class_tests),
        }
    }
}

impl Model<'_> {
    /// Leaves the model's room to the thread's next one. Dropping a model instead is no mistake, only slower.
    pub fn make_room(self) {
        if self.nodes.capacity() > MOST_NODES {
            return;
        }
        let room = Room {
            nodes: self.nodes,
            wanted: self.wanted,
            scopes: self.scopes,
            symbols: self.symbols,
            bindings: self.bindings,
            reads: self.reads,
            names: self.names,
            interned: self.interned,
            in_scope: self.in_scope,
            imports: self.imports,
            decorators: self.decorators,
            stored_attributes: self.stored_attributes,
            returns: self.returns,
            class_tests: self.class_tests,
        };
        SPARE.set(Some(Box::new(room.emptied())));
    }
}
