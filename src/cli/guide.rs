//! `guide` (also `explain`): the pages in the terminal.

use std::io::Write;

use anyhow::bail;

use super::args::GuideArgs;
use super::{Status, pager};
use crate::config::rule_suggestion;
use crate::guide::{self, Look};
use crate::rules::{QUESTIONS, Question, Rule};

/// Longer lines of prose are hard to read.
const MAX_WIDTH: usize = 100;

/// Prints the pages that the arguments name, or the index.
pub fn run(args: &GuideArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let pages = match &args.what[..] {
        [] => vec![guide::index()],
        words => words.iter().map(|word| page(word)).collect::<anyhow::Result<_>>()?,
    };
    let width = pager::screen().map(|(columns, _)| columns.min(MAX_WIDTH));
    let look = Look { width, is_styled: args.color.for_stdout() };
    let texts: Vec<String> = pages.iter().map(|page| look.render(page)).collect();
    pager::print(&texts.join("\n"), out)?;
    Ok(Status::Clean)
}

/// The page of a rule (by code or name) or of a question: `Q3`, `3`, `functions`, or `PP03` as `--select` writes it.
fn page(word: &str) -> anyhow::Result<String> {
    if let Some(rule) = Rule::find(word) {
        return Ok(guide::rule_page(rule));
    }
    let upper = word.to_ascii_uppercase();
    let number = upper.strip_prefix("PP").or(upper.strip_prefix('Q')).unwrap_or(&upper).parse::<u8>();
    let question = match number {
        Ok(number) => Question::find(number),
        Err(_) => QUESTIONS.iter().find(|question| question.topic().eq_ignore_ascii_case(word)),
    };
    match (question, number) {
        (Some(question), _) => Ok(guide::question_page(question)),
        (None, Ok(_)) => bail!("there is no question `{word}`; `pyprep-lint guide` lists all"),
        (None, Err(_)) => {
            bail!("unknown rule or question `{word}`{}", rule_suggestion(word, QUESTIONS.iter().map(Question::topic)))
        }
    }
}
