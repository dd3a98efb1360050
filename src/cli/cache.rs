//! What is kept between runs, and when: never for the demo, not where the configuration says so.

use jiff::Timestamp;

use crate::config::AccountConfig;
use crate::model::account::{AccountId, AccountIx};
use crate::model::inventory::{Fact, Inventory};
use crate::store::cache::{Cache, CacheKey};

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
        for (place, config) in (0..).map(AccountIx).zip(&reach.roster.accounts) {
            let Some(id) = config.id else { continue };
            let age = settings.config.cache.max_age;
            match cache.load(&key(reach, config, id), place, Timestamp::now(), age) {
                Ok(Some(cached)) => facts.extend(cached.facts),
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
            if let Err(error) = cache.save(&key(reach, config, id), inventory, place, Timestamp::now()) {
                console.warn(&crate::model::text::printable(&error.to_string()));
                return;
            }
        }
    }
}

fn key(reach: &Reach, config: &AccountConfig, account: AccountId) -> CacheKey {
    CacheKey {
        account,
        endpoint: reach.setup.endpoint_override(config),
    }
}
