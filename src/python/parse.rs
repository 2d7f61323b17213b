//! From text to syntax tree, with everything that borrows from it kept alive in one place.

use ruff_python_ast::{ModExpression, ModModule, PySourceType, PythonVersion};
use ruff_python_parser::{ParseOptions, Parsed, parse_cells_unchecked, parse_unchecked};
use typed_arena::Arena;

use crate::notebook::Cell;
use crate::source::{Source, SourceKind};

use super::guard::{self, Refusal};
use super::tokens::Tokens;

/// What the model allocates besides its own vectors: it must live as long as the tree.
pub struct Arenas {
    pub(super) annotations: Arena<Parsed<ModExpression>>,
    pub(super) strings: Arena<String>,
}

impl Default for Arenas {
    fn default() -> Self {
        // The default capacity of an arena is a kilobyte, which most files would not use.
        Arenas { annotations: Arena::with_capacity(0), strings: Arena::with_capacity(0) }
    }
}

/// Parses a file. Never fails for broken code: the tree then has gaps and the result carries errors. Refuses text that is
/// nested more deeply than a thread's stack can bear.
pub fn parse(source: &Source, target: PythonVersion) -> Result<Parsed<ModModule>, Refusal> {
    source.units().try_for_each(|unit| guard::check_brackets(source.text(), unit))?;
    let options = |kind| ParseOptions::from(kind).with_target_version(target);
    let file = |kind| {
        let parsed = parse_unchecked(source.text(), options(kind));
        parsed.try_into_module().expect("source files are parsed as modules")
    };
    let parsed = match source.kind() {
        SourceKind::Python => file(PySourceType::Python),
        SourceKind::Stub => file(PySourceType::Stub),
        SourceKind::Notebook => {
            let cells = source.cells().iter().map(Cell::content);
            parse_cells_unchecked(source.text(), cells, &options(PySourceType::Ipynb))
        }
    };
    let tokens = Tokens::from(parsed.tokens());
    if let Err(refusal) = source.units().try_for_each(|unit| guard::check_tokens(tokens.in_range(unit))) {
        drop_deep(parsed, source.text());
        return Err(refusal);
    }
    Ok(parsed)
}

/// Drops a tree that was found to be too deep. Dropping recurses, so it gets a stack in proportion to the text.
pub fn drop_deep(parsed: Parsed<ModModule>, text: &str) {
    // Each level takes at least four bytes of text ("not ") and a few hundred bytes of stack.
    stacker::grow(text.len() * 128 + 1024 * 1024, || drop(parsed));
}
