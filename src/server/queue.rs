//! What waits for an analysis thread: open documents, and behind them the files of the workspace.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tower_lsp_server::ls_types::Uri;

/// A queue in which every document stands at most once, for a fixed number of threads.
///
/// Of the threads that have nothing to do, the first is woken: while somebody types, it is the same one again and again, and
/// has what it needs at hand.
#[derive(Debug)]
pub struct Queue {
    state: Mutex<State>,
    /// One for each thread.
    news: Vec<Condvar>,
}

#[derive(Debug)]
struct State {
    waiting: VecDeque<Uri>,
    files: VecDeque<Task>,
    /// Which threads have nothing to do.
    idle: Vec<bool>,
    is_closed: bool,
}

/// What a thread is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Look at an open document, or settle it anew.
    Document(Uri),
    /// Find the files of the workspace.
    Walk,
    /// Read what there is to know of a file that the walk has found.
    Load(PathBuf),
    /// See what has become of a file that has changed on disk, or of all below a folder.
    Look(PathBuf),
}

/// How much a document matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody is looking at it.
    Now,
    /// After all the others.
    Later,
}

impl Queue {
    /// A queue for this many threads.
    pub fn new(threads: usize) -> Queue {
        Queue {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                files: VecDeque::new(),
                idle: vec![false; threads],
                is_closed: false,
            }),
            news: (0..threads).map(|_| Condvar::new()).collect(),
        }
    }

    /// How many threads it is for.
    pub fn threads(&self) -> usize {
        self.news.len()
    }

    /// Puts a document into the queue, or further to the front if it waits already.
    pub fn push(&self, uri: &Uri, urgency: Urgency) {
        let mut state = self.lock();
        let place = state.waiting.iter().position(|waiting| waiting == uri);
        match (urgency, place) {
            (Urgency::Later, Some(_)) => return,
            (Urgency::Later, None) => state.waiting.push_back(uri.clone()),
            (Urgency::Now, place) => {
                place.map(|place| state.waiting.remove(place));
                state.waiting.push_front(uri.clone());
            }
        }
        self.wake(&mut state);
    }

    /// Puts something into the queue behind all documents. What waits already isn't put there again.
    pub fn push_later(&self, tasks: impl IntoIterator<Item = Task>) {
        let mut state = self.lock();
        for task in tasks {
            if matches!(task, Task::Load(_)) || !state.files.contains(&task) {
                state.files.push_back(task);
                self.wake(&mut state);
            }
        }
    }

    fn wake(&self, state: &mut State) {
        if let Some(thread) = state.idle.iter().position(|idle| *idle) {
            state.idle[thread] = false;
            self.news[thread].notify_one();
        }
    }

    /// Waits, as the thread of this number, for what is to be done next; `None` once the queue is closed.
    pub fn pop(&self, thread: usize) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            let document = state.waiting.pop_front().map(Task::Document);
            if let Some(task) = document.or_else(|| state.files.pop_front()) {
                state.idle[thread] = false;
                return Some(task);
            }
            state.idle[thread] = true;
            state = self.news[thread].wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the waiting of all threads.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.news.iter().for_each(Condvar::notify_one);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
