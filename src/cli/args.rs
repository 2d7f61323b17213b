//! The command line's words: each flag with what it does beside it. `--help` shows these texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ruff_python_ast::PythonVersion;

use crate::config::{Selector, parse_target};
use crate::diagnostic::Severity;

/// What follows the options in `--help`.
const EXIT: &str = "\
Exit status: 0 nothing found, 1 findings of severity --fail-on or worse, 2 something could not be done.
A first word that is a command is the command; for a folder of that name write ./rules.";

/// Finds Python's interview pitfalls in your own code and explains each one.
#[derive(Debug, Parser)]
#[command(name = "pyprep-lint", version, after_help = EXIT, args_conflicts_with_subcommands = true)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// The command, if the first word is one.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Without a command, files are checked.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files and folders (what happens without a command, too)
    #[command(after_help = EXIT)]
    Check(Box<CheckArgs>),
    /// Read about a rule or a question (PP0301, bare-except, Q3); without words, list all
    #[command(visible_alias = "explain")]
    Guide(GuideArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Serve an editor: the Language Server Protocol on standard input and output
    Server(ServerArgs),
}

/// The words of `server`.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// Accepted because some clients pass it: there is no other channel
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// The words of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files and folders; `-` is standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Run only these rules: codes, prefixes (PP03 is question 3), names, ALL
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = selector, help_heading = "Rules")]
    pub select: Option<Vec<Selector>>,
    /// Don't run these rules; the most specific word decides (--select PP0301 --ignore PP03)
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = selector, help_heading = "Rules")]
    pub ignore: Vec<Selector>,
    /// The oldest Python that the code must run on: 3.9 or py39
    #[arg(long, value_name = "VERSION", value_parser = parse_target, help_heading = "Rules")]
    pub target_version: Option<PythonVersion>,
    /// Show what comments silence (`# pyprep: ignore`, `# noqa` and the like)
    #[arg(long, help_heading = "Rules")]
    pub no_suppress: bool,
    /// Read no configuration files
    #[arg(long, help_heading = "Rules")]
    pub isolated: bool,
    /// Read this configuration file instead of the nearest pyproject.toml or pyprep-lint.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Rules")]
    pub config: Option<PathBuf>,
    /// Leave out files and folders: names (generated) or paths with wildcards (src/**/old)
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',', help_heading = "Rules")]
    pub exclude: Vec<String>,

    /// Apply safe fixes
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// Apply safe fixes and those that need a look (implies --fix)
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Print what the fixes would change and write nothing; exit status 1 if there is something
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,

    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "full", help_heading = "Output")]
    pub output_format: Format,
    /// Show hints, too
    #[arg(long, help_heading = "Output")]
    pub hints: bool,
    /// The least severity that makes the exit status 1 [default: warning]
    #[arg(long, value_name = "SEVERITY", value_parser = severity, help_heading = "Output")]
    pub fail_on: Option<Severity>,
    /// Print findings only, no last line
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    /// Colours (NO_COLOR is respected)
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: Color,
    /// What standard input is called in findings and for the configuration
    #[arg(long, value_name = "PATH", help_heading = "Output")]
    pub stdin_filename: Option<PathBuf>,
    /// Accepted for scripts that pass it: there is no cache
    #[arg(long, hide = true)]
    pub no_cache: bool,
}

/// The words of `guide`.
#[derive(Debug, Args)]
pub struct GuideArgs {
    /// Codes, names or questions: PP0301, bare-except, Q3, functions; without any, the list of all
    #[arg(value_name = "PAGE")]
    pub what: Vec<String>,
    /// Write the whole guide as a web site into this folder; it needs no server and no network
    #[arg(long, value_name = "DIR", conflicts_with = "what")]
    pub html: Option<PathBuf>,
    /// Colours (NO_COLOR is respected)
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// The words of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// How the rules are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the code and the lesson
    Full,
    /// One line a finding
    Concise,
    /// For programs, in ruff's shape
    Json,
}

/// How the rules are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// For programs
    Json,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether what goes to standard output is coloured.
    pub fn for_stdout(self) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                !no_color && std::io::IsTerminal::is_terminal(&std::io::stdout())
            }
        }
    }
}

fn selector(word: &str) -> Result<Selector, String> {
    word.trim().parse().map_err(|error: crate::config::UnknownSelector| error.to_string())
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::from_name(word).ok_or_else(|| "write error, warning, info or hint".to_owned())
}
