//! What the tests of rules share: pages, snippets with their markers, and running the analysis on them.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pyprep_lint::analyse::{FileResult, analyse, settle, together};
use pyprep_lint::config::{Config, DEFAULT_TARGET};
use pyprep_lint::diagnostic::{Diagnostic, Severity};
use pyprep_lint::fix::{self, Applicability};
use pyprep_lint::guide::{Block, MARKER};
use pyprep_lint::notebook::CellText;
use pyprep_lint::project::Project;
use pyprep_lint::rules::{RULES, Rule};
use pyprep_lint::source::Source;
use ruff_python_ast::PythonVersion;

/// The project's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rules under test: all, or the one that the environment variable `PYPREP_RULE` names.
pub fn rules() -> Vec<&'static Rule> {
    let only = std::env::var("PYPREP_RULE").ok();
    RULES.iter().filter(|rule| only.as_deref().is_none_or(|only| rule.name == only || rule.code == only)).collect()
}

/// What a marker says of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    pub line: usize,
    pub rule: Option<&'static Rule>,
    pub severity: Option<Severity>,
    pub fix: Option<Option<Applicability>>,
    pub text: String,
}

/// A piece of Python with markers.
pub struct Snippet {
    /// Where it stands, for messages.
    pub place: String,
    pub source: Source,
    pub expected: Vec<Expected>,
    pub target: PythonVersion,
    /// The other files of its project.
    pub others: Vec<Source>,
}

impl Snippet {
    pub fn new(place: String, block: &Block) -> Snippet {
        let target = block.value("target").map_or(DEFAULT_TARGET, |version| version.parse().expect("a version as 3.9"));
        Snippet {
            expected: markers(&place, block.code),
            place,
            source: source(block.value("file").unwrap_or("snippet.py"), block.code),
            target,
            others: Vec::new(),
        }
    }

    /// The snippets of a section; those that name their file make up a project.
    pub fn of_section(blocks: &[Block], place: impl Fn(&Block) -> String) -> Vec<Snippet> {
        let mut snippets: Vec<Snippet> = blocks.iter().map(|block| Snippet::new(place(block), block)).collect();
        let is_file = |block: &Block| block.value("file").is_some();
        let files: Vec<Source> = blocks
            .iter()
            .zip(&snippets)
            .filter(|(block, _)| is_file(block))
            .map(|(_, one)| one.source.clone())
            .collect();
        for (block, snippet) in blocks.iter().zip(&mut snippets).filter(|(block, _)| is_file(block)) {
            let path = block.value("file").map(Path::new);
            snippet.others = files.iter().filter(|file| Some(file.path()) != path).cloned().collect();
        }
        snippets
    }

    pub fn diagnostics(&self, rules: &[&Rule]) -> Vec<Diagnostic> {
        self.found_in(&self.source, rules)
    }

    fn found_in(&self, source: &Source, rules: &[&Rule]) -> Vec<Diagnostic> {
        if self.others.is_empty() && source.path() == Path::new("snippet.py") {
            return diagnostics(source, rules, self.target);
        }
        diagnostics_among(source, &self.others, rules, self.target)
    }

    /// Problems where the findings of `rule` are not those that the markers announce.
    pub fn check(&self, rule: &'static Rule) -> Vec<String> {
        let mut found = self.diagnostics(&[rule]);
        let mut problems = Vec::new();
        for expected in &self.expected {
            if expected.rule.is_some_and(|other| other != rule) {
                continue;
            }
            let fits = |diagnostic: &Diagnostic| {
                self.source.line(diagnostic.range.start()) == expected.line
                    && diagnostic.message.contains(&expected.text)
            };
            let Some(at) = found.iter().position(fits) else {
                problems.push(format!("{}: no finding on line {}: {:?}", self.place, expected.line, expected.text));
                continue;
            };
            let diagnostic = found.remove(at);
            let severity = expected.severity.unwrap_or(rule.severity);
            if diagnostic.severity != severity {
                problems.push(format!(
                    "{}: line {} is {}, not {}",
                    self.place,
                    expected.line,
                    diagnostic.severity.as_str(),
                    severity.as_str()
                ));
            }
            let fix = diagnostic.fixes.first().map(|fix| fix.applicability);
            if expected.fix.is_some_and(|expected| expected != fix) {
                problems.push(format!("{}: line {}: the first fix is {fix:?}", self.place, expected.line));
            }
        }
        for diagnostic in found {
            let line = self.source.line(diagnostic.range.start());
            problems.push(format!("{}: unannounced on line {line}: {}", self.place, diagnostic.message));
        }
        problems
    }

    /// The text after all first fixes of `rule`, applied until nothing changes.
    pub fn fixed(&self, rule: &'static Rule) -> String {
        let mut source = self.source.clone();
        for _ in 0..10 {
            let diagnostics = self.found_in(&source, &[rule]);
            let fixes = diagnostics.iter().filter_map(|diagnostic| diagnostic.fixes.first());
            let fixes = fixes.filter(|fix| fix.applicability > Applicability::Display);
            let (fixed, count) = fix::apply(&source, fixes);
            if count == 0 {
                break;
            }
            source = fixed;
        }
        source.text().to_owned()
    }

    pub fn diagnostics_of(&self, text: &str, rule: &'static Rule) -> Vec<Diagnostic> {
        self.found_in(&source(self.source.path(), text), &[rule])
    }
}

/// The text as a file or, with the extension `ipynb`, as a notebook in which each line `# %%` starts another cell.
fn source(path: impl AsRef<Path>, text: &str) -> Source {
    let path = path.as_ref();
    if path.extension().is_none_or(|extension| extension != "ipynb") {
        return Source::from_text(path, text);
    }
    let mut cells: Vec<CellText> = Vec::new();
    for line in text.split_inclusive('\n') {
        match cells.last_mut() {
            Some(cell) if !line.starts_with("# %%") => cell.text.push_str(line),
            _ => cells.push(CellText { index: cells.len(), id: None, text: line.to_owned() }),
        }
    }
    Source::from_cells(path, cells)
}

/// What is found in a file that is looked at alone.
pub fn diagnostics(source: &Source, rules: &[&Rule], target: PythonVersion) -> Vec<Diagnostic> {
    let config = config(rules, target);
    let result = analysed(source, &config);
    let mut found = settle(source, &result, &Project::default(), &config);
    found.retain(|diagnostic| rules.contains(&diagnostic.rule));
    found
}

/// What is found in a file of a project.
pub fn diagnostics_among(
    source: &Source,
    others: &[Source],
    rules: &[&Rule],
    target: PythonVersion,
) -> Vec<Diagnostic> {
    let config = config(rules, target);
    let (project, _) = together(others, &config);
    let mut result = analysed(source, &config);
    project.set(source.path(), result.take_facts());
    let mut found = settle(source, &result, &project, &config);
    found.retain(|diagnostic| rules.contains(&diagnostic.rule));
    found
}

fn config(rules: &[&Rule], target: PythonVersion) -> Config {
    // Whether a suppression is of use shows only when the rules run that it names.
    let is_about_rules = matches!(rules, [rule] if rule.code == "PP0001");
    let all: Vec<&Rule> = RULES.iter().collect();
    Config::new(if is_about_rules { &all } else { rules }.iter().copied(), target)
}

fn analysed(source: &Source, config: &Config) -> FileResult {
    let result = analyse(source, config);
    if let Some(trouble) = result.not_analysed() {
        panic!("{}: {}\n{}", source.path().display(), trouble.message, source.text());
    }
    result
}

fn markers(place: &str, code: &str) -> Vec<Expected> {
    let mut expected = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let alone = line.trim_start().starts_with(MARKER);
        for marker in line.split(MARKER).skip(1) {
            if !(marker.is_empty() || marker.starts_with(['[', ':', ' '])) {
                continue;
            }
            expected.push(marker_at(place, index + 1 + usize::from(alone), marker));
        }
    }
    expected
}

fn marker_at(place: &str, line: usize, marker: &str) -> Expected {
    let mut expected = Expected { line, rule: None, severity: None, fix: None, text: String::new() };
    let mut rest = marker.trim();
    if let Some((words, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        for word in words.split_whitespace() {
            match word {
                "nofix" => expected.fix = Some(None),
                "safe" => expected.fix = Some(Some(Applicability::Safe)),
                "unsafe" => expected.fix = Some(Some(Applicability::Unsafe)),
                "display" => expected.fix = Some(Some(Applicability::Display)),
                word => match (Severity::from_name(word), Rule::find(word)) {
                    (Some(severity), _) => expected.severity = Some(severity),
                    (None, Some(rule)) => expected.rule = Some(rule),
                    (None, None) => panic!("{place}: line {line}: unknown word `{word}` in a marker"),
                },
            }
        }
        rest = after;
    }
    expected.text = rest.trim().strip_prefix(':').unwrap_or_default().trim().to_owned();
    expected
}

/// A text without its markers and what stands between them and the code.
pub fn without_markers(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with(MARKER))
        .map(|line| line.find(MARKER).map_or(line, |at| &line[..at]).trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

/// How a script ended.
pub struct Ran {
    pub output: String,
    /// The traceback, if it failed.
    pub error: Option<String>,
}

impl Ran {
    /// The class of the exception that ended it, without its module.
    pub fn exception(&self) -> Option<&str> {
        let class = self.error.as_deref()?.trim_end().lines().last()?.split(':').next()?;
        class.rsplit('.').next()
    }
}

/// Runs a script with the system's Python. One that does not end is killed after a minute, and fails.
pub fn run_python(script: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: PathBuf = folder.path().join("script.py");
    std::fs::write(&path, script).expect("a temporary file");
    let file = |name: &str| File::create(folder.path().join(name)).expect("a temporary file");
    let mut child = Command::new("python3")
        .arg(&path)
        .current_dir(folder.path())
        .env("PYTHONWARNINGS", "ignore")
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::null())
        .stdout(file("output"))
        .stderr(file("error"))
        .spawn()
        .expect("python3 can be run");
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break Some(status);
        }
        if Instant::now() > deadline {
            child.kill().expect("it can be killed");
            child.wait().expect("it was killed");
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).expect("made above");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let error = match status {
        Some(status) if status.success() => None,
        Some(_) => Some(read("error")),
        None => Some("it did not end within a minute".to_owned()),
    };
    Ran { output: read("output"), error }
}

/// The output of a script that the system's Python runs, or how it failed.
pub fn python(script: &str) -> Result<String, String> {
    let ran = run_python(script);
    ran.error.map_or(Ok(ran.output), Err)
}

/// Fails with all problems, one a line.
pub fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// The folder of the standard library.
pub fn standard_library() -> PathBuf {
    let path = python("import sysconfig; print(sysconfig.get_path('stdlib'))").expect("python3 runs");
    PathBuf::from(path.trim())
}
