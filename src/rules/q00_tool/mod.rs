//! Rules about the tool itself and about code that does not parse.

pub mod syntax_error;
pub mod unused_suppression;
