//! The project as one of its files sees it: the questions that rules may ask.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::Project;
use super::facts::{Facts, Import, name_of};
use super::origins::last_part;
use super::search::INIT;
use super::words::{Word, Words};
use crate::diagnostic::Elsewhere;

/// The project, seen from a file.
#[derive(Debug)]
pub struct View<'p> {
    pub(super) project: &'p Project,
    pub(super) path: &'p Path,
    asked: RefCell<Asked>,
    /// The files of modules, by the folder of the importing file and what it writes: many say the same.
    followed: RefCell<FxHashMap<(PathBuf, CompactString), Option<PathBuf>>>,
}

/// What was asked, so that one can tell which changes of other files may change the answers.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    words: Vec<Word>,
    /// Folders whose files were looked at.
    folders: Vec<PathBuf>,
}

impl Asked {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.folders.is_empty()
    }

    /// Whether an answer may depend on the file at `path`, which is called and mentions these words.
    pub(super) fn is_about(&self, path: &Path, words: &Words) -> bool {
        self.words.iter().any(|&word| words.may_have(word))
            || path.parent().is_some_and(|parent| self.folders.iter().any(|folder| folder == parent))
    }
}

/// A file that imports another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Importer {
    /// The file.
    pub path: Arc<Path>,
    /// The import in it.
    pub import: Import,
}

impl Importer {
    /// Its import as a place that belongs to a finding in another file.
    pub fn elsewhere(&self, message: impl Into<String>) -> Elsewhere {
        Elsewhere { path: self.path.clone(), place: self.import.place, message: message.into() }
    }
}

/// A use of a decorator in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decorating {
    /// The file.
    pub path: Arc<Path>,
    /// The function that is decorated.
    pub function: String,
    /// Where.
    pub place: crate::source::Place,
}

/// Where a module stands whose name alone, without a package in front, finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In the folder of a project, or in its `src/`.
    AtRoot,
    /// Beside a program, for which that folder comes first.
    BesideScript(Arc<Path>),
}

impl<'p> View<'p> {
    pub(super) fn new(project: &'p Project, path: &'p Path) -> View<'p> {
        View { project, path, asked: RefCell::default(), followed: RefCell::default() }
    }

    /// What was asked so far.
    pub fn into_asked(self) -> Asked {
        self.asked.into_inner()
    }

    /// The file from which the project is seen.
    pub fn path(&self) -> &'p Path {
        self.path
    }

    /// The first file, by its path, that imports this one when the program runs.
    pub fn importer(&self) -> Option<Importer> {
        let name = name_of(self.path)?;
        let runs_this = |importer: &Path, import: &&Import| {
            !import.is_type_checking_only
                && import.may_run(name)
                && self.project.runs(importer, import).iter().any(|file| file == self.path)
        };
        self.mentioning_file(self.path).into_iter().find_map(|(path, facts)| {
            let import = facts.imports.iter().find(|import| runs_this(&path, import))?.clone();
            Some(Importer { path, import })
        })
    }

    /// The first file, by its path, with an absolute import of `module`.
    pub fn importer_of(&self, module: &str) -> Option<Importer> {
        self.mentioning(module).into_iter().filter(|(path, _)| **path != *self.path).find_map(|(path, facts)| {
            let is_module = |import: &&Import| import.module.split('.').next() == Some(module);
            let import = facts.imports.iter().find(is_module)?.clone();
            Some(Importer { path, import })
        })
    }

    /// The first use of `name` of this file (`timed`, `Desk.checked`), called so often, as a decorator of a function in
    /// another file.
    pub fn decorating(&self, name: &str, calls: u8) -> Option<Decorating> {
        let last = last_part(name);
        // Under an alias, only the import names it.
        self.mentioning(name.split('.').next().unwrap_or(name))
            .into_iter()
            .filter(|(path, _)| **path != *self.path)
            .find_map(|(path, facts)| {
                let aliases = facts.aliases_of(last);
                let may_mean = |path: &str| last_part(path) == last || aliases.contains(&path);
                let fits = facts.decorators.iter().filter(|decorator| decorator.calls == calls);
                let found = fits
                    .filter(|decorator| may_mean(&decorator.path))
                    .filter_map(|decorator| Some((decorator, decorator.function.as_ref()?)))
                    .find(|(decorator, _)| self.means(&path, &decorator.path, name));
                let (place, function) = found.map(|(decorator, function)| (decorator.place, function.to_string()))?;
                Some(Decorating { path, function, place })
            })
    }

    /// Where this module or package stands, if its bare name finds it; `None` inside a package.
    pub fn stands(&self) -> Option<Stands> {
        let folder = self.path.parent()?;
        let folder = if self.path.ends_with(INIT) { folder.parent()? } else { folder };
        self.asked.borrow_mut().folders.push(folder.to_owned());
        let has = |name: &str| self.project.has(&folder.join(name));
        // The standard library itself hides nothing.
        let is_library = ["os.py", "site.py", "encodings/__init__.py", "email/__init__.py"].into_iter().all(has);
        if has(INIT) || is_library || self.is_namespace_package(folder) {
            return None;
        }
        let is_root = |folder: &Path| {
            self.project.roots().iter().any(|root| root.folder == folder) || self.project.has(&folder.join("setup.py"))
        };
        if is_root(folder) || folder.ends_with("src") && folder.parent().is_some_and(is_root) {
            return Some(Stands::AtRoot);
        }
        let is_script = |path: &Path, facts: &Facts| facts.is_script && path.parent() == Some(folder);
        let all = self.project.all();
        let script = all.iter().find(|(path, facts)| is_script(path, facts));
        script.map(|(path, _)| Stands::BesideScript(path.clone()))
    }

    /// Whether files of a folder without `__init__.py` are imported through its name, or import each other relatively.
    fn is_namespace_package(&self, folder: &Path) -> bool {
        let is_inside = |path: &Path| path.parent() == Some(folder);
        let imports_relatively = |facts: &Facts| facts.imports.iter().any(|import| import.module.starts_with('.'));
        if self.project.all().iter().any(|(path, facts)| is_inside(path) && imports_relatively(facts)) {
            return true;
        }
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { return false };
        self.mentioning(name).into_iter().any(|(path, facts)| {
            let through_name = |import: &&Import| import.module.split('.').any(|part| part == name);
            facts
                .imports
                .iter()
                .filter(through_name)
                .any(|import| self.project.runs(&path, import).iter().any(|file| is_inside(file)))
        })
    }

    /// The files whose imports may find the one at `path`, without that one itself, in the order of their paths.
    pub(super) fn mentioning_file(&self, path: &Path) -> Vec<(Arc<Path>, Arc<Facts>)> {
        let mut files = name_of(path).map_or_else(Vec::new, |name| self.mentioning(name));
        files.retain(|(file, _)| **file != *path);
        files
    }

    /// The file of the module that the one at `from` calls `module`.
    pub(super) fn module_of(&self, from: &Path, module: &str) -> Option<PathBuf> {
        let key = (from.parent()?.to_owned(), CompactString::from(module));
        if let Some(known) = self.followed.borrow().get(&key) {
            return known.clone();
        }
        let file = self.project.find(from, module).and_then(|found| found.module);
        self.followed.borrow_mut().insert(key, file.clone());
        file
    }

    /// The files that are called `name` or mention it, in the order of their paths.
    fn mentioning(&self, name: &str) -> Vec<(Arc<Path>, Arc<Facts>)> {
        let word = self.ask(name);
        let all = self.project.all();
        all.iter().filter(|(_, facts)| facts.words.may_have(word)).cloned().collect()
    }

    /// Remembers that the answer depends on files called like the last part of a module's path.
    pub(super) fn ask_path(&self, module: &str) {
        module.rsplit('.').find(|part| !part.is_empty()).map(|part| self.ask(part));
    }

    fn ask(&self, name: &str) -> Word {
        let word = Word::of(name);
        self.asked.borrow_mut().words.push(word);
        word
    }
}
