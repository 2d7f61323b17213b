//! Question 30: CPython's internals.

pub mod is_with_literal;
