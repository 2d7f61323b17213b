//! What happens to one file: analyse, settle, fix.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output;
use super::replace::replace;
use crate::analyse::{FileResult, analyse, settle, syntax_errors};
use crate::config::{Config, ConfigError, Resolver, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::{self, Applicability, Fixed};
use crate::project::Project;
use crate::read::Unread;
use crate::source::{Place, Source};
use crate::walk::Found;

/// A file, or what was to be one, about which something could not be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    path: PathBuf,
    place: Option<Place>,
    message: String,
}

impl Failure {
    /// A failure about a whole file: what was not done, why, and what helps.
    pub fn new(path: impl Into<PathBuf>, message: impl Into<String>) -> Failure {
        Failure { path: path.into(), place: None, message: message.into() }
    }

    /// A failure at one place.
    fn at(path: &Path, place: Place, message: impl Into<String>) -> Failure {
        Failure { path: path.to_owned(), place: Some(place), message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", output::path(&self.path))?;
        if let Some(place) = self.place {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What is done about findings that have fixes at least so sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Report,
    /// They are applied and the file is written.
    Fix(Applicability),
    /// They are applied, and nothing is written: the caller wants the text.
    Try(Applicability),
}

/// What the files of one run share.
pub struct Job {
    /// Finds the settings of each file.
    pub resolver: Arc<Resolver>,
    /// What is done about findings.
    pub action: Action,
    /// Whether hints are shown.
    pub hints: bool,
    /// What is known of all files.
    pub project: Project,
}

/// What the first look at a file gave.
pub enum Looked {
    /// There is nothing to settle.
    Quiet,
    /// There may be findings.
    Analysed(Box<Analysed>),
    /// It could not be analysed.
    Failed(Failure),
    /// It is no Python, which is no failure, and must not be called clean, either.
    NotPython(Failure),
    /// Its configuration is wrong.
    Misconfigured(Arc<ConfigError>),
}

/// A file that was analysed and has something to settle.
pub struct Analysed {
    file: Found,
    source: Source,
    result: FileResult,
    settings: Arc<Settings>,
    config: Arc<Config>,
}

/// A file with its findings, ready to be printed.
pub struct Checked {
    /// The path as users read it.
    pub shown: PathBuf,
    /// The text that the findings are about.
    pub source: Source,
    /// Those that are shown, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// For each finding, the line on which a comment can silence it.
    pub comment_lines: Vec<usize>,
    /// What was asked for.
    pub config: Arc<Config>,
}

/// The text before and after fixes.
pub struct Change {
    /// The path as users read it.
    pub shown: PathBuf,
    /// As it was.
    pub before: Source,
    /// As it is now, or would be.
    pub after: Source,
    /// How many fixes that took.
    pub fixes: usize,
}

/// What came of one file.
#[derive(Default)]
pub struct Outcome {
    /// Its findings, if any are shown.
    pub checked: Option<Checked>,
    /// How many hints are not shown.
    pub hidden: usize,
    /// Whether one of the findings makes the exit status 1.
    pub has_failing: bool,
    /// What fixes changed.
    pub change: Option<Change>,
    /// What could not be done.
    pub failures: Vec<Failure>,
}

impl Job {
    /// Analyses one file.
    pub fn look(&self, file: Found, source: Result<Source, Unread>) -> Looked {
        let source = match source {
            Ok(source) => source,
            Err(Unread::Failed(message)) => return Looked::Failed(Failure::new(file.shown, message)),
            Err(Unread::NotPython(message)) => return Looked::NotPython(Failure::new(file.shown, message)),
        };
        let settings = match self.resolver.settings(&file.absolute) {
            Ok(settings) => settings,
            Err(error) => return Looked::Misconfigured(error),
        };
        let config = settings.config(&file.absolute);
        let mut result = analyse(&source, &config);
        self.project.set(source.path(), result.take_facts());
        match trouble(&file.shown, &source, &result) {
            Some(failure) => Looked::Failed(failure),
            None if result.is_quiet() => Looked::Quiet,
            None => Looked::Analysed(Box::new(Analysed { file, source, result, settings, config })),
        }
    }

    /// Decides what is shown of a file; fixes it first if that was asked for.
    pub fn settle(&self, analysed: Analysed) -> Outcome {
        let Analysed { file, source, result, settings, config } = analysed;
        let least = if self.hints { Severity::Hint } else { Severity::Info.min(settings.fail_on) };
        let lens = Lens { config: &config, project: &self.project, least };
        let found = Shown { hidden: 0, diagnostics: Vec::new(), result, source };
        let found = lens.show(found);
        let mut outcome = Outcome::default();
        let found = match self.action {
            Action::Fix(sure) | Action::Try(sure) if found.has_fix(sure) => {
                self.fix(&file, found, sure, &lens, &mut outcome)
            }
            _ => found,
        };
        let Shown { source, result, diagnostics, hidden } = found;
        outcome.hidden = hidden;
        outcome.has_failing = diagnostics.iter().any(|diagnostic| diagnostic.severity >= settings.fail_on);
        if !diagnostics.is_empty() {
            let line = |diagnostic: &Diagnostic| comment_line(&source, &result, diagnostic);
            let comment_lines = diagnostics.iter().map(line).collect();
            outcome.checked = Some(Checked { shown: file.shown, source, diagnostics, comment_lines, config });
        }
        outcome
    }

    /// Applies fixes, writes the file if it is to be written, and looks at what is left.
    fn fix(&self, file: &Found, found: Shown, sure: Applicability, lens: &Lens<'_>, outcome: &mut Outcome) -> Shown {
        let before = found.source.clone();
        let find = |source: &Source| lens.look(source.clone()).diagnostics;
        let fixed = fix::to_the_end(before.clone(), sure, find, |source| syntax_errors(source, lens.config));
        let Fixed { source, applied, dropped } = match fixed {
            Ok(fixed) => fixed,
            Err(endless) => {
                outcome.failures.push(Failure::new(&file.shown, endless.to_string()));
                return found;
            }
        };
        for fix in dropped {
            let message = format!(
                "not fixed: the fix of {} ({}) would break the code; please report it with the file",
                fix.rule.name, fix.title
            );
            outcome.failures.push(Failure::at(&file.shown, fix.place, message));
        }
        if source.text() == before.text() {
            return found;
        }
        let left = lens.look(source.clone());
        let written = match trouble(&file.shown, &source, &left.result) {
            Some(failure) => Err(failure),
            None if matches!(self.action, Action::Fix(_)) => {
                replace(&before, &source).map_err(|error| Failure::new(&file.shown, format!("{error:#}")))
            }
            None => Ok(()),
        };
        match written {
            Ok(()) => {
                let (shown, fixes) = (file.shown.clone(), applied.len());
                outcome.change = Some(Change { shown, before, after: source, fixes });
                left
            }
            Err(failure) => {
                outcome.failures.push(failure);
                found
            }
        }
    }
}

/// What one file shows at present.
struct Shown {
    source: Source,
    result: FileResult,
    diagnostics: Vec<Diagnostic>,
    hidden: usize,
}

impl Shown {
    fn has_fix(&self, sure: Applicability) -> bool {
        self.diagnostics.iter().filter_map(|found| found.fixes.first()).any(|fix| fix.applicability >= sure)
    }
}

/// Through which a file's findings are seen, again and again while it is fixed.
struct Lens<'l> {
    config: &'l Config,
    project: &'l Project,
    least: Severity,
}

impl Lens<'_> {
    fn look(&self, source: Source) -> Shown {
        let result = analyse(&source, self.config);
        self.show(Shown { source, result, diagnostics: Vec::new(), hidden: 0 })
    }

    fn show(&self, mut shown: Shown) -> Shown {
        let mut diagnostics = settle(&shown.source, &shown.result, self.project, self.config);
        let all = diagnostics.len();
        diagnostics.retain(|diagnostic| diagnostic.severity >= self.least);
        shown.hidden = all - diagnostics.len();
        shown.diagnostics = diagnostics;
        shown
    }
}

/// The line, in its cell if it is in one, on which a comment can silence the finding.
fn comment_line(source: &Source, result: &FileResult, diagnostic: &Diagnostic) -> usize {
    let start = diagnostic.range.start();
    let line = source.line(start);
    source.place(start).line + result.comment_line(line) - line
}

fn trouble(shown: &Path, source: &Source, result: &FileResult) -> Option<Failure> {
    let trouble = result.not_analysed()?;
    Some(match trouble.range {
        Some(range) => Failure::at(shown, source.place(range.start()), &trouble.message),
        None => Failure::new(shown, &trouble.message),
    })
}
