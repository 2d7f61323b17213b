//! From text to syntax tree, with everything that borrows from it kept alive in one place.

use ruff_python_ast::{ModExpression, ModModule, PySourceType, PythonVersion};
use ruff_python_parser::{ParseOptions, Parsed, parse_unchecked};
use typed_arena::Arena;

use crate::source::{Source, SourceKind};

use super::guard::{self, Refusal};

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
    guard::check_brackets(source.text())?;
    let kind = match source.kind() {
        SourceKind::Python => PySourceType::Python,
        SourceKind::Stub => PySourceType::Stub,
    };
    let options = ParseOptions::from(kind).with_target_version(target);
    let parsed = parse_unchecked(source.text(), options).try_into_module().expect("source files are parsed as modules");
    if let Err(refusal) = guard::check_tokens(parsed.tokens()) {
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
