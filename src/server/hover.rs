//! Hovers: the lesson of a finding, or what a comment silences.

use tower_lsp_server::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::analysed::{Analysed, PlacedPart};
use super::plain_text::plain;
use super::profile::Profile;
use crate::diagnostic::Diagnostic;
use crate::guide;

/// What to say at a position of a file or cell, if anything.
pub fn hover(analysed: &Analysed, part: &PlacedPart, position: Position, profile: &Profile) -> Option<Hover> {
    let offset = part.offset(position);
    let mut found: Vec<&Diagnostic> =
        analysed.diagnostics_in(part).filter(|found| found.range.contains_inclusive(offset)).collect();
    // The narrowest says most about this place.
    found.sort_by_key(|found| found.range.len());
    let (range, lessons) = match found.first() {
        Some(first) => {
            let lessons: Vec<String> = found.iter().map(|found| guide::hover(found, &analysed.config)).collect();
            (first.range, lessons)
        }
        None => {
            let (comment, silenced) = analysed.result.silenced_at(&analysed.source, offset)?;
            let about = silenced.into_iter().map(|(rule, found)| guide::hover_silenced(rule, found, &analysed.config));
            (comment, about.collect())
        }
    };
    let markdown = lessons.join("\n---\n\n");
    let contents = if profile.markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: markdown }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: plain(&markdown) }
    };
    Some(Hover { contents: HoverContents::Markup(contents), range: Some(analysed.range(range)) })
}
