//! Pages as files in the user's cache folder, where editors can open them.

use std::path::PathBuf;
use std::{env, fs, io};

use crate::guide;
use crate::rules::{QUESTIONS, Question, RULES, Rule};

/// The name of the page that lists all others.
pub const INDEX: &str = "guide.md";

/// The name of a page that stands at `path` under `rules/`; all are in one folder here.
pub fn name(path: &str) -> String {
    match path.split_once('/') {
        Some((folder, "README.md")) => format!("Q{}.md", folder.split('-').next().unwrap_or(folder)),
        Some((_, file)) => file.to_owned(),
        None => path.to_owned(),
    }
}

/// Writes a page of this name, if it isn't there already. Returns where it is.
pub fn write(name: &str, text: &str) -> io::Result<PathBuf> {
    let folder = cache_folder().ok_or_else(|| io::Error::other("there is no cache folder; set XDG_CACHE_HOME"))?;
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    // Written only if it has changed: an editor that shows it would ask whether to read it again.
    if fs::read(&path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(path);
    }
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(&path)?;
    Ok(path)
}

/// Writes the pages of the rules that a question's page links to.
pub fn write_rules(question: &Question) -> io::Result<()> {
    question.rules().try_for_each(|rule| write_rule(rule).map(drop))
}

/// Writes the pages of all questions and rules.
pub fn write_all() -> io::Result<()> {
    QUESTIONS
        .iter()
        .try_for_each(|question| write(&name(question.path), &guide::question_page(question, None)).map(drop))?;
    RULES.iter().try_for_each(|rule| write_rule(rule).map(drop))
}

/// Writes the page of a rule. Returns where it is.
pub fn write_rule(rule: &Rule) -> io::Result<PathBuf> {
    write(&name(rule.path), &guide::rule_page(rule))
}

/// `pyprep-lint` in the folder that the system has for caches.
fn cache_folder() -> Option<PathBuf> {
    let folder = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || folder("HOME");
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("pyprep-lint"))
}
