//! What was read of each account, kept between runs: shown at once at the next start, never the ground of an absence.
//!
//! Invariant: a file that is damaged, hostile, of another version or of another account gives a reason and no facts; a
//! file that is accepted holds nothing that reading it later could stumble over.

mod file;
mod mirror;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::private::{Directory, PrivateError};
use crate::model::account::{AccountId, AccountIx, AccountStatus};
use crate::model::inventory::{Fact, Inventory, Source, ZoneEntry};

/// No larger file is read or written.
const LARGEST: u64 = 512 * 1024 * 1024;

/// The cache in its directory.
#[derive(Debug)]
pub struct Cache {
    directory: Directory,
}

/// What a file of the cache is about: the same account behind another endpoint is another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The account.
    pub account: AccountId,
    /// The endpoint that stands in for AWS, where one does.
    pub endpoint: Option<String>,
}

/// What the cache held of one account.
#[derive(Debug)]
pub struct Cached {
    /// When it was kept.
    pub kept_at: Timestamp,
    /// The facts, all of [`Source::Cache`], the status [`AccountStatus::Stale`] among them.
    pub facts: Vec<Fact>,
}

/// Why the cache of an account is not used; the program goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The file may not be touched.
    #[error("the cache is not used: {0}")]
    Private(#[from] PrivateError),
    /// The file is not what was written.
    #[error("the cache of account {0} is damaged and not used; the next scan replaces it")]
    Damaged(AccountId),
    /// Another zonecut wrote it.
    #[error(
        "the cache of account {account} has format {found}, this zonecut reads {expected}; the next scan replaces it"
    )]
    Version {
        /// The account.
        account: AccountId,
        /// The format found.
        found: u32,
        /// The format read.
        expected: u32,
    },
    /// It is older than was asked for.
    #[error("the cache of account {account} was kept at {kept_at}, longer ago than is shown")]
    TooOld {
        /// The account.
        account: AccountId,
        /// When it was kept.
        kept_at: Timestamp,
    },
    /// What is to be kept is too large.
    #[error("account {0} is too large to be kept in the cache")]
    TooLarge(AccountId),
}

impl Cache {
    /// Opens the cache in a directory, which is made where it is missing.
    pub fn open(directory: &Path) -> Result<Self, CacheError> {
        let directory = Directory::open(directory)?;
        Ok(Self { directory })
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What is kept of an account, as facts about the one at `place`; none where nothing is.
    ///
    /// What is older than `max_age` at `now`, or comes from the future, is not used.
    pub fn load(
        &self,
        key: &CacheKey,
        place: AccountIx,
        now: Timestamp,
        max_age: Duration,
    ) -> Result<Option<Cached>, CacheError> {
        let Some(bytes) = self.directory.read(&key.file_name(), LARGEST)? else {
            return Ok(None);
        };
        let header = file::open(&bytes, key.account)?;
        if !is_fresh(header.kept_at, now, max_age) {
            return Err(CacheError::TooOld {
                account: key.account,
                kept_at: header.kept_at,
            });
        }
        let mut facts = mirror::read(header.payload, key, place).ok_or(CacheError::Damaged(key.account))?;
        facts.push(Fact::Status {
            account: place,
            status: AccountStatus::Stale,
        });
        Ok(Some(Cached {
            kept_at: header.kept_at,
            facts,
        }))
    }

    /// Keeps what an inventory holds of the account at `place`, unless nothing of it was read in this run.
    pub fn save(
        &self,
        key: &CacheKey,
        inventory: &Inventory,
        place: AccountIx,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let zones: Vec<&ZoneEntry> = inventory
            .iter()
            .map(|(_, entry)| entry)
            .filter(|entry| entry.zone.key.account == place)
            .collect();
        let is_listed = inventory
            .account(place)
            .is_some_and(|account| account.status == AccountStatus::Complete);
        let is_live = |entry: &&ZoneEntry| entry.origin.source == Source::Live;
        if !is_listed && !zones.iter().any(is_live) {
            return Ok(());
        }
        let payload = mirror::write(key, &zones).ok_or(CacheError::TooLarge(key.account))?;
        let bytes = file::seal(&payload, now);
        if bytes.len() as u64 > LARGEST {
            return Err(CacheError::TooLarge(key.account));
        }
        Ok(self.directory.write(&key.file_name(), &bytes)?)
    }

    /// Forgets what is kept of an account.
    pub fn forget(&self, key: &CacheKey) -> Result<(), CacheError> {
        Ok(self.directory.remove(&key.file_name())?)
    }
}

/// The facts in the payload of a file, none where it is damaged: what a hostile file gets to, once its frame is right.
pub fn read_payload(payload: &[u8], key: &CacheKey, place: AccountIx) -> Option<Vec<Fact>> {
    mirror::read(payload, key, place)
}

/// Whether something kept at a time may still be shown (`--max-age`).
pub fn is_fresh(kept_at: Timestamp, now: Timestamp, max_age: Duration) -> bool {
    let age = now.duration_since(kept_at);
    // A clock that was set back a little makes nothing unusable.
    age.as_secs() >= -300 && age.as_secs_f64() <= max_age.as_secs_f64()
}

impl CacheKey {
    /// Holds nothing of the endpoint itself, which may contain anything.
    fn file_name(&self) -> String {
        match &self.endpoint {
            None => format!("{}.cache", self.account),
            Some(endpoint) => {
                let digest = Sha256::digest(endpoint.as_bytes());
                let tag: String = digest.iter().take(8).map(|octet| format!("{octet:02x}")).collect();
                format!("{}-{tag}.cache", self.account)
            }
        }
    }
}

#[cfg(test)]
mod tests;
