//! The `.ipynb` format (<https://nbformat.readthedocs.io/en/latest/format_description.html>): reading the code cells, and
//! writing new sources into the file without touching anything else.

use std::borrow::Cow;
use std::fmt;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{CellText, Notebook, span};

/// The major version of the format that is read. Minor versions only add.
const FORMAT: u64 = 4;

/// Why a file is no notebook that can be analysed.
#[derive(Debug)]
pub enum Unreadable {
    /// It isn't UTF-8 from this line on, counted from 1.
    Encoding(usize),
    /// It isn't JSON, or something in it has the wrong shape.
    Broken(serde_json::Error),
    /// JSON of something else.
    NoNotebook,
    /// A major version of the format that we don't read.
    Format(u64),
    /// The cell of this number has a source that is neither a string nor a list of strings.
    Source(usize),
    /// It is written in this language, not in Python.
    Language(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Encoding(line) => {
                write!(
                    f,
                    "not analysed: it is not valid UTF-8 on line {line}, as a notebook must be; save it again in Jupyter"
                )
            }
            Unreadable::Broken(error) => {
                write!(
                    f,
                    "not analysed: it is no valid notebook ({error}); restore it from Jupyter or from version control"
                )
            }
            Unreadable::NoNotebook => {
                write!(f, "not analysed: it is JSON, but no notebook: it has no `cells`; rename or exclude it")
            }
            Unreadable::Format(version) if *version < FORMAT => write!(
                f,
                "not analysed: it is a notebook of the old format {version}; save it again in Jupyter, or convert it with \
                 `jupyter nbconvert --to notebook --inplace`"
            ),
            Unreadable::Format(version) => {
                write!(f, "not analysed: it is a notebook of format {version}; this version knows format {FORMAT}")
            }
            Unreadable::Source(number) => write!(
                f,
                "not analysed: the source of cell {number} is neither a text nor a list of lines; save it again in Jupyter"
            ),
            Unreadable::Language(language) => write!(f, "left out: a notebook for {language}, not for Python"),
        }
    }
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    cells: Option<Vec<Entry<'a>>>,
    #[serde(default)]
    metadata: Metadata,
    nbformat: Option<u64>,
    worksheets: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    kernelspec: Option<Kernel>,
    language_info: Option<Language>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kernel {
    language: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Language {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    cell_type: Cow<'a, str>,
    id: Option<String>,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(default)]
    metadata: CellMetadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CellMetadata {
    vscode: Option<VsCode>,
}

/// What VS Code notes about a cell in another language than the notebook's.
#[derive(Default, Deserialize)]
#[serde(default)]
struct VsCode {
    #[serde(rename = "languageId")]
    language: Option<String>,
}

impl Document<'_> {
    /// The language of the cells, if it isn't Python. A notebook that doesn't tell is taken for Python.
    fn other_language(&self) -> Option<&str> {
        let kernel = self.metadata.kernelspec.as_ref().and_then(|kernel| kernel.language.as_deref());
        let info = self.metadata.language_info.as_ref().and_then(|info| info.name.as_deref());
        let language = kernel.into_iter().chain(info).find(|language| !language.is_empty())?;
        let name = language.to_ascii_lowercase();
        (!["python", "ipython", "pyspark"].iter().any(|python| name.starts_with(python))).then_some(language)
    }
}

impl Entry<'_> {
    fn is_python(&self) -> bool {
        let language = self.metadata.vscode.as_ref().and_then(|vscode| vscode.language.as_deref());
        self.cell_type == "code" && language.is_none_or(|language| language == "python")
    }
}

/// A notebook's file: its text, and where in it the sources of its Python cells stand.
#[derive(Debug)]
pub(crate) struct File {
    json: String,
    /// By the cells' places in the notebook, in their order.
    sources: Vec<(usize, Range<usize>)>,
}

/// Reads a notebook. An empty file is an empty notebook.
pub(crate) fn read(json: String) -> Result<(String, Notebook), Unreadable> {
    let mut sources = Vec::new();
    let mut cells = Vec::new();
    if !json.trim().is_empty() {
        let document: Document = serde_json::from_str(&json).map_err(Unreadable::Broken)?;
        if let Some(version) = document.nbformat.filter(|&version| version != FORMAT) {
            return Err(Unreadable::Format(version));
        }
        if let Some(language) = document.other_language() {
            return Err(Unreadable::Language(language.to_owned()));
        }
        let Some(entries) = document.cells else {
            return Err(document.worksheets.map_or(Unreadable::NoNotebook, |_| Unreadable::Format(FORMAT - 1)));
        };
        for (index, entry) in entries.into_iter().enumerate() {
            let Some(source) = entry.source.filter(|_| entry.is_python()) else { continue };
            let text = Lines::of(source.get()).ok_or(Unreadable::Source(index + 1))?.text();
            cells.push(CellText { index, id: entry.id, text });
            sources.push((index, span(&json, source.get())));
        }
    }
    let (text, notebook) = Notebook::join(cells);
    Ok((text, notebook.in_file(File { json, sources })))
}

impl File {
    /// The file with these texts in the cells at these places, which come in their order. A cell that has its text already is
    /// not touched.
    pub fn with_texts<'t>(&self, texts: impl Iterator<Item = (usize, &'t str)>) -> String {
        let mut json = String::with_capacity(self.json.len() + 64);
        let mut at = 0;
        for (index, text) in texts {
            let place = self.sources.binary_search_by_key(&index, |(index, _)| *index).expect("it was read from here");
            let span = self.sources[place].1.clone();
            let source = &self.json[span.clone()];
            let lines = Lines::of(source).expect("it could be read");
            if lines.text() == text {
                continue;
            }
            json.push_str(&self.json[at..span.start]);
            json.push_str(&lines.replaced(text, self.escapes(source)));
            at = span.end;
        }
        json.push_str(&self.json[at..]);
        json
    }

    /// Whether characters beyond ASCII are written as `\u00e9` in this source, or everywhere.
    fn escapes(&self, source: &str) -> bool {
        has_escaped_character(source) || self.json.is_ascii() && has_escaped_character(&self.json)
    }
}

/// A cell's source as it is written in the file.
struct Lines<'j> {
    /// For each line, its JSON without quotes and what that means.
    lines: Vec<(&'j str, Cow<'j, str>)>,
    layout: Layout<'j>,
}

/// What stands around the lines.
struct Layout<'j> {
    before: &'j str,
    between: Cow<'j, str>,
    after: &'j str,
}

impl<'j> Lines<'j> {
    /// `None` unless it is a string or a list of strings.
    fn of(source: &'j str) -> Option<Lines<'j>> {
        if let Some(string) = inside(source) {
            // A line ends with `\n`; a backslash before anything else takes the next character along.
            let mut lines = Vec::new();
            let (mut start, mut at) = (0, 0);
            while let Some(found) = memchr::memchr(b'\\', &string.as_bytes()[at..]) {
                at += found + 2;
                if string.as_bytes()[at - 1] == b'n' {
                    lines.push(line(&string[start..at])?);
                    start = at;
                }
            }
            if start < string.len() {
                lines.push(line(&string[start..])?);
            }
            return Some(Lines { lines, layout: Layout { before: "\"", between: Cow::Borrowed(""), after: "\"" } });
        }
        let items: Vec<&'j RawValue> = serde_json::from_str(source).ok()?;
        let lines = items.iter().map(|item| line(inside(item.get())?)).collect::<Option<Vec<_>>>()?;
        let spans: Vec<Range<usize>> = items.iter().map(|item| span(source, item.get())).collect();
        let layout = match &spans[..] {
            [] => Layout { before: "[\"", between: Cow::Borrowed("\", \""), after: "\"]" },
            [first, .., last] => Layout {
                before: &source[..=first.start],
                between: Cow::Borrowed(&source[first.end - 1..=spans[1].start]),
                after: &source[last.end - 1..],
            },
            [only] => {
                let before = &source[..=only.start];
                let space = &before[1..before.len() - 1];
                let space = if space.is_empty() { " " } else { space };
                Layout { before, between: Cow::Owned(format!("\",{space}\"")), after: &source[only.end - 1..] }
            }
        };
        Some(Lines { lines, layout })
    }

    /// What the source means.
    fn text(&self) -> String {
        self.lines.iter().map(|(_, text)| text.as_ref()).collect()
    }

    /// The source that means `text`; lines that stay are written as they were.
    fn replaced(&self, text: &str, escapes: bool) -> String {
        let old: Vec<&str> = self.lines.iter().map(|(_, text)| text.as_ref()).collect();
        let new: Vec<&str> = text.split_inclusive('\n').collect();
        let mut written: Vec<Cow<'_, str>> = Vec::with_capacity(new.len());
        for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
            match operation {
                DiffOp::Equal { old_index, len, .. } => {
                    written.extend(self.lines[old_index..old_index + len].iter().map(|(json, _)| Cow::Borrowed(*json)));
                }
                DiffOp::Insert { new_index, new_len, .. } | DiffOp::Replace { new_index, new_len, .. } => {
                    let lines = new[new_index..new_index + new_len].iter();
                    written.extend(lines.map(|line| Cow::Owned(json(line, escapes))));
                }
                DiffOp::Delete { .. } => {}
            }
        }
        let Layout { before, between, after } = &self.layout;
        match (written.is_empty(), before.starts_with('[')) {
            (true, true) => "[]".to_owned(),
            _ => format!("{before}{}{after}", written.join(between)),
        }
    }
}

/// The JSON between the quotes of a string.
fn inside(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

fn line(json: &str) -> Option<(&str, Cow<'_, str>)> {
    if !json.contains('\\') {
        return Some((json, Cow::Borrowed(json)));
    }
    Some((json, Cow::Owned(serde_json::from_str(&format!("\"{json}\"")).ok()?)))
}

/// A line as JSON, without quotes.
fn json(line: &str, escapes: bool) -> String {
    let string = serde_json::to_string(line).expect("strings can always be written");
    let json = inside(&string).expect("it is a string");
    if !escapes {
        return json.to_owned();
    }
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("a string takes everything");
            }
        }
    }
    escaped
}

/// Whether JSON has a `\u` escape of a character beyond ASCII.
fn has_escaped_character(json: &str) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &json.as_bytes()[at..]) {
        at += found + 2;
        if let Some(escape) = json.get(at - 1..at + 4)
            && let Some(digits) = escape.strip_prefix('u')
            && u32::from_str_radix(digits, 16).is_ok_and(|unit| unit > 0x7f)
        {
            return true;
        }
        if at >= json.len() {
            break;
        }
    }
    false
}
