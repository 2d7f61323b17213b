//! The commands that code actions stand for.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::{Value, json};
use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{Command, MessageType, ShowDocumentParams};

use super::profile::Profile;
use super::uri;
use crate::guide::{self, Page};
use crate::rules::Question;

/// Opens the page of a question: `{"question": 3}`.
pub const OPEN_QUESTION: &str = "pyprep-lint.openQuestion";

/// Applies the edit of a code action, for clients that take commands only.
pub const APPLY: &str = "pyprep-lint.apply";

/// All commands that are executed here.
pub const ALL: [&str; 2] = [OPEN_QUESTION, APPLY];

/// The command that opens a question's page.
pub fn open_question(question: &Question) -> Command {
    Command {
        title: format!("Open the question: Q{:02} {}", question.number, question.title),
        command: OPEN_QUESTION.to_owned(),
        arguments: Some(vec![json!({ "question": question.number })]),
    }
}

/// The question that a command's arguments name.
pub fn question(arguments: &[Value]) -> Result<&'static Question> {
    let number = arguments.first().and_then(|argument| argument.get("question")).and_then(Value::as_u64);
    let question = number.and_then(|number| Question::find(u8::try_from(number).ok()?));
    question.ok_or_else(|| Error::invalid_params("give the number of a question, as in {\"question\": 3}"))
}

/// Shows the page of a question: opened by the client if it can, else the answer in short and where the page is.
pub async fn show_question(question: &Question, client: &Client, profile: &Profile) {
    let page = write_page(question);
    if profile.shows_documents
        && let Some(uri) = page.as_deref().ok().and_then(uri::from_path)
    {
        let params = ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
        match client.show_document(params).await {
            Ok(true) => return,
            Ok(false) => tracing::warn!("the client did not open the page of question {}", question.number),
            Err(error) => tracing::warn!("the client can't open the page of question {}: {error}", question.number),
        }
    }
    let answer = Page::parse(question.page).section("The answer in short");
    let place = match &page {
        Ok(path) => format!("The whole page: {}", path.display()),
        Err(error) => {
            format!("The page could not be written ({error}); see it with `pyprep-lint explain Q{}`", question.number)
        }
    };
    client.show_message(MessageType::INFO, format!("{}\n\n{answer}\n\n{place}", question.title)).await;
}

/// Writes the page of a question to the user's cache folder, where editors can open it.
fn write_page(question: &Question) -> io::Result<PathBuf> {
    let folder = cache_folder().ok_or_else(|| io::Error::other("there is no cache folder; set XDG_CACHE_HOME"))?;
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("Q{:02}.md", question.number));
    let page = guide::question_page(question);
    // Written only if it has changed: an editor that shows it would ask whether to read it again.
    if fs::read(&path).is_ok_and(|known| known == page.as_bytes()) {
        return Ok(path);
    }
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut file, page.as_bytes())?;
    file.persist(&path)?;
    Ok(path)
}

/// `pyprep-lint` in the folder that the system has for caches.
fn cache_folder() -> Option<PathBuf> {
    let folder = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || folder("HOME");
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join(Path::new("pyprep-lint")))
}
