//! The language server as editors use it: JSON-RPC over the real program's standard input and output.

mod actions;
mod client;
mod configuration;
mod diagnostics;
mod encodings;
mod files;
mod guide;
mod hover;
mod lifecycle;
mod malformed;
mod model;
mod notebooks;
mod stress;
mod waiting;
