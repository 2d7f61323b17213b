//! The documents that are open in the editor: their texts as they are now, and what is known of them.
//!
//! A file has one part, a notebook one for each of its code cells. Every change gives the document a new *epoch*; a result
//! belongs to the epoch whose text it was made from, and only the newest is ever shown.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashMap;
use tokio::sync::watch;
use tower_lsp_server::ls_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::analysed::{Analysed, Parts, PlacedPart};
use super::profile::Encoding;
use super::text::Text;
use super::uri;
use crate::notebook::CellText;
use crate::source::Source;

/// All open documents. Only the protocol's thread changes texts, in the order in which the client sent the changes.
#[derive(Debug, Default)]
pub struct Documents {
    open: FxHashMap<Uri, Document>,
    /// The notebook of each open cell.
    notebooks: FxHashMap<Uri, Uri>,
    last_epoch: u64,
}

/// An open file or notebook.
#[derive(Debug)]
pub struct Document {
    /// Where its file is; `None` for buffers that have none.
    pub path: Option<PathBuf>,
    parts: Vec<Part>,
    /// All cells of a notebook, those that hold no Python too.
    cells: Option<Vec<Uri>>,
    /// Counts changes of text and of configuration.
    epoch: u64,
    /// The epoch whose findings the user is waiting for.
    due: u64,
    /// An analysis thread has it in its hands.
    is_busy: bool,
    /// Another file has changed in a way that may matter to what is found here.
    is_unsettled: bool,
    progress: watch::Sender<Progress>,
}

/// What has been found in a document.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The newest result.
    pub latest: Option<Arc<Analysed>>,
    /// The newest result that was due: what is shown.
    pub shown: Option<Arc<Analysed>>,
}

/// A text with an address of its own: a file, or a cell of a notebook.
#[derive(Debug)]
struct Part {
    uri: Uri,
    version: i32,
    text: Arc<Text>,
}

/// What is to be done about a document.
#[derive(Debug)]
pub enum Work {
    /// Its text is new.
    Analyse(Snapshot),
    /// Other files are.
    Settle(Arc<Analysed>),
}

/// A document as it was at one time, to be analysed.
#[derive(Debug)]
pub struct Snapshot {
    /// The document.
    pub uri: Uri,
    /// Where its file is.
    pub path: Option<PathBuf>,
    /// The time.
    pub epoch: u64,
    cells: Option<Vec<Uri>>,
    parts: Vec<(Uri, i32, Arc<Text>)>,
}

/// A change of a document's cells.
#[derive(Debug)]
pub struct CellChange {
    /// Cells whose text is gone.
    pub closed: Vec<Uri>,
    /// The cells of the notebook that go, by their number.
    pub removed: Range<usize>,
    /// The cells that come in their place.
    pub inserted: Vec<Uri>,
    /// The texts of new cells that hold Python.
    pub opened: Vec<TextDocumentItem>,
}

impl Documents {
    /// Opens a file, or takes its text anew if it is open already.
    pub fn open(&mut self, item: TextDocumentItem, encoding: Encoding) {
        let path = uri::to_path(&item.uri);
        let part = Part::new(item, encoding);
        // A client that knows of no notebooks sends their cells as documents: each is one of its own.
        let cells = part.uri.path().as_str().ends_with(".ipynb").then(|| vec![part.uri.clone()]);
        self.insert(part.uri.clone(), path, vec![part], cells);
    }

    fn insert(&mut self, uri: Uri, path: Option<PathBuf>, parts: Vec<Part>, cells: Option<Vec<Uri>>) {
        let epoch = self.next_epoch();
        let progress = match self.open.remove(&uri) {
            Some(known) => known.progress,
            None => watch::Sender::new(Progress::default()),
        };
        let document =
            Document { path, parts, cells, epoch, due: epoch, is_busy: false, is_unsettled: false, progress };
        self.open.insert(uri, document);
    }

    fn next_epoch(&mut self) -> u64 {
        self.last_epoch += 1;
        self.last_epoch
    }

    /// Applies changes to a file or a cell, in their order. Returns the document they belong to, if it is open.
    pub fn change(&mut self, part: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) -> Option<Uri> {
        let epoch = self.next_epoch();
        let owner = self.owner(part).clone();
        let document = self.open.get_mut(&owner)?;
        let part = document.parts.iter_mut().find(|candidate| candidate.uri == *part)?;
        if version <= part.version {
            // A text once lost never comes back, so that the change is applied all the same.
            tracing::warn!("{}: version {version} came after {}", part.uri.as_str(), part.version);
        }
        part.version = version;
        for change in changes {
            Arc::make_mut(&mut part.text).edit(change.range, &change.text);
        }
        document.epoch = epoch;
        Some(owner)
    }

    /// Closes a file or a notebook. Returns its parts, whose findings are to be cleared.
    pub fn close(&mut self, uri: &Uri) -> Vec<Uri> {
        let parts = self.open.remove(uri).map_or_else(Vec::new, |document| document.parts);
        let parts: Vec<Uri> = parts.into_iter().map(|part| part.uri).collect();
        parts.iter().for_each(|part| drop(self.notebooks.remove(part)));
        parts
    }

    /// Opens a notebook with these cells, in order; `opened` are the texts of those that hold Python.
    pub fn open_notebook(&mut self, uri: Uri, cells: Vec<Uri>, opened: Vec<TextDocumentItem>, encoding: Encoding) {
        self.insert(uri.clone(), uri::to_path(&uri), Vec::new(), Some(Vec::new()));
        let change = CellChange { closed: Vec::new(), removed: 0..0, inserted: cells, opened };
        self.change_cells(&uri, change, encoding);
    }

    /// Adds, removes and reorders the cells of a notebook.
    pub fn change_cells(&mut self, notebook: &Uri, change: CellChange, encoding: Encoding) {
        let epoch = self.next_epoch();
        let Some(Document { parts, cells: Some(cells), epoch: at, .. }) = self.open.get_mut(notebook) else { return };
        *at = epoch;
        for closed in &change.closed {
            self.notebooks.remove(closed);
            parts.retain(|part| part.uri != *closed);
        }
        for cell in change.opened {
            self.notebooks.insert(cell.uri.clone(), notebook.clone());
            parts.push(Part::new(cell, encoding));
        }
        let end = change.removed.end.min(cells.len());
        cells.splice(change.removed.start.min(end)..end, change.inserted);
        let place: FxHashMap<&Uri, usize> = cells.iter().enumerate().map(|(place, cell)| (cell, place)).collect();
        parts.sort_by_key(|part| place.get(&part.uri).copied().unwrap_or(usize::MAX));
    }

    /// The document that a file or a cell belongs to.
    pub fn owner<'d>(&'d self, part: &'d Uri) -> &'d Uri {
        self.notebooks.get(part).unwrap_or(part)
    }

    /// The document with this address.
    pub fn get(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri)
    }

    /// Whether the document with this address is open, and its text still that of `epoch`.
    pub fn is_at(&self, uri: &Uri, epoch: u64) -> bool {
        self.get(uri).is_some_and(|document| document.epoch == epoch)
    }

    /// The addresses of all documents.
    pub fn uris(&self) -> Vec<Uri> {
        self.open.keys().cloned().collect()
    }

    /// What was known of the document holds no longer, though its text is the same.
    pub fn touch(&mut self, uri: &Uri) {
        let epoch = self.next_epoch();
        if let Some(document) = self.open.get_mut(uri) {
            document.epoch = epoch;
        }
    }

    /// The user waits for the findings of the text as it is now.
    pub fn set_due(&mut self, uri: &Uri) {
        if let Some(document) = self.open.get_mut(uri) {
            document.due = document.epoch;
        }
    }

    /// Takes a document in hand: its text, or what was found in it where only other files have changed; unless it is in other
    /// hands or there is nothing new.
    pub fn take(&mut self, uri: &Uri) -> Option<Work> {
        let document = self.open.get_mut(uri)?;
        let has_news = document.has_news();
        if document.is_busy || !has_news && !document.is_unsettled {
            return None;
        }
        document.is_busy = true;
        document.is_unsettled = false;
        if !has_news {
            return document.progress.borrow().latest.clone().map(Work::Settle);
        }
        let parts = document.parts.iter().map(|part| (part.uri.clone(), part.version, part.text.clone()));
        Some(Work::Analyse(Snapshot {
            uri: uri.clone(),
            path: document.path.clone(),
            epoch: document.epoch,
            cells: document.cells.clone(),
            parts: parts.collect(),
        }))
    }

    /// Gives a document back with what was found, if that wasn't given up. Returns whether it is to be shown.
    pub fn give_back(&mut self, uri: &Uri, analysed: Option<&Arc<Analysed>>) -> bool {
        let Some(document) = self.open.get_mut(uri) else { return false };
        document.is_busy = false;
        let Some(analysed) = analysed.filter(|analysed| analysed.epoch == document.epoch) else { return false };
        let is_due = document.is_owed();
        document.progress.send_modify(|progress| {
            progress.latest = Some(analysed.clone());
            if is_due {
                progress.shown = Some(analysed.clone());
            }
        });
        is_due
    }

    /// Gives a document back whose findings were settled anew. Returns them if they are to be shown: then they count as those of
    /// a newer text.
    pub fn give_back_settled(&mut self, settled: Analysed) -> Option<Arc<Analysed>> {
        let epoch = self.next_epoch();
        let document = self.open.get_mut(&settled.owner)?;
        document.is_busy = false;
        let known = document.progress.borrow().clone();
        let latest = known.latest.filter(|latest| latest.epoch == settled.epoch && !document.has_news())?;
        let is_new = latest.diagnostics != settled.diagnostics;
        let is_shown = known.shown.is_some_and(|shown| shown.epoch == settled.epoch);
        let settled = Arc::new(Analysed { epoch: if is_new { epoch } else { settled.epoch }, ..settled });
        document.epoch = settled.epoch;
        if is_shown {
            document.due = settled.epoch;
        }
        document.progress.send_modify(|progress| {
            progress.latest = Some(settled.clone());
            if is_shown {
                progress.shown = Some(settled.clone());
            }
        });
        Some(settled).filter(|_| is_new && is_shown)
    }

    /// Whether a document that was given back has changed meanwhile: its text, and other files.
    pub fn news(&self, uri: &Uri) -> (bool, bool) {
        self.get(uri).map_or((false, false), |document| (document.has_news(), document.is_unsettled))
    }

    /// Marks the documents to which a change elsewhere may matter; those that are ready to be settled are returned.
    pub fn unsettle(&mut self, concerns: impl Fn(&Analysed) -> bool) -> Vec<Uri> {
        let mut ready = Vec::new();
        for (uri, document) in &mut self.open {
            let is_concerned = document.progress.borrow().latest.as_ref().is_some_and(|latest| concerns(latest));
            if is_concerned && !document.is_busy && !document.is_unsettled {
                ready.push(uri.clone());
            }
            // What is being analysed may have asked already.
            document.is_unsettled |= is_concerned || document.is_busy;
        }
        ready
    }

    /// Whether the file at `path` is open, so that its text there counts.
    pub fn has_open(&self, path: &Path) -> bool {
        self.open.values().any(|document| document.path.as_deref() == Some(path))
    }

    /// Shows the newest result if the user waits for it. Returns it in that case.
    pub fn show_latest(&mut self, uri: &Uri) -> Option<Arc<Analysed>> {
        let document = self.open.get_mut(uri)?;
        let latest = document.progress.borrow().latest.clone();
        let latest = latest.filter(|latest| latest.epoch == document.epoch && document.is_owed())?;
        document.progress.send_modify(|progress| progress.shown = Some(latest.clone()));
        Some(latest)
    }
}

impl Document {
    /// Counts changes of text and of configuration.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The epoch whose findings are to be shown, or newer ones.
    pub fn due(&self) -> u64 {
        self.due
    }

    /// Whether this is what is to be shown: nothing newer is, or will be.
    pub fn shows(&self, analysed: &Analysed) -> bool {
        !self.is_owed() && self.progress.borrow().shown.as_ref().is_some_and(|shown| shown.epoch == analysed.epoch)
    }

    /// Whether the user still waits for findings that are due.
    fn is_owed(&self) -> bool {
        self.progress.borrow().shown.as_ref().is_none_or(|shown| shown.epoch < self.due)
    }

    /// What has been found so far, and news of what will be.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    fn has_news(&self) -> bool {
        self.progress.borrow().latest.as_ref().is_none_or(|latest| latest.epoch != self.epoch)
    }
}

impl Part {
    fn new(item: TextDocumentItem, encoding: Encoding) -> Part {
        Part { uri: item.uri, version: item.version, text: Arc::new(Text::new(item.text, encoding.0)) }
    }
}

impl Snapshot {
    /// The text as one source, called `path`, and what it is made of.
    pub fn into_source(self, path: PathBuf) -> (Source, Parts) {
        let Some(cells) = self.cells else {
            let (uri, version, text) = self.parts.into_iter().next().expect("a file has one part");
            let source = Source::from_text(path, text.as_str());
            let range = TextRange::up_to(TextSize::of(text.as_str()));
            return (source, Parts { placed: vec![PlacedPart { uri, version, range, text }], left_out: Vec::new() });
        };
        let index = |uri: &Uri| cells.iter().position(|cell| cell == uri).unwrap_or(cells.len());
        let texts = self.parts.iter().map(|(uri, _, text)| (index(uri), text));
        let texts = texts.map(|(index, text)| CellText { index, id: None, text: text.as_str().to_owned() });
        let source = Source::from_cells(path, texts);
        let mut parts = Parts::default();
        let mut placed = source.cells().iter().peekable();
        for (uri, version, text) in self.parts {
            // Cells of other languages, as those under `%%bash`, have no place in it.
            match placed.next_if(|cell| cells.get(cell.index()) == Some(&uri)) {
                Some(cell) => parts.placed.push(PlacedPart { uri, version, range: cell.range(), text }),
                None => parts.left_out.push((uri, version)),
            }
        }
        (source, parts)
    }
}
