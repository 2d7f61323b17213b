//! All questions and rules at a glance: `rules/README.md`, and what `guide` prints without words.

use super::reader::line_of;
use crate::rules::{QUESTIONS, Question, rules_of};

/// The questions of each level, in order.
pub fn levels() -> impl Iterator<Item = (&'static str, &'static [Question])> {
    QUESTIONS.chunk_by(|one, next| one.level == next.level).map(|questions| (questions[0].level, questions))
}

/// Every question with its rules, their severity and fix, by level, in Markdown. `link` makes an address of where a page
/// stands under `rules/`.
pub fn index(link: impl Fn(&str) -> String) -> String {
    let mut text = "# Questions and rules\n".to_owned();
    for (level, questions) in levels() {
        text.push_str(&format!("\n## {level}\n"));
        for question in questions {
            text.push_str(&format!("- **Q{:02}** [{}]({})\n", question.number, question.title, link(question.path)));
            question.rules().for_each(|rule| text.push_str(&format!("  {}", line_of(rule, &link(rule.path)))));
        }
    }
    text.push_str("\n## About the tool itself\n");
    rules_of(0).for_each(|rule| text.push_str(&line_of(rule, &link(rule.path))));
    text
}
