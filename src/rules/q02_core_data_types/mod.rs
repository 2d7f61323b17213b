//! Question 2: the builtin data types.

pub mod missing_tuple_comma;
pub mod tuple_mutation;
pub mod unhashable_key;
