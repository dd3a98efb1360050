//! What one check may cost: so many queries, so much time, whatever the servers say (safety T12 to T15).
//!
//! Invariant: the time that a check stands in line for manners' sake is no server's, and does not count; it has an end of its own.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::model::dns::Unasked;

/// How long a check may stand in line in all.
const MAX_QUEUE: Duration = Duration::from_secs(120);

/// A number of queries and an end, shared by all that a check asks.
#[derive(Debug)]
pub struct Budget {
    /// Its own pool first, then those that it is a part of.
    pools: Vec<Arc<Pool>>,
    clock: Arc<Clock>,
}

#[derive(Debug)]
struct Pool {
    left: AtomicU32,
    spent: AtomicU32,
}

#[derive(Debug)]
struct Clock {
    /// When it ends, however long the line is.
    last: Instant,
    hands: Mutex<Hands>,
}

#[derive(Debug)]
struct Hands {
    end: Instant,
    /// How many stand in line, and since when somebody does.
    queueing: u32,
    since: Instant,
}

/// Stands for one who is in line.
struct InLine<'a>(&'a Clock);

impl Budget {
    /// So many queries, and so much time from now on.
    pub fn new(queries: u32, time: Duration) -> Self {
        let now = Instant::now();
        let hands = Hands {
            end: now + time,
            queueing: 0,
            since: now,
        };
        Self {
            pools: vec![Pool::of(queries)],
            clock: Arc::new(Clock {
                last: now + time + MAX_QUEUE,
                hands: Mutex::new(hands),
            }),
        }
    }

    /// A part of this budget: its queries are taken from both.
    pub fn part(&self, queries: u32) -> Self {
        let own = std::iter::once(Pool::of(queries));
        Self {
            pools: own.chain(self.pools.iter().cloned()).collect(),
            clock: Arc::clone(&self.clock),
        }
    }

    /// Other queries within the same time.
    pub fn beside(&self, queries: u32) -> Self {
        Self {
            pools: vec![Pool::of(queries)],
            clock: Arc::clone(&self.clock),
        }
    }

    /// The queries that were sent.
    pub fn spent(&self) -> u32 {
        let own = self.pools.first();
        own.map_or(0, |pool| pool.spent.load(Ordering::Relaxed))
    }

    /// Whether its time is used up.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.clock.end()
    }

    /// Waits for something, but not beyond the end.
    pub(in crate::engine) async fn until<F: Future>(&self, wanted: F) -> Option<F::Output> {
        let mut wanted = std::pin::pin!(wanted);
        loop {
            let end = self.clock.end();
            if let Ok(output) = timeout_at(end, &mut wanted).await {
                return Some(output);
            }
            if self.is_over() {
                return None;
            }
        }
    }

    /// Stands in line for something.
    pub(super) async fn in_line<F: Future>(&self, wanted: F) -> Option<F::Output> {
        let _in_line = InLine::new(&self.clock);
        timeout_at(self.clock.last, wanted).await.ok()
    }

    /// Takes one query, and says how long its answer may be waited for.
    pub(super) fn spend(&self, patience: Duration) -> Result<Duration, Unasked> {
        let left = self.clock.end().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Unasked::NoTime);
        }
        for (place, pool) in self.pools.iter().enumerate() {
            if !pool.take() {
                self.pools.iter().take(place).for_each(|pool| pool.give_back());
                return Err(Unasked::NoQueries);
            }
        }
        Ok(patience.min(left))
    }
}

impl Pool {
    fn of(queries: u32) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU32::new(queries),
            spent: AtomicU32::new(0),
        })
    }

    fn take(&self) -> bool {
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |queries| queries.checked_sub(1));
        self.spent.fetch_add(u32::from(taken.is_ok()), Ordering::Relaxed);
        taken.is_ok()
    }

    fn give_back(&self) {
        self.left.fetch_add(1, Ordering::Relaxed);
        self.spent.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Clock {
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the time will be used up, should nobody stand in line from now on.
    fn end(&self) -> Instant {
        let hands = self.hands();
        let stood = match hands.queueing {
            0 => Duration::ZERO,
            _ => hands.since.elapsed(),
        };
        (hands.end + stood).min(self.last)
    }
}

impl<'a> InLine<'a> {
    fn new(clock: &'a Clock) -> Self {
        let mut hands = clock.hands();
        if hands.queueing == 0 {
            hands.since = Instant::now();
        }
        hands.queueing += 1;
        Self(clock)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        let mut hands = self.0.hands();
        hands.queueing -= 1;
        if hands.queueing == 0 {
            let stood = hands.since.elapsed();
            hands.end += stood;
        }
    }
}
