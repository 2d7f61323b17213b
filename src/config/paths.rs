//! Patterns for files and folders: those of `exclude` and `per-file-ignores`.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobMatcher};

/// A pattern that means a file or everything below a folder. Without a slash it is a name at any depth (`generated`,
/// `test_*.py`), with one a path from the folder of the configuration (`tests/data`, `src/**/old`).
#[derive(Clone, Debug)]
pub struct PathPattern {
    base: PathBuf,
    is_name: bool,
    matcher: GlobMatcher,
}

impl PathPattern {
    /// A pattern seen from the folder `base`.
    pub fn new(base: &Path, pattern: &str) -> Result<PathPattern, globset::Error> {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        let pattern = if pattern.len() > 1 { pattern.strip_suffix('/').unwrap_or(pattern) } else { pattern };
        let glob: Glob = GlobBuilder::new(pattern).literal_separator(true).build()?;
        Ok(PathPattern { base: base.to_owned(), is_name: !pattern.contains('/'), matcher: glob.compile_matcher() })
    }

    /// Whether it means `path` (absolute) or a folder above it.
    pub fn covers(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(&self.base).ok();
        let relative = inside.unwrap_or(path);
        relative.ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty()).any(|ancestor| {
            if self.is_name {
                ancestor.file_name().is_some_and(|name| self.matcher.is_match(name))
            } else {
                // A pattern may also be absolute.
                self.matcher.is_match(ancestor) || inside.is_some() && self.matcher.is_match(self.base.join(ancestor))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        PathPattern::new(Path::new("/shop"), pattern).unwrap().covers(Path::new(path))
    }

    #[test]
    fn names_and_paths() {
        assert!(covers("generated", "/shop/a/generated/b.py"));
        assert!(covers("test_*.py", "/shop/a/test_b.py"));
        assert!(!covers("test_*.py", "/shop/a/b.py"));
        assert!(covers("tests/", "/shop/tests/a.py"));
        assert!(covers("tests/*", "/shop/tests/deep/a.py"));
        assert!(!covers("tests/data", "/shop/other/tests/data/a.py"));
        assert!(covers("**/data", "/shop/other/data/a.py"));
        assert!(covers("/shop/a.py", "/shop/a.py"));
        assert!(!covers("shop", "/shop/a.py"));
        assert!(PathPattern::new(Path::new("/"), "a[").is_err());
    }
}
