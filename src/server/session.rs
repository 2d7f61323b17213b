//! What all handlers share: the client and what it can, the workspace, the open documents, and the threads that analyse.
//!
//! ```text
//! handler: changes a document, marks it due, puts it into the queue, returns
//! analysis thread: takes it, analyses, gives the result back; if it is still the newest: outbox
//! outbox: publishes (or, where the client pulls, those who wait are woken)
//! ```

use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxBuildHasher;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp_server::ls_types::{MessageType, Uri};

use super::analysed::Analysed;
use super::documents::{Document, Documents, Snapshot, Work};
use super::outbox::Outgoing;
use super::profile::Profile;
use super::queue::{Queue, Task, Urgency};
use super::settings::Run;
use super::watch::OwnWatch;
use super::workspace::{Verdict, Workspace};
use super::{files, uri};
use crate::analyse::{FileResult, analyse_while, settle_in};
use crate::config::{Config, ConfigError};
use crate::diagnostic::Diagnostic;
use crate::project::{Asked, Change, Facts, Project};
use crate::source::{DecodeError, MAX_SIZE, Source};

/// Stack of an analysis thread, in bytes: the deepest code that is analysed needs it.
pub const STACK: usize = 32 * 1024 * 1024;

/// One client's session.
#[derive(Debug)]
pub struct Session {
    profile: OnceLock<Profile>,
    /// The folders and their settings.
    pub workspace: Workspace,
    /// What is known of all files of the workspace, open or not.
    pub project: Project,
    documents: Mutex<Documents>,
    queue: Queue,
    /// Locked while a file is read, some paths for each.
    turns: [Mutex<()>; 16],
    /// Our own watch, for clients that keep none.
    own_watch: OnceLock<OwnWatch>,
    outbox: UnboundedSender<Outgoing>,
    is_shut_down: AtomicBool,
    editor_gone: Notify,
}

impl Session {
    /// A session that sends what it has to say to `outbox`, with its analysis threads.
    pub fn start(outbox: UnboundedSender<Outgoing>) -> Arc<Session> {
        let session = Arc::new(Session {
            profile: OnceLock::new(),
            workspace: Workspace::default(),
            project: Project::default(),
            own_watch: OnceLock::new(),
            documents: Mutex::default(),
            turns: Default::default(),
            queue: Queue::new(std::thread::available_parallelism().map_or(1, usize::from).min(4)),
            outbox,
            is_shut_down: AtomicBool::new(false),
            editor_gone: Notify::new(),
        });
        for number in 0..session.queue.threads() {
            let session = session.clone();
            let thread = std::thread::Builder::new().name(format!("analysis {number}")).stack_size(STACK);
            if let Err(error) = thread.spawn(move || session.work(number)) {
                tracing::error!("an analysis thread can't be started: {error}");
            }
        }
        session
    }

    /// The client has said that it will end the session.
    pub fn set_shut_down(&self) {
        self.is_shut_down.store(true, Ordering::Relaxed);
    }

    /// Whether the client has said so.
    pub fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// The editor's process has died.
    pub fn set_editor_gone(&self) {
        self.editor_gone.notify_one();
    }

    /// Waits until it has.
    pub async fn editor_is_gone(&self) {
        self.editor_gone.notified().await;
    }

    /// Ends the analysis threads.
    pub fn end(&self) {
        self.queue.close();
    }

    /// Keeps what the client can. Only the first `initialize` counts.
    pub fn set_profile(&self, profile: Profile) {
        // The library answers a second `initialize` with an error before it gets here.
        let _ = self.profile.set(profile);
    }

    /// What the client can.
    pub fn profile(&self) -> &Profile {
        self.profile.get_or_init(Profile::default)
    }

    /// The open documents. Held for moments only, never across an `.await`.
    pub fn documents(&self) -> MutexGuard<'_, Documents> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no other thread learns what is in the file at `path`: the newest text must be the last to be learnt.
    pub fn turn(&self, path: &Path) -> MutexGuard<'_, ()> {
        let number = FxBuildHasher.hash_one(path) as usize % self.turns.len();
        self.turns[number].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends something to the client when its turn comes.
    pub fn send(&self, outgoing: Outgoing) {
        // Without an outbox the session has ended.
        let _ = self.outbox.send(outgoing);
    }

    /// Shows the user a message.
    pub fn tell(&self, kind: MessageType, message: impl Into<String>) {
        self.send(Outgoing::Message(kind, message.into()));
    }

    /// The text of a document has changed: its findings are due, unless these are wanted only when it is saved.
    pub fn changed(&self, owner: &Uri) {
        let documents = self.documents();
        let Some(document) = documents.get(owner) else { return };
        if self.workspace.run(document.path.as_deref()) == Run::OnSave {
            return;
        }
        drop(documents);
        self.due(owner);
    }

    /// A document was saved: its findings are due. Clients pull when a text changes, and not when it is saved.
    pub fn saved(&self, owner: &Uri) {
        self.due(owner);
        let path = self.documents().get(owner).and_then(|document| document.path.clone());
        if self.profile().refreshes_diagnostics && self.workspace.run(path.as_deref()) == Run::OnSave {
            self.send(Outgoing::RefreshDiagnostics);
        }
    }

    /// The findings of a document are due, whatever the settings say: it was opened or saved.
    pub fn due(&self, owner: &Uri) {
        let mut documents = self.documents();
        documents.set_due(owner);
        // A thread may have been quicker than we are, or a hover may have asked for it.
        let known = documents.show_latest(owner);
        drop(documents);
        match known {
            Some(known) => self.show(&known),
            None => self.queue.push(owner, Urgency::Now),
        }
    }

    /// A document is closed: nothing is found in it any more, and the file on disk counts again.
    pub fn close(&self, uri: &Uri) {
        let mut documents = self.documents();
        let path = documents.get(uri).and_then(|document| document.path.clone());
        let parts = documents.close(uri);
        drop(documents);
        self.clear(parts);
        self.queue.push_later(path.map(Task::Look));
    }

    /// The workspace's folders may be others, or other files of them may count.
    pub fn walk(&self) {
        self.queue.push_later([Task::Walk]);
    }

    /// Files or folders have changed on disk.
    pub fn changed_on_disk(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.queue.push_later(paths.into_iter().map(Task::Look));
    }

    /// Watches files for changes, since the client does not.
    pub fn set_own_watch(&self, watch: OwnWatch) {
        // The library answers a second `initialize` with an error before it gets here.
        let _ = self.own_watch.set(watch);
    }

    /// Our own watch, if there is one.
    pub fn own_watch(&self) -> Option<&OwnWatch> {
        self.own_watch.get()
    }

    /// These files or cells are gone, and their findings with them.
    pub fn clear(&self, parts: Vec<Uri>) {
        if !self.profile().pulls_diagnostics {
            parts.into_iter().for_each(|part| self.send(Outgoing::Clear(part)));
        }
    }

    /// All that is known of documents may be wrong: the configuration has changed.
    pub fn start_over(&self) {
        let mut documents = self.documents();
        let uris = documents.uris();
        for uri in &uris {
            documents.touch(uri);
            documents.set_due(uri);
        }
        drop(documents);
        uris.iter().for_each(|uri| self.queue.push(uri, Urgency::Later));
        if self.profile().refreshes_diagnostics {
            self.send(Outgoing::RefreshDiagnostics);
        }
    }

    /// What is found in the document's text of this moment, or in a newer one; `None` if it isn't open, or is closed
    /// meanwhile.
    pub async fn latest(&self, part: &Uri) -> Option<Arc<Analysed>> {
        let (mut progress, epoch) = {
            let documents = self.documents();
            let owner = documents.owner(part);
            let document = documents.get(owner)?;
            self.queue.push(owner, Urgency::Now);
            (document.progress(), document.epoch())
        };
        let is_done = |latest: &Option<Arc<Analysed>>| latest.as_ref().is_some_and(|latest| latest.epoch >= epoch);
        progress.wait_for(|progress| is_done(&progress.latest)).await.ok()?.latest.clone()
    }

    /// What is to be shown of the document, as soon as it is found.
    pub async fn shown(&self, part: &Uri) -> Option<Arc<Analysed>> {
        let (mut progress, due) = {
            let documents = self.documents();
            let document: &Document = documents.get(documents.owner(part))?;
            (document.progress(), document.due())
        };
        let is_done = |shown: &Option<Arc<Analysed>>| shown.as_ref().is_some_and(|shown| shown.epoch >= due);
        progress.wait_for(|progress| is_done(&progress.shown)).await.ok()?.shown.clone()
    }

    /// Whether this is still what is to be shown.
    pub fn is_current(&self, analysed: &Analysed) -> bool {
        self.documents().get(&analysed.owner).is_some_and(|document| document.shows(analysed))
    }

    /// What an analysis thread does all day.
    fn work(&self, thread: usize) {
        while let Some(task) = self.queue.pop(thread) {
            match task {
                Task::Document(uri) => self.work_on(&uri),
                Task::Walk => files::walk(self),
                Task::Load(path) => files::load(self, &path),
                Task::Look(path) => files::look(self, &path),
            }
        }
    }

    fn work_on(&self, uri: &Uri) {
        let work = self.documents().take(uri);
        match work {
            None => return,
            Some(Work::Analyse(snapshot)) => {
                let analysed = self.analyse(snapshot).map(Arc::new);
                let is_due = self.documents().give_back(uri, analysed.as_ref());
                if let Some(analysed) = analysed.filter(|_| is_due) {
                    self.show(&analysed);
                }
            }
            Some(Work::Settle(known)) => {
                let settled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.settle(&known)));
                let settled = settled.unwrap_or_else(|_| Analysed::clone(&known));
                let shown = self.documents().give_back_settled(settled);
                if let Some(shown) = shown {
                    self.show(&shown);
                    if self.profile().refreshes_diagnostics {
                        self.send(Outgoing::RefreshDiagnostics);
                    }
                }
            }
        }
        match self.documents().news(uri) {
            (true, _) => self.queue.push(uri, Urgency::Now),
            // Behind the files that are to be read, which may say more.
            (false, true) => self.queue.push_later([Task::Document(uri.clone())]),
            (false, false) => {}
        }
    }

    /// What is to be shown of a document whose text is the same, now that other files have changed.
    fn settle(&self, known: &Analysed) -> Analysed {
        let view = self.project.view(known.source.path());
        let diagnostics = settle_in(&view, &known.source, &known.result, &known.config);
        Analysed { diagnostics, asked: view.into_asked(), ..known.clone() }
    }

    /// Settles the open documents anew to which a change of a file may matter.
    pub fn spread(&self, change: Option<Change>) {
        if let Some(change) = change {
            self.unsettle(|asked| change.concerns(asked));
        }
    }

    /// Settles the open documents anew whose findings hang on what was asked.
    pub fn unsettle(&self, concerns: impl Fn(&Asked) -> bool) {
        let ready = self.documents().unsettle(|analysed| concerns(&analysed.asked));
        // Behind the files that are to be read, which may say more.
        self.queue.push_later(ready.into_iter().map(Task::Document));
    }

    /// Puts reading files behind all that documents need.
    pub fn load(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.queue.push_later(paths.into_iter().map(Task::Load));
    }

    fn show(&self, analysed: &Arc<Analysed>) {
        if !self.profile().pulls_diagnostics {
            self.send(Outgoing::Publish(analysed.clone()));
        }
    }

    /// Looks at a document; `None` if that was given up because its text has changed meanwhile.
    fn analyse(&self, snapshot: Snapshot) -> Option<Analysed> {
        let (owner, epoch) = (snapshot.uri.clone(), snapshot.epoch);
        let file = snapshot.path.clone();
        let path = file.clone().unwrap_or_else(|| uri::invented_path(&owner, self.workspace.home().as_deref()));
        let (source, parts) = snapshot.into_source(path);
        let is_wanted = || self.documents().is_at(&owner, epoch);
        let learn = |facts: Option<Facts>| {
            // A buffer without a file is imported by nobody. And once a document is closed, the file on disk counts.
            let documents = self.documents();
            let file = file.as_deref().filter(|_| documents.is_at(&owner, epoch));
            let change = file.and_then(|file| match facts {
                Some(facts) => self.project.set(file, facts),
                None => self.project.remove(file),
            });
            drop(documents);
            self.spread(change);
        };
        // `analyse_while` catches its own panics; this is for what comes after it.
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.look(&source, is_wanted, learn)));
        let Looked { result, diagnostics, asked, config } = looked.unwrap_or_else(|_| {
            let message = "not analysed: pyprep-lint failed on this file; please report it with the file";
            Some(Looked::failed(message.to_owned(), Arc::new(Config::default())))
        })?;
        let (source, parts, result) = (Arc::new(source), Arc::new(parts), Arc::new(result));
        Some(Analysed { owner, epoch, source, parts, result, diagnostics, asked, config })
    }

    fn look(&self, source: &Source, is_wanted: impl Fn() -> bool, learn: impl Fn(Option<Facts>)) -> Option<Looked> {
        let tell = |error: &ConfigError| {
            let message = format!("pyprep-lint: {error}. The last good configuration stays in force.");
            self.tell(MessageType::ERROR, message);
        };
        let config = match self.workspace.verdict(source.path(), tell) {
            Verdict::Analyse(config) => config,
            Verdict::Excluded => {
                learn(None);
                return Some(Looked::with(FileResult::default(), Arc::new(Config::default())));
            }
        };
        if source.text().len() > MAX_SIZE {
            return Some(Looked::failed(DecodeError::TooLarge(source.text().len()).to_string(), config));
        }
        let mut result = analyse_while(source, &config, is_wanted)?;
        learn(Some(result.take_facts()));
        let view = self.project.view(source.path());
        let diagnostics = settle_in(&view, source, &result, &config);
        Some(Looked { diagnostics, asked: view.into_asked(), ..Looked::with(result, config) })
    }
}

/// What a look at a text gives.
struct Looked {
    result: FileResult,
    diagnostics: Vec<Diagnostic>,
    asked: Asked,
    config: Arc<Config>,
}

impl Looked {
    fn failed(message: String, config: Arc<Config>) -> Looked {
        Looked::with(FileResult::failed(message), config)
    }

    fn with(result: FileResult, config: Arc<Config>) -> Looked {
        Looked { result, diagnostics: Vec::new(), asked: Asked::default(), config }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tower_lsp_server::ls_types::{TextDocumentContentChangeEvent, TextDocumentItem};

    use super::*;

    /// The version that is published next.
    async fn published(outgoing: &mut mpsc::UnboundedReceiver<Outgoing>) -> i32 {
        let next = tokio::time::timeout(Duration::from_secs(30), outgoing.recv()).await.expect("within 30 seconds");
        let Some(Outgoing::Publish(analysed)) = next else { panic!("no findings: {next:?}") };
        analysed.parts.placed[0].version
    }

    #[tokio::test]
    async fn what_is_found_before_it_is_due_is_shown() {
        let (outbox, mut outgoing) = mpsc::unbounded_channel();
        let session = Session::start(outbox);
        let uri: Uri = "untitled:a.py".parse().expect("an address");
        let item =
            TextDocumentItem { uri: uri.clone(), language_id: "python".to_owned(), version: 1, text: "x".to_owned() };
        session.documents().open(item, session.profile().encoding);
        session.due(&uri);
        assert_eq!(published(&mut outgoing).await, 1);

        let change = TextDocumentContentChangeEvent { range: None, range_length: None, text: "y".to_owned() };
        session.documents().change(&uri, 2, vec![change]);
        // The system may put the protocol's thread to sleep right here.
        session.latest(&uri).await.expect("it is open");
        session.changed(&uri);
        assert_eq!(published(&mut outgoing).await, 2);
        session.end();
    }
}
