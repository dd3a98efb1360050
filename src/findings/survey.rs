//! All cuts and their findings, kept up to date as facts come in.
//!
//! Invariant: a cut is judged after every cut above it, and judged again whenever something it looked at changed.

mod look_up;
mod pending;
mod status;
mod verdict;

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use crate::model::cut::{Above, Cut};
use crate::model::inventory::{Changes, Inventory, ZoneEntry, ZoneIx};
use crate::model::name::{DnsName, TreeKey};

use super::finding::Finding;
use super::rules;
use pending::Pending;
pub use verdict::CutVerdict;

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
        let mut survey = Self {
            accounts: rules::unread_account::of_accounts(inventory),
            ..Self::default()
        };
        let mut pending = survey.list_zones(inventory);
        while let Some((key, name)) = pending.next() {
            survey.note_held(&name, inventory, &mut pending);
            survey.judge(key, &name, inventory, &mut pending);
        }
        survey
    }

    /// Brings the verdicts up to date with what the inventory learned since the last call.
    pub fn refresh(&mut self, inventory: &mut Inventory) {
        let changes = inventory.take_changes();
        let mut pending = self.affected(&changes, inventory);
        if !changes.zones.is_empty() {
            self.judge_private_zones(inventory);
        }
        self.accounts = rules::unread_account::of_accounts(inventory);
        while let Some((key, name)) = pending.next() {
            self.judge(key, &name, inventory, &mut pending);
        }
    }

    /// The cuts of all public zones; private zones are judged in passing.
    fn list_zones(&mut self, inventory: &Inventory) -> Pending {
        let mut found = Vec::with_capacity(inventory.zone_count());
        for (index, entry) in inventory.iter() {
            if entry.is_public() {
                found.push(entry.zone.name.clone());
            } else {
                self.judge_private_zone(index, entry);
            }
        }
        Pending::new(found)
    }

    /// Where a zone holds something at a name of which there is no zone, there is a cut as well.
    fn note_held(&mut self, zone: &DnsName, inventory: &Inventory, pending: &mut Pending) {
        let held = held_names(inventory, zone);
        let is_zone = |name: &DnsName| !inventory.public_zones(name.as_wire()).is_empty();
        held.iter()
            .filter(|name| !is_zone(name))
            .for_each(|name| pending.add(name));
        if !held.is_empty() {
            self.held.insert(zone.clone(), held);
        }
    }

    fn affected(&mut self, changes: &Changes, inventory: &Inventory) -> Pending {
        let mut found = Vec::with_capacity(changes.zones.len());
        if changes.coverage {
            found.extend(self.cuts.values().map(|verdict| verdict.cut.name.clone()));
        }
        for zone in &changes.zones {
            self.note_zone(zone, changes, inventory, &mut found);
        }
        found.extend(changes.served.iter().cloned());
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
                .range::<TreeKey, _>(&key..)
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
        let after = self.verdict(&key, name, inventory).map(Box::new);
        let new = after.as_ref().and_then(|verdict| verdict.cut.closest.clone());
        let (old, is_told) = match (self.cuts.entry(key), after) {
            (Entry::Vacant(_), None) => return,
            (Entry::Vacant(place), Some(after)) => {
                place.insert(after);
                (None, true)
            }
            (Entry::Occupied(place), None) => (place.remove().cut.closest, true),
            (Entry::Occupied(mut place), Some(after)) => {
                let is_told = place.get().told_below() != after.told_below();
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

    fn verdict(&self, key: &TreeKey, name: &DnsName, inventory: &Inventory) -> Option<CutVerdict> {
        let cut = Cut::derive(inventory, name, |closest| {
            self.cuts.get(key.ancestor(closest.label_count())).map(|verdict| Above {
                cut: &verdict.cut,
                is_broken: verdict.is_broken,
            })
        });
        cut.is_there().then(|| CutVerdict::on(cut, inventory))
    }

    fn judge_private_zones(&mut self, inventory: &Inventory) {
        self.private.clear();
        for (index, entry) in inventory.iter().filter(|(_, entry)| !entry.is_public()) {
            self.judge_private_zone(index, entry);
        }
    }

    fn judge_private_zone(&mut self, index: ZoneIx, entry: &ZoneEntry) {
        if let Some(finding) = rules::unread_account::of_private_zone(index, entry) {
            self.private.insert(index, finding);
        }
    }
}

/// The names at which the zones of one name hold an NS or a DS record set below their apex.
fn held_names(inventory: &Inventory, zone: &DnsName) -> Vec<DnsName> {
    let zones = inventory.public_zones(zone.as_wire()).iter();
    zones
        .filter_map(|index| inventory.zone(*index))
        .flat_map(|entry| held_by(inventory, entry))
        .collect()
}

fn held_by(inventory: &Inventory, entry: &ZoneEntry) -> impl Iterator<Item = DnsName> {
    let records = entry.records().filter(|_| entry.holds_cuts).into_iter();
    let held = records.flat_map(|records| records.delegations().chain(records.signers()));
    held.map(|record| {
        let name = record.name(&entry.zone.name);
        // That of a zone is shared.
        inventory.public_name(name.as_wire()).cloned().unwrap_or(name)
    })
}
