//! What a call does to what its caller can see.

use ruff_python_ast::{self as ast, Expr};

use super::model::Model;
use super::mutable::is_changing_method;
use super::values::Type;

/// What a call does to what its caller can see, and whether it gives the same result each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Only looks at its arguments; the same arguments give the same result.
    Pure,
    /// Shows or logs something; its result says nothing.
    Tells,
    /// Changes the object that it is a method of.
    Changes,
    /// It may do anything.
    Unknown,
}

impl Model<'_> {
    /// Whether it is an item of a container, by itself or under a name: `rows[i]`, or `row` after `row = rows[i]`.
    fn is_record(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Subscript(_) => true,
            Expr::Name(name) => self
                .symbol_of(name)
                .and_then(|symbol| self.only_binding(symbol))
                .and_then(|binding| binding.value())
                .is_some_and(Expr::is_subscript_expr),
            _ => false,
        }
    }

    /// What a call is known to do, by the name of what it calls and the receiver.
    pub fn effect(&self, call: &ast::ExprCall) -> Effect {
        if let Some(path) = self.qualified_name(&call.func) {
            let path = path.as_str();
            return match path.rsplit_once('.') {
                Some(("builtins", name)) if PURE_BUILTINS.contains(&name) => Effect::Pure,
                Some(("math" | "operator" | "os.path" | "textwrap" | "unicodedata", _)) => Effect::Pure,
                Some(("re", name)) if name != "compile" => Effect::Pure,
                Some(("logging" | "warnings" | "pprint", _)) => Effect::Tells,
                _ if matches!(path, "builtins.print" | "sys.stdout.write" | "sys.stderr.write") => Effect::Tells,
                _ => Effect::Unknown,
            };
        }
        match &*call.func {
            Expr::Attribute(method) => match method.attr.as_str() {
                name if PURE_METHODS.contains(&name) => Effect::Pure,
                "debug" | "info" | "warning" | "error" | "exception" | "critical" => Effect::Tells,
                "get" | "keys" | "values" | "items" | "copy"
                    if matches!(self.type_of(&method.value), Some(Type::Dict)) =>
                {
                    Effect::Pure
                }
                "get" if self.is_record(&method.value) && asks_for_a_field(call) => Effect::Pure,
                name if is_changing_method(name) && name != "send" && name != "close" && name != "throw" => {
                    Effect::Changes
                }
                _ => Effect::Unknown,
            },
            _ => Effect::Unknown,
        }
    }
}

/// Whether `.get()` can be none but a dict's: `row.get("name")`, no address, no queue's flag.
fn asks_for_a_field(call: &ast::ExprCall) -> bool {
    let is_field = |key: &Expr| {
        key.as_string_literal_expr().is_some_and(|key| {
            let text = key.value.to_str();
            !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | ' '))
        })
    };
    call.arguments.keywords.is_empty() && call.arguments.args.first().is_some_and(is_field)
}

const PURE_BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytes",
    "callable",
    "chr",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "list",
    "max",
    "min",
    "oct",
    "ord",
    "pow",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "zip",
];

/// Methods of strings, by which a receiver of unknown type is taken for one.
const PURE_METHODS: &[&str] = &[
    "casefold",
    "capitalize",
    "center",
    "count",
    "decode",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];
