//! Drafts of what takes a plan back: what the journal says it made, and the zones as they are now.

use std::time::Duration;

use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::{ZoneId, ZoneKey};
use crate::plan::exact::ExactSet;
use crate::plan::journal::{Run, Written};
use crate::plan::live::LiveZone;
use crate::plan::teardown::Outside;
use crate::plan::undo::{self, Scene, Wrote};
use crate::plan::wish::Patience;
use crate::plan::{PartyIx, Plan, PlanId, Refusal, sight};
use crate::ports::{ApiErrorKind, Desk, Dns, Exact as _};

use super::Drafting;
use super::accounts::failed;
use super::read::Wanted;
use crate::engine::patience::{LAG_PAUSES, patiently};

/// For how many seconds after a plan lists may show what was before it.
const LAG: u64 = 300;

/// A zone that a plan had to do with, and what of it is to be read.
struct Touched {
    key: ZoneKey,
    /// The owners below the apex; all of it, where the plan made the zone.
    names: Option<Vec<DnsName>>,
}

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// A plan is taken back.
    pub(super) async fn undo(&mut self, of: &PlanId, patience: &Patience) -> Result<Plan, Refusal> {
        let run = self.sources.history.and_then(|history| history.run(of));
        let Some(run) = run else {
            let what = format!("the journal of this machine knows no plan {}", of.short());
            return Err(Refusal::new(what).next("zonecut log shows those that it knows"));
        };
        if let Some(step) = run.unsettled() {
            let what = format!(
                "it is not known whether step {} of the plan {} was made",
                step + 1,
                of.short()
            );
            return Err(Refusal::new(what).next(run.advice()));
        }
        let (mut wrote, mut touched) = (Vec::new(), Vec::new());
        for written in run.written() {
            wrote.push(self.wrote(run, &written, &mut touched).await?);
        }
        let is_gone = |id: &ZoneId| {
            wrote
                .iter()
                .any(|wrote| matches!(wrote, Wrote::ZoneGone { id: gone, .. } if gone == id))
        };
        touched.retain(|touched: &Touched| !is_gone(&touched.key.id));
        // Whoever wrote a moment ago may still be shown what was there before, which must not pass for taken back.
        let is_recent = self.occasion.now.0.saturating_sub(run.touched.0) < LAG;
        let mut pauses = LAG_PAUSES.into_iter();
        let zones = loop {
            let zones = self.zones_of(&touched).await?;
            let may_lag = is_recent && wrote.iter().any(|wrote| is_as_before(wrote, &zones));
            match pauses.next().filter(|_| may_lag) {
                Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
                None => break zones,
            }
        };
        let mut outside = Vec::new();
        for id in wrote.iter().filter_map(made) {
            if let Some(zone) = zones.iter().find(|zone| zone.id == *id) {
                outside.push((id.clone(), self.outside_of(zone, &wrote, &zones).await));
            }
        }
        let scene = Scene {
            occasion: self.occasion.clone(),
            of: of.clone(),
            records: run.records,
            subject: run.plan.subject.clone(),
            wrote,
            zones,
            outside,
        };
        undo::plan(&scene, patience)
    }

    /// Whether somebody refers to a zone whose delegation the plan did not make.
    async fn outside_of(&self, zone: &LiveZone, wrote: &[Wrote], zones: &[LiveZone]) -> Outside {
        let delegates = |holder: &ZoneId| {
            let made = wrote.iter().filter_map(|wrote| match wrote {
                Wrote::Change { zone, values } if zone == holder => Some(&values.create),
                _ => None,
            });
            made.flatten()
                .any(|set| set.name == zone.name && set.record_type == RecordType::NS)
        };
        let holders: Vec<LiveZone> = zones
            .iter()
            .filter(|holder| holder.id != zone.id && delegates(&holder.id))
            .cloned()
            .collect();
        let served = self.served(&zone.name, holders.first(), &zone.name_servers, &[]).await;
        sight::outside(&zone.name, &zone.name_servers, &holders, &served)
    }

    /// The zones as they are now, as far as they are still there.
    async fn zones_of(&mut self, touched: &[Touched]) -> Result<Vec<LiveZone>, Refusal> {
        let mut zones = Vec::new();
        for Touched { key, names } in touched {
            if self.is_there(key).await? {
                let wanted = names.as_deref().map_or(Wanted::All, Wanted::Around);
                zones.push(self.zone(key, wanted).await?);
            }
        }
        Ok(zones)
    }

    /// One thing that was made, with the accounts of this plan.
    async fn wrote(&mut self, run: &Run, written: &Written<'_>, touched: &mut Vec<Touched>) -> Result<Wrote, Refusal> {
        Ok(match written {
            Written::Set { party, id } => Wrote::Set {
                party: self.again(run, *party).await?.1,
                id: (*id).clone(),
            },
            Written::Zone { party, step, id, .. } => {
                let (account, _) = self.again(run, *party).await?;
                touch(touched, account, id, None);
                Wrote::Zone {
                    step: *step,
                    id: (*id).clone(),
                }
            }
            Written::Change {
                party,
                zone,
                target,
                values,
            } => {
                let (account, _) = self.again(run, *party).await?;
                let owners = values.delete.iter().chain(&values.create).map(|set| &set.name);
                let names = owners.filter(|name| name.is_below(target.name())).cloned().collect();
                touch(touched, account, zone, Some(names));
                Wrote::Change {
                    zone: (*zone).clone(),
                    values: (*values).clone(),
                }
            }
            Written::ZoneGone { party, target } => {
                let (_, party) = self.again(run, *party).await?;
                let Some(id) = run.zone_id(target) else {
                    return Err(Refusal::new(format!(
                        "the journal does not say which zone {} was deleted",
                        target.name()
                    )));
                };
                Wrote::ZoneGone {
                    party,
                    id: id.clone(),
                    name: target.name().clone(),
                    name_servers: run.servers(target).unwrap_or_default().to_vec(),
                }
            }
            Written::SetGone { id, .. } => Wrote::SetGone { id: (*id).clone() },
        })
    }

    /// An account of the plan that is taken back: its place, and which party of this plan it is.
    pub(super) async fn again(&mut self, run: &Run, party: PartyIx) -> Result<(AccountIx, PartyIx), Refusal> {
        let before = run.plan.party(party);
        let place = before.and_then(|before| Some((before, self.sources.desk.place_of(before)?)));
        let Some((before, place)) = place else {
            let who = before.map(|before| before.id.to_string()).unwrap_or_default();
            return Err(
                Refusal::new(format!("the account {who} that the plan wrote to is not configured"))
                    .next("add it to the configuration again"),
            );
        };
        let now = self.accounts.party(place, &mut self.occasion).await?;
        match self.occasion.party(now).is_some_and(|party| party.id == before.id) {
            true => Ok((place, now)),
            false => Err(Refusal::new(format!(
                "the credentials are no longer those of the account {}",
                before.id
            ))
            .next("see zonecut accounts: nothing is taken back with them")),
        }
    }

    pub(super) async fn is_there(&mut self, key: &ZoneKey) -> Result<bool, Refusal> {
        let reader = self.accounts.reader(key.account)?;
        match patiently(|| reader.zone(&key.id)).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == ApiErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("show the zone", &error)),
        }
    }
}

/// Whether a place that was changed shows what it held before.
fn is_as_before(wrote: &Wrote, zones: &[LiveZone]) -> bool {
    let Wrote::Change { zone, values } = wrote else {
        return false;
    };
    let Some(zone) = zones.iter().find(|live| live.id == *zone) else {
        return false;
    };
    let there = |place: &ExactSet| {
        zone.sets
            .at(&place.name)
            .find(|set| set.is_of_the_place_of(place))
            .cloned()
    };
    let mut places = values.create.iter().chain(&values.delete);
    places.any(|place| {
        let at = |sets: &[ExactSet]| sets.iter().find(|set| set.is_of_the_place_of(place)).cloned();
        let is = |wanted: Option<ExactSet>| match (wanted, there(place)) {
            (Some(wanted), Some(there)) => wanted.is_same_as(&there),
            (wanted, there) => wanted.is_none() && there.is_none(),
        };
        is(at(&values.delete)) && !is(at(&values.create))
    })
}

fn touch(touched: &mut Vec<Touched>, account: AccountIx, id: &ZoneId, names: Option<Vec<DnsName>>) {
    let key = ZoneKey {
        account,
        id: id.clone(),
    };
    match touched.iter_mut().find(|other| other.key == key) {
        Some(other) => {
            if let (Some(all), Some(names)) = (&mut other.names, names) {
                all.extend(names);
            }
        }
        None => touched.push(Touched { key, names }),
    }
}

/// The zone that was made, where one was.
fn made(wrote: &Wrote) -> Option<&ZoneId> {
    match wrote {
        Wrote::Zone { id, .. } => Some(id),
        _ => None,
    }
}
