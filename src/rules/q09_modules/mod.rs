//! Question 9: modules, packages, imports.

pub mod shadows_stdlib_module;
pub mod wildcard_import;
