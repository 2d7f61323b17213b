//! Bounds the depth of nesting before anything recurses: a stack overflow can't be caught.
//!
//! One pass over the bytes that knows strings, comments and brackets, and counts the operators between them. What nests
//! by keywords alone (`not not …`, `lambda: lambda: …`) is left to the parser, which grows its stack, and to the model's bound.

use memchr::{memchr2, memchr3, memmem};
use ruff_text_size::{TextRange, TextSize};

/// CPython's own limit: "too many nested parentheses" (`MAXSTACK`/`MAXLEVEL` in `Parser/lexer/state.h`).
pub const MAX_BRACKETS: usize = 200;
/// CPython's own limit: "too many levels of indentation" (`MAXINDENT`).
pub const MAX_INDENTS: usize = 100;
/// The longest chain of operators or attributes that is analysed.
pub const MAX_CHAIN: usize = 5_000;

/// Why a file is not parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BRACKETS`] open brackets at this place: CPython reports a syntax error, so do we.
    Brackets(TextRange),
    /// More than [`MAX_INDENTS`] levels of indentation at this place; CPython reports a syntax error.
    Indents(TextRange),
    /// An expression of more than [`MAX_CHAIN`] chained operators, attributes or calls: valid, but not analysed.
    Chain(TextRange),
}

/// Refuses text whose syntax tree would be too deep.
pub fn check(text: &str) -> Result<(), Refusal> {
    Scanner {
        bytes: text.as_bytes(),
        at: 0,
        chains: Vec::with_capacity(16),
        total: 0,
        chain: 0,
        indents: Vec::with_capacity(16),
    }
    .scan()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Quote,
    Comment,
    Open,
    Close,
    Separator,
    Newline,
    Operator,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let groups = [
        (b"\"'" as &[u8], Class::Quote),
        (b"#", Class::Comment),
        (b"([{", Class::Open),
        (b")]}", Class::Close),
        (b",;", Class::Separator),
        (b"\n\r", Class::Newline),
        (b"+-*/%@&|^~<>=!.", Class::Operator),
    ];
    let mut group = 0;
    while group < groups.len() {
        let (bytes, class) = groups[group];
        let mut index = 0;
        while index < bytes.len() {
            classes[bytes[index] as usize] = class;
            index += 1;
        }
        group += 1;
    }
    classes
};

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The chain lengths around each open bracket.
    chains: Vec<u32>,
    /// Their sum: how deep the tree may be above the current chain.
    total: u32,
    /// The chain inside the innermost bracket.
    chain: u32,
    indents: Vec<usize>,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), Refusal> {
        self.indentation()?;
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match CLASSES[byte as usize] {
                Class::Other => {}
                Class::Quote => self.string(byte),
                Class::Comment => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                Class::Open => {
                    if self.chains.len() >= MAX_BRACKETS {
                        return Err(Refusal::Brackets(place(start)));
                    }
                    self.chains.push(self.chain);
                    self.total += self.chain;
                    self.chain = 0;
                }
                Class::Close => {
                    if let Some(chain) = self.chains.pop() {
                        self.total -= chain;
                        self.chain = chain;
                        self.link(start)?;
                    }
                }
                Class::Separator => self.chain = 0,
                Class::Newline => {
                    if self.chains.is_empty() {
                        self.chain = 0;
                        self.indentation()?;
                    }
                }
                Class::Operator => {
                    // `**`, `//=`, `->` are one operator.
                    if start == 0 || CLASSES[self.bytes[start - 1] as usize] != Class::Operator {
                        self.link(start)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn link(&mut self, at: usize) -> Result<(), Refusal> {
        self.chain += 1;
        if (self.total + self.chain) as usize > MAX_CHAIN {
            return Err(Refusal::Chain(place(at)));
        }
        Ok(())
    }

    fn string(&mut self, quote: u8) {
        let rest = &self.bytes[self.at - 1..];
        let triple = [quote; 3];
        if rest.starts_with(&triple) {
            let mut end = 3;
            loop {
                let Some(found) = memmem::find(&rest[end..], &triple) else {
                    self.at = self.bytes.len();
                    return;
                };
                end += found + 3;
                if !is_escaped(rest, end - 3) {
                    break;
                }
                // An escaped quote: the real end may begin with the second of the three.
                end -= 2;
            }
            self.at += end - 1;
            return;
        }
        let mut end = 1;
        while let Some(found) = memchr3(quote, b'\n', b'\\', &rest[end..]) {
            end += found + 1;
            match rest[end - 1] {
                b'\\' => end = (end + 1).min(rest.len()),
                _ => break,
            }
        }
        // An unterminated string ends with its line; the newline is a token again.
        if rest.get(end - 1) == Some(&b'\n') {
            end -= 1;
        }
        self.at += end.max(1) - 1;
    }

    /// Called at the start of a logical line.
    fn indentation(&mut self) -> Result<(), Refusal> {
        let rest = &self.bytes[self.at..];
        let Some(width) = rest.iter().position(|&byte| !matches!(byte, b' ' | b'\t' | b'\x0c')) else {
            return Ok(());
        };
        // Blank lines and comments don't change the indentation. More than 100 levels need more than 100 characters.
        if width == 0 || matches!(rest[width], b'\n' | b'\r' | b'#') {
            if width == 0 && !matches!(rest[0], b'\n' | b'\r' | b'#') {
                self.indents.clear();
            }
            return Ok(());
        }
        while self.indents.last().is_some_and(|&indent| indent > width) {
            self.indents.pop();
        }
        if self.indents.last() != Some(&width) {
            self.indents.push(width);
        }
        if self.indents.len() >= MAX_INDENTS {
            return Err(Refusal::Indents(place(self.at)));
        }
        self.at += width;
        Ok(())
    }
}

/// Whether an odd number of backslashes stands right before `at`.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

fn place(at: usize) -> TextRange {
    // Source files are at most 16 MiB.
    TextRange::at(TextSize::new(at as u32), TextSize::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(text: &str) -> bool {
        check(text).is_err()
    }

    #[test]
    fn counts_brackets_as_cpython_does() {
        assert!(!is_refused(&format!("{}1{}", "(".repeat(200), ")".repeat(200))));
        assert!(is_refused(&format!("{}1{}", "(".repeat(201), ")".repeat(201))));
        assert!(!is_refused(&"f(1)\n".repeat(1_000)));
    }

    #[test]
    fn strings_and_comments_hold_no_brackets() {
        for text in ["'('", "\"\\\"(\"", "'''\n((\n'''", "\"\"\"\\\"\"\"(\"\"\"", "# ((", "r'\\'", "'(\n"] {
            assert!(!is_refused(&format!("{text}\n").repeat(300)), "{text}");
        }
    }

    #[test]
    fn bounds_chains() {
        assert!(!is_refused(&vec!["1"; 5_000].join(" + ")));
        assert!(is_refused(&vec!["1"; 20_000].join(" + ")));
        assert!(is_refused(&format!("x{}", ".a".repeat(20_000))));
        assert!(is_refused(&format!("x{}", "()".repeat(20_000))));
        assert!(!is_refused(&format!("[{}]", vec!["-1.5"; 20_000].join(", "))));
    }

    #[test]
    fn counts_indents_as_cpython_does() {
        let nested = |levels: usize| {
            (0..levels).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect::<String>()
                + &" ".repeat(levels)
                + "pass\n"
        };
        assert!(!is_refused(&nested(99)));
        assert!(is_refused(&nested(100)));
    }
}
