//! What the site's search knows of the pages.

use serde::Serialize;

use super::html::plain_text;
use super::reader::for_readers;
use super::site::page_path;
use super::{MARK, Page};
use crate::rules::{QUESTIONS, RULES};

/// A page as the search knows it.
#[derive(Debug, Serialize)]
pub struct Entry<'r> {
    url: String,
    code: String,
    name: &'r str,
    title: String,
    level: &'r str,
    symptoms: &'r [&'r str],
    text: String,
}

/// All pages.
pub fn entries() -> Vec<Entry<'static>> {
    let questions = QUESTIONS.iter().map(|question| Entry {
        url: page_path(question.path),
        code: format!("Q{:02}", question.number),
        name: question.topic(),
        title: plain_text(question.title),
        level: question.level,
        symptoms: &[],
        text: all_text(question.page),
    });
    let rules = RULES.iter().map(|rule| Entry {
        url: page_path(rule.path),
        code: rule.code.to_owned(),
        name: rule.name,
        title: plain_text(Page::parse(rule.page).headline),
        level: "",
        symptoms: rule.symptoms,
        text: all_text(&for_readers(rule)),
    });
    questions.chain(rules).collect()
}

/// All pages as a script, since a page that was opened as a file may not read other files.
pub fn script() -> String {
    let json = serde_json::to_string(&entries()).expect("texts can be written as JSON");
    format!("// {MARK}: the pages' texts, for the search.\nguide.pages({json});\n")
}

fn all_text(page: &str) -> String {
    Page::parse(page).sections.iter().map(|(_, text)| plain_text(text) + " ").collect()
}
