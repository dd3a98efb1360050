//! Takes a delegation out, and then its zone: whoever refers to it first, what resolvers remember next, the zone last.

use crate::model::duration::in_words;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::batch::{Batch, Change, Wanted};
use super::cut::{UNKNOWN_TTL, ZONE_CENTS, servers_of, too_much};
use super::effects::{ZoneChange, of_changes};
use super::exact::ExactSet;
use super::hidden::show;
use super::live::{Extent, LiveZone, Occasion};
use super::outlook::Outlook;
use super::preflight::{Check, Outcome};
use super::step::Step;
use super::wish::{Contents, Patience};
use super::{Goal, Plan, Refusal, checks, remembered};

/// The code of the check that stands against deleting a zone where it was not seen who refers to it.
pub const UNSEEN: &str = "outside";

/// A zone that shall go, and whoever refers to it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Whose accounts take part, when, and what the plan is called.
    pub occasion: Occasion,
    /// What the plan is for.
    pub goal: Goal,
    /// The zone, with all its record sets.
    pub zone: LiveZone,
    /// The zones that hold an NS record set at its name, each with all that it has there.
    pub holders: Vec<LiveZone>,
    /// Whether the internet was heard to refer to it from a zone that is none of the holders.
    pub outside: Outside,
    /// What was checked of the name servers and of the other zones.
    pub checks: Vec<Check>,
}

/// Whether somebody refers to a zone from outside of the accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// Somebody does.
    Refers,
    /// Whoever stands above was heard, and does not.
    Silent,
    /// It could not be seen; why, fit to print.
    Unknown(String),
}

/// Plans to take out a delegation and its zone.
pub fn plan(scene: Scene, patience: &Patience, contents: Contents) -> Result<Plan, Refusal> {
    let zone = &scene.zone;
    if zone.sets.extent != Extent::Whole {
        return Err(Refusal::new(format!(
            "the record sets of {} were not read in full",
            zone.describe()
        )));
    }
    let inside: Vec<&ExactSet> = zone.sets.sets.iter().filter(|set| !is_own(set, zone)).collect();
    if contents == Contents::MustBeEmpty && !inside.is_empty() {
        return Err(Refusal::new(format!(
            "{} holds {} record sets beside its SOA and NS",
            zone.describe(),
            inside.len()
        ))
        .next(format!(
            "look at them: zonecut zone {}; to delete them with the zone, add --delete-records",
            zone.id
        )));
    }
    let references = references(&scene);
    let (mut steps, mut longest) = (Vec::new(), 0);
    for (holder, changes) in &references {
        let batch = Batch::new(changes.clone()).map_err(too_much)?;
        steps.push(Step::Change {
            party: holder.party,
            zone: holder.target(),
            batch,
        });
        let gone = changes
            .iter()
            .filter_map(|change| remembered::old(change, &holder.name, &[], &[zone]));
        longest = gone.fold(longest, Ord::max);
    }
    // Where nothing goes now, nobody knows since when nobody refers to it.
    if references.is_empty() || scene.outside != Outside::Silent {
        longest = longest.max(UNKNOWN_TTL).max(remembered::apex(zone));
    }
    steps.push(hold(&zone.name, longest, patience));
    let emptied: Vec<Change> = inside.iter().map(|set| Change::Delete((*set).clone())).collect();
    let batches = Batch::several(emptied, 0).map_err(too_much)?;
    steps.extend(batches.iter().cloned().map(|batch| Step::Change {
        party: zone.party,
        zone: zone.target(),
        batch,
    }));
    steps.push(Step::DeleteZone {
        party: zone.party,
        zone: zone.target(),
    });
    let preflight = preflight(&scene, &references, &inside, &batches);
    let outlook = outlook(zone, &references, longest);
    let name = zone.name.clone();
    Ok(scene.occasion.plan(scene.goal, name, steps, preflight.into(), outlook))
}

/// Whether a record set is one that every zone has.
pub fn is_own(set: &ExactSet, zone: &LiveZone) -> bool {
    set.name == zone.name && (set.record_type == RecordType::NS || set.record_type == RecordType::SOA)
}

/// What goes in each zone that refers to this one: its NS and DS, or those names of a longer NS record set that are this zone's.
fn references(scene: &Scene) -> Vec<(&LiveZone, Vec<Change>)> {
    let zone = &scene.zone;
    let of = |holder: &LiveZone| {
        let old = holder.sets.find(&zone.name, RecordType::NS)?;
        let servers = servers_of(old);
        let is_ours = |name: &DnsName| zone.name_servers.contains(name);
        if !servers.iter().any(is_ours) {
            return None;
        }
        if !servers.iter().all(is_ours) {
            let values = old
                .values()
                .iter()
                .filter(|value| !DnsName::parse_route53(value.expose().trim()).is_ok_and(|name| is_ours(&name)));
            let ttl = old.ttl.unwrap_or(UNKNOWN_TTL);
            let new = ExactSet::simple(old.name.clone(), RecordType::NS, ttl, values.cloned().collect());
            return Some(vec![Change::Replace {
                old: Box::new(old.clone()),
                new: Box::new(Wanted::Set(new)),
            }]);
        }
        let ds = holder.sets.find(&zone.name, RecordType::DS);
        Some(
            [Some(old), ds]
                .into_iter()
                .flatten()
                .cloned()
                .map(Change::Delete)
                .collect(),
        )
    };
    scene
        .holders
        .iter()
        .filter_map(|holder| Some((holder, of(holder)?)))
        .collect()
}

/// The wait for what resolvers remember of a delegation that is gone.
pub fn hold(name: &DnsName, seconds: u32, patience: &Patience) -> Step {
    let lasting = in_words(seconds);
    Step::Hold {
        seconds: u64::from(seconds),
        why: format!(
            "resolvers remember the delegation of {name} for up to {lasting}: until then the zone must answer"
        ),
        skipped: match patience {
            Patience::Wait => None,
            Patience::Now(reason) => Some(reason.clone()),
        },
    }
}

fn preflight(
    scene: &Scene,
    references: &[(&LiveZone, Vec<Change>)],
    inside: &[&ExactSet],
    emptied: &[Batch],
) -> Vec<Check> {
    let zone = &scene.zone;
    let mut all = Vec::new();
    for (holder, changes) in references {
        let batch = Batch::new(changes.clone()).into_iter().collect::<Vec<_>>();
        all.extend(checks::of_change(
            &scene.occasion,
            holder,
            &batch.iter().collect::<Vec<_>>(),
        ));
    }
    if references.iter().all(|(holder, _)| holder.party != zone.party) {
        all.extend(scene.occasion.party(zone.party).map(checks::caller));
    }
    let emptied: Vec<&Batch> = emptied.iter().collect();
    let of_zone = [checks::writable(zone), checks::managed(zone, &emptied)]
        .into_iter()
        .chain(checks::traffic_policies(&emptied))
        // What cannot be read cannot be deleted, and the zone cannot go before it does.
        .chain(checks::unreadable(zone).map(Check::firm))
        .chain(understood(zone));
    all.extend(of_zone.map(|check| check.of_zone(zone)));
    all.extend(scene.checks.iter().cloned());
    if let Outside::Unknown(why) = &scene.outside {
        all.push(unseen(&zone.name, why));
    }
    all.push(referrers(scene, references));
    all.push(contents(zone, inside));
    all
}

/// Who refers to the zone.
fn referrers(scene: &Scene, references: &[(&LiveZone, Vec<Change>)]) -> Check {
    let (code, title) = ("who-delegates", "Who delegates here");
    let lines: Vec<String> = references
        .iter()
        .map(|(holder, _)| format!("{} does; its NS goes first", holder.describe()))
        .collect();
    match (&scene.outside, lines.is_empty()) {
        (Outside::Refers, _) => referred_to(&scene.zone).with(lines),
        (_, true) => Check::new(code, title, Outcome::Ok, "no zone of the accounts refers to it"),
        (_, false) => {
            let saying = match lines.len() {
                1 => "1 zone refers to it".to_owned(),
                count => format!("{count} zones refer to it"),
            };
            Check::new(code, title, Outcome::Warn, saying).with(lines)
        }
    }
}

/// Somebody refers to a zone whom nobody here can tell.
fn referred_to(zone: &LiveZone) -> Check {
    let saying = format!(
        "the internet is referred to {} from a zone that is in none of the accounts",
        zone.describe()
    );
    Check::new("who-delegates", "Who delegates here", Outcome::Stop, saying)
}

/// What stands against deleting a zone of what was heard outside: others may be referred to it.
pub fn nobody_outside(zone: &LiveZone, outside: &Outside) -> Option<Check> {
    match outside {
        Outside::Refers => Some(referred_to(zone)),
        Outside::Silent => None,
        Outside::Unknown(why) => Some(unseen(&zone.name, why)),
    }
}

/// It was not seen who refers to a zone from elsewhere.
fn unseen(name: &DnsName, why: &str) -> Check {
    let saying = format!("whether the internet is referred to {name} from elsewhere is not known: {why}");
    Check::new(UNSEEN, "Referred to from outside", Outcome::Unchecked, saying)
}

/// Whether all that the zone holds was read: nothing else empties it, and its delegation goes first.
fn understood(zone: &LiveZone) -> Option<Check> {
    let read = zone.sets.sets.len() + zone.sets.unreadable.len();
    let read = u64::try_from(read).unwrap_or(u64::MAX);
    let saying = format!(
        "{} holds {} record sets, and {read} of them were read: it may have changed meanwhile",
        zone.describe(),
        zone.record_sets
    );
    let check = || Check::new("all-read", "All record sets read", Outcome::Unchecked, saying);
    (read != zone.record_sets).then(check)
}

fn contents(zone: &LiveZone, inside: &[&ExactSet]) -> Check {
    let (code, title) = ("contents", "Contents");
    match inside.is_empty() {
        true => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("{} holds nothing but its SOA and NS", zone.describe()),
        ),
        false => {
            let lines = inside
                .iter()
                .map(|set| format!("{} {} {}", set.name, set.record_type, show(set)));
            let saying = format!(
                "{} record sets of {} are deleted with it",
                inside.len(),
                zone.describe()
            );
            Check::new(code, title, Outcome::Warn, saying).with(lines)
        }
    }
}

fn outlook(zone: &LiveZone, references: &[(&LiveZone, Vec<Change>)], longest: u32) -> Outlook {
    let changes: Vec<ZoneChange<'_>> = references
        .iter()
        .map(|(holder, changes)| ZoneChange {
            zone: holder,
            changes: changes.iter().collect(),
        })
        .collect();
    let negative = references
        .iter()
        .map(|(holder, _)| holder.negative_ttl())
        .max()
        .unwrap_or(0);
    Outlook {
        effects: of_changes(&changes, &[zone], &[]),
        monthly_cents: -ZONE_CENTS,
        settles_after: u64::from(longest),
        undo: "zonecut undo puts the delegation back as long as the zone is there; once it is deleted, only a new zone with other name servers can take its place"
            .to_owned(),
        undo_settles_after: u64::from(negative),
        notes: vec!["Route 53 does not bill a zone that is deleted within 12 hours; otherwise the month is billed in full".to_owned()],
    }
}
