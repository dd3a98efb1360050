//! Waits for name servers: those of a zone before it is delegated to, and everybody's at the end.

use std::time::Duration;

use super::expected::is_shown;
use super::find_out::{Place, State, places, state};
use super::going::{Going, Halt, polls};
use super::{Applier, Event, Expected, Prover};
use crate::engine::patience::patiently;
use crate::model::record::RecordType;
use crate::model::text::printable;
use crate::model::zone::ZoneId;
use crate::plan::Refusal;
use crate::plan::journal::{Proof, Record, Run, Seen, SeenVerdict, Side, Written};
use crate::plan::step::ZoneTarget;
use crate::ports::{ApiError, ApiErrorKind, Desk, Journal};

/// For how many seconds the servers of a new zone are waited for.
const SERVERS_PATIENCE: u64 = 300;
/// For how many seconds the proof is waited for.
const PROOF_PATIENCE: u64 = 90;

impl<D: Desk, J: Journal, P: Prover> Going<'_, D, J, P> {
    /// Waits until every server of a zone serves it: a delegation that is published before is remembered as broken.
    pub(super) async fn await_servers(&mut self, step: usize, zone: &ZoneTarget) -> Result<(), Halt> {
        let servers = self.run.servers(zone).unwrap_or_default().to_vec();
        let expected = Expected::Serving {
            zone: zone.name().clone(),
            servers,
        };
        let seen = self.see(Some(step), &[expected], SERVERS_PATIENCE).await;
        if !seen.is_empty() && seen.iter().all(|one| one.verdict == SeenVerdict::Good) {
            return self.over(step);
        }
        let first = seen.iter().find(|one| one.verdict != SeenVerdict::Good);
        let saying = first.map_or_else(
            || "nobody could be asked".to_owned(),
            |one| format!("{}: {}", one.who, one.saying),
        );
        let refusal = Refusal::new(format!(
            "the servers of {} do not all answer for it yet ({saying}), so nobody is referred to them",
            zone.name()
        ));
        Err(Halt::left(refusal.next(self.run.advice())))
    }

    /// Looks from outside at what was made, and notes what was seen.
    pub(super) async fn prove(&mut self) -> Result<(), Halt> {
        let expected = Expected::of(&self.run);
        let lines = match expected.is_empty() {
            true => Vec::new(),
            false => self.see(None, &expected, PROOF_PATIENCE).await,
        };
        if self.brake.is_pulled() {
            return Ok(());
        }
        let lines = self
            .applier
            .listed(&self.run, &expected)
            .await
            .into_iter()
            .chain(lines)
            .collect();
        let good_everywhere = self.applier.now().after(self.run.plan.outlook.settles_after);
        self.note(Record::Proof(Proof { lines, good_everywhere }))
    }

    /// Looks again and again until all is as it should be, nobody can be asked, or time is up.
    async fn see(&mut self, step: Option<usize>, expected: &[Expected], patience: u64) -> Vec<Seen> {
        let mut waited = 0;
        for seconds in polls() {
            let seen = self.applier.prover.look(expected).await;
            (self.tell)(Event::Saw {
                step,
                seen: seen.clone(),
            });
            // Whoever remembers what was before may do so until it runs out.
            let waits = seen
                .iter()
                .any(|one| one.verdict == SeenVerdict::Other && one.side != Side::Resolver);
            if !waits || waited >= patience || self.brake.is_pulled() {
                return seen;
            }
            self.brake.wait(Duration::from_secs(seconds)).await;
            waited += seconds;
        }
        Vec::new()
    }
}

impl<D: Desk, J: Journal, P: Prover> Applier<D, J, P> {
    /// What Route 53 lists where servers do not show it: a delegation that was taken out or put back, for resolvers may
    /// not be led to its zone, and record sets that are chosen among.
    async fn listed(&self, run: &Run, expected: &[Expected]) -> Vec<Seen> {
        let is_unseen = |place: &Place| match place.record_type {
            RecordType::NS => {
                let is_it = |one: &Expected| match one {
                    Expected::NoCut { name, .. } | Expected::Referral { name, .. } => *name == place.name,
                    _ => false,
                };
                expected.iter().any(is_it)
            }
            _ => !is_shown(place),
        };
        let mut seen = Vec::new();
        for written in run.written() {
            let Written::Change {
                party, zone, values, ..
            } = written
            else {
                continue;
            };
            let Some(reader) = self.reader(&run.plan, party) else {
                continue;
            };
            for place in places(values).into_iter().filter(is_unseen) {
                match patiently(|| state(&reader, zone, &place)).await {
                    // The zone is gone as well.
                    Err(error) if error.kind == ApiErrorKind::NotFound => {}
                    there => seen.push(lists(&place, zone, &there)),
                }
            }
        }
        seen
    }
}

/// What the list of a zone comes to at a place that was changed.
fn lists(place: &Place, zone: &ZoneId, there: &Result<State, ApiError>) -> Seen {
    let what = format!("{} record set {} in {zone}", place.record_type, place.name);
    let (verdict, saying) = match there {
        Ok(State::New(None)) => (SeenVerdict::Good, format!("lists no {what} any more")),
        Ok(State::New(Some(_))) => (SeenVerdict::Good, format!("lists the {what} as it should be")),
        Ok(State::Old | State::Other(_)) if place.new.is_none() => {
            (SeenVerdict::Other, format!("lists the {what} again"))
        }
        Ok(State::Old | State::Other(_)) => (SeenVerdict::Other, format!("does not list the {what} as it should be")),
        Err(error) => (
            SeenVerdict::Unknown,
            format!(
                "does not say whether it has the {what}: {}",
                printable(&error.to_string())
            ),
        ),
    };
    Seen {
        side: Side::Parent,
        who: "Route 53".to_owned(),
        verdict,
        saying,
    }
}
