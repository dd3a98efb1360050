//! Applies a plan: notes what it is about to send, sends it once, finds out what came of it, waits, and has it proved.
//!
//! Invariants: nothing is sent whose intent is not on the disk; an answer that leaves open whether something was made is
//! found out about by reading, never by sending again; the precondition of a step comes from the plan that was confirmed,
//! and is never read anew (safety.md A.4).

mod admit;
mod again;
mod await_servers;
mod brake;
mod dangling;
mod expected;
mod find_out;
mod going;
mod holds;
mod prove;
mod send;

use std::sync::Arc;
use std::time::Duration;

use crate::model::text::Untrusted;
use crate::plan::conflict::Conflict;
use crate::plan::file::{self, PlanHash};
use crate::plan::journal::{Entry, History, Next, Operator, Proof, Record, Run, Seen, Standing};
use crate::plan::{Moment, Plan, PlanId, Refusal};
use crate::ports::{Caller, Desk, Journal, JournalError, Pen as _};

pub use again::{Again, NobodyLooks};
pub use brake::Brake;
pub use expected::Expected;
pub use prove::{LiveProver, NobodyAsked, Prover};

use going::{Going, Halt};

/// Tells the time of the wall clock.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;
/// By how many seconds the wall clock and the time that passed may differ.
const SKEW: u64 = 60;

/// Applies plans.
pub struct Applier<D, J, P> {
    desk: D,
    journal: J,
    prover: P,
    clock: Clock,
    /// For how many seconds a wait of a plan is kept here, before the plan is left open until it is over.
    patience: u64,
}

/// What a person said yes to, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The hash of the plan that was reviewed.
    pub hash: PlanHash,
    /// Who.
    pub operator: Operator,
    /// How many seconds passed since the plan was made, by a clock that nobody sets; none where it comes from a file.
    pub waited: Option<u64>,
}

/// What is told while a plan is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The credentials of an account were found to be its own.
    Identified {
        /// The place of the account in the plan.
        party: usize,
        /// Whose they are.
        caller: Caller,
    },
    /// The intent is on the disk.
    Noted,
    /// A step is begun.
    Begun {
        /// The step.
        step: usize,
    },
    /// Route 53 asks to wait before a step is sent again; nothing of it was made.
    Throttled {
        /// The step.
        step: usize,
        /// For how many seconds.
        seconds: u64,
    },
    /// A step was accepted.
    Accepted {
        /// The step.
        step: usize,
        /// The id of the change, where there is one.
        change: Option<Untrusted>,
    },
    /// It is not known what came of a step, and that is being found out.
    ReadingBack {
        /// The step.
        step: usize,
        /// What was said, fit to print.
        why: String,
    },
    /// A step was found to have been made.
    Adopted {
        /// The step.
        step: usize,
    },
    /// Not all servers of Route 53 have what a step made.
    Pending {
        /// The step.
        step: usize,
        /// For how many seconds that was waited for.
        seconds: u64,
    },
    /// They have.
    InSync {
        /// The step.
        step: usize,
    },
    /// What servers say that are waited for, or of whom proof is wanted.
    Saw {
        /// The step; none where it is the proof of the whole.
        step: Option<usize>,
        /// What each said.
        seen: Vec<Seen>,
    },
    /// A wait is kept.
    Holding {
        /// The step.
        step: usize,
        /// When it is over.
        until: Moment,
    },
    /// A step is over.
    Over {
        /// The step.
        step: usize,
    },
}

/// How an apply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All of it was made.
    Applied(Proof),
    /// All of it had been made before; nothing was sent.
    AlreadyApplied,
    /// Nothing of it was changed.
    Refused(Reason),
    /// It is too old, and not all of what is left is as it was confirmed: it is open, and nothing more was sent.
    Outdated(Reason),
    /// It is not over: some of it was made, or it is not known whether, or it waits.
    Open {
        /// Why.
        reason: Reason,
        /// Until when it waits, where it does.
        until: Option<Moment>,
    },
}

/// Why a plan went no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Why, and what to do.
    pub refusal: Refusal,
    /// What is not as the plan knew it.
    pub conflicts: Vec<Conflict>,
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            conflicts: Vec::new(),
        }
    }
}

impl<D: Desk, J: Journal, P: Prover> Applier<D, J, P> {
    /// Applies plans through a desk, notes it in a journal, and has it proved.
    pub fn new(desk: D, journal: J, prover: P, clock: Clock) -> Self {
        Self {
            desk,
            journal,
            prover,
            clock,
            patience: 0,
        }
    }

    /// Keeps waits of a plan of up to so many seconds here, instead of leaving the plan open.
    pub fn waiting(mut self, seconds: u64) -> Self {
        self.patience = seconds;
        self
    }

    fn now(&self) -> Moment {
        (self.clock)()
    }

    /// Applies a plan that was saved a while ago, where nothing of it is news to whoever reviewed it.
    pub async fn apply_saved(
        &self,
        plan: &Plan,
        confirmed: &Confirmed,
        again: &impl Again,
        brake: &Brake,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> End {
        let read = self.journal.read();
        let is_begun = read.is_ok_and(|reading| History::of(&reading.entries).run(&plan.id).is_some());
        let looked = match is_begun || self.fits(plan, confirmed).is_err() {
            true => Ok(()),
            false => self.look_before(plan, confirmed, again).await,
        };
        match looked {
            Ok(()) => self.apply(plan, confirmed, brake, tell).await,
            Err(reason) => End::Refused(reason),
        }
    }

    /// Applies a plan from its start.
    pub async fn apply(
        &self,
        plan: &Plan,
        confirmed: &Confirmed,
        brake: &Brake,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> End {
        let mut pen = match self.journal.take_pen() {
            Ok(pen) => pen,
            Err(error) => return End::Refused(no_journal(&error).into()),
        };
        let history = History::of(&pen.reading().entries);
        if let Some(run) = history.run(&plan.id) {
            return begun_before(run);
        }
        if let Err(refusal) = history.permits(plan) {
            return End::Refused(refusal.into());
        }
        if let Err(refusal) = self.fits(plan, confirmed) {
            return End::Refused(refusal.into());
        }
        let writers = match self.admit(plan, tell).await {
            Ok(writers) => writers,
            Err(refusal) => return End::Refused(refusal.into()),
        };
        let entry = self.intent(plan, confirmed);
        let history = History::of([&entry]);
        let Some(run) = history.run(&plan.id).cloned() else {
            return End::Refused(Refusal::new("the plan cannot be noted").into());
        };
        if let Err(reason) = self.verify_precondition(&run).await {
            return End::Refused(reason);
        }
        if brake.is_pulled() {
            return End::Refused(Refusal::new("stopped as asked; nothing was sent").into());
        }
        if let Err(error) = pen.note(&entry) {
            return End::Refused(no_journal(&error).into());
        }
        tell(Event::Noted);
        self.go(Going::new(self, pen, run, writers, brake, tell)).await
    }

    /// Goes on with a plan that was begun; one that is too old only where nothing of what is left is news to whoever confirmed
    /// it.
    pub async fn resume(
        &self,
        id: &PlanId,
        operator: Operator,
        again: &impl Again,
        brake: &Brake,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> End {
        let (pen, run) = match begun(&self.journal, id) {
            Ok(found) => found,
            Err(refusal) => return End::Refused(refusal.into()),
        };
        if let Some(end) = nothing_left(&run) {
            return end;
        }
        // Whatever is known to be open stays so, whatever keeps it from going on.
        let open = |reason: Reason| End::Open { reason, until: None };
        let writers = match self.admit(&run.plan, tell).await {
            Ok(writers) => writers,
            Err(refusal) => return open(refusal.into()),
        };
        let mut going = Going::new(self, pen, run, writers, brake, tell);
        if let Err(halt) = going.note(Record::Resumed { operator }) {
            return going.end(Err(halt));
        }
        if going.run.plan.is_expired(self.now())
            && let Some(end) = going.outdated(again).await
        {
            return end;
        }
        self.go(going).await
    }

    /// Finds out what came of a step that was sent, and does nothing else. Reading alone: it needs no leave to write.
    pub async fn settle(
        &self,
        id: &PlanId,
        brake: &Brake,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Run, Refusal> {
        let (pen, run) = begun(&self.journal, id)?;
        let mut going = Going::new(self, pen, run, Vec::new(), brake, tell);
        while let Next::FindOut { step, what } = going.run.next() {
            if let Err(Halt::Journal(error)) = going.find_out(step, &what, find_out::Unmade::GoOn).await {
                return Err(no_journal(&error));
            }
            if going.run.unsettled().is_some() {
                return Err(
                    Refusal::new(format!("it cannot be found out what came of step {}", step + 1))
                        .next("try again in a minute"),
                );
            }
        }
        Ok(going.run.clone())
    }

    /// Goes on until it is over. While a wait is kept, the journal is everybody's; what holds afterwards is found out as when
    /// somebody goes on with it later.
    async fn go<'a>(&'a self, mut going: Going<'a, D, J, P>) -> End {
        loop {
            let until = match Box::pin(going.go()).await {
                Err(Halt::Waiting(until)) => until,
                ended => return going.end(ended),
            };
            let Going {
                pen, run, brake, tell, ..
            } = going;
            drop(pen);
            let left = until.0.saturating_sub(self.now().0);
            brake.wait(Duration::from_secs(left)).await;
            let open = |refusal: Refusal| End::Open {
                reason: refusal.into(),
                until: None,
            };
            let (pen, run) = match begun(&self.journal, &run.plan.id) {
                Ok(found) => found,
                Err(refusal) => return open(refusal),
            };
            if let Some(end) = nothing_left(&run) {
                return end;
            }
            let writers = match self.admit(&run.plan, tell).await {
                Ok(writers) => writers,
                Err(refusal) => return open(refusal),
            };
            going = Going::new(self, pen, run, writers, brake, tell);
        }
    }

    fn intent(&self, plan: &Plan, confirmed: &Confirmed) -> Entry {
        Entry {
            at: self.now(),
            plan: plan.id.clone(),
            record: Record::Intent {
                plan: Box::new(plan.clone()),
                operator: confirmed.operator.clone(),
            },
        }
    }

    /// Whether a plan may be applied at all, before anybody is asked anything.
    fn fits(&self, plan: &Plan, confirmed: &Confirmed) -> Result<(), Refusal> {
        let now = self.now();
        if file::hash(plan) != confirmed.hash {
            return Err(Refusal::new("the plan is not the one that was reviewed").next("review it anew"));
        }
        if plan.is_expired(now) {
            return Err(Refusal::new("the plan is too old: what it was made of may have changed").next("make it anew"));
        }
        if let Some(waited) = confirmed.waited
            && now.0.abs_diff(plan.made.0).abs_diff(waited) > SKEW
        {
            return Err(Refusal::new(
                "the clock of this machine was set since the plan was made, so its age is not known",
            )
            .next("make it anew"));
        }
        let checks = &plan.preflight;
        let stops: Vec<String> = checks.in_the_way().map(|check| checks.call(check)).collect();
        match stops.as_slice() {
            [] => Ok(()),
            stops => Err(Refusal::new(format!("checks stand against it: {}", stops.join(", ")))),
        }
    }
}

/// Notes that nobody will go on with a plan, and why. What was made of it stays as it is.
pub fn give_up<J: Journal>(
    journal: &J,
    id: &PlanId,
    operator: Operator,
    reason: Untrusted,
    at: Moment,
) -> Result<(), Refusal> {
    let (mut pen, run) = begun(journal, id)?;
    if !run.is_open() {
        return Err(Refusal::new("the plan is over, so there is nothing to give up"));
    }
    let entry = Entry {
        at,
        plan: id.clone(),
        record: Record::Abandoned { operator, reason },
    };
    pen.note(&entry).map_err(|error| no_journal(&error))
}

/// A plan that was begun, and the pen to go on with it.
fn begun<J: Journal>(journal: &J, id: &PlanId) -> Result<(J::Pen, Run), Refusal> {
    let pen = journal.take_pen().map_err(|error| no_journal(&error))?;
    let run = History::of(&pen.reading().entries).run(id).cloned();
    let run = run.ok_or_else(|| {
        Refusal::new(format!("the journal holds no plan {}", id.short())).next("list them: zonecut log")
    })?;
    Ok((pen, run))
}

fn no_journal(error: &JournalError) -> Refusal {
    let refusal = Refusal::new(format!("{error}; nothing is sent that cannot be noted first"));
    match error {
        JournalError::Busy => refusal.next("wait until the other one is done"),
        JournalError::Newer(_) => refusal.next("use that version of zonecut, or a newer one"),
        JournalError::TooLarge(_) => refusal.next("change less at once"),
        _ => refusal.next("see to the data directory, then try again"),
    }
}

/// What a plan comes to that is applied once more: plans are used once.
fn begun_before(run: &Run) -> End {
    let short = run.plan.id.short();
    match run.standing() {
        Standing::Done => End::AlreadyApplied,
        Standing::Open | Standing::Partial => End::Open {
            reason: Refusal::new("the plan was begun before and is open")
                .next(run.advice())
                .into(),
            until: run.due(),
        },
        Standing::Undone => End::Refused(Refusal::new(format!("the plan {short} was applied and taken back")).into()),
        Standing::Refused => End::Refused(
            Refusal::new(format!("the plan {short} was refused before, and is used up"))
                .next("make a new one")
                .into(),
        ),
        Standing::Abandoned => End::Refused(Refusal::new(format!("the plan {short} was given up")).into()),
    }
}

/// How a plan ended that nobody can go on with.
fn nothing_left(run: &Run) -> Option<End> {
    if let Some((by, _)) = &run.undo {
        let refusal = Refusal::new(format!("the plan is being taken back by the plan {}", by.short()));
        let next = format!("go on with that one: zonecut resume {}", by.short());
        return Some(End::Refused(refusal.next(next).into()));
    }
    match run.standing() {
        Standing::Open | Standing::Partial => None,
        _ => Some(begun_before(run)),
    }
}
