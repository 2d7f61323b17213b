//! `rules`: the table of all rules.

use std::io::Write;

use serde::Serialize;

use super::args::{ListFormat, RulesArgs};
use super::{Status, links};
use crate::guide;
use crate::rules::{RULES, Rule};

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    default: bool,
    fix: Option<&'static str>,
    question: Option<u8>,
    title: Option<&'static str>,
    equivalents: &'static [&'static str],
    since: &'static str,
    url: Option<String>,
}

impl Entry {
    fn new(rule: &'static Rule, guide_url: Option<&str>) -> Entry {
        Entry {
            code: rule.code,
            name: rule.name,
            severity: rule.severity.as_str(),
            default: rule.on_by_default,
            fix: rule.fix.map(|fix| fix.as_str()),
            question: (rule.question > 0).then_some(rule.question),
            title: rule.question().map(|question| question.title),
            equivalents: rule.equivalents,
            since: rule.since,
            url: rule.question().map(|question| guide::url(question, guide_url)),
        }
    }
}

/// Prints all rules.
pub fn run(args: &RulesArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let guide_url = links::guide_url();
    let entries: Vec<Entry> = RULES.iter().map(|rule| Entry::new(rule, guide_url.as_deref())).collect();
    match args.output_format {
        ListFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&entries)?)?,
        ListFormat::Text => {
            let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or_default();
            for Entry { code, name, severity, default, fix, question, title, .. } in entries {
                let question = question.map_or_else(|| "–".to_owned(), |number| format!("Q{number:02}"));
                let (fix, title) = (fix.unwrap_or("–"), title.unwrap_or_default());
                let when = if default { "" } else { "  (opt-in)" };
                let line = format!("{code}  {name:width$}  {severity:7}  {fix:6}  {question:3}  {title}{when}");
                writeln!(out, "{}", line.trim_end())?;
            }
        }
    }
    Ok(Status::Clean)
}
