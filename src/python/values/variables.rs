//! What a variable is: by its bindings, wherever it is read.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::union::{Items, Object, Type, Union};
use super::{Inference, Question};
use crate::python::model::{Binding, BindingKind, ScopeFlags, ScopeId, ScopeKind, SymbolId};
use crate::python::names::{NEWEST_MINOR, QualifiedName};

impl<'a> Inference<'_, 'a> {
    /// What a variable may be wherever it is read.
    pub(super) fn variable(&self, symbol: SymbolId) -> Union<'a> {
        if !self.is_followed(symbol) {
            return Union::unknown();
        }
        let known = self.fixpoint(Question::Variable(symbol), || {
            let mut all = Union::never();
            for binding in self.model.bindings(symbol) {
                if !binding.is_executed() || matches!(binding.kind, BindingKind::Delete(_)) {
                    continue;
                }
                all = all.or(self.bound(binding));
                if all.is_open() {
                    break;
                }
            }
            all
        });
        if known.is_open() { self.declared(symbol).unwrap_or(known) } else { known }
    }

    /// What the variable's annotation allows, if it has one.
    pub(super) fn declared(&self, symbol: SymbolId) -> Option<Union<'a>> {
        let mut annotations = self.model.bindings(symbol).filter_map(|binding| match binding.kind {
            BindingKind::Annotated(node) => Some(&*node.annotation),
            _ => None,
        });
        let annotation = annotations.next()?;
        Some(self.annotation(annotation)).filter(|_| annotations.next().is_none())
    }

    /// Whether all that can bind the variable is known: not if names come from a star import, or code is made at run time.
    pub(super) fn is_followed(&self, symbol: SymbolId) -> bool {
        let scope = self.model.symbol_scope(symbol);
        let flags = self.model.scope_flags(scope);
        match self.model.scope(scope).kind {
            ScopeKind::Builtins => false,
            // `exec` can bind names of modules and classes, not the locals of functions.
            ScopeKind::Module | ScopeKind::Class(_) => {
                let is_dynamic = flags.contains(ScopeFlags::DYNAMIC) || self.is_patched_module();
                let is_star = flags.contains(ScopeFlags::STAR_IMPORT) && !self.outlives_star_imports(symbol);
                !is_dynamic && !is_star && !self.may_be_outer(symbol, scope)
            }
            _ => true,
        }
    }

    /// Whether a read of the variable may find one of the same name further out: where a module or class binds it on some paths
    /// only. `str = unicode` under a condition is the builtin elsewhere.
    pub(super) fn may_be_outer(&self, symbol: SymbolId, scope: ScopeId) -> bool {
        let name = self.model.name(symbol);
        let is_builtin = ruff_python_stdlib::builtins::is_python_builtin(name, NEWEST_MINOR, false);
        match self.model.scope(scope).kind {
            // A function or class of a builtin's name is meant to hide it.
            ScopeKind::Module => {
                let module = self.model.scope(scope).node;
                let is_definition = |binding: &Binding| {
                    matches!(binding.kind, BindingKind::Function(_) | BindingKind::Class(_))
                        && self.model.parent(binding.node) == Some(module)
                };
                is_builtin && !self.model.bindings(symbol).all(is_definition)
            }
            ScopeKind::Class(_) => {
                is_builtin
                    || self.model.parent_scope(scope).is_some_and(|outer| self.model.resolve(outer, name).is_some())
            }
            _ => false,
        }
    }

    /// Whether the only binding comes after all star imports, and on every path.
    fn outlives_star_imports(&self, symbol: SymbolId) -> bool {
        let Some(binding) = self.model.only_binding(symbol) else { return false };
        let module = self.model.scope(ScopeId::MODULE).node;
        let Some(statement) = self.model.statement(binding.node) else { return false };
        if binding.scope != ScopeId::MODULE || self.model.parent(statement) != Some(module) {
            return false;
        }
        self.spend(20);
        !self.model.nodes().skip(statement.index()).any(|(id, node)| {
            matches!(node, AnyNodeRef::Alias(alias) if alias.name.as_str() == "*"
                && matches!(self.model.parent(id).map(|parent| self.model.node(parent)), Some(AnyNodeRef::StmtImportFrom(_))))
        })
    }

    /// Whether the module's variables are bound through `globals()`.
    pub(super) fn is_patched_module(&self) -> bool {
        let Some(symbol) = self.model.lookup_builtin("globals") else { return false };
        self.model.reads(symbol).any(|read| {
            let Some(AnyNodeRef::ExprCall(call)) = self.model.parent_of(read.expr) else { return true };
            match self.model.parent_of(call) {
                Some(AnyNodeRef::ExprSubscript(node)) => node.ctx != ast::ExprContext::Load,
                Some(AnyNodeRef::ExprAttribute(node)) => {
                    !matches!(node.attr.as_str(), "get" | "keys" | "values" | "items" | "copy")
                }
                Some(AnyNodeRef::ExprCompare(_)) => false,
                _ => true,
            }
        })
    }

    /// What a binding gives the name.
    pub(super) fn bound(&self, binding: &Binding<'a>) -> Union<'a> {
        match binding.kind {
            BindingKind::Parameter(node) => self.parameter(node),
            BindingKind::VarArgs(node) => {
                let element = node.annotation.as_deref().map_or(Union::unknown(), |it| self.annotation(it));
                Union::holding(Type::Tuple, Items::each(element))
            }
            BindingKind::KwArgs(node) => {
                let values = node.annotation.as_deref().map_or(Union::unknown(), |it| self.annotation(it));
                Union::holding(Type::Dict, Items::mapping(Type::Str.into(), values))
            }
            BindingKind::Function(node) if node.decorator_list.is_empty() => Type::Function(node).into(),
            BindingKind::Class(node) if self.keeps_class(node) => Type::Class(node).into(),
            BindingKind::Import(_) => Union::external("types.ModuleType"),
            BindingKind::Except(node) => {
                let caught = node.type_.as_deref().map_or(Union::unknown(), |caught| self.exception(caught));
                let is_star = matches!(
                    self.model.parent(binding.node).map(|parent| self.model.node(parent)),
                    Some(AnyNodeRef::StmtTry(node)) if node.is_star
                );
                if is_star { Union::external("builtins.ExceptionGroup") } else { caught }
            }
            BindingKind::Capture(node) => self.captured(node, binding),
            BindingKind::Assignment(_)
            | BindingKind::Unpacking(_)
            | BindingKind::Annotated(_)
            | BindingKind::Augmented(_)
            | BindingKind::Walrus(_)
            | BindingKind::For(_)
            | BindingKind::Comprehension(_)
            | BindingKind::With(_) => self.assigned(binding.node),
            _ => Union::unknown(),
        }
    }

    /// What the annotation allows and the default is: `x: int = None` may be `None`.
    fn parameter(&self, node: &'a ast::ParameterWithDefault) -> Union<'a> {
        let Some(annotation) = node.parameter.annotation.as_deref() else { return Union::unknown() };
        let annotated = self.annotation(annotation);
        let Some(default) = node.default.as_deref() else { return annotated };
        let default = self.infer(default);
        let is_allowed = |object: &Object<'a>| annotated.objects().iter().any(|other| other.class == object.class);
        // A default of unknown class is taken for what the annotation says.
        if default.is_open() || default.objects().iter().all(is_allowed) { annotated } else { annotated.or(default) }
    }

    /// What `except caught` catches.
    fn exception(&self, caught: &Expr) -> Union<'a> {
        match caught {
            Expr::Tuple(node) => node.elts.iter().fold(Union::never(), |all, class| all.or(self.exception(class))),
            Expr::Name(name)
                if let Some(class) = self.model.symbol_of(name).and_then(|symbol| self.model.class_of(symbol)) =>
            {
                Type::Instance(class).into()
            }
            _ => match self.model.qualified_name(caught) {
                Some(name) if is_exception(&name) => Type::External(name).into(),
                _ => Union::unknown(),
            },
        }
    }
}

/// Whether a dotted path names an exception class, as far as names tell.
fn is_exception(name: &QualifiedName) -> bool {
    let last = name.last();
    last.starts_with(|c: char| c.is_ascii_uppercase())
        && (last.ends_with("Error")
            || last.ends_with("Exception")
            || last.ends_with("Warning")
            || name.builtin().is_some())
}
