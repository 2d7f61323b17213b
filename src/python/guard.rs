//! Bounds the depth of nesting before anything recurses: a stack overflow can't be caught.
//!
//! One pass over the bytes of a long file, or the tokens of a short one, counts open brackets. What nests without brackets (long sums, `a.b.c…`,
//! `not not …`) is left to the parser, which grows its stack, and to the bound of the model's own traversal.

use memchr::{memchr2, memchr3, memmem};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// CPython's own limit: "too many nested parentheses" (`MAXLEVEL` in `Parser/lexer/state.h`).
pub const MAX_BRACKETS: usize = 200;
/// CPython's own limit: "too many levels of indentation" (`MAXINDENT`, the unindented level included).
pub const MAX_INDENTS: usize = 100;
/// The longest chain of operators, attributes or calls that is analysed.
pub const MAX_CHAIN: usize = 5_000;
/// How deep a syntax tree may be: the longest chain, inside as many brackets and indents as CPython allows.
pub const MAX_DEPTH: usize = MAX_CHAIN + MAX_BRACKETS + MAX_INDENTS;

/// Why a file is not parsed: CPython reports a syntax error, so do we.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More than [`MAX_BRACKETS`] open brackets at this place.
    Brackets(TextRange),
    /// [`MAX_INDENTS`] levels of indentation at this place.
    Indents(TextRange),
}

/// Text shorter than this (in bytes) can be parsed without a look at it: however deep it is, the parser's stack stays small.
const SHORT: usize = 64 * 1024;

/// Refuses a long unit of the text with more open brackets than CPython allows, before it is parsed.
pub fn check_brackets(text: &str, unit: TextRange) -> Result<(), Refusal> {
    if unit.len().to_usize() < SHORT { Ok(()) } else { Scanner::of(text, unit).scan(&CLASSES) }
}

/// Refuses a unit with more open brackets than CPython allows, when it is parsed: cheaper than a look at every byte.
pub fn check_tokens(tokens: &[Token]) -> Result<(), Refusal> {
    // Without a branch: there are millions of tokens, and hardly ever a refusal.
    let (mut open, mut most) = (0i32, 0i32);
    for token in tokens {
        open = (open + i32::from(BRACKETS[token.kind() as usize])).max(0);
        most = most.max(open);
    }
    if most as usize <= MAX_BRACKETS {
        return Ok(());
    }
    let mut open = 0i32;
    let guilty = tokens.iter().find(|token| {
        open = (open + i32::from(BRACKETS[token.kind() as usize])).max(0);
        open as usize > MAX_BRACKETS
    });
    Err(Refusal::Brackets(guilty.map(Ranged::range).unwrap_or_default()))
}

/// What each kind of token adds to the number of open brackets.
const BRACKETS: [i8; 256] = {
    let mut brackets = [0; 256];
    brackets[TokenKind::Lpar as usize] = 1;
    brackets[TokenKind::Lsqb as usize] = 1;
    brackets[TokenKind::Lbrace as usize] = 1;
    brackets[TokenKind::Rpar as usize] = -1;
    brackets[TokenKind::Rsqb as usize] = -1;
    brackets[TokenKind::Rbrace as usize] = -1;
    brackets
};

/// Refuses a unit with more levels of indentation than CPython allows. Asked only where blocks are nested that deeply.
pub fn check_indents(text: &str, unit: TextRange) -> Result<(), Refusal> {
    Scanner::of(text, unit).scan(&CLASSES_AND_LINES)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Quote,
    Comment,
    Open,
    Close,
    Newline,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let groups =
        [(b"\"'" as &[u8], Class::Quote), (b"#", Class::Comment), (b"([{", Class::Open), (b")]}", Class::Close)];
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

/// The same with line ends, for indentation.
const CLASSES_AND_LINES: [Class; 256] = {
    let mut classes = CLASSES;
    classes[b'\n' as usize] = Class::Newline;
    classes[b'\r' as usize] = Class::Newline;
    classes
};

struct Scanner<'a> {
    /// The text up to the end of the unit.
    bytes: &'a [u8],
    at: usize,
    brackets: usize,
    /// The indentations of the blocks around.
    indents: Vec<usize>,
}

impl<'a> Scanner<'a> {
    fn of(text: &'a str, unit: TextRange) -> Scanner<'a> {
        let bytes = &text.as_bytes()[..unit.end().to_usize()];
        Scanner { bytes, at: unit.start().to_usize(), brackets: 0, indents: Vec::new() }
    }

    fn scan(mut self, classes: &[Class; 256]) -> Result<(), Refusal> {
        while let Some(skipped) = self.bytes[self.at..].iter().position(|&byte| classes[byte as usize] != Class::Other)
        {
            let start = self.at + skipped;
            self.at = start + 1;
            let byte = self.bytes[start];
            match classes[byte as usize] {
                Class::Other => {}
                Class::Quote => self.string(byte),
                Class::Comment => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                Class::Open => {
                    self.brackets += 1;
                    if self.brackets > MAX_BRACKETS {
                        return Err(Refusal::Brackets(place(start)));
                    }
                }
                Class::Close => self.brackets = self.brackets.saturating_sub(1),
                Class::Newline => {
                    if self.brackets == 0 {
                        self.indentation()?;
                    }
                }
            }
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
        let indents = &mut self.indents;
        let rest = &self.bytes[self.at..];
        let width = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
        // Blank lines and comments don't change the indentation.
        if matches!(rest.get(width), None | Some(b'\n' | b'\r' | b'#')) {
            return Ok(());
        }
        while indents.last().is_some_and(|&indent| indent > width) {
            indents.pop();
        }
        if width > 0 && indents.last() != Some(&width) {
            indents.push(width);
        }
        if indents.len() >= MAX_INDENTS {
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

    fn whole(text: &str) -> TextRange {
        TextRange::up_to(TextSize::of(text))
    }

    fn is_refused(text: &str) -> bool {
        Scanner::of(text, whole(text)).scan(&CLASSES).is_err()
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
    fn counts_indents_as_cpython_does() {
        let nested = |levels: usize| {
            (0..levels).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect::<String>()
                + &" ".repeat(levels)
                + "pass\n"
        };
        let check = |text: &str| check_indents(text, whole(text));
        assert!(check(&nested(99)).is_ok());
        assert!(check(&nested(100)).is_err());
    }
}
