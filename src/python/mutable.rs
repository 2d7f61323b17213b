//! Values that can be changed in place: which expressions make one, and which methods change it.

use ruff_python_ast::{self as ast, Expr, Operator};

use super::model::{BindingKind, Model, SymbolId};
use super::values::Type;

/// How many names are followed.
const MAX_STEPS: u8 = 4;

/// What is known of a value that can be changed in place, or that holds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MutableValue {
    /// Its class, as a reader would name it: `list`, `deque`, `generator`; `tuple` for a tuple that holds such a value.
    pub class: &'static str,
    /// Whether it is false in a test: `Some(true)` if it certainly has no elements.
    pub is_empty: Option<bool>,
    /// Whether it holds values that can themselves be changed in place.
    pub is_nested: bool,
    /// The variable, if the value has been made elsewhere and is only named here.
    pub named: Option<SymbolId>,
}

impl MutableValue {
    fn new(class: &'static str, is_empty: Option<bool>) -> Self {
        MutableValue { class, is_empty, is_nested: false, named: None }
    }

    fn nested(mut self, is_nested: bool) -> Self {
        self.is_nested |= is_nested;
        self
    }
}

/// Constructors by dotted path, with the name of the class they make. `typing`'s deprecated aliases of `collections` can be called, too
/// (<https://docs.python.org/3/library/typing.html#aliases-to-types-in-collections>).
const CONSTRUCTORS: &[(&str, &str)] = &[
    ("builtins.list", "list"),
    ("builtins.dict", "dict"),
    ("builtins.set", "set"),
    ("builtins.bytearray", "bytearray"),
    ("builtins.sorted", "list"),
    ("array.array", "array"),
    ("collections.deque", "deque"),
    ("collections.defaultdict", "defaultdict"),
    ("collections.OrderedDict", "OrderedDict"),
    ("collections.Counter", "Counter"),
    ("collections.ChainMap", "ChainMap"),
    ("collections.UserList", "UserList"),
    ("collections.UserDict", "UserDict"),
    ("typing.Deque", "deque"),
    ("typing.DefaultDict", "defaultdict"),
    ("typing.OrderedDict", "OrderedDict"),
    ("typing.Counter", "Counter"),
    ("typing.ChainMap", "ChainMap"),
];

impl<'a> Model<'a> {
    /// What `expr` gives, if that certainly is, or on some branch may be, a value that can be changed in place: a display,
    /// a comprehension, a constructor's or copying function's result, operators on those, or a name bound once to one.
    pub fn mutable_value(&self, expr: &Expr) -> Option<MutableValue> {
        self.mutable_within(expr, MAX_STEPS)
    }

    fn mutable_within(&self, expr: &Expr, steps: u8) -> Option<MutableValue> {
        let any = |elements: &[Expr]| elements.iter().any(|element| self.mutable_within(element, steps).is_some());
        Some(match expr {
            Expr::List(node) => MutableValue::new("list", emptiness(&node.elts)).nested(any(&node.elts)),
            Expr::Set(node) => MutableValue::new("set", emptiness(&node.elts)),
            Expr::Tuple(node) if any(&node.elts) => MutableValue::new("tuple", Some(false)).nested(true),
            Expr::Dict(node) => {
                let spreads_only = node.items.iter().all(|item| item.key.is_none());
                let is_empty = if node.items.is_empty() { Some(true) } else { (!spreads_only).then_some(false) };
                let nested = node.items.iter().any(|item| self.mutable_within(&item.value, steps).is_some());
                MutableValue::new("dict", is_empty).nested(nested)
            }
            Expr::ListComp(node) => self.comprehension("list", &node.elt, steps),
            Expr::SetComp(_) => MutableValue::new("set", None),
            Expr::DictComp(node) => self.comprehension("dict", &node.value, steps),
            Expr::Generator(_) => MutableValue::new("generator", Some(false)),
            Expr::Named(node) => self.mutable_within(&node.value, steps)?,
            Expr::If(node) => either(self.mutable_within(&node.body, steps), self.mutable_within(&node.orelse, steps))?,
            Expr::BoolOp(node) => self.boolean(node, steps)?,
            Expr::BinOp(node) => self.operation(node, steps)?,
            Expr::Subscript(node) if node.slice.is_slice_expr() => {
                MutableValue { named: None, is_empty: None, ..self.mutable_within(&node.value, steps)? }
            }
            Expr::Call(node) => self.made_by_call(node, steps)?,
            Expr::Name(node) => {
                let symbol = self.symbol_of(node)?;
                let binding = self.only_binding(symbol)?;
                if !matches!(binding.kind, BindingKind::Assignment(_) | BindingKind::Annotated(_)) {
                    return None;
                }
                let value = self.mutable_within(binding.value()?, steps.checked_sub(1)?)?;
                // What the name holds may have been changed since.
                MutableValue { named: Some(symbol), is_empty: None, ..value }
            }
            _ => return None,
        })
    }

    fn comprehension(&self, class: &'static str, element: &Expr, steps: u8) -> MutableValue {
        MutableValue::new(class, None).nested(self.mutable_within(element, steps).is_some())
    }

    /// The operands that `a or b`, `a and b` can give.
    fn boolean(&self, node: &ast::ExprBoolOp, steps: u8) -> Option<MutableValue> {
        let (last, earlier) = node.values.split_last()?;
        let skipped_if_empty = node.op == ast::BoolOp::Or;
        let mut found = None;
        for value in earlier.iter().map(|operand| self.mutable_within(operand, steps)) {
            let is_skipped = value.is_some_and(|value| value.is_empty == Some(skipped_if_empty));
            found = either(found, value.filter(|_| !is_skipped));
        }
        either(found, self.mutable_within(last, steps))
    }

    fn operation(&self, node: &ast::ExprBinOp, steps: u8) -> Option<MutableValue> {
        let left = self.mutable_within(&node.left, steps);
        let is_sequence =
            |value: &MutableValue| matches!(value.class, "list" | "bytearray" | "deque" | "array" | "UserList");
        let is_set_like = |value: &MutableValue| {
            matches!(value.class, "set" | "dict" | "Counter" | "OrderedDict" | "defaultdict" | "UserDict" | "ChainMap")
        };
        let value = match node.op {
            Operator::Add | Operator::Mult => {
                let left = left.filter(|value| is_sequence(value) || value.class == "Counter");
                let right = self.mutable_within(&node.right, steps).filter(is_sequence);
                let nested = right.is_some_and(|value| value.is_nested);
                left.or(right)?.nested(nested)
            }
            // The left operand decides the class: `frozenset() | set()` is a frozenset.
            Operator::BitOr | Operator::BitAnd | Operator::BitXor | Operator::Sub => left.filter(is_set_like)?,
            _ => return None,
        };
        Some(MutableValue { is_empty: None, named: None, ..value })
    }

    fn made_by_call(&self, call: &ast::ExprCall, steps: u8) -> Option<MutableValue> {
        // `list[int]()` makes a list.
        let callee = match &*call.func {
            Expr::Subscript(node) => &*node.value,
            callee => callee,
        };
        if matches!(callee, Expr::Name(_) | Expr::Attribute(_))
            && let Some(name) = self.qualified_name(callee)
        {
            let name = name.as_str();
            if let Some((_, class)) = CONSTRUCTORS.iter().find(|(path, _)| *path == name) {
                return Some(self.constructed(class, call, steps));
            }
            let first = call.arguments.args.first();
            return match name {
                "copy.copy" | "copy.deepcopy" => {
                    Some(MutableValue { named: None, ..self.mutable_within(first?, steps)? })
                        .filter(|value| value.class != "generator")
                }
                "builtins.dict.fromkeys" | "collections.OrderedDict.fromkeys" => {
                    let value = call.arguments.args.get(1);
                    let nested = value.is_some_and(|value| self.mutable_within(value, steps).is_some());
                    Some(MutableValue::new("dict", None).nested(nested))
                }
                "typing.cast" => self.mutable_within(call.arguments.args.get(1)?, steps),
                _ => None,
            };
        }
        let Expr::Attribute(method) = callee else { return None };
        match method.attr.as_str() {
            "copy" if call.arguments.is_empty() => {
                let value = self.mutable_within(&method.value, steps)?;
                (value.class != "tuple").then_some(MutableValue { named: None, ..value })
            }
            "split" | "rsplit" | "splitlines" => {
                let owner = self.type_of(&method.value)?;
                matches!(owner, Type::Str | Type::Bytes).then_some(MutableValue::new("list", None))
            }
            _ => None,
        }
    }

    fn constructed(&self, class: &'static str, call: &ast::ExprCall, steps: u8) -> MutableValue {
        let arguments = &call.arguments;
        // The first argument of these says what the elements are, not which.
        let elements_from = usize::from(matches!(class, "defaultdict" | "array"));
        let has_elements = match class {
            "deque" => !arguments.args.is_empty() || arguments.find_keyword("iterable").is_some(),
            _ => arguments.args.len() > elements_from || !arguments.keywords.is_empty(),
        };
        let makes_mutable = |factory: &Expr| match factory {
            Expr::Lambda(node) => self.mutable_within(&node.body, steps).is_some(),
            _ => self
                .qualified_name(factory)
                .is_some_and(|name| CONSTRUCTORS.iter().any(|(path, _)| *path == name.as_str())),
        };
        let nested = match class {
            "defaultdict" => arguments.args.first().is_some_and(makes_mutable),
            _ => arguments
                .args
                .first()
                .and_then(|source| self.mutable_within(source, steps))
                .is_some_and(|it| it.is_nested),
        };
        MutableValue::new(class, (!has_elements).then_some(true)).nested(nested)
    }
}

/// What one of two branches gives.
fn either(left: Option<MutableValue>, right: Option<MutableValue>) -> Option<MutableValue> {
    let (Some(first), Some(second)) = (left, right) else { return left.or(right) };
    let is_empty = if first.is_empty == second.is_empty { first.is_empty } else { None };
    let named = if first.named == second.named { first.named } else { None };
    Some(MutableValue { is_empty, named, ..first }.nested(second.is_nested))
}

fn emptiness(elements: &[Expr]) -> Option<bool> {
    if elements.is_empty() {
        return Some(true);
    }
    elements.iter().any(|element| !element.is_starred_expr()).then_some(false)
}

/// Whether a method of this name changes the builtin or `collections` object that it is called on.
pub fn is_changing_method(name: &str) -> bool {
    matches!(
        name,
        "append"
            | "extend"
            | "insert"
            | "remove"
            | "pop"
            | "clear"
            | "sort"
            | "reverse"
            | "update"
            | "setdefault"
            | "popitem"
            | "add"
            | "discard"
            | "difference_update"
            | "intersection_update"
            | "symmetric_difference_update"
            | "appendleft"
            | "extendleft"
            | "popleft"
            | "rotate"
            | "move_to_end"
            | "subtract"
            | "frombytes"
            | "fromfile"
            | "fromlist"
            | "fromunicode"
            | "byteswap"
            | "__setitem__"
            | "__delitem__"
            | "__iadd__"
            | "__imul__"
            | "__ior__"
            | "__iand__"
            | "__isub__"
            | "__ixor__"
            | "send"
            | "throw"
            | "close"
            | "__next__"
    )
}

/// Whether the statement `x op= …` changes an object of this class in place, instead of binding `x` to a new one.
pub fn is_changed_by(class: &str, op: Operator) -> bool {
    match class {
        "list" | "bytearray" | "array" | "deque" | "UserList" => matches!(op, Operator::Add | Operator::Mult),
        "set" => matches!(op, Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor),
        "dict" | "OrderedDict" | "defaultdict" | "UserDict" | "ChainMap" => op == Operator::BitOr,
        "Counter" => matches!(op, Operator::Add | Operator::Sub | Operator::BitOr | Operator::BitAnd),
        _ => false,
    }
}
