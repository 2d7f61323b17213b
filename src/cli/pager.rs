//! Long texts on a terminal go through the user's pager.

use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Prints `text`: through `$PAGER` if it is longer than the terminal is high, else, and where there is no pager, as it is.
pub fn print(text: &str, out: &mut dyn Write) -> io::Result<()> {
    if !is_longer_than_screen(text) || !page(text)? {
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// The terminal that standard output is: its columns and rows.
pub fn screen() -> Option<(usize, usize)> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let (columns, rows) = terminal_size::terminal_size_of(&stdout)?;
    Some((columns.0.into(), rows.0.into()))
}

fn is_longer_than_screen(text: &str) -> bool {
    // The prompt takes a row, too.
    screen().is_some_and(|(_, rows)| text.lines().count() >= rows)
}

/// Shows the text in the pager until the user leaves it; false if there is none.
fn page(text: &str) -> io::Result<bool> {
    let words = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = words.split_whitespace();
    let Some(program) = words.next() else { return Ok(false) };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Show colours, and leave the screen as it is for a text that fits it.
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else { return Ok(false) };
    let written = pager.stdin.take().expect("piped").write_all(text.as_bytes());
    pager.wait()?;
    match written {
        // Who has read enough leaves: that is no failure.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(true),
    }
}
