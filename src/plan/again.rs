//! What is no longer as it was when a plan was confirmed: the rest of a plan that is too old, held against what is there now.
//!
//! Invariant: a stop, a warning or a name whose answer changes that the person did not see is news, and so is more of the same.

use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

use super::batch::{Change, Wanted};
use super::cut::UNKNOWN_TTL;
use super::effects::{ZoneChange, of_changes};
use super::exact::ExactSet;
use super::journal::{Phase, Run};
use super::live::{Extract, LiveZone};
use super::outlook::{Effect, EffectKind, Scope};
use super::preflight::{Check, Outcome};
use super::step::Step;
use super::{Goal, PartyIx, Plan, Refusal};

/// Checks that a plan has only where they do not pass.
const ONLY_WHERE_ILL: [&str; 2] = ["unreadable-records", "traffic-policy"];
/// How much of the news a sentence tells.
const TOLD: usize = 5;

/// What of a plan is still to be changed in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The account, by its place in the plan.
    pub party: PartyIx,
    /// The zone.
    pub zone: ZoneId,
    /// Its apex.
    pub apex: DnsName,
    /// What becomes of its record sets, with the name servers of zones that were made.
    pub changes: Vec<Change>,
    /// Whether the person was told what becomes of answers there: not of a zone that goes as well, nor of a dead twin.
    pub is_disclosed: bool,
}

/// What of a plan is still to be changed, by zone; zones that are not there yet are left out.
pub fn rest(run: &Run) -> Vec<Rest> {
    let mut rests: Vec<Rest> = Vec::new();
    let waiting = run.plan.steps.iter().zip(&run.phases);
    for (step, _) in waiting.filter(|(_, phase)| **phase == Phase::Waiting) {
        let Step::Change { party, zone, batch } = step else {
            continue;
        };
        let Some(id) = run.zone_id(zone) else { continue };
        let changes = batch.changes().iter().map(|change| with_servers(change, run));
        match rests.iter_mut().find(|rest| rest.zone == *id) {
            Some(rest) => rest.changes.extend(changes),
            None => rests.push(Rest {
                party: *party,
                zone: id.clone(),
                apex: zone.name().clone(),
                changes: changes.collect(),
                is_disclosed: !is_doomed(run, id) && !is_second_of_its_name(run, id, zone.name()),
            }),
        }
    }
    rests
}

fn is_doomed(run: &Run, id: &ZoneId) -> bool {
    let mut steps = run.plan.steps.iter();
    steps.any(|step| matches!(step, Step::DeleteZone { zone, .. } if run.zone_id(zone) == Some(id)))
}

/// Whether an earlier step changes another zone of the same name: that one is used, so this one is not.
fn is_second_of_its_name(run: &Run, id: &ZoneId, apex: &DnsName) -> bool {
    let first = run.plan.steps.iter().find_map(|step| match step {
        Step::Change { zone, .. } if zone.name() == apex => run.zone_id(zone),
        _ => None,
    });
    first != Some(id)
}

fn with_servers(change: &Change, run: &Run) -> Change {
    let known = |wanted: &Wanted| match wanted {
        Wanted::Servers { name, ttl, of } => match run.created(*of) {
            Some((_, servers)) => Wanted::Set(ExactSet::name_servers(name.clone(), *ttl, servers)),
            None => Wanted::Set(ExactSet::name_servers(name.clone(), *ttl, &assigned())),
        },
        Wanted::Set(_) => wanted.clone(),
    };
    match change {
        Change::Create(new) => Change::Create(known(new)),
        Change::Delete(old) => Change::Delete(old.clone()),
        Change::Replace { old, new } => Change::Replace {
            old: old.clone(),
            new: Box::new(known(new)),
        },
    }
}

/// A stand-in for the name servers of a zone that is not there yet.
pub fn assigned() -> Vec<DnsName> {
    DnsName::from_labels([&b"assigned"[..], b"invalid"])
        .into_iter()
        .collect()
}

/// A stand-in for a zone that is not there yet, as Route 53 will make it.
pub fn to_be_created(party: PartyIx, name: &DnsName) -> Option<LiveZone> {
    let soa = vec![Untrusted::from(
        "ns. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400",
    )];
    let sets = vec![
        ExactSet::name_servers(name.clone(), UNKNOWN_TTL, &assigned()),
        ExactSet::simple(name.clone(), RecordType::SOA, 900, soa),
    ];
    Some(LiveZone {
        party,
        id: ZoneId::read("TOBECREATED")?,
        name: name.clone(),
        reference: Untrusted::default(),
        record_sets: 2,
        name_servers: assigned(),
        linked_service: None,
        recovery: None,
        tags: Ok(Vec::new()),
        sets: Extract::whole(sets),
    })
}

/// What is there now of what a plan rests on.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// The zones that are still to be changed.
    pub zones: Vec<(LiveZone, Rest)>,
    /// Zones that the coming name servers serve.
    pub children: Vec<LiveZone>,
    /// Zones that are still to be deleted.
    pub gone: Vec<LiveZone>,
    /// Servers that were heard not to answer.
    pub dead: Vec<DnsName>,
    /// What was checked anew.
    pub checks: Vec<Check>,
}

/// What the person who confirmed a plan did not see, a sentence each.
pub fn news(plan: &Plan, present: &Present) -> Vec<String> {
    let checks = present.checks.iter().filter_map(|check| news_of(plan, check));
    let zones = present.zones.iter().filter(|(_, rest)| rest.is_disclosed);
    let mut changed: Vec<ZoneChange<'_>> = zones
        .map(|(zone, rest)| ZoneChange {
            zone,
            changes: rest.changes.iter().collect(),
        })
        .collect();
    let is_changed = |zone: &LiveZone| present.zones.iter().any(|(other, _)| other.id == zone.id);
    let children = present.children.iter().filter(|zone| !is_changed(zone));
    changed.extend(children.map(|zone| ZoneChange {
        zone,
        changes: Vec::new(),
    }));
    let gone: Vec<&LiveZone> = present.gone.iter().collect();
    let effects = of_changes(&changed, &gone, &present.dead);
    let confirmed = &plan.outlook.effects;
    let effects = effects
        .into_iter()
        .filter(|effect| !confirmed.iter().any(|known| tells(known, effect)))
        .map(|effect| effect.saying);
    checks.chain(effects).collect()
}

/// What a check says that it did not say when the plan was confirmed.
fn news_of(plan: &Plan, now: &Check) -> Option<String> {
    let of_code = || plan.preflight.0.iter().filter(|check| check.code == now.code);
    let before: Vec<&Check> = of_code().filter(|check| check.is_about_that_of(now)).collect();
    let was_asked = of_code().next().is_some() || ONLY_WHERE_ILL.contains(&now.code.as_str());
    if now.outcome == Outcome::Ok || !was_asked {
        return None;
    }
    let is_worse = before.iter().all(|check| check.outcome < now.outcome);
    let is_seen = |line: &&String| before.iter().any(|check| check.details.contains(line));
    let more: Vec<&str> = now
        .details
        .iter()
        .filter(|line| is_worse || !is_seen(line))
        .map(String::as_str)
        .collect();
    let saying = format!("{}: {}", now.title, now.saying);
    match (is_worse, more.is_empty()) {
        (false, true) => None,
        (_, true) => Some(saying),
        (_, false) => Some(format!("{saying} ({})", more.join(", "))),
    }
}

/// What becomes of an answer, as coarsely as a person takes it.
#[derive(PartialEq, Eq)]
enum Turn {
    Comes,
    Changes,
    Goes,
}

fn turn(kind: EffectKind) -> Turn {
    match kind {
        EffectKind::Appears | EffectKind::Reachable => Turn::Comes,
        EffectKind::Changes => Turn::Changes,
        EffectKind::Hidden | EffectKind::WildcardEnds | EffectKind::Vanishes => Turn::Goes,
    }
}

/// Whether a person who read of one effect knows of the other.
fn tells(known: &Effect, now: &Effect) -> bool {
    let is_within = match known.scope {
        Scope::Subtree => now.name.is_at_or_below(&known.name),
        Scope::Name => now.name == known.name && now.scope == Scope::Name,
    };
    let fits = match now.record_type {
        Some(record_type) => is_within && known.record_type.is_none() || known.covers(&now.name, record_type),
        None => is_within && known.record_type.is_none(),
    };
    turn(known.kind) == turn(now.kind) && fits
}

/// Why a plan that is too old does not go on, and what to do instead.
pub fn overtaken(run: &Run, news: &[String]) -> Refusal {
    let told: Vec<&str> = news.iter().take(TOLD).map(String::as_str).collect();
    let more = match news.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let what = format!(
        "since the plan was made, something came that it does not tell of: {}{more}",
        told.join("; ")
    );
    Refusal::new(what).next(instead(run))
}

/// What a person can do about a plan that does not go on.
pub fn instead(run: &Run) -> String {
    if run.written().next().is_none() {
        return "make the plan anew".to_owned();
    }
    let undo = format!("take back what was made: zonecut undo {}", run.plan.id.short());
    match adopting(run) {
        Some(command) => format!("{undo}; or plan the rest anew with the zone that was made: {command}"),
        None => format!("{undo}; or make a new plan of what is left"),
    }
}

/// The command that plans the rest of a delegation with the zone that was made for it.
fn adopting(run: &Run) -> Option<String> {
    if matches!(run.plan.goal, Goal::Undo { .. } | Goal::Teardown) {
        return None;
    }
    let created = (0..run.plan.steps.len()).find_map(|step| run.created(step));
    let (zone, _) = created?;
    let subject = &run.plan.subject;
    let parent = run.plan.steps.iter().find_map(|step| match step {
        Step::Change { zone, .. } if subject.is_below(zone.name()) => run.zone_id(zone),
        _ => None,
    });
    let parent = parent.map_or_else(String::new, |parent| format!(" --parent {parent}"));
    Some(format!("zonecut delegate {subject} --zone {zone}{parent}"))
}
