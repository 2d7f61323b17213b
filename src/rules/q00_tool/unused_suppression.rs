//! PP0001: a `# pyprep: ignore[…]` that silences nothing. Known only when all findings are: `settle` asks for it.

use std::sync::LazyLock;

use ruff_text_size::{TextRange, TextSize};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fix::{Edit, Fix};
use crate::rules::{Check, Rule};
use crate::source::Source;
use crate::suppress::{OwnEntry, Suppressions};

pub const CHECKS: &[Check] = &[];

/// This rule.
pub fn rule() -> &'static Rule {
    static RULE: LazyLock<&'static Rule> = LazyLock::new(|| Rule::find("PP0001").expect("the rule has a page"));
    &RULE
}

/// A finding for each code that silences nothing. Codes of rules that did not run may silence something another time.
pub fn find(source: &Source, suppressions: &Suppressions, used: &[bool], config: &Config) -> Vec<Diagnostic> {
    suppressions
        .own_unused(used)
        .filter(|entry| Rule::find(&entry.code).is_none_or(|rule| config.is_enabled(rule)))
        .map(|entry| diagnostic(source, entry, config))
        .collect()
}

fn diagnostic(source: &Source, entry: &OwnEntry, config: &Config) -> Diagnostic {
    let message = match Rule::find(&entry.code) {
        _ if entry.code.is_empty() => "this comment silences nothing here; remove it".to_owned(),
        Some(_) => format!("`{}` silences nothing here; remove it from the comment", entry.code),
        None => format!("`{}` is no rule, so it silences nothing; remove or correct it", entry.code),
    };
    Diagnostic {
        names: vec![("code", entry.code.clone())],
        fixes: vec![Fix::safe("Remove what silences nothing", vec![Edit::delete(removal(source, entry))])],
        ..Diagnostic::new(rule(), entry.comment, config.severity(rule(), None), message)
    }
}

/// What to delete: the code with its comma, or the whole comment if it is the only code.
fn removal(source: &Source, entry: &OwnEntry) -> TextRange {
    let text = source.text();
    let after = &text[entry.range.end().to_usize()..entry.comment.end().to_usize()];
    let before = &text[entry.comment.start().to_usize()..entry.range.start().to_usize()];
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        let rest = rest.trim_start();
        return TextRange::new(entry.range.start(), entry.comment.end() - TextSize::of(rest));
    }
    if let Some(kept) = before.trim_end().strip_suffix(',') {
        return TextRange::new(entry.comment.start() + TextSize::of(kept), entry.range.end());
    }
    whole_comment(text, entry.comment)
}

/// The comment with the white space before it, and with its line if nothing else stands there.
fn whole_comment(text: &str, comment: TextRange) -> TextRange {
    let before = text[..comment.start().to_usize()].trim_end_matches([' ', '\t']);
    let start = TextSize::of(before);
    let after = &text[comment.end().to_usize()..];
    let is_alone = before.is_empty() || before.ends_with(['\n', '\r']);
    let line_end = match after.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    };
    let end = if is_alone { comment.end() + TextSize::new(line_end) } else { comment.end() };
    TextRange::new(start, end)
}
