//! What is known across files.
//!
//! ```text
//! analyse: Facts of each file ──> Project (path → Facts, roots)
//!          Pending findings  ──> settle: each asks a View, which is the project seen from its file
//! ```
//!
//! [`Facts`] are what other files may want to know of one: what it imports and under which guards, which names it binds and
//! passes on, what it decorates with, whether it is a program. They are gathered in passing and hold no part of the tree.
//!
//! A rule that needs other files reports its finding as *pending* ([`crate::rules::Finding::pending`]), with a function
//! that owns all it needs. When all files are known, [`crate::analyse::settle`] calls it with the [`View`] from the finding's
//! file, and it gives back the finding, improved by what it learnt there, or nothing. No file is analysed twice for that.
//!
//! There is no table of modules that would have to be kept current: an import is followed as Python does it, by looking
//! for files along a search path (`search.rs`) – the importing file's own folder, where scripts find their modules, `src/` and
//! the folder of each project around it, then of the others. For the way back (who imports this file?) each file's facts
//! hold a filter of all names that they mention (`words.rs`), so that only few files have to be looked at.
//!
//! # Which files belong to it
//!
//! The command line knows the files under the paths it was given and no others, so that one path gives the same findings
//! wherever it is checked from. The language server knows all files of the workspace's folders that the same walk finds; the
//! text of an open document counts instead of the file on disk.
//!
//! Nothing is claimed because a file is missing: a finding that hangs on another file needs to see it. And a comment that
//! silences a pending finding is never called useless, since another run may see more.

pub mod facts;
mod origins;
mod search;
mod stars;
mod view;
mod words;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

pub use facts::Facts;
pub use stars::Brought;
pub use view::{Asked, Decorating, Importer, Stands, View};

/// The files of a run or workspace, as far as rules need them. Can be read and changed by several threads.
#[derive(Debug, Default)]
pub struct Project {
    files: DashMap<Arc<Path>, Arc<Facts>, FxBuildHasher>,
    /// The same to go through, in the order of their paths' texts; made anew when one has come or gone.
    all: Mutex<Option<All>>,
    /// The deepest first.
    roots: RwLock<Arc<[Root]>>,
}

type All = Arc<Vec<(Arc<Path>, Arc<Facts>)>>;

/// The folder of a project.
#[derive(Debug)]
struct Root {
    folder: PathBuf,
    /// Where its packages are, if they don't lie in the folder itself.
    src: PathBuf,
}

/// What was different in a file before and after.
#[derive(Debug)]
pub struct Change {
    path: Arc<Path>,
    facts: [Option<Arc<Facts>>; 2],
}

impl Project {
    /// Sets the folders in which Python looks for modules.
    pub fn set_roots(&self, roots: impl IntoIterator<Item = PathBuf>) {
        let mut roots: Vec<PathBuf> = roots.into_iter().collect();
        roots.sort_by(|a, b| (b.components().count(), a).cmp(&(a.components().count(), b)));
        roots.dedup();
        let roots = roots.into_iter().map(|folder| Root { src: folder.join("src"), folder });
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = roots.collect();
    }

    /// Takes what is known of a file now. Returns what that changes.
    pub fn set(&self, path: &Path, facts: Facts) -> Option<Change> {
        if self.files.get(path).is_some_and(|known| **known == facts) {
            return None;
        }
        let (path, facts): (Arc<Path>, _) = (path.into(), Arc::new(facts));
        let before = self.files.insert(path.clone(), facts.clone());
        match before {
            Some(_) => self.renew(&path),
            None => self.forget_all(),
        }
        Some(Change { path, facts: [before, Some(facts)] })
    }

    /// Forgets a file. Returns what that changes.
    pub fn remove(&self, path: &Path) -> Option<Change> {
        let (path, before) = self.files.remove(path)?;
        self.forget_all();
        Some(Change { path, facts: [Some(before), None] })
    }

    /// The files that are known.
    pub fn paths(&self) -> Vec<Arc<Path>> {
        self.all().iter().map(|(path, _)| path.clone()).collect()
    }

    /// Whether the file is known.
    pub fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// The project as the file at `path` sees it.
    pub fn view<'p>(&'p self, path: &'p Path) -> View<'p> {
        View::new(self, path)
    }

    fn facts(&self, path: &Path) -> Option<Arc<Facts>> {
        self.files.get(path).map(|facts| facts.clone())
    }

    fn all(&self) -> All {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let list = || {
            let mut list: Vec<_> =
                self.files.iter().map(|entry| (entry.key().clone(), entry.value().clone())).collect();
            list.sort_unstable_by(|(a, _), (b, _)| a.as_os_str().cmp(b.as_os_str()));
            Arc::new(list)
        };
        all.get_or_insert_with(list).clone()
    }

    /// Takes a file that has changed into the list: while somebody types, there may be thousands of others.
    fn renew(&self, path: &Path) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(list) = all.as_mut() else { return };
        let place = list.binary_search_by(|(known, _)| known.as_os_str().cmp(path.as_os_str()));
        match (place, self.facts(path)) {
            (Ok(place), Some(facts)) => Arc::make_mut(list)[place].1 = facts,
            _ => *all = None,
        }
    }

    /// Called after each change, so that none is missed by who makes the list.
    fn forget_all(&self) {
        *self.all.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn roots(&self) -> Arc<[Root]> {
        self.roots.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Change {
    /// Whether this may matter to what was answered when `asked` was asked.
    pub fn concerns(&self, asked: &Asked) -> bool {
        // A file that comes or goes may be found instead of another one, or make a folder a package.
        let comes_or_goes = self.facts.iter().any(Option::is_none);
        !asked.is_empty()
            && (comes_or_goes || self.facts.iter().flatten().any(|facts| asked.is_about(&self.path, &facts.words)))
    }
}
