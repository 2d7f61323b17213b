//! What the editor's own settings say, besides the configuration files.

use std::str::FromStr;

use ruff_python_ast::PythonVersion;
use serde_json::Value;

use crate::config::{Overrides, Selector, Teach, parse_target};
use crate::diagnostic::Severity;
use crate::nearest::{misspelt, suggestion};

/// The section of the editor's settings that is ours.
pub const SECTION: &str = "pyprep-lint";

/// Every setting that is read here, and those that the editors' extensions read.
const KEYS: [&str; 11] = [
    "select",
    "ignore",
    "severity",
    "teach",
    "targetVersion",
    "target-version",
    "hover",
    "hover.enable",
    "run",
    "path",
    "trace",
];

/// When an open file is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// At every change.
    #[default]
    OnType,
    /// When it is opened and when it is saved.
    OnSave,
}

impl FromStr for Run {
    type Err = String;

    fn from_str(word: &str) -> Result<Run, String> {
        match word {
            "onType" => Ok(Run::OnType),
            "onSave" => Ok(Run::OnSave),
            _ => Err(format!("unknown time `{word}`; write onType or onSave")),
        }
    }
}

/// The editor's settings. They are stronger than the configuration files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorSettings {
    /// The rules to run instead of those of the files.
    pub select: Option<Vec<Selector>>,
    /// The rules not to run.
    pub ignore: Vec<Selector>,
    /// Severities to give; `None` is `off`.
    pub severity: Vec<(Selector, Option<Severity>)>,
    /// How much a lesson gives away.
    pub teach: Option<Teach>,
    /// The oldest Python that the code must run on.
    pub target_version: Option<PythonVersion>,
    /// Whether hovers teach.
    pub hover: bool,
    /// When an open file is looked at.
    pub run: Run,
}

impl Default for EditorSettings {
    fn default() -> Self {
        EditorSettings {
            select: None,
            ignore: Vec::new(),
            severity: Vec::new(),
            teach: None,
            target_version: None,
            hover: true,
            run: Run::default(),
        }
    }
}

impl EditorSettings {
    /// Reads the settings as the editor sends them, on their own or under the name of the section. What is wrong keeps
    /// the value that `last` has, and is told; so is a name that is like one of ours (a client may send others', too). Settings of the editor's extension alone (`path`, `trace`) are none of ours.
    pub fn read(value: &Value, last: &EditorSettings) -> (EditorSettings, Vec<String>) {
        let value = value.get(SECTION).or_else(|| value.get("settings")).unwrap_or(value);
        let value = value.get(SECTION).unwrap_or(value);
        let mut reader = Reader { value, problems: Vec::new() };
        reader.tell_misspelt();
        let default = EditorSettings::default();
        let settings = EditorSettings {
            // An editor that knows the setting sends an empty list where the user has said nothing.
            select: match reader.list("select") {
                Given::Value(select) => Some(select).filter(|select| !select.is_empty()),
                Given::Nothing => None,
                Given::Wrong => last.select.clone(),
            },
            ignore: reader.list("ignore").or(default.ignore, || last.ignore.clone()),
            severity: reader.severities().or(default.severity, || last.severity.clone()),
            teach: reader.word("teach", |word| word.parse().map(Some)).or(None, || last.teach),
            target_version: reader
                .word("targetVersion", |word| parse_target(word).map(Some))
                .or(None, || last.target_version),
            hover: reader.hover().or(true, || last.hover),
            run: reader.word("run", Run::from_str).or(Run::default(), || last.run),
        };
        (settings, reader.problems)
    }

    /// What these settings want of the configuration.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            severity: self.severity.clone(),
            teach: self.teach,
            target_version: self.target_version,
            ..Overrides::default()
        }
    }
}

/// What is said about one setting.
enum Given<T> {
    Value(T),
    Nothing,
    Wrong,
}

impl<T> Given<T> {
    fn or(self, nothing: T, wrong: impl FnOnce() -> T) -> T {
        match self {
            Given::Value(value) => value,
            Given::Nothing => nothing,
            Given::Wrong => wrong(),
        }
    }
}

struct Reader<'v> {
    value: &'v Value,
    problems: Vec<String>,
}

impl<'v> Reader<'v> {
    /// A setting by its name: as the editors write it (`targetVersion`) or as the files do (`target-version`).
    fn get(&self, key: &str) -> Option<&'v Value> {
        let kebab = key.replace("V", "-v");
        self.value.get(key).or_else(|| self.value.get(kebab)).filter(|value| !value.is_null())
    }

    fn tell_misspelt(&mut self) {
        for key in self.value.as_object().into_iter().flat_map(|settings| settings.keys()) {
            if !KEYS.contains(&key.as_str())
                && !key.starts_with("trace.")
                && let Some(known) = misspelt(key, KEYS)
            {
                self.problems.push(format!("unknown setting `{SECTION}.{key}`; did you mean `{known}`?"));
            }
        }
    }

    fn wrong<T>(&mut self, key: &str, message: impl std::fmt::Display) -> Given<T> {
        self.problems.push(format!("setting `{SECTION}.{key}`: {message}"));
        Given::Wrong
    }

    fn word<T>(&mut self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Given<T> {
        match self.get(key).map(Value::as_str) {
            None | Some(Some("")) => Given::Nothing,
            Some(None) => self.wrong(key, "write a string"),
            Some(Some(word)) => match read(word) {
                Ok(value) => Given::Value(value),
                Err(message) => self.wrong(key, message),
            },
        }
    }

    fn list(&mut self, key: &str) -> Given<Vec<Selector>> {
        let Some(value) = self.get(key) else { return Given::Nothing };
        let words = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        let Some(words) = words else { return self.wrong(key, "write a list of strings") };
        match words.into_iter().map(str::parse).collect::<Result<_, crate::config::UnknownSelector>>() {
            Ok(selectors) => Given::Value(selectors),
            Err(error) => self.wrong(key, error),
        }
    }

    fn severities(&mut self) -> Given<Vec<(Selector, Option<Severity>)>> {
        let key = "severity";
        let Some(value) = self.get(key) else { return Given::Nothing };
        let Some(table) = value.as_object() else {
            return self.wrong(key, "write an object such as {\"PP0301\": \"error\"}");
        };
        let mut severities = Vec::new();
        for (rule, value) in table {
            let selector = match rule.parse::<Selector>() {
                Ok(selector) => selector,
                Err(error) => return self.wrong(key, error),
            };
            let word = value.as_str().unwrap_or("");
            let severity = Severity::from_name(word);
            if severity.is_none() && word != "off" {
                let nearest = suggestion(word, Severity::ALL.map(Severity::as_str));
                let known = if nearest.is_empty() { "; write error, warning, info, hint or off" } else { &nearest };
                return self.wrong(key, format!("`{rule}`: unknown severity {value}{known}"));
            }
            severities.push((selector, severity));
        }
        Given::Value(severities)
    }

    fn hover(&mut self) -> Given<bool> {
        let nested = self.get("hover").and_then(|hover| hover.get("enable"));
        match self.get("hover.enable").or(nested).map(Value::as_bool) {
            None => Given::Nothing,
            Some(Some(hover)) => Given::Value(hover),
            Some(None) => self.wrong("hover.enable", "write true or false"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> (EditorSettings, Vec<String>) {
        EditorSettings::read(&value, &EditorSettings::default())
    }

    #[test]
    fn all_shapes_are_understood() {
        let settings = json!({
            "path": "x", "select": ["PP03"], "ignore": ["bare-exept", "PP0301"], "severity": {"PP0301": "error", "PP12": "off"},
            "teach": "nudge", "hover": {"enable": false}, "run": "onSave", "targetVersion": "3.9",
        });
        let (expected, problems) = read(settings.clone());
        assert_eq!(problems, ["setting `pyprep-lint.ignore`: unknown rule `bare-exept`; did you mean `bare-except`?"]);
        assert_eq!(expected.teach, Some(Teach::Nudge));
        assert_eq!(expected.target_version, Some(PythonVersion::PY39));
        assert!(!expected.hover);
        assert_eq!(expected.run, Run::OnSave);
        assert_eq!(expected.severity.len(), 2);
        assert_eq!(read(json!({"pyprep-lint": settings})).0, expected);
        assert_eq!(read(json!({"settings": {"pyprep-lint": settings}})).0, expected);
        assert_eq!(read(json!({"settings": settings})).0, expected);
    }

    #[test]
    fn nothing_said_is_the_default() {
        for nothing in
            [json!(null), json!({}), json!([]), json!({"select": [], "teach": "", "severity": {}, "run": null})]
        {
            assert_eq!(read(nothing), (EditorSettings::default(), Vec::new()));
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_keeps_the_last_value() {
        let last = EditorSettings { hover: false, run: Run::OnSave, ..EditorSettings::default() };
        let (settings, problems) = EditorSettings::read(&json!({"hover": {"enable": 1}, "run": "never"}), &last);
        assert_eq!(settings, last);
        assert_eq!(
            problems,
            [
                "setting `pyprep-lint.hover.enable`: write true or false",
                "setting `pyprep-lint.run`: unknown time `never`; write onType or onSave"
            ]
        );
        let (_, problems) = read(json!({"selct": ["PP03"], "python": {}, "trace.server": "off"}));
        assert_eq!(problems, ["unknown setting `pyprep-lint.selct`; did you mean `select`?"]);
        let (_, problems) = read(json!({"severity": {"PP0301": "eror"}, "teach": "expain"}));
        assert_eq!(
            problems,
            [
                "setting `pyprep-lint.severity`: `PP0301`: unknown severity \"eror\"; did you mean `error`?",
                "setting `pyprep-lint.teach`: `teach`: unknown level `expain`; did you mean `explain`?"
            ]
        );
    }
}
