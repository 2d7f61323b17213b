//! What a class is, as far as its file shows: its bases, and what its instances are like as dictionary keys.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::Ranged;

use super::model::{BindingKind, Model, SymbolId};
use super::names::QualifiedName;

/// How many base classes are followed upwards.
const MAX_BASES: u8 = 16;

/// What `hash(instance)` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashing {
    /// The class and its known bases leave it to `object`: by identity.
    Identity,
    /// By content, and the content can't change: frozen dataclasses, named tuples, `str` and its like.
    Value,
    /// It raises `TypeError`.
    Impossible(Unhashable),
    /// It works, or a base that the file doesn't show decides.
    Other,
}

/// Why instances of a class can't be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unhashable {
    /// `@dataclass` or `@attrs.define` compares by content and isn't frozen, so it sets `__hash__` to `None`.
    MutableData,
    /// A class body with `__eq__` and without `__hash__` gets `__hash__ = None`
    /// (<https://docs.python.org/3/reference/datamodel.html#object.__hash__>).
    EqWithoutHash,
    /// The class body says `__hash__ = None`.
    Explicit,
    /// A base class from elsewhere is known to be unhashable: `dict`, `Mapping`.
    Base,
}

/// What a class's decorators say about comparing and hashing.
enum DataClass {
    /// None of them says anything.
    No,
    /// Compared by content.
    Compared { frozen: bool, hash: bool },
    /// A decorator that may do anything.
    Unknown,
}

impl<'a> Model<'a> {
    /// The class of this file that a base-class expression means: `Base`, `Base[int]`.
    pub fn base_in_file(&self, base: &Expr) -> Option<&'a ast::StmtClassDef> {
        match base {
            Expr::Name(name) => self.class_of(self.symbol_of(name)?),
            Expr::Subscript(node) => self.base_in_file(&node.value),
            _ => None,
        }
    }

    /// Whether `matches` holds for a base (or base of a base) of `class` that comes from elsewhere.
    pub fn any_external_base(&self, class: &ast::StmtClassDef, matches: &dyn Fn(&str) -> bool) -> bool {
        self.external_base_within(class, matches, MAX_BASES)
    }

    fn external_base_within(&self, class: &ast::StmtClassDef, matches: &dyn Fn(&str) -> bool, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        class.bases().iter().any(|base| match self.base_in_file(base) {
            Some(base) => self.external_base_within(base, matches, depth),
            None => self.base_name(base).is_some_and(|name| matches(name.as_str())),
        })
    }

    /// Whether the class, or a base of it in this file, has this metaclass or a subclass of it.
    pub fn has_metaclass(&self, class: &ast::StmtClassDef, matches: &dyn Fn(&str) -> bool) -> bool {
        self.metaclass_within(class, matches, MAX_BASES)
    }

    fn metaclass_within(&self, class: &ast::StmtClassDef, matches: &dyn Fn(&str) -> bool, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let metaclass = class.arguments.as_deref().and_then(|arguments| arguments.find_keyword("metaclass"));
        if let Some(metaclass) = metaclass {
            return match self.base_in_file(&metaclass.value) {
                Some(in_file) => self.external_base_within(in_file, matches, depth),
                None => self.base_name(&metaclass.value).is_some_and(|name| matches(name.as_str())),
            };
        }
        let mut bases = class.bases().iter().filter_map(|base| self.base_in_file(base));
        bases.any(|base| self.metaclass_within(base, matches, depth))
    }

    /// Whether the class is an enumeration: its members are made once and live as long as the program.
    pub fn is_enumeration(&self, class: &ast::StmtClassDef) -> bool {
        self.any_external_base(class, &is_enumeration_base)
            || self.has_metaclass(class, &|name| matches!(name, "enum.EnumMeta" | "enum.EnumType"))
    }

    /// Whether the class is a metaclass: its instances are classes.
    pub fn is_metaclass(&self, class: &ast::StmtClassDef) -> bool {
        self.any_external_base(class, &|name| {
            matches!(name, "builtins.type" | "abc.ABCMeta" | "enum.EnumMeta" | "enum.EnumType")
                || name.ends_with("Meta")
        })
    }

    /// What `hash()` of an instance of `class` does.
    pub fn hashing(&self, class: &ast::StmtClassDef) -> Hashing {
        self.hashing_within(class, MAX_BASES)
    }

    fn hashing_within(&self, class: &ast::StmtClassDef, depth: u8) -> Hashing {
        let Some(depth) = depth.checked_sub(1) else { return Hashing::Other };
        let data = self.data_class(class);
        if let DataClass::Compared { frozen: true, .. } = data {
            return Hashing::Value;
        }
        if let Some(symbol) = self.bound_in_class(class, "__hash__") {
            return match self.only_binding(symbol).and_then(|binding| binding.value()) {
                Some(Expr::NoneLiteral(_)) => Hashing::Impossible(Unhashable::Explicit),
                _ => Hashing::Other,
            };
        }
        match data {
            DataClass::Compared { hash: true, .. } => return Hashing::Other,
            DataClass::Compared { .. } => return Hashing::Impossible(Unhashable::MutableData),
            DataClass::No | DataClass::Unknown => {}
        }
        let hashing = if self.bound_in_class(class, "__eq__").is_some() {
            Hashing::Impossible(Unhashable::EqWithoutHash)
        } else {
            // Python takes the first `__hash__` along the bases.
            let mut bases = class.bases().iter().map(|base| self.base_hashing(base, depth));
            bases.find(|hashing| *hashing != Hashing::Identity).unwrap_or(Hashing::Identity)
        };
        // An unknown decorator may add a `__hash__`, but hardly takes one away.
        match (data, hashing) {
            (DataClass::Unknown, Hashing::Impossible(_)) => Hashing::Other,
            _ => hashing,
        }
    }

    fn base_hashing(&self, base: &Expr, depth: u8) -> Hashing {
        if let Some(class) = self.base_in_file(base) {
            return self.hashing_within(class, depth);
        }
        self.base_name(base).map_or(Hashing::Other, |name| external_hashing(name.as_str()))
    }

    /// Where a base class comes from. `namedtuple("P", "x y")`, also by a name bound to it, counts as its factory.
    fn base_name(&self, base: &Expr) -> Option<QualifiedName> {
        match base {
            Expr::Subscript(node) => self.base_name(&node.value),
            Expr::Call(node) => self.qualified_name(&node.func),
            Expr::Name(name) => self.qualified_name(base).or_else(|| {
                let value = self.only_binding(self.symbol_of(name)?)?.value()?;
                self.qualified_name(&value.as_call_expr()?.func)
            }),
            _ => self.qualified_name(base),
        }
    }

    /// The variable `name` of the class body, if the body binds it.
    pub fn bound_in_class(&self, class: &ast::StmtClassDef, name: &str) -> Option<SymbolId> {
        let scope = self.scope_opened_by(class)?;
        let symbol = self.lookup(scope, name)?;
        let bound = self.symbol_scope(symbol) == scope && self.bindings(symbol).any(|binding| binding.is_executed());
        bound.then_some(symbol)
    }

    /// Whether the instances of `class` may lack a `__dict__`: it or a base in this file has `__slots__`, written or made.
    pub fn may_lack_dict(&self, class: &ast::StmtClassDef) -> bool {
        self.lacks_dict_within(class, MAX_BASES)
    }

    fn lacks_dict_within(&self, class: &ast::StmtClassDef, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return true };
        self.bound_in_class(class, "__slots__").is_some()
            || class.decorator_list.iter().any(|decorator| self.makes_slots(&decorator.expression))
            || class
                .bases()
                .iter()
                .filter_map(|base| self.base_in_file(base))
                .any(|base| self.lacks_dict_within(base, depth))
    }

    fn makes_slots(&self, decorator: &Expr) -> bool {
        let call = decorator.as_call_expr();
        let callee = call.map_or(decorator, |call| &call.func);
        let Some(name) = self.qualified_name(callee) else { return false };
        let slots = call.and_then(|call| call.arguments.find_keyword("slots")).map(|keyword| &keyword.value);
        match name.as_str() {
            "attrs.define" | "attrs.mutable" | "attrs.frozen" | "attr.define" | "attr.mutable" | "attr.frozen" => {
                !slots.is_some_and(is_false)
            }
            _ => slots.is_some_and(|value| !is_false(value)),
        }
    }

    /// What the decorators say; see <https://docs.python.org/3/library/dataclasses.html#dataclasses.dataclass> and
    /// <https://www.attrs.org/en/stable/hashing.html>.
    fn data_class(&self, class: &ast::StmtClassDef) -> DataClass {
        let mut unknown = false;
        for decorator in &class.decorator_list {
            let call = decorator.expression.as_call_expr();
            let callee = call.map_or(&decorator.expression, |call| &call.func);
            let name = self.qualified_name(callee);
            let (makes_data, always_frozen) = match name.as_ref().map_or("", QualifiedName::as_str) {
                "attrs.frozen" | "attr.frozen" => (true, true),
                "dataclasses.dataclass" | "pydantic.dataclasses.dataclass" => (true, false),
                "attr.s" | "attr.attrs" | "attr.attributes" | "attr.dataclass" | "attr.define" | "attr.mutable"
                | "attrs.define" | "attrs.mutable" => (true, false),
                "functools.total_ordering"
                | "typing.final"
                | "typing_extensions.final"
                | "typing.runtime_checkable" => {
                    continue;
                }
                _ => (false, false),
            };
            if !makes_data {
                unknown = true;
                continue;
            }
            return call.map_or(DataClass::Compared { frozen: always_frozen, hash: false }, |call| {
                data_class_options(call, always_frozen)
            });
        }
        if unknown { DataClass::Unknown } else { DataClass::No }
    }

    /// Whether the class visibly has one instance: by its `__new__`, metaclass, decorator, base or getter, or because the
    /// module makes one and nothing else in the file makes another.
    pub fn is_singleton(&self, class: &ast::StmtClassDef) -> bool {
        let says_so = |expr: &Expr| self.slice(expr).to_ascii_lowercase().contains("singleton");
        let metaclass = class.arguments.as_deref().and_then(|arguments| arguments.find_keyword("metaclass"));
        ["__new__", "get_instance", "getInstance", "instance"].iter().any(|name| self.hands_out_instance(class, name))
            || metaclass.is_some_and(|metaclass| {
                let in_file = self.base_in_file(&metaclass.value);
                says_so(&metaclass.value) || in_file.is_some_and(|class| self.hands_out_instance(class, "__call__"))
            })
            || class.bases().iter().any(says_so)
            || class.decorator_list.iter().any(|decorator| says_so(&decorator.expression))
            || self.is_made_once(class)
    }

    /// Whether the class has this method, and the method speaks of an `_instance` or `_instances`.
    fn hands_out_instance(&self, class: &ast::StmtClassDef, name: &str) -> bool {
        let function = self.bound_in_class(class, name).and_then(|symbol| self.function_of(symbol));
        function.is_some_and(|function| self.slice(function).contains("_instance"))
    }

    /// `registry = Registry()` at the top of the module, and no other call or subclass in the file.
    fn is_made_once(&self, class: &ast::StmtClassDef) -> bool {
        let Some(symbol) = self.id(class).and_then(|id| self.symbol_bound_at(id)) else { return false };
        let mut calls = 0;
        for read in self.reads(symbol) {
            match self.parent_of(read.expr) {
                Some(AnyNodeRef::ExprCall(call)) if call.func.range() == read.expr.range() => {
                    let around = match self.parent_of(call) {
                        Some(AnyNodeRef::StmtAssign(stmt)) => self.parent_of(stmt),
                        Some(AnyNodeRef::StmtAnnAssign(stmt)) => self.parent_of(stmt),
                        _ => return false,
                    };
                    if !matches!(around, Some(AnyNodeRef::ModModule(_))) {
                        return false;
                    }
                    calls += 1;
                }
                Some(AnyNodeRef::StmtClassDef(_) | AnyNodeRef::Arguments(_)) => return false,
                _ => {}
            }
        }
        calls == 1
    }

    /// The classes of this file that name `class` as a base.
    pub fn subclasses_in_file(&self, class: &'a ast::StmtClassDef) -> impl Iterator<Item = &'a ast::StmtClassDef> {
        let bindings = self.all_bindings().iter().filter_map(|binding| match binding.kind {
            BindingKind::Class(other) => Some(other),
            _ => None,
        });
        bindings.filter(move |other| {
            other.bases().iter().any(|base| self.base_in_file(base).is_some_and(|base| std::ptr::eq(base, class)))
        })
    }
}

fn data_class_options(call: &ast::ExprCall, always_frozen: bool) -> DataClass {
    let mut frozen = always_frozen;
    let mut hash = false;
    for keyword in &call.arguments.keywords {
        let value = &keyword.value;
        match keyword.arg.as_deref() {
            None => return DataClass::Unknown,
            // Compared by identity after all.
            Some("eq" | "cmp") if is_false(value) => return DataClass::No,
            Some("frozen") if is_true(value) => frozen = true,
            Some("unsafe_hash" | "hash") if is_true(value) => hash = true,
            Some("eq" | "cmp" | "frozen" | "unsafe_hash" | "hash") => {
                let known = is_true(value) || is_false(value) || value.is_none_literal_expr();
                if !known {
                    return DataClass::Unknown;
                }
            }
            Some(_) => {}
        }
    }
    DataClass::Compared { frozen, hash }
}

fn is_true(expr: &Expr) -> bool {
    matches!(expr, Expr::BooleanLiteral(node) if node.value)
}

fn is_false(expr: &Expr) -> bool {
    matches!(expr, Expr::BooleanLiteral(node) if !node.value)
}

/// Whether a base class of this dotted path makes an enumeration. What other modules call an enumeration probably is one.
fn is_enumeration_base(name: &str) -> bool {
    match name {
        "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" | "enum.Flag" | "enum.IntFlag" | "enum.ReprEnum" => true,
        _ if name.starts_with("django.db.models.") => name.ends_with("Choices"),
        _ => name.ends_with("Enum"),
    }
}

/// What instances of a class from elsewhere do when they are hashed.
fn external_hashing(name: &str) -> Hashing {
    match name {
        "builtins.object" | "abc.ABC" | "typing.Generic" | "typing.Protocol" | "typing_extensions.Protocol" => {
            Hashing::Identity
        }
        "typing.NamedTuple"
        | "typing_extensions.NamedTuple"
        | "collections.namedtuple"
        | "builtins.str"
        | "builtins.int"
        | "builtins.float"
        | "builtins.tuple"
        | "typing.Tuple"
        | "builtins.bytes"
        | "builtins.frozenset"
        | "builtins.complex" => Hashing::Value,
        "builtins.dict"
        | "builtins.list"
        | "builtins.set"
        | "builtins.bytearray"
        | "typing.Dict"
        | "typing.List"
        | "typing.Set"
        | "typing.DefaultDict"
        | "typing.Mapping"
        | "typing.MutableMapping"
        | "typing.AbstractSet"
        | "typing.MutableSet"
        | "collections.deque"
        | "collections.defaultdict"
        | "collections.OrderedDict"
        | "collections.Counter"
        | "collections.ChainMap"
        | "collections.UserDict"
        | "collections.UserList"
        | "collections.abc.Mapping"
        | "collections.abc.MutableMapping"
        | "collections.abc.Set"
        | "collections.abc.MutableSet" => Hashing::Impossible(Unhashable::Base),
        _ => Hashing::Other,
    }
}
