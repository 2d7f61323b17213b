//! A file's text: decoding as Python decodes it, kinds of files, and positions.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ruff_source_file::{LineIndex, OneIndexed, PositionEncoding, SourceCode};
use ruff_text_size::{TextRange, TextSize};

use crate::notebook::{self, Cell, CellText, Notebook, Unreadable};

/// Files larger than this (in bytes) are reported as not analysed.
pub const MAX_SIZE: usize = 16 * 1024 * 1024;

/// What a file is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A Python module or script: `.py`, `.pyw`, anything named explicitly, standard input.
    Python,
    /// A stub: `.pyi`. Its bodies say nothing about run time.
    Stub,
    /// A Jupyter notebook: `.ipynb`. Its text is that of its Python cells.
    Notebook,
}

impl SourceKind {
    /// The kind of the file at `path`, by its extension.
    pub fn of(path: &Path) -> SourceKind {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("pyi") => SourceKind::Stub,
            Some("ipynb") => SourceKind::Notebook,
            _ => SourceKind::Python,
        }
    }
}

/// How the bytes of a file become text, and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Encoding {
    /// UTF-8, Python's default.
    Utf8,
    /// ISO 8859-1. By hand: the WHATWG label `latin1` means windows-1252.
    Latin1,
    /// US-ASCII. By hand, for the same reason.
    Ascii,
    /// Any other encoding, named by a PEP 263 cookie.
    Named(&'static encoding_rs::Encoding),
}

/// Why a file could not be turned into text.
#[derive(Debug)]
pub enum DecodeError {
    /// Over [`MAX_SIZE`]; the size in bytes.
    TooLarge(usize),
    /// The cookie names an encoding that Python or we don't know.
    UnknownEncoding(String),
    /// A byte-order mark says UTF-8, the cookie something else.
    BomMismatch(String),
    /// The first byte, counted from 0, that the encoding can't decode, and its line, counted from 1.
    Undecodable {
        /// The encoding's name.
        encoding: &'static str,
        /// Offset of the byte in the file, where known.
        offset: Option<usize>,
        /// Its line, where known.
        line: Option<usize>,
    },
    /// It is no notebook that can be analysed.
    Notebook(Unreadable),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::TooLarge(size) => write!(
                f,
                "not analysed: {:.1} MiB is over the limit of {} MiB; split the file (clear the outputs of a notebook) or exclude it",
                *size as f64 / (1024.0 * 1024.0),
                MAX_SIZE / (1024 * 1024)
            ),
            DecodeError::UnknownEncoding(name) => write!(
                f,
                "not analysed: unknown encoding `{name}` in its coding comment; save it as UTF-8 or correct the name"
            ),
            DecodeError::BomMismatch(name) => write!(
                f,
                "not analysed: it starts with a UTF-8 byte-order mark, but its coding comment says `{name}`; write `utf-8` there or remove the mark"
            ),
            DecodeError::Undecodable { encoding, offset, line } => {
                write!(f, "not analysed: it is not valid {encoding}")?;
                if let Some(line) = line {
                    write!(f, " on line {line}")?;
                }
                if let Some(offset) = offset {
                    write!(f, " (byte {offset})")?;
                }
                write!(f, "; save it as UTF-8 or name its encoding in a coding comment")
            }
            DecodeError::Notebook(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A place in a file as readers know it: lines and columns are counted from 1, columns in characters, and the lines of a
/// notebook in each cell anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The number of the notebook's cell.
    pub cell: Option<usize>,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(cell) = self.cell {
            write!(f, "cell {cell}:")?;
        }
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A line as texts name it: `12`, in a notebook `2 of cell 5`. Ordered as in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    in_text: usize,
    shown: usize,
    cell: Option<usize>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shown)?;
        self.cell.map_or(Ok(()), |cell| write!(f, " of cell {cell}"))
    }
}

/// One file's text and all that is needed to write it back as it was.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    kind: SourceKind,
    text: String,
    encoding: Encoding,
    has_bom: bool,
    lines: OnceLock<LineIndex>,
    notebook: Option<Box<Notebook>>,
}

impl Source {
    /// A source from text that is already decoded (an editor's buffer, a test).
    pub fn from_text(path: impl Into<PathBuf>, text: impl Into<String>) -> Source {
        let path = path.into();
        Source {
            kind: SourceKind::of(&path),
            path,
            text: text.into(),
            encoding: Encoding::Utf8,
            has_bom: false,
            lines: OnceLock::new(),
            notebook: None,
        }
    }

    /// A notebook from its code cells in their order (an editor's). Those that are no Python are left out.
    pub fn from_cells(path: impl Into<PathBuf>, cells: impl IntoIterator<Item = CellText>) -> Source {
        Source::from_text(path, "").with_notebook(Notebook::join(cells))
    }

    /// A source from a file's bytes, decoded as Python does (PEP 263), or as Jupyter does where it is a notebook.
    pub fn from_bytes(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Result<Source, DecodeError> {
        if bytes.len() > MAX_SIZE {
            return Err(DecodeError::TooLarge(bytes.len()));
        }
        let path = path.into();
        let has_bom = bytes.starts_with(BOM);
        if SourceKind::of(&path) == SourceKind::Notebook {
            let json = decode(bytes, has_bom, Encoding::Utf8).map_err(|error| match error {
                DecodeError::Undecodable { line: Some(line), .. } => DecodeError::Notebook(Unreadable::Encoding(line)),
                error => error,
            })?;
            let notebook = notebook::read(json).map_err(DecodeError::Notebook)?;
            return Ok(Source { has_bom, ..Source::from_text(path, "").with_notebook(notebook) });
        }
        let cookie = cookie(if has_bom { &bytes[BOM.len()..] } else { &bytes });
        let encoding = match cookie {
            None => Encoding::Utf8,
            Some(name) => match encoding_named(&name) {
                // After a byte-order mark CPython accepts no alias, not even `utf8` (`get_normal_name` in its tokenizer).
                _ if has_bom && !is_spelled_utf8(&name) => return Err(DecodeError::BomMismatch(name)),
                Some(encoding) => encoding,
                None => return Err(DecodeError::UnknownEncoding(name)),
            },
        };
        Ok(Source {
            kind: SourceKind::of(&path),
            text: decode(bytes, has_bom, encoding)?,
            path,
            encoding,
            has_bom,
            lines: OnceLock::new(),
            notebook: None,
        })
    }

    fn with_notebook(self, (text, notebook): (String, Notebook)) -> Source {
        Source { kind: SourceKind::Notebook, text, lines: OnceLock::new(), notebook: Some(Box::new(notebook)), ..self }
    }

    /// The bytes of the file, with its byte-order mark and in its encoding; `None` if a character has no code there, or if it is
    /// a notebook that came from no file.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let text = match &self.notebook {
            Some(notebook) => Cow::Owned(notebook.write(&self.text)?),
            None => Cow::Borrowed(&*self.text),
        };
        match self.encoding {
            Encoding::Utf8 if self.has_bom => Some([BOM, text.as_bytes()].concat()),
            Encoding::Utf8 => Some(text.into_owned().into_bytes()),
            Encoding::Ascii => text.is_ascii().then(|| text.into_owned().into_bytes()),
            Encoding::Latin1 => text.chars().map(|c| u8::try_from(c).ok()).collect(),
            Encoding::Named(encoding) => {
                let (bytes, used, lossy) = encoding.encode(&text);
                (used == encoding && !lossy).then(|| bytes.into_owned())
            }
        }
    }

    /// The same file with another text. That of a notebook comes from its cells: see [`Source::with_units`].
    pub fn with_text(&self, text: String) -> Source {
        debug_assert!(self.notebook.is_none(), "where do the cells start?");
        Source {
            path: self.path.clone(),
            kind: self.kind,
            text,
            encoding: self.encoding,
            has_bom: self.has_bom,
            lines: OnceLock::new(),
            notebook: None,
        }
    }

    /// The same file with another text, as after applying fixes: `new` gives for each unit, in their order, what is to stand there.
    pub fn with_units(&self, new: impl FnMut(TextRange) -> String) -> Source {
        match &self.notebook {
            Some(notebook) => {
                let empty = Source { has_bom: self.has_bom, ..Source::from_text(&*self.path, "") };
                empty.with_notebook(notebook.with_texts(self.units().map(new)))
            }
            None => self.with_text(self.units().map(new).collect()),
        }
    }

    /// The Python cells of a notebook, in their order; none for other files.
    pub fn cells(&self) -> &[Cell] {
        self.notebook.as_ref().map_or(&[], |notebook| notebook.cells())
    }

    /// The notebook's cell that holds `offset`.
    pub fn cell_at(&self, offset: TextSize) -> Option<&Cell> {
        notebook::cell_at(self.cells(), offset)
    }

    /// What Python compiles at once: each cell of a notebook, otherwise the whole file.
    pub fn units(&self) -> impl Iterator<Item = TextRange> {
        let whole = self.notebook.is_none().then(|| TextRange::up_to(TextSize::of(&*self.text)));
        whole.into_iter().chain(self.cells().iter().map(Cell::range))
    }

    /// The unit that holds `offset`.
    pub fn unit_at(&self, offset: TextSize) -> TextRange {
        self.cell_at(offset).map_or(TextRange::up_to(TextSize::of(&*self.text)), Cell::range)
    }

    /// As much of `range` as lies in the cell that it starts in.
    pub fn clip(&self, range: TextRange) -> TextRange {
        let Some(cell) = self.cell_at(range.start()) else { return range };
        let end = cell.content().end();
        TextRange::new(range.start().min(end), range.end().min(end))
    }

    /// Where the file is, or what standard input is called.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file is to us.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// The decoded text, without the byte-order mark, line ends as they are.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with its line index, made when first asked for.
    pub fn code(&self) -> SourceCode<'_, '_> {
        let lines = self.lines.get_or_init(|| LineIndex::from_source_text(&self.text));
        SourceCode::new(&self.text, lines)
    }

    /// The line of `offset`, counted from 1.
    pub fn line(&self, offset: TextSize) -> usize {
        self.code().line_index(offset).get()
    }

    /// The line of `offset`, as texts name it.
    pub fn named_line(&self, offset: TextSize) -> Line {
        let in_text = self.line(offset);
        match self.cell_at(offset) {
            Some(cell) => {
                Line { in_text, shown: in_text + 1 - self.line(cell.range().start()), cell: Some(cell.number()) }
            }
            None => Line { in_text, shown: in_text, cell: None },
        }
    }

    /// Line and column of `offset`, counted from 1, columns in characters; in its cell, if it is in one.
    pub fn position(&self, offset: TextSize) -> (usize, usize) {
        let place = self.place(offset);
        (place.line, place.column)
    }

    /// `offset` as readers know it.
    pub fn place(&self, offset: TextSize) -> Place {
        self.place_in(self.cell_at(offset), offset)
    }

    /// Start and end of `range` as readers know them. The end of a cell's last line is on the line after it, not in the next cell.
    pub fn places(&self, range: TextRange) -> (Place, Place) {
        let cell = self.cell_at(range.start());
        (self.place_in(cell, range.start()), self.place_in(cell, range.end()))
    }

    fn place_in(&self, cell: Option<&Cell>, offset: TextSize) -> Place {
        let location = self.code().source_location(offset, PositionEncoding::Utf32);
        let above = cell.map_or(0, |cell| self.line(cell.range().start()) - 1);
        Place {
            cell: cell.map(Cell::number),
            line: location.line.get() - above,
            column: location.character_offset.get(),
        }
    }

    /// Where a line counted from 1 starts; the end of the text for lines behind it.
    pub fn line_start(&self, line: usize) -> TextSize {
        OneIndexed::new(line).map_or(TextSize::new(0), |line| self.code().line_start(line))
    }

    /// The text of a line counted from 1, without its end.
    pub fn line_text(&self, line: usize) -> &str {
        OneIndexed::new(line).map_or("", |line| self.code().line_text(line).trim_end_matches(['\n', '\r']))
    }

    /// The line end that the unit at `offset` uses (its first one), `\n` if it has none.
    pub fn line_end(&self, offset: TextSize) -> &'static str {
        let bytes = self.text[self.unit_at(offset)].as_bytes();
        match memchr::memchr2(b'\n', b'\r', bytes) {
            Some(at) if bytes[at] == b'\n' => "\n",
            Some(at) if bytes.get(at + 1) == Some(&b'\n') => "\r\n",
            Some(_) => "\r",
            None => "\n",
        }
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

fn decode(mut bytes: Vec<u8>, has_bom: bool, encoding: Encoding) -> Result<String, DecodeError> {
    match encoding {
        Encoding::Utf8 => {
            if has_bom {
                bytes.drain(..BOM.len());
            }
            String::from_utf8(bytes).map_err(|error| {
                let offset = error.utf8_error().valid_up_to();
                undecodable("UTF-8", error.as_bytes(), offset)
            })
        }
        Encoding::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(offset) => Err(undecodable("ASCII", &bytes, offset)),
            None => Ok(String::from_utf8(bytes).expect("ASCII is UTF-8")),
        },
        Encoding::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Encoding::Named(encoding) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .map(Cow::into_owned)
            .ok_or(DecodeError::Undecodable { encoding: encoding.name(), offset: None, line: None }),
    }
}

fn undecodable(encoding: &'static str, bytes: &[u8], offset: usize) -> DecodeError {
    DecodeError::Undecodable {
        encoding,
        offset: Some(offset),
        line: Some(1 + memchr::memchr_iter(b'\n', &bytes[..offset]).count()),
    }
}

/// The encoding that a coding comment on line 1 or 2 names
/// (<https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations>).
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n');
    for _ in 0..2 {
        let line = lines.next()?.trim_ascii_start();
        let line = line.strip_prefix(b"\x0c").unwrap_or(line).trim_ascii();
        if line.is_empty() {
            continue;
        }
        // Line 2 counts only if line 1 holds nothing but a comment.
        let comment = line.strip_prefix(b"#")?;
        if let Some(name) = cookie_in(comment) {
            return Some(name);
        }
    }
    None
}

/// `coding[:=]\s*([-\w.]+)` in a comment.
fn cookie_in(comment: &[u8]) -> Option<String> {
    let mut rest = comment;
    while let Some(at) = memchr::memmem::find(rest, b"coding") {
        rest = &rest[at + b"coding".len()..];
        if let [b':' | b'=', value @ ..] = rest {
            let value = value.trim_ascii_start();
            let end = value
                .iter()
                .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_.".contains(byte)))
                .unwrap_or(value.len());
            if end > 0 {
                return Some(String::from_utf8_lossy(&value[..end]).into_owned());
            }
        }
    }
    None
}

fn is_spelled_utf8(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    name == "utf-8" || name.starts_with("utf-8-")
}

/// Python's name of an encoding (<https://docs.python.org/3/library/codecs.html#standard-encodings>) → ours.
fn encoding_named(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let encoding = match name.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "utf-8-sig" | "cp65001" => Encoding::Utf8,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" | "latin" | "iso-latin-1" => {
            Encoding::Latin1
        }
        "ascii" | "us-ascii" | "646" => Encoding::Ascii,
        // ASCII-incompatible encodings are not allowed in a source file.
        name if name.starts_with("utf-16") || name.starts_with("utf16") => return None,
        name if name.starts_with("utf-8-") => Encoding::Utf8,
        name if name.starts_with("latin-1-") || name.starts_with("iso-8859-1-") => Encoding::Latin1,
        name => {
            let label = match name {
                "cp932" | "ms932" | "mskanji" | "ms-kanji" | "shiftjis" | "s-jis" => "shift_jis",
                "cp936" | "ms936" | "936" => "gbk",
                "cp949" | "949" | "ms949" | "uhc" | "euckr" => "euc-kr",
                "cp950" | "950" | "ms950" => "big5",
                "eucjp" | "ujis" => "euc-jp",
                "mac-roman" | "macroman" => "macintosh",
                "mac-cyrillic" | "maccyrillic" => "x-mac-cyrillic",
                "tis-620" | "tis620" | "iso-8859-11" | "thai" => "windows-874",
                name => name,
            };
            let dashless = label.replacen("iso8859", "iso-8859", 1);
            let bytes = dashless.as_bytes();
            let encoding = encoding_rs::Encoding::for_label(bytes).or_else(|| {
                let windows = label.strip_prefix("cp").map(|page| format!("windows-{page}"))?;
                encoding_rs::Encoding::for_label(windows.as_bytes())
            })?;
            if !encoding.is_ascii_compatible() {
                return None;
            }
            Encoding::Named(encoding)
        }
    };
    Some(encoding)
}
