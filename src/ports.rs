//! What must be asked of the outside, and how it may fail. Nothing of the AWS SDK is in here.
//!
//! Each call is one request: no paging, no retry, no pacing. Those are the engine's.

mod attempt;
mod dns;
mod journal;
mod login;
mod mfa;
mod write;

use std::future::Future;

pub use attempt::{Attempt, AttemptSink};
pub use dns::{Dns, Exchange, Extension, HttpsQuery, Query, Recursion};
pub use journal::{Damage, DamageKind, Journal, JournalError, Pen, Reading};
pub use login::{Login, LoginState};
pub use mfa::{MfaAnswer, MfaPrompt, MfaRequest};
pub use write::{
    ChangeId, ChangeState, CreatedZone, Desk, Exact, ExactPage, ManagedSet, NewZone, NotWritable, RecordPlace,
    WriteError, Writer, ZoneDetail,
};

use crate::model::account::{AccountId, Problem, ProblemKind};
use crate::model::dnssec::Signing;
use crate::model::record::RecordSet;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Zone, ZoneId};

/// The Route 53 API of one account, as far as zonecut reads it.
pub trait Route53: Send + Sync + 'static {
    /// `GetHostedZoneCount`: how many hosted zones the account has.
    fn zone_count(&self) -> impl Future<Output = Result<u64, ApiError>> + Send;

    /// `ListHostedZones`: one page of at most 100 zones, from a marker on.
    fn zones(&self, marker: Option<&ZoneMarker>) -> impl Future<Output = Result<ZonePage, ApiError>> + Send;

    /// `ListResourceRecordSets`: one page of at most 300 record sets of a zone, from a cursor on.
    fn record_sets(
        &self,
        zone: &ZoneId,
        cursor: Option<&RecordCursor>,
    ) -> impl Future<Output = Result<RecordPage, ApiError>> + Send;

    /// `GetHostedZone`: the delegation set of a public zone.
    fn delegation_set(&self, zone: &ZoneId) -> impl Future<Output = Result<DelegationSet, ApiError>> + Send;

    /// `GetDNSSEC`: whether a zone is signed, and with which keys.
    fn signing(&self, zone: &ZoneId) -> impl Future<Output = Result<Signing, ApiError>> + Send;
}

/// Who the credentials of an account belong to.
pub trait Identity: Send + Sync + 'static {
    /// `sts:GetCallerIdentity`.
    fn caller(&self) -> impl Future<Output = Result<Caller, ApiError>> + Send;
}

/// What `GetCallerIdentity` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The ARN of the principal.
    pub arn: Untrusted,
}

/// Where the next page of zones begins: a zone id, but nothing to be read into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ZoneMarker(pub String);

/// One page of `ListHostedZones`. The account of each zone is filled in by the adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonePage {
    /// The zones.
    pub zones: Vec<Zone>,
    /// Where the next page begins; none on the last page.
    pub next: Option<ZoneMarker>,
    /// Zones that could not be understood, each with why.
    pub unreadable: Vec<Untrusted>,
}

/// Where the next page of record sets begins: `NextRecordName`, `NextRecordType`, `NextRecordIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordCursor {
    /// The name, as Route 53 wrote it.
    pub name: String,
    /// The type.
    pub record_type: String,
    /// The set identifier, where a routing policy makes several.
    pub identifier: Option<String>,
}

/// One page of `ListResourceRecordSets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// The record sets.
    pub sets: Vec<RecordSet>,
    /// Where the next page begins; none on the last page.
    pub next: Option<RecordCursor>,
    /// Record sets that could not be understood, each with why.
    pub unreadable: Vec<Untrusted>,
}

/// A request that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{action}: {}", message.printable())]
pub struct ApiError {
    /// The operation, as IAM names it: `route53:ListHostedZones`.
    pub action: &'static str,
    /// The class, which decides whether it is tried again.
    pub kind: ApiErrorKind,
    /// The code of the service: `Throttling`, `AccessDenied`.
    pub code: Option<Untrusted>,
    /// One line for a person.
    pub message: Untrusted,
    /// The exact command that mends it, where there is one.
    pub remedy: Option<Untrusted>,
    /// The AWS request id.
    pub request_id: Option<Untrusted>,
}

/// The classes of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiErrorKind {
    /// No credentials, or expired ones: no use in trying again before a login.
    Credentials,
    /// The action is not allowed.
    Denied,
    /// `Throttling` or `PriorRequestNotComplete`: try again, slower.
    Throttled,
    /// The thing asked for is not there (any more).
    NotFound,
    /// The service failed (5xx), or the connection did: try again.
    Unavailable,
    /// An answer that cannot be understood: try again, it may have been cut short.
    Malformed,
    /// The request was refused as wrong: a defect of ours.
    Refused,
    /// The credentials are those of another account than the pinned one.
    WrongAccount,
}

impl ApiErrorKind {
    /// Whether asking again may help.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Unavailable | Self::Malformed)
    }

    /// The class under which a lasting failure is shown.
    pub fn problem(self) -> ProblemKind {
        match self {
            Self::Credentials => ProblemKind::Credentials,
            Self::Denied => ProblemKind::Denied,
            Self::Throttled => ProblemKind::Throttled,
            Self::WrongAccount => ProblemKind::Quarantined,
            Self::NotFound | Self::Unavailable | Self::Malformed | Self::Refused => ProblemKind::Service,
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let text = format!("{}: {}", error.action, error.message.expose());
        Self {
            kind: error.kind.problem(),
            message: Untrusted::from(text),
            remedy: error.remedy,
            request_id: error.request_id,
        }
    }
}
