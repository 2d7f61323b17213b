//! The pages as data: sections, code blocks, and the texts of a hover with the reader's names filled in. Below it, what is
//! made of them: whole pages in Markdown, the same in a terminal, and a web site.

mod ask;
pub mod highlight;
mod hover;
mod html;
mod index;
mod reader;
mod search;
mod site;
mod terminal;

use crate::rules::Question;

pub use ask::{Occasion, asked};
pub use hover::{hover, hover_silenced, nudge};
pub use index::index;
pub use reader::{for_readers, question_page, rule_page};
pub use search::{Entry, entries as search_entries};
pub use site::{MARK, SCRIPT, STYLE, SiteFile, SitePage, asked_page, page_path, site, site_page};
pub use terminal::Look;

/// The sections of a rule's page, in order.
pub const RULE_SECTIONS: [&str; 9] = [
    "Nudge",
    "What happens",
    "Bad",
    "What Python does",
    "Good",
    "When it is fine",
    "Fix",
    "A test that catches it",
    "Interview",
];

/// The sections of a question's page, in order.
pub const QUESTION_SECTIONS: [&str; 4] = ["The answer in short", "Example", "The common mistake", "Follow-up"];

/// The published guide that links lead to.
pub const GUIDE_URL: &str = "https://freebytes.in/tools/interview-questions/python.php";

/// A page, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'p> {
    /// The text of the `#` line.
    pub headline: &'p str,
    /// Title and text of each `##` section.
    pub sections: Vec<(&'p str, &'p str)>,
}

impl<'p> Page<'p> {
    /// Cuts a page up; its front matter is skipped.
    pub fn parse(text: &'p str) -> Page<'p> {
        let body = without_front_matter(text);
        let mut page = Page { headline: "", sections: Vec::new() };
        let mut fenced = false;
        let mut open: Option<(&str, usize)> = None;
        let mut at = 0;
        for line in body.split_inclusive('\n') {
            let start = at;
            at += line.len();
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            if let Some(title) = line.strip_prefix("## ") {
                if let Some((title, from)) = open.replace((title.trim(), at)) {
                    page.sections.push((title, body[from..start].trim()));
                }
            } else if let Some(headline) = line.strip_prefix("# ") {
                page.headline = headline.trim();
            }
        }
        if let Some((title, from)) = open {
            page.sections.push((title, body[from..].trim()));
        }
        page
    }

    /// The text of a section; empty if the page has none of that title.
    pub fn section(&self, title: &str) -> &'p str {
        self.sections.iter().find(|(name, _)| *name == title).map_or("", |(_, text)| text)
    }
}

/// The page below its front matter.
pub fn without_front_matter(text: &str) -> &str {
    text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(text, |(_, body)| body)
}

/// A fenced block of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'p> {
    /// The words after the opening fence: `python`, `python fixed`, `text`.
    pub info: &'p str,
    /// What stands between the fences, with its last line end.
    pub code: &'p str,
    /// Where the code starts in the text that was searched.
    pub offset: usize,
}

impl<'p> Block<'p> {
    /// Whether the block's language is `language`.
    pub fn is(&self, language: &str) -> bool {
        self.info.split_whitespace().next() == Some(language)
    }

    /// Whether one of the words after the language is `word`.
    pub fn has(&self, word: &str) -> bool {
        self.info.split_whitespace().skip(1).any(|found| found == word)
    }

    /// The value of a `key=value` word.
    pub fn value(&self, key: &str) -> Option<&'p str> {
        self.info.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }
}

/// The fenced blocks of a text.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(info) = line.strip_prefix("```") else { continue };
        match open.take() {
            Some((info, from)) => blocks.push(Block { info, code: &text[from..start], offset: from }),
            None => open = Some((info.trim(), at)),
        }
    }
    blocks
}

/// `text` with `{name}` replaced by the reader's own names. What nothing fills stays as it is.
pub fn fill(text: &str, names: &[(&'static str, String)]) -> String {
    names.iter().fold(text.to_owned(), |text, (key, value)| text.replace(&format!("{{{key}}}"), value))
}

/// How a test's marker starts: `# error[PP0301 info]: part of the message`.
pub const MARKER: &str = "# error";

/// The address of a question's answer: a fragment that lands on it, in the published guide or in `guide_url`.
pub fn url(question: &Question, guide_url: Option<&str>) -> String {
    let guide = guide_url.unwrap_or(GUIDE_URL);
    let mut url = format!("{guide}#:~:text=");
    for byte in question.fragment.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            // `-` and `,` have a meaning of their own in a text fragment.
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}
