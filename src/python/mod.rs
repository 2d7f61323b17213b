//! What we know about Python code: no rule logic, no I/O.
//!
//! [`parse`] guards and parses. [`model`] holds nodes, scopes, names and bindings; [`builder`] fills it in the first traversal,
//! while the compiler's own checks look on. All else answers questions from the model: [`names`] what a name stands for,
//! [`values`] what an expression certainly is, [`flow`] what paths do, [`layout`] where code can be inserted, [`cells`] what
//! notebooks change; each file's first line says what it is about.

pub mod annotations;
pub mod builder;
pub mod callees;
pub mod cells;
pub mod classes;
mod compiler;
pub mod constants;
pub mod decorating;
pub mod earlier;
pub mod effects;
pub mod exceptions;
pub mod expected;
pub mod fate;
pub mod files;
pub mod flow;
pub mod growth;
pub mod guard;
pub mod handler;
pub mod handles;
pub mod hierarchy;
pub mod hints;
pub mod importing;
pub mod layout;
pub mod looks;
pub mod loops;
pub mod methods;
pub mod model;
pub mod mutable;
pub mod names;
pub mod parameters;
pub mod parse;
pub mod places;
pub mod python2;
mod room;
pub mod standstill;
pub mod stdlib;
pub mod tokens;
pub mod tolerated;
pub mod truth;
pub mod turns;
pub mod uses;
pub mod values;
pub mod versions;

pub use model::{Binding, BindingKind, Model, NodeId, Read, Scope, ScopeId, ScopeKind, SymbolId};
pub use names::QualifiedName;
