//! One account of the simulated world: its zones by id and by name, and its faults.

use std::collections::{BTreeMap, BTreeSet};

use super::zone::HostedZone;
use crate::model::account::AccountId;
use crate::model::zone::ZoneId;
use crate::sim::faults::Faults;
use crate::sim::order::sort_key;

/// One account.
#[derive(Debug, Clone)]
pub struct SimAccount {
    /// The id.
    pub id: AccountId,
    /// A name for people.
    pub name: String,
    /// The environment's word.
    pub env: Option<String>,
    /// What `AssumeRole` must state, where the role asks for it.
    pub external_id: Option<String>,
    /// What goes wrong in it.
    pub faults: Faults,
    pub(super) zones: BTreeMap<ZoneId, HostedZone>,
    pub(super) by_name: BTreeSet<(Vec<u8>, ZoneId)>,
}

impl SimAccount {
    pub(super) fn new(id: AccountId, spec: super::spec::AccountSpec) -> Self {
        Self {
            id,
            name: spec.name,
            env: spec.env,
            external_id: spec.external_id,
            faults: spec.faults,
            zones: BTreeMap::new(),
            by_name: BTreeSet::new(),
        }
    }

    /// The zones in the order of `ListHostedZones`: by id.
    pub fn zones(&self) -> impl Iterator<Item = &HostedZone> {
        self.zones.values()
    }

    /// How many zones it has.
    pub fn zone_count(&self) -> usize {
        self.zones.len()
    }

    /// The zone of an id.
    pub fn zone(&self, id: &ZoneId) -> Option<&HostedZone> {
        self.zones.get(id)
    }

    /// The access key of its user.
    pub fn access_key(&self) -> String {
        format!("AKIA{}", super::derive::letters(16, &["access-key", self.id.as_str()]))
    }

    /// The secret of that key; the simulator does not check signatures.
    pub fn secret_key(&self) -> String {
        super::derive::letters(32, &["secret-key", self.id.as_str()])
    }

    /// The role by which others read it.
    pub fn role_arn(&self) -> String {
        format!("arn:aws:iam::{}:role/zonecut-read", self.id)
    }

    pub(super) fn insert(&mut self, zone: HostedZone) {
        self.by_name.insert((sort_key(&zone.name), zone.id.clone()));
        self.zones.insert(zone.id.clone(), zone);
    }
}
