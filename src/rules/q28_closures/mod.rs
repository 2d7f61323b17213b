//! Question 28: closures.

pub mod late_binding_closure;
