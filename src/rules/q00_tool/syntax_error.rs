//! PP0002: what keeps the file from compiling, in plain words.

use ruff_text_size::{Ranged, TextRange};

use crate::analyse::FileResult;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::rules::{Check, Context, Finding, Rule, SyntaxErrors};
use crate::source::Source;

pub const CHECKS: &[Check] = &[Check::SyntaxErrors(check)];

fn check(errors: &SyntaxErrors, ctx: &mut Context) {
    for error in errors.parser {
        let range = error.location;
        ctx.report(Finding::new(range, error.error.to_string()));
    }
    for error in errors.unsupported {
        ctx.report(Finding::new(error.range(), error.to_string()));
    }
}

/// The result for a file that is nested more deeply than CPython allows.
pub fn too_nested(_source: &Source, range: TextRange, limit: &str, config: &Config) -> FileResult {
    let rule = Rule::find("PP0002").expect("the rule has a page");
    if !config.is_enabled(rule) {
        return FileResult::failed(format!("not analysed: more than {limit}; Python refuses it, too"));
    }
    FileResult::from(Diagnostic {
        rule,
        range,
        severity: config.severity(rule, None),
        message: format!("more than {limit}: Python refuses to compile this; split it up"),
        names: Vec::new(),
        steps: Vec::new(),
        related: Vec::new(),
        fixes: Vec::new(),
        statement: range.start(),
        scope: String::new(),
    })
}
