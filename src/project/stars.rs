//! What `from module import *` brings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::facts::{Facts, Taken, name_of};
use super::search::INIT;
use super::view::View;
use crate::python::stdlib;

/// The names that a star import brings.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    names: FxHashSet<CompactString>,
    /// Whether there may be others.
    pub is_open: bool,
    /// Whether an `__all__` says what they are.
    pub is_declared: bool,
}

impl Brought {
    /// Whether it surely brings this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

impl View<'_> {
    /// What a star import of `module` brings into this file; `None` if the module is not in view.
    pub fn brought_by(&self, module: &str) -> Option<Brought> {
        self.brought_to(self.path, module, &mut Vec::new())
    }

    fn brought_to(&self, from: &Path, module: &str, seen: &mut Vec<PathBuf>) -> Option<Brought> {
        self.ask_path(module);
        let is_absolute = !module.starts_with('.');
        match self.module_of(from, module) {
            Some(file) => self.brought_from(file, seen),
            None if is_absolute => stdlib::brought_by(module).map(|module| Brought {
                names: module.names().map(CompactString::from).collect(),
                is_open: false,
                is_declared: module.has_all,
            }),
            None => None,
        }
    }

    fn brought_from(&self, file: PathBuf, seen: &mut Vec<PathBuf>) -> Option<Brought> {
        if seen.contains(&file) {
            // A circle brings nothing new.
            return Some(Brought { is_declared: true, ..Brought::default() });
        }
        let facts = self.project.facts(&file)?;
        if let Some(all) = &facts.all {
            return Some(Brought { names: all.iter().cloned().collect(), is_open: facts.is_open, is_declared: true });
        }
        let mut brought = Brought {
            names: facts.names.iter().cloned().collect(),
            is_open: facts.is_open,
            is_declared: file.ends_with(INIT) && facts.names.is_empty(),
        };
        brought.names.extend(submodules(&file, &facts));
        seen.push(file.clone());
        for import in facts.imports.iter().filter(|import| import.taken == Taken::Star && !import.is_type_checking_only)
        {
            match self.brought_to(&file, &import.module, seen) {
                Some(more) => {
                    brought.names.extend(more.names.into_iter().filter(|name| !name.starts_with('_')));
                    brought.is_open |= more.is_open;
                    brought.is_declared &= more.is_declared;
                }
                None => brought.is_open = true,
            }
        }
        Some(brought)
    }

    /// The names that other files take from the one at `path`, by name or through a star import of their own.
    pub fn taken_from(&self) -> FxHashSet<CompactString> {
        let mut taken = FxHashSet::default();
        self.add_taken(self.path, &mut taken, &mut Vec::new());
        taken
    }

    fn add_taken(&self, path: &Path, taken: &mut FxHashSet<CompactString>, seen: &mut Vec<Arc<Path>>) {
        let Some(name) = name_of(path) else { return };
        for (importer, facts) in self.mentioning_file(path) {
            for import in &facts.imports {
                if !matches!(import.taken, Taken::Names(_) | Taken::Star) || !import.may_name(path, name) {
                    continue;
                }
                let found = self.module_of(&importer, &import.module);
                if found.is_none_or(|found| found != *path) {
                    continue;
                }
                match &import.taken {
                    Taken::Names(names) => taken.extend(names.iter().map(|taken| taken.name.clone())),
                    _ if !seen.contains(&importer) => {
                        seen.push(importer.clone());
                        taken.extend(facts.unbound.iter().cloned());
                        self.add_taken(&importer, taken, seen);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The submodules that a package's own imports leave in it as attributes.
fn submodules(file: &Path, facts: &Facts) -> Vec<CompactString> {
    if !file.ends_with(INIT) {
        return Vec::new();
    }
    let own = facts.imports.iter().filter(|import| !import.is_type_checking_only);
    own.filter_map(|import| import.module.strip_prefix('.')?.split('.').next())
        .filter(|name| !name.is_empty() && !name.starts_with('_'))
        .map(CompactString::from)
        .collect()
}
