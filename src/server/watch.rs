//! Files that change on disk, those that configure us and those of Python: watched by the client if it can, else by ourselves.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use rustc_hash::FxHashSet;
use serde_json::json;
use tower_lsp_server::ls_types::Registration;

use crate::config::{DEDICATED, PYPROJECT};
use crate::walk;

/// Asks the client to watch all files that matter.
pub fn registration() -> Registration {
    let names = [PYPROJECT, DEDICATED, "*.{py,pyi,pyw,ipynb}"];
    let files = names.map(|name| json!({ "globPattern": format!("**/{name}") }));
    // Clients tell of a folder that comes (1) or goes (4), and not of the files in it.
    let folders = json!({ "globPattern": "**/*", "kind": 1 | 4 });
    let watchers: Vec<_> = files.into_iter().chain([folders]).collect();
    Registration {
        id: "pyprep-lint-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    }
}

/// Whether this is a file that configures us.
pub fn is_configuration(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PYPROJECT || name == DEDICATED)
}

/// Whether this may be a Python file, or a folder, as far as its name tells.
pub fn may_be_python(path: &Path) -> bool {
    path.extension().is_none() || walk::is_python(path)
}

/// Our own watch, for clients that keep none. It looks at the folders above open files, where their configuration is
/// looked for, and at those that hold files of the workspace.
pub struct OwnWatch {
    watcher: Mutex<RecommendedWatcher>,
    folders: Mutex<FxHashSet<PathBuf>>,
}

impl OwnWatch {
    /// Starts a watch that calls `changed` when files or folders appear, change or go; `None` where the system has no means
    /// for it.
    pub fn start(changed: impl Fn(Vec<PathBuf>) + Send + 'static) -> Option<OwnWatch> {
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                changed(event.paths);
            }
        });
        match watcher {
            Ok(watcher) => Some(OwnWatch { watcher: Mutex::new(watcher), folders: Mutex::default() }),
            Err(error) => {
                tracing::warn!("files can't be watched: {error}");
                None
            }
        }
    }

    /// Watches the folders above a file.
    pub fn add(&self, file: &Path) {
        for folder in file.ancestors().skip(1) {
            self.add_folder(folder);
        }
    }

    /// Takes note that a folder is gone: one that comes in its place would not be watched.
    pub fn forget(&self, gone: &Path) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|folder| !folder.starts_with(gone));
    }

    /// Watches what lies right in a folder. Returns whether it was not watched already.
    pub fn add_folder(&self, folder: &Path) -> bool {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !folders.insert(folder.to_owned()) {
            return false;
        }
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) {
            tracing::info!("{} can't be watched: {error}", folder.display());
        }
        true
    }
}

impl std::fmt::Debug for OwnWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWatch").finish_non_exhaustive()
    }
}
