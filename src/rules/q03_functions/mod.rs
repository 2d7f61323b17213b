//! Question 3: functions and default arguments.

pub mod mutable_default_argument;
