//! What a failed request means: try again, give up one thing, or give up the account.

use std::time::Duration;

use tokio::time::Instant;

use super::super::backoff::{after_throttling, full_jitter};
use super::super::command::Detail;
use super::super::listing::problem;
use super::super::queue::Job;
use super::super::task::Task;
use super::{Fate, Reader};
use crate::model::account::{AccountStatus, Problem, ProblemKind};
use crate::model::inventory::Fact;
use crate::ports::{ApiError, ApiErrorKind};

/// Faults other than throttling after which a request is given up although others are answered.
const FAULTS_OF_ONE: u32 = 20;
/// Faults in a row, and silence, after which an account is given up.
const FAULTS_IN_SILENCE: u32 = 10;
const SILENCE: Duration = Duration::from_secs(60);
/// Faults after which an account that never answered is given up: a wrong endpoint, or no network.
const FAULTS_AT_FIRST: u32 = 6;

impl Reader {
    pub(super) fn failed(&mut self, mut job: Job, error: ApiError, now: Instant) -> Fate {
        self.tally.problem = Some(error.clone().into());
        if error.kind == ApiErrorKind::Throttled {
            self.tally.throttled += 1;
        } else {
            job.faults += 1;
        }
        if !error.kind.is_transient() || job.faults >= FAULTS_OF_ONE {
            self.tally.failed += 1;
            self.lost(&job.task, error);
            return Fate::Done;
        }
        if self.is_silent(&job, now) {
            self.tally.failed += 1;
            self.fail(error.into());
            return Fate::Done;
        }
        let wait = self.wait(&job, error.kind);
        self.queue.delay(job, now + wait);
        Fate::Again(wait)
    }

    fn wait(&mut self, job: &Job, kind: ApiErrorKind) -> Duration {
        if kind == ApiErrorKind::Throttled && job.task.costs_a_token() {
            let times = job.attempts - job.faults;
            after_throttling(&self.limits, times, self.bucket.refused_in_a_row(), &mut self.random)
        } else {
            full_jitter(&self.limits, job.faults.max(1), &mut self.random)
        }
    }

    fn is_silent(&self, job: &Job, now: Instant) -> bool {
        let silence = now.saturating_duration_since(self.clock.last_answer);
        (job.faults >= FAULTS_IN_SILENCE && silence >= SILENCE.min(self.limits.patience))
            || (job.faults >= FAULTS_AT_FIRST && !self.clock.has_answered)
            || silence >= self.limits.patience
    }

    /// A request is given up.
    fn lost(&mut self, task: &Task, error: ApiError) {
        let kind = error.kind;
        let problem = Problem::from(error);
        if matches!(kind, ApiErrorKind::Credentials | ApiErrorKind::WrongAccount) {
            self.fail(problem);
            return;
        }
        match task {
            Task::Identify => self.fail(problem),
            Task::Count { pass } => self.count_failed(*pass, problem),
            Task::Zones { pass, .. } if *pass != self.list.pass => {}
            Task::Zones { marker: Some(_), .. } if kind == ApiErrorKind::NotFound => {
                self.list_is_stuck("a marker is gone");
            }
            Task::Zones { .. } => self.list_failed(problem),
            Task::Records { zone, .. } | Task::Recount(zone) if kind == ApiErrorKind::NotFound => self.vanished(zone),
            Task::Records { zone, .. } | Task::Recount(zone) => self.settle_short(zone, problem),
            Task::DelegationSet(zone) => self.detail_failed(zone, Detail::DelegationSet, problem),
            Task::Signing(zone) => self.detail_failed(zone, Detail::Signing, problem),
        }
    }

    /// The account cannot be read any further: says so of everything that is open.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.queue.clear();
        self.drops_requests = true;
        self.given_up = Some(problem.clone());
        self.list.under_way = None;
        self.list.wants_recheck = false;
        if problem.kind == ProblemKind::Quarantined {
            self.disown();
        }
        self.fail_details(&problem);
        self.settle_all_short(&problem);
        let was_listed = std::mem::replace(&mut self.list.is_over, true) && self.status == AccountStatus::Complete;
        let has_nothing = self.zones.is_empty() && problem.kind != ProblemKind::Cancelled;
        if has_nothing || problem.kind == ProblemKind::Quarantined {
            self.set_status(AccountStatus::Failed(problem));
        } else if !was_listed {
            self.set_status(AccountStatus::Partial(problem));
        }
    }

    /// The identity changed while the account was read: what came in may be another account's.
    fn disown(&mut self) {
        if !self.zones.is_empty() {
            self.zones.clear();
            self.details.clear();
            self.tally.zones_read = 0;
            self.tally.pages_left = 0;
            self.facts.push(Fact::ZonesListed {
                account: self.account,
                ids: Vec::new(),
            });
        }
    }

    pub(super) fn cancel(&mut self) {
        if !self.is_idle() {
            self.fail(problem(ProblemKind::Cancelled, "cancelled".to_owned()));
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.limits.deadline.map(|deadline| self.clock.started + deadline)
    }

    pub(super) fn mind_the_deadline(&mut self, now: Instant) {
        let is_over = self.deadline().is_some_and(|deadline| now >= deadline);
        if is_over && !self.is_idle() {
            let seconds = self.limits.deadline.unwrap_or_default().as_secs();
            let message = format!("not read within {seconds} s: raise [scan] deadline, or read fewer accounts at once");
            self.fail(problem(ProblemKind::Throttled, message));
        }
    }
}
