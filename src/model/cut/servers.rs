//! Who serves the zones of a cut, and what more has to be read to know it and to judge the cut.

use crate::model::inventory::{Apex, Inventory, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;

use super::{Coverage, Cut, apex_name_servers, shares};

/// The name servers that serve a zone, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers<'a> {
    /// Its delegation set was read.
    Set(&'a [DnsName]),
    /// Its delegation set was not asked for, and its apex NS record set gives no reason to: it stands for the set.
    Apex(&'a [DnsName]),
    /// Not read yet, or not readable.
    Unknown,
}

impl<'a> Servers<'a> {
    /// The names, where they are known.
    pub fn names(&self) -> Option<&'a [DnsName]> {
        match self {
            Self::Set(names) | Self::Apex(names) => Some(names),
            Self::Unknown => None,
        }
    }

    /// Whether a name is known to be among them.
    pub fn contain(&self, name: &DnsName) -> bool {
        self.names().is_some_and(|names| names.contains(name))
    }
}

impl Cut {
    /// The name servers that serve one of this cut's children.
    pub fn servers<'a>(&self, inventory: &'a Inventory, child: ZoneIx) -> Servers<'a> {
        let Some(entry) = inventory.zone(child) else {
            return Servers::Unknown;
        };
        if let Some(set) = &entry.delegation_set {
            return match set.value() {
                Some(set) => Servers::Set(&set.name_servers),
                None => Servers::Unknown,
            };
        }
        match &entry.apex {
            Some(apex) if !self.asks_for_the_set(inventory, apex) => Servers::Apex(&apex.name_servers),
            _ => Servers::Unknown,
        }
    }

    /// Whether the delegation set of one of this cut's children has to be read (`GetHostedZone`) to judge the cut.
    ///
    /// It has to where the apex NS record set and the delegation differ, where no parent is visible, where zones share the
    /// name, where the apex does not look as Route 53 made it or names a server of the parent, and where it could not be read.
    pub fn needs_delegation_set(&self, inventory: &Inventory, child: ZoneIx) -> bool {
        inventory.zone(child).is_some_and(|entry| {
            entry.delegation_set.is_none()
                && match &entry.apex {
                    Some(apex) => self.asks_for_the_set(inventory, apex),
                    None => entry.records.is_some(),
                }
        })
    }

    /// Whether the set has to be read whatever else is listed or read later.
    pub fn needs_delegation_set_in_any_case(&self, inventory: &Inventory, child: ZoneIx) -> bool {
        let apex = inventory.zone(child).and_then(|entry| entry.apex.as_ref());
        self.needs_delegation_set(inventory, child)
            && (self.children.len() > 1 || apex.is_some_and(|apex| !apex.is_as_made))
    }

    /// Whether the accounts have said all they will say of both sides, as far as that can be told before the end of a scan.
    pub fn is_ready(&self, inventory: &Inventory) -> bool {
        let is_read = |zone: &ZoneIx| {
            let entry = inventory.zone(*zone);
            entry.is_some_and(|entry| entry.records.is_some()) && !self.needs_delegation_set(inventory, *zone)
        };
        matches!(self.known, Coverage::NoParent | Coverage::Whole) && self.children.iter().all(is_read)
    }

    fn asks_for_the_set(&self, inventory: &Inventory, apex: &Apex) -> bool {
        self.children.len() > 1
            || self.parents.is_empty()
            || self.beyond.is_some()
            || self
                .delegation
                .as_ref()
                .is_some_and(|d| d.name_servers != apex.name_servers)
            || !apex.is_as_made
            || self.names_a_server_of_the_parent(inventory, apex)
    }

    /// Whether an apex names a server of the zone that delegates: Route 53 lets no server serve both.
    fn names_a_server_of_the_parent(&self, inventory: &Inventory, apex: &Apex) -> bool {
        let parent = self
            .delegation
            .as_ref()
            .and_then(|delegation| inventory.zone(delegation.zone));
        parent
            .and_then(apex_name_servers)
            .is_some_and(|servers| shares(servers, &apex.name_servers))
    }

    /// The zones whose signing has to be read (`GetDNSSEC`) to judge this cut: both sides of it, where it has a DS.
    pub fn needs_signing(&self, inventory: &Inventory) -> Vec<ZoneIx> {
        let Some(ds) = self.ds_of_parent() else {
            return Vec::new();
        };
        let unasked = |zone: &ZoneIx| {
            inventory
                .zone(*zone)
                .is_some_and(|entry: &ZoneEntry| entry.signing.is_none())
        };
        std::iter::once(ds.zone)
            .chain(self.compared().iter().copied())
            .filter(unasked)
            .collect()
    }
}
