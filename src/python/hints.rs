//! What a type hint allows: the types it is made of, whether it lets the value be changed, whether `None` is one of them.

use ruff_python_ast::{self as ast, Expr, Operator};

use super::model::{BindingKind, Model};

/// How many aliases are followed.
const MAX_ALIASES: u8 = 4;

/// Types that offer no way to change the value, in `typing`, `typing_extensions` or `collections.abc`
/// (<https://docs.python.org/3/library/collections.abc.html#collections-abstract-base-classes>).
const READ_ONLY: &[&str] = &[
    "AbstractSet",
    "Collection",
    "Container",
    "Final",
    "FrozenSet",
    "ItemsView",
    "Iterable",
    "KeysView",
    "Mapping",
    "Reversible",
    "Sequence",
    "Sized",
    "Tuple",
    "ValuesView",
];

/// Builtin and other types whose values can't be changed.
const IMMUTABLE: &[&str] = &[
    "builtins.tuple",
    "builtins.frozenset",
    "builtins.str",
    "builtins.bytes",
    "builtins.int",
    "builtins.float",
    "builtins.bool",
    "builtins.range",
    "collections.abc.Set",
    "types.MappingProxyType",
];

/// One of the types that a hint is made of.
enum Member<'e> {
    /// `None`.
    None,
    /// Anything else, without its type arguments: `Sequence` of `Sequence[str]`.
    Type(&'e Expr),
}

impl<'a> Model<'a> {
    /// Whether an annotation only promises types through which a value can't be changed: `Sequence[str]`, `"Mapping | None"`.
    pub fn is_read_only_annotation(&self, annotation: &Expr) -> bool {
        let mut types = 0;
        let mut all = true;
        self.for_each_member(annotation, MAX_ALIASES, &mut |member| {
            if let Member::Type(name) = member {
                types += 1;
                all &= self.is_read_only_type(name);
            }
        });
        types > 0 && all
    }

    /// Whether an annotation allows `None` as it stands: `Optional[int]`, `int | None`, `Any`, `object`.
    pub fn allows_none(&self, annotation: &Expr) -> bool {
        let mut found = false;
        self.for_each_member(annotation, MAX_ALIASES, &mut |member| {
            found |= match member {
                Member::None => true,
                Member::Type(name) => self.is_builtin(name, "object") || self.is_typing_member(name, "Any"),
            };
        });
        found
    }

    /// Whether `expr` is this member of `typing` or `typing_extensions`.
    pub fn is_typing_member(&self, expr: &Expr, member: &str) -> bool {
        self.qualified_name(expr).is_some_and(|name| {
            let path = name.as_str();
            path.strip_prefix("typing.").or_else(|| path.strip_prefix("typing_extensions.")) == Some(member)
        })
    }

    fn is_read_only_type(&self, name: &Expr) -> bool {
        let Some(name) = self.qualified_name(name) else { return false };
        let Some((module, member)) = name.as_str().rsplit_once('.') else { return false };
        matches!(module, "typing" | "typing_extensions" | "collections.abc") && READ_ONLY.contains(&member)
            || IMMUTABLE.contains(&name.as_str())
    }

    fn for_each_member(&self, annotation: &Expr, aliases: u8, visit: &mut dyn FnMut(Member)) {
        match annotation {
            Expr::NoneLiteral(_) => visit(Member::None),
            Expr::StringLiteral(node) => match self.string_annotation(node) {
                Some(inner) => self.for_each_member(inner, aliases, visit),
                None => visit(Member::Type(annotation)),
            },
            Expr::BinOp(node) if node.op == Operator::BitOr => {
                self.for_each_member(&node.left, aliases, visit);
                self.for_each_member(&node.right, aliases, visit);
            }
            Expr::Subscript(node) => self.for_each_argument(node, aliases, visit),
            _ => match self.alias_value(annotation).filter(|_| aliases > 0) {
                Some(value) => self.for_each_member(value, aliases - 1, visit),
                None => visit(Member::Type(annotation)),
            },
        }
    }

    fn for_each_argument(&self, node: &ast::ExprSubscript, aliases: u8, visit: &mut dyn FnMut(Member)) {
        let arguments = match &*node.slice {
            Expr::Tuple(tuple) => tuple.elts.as_slice(),
            slice => std::slice::from_ref(slice),
        };
        let is = |member| self.is_typing_member(&node.value, member);
        if is("Optional") {
            visit(Member::None);
            self.for_each_member(&node.slice, aliases, visit);
        } else if is("Union") {
            arguments.iter().for_each(|argument| self.for_each_member(argument, aliases, visit));
        } else if let (true, Some(first)) = (is("Annotated"), arguments.first()) {
            self.for_each_member(first, aliases, visit);
        } else {
            self.for_each_member(&node.value, aliases, visit);
        }
    }

    /// The value of the type alias that `expr` names: `Names = Sequence[str]`, `type Names = …`.
    fn alias_value(&self, expr: &Expr) -> Option<&'a Expr> {
        let binding = self.only_binding(self.symbol_of(expr.as_name_expr()?)?)?;
        match binding.kind {
            BindingKind::TypeAlias(node) => Some(&node.value),
            BindingKind::Assignment(_) | BindingKind::Annotated(_) => binding.value(),
            _ => None,
        }
    }
}
