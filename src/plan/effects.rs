//! Which answers a plan changes: every name and type that is answered otherwise afterwards, as far as the zones at hand tell.
//!
//! Invariant: names that have no record sets are answered like any made-up name below the closest one that is there, so
//! asking one such name below each that is there speaks for all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::answers::{Heard, Reply, View, ViewZone};
use super::batch::{Change, Wanted};
use super::exact::ExactSet;
use super::live::LiveZone;
use super::outlook::{Effect, EffectKind, Scope};

/// The most effects of one kind that are listed one by one.
const LISTED: usize = 1_000;
/// A label that nobody uses.
const UNUSED: &[u8] = b"zonecut-asks-for-a-name-that-is-not-there";

type Key = (DnsName, EffectKind, Option<RecordType>);
/// What becomes of an answer: where that is to be said, if not at the name, and of which type.
type Shift = (Option<(DnsName, Scope)>, EffectKind, Option<RecordType>);

/// Every name whose answer changes where something changes at or below some names.
pub fn effects(before: &View, after: &View, changed: &[DnsName]) -> Vec<Effect> {
    let mut found = Found {
        before,
        after,
        types: types(before, after),
        scopes: BTreeMap::new(),
    };
    for name in names(before, after, changed) {
        found.look_at(&name);
    }
    found.list(changed)
}

impl Effect {
    /// Whether it speaks of a name and a type.
    pub fn covers(&self, name: &DnsName, record_type: RecordType) -> bool {
        let fits = |own: RecordType| own == record_type || own == RecordType::CNAME;
        let is_named = match self.scope {
            Scope::Subtree => name.is_at_or_below(&self.name),
            Scope::Name if self.name.is_wildcard() => {
                *name == self.name || self.name.parent().is_some_and(|encloser| name.is_below(&encloser))
            }
            Scope::Name => *name == self.name,
        };
        is_named && self.record_type.is_none_or(fits)
    }
}

/// The types that any of the zones holds.
fn types(before: &View, after: &View) -> BTreeSet<RecordType> {
    let zones = before.zones.iter().chain(&after.zones);
    let sets = zones.flat_map(|zone| zone.owners().flat_map(|owner| zone.at(owner)));
    let basic = [RecordType::A, RecordType::NS, RecordType::SOA];
    sets.map(|set| set.record_type).chain(basic).collect()
}

/// The names at and below what changes that have record sets, and those above them, on which wildcards depend.
fn names(before: &View, after: &View, changed: &[DnsName]) -> BTreeSet<DnsName> {
    let apex = before
        .zones
        .first()
        .map_or_else(DnsName::root, |zone| zone.name.clone());
    let zones = before.zones.iter().chain(&after.zones);
    let owners = zones.flat_map(|zone| zone.owners());
    let within = owners.filter(|owner| changed.iter().any(|name| owner.is_at_or_below(name)));
    let named: Vec<&DnsName> = within.chain(changed).collect();
    let upwards = named.iter().flat_map(|name| name.ancestors());
    let all = named.iter().map(|name| (*name).clone()).chain(upwards);
    all.filter(|name| name.is_at_or_below(&apex)).collect()
}

struct Found<'a> {
    before: &'a View,
    after: &'a View,
    types: BTreeSet<RecordType>,
    scopes: BTreeMap<Key, Scope>,
}

impl Found<'_> {
    fn look_at(&mut self, name: &DnsName) {
        let unused = name.child(UNUSED).ok();
        let wildcard = name.child(b"*").ok();
        for record_type in self.types.clone() {
            for (place, kind, shown) in self.changes(name, record_type) {
                let place = place.unwrap_or_else(|| (name.clone(), Scope::Name));
                self.note(place, kind, shown);
            }
            let Some(unused) = &unused else { continue };
            for (place, kind, shown) in self.changes(unused, record_type) {
                let own = self.scopes.get_mut(&(name.clone(), kind, shown));
                match (place, own, &wildcard) {
                    (Some(place), _, _) => self.note(place, kind, shown),
                    (None, Some(scope), _) => *scope = Scope::Subtree,
                    (None, None, Some(wildcard)) => self.note((wildcard.clone(), Scope::Name), kind, shown),
                    (None, None, None) => {}
                }
            }
        }
    }

    fn note(&mut self, (name, scope): (DnsName, Scope), kind: EffectKind, record_type: Option<RecordType>) {
        let kind = match (kind, record_type) {
            (EffectKind::Hidden, Some(held)) if scope == Scope::Name && !self.stays(&name, held) => {
                EffectKind::Vanishes
            }
            _ => kind,
        };
        let known = self.scopes.entry((name, kind, record_type)).or_insert(scope);
        if scope == Scope::Subtree {
            *known = scope;
        }
    }

    fn stays(&self, name: &DnsName, record_type: RecordType) -> bool {
        let mut held = self.after.zones.iter().flat_map(|zone| zone.at(name));
        held.any(|set| set.record_type == record_type)
    }

    /// What becomes of the answer for one name and type: where that is to be said, if not at the name, and of which type.
    fn changes(&self, name: &DnsName, asked: RecordType) -> Vec<Shift> {
        let (old, new) = (self.before.ask(name, asked), self.after.ask(name, asked));
        if old.replies == new.replies {
            return Vec::new();
        }
        let at = |cut: &DnsName| Some((cut.clone(), Scope::Subtree));
        let mut changes = Vec::new();
        let shown = |heard: &Heard| heard.answering().or(Some(asked));
        match (old.leads_out(), new.leads_out()) {
            (false, false) => changes.push((None, kind_within(&old, &new), shown_within(&old, &new, asked))),
            (false, true) => {
                if old.has_data() {
                    changes.push((None, kind_lost(&old, &new), shown(&old)));
                }
                let cut = new.cuts.last();
                changes.extend(cut.map(|cut| (at(cut), self.kind_at(cut), None)));
            }
            (true, false) => {
                if new.has_data() && !old.has_data() {
                    changes.push((None, kind_gained(&old), shown(&new)));
                }
                let is_nothing = !new.has_data() || old.has_data();
                let cut = old.cuts.last().filter(|_| is_nothing);
                let kind = match old.replies.iter().any(|reply| matches!(reply, Reply::Elsewhere(_))) && !new.has_data()
                {
                    true => EffectKind::Vanishes,
                    false => EffectKind::Changes,
                };
                changes.extend(cut.map(|cut| (at(cut), kind, None)));
            }
            (true, true) => {
                let cut = new.cuts.last().or(old.cuts.last());
                let kind = match cut {
                    Some(cut) if old.cuts.last() != Some(cut) => self.kind_at(cut),
                    _ => EffectKind::Changes,
                };
                changes.extend(cut.map(|cut| (at(cut), kind, None)));
            }
        }
        changes
    }

    /// What a delegation that leads out of the zones at hand means: it comes, or it was there and is reached now.
    fn kind_at(&self, cut: &DnsName) -> EffectKind {
        match self.before.delegates(cut) {
            true => EffectKind::Reachable,
            false => EffectKind::Appears,
        }
    }

    /// The names whose CNAME gave answers for several types of which some change and some go: that is told once.
    fn take_mixed(&mut self) -> BTreeSet<DnsName> {
        let cname = Some(RecordType::CNAME);
        let goes = |key: &&Key| key.1 == EffectKind::Vanishes && is_alias(key.2);
        let gone = self.scopes.keys().filter(goes);
        let mixed: BTreeSet<DnsName> = gone
            .filter(|(name, _, _)| self.scopes.contains_key(&(name.clone(), EffectKind::Changes, cname)))
            .map(|(name, _, _)| name.clone())
            .collect();
        for name in &mixed {
            let changes = self.scopes.remove(&(name.clone(), EffectKind::Changes, cname));
            if changes == Some(Scope::Subtree) {
                self.note((name.clone(), Scope::Subtree), EffectKind::Vanishes, cname);
            }
        }
        mixed
    }

    fn list(&mut self, changed: &[DnsName]) -> Vec<Effect> {
        let mixed = self.take_mixed();
        let mut counts: BTreeMap<EffectKind, usize> = BTreeMap::new();
        for (_, kind, _) in self.scopes.keys() {
            *counts.entry(*kind).or_default() += 1;
        }
        let is_listed = |kind: &EffectKind| counts.get(kind).is_none_or(|count| *count <= LISTED);
        let listed = self.scopes.iter().filter(|((_, kind, _), _)| is_listed(kind));
        let mut effects: Vec<Effect> = listed
            .map(|((name, kind, record_type), scope)| effect(*kind, name, *record_type, *scope))
            .collect();
        let of_mixed = |effect: &&mut Effect| effect.kind == EffectKind::Vanishes && mixed.contains(&effect.name);
        for effect in effects
            .iter_mut()
            .filter(of_mixed)
            .filter(|effect| is_alias(effect.record_type))
        {
            effect.saying = format!(
                "{} CNAME: is answered otherwise, and for some types no longer",
                effect.name
            );
        }
        for (kind, count) in counts.iter().filter(|(kind, _)| !is_listed(kind)) {
            effects.extend(changed.iter().map(|name| Effect {
                saying: format!("{count} record sets at and below {name}: {}", kind.word()),
                ..effect(*kind, name, None, Scope::Subtree)
            }));
        }
        effects.sort_by(|a, b| (a.kind, &a.name, a.record_type).cmp(&(b.kind, &b.name, b.record_type)));
        effects
    }
}

fn is_alias(record_type: Option<RecordType>) -> bool {
    record_type == Some(RecordType::CNAME)
}

fn kind_within(old: &Heard, new: &Heard) -> EffectKind {
    match (old.has_data(), new.has_data()) {
        (true, false) => kind_lost(old, new),
        (false, true) => EffectKind::Appears,
        _ => EffectKind::Changes,
    }
}

fn shown_within(old: &Heard, new: &Heard, asked: RecordType) -> Option<RecordType> {
    old.answering().or(new.answering()).or(Some(asked))
}

fn kind_lost(old: &Heard, new: &Heard) -> EffectKind {
    match &old.wildcard {
        Some(_) => EffectKind::WildcardEnds,
        None if new.cuts.len() > old.cuts.len() => EffectKind::Hidden,
        None => EffectKind::Vanishes,
    }
}

fn kind_gained(old: &Heard) -> EffectKind {
    match old.replies.iter().all(|reply| *reply == Reply::Fails) {
        true => EffectKind::Appears,
        false => EffectKind::Changes,
    }
}

fn effect(kind: EffectKind, name: &DnsName, record_type: Option<RecordType>, scope: Scope) -> Effect {
    let what = match record_type {
        Some(record_type) => format!("{name} {record_type}"),
        None => name.to_string(),
    };
    let what = match scope {
        Scope::Subtree => format!("{what} and all below it"),
        Scope::Name => what,
    };
    let saying = match kind {
        // A delegation that leads out of the zones at hand: what its servers say is not known here.
        EffectKind::Appears if scope == Scope::Subtree => {
            format!("{what}: is referred to other name servers, and resolves as far as those serve it")
        }
        EffectKind::Appears => format!("{what}: resolves, and did not before"),
        EffectKind::Changes => format!("{what}: is answered otherwise"),
        EffectKind::Hidden => format!("{what}: stays in the parent and is no longer served"),
        EffectKind::WildcardEnds => format!("{what}: is no longer answered by the parent's wildcard"),
        EffectKind::Vanishes => format!("{what}: no longer resolves"),
        EffectKind::Reachable => {
            format!("{what}: the delegation there is reached now, with whatever is wrong about it")
        }
    };
    Effect {
        kind,
        name: name.clone(),
        scope,
        record_type,
        saying,
    }
}

/// What a plan does to the record sets of one zone.
pub struct ZoneChange<'a> {
    /// The zone, as it is.
    pub zone: &'a LiveZone,
    /// What becomes of its record sets.
    pub changes: Vec<&'a Change>,
}

/// Every name whose answer changes where these zones are changed and some of them are gone; questions are asked of the
/// uppermost.
pub fn of_changes(zones: &[ZoneChange<'_>], gone: &[&LiveZone], dead: &[DnsName]) -> Vec<Effect> {
    let is_upper = |one: &&ZoneChange<'_>| !zones.iter().any(|other| one.zone.name.is_below(&other.zone.name));
    let mut all: Vec<Effect> = Vec::new();
    for upper in zones.iter().filter(is_upper) {
        let lower = zones.iter().filter(|other| other.zone.name.is_below(&upper.zone.name));
        let involved: Vec<&ZoneChange<'_>> = std::iter::once(upper).chain(lower).collect();
        let idle = gone.iter().copied().filter(|zone| {
            zone.name.is_below(&upper.zone.name) && !involved.iter().any(|other| other.zone.id == zone.id)
        });
        let mut before: Vec<ViewZone> = involved.iter().map(|change| view_of(change.zone)).collect();
        let mut after = before.clone();
        for (zone, change) in after.iter_mut().zip(&involved) {
            change.changes.iter().for_each(|change| apply(zone, change));
        }
        before.extend(idle.map(view_of));
        after.retain(|zone| {
            !gone
                .iter()
                .any(|other| other.name == zone.name && other.name_servers == zone.servers)
        });
        let changes = involved.iter().flat_map(|change| &change.changes);
        let changed: Vec<DnsName> = changes.map(|change| change.name().clone()).collect();
        let view = |zones: Vec<ViewZone>| View {
            zones,
            dead: dead.to_vec(),
        };
        let found = effects(&view(before), &view(after), &changed);
        all.extend(
            found
                .into_iter()
                .filter(|effect| !all.contains(effect))
                .collect::<Vec<_>>(),
        );
    }
    all
}

fn view_of(zone: &LiveZone) -> ViewZone {
    ViewZone::new(
        zone.name.clone(),
        zone.name_servers.clone(),
        &zone.sets.sets,
        &zone.sets.names,
    )
}

fn apply(zone: &mut ViewZone, change: &Change) {
    if let Some(old) = change.old() {
        zone.take(old);
    }
    match change.wanted() {
        Some(Wanted::Set(set)) => zone.put(set.clone()),
        Some(Wanted::Servers { name, ttl, .. }) => {
            let assigned: Vec<DnsName> = DnsName::from_labels([&b"assigned"[..], b"invalid"])
                .into_iter()
                .collect();
            zone.put(ExactSet::name_servers(name.clone(), *ttl, &assigned));
        }
        None => {}
    }
}
