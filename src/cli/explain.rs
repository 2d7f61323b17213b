//! `explain`: the page of a rule or a question.

use std::io::Write;

use annotate_snippets::renderer::{AnsiColor, Style};
use anyhow::bail;

use super::Status;
use super::args::ExplainArgs;
use crate::config::rule_suggestion;
use crate::guide::{for_readers, without_front_matter};
use crate::rules::{QUESTIONS, Question, RULES, Rule};

/// Prints the pages that the arguments name.
pub fn run(args: &ExplainArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let pages = args.what.iter().map(|word| page(word)).collect::<anyhow::Result<Vec<String>>>()?;
    let is_coloured = args.color.for_stdout();
    for (index, page) in pages.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        print(page, is_coloured, out)?;
    }
    Ok(Status::Clean)
}

fn page(word: &str) -> anyhow::Result<String> {
    if let Some(rule) = Rule::find(word) {
        return Ok(rule_page(rule));
    }
    // `PP03` is how `--select` writes question 3.
    let upper = word.to_ascii_uppercase();
    let number = upper.strip_prefix("PP").or(upper.strip_prefix('Q')).and_then(|number| number.parse::<u8>().ok());
    match number {
        Some(number) => match Question::find(number) {
            Some(question) => Ok(question_page(question)),
            None => {
                let known: Vec<String> = QUESTIONS.iter().map(|question| format!("Q{}", question.number)).collect();
                bail!("no page for the question `{word}`; there are {}", known.join(", "))
            }
        },
        None => bail!("unknown rule or question `{word}`{}", rule_suggestion(word)),
    }
}

fn rule_page(rule: &Rule) -> String {
    let fix = rule.fix.map_or("no fix".to_owned(), |fix| format!("{} fix", fix.as_str()));
    let mut facts = format!("`{}` {} · {} · {fix}", rule.code, rule.name, rule.severity.as_str());
    if let Some(question) = rule.question() {
        facts.push_str(&format!(" · Q{:02} {}", question.number, question.title));
    }
    with_facts(&for_readers(rule), &facts)
}

fn question_page(question: &Question) -> String {
    let mut facts = format!("Q{:02} · {}", question.number, question.level);
    let rules: Vec<String> = RULES
        .iter()
        .filter(|rule| rule.question == question.number)
        .map(|rule| format!("`{}` {}", rule.code, rule.name))
        .collect();
    if !rules.is_empty() {
        facts.push_str(&format!(" · rules: {}", rules.join(", ")));
    }
    with_facts(without_front_matter(question.page), &facts)
}

/// The page with a line of facts under its headline.
fn with_facts(page: &str, facts: &str) -> String {
    let body = page.trim_start();
    match body.split_once('\n') {
        Some((headline, rest)) if headline.starts_with("# ") => format!("{headline}\n\n{facts}\n{rest}"),
        _ => format!("{facts}\n\n{body}"),
    }
}

/// Markdown as it is, with headings and code set off on terminals.
fn print(page: &str, is_coloured: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let mut is_code = false;
    for line in page.trim_end().lines() {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        let style = match () {
            () if !is_coloured => Style::new(),
            () if is_fence => Style::new().dimmed(),
            () if is_code => AnsiColor::Cyan.on_default(),
            () if line.starts_with('#') => Style::new().bold(),
            () => Style::new(),
        };
        writeln!(out, "{style}{line}{style:#}")?;
    }
    Ok(())
}
