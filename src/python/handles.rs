//! What becomes of an open file, socket or archive: who holds it, who uses it, and whether it is closed for certain.

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::model::{Model, NodeId, ScopeId, ScopeKind, SymbolFlags, SymbolId};

/// Functions of the standard library that read or write a file which they are given, and leave it open.
const READERS: &[&str] = &[
    "json.load",
    "json.dump",
    "pickle.load",
    "pickle.dump",
    "marshal.load",
    "marshal.dump",
    "plistlib.load",
    "plistlib.dump",
    "tomllib.load",
    "csv.reader",
    "csv.writer",
    "csv.DictReader",
    "csv.DictWriter",
    "builtins.print",
    "shutil.copyfileobj",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "xml.etree.ElementTree.parse",
    "ast.parse",
    "hashlib.file_digest",
    "tokenize.generate_tokens",
];

/// Builtins that go through all lines at once.
const DRAINS: &[&str] = &["list", "tuple", "set", "frozenset", "sorted", "sum", "max", "min", "any", "all"];

/// Builtins and others that give line after line later.
const LAZY: &[&str] = &[
    "builtins.enumerate",
    "builtins.zip",
    "builtins.map",
    "builtins.filter",
    "builtins.iter",
    "builtins.reversed",
    "builtins.next",
    "csv.reader",
    "csv.writer",
    "csv.DictReader",
    "csv.DictWriter",
];

/// What the code right around an open handle does with it.
#[derive(Clone, Copy, Debug)]
pub enum Destiny {
    /// Somebody else has it: it is returned, stored, passed on, or closed by `with`.
    Given,
    /// It is used here, and then nobody holds it. Whether something that is kept goes on reading it.
    Used {
        /// The use.
        at: TextRange,
        /// Whether an iterator over it may live on.
        is_lazy: bool,
    },
    /// Nothing takes it.
    Dropped,
    /// A variable holds it.
    Named(SymbolId),
}

/// A handle in a variable, which is not closed on every path.
#[derive(Clone, Debug)]
pub struct Held {
    /// The variable.
    pub symbol: SymbolId,
    /// The first `close()`, if there is one.
    pub close: Option<TextRange>,
    /// The last use of it besides.
    pub last_use: Option<TextRange>,
}

impl<'a> Model<'a> {
    /// What becomes of the handle that the expression `id` gives.
    pub fn handle_destiny(&self, id: NodeId) -> Destiny {
        let range = self.node(id).range();
        let Some(parent) = self.parent(id) else { return Destiny::Given };
        let is = |expr: &Expr| expr.range() == range;
        let used = |is_lazy: bool| Destiny::Used { at: self.node(parent).range(), is_lazy };
        match self.node(parent) {
            AnyNodeRef::StmtExpr(_) => Destiny::Dropped,
            AnyNodeRef::StmtAssign(node) => match &*node.targets {
                [Expr::Tuple(_) | Expr::List(_)] => used(false),
                targets if targets.iter().all(Expr::is_name_expr) => self.named(targets.first()),
                _ => Destiny::Given,
            },
            AnyNodeRef::StmtAnnAssign(node) => self.named(Some(&node.target)),
            AnyNodeRef::ExprNamed(node) => match self.handle_destiny(parent) {
                Destiny::Given if self.tested(parent).is_none() => Destiny::Given,
                _ => self.named(Some(&node.target)),
            },
            AnyNodeRef::ExprTuple(node) => match self.parent(parent).map(|id| self.node(id)) {
                Some(AnyNodeRef::StmtAssign(assign)) => {
                    let [Expr::Tuple(targets)] = &*assign.targets else { return Destiny::Given };
                    let position = node.elts.iter().position(is);
                    if targets.len() == node.len() && !targets.iter().chain(&node.elts).any(Expr::is_starred_expr) {
                        self.named(position.and_then(|position| targets.elts.get(position)))
                    } else {
                        Destiny::Given
                    }
                }
                _ => Destiny::Given,
            },
            AnyNodeRef::ExprAttribute(node) => self.attribute_destiny(node, parent),
            AnyNodeRef::ExprSubscript(node) if is(&node.value) => used(false),
            AnyNodeRef::ExprIf(node) if !is(&node.test) => self.handle_destiny(parent),
            AnyNodeRef::ExprBoolOp(_) => self.handle_destiny(parent),
            AnyNodeRef::StmtFor(node) if is(&node.iter) => Destiny::Used { at: node.target.range(), is_lazy: false },
            AnyNodeRef::ExprYieldFrom(_) => used(false),
            AnyNodeRef::ExprStarred(_) => used(false),
            AnyNodeRef::ExprCompare(node) if matches!(&*node.ops, [CmpOp::In | CmpOp::NotIn]) && !is(&node.left) => {
                used(false)
            }
            AnyNodeRef::Comprehension(node) if is(&node.iter) => {
                let Some(around) = self.parent(parent) else { return Destiny::Given };
                let is_lazy = matches!(self.node(around), AnyNodeRef::ExprGenerator(_));
                if is_lazy {
                    self.lazy(around, node.target.range())
                } else {
                    Destiny::Used { at: node.target.range(), is_lazy }
                }
            }
            AnyNodeRef::ExprCall(node) => self.argument_destiny(node, parent),
            AnyNodeRef::Keyword(_) => match self.parent(parent).map(|call| (call, self.node(call))) {
                Some((call, AnyNodeRef::ExprCall(node))) => self.argument_destiny(node, call),
                _ => Destiny::Given,
            },
            _ => Destiny::Given,
        }
    }

    fn named(&self, target: Option<&Expr>) -> Destiny {
        let symbol = target.and_then(Expr::as_name_expr).and_then(|name| self.symbol_of(name));
        symbol.map_or(Destiny::Given, Destiny::Named)
    }

    /// A method is called on the handle, or an attribute read.
    fn attribute_destiny(&self, node: &ast::ExprAttribute, id: NodeId) -> Destiny {
        let is_call = matches!(self.parent(id).map(|id| self.node(id)), Some(AnyNodeRef::ExprCall(call))
            if call.func.range() == node.range);
        match node.attr.as_str() {
            "close" | "fileno" | "detach" | "__enter__" | "buffer" | "raw" | "makefile" | "aclose" => Destiny::Given,
            "name" | "closed" | "mode" | "encoding" if node.ctx.is_load() => {
                Destiny::Used { at: node.attr.range, is_lazy: false }
            }
            _ if is_call => Destiny::Used { at: node.attr.range, is_lazy: false },
            _ => Destiny::Given,
        }
    }

    /// The handle is an argument.
    fn argument_destiny(&self, call: &ast::ExprCall, id: NodeId) -> Destiny {
        let used = Destiny::Used { at: call.func.range(), is_lazy: false };
        let Some(path) = self.qualified_name(&call.func) else {
            return match &*call.func {
                // `parser.read_file(file)`, `", ".join(file)`
                Expr::Attribute(method) if matches!(method.attr.as_str(), "read_file" | "join" | "writelines") => used,
                _ => Destiny::Given,
            };
        };
        if LAZY.contains(&path.as_str()) {
            return self.lazy(id, call.func.range());
        }
        let is_known = READERS.contains(&path.as_str()) || path.builtin().is_some_and(|name| DRAINS.contains(&name));
        if is_known { used } else { Destiny::Given }
    }

    /// An iterator over the handle is made: who takes it takes the handle.
    fn lazy(&self, iterator: NodeId, at: TextRange) -> Destiny {
        match self.handle_destiny(iterator) {
            Destiny::Given => Destiny::Given,
            Destiny::Named(_) => Destiny::Used { at, is_lazy: true },
            Destiny::Used { is_lazy, .. } => Destiny::Used { at, is_lazy },
            Destiny::Dropped => Destiny::Used { at, is_lazy: false },
        }
    }

    /// How the handle opened at `opened` is held in a variable, if nobody else gets it and it is not closed for certain.
    pub fn held(&self, symbol: SymbolId, opened: NodeId) -> Option<Held> {
        let scope = self.symbol_scope(symbol);
        let is_own = self.function_scope(self.scope_of(opened)) == scope
            && matches!(self.scope(scope).kind, ScopeKind::Function(_) | ScopeKind::Module)
            && self.bindings(symbol).all(|binding| self.function_scope(binding.scope) == scope);
        let is_public = scope == ScopeId::MODULE
            && (self.symbol_flags(symbol).contains(SymbolFlags::DECLARED_GLOBAL)
                || self.exports().is_some_and(|exports| exports.names.contains(&self.name(symbol))));
        if !is_own || is_public {
            return None;
        }
        let mut held = Held { symbol, close: None, last_use: None };
        let mut closes = Vec::new();
        for read in self.reads(symbol) {
            if self.holds_another(symbol, opened, read.node) {
                continue;
            }
            if self.function_scope(read.scope) != scope {
                return None;
            }
            if self.is_closed_at(read.node) {
                closes.push(read.node);
                let at = self.node(read.node).range();
                if held.close.is_none() && at.start() > self.node(opened).end() {
                    held.close = self.statement(read.node).map(|id| self.node(id).range());
                }
                continue;
            }
            if self.tested(read.node).is_some() || self.is_compared_only(read.node) {
                continue;
            }
            match self.handle_destiny(read.node) {
                Destiny::Used { at, .. } => held.last_use = Some(at),
                _ => return None,
            }
        }
        let is_safe = closes.iter().any(|&close| self.runs_in_any_case(close))
            || self.is_closed_on_failure(&closes)
            || closes.iter().any(|&close| self.nothing_between(opened, close))
            || self.is_closed_behind_try(opened, &closes)
            || self.ends_process_after(opened);
        (!is_safe).then_some(held)
    }

    /// Whether the read of a variable finds a later value in it than the handle opened at `opened`.
    pub fn holds_another(&self, symbol: SymbolId, opened: NodeId, read: NodeId) -> bool {
        let (opened, read) = (self.node(opened).range(), self.node(read).range());
        self.bindings(symbol).filter(|binding| !binding.range.is_empty()).any(|binding| {
            let Some(statement) = self.statement(binding.node) else { return false };
            let at = self.node(statement).range();
            // In a loop, what comes first in the text may come last in time.
            let is_between = opened.end() <= at.start() && at.end() <= read.start();
            is_between && self.block_of(statement).and_then(<[Stmt]>::last).is_some_and(|last| read.end() <= last.end())
        })
    }

    /// Whether a statement further down in the block ends the process, and so closes all.
    fn ends_process_after(&self, opened: NodeId) -> bool {
        let Some(statement) = self.statement(opened) else { return false };
        self.block_of(statement).unwrap_or_default().iter().any(|stmt| match stmt {
            Stmt::Expr(node) if node.start() >= self.node(statement).end() => {
                node.value.as_call_expr().is_some_and(|call| self.process_end(call).is_some())
            }
            _ => false,
        })
    }

    /// Whether `name` is that of `name.close()`.
    fn is_closed_at(&self, name: NodeId) -> bool {
        let Some(attribute) = self.parent(name) else { return false };
        let is_close = matches!(self.node(attribute), AnyNodeRef::ExprAttribute(node) if node.attr.as_str() == "close");
        is_close
            && matches!(self.parent(attribute).map(|id| self.node(id)), Some(AnyNodeRef::ExprCall(call))
            if call.func.range() == self.node(attribute).range())
    }

    /// `file is None`, `file is not sys.stdout`, `file == x`
    fn is_compared_only(&self, name: NodeId) -> bool {
        matches!(self.parent(name).map(|id| self.node(id)), Some(AnyNodeRef::ExprCompare(node))
            if !node.ops.iter().any(|op| matches!(op, CmpOp::In | CmpOp::NotIn)))
    }

    /// Whether `id` stands in a `finally`.
    fn runs_in_any_case(&self, id: NodeId) -> bool {
        let range = self.node(id).range();
        let holds = |body: &[Stmt]| body.iter().any(|stmt| stmt.range().contains_range(range));
        self.ancestors(id)
            .any(|around| matches!(self.node(around), AnyNodeRef::StmtTry(node) if holds(&node.finalbody)))
    }

    /// Whether a clause for every exception closes it, and the path without an exception does, too.
    fn is_closed_on_failure(&self, closes: &[NodeId]) -> bool {
        let handler_of = |id: NodeId| {
            self.ancestors(id).find_map(|around| match self.node(around) {
                AnyNodeRef::ExceptHandlerExceptHandler(node) => Some(node),
                _ => None,
            })
        };
        let in_handlers =
            closes.iter().filter_map(|&id| handler_of(id)).any(|handler| self.catches_exceptions(handler));
        in_handlers && closes.iter().any(|&id| handler_of(id).is_none())
    }

    fn catches_exceptions(&self, handler: &ast::ExceptHandlerExceptHandler) -> bool {
        handler
            .type_
            .as_deref()
            .is_none_or(|type_| matches!(self.builtin_name(type_), Some("Exception" | "BaseException")))
    }

    /// Whether the handle is opened in a `try` that lets no exception out, and closed behind it.
    fn is_closed_behind_try(&self, opened: NodeId, closes: &[NodeId]) -> bool {
        let range = self.node(opened).range();
        let holds = |body: &[Stmt]| body.iter().any(|stmt| stmt.range().contains_range(range));
        let goes_on = |body: &[Stmt]| {
            !matches!(body.last(), Some(Stmt::Raise(_) | Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_)))
        };
        self.ancestors(opened).any(|around| match self.node(around) {
            AnyNodeRef::StmtTry(node) if holds(&node.body) => {
                let handlers = || node.handlers.iter().filter_map(|handler| handler.as_except_handler());
                handlers().any(|handler| self.catches_exceptions(handler))
                    && handlers().all(|it| goes_on(&it.body))
                    && closes.iter().any(|&close| self.node(close).start() >= node.end())
            }
            _ => false,
        })
    }

    /// Whether `close` follows the opening with nothing in between that can fail.
    fn nothing_between(&self, opened: NodeId, close: NodeId) -> bool {
        let (Some(mut opened), Some(close)) = (self.statement(opened), self.statement(close)) else { return false };
        // The last statement of a `try` goes on in its `else`, or behind it.
        if let Some(AnyNodeRef::StmtTry(node)) = self.parent(opened).map(|id| self.node(id))
            && node.body.last().is_some_and(|last| self.stmt_id(last) == opened)
        {
            match node.orelse.first() {
                Some(first) if self.stmt_id(first) == close => return true,
                Some(_) => return false,
                None => opened = self.parent(opened).unwrap_or(opened),
            }
        }
        let Some(block) = self.block_of(opened) else { return false };
        let position = |id: NodeId| block.iter().position(|stmt| self.stmt_id(stmt) == id);
        let (Some(from), Some(to)) = (position(opened), position(close)) else { return false };
        from < to
            && block[from + 1..to].iter().all(|stmt| match stmt {
                Stmt::Pass(_) => true,
                Stmt::Assign(node) => {
                    node.value.is_literal_expr() || node.value.is_attribute_expr() || node.value.is_name_expr()
                }
                _ => false,
            })
    }
}
