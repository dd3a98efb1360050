//! The reading of one account as a machine without IO: commands, answers and the time go in; requests and facts come out.
//!
//! Invariant: every zone that was listed is settled in the end, by its record sets or by the reason why they are lacking;
//! and every request that failed for a passing reason is asked again.

mod details;
mod failing;
mod list;
mod zones;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::Instant;

use super::bucket::{Bucket, Heard};
use super::command::{Command, Detail, Scope};
use super::commons::Commons;
use super::limits::Limits;
use super::listing::Listing;
use super::progress::{Sent, Stage};
use super::queue::{Job, Lane, Queue};
use super::task::{Answer, Task};
use crate::model::account::{AccountId, AccountIx, AccountStatus, Problem};
use crate::model::inventory::{Fact, Origin, Source};
use crate::model::zone::{ZoneId, ZoneKey};
use crate::ports::{ApiError, ApiErrorKind};
use zones::ZoneState;

/// The reading of one account.
#[derive(Debug)]
pub(super) struct Reader {
    account: AccountIx,
    pinned: Option<AccountId>,
    limits: Limits,
    commons: Arc<Commons>,
    random: fastrand::Rng,
    bucket: Bucket,
    queue: Queue,
    list: ListState,
    zones: HashMap<ZoneId, ZoneState>,
    /// Details that somebody asked for at any time.
    wanted: HashSet<(ZoneId, Detail)>,
    /// Those of them that are on their way.
    details: HashSet<(ZoneId, Detail)>,
    focus: HashSet<ZoneId>,
    pace: Pace,
    /// Why the account was given up; it rests until somebody asks for it to be read again.
    given_up: Option<Problem>,
    sorted_at: u64,
    status: AccountStatus,
    clock: Clock,
    facts: Vec<Fact>,
    drops_requests: bool,
    tally: Tally,
}

/// Whether requests may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Running,
    Paused,
}

/// How far the list of zones is.
#[derive(Debug, Default)]
struct ListState {
    pass: u32,
    under_way: Option<Listing>,
    restarts: u32,
    rereads: u32,
    rechecks: u32,
    /// A zone vanished while the list was being read: the list is read once more.
    wants_recheck: bool,
    /// A pass came to its end, whatever it proved.
    is_over: bool,
    expected: Option<u64>,
}

/// The moments that patience is measured by.
#[derive(Debug)]
struct Clock {
    started: Instant,
    last_answer: Instant,
    has_answered: bool,
}

/// The figures that progress is made of.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) sent: Sent,
    pub(super) throttled: u64,
    pub(super) retried: u64,
    pub(super) failed: u64,
    pub(super) in_flight: usize,
    pub(super) zones_read: u64,
    pub(super) pages_left: u64,
    pub(super) problem: Option<Problem>,
}

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Step {
    /// Send this request.
    Send(Job),
    /// Wait for an answer or a command, and at most until then.
    Wait(Option<Instant>),
}

/// What became of an answered request.
pub(super) enum Fate {
    /// It is done with.
    Done,
    /// It is sent again, after this time.
    Again(std::time::Duration),
}

impl Reader {
    /// The reading of an account, about to begin.
    pub(super) fn new(
        account: AccountIx,
        pinned: Option<AccountId>,
        limits: Limits,
        commons: Arc<Commons>,
        mut random: fastrand::Rng,
        now: Instant,
    ) -> Self {
        let mut reader = Self {
            account,
            pinned,
            limits,
            commons,
            bucket: Bucket::new(&limits, random.fork(), now),
            random,
            queue: Queue::default(),
            list: ListState::default(),
            zones: HashMap::new(),
            wanted: HashSet::new(),
            details: HashSet::new(),
            focus: HashSet::new(),
            pace: Pace::Running,
            given_up: None,
            sorted_at: 0,
            status: AccountStatus::Waiting,
            clock: Clock {
                started: now,
                last_answer: now,
                has_answered: false,
            },
            facts: Vec::new(),
            drops_requests: false,
            tally: Tally::default(),
        };
        reader.begin(now);
        reader
    }

    /// Starts from the start: who is it, which zones, which record sets. What was read before is shown until it is replaced.
    fn begin(&mut self, now: Instant) {
        self.queue.clear();
        self.details.clear();
        self.zones.clear();
        self.given_up = None;
        self.list = ListState {
            pass: self.list.pass,
            ..ListState::default()
        };
        self.tally.zones_read = 0;
        self.tally.pages_left = 0;
        self.clock = Clock {
            started: now,
            last_answer: now,
            has_answered: false,
        };
        self.drops_requests = true;
        if self.status != AccountStatus::Complete {
            self.set_status(AccountStatus::Reading);
        }
        self.queue.push(Job::new(Task::Identify, Lane::List));
    }

    /// Takes in what the owner asks for.
    pub(super) fn command(&mut self, command: Command, now: Instant) {
        if self.is_idle() {
            // Time in which nothing was asked tries nobody's patience.
            self.clock.started = now;
            self.clock.last_answer = now;
        }
        match command {
            Command::Focus(zones) => self.look_at(zones),
            Command::Read(wants) => wants.into_iter().for_each(|want| self.want(want)),
            Command::Rescan(Scope::Zone(zone)) => self.read_again(&zone.id),
            Command::Rescan(Scope::All | Scope::Account(_)) => self.begin(now),
            Command::Cancel(Scope::Zone(zone)) => self.cancel_zone(&zone.id),
            Command::Cancel(Scope::All | Scope::Account(_)) => self.cancel(),
            Command::Pause => self.pace = Pace::Paused,
            Command::Resume => {
                self.pace = Pace::Running;
                self.clock.last_answer = now;
            }
        }
    }

    fn look_at(&mut self, zones: Vec<ZoneKey>) {
        self.focus = zones.into_iter().map(|zone| zone.id).collect();
        self.sort();
    }

    /// Says what to do at this moment.
    pub(super) fn next(&mut self, now: Instant) -> Step {
        if self.pace == Pace::Paused {
            return Step::Wait(None);
        }
        self.mind_the_deadline(now);
        if self.tally.in_flight >= self.limits.in_flight.max(1) {
            return Step::Wait(self.deadline());
        }
        if self.commons.generation() != self.sorted_at {
            self.sort();
        }
        // Leaves wait until the list is in: only then is it known which zones are above others.
        let least = if self.list.is_over { Lane::Leaf } else { Lane::Verdict };
        let Some(mut job) = self.queue.pop(now, least) else {
            return Step::Wait(self.queue.next_delayed().into_iter().chain(self.deadline()).min());
        };
        if job.task.costs_a_token() {
            match self.bucket.take(now) {
                Ok(stretch) => job.stretch = stretch,
                Err(at) => {
                    self.queue.push_first(job);
                    return Step::Wait(Some(at));
                }
            }
        }
        Step::Send(self.depart(job))
    }

    fn depart(&mut self, mut job: Job) -> Job {
        self.tally.in_flight += 1;
        if job.attempts > 0 {
            self.tally.retried += 1;
        }
        job.attempts += 1;
        let sent = &mut self.tally.sent;
        *match job.task {
            Task::Identify => &mut sent.identity,
            Task::Count { .. } => &mut sent.count,
            Task::Zones { .. } | Task::Recount(_) => &mut sent.zones,
            Task::Records { .. } => &mut sent.records,
            Task::DelegationSet(_) => &mut sent.delegation_sets,
            Task::Signing(_) => &mut sent.signing,
        } += 1;
        job
    }

    /// Sorts the waiting requests by what is known now.
    fn sort(&mut self) {
        self.sorted_at = self.commons.generation();
        let (zones, focus, commons) = (&self.zones, &self.focus, &self.commons);
        self.queue.sort(|job| match job.task.zone() {
            None => Lane::List,
            Some(zone) if focus.contains(zone) => Lane::Focus,
            Some(zone) => match job.task {
                Task::Records { .. } => records_lane(zones.get(zone), commons),
                _ => Lane::Verdict,
            },
        });
    }

    fn lane(&self, zone: &ZoneId) -> Lane {
        if self.focus.contains(zone) {
            Lane::Focus
        } else {
            records_lane(self.zones.get(zone), &self.commons)
        }
    }

    /// Takes in what came back for a request.
    pub(super) fn answer(&mut self, job: Job, answer: Result<Answer, ApiError>, now: Instant) -> Fate {
        self.tally.in_flight = self.tally.in_flight.saturating_sub(1);
        if job.task.costs_a_token() {
            self.bucket.answered(job.stretch, heard(&answer), now);
        }
        match answer {
            Ok(answer) => {
                self.clock.last_answer = now;
                self.clock.has_answered = true;
                self.learn(&job, answer);
                Fate::Done
            }
            Err(error) => self.failed(job, error, now),
        }
    }

    fn learn(&mut self, job: &Job, answer: Answer) {
        match (&job.task, answer) {
            (Task::Identify, Answer::Caller(caller)) => self.identified(&caller),
            (Task::Count { pass }, Answer::Count(count)) => self.counted(*pass, count),
            (Task::Zones { page, pass, .. }, Answer::Zones(zones)) => self.listed(*page, *pass, zones),
            (Task::Recount(zone), Answer::Zones(page)) => self.recounted(zone, page),
            (Task::Records { zone, page, pass, .. }, Answer::Records(records)) => {
                self.paged(zone, *page, *pass, records);
            }
            (Task::DelegationSet(zone), Answer::DelegationSet(set)) => self.learned_set(zone, set),
            (Task::Signing(zone), Answer::Signing(signing)) => self.learned_signing(zone, signing),
            _ => tracing::error!(
                action = job.task.action(),
                "an answer of another kind than the question"
            ),
        }
    }

    fn set_status(&mut self, status: AccountStatus) {
        if let Some(problem) = status.problem() {
            self.tally.problem = Some(problem.clone());
        }
        self.status = status.clone();
        self.facts.push(Fact::Status {
            account: self.account,
            status,
        });
    }

    fn key(&self, zone: &ZoneId) -> ZoneKey {
        ZoneKey {
            account: self.account,
            id: zone.clone(),
        }
    }

    /// Hands out what was learned since the last call.
    pub(super) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// Whether the requests under way are of no use any more.
    pub(super) fn drops_requests(&self) -> bool {
        self.drops_requests
    }

    /// Whether the requests under way are of no use any more; says so once.
    pub(super) fn take_drops_requests(&mut self, now: Instant) -> bool {
        let drops = std::mem::take(&mut self.drops_requests);
        if drops {
            self.tally.in_flight = 0;
            self.bucket.release(now);
        }
        drops
    }

    /// Whether nothing is left to do.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.tally.in_flight == 0
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(super) fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }

    /// When the next retry is due, where there is nothing else to send.
    pub(super) fn retry_at(&mut self, now: Instant) -> Option<Instant> {
        if self.queue.is_ready(now, Lane::Leaf) {
            None
        } else {
            self.queue.next_delayed()
        }
    }

    pub(super) fn zones_listed(&self) -> u64 {
        self.zones.len() as u64
    }

    pub(super) fn zones_expected(&self) -> Option<u64> {
        self.list.expected
    }

    /// The name of a zone, for the notes of requests.
    pub(super) fn zone_name(&self, zone: &ZoneId) -> Option<&crate::model::name::DnsName> {
        self.zones.get(zone).map(|state| &state.name)
    }

    /// What the account is at.
    pub(super) fn stage(&self) -> Stage {
        match self.status {
            AccountStatus::Failed(_) if self.is_idle() => Stage::Failed,
            _ if self.is_idle() => Stage::Done,
            _ if self.pace == Pace::Paused => Stage::Paused,
            _ if self.list.is_over => Stage::Reading,
            _ if self.list.under_way.is_some() => Stage::Listing,
            _ => Stage::Identifying,
        }
    }

    /// Requests still to come for all that is known to be needed.
    pub(super) fn remaining(&self) -> u64 {
        let unlisted = self.list.expected.unwrap_or(0).saturating_sub(self.zones_listed());
        let pages = if self.list.is_over {
            0
        } else {
            unlisted.div_ceil(100).max(1)
        };
        self.tally.pages_left + unlisted + pages + self.details.len() as u64
    }
}

/// What an answer tells about throttling: a request may end in many ways once it was let through.
fn heard(answer: &Result<Answer, ApiError>) -> Heard {
    match answer.as_ref().map_err(|error| error.kind) {
        Ok(_) => Heard::LetThrough,
        Err(ApiErrorKind::Throttled) => Heard::Throttled,
        Err(ApiErrorKind::Denied | ApiErrorKind::NotFound | ApiErrorKind::Refused) => Heard::LetThrough,
        Err(
            ApiErrorKind::Credentials
            | ApiErrorKind::WrongAccount
            | ApiErrorKind::Unavailable
            | ApiErrorKind::Malformed,
        ) => Heard::Nothing,
    }
}

fn records_lane(zone: Option<&ZoneState>, commons: &Commons) -> Lane {
    if zone.is_some_and(|zone| commons.has_below(&zone.name)) {
        Lane::Parent
    } else {
        Lane::Leaf
    }
}

fn origin() -> Origin {
    Origin {
        source: Source::Live,
        at: Timestamp::now(),
    }
}
