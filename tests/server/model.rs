//! A document as the protocol describes it, character by character: slow, and shares nothing with the server's.

use serde_json::{Value, json};

/// Line and column, counted from 0.
pub type Position = (u32, u32);

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Utf8,
    Utf16,
    Utf32,
}

impl Unit {
    pub const ALL: [Unit; 3] = [Unit::Utf8, Unit::Utf16, Unit::Utf32];

    /// The protocol's name.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Utf8 => "utf-8",
            Unit::Utf16 => "utf-16",
            Unit::Utf32 => "utf-32",
        }
    }

    pub fn width(self, c: char) -> u32 {
        match self {
            Unit::Utf8 => c.len_utf8() as u32,
            Unit::Utf16 => c.len_utf16() as u32,
            Unit::Utf32 => 1,
        }
    }
}

/// Every place between two characters, with its byte offset. The one inside `\r\n` is none.
fn places(text: &str, unit: Unit) -> Vec<(Position, usize)> {
    let (mut line, mut column) = (0, 0);
    let mut places = vec![((0, 0), 0)];
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\r' if chars.peek().is_some_and(|&(_, next)| next == '\n') => continue,
            '\r' | '\n' => (line, column) = (line + 1, 0),
            c => column += unit.width(c),
        }
        places.push(((line, column), at + c.len_utf8()));
    }
    places
}

/// The offset of a position; of the next one before it, if there is none there.
pub fn offset(text: &str, position: Position, unit: Unit) -> usize {
    places(text, unit).into_iter().rev().find(|&(place, _)| place <= position).expect("(0, 0) is first").1
}

/// The position of an offset between two characters.
pub fn position(text: &str, offset: usize, unit: Unit) -> Position {
    places(text, unit).into_iter().rev().find(|&(_, at)| at <= offset).expect("0 is first").0
}

/// The position before the first `needle`.
#[track_caller]
pub fn find(text: &str, needle: &str, unit: Unit) -> Position {
    position(text, text.find(needle).unwrap_or_else(|| panic!("{needle:?} is not in {text:?}")), unit)
}

/// Where all positions of a text are, for random choices.
pub fn positions(text: &str, unit: Unit) -> Vec<Position> {
    places(text, unit).into_iter().map(|(position, _)| position).collect()
}

/// `text` after one edit.
pub fn edited(text: &str, from: Position, to: Position, new: &str, unit: Unit) -> String {
    let (from, to) = (offset(text, from, unit), offset(text, to, unit));
    format!("{}{new}{}", &text[..from], &text[to..])
}

/// `text` after a list of `TextEdit`s, which all speak of the text as it was.
pub fn applied(text: &str, edits: &Value, unit: Unit) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("a list of edits")
        .iter()
        .map(|edit| {
            let (from, to) = range_of(edit);
            let new = edit["newText"].as_str().expect("a text edit");
            (offset(text, from, unit), offset(text, to, unit), new)
        })
        .collect();
    edits.sort_by_key(|&(from, to, _)| (from, to));
    let mut result = String::new();
    let mut done = 0;
    for (from, to, new) in edits {
        assert!(from >= done, "edits overlap");
        result += &text[done..from];
        result += new;
        done = to;
    }
    result + &text[done..]
}

/// A `Position`.
pub fn at((line, character): Position) -> Value {
    json!({ "line": line, "character": character })
}

/// A `Range`.
pub fn range(from: Position, to: Position) -> Value {
    json!({ "start": at(from), "end": at(to) })
}

/// The `range` of anything that has one.
#[track_caller]
pub fn range_of(value: &Value) -> (Position, Position) {
    let place = |end: &str| {
        let number =
            |key: &str| value["range"][end][key].as_u64().unwrap_or_else(|| panic!("no range: {value}")) as u32;
        (number("line"), number("character"))
    };
    (place("start"), place("end"))
}
