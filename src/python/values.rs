//! What an expression certainly is, as far as the file shows it. No answer where it could be something else.

use ruff_python_ast::{self as ast, Expr, Number, Operator, UnaryOp};

use super::model::{BindingKind, Model, SymbolId};
use super::names::QualifiedName;

/// How many names and calls are followed.
const MAX_STEPS: u8 = 8;

/// The class of a value, as exactly as rules need it.
#[derive(Clone, Debug, PartialEq)]
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
    /// An instance of a class from elsewhere, by its dotted path: `collections.deque`, `builtins.map`.
    External(QualifiedName),
}

impl<'a> Model<'a> {
    /// What `expr` certainly is: by literals, displays, operators, calls of builtins and of classes, annotations, and
    /// names bound once.
    pub fn type_of(&self, expr: &Expr) -> Option<Type<'a>> {
        self.type_within(expr, MAX_STEPS)
    }

    /// What a variable certainly is: bound once to a known value, or annotated.
    pub fn type_of_symbol(&self, symbol: SymbolId) -> Option<Type<'a>> {
        self.symbol_type(symbol, MAX_STEPS)
    }

    fn type_within(&self, expr: &Expr, steps: u8) -> Option<Type<'a>> {
        Some(match expr {
            Expr::NoneLiteral(_) => Type::None,
            Expr::BooleanLiteral(_) | Expr::Compare(_) if !is_comparison_of_unknown(expr) => Type::Bool,
            Expr::NumberLiteral(node) => match node.value {
                Number::Int(_) => Type::Int,
                Number::Float(_) => Type::Float,
                Number::Complex { .. } => Type::Complex,
            },
            Expr::StringLiteral(_) | Expr::FString(_) => Type::Str,
            Expr::BytesLiteral(_) => Type::Bytes,
            Expr::List(_) | Expr::ListComp(_) => Type::List,
            Expr::Tuple(_) => Type::Tuple,
            Expr::Dict(_) | Expr::DictComp(_) => Type::Dict,
            Expr::Set(_) | Expr::SetComp(_) => Type::Set,
            Expr::Generator(_) => Type::Generator,
            Expr::Named(node) => self.type_within(&node.value, steps)?,
            Expr::UnaryOp(node) => match node.op {
                UnaryOp::Not => Type::Bool,
                UnaryOp::UAdd | UnaryOp::USub => match self.type_within(&node.operand, steps)? {
                    number @ (Type::Int | Type::Float | Type::Complex) => number,
                    Type::Bool => Type::Int,
                    _ => return None,
                },
                UnaryOp::Invert => match self.type_within(&node.operand, steps)? {
                    Type::Int | Type::Bool => Type::Int,
                    _ => return None,
                },
            },
            Expr::BinOp(node) => {
                let left = self.type_within(&node.left, steps)?;
                let right = self.type_within(&node.right, steps);
                binary(&left, node.op, right.as_ref())?
            }
            Expr::If(node) => {
                let body = self.type_within(&node.body, steps)?;
                (self.type_within(&node.orelse, steps)? == body).then_some(body)?
            }
            Expr::BoolOp(node) => {
                let mut types = node.values.iter().map(|value| self.type_within(value, steps));
                let first = types.next()??;
                types.all(|other| other.as_ref() == Some(&first)).then_some(first)?
            }
            Expr::Name(node) => self.symbol_type(self.symbol_of(node)?, steps)?,
            Expr::Call(node) => self.call_type(node, steps)?,
            _ => return None,
        })
    }

    fn symbol_type(&self, symbol: SymbolId, steps: u8) -> Option<Type<'a>> {
        let steps = steps.checked_sub(1)?;
        let binding = self.only_binding(symbol)?;
        match binding.kind {
            BindingKind::Assignment(_) | BindingKind::Walrus(_) => self.type_within(binding.value()?, steps),
            BindingKind::Annotated(node) => {
                self.annotated_type(&node.annotation).or_else(|| self.type_within(binding.value()?, steps))
            }
            BindingKind::Parameter(node) => self.annotated_type(node.parameter.annotation.as_deref()?),
            BindingKind::VarArgs(_) => Some(Type::Tuple),
            BindingKind::KwArgs(_) => Some(Type::Dict),
            BindingKind::Function(node) => node.decorator_list.is_empty().then_some(Type::Function(node)),
            BindingKind::Class(node) => node.decorator_list.is_empty().then_some(Type::Class(node)),
            _ => None,
        }
    }

    /// The type that an annotation promises, if it is a single concrete one: `int`, `list[str]`, `"Basket"`.
    pub fn annotated_type(&self, annotation: &Expr) -> Option<Type<'a>> {
        match annotation {
            Expr::StringLiteral(node) => self.annotated_type(self.string_annotation(node)?),
            Expr::NoneLiteral(_) => Some(Type::None),
            Expr::Subscript(node)
                if self.is_any_of(&node.value, &["typing.Annotated", "typing_extensions.Annotated"]) =>
            {
                self.annotated_type(node.slice.as_tuple_expr()?.elts.first()?)
            }
            Expr::Subscript(node) => self.annotated_type(&node.value),
            Expr::Name(node) if let Some(class) = self.symbol_of(node).and_then(|symbol| self.class_of(symbol)) => {
                Some(Type::Instance(class))
            }
            Expr::Name(_) | Expr::Attribute(_) => instance_of(&self.qualified_name(annotation)?),
            _ => None,
        }
    }

    fn call_type(&self, call: &ast::ExprCall, steps: u8) -> Option<Type<'a>> {
        if let Expr::Name(name) = &*call.func
            && let Some(class) = self.symbol_of(name).and_then(|symbol| self.class_of(symbol))
        {
            return Some(Type::Instance(class));
        }
        if let Some(builtin) = self.builtin_name(&call.func) {
            return match builtin {
                "len" | "hash" | "ord" | "id" => Some(Type::Int),
                "repr" | "ascii" | "chr" | "bin" | "hex" | "oct" | "format" | "input" => Some(Type::Str),
                "sorted" | "dir" => Some(Type::List),
                "isinstance" | "issubclass" | "callable" | "hasattr" | "any" | "all" => Some(Type::Bool),
                "print" | "setattr" | "delattr" => Some(Type::None),
                "vars" | "globals" | "locals" => Some(Type::Dict),
                _ => instance_of(&self.qualified_name(&call.func)?).filter(|_| builtin != "type"),
            };
        }
        if let Some(name) = self.qualified_name(&call.func) {
            return instance_of(&name);
        }
        let Expr::Attribute(attribute) = &*call.func else { return None };
        let owner = self.type_within(&attribute.value, steps.checked_sub(1)?)?;
        method_result(&owner, attribute.attr.as_str())
    }
}

/// `a < b` may be anything if `a` overloads it; only `is`, `in` and `not in` always give a bool.
fn is_comparison_of_unknown(expr: &Expr) -> bool {
    matches!(expr, Expr::Compare(node) if node.ops.iter().any(|op| {
        !matches!(op, ast::CmpOp::Is | ast::CmpOp::IsNot | ast::CmpOp::In | ast::CmpOp::NotIn)
    }))
}

/// An instance of the class with this dotted path, where it is one that we know.
fn instance_of<'a>(class: &QualifiedName) -> Option<Type<'a>> {
    Some(match class.as_str() {
        "builtins.int" => Type::Int,
        "builtins.float" => Type::Float,
        "builtins.complex" => Type::Complex,
        "builtins.bool" => Type::Bool,
        "builtins.str" | "typing.Text" => Type::Str,
        "builtins.bytes" => Type::Bytes,
        "builtins.bytearray" => Type::ByteArray,
        "builtins.list" | "typing.List" => Type::List,
        "builtins.tuple" | "typing.Tuple" => Type::Tuple,
        "builtins.dict" | "typing.Dict" => Type::Dict,
        "builtins.set" | "typing.Set" => Type::Set,
        "builtins.frozenset" | "typing.FrozenSet" => Type::FrozenSet,
        "builtins.range" => Type::Range,
        "builtins.map"
        | "builtins.filter"
        | "builtins.zip"
        | "builtins.enumerate"
        | "builtins.reversed"
        | "builtins.object"
        | "builtins.memoryview"
        | "builtins.slice"
        | "collections.deque"
        | "collections.defaultdict"
        | "collections.OrderedDict"
        | "collections.Counter"
        | "collections.ChainMap"
        | "decimal.Decimal"
        | "fractions.Fraction"
        | "datetime.datetime"
        | "datetime.date"
        | "datetime.time"
        | "datetime.timedelta"
        | "pathlib.Path"
        | "uuid.UUID"
        | "array.array" => Type::External(class.clone()),
        _ => return None,
    })
}

fn binary<'a>(left: &Type<'a>, op: Operator, right: Option<&Type<'a>>) -> Option<Type<'a>> {
    use Type::{Bool, Bytes, Complex, Float, FrozenSet, Int, List, Set, Str, Tuple};
    // `"%d" % x` and `b"%d" % x` format whatever stands on the right.
    match (left, op) {
        (Str, Operator::Mod) => return Some(Str),
        (Bytes, Operator::Mod) => return Some(Bytes),
        _ => {}
    }
    let right = right?;
    match (left, op, right) {
        (Str, Operator::Add, Str) | (Str, Operator::Mult, Int) | (Int, Operator::Mult, Str) => Some(Str),
        (Bytes, Operator::Add, Bytes) | (Bytes, Operator::Mult, Int) | (Int, Operator::Mult, Bytes) => Some(Bytes),
        (List, Operator::Add, List) | (List, Operator::Mult, Int) | (Int, Operator::Mult, List) => Some(List),
        (Tuple, Operator::Add, Tuple) | (Tuple, Operator::Mult, Int) | (Int, Operator::Mult, Tuple) => Some(Tuple),
        (Set | FrozenSet, Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor, Set | FrozenSet) => {
            Some(left.clone())
        }
        (Int | Bool, Operator::Div, Int | Bool) => Some(Float),
        // A negative exponent gives a float.
        (Int | Bool, Operator::Pow | Operator::MatMult, Int | Bool) => None,
        (Bool, Operator::BitAnd | Operator::BitOr | Operator::BitXor, Bool) => Some(Bool),
        (Int | Bool, _, Int | Bool) => Some(Int),
        (Int | Bool | Float, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div, Float)
        | (Float, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div, Int | Bool) => Some(Float),
        (Int | Bool | Float | Complex, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div, Complex)
        | (Complex, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div, Int | Bool | Float) => {
            Some(Complex)
        }
        _ => None,
    }
}

fn method_result<'a>(owner: &Type<'a>, method: &str) -> Option<Type<'a>> {
    Some(match (owner, method) {
        (Type::Str, "split" | "rsplit" | "splitlines") => Type::List,
        (Type::Str, "partition" | "rpartition") => Type::Tuple,
        (Type::Str, "encode") => Type::Bytes,
        (Type::Str, "find" | "rfind" | "index" | "rindex" | "count") => Type::Int,
        (Type::Str, "startswith" | "endswith") => Type::Bool,
        (Type::Str, name) if name.starts_with("is") => Type::Bool,
        (
            Type::Str,
            "upper" | "lower" | "strip" | "lstrip" | "rstrip" | "replace" | "format" | "format_map" | "join" | "title"
            | "capitalize" | "casefold" | "swapcase" | "center" | "ljust" | "rjust" | "zfill" | "expandtabs"
            | "translate" | "removeprefix" | "removesuffix",
        ) => Type::Str,
        (Type::Bytes, "decode" | "hex") => Type::Str,
        (Type::List, "copy") => Type::List,
        (Type::Dict, "copy") => Type::Dict,
        (Type::Set, "copy" | "union" | "intersection" | "difference" | "symmetric_difference") => Type::Set,
        (Type::List | Type::Tuple, "index" | "count") => Type::Int,
        _ => return None,
    })
}
