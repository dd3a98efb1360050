//! How fast servers may be asked: each address, and all of them together (safety T19).
//!
//! Invariant: within any second no address is sent more than its pace allows, and never has more queries under way; the
//! same holds for all addresses together.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// How fast an address may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Queries within any second.
    pub per_second: usize,
    /// Queries under way at the same time.
    pub in_flight: usize,
}

impl Pace {
    /// What a stranger's server is asked.
    pub const STRANGER: Self = Self {
        per_second: 5,
        in_flight: 2,
    };
    /// What a server is asked that the organisation's own zones are on: a thousand children under one parent must not take minutes.
    pub const OWN: Self = Self {
        per_second: 50,
        in_flight: 8,
    };
    /// What all servers together are asked.
    pub const ALL: Self = Self {
        per_second: 500,
        in_flight: 500,
    };
    /// No limit in time: for servers of one's own on loopback, and for measurements.
    pub const FREE: Self = Self {
        per_second: usize::MAX,
        in_flight: 500,
    };
}

/// Keeps the pace of every address, and of all together.
#[derive(Debug)]
pub struct Manners {
    own: Mutex<HashSet<IpAddr>>,
    of_own: Pace,
    of_strangers: Pace,
    all: Lane,
    lanes: Mutex<HashMap<IpAddr, Lane>>,
}

/// Leave to send one query; it ends when the answer is in.
#[derive(Debug)]
pub struct Turn {
    _one: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Manners {
    /// The defaults, and the addresses that the organisation's own zones are on.
    pub fn new(own: HashSet<IpAddr>) -> Self {
        Self::at(own, Pace::OWN, Pace::STRANGER, Pace::ALL)
    }

    /// Other paces.
    pub fn at(own: HashSet<IpAddr>, of_own: Pace, of_strangers: Pace, all: Pace) -> Self {
        Self {
            own: Mutex::new(own),
            of_own,
            of_strangers,
            all: Lane::new(all),
            lanes: Mutex::default(),
        }
    }

    /// Learns of an address that the organisation's own zones are on.
    pub fn own(&self, address: IpAddr) {
        let is_new = self.own.lock().unwrap_or_else(PoisonError::into_inner).insert(address);
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&address).filter(|_| is_new) {
            lane.widen(self.of_strangers, self.of_own);
        }
    }

    /// Waits for leave to send one query to an address.
    pub async fn admit(&self, address: IpAddr) -> Turn {
        let one = self.lane(address).turn().await;
        let all = self.all.turn().await;
        Turn { _one: one, _all: all }
    }

    fn lane(&self, address: IpAddr) -> Lane {
        let is_own = self
            .own
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&address);
        let pace = if is_own { self.of_own } else { self.of_strangers };
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.entry(address).or_insert_with(|| Lane::new(pace)).clone()
    }
}

/// One queue: whoever holds a permit waits for the next place in time.
#[derive(Debug, Clone)]
struct Lane {
    free: Arc<Semaphore>,
    places: Arc<Mutex<Places>>,
}

/// The places in time that were given out.
#[derive(Debug)]
struct Places {
    per_second: usize,
    /// The latest, as many as a second has.
    latest: VecDeque<Instant>,
}

impl Lane {
    fn new(pace: Pace) -> Self {
        Self {
            free: Arc::new(Semaphore::new(pace.in_flight.max(1))),
            places: Arc::new(Mutex::new(Places {
                per_second: pace.per_second.max(1),
                latest: VecDeque::new(),
            })),
        }
    }

    /// Keeps another pace from now on, where it is a faster one.
    fn widen(&self, before: Pace, after: Pace) {
        let more = after.in_flight.max(1).saturating_sub(before.in_flight.max(1));
        self.free.add_permits(more);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.per_second = places.per_second.max(after.per_second);
    }

    async fn turn(&self) -> OwnedSemaphorePermit {
        let permit = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let now = Instant::now();
        let place = self.places.lock().unwrap_or_else(PoisonError::into_inner).next(now);
        if place > now {
            sleep_until(place).await;
        }
        permit
    }
}

impl Places {
    /// The next place in time: now, or a second after the place that is as many back as a second has.
    fn next(&mut self, now: Instant) -> Instant {
        const SECOND: Duration = Duration::from_secs(1);
        if self.per_second == usize::MAX {
            return now;
        }
        let place = match self.latest.len() >= self.per_second {
            true => self.latest.pop_front().map_or(now, |past| now.max(past + SECOND)),
            false => now,
        };
        self.latest.push_back(place);
        place
    }
}
