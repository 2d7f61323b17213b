//! Configuration files that change on disk: watched by the client if it can, else by ourselves.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use rustc_hash::FxHashSet;
use serde_json::json;
use tower_lsp_server::ls_types::Registration;

use crate::config::{DEDICATED, PYPROJECT};

/// Asks the client to watch all configuration files.
pub fn registration() -> Registration {
    let watchers: Vec<_> = [PYPROJECT, DEDICATED].map(|name| json!({ "globPattern": format!("**/{name}") })).into();
    Registration {
        id: "pyprep-lint-configuration-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    }
}

/// Whether this is a file that configures us.
pub fn is_configuration(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PYPROJECT || name == DEDICATED)
}

/// Our own watch, for clients that keep none. It looks at the folders above open files, where their configuration is
/// looked for.
pub struct OwnWatch {
    watcher: Mutex<RecommendedWatcher>,
    folders: Mutex<FxHashSet<PathBuf>>,
}

impl OwnWatch {
    /// Starts a watch that calls `changed` when a configuration file appears, changes or goes; `None` where the system
    /// has no means for it.
    pub fn start(changed: impl Fn() + Send + 'static) -> Option<OwnWatch> {
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| {
                !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_configuration(path))
            }) {
                changed();
            }
        });
        match watcher {
            Ok(watcher) => Some(OwnWatch { watcher: Mutex::new(watcher), folders: Mutex::default() }),
            Err(error) => {
                tracing::warn!("configuration files can't be watched: {error}");
                None
            }
        }
    }

    /// Watches the folders above a file.
    pub fn add(&self, file: &Path) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in file.ancestors().skip(1) {
            // Those above a known folder are known, too.
            if !folders.insert(folder.to_owned()) {
                return;
            }
            if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) {
                tracing::info!("{} can't be watched: {error}", folder.display());
            }
        }
    }
}

impl std::fmt::Debug for OwnWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWatch").finish_non_exhaustive()
    }
}
