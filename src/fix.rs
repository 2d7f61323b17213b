//! Fixes: edits of one file, how sure we are of them, and how they are applied.

use std::collections::BTreeMap;
use std::fmt;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::rules::Rule;
use crate::source::{Place, Source};

/// How sure a fix is to keep what the code meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Only ever offered in an editor, never applied by `--fix` or `--unsafe-fixes`.
    Display,
    /// Changes behaviour in ways that need a look; applied by `--unsafe-fixes`.
    Unsafe,
    /// Changes nothing but the mistake; applied by `--fix`.
    Safe,
}

impl Applicability {
    /// The word used in JSON (the field's values are those of ruff).
    pub const fn as_str(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// Replace `range` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards; empty for a deletion. Line ends are `\n`; they become the file's own when applied.
    pub text: String,
}

impl Edit {
    /// Replaces `range` by `text`.
    pub fn replace(range: TextRange, text: impl Into<String>) -> Self {
        Edit { range, text: text.into() }
    }

    /// Inserts `text` at `offset`.
    pub fn insert(offset: TextSize, text: impl Into<String>) -> Self {
        Edit::replace(TextRange::empty(offset), text)
    }

    /// Removes `range`.
    pub fn delete(range: TextRange) -> Self {
        Edit::replace(range, String::new())
    }
}

/// One remedy of one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// How sure it is.
    pub applicability: Applicability,
    /// What it does, as an editor's menu says it: "Use `None` and create the list in the body".
    pub title: String,
    /// Why it needs a look, if it does; a few words, no final period.
    pub caveat: Option<String>,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that changes nothing but the mistake.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix::new(Applicability::Safe, title, edits)
    }

    /// A fix that needs a look, because of `caveat`.
    pub fn r#unsafe(title: impl Into<String>, caveat: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix { caveat: Some(caveat.into()), ..Fix::new(Applicability::Unsafe, title, edits) }
    }

    /// A fix that is only offered in an editor.
    pub fn display(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix::new(Applicability::Display, title, edits)
    }

    fn new(applicability: Applicability, title: impl Into<String>, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        Fix { applicability, title: title.into(), caveat: None, edits }
    }
}

/// The most rounds of applying fixes to one file. Fixes that still find something to do then undo each other.
const MAX_ROUNDS: usize = 100;

/// What came of fixing a file.
#[derive(Debug)]
pub struct Fixed {
    /// The file as it is now.
    pub source: Source,
    /// The rules whose fixes were applied, one entry a fix.
    pub applied: Vec<&'static Rule>,
    /// Fixes that would have broken the code. Each is a bug of ours.
    pub dropped: Vec<Dropped>,
}

/// A fix that was not applied because it would have added a syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The rule that offered it.
    pub rule: &'static Rule,
    /// Where the finding was, in the text as it was then.
    pub place: Place,
    /// What it would have done.
    pub title: String,
}

/// Fixes that undo each other: the file is best left as it was.
#[derive(Debug, PartialEq, Eq)]
pub struct Endless {
    /// The rules whose fixes were applied last.
    pub rules: Vec<&'static str>,
}

impl std::error::Error for Endless {}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules.join(", ");
        write!(
            f,
            "not fixed: after {MAX_ROUNDS} rounds the fixes of {rules} still undo each other; ignore one of these rules, \
             and please report it with the file"
        )
    }
}

/// Applies the first fix of every finding until none is left that is at least as sure as `least`. `find` gives the
/// findings of a text, `errors` counts its syntax errors: no round may add one.
pub fn to_the_end(
    source: Source,
    least: Applicability,
    find: impl Fn(&Source) -> Vec<Diagnostic>,
    errors: impl Fn(&Source) -> usize,
) -> Result<Fixed, Endless> {
    let mut fixed = Fixed { source, applied: Vec::new(), dropped: Vec::new() };
    let mut refused = FxHashSet::default();
    let mut error_count = None;
    let mut last_round = 0;
    for _ in 0..MAX_ROUNDS {
        let findings = find(&fixed.source);
        let candidates: Vec<(&Diagnostic, &Fix)> = findings
            .iter()
            .filter_map(|finding| Some((finding, finding.fixes.first()?)))
            .filter(|(finding, fix)| fix.applicability >= least && !refused.contains(&identity(&fixed.source, finding)))
            .collect();
        if candidates.is_empty() {
            return Ok(fixed);
        }
        let before = *error_count.get_or_insert_with(|| errors(&fixed.source));
        let attempt = |candidates: &[(&Diagnostic, &Fix)]| {
            let mut edits = Edits::default();
            let accepted: Vec<&Rule> =
                candidates.iter().filter(|(_, fix)| edits.accept(fix)).map(|(finding, _)| finding.rule).collect();
            let source = edits.apply(&fixed.source);
            let after = errors(&source);
            (source, accepted, after)
        };
        let (mut source, mut accepted, mut after) = attempt(&candidates);
        if after > before {
            // One by one, to find the guilty. Two that break the code only together are tried again in the next round.
            let mut kept = Vec::new();
            for candidate in candidates {
                kept.push(candidate);
                if attempt(&kept).2 <= before {
                    continue;
                }
                kept.pop();
                let (finding, fix) = candidate;
                if attempt(&[candidate]).2 > before {
                    refused.insert(identity(&fixed.source, finding));
                    // In code that was broken before, the parser guesses what is meant: that is no bug of the fix.
                    if before == 0 {
                        let place = fixed.source.place(finding.range.start());
                        tracing::warn!(
                            "{}:{place}: the fix of {} would break the code and was not applied; please report it",
                            fixed.source.path().display(),
                            finding.rule.name,
                        );
                        fixed.dropped.push(Dropped { rule: finding.rule, place, title: fix.title.clone() });
                    }
                }
            }
            (source, accepted, after) = attempt(&kept);
        }
        error_count = Some(after);
        last_round = accepted.len();
        fixed.applied.extend(accepted);
        fixed.source = source;
    }
    let mut rules: Vec<&str> = fixed.applied.iter().rev().take(last_round).map(|rule| rule.name).collect();
    rules.sort_unstable();
    rules.dedup();
    Err(Endless { rules })
}

/// Knows a finding again after the text around it has changed.
fn identity(source: &Source, finding: &Diagnostic) -> (usize, String, String) {
    (finding.rule.index, finding.scope.clone(), source.text()[finding.range].to_owned())
}

/// Applies the edits that fit together: a fix of which an edit would overlap an earlier fix's is left for another round.
/// Returns the new source and how many fixes went into it. Line ends in inserted text become those around.
pub fn apply<'f>(source: &Source, fixes: impl IntoIterator<Item = &'f Fix>) -> (Source, usize) {
    let mut edits = Edits::default();
    let count = fixes.into_iter().filter(|fix| edits.accept(fix)).count();
    (edits.apply(source), count)
}

/// Edits that can all be applied at once, in the order of the text.
#[derive(Default)]
struct Edits<'f> {
    /// By start and end; several texts only where one fix inserts several at the same place.
    accepted: BTreeMap<(TextSize, TextSize), Vec<&'f str>>,
}

impl<'f> Edits<'f> {
    /// Adds a fix, unless one of its edits collides with an earlier fix's.
    fn accept(&mut self, fix: &'f Fix) -> bool {
        // Two fixes may ask for the same import: it is inserted once.
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !self.has(edit)).collect();
        if new.iter().any(|edit| self.collides(edit)) {
            return false;
        }
        for edit in new {
            self.accepted.entry((edit.range.start(), edit.range.end())).or_default().push(&edit.text);
        }
        true
    }

    fn has(&self, edit: &Edit) -> bool {
        let texts = self.accepted.get(&(edit.range.start(), edit.range.end()));
        texts.is_some_and(|texts| texts.contains(&edit.text.as_str()))
    }

    /// Whether it overlaps one of the accepted edits or starts where one starts. These don't overlap each other, so
    /// that only its neighbours need a look.
    fn collides(&self, edit: &Edit) -> bool {
        let (start, end) = (edit.range.start(), edit.range.end());
        let before = self.accepted.range(..(start, TextSize::new(0))).next_back();
        let after = self.accepted.range((start, TextSize::new(0))..).next();
        before.is_some_and(|((_, other), _)| *other > start)
            || after.is_some_and(|((other, _), _)| *other < end || *other == start)
    }

    fn apply(&self, source: &Source) -> Source {
        source.with_units(|unit| self.apply_within(unit, source.text(), source.line_end(unit.start())))
    }

    /// What becomes of `unit`. An insertion between two cells is the second one's.
    fn apply_within(&self, unit: TextRange, text: &str, line_end: &str) -> String {
        let mut fixed = String::with_capacity(unit.len().to_usize() + 64);
        let mut at = unit.start();
        let is_last = unit.end() == TextSize::of(text);
        for ((start, end), texts) in self.accepted.range((unit.start(), TextSize::new(0))..) {
            if *start >= unit.end() && !is_last {
                break;
            }
            fixed.push_str(&text[TextRange::new(at, *start)]);
            texts.iter().for_each(|text| push_with_line_end(&mut fixed, text, line_end));
            at = *end;
        }
        fixed.push_str(&text[TextRange::new(at, unit.end())]);
        fixed
    }
}

/// `text` with `line_end` at the ends of its lines.
pub fn with_line_end(text: &str, line_end: &str) -> String {
    let mut changed = String::with_capacity(text.len());
    push_with_line_end(&mut changed, text, line_end);
    changed
}

/// Text that was copied from the file brings the file's line ends along, so all kinds are understood.
fn push_with_line_end(to: &mut String, text: &str, line_end: &str) {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
        to.push_str(&rest[..at]);
        to.push_str(line_end);
        rest = rest[at..].strip_prefix("\r\n").unwrap_or(&rest[at + 1..]);
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit::replace(TextRange::new(start.into(), end.into()), text)
    }

    fn fix(edits: &[Edit]) -> Fix {
        Fix::safe("Mend it", edits.to_vec())
    }

    fn finding(rule: &str, range: TextRange, fix: Fix) -> Diagnostic {
        let rule = Rule::find(rule).unwrap();
        Diagnostic { fixes: vec![fix], ..Diagnostic::new(rule, range, crate::diagnostic::Severity::Warning, "") }
    }

    /// Finds each `word` of the text and replaces it by `by`.
    fn replacing<'w>(word: &'w str, by: &'w str) -> impl Fn(&Source) -> Vec<Diagnostic> + 'w {
        move |source| {
            let places = source.text().match_indices(word).map(|(at, _)| at as u32);
            let range = |at: u32| TextRange::at(at.into(), TextSize::of(word));
            places.map(|at| finding("PP0801", range(at), fix(&[Edit::replace(range(at), by)]))).collect()
        }
    }

    fn bangs(source: &Source) -> usize {
        source.text().matches('!').count()
    }

    #[test]
    fn edits_that_collide_wait() {
        let text = "0123456789";
        let source = Source::from_text("x.py", text);
        let apply = |fixes: &[Fix]| {
            let (source, count) = apply(&source, fixes);
            (source.text().to_owned(), count)
        };
        assert_eq!(apply(&[fix(&[edit(0, 2, "a")]), fix(&[edit(2, 4, "b")])]), ("ab456789".to_owned(), 2));
        assert_eq!(apply(&[fix(&[edit(0, 3, "a")]), fix(&[edit(2, 4, "b")])]), ("a3456789".to_owned(), 1));
        assert_eq!(apply(&[fix(&[edit(1, 4, "")]), fix(&[edit(2, 2, "b")])]).1, 1);
        assert_eq!(apply(&[fix(&[edit(2, 2, "b")]), fix(&[edit(1, 4, "")])]).1, 1);
        assert_eq!(apply(&[fix(&[edit(2, 2, "b")]), fix(&[edit(2, 2, "c")])]).1, 1);
        // The same import twice.
        assert_eq!(
            apply(&[fix(&[edit(0, 0, "i"), edit(4, 5, "x")]), fix(&[edit(0, 0, "i"), edit(6, 7, "y")])]),
            ("i0123x5y789".to_owned(), 2)
        );
        // One fix may insert where it deletes, and twice at one place.
        assert_eq!(apply(&[fix(&[edit(3, 3, "a"), edit(3, 3, "b"), edit(3, 5, "")])]).0, "012ab56789");
    }

    #[test]
    fn inserted_line_ends_become_the_files_own() {
        let inserted = [fix(&[edit(0, 0, "a\nb\r\nc\rd")])];
        for end in ["\n", "\r\n", "\r"] {
            let (source, _) = apply(&Source::from_text("x.py", end), &inserted);
            assert_eq!(source.text(), ["a", "b", "c", "d", ""].join(end));
        }
    }

    #[test]
    fn goes_on_until_nothing_is_left() {
        let source = Source::from_text("x.py", "aa aa");
        let fixed = to_the_end(source, Applicability::Safe, replacing("aa", "a"), bangs).unwrap();
        assert_eq!(fixed.source.text(), "a a");
        assert_eq!(fixed.applied.len(), 2);
    }

    #[test]
    fn a_fix_that_breaks_the_code_is_dropped() {
        let find = |source: &Source| {
            let mut findings = replacing("b", "!")(source);
            findings.extend(replacing("a", "c")(source));
            findings
        };
        let source = Source::from_text("x.py", "a b a");
        let fixed = to_the_end(source, Applicability::Safe, find, bangs).unwrap();
        assert_eq!(fixed.source.text(), "c b c");
        assert_eq!(fixed.applied.len(), 2);
        assert_eq!(fixed.dropped.len(), 1);
    }

    #[test]
    fn fixes_that_undo_each_other_are_an_error() {
        let find = |source: &Source| {
            let (from, to) = if source.text() == "a" { ("a", "b") } else { ("b", "a") };
            replacing(from, to)(source)
        };
        let endless = to_the_end(Source::from_text("x.py", "a"), Applicability::Safe, find, bangs).unwrap_err();
        assert_eq!(endless.rules, ["bare-except"]);
    }

    #[test]
    fn unsure_fixes_are_left() {
        let find = |source: &Source| {
            let mut findings = replacing("a", "b")(source);
            findings.iter_mut().for_each(|finding| finding.fixes[0].applicability = Applicability::Unsafe);
            findings
        };
        let text =
            |least| to_the_end(Source::from_text("x.py", "a"), least, find, bangs).unwrap().source.text().to_owned();
        assert_eq!(text(Applicability::Safe), "a");
        assert_eq!(text(Applicability::Unsafe), "b");
    }
}
