//! What a finding is once its file has been analysed: owned data, no syntax tree, byte offsets inside.

use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::fix::Fix;
use crate::rules::Rule;

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

/// A finding, complete and independent of the syntax tree it was found in.
#[derive(Clone, Debug)]
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
            fixes: Vec::new(),
            statement: range.start(),
            scope: String::new(),
        }
    }
}
