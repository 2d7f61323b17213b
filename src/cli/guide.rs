//! `guide` (also `explain`): the pages in the terminal, or as a web site.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};

use super::args::GuideArgs;
use super::{Status, links, output, pager};
use crate::config::rule_suggestion;
use crate::guide::{self, Look};
use crate::rules::{QUESTIONS, Question, Rule};

/// Longer lines of prose are hard to read.
const MAX_WIDTH: usize = 100;

/// Prints the pages that the arguments name, or the index.
pub fn run(args: &GuideArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let guide_url = links::guide_url();
    if let Some(folder) = &args.html {
        return write_site(folder, guide_url.as_deref(), out);
    }
    let pages = match &args.what[..] {
        [] => vec![guide::index(str::to_owned)],
        words => words.iter().map(|word| page(word, guide_url.as_deref())).collect::<anyhow::Result<_>>()?,
    };
    let width = pager::screen().map(|(columns, _)| columns.min(MAX_WIDTH));
    let look = Look { width, is_styled: args.color.for_stdout() };
    let texts: Vec<String> = pages.iter().map(|page| look.render(page)).collect();
    pager::print(&texts.join("\n"), out)?;
    Ok(Status::Clean)
}

/// The page of a rule (by code or name) or of a question: `Q3`, `3`, `functions`, or `PP03` as `--select` writes it.
fn page(word: &str, guide_url: Option<&str>) -> anyhow::Result<String> {
    if let Some(rule) = Rule::find(word) {
        return Ok(guide::rule_page(rule));
    }
    let upper = word.to_ascii_uppercase();
    let number = upper.strip_prefix("PP").or(upper.strip_prefix('Q')).unwrap_or(&upper).parse::<u8>();
    let question = match number {
        Ok(number) => Question::find(number),
        Err(_) => QUESTIONS.iter().find(|question| question.topic().eq_ignore_ascii_case(word)),
    };
    match (question, number) {
        (Some(question), _) => Ok(guide::question_page(question, guide_url)),
        (None, Ok(_)) => bail!("there is no question `{word}`; `pyprep-lint guide` lists all"),
        (None, Err(_)) => {
            bail!("unknown rule or question `{word}`{}", rule_suggestion(word, QUESTIONS.iter().map(Question::topic)))
        }
    }
}

/// Writes the site into `folder`. Files there that are not ours are never touched.
fn write_site(folder: &Path, guide_url: Option<&str>, out: &mut dyn Write) -> anyhow::Result<Status> {
    let files = guide::site(guide_url);
    for file in &files {
        let path = folder.join(&file.path);
        if !is_ours(&path).with_context(|| cannot(&path))? {
            let path = output::path(&path);
            bail!("{path} is not a file of this guide; nothing was written: move it away, or name another folder");
        }
    }
    for file in &files {
        let path = folder.join(&file.path);
        let written = fs::create_dir_all(path.parent().unwrap_or(folder)).and_then(|()| fs::write(&path, &file.text));
        written.with_context(|| cannot(&path))?;
    }
    writeln!(out, "{} files; open {}", files.len(), output::path(&folder.join("index.html")))?;
    Ok(Status::Clean)
}

fn cannot(path: &Path) -> String {
    format!("{} can't be written; name a folder that you may write to", output::path(path))
}

/// Whether the path is free, or a file that an earlier run wrote there.
fn is_ours(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(400).read_to_end(&mut start)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(String::from_utf8_lossy(&start).contains(guide::MARK))
}
