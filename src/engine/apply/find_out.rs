//! What came of a step whose answer is missing or open: read back, until it shows or a minute is over.
//!
//! Invariant: nothing is sent here but reads. A change counts as made where all of it is there, as not made where all is as
//! before, and as neither where somebody else was there in between.

use std::time::Duration;

use super::going::{Going, Halt};
use super::{Event, Prover, Reason};
use crate::engine::patience::{LAG_PAUSES, patiently};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::batch::Values;
use crate::plan::conflict::Conflict;
use crate::plan::exact::ExactSet;
use crate::plan::journal::{Gained, Record, Sent};
use crate::plan::step::Step;
use crate::plan::{PartyIx, Refusal};
use crate::ports::{ApiError, ApiErrorKind, Desk, Exact, Journal, RecordPlace};

/// The seconds before each look: a request that was given up may still be carried out a while later.
const LOOKS: [u64; 7] = [0, 1, 2, 4, 8, 15, 30];

/// One place in a zone that a change is about, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub name: DnsName,
    pub record_type: RecordType,
    pub identifier: Option<Untrusted>,
    pub old: Option<ExactSet>,
    pub new: Option<ExactSet>,
}

/// What is at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// What was there before.
    Old,
    /// What the change puts there.
    New(Option<ExactSet>),
    /// Something else, or nothing where both before and after there is something.
    Other(Option<ExactSet>),
}

/// What is done about a step that was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unmade {
    /// A person asked to go on, so it is its turn again.
    GoOn,
    /// It is left, for a person to look at.
    Leave,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It was made.
    Made(Gained),
    /// It was made, and somebody has changed some of it since.
    MadeAndChanged(Gained, Vec<Conflict>),
    /// It was not made.
    NotMade,
    /// What is there is neither, or some of both: somebody else changed it, before or after.
    Unclear(Vec<Conflict>),
}

impl Place {
    /// The three versions of what is there.
    pub(super) fn conflict(&self, zone: &ZoneId, theirs: Option<ExactSet>) -> Conflict {
        Conflict {
            zone: zone.clone(),
            name: self.name.clone(),
            record_type: self.record_type,
            old: self.old.clone(),
            yours: self.new.clone(),
            theirs,
        }
    }
}

/// The places that a change is about.
pub(super) fn places(values: &Values) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for old in &values.delete {
        places.push(place_of(old, Some(old.clone()), None));
    }
    for new in &values.create {
        let known = places
            .iter_mut()
            .find(|place| place.old.as_ref().is_some_and(|old| old.is_of_the_place_of(new)));
        match known {
            Some(place) => place.new = Some(new.clone()),
            None => places.push(place_of(new, None, Some(new.clone()))),
        }
    }
    places
}

fn place_of(set: &ExactSet, old: Option<ExactSet>, new: Option<ExactSet>) -> Place {
    Place {
        name: set.name.clone(),
        record_type: set.record_type,
        identifier: set.routing.as_ref().map(|routing| routing.set_identifier.clone()),
        old,
        new,
    }
}

/// What is at a place of a zone.
pub(super) async fn state<R: Exact>(reader: &R, zone: &ZoneId, place: &Place) -> Result<State, ApiError> {
    let there = read_place(reader, zone, place).await?;
    let same = |wanted: &Option<ExactSet>| match (wanted, &there) {
        (None, None) => true,
        (Some(wanted), Some(there)) => wanted.is_same_as(there),
        _ => false,
    };
    Ok(match (same(&place.old), same(&place.new)) {
        (_, true) => State::New(there),
        (true, false) => State::Old,
        (false, false) => State::Other(there),
    })
}

/// The same, looked at again for up to a minute while it may be what lists show that lag behind our own write.
pub(super) async fn state_past_lag<R: Exact>(
    reader: &R,
    zone: &ZoneId,
    place: &Place,
    may_lag: impl Fn(&State) -> bool,
) -> Result<State, ApiError> {
    let mut pauses = LAG_PAUSES.into_iter();
    loop {
        let state = patiently(|| state(reader, zone, place)).await?;
        match pauses.next().filter(|_| may_lag(&state)) {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => return Ok(state),
        }
    }
}

async fn read_place<R: Exact>(reader: &R, zone: &ZoneId, place: &Place) -> Result<Option<ExactSet>, ApiError> {
    let from = RecordPlace {
        name: place.name.clone(),
        record_type: Some(place.record_type),
        identifier: place.identifier.clone(),
    };
    let page = reader.exact_sets(zone, Some(&from)).await?;
    let found = page.sets.into_iter().find(|set| {
        set.name == place.name
            && set.record_type == place.record_type
            && set.identifier() == place.identifier.as_ref().map(Untrusted::expose)
    });
    match (found, page.unreadable.into_iter().next()) {
        (None, Some(unreadable)) => Err(ApiError {
            action: "route53:ListResourceRecordSets",
            kind: ApiErrorKind::Malformed,
            code: None,
            message: unreadable,
            remedy: None,
            request_id: None,
        }),
        (found, _) => Ok(found),
    }
}

impl<D: Desk, J: Journal, P: Prover> Going<'_, D, J, P> {
    /// Finds out what came of a step that was sent, and notes it.
    pub(super) async fn find_out(&mut self, step: usize, what: &Sent, unmade: Unmade) -> Result<(), Halt> {
        let mut failed = None;
        let mut absent = false;
        for seconds in LOOKS {
            self.brake.wait(Duration::from_secs(seconds)).await;
            if self.brake.is_pulled() && seconds > 0 {
                return Err(Halt::left(Refusal::new(format!(
                    "stopped as asked, before it was known what came of step {}",
                    step + 1
                ))));
            }
            match self.look(step, what).await {
                Ok(Found::NotMade) => absent = true,
                Ok(found) => return self.found(step, found, unmade),
                Err(error) => {
                    absent = false;
                    failed = Some(error);
                }
            }
        }
        match (absent, failed) {
            (true, _) | (false, None) => self.not_made(step, unmade),
            (false, Some(error)) => {
                let what = format!(
                    "step {} was sent, and whether it was made is not known: it cannot be read back ({error})",
                    step + 1
                );
                Err(Halt::left(
                    Refusal::new(what).next("go on with the plan later: it reads back first"),
                ))
            }
        }
    }

    fn found(&mut self, step: usize, found: Found, unmade: Unmade) -> Result<(), Halt> {
        match found {
            Found::Made(gained) => {
                self.note(Record::Done { step, gained })?;
                (self.tell)(Event::Adopted { step });
                Ok(())
            }
            Found::MadeAndChanged(gained, conflicts) => {
                self.note(Record::Done { step, gained })?;
                Err(Halt::stopped(Some(step), changed_since(conflicts)))
            }
            // It may have been made, so it stays open until what is there tells.
            Found::Unclear(conflicts) => Err(Halt::stopped(Some(step), self.unclear(step, conflicts))),
            Found::NotMade => self.not_made(step, unmade),
        }
    }

    /// Somebody changed what a step is about that may have been made, so that what is there does not tell.
    fn unclear(&self, step: usize, conflicts: Vec<Conflict>) -> Reason {
        let (number, short) = (step + 1, self.run.plan.id.short());
        let what = format!(
            "step {number} was sent, and what is there is neither as before nor as sent: it may have been made, and somebody \
             else has changed it"
        );
        let next = format!(
            "look at the three versions; put right what is there, and go on: zonecut resume {short}; or give it up: zonecut \
             resume {short} --give-up REASON"
        );
        Reason {
            refusal: Refusal::new(what).next(next),
            conflicts,
        }
    }

    fn not_made(&mut self, step: usize, unmade: Unmade) -> Result<(), Halt> {
        let said = Untrusted::from("reading back for a minute showed nothing of it");
        self.note(Record::NotMade { step, said })?;
        if unmade == Unmade::GoOn {
            return Ok(());
        }
        let refusal = Refusal::new(format!(
            "step {} was sent and was not made: reading back for a minute showed nothing of it",
            step + 1
        ));
        Err(Halt::left(refusal.next(self.run.advice())))
    }

    /// Looks once what came of a step.
    pub(super) async fn look(&mut self, step: usize, what: &Sent) -> Result<Found, ApiError> {
        let step = self.run.plan.steps.get(step);
        let party = step.and_then(Step::party).unwrap_or(PartyIx(usize::MAX));
        let Some(reader) = self.applier.reader(&self.run.plan, party) else {
            return Err(unconfigured());
        };
        match (step, what) {
            (Some(Step::CreateZone { name, .. }), Sent::NewZone { reference }) => {
                look_for_zone(&reader, name, reference).await
            }
            (_, Sent::NewSet { reference }) => {
                let sets = reader.reusable_sets().await?;
                let own = |set: &Option<Untrusted>| set.as_ref().is_some_and(|text| text.expose() == reference);
                let found = sets.into_iter().find(|set| own(&set.reference));
                Ok(found.map_or(Found::NotMade, |set| {
                    Found::Made(Gained::Set {
                        id: set.id,
                        name_servers: set.name_servers,
                    })
                }))
            }
            (_, Sent::Change { zone, values }) => look_for_change(&reader, zone, values).await,
            (_, Sent::ZoneGone { zone }) => match reader.zone(zone).await {
                Ok(_) => Ok(Found::NotMade),
                Err(error) if error.kind == ApiErrorKind::NotFound => Ok(Found::Made(Gained::Nothing)),
                Err(error) => Err(error),
            },
            (_, Sent::SetGone { id }) => {
                let there = reader.reusable_sets().await?.iter().any(|set| set.id == *id);
                Ok(if there {
                    Found::NotMade
                } else {
                    Found::Made(Gained::Nothing)
                })
            }
            (_, Sent::NewZone { .. }) => Err(unconfigured()),
        }
    }
}

fn unconfigured() -> ApiError {
    ApiError {
        action: "sts:GetCallerIdentity",
        kind: ApiErrorKind::Credentials,
        code: None,
        message: Untrusted::from("the account of the step is not configured here"),
        remedy: None,
        request_id: None,
    }
}

/// The zone that has a caller reference: there can be one at most.
async fn look_for_zone<R: Exact>(reader: &R, name: &DnsName, reference: &str) -> Result<Found, ApiError> {
    let zones = reader.zones_named(name).await?;
    let Some(found) = zones.into_iter().find(|zone| zone.reference.expose() == reference) else {
        return Ok(Found::NotMade);
    };
    let detail = reader.zone(&found.id).await?;
    let name_servers = detail.delegation_set.map(|set| set.name_servers).unwrap_or_default();
    Ok(Found::Made(Gained::Zone {
        id: found.id,
        name_servers,
        change: None,
    }))
}

async fn look_for_change<R: Exact>(reader: &R, zone: &ZoneId, values: &Values) -> Result<Found, ApiError> {
    let (mut as_before, mut new, mut others) = (Vec::new(), 0_usize, Vec::new());
    for place in places(values) {
        match state(reader, zone, &place).await? {
            State::Old => as_before.push(place.conflict(zone, place.old.clone())),
            State::New(_) => new += 1,
            State::Other(there) => others.push(place.conflict(zone, there)),
        }
    }
    let gained = Gained::Change { id: None };
    Ok(match (as_before.is_empty(), new, others.is_empty()) {
        (true, _, true) => Found::Made(gained),
        (_, 0, true) => Found::NotMade,
        (true, 1.., false) => Found::MadeAndChanged(gained, others),
        // A batch is made whole or not at all.
        _ => Found::Unclear(as_before.into_iter().chain(others).collect()),
    })
}

/// Somebody changed what a plan is about, before it was sent.
pub(super) fn overtaken(conflicts: Vec<Conflict>) -> Reason {
    Reason {
        refusal: Refusal::new("somebody else changed what the plan is about; the step was not made")
            .next("look at the three versions, then make the plan anew"),
        conflicts,
    }
}

fn changed_since(conflicts: Vec<Conflict>) -> Reason {
    Reason {
        refusal: Refusal::new("the step was made, and somebody else has changed some of it since")
            .next("look at the three versions before anything else is done"),
        conflicts,
    }
}
