//! Question 6: strings.

pub mod find_as_boolean;
