//! Restores the NS record set at the apex of a zone to exactly its delegation set: the one change of an apex that is made.

use crate::model::awsdns;
use crate::model::duration::in_words;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::batch::{Batch, Change, Wanted};
use super::cut::{UNKNOWN_TTL, servers_of, too_much};
use super::effects::{ZoneChange, of_changes};
use super::exact::ExactSet;
use super::live::{LiveZone, Occasion};
use super::outlook::Outlook;
use super::preflight::{Check, Outcome};
use super::step::Step;
use super::{Goal, Plan, Refusal, checks};

/// Plans to restore the NS record set at the apex of a zone.
pub fn restore(occasion: Occasion, goal: Goal, zone: &LiveZone, seen: Vec<Check>) -> Result<Plan, Refusal> {
    let old = zone.sets.find(&zone.name, RecordType::NS);
    let ttl = old.and_then(|old| old.ttl).unwrap_or(UNKNOWN_TTL);
    let new = ExactSet::name_servers(zone.name.clone(), ttl, &zone.name_servers);
    let change = match old {
        Some(old) if servers_of(old) == zone.name_servers => {
            let what = format!(
                "the NS record set at the apex of {} is its delegation set",
                zone.describe()
            );
            return Err(Refusal::new(what).next("scan again: what was found may have been mended since"));
        }
        Some(old) => Change::Replace {
            old: Box::new(old.clone()),
            new: Box::new(Wanted::Set(new)),
        },
        None => Change::Create(Wanted::Set(new)),
    };
    let batch = Batch::new(vec![change.clone()]).map_err(too_much)?;
    let mut preflight = checks::of_change(&occasion, zone, &[&batch]);
    preflight.extend(seen);
    preflight.push(strangers(zone, old));
    let changes = [ZoneChange {
        zone,
        changes: vec![&change],
    }];
    let lasting = in_words(ttl);
    let outlook = Outlook {
        effects: of_changes(&changes, &[], &[]),
        settles_after: u64::from(ttl),
        undo: format!(
            "zonecut undo puts exactly the old record set back; resolvers remember this one for up to {lasting}"
        ),
        undo_settles_after: u64::from(ttl),
        ..Outlook::default()
    };
    let step = Step::Change {
        party: zone.party,
        zone: zone.target(),
        batch,
    };
    Ok(occasion.plan(goal, zone.name.clone(), vec![step], preflight.into(), outlook))
}

/// Whether names of other providers go, which may serve the zone on purpose.
fn strangers(zone: &LiveZone, old: Option<&ExactSet>) -> Check {
    let (code, title) = ("other-providers", "Other providers");
    let gone: Vec<DnsName> = old.map(servers_of).unwrap_or_default();
    let gone: Vec<String> = gone
        .iter()
        .filter(|name| !zone.name_servers.contains(name) && !awsdns::is_awsdns(name))
        .map(|name| format!("{name} goes"))
        .collect();
    match gone.is_empty() {
        true => Check::new(code, title, Outcome::Ok, "no name of another provider goes"),
        false => Check::new(
            code,
            title,
            Outcome::Warn,
            "names of other providers go, which may serve the zone on purpose",
        )
        .with(gone),
    }
}
