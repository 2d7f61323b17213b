//! How code is laid out: indentation, lines, where a statement or an import can be inserted.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::model::{BindingKind, Model, NodeId, ScopeId};
use super::tokens::Tokens;
use crate::fix::Edit;
use crate::notebook::Cell;

/// Longer pieces of code are quoted in part.
const MAX_QUOTED: usize = 40;

impl<'a> Model<'a> {
    /// Code for a text of one line: cut where it gets longer than `longest`, and before a brace, which pages fill in.
    pub fn excerpt(&self, range: impl Ranged, longest: usize) -> String {
        self.shortened(range.range(), longest, longest)
    }

    /// Code on one line: whole if it has at most `longest` characters, else the first `kept` of them; cut before a brace.
    fn shortened(&self, range: TextRange, longest: usize, kept: usize) -> String {
        let line = self.slice(range).split_whitespace().collect::<Vec<_>>().join(" ");
        let brace = line.find('{');
        if brace.is_none() && line.chars().count() <= longest {
            return line;
        }
        let start: String = line[..brace.unwrap_or(line.len())].chars().take(kept).collect();
        format!("{}…", start.trim_end())
    }

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
    pub fn indentation_unit(&self, tokens: Tokens) -> &'a str {
        tokens
            .iter()
            .find(|token| token.kind() == TokenKind::Indent)
            .map_or("    ", |token| &self.text()[token.range()])
    }

    /// The text of `range` as a part of a sentence: on one line, not too long, and without braces, which have a meaning in pages.
    pub fn quoted(&self, range: impl Ranged) -> String {
        self.shortened(range.range(), MAX_QUOTED, MAX_QUOTED - 1)
    }

    /// The brackets at both ends of a display or call; half-typed code lacks the second.
    pub fn brackets(&self, range: impl Ranged) -> Option<(TextRange, TextRange)> {
        let (range, one) = (range.range(), TextSize::new(1));
        let text = self.slice(range);
        let is_pair = matches!((text.chars().next()?, text.chars().last()?), ('(', ')') | ('[', ']') | ('{', '}'));
        is_pair.then(|| (TextRange::at(range.start(), one), TextRange::at(range.end() - one, one)))
    }

    /// Whether nothing but white space stands before `offset` on its line.
    pub fn starts_line(&self, offset: TextSize) -> bool {
        self.line_start(offset) + TextSize::of(self.indentation(offset)) == offset
    }

    /// Whether the parser, at a loss, cut off a statement here that shares its line with the one before: `x` in `print x`.
    pub fn is_cut_off(&self, stmt: impl Ranged) -> bool {
        let before = self.text()[..stmt.start().to_usize()].trim_end_matches([' ', '\t', '\x0c']);
        !before.is_empty() && !before.ends_with(['\n', '\r', ';', ':'])
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
        let place = self.node(at).start();
        let mut by_module = None;
        for binding in self.all_bindings() {
            let is_executed = match binding.scope {
                ScopeId::MODULE => self.is_known_from(binding.range.start(), place),
                _ => self.runs_before(binding.node, at),
            };
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
                    by_module.get_or_insert_with(|| format!("{name}.{member}"));
                }
                _ => {}
            }
        }
        if let Some(path) = by_module {
            return (path, None);
        }
        let edit = self.insert_import(&format!("import {module}"), place);
        // The module's name may mean something else here. A notebook may import it too late.
        let is_module = |symbol| {
            self.symbol_scope(symbol) == ScopeId::MODULE
                && self.qualified_name_of(symbol).is_some_and(|name| name.as_str() == module)
        };
        if usable(module).is_some_and(|symbol| !is_module(symbol)) {
            let alias = format!("_{module}");
            return (
                format!("{alias}.{member}"),
                Some(self.insert_import(&format!("import {module} as {alias}"), place)),
            );
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

    /// Adds a line of import that is known at `place`: before the first import that isn't `__future__`'s, else after the
    /// docstring, else on top.
    fn insert_import(&self, line: &str, place: TextSize) -> Edit {
        let (body, top) = self.import_block(place);
        let mut after = body
            .first()
            .filter(|first| matches!(first, Stmt::Expr(node) if matches!(&*node.value, Expr::StringLiteral(_))));
        for stmt in Model::after_docstring(body) {
            match stmt {
                _ if goes_first(stmt) => after = Some(stmt),
                Stmt::Import(_) | Stmt::ImportFrom(_) if self.starts_line(stmt.start()) => {
                    return Edit::insert(stmt.start(), format!("{line}\n"));
                }
                _ => break,
            }
        }
        if let Some(stmt) = after {
            let end = self.line_end(stmt.end());
            return if self.text()[stmt.end().to_usize()..end.to_usize()].contains(';') {
                Edit::insert(stmt.end(), format!("; {line}"))
            } else if end.to_usize() == self.text().len() {
                Edit::insert(end, format!("\n{line}\n"))
            } else if self.is_last_line(end) {
                Edit::insert(end, format!("\n{line}"))
            } else {
                Edit::insert(self.next_line(end), format!("{line}\n"))
            };
        }
        let top = body.first().map_or(top, |first| self.line_start(first.start()).min(first.start()));
        Edit::insert(top, format!("{line}\n"))
    }

    /// The statements among which an import may stand that is known at `place`, and where it stands if there are none: those of
    /// the file; in a notebook those of the first cell up to there that starts with imports, else of the first one.
    fn import_block(&self, place: TextSize) -> (&'a [Stmt], TextSize) {
        let Some(own) = self.cell_at(place) else { return (&self.module().body, TextSize::new(0)) };
        let mut cells =
            self.cells.iter().filter(|cell| cell == &own || cell.index() < own.index() && !cell.has_magic());
        let first = cells.clone().next().unwrap_or(own);
        let has_imports = |cell: &&Cell| {
            let mut code = Model::after_docstring(self.statements_of(cell)).iter().skip_while(|stmt| goes_first(stmt));
            matches!(code.next(), Some(Stmt::Import(_) | Stmt::ImportFrom(_)))
        };
        let cell = cells.find(has_imports).unwrap_or(first);
        (self.statements_of(cell), cell.code_start())
    }

    /// The start of the line after the one that ends at `end`.
    pub fn next_line(&self, end: TextSize) -> TextSize {
        let after = &self.text()[end.to_usize()..];
        let line_end = if after.starts_with("\r\n") { 2 } else { usize::from(!after.is_empty()) };
        end + TextSize::new(line_end as u32)
    }
}

/// Whether imports come after the statement: it is one of `__future__`'s, or a magic on top of a cell.
fn goes_first(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::ImportFrom(node) => node.module.as_deref() == Some("__future__"),
        Stmt::IpyEscapeCommand(_) => true,
        _ => false,
    }
}

/// Whether a comment stands in `range`.
pub fn has_comment(tokens: Tokens, range: TextRange) -> bool {
    tokens.in_range(range).iter().any(|token| token.kind() == TokenKind::Comment)
}
