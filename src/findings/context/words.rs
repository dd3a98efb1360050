//! The sentences of evidence and fixes that several rules speak, fit to print.

use crate::model::cut::DsHolding;
use crate::model::inventory::ZoneIx;
use crate::model::name::{DnsName, list};
use crate::model::served::{Extent, Liveness, Off};

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

    /// The parent in a sentence, or what is known of it where none is held.
    pub fn describe_parent(&self) -> String {
        let held = self.parent_ref().map(|zone| self.describe(zone.index));
        let served = || {
            self.served()?
                .parent
                .zone
                .as_ref()
                .map(|zone| format!("the zone {zone}"))
        };
        held.or_else(served).unwrap_or_else(|| "the parent".to_owned())
    }

    /// All zones of the name in a sentence.
    pub fn describe_children(&self) -> String {
        let zones: Vec<String> = self.cut.children.iter().map(|zone| self.describe(*zone)).collect();
        zones.join(", ")
    }

    /// The delegation in a sentence: `example.com (…) delegates dev.example.com to …`.
    pub fn describe_delegation(&self) -> String {
        let (servers, name) = (list(self.delegated_to()), &self.cut.name);
        let above = self.served().and_then(|served| served.parent.zone.as_ref());
        match above.filter(|_| self.cut.referral.is_some()) {
            Some(zone) => format!("the servers of {zone} delegate {name} to {servers}"),
            None => format!("{} delegates {name} to {servers}", self.describe_parent()),
        }
    }

    /// What the servers that the name is delegated to do, a sentence each kind; why it is not known, where it is not.
    pub fn tell_servers(&self) -> Vec<String> {
        match &self.asked {
            Some(asked) => asked.tell(self.delegated_to()),
            None => self.why_unasked().into_iter().map(str::to_owned).collect(),
        }
    }

    /// What the servers of some names do, where they were asked.
    pub fn tell_of(&self, names: &[DnsName]) -> Vec<String> {
        self.asked.as_ref().map_or_else(Vec::new, |asked| asked.tell(names))
    }

    /// What the servers of the zone above say of the name, where they were asked.
    pub fn tell_parent(&self) -> Option<String> {
        self.asked.as_ref()?.tell_parent()
    }

    /// What mends a server that does not do what it should: mending it, or leaving it out.
    pub fn mend_servers(&self, mend: &str) -> String {
        let (name, parent) = (&self.cut.name, self.describe_parent());
        match self.fault {
            Some(_) if !self.cut.children.is_empty() => self.replace_by_right_servers(),
            _ => format!("{mend}; or take the server out of the NS record set {name} in {parent}"),
        }
    }

    /// The start of authority that is served, in a sentence: whose zone it is, as far as that tells.
    pub fn tell_soa(&self) -> Option<String> {
        let soa = self.asked.as_ref()?.serving().find_map(|at| at.soa())?;
        let (primary, contact) = (&soa.primary, &soa.contact);
        Some(format!(
            "the zone that is served has the primary server {primary} and the contact {contact}"
        ))
    }

    /// Why no server was asked, where others are.
    fn why_unasked(&self) -> Option<&'static str> {
        let off = match (self.served().map(|served| served.extent), self.inventory.liveness()) {
            (Some(Extent::Off(off)), _) | (_, Liveness::Off(off)) => off,
            _ => return None,
        };
        match off {
            Off::Intercepted => Some("no server was asked: something on the way answers in the place of every server"),
            Off::Blocked => Some("no server was asked: nothing comes back from any server"),
            Off::Unwanted => None,
        }
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
        if self.parent_ref().is_none() {
            return format!(
                "have the registrar set the name servers of {} to {servers}",
                self.cut.name
            );
        }
        format!("replace the NS record set {} in {parent} by {servers}", self.cut.name)
    }
}
