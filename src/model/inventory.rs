//! Everything learned so far, from all accounts, including what could not be read.
//!
//! Facts come in one by one; nothing is concluded here. An absence means something only where [`Held::is_whole`] holds.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::account::{Account, AccountId, AccountIx, AccountStatus, Problem};
use super::awsdns;
use super::dnssec::Signing;
use super::name::DnsName;
use super::record::{RecordType, name_servers};
use super::records::Records;
use super::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

/// Where and when something was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// From the API or from the cache.
    pub source: Source,
    /// When the API said it.
    pub at: Timestamp,
}

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The Route 53 API, in this run.
    Live,
    /// The cache: shown with its age, never the ground of an absence.
    Cache,
}

/// What became of reading one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// All of it, cross-checked.
    Whole(T),
    /// Some of it: what is here is true, what is missing means nothing.
    Part(T, Problem),
    /// None of it.
    Failed(Problem),
}

/// A reading and its origin.
#[derive(Debug, Clone)]
pub struct Held<T> {
    /// What was read.
    pub reading: Reading<T>,
    /// Where and when.
    pub origin: Origin,
}

impl<T> Held<T> {
    /// What is there, whole or in part.
    pub fn value(&self) -> Option<&T> {
        match &self.reading {
            Reading::Whole(value) | Reading::Part(value, _) => Some(value),
            Reading::Failed(_) => None,
        }
    }

    /// Whether it was read in full, and in this run.
    pub fn is_whole(&self) -> bool {
        matches!(self.reading, Reading::Whole(_)) && self.origin.source == Source::Live
    }

    /// Why it is not whole, if that is known.
    pub fn problem(&self) -> Option<&Problem> {
        match &self.reading {
            Reading::Whole(_) => None,
            Reading::Part(_, problem) | Reading::Failed(problem) => Some(problem),
        }
    }
}

/// One thing learned.
#[derive(Debug, Clone)]
pub enum Fact {
    /// How far an account was read.
    Status {
        /// The account.
        account: AccountIx,
        /// How far.
        status: AccountStatus,
    },
    /// `GetCallerIdentity` named the account.
    Identified {
        /// The account.
        account: AccountIx,
        /// Its id.
        id: AccountId,
    },
    /// Zones of one page: new ones are added, known ones brought up to date.
    Zones {
        /// The account.
        account: AccountIx,
        /// The zones.
        zones: Vec<Zone>,
        /// Where and when.
        origin: Origin,
    },
    /// The list is complete: zones of this account that it does not name are gone.
    ZonesListed {
        /// The account.
        account: AccountIx,
        /// The ids of all its zones.
        ids: Vec<ZoneId>,
    },
    /// The record sets of a zone.
    Records {
        /// The zone.
        zone: ZoneKey,
        /// What became of reading them.
        reading: Reading<Arc<Records>>,
        /// Where and when.
        origin: Origin,
    },
    /// The delegation set of a zone (`GetHostedZone`).
    DelegationSet {
        /// The zone.
        zone: ZoneKey,
        /// What became of reading it.
        reading: Reading<DelegationSet>,
        /// Where and when.
        origin: Origin,
    },
    /// The signing of a zone (`GetDNSSEC`).
    Signing {
        /// The zone.
        zone: ZoneKey,
        /// What became of reading it.
        reading: Reading<Signing>,
        /// Where and when.
        origin: Origin,
    },
}

/// The place of a zone in one inventory; stays the same while the zone is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneIx(u32);

/// A zone and what was read of it; none where it was not asked for yet.
#[derive(Debug, Clone)]
pub struct ZoneEntry {
    /// What the list of zones says.
    pub zone: Zone,
    /// Where and when the list said it.
    pub origin: Origin,
    /// Its record sets.
    pub records: Option<Held<Arc<Records>>>,
    /// The NS record set at its apex, as far as the record sets were read.
    pub apex: Option<Apex>,
    /// Its delegation set.
    pub delegation_set: Option<Held<DelegationSet>>,
    /// Its signing.
    pub signing: Option<Held<Signing>>,
}

/// The NS record set at the apex of a zone: looked at so often that it is read from the record sets once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apex {
    /// The names, sorted, each once.
    pub name_servers: Vec<DnsName>,
    /// Whether Route 53 could have assigned these names.
    pub is_assignable: bool,
}

impl Apex {
    fn of(records: &Records) -> Option<Self> {
        let name_servers = name_servers(records.find(b"", RecordType::NS)?.values());
        Some(Self {
            is_assignable: awsdns::is_assignable(&name_servers),
            name_servers,
        })
    }
}

impl ZoneEntry {
    /// Whether the internet can be delegated to it.
    pub fn is_public(&self) -> bool {
        self.zone.visibility == Visibility::Public
    }

    /// A reading that failed takes nothing away: what was held before stays, with its age, and is no longer whole.
    fn learn_records(&mut self, reading: Reading<Arc<Records>>, origin: Origin) {
        let held = match (reading, self.records.take()) {
            (Reading::Failed(problem), Some(before)) => match before.reading {
                Reading::Whole(records) | Reading::Part(records, _) => Held {
                    reading: Reading::Part(records, problem),
                    origin: before.origin,
                },
                Reading::Failed(_) => Held {
                    reading: Reading::Failed(problem),
                    origin,
                },
            },
            (reading, _) => Held { reading, origin },
        };
        self.apex = held.value().and_then(|records| Apex::of(records));
        self.records = Some(held);
    }

    /// The record sets that were read, whole or in part.
    pub fn records(&self) -> Option<&Records> {
        self.records.as_ref()?.value().map(AsRef::as_ref)
    }

    /// Whether the record sets were read in full, in this run: only then does an absence mean something.
    pub fn is_read(&self) -> bool {
        self.records.as_ref().is_some_and(Held::is_whole)
    }
}

/// What changed since the last call of [`Inventory::take_changes`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Names at which a zone came, went, or was read.
    pub zones: HashSet<DnsName>,
    /// Whether the set of accounts that were read in full changed, on which every absence rests.
    pub coverage: bool,
}

/// All accounts and their zones.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    accounts: Vec<Account>,
    zones: Vec<Option<ZoneEntry>>,
    by_key: HashMap<ZoneKey, ZoneIx>,
    public: HashMap<DnsName, Vec<ZoneIx>>,
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

    /// Learns one thing.
    pub fn apply(&mut self, fact: Fact) {
        match fact {
            Fact::Status { account, status } => self.set_status(account, status),
            Fact::Identified { account, id } => {
                if let Some(account) = self.accounts.get_mut(account.0 as usize) {
                    // The evidence of findings names accounts by their ids.
                    self.changes.coverage |= account.id != Some(id);
                    account.id = Some(id);
                }
            }
            Fact::Zones { account, zones, origin } => self.add_zones(account, zones, origin),
            Fact::ZonesListed { account, ids } => self.retain_zones(account, &ids),
            Fact::Records { zone, reading, origin } => {
                self.update(&zone, |entry| entry.learn_records(reading, origin));
            }
            Fact::DelegationSet { zone, reading, origin } => {
                self.update(&zone, |entry| entry.delegation_set = Some(Held { reading, origin }));
            }
            Fact::Signing { zone, reading, origin } => {
                self.update(&zone, |entry| entry.signing = Some(Held { reading, origin }));
            }
        }
    }

    fn set_status(&mut self, account: AccountIx, status: AccountStatus) {
        let Some(account) = self.accounts.get_mut(account.0 as usize) else {
            return;
        };
        let was_read = account.status == AccountStatus::Complete;
        let is_read = status == AccountStatus::Complete;
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
            delegation_set: None,
            signing: None,
        }));
        if visibility == Visibility::Public {
            self.publish(name, index);
        }
    }

    /// Zones of one name stand in the order of what identifies them, so that no verdict depends on who answered first.
    fn publish(&mut self, name: DnsName, index: ZoneIx) {
        let mut twins = self.public.remove(&name).unwrap_or_default();
        twins.push(index);
        twins.sort_by_key(|twin| self.zone(*twin).map(|entry| &entry.zone.key));
        self.public.insert(name, twins);
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
            zones.retain(|other| *other != index);
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
        self.accounts.iter().all(|a| a.status == AccountStatus::Complete)
    }

    /// Whether every account, and every zone in it, was read in full.
    pub fn is_read(&self) -> bool {
        self.is_complete() && self.iter().all(|(_, entry)| entry.is_read())
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

    /// The public zones whose name has this wire form (see [`DnsName::suffixes`]), in the order of what identifies them.
    pub fn public_zones(&self, wire: &[u8]) -> &[ZoneIx] {
        self.public.get(wire).map_or(&[], Vec::as_slice)
    }
}
