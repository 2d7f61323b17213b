//! Question 7: files.

pub mod implicit_encoding;
