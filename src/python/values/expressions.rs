//! What each kind of expression gives.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext, HasNodeIndex, Number};
use ruff_text_size::Ranged;

use super::union::{Items, Type, Union};
use super::{Inference, stdlib};
use crate::python::model::{BindingKind, ScopeId, SymbolId};

impl<'a> Inference<'_, 'a> {
    /// All that `expr` may be.
    pub(super) fn infer(&self, expr: &Expr) -> Union<'a> {
        self.deeper(|| match expr {
            Expr::NoneLiteral(_) => Type::None.into(),
            Expr::BooleanLiteral(_) => Type::Bool.into(),
            Expr::NumberLiteral(node) => match node.value {
                Number::Int(_) => Type::Int.into(),
                Number::Float(_) => Type::Float.into(),
                Number::Complex { .. } => Type::Complex.into(),
            },
            Expr::StringLiteral(_) | Expr::FString(_) => Type::Str.into(),
            Expr::BytesLiteral(_) => Type::Bytes.into(),
            Expr::EllipsisLiteral(_) => Union::external("types.EllipsisType"),
            Expr::TString(_) => Union::external("string.templatelib.Template"),
            Expr::List(node) => Union::holding(Type::List, self.display(&node.elts)),
            Expr::Set(node) => Union::holding(Type::Set, self.display(&node.elts)),
            Expr::Tuple(node) if node.elts.iter().any(Expr::is_starred_expr) => {
                Union::holding(Type::Tuple, self.display(&node.elts))
            }
            Expr::Tuple(node) => Union::holding(
                Type::Tuple,
                Items::positions(node.elts.iter().map(|element| self.infer(element)).collect()),
            ),
            Expr::Dict(node) => Union::holding(Type::Dict, self.dict_display(node)),
            Expr::ListComp(node) => Union::holding(Type::List, Items::each(self.infer(&node.elt))),
            Expr::SetComp(node) => Union::holding(Type::Set, Items::each(self.infer(&node.elt))),
            Expr::DictComp(node) => {
                let keys = node.key.as_deref().map_or(Union::unknown(), |key| self.infer(key));
                Union::holding(Type::Dict, Items::mapping(keys, self.infer(&node.value)))
            }
            Expr::Generator(node) => Union::holding(Type::Generator, Items::each(self.infer(&node.elt))),
            Expr::Lambda(node) => match self.model.id(node).map(|id| self.model.node(id)) {
                Some(AnyNodeRef::ExprLambda(node)) => Type::Lambda(node).into(),
                _ => Union::unknown(),
            },
            Expr::Named(node) => self.infer(&node.value),
            Expr::UnaryOp(node) if node.op == ast::UnaryOp::Not => Type::Bool.into(),
            Expr::UnaryOp(node) => self.unary(node.op, &self.infer(&node.operand)),
            Expr::BinOp(_) => self.operator_chain(expr),
            Expr::Compare(node) => {
                let operands = std::iter::once(&*node.left).chain(&node.comparators);
                self.compare(&node.ops, operands.map(|operand| self.infer(operand)))
            }
            Expr::If(node) => self.infer(&node.body).or(self.infer(&node.orelse)),
            Expr::BoolOp(node) => self.boolean(node),
            Expr::Name(node) => self.name(node),
            Expr::Attribute(node) => self.attribute(expr, node),
            Expr::Subscript(node) => match node.ctx {
                ExprContext::Load => self.subscript(&self.infer(&node.value), &node.slice),
                ExprContext::Store if self.is_augmented(node) => self.subscript(&self.infer(&node.value), &node.slice),
                _ => self.model.id(node).map_or(Union::unknown(), |id| self.assigned(id)),
            },
            Expr::Call(node) => self.call(node),
            Expr::Await(node) => match &*node.value {
                Expr::Call(call) => self.awaited(call),
                _ => Union::unknown(),
            },
            Expr::Slice(_) => Union::external("builtins.slice"),
            Expr::Starred(_) | Expr::Yield(_) | Expr::YieldFrom(_) | Expr::IpyEscapeCommand(_) => Union::unknown(),
        })
    }

    /// `a + b + c + …`: the left spine in a loop, since it can be thousands long.
    fn operator_chain(&self, expr: &Expr) -> Union<'a> {
        let mut spine = Vec::new();
        let mut first = expr;
        while let Expr::BinOp(node) = first {
            spine.push(node);
            first = &node.left;
        }
        let mut result = self.infer(first);
        for node in spine.into_iter().rev() {
            if !self.spend(1) {
                return Union::unknown();
            }
            if result.is_unknown() {
                continue;
            }
            result = self.binary(&result, node.op, &self.infer(&node.right));
        }
        result
    }

    /// `a or b`: a value that ends the chain, or the last one.
    fn boolean(&self, node: &ast::ExprBoolOp) -> Union<'a> {
        let ends_if = node.op == ast::BoolOp::Or;
        let Some((last, rest)) = node.values.split_last() else { return Union::unknown() };
        let mut result = self.infer(last);
        for value in rest {
            result = result.or(self.with_truth(self.infer(value), ends_if));
        }
        result
    }

    /// What the elements of a display are, starred ones included.
    fn display(&self, elements: &[Expr]) -> Items<'a> {
        let mut all = Union::never();
        for element in elements {
            all = all.or(match element {
                Expr::Starred(node) => self.elements(&self.infer(&node.value)),
                element => self.infer(element),
            });
            if all.is_unknown() {
                break;
            }
        }
        Items::each(all)
    }

    fn dict_display(&self, node: &ast::ExprDict) -> Items<'a> {
        let mut keys = Union::never();
        let mut values = Union::never();
        for item in &node.items {
            let Some(key) = &item.key else { return Items::Unknown };
            keys = keys.or(self.infer(key));
            values = values.or(self.infer(&item.value));
            if keys.is_unknown() && values.is_unknown() {
                break;
            }
        }
        Items::mapping(keys, values)
    }

    fn name(&self, node: &ast::ExprName) -> Union<'a> {
        let (Some(symbol), Some(id)) = (self.model.symbol_of(node), self.model.id(node)) else {
            return Union::unknown();
        };
        if node.ctx == ExprContext::Store
            && let Some(binding) = self.model.binding_at(id)
        {
            return match binding.kind {
                BindingKind::Augmented(_) => self.contained(symbol, self.read(symbol, id, node.range())),
                _ => self.bound(binding),
            };
        }
        if self.model.symbol_scope(symbol) == ScopeId::BUILTINS {
            return self.builtin_variable(symbol);
        }
        let union = self.read(symbol, id, node.range());
        if union.is_unknown()
            && let Some(path) = self.model.qualified_name_of(symbol)
            && let Some(constant) = stdlib::find(stdlib::CONSTANTS, path.as_str())
        {
            return self.notation(constant);
        }
        self.contained(symbol, union)
    }

    /// `__name__` and its like. Builtin functions and classes are not values that rules ask for.
    fn builtin_variable(&self, symbol: SymbolId) -> Union<'a> {
        if self.is_patched_module() {
            return Union::unknown();
        }
        stdlib::member(stdlib::CONSTANTS, "builtins", self.model.name(symbol))
            .map_or(Union::unknown(), |constant| self.notation(constant))
    }

    fn attribute(&self, expr: &Expr, node: &ast::ExprAttribute) -> Union<'a> {
        let attribute = node.attr.as_str();
        if node.ctx == ExprContext::Store {
            return match self.is_augmented(node) {
                true => self.attribute_of_receiver(node),
                false => self.model.id(node).map_or(Union::unknown(), |id| self.assigned(id)),
            };
        }
        if let Some(path) = self.model.qualified_name(expr) {
            return stdlib::find(stdlib::CONSTANTS, path.as_str())
                .map_or(Union::unknown(), |constant| self.notation(constant));
        }
        // `type(x).__name__`
        if attribute == "__name__"
            && let Expr::Call(call) = &*node.value
            && self.model.is_builtin(&call.func, "type")
        {
            return Type::Str.into();
        }
        self.attribute_of_receiver(node)
    }

    fn attribute_of_receiver(&self, node: &ast::ExprAttribute) -> Union<'a> {
        let attribute = node.attr.as_str();
        self.receiver(&node.value).map(|object| {
            Some(match &object.class {
                Type::None => return None,
                Type::Instance(class) => self.instance_attribute(class, attribute),
                Type::Class(_) if attribute == "__name__" => Type::Str.into(),
                Type::Class(class) => self.class_attribute(class, attribute),
                class => class
                    .path()
                    .and_then(|path| stdlib::member(stdlib::ATTRIBUTES, path, attribute))
                    .map_or(Union::unknown(), |result| self.notation(result)),
            })
        })
    }

    fn is_augmented(&self, target: &impl HasNodeIndex) -> bool {
        matches!(self.model.parent_of(target), Some(AnyNodeRef::StmtAugAssign(_)))
    }

    /// What an attribute is asked of: also `self` and `cls`, of which subclasses elsewhere may be more.
    pub(super) fn receiver(&self, value: &Expr) -> Union<'a> {
        let Expr::Name(name) = value else { return self.infer(value) };
        if let Some(class) = self.class_of_self(name) {
            return Type::Instance(class).into();
        }
        match self.class_of_cls(name) {
            Some(class) => Type::Class(class).into(),
            None => self.infer(value),
        }
    }
}
