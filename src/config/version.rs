//! Python versions as users write them.

use ruff_python_ast::PythonVersion;

/// `3.9` or `py39`; the message names the versions that are known.
pub fn parse_target(text: &str) -> Result<PythonVersion, String> {
    let dotted = match text.strip_prefix("py").and_then(|digits| digits.split_at_checked(1)) {
        Some((major, minor)) => format!("{major}.{minor}"),
        None => text.to_owned(),
    };
    PythonVersion::iter().find(|version| version.to_string() == dotted).ok_or_else(|| {
        let (first, last) = (PythonVersion::lowest(), PythonVersion::iter().last().unwrap_or_default());
        format!("unknown Python version `{text}`; the known ones are {first} to {last}, as `3.12` or `py312`")
    })
}

/// The oldest Python that a `requires-python` admits (<https://packaging.python.org/specifications/version-specifiers/>);
/// `None` if it sets no lower bound or can't be understood. Bounds below the oldest known version count as that one.
pub fn lower_bound(requires: &str) -> Option<PythonVersion> {
    let bound = requires.split(',').filter_map(|clause| {
        let clause = clause.trim();
        let version = [">=", "~=", "===", "==", ">"].iter().find_map(|operator| clause.strip_prefix(operator))?;
        let mut parts = version.trim().split('.');
        let major = parts.next()?.parse().ok()?;
        // `>3.8` admits 3.8.1, so its bound is 3.8, too. `==3.*` is any 3.
        let minor = match parts.next() {
            None | Some("*") => 0,
            Some(minor) => minor.parse().ok()?,
        };
        Some(PythonVersion { major, minor })
    });
    bound.max().map(|version| version.max(PythonVersion::lowest()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_targets() {
        assert_eq!(parse_target("3.9"), Ok(PythonVersion::PY39));
        assert_eq!(parse_target("py312"), Ok(PythonVersion::PY312));
        for wrong in ["", "3", "py", "3.99", "2.7", "latest", "pyé9"] {
            assert!(parse_target(wrong).unwrap_err().contains("3.7 to 3.15"), "{wrong}");
        }
    }

    #[test]
    fn reads_requires_python() {
        let bound = |requires: &str| lower_bound(requires).map(|version| version.to_string());
        for (requires, wanted) in [
            (">=3.9", "3.9"),
            ("~=3.9", "3.9"),
            ("~=3.11.2", "3.11"),
            ("==3.9.*", "3.9"),
            ("== 3.*", "3.7"),
            (">3.8", "3.8"),
            (">= 3.8, <4", "3.8"),
            ("<3.13,>=3.10,!=3.11.1", "3.10"),
            (">=2.7", "3.7"),
            (">=3", "3.7"),
        ] {
            assert_eq!(bound(requires).as_deref(), Some(wanted), "{requires}");
        }
        for none in ["", "<4", "^3.9", "*", "!=3.9"] {
            assert_eq!(bound(none), None, "{none}");
        }
    }
}
