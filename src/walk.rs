//! Which files are meant: the named ones, and in the named folders those that look like Python.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, io};

use anyhow::Context;
use ignore::gitignore::Gitignore;
use ignore::{DirEntry, WalkBuilder, WalkState};
use rustc_hash::FxHashSet;

use crate::config::Resolver;
use crate::nearest::nearest;

/// Folders that hold no code of the project's own. Whoever wants them checked names them.
const SKIPPED: [&str; 18] = [
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
    "__pypackages__",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
    ".ipynb_checkpoints",
];

/// The extensions of files that a walk takes.
const EXTENSIONS: [&str; 4] = ["py", "pyi", "pyw", "ipynb"];

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// As it is shown.
    pub path: PathBuf,
    /// What was not done, and why.
    pub message: String,
}

impl Problem {
    fn new(path: PathBuf, message: impl fmt::Display) -> Problem {
        Problem { path, message: message.to_string() }
    }
}

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As it is shown: relative to the working folder where it lies inside.
    pub shown: PathBuf,
    /// As the configuration sees it.
    pub absolute: PathBuf,
    /// Behind all links: what is the same file and where fixes are written to.
    real: PathBuf,
}

impl Found {
    fn as_text(&self) -> [&OsStr; 3] {
        [self.shown.as_os_str(), self.absolute.as_os_str(), self.real.as_os_str()]
    }

    /// Standard input, called `shown`, with the configuration of `absolute`.
    pub fn standard_input(shown: PathBuf, absolute: PathBuf) -> Found {
        Found { shown, real: absolute.clone(), absolute }
    }
}

/// All files that the named paths mean, each once, in the order of their paths; and what could not be looked at.
pub fn find(paths: &[PathBuf], cwd: &Path, resolver: &Arc<Resolver>) -> anyhow::Result<(Vec<Found>, Vec<Problem>)> {
    let mut found = Vec::new();
    let mut failures = Vec::new();
    for path in paths {
        let absolute = normalised(&cwd.join(path));
        let is_folder = match path.metadata() {
            Ok(metadata) => metadata.is_dir(),
            // A link that leads nowhere is a file that can't be read.
            Err(_) if path.is_symlink() => false,
            Err(error) => {
                failures.push(Problem::new(path.clone(), missing(path, &error, paths.len())));
                continue;
            }
        };
        if is_folder {
            let root = Root { named: path, absolute: &absolute, cwd };
            walk(&root, resolver, &mut found, &mut failures)
                .with_context(|| format!("{}: can't be walked", path.display()))?;
        } else {
            let real = absolute.canonicalize().unwrap_or_else(|_| absolute.clone());
            let shown = Root { named: path, absolute: &absolute, cwd }.shown(&absolute);
            found.push(Found { shown, absolute, real });
        }
    }
    // As text: comparing paths part by part takes longer than finding them.
    found.sort_unstable_by(|a, b| a.as_text().cmp(&b.as_text()));
    let mut seen = FxHashSet::default();
    found.retain(|file| seen.insert(file.real.clone()));
    Ok((found, failures))
}

/// Whether a walk through `folder` doesn't get as far as `path`, as the names on the way tell.
pub fn skips(folder: &Path, path: &Path) -> bool {
    let is_skipped = |part: &OsStr| part.to_str().is_some_and(|name| SKIPPED.contains(&name));
    path.strip_prefix(folder).map_or(true, |inside| inside.iter().any(is_skipped))
}

/// Whether a walk through `folder` finds the file at `path`.
pub fn finds(folder: &Path, path: &Path, resolver: &Arc<Resolver>) -> bool {
    let (wanted, settings) = (path.to_owned(), Arc::clone(resolver));
    builder(folder)
        .filter_entry(move |entry| {
            entry.depth() == 0 || wanted.starts_with(entry.path()) && is_wanted(entry, &settings)
        })
        .build()
        .any(|entry| entry.is_ok_and(|entry| entry.path() == path))
}

/// The folders in which the named paths' modules are looked for by their bare names: those of the projects that the configuration
/// was found in, the working folder if it holds one of the paths, and the named folders themselves. Inside a package it is
/// the folder that holds the outermost one.
pub fn roots(paths: &[PathBuf], cwd: &Path, resolver: &Resolver) -> Vec<PathBuf> {
    let mut roots = resolver.projects();
    for path in paths {
        let absolute = normalised(&cwd.join(path));
        if absolute.starts_with(cwd) && !is_package(cwd) {
            roots.push(cwd.to_owned());
        }
        let folder = if absolute.is_dir() { Some(&*absolute) } else { absolute.parent() };
        if absolute.is_dir() || !absolute.starts_with(cwd) {
            let outside = folder.and_then(|folder| folder.ancestors().find(|folder| !is_package(folder)));
            roots.extend(outside.map(Path::to_owned));
        }
    }
    roots
}

fn is_package(folder: &Path) -> bool {
    folder.join("__init__.py").is_file()
}

fn missing(path: &Path, error: &io::Error, count: usize) -> String {
    if error.kind() != io::ErrorKind::NotFound {
        return format!("not checked: {error}");
    }
    let command =
        path.to_str().filter(|_| count <= 2).and_then(|word| nearest(word, ["check", "explain", "rules", "server"]));
    match command {
        Some(command) => format!("no such file or folder; did you mean the command `{command}`?"),
        None => "no such file or folder".to_owned(),
    }
}

/// A path that was named.
struct Root<'r> {
    named: &'r Path,
    absolute: &'r Path,
    cwd: &'r Path,
}

impl Root<'_> {
    /// A path at or below it as users want to read it: from the working folder, else as they named it.
    fn shown(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix(self.cwd), path.strip_prefix(self.absolute)) {
            (Ok(inside), _) if inside.as_os_str().is_empty() => PathBuf::from("."),
            (Ok(inside), _) => inside.to_owned(),
            (Err(_), Ok(inside)) if inside.as_os_str().is_empty() => self.named.to_owned(),
            (Err(_), Ok(inside)) => self.named.join(inside),
            (Err(_), Err(_)) => path.to_owned(),
        }
    }
}

fn walk(
    root: &Root<'_>,
    resolver: &Arc<Resolver>,
    found: &mut Vec<Found>,
    failures: &mut Vec<Problem>,
) -> io::Result<()> {
    let real_root = root.absolute.canonicalize()?;
    let (files, problems) = (Mutex::new(found), Mutex::new(failures));
    let settings = Arc::clone(resolver);
    builder(root.absolute)
        .threads(std::thread::available_parallelism().map_or(1, usize::from).min(12))
        .filter_entry(move |entry| entry.depth() == 0 || is_wanted(entry, &settings))
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                match entry {
                    Ok(entry) => {
                        if let Some(file) = file(&entry, root, &real_root) {
                            files.lock().unwrap_or_else(PoisonError::into_inner).push(file);
                        }
                    }
                    Err(error) => {
                        let failure = Problem::new(root.shown(root.absolute), format!("not wholly checked: {error}"));
                        problems.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
                    }
                }
                WalkState::Continue
            })
        });
    Ok(())
}

fn builder(folder: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(folder);
    builder.hidden(false).require_git(false).parents(!is_ignored(folder));
    builder
}

fn is_wanted(entry: &DirEntry, resolver: &Resolver) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if is_folder {
        if entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name)) {
            return false;
        }
    } else if !is_python(entry.path()) {
        return false;
    }
    // A broken configuration is reported with the files that it holds for.
    !resolver.settings(entry.path()).is_ok_and(|settings| settings.excludes(entry.path()))
}

/// Whether a file is Python by its name.
pub fn is_python(path: &Path) -> bool {
    // Emacs locks an edited file by a link `.#name` that leads nowhere.
    let is_lock = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".#"));
    let extension = path.extension().and_then(|extension| extension.to_str());
    !is_lock && extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// The file at an entry; folders and special files are none.
fn file(entry: &DirEntry, root: &Root<'_>, real_root: &Path) -> Option<Found> {
    let path = entry.path();
    let kind = entry.file_type()?;
    let real = if kind.is_symlink() {
        match path.metadata() {
            Ok(metadata) if !metadata.is_file() => return None,
            _ => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        }
    } else if kind.is_file() {
        path.strip_prefix(root.absolute).map_or_else(|_| path.to_owned(), |inside| real_root.join(inside))
    } else {
        return None;
    };
    Some(Found { shown: root.shown(path), absolute: path.to_owned(), real })
}

/// Whether a `.gitignore` above a named folder leaves it out, or everything in it. It was named, so these don't count.
fn is_ignored(root: &Path) -> bool {
    let any_child = root.join("_");
    root.ancestors().skip(1).any(|folder| {
        let path = folder.join(".gitignore");
        let ignores = path.is_file().then(|| Gitignore::new(path).0);
        ignores.is_some_and(|ignores| {
            ignores.matched_path_or_any_parents(root, true).is_ignore()
                || ignores.matched(&any_child, false).is_ignore()
        })
    })
}

/// Without `.` and `..`, as far as that is possible without following links.
fn normalised(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if !normal.is_symlink() && normal.file_name().is_some() => {
                normal.pop();
            }
            component => normal.push(component),
        }
    }
    normal
}
