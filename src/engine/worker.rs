//! Gives a [`Reader`] its requests, its answers and the time: the only part of an account's reading that waits.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::board::Monitor;
use super::command::{Command, Event};
use super::progress::{AccountProgress, Outcome, RequestNote};
use super::queue::Job;
use super::reader::{Fate, Reader, Step};
use super::task::Answer;
use crate::model::account::AccountIx;
use crate::ports::{ApiError, Identity, Route53};

/// What one account needs to be read.
pub(super) struct Worker<R, I> {
    pub(super) account: AccountIx,
    /// Its place on the board.
    pub(super) place: usize,
    pub(super) route53: Arc<R>,
    pub(super) identity: Arc<I>,
    pub(super) reader: Reader,
    pub(super) limit: f64,
    pub(super) timeout: Duration,
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) monitor: Monitor,
}

type UnderWay = FuturesUnordered<BoxFuture<'static, Arrival>>;

struct Arrival {
    job: Job,
    answer: Result<Answer, ApiError>,
    took: Duration,
}

impl<R: Route53, I: Identity> Worker<R, I> {
    /// Reads until nobody can give commands any more, or nobody listens.
    pub(super) async fn run(mut self) {
        let mut under_way = UnderWay::new();
        let mut commands = 0;
        let mut said_idle = None;
        loop {
            let wake = self.dispatch(&mut under_way);
            if self.tell().await.is_none() {
                return;
            }
            self.post();
            if self.reader.is_idle() && said_idle != Some(commands) {
                said_idle = Some(commands);
                let idle = Event::Idle {
                    account: self.account,
                    commands,
                };
                if self.events.send(idle).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                biased;
                command = self.commands.recv() => {
                    let Some(command) = command else { return };
                    commands += 1;
                    self.reader.command(command, Instant::now());
                }
                Some(arrival) = under_way.next() => self.arrived(arrival),
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Sends all that may be sent now; says when to look again.
    fn dispatch(&mut self, under_way: &mut UnderWay) -> Option<Instant> {
        loop {
            let now = Instant::now();
            if self.reader.take_drops_requests(now) {
                under_way.clear();
            }
            match self.reader.next(now) {
                Step::Send(job) => under_way.push(self.send(job, now)),
                Step::Wait(at) if !self.reader.drops_requests() => return at,
                Step::Wait(_) => {}
            }
        }
    }

    fn send(&self, job: Job, now: Instant) -> BoxFuture<'static, Arrival> {
        if job.task.costs_a_token() {
            self.monitor.sent(self.place, now);
        }
        let (route53, identity) = (Arc::clone(&self.route53), Arc::clone(&self.identity));
        let timeout = self.timeout;
        Box::pin(async move {
            let answer = job.task.perform(route53, identity, timeout).await;
            Arrival {
                took: now.elapsed(),
                job,
                answer,
            }
        })
    }

    fn arrived(&mut self, arrival: Arrival) {
        let Arrival { job, answer, took } = arrival;
        let mut outcome = match &answer {
            Ok(answer) => Outcome::Answered(answer.items()),
            Err(error) => Outcome::Failed {
                kind: error.kind,
                message: error.message.clone(),
                retry_in: None,
            },
        };
        let zone = job
            .task
            .zone()
            .and_then(|id| Some((id.clone(), self.reader.zone_name(id)?.clone())));
        let (action, page) = (job.task.action(), job.task.page());
        let fate = self.reader.answer(job, answer, Instant::now());
        if let (Fate::Again(wait), Outcome::Failed { retry_in, .. }) = (fate, &mut outcome) {
            *retry_in = Some(wait);
        }
        self.monitor.note(RequestNote {
            number: 0,
            at: Timestamp::now(),
            account: self.account,
            action,
            zone,
            page,
            outcome,
            took,
        });
    }

    /// Says what was learned; none where nobody listens any more.
    async fn tell(&mut self) -> Option<()> {
        for fact in self.reader.take_facts() {
            self.events.send(Event::Fact(fact)).await.ok()?;
        }
        Some(())
    }

    fn post(&mut self) {
        let retry_at = self.reader.retry_at(Instant::now());
        let (tally, bucket) = (self.reader.tally(), self.reader.bucket());
        let remaining = self.reader.remaining();
        let progress = AccountProgress {
            account: self.account,
            stage: self.reader.stage(),
            zones_listed: self.reader.zones_listed(),
            zones_expected: self.reader.zones_expected(),
            zones_read: tally.zones_read,
            sent: tally.sent,
            throttled: tally.throttled,
            retried: tally.retried,
            failed: tally.failed,
            queued: self.reader.queued(),
            in_flight: tally.in_flight,
            remaining,
            rate: bucket.rate(),
            limit: self.limit,
            now: 0,
            back_off: None,
            eta: (remaining > 0).then(|| bucket.time_for(remaining)),
            problem: tally.problem.clone(),
        };
        self.monitor.post(self.place, progress, retry_at);
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
