//! What the accounts of one scan have to know of each other: which names have zones below them, and who is who.
//!
//! It decides only the order of requests, and that no account is read twice; no fact rests on it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::account::{AccountId, AccountIx};
use crate::model::name::DnsName;

/// Shared by the accounts of one scan.
#[derive(Debug, Default)]
pub(super) struct Commons(Mutex<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Names that lie above some zone, in wire form.
    above: HashSet<Box<[u8]>>,
    generation: u64,
    claims: HashMap<AccountId, AccountIx>,
}

impl Commons {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the names of zones of one page.
    pub(super) fn note<'a>(&self, names: impl Iterator<Item = &'a DnsName>) {
        let mut shared = self.lock();
        let before = shared.above.len();
        for name in names {
            for suffix in name.suffixes().skip(1) {
                if shared.above.contains(suffix) {
                    break;
                }
                shared.above.insert(suffix.into());
            }
        }
        if shared.above.len() != before {
            shared.generation += 1;
        }
    }

    /// Counts up whenever a name came to have zones below it.
    pub(super) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Whether a zone of this name has zones below it.
    pub(super) fn has_below(&self, name: &DnsName) -> bool {
        self.lock().above.contains(name.as_wire())
    }

    /// Claims an account id for a place; says which other place claimed it before.
    pub(super) fn claim(&self, id: AccountId, account: AccountIx) -> Result<(), AccountIx> {
        let mut shared = self.lock();
        match *shared.claims.entry(id).or_insert(account) {
            claimed if claimed == account => Ok(()),
            other => Err(other),
        }
    }
}
