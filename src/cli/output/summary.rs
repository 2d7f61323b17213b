//! The last line: what was found and which questions to revise.

use std::collections::BTreeSet;
use std::fmt;

use crate::cli::file::{Change, Checked};

/// The numbers of a run.
#[derive(Debug, Default)]
pub struct Summary {
    /// Files that were checked.
    pub files: usize,
    /// Files, or paths, that could not be.
    pub unchecked: usize,
    /// Files that could not be fixed as was asked for.
    pub unfixed: usize,
    /// Hints that are not shown.
    pub hidden: usize,
    findings: usize,
    with_findings: usize,
    questions: BTreeSet<u8>,
    fixes: usize,
    changed: usize,
}

impl Summary {
    /// Before anything was found in so many files, besides those that could not be checked.
    pub fn new(files: usize, unchecked: usize) -> Summary {
        Summary { files, unchecked, ..Summary::default() }
    }

    /// Counts what is shown and what was changed.
    pub fn count(&mut self, checked: &[Checked], changes: &[Change]) {
        self.with_findings = checked.len();
        let findings = || checked.iter().flat_map(|file| &file.diagnostics);
        self.findings = findings().count();
        self.questions = findings().map(|diagnostic| diagnostic.question).filter(|&number| number > 0).collect();
        self.changed = changes.len();
        self.fixes = changes.iter().map(|change| change.fixes).sum();
    }

    /// The last line where changes are only shown.
    pub fn of_diff(&self) -> String {
        let mut parts = vec![match self.fixes {
            0 => "nothing to fix".to_owned(),
            fixes => format!("would fix {} in {}", counted(fixes, "finding"), counted(self.changed, "file")),
        }];
        self.troubles(&mut parts);
        parts.join(" · ")
    }

    fn troubles(&self, parts: &mut Vec<String>) {
        if self.unchecked > 0 {
            parts.push(format!("{} could not be checked", counted(self.unchecked, "file")));
        }
        if self.unfixed > 0 {
            parts.push(format!("{} could not be fixed", counted(self.unfixed, "file")));
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.fixes > 0 {
            parts.push(format!("fixed {} in {}", counted(self.fixes, "finding"), counted(self.changed, "file")));
        }
        let left = if self.fixes > 0 { " left" } else { "" };
        parts.push(match self.findings {
            0 => format!("no findings{left} in {}", counted(self.files, "file")),
            findings => format!("{}{left} in {}", counted(findings, "finding"), counted(self.with_findings, "file")),
        });
        self.troubles(&mut parts);
        if self.hidden > 0 {
            parts.push(format!("{} hidden (--hints)", counted(self.hidden, "hint")));
        }
        if !self.questions.is_empty() {
            let questions: Vec<String> = self.questions.iter().map(|number| format!("Q{number:02}")).collect();
            parts.push(format!("revise {}", questions.join(", ")));
        }
        f.write_str(&parts.join(" · "))
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
