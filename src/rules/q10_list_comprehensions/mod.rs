//! Question 10: list comprehensions.

pub mod nested_comprehension;
