//! One thing learned, what became of reading it, and where and when that was.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::account::{AccountId, AccountIx, AccountStatus, Problem};
use crate::model::dnssec::Signing;
use crate::model::records::Records;
use crate::model::served::{Liveness, Served};
use crate::model::zone::{DelegationSet, Zone, ZoneId, ZoneKey};

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
    /// What the servers of both sides of a cut said.
    Served(Arc<Served>),
    /// Whether servers are asked at all.
    Liveness(Liveness),
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
