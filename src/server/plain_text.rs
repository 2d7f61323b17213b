//! Markdown as plain text, for clients that show no Markdown.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The text of a lesson without its marks: code in back-ticks, items behind dashes, links with their addresses.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut link = None;
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::Code(code) => text.extend(["`", &code, "`"]),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Item) => text.push_str("- "),
            Event::Start(Tag::Link { dest_url, .. }) => link = Some(dest_url),
            Event::End(TagEnd::Link) => {
                if let Some(url) = link.take() {
                    text.extend([": ", &url]);
                }
            }
            // The last item's line end is there already.
            Event::End(TagEnd::Item | TagEnd::List(_)) => text.push('\n'),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock) => text.push_str("\n\n"),
            Event::Start(Tag::List(_)) if text.ends_with("\n\n") => {
                text.pop();
            }
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_go_and_words_stay() {
        let markdown =
            "**`a` is *shared*** `PP0301`\n- once\n- twice\n\nWhy `x_y` *is* so.\n\n[Q03 How?](https://x.org/#a)\n";
        let expected = "`a` is shared `PP0301`\n- once\n- twice\n\nWhy `x_y` is so.\n\nQ03 How?: https://x.org/#a\n";
        assert_eq!(plain(markdown), expected);
    }
}
