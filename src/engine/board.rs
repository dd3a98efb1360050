//! Where the accounts of a scan post how far they are, for whoever wants to draw it.
//!
//! Posting never waits for a reader of the board, and reading never holds up a request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::limits::Limits;
use super::progress::{AccountProgress, Progress, RequestNote, Sent, Stage};
use crate::model::account::AccountIx;

/// The latest requests that are kept.
const NOTES: usize = 500;

/// Tells how far a scan is; can be handed around.
#[derive(Debug, Clone)]
pub struct Monitor(Arc<Board>);

#[derive(Debug)]
struct Board {
    started: Instant,
    entries: Vec<Mutex<Entry>>,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    latest: VecDeque<RequestNote>,
    counted: u64,
}

#[derive(Debug)]
struct Entry {
    progress: AccountProgress,
    sent_at: VecDeque<Instant>,
    retry_at: Option<Instant>,
}

impl Monitor {
    pub(super) fn new(accounts: impl Iterator<Item = AccountIx>, limits: &Limits, now: Instant) -> Self {
        let entries = accounts
            .map(|account| {
                Mutex::new(Entry {
                    progress: waiting(account, limits),
                    sent_at: VecDeque::new(),
                    retry_at: None,
                })
            })
            .collect();
        Self(Arc::new(Board {
            started: now,
            entries,
            notes: Mutex::default(),
        }))
    }

    /// How far the scan is at this moment.
    pub fn progress(&self) -> Progress {
        let now = Instant::now();
        Progress {
            accounts: self
                .0
                .entries
                .iter()
                .map(|entry| snapshot(&mut lock(entry), now))
                .collect(),
            requests: lock(&self.0.notes).latest.iter().cloned().collect(),
            elapsed: now.saturating_duration_since(self.0.started),
            live: None,
        }
    }

    pub(super) fn post(&self, place: usize, progress: AccountProgress, retry_at: Option<Instant>) {
        if let Some(entry) = self.0.entries.get(place) {
            let mut entry = lock(entry);
            entry.progress = progress;
            entry.retry_at = retry_at;
        }
    }

    /// The account will say nothing more.
    pub(super) fn fail(&self, place: usize) {
        if let Some(entry) = self.0.entries.get(place) {
            lock(entry).progress.stage = Stage::Failed;
        }
    }

    pub(super) fn sent(&self, place: usize, now: Instant) {
        if let Some(entry) = self.0.entries.get(place) {
            let mut entry = lock(entry);
            entry.sent_at.push_back(now);
            forget_the_old(&mut entry.sent_at, now);
        }
    }

    pub(super) fn note(&self, mut note: RequestNote) {
        let mut notes = lock(&self.0.notes);
        notes.counted += 1;
        note.number = notes.counted;
        if notes.latest.len() == NOTES {
            notes.latest.pop_front();
        }
        notes.latest.push_back(note);
    }
}

fn waiting(account: AccountIx, limits: &Limits) -> AccountProgress {
    AccountProgress {
        account,
        stage: Stage::Waiting,
        zones_listed: 0,
        zones_expected: None,
        zones_read: 0,
        sent: Sent::default(),
        throttled: 0,
        retried: 0,
        failed: 0,
        queued: 0,
        in_flight: 0,
        remaining: 0,
        rate: limits.rps,
        limit: limits.rps,
        now: 0,
        back_off: None,
        eta: None,
        problem: None,
    }
}

fn snapshot(entry: &mut Entry, now: Instant) -> AccountProgress {
    forget_the_old(&mut entry.sent_at, now);
    AccountProgress {
        now: u32::try_from(entry.sent_at.len()).unwrap_or(u32::MAX),
        back_off: entry.retry_at.map(|at| at.saturating_duration_since(now)),
        ..entry.progress.clone()
    }
}

fn forget_the_old(sent_at: &mut VecDeque<Instant>, now: Instant) {
    while sent_at
        .front()
        .is_some_and(|at| now.saturating_duration_since(*at) >= Duration::from_secs(1))
    {
        sent_at.pop_front();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
