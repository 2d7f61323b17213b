//! Reads the notation of the tables: `list[str]`, `re.Match | None`, `tuple[K, V]`.
//!
//! As in annotations, with single capitals for what depends on the call; dotted names are classes from elsewhere.

use super::union::{Items, Type, Union};
use crate::python::names::QualifiedName;

/// What a variable of the notation stands for.
pub(super) type Lookup<'l, 'a> = &'l dyn Fn(&str) -> Union<'a>;

/// Reads a type. What can't be read is unknown.
pub(super) fn read<'a>(text: &str, lookup: Lookup<'_, 'a>) -> Union<'a> {
    let mut reader = Reader { text, lookup };
    let union = reader.union();
    if reader.text.trim().is_empty() { union } else { Union::unknown() }
}

struct Reader<'t, 'l, 'a> {
    text: &'t str,
    lookup: Lookup<'l, 'a>,
}

impl<'a> Reader<'_, '_, 'a> {
    fn takes(&mut self, token: &str) -> bool {
        self.text = self.text.trim_start();
        match self.text.strip_prefix(token) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn union(&mut self) -> Union<'a> {
        let mut union = self.class();
        while self.takes("|") {
            union = union.or(self.class());
        }
        union
    }

    fn class(&mut self) -> Union<'a> {
        self.text = self.text.trim_start();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
        let end = self.text.find(|c| !is_name(c)).unwrap_or(self.text.len());
        let (name, rest) = self.text.split_at(end);
        self.text = rest;
        let mut arguments = Vec::new();
        let mut repeats = false;
        if self.takes("[") {
            while !self.text.is_empty() && !self.takes("]") {
                if self.takes("...") {
                    repeats = true;
                } else {
                    arguments.push(self.union());
                }
                self.takes(",");
            }
        }
        if name.is_empty() {
            return Union::unknown();
        }
        let class = match Type::builtin(name) {
            Some(class) => class,
            None if name.contains('.') => class_named(name),
            None => return (self.lookup)(name),
        };
        holding(class, arguments, repeats)
    }
}

/// The class of a dotted path, by its variant if it has one.
pub(super) fn class_named<'a>(path: &str) -> Type<'a> {
    if let Some(class) = path.strip_prefix("builtins.").and_then(Type::builtin) {
        return class;
    }
    match path {
        "types.NoneType" => Type::None,
        "types.GeneratorType" | "collections.abc.Generator" => Type::Generator,
        _ => Type::External(QualifiedName::known(path)),
    }
}

/// An instance of a generic class with these arguments.
pub(super) fn holding<'a>(class: Type<'a>, arguments: Vec<Union<'a>>, repeats: bool) -> Union<'a> {
    let mut arguments = arguments;
    let items = match (&class, arguments.len()) {
        (_, 0) => Items::Unknown,
        (Type::Tuple, 1) if repeats => Items::each(arguments.remove(0)),
        (Type::Tuple, _) => Items::positions(arguments),
        (Type::External(name), 1) if name.as_str() == "collections.Counter" => {
            Items::mapping(arguments.remove(0), Union::from(Type::Int))
        }
        (Type::External(name), 1) if name.as_str() == "builtins.enumerate" => {
            Items::each(Union::holding(Type::Tuple, Items::positions(vec![Type::Int.into(), arguments.remove(0)])))
        }
        // `Generator[yielded, sent, returned]`
        (Type::Generator, _) | (_, 1) => Items::each(arguments.remove(0)),
        (_, 2) => {
            let values = arguments.remove(1);
            Items::mapping(arguments.remove(0), values)
        }
        _ => Items::Unknown,
    };
    Union::holding(class, items)
}
