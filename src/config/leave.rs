//! Leave to write: without a [`WriteCap`] nothing in this program can make a client that writes.
//!
//! Invariant: it is made in this file alone, from the configuration and from what a person asked for. An account with
//! `read_only = true` is never written to, whatever else is said.

use super::{AccountConfig, Config};
use crate::ports::NotWritable;

/// What a person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Asked {
    /// Nothing: the configuration decides.
    #[default]
    Nothing,
    /// That nothing may be written (`--read-only`).
    ReadOnly,
    /// Writing: `--write`, the unlocked terminal program, or a command that was confirmed.
    Writing,
}

/// Whether accounts may be written to whose requests do not go to AWS itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Overridden {
    /// They may not.
    #[default]
    Refused,
    /// They may, over HTTPS or to this machine (`--allow-endpoint-override`).
    Allowed,
}

/// Leave to write. Read-only mode has none, and nobody but [`WriteCap::of`] can make one.
#[derive(Debug, Clone)]
pub struct WriteCap {
    others: Others,
    overridden: Overridden,
}

/// What holds for accounts whose own `read_only` says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Others {
    Writable,
    ReadOnly,
}

impl WriteCap {
    /// The leave that a configuration and a person give; none in read-only mode.
    pub fn of(config: &Config, asked: Asked, overridden: Overridden) -> Option<Self> {
        let others = match asked {
            Asked::ReadOnly => return None,
            Asked::Writing => Others::Writable,
            Asked::Nothing if config.read_only => Others::ReadOnly,
            Asked::Nothing => Others::Writable,
        };
        let any = config.accounts.iter().any(|account| account.read_only == Some(false));
        (others == Others::Writable || any).then_some(Self { others, overridden })
    }

    /// Whether an account may be written to.
    pub fn covers(&self, account: &AccountConfig) -> Result<(), NotWritable> {
        match (account.read_only, self.others) {
            (Some(false), _) | (None, Others::Writable) => Ok(()),
            (Some(true), _) => Err(NotWritable {
                why: format!(
                    "the account {} is read-only: its configuration says read_only = true",
                    shown(account)
                ),
                next: Some("write a request for whoever may change it: zonecut request NAME".to_owned()),
            }),
            (None, Others::ReadOnly) => Err(read_only(account)),
        }
    }

    /// Whether accounts may be written to whose requests do not go to AWS itself.
    pub fn overridden(&self) -> Overridden {
        self.overridden
    }
}

/// Why an account is not written to in read-only mode.
pub fn read_only(account: &AccountConfig) -> NotWritable {
    NotWritable {
        why: format!(
            "zonecut runs in read-only mode, so nothing is written to the account {}",
            shown(account)
        ),
        next: Some("start it with --write, or set read_only = false for the account".to_owned()),
    }
}

fn shown(account: &AccountConfig) -> String {
    crate::model::text::printable(&account.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(read_only: bool, accounts: &[Option<bool>]) -> Config {
        let account = |own: &Option<bool>| AccountConfig {
            read_only: *own,
            ..AccountConfig::from_profile("a")
        };
        Config {
            read_only,
            accounts: accounts.iter().map(account).collect(),
            ..Config::default()
        }
    }

    fn covered(config: &Config, asked: Asked) -> Option<Vec<bool>> {
        let leave = WriteCap::of(config, asked, Overridden::Refused)?;
        Some(config.accounts.iter().map(|a| leave.covers(a).is_ok()).collect())
    }

    #[test]
    fn by_default_nothing_may_be_written() {
        assert_eq!(covered(&Config::default(), Asked::Nothing), None);
        assert_eq!(covered(&config(true, &[None, Some(true)]), Asked::Nothing), None);
    }

    #[test]
    fn an_account_that_is_read_only_stays_so_whatever_is_asked() {
        for (read_only, asked) in [(false, Asked::Nothing), (true, Asked::Writing), (false, Asked::Writing)] {
            let all = [Some(true), None, Some(false)];
            assert_eq!(covered(&config(read_only, &all), asked), Some(vec![false, true, true]));
        }
    }

    #[test]
    fn an_account_may_be_opened_on_its_own() {
        let all = [Some(true), None, Some(false)];
        assert_eq!(
            covered(&config(true, &all), Asked::Nothing),
            Some(vec![false, false, true])
        );
    }

    #[test]
    fn whoever_asks_for_read_only_gets_it() {
        for read_only in [true, false] {
            assert_eq!(covered(&config(read_only, &[None, Some(false)]), Asked::ReadOnly), None);
        }
    }
}
