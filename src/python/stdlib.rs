//! Modules of the standard library: which there are, which of them a file can take the place of, and what a star import of
//! one brings.

use ruff_python_ast::PythonVersion;
use ruff_python_stdlib::sys::{is_builtin_module, is_known_standard_library};

/// The newest Python (3.x) whose modules and builtins are known.
pub const NEWEST_MINOR: u8 = 14;

/// One module a line: its name, a `*` behind it if it has an `__all__`, then what a star import brings. Made by
/// `tests/stdlib_names.py` from Python 3.9 to 3.13 on Linux; an interpreter may lack some of it.
const NAMES: &str = include_str!("stdlib_names.txt");

/// Modules that are in `sys.modules` when a script starts, or frozen into the interpreter (from 3.11): an import never gets as
/// far as a file. `python3 -X importtime -c ""` lists the first, `_imp.is_frozen` tells the second.
#[rustfmt::skip]
const LOADED: &[&str] = &[
    "abc", "codecs", "encodings", "genericpath", "io", "ntpath", "os", "posixpath", "runpy", "site", "stat",
    "zipimport",
];

/// What a star import of a module brings.
#[derive(Clone, Copy, Debug)]
pub struct Brought {
    /// Whether the module has an `__all__`.
    pub has_all: bool,
    names: &'static str,
}

impl Brought {
    /// The names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.names.split_whitespace()
    }
}

/// What a star import of `module`, by its dotted path, brings; `None` if that is unknown.
pub fn brought_by(module: &str) -> Option<Brought> {
    NAMES.lines().find_map(|line| {
        let rest = line.strip_prefix(module)?;
        let (mark, names) = rest.split_once(' ').unwrap_or((rest, ""));
        matches!(mark, "" | "*").then_some(Brought { has_all: mark == "*", names })
    })
}

/// Whether a file or package called `name` hides a module of the standard library, for `target` or a newer version: the module
/// isn't built into the interpreter (of any system), and not loaded before the program. Nobody imports `test`.
pub fn can_be_hidden(name: &str, target: PythonVersion) -> bool {
    !name.starts_with('_')
        && name != "test"
        && !LOADED.contains(&name)
        && (target.minor..=NEWEST_MINOR).any(|minor| is_known_standard_library(minor, name))
        && !(target.minor..=NEWEST_MINOR).any(|minor| is_builtin_module(minor, name))
}
