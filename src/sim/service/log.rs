//! What was asked: every request in a log of limited length, and counters that forget nothing.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::Delivery;
use crate::model::account::AccountId;

const KEPT: usize = 100_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When it came, by the world's clock.
    pub at: Duration,
    /// Whose credentials it bore; none where they were nobody's.
    pub account: Option<AccountId>,
    /// The action.
    pub action: &'static str,
    /// Whether the action is one that changes something.
    pub write: bool,
    /// The code of the error that it ended in.
    pub error: Option<&'static str>,
    /// How the answer travelled.
    pub delivery: Delivery,
}

/// How many requests there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All of them.
    pub requests: u64,
    /// Those that ended in `Throttling`.
    pub throttled: u64,
    /// Those that ended in any error, throttled ones included.
    pub failed: u64,
}

#[derive(Debug, Default)]
pub(super) struct Log {
    entries: VecDeque<LogEntry>,
    counts: HashMap<(Option<AccountId>, &'static str), Count>,
}

impl Log {
    pub(super) fn note(&mut self, entry: LogEntry) {
        let count = self.counts.entry((entry.account, entry.action)).or_default();
        count.requests += 1;
        count.throttled += u64::from(entry.error == Some("Throttling"));
        count.failed += u64::from(entry.error.is_some());
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &LogEntry> {
        self.entries.iter()
    }

    pub(super) fn counts(&self) -> &HashMap<(Option<AccountId>, &'static str), Count> {
        &self.counts
    }
}
