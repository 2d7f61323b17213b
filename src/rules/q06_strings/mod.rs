//! Question 6: strings.

pub mod discarded_string_method;
pub mod find_as_boolean;
