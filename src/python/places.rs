//! Places that hold an object: a variable, an attribute or an item, as code names them. Whether two names of a place name the
//! same object, and what gives it another one.

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext};
use smallvec::{SmallVec, smallvec};

use super::model::{BindingKind, Model, NodeId, SymbolId};

/// How many names are followed to the place that they stand for.
const MAX_ALIASES: u8 = 4;

/// A variable, an attribute or an item: `rows`, `self.rows`, `groups["all"]`.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// As the code names it, aliases followed.
    pub expr: &'a Expr,
    /// The variables that decide which object it is, the outermost owner's first.
    pub symbols: SmallVec<[SymbolId; 2]>,
}

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.symbols == other.symbols && ComparableExpr::from(self.expr) == ComparableExpr::from(other.expr)
    }
}

impl<'a> Model<'a> {
    /// The place that `expr` names; a name that is bound once, to another place, stands for that.
    pub fn place(&self, expr: &'a Expr) -> Option<Place<'a>> {
        self.place_within(expr, MAX_ALIASES)
    }

    fn place_within(&self, expr: &'a Expr, aliases: u8) -> Option<Place<'a>> {
        match expr {
            Expr::Named(node) => self.place_within(&node.target, aliases),
            Expr::Name(name) => {
                let symbol = self.symbol_of(name)?;
                let source = aliases.checked_sub(1).and_then(|aliases| self.source_of(symbol, aliases));
                Some(source.unwrap_or_else(|| Place { expr, symbols: smallvec![symbol] }))
            }
            Expr::Attribute(node) => Some(Place { expr, ..self.place_within(&node.value, 0)? }),
            Expr::Subscript(node) => {
                let mut place = Place { expr, ..self.place_within(&node.value, 0)? };
                self.add_index(&node.slice, &mut place.symbols)?;
                Some(place)
            }
            _ => None,
        }
    }

    /// The place whose object a variable always holds.
    fn source_of(&self, symbol: SymbolId, aliases: u8) -> Option<Place<'a>> {
        let binding = self.only_binding(symbol)?;
        let (BindingKind::Assignment(_) | BindingKind::Annotated(_)) = binding.kind else { return None };
        let value = binding.value()?;
        match value {
            Expr::Name(name) => {
                // Where nothing else is ever bound to that one, either.
                self.only_binding(self.symbol_of(name)?)?;
                self.place_within(value, aliases)
            }
            Expr::Attribute(node) => {
                let root = self.symbol_of(node.value.as_name_expr()?)?;
                let is_here = |&&store: &&NodeId| self.scope_of(store) == binding.scope;
                let is_replaced =
                    self.attribute_stores(&node.attr).is_some_and(|stores| stores.iter().any(|id| is_here(&id)));
                (!is_replaced && self.only_binding(root).is_some()).then(|| self.place_within(value, aliases))?
            }
            _ => None,
        }
    }

    /// An index that means the same whenever its names do.
    fn add_index(&self, index: &'a Expr, symbols: &mut SmallVec<[SymbolId; 2]>) -> Option<()> {
        match index {
            Expr::Name(name) => symbols.push(self.symbol_of(name)?),
            Expr::Attribute(node) => return self.add_index(&node.value, symbols),
            Expr::Subscript(node) => {
                self.add_index(&node.value, symbols)?;
                return self.add_index(&node.slice, symbols);
            }
            Expr::UnaryOp(node) => return self.add_index(&node.operand, symbols),
            Expr::Tuple(node) => return node.iter().try_for_each(|element| self.add_index(element, symbols)),
            Expr::BinOp(node) => {
                self.add_index(&node.left, symbols)?;
                return self.add_index(&node.right, symbols);
            }
            _ if index.is_literal_expr() => {}
            _ => return None,
        }
        Some(())
    }

    /// Whether evaluating the atom `node` (see [`super::flow::Analysis::atom`]) can give the place another object: binds one of its
    /// variables, or assigns or deletes the attribute or item itself or one that it is part of.
    pub fn replaces(&self, node: AnyNodeRef<'a>, place: &Place<'a>) -> bool {
        let binds = |&symbol: &SymbolId| {
            self.bindings(symbol).any(|binding| binding.is_executed() && self.atom_holds(node, binding.node))
        };
        place.symbols.iter().any(binds) || self.stores(node, place)
    }

    fn stores(&self, node: AnyNodeRef<'a>, place: &Place<'a>) -> bool {
        let mut part = place.expr;
        loop {
            let owner = match part {
                Expr::Attribute(part) => &*part.value,
                Expr::Subscript(part) => &*part.value,
                _ => return false,
            };
            let targets: &[Expr] = match node {
                AnyNodeRef::StmtAssign(node) => &node.targets,
                AnyNodeRef::StmtDelete(node) => &node.targets,
                AnyNodeRef::StmtAnnAssign(node) => std::slice::from_ref(&node.target),
                _ => return false,
            };
            if targets.iter().any(|target| stores_into(target, part)) {
                return true;
            }
            part = owner;
        }
    }
}

/// Whether a target assigns `place`, alone or in a list of targets.
fn stores_into(target: &Expr, place: &Expr) -> bool {
    match target {
        Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
            elts.iter().any(|target| stores_into(target, place))
        }
        Expr::Starred(node) => stores_into(&node.value, place),
        Expr::Attribute(node) if node.ctx == ExprContext::Load => false,
        _ => ComparableExpr::from(target) == ComparableExpr::from(place),
    }
}
