//! `json`: ruff's shape and field names, and what ruff has not.

use std::borrow::Cow;
use std::io::{self, Write};

use ruff_text_size::TextRange;
use serde::Serialize;

use crate::cli::file::Checked;
use crate::diagnostic::{Diagnostic, Elsewhere};
use crate::fingerprint::fingerprints;
use crate::guide;
use crate::rules::Question;
use crate::{fix, source};

#[derive(Serialize)]
struct Finding<'f> {
    cell: Option<usize>,
    code: &'f str,
    end_location: Location,
    filename: &'f str,
    fix: Option<Fix<'f>>,
    location: Location,
    message: &'f str,
    noqa_row: usize,
    url: Option<String>,
    // What ruff has not.
    name: &'f str,
    severity: &'f str,
    question: Option<u8>,
    fingerprint: &'f str,
    related: Vec<Place<'f>>,
    steps: Vec<Place<'f>>,
}

/// Counted from 1, the column in characters.
#[derive(Serialize)]
struct Location {
    row: usize,
    column: usize,
}

#[derive(Serialize)]
struct Fix<'f> {
    applicability: &'f str,
    edits: Vec<Edit<'f>>,
    message: &'f str,
}

#[derive(Serialize)]
struct Edit<'f> {
    // Only in notebooks, where an edit may be in another cell than the finding: ruff has not that.
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<usize>,
    content: &'f str,
    end_location: Location,
    location: Location,
}

#[derive(Serialize)]
struct Place<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<usize>,
    // Only where it is another file.
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<Cow<'f, str>>,
    message: &'f str,
    location: Location,
    end_location: Location,
}

/// One JSON object a finding, separated by commas.
pub fn render(file: &Checked) -> String {
    let filename = file.source.path().to_string_lossy();
    let fingerprints = fingerprints(&file.source, &file.diagnostics);
    let objects = file.diagnostics.iter().zip(fingerprints).zip(&file.comment_lines).map(
        |((diagnostic, fingerprint), &noqa_row)| {
            let finding = finding(file, diagnostic, &filename, &fingerprint, noqa_row);
            let object = serde_json::to_string_pretty(&finding).expect("strings and numbers can always be written");
            object.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
        },
    );
    objects.collect::<Vec<_>>().join(",\n")
}

/// The array of all files' findings.
pub fn write(files: &[String], out: &mut dyn Write) -> io::Result<()> {
    if files.is_empty() {
        return out.write_all(b"[]\n");
    }
    for (index, text) in files.iter().enumerate() {
        out.write_all(if index == 0 { b"[\n" } else { b",\n" })?;
        out.write_all(text.as_bytes())?;
    }
    out.write_all(b"\n]\n")
}

fn finding<'f>(
    file: &'f Checked,
    diagnostic: &'f Diagnostic,
    filename: &'f str,
    fingerprint: &'f str,
    noqa_row: usize,
) -> Finding<'f> {
    let source = &file.source;
    let rule = diagnostic.rule;
    let question = Question::find(diagnostic.question);
    let place = |range: TextRange, message| {
        let (start, end) = source.places(range);
        Place { cell: start.cell, filename: None, message, location: start.into(), end_location: end.into() }
    };
    let elsewhere = |elsewhere: &'f Elsewhere| Place {
        cell: elsewhere.place.cell,
        filename: Some(elsewhere.path.to_string_lossy()),
        message: &elsewhere.message,
        location: elsewhere.place.into(),
        end_location: elsewhere.place.into(),
    };
    let edit = |edit: &'f fix::Edit| {
        let (start, end) = source.places(edit.range);
        Edit { cell: start.cell, content: &edit.text, end_location: end.into(), location: start.into() }
    };
    let (start, end) = source.places(diagnostic.range);
    let fix = diagnostic.fixes.first().map(|fix| Fix {
        applicability: fix.applicability.as_str(),
        edits: fix.edits.iter().map(edit).collect(),
        message: &fix.title,
    });
    Finding {
        cell: start.cell,
        code: rule.code,
        end_location: end.into(),
        filename,
        fix,
        location: start.into(),
        message: &diagnostic.message,
        noqa_row,
        url: question.map(|question| guide::url(question, file.config.guide_url.as_deref())),
        name: rule.name,
        severity: diagnostic.severity.as_str(),
        question: question.map(|question| question.number),
        fingerprint,
        related: (diagnostic.related.iter().map(|related| place(related.range, related.message.as_str())))
            .chain(diagnostic.elsewhere.iter().map(elsewhere))
            .collect(),
        steps: diagnostic.steps.iter().map(|step| place(step.range, step.text.as_str())).collect(),
    }
}

impl From<source::Place> for Location {
    fn from(place: source::Place) -> Location {
        Location { row: place.line, column: place.column }
    }
}
