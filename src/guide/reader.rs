//! Whole pages as readers see them, in Markdown: no front matter, no gaps, no markers; facts below the headline.

use super::{MARKER, Page, blocks, fill, url, without_front_matter};
use crate::analyse::{settle, together};
use crate::config::{Config, DEFAULT_TARGET};
use crate::diagnostic::Severity;
use crate::fix::Applicability;
use crate::rules::{Question, Rule};
use crate::source::Source;

/// A rule's page, with what there is to know of the rule under its headline.
pub fn rule_page(rule: &Rule) -> String {
    let mut facts = format!("`{}` {} · {}", rule.code, rule.name, grades(rule));
    if let Some(question) = rule.question() {
        facts.push_str(&format!(" · Q{:02} {}", question.number, question.title));
    }
    with_facts(&for_readers(rule), &facts)
}

/// A question's page. It ends with the rules that catch its mistakes, and with the way to the published guide, or to the one
/// at `guide_url`.
pub fn question_page(question: &Question, guide_url: Option<&str>) -> String {
    let facts = format!("Q{:02} · {}", question.number, question.level);
    let mut page = with_facts(without_front_matter(question.page), &facts);
    let rules: Vec<String> = question.rules().map(|rule| line_of(rule, file_name(rule.path))).collect();
    if !rules.is_empty() {
        page.push_str(&format!("\n## Rules that catch it\n{}", rules.concat()));
    }
    page.push_str(&format!("\n[This answer in the published guide]({})\n", url(question, guide_url)));
    page
}

/// A rule as an entry of a list, with a link to its page.
pub fn line_of(rule: &Rule, link: &str) -> String {
    let headline = Page::parse(rule.page).headline;
    format!("- `{}` [{}]({link}) · {} · {headline}\n", rule.code, rule.name, grades(rule))
}

/// The last part of a page's path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// How bad the rule's findings are, and how sure its fix is.
fn grades(rule: &Rule) -> String {
    format!("{} · {}", rule.severity.as_str(), fix(rule))
}

/// `safe fix`, `no fix`, `unsafe fix · opt-in`: how sure its fix is, and whether one has to ask for the rule.
pub fn fix(rule: &Rule) -> String {
    let when = if rule.on_by_default { "" } else { " · opt-in" };
    format!("{} fix{when}", rule.fix.map_or("no", Applicability::as_str))
}

/// The page with a line of facts under its headline.
fn with_facts(page: &str, facts: &str) -> String {
    let body = page.trim_start();
    match body.split_once('\n') {
        Some((headline, rest)) if headline.starts_with("# ") => format!("{headline}\n\n{facts}\n{rest}"),
        _ => format!("{facts}\n\n{body}"),
    }
}

/// A rule's page as readers see it: its text speaks of its own first example, and the tests' markers say which rule finds what.
pub fn for_readers(rule: &Rule) -> String {
    let names = example_names(rule);
    let mut shown = String::with_capacity(rule.page.len());
    let mut is_code = false;
    for line in without_front_matter(rule.page).split_inclusive('\n') {
        is_code ^= line.starts_with("```");
        match line.split_once(MARKER) {
            Some((code, marker)) if is_code && marker.starts_with(['[', ':', '\n']) => {
                shown.push_str(code);
                shown.extend(marker.split(MARKER).map(|marker| remark(rule, marker)));
            }
            _ if is_code => shown.push_str(line),
            _ => shown.push_str(&fill(line, &names)),
        }
    }
    shown
}

/// `[PP0301 info nofix]: text` → `# PP0301 info: text`.
fn remark(rule: &Rule, marker: &str) -> String {
    let (words, text) = marker.strip_prefix('[').and_then(|rest| rest.split_once(']')).unwrap_or(("", marker));
    let severity = words.split_whitespace().find_map(Severity::from_name).unwrap_or(rule.severity);
    format!("# {} {}{text}", rule.code, severity.as_str())
}

/// The names that the rule's findings in its own *Bad* examples would fill in.
pub fn example_names(rule: &Rule) -> Vec<(&'static str, String)> {
    let config = Config::new([rule], DEFAULT_TARGET);
    let bad = blocks(Page::parse(rule.page).section("Bad"));
    let sources = bad.iter().filter(|block| block.is("python"));
    let sources: Vec<Source> =
        sources.map(|block| Source::from_text(block.value("file").unwrap_or("example.py"), block.code)).collect();
    let (project, results) = together(&sources, &config);
    let found = sources.iter().zip(&results).flat_map(|(source, result)| settle(source, result, &project, &config));
    found.filter(|diagnostic| diagnostic.rule == rule).flat_map(|diagnostic| diagnostic.names).collect()
}
