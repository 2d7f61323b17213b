//! Question 9: modules, packages, imports.

pub mod import_side_effects;
pub mod shadows_stdlib_module;
pub mod wildcard_import;
