//! Which of several zones of a name is served, told by what it holds at its apex: behind servers under names of one's own that
//! share no address, neither names nor addresses tell.
//!
//! Invariant: a zone is picked only where all zones of all accounts were read, and it alone holds what is served.

use super::{Cut, apex_name_servers};
use crate::model::dns::Soa;
use crate::model::inventory::{Inventory, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::record::RecordType;

impl Cut {
    /// The zone that is served, by what it holds.
    pub(super) fn child_of_the_content(&self, inventory: &Inventory) -> Option<ZoneIx> {
        let is_read = |zone: &ZoneIx| {
            inventory
                .zone(*zone)
                .is_some_and(|entry| apex_name_servers(entry).is_some())
        };
        match self.twins_of_the_content(inventory).as_slice() {
            [zone] if inventory.is_complete() && self.children.iter().all(is_read) => Some(*zone),
            _ => None,
        }
    }

    /// Those of several zones of the name that hold what is served at the apex: the NS record set, and the SOA record where
    /// more than one of them holds the same names.
    pub fn twins_of_the_content(&self, inventory: &Inventory) -> Vec<ZoneIx> {
        let content = inventory
            .served(&self.name)
            .filter(|_| self.children.len() > 1)
            .and_then(|served| served.content(self.name_servers()));
        let Some(content) = content else {
            return Vec::new();
        };
        let entries = || {
            self.children
                .iter()
                .filter_map(|zone| Some((*zone, inventory.zone(*zone)?)))
        };
        let lists = |entry: &ZoneEntry| apex_name_servers(entry).is_some_and(|names| names == content.name_servers);
        let alike: Vec<(ZoneIx, &ZoneEntry)> = entries().filter(|(_, entry)| lists(entry)).collect();
        let exact = alike
            .iter()
            .filter(|(_, entry)| content.soa.is_some_and(|soa| holds(entry, soa)));
        let exact: Vec<ZoneIx> = exact.map(|(zone, _)| *zone).collect();
        match exact.is_empty() {
            true => alike.into_iter().map(|(zone, _)| zone).collect(),
            false => exact,
        }
    }
}

/// Whether a zone holds an SOA record: by its primary server, its contact and its serial.
fn holds(entry: &ZoneEntry, soa: &Soa) -> bool {
    let records = entry.records.as_ref().and_then(|held| held.value());
    let set = records.and_then(|records| records.find(b"", RecordType::SOA));
    let mut values = set.iter().flat_map(|set| set.values());
    values.next().is_some_and(|value| {
        let mut words = value.split_ascii_whitespace();
        let mut name = || words.next().and_then(|word| DnsName::parse_route53(word).ok());
        let (primary, contact) = (name(), name());
        let serial = words.next().and_then(|word| word.parse().ok());
        (primary.as_ref(), contact.as_ref(), serial) == (Some(&soa.primary), Some(&soa.contact), Some(soa.serial))
    })
}
