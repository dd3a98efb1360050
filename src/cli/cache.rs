//! What is kept between runs, and when: never for the demo, not where the configuration says so.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::config::AccountConfig;
use crate::model::account::{AccountId, AccountIx};
use crate::model::inventory::{Fact, Inventory};
use crate::store::cache::{Cache, CacheError, CacheKey};

use super::console::Console;
use super::gather::Reach;
use super::settings::Settings;

/// The cache of a run, or none.
#[derive(Debug)]
pub struct Kept(Option<Cache>);

impl Kept {
    /// Opens the cache; where that fails the run goes on without, and says so.
    pub fn open(settings: &Settings, reach: &Reach, console: &Console) -> Self {
        if reach.simulator.is_some() || !settings.config.cache.enabled {
            return Self(None);
        }
        let Some(dirs) = directories::ProjectDirs::from("", "", "zonecut") else {
            return Self(None);
        };
        match Cache::open(dirs.cache_dir()) {
            Ok(cache) => Self(Some(cache)),
            Err(error) => {
                console.warn(&crate::model::text::printable(&error.to_string()));
                Self(None)
            }
        }
    }

    /// What is kept of all accounts, unless it is to be ignored.
    pub fn load(&self, settings: &Settings, reach: &Reach, console: &Console) -> Vec<Fact> {
        let (Some(cache), false) = (&self.0, settings.global.refresh) else {
            return Vec::new();
        };
        let mut facts = Vec::new();
        let mut seen = HashSet::new();
        for (place, config) in (0..).map(AccountIx).zip(&reach.roster.accounts) {
            // Two logins to one account are shown once, as they are read.
            let key = account_of(cache, reach, config).map(|id| key(reach, config, id));
            let Some(key) = key.filter(|key| seen.insert(key.clone())) else {
                continue;
            };
            match cache.load(&key, place, Timestamp::now(), settings.config.cache.max_age) {
                Ok(Some(cached)) => {
                    let id = key.account;
                    facts.push(Fact::Identified { account: place, id });
                    facts.extend(cached.facts);
                }
                Ok(None) => {}
                Err(error) => console.hint(&crate::model::text::printable(&error.to_string())),
            }
        }
        facts
    }

    /// Keeps what was read.
    pub fn save(&self, reach: &Reach, inventory: &Inventory, console: &Console) {
        let Some(cache) = &self.0 else { return };
        for (place, config) in (0..).map(AccountIx).zip(&reach.roster.accounts) {
            let id = inventory.account(place).and_then(|account| account.id);
            let (Some(id), true) = (id, reach.roster.chosen.contains(&place)) else {
                continue;
            };
            let saved = cache
                .save(&key(reach, config, id), inventory, place, Timestamp::now())
                .and_then(|()| remember(cache, reach, config, id));
            if let Err(error) = saved {
                console.warn(&crate::model::text::printable(&error.to_string()));
                return;
            }
        }
    }
}

/// The account whose cache belongs to a login: the pinned one, else the one it led to the last time.
fn account_of(cache: &Cache, reach: &Reach, config: &AccountConfig) -> Option<AccountId> {
    let recalled = || cache.recall(&reach.setup.login_key(config)?).ok().flatten();
    config.id.or_else(recalled)
}

fn remember(cache: &Cache, reach: &Reach, config: &AccountConfig, id: AccountId) -> Result<(), CacheError> {
    match reach.setup.login_key(config) {
        Some(login) if config.id.is_none() => cache.remember(&login, id),
        _ => Ok(()),
    }
}

fn key(reach: &Reach, config: &AccountConfig, account: AccountId) -> CacheKey {
    CacheKey {
        account,
        endpoint: reach.setup.endpoint_override(config),
    }
}
