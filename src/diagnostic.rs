//! What a finding is once its file has been analysed: owned data, no syntax tree, byte offsets inside.

use std::path::Path;
use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::fix::Fix;
use crate::rules::Rule;
use crate::source::Place;

/// How bad a finding is, on the Language Server Protocol's own scale. Ordered: `Error` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Taste; faint in editors, hidden in the terminal unless asked for.
    Hint,
    /// Advice that a reviewer or interviewer would give.
    Info,
    /// Works today, bites later.
    Warning,
    /// Raises, or is always wrong, at run time.
    Error,
}

impl Severity {
    /// All severities, the least first.
    pub const ALL: [Severity; 4] = [Severity::Hint, Severity::Info, Severity::Warning, Severity::Error];

    /// The lower-case name used in messages, configuration and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity with this lower-case name.
    pub fn from_name(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// How editors set the code of a finding off, besides its severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It does nothing: shown faint.
    Unnecessary,
    /// It is on its way out: struck through.
    Deprecated,
}

/// One line of the story that a finding tells about the reader's own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The code the step speaks of.
    pub range: TextRange,
    /// What happens there, in the reader's names.
    pub text: String,
}

impl Step {
    /// A step about the code at `range`.
    pub fn new(range: TextRange, text: impl Into<String>) -> Self {
        Step { range, text: text.into() }
    }
}

/// Another place that belongs to a finding: the cause of an effect, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place, in the same file.
    pub range: TextRange,
    /// What the place has to do with the finding.
    pub message: String,
}

/// A place in another file that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The file.
    pub path: Arc<Path>,
    /// The place in it.
    pub place: Place,
    /// What the place has to do with the finding.
    pub message: String,
}

impl Elsewhere {
    /// The file's name; that of a package's `__init__.py` with its folder.
    pub fn file_name(&self) -> String {
        file_name(&self.path)
    }
}

/// How texts call a file: by its name, an `__init__.py` with its folder.
pub fn file_name(path: &Path) -> String {
    let part = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = part(path);
    match path.parent().map(part).filter(|folder| name.starts_with("__init__.") && !folder.is_empty()) {
        Some(folder) => format!("{folder}/{name}"),
        None => name,
    }
}

/// A finding, complete and independent of the syntax tree it was found in.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The question that explains it: the rule's, unless the finding knows better; 0 if none does.
    pub question: u8,
    /// The smallest code that must change.
    pub range: TextRange,
    /// Its own severity, which may be lower or higher than the rule's default.
    pub severity: Severity,
    /// What Python will do, then the remedy; at most about 100 characters.
    pub message: String,
    /// The reader's names, to fill `{param}`-like places in the rule's page.
    pub names: Vec<(&'static str, String)>,
    /// What happens in the reader's code, line by line.
    pub steps: Vec<Step>,
    /// Other places that belong to the finding, cause before effect.
    pub related: Vec<Related>,
    /// Places in other files that belong to it.
    pub elsewhere: Vec<Elsewhere>,
    /// Remedies; the first is what `--fix` and JSON use, the others are code actions.
    pub fixes: Vec<Fix>,
    /// Start of the statement that holds the finding: suppressions are accepted there, too.
    pub statement: TextSize,
    /// The qualified name of the scope that holds the finding, for fingerprints.
    pub scope: String,
}

impl Diagnostic {
    /// A finding that has a place and a message and nothing more yet; its statement starts where it does.
    pub(crate) fn new(rule: &'static Rule, range: TextRange, severity: Severity, message: impl Into<String>) -> Self {
        Diagnostic {
            rule,
            question: rule.question,
            range,
            severity,
            message: message.into(),
            names: Vec::new(),
            steps: Vec::new(),
            related: Vec::new(),
            elsewhere: Vec::new(),
            fixes: Vec::new(),
            statement: range.start(),
            scope: String::new(),
        }
    }
}
