//! Creates, changes and deletes record sets of one zone, after checking that Route 53 and the DNS would take them so.
//!
//! Invariant: the apex keeps its NS and SOA, name servers of Route 53 are never typed, and a routing policy stays as it is.

use crate::model::awsdns;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

use super::batch::{Batch, Change, Wanted};
use super::cut::{servers_of, too_much};
use super::effects::{ZoneChange, of_changes};
use super::exact::{Content, ExactSet, Policy};
use super::live::{LiveZone, Occasion};
use super::outlook::{EffectKind, Outlook};
use super::preflight::{Check, Outcome};
use super::step::Step;
use super::wish::Edit;
use super::{Goal, Plan, Refusal, checks, value};

/// The most values of one record set.
const MAX_VALUES: usize = 400;
/// The longest time to live (RFC 2181 section 8).
pub(super) const MAX_TTL: u32 = 2_147_483_647;

/// A zone and what was read of it around the names that are edited.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Whose accounts take part, when, and what the plan is called.
    pub occasion: Occasion,
    /// The zone.
    pub zone: LiveZone,
    /// Names of the edits that are public zones of the accounts.
    pub held: Vec<DnsName>,
    /// What was checked of other zones.
    pub checks: Vec<Check>,
}

/// What edits come to, where they may be made.
pub fn changes(scene: &Scene, edits: &[Edit]) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    for edit in edits {
        changes.extend(change(scene, edit)?);
    }
    if changes.is_empty() {
        return Err(Refusal::so_already(format!(
            "{} already is as wanted",
            scene.zone.describe()
        )));
    }
    beside_each_other(&scene.zone, &changes)?;
    Ok(changes)
}

/// Plans edits.
pub fn plan(scene: Scene, edits: &[Edit]) -> Result<Plan, Refusal> {
    let changes = changes(&scene, edits)?;
    let batch = Batch::new(changes.clone()).map_err(too_much)?;
    let zone = &scene.zone;
    let mut preflight = checks::of_change(&scene.occasion, zone, &[&batch]);
    preflight.extend(scene.checks.iter().cloned());
    preflight.extend(below_a_cut(zone, &changes));
    let effects = of_changes(
        &[ZoneChange {
            zone,
            changes: changes.iter().collect(),
        }],
        &[],
        &[],
    );
    preflight.extend(lost(&effects));
    let outlook = outlook(zone, &changes, effects);
    let subject = changes
        .first()
        .map_or_else(|| zone.name.clone(), |change| change.name().clone());
    let step = Step::Change {
        party: zone.party,
        zone: zone.target(),
        batch,
    };
    Ok(scene
        .occasion
        .plan(Goal::Records, subject, vec![step], preflight.into(), outlook))
}

fn change(scene: &Scene, edit: &Edit) -> Result<Option<Change>, Refusal> {
    match edit {
        Edit::Put(set) => put(scene, &set.clone().as_stored()),
        Edit::Add(set) => {
            let set = &set.clone().as_stored();
            check(scene, set)?;
            match there(&scene.zone, set) {
                None => Ok(Some(Change::Create(Wanted::Set(set.clone())))),
                Some(_) => Err(
                    Refusal::new(format!("{} {} is there already", set.name, set.record_type))
                        .next("to replace it, change it instead of adding it: zonecut record set, or C on it"),
                ),
            }
        }
        Edit::Remove {
            name,
            record_type,
            identifier,
        } => remove(scene, name, *record_type, identifier.as_ref()).map(Some),
    }
}

fn there<'a>(zone: &'a LiveZone, set: &ExactSet) -> Option<&'a ExactSet> {
    zone.sets.at(&set.name).find(|other| other.is_of_the_place_of(set))
}

fn put(scene: &Scene, set: &ExactSet) -> Result<Option<Change>, Refusal> {
    let zone = &scene.zone;
    let set = keep_policy(zone, set)?;
    check(scene, &set)?;
    let Some(old) = there(zone, &set) else {
        return Ok(Some(Change::Create(Wanted::Set(set))));
    };
    let old = old.clone();
    Ok((!old.is_same_as(&set)).then(|| Change::Replace {
        old: Box::new(old),
        new: Box::new(Wanted::Set(set)),
    }))
}

/// What is put in the place of a record set with a routing policy keeps that policy, and its health check.
fn keep_policy(zone: &LiveZone, set: &ExactSet) -> Result<ExactSet, Refusal> {
    let alike = || {
        zone.sets
            .at(&set.name)
            .filter(|other| other.record_type == set.record_type)
    };
    let routed = alike().any(|other| other.routing.is_some());
    let what = format!("{} {}", set.name, set.record_type);
    let Some(routing) = &set.routing else {
        let kept = alike().find_map(|other| other.health_check.clone());
        return match routed {
            true => Err(Refusal::new(format!("{what} has a routing policy")).next(format!(
                "say which of its record sets is meant by its set identifier: {}",
                identifiers(zone, &set.name, set.record_type)
            ))),
            false => Ok(ExactSet {
                health_check: set.health_check.clone().or(kept),
                ..set.clone()
            }),
        };
    };
    let Some(old) = alike().find(|other| other.identifier() == Some(routing.set_identifier.expose())) else {
        return Err(Refusal::new(format!(
            "{what} has no set identifier {}",
            routing.set_identifier.clipped(80)
        ))
        .next("routing policies are kept as they are: zonecut makes no new ones"));
    };
    let mut new = set.clone();
    if let (Some(own), Some(kept)) = (&mut new.routing, &old.routing) {
        if own.policy != Policy::Unknown && own.policy != kept.policy {
            return Err(Refusal::new(format!("the routing policy of {what} would change"))
                .next("routing policies are kept as they are: change it where it was made"));
        }
        own.policy = kept.policy.clone();
    }
    new.health_check = new.health_check.or_else(|| old.health_check.clone());
    Ok(new)
}

fn identifiers(zone: &LiveZone, name: &DnsName, record_type: RecordType) -> String {
    let alike = zone.sets.at(name).filter(|other| other.record_type == record_type);
    let names: Vec<String> = alike
        .filter_map(|other| other.routing.as_ref())
        .map(|routing| routing.set_identifier.clipped(80))
        .collect();
    names.join(", ")
}

fn remove(
    scene: &Scene,
    name: &DnsName,
    record_type: RecordType,
    identifier: Option<&Untrusted>,
) -> Result<Change, Refusal> {
    let zone = &scene.zone;
    refuse_apex(zone, name, record_type)?;
    let alike = zone.sets.at(name).filter(|set| set.record_type == record_type);
    let meant: Vec<&ExactSet> = alike
        .filter(|set| identifier.is_none() || set.identifier() == identifier.map(Untrusted::expose))
        .collect();
    match meant.as_slice() {
        [set] if set.routing.is_none() || identifier.is_some() => Ok(Change::Delete((*set).clone())),
        [] => Err(Refusal::new(format!("{} has no {name} {record_type}", zone.describe()))),
        _ => Err(
            Refusal::new(format!("{name} {record_type} has a routing policy")).next(format!(
                "say which of its record sets is meant by its set identifier: {}",
                identifiers(zone, name, record_type)
            )),
        ),
    }
}

/// Whether a record set may stand in the zone, by itself.
fn check(scene: &Scene, set: &ExactSet) -> Result<(), Refusal> {
    let (zone, kind) = (&scene.zone, set.record_type);
    let what = format!("{} {kind}", set.name);
    if !set.name.is_at_or_below(&zone.name) {
        return Err(Refusal::new(format!(
            "{} is not in the zone {}",
            set.name,
            zone.describe()
        )));
    }
    refuse_apex(zone, &set.name, kind)?;
    let at_apex = set.name == zone.name;
    if at_apex && apex_flaw(kind).is_some() {
        let next = match kind == RecordType::CNAME {
            true => "make an alias of type A or AAAA instead",
            false => "a DS belongs into the zone above",
        };
        return Err(Refusal::new(format!("no {kind} can stand at the apex of {}", zone.describe())).next(next));
    }
    if kind == RecordType::NS {
        check_delegation(scene, set)?;
    }
    match &set.content {
        Content::Alias { target, zone, .. } => check_alias(&what, set, target, zone),
        Content::Values(values) => check_values(&what, set, values),
    }
}

/// Why a record set of a type is not written at the apex.
pub(super) fn apex_flaw(record_type: RecordType) -> Option<&'static str> {
    match record_type {
        RecordType::NS | RecordType::SOA => Some("the one at the apex is Route 53's own: it is not changed"),
        RecordType::CNAME | RecordType::DS => Some("none can stand at the apex of a zone"),
        _ => None,
    }
}

fn refuse_apex(zone: &LiveZone, name: &DnsName, record_type: RecordType) -> Result<(), Refusal> {
    let is_kept = record_type == RecordType::NS || record_type == RecordType::SOA;
    match *name == zone.name && is_kept {
        false => Ok(()),
        true => Err(Refusal::new(format!("the {record_type} record set at the apex of {} is not changed", zone.describe())).next(format!(
            "who serves {name} is decided by the NS record set in the zone above, or at the registrar; see zonecut explain apex"
        ))),
    }
}

/// Name servers of Route 53 come from a delegation set, never from typing.
fn check_delegation(scene: &Scene, set: &ExactSet) -> Result<(), Refusal> {
    let name = &set.name;
    if name.is_wildcard() {
        return Err(Refusal::new("Route 53 takes no NS record set at a wildcard"));
    }
    if matches!(set.content, Content::Alias { .. }) {
        return Err(Refusal::new(format!(
            "the NS record set {name} cannot be an alias: it names the servers of a zone"
        )));
    }
    let servers = servers_of(set);
    let is_typed = servers.iter().any(awsdns::is_awsdns) || scene.held.contains(name);
    match is_typed {
        true => Err(Refusal::new(format!(
            "the name servers of {name} are not typed: they come from the zone's delegation set"
        ))
        .next(format!("zonecut delegate {name}"))),
        false if servers.len() < 2 => Err(Refusal::new(format!("{name} would have a single name server"))),
        false => Ok(()),
    }
}

fn check_alias(what: &str, set: &ExactSet, target: &Untrusted, zone: &Untrusted) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::new(format!("{what} cannot be an alias: {why}")));
    match () {
        () if set.ttl.is_some() => refuse("an alias has no TTL of its own"),
        () if [RecordType::NS, RecordType::SOA, RecordType::DS].contains(&set.record_type) => {
            refuse("Route 53 has none of that type")
        }
        () if DnsName::parse_route53(target.expose()).is_err() => refuse("its target is no name"),
        () if ZoneId::read(zone.expose()).is_none() => refuse("its target's hosted zone has no such id"),
        () => Ok(()),
    }
}

fn check_values(what: &str, set: &ExactSet, values: &[Untrusted]) -> Result<(), Refusal> {
    match set.ttl {
        Some(0..=MAX_TTL) => {}
        Some(ttl) => return Err(Refusal::new(format!("{what} cannot live for {ttl} seconds"))),
        None => return Err(Refusal::new(format!("{what} needs a TTL"))),
    }
    if values.is_empty() || values.len() > MAX_VALUES {
        return Err(Refusal::new(format!(
            "{what} needs 1 to {MAX_VALUES} values, not {}",
            values.len()
        )));
    }
    if set.record_type == RecordType::CNAME && values.len() > 1 {
        return Err(Refusal::new(format!("{what} can have one value only")));
    }
    for (at, value) in values.iter().enumerate() {
        if values.iter().take(at).any(|other| other == value) {
            return Err(Refusal::new(format!(
                "{what} has the value {} twice",
                value.clipped(80)
            )));
        }
        if let Some(flaw) = value::flaw(set.record_type, value.expose()) {
            let shown = value.clipped(80);
            return Err(Refusal::new(format!("{what} cannot have the value {shown}: {flaw}")));
        }
    }
    Ok(())
}

/// Nothing stands beside a CNAME, and a DS only beside an NS (RFC 1034 section 3.6.2, RFC 4035 section 2.4).
fn beside_each_other(zone: &LiveZone, changes: &[Change]) -> Result<(), Refusal> {
    for name in changes.iter().map(Change::name) {
        let is_gone = |set: &&ExactSet| changes.iter().filter_map(Change::old).any(|old| old == *set);
        let stays = zone
            .sets
            .at(name)
            .filter(|set| !is_gone(set))
            .map(|set| set.record_type);
        let comes = changes
            .iter()
            .filter_map(Change::name_and_type)
            .filter(|(other, _)| *other == name)
            .map(|(_, kind)| kind);
        let kinds: Vec<RecordType> = stays.chain(comes).collect();
        let has = |kind: RecordType| kinds.contains(&kind);
        if has(RecordType::CNAME) && kinds.iter().any(|kind| *kind != RecordType::CNAME) {
            return Err(Refusal::new(format!(
                "{name} would have a CNAME and something else, and nothing stands beside a CNAME"
            ))
            .next("remove what is there in the same plan"));
        }
        if has(RecordType::DS) && !has(RecordType::NS) {
            return Err(Refusal::new(format!("{name} would have a DS without an NS record set"))
                .next("delegate the name first; or delete the DS as well"));
        }
    }
    Ok(())
}

/// Whether what is written is hidden by a delegation of the same zone.
fn below_a_cut(zone: &LiveZone, changes: &[Change]) -> Option<Check> {
    let hidden: Vec<String> = changes
        .iter()
        .filter(|change| change.wanted().is_some())
        .filter_map(|change| {
            let name = change.name();
            let above = zone.sets.cut_above(&zone.name, name);
            let beside = change
                .name_and_type()
                .is_some_and(|(_, kind)| kind != RecordType::NS && kind != RecordType::DS)
                && zone.sets.find(name, RecordType::NS).is_some()
                && *name != zone.name;
            let cut = above.or_else(|| beside.then(|| name.clone()))?;
            Some(format!("{name} is hidden by the delegation of {cut}"))
        })
        .collect();
    let saying = format!("nobody will see it: {} delegates the name away", zone.describe());
    (!hidden.is_empty()).then(|| Check::new("below-a-cut", "Below a delegation", Outcome::Warn, saying).with(hidden))
}

/// Names that lose their answer although nobody named them.
fn lost(effects: &[super::outlook::Effect]) -> Option<Check> {
    let is_lost = |kind: EffectKind| matches!(kind, EffectKind::Hidden | EffectKind::WildcardEnds);
    let lost: Vec<String> = effects
        .iter()
        .filter(|effect| is_lost(effect.kind))
        .map(|effect| effect.saying.clone())
        .collect();
    let saying = "other names lose their answer as well";
    (!lost.is_empty()).then(|| Check::new("hidden-records", "Hidden record sets", Outcome::Warn, saying).with(lost))
}

fn outlook(zone: &LiveZone, changes: &[Change], effects: Vec<super::outlook::Effect>) -> Outlook {
    let ttl = |set: &ExactSet| u64::from(set.ttl.unwrap_or(60));
    let negative = u64::from(zone.negative_ttl());
    let before = changes
        .iter()
        .map(|change| change.old().map_or(negative, ttl))
        .max()
        .unwrap_or(0);
    let after = changes.iter().map(|change| match change.wanted() {
        Some(Wanted::Set(set)) => ttl(set),
        _ => negative,
    });
    Outlook {
        effects,
        settles_after: before,
        undo_settles_after: after.max().unwrap_or(0),
        undo: "zonecut undo puts exactly back what was there, as long as nobody changed it since".to_owned(),
        ..Outlook::default()
    }
}
