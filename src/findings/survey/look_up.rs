//! What a survey answers: the verdict on a cut, on all below a name, on one zone.

use crate::findings::context::Context;
use crate::findings::finding::Finding;
use crate::findings::rules;
use crate::findings::status::Status;
use crate::model::cut::Cut;
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::{DnsName, TreeKey};

use super::status::status;
use super::{CutVerdict, Survey};

impl Survey {
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
            .range::<TreeKey, _>(key.clone()..)
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
