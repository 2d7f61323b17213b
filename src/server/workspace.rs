//! The workspace's folders and the settings that hold for each file in them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use serde_json::Value;
use tower_lsp_server::ls_types::{Uri, WorkspaceFolder};

use super::mistakes::Mistakes;
use super::settings::{EditorSettings, Run};
use crate::config::{Config, ConfigError, Overrides, Resolver, Settings};

/// The folders that are open in the editor, with their settings.
#[derive(Debug, Default)]
pub struct Workspace {
    scopes: RwLock<Scopes>,
    /// What was read last without a mistake, by the folder that a file lies in.
    last_good: Mutex<FxHashMap<PathBuf, Arc<Settings>>>,
    /// What is wrong with configuration files.
    file_mistakes: Mutex<Mistakes>,
    /// What is wrong with the editor's settings.
    setting_mistakes: Mutex<Mistakes>,
    /// Counts the times that the client was asked for its settings.
    questions: AtomicU32,
}

#[derive(Debug, Default)]
struct Scopes {
    /// For files that lie in no folder.
    global: Scope,
    folders: Vec<(Folder, Scope)>,
}

/// A folder of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As the client names it.
    pub uri: Uri,
    path: PathBuf,
}

impl Folder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[derive(Debug)]
struct Scope {
    settings: EditorSettings,
    resolver: Arc<Resolver>,
}

impl Default for Scope {
    fn default() -> Self {
        Scope::new(EditorSettings::default())
    }
}

impl Scope {
    fn new(settings: EditorSettings) -> Scope {
        Scope { resolver: Arc::new(Resolver::new(settings.overrides())), settings }
    }
}

impl Scopes {
    /// The innermost folder that holds `path`.
    fn of(&self, path: Option<&Path>) -> &Scope {
        let holding = self.folders.iter().filter(|(folder, _)| path.is_some_and(|path| path.starts_with(&folder.path)));
        holding.max_by_key(|(folder, _)| folder.path.as_os_str().len()).map_or(&self.global, |(_, scope)| scope)
    }
}

/// How a file is to be analysed.
#[derive(Debug)]
pub enum Verdict {
    /// With this configuration.
    Analyse(Arc<Config>),
    /// Not at all: the configuration leaves it out.
    Excluded,
}

impl Workspace {
    /// Sets what `initialize` says: the folders and the settings for all of them. Returns the mistakes in these.
    pub fn start(&self, folders: Vec<WorkspaceFolder>, settings: Option<&Value>) -> Vec<String> {
        let nothing = EditorSettings::default();
        let (settings, problems) =
            settings.map_or((nothing.clone(), Vec::new()), |value| EditorSettings::read(value, &nothing));
        let mut scopes = self.write();
        scopes.folders =
            folders.into_iter().filter_map(folder).map(|found| (found, Scope::new(settings.clone()))).collect();
        scopes.global = Scope::new(settings);
        problems
    }

    /// Takes folders away and adds others, which start with the settings for all.
    pub fn change_folders(&self, removed: &[WorkspaceFolder], added: Vec<WorkspaceFolder>) {
        let mut scopes = self.write();
        scopes.folders.retain(|(folder, _)| removed.iter().all(|removed| removed.uri != folder.uri));
        let settings = scopes.global.settings.clone();
        for folder in added.into_iter().filter_map(folder) {
            if scopes.folders.iter().all(|(known, _)| *known != folder) {
                scopes.folders.push((folder, Scope::new(settings.clone())));
            }
        }
    }

    /// The folders' paths, each with what finds the settings of files in it.
    pub fn resolvers(&self) -> impl Iterator<Item = (PathBuf, Arc<Resolver>)> + use<> {
        let scopes = self.read();
        let folders: Vec<_> =
            scopes.folders.iter().map(|(folder, scope)| (folder.path.clone(), scope.resolver.clone())).collect();
        folders.into_iter()
    }

    /// The folders, in the order of the client.
    pub fn folders(&self) -> Vec<Folder> {
        self.read().folders.iter().map(|(folder, _)| folder.clone()).collect()
    }

    /// Sets the editor's settings for one folder, or without one for all that is outside of them. Returns whether that
    /// changed anything, and what is wrong.
    pub fn set_settings(&self, folder: Option<&Folder>, value: &Value) -> (bool, Vec<String>) {
        let mut scopes = self.write();
        let scope = match folder {
            None => &mut scopes.global,
            Some(wanted) => match scopes.folders.iter_mut().find(|(folder, _)| folder == wanted) {
                Some((_, scope)) => scope,
                // It has been closed meanwhile.
                None => return (false, Vec::new()),
            },
        };
        let (settings, problems) = EditorSettings::read(value, &scope.settings);
        let is_new = settings != scope.settings;
        if is_new {
            *scope = Scope::new(settings);
        }
        (is_new, problems)
    }

    /// Those of the mistakes in the editor's settings, all that there are now, which the user doesn't know yet.
    pub fn news(&self, mut problems: Vec<String>) -> Vec<String> {
        let mut mistakes = lock(&self.setting_mistakes);
        mistakes.none_here();
        mistakes.look_again();
        problems.retain(|problem| mistakes.is_news(problem));
        problems
    }

    /// Forgets what configuration files said; they are read again when next needed.
    pub fn reload(&self) {
        lock(&self.file_mistakes).look_again();
        let mut scopes = self.write();
        let Scopes { global, folders } = &mut *scopes;
        for scope in std::iter::once(global).chain(folders.iter_mut().map(|(_, scope)| scope)) {
            *scope = Scope::new(scope.settings.clone());
        }
    }

    /// A number for one more question about the settings.
    pub fn next_question(&self) -> u32 {
        self.questions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Whether no question was asked after this one.
    pub fn is_newest_question(&self, number: u32) -> bool {
        self.questions.load(Ordering::Relaxed) == number
    }

    /// Whether hovers teach in the file at `path`.
    pub fn hovers(&self, path: Option<&Path>) -> bool {
        self.read().of(path).settings.hover
    }

    /// When the file at `path` is looked at.
    pub fn run(&self, path: Option<&Path>) -> Run {
        self.read().of(path).settings.run
    }

    /// Where a buffer without a file belongs: the first folder.
    pub fn home(&self) -> Option<PathBuf> {
        self.read().folders.first().map(|(folder, _)| folder.path.clone())
    }

    /// How the file at `path` (absolute) is to be analysed. A mistake in a configuration file is passed to `tell`, once,
    /// and what was right before stays in force. Reads files, so that it's for the analysis threads.
    pub fn verdict(&self, path: &Path, tell: impl FnOnce(&ConfigError)) -> Verdict {
        let resolver = self.read().of(Some(path)).resolver.clone();
        let folder = path.parent().unwrap_or(path);
        let settings = match resolver.settings(path) {
            Ok(settings) => {
                lock(&self.file_mistakes).none_here();
                lock(&self.last_good).insert(folder.to_owned(), settings.clone());
                Some(settings)
            }
            Err(error) => {
                if lock(&self.file_mistakes).is_news(&error.to_string()) {
                    tell(&error);
                }
                // A file in a folder that is new follows those above it. The editor's settings may have changed since.
                let last_good = lock(&self.last_good);
                let settings = folder.ancestors().find_map(|folder| last_good.get(folder));
                settings.map(|settings| Arc::new(settings.under(&self.overrides(path))))
            }
        };
        match settings {
            Some(settings) if settings.excludes(path) => Verdict::Excluded,
            Some(settings) => Verdict::Analyse(settings.config(path)),
            None => Verdict::Analyse(self.without_files(path)),
        }
    }

    /// The configuration if no file could be read: what the editor's settings alone say.
    fn without_files(&self, path: &Path) -> Arc<Config> {
        let overrides = Overrides { isolated: true, ..self.overrides(path) };
        let settings = Resolver::new(overrides).settings(path);
        settings.map_or_else(|_| Arc::new(Config::default()), |settings| settings.config(path))
    }

    /// What the editor's settings want for the file at `path`.
    fn overrides(&self, path: &Path) -> Overrides {
        self.read().of(Some(path)).settings.overrides()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Scopes> {
        self.scopes.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Scopes> {
        self.scopes.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn folder(folder: WorkspaceFolder) -> Option<Folder> {
    let path = super::uri::to_path(&folder.uri)?;
    Some(Folder { uri: folder.uri, path })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
