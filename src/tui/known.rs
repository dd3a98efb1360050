//! What is known of the DNS, as screens look at it: the inventory and the verdicts, borrowed for one update or one frame.

use jiff::Timestamp;

use crate::findings::{CutVerdict, Finding, Status, Survey};
use crate::model::account::{Account, AccountIx, Env};
use crate::model::inventory::{Inventory, Origin, Source, ZoneEntry, ZoneIx};
use crate::model::zone::ZoneKey;

use super::look::Look;

/// What is known of the DNS.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Everything that was read.
    pub inventory: &'a Inventory,
    /// The verdicts on it.
    pub survey: &'a Survey,
}

impl<'a> Known<'a> {
    /// A zone by what identifies it.
    pub fn zone(self, key: &ZoneKey) -> Option<(ZoneIx, &'a ZoneEntry)> {
        self.inventory.find(key)
    }

    /// The verdict on the cut at the name of a public zone.
    pub fn verdict(self, entry: &ZoneEntry) -> Option<&'a CutVerdict> {
        if entry.is_public() {
            self.survey.cut(&entry.zone.name)
        } else {
            None
        }
    }

    /// One account.
    pub fn account(self, place: AccountIx) -> Option<&'a Account> {
        self.inventory.account(place)
    }

    /// The name of an account, as shown.
    pub fn account_name(self, look: &Look, place: AccountIx) -> String {
        self.account(place)
            .map_or_else(String::new, |account| look.account(place, account))
    }

    /// The environment of an account, as shown; production is `PROD` for the badge.
    pub fn env(self, look: &Look, place: AccountIx) -> String {
        match self.account(place) {
            None => String::new(),
            Some(account) => env_label(look, account),
        }
    }

    /// Whether an account is production.
    pub fn is_prod(self, place: AccountIx) -> bool {
        self.account(place).is_some_and(|account| account.env == Env::Prod)
    }
}

/// The environment of an account, as shown.
pub fn env_label(look: &Look, account: &Account) -> String {
    match (account.env, &account.env_label) {
        (Env::Prod, _) => "PROD".to_owned(),
        (_, Some(label)) => look.outside(label, 12),
        _ => String::new(),
    }
}

/// Whether a finding stands for a problem of its own: no symptom of another, and known.
pub fn counts(known: Known<'_>, finding: &Finding) -> bool {
    let cut_off = finding
        .name()
        .and_then(|name| known.survey.cut(name))
        .is_some_and(|verdict| verdict.status == Status::CutOff);
    finding.cause.is_none() && finding.is_known() && !cut_off
}

/// How many problems there are, by what they lead to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Dangling, lame, bogus.
    pub broken: usize,
    /// Missing delegations.
    pub missing: usize,
    /// Drift and what is occluded.
    pub drift: usize,
    /// Duplicates that are not served.
    pub shadow: usize,
    /// What could not be read.
    pub unread: usize,
    /// Accounts that were not read in full.
    pub accounts_unread: usize,
    /// Whether anything comes from the cache.
    pub cached: bool,
    /// When what was read first of all that is shown was read.
    pub oldest: Option<Timestamp>,
}

impl Tally {
    /// Counts them.
    pub fn of(known: Known<'_>) -> Self {
        let mut tally = Self::default();
        for finding in known.survey.findings().filter(|finding| counts(known, finding)) {
            match finding.rule.status {
                Status::Dangling | Status::Lame | Status::Bogus => tally.broken += 1,
                Status::Missing => tally.missing += 1,
                Status::Drift | Status::Occluded => tally.drift += 1,
                Status::Shadow => tally.shadow += 1,
                Status::NoAccess | Status::Partial => tally.unread += 1,
                _ => {}
            }
        }
        let accounts = known.inventory.accounts().iter();
        tally.accounts_unread = accounts.filter(|account| account.status.problem().is_some()).count();
        tally.cached = known
            .inventory
            .iter()
            .any(|(_, entry)| entry.origin.source == Source::Cache);
        let read = |entry: &ZoneEntry| entry.records.as_ref().map_or(entry.origin.at, |held| held.origin.at);
        tally.oldest = known.inventory.iter().map(|(_, entry)| read(entry)).min();
        tally
    }
}

/// What is held of one account. Gathered once for all accounts, for a frame must not look at every zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holding {
    /// How many zones.
    pub zones: usize,
    /// How many of them could not be read in full.
    pub unread: usize,
    /// Whence the oldest of what was read is, and when it was read.
    pub oldest: Option<Origin>,
}

impl Holding {
    /// What is held of each account, in the order of the accounts.
    pub fn all(known: Known<'_>) -> Vec<Self> {
        let mut all = vec![Self::default(); known.inventory.accounts().len()];
        for (_, entry) in known.inventory.iter() {
            if let Some(holding) = all.get_mut(entry.zone.key.account.0 as usize) {
                holding.take(entry);
            }
        }
        all
    }

    fn take(&mut self, entry: &ZoneEntry) {
        self.zones += 1;
        let Some(held) = &entry.records else { return };
        self.unread += usize::from(held.problem().is_some());
        if self.oldest.is_none_or(|oldest| held.origin.at < oldest.at) {
            self.oldest = Some(held.origin);
        }
    }
}
