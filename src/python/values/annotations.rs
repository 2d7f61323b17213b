//! What an annotation promises: `typing`'s forms, aliases of the file, strings.
//!
//! <https://typing.python.org/en/latest/spec/annotations.html>

use ruff_python_ast::{self as ast, Expr, Operator};

use super::notation::{class_named, holding};
use super::stdlib;
use super::union::{Items, Type, Union};
use super::{Inference, Question};
use crate::python::model::{BindingKind, SymbolId};

impl<'a> Inference<'_, 'a> {
    /// All that an annotation allows.
    pub(super) fn annotation(&self, annotation: &Expr) -> Union<'a> {
        self.deeper(|| match annotation {
            Expr::StringLiteral(node) => {
                self.model.string_annotation(node).map_or(Union::unknown(), |inner| self.annotation(inner))
            }
            Expr::NoneLiteral(_) => Type::None.into(),
            Expr::BinOp(node) if node.op == Operator::BitOr => {
                self.annotation(&node.left).or(self.annotation(&node.right))
            }
            Expr::Subscript(node) => self.generic(node),
            Expr::Name(node) => {
                let own = self.model.symbol_of(node).and_then(|symbol| self.named_annotation(symbol));
                own.unwrap_or_else(|| self.bare(annotation))
            }
            Expr::Attribute(_) => self.bare(annotation),
            _ => Union::unknown(),
        })
    }

    /// What a class or an alias of the file stands for in annotations.
    fn named_annotation(&self, symbol: SymbolId) -> Option<Union<'a>> {
        if let Some(class) = self.model.class_of(symbol) {
            return Some(self.instance_by_annotation(class));
        }
        let value: &Expr = match self.model.only_binding(symbol)?.kind {
            BindingKind::Assignment(node) => &node.value,
            BindingKind::Annotated(node) => node.value.as_deref()?,
            BindingKind::TypeAlias(node) => &node.value,
            _ => return None,
        };
        if self.assumption(Question::Alias(symbol)).is_some() {
            return Some(Union::unknown());
        }
        let value = match value {
            // `UserId = NewType("UserId", int)`: at run time, what it is made of.
            Expr::Call(call) if self.model.is_any_of(&call.func, &["typing.NewType", "typing_extensions.NewType"]) => {
                call.arguments.find_argument_value("tp", 1)?
            }
            value => value,
        };
        Some(self.assuming(Question::Alias(symbol), Union::unknown(), || self.annotation(value)))
    }

    /// An instance of a class of the file, or of what calling a `TypedDict` makes.
    pub(super) fn instance_by_annotation(&self, class: &'a ast::StmtClassDef) -> Union<'a> {
        for base in class.bases() {
            let base = match base {
                Expr::Subscript(node) => &node.value,
                base => base,
            };
            match self.model.qualified_name(base).as_ref().map(|name| name.as_str()) {
                Some("typing.TypedDict" | "typing_extensions.TypedDict") => return Type::Dict.into(),
                // Whatever has the protocol's methods.
                Some("typing.Protocol" | "typing_extensions.Protocol") => return Union::unknown(),
                _ => {}
            }
        }
        Type::Instance(class).into()
    }

    /// A name without arguments.
    fn bare(&self, annotation: &Expr) -> Union<'a> {
        let Some(name) = self.model.qualified_name(annotation) else { return Union::unknown() };
        match name.as_str() {
            "builtins.float" => Union::from(Type::Float).or(Type::Int.into()),
            "builtins.complex" => Union::from(Type::Complex).or(Type::Float.into()).or(Type::Int.into()),
            path => self.class_in_annotation(path).map_or(Union::unknown(), Union::from),
        }
    }

    /// The class that a dotted path names in annotations.
    fn class_in_annotation(&self, path: &str) -> Option<Type<'a>> {
        if let Some(class) = path.strip_prefix("builtins.").and_then(Type::builtin) {
            return Some(class);
        }
        let typing = path.strip_prefix("typing.").or_else(|| path.strip_prefix("typing_extensions."));
        let abstract_name = typing.or_else(|| path.strip_prefix("collections.abc."));
        Some(match (typing, abstract_name) {
            (Some("Text" | "LiteralString"), _) => Type::Str,
            (Some("List"), _) => Type::List,
            (Some("Tuple"), _) => Type::Tuple,
            (Some("Dict"), _) => Type::Dict,
            (Some("Set"), _) => Type::Set,
            (Some("FrozenSet"), _) => Type::FrozenSet,
            (Some("Deque"), _) => class_named("collections.deque"),
            (Some("DefaultDict"), _) => class_named("collections.defaultdict"),
            (Some("OrderedDict"), _) => class_named("collections.OrderedDict"),
            (Some("Counter"), _) => class_named("collections.Counter"),
            (Some("ChainMap"), _) => class_named("collections.ChainMap"),
            (Some("Pattern"), _) => class_named("re.Pattern"),
            (Some("Match"), _) => class_named("re.Match"),
            (Some("AbstractSet"), _) => class_named("collections.abc.Set"),
            (_, Some(name)) if ABSTRACT.contains(&name) => class_named(&format!("collections.abc.{name}")),
            (Some(_), _) => return None,
            _ if path == "types.NoneType" => Type::None,
            _ if stdlib::is_class(path) => class_named(path),
            _ => return None,
        })
    }

    /// `name[arguments]`.
    fn generic(&self, node: &ast::ExprSubscript) -> Union<'a> {
        let arguments: &[Expr] = match &*node.slice {
            Expr::Tuple(tuple) => &tuple.elts,
            single => std::slice::from_ref(single),
        };
        let Some(name) = self.model.qualified_name(&node.value) else {
            // A generic class of the file. A generic alias of the file has parameters to fill in: unknown.
            let Expr::Name(name) = &*node.value else { return Union::unknown() };
            let class = self.model.symbol_of(name).and_then(|symbol| self.model.class_of(symbol));
            return class.map_or(Union::unknown(), |class| self.instance_by_annotation(class));
        };
        let path = name.as_str();
        let form = path.strip_prefix("typing.").or_else(|| path.strip_prefix("typing_extensions."));
        let first = || arguments.first().map_or(Union::unknown(), |first| self.annotation(first));
        match form {
            Some("Optional") => return first().or(Type::None.into()),
            Some("Union") => {
                return arguments.iter().fold(Union::never(), |all, argument| all.or(self.annotation(argument)));
            }
            Some("Annotated" | "Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly") => return first(),
            Some("Literal") => {
                return arguments.iter().fold(Union::never(), |all, value| all.or(self.infer(value)));
            }
            _ if path == "dataclasses.InitVar" => return first(),
            _ => {}
        }
        let Some(class) = self.class_in_annotation(path) else { return Union::unknown() };
        match class {
            Type::External(ref name) if name.as_str() == "collections.abc.Callable" => return class.into(),
            Type::Tuple if matches!(arguments, [Expr::Tuple(empty)] if empty.elts.is_empty()) => {
                return Union::holding(Type::Tuple, Items::positions(Vec::new()));
            }
            // `tuple[int, *Ts]`
            Type::Tuple if arguments.iter().any(Expr::is_starred_expr) => return class.into(),
            _ => {}
        }
        let repeats = arguments.last().is_some_and(Expr::is_ellipsis_literal_expr);
        let arguments = arguments
            .iter()
            .filter(|argument| !argument.is_ellipsis_literal_expr())
            .map(|argument| self.annotation(argument));
        holding(class, arguments.collect(), repeats)
    }
}

/// The abstract classes of `collections.abc` that say something about what can be done with an instance.
const ABSTRACT: &[&str] = &[
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "Callable",
    "Collection",
    "Container",
    "Coroutine",
    "Generator",
    "Hashable",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "Mapping",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Reversible",
    "Sequence",
    "Set",
    "Sized",
    "ValuesView",
];
