//! Question 10: list comprehensions.

pub mod comprehension_for_side_effects;
pub mod nested_comprehension;
