//! What a function in a class body is: what its decorators make of it, and whether it needs its instance.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::model::{BindingKind, Model, Read, ScopeFlags, ScopeKind, SymbolId};
use super::values::Type;

/// A builtin decorator that turns a function into something else than a plain method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// `staticmethod`.
    Static,
    /// `classmethod`.
    Class,
    /// `property`.
    Property,
    /// `functools.cached_property`.
    CachedProperty,
}

impl Descriptor {
    /// The decorator's own name.
    pub fn name(self) -> &'static str {
        match self {
            Descriptor::Static => "staticmethod",
            Descriptor::Class => "classmethod",
            Descriptor::Property => "property",
            Descriptor::CachedProperty => "cached_property",
        }
    }

    /// Whether the result is read without a call.
    pub fn is_property(self) -> bool {
        matches!(self, Descriptor::Property | Descriptor::CachedProperty)
    }
}

/// The parameter that gets the instance, or the class: the first positional one, or `*args`.
pub fn receiver(parameters: &ast::Parameters) -> Option<&ast::Parameter> {
    let first = receiver_with_default(parameters).map(|first| &first.parameter);
    first.or(parameters.vararg.as_deref())
}

/// The first positional parameter, by keyword or not.
pub fn receiver_with_default(parameters: &ast::Parameters) -> Option<&ast::ParameterWithDefault> {
    parameters.posonlyargs.first().or(parameters.args.first())
}

impl<'a> Model<'a> {
    /// The descriptor that a decorator, or the callee in `staticmethod(f)`, stands for.
    pub fn descriptor(&self, decorator: &Expr) -> Option<Descriptor> {
        if !matches!(decorator, Expr::Name(_) | Expr::Attribute(_)) {
            return None;
        }
        Some(match self.qualified_name(decorator)?.as_str() {
            "builtins.staticmethod" | "abc.abstractstaticmethod" => Descriptor::Static,
            "builtins.classmethod" | "abc.abstractclassmethod" => Descriptor::Class,
            "builtins.property" | "abc.abstractproperty" => Descriptor::Property,
            "functools.cached_property" => Descriptor::CachedProperty,
            _ => return None,
        })
    }

    /// Whether a decorator is known to give back the very function it gets.
    pub fn gives_back_its_function(&self, decorator: &Expr) -> bool {
        const MARKERS: &[&str] = &[
            "abc.abstractmethod",
            "typing.final",
            "typing.no_type_check",
            "typing.override",
            "typing_extensions.final",
            "typing_extensions.override",
        ];
        self.is_any_of(decorator, MARKERS)
    }

    /// Whether a call only makes a generator: a `yield` in the function itself.
    pub fn is_generator(&self, function: &ast::StmtFunctionDef) -> bool {
        let flags = self.scope_opened_by(function).map(|scope| self.scope_flags(scope));
        flags.is_some_and(|flags| flags.contains(ScopeFlags::GENERATOR))
    }

    /// Whether a method uses its first parameter: by name, by a bare `super()`, or in ways that can't be seen.
    pub fn uses_receiver(&self, function: &ast::StmtFunctionDef) -> bool {
        let Some(first) = receiver_with_default(&function.parameters) else { return true };
        let Some(scope) = self.scope_opened_by(function) else { return true };
        let bound = |id| self.symbol_bound_at(id);
        let Some(symbol) = self.id(&first.parameter).and_then(bound).or_else(|| self.id(first).and_then(bound)) else {
            return true;
        };
        let reads_super = |read: &Read| self.slice(read.expr) == "super" && self.scope_is_within(read.scope, scope);
        self.reads(symbol).next().is_some()
            || self.only_binding(symbol).is_none()
            || self.scope_flags(scope).contains(ScopeFlags::DYNAMIC)
            || self.all_reads().iter().any(reads_super)
    }

    /// Whether `expr` certainly is an instance of `class`: by its type, or as the `self` of one of its methods.
    pub fn is_instance_of(&self, expr: &Expr, class: &ast::StmtClassDef) -> bool {
        match self.type_of(expr) {
            Some(Type::Instance(of)) => std::ptr::eq(of, class),
            _ => self.is_receiver(expr, class),
        }
    }

    fn is_receiver(&self, expr: &Expr, class: &ast::StmtClassDef) -> bool {
        let Expr::Name(name) = expr else { return false };
        let Some(symbol) = self.symbol_of(name) else { return false };
        let Some(binding) = self.only_binding(symbol) else { return false };
        let BindingKind::Parameter(parameter) = binding.kind else { return false };
        let ScopeKind::Function(function) = self.scope(self.symbol_scope(symbol)).kind else { return false };
        let gets_instance =
            |decorator: &ast::Decorator| self.descriptor(&decorator.expression).is_none_or(Descriptor::is_property);
        receiver(&function.parameters).is_some_and(|first| std::ptr::eq(first, &parameter.parameter))
            && self.class_of_method(function).is_some_and(|owner| std::ptr::eq(owner, class))
            && function.decorator_list.iter().all(gets_instance)
    }

    /// Whether the file says `Class.name`.
    pub fn is_attribute_of_class(&self, class: &ast::StmtClassDef, name: &str) -> bool {
        self.nodes().any(|(_, node)| match node {
            AnyNodeRef::ExprAttribute(attribute) if attribute.attr.as_str() == name => {
                self.base_in_file(&attribute.value).is_some_and(|owner| std::ptr::eq(owner, class))
            }
            _ => false,
        })
    }

    /// Whether the class body itself (not its methods) reads a name of its own.
    pub fn is_read_in_class_body(&self, class: &ast::StmtClassDef, symbol: SymbolId) -> bool {
        let scope = self.scope_opened_by(class);
        self.reads(symbol).any(|read| Some(read.scope) == scope)
    }

    /// Whether the class body makes a static or class method of a name: `parse = staticmethod(parse)`.
    pub fn is_made_static_in_class_body(&self, class: &ast::StmtClassDef, symbol: SymbolId) -> bool {
        let scope = self.scope_opened_by(class);
        self.reads(symbol).filter(|read| Some(read.scope) == scope).any(|read| {
            let Some(AnyNodeRef::ExprCall(call)) = self.parent_of(read.expr) else { return false };
            matches!(self.descriptor(&call.func), Some(Descriptor::Static | Descriptor::Class))
        })
    }
}
