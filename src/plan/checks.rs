//! The checks that every plan needs: whose account, which zone, how much of it.

use crate::model::account::Env;
use crate::model::record::RecordType;

use super::batch::{Batch, Change};
use super::exact::ExactSet;
use super::live::{LiveZone, Occasion};
use super::preflight::{Check, Outcome};
use super::{Party, PartyIx};

/// From how many record sets on a share of a zone says something.
const SMALL: u64 = 10;
/// The share of a zone that may change at once, in hundredths.
const SHARE: u64 = 30;
/// Words in the keys or values of tags that say that a program looks after a zone.
const PROGRAMS: [&str; 8] = [
    "terraform",
    "opentofu",
    "cloudformation",
    "pulumi",
    "cdk",
    "octodns",
    "dnscontrol",
    "external-dns",
];

/// Whose account, and as whom.
pub fn caller(party: &Party) -> Check {
    let (name, principal) = (party.name.printable(), party.principal.printable());
    let saying = format!("{name} is {}, as {principal}", party.id);
    let check = Check::new("caller", "Account", Outcome::Ok, saying);
    match party.env {
        Env::Prod => check.with([format!("{name} is a production account")]),
        Env::Unknown => check.with([format!("{name} has no environment and counts as production")]),
        Env::NonProd => check,
    }
}

/// Whether a zone may be changed by hand at all.
pub fn writable(zone: &LiveZone) -> Check {
    let (code, title) = ("zone-writable", "Zone can be changed");
    let stop = |why: String| Check::new(code, title, Outcome::Stop, why).firm();
    if let Some(service) = &zone.linked_service {
        let service = service.printable();
        return stop(format!(
            "{} was made by {service}, which alone may change it",
            zone.describe()
        ));
    }
    match &zone.recovery {
        Some(state) if state.expose().ends_with("_LOCKED") => stop(format!(
            "{} is locked while accelerated recovery is switched ({})",
            zone.describe(),
            state.printable()
        )),
        _ => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("{} is neither locked nor run by a service", zone.describe()),
        ),
    }
}

/// Whether a program looks after a zone, or after record sets that change.
pub fn managed(zone: &LiveZone, batches: &[&Batch]) -> Check {
    let (code, title) = ("managed-by-code", "Managed by code");
    let owners = external_dns(zone, batches);
    let tags = match &zone.tags {
        Ok(tags) => tags,
        Err(why) => {
            let saying = format!("the tags of {} could not be read: {why}", zone.describe());
            return Check::new(code, title, Outcome::Unchecked, saying).with(owners);
        }
    };
    let is_program = |text: &str| PROGRAMS.iter().any(|word| text.to_ascii_lowercase().contains(word));
    let of_program = tags.iter().filter(|(key, value)| {
        let says = key.expose().to_ascii_lowercase().replace(['-', '_', ' '], "") == "managedby";
        says || is_program(key.expose()) || is_program(value.expose())
    });
    let tagged: Vec<String> = of_program
        .map(|(key, value)| {
            format!(
                "{} is tagged {}={}",
                zone.describe(),
                key.clipped(128),
                value.clipped(256)
            )
        })
        .collect();
    match tagged.is_empty() && owners.is_empty() {
        true => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("no tag of {} names a program", zone.describe()),
        ),
        false => {
            let saying = format!(
                "a program looks after {}: it may take a direct change back",
                zone.describe()
            );
            Check::new(code, title, Outcome::Warn, saying).with(tagged).with(owners)
        }
    }
}

/// The TXT records by which external-dns owns record sets that change, a sentence each.
fn external_dns(zone: &LiveZone, batches: &[&Batch]) -> Vec<String> {
    let changed = || batches.iter().flat_map(|batch| batch.changes()).map(Change::name);
    let owns = |set: &&ExactSet| {
        let says = set
            .values()
            .iter()
            .any(|value| value.expose().contains("heritage=external-dns"));
        set.record_type == RecordType::TXT && says && changed().any(|name| set.name.is_at_or_below(name))
    };
    let owners = zone.sets.sets.iter().filter(owns);
    owners
        .map(|set| format!("{} TXT says that external-dns owns the name", set.name))
        .collect()
}

/// How much of a zone changes, and whether it is what must never be touched.
pub fn blast_radius(zone: &LiveZone, batches: &[&Batch]) -> Check {
    let (code, title) = ("blast-radius", "Share of the zone");
    let gone = batches
        .iter()
        .flat_map(|batch| batch.changes())
        .filter(|change| change.old().is_some())
        .count();
    let (gone, all) = (u64::try_from(gone).unwrap_or(u64::MAX), zone.record_sets);
    let saying = format!("{gone} of the {all} record sets of {} change or go", zone.describe());
    let is_much = all >= SMALL && gone.saturating_mul(100) > all.saturating_mul(SHARE);
    match is_much {
        true => Check::new(code, title, Outcome::Stop, format!("{saying}: more than {SHARE} %")),
        false => Check::new(code, title, Outcome::Ok, saying),
    }
}

/// Whether a plan touches what Route 53 itself put at the apex; only the plan that restores it may.
pub fn apex(zone: &LiveZone, batches: &[&Batch]) -> Option<Check> {
    let is_sacred = |set: &ExactSet| {
        let kind = set.record_type;
        set.name == zone.name && (kind == RecordType::NS || kind == RecordType::SOA)
    };
    let mut changes = batches.iter().flat_map(|batch| batch.changes());
    let touched = changes.any(|change| {
        change.old().is_some_and(is_sacred)
            || change
                .name_and_type()
                .is_some_and(|(name, kind)| *name == zone.name && (kind == RecordType::NS || kind == RecordType::SOA))
    });
    let saying = format!(
        "the NS or SOA record set at the apex of {} would change",
        zone.describe()
    );
    touched.then(|| Check::new("apex", "Apex", Outcome::Stop, saying))
}

/// Whether a record set that changes belongs to a traffic policy.
pub fn traffic_policies(batches: &[&Batch]) -> Option<Check> {
    let old = batches.iter().flat_map(|batch| batch.changes()).filter_map(Change::old);
    let owned: Vec<String> = old
        .filter(|set| set.traffic_policy.is_some())
        .map(|set| format!("{} {}", set.name, set.record_type))
        .collect();
    let saying = "a traffic policy made record sets that would change: change the policy instead";
    let check = || Check::new("traffic-policy", "Traffic policy", Outcome::Stop, saying).firm();
    (!owned.is_empty()).then(|| check().with(owned))
}

/// Whether record sets were understood that may matter.
pub fn unreadable(zone: &LiveZone) -> Option<Check> {
    let saying = format!("{} holds record sets that zonecut does not understand", zone.describe());
    let lines = &zone.sets.unreadable;
    let check = || {
        Check::new(
            "unreadable-records",
            "Unreadable record sets",
            Outcome::Unchecked,
            saying,
        )
    };
    (!lines.is_empty()).then(|| check().with(lines.iter().cloned()))
}

/// The checks of an account and of a zone that every change of record sets needs.
pub fn of_change(occasion: &Occasion, zone: &LiveZone, batches: &[&Batch]) -> Vec<Check> {
    let caller = occasion.party(zone.party).map(caller);
    let of_zone = [writable(zone), managed(zone, batches), blast_radius(zone, batches)]
        .into_iter()
        .chain(unreadable(zone))
        .chain(traffic_policies(batches));
    let of_zone = of_zone.map(|check| check.of_zone(zone));
    caller.into_iter().chain(of_zone).collect()
}

impl Occasion {
    /// An account that takes part.
    pub fn party(&self, place: PartyIx) -> Option<&Party> {
        self.parties.get(place.0)
    }
}
