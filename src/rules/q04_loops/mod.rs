//! Question 4: loops.

pub mod loop_else_without_break;
