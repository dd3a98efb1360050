//! One plan on its way: does what is next, and notes it, until nothing is left or something stands against it.

use std::time::Duration;

use super::admit::Writers;
use super::find_out::Unmade;
use super::{Applier, Brake, End, Event, Prover, Reason, no_journal};
use crate::model::duration::in_words;
use crate::model::text::{Untrusted, printable};
use crate::plan::journal::{Entry, Gained, Next, Phase, Proof, Record, Run, Standing, Stopped};
use crate::plan::step::Step;
use crate::plan::{Moment, PartyIx, Refusal};
use crate::ports::{ChangeId, ChangeState, Desk, Exact as _, Journal, JournalError, Pen as _};

/// The seconds between looks at a change that is not in sync, the last of them over and over.
const POLLS: [u64; 4] = [1, 2, 4, 5];
/// For how many seconds a change is waited for.
const SYNC_PATIENCE: u64 = 300;

/// One plan on its way.
pub(super) struct Going<'a, D: Desk, J: Journal, P> {
    pub applier: &'a Applier<D, J, P>,
    pub pen: J::Pen,
    pub run: Run,
    pub writers: Writers<D>,
    pub brake: &'a Brake,
    pub tell: &'a mut (dyn FnMut(Event) + Send),
    /// For how many seconds a step was put off because Route 53 asked for it.
    pub put_off: u64,
}

/// Why a plan goes no further.
#[derive(Debug)]
pub(super) enum Halt {
    /// Something stands against it, which is noted.
    Stopped(Option<usize>, Reason),
    /// It is left as it is; going on later is all that is needed.
    Left(Reason, Option<Moment>),
    /// A wait is kept, during which others may write.
    Waiting(Moment),
    /// The journal cannot be written to.
    Journal(JournalError),
}

impl Halt {
    pub(super) fn stopped(step: Option<usize>, reason: Reason) -> Self {
        Self::Stopped(step, reason)
    }

    pub(super) fn left(refusal: Refusal) -> Self {
        Self::Left(refusal.into(), None)
    }
}

/// The seconds before each look, without end.
pub(super) fn polls() -> impl Iterator<Item = u64> {
    let last = POLLS.last().copied().unwrap_or(5);
    POLLS.into_iter().chain(std::iter::repeat(last))
}

impl<'a, D: Desk, J: Journal, P: Prover> Going<'a, D, J, P> {
    pub(super) fn new(
        applier: &'a Applier<D, J, P>,
        pen: J::Pen,
        run: Run,
        writers: Writers<D>,
        brake: &'a Brake,
        tell: &'a mut (dyn FnMut(Event) + Send),
    ) -> Self {
        Self {
            applier,
            pen,
            run,
            writers,
            brake,
            tell,
            put_off: 0,
        }
    }

    /// Notes a record; only what is on the disk counts.
    pub(super) fn note(&mut self, record: Record) -> Result<(), Halt> {
        let entry = Entry {
            at: self.applier.now(),
            plan: self.run.plan.id.clone(),
            record,
        };
        self.pen.note(&entry).map_err(Halt::Journal)?;
        self.run.take(entry.at, &entry.record);
        Ok(())
    }

    pub(super) fn writer(&self, party: PartyIx) -> Result<&D::Writer, Halt> {
        let found = self.writers.iter().find(|(at, _)| *at == party);
        found
            .map(|(_, writer)| writer)
            .ok_or_else(|| Halt::left(Refusal::new("an account of the plan cannot be written to")))
    }

    /// Does what is next until nothing is left.
    pub(super) async fn go(&mut self) -> Result<(), Halt> {
        loop {
            let next = self.run.next();
            if self.brake.is_pulled() && next != Next::Nothing {
                return Err(Halt::left(Refusal::new("stopped as asked").next(self.run.advice())));
            }
            match next {
                Next::Begin(step) => self.begin(step).await?,
                Next::Hold { step, until } => self.hold(step, until).await?,
                Next::FindOut { step, what } => {
                    (self.tell)(Event::ReadingBack {
                        step,
                        why: "it was sent, and its answer is missing".to_owned(),
                    });
                    self.find_out(step, &what, Unmade::GoOn).await?;
                    if matches!(self.run.phases.get(step), Some(Phase::Over { .. })) {
                        (self.tell)(Event::Over { step });
                    }
                }
                Next::Sync { step, change } => self.sync(step, &change).await?,
                Next::Prove => self.prove().await?,
                Next::Commit => self.note(Record::Committed)?,
                Next::Nothing => return Ok(()),
            }
        }
    }

    async fn begin(&mut self, step: usize) -> Result<(), Halt> {
        (self.tell)(Event::Begun { step });
        let steps = &self.run.plan.steps;
        match steps.get(step).cloned() {
            Some(Step::AwaitServers { zone, .. }) => self.await_servers(step, &zone).await,
            Some(Step::Hold { seconds, skipped, .. }) => match skipped {
                Some(_) => self.over(step),
                None => {
                    let until = self.applier.now().after(seconds);
                    self.note(Record::Holding { step, until })
                }
            },
            Some(write) => self.send(step, &write).await,
            None => Ok(()),
        }
    }

    /// A step is over for which nothing is sent.
    pub(super) fn over(&mut self, step: usize) -> Result<(), Halt> {
        let gained = Gained::Nothing;
        self.note(Record::Done { step, gained })?;
        (self.tell)(Event::Over { step });
        Ok(())
    }

    async fn hold(&mut self, step: usize, until: Moment) -> Result<(), Halt> {
        let left = until.0.saturating_sub(self.applier.now().0);
        if left == 0 {
            return self.over(step);
        }
        (self.tell)(Event::Holding { step, until });
        if left > self.applier.patience {
            let refusal = Refusal::new(format!("the plan waits for {} more", in_words(left))).next(self.run.advice());
            return Err(Halt::Left(refusal.into(), Some(until)));
        }
        Err(Halt::Waiting(until))
    }

    /// Waits until all of Route 53's servers have what a step made.
    async fn sync(&mut self, step: usize, change: &Untrusted) -> Result<(), Halt> {
        let party = self.run.plan.steps.get(step).and_then(Step::party);
        let reader = party.and_then(|party| self.applier.reader(&self.run.plan, party));
        let Some(reader) = reader else {
            return Err(Halt::left(Refusal::new(
                "the account of the step is not configured here",
            )));
        };
        let id = ChangeId(change.clone());
        let mut waited = 0;
        let mut failed = None;
        for seconds in polls() {
            match reader.change_state(&id).await {
                Ok(ChangeState::InSync) => {
                    self.note(Record::InSync { step })?;
                    (self.tell)(Event::InSync { step });
                    (self.tell)(Event::Over { step });
                    return Ok(());
                }
                Ok(ChangeState::Pending) => (self.tell)(Event::Pending { step, seconds: waited }),
                Err(error) if error.kind.is_transient() => failed = Some(error),
                Err(error) => {
                    let what = format!(
                        "step {} was accepted, and whether it is in sync cannot be asked: {error}",
                        step + 1
                    );
                    let remedy = error.remedy.as_ref().map(|remedy| printable(remedy.expose()));
                    return Err(Halt::left(Refusal::new(what).maybe_next(remedy)));
                }
            }
            if waited >= SYNC_PATIENCE || self.brake.is_pulled() {
                break;
            }
            self.brake.wait(Duration::from_secs(seconds)).await;
            waited += seconds;
        }
        let why = failed.map_or_else(String::new, |error| format!(" ({error})"));
        Err(Halt::left(
            Refusal::new(format!(
                "step {} was accepted and is not in sync on all servers after {waited} seconds{why}",
                step + 1
            ))
            .next(self.run.advice()),
        ))
    }

    /// What it came to.
    pub(super) fn end(&mut self, ended: Result<(), Halt>) -> End {
        match ended {
            Ok(()) => End::Applied(self.run.proof.clone().unwrap_or(Proof {
                lines: Vec::new(),
                good_everywhere: self.applier.now(),
            })),
            Err(Halt::Left(reason, until)) => self.left(reason, until),
            Err(Halt::Waiting(until)) => {
                let waits = Refusal::new("the plan waits").next(self.run.advice());
                self.left(waits.into(), Some(until))
            }
            Err(Halt::Stopped(step, reason)) => self.stopped(step, reason),
            Err(Halt::Journal(error)) => self.left(no_journal(&error).into(), None),
        }
    }

    fn stopped(&mut self, step: Option<usize>, reason: Reason) -> End {
        let stopped = Stopped {
            step,
            why: reason.refusal.what.clone(),
            next: reason.refusal.next.clone(),
            conflicts: reason.conflicts.clone(),
        };
        if let Err(Halt::Journal(error)) = self.note(Record::Stopped(stopped)) {
            let mut reason = reason;
            reason.refusal.what = format!("{}; and {error}", reason.refusal.what);
            return self.left(reason, None);
        }
        self.left(reason, None)
    }

    fn left(&self, reason: Reason, until: Option<Moment>) -> End {
        match self.run.standing() {
            Standing::Refused => End::Refused(reason),
            _ => End::Open { reason, until },
        }
    }

    /// Whether a step may be put off once more, as Route 53 asks to wait; and does so.
    pub(super) async fn put_off(&mut self, step: usize) -> bool {
        let seconds = 1 + self.put_off;
        if self.put_off + seconds > 63 {
            return false;
        }
        self.put_off += seconds;
        (self.tell)(Event::Throttled { step, seconds });
        self.brake.wait(Duration::from_secs(seconds)).await;
        true
    }
}
