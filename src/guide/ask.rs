//! A question that is asked about the reader's own code: the answer is folded.

use super::reader::question_page;
use crate::rules::Question;

/// What the question is about.
#[derive(Clone, Debug)]
pub struct Occasion<'o> {
    /// The reader's lines.
    pub snippet: &'o str,
    /// Where they are: `shop.py, line 3`.
    pub place: &'o str,
    /// What was found there.
    pub message: &'o str,
    /// Something to think about first.
    pub nudge: &'o str,
}

impl Occasion<'_> {
    /// What was found where, and something to think about.
    pub fn to_markdown(&self) -> String {
        let Occasion { snippet, place, message, nudge } = self;
        format!(
            "In your own code, {place}:\n\n```python\n{snippet}\n```\n\npyprep-lint says: {message}.\n\n\
             **Think first.** {nudge}\n\nThen answer aloud, as in an interview, before you unfold what follows.\n"
        )
    }
}

/// The page of a question, in Markdown, with its occasion above the folded answer.
pub fn asked(question: &Question, occasion: &Occasion<'_>, guide_url: Option<&str>) -> String {
    let page = question_page(question, guide_url);
    let (headline, answer) = page.split_once('\n').unwrap_or((&page, ""));
    format!(
        "{headline}\n\n{}\n<details>\n<summary>The answer</summary>\n\n{}\n\n</details>\n",
        occasion.to_markdown(),
        answer.trim()
    )
}
