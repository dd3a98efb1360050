//! All cuts and their findings, kept up to date as facts come in.
//!
//! Invariant: a cut is judged after every cut above it, and judged again whenever something it looked at changed.

mod pending;

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use crate::model::cut::{Above, Anchor, Coverage, Cut, Detour, Lead};
use crate::model::inventory::{Changes, Inventory, ZoneEntry, ZoneIx};
use crate::model::name::{DnsName, TreeKey};

use super::context::Context;
use super::finding::{Confidence, Finding, Severity, Topic};
use super::rules::{self, RULES};
use super::status::Status;
use pending::Pending;

/// What is known of one cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutVerdict {
    /// The cut.
    pub cut: Cut,
    /// What is wrong with it, the cause first.
    pub findings: Vec<Finding>,
    /// What it comes to.
    pub status: Status,
    /// Whether it fails to lead to the zones held at its name, so that what is below is cut off.
    pub is_broken: bool,
}

/// The verdicts on all cuts of an inventory, in tree order, on its private zones and on its accounts.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Boxed, because a verdict is large and the nodes of the map are shifted with every insertion.
    cuts: BTreeMap<TreeKey, Box<CutVerdict>>,
    /// The names of cuts by the name of their closest enclosing zone.
    by_closest: HashMap<DnsName, Vec<DnsName>>,
    /// The names at which the zones of one name hold an NS or a DS record set, where there are any.
    held: HashMap<DnsName, Vec<DnsName>>,
    accounts: Vec<Finding>,
    private: BTreeMap<ZoneIx, Finding>,
}

impl Survey {
    /// Surveys a whole inventory.
    pub fn of(inventory: &mut Inventory) -> Self {
        inventory.take_changes();
        let mut survey = Self::default();
        let pending = survey.note_all(inventory);
        survey.judge_private_zones(inventory);
        survey.judge_all(pending, inventory);
        survey
    }

    /// Brings the verdicts up to date with what the inventory learned since the last call.
    pub fn refresh(&mut self, inventory: &mut Inventory) {
        let changes = inventory.take_changes();
        let pending = self.affected(&changes, inventory);
        if !changes.zones.is_empty() {
            self.judge_private_zones(inventory);
        }
        self.judge_all(pending, inventory);
    }

    fn judge_all(&mut self, mut pending: Pending, inventory: &Inventory) {
        self.accounts = rules::unread_account::of_accounts(inventory);
        while let Some((key, name)) = pending.next() {
            self.judge(key, &name, inventory, &mut pending);
        }
    }

    /// All public zones, and all names at which they hold something.
    fn note_all(&mut self, inventory: &Inventory) -> Pending {
        let mut found = Vec::with_capacity(inventory.zone_count());
        let is_zone = |name: &DnsName| !inventory.public_zones(name.as_wire()).is_empty();
        for (_, entry) in inventory.iter().filter(|(_, entry)| entry.is_public()) {
            let zone = &entry.zone.name;
            let held: Vec<DnsName> = held_by(entry).collect();
            found.extend(held.iter().filter(|name| !is_zone(name)).cloned());
            if !held.is_empty() {
                self.held.entry(zone.clone()).or_default().extend(held);
            }
            found.push(zone.clone());
        }
        Pending::new(found)
    }

    fn affected(&mut self, changes: &Changes, inventory: &Inventory) -> Pending {
        let mut found = Vec::with_capacity(changes.zones.len());
        if changes.coverage {
            found.extend(self.cuts.values().map(|verdict| verdict.cut.name.clone()));
        }
        for zone in &changes.zones {
            self.note_zone(zone, changes, inventory, &mut found);
        }
        Pending::new(found)
    }

    /// A zone of this name came, went or was read: its own cut, all it holds or held, and all that look up to it.
    fn note_zone(&mut self, zone: &DnsName, changes: &Changes, inventory: &Inventory, found: &mut Vec<DnsName>) {
        let exists = !inventory.public_zones(zone.as_wire()).is_empty();
        let key = zone.tree_key();
        let existed = self
            .cuts
            .get(&key)
            .is_some_and(|verdict| !verdict.cut.children.is_empty());
        if existed != exists {
            let below = self
                .cuts
                .range(&key..)
                .take_while(|(other, _)| other.is_at_or_below(&key));
            found.extend(below.map(|(_, verdict)| verdict.cut.name.clone()));
        }
        let before = self.held.remove(zone).unwrap_or_default();
        let now = held_names(inventory, zone);
        let looking_up = self.by_closest.get(zone).into_iter().flatten();
        let affected = before.iter().chain(&now).chain(looking_up);
        // A zone that changed itself is found by itself.
        found.extend(affected.filter(|name| !changes.zones.contains(*name)).cloned());
        if !now.is_empty() {
            self.held.insert(zone.clone(), now);
        }
        found.push(zone.clone());
    }

    fn judge(&mut self, key: TreeKey, name: &DnsName, inventory: &Inventory, pending: &mut Pending) {
        let after = self.verdict(name, inventory).map(Box::new);
        let new = after.as_ref().and_then(|verdict| verdict.cut.closest.clone());
        let (old, is_told) = match (self.cuts.entry(key), after) {
            (Entry::Vacant(_), None) => return,
            (Entry::Vacant(place), Some(after)) => {
                place.insert(after);
                (None, true)
            }
            (Entry::Occupied(place), None) => (place.remove().cut.closest, true),
            (Entry::Occupied(mut place), Some(after)) => {
                let is_told = tell_below(place.get()) != tell_below(&after);
                (place.insert(after).cut.closest, is_told)
            }
        };
        if old != new {
            self.move_cut(name, old, new);
        }
        if is_told {
            let children = self.by_closest.get(name).into_iter().flatten();
            children.for_each(|child| pending.add(child));
        }
    }

    fn move_cut(&mut self, name: &DnsName, from: Option<DnsName>, to: Option<DnsName>) {
        if let Some(siblings) = from.and_then(|from| self.by_closest.get_mut(&from)) {
            siblings.retain(|other| other != name);
        }
        if let Some(to) = to {
            self.by_closest.entry(to).or_default().push(name.clone());
        }
    }

    fn verdict(&self, name: &DnsName, inventory: &Inventory) -> Option<CutVerdict> {
        let cut = Cut::derive(inventory, name, |closest| {
            self.cuts.get(&closest.tree_key()).map(|verdict| Above {
                cut: &verdict.cut,
                is_broken: verdict.is_broken,
            })
        });
        if !cut.is_there() {
            return None;
        }
        let context = Context::new(&cut, inventory);
        let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&context)).collect();
        name_the_cause(&mut findings);
        let is_broken = findings.iter().any(|finding| rules::breaks(finding, &cut));
        let status = status(&context, &findings);
        Some(CutVerdict {
            cut,
            findings,
            status,
            is_broken,
        })
    }

    fn judge_private_zones(&mut self, inventory: &Inventory) {
        self.private.clear();
        for (index, entry) in inventory.iter().filter(|(_, entry)| !entry.is_public()) {
            if let Some(finding) = rules::unread_account::of_private_zone(index, entry) {
                self.private.insert(index, finding);
            }
        }
    }

    /// All cuts in tree order.
    pub fn cuts(&self) -> impl Iterator<Item = &CutVerdict> {
        self.cuts.values().map(AsRef::as_ref)
    }

    /// How many cuts there are.
    pub fn len(&self) -> usize {
        self.cuts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// The verdict on the cut at a name.
    pub fn cut(&self, name: &DnsName) -> Option<&CutVerdict> {
        self.cuts.get(&name.tree_key()).map(AsRef::as_ref)
    }

    /// The cuts below a name, in tree order.
    pub fn below(&self, name: &DnsName) -> impl Iterator<Item = &CutVerdict> {
        let key = name.tree_key();
        let own = key.clone();
        self.cuts
            .range(key.clone()..)
            .take_while(move |(other, _)| other.is_at_or_below(&key))
            .filter(move |(other, _)| **other != own)
            .map(|(_, verdict)| verdict.as_ref())
    }

    /// All findings: those of accounts, then those of cuts in tree order, then those of private zones.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.accounts
            .iter()
            .chain(self.cuts.values().flat_map(|verdict| &verdict.findings))
            .chain(self.private.values())
    }

    /// The findings that concern one zone, the cause first.
    pub fn findings_of(&self, inventory: &Inventory, zone: ZoneIx) -> Vec<&Finding> {
        let Some(entry) = inventory.zone(zone) else {
            return Vec::new();
        };
        if !entry.is_public() {
            return self.private.get(&zone).into_iter().collect();
        }
        let concerns = |f: &&Finding| f.children.is_empty() || f.children.iter().any(|child| child.index == zone);
        self.cut(&entry.zone.name)
            .map_or_else(Vec::new, |verdict| verdict.findings.iter().filter(concerns).collect())
    }

    /// The status of one zone.
    pub fn zone_status(&self, inventory: &Inventory, zone: ZoneIx) -> Status {
        let Some(entry) = inventory.zone(zone) else {
            return Status::Unknown;
        };
        if entry.records.as_ref().is_some_and(|held| held.value().is_none()) {
            return Status::NoAccess;
        }
        if !entry.is_public() {
            return Status::Private;
        }
        match self.cut(&entry.zone.name) {
            None => Status::Unknown,
            Some(verdict) if is_shadow(&verdict.cut, zone) => Status::Shadow,
            Some(verdict) if verdict.cut.children.len() > 1 && !verdict.cut.served.is_empty() => {
                status_among_twins(inventory, verdict, zone)
            }
            Some(verdict) => verdict.status,
        }
    }
}

/// What cuts below take from one above; where it changes, they have to be judged again.
#[derive(PartialEq, Eq)]
struct ToldBelow<'a> {
    is_broken: bool,
    broken_above: Option<&'a DnsName>,
    shadowed: &'a [ZoneIx],
    lead: Lead,
    anchor: Anchor,
    detours: &'a [Detour],
}

fn tell_below(verdict: &CutVerdict) -> ToldBelow<'_> {
    let cut = &verdict.cut;
    ToldBelow {
        is_broken: verdict.is_broken,
        broken_above: cut.broken_above.as_ref(),
        shadowed: &cut.shadowed,
        lead: cut.lead,
        anchor: cut.anchor(),
        detours: &cut.detours,
    }
}

fn is_shadow(cut: &Cut, zone: ZoneIx) -> bool {
    cut.shadowed.contains(&zone)
}

/// Of several zones of one name, the one that is served is judged without what concerns the others.
fn status_among_twins(inventory: &Inventory, verdict: &CutVerdict, zone: ZoneIx) -> Status {
    let own: Vec<Finding> = verdict
        .findings
        .iter()
        .filter(|f| f.code() != rules::duplicate_zone::RULE.code)
        .filter(|f| f.children.iter().any(|child| child.index == zone))
        .cloned()
        .collect();
    status(&Context::new(&verdict.cut, inventory), &own)
}

/// The names at which the zones of one name hold an NS or a DS record set below their apex.
fn held_names(inventory: &Inventory, zone: &DnsName) -> Vec<DnsName> {
    let zones = inventory.public_zones(zone.as_wire()).iter();
    zones
        .filter_map(|index| inventory.zone(*index))
        .flat_map(held_by)
        .collect()
}

fn held_by(entry: &ZoneEntry) -> impl Iterator<Item = DnsName> {
    let records = entry.records().into_iter();
    let held = records.flat_map(|records| records.delegations().chain(records.signers()));
    held.map(|record| record.name(&entry.zone.name))
}

/// Sorts a cut's findings so that the cause comes first, and lets the others name it.
fn name_the_cause(findings: &mut [Finding]) {
    if findings.len() < 2 {
        return;
    }
    findings.sort_by_key(|f| {
        let rank = RULES.iter().position(|rule| rule.code == f.code());
        let is_gap = f.rule.topic == Topic::Coverage;
        let unknown = f.confidence == Confidence::Unknown;
        (is_gap, unknown, f.rule.topic, std::cmp::Reverse(f.severity), rank)
    });
    let Some((cause, others)) = findings.split_first_mut() else {
        return;
    };
    for other in others {
        if other.rule.topic != Topic::Coverage && other.code() != cause.code() {
            other.cause = Some(cause.code());
        }
    }
}

/// What a cut comes to: its cause's status, or what its two sides say where nothing is wrong.
fn status(context: &Context<'_>, findings: &[Finding]) -> Status {
    let speaks = |f: &&Finding| f.rule.topic != Topic::Coverage && f.severity > Severity::Info;
    let own = match findings.iter().find(speaks) {
        Some(cause) => cause.status(),
        None => plain_status(context),
    };
    let is_cut_off = context.cut.broken_above.is_some() && context.cut.beyond.is_none();
    if is_cut_off && own.yields_to_a_broken_cut() {
        return Status::CutOff;
    }
    own
}

fn plain_status(context: &Context<'_>) -> Status {
    let cut = context.cut;
    if let Some(status) = unread_status(context) {
        return status;
    }
    if cut.beyond.is_some() || cut.known == Coverage::NoParent {
        return Status::Unverified;
    }
    if cut.has_ds() && !signing_is_read(context) {
        return Status::Unknown;
    }
    match &cut.delegation {
        Some(_) if cut.known == Coverage::Lacking || !cut.is_held_by_all_parents() => Status::Unknown,
        Some(_) if cut.children.is_empty() => Status::External,
        Some(_) if cut.served.is_empty() => Status::Unknown,
        Some(_) => Status::Ok,
        None => Status::Unknown,
    }
}

/// Whether the signing of both sides is known, as far as both are held: a DS can be judged only by it.
fn signing_is_read(context: &Context<'_>) -> bool {
    let cut = context.cut;
    let ds = cut.ds_of_parent().map(|ds| ds.zone);
    let is_read = |zone: ZoneIx| context.signing(zone).is_some();
    cut.children.is_empty() || ds.into_iter().chain(cut.compared().iter().copied()).all(is_read)
}

/// The status of a cut whose zones were not all read.
fn unread_status(context: &Context<'_>) -> Option<Status> {
    let mut worst = None;
    for zone in &context.cut.children {
        let status = match context.zone(*zone).and_then(|entry| entry.records.as_ref()) {
            None => Status::Unknown,
            Some(held) if held.value().is_none() => Status::NoAccess,
            Some(held) if held.problem().is_some() => Status::Partial,
            Some(_) => continue,
        };
        worst = worst.max(Some(status));
    }
    worst
}
