//! `full`: the finding in its code, in the style of rustc, with what happens, what helps, and where to read on.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use ruff_source_file::OneIndexed;
use ruff_text_size::{TextRange, TextSize};

use crate::cli::file::Checked;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Applicability;
use crate::guide;
use crate::rules::Question;
use crate::source::Source;

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
    group = match Window::around(&file.source, diagnostic) {
        Some(window) => group.element(window.snippet(&file.source, diagnostic, path)),
        None => {
            let (line, column) = file.source.position(diagnostic.range.start());
            group.element(Origin::path(path).line(line).char_column(column))
        }
    };
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

/// A text that may quote the reader's code, which may be a minified line.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_NOTE) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The lines that a finding speaks of. Only these are given to the renderer, whose time grows with the text.
struct Window {
    first: usize,
    text: String,
    /// For each line, where it starts in the file and in `text`, and its length without its end.
    lines: Vec<(TextSize, usize, usize)>,
    /// Whether the other places are among them.
    has_related: bool,
}

impl Window {
    /// The lines of the finding and of the places that belong to it; without these, or none, where that is too much code.
    fn around(source: &Source, diagnostic: &Diagnostic) -> Option<Window> {
        let related = diagnostic.related.iter().map(|related| related.range);
        let all = related.fold(diagnostic.range, TextRange::cover);
        [(all, true), (diagnostic.range, false)].into_iter().find_map(|(range, has_related)| {
            if range.len().to_usize() > MAX_CODE {
                return None;
            }
            let (first, last) = (source.line(range.start()), source.line(range.end()));
            let window = Window::of(source, first, last, has_related);
            (window.text.len() <= MAX_CODE).then_some(window)
        })
    }

    fn of(source: &Source, first: usize, last: usize, has_related: bool) -> Window {
        let mut window = Window { first, text: String::new(), lines: Vec::new(), has_related };
        for line in first..=last {
            let text = source.line_text(line);
            let start = source.code().line_start(OneIndexed::new(line).expect("lines are counted from 1"));
            window.lines.push((start, window.text.len(), text.len()));
            // The renderer knows `\n` alone, the file may use another line end.
            window.text.push_str(text);
            window.text.push('\n');
        }
        window
    }

    fn snippet<'f>(self, source: &Source, diagnostic: &'f Diagnostic, path: &'f str) -> Snippet<'f, Annotation<'f>> {
        // A line end that is part of the finding would draw a box around two lines.
        let code = source.text()[diagnostic.range].trim_end_matches(['\n', '\r']);
        let range = TextRange::at(diagnostic.range.start(), TextSize::of(code));
        let primary = AnnotationKind::Primary.span(self.span(source, range));
        let related: Vec<Annotation<'f>> = diagnostic
            .related
            .iter()
            .filter(|_| self.has_related)
            .map(|related| {
                AnnotationKind::Context.span(self.span(source, related.range)).label(shortened(&related.message))
            })
            .collect();
        Snippet::source(self.text).line_start(self.first).path(path).annotation(primary).annotations(related)
    }

    fn span(&self, source: &Source, range: TextRange) -> Range<usize> {
        let place = |offset: TextSize| {
            let (start, own, length) = self.lines[source.line(offset) - self.first];
            own + (offset - start).to_usize().min(length)
        };
        place(range.start())..place(range.end())
    }
}
