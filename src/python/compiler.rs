//! What the compiler rejects after parsing: `return` outside a function, two parameters of one name, `nonlocal` without a
//! binding. The checks are the parser crate's; the builder, which knows the scopes, answers their questions while it walks.

use std::cell::RefCell;

use ruff_python_ast::{self as ast, Expr, PythonVersion, Stmt};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError, SemanticSyntaxErrorKind,
};
use ruff_text_size::TextRange;

use super::builder::Builder;
use super::model::{Resolution, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};

/// The state of the compiler's checks during the first traversal.
#[derive(Default)]
pub(super) struct Compiler {
    checker: SemanticSyntaxChecker,
    errors: RefCell<Vec<SemanticSyntaxError>>,
    /// `global` and `nonlocal` declarations: the name as its scope mentions it, and the statement.
    declarations: Vec<(SymbolId, TextRange)>,
    /// An annotation holds an expression that may have no place there.
    has_odd_annotation: bool,
    /// How many loops of the current function or class run the code being visited.
    pub(super) loops: u32,
}

impl Compiler {
    /// Called before the first statement of what is compiled at once.
    pub(super) fn start_unit(&mut self) {
        self.checker = SemanticSyntaxChecker::default();
    }
}

impl<'a> Builder<'a> {
    /// Called for each statement before it is visited. Most can't be wrong by themselves; those of the module all count, since
    /// they end the part of the file in which `from __future__` may stand.
    #[inline]
    pub(super) fn compile_stmt(&mut self, stmt: &'a Stmt) {
        let may_be_wrong = match stmt {
            Stmt::FunctionDef(node) => may_be_wrong(node),
            Stmt::Expr(_) | Stmt::If(_) | Stmt::While(_) | Stmt::AugAssign(_) | Stmt::Pass(_) => false,
            Stmt::Raise(_) | Stmt::Assert(_) | Stmt::Delete(_) => false,
            _ => true,
        };
        if !may_be_wrong && self.scope != ScopeId::MODULE {
            return;
        }
        let mut checker = std::mem::take(&mut self.compiler.checker);
        checker.visit_stmt(stmt, self);
        self.compiler.checker = checker;
    }

    /// Called when a function's header has been visited: expressions such as `yield` have no place in its annotations.
    pub(super) fn compile_header(&mut self, stmt: &'a Stmt) {
        if std::mem::take(&mut self.compiler.has_odd_annotation) {
            let mut checker = std::mem::take(&mut self.compiler.checker);
            checker.visit_stmt(stmt, self);
            self.compiler.checker = checker;
        }
    }

    /// Called for the expressions that can be wrong by themselves, before they are visited.
    pub(super) fn compile_expr(&mut self, expr: &'a Expr) {
        if self.in_annotation && matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) | Expr::Named(_)) {
            self.compiler.has_odd_annotation = true;
        }
        let mut checker = std::mem::take(&mut self.compiler.checker);
        checker.visit_expr(expr, self);
        self.compiler.checker = checker;
    }

    /// A `global` or `nonlocal` statement must come before any use of its names in the scope.
    pub(super) fn declare(&mut self, name: &'a ast::Identifier, statement: TextRange, flag: SymbolFlags) {
        let symbol = self.mention(name.as_str(), self.scope, SymbolFlags::empty());
        let before = self.model.symbols[symbol.index()].flags;
        let is_used = before.intersects(SymbolFlags::USED | SymbolFlags::LOCAL | SymbolFlags::IMPORTED);
        // At a notebook's top level, what was compiled earlier may have used it.
        let is_compiled_here = self.scope != ScopeId::MODULE || !self.is_notebook;
        if is_compiled_here && is_used && !before.intersects(SymbolFlags::PARAMETER | SymbolFlags::ANNOTATED) {
            let (name, start) = (name.to_string(), statement.start());
            let kind = if flag == SymbolFlags::GLOBAL {
                SemanticSyntaxErrorKind::LoadBeforeGlobalDeclaration { name, start }
            } else {
                SemanticSyntaxErrorKind::LoadBeforeNonlocalDeclaration { name, start }
            };
            self.reject(kind, statement);
        }
        self.mention(name.as_str(), self.scope, flag);
        self.compiler.declarations.push((symbol, statement));
    }

    /// The errors found, now that all names are resolved.
    pub(super) fn compile_errors(&mut self) -> Vec<SemanticSyntaxError> {
        for index in 0..self.compiler.declarations.len() {
            let (symbol, statement) = self.compiler.declarations[index];
            let symbol = &self.model.symbols[symbol.index()];
            let is_nonlocal = symbol.flags.contains(SymbolFlags::NONLOCAL);
            let is_reported = symbol.scope == ScopeId::MODULE || symbol.flags.contains(SymbolFlags::PARAMETER);
            if is_nonlocal && !is_reported && symbol.resolution != Resolution::Free {
                let name = self.model.names[symbol.name.index()].text.to_owned();
                self.reject(SemanticSyntaxErrorKind::NonlocalWithoutBinding(name), statement);
            }
        }
        let mut errors = self.compiler.errors.take();
        errors.sort_by_key(|error| error.range.start());
        errors.dedup();
        errors
    }

    fn reject(&self, kind: SemanticSyntaxErrorKind, range: TextRange) {
        self.report_semantic_error(SemanticSyntaxError { kind, range, python_version: self.target });
    }

    fn kinds(&self) -> impl Iterator<Item = (ScopeId, ScopeKind<'a>)> {
        self.model.scope_chain(self.scope).map(|id| (id, self.model.scope(id).kind))
    }
}

impl SemanticSyntaxContext for Builder<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        self.model.future_annotations || self.is_stub
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        self.kinds().find_map(|(_, kind)| match kind {
            ScopeKind::Function(_) | ScopeKind::Lambda(_) => Some(LazyImportContext::Function),
            ScopeKind::Class(_) => Some(LazyImportContext::Class),
            _ => None,
        })
    }

    fn python_version(&self) -> PythonVersion {
        self.target
    }

    fn source(&self) -> &str {
        self.model.text
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        let name = self.model.interned_name(name)?;
        let symbol = *self.model.in_scope.get(&(self.scope, name))?;
        let is_global = self.model.symbols[symbol.index()].flags.contains(SymbolFlags::GLOBAL);
        let mut declarations = self.compiler.declarations.iter().filter(|_| is_global);
        declarations.find(|(declared, _)| *declared == symbol).map(|(_, range)| *range)
    }

    /// Not known before the end of the file; see [`Builder::compile_errors`].
    fn has_nonlocal_binding(&self, _name: &str) -> bool {
        true
    }

    fn in_async_context(&self) -> bool {
        self.kinds().find(|(_, kind)| !kind.is_comprehension()).is_some_and(|(id, _)| {
            self.model.scope(id).flags.contains(ScopeFlags::ASYNC) || self.is_notebook && id == ScopeId::MODULE
        })
    }

    fn in_await_allowed_context(&self) -> bool {
        self.kinds().find(|(_, kind)| !kind.is_comprehension()).is_some_and(|(id, kind)| {
            matches!(kind, ScopeKind::Function(_) | ScopeKind::Lambda(_)) || self.is_notebook && id == ScopeId::MODULE
        })
    }

    fn in_yield_allowed_context(&self) -> bool {
        matches!(self.model.scope(self.scope).kind, ScopeKind::Function(_) | ScopeKind::Lambda(_))
    }

    fn in_sync_comprehension(&self) -> bool {
        self.kinds().any(|(id, kind)| {
            let is_eager = kind.is_comprehension() && !matches!(kind, ScopeKind::Generator(_));
            is_eager && !self.model.scope(id).flags.contains(ScopeFlags::ASYNC)
        })
    }

    fn in_class_body_comprehension(&self) -> bool {
        let outer = self.kinds().find(|(_, kind)| !kind.is_comprehension());
        outer.is_some_and(|(_, kind)| matches!(kind, ScopeKind::Class(_)))
    }

    fn in_module_scope(&self) -> bool {
        self.scope == ScopeId::MODULE
    }

    fn in_function_scope(&self) -> bool {
        matches!(self.model.scope(self.scope).kind, ScopeKind::Function(_))
    }

    fn in_generator_context(&self) -> bool {
        self.kinds().any(|(_, kind)| matches!(kind, ScopeKind::Generator(_)))
    }

    fn in_notebook(&self) -> bool {
        self.is_notebook
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        self.compiler.errors.borrow_mut().push(error);
    }

    fn in_loop_context(&self) -> bool {
        self.compiler.loops > 0
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        let name = self.model.interned_name(name);
        let symbol = name.and_then(|name| self.model.in_scope.get(&(self.scope, name)));
        symbol.is_some_and(|symbol| self.model.symbols[symbol.index()].flags.contains(SymbolFlags::PARAMETER))
    }
}

/// Whether the compiler's checks may find something in a function's header, or in its body as a whole.
fn may_be_wrong(node: &ast::StmtFunctionDef) -> bool {
    // Longer lists of names are left to the checks' own hash set.
    const FEW: usize = 8;
    let parameters = &node.parameters;
    let names = || parameters.iter().map(|parameter| parameter.name().as_str());
    let repeats = || names().enumerate().any(|(index, name)| names().skip(index + 1).any(|other| other == name));
    node.is_async
        || node.type_params.is_some()
        || parameters.len() > FEW
        || repeats()
        || std::iter::once(node.name.as_str()).chain(names()).any(|name| name == "__debug__")
}
