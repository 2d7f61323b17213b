//! The documents that wait for an analysis thread.

use std::collections::VecDeque;
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
    /// Which threads have nothing to do.
    idle: Vec<bool>,
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
    /// A queue for this many threads.
    pub fn new(threads: usize) -> Queue {
        Queue {
            state: Mutex::new(State { waiting: VecDeque::new(), idle: vec![false; threads], is_closed: false }),
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
        if let Some(thread) = state.idle.iter().position(|idle| *idle) {
            state.idle[thread] = false;
            self.news[thread].notify_one();
        }
    }

    /// Waits, as the thread of this number, for the next document; `None` once the queue is closed.
    pub fn pop(&self, thread: usize) -> Option<Uri> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(uri) = state.waiting.pop_front() {
                state.idle[thread] = false;
                return Some(uri);
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
