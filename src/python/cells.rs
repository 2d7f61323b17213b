//! What is different in a notebook: Python compiles and runs its cells one by one, in one namespace, and shows the value of an
//! expression at a cell's end.

use ruff_python_ast::{self as ast, IpyEscapeKind, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::model::Model;
use crate::notebook::{Cell, cell_at, is_one_unit};

/// Line and cell magics that bind no names of the notebook's.
const HARMLESS: [&str; 26] = [
    "autoreload",
    "cat",
    "cd",
    "conda",
    "config",
    "debug",
    "env",
    "history",
    "load_ext",
    "ls",
    "mamba",
    "matplotlib",
    "memit",
    "mkdir",
    "mypy",
    "pdb",
    "pip",
    "precision",
    "prun",
    "pwd",
    "reload_ext",
    "set_env",
    "timeit",
    "who",
    "whos",
    "xmode",
];

impl<'a> Model<'a> {
    /// The cell that holds `offset`, in a notebook.
    pub fn cell_at(&self, offset: TextSize) -> Option<&'a Cell> {
        cell_at(self.cells, offset)
    }

    /// Whether both places are compiled together and run one after the other: all of a file, or of a notebook's cell.
    pub fn is_one_unit(&self, a: TextSize, b: TextSize) -> bool {
        is_one_unit(self.cells, a, b)
    }

    /// Whether what a statement of the module at `offset` binds is known at `place`: not in a notebook's earlier cells, and
    /// perhaps not outside of a cell that a magic runs, as `%%timeit` does.
    pub fn is_known_from(&self, offset: TextSize, place: TextSize) -> bool {
        let (Some(from), Some(to)) = (self.cell_at(offset), self.cell_at(place)) else { return true };
        from == to || from.index() < to.index() && !from.has_magic()
    }

    /// Whether the line end at `offset` is the last of its cell, or of the file. Nothing can be inserted behind it.
    pub fn is_last_line(&self, offset: TextSize) -> bool {
        match self.cell_at(offset) {
            Some(cell) => self.next_line(offset) >= cell.range().end(),
            None => offset == TextSize::of(self.text()),
        }
    }

    /// Whether a notebook shows the value of this statement: it is the last of its cell, and no semicolon follows. Such a
    /// value is not thrown away.
    pub fn is_cell_result(&self, stmt: &ast::StmtExpr) -> bool {
        let Some(cell) = self.cell_at(stmt.start()) else { return false };
        let is_last = self.statements_of(cell).last().is_some_and(|last| last.range() == stmt.range);
        let rest = &self.text()[TextRange::new(stmt.end(), cell.content().end())];
        is_last && !rest.trim_start().starts_with(';')
    }

    /// The statements of a cell that stand in no block.
    pub fn statements_of(&self, cell: &Cell) -> &'a [Stmt] {
        let body = &self.module().body;
        let from = body.partition_point(|stmt| stmt.start() < cell.range().start());
        let to = body.partition_point(|stmt| stmt.start() < cell.range().end());
        &body[from..to]
    }
}

/// Whether a command of IPython's may bind names unseen, as `%run` and `%time x = f()` do.
pub(super) fn may_bind(kind: IpyEscapeKind, command: &str) -> bool {
    let name = command.split_whitespace().next().unwrap_or_default();
    match kind {
        IpyEscapeKind::Magic => !HARMLESS.contains(&name),
        IpyEscapeKind::Magic2 => !HARMLESS.contains(&name) && command != "time" && command != "capture",
        _ => false,
    }
}
