//! Question 3: functions and default arguments.

pub mod call_in_default_argument;
pub mod mutable_default_argument;
