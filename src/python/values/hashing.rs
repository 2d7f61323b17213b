//! Which values have no hash, and so can be neither dict keys nor set elements.
//!
//! <https://docs.python.org/3/glossary.html#term-hashable>

use ruff_python_ast::{self as ast, Expr};

use super::union::{Items, Object, Type, Union};
use crate::python::classes::Hashing;
use crate::python::model::Model;

/// What has no hash.
#[derive(Clone, Debug, PartialEq)]
pub enum NoHash<'a> {
    /// An instance of a builtin or library class, by the class's own name: `list`.
    Container(&'static str),
    /// A tuple that holds such a thing.
    Tuple(&'static str),
    /// An instance of a class of the file that defines `__eq__` without `__hash__`.
    Instance(&'a ast::StmtClassDef),
}

impl NoHash<'_> {
    /// The class that has no hash, as a reader would name it.
    pub fn class(&self) -> &str {
        match self {
            NoHash::Container(class) | NoHash::Tuple(class) => class,
            NoHash::Instance(class) => class.name.as_str(),
        }
    }
}

/// Containers with what iterating over them yields for a set or dict: their elements, or the first of each pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Each element.
    Whole,
    /// Each element's first part: `dict([(key, value)])`.
    First,
}

impl<'a> Model<'a> {
    /// The smallest part of `expr` that certainly has no hash, and what it is. For a tuple display, one of its elements.
    pub fn part_without_hash<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, NoHash<'a>)> {
        match expr {
            Expr::Tuple(node) => node.elts.iter().find_map(|element| self.part_without_hash(element)),
            _ => Some((expr, self.union_without_hash(&self.union_of(expr))?)),
        }
    }

    /// The smallest part of `iterable` that shows that nothing it yields has a hash: one of the elements of a display, what a
    /// comprehension yields, else all of it.
    pub fn element_without_hash<'e>(&self, iterable: &'e Expr, element: Element) -> Option<(&'e Expr, NoHash<'a>)> {
        let part = |expr: &'e Expr| match (element, expr) {
            (Element::Whole, _) => self.part_without_hash(expr),
            (Element::First, Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. })) => {
                elts.first().and_then(|key| self.part_without_hash(key))
            }
            (Element::First, _) => None,
        };
        match iterable {
            Expr::Tuple(node) => node.elts.iter().find_map(part),
            Expr::List(node) => node.elts.iter().find_map(part),
            Expr::ListComp(node) => part(&node.elt),
            Expr::Generator(node) => part(&node.elt),
            _ => {
                let mut yielded = self.elements_of(iterable);
                if element == Element::First {
                    yielded = yielded.map(|pair| match &pair.items {
                        Items::Positions(parts) => parts.first().cloned(),
                        items => Some(items.element()),
                    });
                }
                Some((iterable, self.union_without_hash(&yielded)?))
            }
        }
    }

    /// What the value has no hash for, whichever of the possibilities it is.
    pub fn union_without_hash(&self, union: &Union<'a>) -> Option<NoHash<'a>> {
        if union.is_open() {
            return None;
        }
        let mut first = None;
        for object in union.objects() {
            let found = self.object_without_hash(object)?;
            first.get_or_insert(found);
        }
        first
    }

    /// What an object has no hash for, if it certainly has none.
    pub fn object_without_hash(&self, object: &Object<'a>) -> Option<NoHash<'a>> {
        Some(match &object.class {
            Type::List => NoHash::Container("list"),
            Type::Dict => NoHash::Container("dict"),
            Type::Set => NoHash::Container("set"),
            Type::ByteArray => NoHash::Container("bytearray"),
            Type::External(name) => NoHash::Container(match name.as_str() {
                "collections.deque" => "deque",
                "collections.defaultdict" => "defaultdict",
                "collections.OrderedDict" => "OrderedDict",
                "collections.Counter" => "Counter",
                _ => return None,
            }),
            Type::Tuple => {
                let Items::Positions(parts) = &object.items else { return None };
                match parts.iter().find_map(|part| self.union_without_hash(part))? {
                    NoHash::Container(class) | NoHash::Tuple(class) => NoHash::Tuple(class),
                    NoHash::Instance(_) => return None,
                }
            }
            Type::Instance(class) => match self.hashing(class) {
                Hashing::Impossible(_) => NoHash::Instance(class),
                _ => return None,
            },
            _ => return None,
        })
    }
}
