//! Before anything is sent: whose credentials they are, and whether everything still is as the plan knew it.

use super::find_out::{self, State};
use super::{Applier, Event, Prover, Reason};
use crate::engine::patience::patiently;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::printable;
use crate::plan::conflict::Conflict;
use crate::plan::journal::{Phase, Run};
use crate::plan::step::{Step, ZoneTarget};
use crate::plan::{Goal, Party, PartyIx, Plan, Refusal};
use crate::ports::{ApiError, ApiErrorKind, Desk, Exact, Journal};

/// Who writes, for each account of the plan that is written to.
pub(super) type Writers<D> = Vec<(PartyIx, <D as Desk>::Writer)>;

impl<D: Desk, J: Journal, P: Prover> Applier<D, J, P> {
    /// Whoever writes to each account of a plan; refused where the credentials are not those of the account.
    pub(super) async fn admit(&self, plan: &Plan, tell: &mut (dyn FnMut(Event) + Send)) -> Result<Writers<D>, Refusal> {
        let mut writers: Writers<D> = Vec::new();
        for (at, party) in plan.parties.iter().enumerate() {
            let is_written = plan
                .steps
                .iter()
                .any(|s| s.is_write() && s.party() == Some(PartyIx(at)));
            if is_written {
                writers.push((PartyIx(at), self.writer(at, party, plan, tell).await?));
            }
        }
        Ok(writers)
    }

    async fn writer(
        &self,
        at: usize,
        party: &Party,
        plan: &Plan,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<D::Writer, Refusal> {
        let name = printable(party.name.expose());
        let place = self.desk.place_of(party).ok_or_else(|| {
            Refusal::new(format!("the account {name} ({}) is not configured here", party.id))
                .next("apply the plan where it was made")
        })?;
        let writer = self.desk.writer(place, plan).await;
        let writer = writer.map_err(|refused| Refusal::new(refused.why).maybe_next(refused.next))?;
        let caller = writer.caller().await.map_err(|error| refusal(&error))?;
        if caller.account != party.id {
            return Err(Refusal::new(format!(
                "the credentials for {name} belong to account {}, but the plan is for {}; nothing was sent",
                caller.account, party.id
            )));
        }
        tell(Event::Identified { party: at, caller });
        Ok(writer)
    }

    /// Reads the account of a step.
    pub(super) fn reader(&self, plan: &Plan, party: PartyIx) -> Option<D::Reader> {
        self.desk.reader(self.desk.place_of(plan.party(party)?)?)
    }

    /// Whether everything that is still to be changed is as the plan knew it.
    pub(super) async fn verify_precondition(&self, run: &Run) -> Result<(), Reason> {
        let mut conflicts = Vec::new();
        let steps = run.plan.steps.iter().enumerate().zip(&run.phases);
        for ((at, step), _) in steps.filter(|(_, phase)| **phase == Phase::Waiting) {
            let Some(reader) = step.party().and_then(|party| self.reader(&run.plan, party)) else {
                continue;
            };
            conflicts.extend(self.verify_step(run, at, step, &reader).await?);
        }
        match conflicts.is_empty() {
            true => Ok(()),
            false => Err(Reason {
                refusal: Refusal::new("what is there is no longer what the plan was made of; nothing was sent")
                    .next("make the plan anew"),
                conflicts,
            }),
        }
    }

    async fn verify_step(
        &self,
        run: &Run,
        at: usize,
        step: &Step,
        reader: &D::Reader,
    ) -> Result<Vec<Conflict>, Reason> {
        let (Step::Change { zone, .. } | Step::DeleteZone { zone, .. } | Step::AwaitServers { zone, .. }) = step else {
            return Ok(Vec::new());
        };
        verify_zone(reader, zone).await?;
        let Step::Change { zone, batch, .. } = step else {
            return Ok(Vec::new());
        };
        // What is changed in a zone that an earlier step makes, or at a place that an earlier step changes, comes later.
        let Some(id) = zone.id() else {
            return Ok(Vec::new());
        };
        let Some(values) = batch.values(|of| {
            run.created(of)
                .map(|(_, servers)| servers.to_vec())
                .or(Some(Vec::new()))
        }) else {
            return Ok(Vec::new());
        };
        let earlier =
            |name: &DnsName, kind: RecordType| run.plan.steps.iter().take(at).any(|s| touches(s, zone, name, kind));
        let places = find_out::places(&values);
        let places = places
            .into_iter()
            .filter(|place| !earlier(&place.name, place.record_type));
        let mut conflicts = Vec::new();
        for place in places {
            // What an undo wants is what was there before: lists may show it still, although it was replaced a moment ago.
            let undoes = matches!(run.plan.goal, Goal::Undo { .. });
            let may_lag = |state: &State| undoes && matches!(state, State::New(_));
            let state = find_out::state_past_lag(reader, id, &place, may_lag)
                .await
                .map_err(|error| refusal(&error))?;
            if let State::New(set) | State::Other(set) = state {
                conflicts.push(place.conflict(id, set));
            }
        }
        Ok(conflicts)
    }
}

/// Whether a step changes what is at a place.
fn touches(step: &Step, target: &ZoneTarget, name: &DnsName, kind: RecordType) -> bool {
    let Step::Change { zone, batch, .. } = step else {
        return false;
    };
    zone.id() == target.id()
        && batch.changes().iter().any(|change| {
            let old = change
                .old()
                .is_some_and(|old| old.name == *name && old.record_type == kind);
            old || change.wanted().is_some_and(|new| new.name() == name)
        })
}

/// Whether a zone is still the one that the plan knew.
pub(super) async fn verify_zone<R: Exact>(reader: &R, target: &ZoneTarget) -> Result<(), Refusal> {
    let ZoneTarget::Held {
        id, name, reference, ..
    } = target
    else {
        return Ok(());
    };
    let gone = || Refusal::new(format!("the zone {id} ({name}) is not there any more")).next("make the plan anew");
    match patiently(|| reader.zone(id)).await {
        Ok(zone) if zone.name == *name && zone.reference == *reference => Ok(()),
        Ok(_) => Err(gone()),
        Err(error) if error.kind == ApiErrorKind::NotFound => Err(gone()),
        Err(error) => Err(refusal(&error)),
    }
}

/// What an error of a request comes to.
pub(super) fn refusal(error: &ApiError) -> Refusal {
    Refusal::new(error.to_string()).maybe_next(error.remedy.as_ref().map(|remedy| printable(remedy.expose())))
}
