//! What we know about Python code: no rule logic, no I/O.
//!
//! [`parse`] guards and parses, [`model`] holds scopes, names and bindings ([`builder`] fills it in the first traversal,
//! while the compiler's own checks look on),
//! [`names`] follows names to what they stand for, [`values`] tells what an expression certainly is, [`flow`] answers questions about paths,
//! [`classes`] and [`methods`] what a class and a method are, [`layout`] says where code can be inserted.

pub mod builder;
pub mod classes;
mod compiler;
//! [`layout`] says where code can be inserted, [`decorating`] how functions that make functions are used.
//! [`layout`] says where code can be inserted, [`decorating`] how functions
//! that make functions are used, [`annotations`] what annotations say of functions.

pub mod annotations;
pub mod builder;
pub mod decorating;
pub mod flow;
pub mod guard;
pub mod layout;
pub mod methods;
pub mod model;
pub mod names;
pub mod parse;
pub mod values;

pub use model::{Binding, BindingKind, Model, NodeId, Read, Scope, ScopeId, ScopeKind, SymbolId};
pub use names::QualifiedName;
