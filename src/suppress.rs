//! Comments that silence findings: our own, `noqa`, and those written for the peers of a rule.

use std::sync::LazyLock;

use memchr::memmem;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Diagnostic;
use crate::rules::{RULES, Rule};
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
    /// The comment that says it.
    comment: TextRange,
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

/// A comment that silences, and the rules that it means, each with the finding that it silences there.
pub type Meant<'d> = (TextRange, Vec<(&'static Rule, Option<&'d Diagnostic>)>);

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
        static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("pyprep:"));
        FINDER.find(text.as_bytes()).is_some()
    }

    /// Reads the comments of a file.
    pub fn read(source: &Source, tokens: &Tokens) -> Suppressions {
        let mut suppressions = Suppressions::default();
        // Interpolated strings nest; what counts is the outermost.
        let mut interpolated = Vec::new();
        let mut end = TextSize::new(0);
        for token in tokens {
            // Line breaks are tokens, unless a backslash stands before them. Most gaps are a blank or nothing.
            if token.start() > end + TextSize::new(1) {
                suppressions.join(source, TextRange::new(end, token.start()));
            }
            end = token.end();
            match token.kind() {
                TokenKind::Comment => suppressions.comment(source, token.range()),
                TokenKind::FStringStart | TokenKind::TStringStart => interpolated.push(token.start()),
                TokenKind::FStringEnd | TokenKind::TStringEnd => {
                    if let Some(start) = interpolated.pop() {
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

    /// The codes and names in comments of our own, with their places.
    pub fn own_codes(&self) -> impl Iterator<Item = (TextRange, &str)> {
        let own = self.list.iter().filter_map(|suppression| suppression.own.as_ref());
        own.filter(|own| !own.code.is_empty()).map(|own| (own.range, own.code.as_str()))
    }

    /// Where the last code of a comment of our own ends that stands behind the code of `line`, counted from 1.
    pub fn end_of_codes(&self, source: &Source, line: usize) -> Option<TextSize> {
        let own = self.list.iter().filter(|suppression| suppression.reach == Reach::Lines(line, line));
        let named = own.filter_map(|suppression| suppression.own.as_ref()).filter(|own| !own.code.is_empty());
        named.filter(|own| !stands_alone(source, own.comment)).map(|own| own.range.end()).last()
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
            // Keywords are read in any case, codes shown as they were written.
            let written = &body[lower.len() - rest.len()..];
            if rest.starts_with("ignore-file") {
                self.own(Reach::File, comment, start, written, "ignore-file".len());
            } else if rest.starts_with("ignore") {
                let reach = if stands_alone(source, comment) {
                    Reach::Lines(line, next_code_line(source, comment))
                } else {
                    here
                };
                self.own(reach, comment, start, written, "ignore".len());
            }
        } else if let Some(list) = lower.strip_prefix("noqa") {
            self.noqa(comment, here, list);
        } else if let Some(list) = lower.strip_prefix("ruff: noqa").or_else(|| lower.strip_prefix("flake8: noqa")) {
            self.noqa(comment, Reach::File, list);
        } else if let Some(rest) = lower.strip_prefix("pylint:") {
            self.pylint(source, comment, line, rest.trim_start());
        }
    }

    fn add(&mut self, comment: TextRange, reach: Reach, code: Code) {
        self.list.push(Suppression { comment, reach, code, own: None });
    }

    /// `ignore[a, b] reason`; without brackets, everything. The text starts at `offset` of the comment with a verb of
    /// this length.
    fn own(&mut self, reach: Reach, comment: TextRange, offset: usize, text: &str, verb: usize) {
        let entry = |code: &str, range| Some(OwnEntry { code: code.to_owned(), comment, range });
        let list = text[verb..].trim_start();
        let Some((codes, _)) = list.strip_prefix('[').and_then(|list| list.split_once(']')) else {
            let is_end = text[verb..].chars().next().is_none_or(char::is_whitespace);
            if is_end && !list.starts_with('[') {
                self.list.push(Suppression { comment, reach, code: Code::All, own: entry("", comment) });
            }
            return;
        };
        let mut at = offset + (text.len() - list.len()) + 1;
        for code in codes.split(',') {
            let start = at + (code.len() - code.trim_start().len());
            at += code.len() + 1;
            let code = code.trim();
            if code.is_empty() {
                continue;
            }
            let range = TextRange::at(comment.start() + offset_of(start), TextSize::of(code));
            let own = entry(code, range);
            self.list.push(Suppression { comment, reach, code: Code::Named(code.to_owned()), own });
        }
    }

    /// `noqa` or `noqa: B006, E722`; codes may also be separated by spaces.
    fn noqa(&mut self, comment: TextRange, reach: Reach, list: &str) {
        let Some(codes) = list.trim_start().strip_prefix(':') else {
            if list.is_empty() || !list.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
                self.add(comment, reach, Code::All);
            }
            return;
        };
        let is_code = |word: &&str| {
            let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
            letters > 0 && letters < word.len() && word[letters..].bytes().all(|byte| byte.is_ascii_digit())
        };
        let words = codes.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        let codes: Vec<&str> = words.take_while(|word| is_code(word) || Rule::find(word).is_some()).collect();
        if codes.is_empty() {
            // `# noqa: a reason` is a `# noqa` to flake8.
            self.add(comment, reach, Code::All);
        }
        codes.into_iter().for_each(|code| self.add(comment, reach, Code::Named(code.to_owned())));
    }

    /// `disable=name`, on a line of its own for the rest of its block; `disable-next=name`.
    fn pylint(&mut self, source: &Source, comment: TextRange, line: usize, rest: &str) {
        if rest.starts_with("skip-file") {
            self.add(comment, Reach::File, Code::All);
        }
        let Some((verb, codes)) = rest.split_once('=') else { return };
        let verb = verb.trim();
        let reach = match verb {
            "disable" if stands_alone(source, comment) => Reach::Lines(line, end_of_block(source, comment)),
            "disable" => Reach::Lines(line, line),
            "disable-next" => Reach::Lines(line + 1, line + 1),
            "enable" => Reach::Lines(line, line),
            _ => return,
        };
        for code in codes.split(',') {
            let code = code.trim();
            let end = code.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(code.len());
            match &code[..end] {
                "" => {}
                code if verb == "enable" => self.enable(line, code),
                "all" => self.add(comment, reach, Code::All),
                code => self.add(comment, reach, Code::Named(code.to_owned())),
            }
        }
    }

    /// Ends what pylint's `disable` began in this block.
    fn enable(&mut self, line: usize, code: &str) {
        for suppression in self.list.iter_mut().filter(|suppression| suppression.own.is_none()) {
            let is_meant = match &suppression.code {
                Code::All => code == "all",
                Code::Named(named) => named == code,
            };
            if let Reach::Lines(from, to) = &mut suppression.reach
                && is_meant
                && *from < line
            {
                *to = line.min(*to);
            }
        }
    }

    /// Whether a comment silences the finding; marks what was of use.
    pub fn silence(&self, source: &Source, diagnostic: &Diagnostic, used: &mut [bool]) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let lines = self.lines(source, diagnostic);
        let mut silenced = false;
        for (index, suppression) in self.list.iter().enumerate() {
            if suppression.silences(diagnostic.rule, &lines) {
                used[index] = true;
                silenced = true;
            }
        }
        silenced
    }

    /// The lines on which a comment may speak of the finding.
    fn lines(&self, source: &Source, diagnostic: &Diagnostic) -> [usize; 4] {
        let (line, statement) = (source.line(diagnostic.range.start()), source.line(diagnostic.statement));
        [line, statement, self.comment_line(line), self.comment_line(statement)]
    }

    /// The comment at `offset` and the rules that it means there, each with the finding that it silences, if it does.
    /// On a code of one of our own comments, only that code counts.
    pub fn at<'d>(&self, source: &Source, offset: TextSize, found: &'d [Diagnostic]) -> Option<Meant<'d>> {
        let here: Vec<&Suppression> =
            self.list.iter().filter(|suppression| suppression.comment.contains_inclusive(offset)).collect();
        let comment = here.first()?.comment;
        let is_on = |suppression: &&&Suppression| {
            suppression.own.as_ref().is_some_and(|own| own.range != comment && own.range.contains_inclusive(offset))
        };
        let meant = here.iter().find(is_on).map_or(here.as_slice(), std::slice::from_ref);
        let mut rules: Vec<(&'static Rule, Option<&Diagnostic>)> = Vec::new();
        for suppression in meant {
            let silenced =
                |diagnostic: &&Diagnostic| suppression.silences(diagnostic.rule, &self.lines(source, diagnostic));
            match &suppression.code {
                Code::All => rules.extend(found.iter().filter(silenced).map(|found| (found.rule, Some(found)))),
                Code::Named(_) => rules.extend(
                    RULES
                        .iter()
                        .filter(|rule| suppression.code.covers(rule))
                        .map(|rule| (rule, found.iter().filter(|found| found.rule == rule).find(silenced))),
                ),
            }
        }
        rules.sort_by_key(|(rule, _)| rule.index);
        rules.dedup_by_key(|(rule, _)| rule.index);
        Some((comment, rules))
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

impl Suppression {
    /// Whether it silences a finding of `rule` that these lines belong to.
    fn silences(&self, rule: &Rule, lines: &[usize]) -> bool {
        let reaches = match self.reach {
            Reach::File => true,
            Reach::Lines(from, to) => lines.iter().any(|&line| from <= line && line <= to),
        };
        reaches && self.code.covers(rule)
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

/// The next line that holds more than a comment.
fn next_code_line(source: &Source, comment: TextRange) -> usize {
    let line = source.line(comment.start());
    let is_code = |line: &usize| !matches!(source.line_text(*line).trim_start().chars().next(), None | Some('#'));
    (line + 1..=last_line(source, comment)).find(is_code).unwrap_or(line)
}

/// The last line of the block in which a comment stands on a line of its own.
fn end_of_block(source: &Source, comment: TextRange) -> usize {
    let first = source.line(comment.start());
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let own = indentation(source.line_text(first));
    (first + 1..=last_line(source, comment))
        .take_while(|&line| {
            let text = source.line_text(line);
            text.trim().is_empty() || indentation(text) >= own
        })
        .last()
        .unwrap_or(first)
}

/// The last line of the file, or of the notebook's cell, that holds a comment.
fn last_line(source: &Source, comment: TextRange) -> usize {
    match source.cell_at(comment.start()) {
        Some(cell) => source.line(cell.content().end()),
        None => source.line(TextSize::of(source.text())),
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_module;

    use super::*;
    use crate::diagnostic::Severity;

    fn read(text: &str) -> (Source, Suppressions) {
        let source = Source::from_text("x.py", text);
        let parsed = parse_module(text).unwrap();
        let suppressions = Suppressions::read(&source, parsed.tokens());
        (source, suppressions)
    }

    /// A finding of PP0801 at the word `HERE`, in a statement that starts at `FIRST` or there, too.
    fn finding(text: &str) -> Diagnostic {
        let at = |word: &str| text.find(word).map(|at| TextSize::new(at as u32));
        let start = at("HERE").unwrap();
        Diagnostic {
            rule: Rule::find("PP0801").unwrap(),
            range: TextRange::at(start, TextSize::of("HERE")),
            severity: Severity::Warning,
            message: String::new(),
            names: Vec::new(),
            steps: Vec::new(),
            related: Vec::new(),
            elsewhere: Vec::new(),
            fixes: Vec::new(),
            question: 8,
            statement: at("FIRST").unwrap_or(start),
            scope: String::new(),
        }
    }

    fn is_silent(text: &str) -> bool {
        let (source, suppressions) = read(text);
        suppressions.silence(&source, &finding(text), &mut suppressions.unused())
    }

    #[test]
    fn trailing_comments() {
        for comment in [
            "pyprep: ignore",
            "pyprep: ignore[PP0801]",
            "pyprep: ignore[pp0801] the reason",
            "pyprep:ignore [PP0301, bare-except]",
            "other  # pyprep: ignore[bare-except]",
            "noqa",
            "NOQA",
            "noqa: PP0801",
            "noqa:E722,B006",
            "noqa: B006 E722 a reason",
            "noqa: a reason",
            "noqa: bare-except",
            "ruff: noqa: E722",
            "flake8: noqa",
            "pylint: disable=bare-except",
            "pylint: disable=all",
            "pylint: disable=unused-import, W0702",
            "pylint: skip-file",
        ] {
            assert!(is_silent(&format!("HERE  # {comment}\n")), "{comment}");
        }
        for comment in [
            "pyprep: ignore[PP0301]",
            "pyprep: ignore[PP0801",
            "pyprep: ignored",
            "noqa: B006",
            "noqabene",
            "pylint: disable=unused-import",
            "pylint: enable=bare-except",
            "E722",
        ] {
            assert!(!is_silent(&format!("HERE  # {comment}\n")), "{comment}");
        }
    }

    #[test]
    fn places() {
        for text in [
            "# pyprep: ignore[PP0801]\nHERE\n",
            "# pyprep: ignore[PP0801]\n# more\n\nHERE\n",
            "x\n# pyprep: ignore-file[PP0801]\nx\nHERE\n",
            "FIRST(  # noqa\n    HERE,\n)\n",
            "HERE(\"\"\"a\nb\"\"\")  # noqa\n",
            "HERE(f\"\"\"a{f'{1}'}\nb\"\"\")  # noqa\n",
            "HERE(\"\"\"a\nb\"\"\", \"\"\"c\nd\"\"\")  # noqa\n",
            "HERE + \\\n    1  # noqa\n",
            "# pylint: disable-next=bare-except\nHERE\n",
            "# pylint: disable=bare-except\nx\nif x:\n    HERE\n",
        ] {
            assert!(is_silent(text), "{text}");
        }
        for text in [
            "# pyprep: ignore[PP0801]\nx\nHERE\n",
            "# noqa\nHERE\n",
            "x  # pyprep: ignore\nHERE\n",
            "HERE\n# noqa\n",
            "x = '# noqa'; HERE\n",
            "if x:\n    # pylint: disable=bare-except\n    x\nHERE\n",
            "# pylint: disable=bare-except\nx\n# pylint: enable=bare-except\nHERE\n",
        ] {
            assert!(!is_silent(text), "{text}");
        }
    }

    #[test]
    fn own_comments_tell_what_was_of_no_use() {
        let text = "HERE  # pyprep: ignore[Bare-Excpt, PP0801 , PP0301]\n";
        let (source, suppressions) = read(text);
        let mut used = suppressions.unused();
        suppressions.silence(&source, &finding(text), &mut used);
        let unused: Vec<(&str, &str)> =
            suppressions.own_unused(&used).map(|entry| (entry.code.as_str(), &text[entry.range])).collect();
        assert_eq!(unused, [("Bare-Excpt", "Bare-Excpt"), ("PP0301", "PP0301")]);
    }

    #[test]
    fn a_comment_fits_where_the_line_ends() {
        let (_, suppressions) = read("f(\"\"\"a\nb\"\"\", \"\"\"c\nd\"\"\")\nx = \\\n  1\n");
        assert_eq!([1, 2, 3, 4, 5].map(|line| suppressions.comment_line(line)), [3, 3, 3, 5, 5]);
    }
}
