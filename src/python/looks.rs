//! Which builtin containers an expression may be, told by how it is written and by what the file binds to its names: a question
//! that costs next to nothing, for checks that would otherwise ask for the type of every name.
//!
//! Nothing is inferred: an answer may name too many kinds, and leaves out what only comes to light by following calls and
//! contents at length. Attributes and methods are known by their names alone.

use std::cell::RefCell;

use bitflags::bitflags;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use rustc_hash::FxHashMap;

use super::model::{Binding, BindingKind, Model, NodeId, ScopeKind, SymbolId, hash};

/// How many elements of a display are looked at: the others are like these.
const MAX_ELEMENTS: usize = 4;

/// How deep expressions and names are followed.
const MAX_STEPS: u8 = 24;

bitflags! {
    /// Kinds of containers.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Looks: u16 {
        /// Lists and what else has positions and no hash: `deque`, `bytearray`.
        const LIST = 1;
        /// Dicts, with those of `collections`.
        const DICT = 1 << 1;
        /// Sets that can change, and the keys of dicts.
        const SET = 1 << 2;
        /// Frozensets.
        const FROZENSET = 1 << 3;
        /// Tuples.
        const TUPLE = 1 << 4;
        /// What has no hash.
        const UNHASHABLE = Self::LIST.bits() | Self::DICT.bits() | Self::SET.bits();
        /// What finds its contents by their hashes.
        const HASHED = Self::DICT.bits() | Self::SET.bits() | Self::FROZENSET.bits();
        /// Any of these containers.
        const ANY = Self::HASHED.bits() | Self::LIST.bits() | Self::TUPLE.bits();
        /// Something that holds tuples at any depth; the other kinds likewise.
        const OF_TUPLES = Self::TUPLE.bits() << HELD;
        /// Any container of containers.
        const OF_ANY = Self::ANY.bits() << HELD;
    }
}

/// How far the bits of what a container holds are from those of containers.
const HELD: u32 = 5;

impl Looks {
    /// What is in it.
    fn inside(self) -> Looks {
        Looks::from_bits_truncate((self & Looks::OF_ANY).bits() >> HELD) | (self & Looks::OF_ANY)
    }

    /// What holds it.
    fn around(self) -> Looks {
        Looks::from_bits_truncate((self & Looks::ANY).bits() << HELD) | (self & Looks::OF_ANY)
    }

    fn may_lack_hash(self) -> bool {
        self.intersects(Looks::UNHASHABLE) || self.contains(Looks::TUPLE) && self.inside().intersects(Looks::UNHASHABLE)
    }

    /// What the class or function of this name makes, whatever module it comes from.
    pub fn of_class(name: &str) -> Looks {
        match name {
            "list" | "List" | "sorted" | "deque" | "Deque" | "bytearray" => Looks::LIST,
            "dict" | "Dict" | "defaultdict" | "DefaultDict" | "OrderedDict" | "Counter" => Looks::DICT,
            "set" | "Set" => Looks::SET,
            "frozenset" | "FrozenSet" => Looks::FROZENSET,
            "tuple" | "Tuple" => Looks::TUPLE,
            _ => Looks::empty(),
        }
    }
}

/// Of what something is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    /// A variable.
    Variable(SymbolId),
    /// What calling it gives.
    Called(SymbolId),
    /// What it allows as an annotation.
    Annotation(SymbolId),
    /// All attributes and methods of a name, which is given by its hash.
    Members(u64),
}

/// What is known already: each subject is looked at once.
#[derive(Default)]
pub(super) struct KnownLooks(RefCell<FxHashMap<Subject, Looks>>);

impl<'a> Model<'a> {
    /// Whether `expr` may be one of the `wanted` containers.
    pub fn may_be(&self, expr: &Expr, wanted: Looks) -> bool {
        !has_hash(expr) && self.looks(expr, MAX_STEPS).intersects(wanted)
    }

    /// Whether `expr` may be a container without hash, or a tuple that holds one; a name, whichever of its bindings is at work.
    pub fn may_lack_hash(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Tuple(node) => node.elts.iter().any(|element| self.may_lack_hash(element)),
            Expr::Name(name) => self.symbol_of(name).is_some_and(|symbol| {
                self.variable_looks(symbol, MAX_STEPS).may_lack_hash()
                    && (self.tested_looks(symbol, MAX_STEPS).may_lack_hash()
                        || self.bindings(symbol).all(|binding| self.bound_looks(binding, MAX_STEPS).may_lack_hash()))
            }),
            _ => !has_hash(expr) && self.looks(expr, MAX_STEPS).may_lack_hash(),
        }
    }

    /// Whether iterating over `expr` may yield containers without hash. What dicts and sets yield has one.
    pub fn may_yield_unhashable(&self, expr: &Expr) -> bool {
        match expr {
            Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
                elts.iter().any(|element| self.may_lack_hash(element))
            }
            _ => {
                let looks = self.looks(expr, MAX_STEPS);
                !looks.intersects(Looks::HASHED) && looks.inside().may_lack_hash()
            }
        }
    }

    fn looks(&self, expr: &Expr, steps: u8) -> Looks {
        let Some(steps) = steps.checked_sub(1) else { return Looks::empty() };
        let looks = |expr: &Expr| self.looks(expr, steps);
        let display = |own: Looks, elements: &[Expr]| {
            elements.iter().take(MAX_ELEMENTS).fold(own, |all, element| all | looks(element).around())
        };
        match expr {
            Expr::Name(node) => {
                self.symbol_of(node).map_or(Looks::empty(), |symbol| self.variable_looks(symbol, steps))
            }
            Expr::Attribute(node) => self.member_looks(&node.attr, steps),
            Expr::List(node) => display(Looks::LIST, &node.elts),
            Expr::Tuple(node) => display(Looks::TUPLE, &node.elts),
            Expr::Set(node) => display(Looks::SET, &node.elts),
            Expr::Dict(node) => {
                let items = node.items.iter().take(MAX_ELEMENTS);
                items.fold(Looks::DICT, |all, item| all | looks(&item.value).around())
            }
            Expr::ListComp(node) => Looks::LIST | looks(&node.elt).around(),
            Expr::SetComp(_) => Looks::SET,
            Expr::DictComp(node) => Looks::DICT | looks(&node.value).around(),
            Expr::Generator(node) => looks(&node.elt).around(),
            Expr::Call(node) => self.call_looks(node, steps),
            Expr::Subscript(node) if node.slice.is_slice_expr() => looks(&node.value),
            Expr::Subscript(node) => looks(&node.value).inside(),
            Expr::BinOp(node) => looks(&node.left) | looks(&node.right),
            Expr::BoolOp(node) => node.values.iter().fold(Looks::empty(), |all, value| all | looks(value)),
            Expr::If(node) => looks(&node.body) | looks(&node.orelse),
            Expr::Named(node) => looks(&node.value),
            Expr::Await(node) => looks(&node.value),
            Expr::Starred(node) => looks(&node.value).inside(),
            _ => Looks::empty(),
        }
    }

    fn known_looks(&self, subject: Subject, look: impl FnOnce() -> Looks) -> Looks {
        if let Some(&known) = self.known_looks.0.borrow().get(&subject) {
            return known;
        }
        // If that leads back here, there is nothing more to learn.
        self.known_looks.0.borrow_mut().insert(subject, Looks::empty());
        let looks = look();
        self.known_looks.0.borrow_mut().insert(subject, looks);
        looks
    }

    fn variable_looks(&self, symbol: SymbolId, steps: u8) -> Looks {
        self.known_looks(Subject::Variable(symbol), || {
            let tested = self.tested_looks(symbol, steps);
            self.bindings(symbol).fold(tested, |all, binding| all | self.bound_looks(binding, steps))
        })
    }

    fn called_looks(&self, symbol: SymbolId, steps: u8) -> Looks {
        let given = |binding: &Binding<'a>| match binding.kind {
            BindingKind::ImportFrom(_, alias) => Looks::of_class(&alias.name),
            BindingKind::Function(node) => match &node.returns {
                Some(annotation) => self.annotation_looks(annotation, steps),
                None => self.returned_looks(node, steps),
            },
            BindingKind::Assignment(ast::StmtAssign { value, .. }) => match &**value {
                Expr::Lambda(node) => self.looks(&node.body, steps),
                _ => Looks::empty(),
            },
            _ => Looks::empty(),
        };
        self.known_looks(Subject::Called(symbol), || {
            self.bindings(symbol).fold(Looks::empty(), |all, binding| all | given(binding))
        })
    }

    /// What a binding tells of its name.
    fn bound_looks(&self, binding: &Binding<'a>, steps: u8) -> Looks {
        let looks = |expr: &Expr| self.looks(expr, steps);
        let annotated =
            |annotation: Option<&Expr>| annotation.map_or(Looks::empty(), |it| self.annotation_looks(it, steps));
        match binding.kind {
            BindingKind::Parameter(node) => annotated(node.parameter.annotation()),
            BindingKind::VarArgs(node) => Looks::TUPLE | annotated(node.annotation()).around(),
            BindingKind::KwArgs(node) => Looks::DICT | annotated(node.annotation()).around(),
            BindingKind::Annotated(node) => match (annotated(Some(&node.annotation)), &node.value) {
                // `x: Final = []`
                (looks_annotated, Some(value)) if looks_annotated.is_empty() => looks(value),
                (looks_annotated, _) => looks_annotated,
            },
            BindingKind::Assignment(node) => looks(&node.value),
            BindingKind::Walrus(node) => looks(&node.value),
            BindingKind::Augmented(node) => looks(&node.value),
            BindingKind::Unpacking(node) => looks(&node.value).inside(),
            BindingKind::For(node) => looks(&node.iter).inside(),
            BindingKind::Comprehension(node) => looks(&node.iter).inside(),
            BindingKind::Capture(_) => Looks::ANY,
            BindingKind::With(_)
            | BindingKind::Except(_)
            | BindingKind::Import(_)
            | BindingKind::ImportFrom(..)
            | BindingKind::Function(_)
            | BindingKind::Class(_)
            | BindingKind::Delete(_)
            | BindingKind::TypeParameter(_)
            | BindingKind::TypeAlias(_) => Looks::empty(),
        }
    }

    fn returned_looks(&self, function: &ast::StmtFunctionDef, steps: u8) -> Looks {
        let scope = self.scope_opened_by(function);
        self.returns.iter().fold(Looks::empty(), |all, &id| match self.node(id) {
            AnyNodeRef::StmtReturn(ast::StmtReturn { value: Some(value), .. }) if Some(self.scope_of(id)) == scope => {
                all | self.looks(value, steps)
            }
            _ => all,
        })
    }

    /// What tests of the variable's class tell, wherever they are: `isinstance(name, …)`, `type(name)`, `match name`.
    fn tested_looks(&self, symbol: SymbolId, steps: u8) -> Looks {
        let name = self.name(symbol);
        let is_name = |expr: &Expr| matches!(expr, Expr::Name(node) if node.id == name);
        self.class_tests.iter().fold(Looks::empty(), |all, &id| match self.node(id) {
            AnyNodeRef::ExprCall(node) => match &*node.arguments.args {
                [tested] if is_name(tested) => Looks::ANY,
                [tested, class] if is_name(tested) => all | self.annotation_looks(class, steps),
                _ => all,
            },
            AnyNodeRef::StmtMatch(node) if is_name(&node.subject) => Looks::ANY,
            _ => all,
        })
    }

    /// What the attributes and methods of this name may be or give, whatever class they belong to.
    fn member_looks(&self, name: &str, steps: u8) -> Looks {
        self.known_looks(Subject::Members(hash(name)), || {
            let stores = self.attribute_stores(name).unwrap_or_default();
            let stored = stores.iter().fold(Looks::empty(), |all, &store| all | self.stored_looks(store, steps));
            let classes = self.scopes().filter(|(_, scope)| matches!(scope.kind, ScopeKind::Class(_)));
            classes
                .filter_map(|(scope, _)| self.lookup(scope, name))
                .fold(stored, |all, symbol| all | self.variable_looks(symbol, steps) | self.called_looks(symbol, steps))
        })
    }

    /// What is assigned to an attribute.
    fn stored_looks(&self, store: NodeId, steps: u8) -> Looks {
        let mut is_part = false;
        for around in self.ancestors(store) {
            let looks = match self.node(around) {
                AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) => {
                    is_part = true;
                    continue;
                }
                AnyNodeRef::StmtAssign(node) => self.looks(&node.value, steps),
                AnyNodeRef::StmtAnnAssign(node) => self.annotation_looks(&node.annotation, steps),
                _ => return Looks::empty(),
            };
            return if is_part { looks.inside() } else { looks };
        }
        Looks::empty()
    }

    fn call_looks(&self, call: &ast::ExprCall, steps: u8) -> Looks {
        let (name, receiver) = match &*call.func {
            Expr::Name(callee) => (callee.id.as_str(), None),
            Expr::Attribute(callee) => (callee.attr.as_str(), Some(&callee.value)),
            Expr::Lambda(node) => return self.looks(&node.body, steps),
            _ => return Looks::empty(),
        };
        let looks = |expr: &Expr| self.looks(expr, steps);
        let of_first = || call.arguments.args.first().map_or(Looks::empty(), looks);
        let of_receiver = || receiver.map_or(Looks::empty(), |receiver| looks(receiver));
        let class = |expr: &Expr| self.annotation_looks(expr, steps);
        let own = Looks::of_class(name);
        if !own.is_empty() {
            // `defaultdict(set)`
            let made = call.arguments.args.first().filter(|_| own == Looks::DICT).map_or(Looks::empty(), class);
            return own | of_first().inside().around() | made.around();
        }
        match (name, receiver) {
            ("union" | "intersection" | "difference" | "symmetric_difference", Some(_)) => Looks::SET,
            ("keys", Some(_)) => Looks::SET,
            ("items" | "values" | "popitem", Some(_)) => Looks::OF_TUPLES | (of_receiver() & Looks::OF_ANY),
            ("fromkeys", Some(_)) => Looks::DICT,
            ("split" | "rsplit" | "splitlines" | "readlines" | "listdir", _) | ("dir", None) => Looks::LIST,
            ("partition" | "rpartition", Some(_)) => Looks::TUPLE,
            ("enumerate" | "reversed" | "zip" | "iter", None) => {
                call.arguments.args.iter().fold(Looks::OF_TUPLES, |all, argument| all | looks(argument))
            }
            ("map", None) => call.arguments.args.first().map_or(Looks::empty(), class).around(),
            ("copy", Some(_)) => of_receiver() | self.member_looks(name, steps),
            ("get" | "pop" | "setdefault", Some(_)) => of_receiver().inside() | self.member_looks(name, steps),
            (_, Some(_)) => self.member_looks(name, steps),
            (_, None) => match &*call.func {
                Expr::Name(callee) => {
                    self.symbol_of(callee).map_or(Looks::empty(), |symbol| self.called_looks(symbol, steps))
                }
                _ => Looks::empty(),
            },
        }
    }

    /// What an annotation, or the class in `isinstance(x, class)`, allows.
    fn annotation_looks(&self, annotation: &Expr, steps: u8) -> Looks {
        let Some(steps) = steps.checked_sub(1) else { return Looks::empty() };
        let looks = |expr: &Expr| self.annotation_looks(expr, steps);
        match annotation {
            Expr::Name(node) => match Looks::of_class(&node.id) {
                // `Tags = set[str]`
                own if own.is_empty() => self.alias_looks(node, steps),
                own => own,
            },
            Expr::Attribute(node) => Looks::of_class(&node.attr),
            Expr::Subscript(node) => {
                let (own, inside) = (looks(&node.value), looks(&node.slice));
                own | inside.around() | if own.is_empty() { inside } else { Looks::empty() }
            }
            Expr::BinOp(node) => looks(&node.left) | looks(&node.right),
            Expr::Tuple(node) => node.elts.iter().fold(Looks::empty(), |all, element| all | looks(element)),
            Expr::StringLiteral(node) => self.string_annotation(node).map_or(Looks::empty(), looks),
            _ => Looks::empty(),
        }
    }

    fn alias_looks(&self, name: &ast::ExprName, steps: u8) -> Looks {
        let Some(symbol) = self.symbol_of(name) else { return Looks::empty() };
        let meant = |binding: &Binding<'a>| match binding.kind {
            BindingKind::TypeAlias(node) => self.annotation_looks(&node.value, steps),
            BindingKind::ImportFrom(_, alias) => Looks::of_class(&alias.name),
            _ => binding.value().map_or(Looks::empty(), |value| self.annotation_looks(value, steps)),
        };
        self.known_looks(Subject::Annotation(symbol), || {
            self.bindings(symbol).fold(Looks::empty(), |all, binding| all | meant(binding))
        })
    }
}

/// Whether `expr` is a string, a number or the like.
fn has_hash(expr: &Expr) -> bool {
    expr.is_literal_expr()
        || matches!(expr, Expr::FString(_) | Expr::Lambda(_) | Expr::Compare(_) | Expr::UnaryOp(_) | Expr::Slice(_))
}
