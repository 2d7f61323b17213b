//! What the client can do, read once from its `initialize`. Nothing is sent that it did not declare.

use ruff_source_file::PositionEncoding;
use tower_lsp_server::ls_types::{
    ClientCapabilities, DiagnosticTag, InitializeParams, MarkupKind, PositionEncodingKind, TagSupport,
};

/// The client's abilities, as far as we make use of them.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The units in which positions count columns.
    pub encoding: Encoding,
    /// It asks for diagnostics (`textDocument/diagnostic`); then none are published.
    pub pulls_diagnostics: bool,
    /// It asks again when told to (`workspace/diagnostic/refresh`).
    pub refreshes_diagnostics: bool,
    /// It shows other places of a diagnostic.
    pub related_information: bool,
    /// It makes the code a link.
    pub code_description: bool,
    /// It keeps data that belong to a diagnostic.
    pub diagnostic_data: bool,
    /// The tags that it shows.
    pub tags: Vec<DiagnosticTag>,
    /// It keeps the version that published diagnostics belong to.
    pub diagnostic_versions: bool,
    /// It shows Markdown in hovers.
    pub markdown: bool,
    /// It answers `workspace/configuration`.
    pub configuration: bool,
    /// It takes registrations of `workspace/didChangeConfiguration`.
    pub registers_configuration: bool,
    /// It watches files for us (`workspace/didChangeWatchedFiles`).
    pub watches_files: bool,
    /// It opens documents for us (`window/showDocument`).
    pub shows_documents: bool,
    /// It takes edits of a document's version (`documentChanges`).
    pub versioned_edits: bool,
    /// It takes code actions, not only commands.
    pub literal_actions: bool,
    /// It asks for the edit of a code action when that is chosen.
    pub resolves_edits: bool,
    /// It knows which code action is the preferred one.
    pub preferred_actions: bool,
    /// It sends notebooks with their cells, not only the texts of these.
    pub sends_notebooks: bool,
    /// It applies edits that a command makes (`workspace/applyEdit`).
    pub applies_edits: bool,
}

/// [`PositionEncoding`] with the protocol's default.
#[derive(Clone, Copy, Debug)]
pub struct Encoding(pub PositionEncoding);

impl Default for Encoding {
    fn default() -> Self {
        Encoding(PositionEncoding::Utf16)
    }
}

impl Encoding {
    /// The cheapest of those that the client offers: UTF-8, as the text is stored, then UTF-32. UTF-16 is what a client
    /// that offers nothing means.
    fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Encoding {
        let offers = |kind: PositionEncodingKind| offered.is_some_and(|offered| offered.contains(&kind));
        Encoding(match () {
            () if offers(PositionEncodingKind::UTF8) => PositionEncoding::Utf8,
            () if offers(PositionEncodingKind::UTF16) => PositionEncoding::Utf16,
            () if offers(PositionEncodingKind::UTF32) => PositionEncoding::Utf32,
            () => PositionEncoding::Utf16,
        })
    }

    /// The protocol's name for it.
    pub fn kind(self) -> PositionEncodingKind {
        match self.0 {
            PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
            PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
            PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }
}

impl Profile {
    /// Reads what the client declares.
    pub fn new(params: &InitializeParams) -> Profile {
        let ClientCapabilities { workspace, text_document, notebook_document, window, general, .. } =
            &params.capabilities;
        let (workspace, text) = (workspace.as_ref(), text_document.as_ref());
        let publish = text.and_then(|text| text.publish_diagnostics.as_ref());
        let pull = text.and_then(|text| text.diagnostic.as_ref());
        let action = text.and_then(|text| text.code_action.as_ref());
        let has = |flag: Option<bool>| flag == Some(true);
        let resolves = |property: &str| {
            let supported = action.and_then(|action| action.resolve_support.as_ref());
            supported.is_some_and(|supported| supported.properties.iter().any(|found| found == property))
        };
        let formats = text.and_then(|text| text.hover.as_ref()?.content_format.as_deref());
        Profile {
            encoding: Encoding::negotiate(general.as_ref().and_then(|general| general.position_encodings.as_deref())),
            pulls_diagnostics: pull.is_some(),
            refreshes_diagnostics: pull.is_some()
                && has(workspace.and_then(|all| all.diagnostics.as_ref()?.refresh_support)),
            related_information: has(publish.and_then(|publish| publish.related_information))
                || has(pull.and_then(|pull| pull.related_information)),
            code_description: has(publish.and_then(|publish| publish.code_description_support))
                || has(pull.and_then(|pull| pull.code_description_support)),
            diagnostic_data: has(publish.and_then(|publish| publish.data_support))
                || has(pull.and_then(|pull| pull.data_support)),
            tags: publish
                .and_then(|publish| publish.tag_support.as_ref())
                .map_or_else(Vec::new, |TagSupport { value_set }| value_set.clone()),
            diagnostic_versions: has(publish.and_then(|publish| publish.version_support)),
            markdown: formats.is_some_and(|formats| formats.first() == Some(&MarkupKind::Markdown)),
            configuration: has(workspace.and_then(|all| all.configuration)),
            registers_configuration: has(
                workspace.and_then(|all| all.did_change_configuration.as_ref()?.dynamic_registration)
            ),
            watches_files: has(workspace.and_then(|all| all.did_change_watched_files.as_ref()?.dynamic_registration)),
            shows_documents: window
                .as_ref()
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
            versioned_edits: has(workspace.and_then(|all| all.workspace_edit.as_ref()?.document_changes)),
            literal_actions: action.is_some_and(|action| action.code_action_literal_support.is_some()),
            resolves_edits: resolves("edit") && has(action.and_then(|action| action.data_support)),
            preferred_actions: has(action.and_then(|action| action.is_preferred_support)),
            sends_notebooks: notebook_document.is_some(),
            applies_edits: has(workspace.and_then(|all| all.apply_edit)),
        }
    }
}
