//! The editor's settings on their way here: asked for, sent along, changed; and configuration files that have changed.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{ConfigurationItem, InitializeParams, MessageType, Registration, WorkspaceFolder};

use super::profile::Profile;
use super::session::Session;
use super::settings::SECTION;
use super::watch;
use super::workspace::Folder;

/// The folders that the client has open.
pub fn folders(params: &InitializeParams) -> Vec<WorkspaceFolder> {
    #[expect(deprecated, reason = "clients of before 3.6 have one root and no folders")]
    let root = params.root_uri.clone();
    let only = root.map(|uri| WorkspaceFolder { name: String::new(), uri });
    params.workspace_folders.clone().filter(|folders| !folders.is_empty()).unwrap_or_else(|| only.into_iter().collect())
}

/// Tells the user what is wrong with the editor's settings, unless it was wrong before.
pub fn tell(session: &Session, problems: Vec<String>) {
    for problem in session.workspace.news(problems) {
        session.tell(MessageType::ERROR, format!("pyprep-lint: {problem}. The last good value stays in force."));
    }
}

/// Asks the client to tell us of changes, where it wants to be asked.
pub fn register(client: &Client, profile: &Profile) {
    let mut registrations = Vec::new();
    if profile.watches_files {
        registrations.push(watch::registration());
    }
    if profile.registers_configuration {
        registrations.push(Registration {
            id: "pyprep-lint-settings".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(serde_json::json!({ "section": SECTION })),
        });
    }
    if registrations.is_empty() {
        return;
    }
    let client = client.clone();
    tokio::spawn(async move {
        if let Err(error) = client.register_capability(registrations).await {
            tracing::warn!("the client refuses to tell of changes: {error}");
        }
    });
}

/// Asks for the settings of all folders, if the client answers such questions. The answer is not waited for: until it is
/// there, what is known holds.
pub fn ask(client: &Client, session: &Arc<Session>) {
    if !session.profile().configuration {
        return;
    }
    let (client, session) = (client.clone(), session.clone());
    let number = session.workspace.next_question();
    tokio::spawn(async move {
        let folders = session.workspace.folders();
        let scopes = std::iter::once(None).chain(folders.iter().map(|folder| Some(folder.uri.clone())));
        let items = scopes.map(|scope_uri| ConfigurationItem { scope_uri, section: Some(SECTION.to_owned()) });
        match client.configuration(items.collect()).await {
            // An older answer that comes late must not undo a newer one.
            Ok(answers) if session.workspace.is_newest_question(number) => {
                let scopes = std::iter::once(None).chain(folders.iter().map(Some));
                set(&session, scopes.zip(&answers));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("the client does not tell its settings: {error}"),
        }
    });
}

/// Takes the settings that the client has sent along, for all folders.
pub fn take(session: &Session, settings: &Value) {
    if settings.is_null() {
        return;
    }
    let folders = session.workspace.folders();
    set(session, std::iter::once(None).chain(folders.iter().map(Some)).map(|folder| (folder, settings)));
}

fn set<'s>(session: &Session, settings: impl Iterator<Item = (Option<&'s Folder>, &'s Value)>) {
    let mut is_new = false;
    let mut problems = Vec::new();
    for (folder, settings) in settings {
        let (is_new_here, problems_here) = session.workspace.set_settings(folder, settings);
        is_new |= is_new_here;
        problems.extend(problems_here);
    }
    tell(session, problems);
    // Most answers say what is known; code actions that were offered meanwhile must stay good.
    if is_new {
        session.start_over();
        session.walk();
    }
}

/// Reads the configuration files anew: one has changed.
pub fn reload(session: &Session) {
    session.workspace.reload();
    session.start_over();
    session.walk();
}
