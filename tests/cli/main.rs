//! The program as users run it: arguments in; output, files and exit status out.

mod config;
mod files;
mod fixes;
mod hostile;
mod notebooks;
mod output;
mod pages;
mod project;
mod status;
mod stdin;
mod suppressions;
