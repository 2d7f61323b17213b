//! What the user asked for, resolved: which rules run, how bad their findings are, for which Python.
//!
//! [`Resolver`] finds the [`Settings`] of a file, and these give the [`Config`] that its analysis takes. Nothing here
//! prints: every problem is a [`ConfigError`].

mod file;
mod paths;
mod select;
mod settings;
mod teach;
mod version;

use ruff_python_ast::{NodeKind, PythonVersion};

use crate::python::model::{NODE_KINDS, NodeKinds};

use crate::diagnostic::Severity;
use crate::rules::{Check, RULES, Rule};

pub use file::{ConfigError, DEDICATED, PYPROJECT};
pub use paths::PathPattern;
pub use select::{Selector, UnknownSelector, rule_suggestion};
pub use settings::{Overrides, Resolver, Settings};
pub use teach::Teach;
pub use version::parse_target;

/// The target version where neither configuration nor `requires-python` names one.
pub const DEFAULT_TARGET: PythonVersion = PythonVersion::PY310;

/// The configuration of one file's analysis.
#[derive(Clone, Debug)]
pub struct Config {
    enabled: Vec<bool>,
    severities: Vec<Option<Severity>>,
    /// The oldest Python that the code must run on.
    pub target_version: PythonVersion,
    /// Whether the user or the project named that version; else syntax that is too new for it is no error.
    pub names_target_version: bool,
    /// Whether `# pyprep: ignore`, `# noqa` and peers' comments silence findings.
    pub suppressions: bool,
    /// How much a lesson gives away.
    pub teach: Teach,
    /// Where links lead instead of the published guide.
    pub guide_url: Option<String>,
    dispatch: Dispatch,
}

impl Default for Config {
    fn default() -> Self {
        Config::new(RULES.iter().filter(|rule| rule.on_by_default), DEFAULT_TARGET)
    }
}

impl Config {
    /// A configuration that runs these rules and nothing else.
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r Rule>, target_version: PythonVersion) -> Config {
        let mut enabled = vec![false; RULES.len()];
        for rule in rules {
            enabled[rule.index] = true;
        }
        Config {
            dispatch: Dispatch::new(&enabled),
            enabled,
            severities: vec![None; RULES.len()],
            target_version,
            names_target_version: false,
            suppressions: true,
            teach: Teach::default(),
            guide_url: None,
        }
    }

    /// The same configuration for these rules and no others.
    pub fn with_rules<'r>(&self, rules: impl IntoIterator<Item = &'r Rule>) -> Config {
        let Config { enabled, dispatch, .. } = Config::new(rules, self.target_version);
        Config { enabled, dispatch, ..self.clone() }
    }

    /// Gives all findings of `rule` one severity, whatever the rule says.
    pub fn set_severity(&mut self, rule: &Rule, severity: Severity) {
        self.severities[rule.index] = Some(severity);
    }

    /// Whether the rule runs.
    pub fn is_enabled(&self, rule: &Rule) -> bool {
        self.enabled[rule.index]
    }

    /// The severity that a finding of `rule` gets.
    pub(crate) fn severity(&self, rule: &Rule, own: Option<Severity>) -> Severity {
        self.severities[rule.index].unwrap_or(own.unwrap_or(rule.severity))
    }

    pub(crate) fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }
}

/// A check together with its rule.
pub(crate) type Registered = (&'static Rule, &'static Check);

/// The checks of the enabled rules, by the kind of node that they want.
#[derive(Clone, Debug)]
pub(crate) struct Dispatch {
    by_kind: Vec<Vec<Registered>>,
    /// The kinds that some check wants. Most nodes are names and literals, which none does.
    pub(crate) wanted: NodeKinds,
    /// Those that are called once or per scope.
    pub(crate) others: Vec<Registered>,
}

impl Dispatch {
    fn new(enabled: &[bool]) -> Dispatch {
        let mut dispatch =
            Dispatch { by_kind: vec![Vec::new(); NODE_KINDS], wanted: NodeKinds::default(), others: Vec::new() };
        for rule in RULES.iter().filter(|rule| enabled[rule.index]) {
            for check in rule.checks {
                match check.kind() {
                    Some(kind) => {
                        dispatch.by_kind[kind as usize].push((rule, check));
                        dispatch.wanted.insert(kind);
                    }
                    None => dispatch.others.push((rule, check)),
                }
            }
        }
        dispatch
    }

    pub(crate) fn of(&self, kind: NodeKind) -> &[Registered] {
        &self.by_kind[kind as usize]
    }
}
