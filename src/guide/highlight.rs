//! Which parts of a code block are keywords, strings and so on. Python is read by the parser that reads the users' code.

use std::ops::Range;

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_python_stdlib::builtins::is_python_builtin;
use ruff_text_size::Ranged;

use crate::rules::Rule;

/// What a part of a code block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `def`, `return`; a table's name in TOML.
    Keyword,
    /// The name that a `def` or `class` gives.
    Definition,
    /// A name that Python brings along, unless it is an attribute.
    Builtin,
    /// `@retry`.
    Decorator,
    /// A string, with its quotes.
    String,
    /// A number, `None`, `True`, `False`.
    Constant,
    /// A comment.
    Comment,
    /// A comment in which a rule says what it finds on the line.
    Finding,
    /// What somebody types at a prompt; a key in TOML or YAML.
    Key,
}

impl Class {
    /// The class in HTML.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Keyword => "keyword",
            Class::Definition => "definition",
            Class::Builtin => "builtin",
            Class::Decorator => "decorator",
            Class::String => "string",
            Class::Constant => "constant",
            Class::Comment => "comment",
            Class::Finding => "finding",
            Class::Key => "key",
        }
    }
}

/// Cuts code into its parts, in order and without gaps; parts without a class look like plain text.
pub fn highlight<'c>(language: &str, code: &'c str) -> Vec<(&'c str, Option<Class>)> {
    let marks = match language {
        "python" => python(code),
        "toml" | "yaml" => settings(code),
        "console" => console(code),
        _ => Vec::new(),
    };
    let mut parts = Vec::new();
    let mut at = 0;
    for (range, class) in marks {
        if at < range.start {
            parts.push((&code[at..range.start], None));
        }
        at = range.end;
        parts.push((&code[range], Some(class)));
    }
    if at < code.len() {
        parts.push((&code[at..], None));
    }
    parts
}

type Marks = Vec<(Range<usize>, Class)>;

fn python(code: &str) -> Marks {
    let parsed = parse_unchecked(code, ParseOptions::from(Mode::Module));
    let tokens: Vec<&Token> = parsed.tokens().iter().filter(|token| !token.range().is_empty()).collect();
    let kind = |index: Option<usize>| index.and_then(|index| tokens.get(index)).map(|token| token.kind());
    let mut marks = Marks::new();
    let mut is_decorator = false;
    for (index, token) in tokens.iter().enumerate() {
        let before = kind(index.checked_sub(1));
        let range = token.range().to_std_range();
        let text = &code[range.clone()];
        is_decorator = match token.kind() {
            TokenKind::At => {
                matches!(before, None | Some(TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::Indent))
            }
            TokenKind::Name | TokenKind::Dot => is_decorator,
            _ => false,
        };
        let class = match token.kind() {
            _ if is_decorator => Class::Decorator,
            TokenKind::Comment if is_finding(text) => Class::Finding,
            TokenKind::Comment => Class::Comment,
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => Class::Constant,
            TokenKind::None | TokenKind::True | TokenKind::False => Class::Constant,
            TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringStart
            | TokenKind::TStringMiddle
            | TokenKind::TStringEnd => Class::String,
            TokenKind::Name if matches!(before, Some(TokenKind::Def | TokenKind::Class)) => Class::Definition,
            TokenKind::Name
                if before != Some(TokenKind::Dot)
                    && kind(Some(index + 1)) != Some(TokenKind::Equal)
                    && is_python_builtin(text, u8::MAX, false) =>
            {
                Class::Builtin
            }
            kind if kind.is_keyword() => Class::Keyword,
            _ => continue,
        };
        marks.push((range, class));
    }
    marks
}

/// `# PP0301 warning: …`.
fn is_finding(comment: &str) -> bool {
    comment.split_whitespace().nth(1).is_some_and(|word| word.starts_with("PP") && Rule::find(word).is_some())
}

/// TOML and YAML, as far as a page shows them: one setting a line.
fn settings(code: &str) -> Marks {
    let mut marks = Marks::new();
    for (start, line) in lines(code) {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let body = &line[indent..];
        let at = start + indent;
        if body.starts_with('[') && body.trim_end().ends_with(']') {
            marks.push((at..at + body.trim_end().len(), Class::Keyword));
            continue;
        }
        let mut from = 0;
        if let Some(end) = body.find([':', '=', '#', '"', '\'']).filter(|end| body[*end..].starts_with([':', '='])) {
            marks.push((at..at + body[..end].trim_end().len(), Class::Key));
            from = end + 1;
        }
        while let Some(found) = body[from..].find(['#', '"', '\'']) {
            let open = from + found;
            let rest = &body[open + 1..];
            let (end, class) = match (&body[open..=open], rest.find(&body[open..=open])) {
                ("#", _) => (body.len(), Class::Comment),
                (_, Some(close)) => (open + close + 2, Class::String),
                (_, None) => (body.len(), Class::String),
            };
            marks.push((at + open..at + end, class));
            from = end;
        }
    }
    marks
}

/// What is typed after `$` or `>>>`; the rest is what the machine says.
fn console(code: &str) -> Marks {
    let typed = |line: &str| ["$ ", ">>> ", "... "].iter().any(|prompt| line.starts_with(prompt));
    lines(code).filter(|(_, line)| typed(line)).map(|(start, line)| (start..start + line.len(), Class::Key)).collect()
}

/// The lines without their ends, and where each starts.
fn lines(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches('\n')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(language: &str, code: &str) -> String {
        let shown = |(text, class): (&str, Option<Class>)| match class {
            Some(class) => format!("<{} {text}>", class.as_str()),
            None => text.to_owned(),
        };
        highlight(language, code).into_iter().map(shown).collect()
    }

    #[test]
    fn python_is_read_as_python_reads_it() {
        assert_eq!(
            marked("python", "match = match.list(1, max=2)"),
            "match = match.list(<constant 1>, max=<constant 2>)"
        );
        assert_eq!(
            marked("python", "@app.get\ndef f(x): # why\n    return f'{x}' @ len(y)"),
            "<decorator @><decorator app><decorator .><decorator get>\n<keyword def> <definition f>(x): <comment # why>\n    \
             <keyword return> <string f'>{x}<string '> @ <builtin len>(y)"
        );
        assert_eq!(marked("python", "x # PP0301 warning: y"), "x <finding # PP0301 warning: y>");
    }

    #[test]
    fn broken_code_is_kept_as_it_is() {
        for code in ["def f(:\n  'open\n", "prices = [3, 4\n", "\u{1F600} $ ?", "f'{'"] {
            let parts = highlight("python", code);
            assert_eq!(parts.iter().map(|(text, _)| *text).collect::<String>(), code);
        }
    }

    #[test]
    fn settings_and_consoles() {
        assert_eq!(
            marked("toml", "[tool.x] \nselect = [\"A#\", 'B'] # all\n"),
            "<keyword [tool.x]> \n<key select> = [<string \"A#\">, <string 'B'>] <comment # all>\n"
        );
        assert_eq!(marked("yaml", "- uses: x # y\n  'open"), "- <key uses>: x <comment # y>\n  <string 'open>");
        assert_eq!(marked("console", "$ ls\na.py\n"), "<key $ ls>\na.py\n");
    }
}
