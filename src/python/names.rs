//! What a name in the code stands for: imports followed to the module they come from, builtins told from look-alikes.

use std::fmt;

use compact_str::CompactString;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_python_stdlib::builtins::is_python_builtin;
use ruff_text_size::{Ranged, TextRange};

use super::model::{Binding, BindingKind, Model, NodeId, Read, ScopeFlags, ScopeId, SymbolId};

pub(super) use super::stdlib::NEWEST_MINOR;

/// How many assignments are followed from a name to what it stands for.
const MAX_ALIASES: u8 = 8;

/// Where a name comes from, as a dotted path: `functools.lru_cache`, `builtins.print`. Relative imports keep their
/// leading dots: `.cache.memoize`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QualifiedName(CompactString);

impl QualifiedName {
    /// The dotted path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last dot.
    pub fn last(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(_, last)| last)
    }

    /// The builtin's name, if it is one.
    pub fn builtin(&self) -> Option<&str> {
        self.0.strip_prefix("builtins.")
    }

    /// A path that is spelled out in a table.
    pub(super) fn known(path: &str) -> QualifiedName {
        QualifiedName(path.into())
    }

    fn member(mut self, name: &str) -> QualifiedName {
        if !self.0.ends_with('.') {
            self.0.push('.');
        }
        self.0.push_str(name);
        self
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'a> Model<'a> {
    /// Where the name or attribute `expr` comes from: through imports, `import … as`, assignments of one name to another,
    /// and bindings in `try`/`except ImportError` that agree on what they import. `None` for everything the file defines.
    pub fn qualified_name(&self, expr: &Expr) -> Option<QualifiedName> {
        self.qualified_name_within(expr, MAX_ALIASES)
    }

    /// Whether the last part of what `expr` stands for may be a name that is `wanted`: a cheaper question than
    /// [`Model::qualified_name`], to be asked first where most answers are no.
    pub fn may_be_named(&self, expr: &Expr, wanted: impl Fn(&str) -> bool) -> bool {
        let name = match expr {
            Expr::Attribute(node) => return wanted(&node.attr),
            Expr::Name(name) if wanted(&name.id) => return true,
            Expr::Name(name) => name,
            _ => return true,
        };
        // It is called otherwise; what may it be an alias of?
        let Some(symbol) = self.symbol_of(name).filter(|&symbol| self.symbol_scope(symbol) != ScopeId::BUILTINS) else {
            return false;
        };
        let last = |path: &str| wanted(path.rsplit('.').next().unwrap_or(path));
        self.bindings(symbol).find(|binding| binding.is_executed()).is_some_and(|binding| match binding.kind {
            BindingKind::Import(alias) => last(&alias.name),
            BindingKind::ImportFrom(_, alias) => wanted(&alias.name),
            BindingKind::Assignment(_) | BindingKind::Annotated(_) => true,
            _ => false,
        })
    }

    /// Whether `expr` stands for one of these dotted paths.
    pub fn is_any_of(&self, expr: &Expr, names: &[&str]) -> bool {
        self.qualified_name(expr).is_some_and(|name| names.contains(&name.as_str()))
    }

    /// The name of the builtin that `expr` stands for, if nothing in the file shadows it.
    pub fn builtin_name(&self, expr: &Expr) -> Option<&'a str> {
        let Expr::Name(name) = expr else {
            let name = self.qualified_name(expr)?;
            return known_builtin(name.builtin()?);
        };
        let symbol = self.symbol_of(name)?;
        if self.symbol_scope(symbol) == ScopeId::BUILTINS {
            let name = self.name(symbol);
            return is_builtin(name).then_some(name);
        }
        let name = self.qualified_name(expr)?;
        known_builtin(name.builtin()?)
    }

    /// Whether `expr` stands for the builtin `name`.
    pub fn is_builtin(&self, expr: &Expr, name: &str) -> bool {
        self.builtin_name(expr) == Some(name)
    }

    fn qualified_name_within(&self, expr: &Expr, aliases: u8) -> Option<QualifiedName> {
        match expr {
            Expr::Name(name) => self.qualified_symbol(self.symbol_of(name)?, aliases),
            Expr::Attribute(attribute) => {
                let owner = self.qualified_name_within(&attribute.value, aliases)?;
                Some(owner.member(attribute.attr.as_str()))
            }
            Expr::Named(named) => self.qualified_name_within(&named.value, aliases),
            _ => None,
        }
    }

    /// Where a variable comes from, if all its bindings agree.
    pub fn qualified_name_of(&self, symbol: SymbolId) -> Option<QualifiedName> {
        self.qualified_symbol(symbol, MAX_ALIASES)
    }

    fn qualified_symbol(&self, symbol: SymbolId, aliases: u8) -> Option<QualifiedName> {
        if self.symbol_scope(symbol) == ScopeId::BUILTINS {
            let name = self.name(symbol);
            if is_builtin(name) {
                return Some(QualifiedName("builtins".into()).member(name));
            }
            return self.only_star_import().map(|module| QualifiedName(module.into()).member(name));
        }
        let mut bindings = self.bindings(symbol).filter(|binding| binding.is_executed());
        let first = bindings.next()?;
        if let Some(imported) = imported(first) {
            let agrees =
                |binding: &Binding<'a>| self::imported(binding).is_some_and(|other| other.last() == imported.last());
            return bindings.all(agrees).then_some(imported);
        }
        // `cache = functools.lru_cache`
        let value = match first.kind {
            BindingKind::Assignment(_) | BindingKind::Annotated(_) => first.value()?,
            _ => return None,
        };
        if bindings.next().is_some() || aliases == 0 {
            return None;
        }
        self.qualified_name_within(value, aliases - 1)
    }

    /// The module that the file's only `from module import *` names: where a name comes from that nothing else binds.
    fn only_star_import(&self) -> Option<&'a str> {
        let mut imports = self.star_imports();
        let only = imports.next()??;
        imports.next().is_none().then_some(only)
    }

    /// The modules of which the file imports `*`; `None` for one that is named in relation to the file.
    pub fn star_imports(&self) -> impl Iterator<Item = Option<&'a str>> {
        let has_any = self.scope_flags(ScopeId::MODULE).contains(ScopeFlags::STAR_IMPORT);
        let imports = if has_any { self.imports() } else { &[] };
        imports.iter().filter_map(|&id| match self.node(id) {
            AnyNodeRef::StmtImportFrom(node) if node.names.iter().any(|alias| alias.name.as_str() == "*") => {
                Some(node.module.as_deref().filter(|_| node.level == 0))
            }
            _ => None,
        })
    }

    /// Whether `id` is only seen by type checkers: under `if TYPE_CHECKING`.
    pub fn is_type_checking_only(&self, id: NodeId) -> bool {
        let mut child = id;
        self.ancestors(id).any(|ancestor| {
            let inside = std::mem::replace(&mut child, ancestor);
            matches!(self.node(ancestor), AnyNodeRef::StmtIf(node)
                if self.is_type_checking(&node.test)
                    && !matches!(self.node(inside), AnyNodeRef::ElifElseClause(_)))
        })
    }

    fn is_type_checking(&self, test: &Expr) -> bool {
        self.is_any_of(test, &["typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"])
    }

    /// Whether `id` stands in an annotation that is never evaluated: a string, or any under
    /// `from __future__ import annotations`.
    pub fn is_in_unevaluated_annotation(&self, id: NodeId) -> bool {
        let mut child = id;
        std::iter::once(id).chain(self.ancestors(id)).any(|ancestor| {
            let inside = self.node(std::mem::replace(&mut child, ancestor)).range();
            let is = |annotation: Option<&Expr>| {
                self.has_future_annotations() && annotation.is_some_and(|annotation| annotation.range() == inside)
            };
            match self.node(ancestor) {
                AnyNodeRef::ExprStringLiteral(_) => ancestor != id,
                AnyNodeRef::StmtAnnAssign(node) => is(Some(&node.annotation)),
                AnyNodeRef::ParameterWithDefault(node) => is(node.parameter.annotation()),
                AnyNodeRef::Parameter(node) => is(node.annotation()),
                AnyNodeRef::StmtFunctionDef(node) => is(node.returns.as_deref()),
                _ => false,
            }
        })
    }

    /// Whether the file imports one of these packages, whole or in part, anywhere.
    pub fn imports_any(&self, packages: &[&str]) -> bool {
        let is_one = |binding: &Binding<'a>| {
            imported(binding)
                .is_some_and(|name| packages.contains(&name.as_str().split('.').next().unwrap_or_default()))
        };
        self.all_bindings().iter().any(is_one)
    }

    /// What the file reads and nothing in it binds, builtins among them.
    pub fn unbound(&self) -> impl Iterator<Item = SymbolId> {
        self.symbols_in(ScopeId::BUILTINS)
    }

    /// The names that the module's `__all__` lists; `None` without `__all__`.
    pub fn exports(&self) -> Option<Exports<'a>> {
        let symbol = self.lookup(ScopeId::MODULE, "__all__")?;
        let mut exports = Exports { names: Vec::new(), is_complete: true };
        let mut is_bound = false;
        for binding in self.bindings(symbol).filter(|binding| binding.is_executed()) {
            is_bound = true;
            match binding.kind {
                BindingKind::Augmented(node) => exports.add(&node.value),
                _ => match binding.value() {
                    Some(value) => exports.add(value),
                    None => exports.is_complete = false,
                },
            }
        }
        for read in self.reads(symbol) {
            // `__all__.append("name")`, `__all__.extend([...])`
            let Some(AnyNodeRef::ExprAttribute(attribute)) = self.parent_of(read.expr) else { continue };
            match (attribute.attr.as_str(), self.parent_of(attribute)) {
                ("append" | "extend", Some(AnyNodeRef::ExprCall(call))) => match &*call.arguments.args {
                    [argument] => exports.add(argument),
                    _ => exports.is_complete = false,
                },
                ("remove" | "insert" | "pop" | "clear", _) => exports.is_complete = false,
                _ => {}
            }
        }
        is_bound.then_some(exports)
    }

    /// Whether names of the module may be bound or looked up unseen: through `globals()`, `exec`, or a `__getattr__`.
    pub fn has_unseen_names(&self) -> bool {
        self.scope_flags(ScopeId::MODULE).contains(ScopeFlags::DYNAMIC)
            || ["globals", "exec"].iter().any(|name| self.lookup_builtin(name).is_some())
            || self.lookup(ScopeId::MODULE, "__getattr__").is_some()
    }

    /// Whether the module has code that runs only when it is started as a program: `if __name__ == "__main__":`.
    pub fn has_main_guard(&self) -> bool {
        self.lookup_builtin("__name__").is_some()
            && self.module().body.iter().any(|stmt| matches!(stmt, Stmt::If(node) if self.is_main_guard(&node.test)))
    }

    /// Whether `test` asks for the module being the program: `__name__ == "__main__"`, in either order, also with more conditions.
    fn is_main_guard(&self, test: &Expr) -> bool {
        match test {
            Expr::Compare(node) => {
                let is_main =
                    |expr: &Expr| matches!(expr, Expr::StringLiteral(node) if node.value.to_str() == "__main__");
                let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "__name__");
                match (&*node.left, &*node.ops, &*node.comparators) {
                    (left, [ast::CmpOp::Eq], [right]) => {
                        is_name(left) && is_main(right) || is_main(left) && is_name(right)
                    }
                    _ => false,
                }
            }
            Expr::BoolOp(node) => {
                node.op == ast::BoolOp::And && node.values.iter().any(|value| self.is_main_guard(value))
            }
            _ => false,
        }
    }

    /// The place that best explains what `expr` holds: where a name was last bound before, else first bound; other
    /// expressions explain themselves.
    pub fn origin_of(&self, expr: &Expr) -> TextRange {
        let Expr::Name(name) = expr else { return expr.range() };
        let Some(symbol) = self.symbol_of(name) else { return expr.range() };
        let mut bindings = self.bindings(symbol).filter(|binding| binding.is_executed());
        let Some(mut found) = bindings.next() else { return expr.range() };
        let scope = self.id(name).map(|id| self.scope_of(id));
        for binding in bindings {
            if binding.range.start() < name.range.start() && Some(binding.scope) == scope {
                found = binding;
            }
        }
        found.range
    }

    /// The function that a variable is bound to, if nothing else binds it.
    pub fn function_of(&self, symbol: SymbolId) -> Option<&'a ast::StmtFunctionDef> {
        match self.only_binding(symbol)?.kind {
            BindingKind::Function(node) => Some(node),
            _ => None,
        }
    }

    /// The class that a variable is bound to, if nothing else binds it.
    pub fn class_of(&self, symbol: SymbolId) -> Option<&'a ast::StmtClassDef> {
        match self.only_binding(symbol)?.kind {
            BindingKind::Class(node) => Some(node),
            _ => None,
        }
    }

    /// The class right around a function: whose method it is.
    pub fn class_of_method(&self, function: &ast::StmtFunctionDef) -> Option<&'a ast::StmtClassDef> {
        let mut scope = self.scope_of(self.id(function)?);
        if let super::model::ScopeKind::TypeParameters(_) = self.scope(scope).kind {
            scope = self.parent_scope(scope)?;
        }
        match self.scope(scope).kind {
            super::model::ScopeKind::Class(node) => Some(node),
            _ => None,
        }
    }

    /// Whether a new variable `name` of `scope` would be nobody else's: the code of `scope`, and of the scopes inside that look
    /// beyond themselves, doesn't mention the name.
    pub fn is_unused_name(&self, scope: ScopeId, name: &str) -> bool {
        let looks_out = |read: &Read| {
            let owner = self.symbol_scope(self.symbol_of_read(read));
            read.expr.id == name
                && self.scope_is_within(read.scope, scope)
                && (owner == ScopeId::BUILTINS || self.scope_is_within(scope, owner))
        };
        self.lookup(scope, name).is_none()
            && !self.scope_flags(scope).contains(ScopeFlags::DYNAMIC)
            && !self.all_reads().iter().any(looks_out)
    }

    /// The loops that run `id` repeatedly in its own scope, the innermost first: `for` and `while` statements whose body (not
    /// header, not `else`) holds it.
    pub fn loops_around(&self, id: NodeId) -> impl Iterator<Item = &'a Stmt> {
        let scope = self.scope_of(id);
        let mut child = id;
        self.ancestors(id).take_while(move |&ancestor| self.scope_of(ancestor) == scope).filter_map(move |ancestor| {
            let inside = std::mem::replace(&mut child, ancestor);
            let body = match self.node(ancestor) {
                AnyNodeRef::StmtFor(node) => &node.body,
                AnyNodeRef::StmtWhile(node) => &node.body,
                _ => return None,
            };
            body.iter().any(|stmt| self.stmt_id(stmt) == inside).then(|| self.stmt_at(ancestor))?
        })
    }

    /// The statement with this number, as the enum, found in the block that holds it.
    pub fn stmt_at(&self, id: NodeId) -> Option<&'a Stmt> {
        self.block_of(id)?.iter().find(|stmt| self.stmt_id(stmt) == id)
    }

    /// The block (list of statements) in which the statement `id` stands.
    pub fn block_of(&self, id: NodeId) -> Option<&'a [Stmt]> {
        let holds = |block: &&'a [Stmt]| block.iter().any(|stmt| self.stmt_id(stmt) == id);
        let parent = self.node(self.parent(id)?);
        blocks(parent).into_iter().find(holds)
    }
}

/// What a module's `__all__` lists.
#[derive(Clone, Debug)]
pub struct Exports<'a> {
    /// The names, as far as they are spelled out.
    pub names: Vec<&'a str>,
    /// Whether these are all.
    pub is_complete: bool,
}

impl<'a> Exports<'a> {
    fn add(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(node) => self.names.push(node.value.to_str()),
            Expr::List(node) => node.elts.iter().for_each(|element| self.add(element)),
            Expr::Tuple(node) => node.elts.iter().for_each(|element| self.add(element)),
            Expr::BinOp(node) => {
                self.add(&node.left);
                self.add(&node.right);
            }
            _ => self.is_complete = false,
        }
    }
}

/// The blocks of statements right inside a node.
pub fn blocks<'a>(node: AnyNodeRef<'a>) -> Vec<&'a [Stmt]> {
    match node {
        AnyNodeRef::ModModule(node) => vec![&node.body],
        AnyNodeRef::StmtFunctionDef(node) => vec![&node.body],
        AnyNodeRef::StmtClassDef(node) => vec![&node.body],
        AnyNodeRef::StmtFor(node) => vec![&node.body, &node.orelse],
        AnyNodeRef::StmtWhile(node) => vec![&node.body, &node.orelse],
        AnyNodeRef::StmtIf(node) => vec![&node.body],
        AnyNodeRef::ElifElseClause(node) => vec![&node.body],
        AnyNodeRef::StmtWith(node) => vec![&node.body],
        AnyNodeRef::StmtTry(node) => vec![&node.body, &node.orelse, &node.finalbody],
        AnyNodeRef::ExceptHandlerExceptHandler(node) => vec![&node.body],
        AnyNodeRef::MatchCase(node) => vec![&node.body],
        _ => Vec::new(),
    }
}

/// What an import binds a name to.
fn imported(binding: &Binding) -> Option<QualifiedName> {
    match binding.kind {
        BindingKind::Import(alias) => {
            let path = alias.name.as_str();
            let bound = match alias.asname {
                Some(_) => path,
                None => path.split_once('.').map_or(path, |(top, _)| top),
            };
            Some(QualifiedName(bound.into()))
        }
        BindingKind::ImportFrom(node, alias) => {
            let mut module = CompactString::from(".".repeat(node.level as usize));
            module.push_str(node.module.as_deref().unwrap_or_default());
            Some(QualifiedName(module).member(alias.name.as_str()))
        }
        _ => None,
    }
}

fn is_builtin(name: &str) -> bool {
    is_python_builtin(name, NEWEST_MINOR, false)
}

/// The builtin of this name, as a string that lives forever.
fn known_builtin(name: &str) -> Option<&'static str> {
    ruff_python_stdlib::builtins::python_builtins(NEWEST_MINOR, false).find(|builtin| *builtin == name)
}
