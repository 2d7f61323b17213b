//! Findings as the protocol's diagnostics.

use std::str::FromStr;

use serde_json::json;
use tower_lsp_server::ls_types::{
    self as lsp, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticReport, FullDocumentDiagnosticReport, Location, NumberOrString, Position, Range,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri,
};

use super::analysed::{Analysed, PlacedPart};
use super::profile::Profile;
use super::uri;
use crate::diagnostic::{Diagnostic, Severity, Tag};
use crate::guide;
use crate::rules::Question;

/// What editors show beside our messages.
pub const SOURCE: &str = "pyprep";

/// The diagnostics of a file or cell. That it could not be analysed is one, too.
pub fn diagnostics(analysed: &Analysed, part: &PlacedPart, profile: &Profile) -> Vec<lsp::Diagnostic> {
    let trouble = analysed.result.not_analysed().and_then(|trouble| {
        let range = trouble.range.unwrap_or_default();
        analysed.is_in(range.start(), &part.uri).then(|| lsp::Diagnostic {
            range: analysed.range(range),
            severity: Some(DiagnosticSeverity::WARNING),
            source: Some(SOURCE.to_owned()),
            message: trouble.message.clone(),
            ..lsp::Diagnostic::default()
        })
    });
    let found = analysed.diagnostics_in(part).map(|found| diagnostic(analysed, found, profile));
    trouble.into_iter().chain(found).collect()
}

/// The answer to a client that asks for the diagnostics of a file or cell; `known` is the result that it has already.
pub fn pulled(
    analysed: Option<&Analysed>,
    uri: &Uri,
    known: Option<String>,
    profile: &Profile,
) -> DocumentDiagnosticReport {
    // Epochs start anew with each server, and a client may keep what it knows from the last one.
    let result_id = analysed.map(|analysed| format!("{}-{}", std::process::id(), analysed.epoch));
    if let Some(result_id) = known.filter(|known| Some(known) == result_id.as_ref()) {
        return DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        });
    }
    let here = analysed.and_then(|analysed| Some(diagnostics(analysed, analysed.part(uri)?, profile)));
    DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items: here.unwrap_or_default() },
    })
}

/// One finding.
pub fn diagnostic(analysed: &Analysed, found: &Diagnostic, profile: &Profile) -> lsp::Diagnostic {
    let related = || {
        let placed =
            found.related.iter().filter_map(|related| Some((analysed.part_at(related.range.start())?, related)));
        let related = placed.map(|(part, related)| DiagnosticRelatedInformation {
            location: Location { uri: part.uri.clone(), range: analysed.range(related.range) },
            message: related.message.clone(),
        });
        let elsewhere = found.elsewhere.iter().filter_map(|elsewhere| {
            // The cells of a notebook have addresses of their own, which only the client knows.
            let place = elsewhere.place.cell.is_none().then_some(elsewhere.place)?;
            let at = Position::new(place.line as u32 - 1, place.column as u32 - 1);
            let location = Location { uri: uri::from_path(&elsewhere.path)?, range: Range::new(at, at) };
            Some(DiagnosticRelatedInformation { location, message: elsewhere.message.clone() })
        });
        related.chain(elsewhere).collect::<Vec<_>>()
    };
    lsp::Diagnostic {
        range: analysed.range(found.range),
        severity: Some(severity(found.severity)),
        code: Some(NumberOrString::String(found.rule.code.to_owned())),
        code_description: if profile.code_description { code_description(analysed, found) } else { None },
        source: Some(SOURCE.to_owned()),
        message: found.message.clone(),
        related_information: Some(related()).filter(|all| profile.related_information && !all.is_empty()),
        tags: found.rule.tag.map(tag).filter(|tag| profile.tags.contains(tag)).map(|tag| vec![tag]),
        data: Question::find(found.question)
            .filter(|_| profile.diagnostic_data)
            .map(|question| json!({ "question": question.number, "title": question.title })),
    }
}

fn code_description(analysed: &Analysed, found: &Diagnostic) -> Option<CodeDescription> {
    let question = Question::find(found.question)?;
    let url = guide::url(question, analysed.config.guide_url.as_deref());
    // A `guide-url` that is no address makes no link.
    Uri::from_str(&url).ok().map(|href| CodeDescription { href })
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

fn tag(tag: Tag) -> DiagnosticTag {
    match tag {
        Tag::Unnecessary => DiagnosticTag::UNNECESSARY,
        Tag::Deprecated => DiagnosticTag::DEPRECATED,
    }
}
