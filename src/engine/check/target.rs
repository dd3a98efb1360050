//! What the accounts say of a cut that is to be checked: whom to ask besides those whom the servers name.

use std::collections::BTreeSet;

use crate::model::cut::{Cut, Servers};
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::DnsName;

/// A cut that is to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name.
    pub name: DnsName,
    /// The closest enclosing zone that is held.
    pub parent: Option<HeldParent>,
    /// The name servers that the delegation gives, as it is configured.
    pub delegated: Vec<DnsName>,
    /// The name servers of the zones of this name that are held: their delegation sets and their own NS record sets.
    pub own: Vec<DnsName>,
    /// Whether a DS record set is configured.
    pub anchored: Anchored,
}

/// A parent zone that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldParent {
    /// Its name.
    pub zone: DnsName,
    /// Its name servers.
    pub servers: Vec<DnsName>,
}

/// Whether a DS record set is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchored {
    /// One is.
    Yes,
    /// None is known.
    Unknown,
}

impl Target {
    /// A name of which the accounts say nothing.
    pub fn unheld(name: DnsName) -> Self {
        Self {
            name,
            parent: None,
            delegated: Vec::new(),
            own: Vec::new(),
            anchored: Anchored::Unknown,
        }
    }

    /// What the accounts say of a cut; none where there is nothing to ask servers about.
    pub fn of(cut: &Cut, inventory: &Inventory) -> Option<Self> {
        let delegation = cut.delegation.as_ref().or(cut.dead_delegation.as_deref());
        if cut.name.is_root() || (delegation.is_none() && cut.children.is_empty()) {
            return None;
        }
        let own: BTreeSet<DnsName> = cut
            .children
            .iter()
            .flat_map(|child| servers_of(inventory, *child))
            .collect();
        let parents = cut.parents.iter().filter_map(|parent| {
            let zone = inventory.zone(*parent)?.zone.name.clone();
            let servers: Vec<DnsName> = servers_of(inventory, *parent).collect();
            (!servers.is_empty()).then_some(HeldParent { zone, servers })
        });
        Some(Self {
            name: cut.name.clone(),
            parent: parents.into_iter().next(),
            delegated: delegation.map_or_else(Vec::new, |delegation| delegation.name_servers.to_vec()),
            own: own.into_iter().collect(),
            anchored: match cut.has_ds() {
                true => Anchored::Yes,
                false => Anchored::Unknown,
            },
        })
    }

    /// The name servers that the accounts name, each once: those that are delegated to come first.
    pub(super) fn names(&self) -> impl Iterator<Item = &DnsName> {
        let others = self.own.iter().filter(|name| !self.delegated.contains(name));
        self.delegated.iter().chain(others)
    }

    /// Whether all name servers that another target names are among those that this one names.
    pub(in crate::engine) fn names_all_of(&self, other: &Self) -> bool {
        let mut names = other.names();
        names.all(|name| self.delegated.contains(name) || self.own.contains(name))
    }

    /// Whether a name is that of a server of a zone that is held.
    pub(super) fn is_own_server(&self, name: &DnsName) -> bool {
        let of_parent = self.parent.as_ref().is_some_and(|held| held.servers.contains(name));
        of_parent || self.own.contains(name)
    }

    /// A name that no server of this one has a zone for, but those of the root.
    pub(super) fn foreign(&self) -> DnsName {
        let [first, second] = ["com", "net"].map(|name| name.parse().unwrap_or_else(|_| DnsName::root()));
        if self.name.is_at_or_below(&first) {
            second
        } else {
            first
        }
    }
}

/// The delegation set of a zone and the NS record set at its apex, as far as they were read.
fn servers_of(inventory: &Inventory, zone: ZoneIx) -> impl Iterator<Item = DnsName> {
    let entry = inventory.zone(zone);
    let set = entry.and_then(|entry| entry.delegation_set.as_ref()?.value());
    let set = set.map_or(Servers::Unknown, |set| Servers::Set(&set.name_servers));
    let apex = entry.and_then(|entry| entry.apex.as_ref());
    let apex = apex.map_or(Servers::Unknown, |apex| Servers::Apex(&apex.name_servers));
    [set, apex]
        .into_iter()
        .flat_map(|servers| servers.names().unwrap_or_default().to_vec())
}
