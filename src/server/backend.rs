//! The protocol's handlers. Each one changes what is to be changed before its first `.await`, so that messages take effect in
//! the order in which they came; none waits for the client.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp_server::ls_types::*;
use tower_lsp_server::{Client, LanguageServer};

use super::actions::{self, Pending};
use super::analysed::Analysed;
use super::configuration;
use super::documents::CellChange;
use super::guide_pages::{self, Shown, Wanted};
use super::profile::Profile;
use super::session::Session;
use super::watch::{self, OwnWatch};
use super::{commands, editor, hover, links, report, uri};
use crate::guide::{Entry, search_entries};

/// The server as the library sees it.
#[derive(Debug)]
pub struct Backend {
    client: Client,
    session: Arc<Session>,
}

impl Backend {
    /// A server of this session.
    pub fn new(client: Client, session: Arc<Session>) -> Backend {
        Backend { client, session }
    }

    fn watch(&self, uri: &Uri) {
        if let (Some(watch), Some(path)) = (self.session.own_watch(), uri::to_path(uri)) {
            watch.add(&path);
        }
    }

    /// A page of the guide. Made on a thread of its own, since a page's examples are analysed.
    pub async fn guide_page(&self, wanted: Wanted) -> Result<Shown> {
        let made = tokio::task::spawn_blocking(move || guide_pages::page(&wanted)).await;
        made.map_err(|_| Error::internal_error())?
    }

    /// What the search of the guide's pages has to know.
    pub async fn guide_search(&self) -> Result<Vec<Entry<'static>>> {
        tokio::task::spawn_blocking(search_entries).await.map_err(|_| Error::internal_error())
    }

    /// The edit of an action. Made on a thread of its own, since it may analyse.
    async fn edit(&self, pending: Pending) -> Result<WorkspaceEdit> {
        let outdated =
            || Error { code: ErrorCode::ContentModified, message: "the text has changed".into(), data: None };
        let analysed = self.session.latest(&pending.uri).await.ok_or_else(outdated)?;
        let session = self.session.clone();
        let edit = tokio::task::spawn_blocking(move || pending.edit(&analysed, &session)).await;
        edit.ok().flatten().ok_or_else(outdated)
    }
}

fn pending(data: Option<Value>) -> Result<Pending> {
    serde_json::from_value(data.unwrap_or_default())
        .map_err(|_| Error::invalid_params("this is no code action of pyprep-lint"))
}

/// Files or folders have appeared, changed or gone.
fn changed_on_disk(session: &Session, paths: Vec<PathBuf>) {
    let (configuration, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| watch::is_configuration(path));
    if !configuration.is_empty() {
        configuration::reload(session);
    }
    session.changed_on_disk(others.into_iter().filter(|path| watch::may_be_python(path)));
}

/// Whether a document of this language and address is for us.
fn is_python(language: &str, address: &Uri) -> bool {
    let extension = address.path().as_str().rsplit_once('.').map(|(_, extension)| extension);
    language.eq_ignore_ascii_case("python") || matches!(extension, Some("py" | "pyi" | "pyw"))
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let profile = Profile::new(&params);
        let capabilities = super::capabilities::of_server(&profile);
        let watches_files = profile.watches_files;
        if let Some(process) = params.process_id {
            let session = self.session.clone();
            tokio::spawn(async move {
                editor::gone(process).await;
                session.set_editor_gone();
            });
        }
        self.session.set_profile(profile);
        let folders = configuration::folders(&params);
        let problems = self.session.workspace.start(folders, params.initialization_options.as_ref());
        configuration::tell(&self.session, problems);
        if !watches_files {
            let session = Arc::downgrade(&self.session);
            let watch = OwnWatch::start(move |paths| {
                if let Some(session) = session.upgrade() {
                    changed_on_disk(&session, paths);
                }
            });
            if let Some(watch) = watch {
                self.session.set_own_watch(watch);
            }
        }
        let server_info =
            ServerInfo { name: "pyprep-lint".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
        Ok(InitializeResult { capabilities, server_info: Some(server_info), offset_encoding: None })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.session.walk();
        configuration::register(&self.client, self.session.profile());
        configuration::ask(&self.client, &self.session);
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.set_shut_down();
        Ok(())
    }

    async fn did_open(&self, DidOpenTextDocumentParams { text_document }: DidOpenTextDocumentParams) {
        // Cells of notebooks come with their notebook.
        if !is_python(&text_document.language_id, &text_document.uri) {
            return;
        }
        let uri = text_document.uri.clone();
        self.session.documents().open(text_document, self.session.profile().encoding);
        self.session.due(&uri);
        self.watch(&uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        let owner = self.session.documents().change(&uri, version, params.content_changes);
        if let Some(owner) = owner {
            self.session.changed(&owner);
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.session.saved(&params.text_document.uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.close(&params.text_document.uri);
    }

    async fn notebook_did_open(&self, params: DidOpenNotebookDocumentParams) {
        let uri = params.notebook_document.uri;
        let mut cells = params.cell_text_documents;
        cells.retain(|cell| is_python(&cell.language_id, &cell.uri));
        let order = params.notebook_document.cells.into_iter().map(|cell| cell.document).collect();
        self.session.documents().open_notebook(uri.clone(), order, cells, self.session.profile().encoding);
        self.session.due(&uri);
        self.watch(&uri);
    }

    async fn notebook_did_change(&self, params: DidChangeNotebookDocumentParams) {
        let notebook = params.notebook_document.uri;
        let Some(cells) = params.change.cells else { return };
        let mut documents = self.session.documents();
        let mut closed = Vec::new();
        if let Some(structure) = cells.structure {
            let mut opened = structure.did_open.unwrap_or_default();
            opened.retain(|cell| is_python(&cell.language_id, &cell.uri));
            closed = structure.did_close.unwrap_or_default().into_iter().map(|cell| cell.uri).collect();
            let NotebookCellArrayChange { start, delete_count, cells } = structure.array;
            let inserted = cells.unwrap_or_default().into_iter().map(|cell| cell.document).collect();
            let removed = start as usize..start.saturating_add(delete_count) as usize;
            let change = CellChange { closed: closed.clone(), removed, inserted, opened };
            documents.change_cells(&notebook, change, self.session.profile().encoding);
        }
        for text in cells.text_content.unwrap_or_default() {
            documents.change(&text.document.uri, text.document.version, text.changes);
        }
        drop(documents);
        self.session.clear(closed);
        self.session.changed(&notebook);
    }

    async fn notebook_did_save(&self, params: DidSaveNotebookDocumentParams) {
        self.session.saved(&params.notebook_document.uri);
    }

    async fn notebook_did_close(&self, params: DidCloseNotebookDocumentParams) {
        self.session.close(&params.notebook_document.uri);
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let uri = params.text_document.uri;
        let analysed = self.session.shown(&uri).await;
        let report = report::pulled(analysed.as_deref(), &uri, params.previous_result_id, self.session.profile());
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let path = uri::to_path(&text_document.uri);
        if !self.session.workspace.hovers(path.as_deref()) {
            return Ok(None);
        }
        let analysed = self.session.latest(&text_document.uri).await;
        let here = |analysed: &Analysed| {
            hover::hover(analysed, analysed.part(&text_document.uri)?, position, self.session.profile())
        };
        Ok(analysed.as_deref().and_then(here))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let Some(analysed) = self.session.latest(&params.text_document.uri).await else { return Ok(None) };
        let session = self.session.clone();
        let offered = tokio::task::spawn_blocking(move || {
            let part = analysed.part(&params.text_document.uri)?;
            Some(actions::offer(&analysed, part, params.range, &params.context, &session))
        });
        Ok(offered.await.ok().flatten().filter(|actions| !actions.is_empty()))
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        if action.edit.is_some() || action.data.is_none() {
            return Ok(action);
        }
        let edit = self.edit(pending(action.data.clone())?).await?;
        Ok(CodeAction { edit: Some(edit), ..action })
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let uri = params.text_document.uri;
        let analysed = self.session.latest(&uri).await;
        let links = analysed.as_deref().and_then(|analysed| Some(links::links(analysed, analysed.part(&uri)?)));
        Ok(links.filter(|links| !links.is_empty()))
    }

    async fn document_link_resolve(&self, link: DocumentLink) -> Result<DocumentLink> {
        Ok(links::resolve(link))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        let (client, session) = (self.client.clone(), self.session.clone());
        match params.command.as_str() {
            commands::OPEN_QUESTION | commands::OPEN_GUIDE | commands::ASK => {
                let wanted = commands::Wanted::by(&params.command, params.arguments)?;
                tokio::spawn(async move { wanted.show(&client, session.profile()).await });
            }
            commands::APPLY => {
                let edit = self.edit(pending(params.arguments.into_iter().next())?).await?;
                tokio::spawn(async move { client.apply_edit(edit).await });
            }
            _ => return Err(Error::method_not_found()),
        }
        Ok(None)
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.session.profile().configuration {
            configuration::ask(&self.client, &self.session);
        } else {
            configuration::take(&self.session, &params.settings);
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.session.workspace.change_folders(&params.event.removed, params.event.added);
        configuration::ask(&self.client, &self.session);
        self.session.start_over();
        self.session.walk();
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        changed_on_disk(&self.session, params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect());
    }
}
