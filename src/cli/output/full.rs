//! `full`: the finding in its code, in the style of rustc, with what happens, what helps, and where to read on.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use ruff_source_file::OneIndexed;
use ruff_text_size::{TextRange, TextSize};

use crate::cli::file::Checked;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Applicability;
use crate::guide;
use crate::rules::Question;
use crate::source::{Place, Source};

/// More code than this (in bytes) is not shown: it would be a minified line or a whole file.
const MAX_CODE: usize = 64 * 1024;

/// The longest note in characters.
const MAX_NOTE: usize = 400;

/// All findings of a file, an empty line after each.
pub fn render(file: &Checked, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let path = super::path(&file.shown);
    let mut text = String::new();
    for diagnostic in &file.diagnostics {
        text.push_str(&renderer.render(&[report(file, diagnostic, &path)]));
        text.push_str("\n\n");
    }
    text
}

fn report<'f>(file: &'f Checked, diagnostic: &'f Diagnostic, path: &'f str) -> Group<'f> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.code));
    let mut parts = parts(&file.source, diagnostic).into_iter();
    let own = parts.next().unwrap_or_default();
    let place = file.source.place(diagnostic.range.start());
    group = match Window::around(&file.source, &own).or_else(|| Window::around(&file.source, &own[..1])) {
        Some(window) => group.element(window.snippet(&file.source, path)),
        None => group.element(Origin::path(shown(path, place)).line(place.line).char_column(place.column)),
    };
    for window in parts.filter_map(|part| Window::around(&file.source, &part)) {
        group = group.element(window.snippet(&file.source, path));
    }
    for elsewhere in &diagnostic.elsewhere {
        let path = super::path(&other_file(file, &elsewhere.path));
        let text = format!("{path}:{}: {}", elsewhere.place, elsewhere.message);
        group = group.element(Level::NOTE.message(normalize_untrusted_str(&text)));
    }
    for step in &diagnostic.steps {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(&shortened(&step.text))));
    }
    if let Some(fix) = diagnostic.fixes.first() {
        let how = match fix.applicability {
            Applicability::Safe => " (try `--fix`)",
            Applicability::Unsafe => " (try `--unsafe-fixes` and look at the result)",
            Applicability::Display => "",
        };
        group = group.element(Level::HELP.message(format!("{}{how}", normalize_untrusted_str(&fix.title))));
    }
    if let Some(question) = Question::find(diagnostic.question) {
        let url = guide::url(question, file.config.guide_url.as_deref());
        let text = format!("Q{:02} {}\n{url}", question.number, question.title);
        group = group.element(Level::NOTE.with_name("learn").message(text));
    }
    group
}

/// The path of another file, as users read those of this one.
fn other_file(file: &Checked, path: &Path) -> PathBuf {
    let shown = file.shown.components().count();
    let folder =
        file.source.path().ancestors().nth(shown).filter(|folder| folder.join(&file.shown) == file.source.path());
    folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path).to_owned()
}

/// A text that may quote the reader's code, which may be a minified line.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_NOTE) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The path, with the cell where it is a notebook's.
fn shown(path: &str, place: Place) -> Cow<'_, str> {
    match place.cell {
        Some(cell) => Cow::Owned(format!("{path}:cell {cell}")),
        None => Cow::Borrowed(path),
    }
}

/// Code that a finding speaks of: its own, or what another place has to do with it.
#[derive(Clone, Copy)]
struct Mark<'f> {
    range: TextRange,
    label: Option<&'f str>,
}

/// The finding with the places that belong to it; where these are in other cells of a notebook, each cell by itself.
fn parts<'f>(source: &Source, diagnostic: &'f Diagnostic) -> Vec<Vec<Mark<'f>>> {
    // A line end that is part of the finding would draw a box around two lines.
    let code = source.text()[diagnostic.range].trim_end_matches(['\n', '\r']);
    let range = TextRange::at(diagnostic.range.start(), TextSize::of(code));
    let mut parts = vec![vec![Mark { range, label: None }]];
    for related in &diagnostic.related {
        let mark = Mark { range: related.range, label: Some(&related.message) };
        let unit = |mark: &Mark| source.unit_at(mark.range.start());
        match parts.iter_mut().find(|part| unit(&part[0]) == unit(&mark)) {
            Some(part) => part.push(mark),
            None => parts.push(vec![mark]),
        }
    }
    parts
}

/// The lines of some marks. Only these are given to the renderer, whose time grows with the text.
struct Window<'f> {
    marks: Vec<Mark<'f>>,
    first: usize,
    text: String,
    /// For each line, where it starts in the file and in `text`, and its length without its end.
    lines: Vec<(TextSize, usize, usize)>,
}

impl<'f> Window<'f> {
    /// The lines of all these marks, unless that is too much code.
    fn around(source: &Source, marks: &[Mark<'f>]) -> Option<Window<'f>> {
        let range = marks.iter().map(|mark| mark.range).reduce(TextRange::cover)?;
        if range.len().to_usize() > MAX_CODE {
            return None;
        }
        let (first, last) = (source.line(range.start()), source.line(range.end()));
        let mut window = Window { marks: marks.to_vec(), first, text: String::new(), lines: Vec::new() };
        for line in first..=last {
            let text = source.line_text(line);
            let start = source.code().line_start(OneIndexed::new(line).expect("lines are counted from 1"));
            window.lines.push((start, window.text.len(), text.len()));
            // The renderer knows `\n` alone, the file may use another line end.
            window.text.push_str(text);
            window.text.push('\n');
        }
        (window.text.len() <= MAX_CODE).then_some(window)
    }

    fn snippet(self, source: &Source, path: &'f str) -> Snippet<'f, Annotation<'f>> {
        let place = source.place(self.lines[0].0);
        let annotations: Vec<Annotation<'f>> = self
            .marks
            .iter()
            .map(|mark| {
                let span = self.span(source, mark.range);
                match mark.label {
                    Some(label) => AnnotationKind::Context.span(span).label(shortened(label)),
                    None => AnnotationKind::Primary.span(span),
                }
            })
            .collect();
        Snippet::source(self.text).line_start(place.line).path(shown(path, place)).annotations(annotations)
    }

    fn span(&self, source: &Source, range: TextRange) -> Range<usize> {
        let place = |offset: TextSize| {
            let (start, own, length) = self.lines[source.line(offset) - self.first];
            own + (offset - start).to_usize().min(length)
        };
        place(range.start())..place(range.end())
    }
}
