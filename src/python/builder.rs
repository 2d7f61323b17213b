//! The first traversal: numbers every node and fills the [`Model`]. The second and last is the dispatch of checks.
//!
//! Follows CPython's `Python/symtable.c`: what a statement adds to which scope, then how each mention finds its variable.

use std::cell::OnceCell;

use ruff_python_ast::{
    self as ast, AnyNodeRef, AtomicNodeIndex, Expr, ExprContext, IpyEscapeKind, NodeIndex, Pattern, PythonVersion, Stmt,
};
use ruff_python_parser::parse_string_annotation;
use ruff_text_size::TextRange;

use super::cells::may_bind;
use super::compiler::Compiler;
use super::guard::{self, MAX_DEPTH, MAX_INDENTS, Refusal};
use super::looks::KnownLooks;
use super::model::{
    Binding, BindingKind, Model, NameEntry, NameId, NodeEntry, NodeId, NodeKinds, Read, Resolution, Scope, ScopeFlags,
    ScopeId, ScopeKind, Symbol, SymbolFlags, SymbolId, hash,
};
use super::parse::Arenas;
use super::room::Room;
use crate::source::{Source, SourceKind};

/// Why there is no model.
#[derive(Debug)]
pub enum TooDeep {
    /// More levels of indentation than CPython allows.
    Refused(Refusal),
    /// Deeper than [`MAX_DEPTH`], by operators, attributes or calls.
    Expression,
}

/// Builds the model of `module`, unless it is nested too deeply. String annotations are parsed into `arenas`; what the
/// compiler for `target` rejects goes into the model, too, and the list of nodes whose kinds are `wanted`.
pub fn build<'a>(
    source: &'a Source,
    module: &'a ast::ModModule,
    arenas: &'a Arenas,
    target: PythonVersion,
    wanted: NodeKinds,
) -> Result<Model<'a>, TooDeep> {
    let text = source.text();
    let room = Room::take(text);
    let mut builder = Builder {
        model: Model {
            text,
            nodes: room.nodes,
            wanted: room.wanted,
            main_nodes: 0,
            scopes: room.scopes,
            symbols: room.symbols,
            bindings: room.bindings,
            reads: room.reads,
            bindings_of: OnceCell::new(),
            reads_of: OnceCell::new(),
            names: room.names,
            interned: room.interned,
            in_scope: room.in_scope,
            string_annotations: Vec::new(),
            imports: room.imports,
            decorators: room.decorators,
            future_annotations: has_future_annotations(&module.body, source.kind() == SourceKind::Notebook),
            cells: source.cells(),
            compile_errors: Vec::new(),
            stored_attributes: room.stored_attributes,
            attribute_stores: OnceCell::new(),
            returns: room.returns,
            class_tests: room.class_tests,
            known_looks: KnownLooks::default(),
        },
        arenas,
        scope: ScopeId::MODULE,
        parent: NodeId::NONE,
        depth: 0,
        deepest_stmt: 0,
        too_deep: false,
        class: None,
        targets: None,
        current_match: None,
        in_annotation: false,
        in_string: false,
        pending_strings: Vec::new(),
        compiler: Compiler::default(),
        wanted,
        is_stub: source.kind() == SourceKind::Stub,
        is_notebook: source.kind() == SourceKind::Notebook,
        target,
    };
    builder.module(module);
    if builder.too_deep {
        return Err(TooDeep::Expression);
    }
    if builder.deepest_stmt >= (MAX_INDENTS - 1) as u32 {
        source.units().try_for_each(|unit| guard::check_indents(text, unit)).map_err(TooDeep::Refused)?;
    }
    builder.resolve();
    builder.model.compile_errors = builder.compile_errors();
    Ok(builder.model)
}

pub(super) struct Builder<'a> {
    pub(super) model: Model<'a>,
    arenas: &'a Arenas,
    pub(super) scope: ScopeId,
    parent: NodeId,
    depth: u32,
    /// The depth of the statement with the most nodes around it, which are statements and clauses only.
    deepest_stmt: u32,
    too_deep: bool,
    /// The class whose name mangles `__private` names.
    class: Option<&'a str>,
    /// How names in the targets being visited are bound.
    targets: Option<BindingKind<'a>>,
    current_match: Option<&'a ast::StmtMatch>,
    pub(super) in_annotation: bool,
    /// Read only by tools: inside a string annotation, or any annotation that is never evaluated.
    in_string: bool,
    pending_strings: Vec<PendingString<'a>>,
    pub(super) compiler: Compiler,
    wanted: NodeKinds,
    pub(super) is_stub: bool,
    pub(super) is_notebook: bool,
    pub(super) target: PythonVersion,
}

/// A string annotation, parsed when the main tree is numbered.
struct PendingString<'a> {
    string: &'a ast::ExprStringLiteral,
    node: NodeId,
    scope: ScopeId,
    class: Option<&'a str>,
}

impl<'a> Builder<'a> {
    // Inlined, so that the kind of node is known where it is asked for.
    #[inline(always)]
    fn push(&mut self, node: AnyNodeRef<'a>, index: &AtomicNodeIndex) -> NodeId {
        let id = NodeId(self.model.nodes.len() as u32);
        index.set(NodeIndex::from(id.0));
        if self.wanted.contains(node.kind()) {
            self.model.wanted.push(id);
        }
        self.model.nodes.push(NodeEntry { node, parent: self.parent, scope: self.scope });
        id
    }

    fn within(&mut self, id: NodeId, visit: impl FnOnce(&mut Self)) {
        let parent = std::mem::replace(&mut self.parent, id);
        visit(self);
        self.parent = parent;
    }

    fn in_scope(&mut self, scope: ScopeId, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.scope, scope);
        visit(self);
        self.scope = outer;
    }

    fn open_scope(&mut self, kind: ScopeKind<'a>, node: NodeId, parent: ScopeId) -> ScopeId {
        let id = ScopeId(self.model.scopes.len() as u32);
        self.model.scopes.push(Scope {
            kind,
            node,
            parent,
            flags: ScopeFlags::empty(),
            first_symbol: SymbolId::NONE,
            last_symbol: SymbolId::NONE,
        });
        id
    }

    // ---- names

    fn intern(&mut self, text: &'a str) -> NameId {
        let Model { interned, names, .. } = &mut self.model;
        let hash = hash(text);
        let is_same = |id: &NameId| names[id.index()].text == text;
        if let Some(&id) = interned.find(hash, is_same) {
            return id;
        }
        let id = NameId(names.len() as u32);
        names.push(NameEntry { text, recent_scope: ScopeId::BUILTINS, recent_symbol: SymbolId::NONE });
        interned.insert_unique(hash, id, |id| self::hash(names[id.index()].text));
        id
    }

    /// `__name` inside a class is `_Class__name`
    /// (<https://docs.python.org/3/reference/expressions.html#private-name-mangling>).
    fn mangle(&self, name: &'a str) -> &'a str {
        if !name.starts_with("__") {
            return name;
        }
        match self.class {
            Some(class) if !name.ends_with("__") => match class.trim_start_matches('_') {
                "" => name,
                class => self.arenas.strings.alloc(format!("_{class}{name}")),
            },
            _ => name,
        }
    }

    pub(super) fn mention(&mut self, name: &'a str, scope: ScopeId, flags: SymbolFlags) -> SymbolId {
        let name = self.mangle(name);
        let name = self.intern(name);
        let symbol = self.symbol(name, scope);
        self.model.symbols[symbol.index()].flags |= flags;
        symbol
    }

    #[inline]
    fn symbol(&mut self, name: NameId, scope: ScopeId) -> SymbolId {
        let entry = &self.model.names[name.index()];
        if entry.recent_scope == scope && entry.recent_symbol != SymbolId::NONE {
            return entry.recent_symbol;
        }
        self.symbol_in(name, scope)
    }

    fn symbol_in(&mut self, name: NameId, scope: ScopeId) -> SymbolId {
        let Builder { model, .. } = self;
        let entry = &mut model.names[name.index()];
        let symbols = &mut model.symbols;
        let scopes = &mut model.scopes;
        let symbol = *model.in_scope.entry((scope, name)).or_insert_with(|| {
            let id = SymbolId(symbols.len() as u32);
            symbols.push(Symbol {
                name,
                scope,
                flags: SymbolFlags::empty(),
                resolution: Resolution::Local,
                owner: id,
                next_in_scope: SymbolId::NONE,
            });
            let scope = &mut scopes[scope.index()];
            match scope.last_symbol.some() {
                Some(last) => symbols[last.index()].next_in_scope = id,
                None => scope.first_symbol = id,
            }
            scope.last_symbol = id;
            id
        });
        entry.recent_scope = scope;
        entry.recent_symbol = symbol;
        symbol
    }

    fn bind(
        &mut self,
        name: &'a str,
        range: TextRange,
        node: NodeId,
        scope: ScopeId,
        kind: BindingKind<'a>,
        flags: SymbolFlags,
    ) {
        let symbol = self.mention(name, scope, flags);
        self.model.bindings.push(Binding { kind, node, range, scope, symbol });
    }

    fn bind_identifier(&mut self, name: &'a ast::Identifier, node: NodeId, kind: BindingKind<'a>, flags: SymbolFlags) {
        self.bind(name.as_str(), name.range, node, self.scope, kind, flags);
    }

    fn read(&mut self, expr: &'a ast::ExprName, node: NodeId) {
        let flags = if self.in_string { SymbolFlags::empty() } else { SymbolFlags::USED };
        let symbol = self.mention(expr.id.as_str(), self.scope, flags);
        self.model.reads.push(Read { expr, node, scope: self.scope, in_string: self.in_string, symbol });
        // `super()` finds its class through an invisible read of `__class__`.
        if expr.id.as_str() == "super"
            && !self.in_string
            && self.model.scopes[self.scope.index()].kind.is_function_like()
        {
            self.mention("__class__", self.scope, SymbolFlags::USED);
        }
    }

    // ---- statements

    fn module(&mut self, module: &'a ast::ModModule) {
        self.open_scope(ScopeKind::Builtins, NodeId::NONE, ScopeId::NONE);
        let id = self.push(AnyNodeRef::ModModule(module), &module.node_index);
        self.open_scope(ScopeKind::Module, id, ScopeId::NONE);
        self.within(id, |builder| builder.top_level(&module.body));
        self.model.main_nodes = self.model.nodes.len();
        // Strings inside string annotations are appended while this runs.
        let mut next = 0;
        while let Some(pending) = self.pending_strings.get(next) {
            next += 1;
            let &PendingString { string, node, scope, class } = pending;
            let Some(literal) = string.as_single_part_string() else { continue };
            let Ok(parsed) = parse_string_annotation(self.model.text, literal) else { continue };
            let expr: &'a Expr = &self.arenas.annotations.alloc(parsed).syntax().body;
            self.model.string_annotations.push((node, expr));
            self.class = class;
            self.in_annotation = true;
            self.in_string = true;
            self.in_scope(scope, |builder| builder.within(node, |builder| builder.expr(expr)));
        }
    }

    /// The statements of the module. IPython compiles each by itself.
    fn top_level(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            if self.is_notebook {
                self.compiler.start_unit();
            }
            self.stmt(stmt);
        }
    }

    fn body(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn loop_body(&mut self, body: &'a [Stmt]) {
        self.compiler.loops += 1;
        self.body(body);
        self.compiler.loops -= 1;
    }

    /// The body of a function or class: loops around it are not its own.
    fn definition_body(&mut self, scope: ScopeId, body: &'a [Stmt]) {
        let loops = std::mem::take(&mut self.compiler.loops);
        self.in_scope(scope, |builder| builder.body(body));
        self.compiler.loops = loops;
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        if self.depth >= MAX_DEPTH as u32 {
            self.too_deep = true;
            return;
        }
        self.deepest_stmt = self.deepest_stmt.max(self.depth);
        self.depth += 1;
        let parent = self.parent;
        self.compile_stmt(stmt);
        self.stmt_kind(stmt);
        self.parent = parent;
        self.depth -= 1;
    }

    fn stmt_kind(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(node) => self.function(stmt, node),
            Stmt::ClassDef(node) => self.class(node),
            Stmt::Return(node) => {
                self.parent = self.push(AnyNodeRef::StmtReturn(node), &node.node_index);
                self.model.returns.push(self.parent);
                self.optional(node.value.as_deref());
            }
            Stmt::Delete(node) => {
                self.parent = self.push(AnyNodeRef::StmtDelete(node), &node.node_index);
                self.targets(&node.targets, BindingKind::Delete(node));
            }
            Stmt::TypeAlias(node) => self.type_alias(node),
            Stmt::Assign(node) => {
                self.parent = self.push(AnyNodeRef::StmtAssign(node), &node.node_index);
                self.targets(&node.targets, BindingKind::Assignment(node));
                self.expr(&node.value);
            }
            Stmt::AugAssign(node) => {
                self.parent = self.push(AnyNodeRef::StmtAugAssign(node), &node.node_index);
                self.target(&node.target, BindingKind::Augmented(node));
                self.expr(&node.value);
            }
            Stmt::AnnAssign(node) => self.annotated(node),
            Stmt::For(node) => {
                self.parent = self.push(AnyNodeRef::StmtFor(node), &node.node_index);
                self.target(&node.target, BindingKind::For(node));
                self.expr(&node.iter);
                self.loop_body(&node.body);
                self.body(&node.orelse);
            }
            Stmt::While(node) => {
                self.parent = self.push(AnyNodeRef::StmtWhile(node), &node.node_index);
                self.expr(&node.test);
                self.loop_body(&node.body);
                self.body(&node.orelse);
            }
            Stmt::If(node) => {
                self.parent = self.push(AnyNodeRef::StmtIf(node), &node.node_index);
                self.expr(&node.test);
                self.body(&node.body);
                for clause in &node.elif_else_clauses {
                    let id = self.push(AnyNodeRef::ElifElseClause(clause), &clause.node_index);
                    self.within(id, |builder| {
                        builder.optional(clause.test.as_ref());
                        builder.body(&clause.body);
                    });
                }
            }
            Stmt::With(node) => {
                self.parent = self.push(AnyNodeRef::StmtWith(node), &node.node_index);
                for item in &node.items {
                    let id = self.push(AnyNodeRef::WithItem(item), &item.node_index);
                    self.within(id, |builder| {
                        builder.expr(&item.context_expr);
                        if let Some(target) = &item.optional_vars {
                            builder.target(target, BindingKind::With(item));
                        }
                    });
                }
                self.body(&node.body);
            }
            Stmt::Match(node) => {
                self.parent = self.push(AnyNodeRef::StmtMatch(node), &node.node_index);
                self.model.class_tests.push(self.parent);
                self.expr(&node.subject);
                for case in &node.cases {
                    let id = self.push(AnyNodeRef::MatchCase(case), &case.node_index);
                    self.within(id, |builder| {
                        let outer = builder.current_match.replace(node);
                        builder.pattern(&case.pattern);
                        builder.current_match = outer;
                        builder.optional(case.guard.as_deref());
                        builder.body(&case.body);
                    });
                }
            }
            Stmt::Raise(node) => {
                self.parent = self.push(AnyNodeRef::StmtRaise(node), &node.node_index);
                self.optional(node.exc.as_deref());
                self.optional(node.cause.as_deref());
            }
            Stmt::Try(node) => {
                self.parent = self.push(AnyNodeRef::StmtTry(node), &node.node_index);
                self.body(&node.body);
                for ast::ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    self.except_handler(handler);
                }
                self.body(&node.orelse);
                self.body(&node.finalbody);
            }
            Stmt::Assert(node) => {
                self.parent = self.push(AnyNodeRef::StmtAssert(node), &node.node_index);
                self.expr(&node.test);
                self.optional(node.msg.as_deref());
            }
            Stmt::Import(node) => {
                self.parent = self.push(AnyNodeRef::StmtImport(node), &node.node_index);
                self.model.imports.push(self.parent);
                for alias in &node.names {
                    let id = self.push(AnyNodeRef::Alias(alias), &alias.node_index);
                    let kind = BindingKind::Import(alias);
                    match &alias.asname {
                        Some(name) => self.bind_identifier(name, id, kind, SymbolFlags::IMPORTED),
                        None => {
                            let name = alias.name.as_str();
                            let top = name.split_once('.').map_or(name, |(top, _)| top);
                            let range = alias.name.range;
                            self.bind(top, range, id, self.scope, kind, SymbolFlags::IMPORTED);
                        }
                    }
                }
            }
            Stmt::ImportFrom(node) => {
                self.parent = self.push(AnyNodeRef::StmtImportFrom(node), &node.node_index);
                self.model.imports.push(self.parent);
                for alias in &node.names {
                    let id = self.push(AnyNodeRef::Alias(alias), &alias.node_index);
                    if alias.name.as_str() == "*" {
                        self.model.scopes[self.scope.index()].flags |= ScopeFlags::STAR_IMPORT;
                        continue;
                    }
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind_identifier(name, id, BindingKind::ImportFrom(node, alias), SymbolFlags::IMPORTED);
                }
            }
            Stmt::Global(node) => {
                self.push(AnyNodeRef::StmtGlobal(node), &node.node_index);
                for name in &node.names {
                    self.declare(name, node.range, SymbolFlags::GLOBAL);
                }
            }
            Stmt::Nonlocal(node) => {
                self.push(AnyNodeRef::StmtNonlocal(node), &node.node_index);
                for name in &node.names {
                    self.declare(name, node.range, SymbolFlags::NONLOCAL);
                }
            }
            Stmt::Expr(node) => {
                self.parent = self.push(AnyNodeRef::StmtExpr(node), &node.node_index);
                self.expr(&node.value);
            }
            Stmt::Pass(node) => {
                self.push(AnyNodeRef::StmtPass(node), &node.node_index);
            }
            Stmt::Break(node) => {
                self.push(AnyNodeRef::StmtBreak(node), &node.node_index);
            }
            Stmt::Continue(node) => {
                self.push(AnyNodeRef::StmtContinue(node), &node.node_index);
            }
            Stmt::IpyEscapeCommand(node) => {
                self.push(AnyNodeRef::StmtIpyEscapeCommand(node), &node.node_index);
                self.command(node.kind, &node.value);
            }
        }
    }

    /// A command of IPython's: what it binds lives in the module, and can't be seen.
    fn command(&mut self, kind: IpyEscapeKind, command: &str) {
        if may_bind(kind, command) {
            self.model.scopes[ScopeId::MODULE.index()].flags |= ScopeFlags::DYNAMIC;
        }
    }

    fn except_handler(&mut self, handler: &'a ast::ExceptHandlerExceptHandler) {
        let id = self.push(AnyNodeRef::ExceptHandlerExceptHandler(handler), &handler.node_index);
        if let Some(name) = &handler.name {
            self.bind_identifier(name, id, BindingKind::Except(handler), SymbolFlags::LOCAL);
        }
        self.within(id, |builder| {
            builder.optional(handler.type_.as_deref());
            builder.body(&handler.body);
        });
    }

    fn decorators(&mut self, decorators: &'a [ast::Decorator]) {
        for decorator in decorators {
            let id = self.push(AnyNodeRef::Decorator(decorator), &decorator.node_index);
            self.model.decorators.push(id);
            self.within(id, |builder| builder.expr(&decorator.expression));
        }
    }

    fn function(&mut self, stmt: &'a Stmt, node: &'a ast::StmtFunctionDef) {
        let id = self.push(AnyNodeRef::StmtFunctionDef(node), &node.node_index);
        self.bind_identifier(&node.name, id, BindingKind::Function(node), SymbolFlags::LOCAL | SymbolFlags::NAMESPACE);
        let scope = self.open_scope(ScopeKind::Function(node), id, self.scope);
        if node.is_async {
            self.model.scopes[scope.index()].flags |= ScopeFlags::ASYNC;
        }
        self.parent = id;
        self.decorators(&node.decorator_list);
        let outer = self.type_parameters(node.type_params.as_deref(), scope);
        self.in_scope(outer, |builder| {
            builder.parameters(&node.parameters, scope);
            if let Some(returns) = &node.returns {
                builder.annotation(returns);
            }
        });
        self.compile_header(stmt);
        self.definition_body(scope, &node.body);
    }

    fn class(&mut self, node: &'a ast::StmtClassDef) {
        let id = self.push(AnyNodeRef::StmtClassDef(node), &node.node_index);
        self.bind_identifier(&node.name, id, BindingKind::Class(node), SymbolFlags::LOCAL | SymbolFlags::NAMESPACE);
        let scope = self.open_scope(ScopeKind::Class(node), id, self.scope);
        self.parent = id;
        self.decorators(&node.decorator_list);
        let outer = self.type_parameters(node.type_params.as_deref(), scope);
        if let Some(arguments) = &node.arguments {
            self.in_scope(outer, |builder| builder.arguments(arguments));
        }
        let class = self.class.replace(node.name.as_str());
        self.definition_body(scope, &node.body);
        self.class = class;
    }

    /// Opens the scope of type parameters, if there are any, around `inner`; returns the scope in which the rest of
    /// the header is evaluated.
    fn type_parameters(&mut self, params: Option<&'a ast::TypeParams>, inner: ScopeId) -> ScopeId {
        let Some(params) = params else {
            return self.scope;
        };
        let id = self.push(AnyNodeRef::TypeParams(params), &params.node_index);
        let scope = self.open_scope(ScopeKind::TypeParameters(params), id, self.scope);
        self.model.scopes[inner.index()].parent = scope;
        self.in_scope(scope, |builder| {
            builder.within(id, |builder| {
                for param in &params.type_params {
                    let (node, name, parts) = match param {
                        ast::TypeParam::TypeVar(node) => (
                            AnyNodeRef::TypeParamTypeVar(node),
                            &node.name,
                            [node.bound.as_deref(), node.default.as_deref()],
                        ),
                        ast::TypeParam::TypeVarTuple(node) => {
                            (AnyNodeRef::TypeParamTypeVarTuple(node), &node.name, [node.default.as_deref(), None])
                        }
                        ast::TypeParam::ParamSpec(node) => {
                            (AnyNodeRef::TypeParamParamSpec(node), &node.name, [node.default.as_deref(), None])
                        }
                    };
                    let id = builder.push(node, ast::HasNodeIndex::node_index(param));
                    let flags = SymbolFlags::TYPE_PARAMETER | SymbolFlags::LOCAL;
                    builder.bind_identifier(name, id, BindingKind::TypeParameter(param), flags);
                    builder.within(id, |builder| {
                        for part in parts.into_iter().flatten() {
                            builder.annotation(part);
                        }
                    });
                }
            });
        });
        scope
    }

    fn type_alias(&mut self, node: &'a ast::StmtTypeAlias) {
        let id = self.push(AnyNodeRef::StmtTypeAlias(node), &node.node_index);
        self.parent = id;
        self.target(&node.name, BindingKind::TypeAlias(node));
        let scope = self.open_scope(ScopeKind::TypeAlias(node), id, self.scope);
        self.type_parameters(node.type_params.as_deref(), scope);
        self.in_scope(scope, |builder| builder.annotation(&node.value));
    }

    fn annotated(&mut self, node: &'a ast::StmtAnnAssign) {
        self.parent = self.push(AnyNodeRef::StmtAnnAssign(node), &node.node_index);
        if let Expr::Name(name) = &*node.target {
            let id = self.push(AnyNodeRef::ExprName(name), &name.node_index);
            let kind = BindingKind::Annotated(node);
            let flags = if node.simple { SymbolFlags::LOCAL | SymbolFlags::ANNOTATED } else { SymbolFlags::LOCAL };
            // `(x): int` without a value binds nothing, not even for the compiler.
            if node.simple || node.value.is_some() {
                self.bind(name.id.as_str(), name.range, id, self.scope, kind, flags);
            }
        } else {
            self.expr(&node.target);
        }
        self.annotation(&node.annotation);
        self.optional(node.value.as_deref());
    }

    fn annotation(&mut self, expr: &'a Expr) {
        let in_annotation = std::mem::replace(&mut self.in_annotation, true);
        let in_string = self.in_string;
        self.in_string |= self.model.future_annotations;
        self.expr(expr);
        self.in_annotation = in_annotation;
        self.in_string = in_string;
    }

    /// Visits the parameters: defaults and annotations in the current scope, names bound in `inner`.
    fn parameters(&mut self, parameters: &'a ast::Parameters, inner: ScopeId) {
        let id = self.push(AnyNodeRef::Parameters(parameters), &parameters.node_index);
        self.within(id, |builder| {
            for parameter in parameters {
                match parameter {
                    ast::AnyParameterRef::NonVariadic(node) => {
                        let id = builder.push(AnyNodeRef::ParameterWithDefault(node), &node.node_index);
                        let kind = BindingKind::Parameter(node);
                        let name = &node.parameter.name;
                        builder.bind(name.as_str(), name.range, id, inner, kind, SymbolFlags::PARAMETER);
                        builder.within(id, |builder| {
                            if let Some(annotation) = &node.parameter.annotation {
                                builder.annotation(annotation);
                            }
                            builder.optional(node.default.as_deref());
                        });
                    }
                    ast::AnyParameterRef::Variadic(node) => {
                        let id = builder.push(AnyNodeRef::Parameter(node), &node.node_index);
                        let is_args = parameters.vararg.as_deref().is_some_and(|vararg| std::ptr::eq(vararg, node));
                        let kind = if is_args { BindingKind::VarArgs(node) } else { BindingKind::KwArgs(node) };
                        let name = &node.name;
                        builder.bind(name.as_str(), name.range, id, inner, kind, SymbolFlags::PARAMETER);
                        builder.within(id, |builder| {
                            if let Some(annotation) = &node.annotation {
                                builder.annotation(annotation);
                            }
                        });
                    }
                }
            }
        });
    }

    fn targets(&mut self, targets: &'a [Expr], kind: BindingKind<'a>) {
        for target in targets {
            self.target(target, kind);
        }
    }

    fn target(&mut self, target: &'a Expr, kind: BindingKind<'a>) {
        let outer = self.targets.replace(kind);
        self.expr(target);
        self.targets = outer;
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        if self.depth >= MAX_DEPTH as u32 {
            self.too_deep = true;
            return;
        }
        self.depth += 1;
        let parent = self.parent;
        match pattern {
            Pattern::MatchValue(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchValue(node), &node.node_index);
                self.expr(&node.value);
            }
            Pattern::MatchSingleton(node) => {
                self.push(AnyNodeRef::PatternMatchSingleton(node), &node.node_index);
            }
            Pattern::MatchSequence(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchSequence(node), &node.node_index);
                self.patterns(&node.patterns);
            }
            Pattern::MatchMapping(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchMapping(node), &node.node_index);
                self.capture(node.rest.as_ref(), self.parent);
                for key in &node.keys {
                    self.expr(key);
                }
                self.patterns(&node.patterns);
            }
            Pattern::MatchClass(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchClass(node), &node.node_index);
                self.expr(&node.cls);
                self.patterns(&node.arguments.patterns);
                for keyword in &node.arguments.keywords {
                    self.pattern(&keyword.pattern);
                }
            }
            Pattern::MatchStar(node) => {
                let id = self.push(AnyNodeRef::PatternMatchStar(node), &node.node_index);
                self.capture(node.name.as_ref(), id);
            }
            Pattern::MatchAs(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchAs(node), &node.node_index);
                self.capture(node.name.as_ref(), self.parent);
                if let Some(pattern) = &node.pattern {
                    self.pattern(pattern);
                }
            }
            Pattern::MatchOr(node) => {
                self.parent = self.push(AnyNodeRef::PatternMatchOr(node), &node.node_index);
                self.patterns(&node.patterns);
            }
        }
        self.parent = parent;
        self.depth -= 1;
    }

    fn patterns(&mut self, patterns: &'a [Pattern]) {
        for pattern in patterns {
            self.pattern(pattern);
        }
    }

    fn capture(&mut self, name: Option<&'a ast::Identifier>, node: NodeId) {
        if let (Some(name), Some(stmt)) = (name, self.current_match) {
            self.bind_identifier(name, node, BindingKind::Capture(stmt), SymbolFlags::LOCAL);
        }
    }

    // ---- expressions

    fn optional(&mut self, expr: Option<&'a Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn exprs(&mut self, exprs: &'a [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        // Names and literals are most of a tree and have no children.
        match expr {
            Expr::Name(node) => {
                if !node.ctx.is_load() {
                    self.compile_expr(expr);
                }
                return self.name(node);
            }
            Expr::StringLiteral(node) => return self.string(node),
            Expr::NumberLiteral(node) => {
                self.push(AnyNodeRef::ExprNumberLiteral(node), &node.node_index);
                return;
            }
            _ => {}
        }
        if self.depth >= MAX_DEPTH as u32 {
            self.too_deep = true;
            return;
        }
        self.depth += 1;
        let parent = self.parent;
        self.expr_kind(expr);
        self.parent = parent;
        self.depth -= 1;
    }

    fn expr_kind(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(_) | Expr::StringLiteral(_) | Expr::NumberLiteral(_) => unreachable!("handled by expr"),
            Expr::Attribute(node) => {
                self.parent = self.push(AnyNodeRef::ExprAttribute(node), &node.node_index);
                if node.ctx != ExprContext::Load || node.attr.as_str() == "__dict__" {
                    self.model.stored_attributes.push(self.parent);
                }
                self.expr(&node.value);
            }
            Expr::Call(node) => {
                if node.arguments.keywords.len() > 1 {
                    self.compile_expr(expr);
                }
                self.parent = self.push(AnyNodeRef::ExprCall(node), &node.node_index);
                if matches!(&*node.func, Expr::Name(callee) if matches!(callee.id.as_str(), "isinstance" | "type")) {
                    self.model.class_tests.push(self.parent);
                }
                self.expr(&node.func);
                self.arguments(&node.arguments);
            }
            Expr::BoolOp(node) => {
                self.parent = self.push(AnyNodeRef::ExprBoolOp(node), &node.node_index);
                self.exprs(&node.values);
            }
            Expr::Named(node) => {
                self.compile_expr(expr);
                self.walrus(node);
            }
            Expr::BinOp(node) => {
                self.parent = self.push(AnyNodeRef::ExprBinOp(node), &node.node_index);
                self.expr(&node.left);
                self.expr(&node.right);
            }
            Expr::UnaryOp(node) => {
                self.parent = self.push(AnyNodeRef::ExprUnaryOp(node), &node.node_index);
                self.expr(&node.operand);
            }
            Expr::Lambda(node) => {
                self.compile_expr(expr);
                let id = self.push(AnyNodeRef::ExprLambda(node), &node.node_index);
                let scope = self.open_scope(ScopeKind::Lambda(node), id, self.scope);
                self.parent = id;
                if let Some(parameters) = &node.parameters {
                    self.parameters(parameters, scope);
                }
                self.in_scope(scope, |builder| builder.expr(&node.body));
            }
            Expr::If(node) => {
                self.parent = self.push(AnyNodeRef::ExprIf(node), &node.node_index);
                self.expr(&node.body);
                self.expr(&node.test);
                self.expr(&node.orelse);
            }
            Expr::Dict(node) => {
                self.parent = self.push(AnyNodeRef::ExprDict(node), &node.node_index);
                for item in &node.items {
                    self.optional(item.key.as_ref());
                    self.expr(&item.value);
                }
            }
            Expr::Set(node) => {
                self.parent = self.push(AnyNodeRef::ExprSet(node), &node.node_index);
                self.exprs(&node.elts);
            }
            Expr::ListComp(node) => {
                self.compile_expr(expr);
                let id = self.push(AnyNodeRef::ExprListComp(node), &node.node_index);
                let kind = ScopeKind::ListComprehension(node);
                self.comprehension(kind, id, [Some(&*node.elt), None], &node.generators);
            }
            Expr::SetComp(node) => {
                self.compile_expr(expr);
                let id = self.push(AnyNodeRef::ExprSetComp(node), &node.node_index);
                let kind = ScopeKind::SetComprehension(node);
                self.comprehension(kind, id, [Some(&*node.elt), None], &node.generators);
            }
            Expr::DictComp(node) => {
                self.compile_expr(expr);
                let id = self.push(AnyNodeRef::ExprDictComp(node), &node.node_index);
                let kind = ScopeKind::DictComprehension(node);
                let elements = [node.key.as_deref(), Some(&*node.value)];
                self.comprehension(kind, id, elements, &node.generators);
            }
            Expr::Generator(node) => {
                self.compile_expr(expr);
                let id = self.push(AnyNodeRef::ExprGenerator(node), &node.node_index);
                let kind = ScopeKind::Generator(node);
                self.comprehension(kind, id, [Some(&*node.elt), None], &node.generators);
            }
            Expr::Await(node) => {
                self.compile_expr(expr);
                self.parent = self.push(AnyNodeRef::ExprAwait(node), &node.node_index);
                self.expr(&node.value);
            }
            Expr::Yield(node) => {
                self.compile_expr(expr);
                self.parent = self.push(AnyNodeRef::ExprYield(node), &node.node_index);
                self.model.scopes[self.scope.index()].flags |= ScopeFlags::GENERATOR;
                self.optional(node.value.as_deref());
            }
            Expr::YieldFrom(node) => {
                self.compile_expr(expr);
                self.parent = self.push(AnyNodeRef::ExprYieldFrom(node), &node.node_index);
                self.model.scopes[self.scope.index()].flags |= ScopeFlags::GENERATOR;
                self.expr(&node.value);
            }
            Expr::Compare(node) => {
                self.parent = self.push(AnyNodeRef::ExprCompare(node), &node.node_index);
                self.expr(&node.left);
                self.exprs(&node.comparators);
            }
            Expr::FString(node) => {
                self.parent = self.push(AnyNodeRef::ExprFString(node), &node.node_index);
                for part in node.value.f_strings() {
                    self.interpolations(&part.elements);
                }
            }
            Expr::TString(node) => {
                self.parent = self.push(AnyNodeRef::ExprTString(node), &node.node_index);
                for part in &node.value {
                    self.interpolations(&part.elements);
                }
            }
            Expr::BytesLiteral(node) => {
                self.push(AnyNodeRef::ExprBytesLiteral(node), &node.node_index);
            }
            Expr::BooleanLiteral(node) => {
                self.push(AnyNodeRef::ExprBooleanLiteral(node), &node.node_index);
            }
            Expr::NoneLiteral(node) => {
                self.push(AnyNodeRef::ExprNoneLiteral(node), &node.node_index);
            }
            Expr::EllipsisLiteral(node) => {
                self.push(AnyNodeRef::ExprEllipsisLiteral(node), &node.node_index);
            }
            Expr::Subscript(node) => self.subscript(node),
            Expr::Starred(node) => {
                self.parent = self.push(AnyNodeRef::ExprStarred(node), &node.node_index);
                self.unpacking(|builder| builder.expr(&node.value));
            }
            Expr::List(node) => {
                if !node.ctx.is_load() {
                    self.compile_expr(expr);
                }
                self.parent = self.push(AnyNodeRef::ExprList(node), &node.node_index);
                self.unpacking(|builder| builder.exprs(&node.elts));
            }
            Expr::Tuple(node) => {
                if !node.ctx.is_load() {
                    self.compile_expr(expr);
                }
                self.parent = self.push(AnyNodeRef::ExprTuple(node), &node.node_index);
                self.unpacking(|builder| builder.exprs(&node.elts));
            }
            Expr::Slice(node) => {
                self.parent = self.push(AnyNodeRef::ExprSlice(node), &node.node_index);
                self.optional(node.lower.as_deref());
                self.optional(node.upper.as_deref());
                self.optional(node.step.as_deref());
            }
            Expr::IpyEscapeCommand(node) => {
                self.push(AnyNodeRef::ExprIpyEscapeCommand(node), &node.node_index);
                self.command(node.kind, &node.value);
            }
        }
    }

    /// The names in `a, *b = value` get parts of the value.
    fn unpacking(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = self.targets;
        if let Some(BindingKind::Assignment(node)) = outer {
            self.targets = Some(BindingKind::Unpacking(node));
        }
        visit(self);
        self.targets = outer;
    }

    fn name(&mut self, node: &'a ast::ExprName) {
        let id = self.push(AnyNodeRef::ExprName(node), &node.node_index);
        match (node.ctx, self.targets) {
            (ExprContext::Store | ExprContext::Del, Some(kind)) => {
                let mut flags = SymbolFlags::LOCAL;
                if let BindingKind::Comprehension(_) = kind {
                    flags |= SymbolFlags::COMPREHENSION_TARGET;
                }
                self.bind(node.id.as_str(), node.range, id, self.scope, kind, flags);
            }
            (ExprContext::Load, _) => self.read(node, id),
            // `ExprContext::Invalid`: the parser recovered from a target that can't be one.
            _ => {}
        }
    }

    fn string(&mut self, node: &'a ast::ExprStringLiteral) {
        let id = self.push(AnyNodeRef::ExprStringLiteral(node), &node.node_index);
        if self.in_annotation {
            self.pending_strings.push(PendingString { string: node, node: id, scope: self.scope, class: self.class });
        }
    }

    fn subscript(&mut self, node: &'a ast::ExprSubscript) {
        self.parent = self.push(AnyNodeRef::ExprSubscript(node), &node.node_index);
        self.expr(&node.value);
        if !self.in_annotation {
            return self.expr(&node.slice);
        }
        let name = match &*node.value {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        match (name, &*node.slice) {
            // Strings in `Literal["a"]` are values, those after the first part of `Annotated` are metadata.
            ("Literal", slice) => self.outside_annotation(|builder| builder.expr(slice)),
            ("Annotated", Expr::Tuple(tuple)) => {
                let id = self.push(AnyNodeRef::ExprTuple(tuple), &tuple.node_index);
                self.parent = id;
                if let [annotated, metadata @ ..] = &*tuple.elts {
                    self.expr(annotated);
                    self.outside_annotation(|builder| builder.exprs(metadata));
                }
            }
            (_, slice) => self.expr(slice),
        }
    }

    fn outside_annotation(&mut self, visit: impl FnOnce(&mut Self)) {
        let in_annotation = std::mem::replace(&mut self.in_annotation, false);
        visit(self);
        self.in_annotation = in_annotation;
    }

    fn arguments(&mut self, arguments: &'a ast::Arguments) {
        self.exprs(&arguments.args);
        for keyword in &arguments.keywords {
            let id = self.push(AnyNodeRef::Keyword(keyword), &keyword.node_index);
            self.within(id, |builder| builder.expr(&keyword.value));
        }
    }

    fn interpolations(&mut self, elements: &'a ast::InterpolatedStringElements) {
        for element in elements.interpolations() {
            self.expr(&element.expression);
            if let Some(spec) = &element.format_spec {
                self.interpolations(&spec.elements);
            }
        }
    }

    /// The first iterable is evaluated around the comprehension, the rest inside it.
    fn comprehension(
        &mut self,
        kind: ScopeKind<'a>,
        id: NodeId,
        elements: [Option<&'a Expr>; 2],
        generators: &'a [ast::Comprehension],
    ) {
        let outer = self.scope;
        let scope = self.open_scope(kind, id, outer);
        if generators.iter().any(|generator| generator.is_async) {
            self.model.scopes[scope.index()].flags |= ScopeFlags::ASYNC;
        }
        self.parent = id;
        self.scope = scope;
        for element in elements.into_iter().flatten() {
            self.expr(element);
        }
        for (position, generator) in generators.iter().enumerate() {
            let id = self.push(AnyNodeRef::Comprehension(generator), &generator.node_index);
            self.within(id, |builder| {
                builder.target(&generator.target, BindingKind::Comprehension(generator));
                let evaluated_in = if position == 0 { outer } else { scope };
                builder.in_scope(evaluated_in, |builder| builder.expr(&generator.iter));
                builder.exprs(&generator.ifs);
            });
        }
        self.scope = outer;
    }

    /// A walrus inside a comprehension binds its name around it (PEP 572).
    fn walrus(&mut self, node: &'a ast::ExprNamed) {
        self.parent = self.push(AnyNodeRef::ExprNamed(node), &node.node_index);
        if let Expr::Name(name) = &*node.target
            && self.model.scopes[self.scope.index()].kind.is_comprehension()
        {
            let outer = self.model.function_scope(self.scope);
            let name = name.id.as_str();
            match self.model.scopes[outer.index()].kind {
                ScopeKind::Module => {
                    self.mention(name, self.scope, SymbolFlags::GLOBAL);
                    self.mention(name, outer, SymbolFlags::GLOBAL);
                }
                ScopeKind::Function(_) | ScopeKind::Lambda(_) => {
                    let symbol = self.mention(name, outer, SymbolFlags::empty());
                    let declared = self.model.symbols[symbol.index()].flags & SymbolFlags::GLOBAL;
                    if declared.is_empty() {
                        self.mention(name, self.scope, SymbolFlags::NONLOCAL);
                    } else {
                        self.mention(name, self.scope, SymbolFlags::GLOBAL);
                    }
                    self.mention(name, outer, SymbolFlags::LOCAL);
                }
                _ => {}
            }
        }
        self.target(&node.target, BindingKind::Walrus(node));
        self.expr(&node.value);
    }

    // ---- resolution (CPython's `analyze_name`)

    fn resolve(&mut self) {
        // `global` declarations first: they make module variables that other scopes read.
        for index in 0..self.model.symbols.len() {
            let symbol = &self.model.symbols[index];
            if symbol.flags.contains(SymbolFlags::GLOBAL) {
                let name = symbol.name;
                let owner = self.symbol(name, ScopeId::MODULE);
                let symbol = &mut self.model.symbols[index];
                symbol.resolution = Resolution::GlobalExplicit;
                symbol.owner = owner;
                self.model.symbols[owner.index()].flags |= SymbolFlags::DECLARED_GLOBAL;
            }
        }
        for index in 0..self.model.symbols.len() {
            let &Symbol { name, scope, flags, .. } = &self.model.symbols[index];
            if flags.contains(SymbolFlags::GLOBAL) {
                continue;
            }
            let is_local = flags.intersects(SymbolFlags::BOUND) && !flags.contains(SymbolFlags::NONLOCAL);
            let is_declared_global = scope == ScopeId::MODULE && flags.contains(SymbolFlags::DECLARED_GLOBAL);
            let (resolution, owner) = if is_declared_global {
                (Resolution::GlobalExplicit, SymbolId(index as u32))
            } else if is_local {
                (Resolution::Local, SymbolId(index as u32))
            } else {
                self.search(name, scope)
            };
            let symbol = &mut self.model.symbols[index];
            symbol.resolution = resolution;
            symbol.owner = owner;
            if resolution == Resolution::Free {
                self.model.symbols[owner.index()].flags |= SymbolFlags::CAPTURED;
            }
        }
        self.mark_dynamic_scopes();
    }

    /// Code that asks for its own names may read any of them.
    fn mark_dynamic_scopes(&mut self) {
        let Model { symbols, scopes, names, .. } = &mut self.model;
        for symbol in symbols.iter().filter(|symbol| symbols[symbol.owner.index()].scope == ScopeId::BUILTINS) {
            if symbol.scope != ScopeId::BUILTINS
                && matches!(names[symbol.name.index()].text, "locals" | "vars" | "eval" | "exec")
            {
                scopes[symbol.scope.index()].flags |= ScopeFlags::DYNAMIC;
            }
        }
    }

    /// Looks for a name that `scope` doesn't bind in the scopes around it.
    fn search(&mut self, name: NameId, scope: ScopeId) -> (Resolution, SymbolId) {
        let mut current = scope;
        while let Some(around) = self.model.scopes[current.index()].parent.some() {
            let kind = self.model.scopes[around.index()].kind;
            let is_class = matches!(kind, ScopeKind::Class(_));
            // Annotation scopes see the class right around them (PEP 695).
            let sees_class = is_class
                && matches!(
                    self.model.scopes[current.index()].kind,
                    ScopeKind::TypeParameters(_) | ScopeKind::TypeAlias(_)
                );
            if is_class && self.model.names[name.index()].text == "__class__" {
                return (Resolution::Free, self.symbol(name, around));
            }
            current = around;
            if !(kind.is_function_like() || sees_class) {
                continue;
            }
            let Some(&symbol) = self.model.in_scope.get(&(around, name)) else {
                continue;
            };
            let flags = self.model.symbols[symbol.index()].flags;
            if flags.contains(SymbolFlags::GLOBAL) {
                break;
            }
            if flags.intersects(SymbolFlags::BOUND) && !flags.contains(SymbolFlags::NONLOCAL) {
                return (Resolution::Free, symbol);
            }
        }
        let in_module = self.model.in_scope.get(&(ScopeId::MODULE, name)).copied();
        let owner = match in_module {
            Some(symbol)
                if self.model.symbols[symbol.index()]
                    .flags
                    .intersects(SymbolFlags::BOUND | SymbolFlags::GLOBAL | SymbolFlags::DECLARED_GLOBAL) =>
            {
                symbol
            }
            _ => self.symbol(name, ScopeId::BUILTINS),
        };
        (Resolution::GlobalImplicit, owner)
    }
}

/// Whether the file says so at its start, or a notebook in any cell: IPython takes it for all that runs afterwards.
fn has_future_annotations(body: &[Stmt], is_notebook: bool) -> bool {
    body.iter()
        .take_while(|stmt| match stmt {
            _ if is_notebook => true,
            Stmt::ImportFrom(node) => node.module.as_deref() == Some("__future__"),
            Stmt::Expr(node) => node.value.is_string_literal_expr(),
            _ => false,
        })
        .filter_map(|stmt| stmt.as_import_from_stmt())
        .filter(|node| node.module.as_deref() == Some("__future__"))
        .any(|node| node.names.iter().any(|alias| alias.name.as_str() == "annotations"))
}
