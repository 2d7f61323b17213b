//! Question 7: files.

pub mod implicit_encoding;
pub mod open_without_with;
pub mod read_all_to_iterate;
