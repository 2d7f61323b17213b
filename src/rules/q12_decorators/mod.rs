//! Question 12: decorators.

pub mod missing_functools_wraps;
