//! Which settings hold for a file: those of the nearest folder that has some, and what the command line says.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashMap;

use super::file::{self, ConfigError, DEDICATED, Options, PYPROJECT};
use super::paths::PathPattern;
use super::select::{self, Selector};
use super::teach::Teach;
use super::{Config, DEFAULT_TARGET};
use crate::diagnostic::Severity;
use crate::rules::{RULES, Rule};

/// What the caller wants whatever the files say.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// Instead of the `select` and `ignore` of the files.
    pub select: Option<Vec<Selector>>,
    /// Besides what is ignored already.
    pub ignore: Vec<Selector>,
    /// Besides the severities that the files give, and stronger; `None` is `off`.
    pub severity: Vec<(Selector, Option<Severity>)>,
    /// Instead of the `target-version` of the files.
    pub target_version: Option<PythonVersion>,
    /// Instead of the `fail-on` of the files.
    pub fail_on: Option<Severity>,
    /// Instead of the `teach` of the files.
    pub teach: Option<Teach>,
    /// Besides what is excluded already.
    pub exclude: Vec<PathPattern>,
    /// Whether comments silence findings.
    pub suppressions: bool,
    /// Whether no configuration is read at all.
    pub isolated: bool,
    /// The only configuration file to read.
    pub file: Option<PathBuf>,
}

impl Default for Overrides {
    fn default() -> Self {
        Overrides {
            select: None,
            ignore: Vec::new(),
            severity: Vec::new(),
            target_version: None,
            fail_on: None,
            teach: None,
            exclude: Vec::new(),
            suppressions: true,
            isolated: false,
            file: None,
        }
    }
}

/// The settings of all files for which the same configuration holds.
#[derive(Debug)]
pub struct Settings {
    config: Config,
    enabled: Vec<bool>,
    /// The least severity that makes the exit status 1.
    pub fail_on: Severity,
    exclude: Vec<PathPattern>,
    /// What the files say.
    options: Arc<Options>,
    requires: Option<PythonVersion>,
    /// By the patterns of `per-file-ignores` that cover the file.
    variants: Mutex<FxHashMap<Vec<bool>, Arc<Config>>>,
}

impl Settings {
    fn new(options: Arc<Options>, overrides: &Overrides, requires: Option<PythonVersion>) -> Settings {
        let severities = [&options.severity, &overrides.severity];
        let mut enabled: Vec<bool> = RULES
            .iter()
            .map(|rule| rule.on_by_default || severities.into_iter().any(|words| is_asked_for(rule, words)))
            .collect();
        select::apply(&mut enabled, options.select.as_deref(), &options.ignore);
        let mut severity = vec![None; RULES.len()];
        apply_severities(&options.severity, &mut severity, &mut enabled);
        select::apply(&mut enabled, overrides.select.as_deref(), &overrides.ignore);
        apply_severities(&overrides.severity, &mut severity, &mut enabled);
        let named = overrides.target_version.or(options.target_version).or(requires);
        let target = named.unwrap_or(DEFAULT_TARGET);
        let mut config = Config::new(RULES.iter().filter(|rule| enabled[rule.index]), target);
        for (rule, severity) in RULES.iter().zip(severity) {
            if let Some(severity) = severity {
                config.set_severity(rule, severity);
            }
        }
        config.names_target_version = named.is_some();
        config.suppressions = overrides.suppressions;
        config.teach = overrides.teach.or(options.teach).unwrap_or_default();
        config.guide_url.clone_from(&options.guide_url);
        Settings {
            config,
            enabled,
            fail_on: overrides.fail_on.or(options.fail_on).unwrap_or(Severity::Warning),
            exclude: options.exclude.iter().chain(&overrides.exclude).cloned().collect(),
            options,
            requires,
            variants: Mutex::default(),
        }
    }

    /// What would hold if the caller wanted this instead, by what the files said when they were read.
    pub fn under(&self, overrides: &Overrides) -> Settings {
        Settings::new(self.options.clone(), overrides, self.requires)
    }

    /// Whether the walk leaves out this file or folder (absolute).
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.iter().any(|pattern| pattern.covers(path))
    }

    /// The configuration for the analysis of one file (absolute).
    pub fn config(&self, path: &Path) -> Arc<Config> {
        let key: Vec<bool> = self.options.per_file_ignores.iter().map(|(pattern, _)| pattern.covers(path)).collect();
        let mut variants = self.variants.lock().unwrap_or_else(PoisonError::into_inner);
        variants.entry(key).or_insert_with_key(|key| Arc::new(self.variant(key))).clone()
    }

    fn variant(&self, covered: &[bool]) -> Config {
        let mut enabled = self.enabled.clone();
        for ((_, ignored), _) in self.options.per_file_ignores.iter().zip(covered).filter(|(_, covered)| **covered) {
            select::apply(&mut enabled, None, ignored);
        }
        self.config.with_rules(RULES.iter().filter(|rule| enabled[rule.index]))
    }
}

/// Whether a severity is wanted for this very rule: that asks for a rule which is off by default.
fn is_asked_for(rule: &Rule, words: &[(Selector, Option<Severity>)]) -> bool {
    words
        .iter()
        .any(|(selector, severity)| matches!(selector, Selector::Rule(only) if *only == rule) && severity.is_some())
}

/// Gives the rules their severities, by the most specific word about each; `off` ends the rule.
fn apply_severities(words: &[(Selector, Option<Severity>)], severities: &mut [Option<Severity>], enabled: &mut [bool]) {
    for rule in RULES {
        let covering = words.iter().filter(|(selector, _)| selector.covers(rule));
        match covering.max_by_key(|(selector, _)| selector.specificity()) {
            Some((_, Some(severity))) => severities[rule.index] = Some(*severity),
            Some((_, None)) => enabled[rule.index] = false,
            None => {}
        }
    }
}

type Found = Result<Arc<Settings>, Arc<ConfigError>>;

/// Finds the settings of files. Each folder is looked at once.
#[derive(Debug)]
pub struct Resolver {
    overrides: Overrides,
    folders: Mutex<FxHashMap<PathBuf, Found>>,
    /// The folders with a `pyproject.toml`.
    projects: Mutex<Vec<PathBuf>>,
}

impl Resolver {
    /// A resolver that has read nothing yet.
    pub fn new(overrides: Overrides) -> Resolver {
        Resolver { overrides, folders: Mutex::default(), projects: Mutex::default() }
    }

    /// The folders of projects, as far as files in them were asked for: those with a `pyproject.toml`.
    pub fn projects(&self) -> Vec<PathBuf> {
        self.projects.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings of a file or folder (absolute), by the folder that holds it.
    pub fn settings(&self, path: &Path) -> Result<Arc<Settings>, Arc<ConfigError>> {
        self.folder(path.parent().unwrap_or(path))
    }

    fn folder(&self, folder: &Path) -> Found {
        // With `--isolated` nothing is read: all folders are one.
        let folder = if self.overrides.isolated { Path::new("") } else { folder };
        if let Some(found) = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return found.clone();
        }
        let found = self.read(folder);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), found.clone());
        found
    }

    fn read(&self, folder: &Path) -> Found {
        let above = || folder.parent().filter(|_| !self.overrides.isolated).map(|parent| self.folder(parent));
        let (options, requires) = if self.overrides.isolated { (None, None) } else { self.own(folder)? };
        let above = match (&options, requires, above()) {
            (None, None, Some(above)) => return above,
            (_, _, Some(Ok(above))) => Some(above),
            // What is broken above does not matter where this folder has settings of its own.
            (Some(_), _, _) | (_, _, None) => None,
            (None, _, Some(Err(error))) => return Err(error),
        };
        let options = match (options, &above) {
            (Some(options), _) => Arc::new(options),
            (None, Some(above)) => above.options.clone(),
            (None, None) => Arc::new(self.given()?),
        };
        let requires = requires.or(above.and_then(|above| above.requires));
        Ok(Arc::new(Settings::new(options, &self.overrides, requires)))
    }

    /// What the files of one folder say.
    fn own(&self, folder: &Path) -> Result<(Option<Options>, Option<PythonVersion>), Arc<ConfigError>> {
        let path = folder.join(DEDICATED);
        let dedicated = match &self.overrides.file {
            Some(_) => None,
            None => read(&path)?.map(|text| file::read_dedicated(&path, &text)).transpose()?,
        };
        let path = folder.join(PYPROJECT);
        let text = read(&path)?;
        if text.is_some() {
            self.projects.lock().unwrap_or_else(PoisonError::into_inner).push(folder.to_owned());
        }
        let pyproject = match text.map(|text| file::read_pyproject(&path, &text)) {
            None => file::Pyproject::default(),
            Some(Ok(pyproject)) => pyproject,
            // Only its `requires-python` would have counted.
            Some(Err(_)) if dedicated.is_some() || self.overrides.file.is_some() => file::Pyproject::default(),
            Some(Err(error)) => return Err(Arc::new(error)),
        };
        let options = if self.overrides.file.is_some() { None } else { dedicated.or(pyproject.options) };
        Ok((options, pyproject.requires))
    }

    /// What the file that the caller named says.
    fn given(&self) -> Result<Options, Arc<ConfigError>> {
        let Some(path) = self.overrides.file.as_deref().filter(|_| !self.overrides.isolated) else {
            return Ok(Options::default());
        };
        let fail = |message: &str| Arc::new(ConfigError { path: path.into(), line: None, message: message.into() });
        let text = read(path)?.ok_or_else(|| fail("no such file"))?;
        if path.file_name().is_none_or(|name| name != PYPROJECT) {
            return Ok(file::read_dedicated(path, &text)?);
        }
        file::read_pyproject(path, &text)?.options.ok_or_else(|| fail("it has no table [tool.pyprep-lint]"))
    }
}

fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => {
            Err(ConfigError { path: path.to_owned(), line: None, message: format!("can't be read: {error}") })
        }
    }
}
