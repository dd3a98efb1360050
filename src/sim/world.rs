//! The simulated world: accounts, their hosted zones and record sets, and what goes wrong. State and semantics, no IO.
//!
//! Invariant: the indexes (names of an account, zones of a name server) agree with the zones.

mod account;
pub mod build;
pub mod derive;
mod expand;
pub mod line;
mod load;
pub mod servers;
pub mod signing;
pub mod spec;
mod zone;

use std::collections::HashMap;

use crate::model::account::AccountId;
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;

pub use account::SimAccount;
pub use build::WorldBuilder;
pub use spec::{AccountSpec, DelegationSpec, ZoneSpec};
pub use zone::{HostedZone, place};

/// A whole organisation.
#[derive(Debug, Clone, Default)]
pub struct World {
    name: String,
    accounts: Vec<SimAccount>,
    expectations: Vec<Expectation>,
    served: HashMap<DnsName, Vec<ZonePlace>>,
    assignment: servers::Assignment,
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
    pub fn expectations(&self) -> &[Expectation] {
        &self.expectations
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

    fn insert(&mut self, account: usize, zone: HostedZone) {
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
