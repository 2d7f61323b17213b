//! Markdown for a browser: highlighted code, output that can be folded, rules' codes as links.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd, html};
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::highlight::highlight;
use super::site::page_path;
use crate::rules::Rule;

/// A page's text in HTML. `root` leads from the page to the site's first folder: `../`.
pub fn to_html(markdown: &str, root: &str) -> String {
    let mut events = Vec::new();
    let mut parser = Parser::new(markdown);
    let mut is_after_python = false;
    let mut link_depth = 0_usize;
    while let Some(event) = parser.next() {
        let was_after_python = std::mem::take(&mut is_after_python);
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let code = code_text(&mut parser);
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => "",
                };
                let language = info.split_whitespace().next().unwrap_or_default();
                is_after_python = language == "python";
                let block = match was_after_python && language == "text" {
                    true => output(&code),
                    false => figure(language, &code, ""),
                };
                events.push(Event::Html(block.into()));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                link_depth += 1;
                events.push(Event::Start(Tag::Link { link_type, dest_url: page_url(dest_url), title, id }));
            }
            Event::End(TagEnd::Link) => {
                link_depth -= 1;
                events.push(Event::End(TagEnd::Link));
            }
            Event::Text(text) if link_depth == 0 => link_codes(text, root, &mut events),
            // There is no HTML in the pages: `<lambda>` is meant as it stands.
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            event => events.push(event),
        }
    }
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    text
}

/// A line of Markdown, as in a headline.
pub fn line_to_html(markdown: &str, root: &str) -> String {
    let text = to_html(markdown, root);
    text.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

/// Text, as it may stand between tags or in an attribute.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    escape_html(&mut escaped, text).expect("a String takes everything");
    escaped
}

/// `**question** answer` in its two parts.
pub fn split_strong(markdown: &str) -> Option<(&str, &str)> {
    let is_strong = |event: &Event| matches!(event, Event::End(TagEnd::Strong));
    let (_, range) = Parser::new(markdown).into_offset_iter().find(|(event, _)| is_strong(event))?;
    let strong = markdown[range.clone()].strip_prefix("**")?.strip_suffix("**")?;
    (range.start == 0).then(|| (strong, markdown[range.end..].trim_start()))
}

/// What a reader of the page would read aloud, code included: for searching.
pub fn plain_text(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => {}
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code of the block whose start was read.
fn code_text(parser: &mut Parser) -> String {
    let texts = parser.by_ref().take_while(|event| !matches!(event, Event::End(TagEnd::CodeBlock)));
    texts.filter_map(|event| if let Event::Text(text) = event { Some(text.into_string()) } else { None }).collect()
}

/// What the script above prints: a question of its own.
fn output(text: &str) -> String {
    let figure = figure("text", text, "<figcaption>Output</figcaption>");
    format!("<details class=\"fold\" open><summary>What does it print?</summary>{figure}</details>\n")
}

fn figure(language: &str, code: &str, caption: &str) -> String {
    let mut text = format!("<figure class=\"code\" data-language=\"{}\">{caption}<pre><code>", escaped(language));
    for (part, class) in highlight(language, code.trim_end_matches('\n')) {
        let mut body = String::new();
        escape_html_body_text(&mut body, part).expect("a String takes everything");
        match class {
            Some(class) => text.push_str(&format!("<span class=\"{}\">{body}</span>", class.as_str())),
            None => text.push_str(&body),
        }
    }
    text.push_str("</code></pre></figure>\n");
    text
}

/// A link to one of our pages leads to the page in the site; other addresses stay.
fn page_url(url: CowStr<'_>) -> CowStr<'_> {
    if url.ends_with(".md") && !url.contains("://") { page_path(&url).into() } else { url }
}

/// The text with the codes of rules in it as links.
fn link_codes<'t>(text: CowStr<'t>, root: &str, events: &mut Vec<Event<'t>>) {
    let mut rest = 0;
    for (at, _) in text.match_indices("PP") {
        let Some(code) = text.get(at..at + 6) else { continue };
        let Some(rule) = Rule::find(code).filter(|_| at >= rest) else { continue };
        events.push(Event::Text(text[rest..at].to_owned().into()));
        events.push(Event::InlineHtml(format!("<a href=\"{root}{}\">{code}</a>", page_path(rule.path)).into()));
        rest = at + code.len();
    }
    events.push(if rest == 0 { Event::Text(text) } else { Event::Text(text[rest..].to_owned().into()) });
}
