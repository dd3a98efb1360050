//! The sentences of evidence and fixes that several rules speak, fit to print.

use crate::model::cut::DsHolding;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

use super::Context;

impl Context<'_> {
    /// A zone in a sentence: `example.com (Z0123, shared-dns 111122223333)`.
    pub fn describe(&self, zone: ZoneIx) -> String {
        let Some(entry) = self.zone(zone) else {
            return String::new();
        };
        let account = match self.inventory.account(entry.zone.key.account) {
            Some(account) => match account.id {
                Some(id) => format!("{} {id}", account.name.printable()),
                None => account.name.printable(),
            },
            None => String::new(),
        };
        format!("{} ({}, {account})", entry.zone.name, entry.zone.key.id)
    }

    /// The parent in a sentence, or the closest enclosing name where none is held.
    pub fn describe_parent(&self) -> String {
        self.parent_ref()
            .map_or_else(|| "the parent".to_owned(), |zone| self.describe(zone.index))
    }

    /// All zones of the name in a sentence.
    pub fn describe_children(&self) -> String {
        let zones: Vec<String> = self.cut.children.iter().map(|zone| self.describe(*zone)).collect();
        zones.join(", ")
    }

    /// The delegation in a sentence: `example.com (…) delegates dev.example.com to …`.
    pub fn describe_delegation(&self) -> String {
        let servers = list(self.delegated_to());
        format!("{} delegates {} to {servers}", self.describe_parent(), self.cut.name)
    }

    /// A DS record set of a parent in a sentence: `example.com (…) holds a DS for dev.example.com with key tag …`.
    pub fn describe_ds(&self, ds: &DsHolding) -> String {
        let tags: Vec<String> = ds.values.iter().map(|value| value.tag.to_string()).collect();
        let (parent, name, tags) = (self.describe(ds.zone), &self.cut.name, tags.join(", "));
        format!("{parent} holds a DS for {name} with key tag {tags}")
    }

    /// How many accounts were read in full, of how many, in words.
    pub fn accounts_read(&self) -> String {
        let accounts = self.inventory.accounts();
        let read = accounts.iter().filter(|a| a.status.is_listed()).count();
        format!("{read} of {} accounts", accounts.len())
    }

    /// What the name servers of the zones of this name are, in a sentence, as far as that is known.
    pub fn right_servers(&self) -> String {
        let zone = self.cut.compared().first();
        let names = zone.and_then(|zone| self.servers(*zone).names().map(list));
        names.unwrap_or_else(|| "the name servers of its delegation set".to_owned())
    }

    /// What mends a delegation that leads elsewhere than to the zone's own servers.
    pub fn replace_by_right_servers(&self) -> String {
        let (parent, servers) = (self.describe_parent(), self.right_servers());
        format!("replace the NS record set {} in {parent} by {servers}", self.cut.name)
    }
}

/// Names in a sentence, separated by commas.
pub fn list<'n>(names: impl IntoIterator<Item = &'n DnsName>) -> String {
    let names: Vec<String> = names.into_iter().map(ToString::to_string).collect();
    names.join(", ")
}
