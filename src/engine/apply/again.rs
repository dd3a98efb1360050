//! A plan that is too old to be gone on with as it is: what came of it is found out, and what is left of it is looked at anew.
//!
//! Invariant: nothing more of such a plan is sent that holds anything which the person who confirmed it did not see.

use super::going::{Going, Halt};
use super::{Applier, Confirmed, End, Event, Prover, Reason};
use crate::plan::again::{instead, overtaken};
use crate::plan::journal::{History, Next, Phase, Run};
use crate::plan::{Moment, Plan, Refusal};
use crate::ports::{Desk, Journal};

use super::find_out::Unmade;

/// Whoever can look again at what a plan rests on.
pub trait Again: Send + Sync {
    /// What the person who confirmed a plan did not see of the steps that still wait, a sentence each.
    fn look(&self, run: &Run, now: Moment) -> impl Future<Output = Result<Vec<String>, Refusal>> + Send;
}

/// Nobody looks, so a plan that is too old does not go on.
#[derive(Debug, Clone, Copy, Default)]
pub struct NobodyLooks;

impl Again for NobodyLooks {
    async fn look(&self, _run: &Run, _now: Moment) -> Result<Vec<String>, Refusal> {
        Err(
            Refusal::new("what the plan rests on must be read anew before it goes on, and the accounts were not read")
                .next("try again"),
        )
    }
}

impl<D: Desk, J: Journal, P: Prover> Applier<D, J, P> {
    /// Looks at all that a plan rests on which was made a while ago, before anything of it is sent.
    pub(super) async fn look_before(
        &self,
        plan: &Plan,
        confirmed: &Confirmed,
        again: &impl Again,
    ) -> Result<(), Reason> {
        let history = History::of([&self.intent(plan, confirmed)]);
        let Some(run) = history.run(&plan.id) else {
            return Ok(());
        };
        // Who writes, and what is changed, come before what goes with it: they say best what is otherwise.
        self.admit(plan, &mut |_| {}).await?;
        self.verify_precondition(run).await?;
        let news = again.look(run, self.now()).await?;
        match news.is_empty() {
            true => Ok(()),
            false => Err(overtaken(run, &news).into()),
        }
    }
}

impl<D: Desk, J: Journal, P: Prover> Going<'_, D, J, P> {
    /// What keeps a plan from going on that is too old; nothing, where all is as it was confirmed.
    pub(super) async fn outdated(&mut self, again: &impl Again) -> Option<End> {
        if let Err(halt) = self.settle().await {
            return Some(self.end(Err(halt)));
        }
        if !self.run.phases.contains(&Phase::Waiting) {
            return None;
        }
        let stale = match self.look_again(again).await {
            Ok(None) => return None,
            Ok(Some(stale)) => stale,
            Err(refusal) => return Some(self.end(Err(Halt::left(refusal)))),
        };
        Some(match self.end(Err(Halt::stopped(None, stale))) {
            End::Open { reason, .. } => End::Outdated(reason),
            end => end,
        })
    }

    /// Finds out what came of what was sent.
    async fn settle(&mut self) -> Result<(), Halt> {
        while let Next::FindOut { step, what } = self.run.next() {
            (self.tell)(Event::ReadingBack {
                step,
                why: "it was sent, and its answer is missing".to_owned(),
            });
            self.find_out(step, &what, Unmade::GoOn).await?;
        }
        Ok(())
    }

    async fn look_again(&mut self, again: &impl Again) -> Result<Option<Reason>, Refusal> {
        if self.run.written().next().is_none() {
            let refusal = Refusal::new("the plan is too old, and nothing of it was made");
            return Ok(Some(refusal.next(instead(&self.run)).into()));
        }
        if let Err(mut reason) = self.applier.verify_precondition(&self.run).await {
            reason.refusal.next = Some(instead(&self.run));
            return Ok(Some(reason));
        }
        let news = again.look(&self.run, self.applier.now()).await?;
        Ok((!news.is_empty()).then(|| overtaken(&self.run, &news).into()))
    }
}
