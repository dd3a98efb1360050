//! How far a scan is, as figures a person can trust: every share has its whole, and a whole that may grow says so.
//!
//! A snapshot is taken with `Scan::progress` whenever something is drawn; it does not travel with the facts.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::account::{AccountIx, Problem};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::ports::ApiErrorKind;

/// How far a scan is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The accounts being read, in the order of their places.
    pub accounts: Vec<AccountProgress>,
    /// The latest requests, newest last.
    pub requests: Vec<RequestNote>,
    /// How long it has been running.
    pub elapsed: Duration,
    /// How far the checks of what is served are; none where no server is asked.
    pub live: Option<super::live::Progress>,
}

/// How far one account is.
#[derive(Debug, Clone)]
pub struct AccountProgress {
    /// The account.
    pub account: AccountIx,
    /// What it is at.
    pub stage: Stage,
    /// Zones that its list has named so far.
    pub zones_listed: u64,
    /// What `GetHostedZoneCount` said, once it did.
    pub zones_expected: Option<u64>,
    /// Zones of which the record sets were read, or were found not to be readable.
    pub zones_read: u64,
    /// Requests sent, by kind.
    pub sent: Sent,
    /// Those of them that were answered with `Throttling`.
    pub throttled: u64,
    /// Those of them that were sent again after a failure.
    pub retried: u64,
    /// Requests that failed for good.
    pub failed: u64,
    /// Requests waiting for their turn.
    pub queued: usize,
    /// Requests under way.
    pub in_flight: usize,
    /// Requests still to come for all that is known to be needed.
    pub remaining: u64,
    /// Requests a second that are allowed at present.
    pub rate: f64,
    /// Requests a second that were configured.
    pub limit: f64,
    /// Requests sent in the last whole second.
    pub now: u32,
    /// How long the next retry has to wait, where retries are all there is left to do.
    pub back_off: Option<Duration>,
    /// How long what remains will take at the present rate.
    pub eta: Option<Duration>,
    /// The latest failure.
    pub problem: Option<Problem>,
}

/// Requests sent, by kind; each attempt counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// `sts:GetCallerIdentity`, which does not count against the limit of Route 53.
    pub identity: u64,
    /// `GetHostedZoneCount`.
    pub count: u64,
    /// `ListHostedZones`.
    pub zones: u64,
    /// `ListResourceRecordSets`.
    pub records: u64,
    /// `GetHostedZone`.
    pub delegation_sets: u64,
    /// `GetDNSSEC`.
    pub signing: u64,
}

impl Sent {
    /// All requests to Route 53.
    pub fn route53(&self) -> u64 {
        self.count + self.zones + self.records + self.delegation_sets + self.signing
    }
}

/// What an account is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing was asked yet.
    #[default]
    Waiting,
    /// Finding out which account it is.
    Identifying,
    /// Its zones are being listed.
    Listing,
    /// Its zones are listed, and their record sets are being read.
    Reading,
    /// The person halted it.
    Paused,
    /// There is nothing left to do.
    Done,
    /// It could not be read.
    Failed,
}

/// A whole of which a part is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// It will stay.
    Exactly(u64),
    /// It may grow: lists are still coming in. Shown with `~`.
    AtLeast(u64),
}

impl Whole {
    /// The number.
    pub fn number(self) -> u64 {
        match self {
            Self::Exactly(number) | Self::AtLeast(number) => number,
        }
    }
}

impl AccountProgress {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done | Stage::Failed)
    }

    /// How many zones it has.
    pub fn zones(&self) -> Whole {
        let number = self.zones_expected.unwrap_or(0).max(self.zones_listed);
        match self.stage {
            Stage::Reading | Stage::Done | Stage::Failed => Whole::Exactly(number),
            Stage::Paused if self.zones_expected == Some(self.zones_listed) => Whole::Exactly(number),
            _ => Whole::AtLeast(number),
        }
    }
}

impl Progress {
    /// How many accounts have nothing left to do.
    pub fn accounts_done(&self) -> usize {
        self.accounts.iter().filter(|a| a.is_done()).count()
    }

    /// How many zones were read.
    pub fn zones_read(&self) -> u64 {
        self.accounts.iter().map(|a| a.zones_read).sum()
    }

    /// How many zones there are to read.
    pub fn zones(&self) -> Whole {
        let number = self.accounts.iter().map(|a| a.zones().number()).sum();
        let is_final = self.accounts.iter().all(|a| matches!(a.zones(), Whole::Exactly(_)));
        if is_final {
            Whole::Exactly(number)
        } else {
            Whole::AtLeast(number)
        }
    }

    /// Requests sent to Route 53.
    pub fn requests_sent(&self) -> u64 {
        self.accounts.iter().map(|a| a.sent.route53()).sum()
    }

    /// Requests answered with `Throttling`.
    pub fn throttled(&self) -> u64 {
        self.accounts.iter().map(|a| a.throttled).sum()
    }

    /// How long it will take until the slowest account is done; none where no account can say.
    pub fn eta(&self) -> Option<Duration> {
        self.accounts.iter().filter_map(|a| a.eta).max()
    }

    /// Whether every account has nothing left to do.
    pub fn is_done(&self) -> bool {
        self.accounts.iter().all(AccountProgress::is_done)
    }
}

/// One request, as the Activity screen lists it.
#[derive(Debug, Clone)]
pub struct RequestNote {
    /// Counts up from 1 over all accounts.
    pub number: u64,
    /// When it was answered.
    pub at: Timestamp,
    /// The account.
    pub account: AccountIx,
    /// The operation, as IAM names it.
    pub action: &'static str,
    /// The zone it was about.
    pub zone: Option<(ZoneId, DnsName)>,
    /// The page, from 1, where the operation pages.
    pub page: Option<u32>,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// What came of a request.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// An answer, with so many things in it.
    Answered(usize),
    /// A failure, and how long it waits before it is sent again; none where it is given up.
    Failed {
        /// The class.
        kind: ApiErrorKind,
        /// One line for a person.
        message: Untrusted,
        /// How long it waits before it is sent again.
        retry_in: Option<Duration>,
    },
}
