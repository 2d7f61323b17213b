//! Question 9: modules, packages, imports.

pub mod wildcard_import;
