//! The two functions that the command line and the language server call: [`analyse`] looks at one file, [`settle`] answers
//! what needs other files and decides what is shown.

use std::fmt;
use std::path::PathBuf;

use ruff_python_ast::{AnyNodeRef, ModModule};
use ruff_python_parser::Parsed;
use ruff_text_size::{TextRange, TextSize};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fix::Edit;
use crate::notebook::Cell;
use crate::project::{Facts, Project, View};
use crate::python::Model;
use crate::python::builder::{self, TooDeep};
use crate::python::guard::{self, Refusal};
use crate::python::parse::{self, Arenas};
use crate::rules::q00_tool::{syntax_error, unused_suppression};
use crate::rules::{Answer, Check, Code, Context, Finding, SyntaxErrors};
use crate::source::Source;
use crate::suppress::{Meant, Suppressions};

/// What one file says by itself. Holds no part of the syntax tree.
#[derive(Debug, Default)]
pub struct FileResult {
    diagnostics: Vec<Diagnostic>,
    pending: Vec<Pending>,
    facts: Facts,
    suppressions: Suppressions,
    not_analysed: Option<NotAnalysed>,
}

/// A finding that hangs on other files.
struct Pending {
    found: Diagnostic,
    answer: Answer,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pending").field(&self.found).finish()
    }
}

/// Why a file that could be read was not analysed, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnalysed {
    /// Where the trouble is, if at one place.
    pub range: Option<TextRange>,
    /// What is wrong and what to do.
    pub message: String,
}

impl FileResult {
    /// Why the file was not analysed, if so: it must not be called clean.
    pub fn not_analysed(&self) -> Option<&NotAnalysed> {
        self.not_analysed.as_ref()
    }

    /// Whether there is nothing to settle, so that the file's text can be let go.
    pub fn is_quiet(&self) -> bool {
        self.diagnostics.is_empty() && self.pending.is_empty() && self.suppressions.is_empty()
    }

    /// Whether what is shown may change with other files.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes what other files may want to know.
    pub fn take_facts(&mut self) -> Facts {
        std::mem::take(&mut self.facts)
    }

    /// The line (counted from 1) whose end has room for a comment about `line`: usually that line itself, else the one where
    /// the string or the continued line ends that begins on it.
    pub fn comment_line(&self, line: usize) -> usize {
        self.suppressions.comment_line(line)
    }

    /// The codes and names in the file's own suppression comments, with their places.
    pub fn own_codes(&self) -> impl Iterator<Item = (TextRange, &str)> {
        self.suppressions.own_codes()
    }

    /// Where one more code can be added to the comment of ours behind the code of `line`, counted from 1.
    pub fn end_of_ignored(&self, source: &Source, line: usize) -> Option<TextSize> {
        self.suppressions.end_of_codes(source, line)
    }

    /// The comment at `offset` that silences findings, and the rules that it means.
    pub fn silenced_at(&self, source: &Source, offset: TextSize) -> Option<Meant<'_>> {
        self.suppressions.at(source, offset, &self.diagnostics)
    }

    /// The result for a file on which the analysis itself failed.
    pub fn failed(message: String) -> FileResult {
        FileResult { not_analysed: Some(NotAnalysed { range: None, message }), ..FileResult::default() }
    }
}

/// Analyses one file. Does no I/O; broken code gives findings. A panic is a bug of ours: it is caught, and the file
/// reported as not analysed.
pub fn analyse(source: &Source, config: &Config) -> FileResult {
    analyse_while(source, config, || true).expect("it is always wanted")
}

/// The same, given up between its steps once the result is no longer wanted.
pub fn analyse_while(source: &Source, config: &Config, is_wanted: impl Fn() -> bool) -> Option<FileResult> {
    let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| analyse_file(source, config, is_wanted)));
    attempt.unwrap_or_else(|panic| {
        let reason = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown reason");
        Some(FileResult::failed(format!(
            "not analysed: pyprep-lint failed on this file ({reason}); please report it with the file"
        )))
    })
}

fn analyse_file(source: &Source, config: &Config, is_wanted: impl Fn() -> bool) -> Option<FileResult> {
    let parsed = match parse::parse(source, config.target_version) {
        Ok(parsed) => parsed,
        Err(refusal) => return Some(refused(&refusal, config)),
    };
    if !is_wanted() {
        // Before it is known to be shallow, it must not be dropped the usual way.
        parse::drop_deep(parsed, source.text());
        return None;
    }
    let arenas = Arenas::default();
    let model = match builder::build(source, parsed.syntax(), &arenas, config.target_version, config.dispatch().wanted)
    {
        Ok(model) => model,
        Err(too_deep) => {
            parse::drop_deep(parsed, source.text());
            return Some(match too_deep {
                TooDeep::Refused(refusal) => refused(&refusal, config),
                TooDeep::Expression => FileResult::failed(format!(
                    "not analysed: more than about {} operators, attributes or calls in one expression; split it up",
                    guard::MAX_CHAIN
                )),
            });
        }
    };
    if !is_wanted() {
        return None;
    }
    let code = Code { source, model: &model, tokens: parsed.tokens().into(), config };
    let findings = dispatch(code, &parsed);
    let suppressions = if config.suppressions && (!findings.is_empty() || Suppressions::may_be_own(source.text())) {
        Suppressions::read(source, parsed.tokens())
    } else {
        Suppressions::default()
    };
    let mut used = suppressions.unused();
    let (mut diagnostics, mut pending) = (Vec::new(), Vec::new());
    for mut finding in findings {
        let answer = finding.answer.take();
        let found = finish(finding, &code, &suppressions, &mut used);
        match answer {
            Some(answer) => pending.push(Pending { found, answer }),
            None => diagnostics.push(found),
        }
    }
    let facts = Facts::gather(source, &model);
    model.make_room();
    Some(FileResult { diagnostics, pending, facts, suppressions, not_analysed: None })
}

/// What other files may want to know of one, without a look for findings.
pub fn facts(source: &Source, config: &Config) -> Facts {
    let nothing = config.with_rules([]);
    analyse(source, &nothing).take_facts()
}

/// The one dispatch walk: the nodes that some check wants, in source order, each shown to the checks of its kind.
fn dispatch<'a>(code: Code<'_, 'a>, parsed: &'a Parsed<ModModule>) -> Vec<Finding<'a>> {
    let config = code.config;
    let Some(first) = crate::rules::RULES.first() else {
        return Vec::new();
    };
    let mut context = Context::new(code, first);
    for (rule, check) in &config.dispatch().others {
        context.rule = rule;
        match check {
            Check::Scope(run) => code.model.scopes().for_each(|(scope, _)| run(scope, &mut context)),
            Check::Module(run) => run(parsed.syntax(), &mut context),
            Check::SyntaxErrors(run) => {
                let errors = SyntaxErrors {
                    parser: parsed.errors(),
                    semantic: code.model.compile_errors(),
                    unsupported: parsed.unsupported_syntax_errors(),
                };
                run(&errors, &mut context);
            }
            _ => {}
        }
    }
    for node in code.model.wanted_nodes() {
        for (rule, check) in config.dispatch().of(node.kind()) {
            context.rule = rule;
            check.run(node, &mut context);
        }
    }
    context.findings
}

/// Makes a finding independent of the tree. Steps and fixes are made only for what is shown.
fn finish<'a>(finding: Finding<'a>, code: &Code<'_, 'a>, suppressions: &Suppressions, used: &mut [bool]) -> Diagnostic {
    let rule = finding.rule.expect("set by Context::report");
    // What an error at the end of a notebook's cell takes in of the next one is not part of it.
    let range = code.source.clip(finding.range);
    let (statement, scope) = surroundings(code.model, range);
    let severity = code.config.severity(rule, finding.severity);
    let mut diagnostic = Diagnostic {
        question: finding.question.unwrap_or(rule.question),
        names: finding.names,
        related: finding.related,
        statement,
        scope,
        ..Diagnostic::new(rule, range, severity, finding.message)
    };
    if !suppressions.silence(code.source, &diagnostic, used) {
        diagnostic.steps = finding.steps.map_or_else(Vec::new, |steps| steps(code));
        diagnostic.fixes = finding.fixes.into_iter().filter_map(|fix| fix(code)).collect();
    }
    if !code.source.cells().is_empty() {
        fit_to_cells(&mut diagnostic, code.source);
    }
    diagnostic
}

/// Keeps all parts of a finding in a notebook's cells, each in one. Fixes that would not be are dropped.
fn fit_to_cells(diagnostic: &mut Diagnostic, source: &Source) {
    diagnostic.related.iter_mut().for_each(|related| related.range = source.clip(related.range));
    diagnostic.steps.iter_mut().for_each(|step| step.range = source.clip(step.range));
    let own = source.cell_at(diagnostic.range.start()).map(Cell::index);
    let fits = |edit: &Edit| {
        let Some(cell) = source.cell_at(edit.range.start()) else { return false };
        // What was to follow the last line of the finding's own cell.
        let is_too_late = edit.range.end() == cell.range().start() && own < Some(cell.index());
        // A magic for the whole cell must stay its first line.
        edit.range.start() >= cell.code_start() && edit.range.end() <= cell.range().end() && !is_too_late
    };
    diagnostic.fixes.retain(|fix| fix.edits.iter().all(fits));
}

/// The start of the statement at `range` and the qualified name of its scope.
fn surroundings(model: &Model, range: TextRange) -> (TextSize, String) {
    let node = model.node_at(range);
    let statement = node.and_then(|node| model.statement(node));
    let start = statement.map_or(range.start(), |statement| match model.node(statement) {
        // A decorated definition starts with its decorators, but a reader looks at the `def` line.
        AnyNodeRef::StmtFunctionDef(node) if range.start() >= node.name.range.start() => node.name.range.start(),
        AnyNodeRef::StmtClassDef(node) if range.start() >= node.name.range.start() => node.name.range.start(),
        node => ruff_text_size::Ranged::start(&node),
    });
    let scope = node.map_or_else(String::new, |node| model.qualified_scope_name(model.scope_of(node)));
    (start, scope)
}

fn refused(refusal: &Refusal, config: &Config) -> FileResult {
    let (range, limit) = match refusal {
        Refusal::Brackets(range) => (*range, format!("{} open brackets", guard::MAX_BRACKETS)),
        Refusal::Indents(range) => (*range, format!("{} levels of indentation", guard::MAX_INDENTS - 1)),
    };
    if !config.is_enabled(syntax_error::rule()) {
        return FileResult::failed(format!("not analysed: more than {limit}; Python refuses it, too"));
    }
    FileResult { diagnostics: vec![syntax_error::too_nested(range, &limit, config)], ..FileResult::default() }
}

/// How many errors keep a file from compiling: what the parser says, and what PP0002 says of the compiler's later checks.
pub fn syntax_errors(source: &Source, config: &Config) -> usize {
    let target = config.target_version;
    let Ok(parsed) = parse::parse(source, target) else { return usize::MAX };
    let mut only = Config::new([syntax_error::rule()], target);
    only.suppressions = false;
    only.names_target_version = config.names_target_version;
    let later = settle(source, &analyse(source, &only), &Project::default(), &only).len();
    parsed.errors().len() + parsed.unsupported_syntax_errors().len() + later
}

/// Analyses files that make up a project of their own, whose folder is the empty path.
pub fn together(sources: &[Source], config: &Config) -> (Project, Vec<FileResult>) {
    let project = Project::default();
    project.set_roots([PathBuf::new()]);
    let look = |source: &Source| {
        let mut result = analyse(source, config);
        project.set(source.path(), result.take_facts());
        result
    };
    let results = sources.iter().map(look).collect();
    (project, results)
}

/// What is shown of a file, now that all others are known: findings in source order, without those that comments silence,
/// with those about comments that silence nothing.
pub fn settle(source: &Source, result: &FileResult, project: &Project, config: &Config) -> Vec<Diagnostic> {
    settle_in(&project.view(source.path()), source, result, config)
}

/// The same, with what the file sees of the project.
pub fn settle_in(view: &View<'_>, source: &Source, result: &FileResult, config: &Config) -> Vec<Diagnostic> {
    let mut used = result.suppressions.unused();
    let mut shown: Vec<Diagnostic> = result
        .diagnostics
        .iter()
        .filter(|diagnostic| !result.suppressions.silence(source, diagnostic, &mut used))
        .cloned()
        .collect();
    // A comment about something that another run may find is of use, whatever is found in this one.
    let asked = result.pending.iter().filter(|pending| !result.suppressions.silence(source, &pending.found, &mut used));
    shown.extend(asked.filter_map(|pending| (pending.answer)(pending.found.clone(), view)));
    if config.is_enabled(unused_suppression::rule()) {
        shown.extend(unused_suppression::find(source, &result.suppressions, &used, config));
    }
    shown.sort_by_key(|diagnostic| (diagnostic.range.start(), diagnostic.rule.index));
    shown
}
