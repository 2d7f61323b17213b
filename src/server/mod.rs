//! `server`: the language server, on standard input and output. The only part that knows the protocol's types.
//!
//! | module | what |
//! |---|---|
//! | `framing` | what arrives and leaves: bad bytes are answered and don't end the session |
//! | `backend` | the protocol's handlers: change something, ask something, return |
//! | `session` | what they share, and the threads that analyse |
//! | `editor` | whether the editor is still alive |
//! | `documents`, `text` | what is open in the editor, edits |
//! | `analysed` | a result and its places |
//! | `queue`, `outbox` | what waits for a thread, messages that wait for the client |
//! | `files` | the workspace's files that are not open, as far as others have to do with them |
//! | `workspace`, `settings`, `configuration`, `watch`, `mistakes` | folders, the editor's settings, configuration files |
//! | `profile`, `capabilities` | what the client can, what we declare |
//! | `report`, `hover`, `plain_text`, `links`, `actions`, `edits`, `commands`, `pages`, `guide_pages` | what the user sees |
//! | `uri` | addresses and paths |

mod actions;
mod analysed;
mod backend;
mod capabilities;
mod commands;
mod configuration;
mod documents;
mod editor;
mod edits;
mod files;
mod framing;
mod guide_pages;
mod hover;
mod links;
mod mistakes;
mod outbox;
mod pages;
mod plain_text;
mod profile;
mod queue;
mod report;
mod session;
mod settings;
mod text;
mod uri;
mod watch;
mod workspace;

use std::io;

use tokio::sync::mpsc;
use tower_lsp_server::{LspService, Server};

use backend::Backend;
use session::{STACK, Session};

/// How many messages may be in the hands of handlers at once: so many that requests which wait for an analysis never keep an
/// edit waiting.
const HANDLERS: usize = 256;

/// Serves one client until it says `exit` or is gone. Returns whether it ended as the protocol wants, with `shutdown` first.
pub fn run() -> io::Result<bool> {
    // Everything that takes time has threads of its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_stack_size(STACK).build()?;
    let is_orderly = runtime.block_on(serve());
    // Standard input is read on a thread that can't be interrupted.
    runtime.shutdown_background();
    Ok(is_orderly)
}

async fn serve() -> bool {
    let (outbox, outgoing) = mpsc::unbounded_channel();
    let session = Session::start(outbox);
    let (reader, writer, wire) = framing::connect(tokio::io::stdin(), tokio::io::stdout());
    let (service, socket) = LspService::build(|client| {
        tokio::spawn(outbox::run(outgoing, client.clone(), session.clone()));
        Backend::new(client, session.clone())
    })
    .custom_method(guide_pages::PAGE, Backend::guide_page)
    .custom_method(guide_pages::SEARCH, Backend::guide_search)
    .finish();
    let server = Server::new(reader, writer, socket).concurrency_level(HANDLERS).serve(service);
    let over = tokio::select! {
        (wire, ()) = async { tokio::join!(wire.run(), server) } => wire,
        () = session.editor_is_gone() => Err(io::Error::other("its process has died")),
    };
    if let Err(error) = over {
        tracing::info!("the client is gone: {error}");
    }
    session.end();
    session.is_shut_down()
}
