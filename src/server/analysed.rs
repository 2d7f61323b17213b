//! What was found in a document at one time, and how its places are told to the client.

use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};
use tower_lsp_server::ls_types::{Position, Range, Uri};

use super::text::Text;
use crate::analyse::FileResult;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::project::Asked;
use crate::source::Source;

/// The result of one analysis.
#[derive(Clone, Debug)]
pub struct Analysed {
    /// The document.
    pub owner: Uri,
    /// The time of the text it was made from.
    pub epoch: u64,
    /// That text.
    pub source: Arc<Source>,
    /// What it is made of.
    pub parts: Arc<Parts>,
    /// What the analysis said.
    pub result: Arc<FileResult>,
    /// What is shown of that.
    pub diagnostics: Vec<Diagnostic>,
    /// What was asked about other files to know that.
    pub asked: Asked,
    /// The configuration it was made with.
    pub config: Arc<Config>,
}

/// The files or cells that a document is made of.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Those that are analysed, in their order.
    pub placed: Vec<PlacedPart>,
    /// Those that are not, with their versions.
    pub left_out: Vec<(Uri, i32)>,
}

/// A file or a cell, and where it lies in the source.
#[derive(Clone, Debug)]
pub struct PlacedPart {
    /// Its address.
    pub uri: Uri,
    /// Its version.
    pub version: i32,
    /// Its place in the source.
    pub range: TextRange,
    /// Its text.
    pub text: Arc<Text>,
}

impl Analysed {
    /// The part with this address.
    pub fn part(&self, uri: &Uri) -> Option<&PlacedPart> {
        self.parts.placed.iter().find(|part| part.uri == *uri)
    }

    /// The part that holds `offset`, where there is one at all.
    pub fn part_at(&self, offset: TextSize) -> Option<&PlacedPart> {
        let behind = self.parts.placed.partition_point(|part| part.range.start() <= offset);
        self.parts.placed.get(behind.saturating_sub(1))
    }

    /// Whether `offset` lies in the part with this address.
    pub fn is_in(&self, offset: TextSize, uri: &Uri) -> bool {
        self.part_at(offset).is_some_and(|part| part.uri == *uri)
    }

    /// The findings that start in a part.
    pub fn diagnostics_in<'a>(&'a self, part: &'a PlacedPart) -> impl Iterator<Item = &'a Diagnostic> {
        self.diagnostics.iter().filter(|found| self.is_in(found.range.start(), &part.uri))
    }

    /// A range as the client counts, from the start of its part.
    pub fn range(&self, range: TextRange) -> Range {
        let Some(part) = self.part_at(range.start()) else { return Range::default() };
        let position = |offset: TextSize| part.text.position(offset.min(part.range.end()) - part.range.start());
        Range { start: position(range.start()), end: position(range.end()) }
    }
}

impl PlacedPart {
    /// The offset in the source of a position in this part.
    pub fn offset(&self, position: Position) -> TextSize {
        self.range.start() + self.text.offset(position)
    }
}
