//! What operators, comparisons and subscripts give for operands of known classes.
//!
//! <https://docs.python.org/3/reference/expressions.html#binary-arithmetic-operations>; every line is run by `tests/values.rs`.

use ruff_python_ast::{CmpOp, Expr, Number, Operator, UnaryOp};

use super::Inference;
use super::union::{Items, Object, Type, Union};

impl<'a> Inference<'_, 'a> {
    pub(super) fn unary(&self, op: UnaryOp, operand: &Union<'a>) -> Union<'a> {
        if op == UnaryOp::Not {
            return Type::Bool.into();
        }
        operand.map(|object| {
            Some(match (op, &object.class) {
                (_, Type::Int | Type::Bool) => Type::Int.into(),
                (UnaryOp::UAdd | UnaryOp::USub, Type::Float) => Type::Float.into(),
                (UnaryOp::UAdd | UnaryOp::USub, Type::Complex) => Type::Complex.into(),
                _ => Union::unknown(),
            })
        })
    }

    pub(super) fn binary(&self, left: &Union<'a>, op: Operator, right: &Union<'a>) -> Union<'a> {
        left.map(|left| {
            // `"%d" % x` formats whatever stands on the right, and only a path or its text can be joined to a path.
            match (&left.class, op) {
                (Type::Str, Operator::Mod) => return Some(Type::Str.into()),
                (Type::Bytes, Operator::Mod) => return Some(Type::Bytes.into()),
                (Type::External(path), Operator::Div) if path.as_str() == "pathlib.Path" => {
                    return Some(left.class.clone().into());
                }
                _ => {}
            }
            Some(right.map(|right| Some(binary(left, op, right))))
        })
    }

    /// `left op= right`: as the operator, but lists, sets and dicts change in place with any iterable or mapping.
    pub(super) fn augmented(&self, left: &Union<'a>, op: Operator, right: &Union<'a>) -> Union<'a> {
        left.map(|left| {
            let in_place = matches!(
                (&left.class, op),
                (Type::List, Operator::Add | Operator::Mult)
                    | (Type::Dict, Operator::BitOr)
                    | (Type::ByteArray, Operator::Add)
            );
            let items = match (&left.class, op) {
                (Type::List, Operator::Mult) => left.items.clone(),
                (Type::List, Operator::Add) => Items::each(left.items.element().or(self.elements(right))),
                _ => Items::Unknown,
            };
            if in_place {
                return Some(Union::holding(left.class.clone(), items));
            }
            Some(self.binary(&single(left), op, right))
        })
    }

    /// `a < b`: a bool if the operands are builtin; only `is` and `in` are so for everything.
    pub(super) fn compare(&self, ops: &[CmpOp], operands: impl Iterator<Item = Union<'a>>) -> Union<'a> {
        let is_always_bool = |op: &CmpOp| matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn);
        if ops.iter().all(is_always_bool) {
            return Type::Bool.into();
        }
        let compares_to_bool =
            |union: Union<'a>| !union.is_open() && union.objects().iter().all(|object| compares_to_bool(&object.class));
        let mut all = true;
        for operand in operands {
            all &= compares_to_bool(operand);
        }
        if all { Type::Bool.into() } else { Union::unknown() }
    }

    pub(super) fn subscript(&self, value: &Union<'a>, index: &Expr) -> Union<'a> {
        value.map(|object| self.subscript_of(object, index))
    }

    fn subscript_of(&self, object: &Object<'a>, index: &Expr) -> Option<Union<'a>> {
        let is_slice = index.is_slice_expr();
        let is_index = || !is_slice && matches!(self.infer(index).class(), Some(Type::Int | Type::Bool));
        let same = || Some(Union::holding(object.class.clone(), Items::Unknown));
        Some(match &object.class {
            Type::None => return None,
            Type::Str => Type::Str.into(),
            Type::Bytes | Type::ByteArray | Type::Range if is_slice => return same(),
            Type::Bytes | Type::ByteArray | Type::Range if is_index() => Type::Int.into(),
            Type::List if is_slice => single(object),
            Type::List if is_index() => object.items.element(),
            Type::Tuple if is_slice => Union::holding(Type::Tuple, Items::each(object.items.element())),
            Type::Tuple => match (&object.items, constant_index(index)) {
                (Items::Positions(elements), Some(index)) => {
                    let index = if index < 0 { index + elements.len() as i64 } else { index };
                    elements.get(usize::try_from(index).ok()?)?.clone()
                }
                (items, _) if is_index() => items.element(),
                _ => Union::unknown(),
            },
            _ if is_slice => Union::unknown(),
            Type::External(name) if name.as_str() == "collections.deque" && is_index() => object.items.element(),
            Type::External(name) if name.as_str() == "collections.abc.Sequence" && is_index() => object.items.element(),
            _ => match &object.items {
                Items::Mapping(pair) if !pair.1.is_never() => pair.1.clone(),
                _ => Union::unknown(),
            },
        })
    }
}

pub(super) fn single<'a>(object: &Object<'a>) -> Union<'a> {
    Union::holding(object.class.clone(), object.items.clone())
}

fn constant_index(index: &Expr) -> Option<i64> {
    match index {
        Expr::NumberLiteral(node) => match &node.value {
            Number::Int(value) => value.as_i64(),
            _ => None,
        },
        Expr::UnaryOp(node) if node.op == UnaryOp::USub => Some(-constant_index(&node.operand)?),
        _ => None,
    }
}

/// Whether `==` and `<` of an instance with one of its like give a bool or raise.
fn compares_to_bool(class: &Type) -> bool {
    !matches!(class, Type::Instance(_) | Type::External(_) | Type::Class(_))
}

fn binary<'a>(left: &Object<'a>, op: Operator, right: &Object<'a>) -> Union<'a> {
    use Type::{Bool, ByteArray, Bytes, Complex, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple};
    let repeats = |sequence: &Object<'a>| match &sequence.items {
        Items::Positions(_) => Union::holding(sequence.class.clone(), Items::each(sequence.items.element())),
        _ => single(sequence),
    };
    let arithmetic = matches!(
        op,
        Operator::Add | Operator::Sub | Operator::Mult | Operator::Div | Operator::FloorDiv | Operator::Mod
    );
    let exact = matches!(op, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div);
    match (&left.class, op, &right.class) {
        (Str | Bytes | ByteArray, Operator::Add, other) if *other == left.class => left.class.clone().into(),
        (Bytes, Operator::Add, ByteArray) => Bytes.into(),
        (ByteArray, Operator::Add, Bytes) => ByteArray.into(),
        (List, Operator::Add, List) => {
            Union::holding(List, Items::each(left.items.element().or(right.items.element())))
        }
        (Tuple, Operator::Add, Tuple) => match (&left.items, &right.items) {
            (Items::Positions(one), Items::Positions(two)) => {
                Union::holding(Tuple, Items::positions(one.iter().chain(two.iter()).cloned().collect()))
            }
            _ => Union::holding(Tuple, Items::each(left.items.element().or(right.items.element()))),
        },
        (Str | Bytes | ByteArray | List | Tuple, Operator::Mult, Int | Bool) => repeats(left),
        (Int | Bool, Operator::Mult, Str | Bytes | ByteArray | List | Tuple) => repeats(right),
        (Set | FrozenSet, Operator::Sub | Operator::BitAnd, Set | FrozenSet) => single(left),
        (Set | FrozenSet, Operator::BitOr | Operator::BitXor, Set | FrozenSet) => {
            Union::holding(left.class.clone(), Items::each(left.items.element().or(right.items.element())))
        }
        (Dict, Operator::BitOr, Dict) => match (&left.items, &right.items) {
            (Items::Mapping(one), Items::Mapping(two)) => {
                Union::holding(Dict, Items::mapping(one.0.clone().or(two.0.clone()), one.1.clone().or(two.1.clone())))
            }
            _ => Dict.into(),
        },
        (Int | Bool, Operator::Div, Int | Bool) => Float.into(),
        // A negative exponent gives a float.
        (Int | Bool, Operator::Pow | Operator::MatMult, Int | Bool) => Union::unknown(),
        (Bool, Operator::BitAnd | Operator::BitOr | Operator::BitXor, Bool) => Bool.into(),
        (Int | Bool, _, Int | Bool) => Int.into(),
        (Int | Bool | Float, _, Float) | (Float, _, Int | Bool) if arithmetic => Float.into(),
        (Int | Bool | Float | Complex, _, Complex) | (Complex, _, Int | Bool | Float) if exact => Complex.into(),
        // Views of dicts take any iterable.
        (
            Type::External(view),
            Operator::BitAnd | Operator::BitOr | Operator::BitXor | Operator::Sub,
            Set | FrozenSet | List | Tuple | Dict | Str | Type::External(_),
        ) if matches!(view.as_str(), "builtins.dict_keys" | "builtins.dict_items") => Set.into(),
        (Type::External(one), _, Type::External(two)) => {
            dates(one.as_str(), op, two.as_str()).map_or(Union::unknown(), Union::external)
        }
        _ => Union::unknown(),
    }
}

/// <https://docs.python.org/3/library/datetime.html#datetime.datetime.date>
fn dates(left: &str, op: Operator, right: &str) -> Option<&'static str> {
    Some(match (left, op, right) {
        ("datetime.datetime", Operator::Sub, "datetime.datetime") => "datetime.timedelta",
        ("datetime.datetime", Operator::Add | Operator::Sub, "datetime.timedelta")
        | ("datetime.timedelta", Operator::Add, "datetime.datetime") => "datetime.datetime",
        ("datetime.date", Operator::Add | Operator::Sub, "datetime.timedelta") => "datetime.date",
        ("datetime.timedelta", Operator::Add | Operator::Sub, "datetime.timedelta") => "datetime.timedelta",
        ("decimal.Decimal", Operator::Add | Operator::Sub | Operator::Mult | Operator::Div, "decimal.Decimal") => {
            "decimal.Decimal"
        }
        _ => return None,
    })
}
