//! The language server.

pub mod framing;
pub mod text;
