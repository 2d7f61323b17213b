//! Notebooks: their Python cells as one text, so that names flow from cell to cell and everything that works on a file's
//! text works on a notebook's.

mod file;
mod magic;

use std::ops::Range;
use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};

pub use file::Unreadable;
pub(crate) use file::read;

use file::File;

/// A code cell as an editor or a file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellText {
    /// Its place among all cells of the notebook, Markdown included, counted from 0.
    pub index: usize,
    /// What the file calls it, since nbformat 4.5.
    pub id: Option<String>,
    /// Its text.
    pub text: String,
}

/// A Python cell in the text of its notebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    index: usize,
    id: Option<String>,
    range: TextRange,
    code: TextSize,
    is_padded: bool,
}

impl Cell {
    /// Its place among all cells of the notebook, Markdown included, counted from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its number as readers are told it: counted from 1, over all cells of the notebook.
    pub fn number(&self) -> usize {
        self.index + 1
    }

    /// What the file calls it, since nbformat 4.5.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Where it stands in the notebook's text, with a line end that is there even if the cell itself has none.
    pub fn range(&self) -> TextRange {
        self.range
    }

    /// The same without its last line end.
    pub fn content(&self) -> TextRange {
        TextRange::new(self.range.start(), self.range.end() - TextSize::new(1))
    }

    /// Where its code starts: behind the line of a magic for the whole cell (`%%time`), which must stay the first.
    pub fn code_start(&self) -> TextSize {
        self.code
    }

    /// Whether a magic runs the whole cell, as `%%timeit` does.
    pub fn has_magic(&self) -> bool {
        self.code > self.range.start()
    }

    /// What the cell itself holds, given what stands at its place in the notebook's text.
    fn own<'t>(&self, text: &'t str) -> &'t str {
        if self.is_padded { text.strip_suffix('\n').unwrap_or(text) } else { text }
    }
}

/// What a text needs to know to be a notebook's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notebook {
    cells: Vec<Cell>,
    /// Where it was read from; an editor's cells come from no file.
    file: Option<Arc<File>>,
}

impl Notebook {
    /// Joins those of the cells that are Python. Each ends with a line end, which is added where there is none.
    pub fn join(cells: impl IntoIterator<Item = CellText>) -> (String, Notebook) {
        let mut text = String::new();
        let mut joined = Vec::new();
        for CellText { index, id, text: own } in cells {
            let Some(code) = magic::code_start(&own) else { continue };
            let start = size(text.len());
            text.push_str(&own);
            let is_padded = !own.ends_with('\n');
            if is_padded {
                text.push('\n');
            }
            let range = TextRange::new(start, size(text.len()));
            joined.push(Cell { index, id, range, code: start + size(code), is_padded });
        }
        (text, Notebook { cells: joined, file: None })
    }

    /// The same notebook, which was read from this file.
    pub fn in_file(self, file: File) -> Notebook {
        Notebook { file: Some(Arc::new(file)), ..self }
    }

    /// The notebook's Python cells, in their order.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The same cells with other texts, given for each what is to stand at its place. None is left out, whatever it has become.
    pub fn with_texts(&self, texts: impl IntoIterator<Item = String>) -> (String, Notebook) {
        let mut text = String::new();
        let mut cells = Vec::with_capacity(self.cells.len());
        for (cell, new) in self.cells.iter().zip(texts) {
            let start = size(text.len());
            let own = cell.own(&new);
            text.push_str(own);
            let is_padded = !own.ends_with('\n');
            if is_padded {
                text.push('\n');
            }
            let code = start + size(magic::code_start(own).unwrap_or(0));
            let range = TextRange::new(start, size(text.len()));
            cells.push(Cell { index: cell.index, id: cell.id.clone(), range, code, is_padded });
        }
        (text, Notebook { cells, file: self.file.clone() })
    }

    /// The file with `text` in its cells; `None` if it came from no file.
    pub fn write(&self, text: &str) -> Option<String> {
        let texts = self.cells.iter().map(|cell| (cell.index, cell.own(&text[cell.range])));
        Some(self.file.as_ref()?.with_texts(texts))
    }
}

/// The cell that holds `offset`; the last one's end belongs to it.
pub(crate) fn cell_at(cells: &[Cell], offset: TextSize) -> Option<&Cell> {
    cells[..cells.partition_point(|cell| cell.range.start() <= offset)].last()
}

/// Whether both places are in the same cell, or there are no cells.
pub(crate) fn is_one_unit(cells: &[Cell], a: TextSize, b: TextSize) -> bool {
    cells.is_empty() || cell_at(cells, a) == cell_at(cells, b)
}

fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).expect("texts are at most 16 MiB")
}

/// The place of a part in the whole that it was borrowed from.
fn span(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}
