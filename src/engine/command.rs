//! What the owner of a scan may ask of it, and what the scan says.
//!
//! Events of one account arrive in the order they happened, on one bounded channel for all accounts.

use crate::model::account::AccountIx;
use crate::model::inventory::Fact;
use crate::model::zone::ZoneKey;

/// What the owner of a scan may ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The eye is on these zones: they are read before others. Replaces what was said before.
    Focus(Vec<ZoneKey>),
    /// Read these besides the record sets.
    Read(Vec<Want>),
    /// Read again, from the start.
    Rescan(Scope),
    /// Send nothing more until [`Command::Resume`]; what is under way comes in.
    Pause,
    /// Go on after [`Command::Pause`].
    Resume,
    /// Give up what was not read yet; it is said to be unread.
    Cancel(Scope),
}

/// How much a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every account.
    All,
    /// One account and all its zones.
    Account(AccountIx),
    /// One zone.
    Zone(ZoneKey),
}

/// Something of a zone that is read only where it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Want {
    /// The zone.
    pub zone: ZoneKey,
    /// What of it.
    pub detail: Detail,
}

/// What of a zone costs a request of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detail {
    /// `GetHostedZone`.
    DelegationSet,
    /// `GetDNSSEC`.
    Signing,
}

/// What a scan says.
#[derive(Debug, Clone)]
pub enum Event {
    /// Something was learned.
    Fact(Fact),
    /// An account has nothing left to do.
    Idle {
        /// The account.
        account: AccountIx,
        /// How many commands had reached it by then; the owner compares them with those it sent.
        commands: u64,
    },
}
