//! Question 8: exceptions.

pub mod bare_except;
