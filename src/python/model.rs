//! The semantic model: every node with its parent and scope, every name with what it is bound to and where it is read.
//!
//! Independent of statement order, as Python itself is: a name assigned anywhere in a function is local to all of it
//! (<https://docs.python.org/3/reference/executionmodel.html#naming-and-binding>). The model is proved against CPython's
//! `symtable` by `tests/symtable.rs`.

use std::cell::OnceCell;
use std::hash::BuildHasher;

use bitflags::bitflags;
use compact_str::CompactString;
use hashbrown::HashTable;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, HasNodeIndex, NodeKind, Stmt};
use ruff_python_parser::semantic_errors::SemanticSyntaxError;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::looks::KnownLooks;
use crate::notebook::Cell;

/// Makes an index type: four bytes, no arithmetic, no mixing up.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(super) u32);

        #[allow(dead_code, reason = "not every index can be absent")]
        impl $name {
            pub(super) const NONE: $name = $name(u32::MAX);

            pub(super) fn index(self) -> usize {
                self.0 as usize
            }

            pub(super) fn some(self) -> Option<Self> {
                (self != Self::NONE).then_some(self)
            }
        }
    };
}

index!(
    /// A node of the syntax tree, numbered in source order; string annotations come after the main tree.
    NodeId
);
index!(
    /// A scope. The first two are [`ScopeId::BUILTINS`] and [`ScopeId::MODULE`].
    ScopeId
);
index!(
    /// A variable: one name in the one scope that owns it.
    SymbolId
);
index!(
    /// An interned name.
    NameId
);

impl ScopeId {
    /// Where names live that no scope of the file binds: the `builtins` module, or nowhere at all.
    pub const BUILTINS: ScopeId = ScopeId(0);
    /// The module's own scope.
    pub const MODULE: ScopeId = ScopeId(1);
}

/// What opens a scope.
#[derive(Clone, Copy, Debug)]
pub enum ScopeKind<'a> {
    /// The builtins: no code of the file.
    Builtins,
    /// The module.
    Module,
    /// A class body. Invisible to the functions inside it.
    Class(&'a ast::StmtClassDef),
    /// `def` or `async def`.
    Function(&'a ast::StmtFunctionDef),
    /// `lambda`.
    Lambda(&'a ast::ExprLambda),
    /// `[… for …]`.
    ListComprehension(&'a ast::ExprListComp),
    /// `{… for …}`.
    SetComprehension(&'a ast::ExprSetComp),
    /// `{…: … for …}`.
    DictComprehension(&'a ast::ExprDictComp),
    /// `(… for …)`.
    Generator(&'a ast::ExprGenerator),
    /// The type parameters of a class, function or alias (PEP 695); sees the names of a class around it.
    TypeParameters(&'a ast::TypeParams),
    /// The value of a `type` statement, evaluated when first asked for.
    TypeAlias(&'a ast::StmtTypeAlias),
}

impl<'a> ScopeKind<'a> {
    /// Whether names bound here are seen by scopes inside: everything but a class body.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Builtins | ScopeKind::Module | ScopeKind::Class(_))
    }

    /// Whether the scope is a comprehension's or a generator expression's.
    pub fn is_comprehension(self) -> bool {
        !self.generators().is_empty()
    }

    /// The `for` clauses of a comprehension or generator expression; empty for other scopes.
    pub fn generators(self) -> &'a [ast::Comprehension] {
        match self {
            ScopeKind::ListComprehension(node) => &node.generators,
            ScopeKind::SetComprehension(node) => &node.generators,
            ScopeKind::DictComprehension(node) => &node.generators,
            ScopeKind::Generator(node) => &node.generators,
            _ => &[],
        }
    }

    /// The parameters of a function or lambda that has any.
    pub fn parameters(self) -> Option<&'a ast::Parameters> {
        match self {
            ScopeKind::Function(node) => Some(&node.parameters),
            ScopeKind::Lambda(node) => node.parameters.as_deref(),
            _ => None,
        }
    }
}

bitflags! {
    /// Facts about a scope as a whole.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ScopeFlags: u8 {
        /// Holds a `yield` of its own.
        const GENERATOR = 1;
        /// `async def`, or a comprehension with `async for`.
        const ASYNC = 1 << 1;
        /// Holds a `from … import *`.
        const STAR_IMPORT = 1 << 2;
        /// Calls the builtin `locals`, `vars`, `eval` or `exec`: names may be read unseen.
        const DYNAMIC = 1 << 3;
    }

    /// Facts about a name in a scope; the first ones are CPython's own (`symtable.h`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct SymbolFlags: u16 {
        /// Declared `global` here.
        const GLOBAL = 1;
        /// Bound by a statement or expression of this scope.
        const LOCAL = 1 << 1;
        /// A parameter.
        const PARAMETER = 1 << 2;
        /// Declared `nonlocal` here, or by a walrus in a comprehension.
        const NONLOCAL = 1 << 3;
        /// Read in this scope.
        const USED = 1 << 4;
        /// Bound by an import.
        const IMPORTED = 1 << 5;
        /// Has an annotation (`x: int`).
        const ANNOTATED = 1 << 6;
        /// The target of a comprehension's `for`.
        const COMPREHENSION_TARGET = 1 << 7;
        /// A type parameter.
        const TYPE_PARAMETER = 1 << 8;
        /// The name of a class or function defined here.
        const NAMESPACE = 1 << 9;
        /// A scope inside reads or rebinds it.
        const CAPTURED = 1 << 10;
        /// A module variable that some function declares `global`.
        const DECLARED_GLOBAL = 1 << 11;
        /// Bound here in any way.
        const BOUND = Self::LOCAL.bits() | Self::PARAMETER.bits() | Self::IMPORTED.bits() | Self::TYPE_PARAMETER.bits();
    }
}

/// A region of code with its own names.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What opens it.
    pub kind: ScopeKind<'a>,
    /// The node that opens it; meaningless for the builtins.
    pub node: NodeId,
    pub(super) parent: ScopeId,
    pub(super) flags: ScopeFlags,
    pub(super) first_symbol: SymbolId,
    pub(super) last_symbol: SymbolId,
}

/// How a name in a scope finds its variable (CPython's terms).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Bound in this scope.
    Local,
    /// Declared `global` in this scope.
    GlobalExplicit,
    /// Not bound in any function around: the module's, or a builtin.
    GlobalImplicit,
    /// Bound in a function around.
    Free,
}

/// A name as one scope mentions it. The variable itself is the symbol's `owner`.
#[derive(Debug)]
pub struct Symbol {
    pub(super) name: NameId,
    pub(super) scope: ScopeId,
    pub(super) flags: SymbolFlags,
    pub(super) resolution: Resolution,
    pub(super) owner: SymbolId,
    pub(super) next_in_scope: SymbolId,
}

/// How a place binds a name.
#[derive(Clone, Copy, Debug)]
pub enum BindingKind<'a> {
    /// A parameter with or without default.
    Parameter(&'a ast::ParameterWithDefault),
    /// `*args`.
    VarArgs(&'a ast::Parameter),
    /// `**kwargs`.
    KwArgs(&'a ast::Parameter),
    /// `name = value`, also one of several targets.
    Assignment(&'a ast::StmtAssign),
    /// `name, other = value`: a part of the value.
    Unpacking(&'a ast::StmtAssign),
    /// `name: annotation = value`, or without value (which binds nothing at run time).
    Annotated(&'a ast::StmtAnnAssign),
    /// `name += value`.
    Augmented(&'a ast::StmtAugAssign),
    /// `(name := value)`.
    Walrus(&'a ast::ExprNamed),
    /// The target of `for` or `async for`, whole or a part.
    For(&'a ast::StmtFor),
    /// The target of a comprehension's `for`, whole or a part.
    Comprehension(&'a ast::Comprehension),
    /// `with … as name`, whole or a part.
    With(&'a ast::WithItem),
    /// `except … as name`; deleted when the handler ends.
    Except(&'a ast::ExceptHandlerExceptHandler),
    /// `import a.b` (binds `a`), `import a.b as c`.
    Import(&'a ast::Alias),
    /// `from module import name`.
    ImportFrom(&'a ast::StmtImportFrom, &'a ast::Alias),
    /// `def` or `async def`.
    Function(&'a ast::StmtFunctionDef),
    /// `class`.
    Class(&'a ast::StmtClassDef),
    /// A capture in a `match` pattern.
    Capture(&'a ast::StmtMatch),
    /// `del name`.
    Delete(&'a ast::StmtDelete),
    /// A type parameter.
    TypeParameter(&'a ast::TypeParam),
    /// `type name = …`.
    TypeAlias(&'a ast::StmtTypeAlias),
}

/// A place that binds a name.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// How.
    pub kind: BindingKind<'a>,
    /// The node that holds the name: a name, parameter, alias, handler, pattern, `def` or `class`.
    pub node: NodeId,
    /// The name itself.
    pub range: TextRange,
    /// The scope whose code binds it: not the variable's own where `global` or `nonlocal` is at work.
    pub scope: ScopeId,
    /// The name as its scope mentions it; the variable is that symbol's owner.
    pub(super) symbol: SymbolId,
}

impl<'a> Binding<'a> {
    /// The expression whose whole value the name gets, if there is one.
    pub fn value(&self) -> Option<&'a Expr> {
        match self.kind {
            BindingKind::Assignment(node) => Some(&node.value),
            BindingKind::Annotated(node) => node.value.as_deref(),
            BindingKind::Walrus(node) => Some(&node.value),
            _ => None,
        }
    }

    /// Whether something happens here at run time: not for a bare annotation `x: int`.
    pub fn is_executed(&self) -> bool {
        !matches!(self.kind, BindingKind::Annotated(node) if node.value.is_none())
    }
}

/// A place that reads a name.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// The name in the tree.
    pub expr: &'a ast::ExprName,
    /// Its node.
    pub node: NodeId,
    /// The scope whose code reads it.
    pub scope: ScopeId,
    /// Whether it is only read by tools: inside a string annotation.
    pub in_string: bool,
    /// The name as its scope mentions it; the variable is that symbol's owner.
    pub(super) symbol: SymbolId,
}

#[derive(Clone, Copy)]
pub(super) struct NodeEntry<'a> {
    pub(super) node: AnyNodeRef<'a>,
    pub(super) parent: NodeId,
    pub(super) scope: ScopeId,
}

pub(super) struct NameEntry<'a> {
    pub(super) text: &'a str,
    // The scope that mentioned the name last, and its symbol there: saves most look-ups.
    pub(super) recent_scope: ScopeId,
    pub(super) recent_symbol: SymbolId,
}

/// Which items belong to which variable, those of each in source order.
pub(super) struct ByOwner {
    /// Where each variable's items start in `items`; one more for the end.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl ByOwner {
    /// Sorts items, given by the names that they mention, by counting.
    fn new(symbols: &[Symbol], mentioned: impl ExactSizeIterator<Item = SymbolId> + Clone) -> ByOwner {
        let owners = mentioned.map(|mention| symbols[mention.index()].owner.index());
        let mut items = vec![0; owners.len()];
        // Shifted by two while counting, by one while filling, so that each start ends up in its place.
        let mut starts = vec![0; symbols.len() + 2];
        for owner in owners.clone() {
            starts[owner + 2] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        for (item, owner) in owners.enumerate() {
            let place = &mut starts[owner + 1];
            items[*place as usize] = item as u32;
            *place += 1;
        }
        ByOwner { starts, items }
    }

    fn items(&self, symbol: SymbolId) -> impl Iterator<Item = usize> {
        let range = self.starts[symbol.index()] as usize..self.starts[symbol.index() + 1] as usize;
        self.items[range].iter().map(|&item| item as usize)
    }
}

/// A set of kinds of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeKinds(u128);

/// One more than the last node kind's number.
pub const NODE_KINDS: usize = NodeKind::Identifier as usize + 1;
const _: () = assert!(NODE_KINDS <= u128::BITS as usize, "`NodeKinds` has a bit for each kind");

impl NodeKinds {
    /// Adds a kind.
    pub fn insert(&mut self, kind: NodeKind) {
        self.0 |= 1 << kind as u32;
    }

    /// Whether the set holds a kind.
    #[inline]
    pub fn contains(self, kind: NodeKind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

/// What is known about one file's code. Borrowed from its syntax tree.
pub struct Model<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<NodeEntry<'a>>,
    /// Those of the kinds that were asked for when the model was built.
    pub(super) wanted: Vec<NodeId>,
    /// How many of them belong to the main tree, which is in source order.
    pub(super) main_nodes: usize,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) symbols: Vec<Symbol>,
    pub(super) bindings: Vec<Binding<'a>>,
    pub(super) reads: Vec<Read<'a>>,
    /// Made when first asked for, as the next one: most files are asked for few reads, many for none.
    pub(super) bindings_of: OnceCell<ByOwner>,
    pub(super) reads_of: OnceCell<ByOwner>,
    pub(super) names: Vec<NameEntry<'a>>,
    /// Positions in `names`, by the names' texts.
    pub(super) interned: HashTable<NameId>,
    pub(super) in_scope: FxHashMap<(ScopeId, NameId), SymbolId>,
    pub(super) string_annotations: Vec<(NodeId, &'a Expr)>,
    /// Every import statement, and every decorator, in source order.
    pub(super) imports: Vec<NodeId>,
    pub(super) decorators: Vec<NodeId>,
    pub(super) future_annotations: bool,
    /// The cells of a notebook; none for other files.
    pub(super) cells: &'a [Cell],
    pub(super) compile_errors: Vec<SemanticSyntaxError>,
    /// The attributes that are assigned or deleted, and each `__dict__`.
    pub(super) stored_attributes: Vec<NodeId>,
    /// Made when first asked for. Owns its names: a cell of borrowed ones would tie the model's lifetime down.
    pub(super) attribute_stores: OnceCell<FxHashMap<CompactString, Vec<NodeId>>>,
    pub(super) returns: Vec<NodeId>,
    /// Calls of `isinstance` and `type`, and `match` statements.
    pub(super) class_tests: Vec<NodeId>,
    pub(super) known_looks: KnownLooks,
}

/// The hash of a name's text.
pub(super) fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl<'a> Model<'a> {
    /// The number of a name that the file mentions.
    pub(super) fn interned_name(&self, text: &str) -> Option<NameId> {
        self.interned.find(hash(text), |id| self.names[id.index()].text == text).copied()
    }

    /// The file's text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The tree's root.
    pub(super) fn module(&self) -> &'a ast::ModModule {
        match self.node(self.scope(ScopeId::MODULE).node) {
            AnyNodeRef::ModModule(module) => module,
            _ => unreachable!("the module's scope is opened by the module"),
        }
    }

    /// The text of `range`.
    pub fn slice(&self, range: impl Ranged) -> &'a str {
        &self.text[range.range()]
    }

    /// The number that the model gave to `node`; `None` for a node that it doesn't number
    /// (`Arguments`, identifiers, the parts of a string).
    pub fn id(&self, node: &impl HasNodeIndex) -> Option<NodeId> {
        node.node_index().load().as_u32().map(NodeId)
    }

    /// The number of an expression. Every expression has one.
    pub fn expr_id(&self, expr: &Expr) -> NodeId {
        self.id(expr).expect("every expression is numbered")
    }

    /// The number of a statement. Every statement has one.
    pub fn stmt_id(&self, stmt: &Stmt) -> NodeId {
        self.id(stmt).expect("every statement is numbered")
    }

    /// The node with this number.
    pub fn node(&self, id: NodeId) -> AnyNodeRef<'a> {
        self.nodes[id.index()].node
    }

    /// All nodes in source order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, AnyNodeRef<'a>)> {
        self.nodes.iter().enumerate().map(|(index, entry)| (NodeId(index as u32), entry.node))
    }

    /// Every `import` and `from … import` statement, in source order.
    pub fn imports(&self) -> &[NodeId] {
        &self.imports
    }

    /// Every decorator, in source order.
    pub fn decorators(&self) -> &[NodeId] {
        &self.decorators
    }

    /// The nodes of the kinds that were asked for when the model was built, in source order.
    pub fn wanted_nodes(&self) -> impl Iterator<Item = AnyNodeRef<'a>> {
        self.wanted.iter().map(|&id| self.node(id))
    }

    /// The node around `id`; `None` for the module.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].parent.some()
    }

    /// The node around `node`.
    pub fn parent_of(&self, node: &impl HasNodeIndex) -> Option<AnyNodeRef<'a>> {
        Some(self.node(self.parent(self.id(node)?)?))
    }

    /// The nodes around `id`, the innermost first, without `id` itself.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.parent(id), |&id| self.parent(id))
    }

    /// Whether `id` is `ancestor` or stands inside it.
    pub fn is_within(&self, id: NodeId, ancestor: NodeId) -> bool {
        id == ancestor || self.ancestors(id).any(|id| id == ancestor)
    }

    /// The nodes inside `id`, in source order, without `id` itself. Not for string annotations.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = (NodeId, AnyNodeRef<'a>)> {
        // Nodes are numbered parents first: those inside follow their parent without a gap.
        let end = self.node(id).end();
        let following = self.nodes[..self.main_nodes].iter().enumerate().skip(id.index() + 1);
        following
            .take_while(move |(_, entry)| entry.node.start() < end)
            .map(|(index, entry)| (NodeId(index as u32), entry.node))
    }

    /// The statement that holds `id`, or `id` itself if it is one; `None` for the module.
    pub fn statement(&self, id: NodeId) -> Option<NodeId> {
        std::iter::successors(Some(id), |&id| self.parent(id)).find(|&id| self.node(id).is_statement())
    }

    /// The innermost node that holds `range`, string annotations not looked into.
    pub fn node_at(&self, range: TextRange) -> Option<NodeId> {
        // Nodes are in source order: the innermost one is the last that starts before and ends after.
        let end = self.nodes[..self.main_nodes].partition_point(|entry| entry.node.start() <= range.start());
        (0..end)
            .rev()
            .find(|&index| self.nodes[index].node.range().contains_range(range))
            .map(|index| NodeId(index as u32))
    }

    /// Whether `node` stands inside a string annotation: apart from the main tree, without tokens, never run.
    pub fn is_in_string_annotation(&self, node: &impl HasNodeIndex) -> bool {
        self.id(node).is_some_and(|id| id.index() >= self.main_nodes)
    }

    /// The scope whose code holds `id`. A node that opens a scope belongs to the one around it.
    pub fn scope_of(&self, id: NodeId) -> ScopeId {
        self.nodes[id.index()].scope
    }

    /// The scope with this number.
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.index()]
    }

    /// All scopes of the file, the module first.
    pub fn scopes(&self) -> impl Iterator<Item = (ScopeId, &Scope<'a>)> {
        self.scopes
            .iter()
            .enumerate()
            .skip(ScopeId::MODULE.index())
            .map(|(index, scope)| (ScopeId(index as u32), scope))
    }

    /// The scope around `id`; `None` for the module.
    pub fn parent_scope(&self, id: ScopeId) -> Option<ScopeId> {
        self.scope(id).parent.some()
    }

    /// `id` and the scopes around it, the innermost first, ending with the module.
    pub fn scope_chain(&self, id: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(id), |&id| self.parent_scope(id))
    }

    /// Whether `id` is `ancestor` or lies inside it.
    pub fn scope_is_within(&self, id: ScopeId, ancestor: ScopeId) -> bool {
        self.scope_chain(id).any(|id| id == ancestor)
    }

    /// The scope that `node` (a function, class, lambda or comprehension) opens.
    pub fn scope_opened_by(&self, node: &impl HasNodeIndex) -> Option<ScopeId> {
        let id = self.id(node)?;
        // Scopes are opened in the order of their nodes.
        let opened = &self.scopes[ScopeId::MODULE.index()..];
        let at = opened.binary_search_by_key(&id, |scope| scope.node).ok()?;
        Some(ScopeId((at + ScopeId::MODULE.index()) as u32))
    }

    /// The innermost function, lambda or module that holds `scope`: where a `return`, `yield` or walrus acts.
    pub fn function_scope(&self, scope: ScopeId) -> ScopeId {
        self.scope_chain(scope).find(|&id| !self.scope(id).kind.is_comprehension()).unwrap_or(ScopeId::MODULE)
    }

    /// Facts about a scope as a whole.
    pub fn scope_flags(&self, id: ScopeId) -> ScopeFlags {
        self.scope(id).flags
    }

    /// Whether `from __future__ import annotations` is in force.
    pub fn has_future_annotations(&self) -> bool {
        self.future_annotations
    }

    /// What the compiler rejects although it parses, in source order.
    pub fn compile_errors(&self) -> &[SemanticSyntaxError] {
        &self.compile_errors
    }

    /// The names that `scope` mentions, each as it stands in that scope.
    pub fn symbols_in(&self, scope: ScopeId) -> impl Iterator<Item = SymbolId> {
        std::iter::successors(self.scope(scope).first_symbol.some(), |&id| {
            self.symbols[id.index()].next_in_scope.some()
        })
    }

    /// The name of a variable, mangled where Python mangles it.
    pub fn name(&self, symbol: SymbolId) -> &'a str {
        self.names[self.symbols[symbol.index()].name.index()].text
    }

    /// The scope that owns a variable: [`ScopeId::BUILTINS`] for builtins and names that nothing binds.
    pub fn symbol_scope(&self, symbol: SymbolId) -> ScopeId {
        self.symbols[symbol.index()].scope
    }

    /// Facts about a variable.
    pub fn symbol_flags(&self, symbol: SymbolId) -> SymbolFlags {
        self.symbols[symbol.index()].flags
    }

    /// How a scope's mention of a name finds its variable.
    pub fn resolution(&self, symbol: SymbolId) -> Resolution {
        self.symbols[symbol.index()].resolution
    }

    /// The variable that a scope's mention of a name stands for.
    pub fn owner(&self, symbol: SymbolId) -> SymbolId {
        self.symbols[symbol.index()].owner
    }

    /// The variable that `name` means in `scope`, if that scope mentions it.
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        let name = self.interned_name(name)?;
        Some(self.owner(*self.in_scope.get(&(scope, name))?))
    }

    /// The builtin `name`, if the file mentions it anywhere as such.
    pub fn lookup_builtin(&self, name: &str) -> Option<SymbolId> {
        let name = self.interned_name(name)?;
        self.in_scope.get(&(ScopeId::BUILTINS, name)).copied()
    }

    /// The variable that `name` would mean if code of `scope` mentioned it; `None` where nothing in the file binds it.
    pub fn resolve(&self, scope: ScopeId, name: &str) -> Option<SymbolId> {
        let name = self.interned_name(name)?;
        self.scope_chain(scope)
            .filter(|&id| id == scope || id == ScopeId::MODULE || self.scope(id).kind.is_function_like())
            .filter_map(|id| self.in_scope.get(&(id, name)))
            .map(|&symbol| self.owner(symbol))
            .find(|&symbol| self.symbol_scope(symbol) != ScopeId::BUILTINS)
    }

    /// The variable that a name in the tree reads or binds.
    pub fn symbol_of(&self, name: &ast::ExprName) -> Option<SymbolId> {
        let id = self.id(name)?;
        if let Ok(at) = self.reads.binary_search_by_key(&id, |read| read.node) {
            return Some(self.owner(self.reads[at].symbol));
        }
        self.symbol_bound_at(id)
    }

    /// The binding that `node` holds: of a name, parameter, alias, handler, pattern, `def` or `class`.
    pub fn binding_at(&self, node: NodeId) -> Option<&Binding<'a>> {
        let at = self.bindings.binary_search_by_key(&node, |binding| binding.node).ok()?;
        Some(&self.bindings[at])
    }

    /// The variable that `node` binds.
    pub fn symbol_bound_at(&self, node: NodeId) -> Option<SymbolId> {
        Some(self.symbol_of_binding(self.binding_at(node)?))
    }

    /// All places that bind a variable, in source order, from whichever scope.
    pub fn bindings(&self, symbol: SymbolId) -> impl Iterator<Item = &Binding<'a>> {
        let bindings_of = self
            .bindings_of
            .get_or_init(|| ByOwner::new(&self.symbols, self.bindings.iter().map(|binding| binding.symbol)));
        bindings_of.items(symbol).map(|index| &self.bindings[index])
    }

    /// Every binding of the file in source order.
    pub fn all_bindings(&self) -> &[Binding<'a>] {
        &self.bindings
    }

    /// The variable of a binding.
    pub fn symbol_of_binding(&self, binding: &Binding<'a>) -> SymbolId {
        self.owner(binding.symbol)
    }

    /// The one binding of a variable, if there is just one and nothing else can bind it: a bare annotation
    /// (`x: int`) doesn't count as one.
    pub fn only_binding(&self, symbol: SymbolId) -> Option<&Binding<'a>> {
        let mut executed = self.bindings(symbol).filter(|binding| binding.is_executed());
        let only = executed.next()?;
        executed.next().is_none().then_some(only)
    }

    /// All places that read a variable, in source order, from whichever scope.
    pub fn reads(&self, symbol: SymbolId) -> impl Iterator<Item = &Read<'a>> {
        let reads_of =
            self.reads_of.get_or_init(|| ByOwner::new(&self.symbols, self.reads.iter().map(|read| read.symbol)));
        reads_of.items(symbol).map(|index| &self.reads[index])
    }

    /// Every read of the file in source order, those in string annotations last.
    pub fn all_reads(&self) -> &[Read<'a>] {
        &self.reads
    }

    /// The variable that a read reads.
    pub fn symbol_of_read(&self, read: &Read<'a>) -> SymbolId {
        self.owner(read.symbol)
    }

    /// The places that assign or delete an attribute `name`; for `__dict__`, through which all can be, also those that read it.
    pub fn attribute_stores(&self, name: &str) -> Option<&[NodeId]> {
        let stores = self.attribute_stores.get_or_init(|| {
            let mut stores: FxHashMap<CompactString, Vec<NodeId>> = FxHashMap::default();
            for &id in &self.stored_attributes {
                let AnyNodeRef::ExprAttribute(node) = self.node(id) else { continue };
                stores.entry(node.attr.as_str().into()).or_default().push(id);
            }
            stores
        });
        stores.get(name).map(Vec::as_slice)
    }

    /// The expression inside a string annotation: `"list[int]"` → `list[int]`.
    pub fn string_annotation(&self, string: &ast::ExprStringLiteral) -> Option<&'a Expr> {
        let id = self.id(string)?;
        let at = self.string_annotations.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        Some(self.string_annotations[at].1)
    }

    /// The dotted name of a scope, as in `module.Class.method`, without the module; empty for the module.
    pub fn qualified_scope_name(&self, scope: ScopeId) -> String {
        let mut parts: Vec<&str> = self
            .scope_chain(scope)
            .filter_map(|id| match self.scope(id).kind {
                ScopeKind::Class(node) => Some(node.name.as_str()),
                ScopeKind::Function(node) => Some(node.name.as_str()),
                ScopeKind::Lambda(_) => Some("<lambda>"),
                _ => None,
            })
            .collect();
        parts.reverse();
        parts.join(".")
    }
}
