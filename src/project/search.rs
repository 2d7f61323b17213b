//! How an import finds its files: along the folders in which Python looks, as
//! <https://docs.python.org/3/reference/import.html> has it.

use std::path::{Path, PathBuf};

use ruff_python_stdlib::sys::is_builtin_module;

use super::facts::{Import, MAX_PACKAGES, Taken};
use super::{Project, Root};
use crate::python::stdlib::NEWEST_MINOR;

pub(super) const INIT: &str = "__init__.py";

/// What an import finds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files that it runs: the `__init__.py` of each package on the way, the module last.
    pub(super) files: Vec<PathBuf>,
    /// The module's own file; none for a folder without `__init__.py`.
    pub(super) module: Option<PathBuf>,
    /// Where its submodules are, if it is a package; several where nothing but folders was found, which need not exist.
    pub(super) folders: Vec<PathBuf>,
}

impl Project {
    /// What the module called `module`, with the dots of a relative import, is to the file at `from`.
    pub(super) fn find(&self, from: &Path, module: &str) -> Option<Found> {
        let name = module.trim_start_matches('.');
        let level = module.len() - name.len();
        let parts: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
        if level > 0 {
            let base = from.ancestors().nth(level)?;
            return self.walk(base, &parts).map(|found| self.with_packages_above(base, found));
        }
        let top = parts.first()?;
        if is_built_in(top) {
            return None;
        }
        // Folders without `__init__.py` count only where nothing better is found, and then all of them.
        let mut namespace = Found::default();
        // First the file's own folder, as for scripts, or that of its package; then those of its projects, the innermost first,
        // and of others.
        let roots = self.roots();
        let (around, others): (Vec<&Root>, Vec<&Root>) = roots.iter().partition(|root| from.starts_with(&root.folder));
        let folders = around.into_iter().chain(others).flat_map(|root| [&*root.src, &*root.folder]);
        for folder in std::iter::once(self.folder_of_packages(from)).chain(folders) {
            let found = self.walk(folder, &parts)?;
            if !found.files.is_empty() {
                return Some(found);
            }
            namespace.folders.extend(found.folders);
        }
        Some(namespace)
    }

    /// The files that an import runs, those of packages first.
    pub(super) fn runs(&self, from: &Path, import: &Import) -> Vec<PathBuf> {
        let Some(mut found) = self.find(from, &import.module) else { return Vec::new() };
        if let Taken::Names(names) = &import.taken {
            found.files.extend(names.iter().filter_map(|taken| self.submodule(&found.folders, &taken.name)));
        }
        found.files
    }

    /// The file of a package's submodule.
    pub(super) fn submodule(&self, folders: &[PathBuf], name: &str) -> Option<PathBuf> {
        folders.iter().find_map(|folder| self.walk(folder, &[name])?.module)
    }

    /// The innermost folder above a file that is no package itself.
    pub(super) fn folder_of_packages<'f>(&self, file: &'f Path) -> &'f Path {
        let mut folders = file.ancestors().skip(1);
        folders.find(|folder| !self.has(&folder.join(INIT))).unwrap_or(file)
    }

    /// What these parts lead to from a folder, where everything without a file is taken for a folder; `None` if a part is
    /// looked for in a module that is no package.
    fn walk(&self, base: &Path, parts: &[&str]) -> Option<Found> {
        let mut found = Found::default();
        let mut folder = Some(base.to_owned());
        if parts.is_empty() {
            found.module = Some(base.join(INIT)).filter(|init| self.has(init));
            found.files.extend(found.module.clone());
        }
        for part in parts {
            let inner = folder?.join(part);
            let (init, file) = (inner.join(INIT), inner.with_file_name(format!("{part}.py")));
            found.module = [init, file].into_iter().find(|path| self.has(path));
            found.files.extend(found.module.clone());
            folder = found.module.as_ref().is_none_or(|module| module.ends_with(INIT)).then_some(inner);
        }
        found.folders.extend(folder);
        Some(found)
    }

    /// A relative import runs the packages around it, too.
    fn with_packages_above(&self, base: &Path, mut found: Found) -> Found {
        let above = base.ancestors().take(MAX_PACKAGES).map(|folder| folder.join(INIT));
        let packages = above.take_while(|init| self.has(init)).filter(|init| !found.files.contains(init));
        let mut packages: Vec<PathBuf> = packages.collect();
        packages.reverse();
        found.files.splice(0..0, packages);
        found
    }
}

/// Whether some interpreter has the module built in, so that no file can be imported by its name.
pub(super) fn is_built_in(module: &str) -> bool {
    is_builtin_module(NEWEST_MINOR, module)
}
