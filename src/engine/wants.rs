//! What verdicts wait for beyond record sets: delegation sets and signing, asked for once each, and only where needed.
//!
//! Pure. Nothing is asked while an answer that is still to come could make it needless, so that a scan costs what
//! performance.md allows and no request more.

use std::collections::{HashMap, HashSet};

use super::command::{Detail, Want};
use crate::model::account::{AccountIx, AccountStatus};
use crate::model::cut::Cut;
use crate::model::inventory::{Held, Inventory, Source, ZoneEntry, ZoneIx};

/// Whose delegation sets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audit {
    /// Those that a verdict needs.
    #[default]
    WhereNeeded,
    /// Every public zone's (`check --audit`).
    Everything,
}

/// Remembers what was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wants {
    audit: Audit,
    asked: HashSet<Want>,
}

impl Wants {
    /// Nothing was asked for yet.
    pub fn new(audit: Audit) -> Self {
        Self {
            audit,
            asked: HashSet::new(),
        }
    }

    /// What these cuts need and was not asked for yet; `idle` names the accounts that have nothing else to do.
    pub fn next<'a>(
        &mut self,
        inventory: &Inventory,
        cuts: impl Iterator<Item = &'a Cut>,
        idle: &HashMap<AccountIx, u64>,
    ) -> Vec<Want> {
        let are_listed = lists_are_in(inventory);
        let mut wants = Vec::new();
        let mut want = |zone: ZoneIx, detail: Detail, when: When| {
            let Some(entry) = inventory.zone(zone) else { return };
            let key = &entry.zone.key;
            // A zone that is listed late may be the parent or the twin that changes what has to be asked: what is asked must
            // not depend on who answers first. An account that is idle loses nothing by asking early what it will be asked.
            let is_due = are_listed || (when == When::InAnyCase && idle.contains_key(&key.account));
            if !is_due {
                return;
            }
            let want = Want {
                zone: key.clone(),
                detail,
            };
            if self.asked.insert(want.clone()) {
                wants.push(want);
            }
        };
        for cut in cuts {
            for child in &cut.children {
                let in_any_case = cut.needs_delegation_set_in_any_case(inventory, *child);
                if self.audit == Audit::Everything || in_any_case {
                    want(*child, Detail::DelegationSet, When::InAnyCase);
                } else if wants_set(inventory, cut, *child) {
                    want(*child, Detail::DelegationSet, When::AllIsListed);
                }
            }
            for zone in signing_of(inventory, cut) {
                want(zone, Detail::Signing, When::AllIsListed);
            }
        }
        wants
    }
}

/// When something may be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// It is needed whatever else is listed.
    InAnyCase,
    /// A zone that is not listed yet may make it needless.
    AllIsListed,
}

/// Whether no account is still to say which zones it has.
fn lists_are_in(inventory: &Inventory) -> bool {
    inventory
        .accounts()
        .iter()
        .all(|account| !matches!(account.status, AccountStatus::Waiting | AccountStatus::Reading))
}

fn wants_set(inventory: &Inventory, cut: &Cut, child: ZoneIx) -> bool {
    cut.needs_delegation_set(inventory, child)
        || inventory
            .zone(child)
            .is_some_and(|entry| is_read(entry) && is_cached(entry.delegation_set.as_deref()))
}

fn signing_of(inventory: &Inventory, cut: &Cut) -> Vec<ZoneIx> {
    let mut zones = cut.needs_signing(inventory);
    let sides = cut.ds_of_parent().map(|ds| ds.zone).into_iter();
    let sides = sides.chain(cut.compared().iter().copied().filter(|_| cut.has_ds()));
    zones.extend(sides.filter(|zone| {
        inventory
            .zone(*zone)
            .is_some_and(|entry| is_read(entry) && is_cached(entry.signing.as_deref()))
    }));
    zones
}

fn is_read(entry: &ZoneEntry) -> bool {
    entry
        .records
        .as_ref()
        .is_some_and(|held| held.origin.source == Source::Live)
}

/// What the cache says was needed the last time, and has to be read anew.
fn is_cached<T>(held: Option<&Held<T>>) -> bool {
    held.is_some_and(|held| held.origin.source == Source::Cache)
}
