//! Constants: what CPython computes when it compiles, and which values it makes only once.

use ruff_python_ast::{Expr, Number, Operator, UnaryOp};

/// What the compiler can work out before the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// `None`, `...`, and what counts as an int in arithmetic: `True`, `False`, `not 5`.
    Singleton,
    /// An int, float or complex.
    Number,
    /// A str.
    Text,
    /// A bytes.
    Bytes,
    /// A tuple of constants.
    Tuple,
}

/// Constants as CPython folds them (`Python/ast_opt.c`, from 3.14 `Python/flowgraph.c`).
pub fn constant(expr: &Expr) -> Option<Constant> {
    match expr {
        Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) | Expr::BooleanLiteral(_) => Some(Constant::Singleton),
        Expr::Name(node) => (node.id.as_str() == "__debug__").then_some(Constant::Singleton),
        Expr::NumberLiteral(_) => Some(Constant::Number),
        Expr::StringLiteral(_) => Some(Constant::Text),
        Expr::BytesLiteral(_) => Some(Constant::Bytes),
        Expr::Tuple(node) => node.elts.iter().all(|element| constant(element).is_some()).then_some(Constant::Tuple),
        Expr::UnaryOp(node) => match (node.op, constant(&node.operand)?) {
            (UnaryOp::Not, _) => Some(Constant::Singleton),
            (_, Constant::Number | Constant::Singleton) => Some(Constant::Number),
            _ => None,
        },
        Expr::BinOp(node) => folded(constant(&node.left)?, node.op, constant(&node.right)?),
        Expr::Subscript(node) => match (constant(&node.value)?, constant(&node.slice)?) {
            (Constant::Text, Constant::Number) => Some(Constant::Text),
            (Constant::Bytes, Constant::Number) => Some(Constant::Number),
            _ => None,
        },
        _ => None,
    }
}

fn folded(left: Constant, op: Operator, right: Constant) -> Option<Constant> {
    use Constant::{Bytes, Number, Singleton, Text, Tuple};
    match (left, op, right) {
        (Singleton, Operator::BitAnd | Operator::BitOr | Operator::BitXor, Singleton) => Some(Singleton),
        (_, Operator::MatMult, _) => None,
        (Number | Singleton, _, Number | Singleton) => Some(Number),
        (Text | Bytes, Operator::Mod, _) => Some(left),
        (Text | Bytes | Tuple, Operator::Add, _) if left == right => Some(left),
        (Text | Bytes | Tuple, Operator::Mult, Number) => Some(left),
        (Number, Operator::Mult, Text | Bytes | Tuple) => Some(right),
        _ => None,
    }
}

/// Whether CPython makes a value only once: ints from -5 to 256, `()`, and str and bytes of at most one (Latin-1)
/// character (`Include/internal/pycore_global_objects.h`).
pub fn is_kept(expr: &Expr) -> bool {
    let at_most = |number: &Number, limit: u16| {
        let int = number.as_int().and_then(|int| int.as_u16());
        int.is_some_and(|int| int <= limit)
    };
    match expr {
        Expr::NumberLiteral(node) => at_most(&node.value, 256),
        Expr::UnaryOp(node) if node.op == UnaryOp::USub => {
            matches!(&*node.operand, Expr::NumberLiteral(node) if at_most(&node.value, 5))
        }
        Expr::Tuple(node) => node.elts.is_empty(),
        Expr::StringLiteral(node) => {
            let mut chars = node.value.chars();
            chars.next().is_none_or(|first| u32::from(first) < 256) && chars.next().is_none()
        }
        Expr::BytesLiteral(node) => node.value.bytes().nth(1).is_none(),
        _ => false,
    }
}

/// Whether an expression is an int literal, with a sign or without.
pub fn is_int(expr: &Expr) -> bool {
    match expr {
        Expr::NumberLiteral(node) => node.value.is_int(),
        Expr::UnaryOp(node) => node.op == UnaryOp::USub && is_int(&node.operand),
        _ => false,
    }
}
