//! `concise`: one line a finding, which editors and scripts can read.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use crate::cli::file::Checked;
use crate::diagnostic::Severity;

/// `path:line:col: severity[CODE] message`, one a line.
pub fn render(file: &Checked, is_coloured: bool) -> String {
    let path = super::path(&file.shown);
    let mut text = String::new();
    for diagnostic in &file.diagnostics {
        let place = file.source.place(diagnostic.range.start());
        let style = if is_coloured { style(diagnostic.severity) } else { Style::new() };
        let (severity, code) = (diagnostic.severity.as_str(), diagnostic.rule.code);
        let message = super::printable(&diagnostic.message);
        text.push_str(&format!("{path}:{place}: {style}{severity}[{code}]{style:#} {message}\n"));
    }
    text
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::BrightBlue,
        Severity::Hint => AnsiColor::BrightGreen,
    };
    color.on_default().effects(Effects::BOLD)
}
