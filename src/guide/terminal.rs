//! Markdown for a terminal: prose is wrapped, headings and code are set off by style. Where there is no style, Markdown's
//! own marks stay.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::highlight::{Class, highlight};

/// What the terminal can do.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// How wide prose may be; a paragraph is one line if `None`. Code is never wrapped.
    pub width: Option<usize>,
    /// Whether styles can be shown.
    pub is_styled: bool,
}

impl Look {
    /// The text of a page.
    pub fn render(self, markdown: &str) -> String {
        let mut screen = Screen {
            look: self,
            text: String::new(),
            prose: Vec::new(),
            styles: Vec::new(),
            lists: Vec::new(),
            bullet: None,
            code: None,
            link: None,
        };
        Parser::new(markdown).for_each(|event| screen.take(event));
        screen.text
    }
}

/// A page that is being written.
struct Screen<'m> {
    look: Look,
    text: String,
    /// The prose of the open block.
    prose: Vec<Piece>,
    /// The open styles, the innermost last.
    styles: Vec<Style>,
    /// The open lists: the number of the next item, if they are numbered.
    lists: Vec<Option<u64>>,
    /// What stands before the first line of an item.
    bullet: Option<String>,
    /// The open code block: what its opening fence says, and the code.
    code: Option<(String, String)>,
    /// Where the open link leads.
    link: Option<CowStr<'m>>,
}

/// A part of a paragraph.
struct Piece {
    style: Style,
    text: String,
    /// Whether lines may end at its spaces.
    breaks: bool,
}

impl<'m> Screen<'m> {
    fn take(&mut self, event: Event<'m>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.say(&text),
            },
            Event::Code(code) if self.look.is_styled => {
                self.add(AnsiColor::Cyan.on_default(), code.into_string(), false)
            }
            Event::Code(code) => self.add(Style::new(), format!("`{code}`"), false),
            Event::SoftBreak => self.say(" "),
            Event::HardBreak => self.end_line(),
            // There is no HTML in the pages: `<lambda>` is meant as it stands.
            Event::Html(text) | Event::InlineHtml(text) => self.say(&text),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'m>) {
        match tag {
            Tag::Paragraph => self.start_block(),
            Tag::Heading { level, .. } => {
                self.start_block();
                let style = match level {
                    HeadingLevel::H1 => Style::new().bold(),
                    _ => AnsiColor::BrightBlue.on_default().bold(),
                };
                self.styles.push(style);
                if !self.look.is_styled {
                    self.say(&format!("{} ", "#".repeat(level as usize)));
                }
            }
            Tag::CodeBlock(kind) => {
                self.start_block();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::List(first) => {
                self.end_line();
                if self.lists.is_empty() {
                    self.start_block();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_line();
                self.bullet = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            Tag::Strong => self.emphasise("**", Effects::BOLD),
            Tag::Emphasis => self.emphasise("*", Effects::ITALIC),
            Tag::Link { dest_url, .. } => self.link = Some(dest_url),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Item => self.end_line(),
            TagEnd::Heading(_) => {
                self.end_line();
                self.styles.pop();
            }
            TagEnd::CodeBlock => {
                if let Some((info, code)) = self.code.take() {
                    self.show_code(&info, &code);
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Strong => self.end_emphasis("**"),
            TagEnd::Emphasis => self.end_emphasis("*"),
            TagEnd::Link => {
                // A page of ours is opened by its name, not by its file.
                if let Some(url) = self.link.take().filter(|url| url.contains("://")) {
                    self.say(&format!(" ({url})"));
                }
            }
            _ => {}
        }
    }

    /// Opens a style, or writes the mark that stands for it.
    fn emphasise(&mut self, mark: &str, effect: Effects) {
        if !self.look.is_styled {
            self.say(mark);
        }
        let outer = self.style();
        self.styles.push(outer.effects(outer.get_effects() | effect));
    }

    fn end_emphasis(&mut self, mark: &str) {
        self.styles.pop();
        if !self.look.is_styled {
            self.say(mark);
        }
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn say(&mut self, text: &str) {
        self.add(self.style(), text.to_owned(), true);
    }

    fn add(&mut self, style: Style, text: String, breaks: bool) {
        let style = if self.look.is_styled { style } else { Style::new() };
        self.prose.push(Piece { style, text, breaks });
    }

    /// Puts an empty line before a block, unless it is the first one, or stands beside its bullet.
    fn start_block(&mut self) {
        self.end_line();
        if !self.text.is_empty() && self.bullet.is_none() {
            self.text.push('\n');
        }
    }

    /// Writes the prose of the open block.
    fn end_line(&mut self) {
        let prose = std::mem::take(&mut self.prose);
        if prose.is_empty() {
            return;
        }
        let indent: usize = self.lists.iter().map(|list| if list.is_some() { 3 } else { 2 }).sum();
        let limit = self.look.width.unwrap_or(usize::MAX);
        let mut line = Line::new(format!("{:>indent$}", self.bullet.take().unwrap_or_default()));
        for word in words(&prose) {
            let width: usize = word.iter().map(|(_, text)| text.width()).sum();
            if line.width > indent && line.width + 1 + width > limit {
                self.text.push_str(&line.finish());
                line = Line::new(" ".repeat(indent));
            } else if line.width > indent {
                // A space between two words of one style has that style, too.
                let style = word.first().map_or(Style::new(), |(style, _)| *style);
                line.add(if style == line.style { style } else { Style::new() }, " ");
            }
            word.iter().for_each(|(style, text)| line.add(*style, text));
        }
        self.text.push_str(&line.finish());
    }

    fn show_code(&mut self, info: &str, code: &str) {
        let language = info.split_whitespace().next().unwrap_or_default();
        if !self.look.is_styled {
            self.text.push_str(&format!("```{language}\n{code}```\n"));
            return;
        }
        let mut is_line_start = true;
        for (part, class) in highlight(language, code) {
            let style = class.map_or(Style::new(), style_of);
            // A string may be longer than a line, a style must not.
            for line in part.split_inclusive('\n') {
                let text = line.trim_end_matches('\n');
                if !text.is_empty() {
                    let margin = if is_line_start { "    " } else { "" };
                    self.text.push_str(&format!("{margin}{style}{text}{style:#}"));
                }
                is_line_start = line.ends_with('\n');
                if is_line_start {
                    self.text.push('\n');
                }
            }
        }
    }
}

/// A line of prose that is being written.
struct Line {
    text: String,
    width: usize,
    /// The style that is switched on at its end.
    style: Style,
}

impl Line {
    fn new(margin: String) -> Line {
        Line { width: margin.width(), text: margin, style: Style::new() }
    }

    fn add(&mut self, style: Style, text: &str) {
        if style != self.style {
            self.text.push_str(&format!("{:#}{style}", self.style));
            self.style = style;
        }
        self.text.push_str(text);
        self.width += text.width();
    }

    fn finish(self) -> String {
        format!("{}{:#}\n", self.text, self.style)
    }
}

/// The words of a paragraph, each in pieces of one style.
fn words(prose: &[Piece]) -> Vec<Vec<(Style, &str)>> {
    let mut words = vec![Vec::new()];
    for Piece { style, text, breaks } in prose {
        let mut parts = text.split(|char: char| *breaks && char.is_whitespace());
        if let (Some(first), Some(word)) = (parts.next(), words.last_mut()) {
            word.push((*style, first));
        }
        words.extend(parts.map(|part| vec![(*style, part)]));
    }
    words.iter_mut().for_each(|word| word.retain(|(_, text)| !text.is_empty()));
    words.retain(|word| !word.is_empty());
    words
}

fn style_of(class: Class) -> Style {
    match class {
        Class::Keyword => AnsiColor::Magenta.on_default(),
        Class::Definition => AnsiColor::BrightBlue.on_default(),
        Class::Builtin => AnsiColor::Cyan.on_default(),
        Class::Decorator | Class::Constant => AnsiColor::Yellow.on_default(),
        Class::String => AnsiColor::Green.on_default(),
        Class::Comment => Style::new().dimmed(),
        Class::Finding => AnsiColor::Yellow.on_default().bold(),
        Class::Key => Style::new().bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# A head with `code`

One *two* **three `four five`**, six
<lambda> [seven](eight.md) [nine](https://x.org).

- first
- second is longer
  1. inner

```python
x = '''a

b'''
```
";

    #[test]
    fn without_style_it_is_markdown_again() {
        let plain = Look { width: None, is_styled: false }.render(PAGE);
        let expected = PAGE
            .replace("six\n<", "six <")
            .replace("[seven](eight.md)", "seven")
            .replace("[nine](https://x.org)", "nine (https://x.org)");
        assert_eq!(plain, expected);
    }

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let narrow = Look { width: Some(12), is_styled: false }.render(PAGE);
        assert!(
            narrow.starts_with("# A head\nwith `code`\n\nOne *two*\n**three\n`four five`**,\nsix <lambda>\n"),
            "{narrow}"
        );
        assert!(narrow.contains("- first\n- second is\n  longer\n  1. inner\n"), "{narrow}");
        assert!(narrow.ends_with("```python\nx = '''a\n\nb'''\n```\n"), "{narrow}");
    }

    #[test]
    fn styles_end_with_their_line() {
        let styled = Look { width: Some(80), is_styled: true }.render(PAGE);
        assert!(styled.contains("\x1b[1mA head with\x1b[0m \x1b[36mcode\x1b[0m\n"), "{styled:?}");
        assert!(styled.contains("    x = \x1b[32m'''a\x1b[0m\n"), "{styled:?}");
        assert!(
            styled.lines().all(|line| !line.contains("\x1b[") || line.ends_with("\x1b[0m") || line.contains("\x1b[0m"))
        );
        assert!(!styled.contains("```") && !styled.contains("**"), "{styled:?}");
    }
}
