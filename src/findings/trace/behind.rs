//! The record sets that the accounts hold of the names on the way: those that answer, and those that nobody sees.

use crate::findings::finding::ZoneRef;
use crate::model::dns::Leg;
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::record::{RecordSet, RecordType};
use crate::model::records::Records;

use super::{Holder, Judge, Step};

/// Record sets of one name in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The name that was asked for.
    pub name: DnsName,
    /// The zone that holds them.
    pub zone: ZoneRef,
    /// What that zone is to the answer.
    pub place: Place,
    /// The record sets; none where the zone would answer for the name and has none.
    pub records: Vec<RecordSet>,
}

/// What a zone that holds record sets of a name is to the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It answers.
    Answering,
    /// It may be the one that answers.
    Perhaps,
    /// A delegation from it hides them: the one of this name.
    Hidden(DnsName),
    /// Another zone of its name answers.
    Shadowed,
    /// Nobody refers to it.
    Unreached,
    /// It is private: inside the VPCs that it is associated with it answers instead.
    Private,
}

/// What is held of every name on the way, in the order of the way.
pub(super) fn all(judge: &Judge<'_>, steps: &[Step]) -> Vec<Behind> {
    let mut behind = Vec::new();
    for (place, leg) in judge.trace.ends() {
        let step = steps.iter().find(|step| step.leg == Some(place));
        if let Some(step) = step {
            behind.extend(of_name(judge, leg, step));
        }
    }
    behind
}

fn of_name(judge: &Judge<'_>, leg: &Leg, step: &Step) -> Vec<Behind> {
    let name = &leg.question.name;
    let mut behind: Vec<Behind> = name
        .suffixes()
        .flat_map(|wire| judge.inventory.public_zones(wire))
        .filter_map(|zone| public(judge, leg, step, *zone))
        .collect();
    behind.extend(private(judge, leg));
    behind
}

fn public(judge: &Judge<'_>, leg: &Leg, step: &Step, zone: ZoneIx) -> Option<Behind> {
    let entry = judge.inventory.zone(zone)?;
    let records = entry.records()?;
    let place = place(judge, leg, step, zone, entry);
    let name = &leg.question.name;
    let found = match place {
        Place::Hidden(_) if is_server(leg, name) => return None,
        Place::Hidden(_) => at(entry, records, name).filter(is_hidden).collect(),
        _ => answering(entry, records, leg),
    };
    if found.is_empty() {
        return None;
    }
    Some(Behind {
        name: name.clone(),
        zone: ZoneRef::of(zone, entry),
        place,
        records: found,
    })
}

fn place(judge: &Judge<'_>, leg: &Leg, step: &Step, zone: ZoneIx, entry: &ZoneEntry) -> Place {
    let own = &entry.zone.name;
    if leg.zone.is_below(own) {
        let cut = judge.trace.walk.legs.iter().map(|leg| &leg.zone);
        let below = cut.filter(|cut| cut.is_below(own) && leg.zone.is_at_or_below(cut));
        let topmost = below.min_by_key(|cut| cut.label_count());
        return Place::Hidden(topmost.unwrap_or(&leg.zone).clone());
    }
    if own.is_below(&leg.zone) {
        return Place::Unreached;
    }
    match &step.holder {
        Holder::Held(answering) if answering.index == zone => Place::Answering,
        Holder::Held(_) | Holder::Elsewhere(_) => Place::Shadowed,
        _ => Place::Perhaps,
    }
}

/// The closest private zones above the name: inside their VPCs nothing else is asked.
fn private(judge: &Judge<'_>, leg: &Leg) -> Vec<Behind> {
    let name = &leg.question.name;
    let enclosing = || {
        let zones = judge.inventory.iter();
        zones.filter(|(_, entry)| !entry.is_public() && name.is_at_or_below(&entry.zone.name))
    };
    let closest = enclosing().map(|(_, entry)| entry.zone.name.label_count()).max();
    let closest = enclosing().filter(|(_, entry)| Some(entry.zone.name.label_count()) == closest);
    closest
        .map(|(zone, entry)| Behind {
            name: name.clone(),
            zone: ZoneRef::of(zone, entry),
            place: Place::Private,
            records: entry
                .records()
                .map_or_else(Vec::new, |records| answering(entry, records, leg)),
        })
        .collect()
}

/// The record sets that answer a question in a zone: those of the name, else those of the wildcard that stands for it.
fn answering(entry: &ZoneEntry, records: &Records, leg: &Leg) -> Vec<RecordSet> {
    let name = &leg.question.name;
    let fits =
        |record: &RecordSet| record.record_type == leg.question.record_type || record.record_type == RecordType::CNAME;
    let exists = name
        .relative_to(&entry.zone.name)
        .is_some_and(|owner| records.exists(owner));
    if exists {
        return at(entry, records, name).filter(fits).collect();
    }
    let wildcard = wildcard(entry, records, name);
    wildcard.map_or_else(Vec::new, |name| at(entry, records, &name).filter(fits).collect())
}

/// The wildcard at the closest name above that exists (RFC 4592 section 3.3.1).
fn wildcard(entry: &ZoneEntry, records: &Records, name: &DnsName) -> Option<DnsName> {
    let zone = &entry.zone.name;
    let mut above = name.ancestors().take_while(|above| above.is_at_or_below(zone));
    let closest = above.find(|above| above.relative_to(zone).is_some_and(|owner| records.exists(owner)))?;
    closest.child(b"*").ok()
}

fn at<'a>(entry: &'a ZoneEntry, records: &'a Records, name: &'a DnsName) -> impl Iterator<Item = RecordSet> + 'a {
    let owner = name.relative_to(&entry.zone.name);
    let found = owner
        .into_iter()
        .flat_map(|owner| records.at(owner).collect::<Vec<_>>());
    found.map(|record| record.unpack(&entry.zone.name))
}

fn is_hidden(record: &RecordSet) -> bool {
    record.record_type != RecordType::NS && record.record_type != RecordType::DS
}

/// Whether a name is that of a server of the zone: its address above is glue.
fn is_server(leg: &Leg, name: &DnsName) -> bool {
    leg.servers.iter().any(|server| server.name == *name)
}
