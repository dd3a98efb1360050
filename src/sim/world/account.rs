//! One account of the simulated world: its zones by id and by name, and its faults.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;

use super::zone::HostedZone;
use crate::model::account::AccountId;
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;
use crate::sim::api::ChangeInfo;
use crate::sim::faults::Faults;
use crate::sim::iam::Policy;
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
    /// What its user may do; everything, where no policy says less.
    pub user_policy: Option<Policy>,
    /// What its roles may do, by their names; a role that is not here may do everything.
    pub role_policies: BTreeMap<String, Policy>,
    /// What goes wrong in it.
    pub faults: Faults,
    /// How many zones it may have.
    pub zone_limit: usize,
    pub(in crate::sim) zones: BTreeMap<ZoneId, HostedZone>,
    by_name: BTreeSet<(Vec<u8>, ZoneId)>,
    /// The reusable delegation sets by their ids.
    pub(in crate::sim) reusable: BTreeMap<String, ReusableSet>,
    /// The changes by their ids.
    pub(in crate::sim) changes: HashMap<String, ChangeInfo>,
    /// The caller references with which zones were created here, gone ones included.
    pub(in crate::sim) references: HashSet<String>,
}

/// Where a page of `ListHostedZonesByName` begins: the sort key of a name, and the id of one of its zones.
pub type NameStart = (Vec<u8>, Option<ZoneId>);

/// A reusable delegation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReusableSet {
    /// The id, without `/delegationset/`.
    pub id: String,
    /// `CallerReference`.
    pub reference: String,
    /// The name servers.
    pub name_servers: Vec<DnsName>,
}

/// The quota of zones that an account begins with.
const ZONE_LIMIT: usize = 500;

impl SimAccount {
    pub(super) fn new(id: AccountId, spec: super::spec::AccountSpec) -> Result<Self, String> {
        let read = |text: &String| Policy::read(text).map_err(|why| format!("policy: {why}"));
        let role = |(name, text): (&String, &String)| Ok((name.clone(), read(text)?));
        Ok(Self {
            user_policy: spec.policy.as_ref().map(read).transpose()?,
            role_policies: spec.roles.iter().map(role).collect::<Result<_, String>>()?,
            id,
            name: spec.name,
            env: spec.env,
            external_id: spec.external_id,
            faults: spec.faults,
            zones: BTreeMap::new(),
            by_name: BTreeSet::new(),
            zone_limit: ZONE_LIMIT,
            reusable: BTreeMap::new(),
            changes: HashMap::new(),
            references: HashSet::new(),
        })
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

    /// The zones from an id on, in the order of `ListHostedZones`.
    pub fn zones_from(&self, id: Option<&ZoneId>) -> impl Iterator<Item = &HostedZone> {
        let from = id.map_or(Bound::Unbounded, Bound::Included);
        self.zones
            .range::<ZoneId, _>((from, Bound::Unbounded))
            .map(|(_, zone)| zone)
    }

    /// The zones from a sort key and an id on, in the order of `ListHostedZonesByName`.
    pub fn zones_by_name(&self, from: Option<NameStart>) -> impl Iterator<Item = &HostedZone> {
        let (key, id) = from.unwrap_or_default();
        let id = id.unwrap_or_else(|| ZoneId::read("-").expect("a hyphen is allowed in ids and sorts first"));
        self.by_name
            .range((Bound::Included((key, id)), Bound::Unbounded))
            .filter_map(|(_, id)| self.zones.get(id))
    }

    pub(super) fn remove(&mut self, id: &ZoneId) -> Option<HostedZone> {
        let zone = self.zones.remove(id)?;
        self.by_name.remove(&(sort_key(&zone.name), id.clone()));
        Some(zone)
    }

    /// Raises the quota to what an account of this size would have been granted.
    pub(super) fn raise_limit(&mut self) {
        while self.zones.len() * 2 > self.zone_limit {
            self.zone_limit *= 2;
        }
    }

    pub(super) fn insert(&mut self, zone: HostedZone) {
        self.references.insert(zone.caller_reference.to_string());
        self.by_name.insert((sort_key(&zone.name), zone.id.clone()));
        self.zones.insert(zone.id.clone(), zone);
    }
}
