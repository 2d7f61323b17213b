//! The guide as a web site that needs neither network nor server: one page a question, one a rule, an index, and a search.
//! How it looks and what it does is in `site/`.

use serde::Serialize;

use super::html::{escaped, line_to_html, plain_text, split_strong, to_html};
use super::index::levels;
use super::reader::{fix, for_readers};
use super::{Occasion, Page, search, url};
use crate::rules::{QUESTIONS, Question, RULES, Rule, rules_of};

/// What the beginning of each file says, so that we overwrite only our own.
pub const MARK: &str = "pyprep-lint guide";

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFile {
    /// Where it belongs, from the site's first folder: `03-functions/index.html`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl SiteFile {
    fn new(path: &str, text: &str) -> SiteFile {
        SiteFile { path: path.to_owned(), text: text.to_owned() }
    }
}

/// How the pages look.
pub const STYLE: &str = include_str!("site/guide.css");

/// What the pages do.
pub const SCRIPT: &str = include_str!("site/guide.js");

/// All files of the site, whose links lead to the published guide or to the one at `guide_url`.
pub fn site(guide_url: Option<&str>) -> Vec<SiteFile> {
    let mut files = vec![
        SiteFile::new("assets/guide.css", STYLE),
        SiteFile::new("assets/early.js", include_str!("site/early.js")),
        SiteFile::new("assets/guide.js", SCRIPT),
        SiteFile::new("assets/search.js", &search::script()),
    ];
    let pages = std::iter::once(home())
        .chain(QUESTIONS.iter().map(|question| question_page(question, guide_url)))
        .chain(RULES.iter().map(rule_page));
    files.extend(pages.map(SitePage::into_file));
    files
}

/// A page of the site, for those who have a frame of their own to put it in.
#[derive(Clone, Debug, Serialize)]
pub struct SitePage {
    /// Where it belongs, from the site's first folder.
    pub path: String,
    /// What it is about, as plain text.
    pub title: String,
    /// What stands between `<body>` and `</body>`.
    pub body: String,
}

impl SitePage {
    fn into_file(self) -> SiteFile {
        let SitePage { path, title, body } = &self;
        let title = escaped(title);
        let slots = [("mark", MARK), ("title", &title), ("root", root(path)), ("path", path), ("body", body)];
        SiteFile::new(path, &fill_slots(include_str!("site/layout.html"), &slots))
    }
}

/// The page at this path.
pub fn site_page(path: &str, guide_url: Option<&str>) -> Option<SitePage> {
    if path == HOME {
        return Some(home());
    }
    let question = QUESTIONS.iter().find(|question| page_path(question.path) == path);
    let rule = || RULES.iter().find(|rule| page_path(rule.path) == path);
    question.map(|question| question_page(question, guide_url)).or_else(|| rule().map(rule_page))
}

/// The page of a question that is asked about the reader's own code.
pub fn asked_page(question: &Question, occasion: &Occasion<'_>, guide_url: Option<&str>) -> SitePage {
    let mut article = Article::default();
    article.add("Your code", &to_html(&occasion.to_markdown(), UP), "");
    question_page_from(article, question, guide_url)
}

/// Where the page `03-functions/README.md` stands in the site: `03-functions/index.html`.
pub fn page_path(markdown: &str) -> String {
    let page = markdown.trim_end_matches(".md");
    match page.strip_suffix("README") {
        Some(folder) => format!("{folder}index.html"),
        None => format!("{page}.html"),
    }
}

/// The path of the index.
const HOME: &str = "index.html";

/// The way from a question's or rule's page to the site's first folder.
const UP: &str = "../";

fn home() -> SitePage {
    let mut list = String::new();
    for (level, questions) in levels() {
        let id = slug(level);
        list.push_str(&format!(
            "<section class=\"level\" id=\"{id}\">\n<h2>{level}{}</h2>\n<ol>\n",
            anchor(&id, level)
        ));
        questions.iter().for_each(|question| list.push_str(&home_entry(question)));
        list.push_str("</ol>\n</section>\n");
    }
    let jumps: String = levels().map(|(level, _)| format!("<a href=\"#{}\">{level}</a>\n", slug(level))).collect();
    let asks: String = levels().map(|(level, _)| ask_button(level, level)).collect();
    let main = fill_slots(
        include_str!("site/home.html"),
        &[
            ("questions", &QUESTIONS.len().to_string()),
            ("rules", &RULES.len().to_string()),
            ("jumps", &jumps),
            ("asks", &asks),
            ("list", &list),
            ("tool", &rule_list(rules_of(0), "")),
        ],
    );
    page(HOME, "Python interview guide", "", &main)
}

/// A question in the index, its short answer folded away.
fn home_entry(question: &Question) -> String {
    let answer = Page::parse(question.page).section("The answer in short");
    format!(
        "<li value=\"{}\" id=\"q{0}\">\n<h3><a class=\"question\" href=\"{}\">{}</a></h3>\n\
         <details><summary>Answer<span class=\"hidden\"> to question {0}</span></summary>\n{}</details>\n{}</li>\n",
        question.number,
        page_path(question.path),
        line_to_html(question.title, ""),
        to_html(answer, ""),
        rule_list(question.rules(), ""),
    )
}

fn question_page(question: &Question, guide_url: Option<&str>) -> SitePage {
    question_page_from(Article::default(), question, guide_url)
}

/// The page of a question below what the article says already.
fn question_page_from(mut article: Article, question: &Question, guide_url: Option<&str>) -> SitePage {
    for (title, text) in Page::parse(question.page).sections {
        match split_strong(text).filter(|_| title == "Follow-up") {
            Some((asked, answer)) => {
                let asked = format!("<p class=\"asked\">{}</p>", line_to_html(asked, UP));
                article.add(title, &asked, &to_html(answer, UP));
            }
            None => article.add(title, "", &to_html(text, UP)),
        }
    }
    let rules = rule_list(question.rules(), UP);
    if !rules.is_empty() {
        article.add("Rules that catch it", "", &rules);
    }
    let Question { number, level, title, .. } = question;
    let asks = ask_button(level, &format!("Another {level} question")) + &ask_button("", "Any question");
    let at = QUESTIONS.iter().position(|other| other.number == *number).unwrap_or_default();
    let main = fill_slots(
        include_str!("site/question.html"),
        &[
            ("number", &number.to_string()),
            ("level", level),
            ("level-id", &slug(level)),
            ("title", &line_to_html(title, UP)),
            ("sections", &article.sections),
            ("asks", &asks),
            ("published", &escaped(&url(question, guide_url))),
            (
                "neighbours",
                &neighbours(QUESTIONS, at, |other| (other.path, format!("Q{:02} {}", other.number, other.title))),
            ),
        ],
    );
    page(&page_path(question.path), title, &article.contents, &main)
}

fn rule_page(rule: &Rule) -> SitePage {
    let shown = for_readers(rule);
    let parsed = Page::parse(&shown);
    let mut article = Article::default();
    for (title, text) in &parsed.sections {
        match *title {
            // The question to think about is never folded.
            "Nudge" => article.add(title, &to_html(text, UP), ""),
            _ => article.add(title, "", &to_html(text, UP)),
        }
    }
    article.add("Symptoms and other names", "", &relatives(rule));
    let question = rule.question().map_or_else(
        || format!("<a href=\"{UP}index.html#tool\">About the tool itself</a>"),
        |question| {
            format!(
                "<a href=\"{UP}{}\">Q{:02} {}</a>",
                page_path(question.path),
                question.number,
                escaped(question.title)
            )
        },
    );
    let main = fill_slots(
        include_str!("site/rule.html"),
        &[
            ("question", &question),
            ("code", rule.code),
            ("name", rule.name),
            ("headline", &line_to_html(parsed.headline, UP)),
            ("severity", rule.severity.as_str()),
            ("fix", &fix(rule)),
            ("since", rule.since),
            ("sections", &article.sections),
            (
                "neighbours",
                &neighbours(RULES, rule.index, |other| (other.path, format!("{} {}", other.code, other.name))),
            ),
        ],
    );
    page(&page_path(rule.path), &format!("{} {}", rule.code, rule.name), &article.contents, &main)
}

/// The sections of a page, and the list of them.
#[derive(Default)]
struct Article {
    sections: String,
    contents: String,
}

impl Article {
    /// Adds a section; what is `folded` is hidden in interview mode until the reader asks for it.
    fn add(&mut self, title: &str, open: &str, folded: &str) {
        let id = slug(title);
        self.contents.push_str(&format!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        self.sections.push_str(&format!("<section id=\"{id}\">\n<h2>{title}{}</h2>\n{open}", anchor(&id, title)));
        if !folded.is_empty() {
            self.sections.push_str(&format!(
                "<details class=\"fold\" open><summary><span class=\"shut\">Show</span><span class=\"open\">Hide</span><span class=\"hidden\"> {title}</span></summary>\n{folded}</details>\n"
            ));
        }
        self.sections.push_str("</section>\n");
    }
}

/// A page around its `main` part.
fn page(path: &str, title: &str, contents: &str, main: &str) -> SitePage {
    let slots = [("root", root(path)), ("contents", contents), ("main", main)];
    SitePage {
        path: path.to_owned(),
        title: plain_text(title),
        body: fill_slots(include_str!("site/body.html"), &slots),
    }
}

/// The way from a page to the site's first folder.
fn root(path: &str) -> &'static str {
    if path.contains('/') { UP } else { "" }
}

fn rule_list(rules: impl Iterator<Item = &'static Rule>, root: &str) -> String {
    let entries: String = rules
        .map(|rule| {
            let severity = rule.severity.as_str();
            format!(
                "<li id=\"{}\"><a href=\"{root}{}\"><code>{}</code> {}</a> <span class=\"severity {severity}\">{severity}</span> \
                 <span class=\"fix\">{}</span></li>\n",
                slug(rule.code),
                page_path(rule.path),
                rule.code,
                rule.name,
                fix(rule),
            )
        })
        .collect();
    if entries.is_empty() { entries } else { format!("<ul class=\"rules\">\n{entries}</ul>\n") }
}

/// What leads to a rule: words to search for, other tools' names, related rules.
fn relatives(rule: &Rule) -> String {
    let symptoms: String = rule.symptoms.iter().map(|symptom| format!("<li>{}</li>\n", escaped(symptom))).collect();
    let mut text = format!("<ul class=\"symptoms\">\n{symptoms}</ul>\n");
    if !rule.equivalents.is_empty() {
        let names: Vec<String> =
            rule.equivalents.iter().map(|name| format!("<code>{}</code>", escaped(name))).collect();
        text.push_str(&format!("<p>Other tools call it {}.</p>\n", names.join(", ")));
    }
    let related: Vec<&Rule> = rule.see_also.iter().filter_map(|code| Rule::find(code)).collect();
    if !related.is_empty() {
        let links = related
            .iter()
            .map(|rule| format!("<a href=\"{UP}{}\">{} {}</a>", page_path(rule.path), rule.code, rule.name));
        text.push_str(&format!("<p>See also {}.</p>\n", links.collect::<Vec<_>>().join(", ")));
    }
    text
}

/// The links to the pages before and after one.
fn neighbours<T>(all: &[T], at: usize, entry: impl Fn(&T) -> (&str, String)) -> String {
    let link = |other: Option<&T>, relation: &str, word: &str| {
        other.map_or_else(String::new, |other| {
            let (path, title) = entry(other);
            let title = escaped(&plain_text(&title));
            format!("<a rel=\"{relation}\" href=\"{UP}{}\"><small>{word}</small> {title}</a>\n", page_path(path))
        })
    };
    link(at.checked_sub(1).and_then(|at| all.get(at)), "prev", "Before") + &link(all.get(at + 1), "next", "Next")
}

/// Opens a question of a level at random, or of any if `level` is empty.
fn ask_button(level: &str, text: &str) -> String {
    format!("<button type=\"button\" data-ask=\"{level}\">{text}</button>\n")
}

fn anchor(id: &str, title: &str) -> String {
    format!(" <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to {title}\">#</a>")
}

/// `What Python does` → `what-python-does`.
fn slug(title: &str) -> String {
    title.to_lowercase().split(|char: char| !char.is_ascii_alphanumeric()).collect::<Vec<_>>().join("-")
}

/// The template with every `{{name}}` replaced. What is put in is not looked at again.
fn fill_slots(template: &str, slots: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("a template closes its slots");
        let found = slots.iter().find(|(slot, _)| *slot == name);
        let (_, value) = found.unwrap_or_else(|| panic!("nothing fills the slot {name} of a template"));
        text.push_str(before);
        text.push_str(value);
        rest = after;
    }
    text + rest
}
