//! The lessons that are shown where the cursor is, in Markdown.

use super::reader::example_names;
use super::{Page, fill, url};
use crate::config::{Config, Teach};
use crate::diagnostic::Diagnostic;
use crate::rules::{Question, Rule};

/// The lesson of a finding, in Markdown: what happens in the reader's code, the remedy, the question's link, and why.
/// How much of it, and in which order, is a matter of [`Teach`]. The first line stands for itself.
pub fn hover(diagnostic: &Diagnostic, config: &Config) -> String {
    let page = Page::parse(diagnostic.rule.page);
    let section = |title: &str| fill(page.section(title), &diagnostic.names);
    let steps: String = diagnostic.steps.iter().map(|step| format!("\n- {}", step.text)).collect();
    let headline = |text: &str| format!("**{text}** `{}`", diagnostic.rule.code);
    let mut parts = match config.teach {
        Teach::Nudge => vec![headline(&nudge(diagnostic))],
        Teach::Explain => vec![headline(&diagnostic.message) + &steps, section("Fix")],
        Teach::Fix => vec![headline(&diagnostic.message), section("Fix") + &steps],
    };
    parts.extend(question_link(diagnostic.question, config));
    // Last, below its question: editors show little of a hover without scrolling.
    parts.extend((config.teach != Teach::Nudge).then(|| section("What happens")));
    parts.join("\n\n") + "\n"
}

/// The question to think about that a finding asks, in Markdown.
pub fn nudge(diagnostic: &Diagnostic) -> String {
    fill(Page::parse(diagnostic.rule.page).section("Nudge"), &diagnostic.names)
}

/// What a comment silences, in Markdown: what happens there all the same, in the reader's names if there is a finding.
pub fn hover_silenced(rule: &Rule, finding: Option<&Diagnostic>, config: &Config) -> String {
    let page = Page::parse(rule.page);
    let names = finding.map_or_else(|| example_names(rule), |finding| finding.names.clone());
    let verb = if finding.is_some() { "is silenced here" } else { "would be silenced here" };
    let headline = format!("`{}` **{}** {verb}: {}", rule.code, rule.name, page.headline);
    let mut parts = vec![headline, fill(page.section("What happens"), &names)];
    parts.extend(question_link(finding.map_or(rule.question, |finding| finding.question), config));
    parts.join("\n\n") + "\n"
}

/// The link to a question's answer, in Markdown.
fn question_link(question: u8, config: &Config) -> Option<String> {
    let question = Question::find(question)?;
    let url = url(question, config.guide_url.as_deref());
    Some(format!("[Q{:02} {}]({url})", question.number, question.title))
}
