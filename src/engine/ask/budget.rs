//! What one check may cost: so many queries, so much time, whatever the servers say (safety T12 to T15).

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::model::dns::Unasked;

/// A number of queries and an end, shared by all that a check asks.
#[derive(Debug)]
pub struct Budget {
    queries: AtomicU32,
    spent: AtomicU32,
    end: Instant,
}

impl Budget {
    /// So many queries, and so much time from now on.
    pub fn new(queries: u32, time: Duration) -> Self {
        Self {
            queries: AtomicU32::new(queries),
            spent: AtomicU32::new(0),
            end: Instant::now() + time,
        }
    }

    /// The queries that were sent.
    pub fn spent(&self) -> u32 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Waits for something, but not beyond the end.
    pub(super) async fn until<F: Future>(&self, wanted: F) -> Option<F::Output> {
        timeout_at(self.end, wanted).await.ok()
    }

    /// Takes one query, and says how long its answer may be waited for.
    pub(super) fn spend(&self, patience: Duration) -> Result<Duration, Unasked> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Unasked::NoTime);
        }
        let taken = self
            .queries
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |queries| queries.checked_sub(1));
        taken.map_err(|_| Unasked::NoQueries)?;
        self.spent.fetch_add(1, Ordering::Relaxed);
        Ok(patience.min(left))
    }
}
