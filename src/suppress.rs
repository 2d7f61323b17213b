//! Comments that silence findings: our own, `noqa`, and those written for the peers of a rule.

use memchr::memmem;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Diagnostic;
use crate::rules::Rule;
use crate::source::Source;

/// One code or name in a comment of our own, or the comment itself where it names none.
#[derive(Clone, Debug)]
pub struct OwnEntry {
    /// The code or name with its place in the file; empty for all rules.
    pub code: String,
    /// The comment that holds it.
    pub comment: TextRange,
    /// The code in the comment, or the whole comment.
    pub range: TextRange,
}

#[derive(Clone, Debug)]
struct Suppression {
    reach: Reach,
    code: Code,
    own: Option<OwnEntry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Lines from–to, counted from 1.
    Lines(usize, usize),
    File,
}

#[derive(Clone, Debug)]
enum Code {
    All,
    /// One of our codes or names, or a peer's.
    Named(String),
}

/// The comments of one file that silence findings.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    list: Vec<Suppression>,
    /// For each string of several lines and each line continued by a backslash: its first line and the one after its
    /// last break. A comment about the first line can only stand on the last.
    joined: Vec<(usize, usize)>,
}

impl Suppressions {
    /// Whether `text` may hold a comment of our own, so that its use must be judged even without findings.
    pub fn may_be_own(text: &str) -> bool {
        memmem::find(text.as_bytes(), b"pyprep:").is_some()
    }

    /// Reads the comments of a file.
    pub fn read(source: &Source, tokens: &Tokens) -> Suppressions {
        let mut suppressions = Suppressions::default();
        let mut interpolated_from = None;
        let mut end = TextSize::new(0);
        for token in tokens {
            // Line breaks are tokens, unless a backslash stands before them.
            suppressions.join(source, TextRange::new(end.min(token.start()), token.start()));
            end = token.end();
            match token.kind() {
                TokenKind::Comment => suppressions.comment(source, token.range()),
                TokenKind::FStringStart | TokenKind::TStringStart => {
                    interpolated_from.get_or_insert(token.start());
                }
                TokenKind::FStringEnd | TokenKind::TStringEnd => {
                    if let Some(start) = interpolated_from.take() {
                        suppressions.join(source, TextRange::new(start, token.end()));
                    }
                }
                TokenKind::String => suppressions.join(source, token.range()),
                _ => {}
            }
        }
        suppressions
    }

    fn join(&mut self, source: &Source, range: TextRange) {
        if memchr::memchr2(b'\n', b'\r', source.text()[range].as_bytes()).is_some() {
            self.joined.push((source.line(range.start()), source.line(range.end())));
        }
    }

    /// Whether no comment silences anything.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The line whose end has room for a comment about `line`.
    pub fn comment_line(&self, line: usize) -> usize {
        // In source order, so that one pass follows a chain of them.
        self.joined.iter().fold(line, |line, &(first, last)| if first == line { last } else { line })
    }

    fn comment(&mut self, source: &Source, comment: TextRange) {
        let text = &source.text()[comment];
        // One comment may hold several, as in `# noqa: B006  # pyprep: ignore[PP0801] why`.
        let mut at = 0;
        while let Some(hash) = text[at..].find('#') {
            let from = at + hash + 1;
            let to = text[from..].find('#').map_or(text.len(), |next| from + next);
            self.directive(source, comment, from, &text[from..to]);
            at = to;
        }
    }

    fn directive(&mut self, source: &Source, comment: TextRange, offset: usize, text: &str) {
        let line = source.line(comment.start());
        let here = Reach::Lines(line, line);
        let body = text.trim_start();
        let offset = offset + (text.len() - body.len());
        let lower = body.to_ascii_lowercase();
        if let Some(rest) = lower.strip_prefix("pyprep:") {
            let rest = rest.trim_start();
            let start = offset + (lower.len() - rest.len());
            if let Some(list) = rest.strip_prefix("ignore-file") {
                self.own(Reach::File, comment, start + "ignore-file".len(), list);
            } else if let Some(list) = rest.strip_prefix("ignore") {
                let reach = if stands_alone(source, comment) { Reach::Lines(line, line + 1) } else { here };
                self.own(reach, comment, start + "ignore".len(), list);
            }
        } else if let Some(list) = lower.strip_prefix("noqa") {
            self.noqa(here, list);
        } else if let Some(list) = lower.strip_prefix("ruff: noqa").or_else(|| lower.strip_prefix("flake8: noqa")) {
            self.noqa(Reach::File, list);
        } else if let Some(rest) = lower.strip_prefix("pylint:") {
            self.pylint(source, comment, line, rest.trim_start());
        }
    }

    fn add(&mut self, reach: Reach, code: Code) {
        self.list.push(Suppression { reach, code, own: None });
    }

    /// `ignore[a, b] reason`; without brackets, everything.
    fn own(&mut self, reach: Reach, comment: TextRange, offset: usize, list: &str) {
        let entry = |code: &str, range| Some(OwnEntry { code: code.to_owned(), comment, range });
        let Some(codes) = list.strip_prefix('[').and_then(|list| list.split_once(']')) else {
            if list.is_empty() || list.starts_with(char::is_whitespace) {
                let own = entry("", comment);
                self.list.push(Suppression { reach, code: Code::All, own });
            }
            return;
        };
        let mut at = offset + 1;
        for code in codes.0.split(',') {
            let start = at + (code.len() - code.trim_start().len());
            at += code.len() + 1;
            let code = code.trim();
            if code.is_empty() {
                continue;
            }
            let range = TextRange::at(comment.start() + offset_of(start), TextSize::of(code));
            self.list.push(Suppression { reach, code: Code::Named(code.to_owned()), own: entry(code, range) });
        }
    }

    /// `noqa` or `noqa: B006, E722`; codes may also be separated by spaces.
    fn noqa(&mut self, reach: Reach, list: &str) {
        let Some(codes) = list.trim_start().strip_prefix(':') else {
            if list.is_empty() || !list.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
                self.add(reach, Code::All);
            }
            return;
        };
        let is_code = |word: &&str| {
            let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
            letters > 0 && letters < word.len() && word[letters..].bytes().all(|byte| byte.is_ascii_digit())
        };
        let words = codes.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        for code in words.take_while(|word| is_code(word) || Rule::find(word).is_some()) {
            self.add(reach, Code::Named(code.to_owned()));
        }
    }

    /// `disable=name`, on a line of its own for the rest of its block; `disable-next=name`.
    fn pylint(&mut self, source: &Source, comment: TextRange, line: usize, rest: &str) {
        let Some((verb, codes)) = rest.split_once('=') else { return };
        let reach = match verb.trim() {
            "disable" if stands_alone(source, comment) => Reach::Lines(line, end_of_block(source, comment)),
            "disable" => Reach::Lines(line, line),
            "disable-next" => Reach::Lines(line + 1, line + 1),
            _ => return,
        };
        for code in codes.split(',') {
            let code = code.trim();
            let end = code.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(code.len());
            match &code[..end] {
                "" => {}
                "all" => self.add(reach, Code::All),
                code => self.add(reach, Code::Named(code.to_owned())),
            }
        }
    }

    /// Whether a comment silences the finding; marks what was of use.
    pub fn silence(&self, source: &Source, diagnostic: &Diagnostic, used: &mut [bool]) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let (line, statement) = (source.line(diagnostic.range.start()), source.line(diagnostic.statement));
        let lines = [line, statement, self.comment_line(line), self.comment_line(statement)];
        let mut silenced = false;
        for (index, suppression) in self.list.iter().enumerate() {
            let reaches = match suppression.reach {
                Reach::File => true,
                Reach::Lines(from, to) => lines.iter().any(|&line| from <= line && line <= to),
            };
            if reaches && suppression.code.covers(diagnostic.rule) {
                used[index] = true;
                silenced = true;
            }
        }
        silenced
    }

    /// Room for [`Suppressions::silence`] to mark what was of use.
    pub fn unused(&self) -> Vec<bool> {
        vec![false; self.list.len()]
    }

    /// The entries of our own comments that were of no use.
    pub fn own_unused<'s>(&'s self, used: &'s [bool]) -> impl Iterator<Item = &'s OwnEntry> {
        self.list.iter().zip(used).filter(|(_, used)| !**used).filter_map(|(suppression, _)| suppression.own.as_ref())
    }
}

impl Code {
    fn covers(&self, rule: &Rule) -> bool {
        match self {
            Code::All => true,
            Code::Named(code) => {
                rule.code.eq_ignore_ascii_case(code)
                    || rule.name == code
                    || rule.equivalents.iter().any(|equivalent| equivalent.eq_ignore_ascii_case(code))
            }
        }
    }
}

fn offset_of(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).expect("source files are at most 16 MiB")
}

/// Whether nothing but white space stands before the comment on its line.
fn stands_alone(source: &Source, comment: TextRange) -> bool {
    let before = &source.text()[..comment.start().to_usize()];
    let line = before.rfind(['\n', '\r']).map_or(before, |end| &before[end + 1..]);
    line.trim_start().is_empty()
}

/// The last line of the block in which a comment stands on a line of its own.
fn end_of_block(source: &Source, comment: TextRange) -> usize {
    let first = source.line(comment.start());
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let own = indentation(source.line_text(first));
    let last = source.line(TextSize::of(source.text()));
    (first + 1..=last)
        .take_while(|&line| {
            let text = source.line_text(line);
            text.trim().is_empty() || indentation(text) >= own
        })
        .last()
        .unwrap_or(first)
}
