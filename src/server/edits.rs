//! Edits of a document as the client takes them.

use std::collections::HashMap;

use ruff_text_size::{TextRange, TextSize};
use similar::{DiffTag, TextDiff};
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
        let edits = fix.edits.iter().map(|edit| {
            let line_end = analysed.source.line_end(edit.range.start());
            Edit::replace(edit.range, fix::with_line_end(&edit.text, line_end))
        });
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

    /// What applying the safe fixes until none is left changes, line by line, with all that is known of other files; `None` if
    /// they undo each other.
    pub fn of_all_safe_fixes(analysed: &Analysed, project: &Project) -> Option<Edits> {
        let config = &*analysed.config;
        let find = |source: &Source| settle(source, &analyse(source, config), project, config);
        let before = &analysed.source;
        let fixed =
            fix::to_the_end(Source::clone(before), Applicability::Safe, find, |source| syntax_errors(source, config))
                .ok()?;
        let units = before.units().zip(fixed.source.units());
        let texts = units.map(|(old, new)| (before.clip(old), fixed.source.clip(new)));
        Some(Edits(
            texts
                .flat_map(|(old, new)| by_lines(old.start(), &before.text()[old], &fixed.source.text()[new]))
                .collect(),
        ))
    }

    /// The edits as the client takes them: of documents' versions if it can.
    pub fn into_workspace_edit(self, analysed: &Analysed, profile: &Profile) -> WorkspaceEdit {
        let edits_of = |uri: &Uri| -> Vec<TextEdit> {
            let here = self.0.iter().filter(|edit| analysed.is_in(edit.range.start(), uri));
            here.map(|edit| TextEdit { range: analysed.range(edit.range), new_text: edit.text.clone() }).collect()
        };
        let changed =
            analysed.parts.placed.iter().map(|part| (part, edits_of(&part.uri))).filter(|(_, edits)| !edits.is_empty());
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

/// The edits that make `new` of `old`, which starts at `start`: whole lines.
fn by_lines(start: TextSize, old: &str, new: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(old, new);
    let (from, to) = (offsets(diff.iter_old_slices()), offsets(diff.iter_new_slices()));
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let edit = changed.map(|op| {
        let (before, after) = (op.old_range(), op.new_range());
        let range = TextRange::new(start + from[before.start], start + from[before.end]);
        Edit::replace(range, &new[TextRange::new(to[after.start], to[after.end])])
    });
    edit.collect()
}

/// Where each line starts, and the end of the last one.
fn offsets<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<TextSize> {
    let ends = lines.scan(TextSize::new(0), |end, line| {
        *end += TextSize::of(line);
        Some(*end)
    });
    std::iter::once(TextSize::new(0)).chain(ends).collect()
}
