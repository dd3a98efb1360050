//! The requests of one account that wait: in lanes, the most urgent first, and those that failed apart until their time.
//!
//! Invariant: a request that was put in comes out, unless it is taken back.

use std::collections::{BTreeMap, VecDeque};

use tokio::time::Instant;

use super::task::Task;
use super::trial::Stretch;

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// Who the account is, and which zones it has.
    List,
    /// What the eye is on.
    Focus,
    /// Zones above others: their record sets hold the delegations.
    Parent,
    /// What a verdict waits for.
    Verdict,
    /// All other zones.
    Leaf,
}

/// A request, and what became of it so far.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) lane: Lane,
    pub(super) attempts: u32,
    /// Failures other than throttling.
    pub(super) faults: u32,
    /// How fast requests were sent when it left last.
    pub(super) stretch: Stretch,
}

impl Job {
    pub(super) fn new(task: Task, lane: Lane) -> Self {
        Self {
            task,
            lane,
            attempts: 0,
            faults: 0,
            stretch: Stretch::None,
        }
    }
}

/// The requests of one account that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    lanes: BTreeMap<Lane, VecDeque<Job>>,
    delayed: BTreeMap<(Instant, u64), Job>,
    counter: u64,
}

impl Queue {
    /// Puts a request at the end of its lane.
    pub(super) fn push(&mut self, job: Job) {
        self.lanes.entry(job.lane).or_default().push_back(job);
    }

    /// Puts a request at the head of its lane.
    pub(super) fn push_first(&mut self, job: Job) {
        self.lanes.entry(job.lane).or_default().push_front(job);
    }

    /// Puts a request aside until `at`.
    pub(super) fn delay(&mut self, job: Job, at: Instant) {
        self.counter += 1;
        self.delayed.insert((at, self.counter), job);
    }

    /// Takes the most urgent request that may go now and is no less urgent than `least`.
    pub(super) fn pop(&mut self, now: Instant, least: Lane) -> Option<Job> {
        self.promote(now);
        self.lanes.range_mut(..=least).find_map(|(_, lane)| lane.pop_front())
    }

    /// Whether a request could be taken now.
    pub(super) fn is_ready(&mut self, now: Instant, least: Lane) -> bool {
        self.promote(now);
        self.lanes.range(..=least).any(|(_, lane)| !lane.is_empty())
    }

    fn promote(&mut self, now: Instant) {
        while let Some(entry) = self.delayed.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let job = entry.remove();
            self.push_first(job);
        }
    }

    /// When the next request that was put aside may go.
    pub(super) fn next_delayed(&self) -> Option<Instant> {
        self.delayed.keys().next().map(|(at, _)| *at)
    }

    /// Sorts the waiting requests into lanes anew; the order within a lane stays.
    pub(super) fn sort(&mut self, lane_of: impl Fn(&Job) -> Lane) {
        let waiting: Vec<Job> = self.lanes.values_mut().flat_map(std::mem::take).collect();
        for mut job in waiting {
            job.lane = lane_of(&job);
            self.push(job);
        }
        for job in self.delayed.values_mut() {
            job.lane = lane_of(job);
        }
    }

    /// Takes back the requests for which `keep` is false.
    pub(super) fn retain(&mut self, keep: impl Fn(&Task) -> bool) {
        for lane in self.lanes.values_mut() {
            lane.retain(|job| keep(&job.task));
        }
        self.delayed.retain(|_, job| keep(&job.task));
    }

    /// Takes back all requests.
    pub(super) fn clear(&mut self) {
        self.lanes.clear();
        self.delayed.clear();
    }

    /// How many requests wait.
    pub(super) fn len(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum::<usize>() + self.delayed.len()
    }

    /// Whether no request waits.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
