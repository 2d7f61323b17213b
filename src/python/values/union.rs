//! What a value may be: a union of classes, each with what its instances hold.

use std::rc::Rc;

use ruff_python_ast as ast;
use smallvec::{SmallVec, smallvec};

use crate::python::names::QualifiedName;

/// Unions of more classes than these are taken for unknown.
const MAX_OBJECTS: usize = 8;

/// Items of items of items … are followed so far.
const MAX_NESTING: u8 = 3;

/// The class of a value, as exactly as rules need it.
///
/// Where it comes from an annotation or from `isinstance`, the value may also be an instance of a subclass: `bool` for
/// `int`, `defaultdict` for `dict`.
#[derive(Clone, Debug)]
pub enum Type<'a> {
    /// `None`.
    None,
    /// `bool`.
    Bool,
    /// `int`, not `bool`.
    Int,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
    /// `str`.
    Str,
    /// `bytes`.
    Bytes,
    /// `bytearray`.
    ByteArray,
    /// `list`.
    List,
    /// `tuple`, named tuples excluded.
    Tuple,
    /// `dict`, its subclasses excluded.
    Dict,
    /// `set`.
    Set,
    /// `frozenset`.
    FrozenSet,
    /// `range`.
    Range,
    /// A generator.
    Generator,
    /// A function of the file.
    Function(&'a ast::StmtFunctionDef),
    /// A lambda.
    Lambda(&'a ast::ExprLambda),
    /// A class of the file, itself.
    Class(&'a ast::StmtClassDef),
    /// An instance of a class of the file.
    Instance(&'a ast::StmtClassDef),
    /// An instance of a class from elsewhere, by its dotted path: `collections.deque`, `builtins.map`,
    /// `types.CoroutineType`. Abstract classes are called as in `collections.abc`: of `Sequence` and its like only the
    /// interface is known.
    External(QualifiedName),
}

impl PartialEq for Type<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Type::Function(one), Type::Function(two)) => std::ptr::eq(*one, *two),
            (Type::Lambda(one), Type::Lambda(two)) => std::ptr::eq(*one, *two),
            (Type::Class(one), Type::Class(two)) | (Type::Instance(one), Type::Instance(two)) => {
                std::ptr::eq(*one, *two)
            }
            (Type::External(one), Type::External(two)) => one == two,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Type<'_> {
    /// The class that is not the file's own, by its dotted path.
    pub fn path(&self) -> Option<&str> {
        Some(match self {
            Type::None => "types.NoneType",
            Type::Bool => "builtins.bool",
            Type::Int => "builtins.int",
            Type::Float => "builtins.float",
            Type::Complex => "builtins.complex",
            Type::Str => "builtins.str",
            Type::Bytes => "builtins.bytes",
            Type::ByteArray => "builtins.bytearray",
            Type::List => "builtins.list",
            Type::Tuple => "builtins.tuple",
            Type::Dict => "builtins.dict",
            Type::Set => "builtins.set",
            Type::FrozenSet => "builtins.frozenset",
            Type::Range => "builtins.range",
            Type::Generator => "types.GeneratorType",
            Type::Function(_) | Type::Lambda(_) => "types.FunctionType",
            Type::Class(_) | Type::Instance(_) => return None,
            Type::External(name) => name.as_str(),
        })
    }

    /// The builtin class with this name, as far as it has a variant of its own.
    pub(super) fn builtin(name: &str) -> Option<Type<'static>> {
        Some(match name {
            "None" | "NoneType" => Type::None,
            "bool" => Type::Bool,
            "int" => Type::Int,
            "float" => Type::Float,
            "complex" => Type::Complex,
            "str" => Type::Str,
            "bytes" => Type::Bytes,
            "bytearray" => Type::ByteArray,
            "list" => Type::List,
            "tuple" => Type::Tuple,
            "dict" => Type::Dict,
            "set" => Type::Set,
            "frozenset" => Type::FrozenSet,
            "range" => Type::Range,
            _ => return None,
        })
    }

    /// Whether an instance is an abstract collection's: its class is one of those that implement the interface.
    pub(super) fn is_abstract(&self) -> bool {
        matches!(self, Type::External(name) if name.as_str().starts_with("collections.abc.") || name.as_str() == "os.PathLike")
    }

    /// Whether the value can change what it holds.
    pub(super) fn is_mutable_container(&self) -> bool {
        match self {
            Type::List | Type::Dict | Type::Set | Type::ByteArray => true,
            Type::External(name) => matches!(
                name.as_str(),
                "collections.deque" | "collections.defaultdict" | "collections.OrderedDict" | "collections.Counter"
            ),
            _ => false,
        }
    }
}

/// One thing that a value may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Object<'a> {
    /// Its class.
    pub class: Type<'a>,
    /// What it holds or yields.
    pub items: Items<'a>,
}

/// What a container holds, or an iterator yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Items<'a> {
    /// Anything.
    Unknown,
    /// Each element is one of these.
    Each(Rc<Union<'a>>),
    /// A tuple's elements one by one.
    Positions(Rc<[Union<'a>]>),
    /// Keys and values.
    Mapping(Rc<(Union<'a>, Union<'a>)>),
}

impl<'a> Items<'a> {
    pub(super) fn each(element: Union<'a>) -> Items<'a> {
        if element.is_unknown() || element.nesting() >= MAX_NESTING {
            return Items::Unknown;
        }
        Items::Each(Rc::new(element))
    }

    pub(super) fn positions(elements: Vec<Union<'a>>) -> Items<'a> {
        if elements.iter().any(|element| element.nesting() >= MAX_NESTING) {
            return Items::Unknown;
        }
        Items::Positions(elements.into())
    }

    pub(super) fn mapping(keys: Union<'a>, values: Union<'a>) -> Items<'a> {
        if keys.nesting().max(values.nesting()) >= MAX_NESTING {
            return Items::Unknown;
        }
        Items::Mapping(Rc::new((keys, values)))
    }

    /// What iterating over it yields.
    pub(super) fn element(&self) -> Union<'a> {
        match self {
            Items::Unknown => Union::unknown(),
            Items::Each(element) => (**element).clone(),
            Items::Positions(elements) => elements.iter().fold(Union::never(), |all, element| all.or(element.clone())),
            Items::Mapping(pair) => pair.0.clone(),
        }
    }

    fn nesting(&self) -> u8 {
        1 + match self {
            Items::Unknown => return 0,
            Items::Each(element) => element.nesting(),
            Items::Positions(elements) => elements.iter().map(Union::nesting).max().unwrap_or(0),
            Items::Mapping(pair) => pair.0.nesting().max(pair.1.nesting()),
        }
    }

    fn or(&self, other: &Items<'a>) -> Items<'a> {
        match (self, other) {
            _ if self == other => self.clone(),
            (Items::Unknown, _) | (_, Items::Unknown) => Items::Unknown,
            (Items::Mapping(one), Items::Mapping(two)) => {
                Items::mapping(one.0.clone().or(two.0.clone()), one.1.clone().or(two.1.clone()))
            }
            (Items::Positions(one), Items::Positions(two)) if one.len() == two.len() => {
                Items::positions(one.iter().zip(two.iter()).map(|(one, two)| one.clone().or(two.clone())).collect())
            }
            (Items::Mapping(_), _) | (_, Items::Mapping(_)) => Items::Unknown,
            _ => Items::each(self.element().or(other.element())),
        }
    }
}

/// All that a value may be. Of each class there is one [`Object`].
#[derive(Clone, Debug, PartialEq)]
pub struct Union<'a> {
    objects: SmallVec<[Object<'a>; 1]>,
    // Whether it may be something else besides.
    open: bool,
}

impl<'a> Union<'a> {
    /// It may be anything.
    pub(super) fn unknown() -> Union<'a> {
        Union { objects: SmallVec::new(), open: true }
    }

    /// There is no value: what an empty list holds.
    pub(super) fn never() -> Union<'a> {
        Union { objects: SmallVec::new(), open: false }
    }

    pub(super) fn holding(class: Type<'a>, items: Items<'a>) -> Union<'a> {
        Union { objects: smallvec![Object { class, items }], open: false }
    }

    pub(super) fn external(path: &'static str) -> Union<'a> {
        Union::from(Type::External(QualifiedName::known(path)))
    }

    /// Whether the value may be something that is not listed.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether nothing is known about the value.
    pub fn is_unknown(&self) -> bool {
        self.open && self.objects.is_empty()
    }

    pub(super) fn is_never(&self) -> bool {
        !self.open && self.objects.is_empty()
    }

    /// What the value may be, as far as it is known.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The one thing that the value is.
    pub fn single(&self) -> Option<&Object<'a>> {
        match &*self.objects {
            [object] if !self.open => Some(object),
            _ => None,
        }
    }

    /// The class of the one thing that the value is.
    pub fn class(&self) -> Option<&Type<'a>> {
        Some(&self.single()?.class)
    }

    pub(super) fn is(&self, class: &Type<'a>) -> bool {
        self.class() == Some(class)
    }

    /// Whether `None` is among the possibilities that are known.
    pub fn has_none(&self) -> bool {
        self.objects.iter().any(|object| object.class == Type::None)
    }

    pub(super) fn add(&mut self, object: Object<'a>) {
        if let Some(same) = self.objects.iter_mut().find(|other| other.class == object.class) {
            same.items = same.items.or(&object.items);
        } else if self.objects.len() == MAX_OBJECTS {
            self.open = true;
        } else {
            self.objects.push(object);
        }
    }

    pub(super) fn open(mut self) -> Union<'a> {
        self.open = true;
        self
    }

    pub(super) fn or(mut self, other: Union<'a>) -> Union<'a> {
        self.open |= other.open;
        for object in other.objects {
            self.add(object);
        }
        self
    }

    pub(super) fn filter(mut self, keep: impl Fn(&Object<'a>) -> bool) -> Union<'a> {
        self.objects.retain(|object| keep(object));
        self
    }

    /// What becomes of the value if `change` tells what becomes of each possibility; `None` where that raises.
    pub(super) fn map(&self, mut change: impl FnMut(&Object<'a>) -> Option<Union<'a>>) -> Union<'a> {
        let mut result = if self.open { Union::unknown() } else { Union::never() };
        for object in &self.objects {
            if result.open {
                return Union::unknown();
            }
            if let Some(changed) = change(object) {
                result = result.or(changed);
            }
        }
        result
    }

    fn nesting(&self) -> u8 {
        self.objects.iter().map(|object| object.items.nesting()).max().unwrap_or(0)
    }

    /// Without what mutable containers hold, which others may change.
    pub(super) fn without_mutable_items(&self) -> Union<'a> {
        let strip = |object: &Object<'a>| {
            let strip_all = |items: &Items<'a>| match items {
                Items::Unknown => Items::Unknown,
                Items::Each(element) => Items::each(element.without_mutable_items()),
                Items::Positions(all) => {
                    Items::positions(all.iter().map(|element| element.without_mutable_items()).collect())
                }
                Items::Mapping(pair) => Items::mapping(pair.0.without_mutable_items(), pair.1.without_mutable_items()),
            };
            let items = if object.class.is_mutable_container() { Items::Unknown } else { strip_all(&object.items) };
            Object { class: object.class.clone(), items }
        };
        Union { objects: self.objects.iter().map(strip).collect(), open: self.open }
    }
}

impl<'a> From<Type<'a>> for Union<'a> {
    fn from(class: Type<'a>) -> Union<'a> {
        Union::holding(class, Items::Unknown)
    }
}
