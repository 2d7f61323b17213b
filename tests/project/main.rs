//! Rules that hang on other files: small workspaces on disk, checked by the real program and shown by the real server.

#[allow(dead_code, reason = "the command line's own tests use more of it")]
#[path = "../cli/project.rs"]
mod project;

#[allow(dead_code, reason = "the server's own tests use more of it")]
#[path = "../server/client.rs"]
mod client;
#[allow(dead_code, reason = "the server's own tests use more of it")]
#[path = "../server/model.rs"]
mod model;

mod command_line;
mod editor;
