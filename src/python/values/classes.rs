//! Classes of the file: what calling them makes, what their methods return and their instances' attributes are.
//!
//! An attribute is known if all that the file assigns to it agrees, no base from elsewhere could define it, and nothing in the class
//! sets attributes by other means. A subclass in another file may still do so; none can be asked.

use std::borrow::Cow;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext};

use super::union::{Type, Union};
use super::{ByAddress, Inference, Question};
use crate::python::model::{Binding, BindingKind, NodeId, ScopeKind};

/// How far inheritance is followed.
const MAX_BASES: usize = 16;

/// Decorators that return the class that they are given, or one like it.
const KEEP_CLASS: &[&str] = &[
    "dataclasses.dataclass",
    "functools.total_ordering",
    "typing.final",
    "typing.runtime_checkable",
    "typing_extensions.final",
    "typing_extensions.runtime_checkable",
    "enum.unique",
    "attr.s",
    "attr.attrs",
    "attr.define",
    "attr.frozen",
    "attrs.define",
    "attrs.frozen",
];

/// Decorators of methods that leave what a call returns.
const KEEP_RESULT: &[&str] = &[
    "builtins.staticmethod",
    "builtins.classmethod",
    "functools.lru_cache",
    "functools.cache",
    "typing.final",
    "typing.override",
    "typing_extensions.override",
];

impl<'a> Inference<'_, 'a> {
    /// Whether the name of a class still is the class after its decorators.
    pub(super) fn keeps_class(&self, class: &ast::StmtClassDef) -> bool {
        class.decorator_list.iter().all(|decorator| {
            let function = match &decorator.expression {
                Expr::Call(call) => &call.func,
                other => other,
            };
            self.model.is_any_of(function, KEEP_CLASS)
        })
    }

    /// What calling a class makes: an instance, unless `__new__` or a metaclass may make something else.
    pub(super) fn constructed(&self, class: &'a ast::StmtClassDef) -> Union<'a> {
        for ancestor in self.lineage(class).0 {
            let metaclass = ancestor.arguments.as_ref().and_then(|arguments| arguments.find_keyword("metaclass"));
            if let Some(metaclass) = metaclass
                && !self.model.is_any_of(&metaclass.value, &["abc.ABCMeta", "builtins.type"])
            {
                return Union::unknown();
            }
            if self.own_binding(ancestor, "__new__").is_some() {
                return Union::unknown();
            }
        }
        match self.instance_by_annotation(class) {
            // Instances of protocols are those of classes that declare them.
            union if union.is_unknown() => Type::Instance(class).into(),
            union => union,
        }
    }

    /// The class and its bases in the file, nearest first; and whether that is all of them that could define an attribute.
    fn lineage(&self, class: &'a ast::StmtClassDef) -> (Vec<&'a ast::StmtClassDef>, bool) {
        let mut all = vec![class];
        let mut is_complete = true;
        let mut next = 0;
        while let Some(&class) = all.get(next) {
            next += 1;
            for base in class.bases() {
                let base = match base {
                    Expr::Subscript(node) => &node.value,
                    base => base,
                };
                if let Expr::Name(name) = base
                    && let Some(base) = self.model.symbol_of(name).and_then(|symbol| self.model.class_of(symbol))
                {
                    if all.len() < MAX_BASES && !all.iter().any(|known| std::ptr::eq(*known, base)) {
                        all.push(base);
                    }
                    continue;
                }
                let path = self.model.qualified_name(base);
                is_complete &= path.is_some_and(|path| {
                    matches!(
                        path.as_str(),
                        "builtins.object" | "abc.ABC" | "typing.Generic" | "typing.Protocol" | "typing.NamedTuple"
                    )
                });
            }
        }
        (all, is_complete && next < MAX_BASES)
    }

    pub(super) fn is_subclass(&self, class: &'a ast::StmtClassDef, base: &ast::StmtClassDef) -> bool {
        self.lineage(class).0.iter().any(|ancestor| std::ptr::eq(*ancestor, base))
    }

    /// The classes of the file that inherit from `class`.
    fn subclasses(&self, class: &'a ast::StmtClassDef) -> Vec<&'a ast::StmtClassDef> {
        let scopes = self.model.scopes();
        let classes = scopes.filter_map(|(_, scope)| match scope.kind {
            ScopeKind::Class(node) => Some(node),
            _ => None,
        });
        classes
            .filter(|other| !std::ptr::eq(*other, class) && !other.bases().is_empty() && self.is_subclass(other, class))
            .collect()
    }

    /// The binding of `name` in the body of a class, if there is just one; `Some(None)` if there are more.
    fn own_binding(&self, class: &ast::StmtClassDef, name: &str) -> Option<Option<&Binding<'a>>> {
        let scope = self.model.scope_opened_by(class)?;
        let name = &*mangled(class, name);
        let symbol = self.model.lookup(scope, name).filter(|&symbol| self.model.symbol_scope(symbol) == scope)?;
        self.model.bindings(symbol).next()?;
        Some(self.model.only_binding(symbol).filter(|binding| binding.scope == scope))
    }

    /// The method that `instance.name` finds, if no subclass in the file has another.
    pub(super) fn method(&self, class: &'a ast::StmtClassDef, name: &str) -> Option<&'a ast::StmtFunctionDef> {
        if self.subclasses(class).iter().any(|subclass| self.own_binding(subclass, name).is_some()) {
            return None;
        }
        let (lineage, is_complete) = self.lineage(class);
        for (depth, ancestor) in lineage.iter().enumerate() {
            match self.own_binding(ancestor, name) {
                None => {}
                Some(Some(Binding { kind: BindingKind::Function(method), .. })) => {
                    // A base from elsewhere may stand before it.
                    return (depth == 0 || is_complete).then_some(method);
                }
                Some(_) => return None,
            }
        }
        None
    }

    pub(super) fn method_returned(&self, method: &'a ast::StmtFunctionDef) -> Union<'a> {
        let keeps = method.decorator_list.iter().all(|decorator| {
            let function = match &decorator.expression {
                Expr::Call(call) => &call.func,
                other => other,
            };
            self.model.is_any_of(function, KEEP_RESULT)
        });
        if keeps { self.returned(method) } else { Union::unknown() }
    }

    /// The class of which the name is the first parameter of a method: `self`.
    pub(super) fn class_of_self(&self, name: &ast::ExprName) -> Option<&'a ast::StmtClassDef> {
        let (class, is_class_method) = self.class_of_first_parameter(name)?;
        (!is_class_method).then_some(class)
    }

    /// The class of which the name is the first parameter of a class method: `cls`, which subclasses elsewhere may be, too.
    pub(super) fn class_of_cls(&self, name: &ast::ExprName) -> Option<&'a ast::StmtClassDef> {
        let (class, is_class_method) = self.class_of_first_parameter(name)?;
        is_class_method.then_some(class)
    }

    /// The class of which the name is the first parameter of a method, and whether that is a class method.
    fn class_of_first_parameter(&self, name: &ast::ExprName) -> Option<(&'a ast::StmtClassDef, bool)> {
        let symbol = self.model.symbol_of(name)?;
        let binding = self.model.only_binding(symbol)?;
        let BindingKind::Parameter(parameter) = binding.kind else { return None };
        let ScopeKind::Function(function) = self.model.scope(binding.scope).kind else { return None };
        let first = function.parameters.posonlyargs.first().or(function.parameters.args.first())?;
        let has = |decorator: &str| {
            function.decorator_list.iter().any(|node| self.model.is_any_of(&node.expression, &[decorator]))
        };
        if !std::ptr::eq(first, parameter) || has("builtins.staticmethod") {
            return None;
        }
        let is_implicit_class_method =
            matches!(function.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__");
        let class = self.model.class_of_method(function)?;
        // The methods of a metaclass get classes.
        let is_metaclass = class.bases().iter().any(|base| self.model.is_builtin(base, "type"));
        (!is_metaclass).then(|| (class, is_implicit_class_method || has("builtins.classmethod")))
    }

    /// What `with instance as` binds.
    pub(super) fn entered_instance(&self, class: &'a ast::StmtClassDef) -> Union<'a> {
        let Some(enter) = self.method(class, "__enter__") else { return Union::unknown() };
        let returns_itself = enter.body.iter().all(|stmt| match stmt {
            ast::Stmt::Return(node) => matches!(node.value.as_deref(), Some(Expr::Name(name))
                if self.class_of_self(name).is_some()),
            stmt => !contains_return(stmt),
        });
        match enter.body.last() {
            Some(ast::Stmt::Return(_)) if returns_itself => Type::Instance(class).into(),
            _ => self.method_returned(enter),
        }
    }

    /// What `instance.name` is.
    pub(super) fn instance_attribute(&self, class: &'a ast::StmtClassDef, name: &str) -> Union<'a> {
        let (lineage, is_complete) = self.lineage(class);
        // A property, which no assignment replaces.
        for (depth, ancestor) in lineage.iter().enumerate() {
            let Some(Some(Binding { kind: BindingKind::Function(method), .. })) = self.own_binding(ancestor, name)
            else {
                continue;
            };
            let [decorator] = &*method.decorator_list else { return Union::unknown() };
            let is_property =
                self.model.is_any_of(&decorator.expression, &["builtins.property", "functools.cached_property"]);
            let is_reached = (depth == 0 || is_complete) && self.method(class, name).is_some();
            return if is_property && is_reached { self.returned(method) } else { Union::unknown() };
        }
        let Some(stores) = self.model.attribute_stores(name) else {
            return self.declared_attribute(&lineage, is_complete, name);
        };
        if !is_complete {
            return Union::unknown();
        }
        let mut family = lineage;
        family.extend(self.subclasses(class));
        let Some(ast::AnyNodeRef::ExprAttribute(first)) = stores.first().map(|&id| self.model.node(id)) else {
            return Union::unknown();
        };
        let name = first.attr.as_str();
        let question = Question::Attribute(ByAddress(class), name);
        self.fixpoint(question, || self.attribute_of_family(&family, name, stores))
    }

    /// What `Class.name` is, if that is a variable of the class: the same as for its instances. Functions, properties and what a
    /// metaclass may answer are unknown.
    pub(super) fn class_attribute(&self, class: &'a ast::StmtClassDef, name: &str) -> Union<'a> {
        let (lineage, _) = self.lineage(class);
        let has_metaclass = lineage.iter().any(|ancestor| {
            ancestor.arguments.as_ref().is_some_and(|arguments| arguments.find_keyword("metaclass").is_some())
        });
        let nearest = lineage.iter().find_map(|ancestor| self.own_binding(ancestor, name)).flatten();
        let is_variable = nearest.is_some_and(|binding| {
            matches!(binding.kind, BindingKind::Assignment(_) | BindingKind::Annotated(_)) && binding.value().is_some()
        });
        if is_variable && !has_metaclass { self.instance_attribute(class, name) } else { Union::unknown() }
    }

    /// What an attribute is that no method assigns: a class variable, or a field.
    fn declared_attribute(&self, lineage: &[&'a ast::StmtClassDef], is_complete: bool, name: &str) -> Union<'a> {
        let Some(class) = lineage.first().filter(|_| is_complete) else { return Union::unknown() };
        let mut family = lineage.to_vec();
        family.extend(self.subclasses(class));
        self.attribute_of_family(&family, name, &[])
    }

    fn attribute_of_family(&self, family: &[&'a ast::StmtClassDef], name: &str, stores: &[NodeId]) -> Union<'a> {
        let mut all = Union::never();
        let mut declared: Option<Union<'a>> = None;
        for class in family {
            if self.sets_attributes_otherwise(class) {
                return Union::unknown();
            }
            match self.own_binding(class, name) {
                None => {}
                Some(Some(Binding { kind: BindingKind::Annotated(node), .. })) => {
                    // A field: the constructor may be given anything that the annotation allows.
                    declared = Some(self.annotation(&node.annotation));
                }
                Some(Some(binding)) => all = all.or(self.value_or_descriptor(self.bound(binding))),
                Some(None) => match self.declaration(class, name) {
                    Some(annotation) => declared = Some(self.annotation(annotation)),
                    None => return Union::unknown(),
                },
            }
        }
        for &store in stores {
            let AnyNodeRef::ExprAttribute(target) = self.model.node(store) else { continue };
            let owner = match &*target.value {
                Expr::Name(name) => self.class_of_self(name),
                _ => None,
            };
            match owner {
                Some(owner) if family.iter().any(|class| std::ptr::eq(*class, owner)) => {
                    if let Some(AnyNodeRef::StmtAnnAssign(node)) = self.model.parent_of(target) {
                        declared.get_or_insert_with(|| self.annotation(&node.annotation));
                    }
                    if target.ctx == ExprContext::Store && declared.is_none() {
                        all = all.or(self.assigned(store));
                    }
                }
                // Another class's own attribute of the same name.
                Some(_) => {}
                None => {
                    let receiver = self.infer(&target.value);
                    let is_another = receiver.single().is_some_and(|object| match &object.class {
                        Type::Instance(class) => !family.iter().any(|member| std::ptr::eq(*member, *class)),
                        Type::Class(class) => !family.iter().any(|member| std::ptr::eq(*member, *class)),
                        _ => true,
                    });
                    if !is_another && declared.is_none() {
                        return Union::unknown();
                    }
                }
            }
            if all.is_unknown() && declared.is_none() {
                // A later declaration would still tell; they come first by custom.
                break;
            }
        }
        match declared {
            Some(declared) => declared,
            None if all.is_never() => Union::unknown(),
            None => all.without_mutable_items(),
        }
    }

    /// The annotation of a class variable that is bound more than once.
    fn declaration(&self, class: &ast::StmtClassDef, name: &str) -> Option<&'a Expr> {
        let scope = self.model.scope_opened_by(class)?;
        let symbol = self.model.lookup(scope, &mangled(class, name))?;
        self.model.bindings(symbol).find_map(|binding| match binding.kind {
            BindingKind::Annotated(node) if binding.scope == scope => Some(&*node.annotation),
            _ => None,
        })
    }

    /// A class variable whose value may be a descriptor answers for itself.
    fn value_or_descriptor(&self, value: Union<'a>) -> Union<'a> {
        let may_be_descriptor = |class: &Type| {
            matches!(
                class,
                Type::Instance(_) | Type::External(_) | Type::Function(_) | Type::Lambda(_) | Type::Class(_)
            )
        };
        if value.objects().iter().any(|object| may_be_descriptor(&object.class)) { Union::unknown() } else { value }
    }

    /// Whether attributes of the class's instances may be set without their name being written.
    fn sets_attributes_otherwise(&self, class: &ast::StmtClassDef) -> bool {
        if self.own_binding(class, "__setattr__").is_some() || self.own_binding(class, "__getattribute__").is_some() {
            return true;
        }
        let calls = |name: &str| {
            self.model
                .lookup_builtin(name)
                .is_some_and(|symbol| self.model.reads(symbol).any(|read| class.range.contains_range(read.expr.range)))
        };
        calls("setattr") || calls("vars") || self.model.attribute_stores("__dict__").is_some()
    }
}

/// How a class's body knows the attribute: `__name` by another name
/// (<https://docs.python.org/3/reference/expressions.html#private-name-mangling>).
fn mangled<'n>(class: &ast::StmtClassDef, name: &'n str) -> Cow<'n, str> {
    let class = class.name.trim_start_matches('_');
    if name.starts_with("__") && !name.ends_with("__") && !class.is_empty() {
        Cow::Owned(format!("_{class}{name}"))
    } else {
        Cow::Borrowed(name)
    }
}

fn contains_return(stmt: &ast::Stmt) -> bool {
    match stmt {
        ast::Stmt::Return(_) => true,
        ast::Stmt::Expr(_) | ast::Stmt::Assign(_) | ast::Stmt::AugAssign(_) | ast::Stmt::AnnAssign(_) => false,
        ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) | ast::Stmt::Assert(_) | ast::Stmt::Raise(_) => false,
        _ => true,
    }
}
