//! Where a name that one file takes from others is defined: through aliases, packages that pass it on, and star imports.

use std::path::{Path, PathBuf};

use super::facts::{Import, Taken};
use super::view::View;

/// How many files that pass a name on are followed.
const MAX_STEPS: u8 = 8;

impl View<'_> {
    /// Whether `path` (`shop.timed`), as the file at `from` reads it, is what this file calls `wanted`.
    pub(super) fn means(&self, from: &Path, path: &str, wanted: &str) -> bool {
        self.leads_here(from, path, wanted, MAX_STEPS)
    }

    fn leads_here(&self, from: &Path, path: &str, wanted: &str, steps: u8) -> bool {
        let (Some(steps), Some(facts)) = (steps.checked_sub(1), self.project.facts(from)) else { return false };
        let (root, rest) = path.split_once('.').map_or((path, ""), |(root, rest)| (root, rest));
        let with_rest = |base: String| if rest.is_empty() { base } else { format!("{base}.{rest}") };
        let mut is_bound = false;
        for import in facts.imports.iter().filter(|import| !import.is_type_checking_only) {
            let Some(spelled) = bound_to(import, root) else { continue };
            is_bound = true;
            // `import shop.wrappers` binds `shop`, of which the rest of the path is a part.
            let whole = if import.taken == Taken::Whole { path.to_owned() } else { with_rest(spelled) };
            if self.is_member(from, &whole, wanted, steps) {
                return true;
            }
        }
        !is_bound
            && facts
                .imports
                .iter()
                .filter(|import| import.taken == Taken::Star)
                .any(|import| self.is_member(from, &joined(&import.module, path), wanted, steps))
    }

    /// Whether a dotted path from the top (or from the package, with dots in front) is what this file calls `wanted`.
    fn is_member(&self, from: &Path, path: &str, wanted: &str, steps: u8) -> bool {
        // Who takes it by another name on the way doesn't mention it, and was never asked.
        if last_part(path) != last_part(wanted) {
            return false;
        }
        let dots = path.len() - path.trim_start_matches('.').len();
        // The longest part that is a module; the rest is looked up in it.
        let mut ends: Vec<usize> = path.match_indices('.').map(|(at, _)| at).filter(|&at| at > dots).collect();
        if dots > 0 {
            ends.insert(0, dots);
        }
        for end in ends.into_iter().rev() {
            let module: Option<PathBuf> = self.module_of(from, &path[..end]);
            if let Some(module) = module {
                let rest = path[end..].trim_start_matches('.');
                return if module == self.path {
                    rest == wanted
                } else {
                    self.leads_here(&module, rest, wanted, steps)
                };
            }
        }
        false
    }
}

/// The dotted path of what an import binds `name` to, if it does.
fn bound_to(import: &Import, name: &str) -> Option<String> {
    match &import.taken {
        Taken::Whole => (import.module.split('.').next() == Some(name)).then(|| name.to_owned()),
        Taken::As(alias) => (alias == name).then(|| import.module.to_string()),
        Taken::Names(names) => {
            let taken = names.iter().find(|taken| taken.bound() == name)?;
            Some(joined(&import.module, &taken.name))
        }
        Taken::Star => None,
    }
}

/// What stands behind the last dot.
pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn joined(module: &str, name: &str) -> String {
    if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") }
}
