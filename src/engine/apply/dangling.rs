//! Before a zone is deleted: whoever still refers to it.
//!
//! Invariant: no zone is deleted to which a zone of the plan delegates, or to which the internet is seen to be referred; where
//! that cannot be seen, a person must have said so beforehand.

use super::find_out::{self, State, overtaken};
use super::going::{Going, Halt};
use super::{Prover, Reason, admit};
use crate::model::cut::shares;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneId;
use crate::plan::batch::Change;
use crate::plan::conflict::Conflict;
use crate::plan::cut::servers_of;
use crate::plan::exact::ExactSet;
use crate::plan::journal::{History, Written};
use crate::plan::preflight::Check;
use crate::plan::step::{Step, ZoneTarget};
use crate::plan::teardown::{Outside, UNSEEN};
use crate::plan::{Goal, PartyIx, Plan, Refusal};
use crate::ports::{ApiErrorKind, Desk, Journal, Pen as _};

impl<D: Desk, J: Journal, P: Prover> Going<'_, D, J, P> {
    /// What keeps a step from being sent that deletes a zone: somebody who still refers to it.
    pub(super) async fn refuse_dangling(&mut self, step: usize) -> Result<(), Halt> {
        let Some(Step::DeleteZone { zone: doomed, .. }) = self.run.plan.steps.get(step).cloned() else {
            return Ok(());
        };
        let servers = self.run.servers(&doomed).unwrap_or_default().to_vec();
        let mut conflicts = self.put_back(doomed.name()).await?;
        for conflict in self.delegations_of(doomed.name(), &servers).await? {
            if !conflicts.iter().any(|known| known.theirs == conflict.theirs) {
                conflicts.push(conflict);
            }
        }
        if !conflicts.is_empty() {
            return Err(Halt::stopped(Some(step), overtaken(conflicts)));
        }
        self.refuse_referral(step, doomed.name(), &servers).await
    }

    /// What this plan took out, and somebody put back.
    async fn put_back(&mut self, name: &DnsName) -> Result<Vec<Conflict>, Halt> {
        let mut conflicts = Vec::new();
        for written in self.run.written() {
            let Written::Change {
                party, zone, values, ..
            } = written
            else {
                continue;
            };
            let Some(reader) = self.applier.reader(&self.run.plan, party) else {
                continue;
            };
            let places = find_out::places(values).into_iter();
            let taken_out = |place: &find_out::Place| {
                place.name == *name && place.record_type == RecordType::NS && place.new.is_none()
            };
            for cut in places.filter(taken_out) {
                // We took it out ourselves, which lists may not show yet.
                let may_lag = |state: &State| *state == State::Old;
                match find_out::state_past_lag(&reader, zone, &cut, may_lag).await {
                    Ok(State::New(_)) => {}
                    Ok(State::Old) => conflicts.push(cut.conflict(zone, cut.old.clone())),
                    Ok(State::Other(there)) => conflicts.push(cut.conflict(zone, there)),
                    Err(error) if error.kind == ApiErrorKind::NotFound => {}
                    Err(error) => return Err(Halt::left(admit::refusal(&error))),
                }
            }
        }
        Ok(conflicts)
    }

    /// The delegations to servers of a zone, in the zones that this plan and the one that it takes back name: whether they were
    /// made by them or by somebody in their place.
    async fn delegations_of(&mut self, name: &DnsName, servers: &[DnsName]) -> Result<Vec<Conflict>, Halt> {
        let before = match &self.run.plan.goal {
            Goal::Undo { of, .. } => History::of(&self.pen.reading().entries)
                .run(of)
                .map(|run| run.plan.clone()),
            _ => None,
        };
        let mut conflicts = Vec::new();
        for plan in std::iter::once(&self.run.plan).chain(&before) {
            for (party, zone) in cuts(plan, name) {
                let Some(reader) = self.applier.reader(plan, party) else {
                    continue;
                };
                let place = find_out::Place {
                    name: name.clone(),
                    record_type: RecordType::NS,
                    identifier: None,
                    old: None,
                    new: None,
                };
                // Lists may show for a while what was taken out a moment ago.
                let leads_here =
                    |state: &State| matches!(state, State::Other(Some(there)) if shares(&servers_of(there), servers));
                match find_out::state_past_lag(&reader, zone, &place, leads_here).await {
                    Ok(State::Other(Some(there))) if shares(&servers_of(&there), servers) => {
                        conflicts.push(place.conflict(zone, Some(there)));
                    }
                    Ok(_) => {}
                    Err(error) if error.kind == ApiErrorKind::NotFound => {}
                    Err(error) => return Err(Halt::left(admit::refusal(&error))),
                }
            }
        }
        Ok(conflicts)
    }

    /// Whoever walks down from the root must not be referred to the zone.
    async fn refuse_referral(&mut self, step: usize, name: &DnsName, servers: &[DnsName]) -> Result<(), Halt> {
        let is_accepted = |code: &str| {
            let is_of_it = |check: &Check| check.about.as_ref().is_none_or(|about| about.name == *name);
            let mut checks = self.run.plan.preflight.0.iter().filter(|check| check.code == code);
            checks.any(|check| check.overridden.is_some() && is_of_it(check))
        };
        match self.applier.prover.outside(name, servers).await {
            Outside::Silent => Ok(()),
            Outside::Refers => Err(Halt::stopped(
                Some(step),
                Reason::from(
                    Refusal::new(format!(
                        "the internet is still referred to the zone {name}, so it is not deleted"
                    ))
                    .next(format!("find out who delegates it: zonecut trace {name}")),
                ),
            )),
            Outside::Unknown(_) if is_accepted(UNSEEN) => Ok(()),
            Outside::Unknown(why) => {
                let what = format!("whether the internet is still referred to the zone {name} is not known: {why}");
                Err(Halt::left(Refusal::new(what).next(self.run.advice())))
            }
        }
    }
}

/// The zones of a plan in which it changes the NS record set of a name that is not their own.
fn cuts<'a>(plan: &'a Plan, name: &DnsName) -> Vec<(PartyIx, &'a ZoneId)> {
    let is_cut = |change: &Change| {
        let is_ns = |set: &ExactSet| set.record_type == RecordType::NS;
        change.name() == name
            && (change.old().is_some_and(is_ns)
                || change.name_and_type().is_some_and(|(_, kind)| kind == RecordType::NS))
    };
    let of = |step: &'a Step| match step {
        Step::Change {
            party,
            zone: ZoneTarget::Held { id, name: apex, .. },
            batch,
        } if apex != name && batch.changes().iter().any(is_cut) => Some((*party, id)),
        _ => None,
    };
    plan.steps.iter().filter_map(of).collect()
}
