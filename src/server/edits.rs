//! Edits of a document as the client takes them.

use std::collections::HashMap;

use ruff_text_size::{TextRange, TextSize};
use similar::TextDiff;
use tower_lsp_server::ls_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use super::analysed::Analysed;
use super::profile::Profile;
use crate::analyse::{analyse, settle, syntax_errors};
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Applicability, Edit, Fix};
use crate::project::Project;
use crate::source::Source;

/// Where the reader says why a finding is ignored.
const REASON: &str = "because ...";

/// Edits of a document, in byte offsets of its source.
#[derive(Debug, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// The edits of one fix, with the file's own line ends.
    pub fn of_fix(analysed: &Analysed, fix: &Fix) -> Edits {
        let line_end = analysed.source.line_end();
        let edits = fix.edits.iter().map(|edit| Edit::replace(edit.range, fix::with_line_end(&edit.text, line_end)));
        Edits(edits.collect())
    }

    /// A comment that silences the finding, or its name in the one that stands there.
    pub fn ignoring(analysed: &Analysed, found: &Diagnostic) -> Edits {
        let source = &analysed.source;
        let line = analysed.result.comment_line(source.line(found.range.start()));
        let name = found.rule.name;
        Edits(vec![match analysed.result.end_of_ignored(source, line) {
            Some(end) => Edit::insert(end, format!(", {name}")),
            None => {
                let text = source.line_text(line);
                let end = source.line_start(line) + TextSize::of(text.trim_end());
                Edit::insert(end, format!("  # pyprep: ignore[{name}] {REASON}"))
            }
        }])
    }

    /// What applying the safe fixes until none is left changes, line by line; `None` if they undo each other.
    pub fn of_all_safe_fixes(analysed: &Analysed) -> Option<Edits> {
        let config = &*analysed.config;
        let find = |source: &Source| settle(source, &analyse(source, config), &Project::default(), config);
        let before = analysed.source.text();
        let source = analysed.source.with_text(before.to_owned());
        let fixed = fix::to_the_end(source, Applicability::Safe, find, |source| syntax_errors(source, config)).ok()?;
        let diff = TextDiff::from_lines(before, fixed.source.text());
        let (old, new) = (offsets(diff.iter_old_slices()), offsets(diff.iter_new_slices()));
        let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
        let edits = changed.map(|op| {
            let (from, to) = (op.old_range(), op.new_range());
            let text = &fixed.source.text()[TextRange::new(new[to.start], new[to.end])];
            Edit::replace(TextRange::new(old[from.start], old[from.end]), text)
        });
        Some(Edits(edits.collect()))
    }

    /// The edits as the client takes them: of documents' versions if it can.
    pub fn into_workspace_edit(self, analysed: &Analysed, profile: &Profile) -> WorkspaceEdit {
        let edits_of = |uri: &Uri| -> Vec<TextEdit> {
            let here = self.0.iter().filter(|edit| analysed.part_at(edit.range.start()).uri == *uri);
            here.map(|edit| TextEdit { range: analysed.range(edit.range), new_text: edit.text.clone() }).collect()
        };
        let changed =
            analysed.parts.iter().map(|part| (part, edits_of(&part.uri))).filter(|(_, edits)| !edits.is_empty());
        if profile.versioned_edits {
            let edits = changed.map(|(part, edits)| TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    uri: part.uri.clone(),
                    version: Some(part.version),
                },
                edits: edits.into_iter().map(OneOf::Left).collect(),
            });
            WorkspaceEdit {
                document_changes: Some(DocumentChanges::Edits(edits.collect())),
                ..WorkspaceEdit::default()
            }
        } else {
            let changes: HashMap<Uri, Vec<TextEdit>> = changed.map(|(part, edits)| (part.uri.clone(), edits)).collect();
            WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
        }
    }
}

/// Where each line starts, and the end of the last one.
fn offsets<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<TextSize> {
    let ends = lines.scan(TextSize::new(0), |end, line| {
        *end += TextSize::of(line);
        Some(*end)
    });
    std::iter::once(TextSize::new(0)).chain(ends).collect()
}
