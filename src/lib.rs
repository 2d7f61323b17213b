//! `pyprep-lint`: the linter that teaches.

pub mod analyse;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod fingerprint;
pub mod fix;
pub mod guide;
pub mod nearest;
pub mod project;
pub mod python;
pub mod rules;
pub mod source;
pub mod suppress;
