//! The documents that wait for an analysis thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};

use tower_lsp_server::ls_types::Uri;

/// A queue in which every document stands at most once.
#[derive(Debug, Default)]
pub struct Queue {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Uri>,
    is_closed: bool,
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
    /// Puts a document into the queue, or further to the front if it waits already.
    pub fn push(&self, uri: &Uri, urgency: Urgency) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let place = state.waiting.iter().position(|waiting| waiting == uri);
        match (urgency, place) {
            (Urgency::Later, Some(_)) => return,
            (Urgency::Later, None) => state.waiting.push_back(uri.clone()),
            (Urgency::Now, place) => {
                place.map(|place| state.waiting.remove(place));
                state.waiting.push_front(uri.clone());
            }
        }
        self.news.notify_one();
    }

    /// Waits for the next document; `None` once the queue is closed.
    pub fn pop(&self) -> Option<Uri> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(uri) = state.waiting.pop_front() {
                return Some(uri);
            }
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the waiting of all threads.
    pub fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.news.notify_all();
    }
}
