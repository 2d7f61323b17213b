//! `--diff`: what fixes would change, as a unified diff.

use std::io::{self, Write};

use annotate_snippets::renderer::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use crate::cli::file::Change;

/// Prints the lines that change, with three lines around them; of a notebook, each cell by itself.
pub fn diff(change: &Change, is_coloured: bool, out: &mut dyn Write) -> io::Result<()> {
    let path = super::path(&change.shown);
    let Change { before, after, .. } = change;
    if before.cells().is_empty() {
        return print(&path, before.text(), after.text(), is_coloured, out);
    }
    for (old, new) in before.cells().iter().zip(after.cells()) {
        let (before, after) = (&before.text()[old.range()], &after.text()[new.range()]);
        if before != after {
            print(&format!("{path}:cell {}", old.number()), before, after, is_coloured, out)?;
        }
    }
    Ok(())
}

fn print(path: &str, before: &str, after: &str, is_coloured: bool, out: &mut dyn Write) -> io::Result<()> {
    let diff = TextDiff::from_lines(before, after);
    writeln!(out, "--- {path}\n+++ {path}")?;
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "{}", hunk.header())?;
        for line in hunk.iter_changes() {
            let style = match line.tag() {
                ChangeTag::Delete if is_coloured => AnsiColor::Red.on_default(),
                ChangeTag::Insert if is_coloured => AnsiColor::Green.on_default(),
                _ => Style::new(),
            };
            let text = line.value();
            let body = text.trim_end_matches(['\n', '\r']);
            write!(out, "{style}{}{body}{style:#}{}", line.tag(), &text[body.len()..])?;
            if line.missing_newline() {
                writeln!(out, "\n\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}
