//! `pyprep-lint`: the linter that teaches. This page is the architecture; `README.md` is for users, `rules/FORMAT.md` for
//! those who write rules.
//!
//! # The way of the data
//!
//! ```text
//! bytes → Source → parse → Model → one dispatch walk: tables of checks → FileResult    (the tree is dropped here)
//! all files' facts → Project → settle(FileResult, Project) → Vec<Diagnostic> → cli::output | server::report
//! ```
//!
//! [`analyse::analyse`] looks at one file, [`analyse::settle`] answers what needs other files and decides what is shown. All
//! surfaces call these two and nothing else. A finding is made of closures while the tree stands ([`rules::Finding`]) and
//! of owned data afterwards ([`diagnostic::Diagnostic`]).
//!
//! # The map
//!
//! | where | what | may touch |
//! |---|---|---|
//! | `rules/` (pages) | the guide as people read it; compiled in and run as tests | nothing |
//! | [`source`] | bytes to text as Python decodes them, positions | `notebook` |
//! | [`notebook`] | the cells of a notebook as one text, and back into its file | nothing |
//! | [`python`] | parsing, the semantic model and its questions; no rule logic | `source`, `notebook`, `fix::Edit` |
//! | [`rules`] | what a rule is, the registry, one file a rule | `python`, `diagnostic`, `fix`, `config` |
//! | [`analyse`] | the two functions above | all of these |
//! | [`project`] | what is known across files: each file's facts, where imports lead, the questions of pending findings | `python` while facts are gathered, then owned facts only |
//! | [`walk`] | which files a folder means | `config` |
//! | [`read`] | files to sources | `source`, `notebook` |
//! | [`suppress`] | comments that silence findings | `source`, `diagnostic` |
//! | [`fix`] | edits, and applying them to a fixed point | `analyse` |
//! | [`config`] | what the user asked for, from files and flags | no printing |
//! | [`guide`] | pages cut into sections, as readers see them: hovers, links, the terminal's text, the web site's files | `rules`' pages, `analyse` |
//! | [`fingerprint`] | what a finding is known by when lines move | `diagnostic`, `source` |
//! | [`nearest`] | the word that a misspelt one was meant to be | nothing |
//! | [`server`] | the language server: open documents, what their editor is told | everything but `cli`; the only one that knows the protocol |
//! | [`cli`] | arguments, walking, rendering, exit codes | everything; the only one that prints |
//!
//! # Invariants
//!
//! 1. Analysis does no I/O, has no global state and cannot fail: broken code gives findings, a panic is caught and reported
//!    as "not analysed". Depth is bounded before anything recurses ([`python::guard`]).
//! 2. Every node is visited at most twice: once to number it and fill the model, once to be shown to the checks that want its kind.
//!    A rule walks nothing by itself; what it needs is a question to the model.
//! 3. Positions are byte offsets inside and become lines and columns at the edge. A notebook's text is that of its Python cells,
//!    and no range or edit of a finding crosses a cell's end.
//! 4. What could not be checked is never called clean.
//! 5. Rules never import each other. What two share goes down to [`python`] or into their question's `mod.rs`.
//! 6. Everything a user reads says what Python will do, in the reader's names, then the remedy.

pub mod analyse;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod fingerprint;
pub mod fix;
pub mod guide;
pub mod nearest;
pub mod notebook;
pub mod project;
pub mod python;
pub mod read;
pub mod rules;
pub mod server;
pub mod source;
pub mod suppress;
pub mod walk;
