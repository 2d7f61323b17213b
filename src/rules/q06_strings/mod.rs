//! Question 6: strings.

pub mod discarded_string_method;
pub mod find_as_boolean;
pub mod string_concat_in_loop;
