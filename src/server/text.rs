//! The text of an open document: edits as the protocol describes them, and positions in the columns that were agreed on.

use ruff_source_file::PositionEncoding;
use ruff_text_size::{TextRange, TextSize};
use tower_lsp_server::ls_types::{Position, Range};

/// A document's text and where its lines start.
///
/// Positions that don't exist are understood as the protocol says: behind the end of a line is its end (before the line end's
/// characters), behind the last line is the end of the text. Inside a character is before it. A byte-order mark that an editor
/// sends is a character like any other.
///
/// To share it with other threads, hold an `Arc<Text>` and edit through `Arc::make_mut`: only a text that is still being
/// looked at is copied.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    /// Where lines start, in order; the first one is 0.
    starts: Vec<TextSize>,
    columns: PositionEncoding,
}

impl Text {
    /// The text of a document whose client counts columns in `columns`.
    pub fn new(text: String, columns: PositionEncoding) -> Text {
        let starts = std::iter::once(TextSize::new(0)).chain(line_starts(&text, 1..text.len() + 1)).collect();
        Text { text, starts, columns }
    }

    /// The text as it is now.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Replaces what is in `range` by `new`; the whole text if there is no range. A range that runs backwards is turned round.
    pub fn edit(&mut self, range: Option<Range>, new: &str) {
        let Some(range) = range else {
            *self = Text::new(new.to_owned(), self.columns);
            return;
        };
        let range = self.range(range);
        self.text.replace_range(std::ops::Range::<usize>::from(range), new);

        // Whether a line starts at an offset depends on the bytes on both of its sides: all that touch the edit are new.
        let after = range.start() + TextSize::of(new);
        let first = self.starts.partition_point(|&start| start < range.start().max(TextSize::new(1)));
        let last = self.starts.partition_point(|&start| start <= range.end());
        for start in &mut self.starts[last..] {
            *start = *start - range.end() + after;
        }
        let new_starts = line_starts(&self.text, range.start().to_usize().max(1)..after.to_usize() + 1);
        self.starts.splice(first..last, new_starts);
    }

    /// The offset of `position`.
    pub fn offset(&self, position: Position) -> TextSize {
        let Some(line) = self.line(position.line as usize) else { return TextSize::of(&self.text) };
        let column = position.character as usize;
        let text = &self.text[line];
        let ascii = text.as_bytes().get(..column).is_some_and(<[u8]>::is_ascii);
        let bytes = match self.columns {
            _ if ascii => column,
            PositionEncoding::Utf8 => text.floor_char_boundary(column),
            PositionEncoding::Utf16 => bytes_of_columns(text, column, char::len_utf16),
            PositionEncoding::Utf32 => bytes_of_columns(text, column, |_| 1),
        };
        line.start() + TextSize::try_from(bytes).expect("inside the text")
    }

    /// The position of `offset`.
    pub fn position(&self, offset: TextSize) -> Position {
        let offset = self.text.floor_char_boundary(offset.to_usize());
        let number = self.starts.partition_point(|start| start.to_usize() <= offset) - 1;
        let line = self.line(number).expect("a line that was found");
        // Between `\r` and `\n` is the end of the line.
        let before = &self.text[line.start().to_usize()..offset.min(line.end().to_usize())];
        let column = match self.columns {
            PositionEncoding::Utf8 => before.len(),
            PositionEncoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            PositionEncoding::Utf32 => before.chars().count(),
        };
        Position::new(number as u32, column as u32)
    }

    /// The offsets of `range`, in order.
    pub fn range(&self, range: Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(start.min(end), start.max(end))
    }

    /// Where the line is, counted from 0, without the characters that end it.
    fn line(&self, number: usize) -> Option<TextRange> {
        let start = *self.starts.get(number)?;
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| next.to_usize());
        let text = &self.text[start.to_usize()..end];
        let text = text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r'])).unwrap_or(text);
        Some(TextRange::at(start, TextSize::of(text)))
    }
}

/// The offsets in `among` (none is 0) at which a line starts: after `\n`, `\r\n` and a lone `\r`, and after nothing else.
fn line_starts(text: &str, among: std::ops::Range<usize>) -> impl Iterator<Item = TextSize> {
    let bytes = text.as_bytes();
    let (from, to) = (among.start - 1, among.end - 1);
    memchr::memchr2_iter(b'\n', b'\r', bytes.get(from..to).unwrap_or_default())
        .map(move |at| from + at)
        .filter(move |&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
        .map(|at| TextSize::try_from(at + 1).expect("a text below 4 GiB"))
}

/// The length of the characters of `line` that fit into `columns`.
fn bytes_of_columns(line: &str, columns: usize, width: impl Fn(char) -> usize) -> usize {
    let mut column = 0;
    line.char_indices()
        .find(|&(_, c)| {
            column += width(c);
            column > columns
        })
        .map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [PositionEncoding; 3] = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32];

    fn width(c: char, columns: PositionEncoding) -> u32 {
        match columns {
            PositionEncoding::Utf8 => c.len_utf8() as u32,
            PositionEncoding::Utf16 => c.len_utf16() as u32,
            PositionEncoding::Utf32 => 1,
        }
    }

    /// What the protocol says, character by character: the offset of `wanted` in `text`.
    fn naive_offset(text: &str, wanted: Position, columns: PositionEncoding) -> usize {
        let (mut line, mut column, mut at) = (0, 0, 0);
        for c in text.chars() {
            let ends_line = c == '\r' || c == '\n';
            if line == wanted.line && (ends_line || column + width(c, columns) > wanted.character) {
                return at;
            }
            at += c.len_utf8();
            if ends_line && !(c == '\r' && text[at..].starts_with('\n')) {
                (line, column) = (line + 1, 0);
            } else {
                column += width(c, columns);
            }
        }
        at
    }

    fn at(line: u32, character: u32) -> Position {
        Position::new(line, character)
    }

    fn offset(text: &str, columns: PositionEncoding, line: u32, character: u32) -> u32 {
        Text::new(text.to_owned(), columns).offset(at(line, character)).into()
    }

    #[test]
    fn columns_are_counted_in_the_agreed_units() {
        let line = "a\u{e9}\u{1f40d}b";
        for (columns, ends) in [
            (PositionEncoding::Utf8, [0, 1, 1, 3, 3, 3, 3, 7, 8, 8]),
            (PositionEncoding::Utf16, [0, 1, 3, 3, 7, 8, 8, 8, 8, 8]),
            (PositionEncoding::Utf32, [0, 1, 3, 7, 8, 8, 8, 8, 8, 8]),
        ] {
            for (column, end) in ends.into_iter().enumerate() {
                assert_eq!(offset(line, columns, 0, column as u32), end, "{columns:?} {column}");
            }
        }
    }

    #[test]
    fn lines_end_where_the_protocol_says() {
        // Python's and Unicode's other ones (form feed, vertical tab, next line, line separator) don't count.
        let text = "a\rb\r\nc\n\r\x0cd\x0b\u{85}\u{2028}e\u{1c}f";
        for columns in ALL {
            let text = Text::new(text.to_owned(), columns);
            let starts: Vec<u32> = text.starts.iter().map(|&start| start.into()).collect();
            assert_eq!(starts, [0, 2, 5, 7, 8], "{columns:?}");
        }
    }

    #[test]
    fn positions_that_do_not_exist_are_moved_into_the_text() {
        for columns in ALL {
            assert_eq!(offset("ab\r\ncd", columns, 0, 9), 2);
            assert_eq!(offset("ab\r\ncd", columns, 0, 3), 2, "between the two characters of a line end");
            assert_eq!(offset("ab\r\ncd", columns, 1, u32::MAX), 6);
            assert_eq!(offset("ab\r\ncd", columns, 7, 1), 6);
            assert_eq!(offset("ab\n", columns, 1, 1), 3);
            assert_eq!(offset("", columns, 0, 1), 0);
            let text = Text::new("ab\r\ncd".to_owned(), columns);
            assert_eq!(text.position(TextSize::new(3)), at(0, 2));
            assert_eq!(text.position(TextSize::new(99)), at(1, 2));
        }
    }

    #[test]
    fn a_byte_order_mark_is_a_character() {
        assert_eq!(offset("\u{feff}a", PositionEncoding::Utf16, 0, 1), 3);
        assert_eq!(offset("\u{feff}a", PositionEncoding::Utf8, 0, 3), 3);
        let mut text = Text::new("\u{feff}a".to_owned(), PositionEncoding::Utf16);
        text.edit(Some(Range::new(at(0, 0), at(0, 1))), "");
        assert_eq!(text.as_str(), "a");
    }

    #[test]
    fn edits() {
        let mut text = Text::new("def f():\r\n\tpass\r\n".to_owned(), PositionEncoding::Utf16);
        let mut edit = |from: (u32, u32), to: (u32, u32), new: &str| {
            text.edit(Some(Range::new(at(from.0, from.1), at(to.0, to.1))), new);
            text.as_str().to_owned()
        };
        assert_eq!(edit((0, 6), (0, 6), "x=[]"), "def f(x=[]):\r\n\tpass\r\n");
        assert_eq!(edit((1, 5), (1, 1), "return"), "def f(x=[]):\r\n\treturn\r\n", "backwards");
        assert_eq!(edit((0, 12), (1, 1), " "), "def f(x=[]): return\r\n", "joins lines");
        assert_eq!(edit((9, 9), (9, 9), "\u{1f40d}\n"), "def f(x=[]): return\r\n\u{1f40d}\n", "behind the end");
        text.edit(None, "x\ny");
        assert_eq!((text.as_str(), text.position(TextSize::new(3))), ("x\ny", at(1, 1)));
    }

    fn pieces(len: std::ops::Range<usize>) -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "\n",
            "\r",
            "\r\n",
            "\t",
            "a",
            "b = 1",
            "\u{e9}",
            "e\u{301}",
            "\u{1f40d}",
            "\u{1f469}\u{200d}\u{1f4bb}",
            "\u{feff}",
            "\x0c",
            "\u{2028}",
            "\u{85}",
        ]);
        prop::collection::vec(piece, len).prop_map(|pieces| pieces.concat())
    }

    fn position() -> impl Strategy<Value = Position> {
        prop_oneof![20 => (0..12u32, 0..14u32), 1 => (any::<u32>(), any::<u32>())]
            .prop_map(|(line, column)| at(line, column))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn edits_do_what_a_naive_text_does(
            columns in prop::sample::select(ALL.to_vec()),
            initial in pieces(0..25),
            edits in prop::collection::vec(
                (prop::option::weighted(0.95, (position(), position())), pieces(0..6)), 0..25),
        ) {
            let mut model = initial.clone();
            let mut text = Text::new(initial, columns);
            for (range, new) in edits {
                text.edit(range.map(|(start, end)| Range::new(start, end)), &new);
                match range {
                    None => model = new,
                    Some((start, end)) => {
                        let (start, end) = (naive_offset(&model, start, columns), naive_offset(&model, end, columns));
                        model.replace_range(start.min(end)..start.max(end), &new);
                    }
                }
                prop_assert_eq!(text.as_str(), &model);
                prop_assert_eq!(&text.starts, &Text::new(model.clone(), columns).starts, "the lines of {:?}", model);
            }
            for (offset, _) in model.char_indices().chain([(model.len(), ' ')]) {
                let position = text.position(TextSize::new(offset as u32));
                let inside_line_end = model[..offset].ends_with('\r') && model[offset..].starts_with('\n');
                let expected = offset - usize::from(inside_line_end);
                prop_assert_eq!(text.offset(position).to_usize(), expected);
                prop_assert_eq!(naive_offset(&model, position, columns), expected);
            }
        }
    }
}
