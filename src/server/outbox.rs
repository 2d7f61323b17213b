//! What goes to the client on our own account, in order, from one task: no handler ever waits for the client.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{MessageType, Uri};

use super::analysed::Analysed;
use super::report;
use super::session::Session;

/// Something to be sent.
#[derive(Debug)]
pub enum Outgoing {
    /// The findings of a document, unless newer ones are on their way.
    Publish(Arc<Analysed>),
    /// There are no findings any more: the file or cell was closed.
    Clear(Uri),
    /// A message for the user.
    Message(MessageType, String),
    /// What was pulled holds no longer.
    RefreshDiagnostics,
}

/// Sends everything until the session ends.
pub async fn run(mut outbox: UnboundedReceiver<Outgoing>, client: Client, session: Arc<Session>) {
    while let Some(outgoing) = outbox.recv().await {
        match outgoing {
            Outgoing::Publish(analysed) => {
                if session.is_current(&analysed) {
                    publish(&client, &session, &analysed).await;
                }
            }
            Outgoing::Clear(uri) => client.publish_diagnostics(uri, Vec::new(), None).await,
            Outgoing::Message(kind, message) => client.show_message(kind, message).await,
            Outgoing::RefreshDiagnostics => {
                let client = client.clone();
                // A request: its answer may never come.
                tokio::spawn(async move {
                    if let Err(error) = client.workspace_diagnostic_refresh().await {
                        tracing::warn!("the client can't refresh diagnostics: {error}");
                    }
                });
            }
        }
    }
}

async fn publish(client: &Client, session: &Session, analysed: &Analysed) {
    let profile = session.profile();
    let version = |version: i32| profile.diagnostic_versions.then_some(version);
    for part in &analysed.parts.placed {
        let diagnostics = report::diagnostics(analysed, part, profile);
        client.publish_diagnostics(part.uri.clone(), diagnostics, version(part.version)).await;
    }
    for (uri, at) in &analysed.parts.left_out {
        client.publish_diagnostics(uri.clone(), Vec::new(), version(*at)).await;
    }
}
