//! Question 1: what Python is, and what it was.

pub mod python2_builtin;
pub mod python2_syntax;
