//! How code is laid out: indentation, lines, where a statement or an import can be inserted.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::model::{BindingKind, Model, NodeId, ScopeId};
use crate::fix::Edit;

impl<'a> Model<'a> {
    /// The start of the line that holds `offset`.
    pub fn line_start(&self, offset: TextSize) -> TextSize {
        let before = &self.text()[..offset.to_usize()];
        before.rfind(['\n', '\r']).map_or(TextSize::new(0), |end| TextSize::of(&before[..=end]))
    }

    /// The end of the line that holds `offset`, its line end excluded.
    pub fn line_end(&self, offset: TextSize) -> TextSize {
        let after = &self.text()[offset.to_usize()..];
        offset + after.find(['\n', '\r']).map_or(TextSize::of(after), |end| TextSize::of(&after[..end]))
    }

    /// The white space at the start of the line that holds `offset`.
    pub fn indentation(&self, offset: TextSize) -> &'a str {
        let line = &self.text()[self.line_start(offset).to_usize()..];
        &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()]
    }

    /// One level of indentation as the file uses it: that of the first indented block, four spaces without one.
    pub fn indentation_unit(&self, tokens: &Tokens) -> &'a str {
        tokens
            .iter()
            .find(|token| token.kind() == TokenKind::Indent)
            .map_or("    ", |token| &self.text()[token.range()])
    }

    /// Whether nothing but white space stands before `offset` on its line.
    pub fn starts_line(&self, offset: TextSize) -> bool {
        self.line_start(offset) + TextSize::of(self.indentation(offset)) == offset
    }

    /// The statements of `body` after its docstring.
    pub fn after_docstring(body: &'a [Stmt]) -> &'a [Stmt] {
        match body {
            [Stmt::Expr(first), rest @ ..] if first.value.is_string_literal_expr() => rest,
            _ => body,
        }
    }

    /// How to name `module.member` in code at `at`, and the edit that makes it known there: an import that the file has is
    /// reused, another is added after the docstring and the `__future__` imports.
    pub fn import(&self, module: &str, member: &str, at: NodeId) -> (String, Option<Edit>) {
        let scope = self.scope_of(at);
        let wanted = format!("{module}.{member}");
        let usable = |name: &str| self.resolve(scope, name);
        for binding in self.all_bindings() {
            let is_executed = binding.scope == ScopeId::MODULE || self.runs_before(binding.node, at);
            if !is_executed || self.is_type_checking_only(binding.node) {
                continue;
            }
            let symbol = self.symbol_of_binding(binding);
            let name = self.name(symbol);
            if usable(name) != Some(symbol) {
                continue;
            }
            match (binding.kind, self.qualified_name_of(symbol)) {
                (BindingKind::ImportFrom(..), Some(from)) if from.as_str() == wanted => return (name.to_owned(), None),
                (BindingKind::Import(_), Some(from)) if from.as_str() == module => {
                    return (format!("{name}.{member}"), None);
                }
                _ => {}
            }
        }
        let edit = self.insert_import(&format!("import {module}"));
        // The module's name may mean something else here.
        if usable(module).is_some() {
            let alias = format!("_{module}");
            return (format!("{alias}.{member}"), Some(self.insert_import(&format!("import {module} as {alias}"))));
        }
        (format!("{module}.{member}"), Some(edit))
    }

    /// Whether the statement of `id` has run whenever code at `at` runs: it stands earlier in a block around `at`, in a function.
    fn runs_before(&self, id: NodeId, at: NodeId) -> bool {
        let Some(statement) = self.statement(id).filter(|&statement| statement < at) else { return false };
        self.scope(self.scope_of(id)).kind.is_function_like()
            && self.parent(statement).is_some_and(|around| self.is_within(at, around))
            && self
                .block_of(statement)
                .is_some_and(|block| block.iter().any(|stmt| self.is_within(at, self.stmt_id(stmt))))
    }

    /// Adds a line of import: before the first import that isn't `__future__`'s, else after the docstring, else on top.
    fn insert_import(&self, line: &str) -> Edit {
        let ast::AnyNodeRef::ModModule(module) = self.node(self.scope(ScopeId::MODULE).node) else {
            unreachable!("the module's scope is opened by the module");
        };
        let mut after = None;
        for stmt in Model::after_docstring(&module.body) {
            match stmt {
                Stmt::ImportFrom(node) if node.module.as_deref() == Some("__future__") => after = Some(stmt),
                Stmt::Import(_) | Stmt::ImportFrom(_) if self.starts_line(stmt.start()) => {
                    return Edit::insert(stmt.start(), format!("{line}\n"));
                }
                _ => break,
            }
        }
        let docstring = module
            .body
            .first()
            .filter(|first| matches!(first, Stmt::Expr(node) if matches!(&*node.value, Expr::StringLiteral(_))));
        if let Some(stmt) = after.or(docstring) {
            let end = self.line_end(stmt.end());
            let at_end_of_file = end.to_usize() == self.text().len();
            return if self.text()[stmt.end().to_usize()..end.to_usize()].contains(';') {
                Edit::insert(stmt.end(), format!("; {line}"))
            } else if at_end_of_file {
                Edit::insert(end, format!("\n{line}\n"))
            } else {
                Edit::insert(self.next_line(end), format!("{line}\n"))
            };
        }
        let top = module.body.first().map_or(TextSize::new(0), |first| {
            let start = self.line_start(first.start());
            start.min(first.start())
        });
        Edit::insert(top, format!("{line}\n"))
    }

    /// The start of the line after the one that ends at `end`.
    pub fn next_line(&self, end: TextSize) -> TextSize {
        let after = &self.text()[end.to_usize()..];
        let line_end = if after.starts_with("\r\n") { 2 } else { usize::from(!after.is_empty()) };
        end + TextSize::new(line_end as u32)
    }
}

/// Whether a comment stands in `range`.
pub fn has_comment(tokens: &Tokens, range: TextRange) -> bool {
    tokens.in_range(range).iter().any(|token| token.kind() == TokenKind::Comment)
}
