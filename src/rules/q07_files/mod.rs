//! Question 7: files.

pub mod implicit_encoding;
pub mod read_all_to_iterate;
