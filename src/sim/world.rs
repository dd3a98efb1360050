//! The simulated world: accounts, their hosted zones and record sets, and what goes wrong. State and semantics, no IO.
//!
//! Invariant: the indexes (names of an account, zones of a name server) agree with the zones.

mod account;
mod address_zones;
pub mod behaviour;
pub mod build;
pub mod derive;
mod expand;
mod internet;
pub mod line;
mod load;
pub mod outside;
pub mod places;
mod protection;
pub mod servers;
pub mod signing;
pub mod spec;
mod zone;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::model::account::AccountId;
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;

pub use account::{NameStart, ReusableSet, SimAccount};
pub use build::WorldBuilder;
pub use outside::{Outside, OutsideSpec, OutsideZone};
pub use protection::Protection;
pub use spec::{AccountSpec, DelegationSpec, ZoneSpec};
pub use zone::{HostedZone, place};

/// A whole organisation.
#[derive(Debug, Clone, Default)]
pub struct World {
    name: String,
    pub(super) accounts: Vec<SimAccount>,
    expectations: Vec<Expectation>,
    served: HashMap<DnsName, Vec<ZonePlace>>,
    outside: Arc<Outside>,
    assignment: servers::Assignment,
    issued_ids: u64,
    /// How long a change stays `PENDING`.
    pub insync_delay: Duration,
}

/// Where a zone is: the place of its account in the world, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ZonePlace {
    account: usize,
    zone: ZoneId,
}

/// A finding that a checker must come to in this world.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The finding's code.
    pub code: String,
    /// The name it is about, in presentation form; an account's name for what concerns an account.
    pub name: String,
    /// The handle of the zone it is about, where several share the name.
    pub zone: Option<String>,
    /// The code of the finding that causes it.
    pub cause: Option<String>,
    /// Its confidence, where that is not the rule's usual one.
    pub confidence: Option<String>,
    /// Its severity, where that is worth saying.
    pub severity: Option<String>,
    /// Whether name servers must be asked for it; either way, where nothing is given.
    pub when: Option<When>,
}

/// Whether name servers are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// They are.
    Live,
    /// Only the API is.
    Api,
}

impl Expectation {
    /// A finding about a name.
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            zone: None,
            cause: None,
            confidence: None,
            severity: None,
            when: None,
        }
    }
}

/// Why a world cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// The file is no TOML of the expected shape; the text names line and column.
    #[error("the world's file cannot be read: {0}")]
    File(String),
    /// Something in it contradicts itself or Route 53's rules.
    #[error("{place}: {why}")]
    Content {
        /// Which account, zone and line.
        place: String,
        /// What is wrong with it.
        why: String,
    },
}

impl World {
    /// Reads a world from its file.
    pub fn from_toml(text: &str) -> Result<Self, WorldError> {
        load::from_toml(text)
    }

    /// The organisation's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The accounts, in the order of the file.
    pub fn accounts(&self) -> &[SimAccount] {
        &self.accounts
    }

    /// The account of an id.
    pub fn account(&self, id: AccountId) -> Option<&SimAccount> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// What a checker must find, as the file says.
    pub fn expectations(&self, when: When) -> impl Iterator<Item = &Expectation> {
        let all = self.expectations.iter();
        all.filter(move |expectation| expectation.when.is_none_or(|wanted| wanted == when))
    }

    /// All zones with the account that holds each.
    pub fn zones(&self) -> impl Iterator<Item = (&SimAccount, &HostedZone)> {
        self.accounts
            .iter()
            .flat_map(|account| account.zones().map(move |zone| (account, zone)))
    }

    /// The zone of a handle.
    pub fn zone_by_key(&self, key: &str) -> Option<(&SimAccount, &HostedZone)> {
        self.zones().find(|(_, zone)| &*zone.key == key)
    }

    /// What is not in Route 53, and where all servers stand.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// The same, to keep: it stays as it is while the world changes.
    pub fn outside_to_keep(&self) -> Arc<Outside> {
        Arc::clone(&self.outside)
    }

    /// All name servers that serve a public zone.
    pub fn name_servers(&self) -> impl Iterator<Item = &DnsName> {
        self.served.keys()
    }

    /// The public zones that a name server serves.
    pub fn zones_served_by<'a>(&'a self, server: &DnsName) -> impl Iterator<Item = &'a HostedZone> {
        self.served
            .get(server)
            .into_iter()
            .flatten()
            .filter_map(|place| self.accounts.get(place.account)?.zone(&place.zone))
    }

    /// The deepest public zone that a name server serves and that encloses `name`.
    pub fn zone_served_by<'a>(&'a self, server: &DnsName, name: &DnsName) -> Option<&'a HostedZone> {
        self.zones_served_by(server)
            .filter(|zone| name.is_at_or_below(&zone.name))
            .max_by_key(|zone| zone.name.as_wire().len())
    }

    /// The place of an account in the order of the file.
    pub fn account_place(&self, id: AccountId) -> Option<usize> {
        self.accounts.iter().position(|account| account.id == id)
    }

    /// The account of an id, to change its faults.
    pub fn account_mut(&mut self, id: AccountId) -> Option<&mut SimAccount> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// Denies actions on the zone of a handle.
    pub fn deny_on_zone(&mut self, key: &str, actions: &[&str]) {
        let zones = self.accounts.iter_mut().flat_map(|account| account.zones.values_mut());
        for zone in zones.filter(|zone| &*zone.key == key) {
            zone.deny = actions.iter().map(ToString::to_string).collect();
        }
    }

    /// An id that was not given out before.
    pub(super) fn fresh_id(&mut self, prefix: &str) -> String {
        self.issued_ids += 1;
        derive::identifier(prefix, &[&self.name, "issued", &self.issued_ids.to_string()])
    }

    /// Name servers for a new zone of a name, none of them of a related zone.
    pub(super) fn draw_servers(&mut self, name: &DnsName) -> Vec<DnsName> {
        let related = self.related_servers(name);
        self.assignment.draw(|server| related.contains(server))
    }

    /// Four name servers for whatever zone may come.
    pub(super) fn draw_any_servers(&mut self) -> Vec<DnsName> {
        self.assignment.draw(|_| false)
    }

    /// The name servers of all public zones that have this name, or lie above or below it.
    pub(super) fn related_servers(&self, name: &DnsName) -> HashSet<DnsName> {
        self.zones()
            .map(|(_, zone)| zone)
            .filter(|zone| zone.is_public() && (zone.name.is_at_or_below(name) || name.is_at_or_below(&zone.name)))
            .flat_map(|zone| zone.delegation_set.iter().cloned())
            .collect()
    }

    pub(super) fn remove(&mut self, account: usize, id: &ZoneId) {
        let Some(zone) = self.accounts.get_mut(account).and_then(|account| account.remove(id)) else {
            return;
        };
        for server in &zone.delegation_set {
            if let Some(places) = self.served.get_mut(server) {
                places.retain(|place| place.account != account || place.zone != *id);
            }
        }
    }

    pub(super) fn insert(&mut self, account: usize, zone: HostedZone) {
        if zone.is_public() {
            for server in &zone.delegation_set {
                self.served.entry(server.clone()).or_default().push(ZonePlace {
                    account,
                    zone: zone.id.clone(),
                });
            }
        }
        if let Some(account) = self.accounts.get_mut(account) {
            account.insert(zone);
        }
    }
}

#[cfg(test)]
mod tests;
