//! Fixes: edits of one file, how sure we are of them, and how they are applied.

use ruff_text_size::{TextRange, TextSize};

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
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that changes nothing but the mistake.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix::new(Applicability::Safe, title, edits)
    }

    /// A fix that needs a look.
    pub fn r#unsafe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix::new(Applicability::Unsafe, title, edits)
    }

    /// A fix that is only offered in an editor.
    pub fn display(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Fix::new(Applicability::Display, title, edits)
    }

    fn new(applicability: Applicability, title: impl Into<String>, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        Fix { applicability, title: title.into(), edits }
    }
}

/// Applies the edits that fit together: a fix of which an edit would overlap an earlier fix's is left for another round.
/// Returns the new text and how many fixes went into it. Line ends in inserted text become `line_end`.
pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>, line_end: &str) -> (String, usize) {
    let mut accepted: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        // Two fixes may ask for the same import: it is inserted once.
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !accepted.contains(edit)).collect();
        if new.iter().all(|edit| !accepted.iter().any(|other| collide(edit, other))) {
            accepted.extend(new);
            count += 1;
        }
    }
    accepted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut fixed = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in accepted {
        fixed.push_str(&text[at..edit.range.start().to_usize()]);
        if line_end == "\n" {
            fixed.push_str(&edit.text);
        } else {
            fixed.push_str(&edit.text.replace('\n', line_end));
        }
        at = edit.range.end().to_usize();
    }
    fixed.push_str(&text[at..]);
    (fixed, count)
}

/// Whether two edits can't both be applied: they overlap, or insert different text at the same place.
fn collide(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.range, b.range);
    if a.is_empty() && b.is_empty() {
        return a.start() == b.start();
    }
    a.start() < b.end() && b.start() < a.end() || a.start() == b.start()
}
