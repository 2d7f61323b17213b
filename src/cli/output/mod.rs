//! How findings are printed: one renderer a file.

mod concise;
mod diff;
mod full;
mod json;
mod summary;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::args::Format;
use super::file::Checked;

pub use diff::diff;
pub use summary::Summary;

/// The text of each file's findings.
pub fn render(format: Format, files: &[Checked], is_coloured: bool) -> Vec<String> {
    let render = |file: &Checked| match format {
        Format::Full => full::render(file, is_coloured),
        Format::Concise => concise::render(file, is_coloured),
        Format::Json => json::render(file),
    };
    files.par_iter().map(render).collect()
}

/// Prints rendered files one after the other.
pub fn write(format: Format, texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full | Format::Concise => texts.iter().try_for_each(|text| out.write_all(text.as_bytes())),
        Format::Json => json::write(texts, out),
    }
}

/// A path that can be printed: bytes that would change the terminal or break the line are escaped.
pub fn path(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

/// Text without control characters.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escape = |char: char| if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}
