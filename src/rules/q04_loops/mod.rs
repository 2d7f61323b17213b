//! Question 4: loops.

pub mod continue_skips_update;
pub mod loop_else_without_break;
pub mod loop_mutates_iterable;
