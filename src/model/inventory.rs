//! Everything learned so far, from all accounts, including what could not be read.
//!
//! Facts come in one by one; nothing is concluded here. An absence means something only where [`Held::is_whole`] holds.

mod entry;
mod fact;
mod zones;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::account::{Account, AccountId, AccountIx, AccountStatus};
use super::name::DnsName;
use super::served::{Liveness, Served};
use super::text::Untrusted;
use super::zone::{Visibility, Zone, ZoneId, ZoneKey};

pub use entry::{Apex, ZoneEntry};
pub use fact::{Fact, Held, Origin, Reading, Source};
pub use zones::Zones;

/// The place of a zone in one inventory; stays the same while the zone is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneIx(u32);

/// What changed since the last call of [`Inventory::take_changes`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Names at which a zone came, went, or was read.
    pub zones: HashSet<DnsName>,
    /// Cuts whose servers were asked.
    pub served: HashSet<DnsName>,
    /// Whether the set of accounts that were read in full changed, on which every absence rests.
    pub coverage: bool,
}

/// All accounts and their zones.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    accounts: Vec<Account>,
    zones: Vec<Option<ZoneEntry>>,
    by_key: HashMap<ZoneKey, ZoneIx>,
    public: HashMap<DnsName, Zones>,
    served: HashMap<DnsName, Arc<Served>>,
    liveness: Liveness,
    changes: Changes,
}

impl Inventory {
    /// An inventory of these accounts, of which nothing was read yet; their places are the order given.
    pub fn new(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            ..Self::default()
        }
    }

    /// The same, with accounts called otherwise.
    pub fn renamed(mut self, name: impl Fn(AccountIx) -> Untrusted) -> Self {
        for (place, account) in (0..).map(AccountIx).zip(&mut self.accounts) {
            account.name = name(place);
        }
        self
    }

    /// Learns one thing.
    pub fn apply(&mut self, fact: Fact) {
        match fact {
            Fact::Status { account, status } => self.set_status(account, status),
            Fact::Identified { account, id } => self.identify(account, id),
            Fact::Zones { account, zones, origin } => self.add_zones(account, zones, origin),
            Fact::ZonesListed { account, ids } => self.retain_zones(account, &ids),
            Fact::Records { zone, reading, origin } => {
                self.update(&zone, |entry| entry.learn_records(reading, origin));
            }
            Fact::DelegationSet { zone, reading, origin } => {
                self.update(&zone, |entry| {
                    entry.delegation_set = Some(Box::new(Held { reading, origin }))
                });
            }
            Fact::Signing { zone, reading, origin } => {
                self.update(&zone, |entry| entry.signing = Some(Box::new(Held { reading, origin })));
            }
            Fact::Served(served) => {
                self.changes.served.insert(served.name.clone());
                self.served.insert(served.name.clone(), served);
            }
            Fact::Liveness(liveness) => {
                self.changes.coverage |= self.liveness != liveness;
                self.liveness = liveness;
            }
        }
    }

    fn identify(&mut self, place: AccountIx, id: AccountId) {
        let Some(account) = self.accounts.get_mut(place.0 as usize) else {
            return;
        };
        let before = account.id.replace(id);
        // The evidence of findings names accounts by their ids.
        self.changes.coverage |= before != Some(id);
        if before.is_some_and(|before| before != id) {
            // What was remembered of the account that it was taken for is not its own.
            self.retain_zones(place, &[]);
        }
    }

    fn set_status(&mut self, account: AccountIx, status: AccountStatus) {
        let Some(account) = self.accounts.get_mut(account.0 as usize) else {
            return;
        };
        let was_read = account.status.is_listed();
        let is_read = status.is_listed();
        self.changes.coverage |= was_read != is_read;
        account.status = status;
    }

    fn add_zones(&mut self, account: AccountIx, zones: Vec<Zone>, origin: Origin) {
        if account.0 as usize >= self.accounts.len() {
            return;
        }
        for zone in zones {
            if let Some(index) = self.by_key.get(&zone.key).copied() {
                self.bring_up_to_date(index, zone, origin);
            } else {
                self.insert(zone, origin);
            }
        }
    }

    fn bring_up_to_date(&mut self, index: ZoneIx, zone: Zone, origin: Origin) {
        let Some(entry) = self.slot_mut(index) else { return };
        entry.origin = origin;
        if entry.zone == zone {
            return;
        }
        if entry.zone.name != zone.name || entry.zone.visibility != zone.visibility {
            self.remove(index);
            self.insert(zone, origin);
        } else {
            let name = zone.name.clone();
            entry.zone = zone;
            self.changes.zones.insert(name);
        }
    }

    fn insert(&mut self, zone: Zone, origin: Origin) {
        let index = ZoneIx(u32::try_from(self.zones.len()).expect("fewer than 2^32 zones fit in memory"));
        self.changes.zones.insert(zone.name.clone());
        self.by_key.insert(zone.key.clone(), index);
        let (name, visibility) = (zone.name.clone(), zone.visibility);
        self.zones.push(Some(ZoneEntry {
            zone,
            origin,
            records: None,
            apex: None,
            holds_cuts: false,
            delegation_set: None,
            signing: None,
        }));
        if visibility == Visibility::Public {
            self.publish(name, index);
        }
    }

    /// Zones of one name stand in the order of what identifies them, so that no verdict depends on who answered first.
    fn publish(&mut self, name: DnsName, index: ZoneIx) {
        let before = self.public.get(&name);
        let mut twins: Vec<ZoneIx> = before.into_iter().flatten().copied().chain([index]).collect();
        twins.sort_by_key(|twin| self.zone(*twin).map(|entry| &entry.zone.key));
        self.public.insert(name, twins.as_slice().into());
    }

    fn retain_zones(&mut self, account: AccountIx, ids: &[ZoneId]) {
        let listed: HashSet<&ZoneId> = ids.iter().collect();
        let gone: Vec<ZoneIx> = self
            .iter()
            .filter(|(_, entry)| entry.zone.key.account == account && !listed.contains(&entry.zone.key.id))
            .map(|(index, _)| index)
            .collect();
        for index in gone {
            self.remove(index);
        }
    }

    fn remove(&mut self, index: ZoneIx) {
        let Some(entry) = self.zones.get_mut(index.0 as usize).and_then(Option::take) else {
            return;
        };
        self.by_key.remove(&entry.zone.key);
        if let Some(zones) = self.public.get_mut(&entry.zone.name) {
            zones.retain(|other| other != index);
            if zones.is_empty() {
                self.public.remove(&entry.zone.name);
            }
        }
        self.changes.zones.insert(entry.zone.name);
    }

    fn update(&mut self, zone: &ZoneKey, change: impl FnOnce(&mut ZoneEntry)) {
        let Some(index) = self.by_key.get(zone).copied() else {
            return;
        };
        let Some(entry) = self.slot_mut(index) else { return };
        change(entry);
        let name = entry.zone.name.clone();
        self.changes.zones.insert(name);
    }

    fn slot_mut(&mut self, index: ZoneIx) -> Option<&mut ZoneEntry> {
        self.zones.get_mut(index.0 as usize)?.as_mut()
    }

    /// Hands out what changed since the last call, and forgets it.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// What the servers of both sides of the cut at a name said, where they were asked.
    pub fn served(&self, name: &DnsName) -> Option<&Served> {
        self.served.get(name).map(AsRef::as_ref)
    }

    /// What the servers of all cuts said that were asked, in no order.
    pub fn each_served(&self) -> impl Iterator<Item = &Served> {
        self.served.values().map(AsRef::as_ref)
    }

    /// The same in the order of names.
    pub fn all_served(&self) -> Vec<&Served> {
        let mut all: Vec<&Served> = self.each_served().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Whether servers are asked.
    pub fn liveness(&self) -> Liveness {
        self.liveness
    }

    /// The accounts, in the order of their places.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// One account.
    pub fn account(&self, account: AccountIx) -> Option<&Account> {
        self.accounts.get(account.0 as usize)
    }

    /// The places of all accounts, beside them.
    pub fn accounts_with_places(&self) -> impl Iterator<Item = (AccountIx, &Account)> {
        (0..).map(AccountIx).zip(&self.accounts)
    }

    /// Whether the zones of every account are known: only then can one say that a zone is in none of them.
    pub fn is_complete(&self) -> bool {
        self.accounts.iter().all(|a| a.status.is_listed())
    }

    /// Whether every account, and every zone in it, was read in full.
    pub fn is_read(&self) -> bool {
        self.is_complete() && self.iter().all(|(_, entry)| entry.is_whole())
    }

    /// All zones.
    pub fn iter(&self) -> impl Iterator<Item = (ZoneIx, &ZoneEntry)> {
        (0..)
            .map(ZoneIx)
            .zip(&self.zones)
            .filter_map(|(index, slot)| Some((index, slot.as_ref()?)))
    }

    /// How many zones there are.
    pub fn zone_count(&self) -> usize {
        self.by_key.len()
    }

    /// One zone by its place.
    pub fn zone(&self, index: ZoneIx) -> Option<&ZoneEntry> {
        self.zones.get(index.0 as usize)?.as_ref()
    }

    /// One zone by what identifies it.
    pub fn find(&self, key: &ZoneKey) -> Option<(ZoneIx, &ZoneEntry)> {
        let index = *self.by_key.get(key)?;
        Some((index, self.zone(index)?))
    }

    /// The name that has this wire form, where public zones have it.
    pub fn public_name(&self, wire: &[u8]) -> Option<&DnsName> {
        self.public.get_key_value(wire).map(|(name, _)| name)
    }

    /// The public zones whose name has this wire form (see [`DnsName::suffixes`]), in the order of what identifies them.
    pub fn public_zones(&self, wire: &[u8]) -> &[ZoneIx] {
        self.public.get(wire).map_or(&[], |zones| zones)
    }
}
