//! `pyproject.toml` and `pyprep-lint.toml`: read, checked key by key, every problem with its line.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ruff_python_ast::PythonVersion;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::paths::PathPattern;
use super::select::{Selector, rule_suggestion};
use super::teach::Teach;
use super::version::{lower_bound, parse_target};
use crate::diagnostic::Severity;
use crate::nearest::suggestion;
use crate::rules::Rule;

/// The dedicated file; it wins over the other in the same folder.
pub const DEDICATED: &str = "pyprep-lint.toml";
/// The file that Python projects have anyway.
pub const PYPROJECT: &str = "pyproject.toml";

/// What a configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The rules to run instead of the default ones.
    pub select: Option<Vec<Selector>>,
    /// The rules not to run.
    pub ignore: Vec<Selector>,
    /// Severities to give; `None` is `off`.
    pub severity: Vec<(Selector, Option<Severity>)>,
    /// What the walk leaves out.
    pub exclude: Vec<PathPattern>,
    /// Rules that don't run on some files.
    pub per_file_ignores: Vec<(PathPattern, Vec<Selector>)>,
    /// The oldest Python that the code must run on.
    pub target_version: Option<PythonVersion>,
    /// The least severity that makes the exit status 1.
    pub fail_on: Option<Severity>,
    /// How much a lesson gives away.
    pub teach: Option<Teach>,
    /// Where links lead instead of the published guide.
    pub guide_url: Option<String>,
}

/// Every key that is understood.
const KEYS: [&str; 10] = [
    "select",
    "ignore",
    "severity",
    "exclude",
    "per-file-ignores",
    "target-version",
    "fail-on",
    "teach",
    "guide-url",
    "rules",
];

/// Keys that will come. To ignore them silently would promise what does not happen.
const LATER: [&str; 1] = ["baseline"];

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path.display(), self.message),
            None => write!(f, "{}: {}", self.path.display(), self.message),
        }
    }
}

/// A problem at a place of the text.
struct Problem {
    at: Range<usize>,
    message: String,
}

type Checked<T> = Result<T, Problem>;

/// What a folder's `pyproject.toml` says.
#[derive(Debug, Default)]
pub struct Pyproject {
    /// `[tool.pyprep-lint]`, if there is such a table.
    pub options: Option<Options>,
    /// The lower bound of `requires-python`.
    pub requires: Option<PythonVersion>,
}

/// Reads a `pyproject.toml`. A `requires-python` that can't be understood is none of our business and counts as absent.
pub fn read_pyproject(path: &Path, text: &str) -> Result<Pyproject, ConfigError> {
    locate(path, text, |table| {
        let requires = table
            .get("project")
            .and_then(|project| project.get_ref().as_table()?.get("requires-python"))
            .and_then(|requires| lower_bound(requires.get_ref().as_str()?));
        let options = match table.get("tool").and_then(|tool| tool.get_ref().as_table()?.get("pyprep-lint")) {
            Some(own) => Some(read_options(path, as_table("tool.pyprep-lint", own)?)?),
            None => None,
        };
        Ok(Pyproject { options, requires })
    })
}

/// Reads a `pyprep-lint.toml`.
pub fn read_dedicated(path: &Path, text: &str) -> Result<Options, ConfigError> {
    locate(path, text, |table| read_options(path, table))
}

fn locate<T>(path: &Path, text: &str, read: impl FnOnce(&DeTable<'_>) -> Checked<T>) -> Result<T, ConfigError> {
    let parsed = DeTable::parse(text)
        .map_err(|error| Problem { at: error.span().unwrap_or(0..0), message: error.message().trim().to_owned() });
    parsed.and_then(|table| read(table.get_ref())).map_err(|problem| ConfigError {
        path: path.to_owned(),
        line: Some(
            1 + text.as_bytes()[..problem.at.start.min(text.len())].iter().filter(|&&byte| byte == b'\n').count(),
        ),
        message: problem.message,
    })
}

fn read_options(path: &Path, table: &DeTable<'_>) -> Checked<Options> {
    let base = path.parent().unwrap_or(Path::new(""));
    let mut options = Options::default();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match name {
            "select" => options.select = Some(selectors(name, value)?),
            "ignore" => options.ignore = selectors(name, value)?,
            "severity" => options.severity = severities(value)?,
            "exclude" => {
                options.exclude = as_strings(name, value)?
                    .into_iter()
                    .map(|(text, at)| pattern(base, text, at))
                    .collect::<Checked<_>>()?;
            }
            "per-file-ignores" => {
                for (key, value) in as_table(name, value)? {
                    let pattern = pattern(base, key.get_ref(), key.span())?;
                    options.per_file_ignores.push((pattern, selectors(key.get_ref(), value)?));
                }
            }
            "target-version" => {
                let text = as_str(name, value)?;
                let version = parse_target(text).map_err(|message| Problem { at: value.span(), message })?;
                options.target_version = Some(version);
            }
            "fail-on" => options.fail_on = Some(severity(name, value)?),
            "teach" => {
                let teach = as_str(name, value)?.parse().map_err(|message| Problem { at: value.span(), message })?;
                options.teach = Some(teach);
            }
            "guide-url" => options.guide_url = Some(as_str(name, value)?.to_owned()),
            "rules" => rule_options(value)?,
            _ if LATER.contains(&name) => {
                let message = format!("`{name}` is not supported by this version; remove it");
                return Err(Problem { at: key.span(), message });
            }
            _ => {
                let message = format!("unknown key `{name}`{}", suggestion(name, KEYS));
                return Err(Problem { at: key.span(), message });
            }
        }
    }
    Ok(options)
}

/// `[rules.<name>]`: no rule has options of its own yet, so that only the names are checked.
fn rule_options(value: &Spanned<DeValue<'_>>) -> Checked<()> {
    for (key, value) in as_table("rules", value)? {
        let name = key.get_ref();
        if Rule::find(name).is_none() {
            let message = format!("unknown rule `{name}`{}", rule_suggestion(name, []));
            return Err(Problem { at: key.span(), message });
        }
        if let Some((option, _)) = as_table(name, value)?.iter().next() {
            let message = format!("unknown key `{}`: the rule `{name}` has no options", option.get_ref());
            return Err(Problem { at: option.span(), message });
        }
    }
    Ok(())
}

fn severities(value: &Spanned<DeValue<'_>>) -> Checked<Vec<(Selector, Option<Severity>)>> {
    let mut severities = Vec::new();
    for (key, value) in as_table("severity", value)? {
        let selector = selector(key.get_ref(), key.span())?;
        let off = value.get_ref().as_str() == Some("off");
        severities.push((selector, if off { None } else { Some(severity(key.get_ref(), value)?) }));
    }
    Ok(severities)
}

fn severity(key: &str, value: &Spanned<DeValue<'_>>) -> Checked<Severity> {
    let text = as_str(key, value)?;
    Severity::from_name(text).ok_or_else(|| {
        let nearest = suggestion(text, Severity::ALL.map(Severity::as_str));
        let known = if nearest.is_empty() { "; write error, warning, info or hint" } else { &nearest };
        Problem { at: value.span(), message: format!("`{key}`: unknown severity `{text}`{known}") }
    })
}

fn selectors(key: &str, value: &Spanned<DeValue<'_>>) -> Checked<Vec<Selector>> {
    as_strings(key, value)?.into_iter().map(|(text, at)| selector(text, at)).collect()
}

fn selector(text: &str, at: Range<usize>) -> Checked<Selector> {
    text.parse().map_err(|error: super::select::UnknownSelector| Problem { at, message: error.to_string() })
}

fn pattern(base: &Path, text: &str, at: Range<usize>) -> Checked<PathPattern> {
    PathPattern::new(base, text)
        .map_err(|error| Problem { at, message: format!("wrong pattern `{text}`: {}", error.kind()) })
}

fn as_table<'t, 'i>(key: &str, value: &'t Spanned<DeValue<'i>>) -> Checked<&'t DeTable<'i>> {
    value.get_ref().as_table().ok_or_else(|| wrong_type(key, "a table", value))
}

fn as_str<'t>(key: &str, value: &'t Spanned<DeValue<'_>>) -> Checked<&'t str> {
    value.get_ref().as_str().ok_or_else(|| wrong_type(key, "a string", value))
}

fn as_strings<'t>(key: &str, value: &'t Spanned<DeValue<'_>>) -> Checked<Vec<(&'t str, Range<usize>)>> {
    let list = value.get_ref().as_array().ok_or_else(|| wrong_type(key, "a list of strings", value))?;
    list.iter().map(|item| Ok((as_str(key, item)?, item.span()))).collect()
}

fn wrong_type(key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) -> Problem {
    let found = value.get_ref().type_str();
    Problem { at: value.span(), message: format!("`{key}` must be {wanted}, not {}", with_article(found)) }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        read_dedicated(Path::new("x/pyprep-lint.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn problems_have_lines_and_remedies() {
        for (text, wanted) in [
            ("ignore = []\nselct = ['PP03']\n", "x/pyprep-lint.toml:2: unknown key `selct`; did you mean `select`?"),
            ("select = 'PP03'", "x/pyprep-lint.toml:1: `select` must be a list of strings, not a string"),
            ("select = [\n 'PP03',\n 3]", "x/pyprep-lint.toml:3: `select` must be a string, not an integer"),
            ("ignore = ['bare-exept']", "x/pyprep-lint.toml:1: unknown rule `bare-exept`; did you mean `bare-except`?"),
            ("fail-on = 'warn'", "x/pyprep-lint.toml:1: `fail-on`: unknown severity `warn`; did you mean `warning`?"),
            (
                "[severity]\nPP0301 = 'x'",
                "x/pyprep-lint.toml:2: `PP0301`: unknown severity `x`; write error, warning, info or hint",
            ),
            ("teach = 'nudg'", "x/pyprep-lint.toml:1: `teach`: unknown level `nudg`; did you mean `nudge`?"),
            ("\nbaseline = 'b'", "x/pyprep-lint.toml:2: `baseline` is not supported by this version; remove it"),
            (
                "[rules.bare-except]\nx = 1",
                "x/pyprep-lint.toml:2: unknown key `x`: the rule `bare-except` has no options",
            ),
            ("[rules.bare]\n", "x/pyprep-lint.toml:1: unknown rule `bare`; did you mean `bare-except`?"),
            ("exclude = ['a[']", "x/pyprep-lint.toml:1: wrong pattern `a[`: unclosed character class; missing ']'"),
        ] {
            assert_eq!(problem(text), wanted, "{text}");
        }
        assert!(problem("select = [").starts_with("x/pyprep-lint.toml:1: "));
        assert!(problem("target-version = '4'").contains("3.7 to 3.15"));
    }

    #[test]
    fn reads_everything() {
        let text = "select = ['ALL']\nignore = ['PP03']\nexclude = ['old']\ntarget-version = '3.9'\nfail-on = 'info'\nteach = 'fix'\n\
                    guide-url = 'https://example.org'\n[severity]\nbare-except = 'off'\nPP03 = 'hint'\n\
                    [per-file-ignores]\n'tests/*' = ['PP08']\n[rules.bare-except]\n";
        let options = read_dedicated(Path::new("/x/pyprep-lint.toml"), text).unwrap();
        assert_eq!(options.select, Some(vec![Selector::All]));
        assert_eq!(options.severity.len(), 2);
        assert_eq!(options.target_version, Some(PythonVersion::PY39));
        assert_eq!(options.fail_on, Some(Severity::Info));
        assert_eq!(options.teach, Some(Teach::Fix));
        assert!(options.per_file_ignores[0].0.covers(Path::new("/x/tests/a.py")));
    }

    #[test]
    fn reads_pyproject() {
        let text = "[project]\nrequires-python = '>=3.11'\n[tool.pyprep-lint]\nselect = ['PP08']\n";
        let pyproject = read_pyproject(Path::new("/x/pyproject.toml"), text).unwrap();
        assert_eq!(pyproject.requires, Some(PythonVersion::PY311));
        assert!(pyproject.options.is_some());
        assert!(read_pyproject(Path::new("/x/pyproject.toml"), "[tool]\n").unwrap().options.is_none());
    }
}
