//! A throw-away project and the real program run in it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A file in which only `PP0002` finds something, once: an error on line 1.
pub const BROKEN: &str = "x = (1 +)\n";
/// A line with a finding of `PP0001`: a hint with a safe fix, which removes the comment.
pub const STALE: &str = "x = 1  # pyprep: ignore[PP0002]\n";
/// What the fix makes of it.
pub const FRESH: &str = "x = 1\n";

/// Whether a rule can find anything yet: its page may be there before its checks.
pub fn is_written(code: &str) -> bool {
    pyprep_lint::rules::Rule::find(code).is_some_and(|rule| !rule.checks.is_empty())
}

/// A folder of files.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// A folder with these files in it.
    pub fn with(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().expect("a temporary folder") };
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("it exists").join(path)
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).expect("it exists")
    }

    /// The program in this folder.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pyprep-lint"));
        command.args(arguments).current_dir(self.path("")).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    /// Runs the program; its arguments are separated by spaces.
    pub fn run(&self, arguments: &str) -> Run {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        Run::of(&self.command(&words).output().expect("the program runs"), self.folder.path())
    }

    /// Runs the program with something on its standard input.
    pub fn pipe(&self, arguments: &str, input: impl AsRef<[u8]>) -> Run {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let mut command = self.command(&words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        // It may stop reading, as for input that is too large.
        let _ = child.stdin.take().expect("piped").write_all(input.as_ref());
        Run::of(&child.wait_with_output().expect("it ends"), self.folder.path())
    }
}

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(output: &Output, folder: &Path) -> Run {
        let folder = folder.canonicalize().expect("it exists");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*folder.to_string_lossy(), "[FOLDER]");
        Run {
            status: output.status.code().expect("it ends by itself"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Fails unless the exit status is this.
    #[track_caller]
    pub fn status(self, wanted: i32) -> Run {
        assert_eq!(self.status, wanted, "{self:#?}");
        self
    }

    /// Fails unless standard error is empty.
    #[track_caller]
    pub fn silent(self) -> Run {
        assert_eq!(self.stderr, "", "{self:#?}");
        self
    }

    /// Fails unless standard error says this.
    #[track_caller]
    pub fn complains(self, of: &str) -> Run {
        assert!(self.stderr.contains(of), "{of}: {self:#?}");
        self
    }

    /// Fails unless standard output has this.
    #[track_caller]
    pub fn shows(self, what: &str) -> Run {
        assert!(self.stdout.contains(what), "{what}: {self:#?}");
        self
    }

    /// Fails if standard output has this.
    #[track_caller]
    pub fn hides(self, what: &str) -> Run {
        assert!(!self.stdout.contains(what), "{what}: {self:#?}");
        self
    }
}
