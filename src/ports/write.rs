//! What may be changed in one account, and what must be read exactly before and after. Each call is one request, sent once.

use std::future::Future;

use super::{ApiError, Caller};
use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, ZoneId};
use crate::plan::batch::Values;
use crate::plan::exact::ExactSet;
use crate::plan::{Party, Plan};

/// What must be read exactly for a plan, before and after it is applied. Reading alone: it needs no leave to write.
pub trait Exact: Send + Sync + 'static {
    /// `sts:GetCallerIdentity`, asked anew.
    fn caller(&self) -> impl Future<Output = Result<Caller, ApiError>> + Send;

    /// `GetHostedZone`.
    fn zone(&self, id: &ZoneId) -> impl Future<Output = Result<ZoneDetail, ApiError>> + Send;

    /// `ListHostedZonesByName` from a name on: the zones of exactly that name, all pages.
    fn zones_named(&self, name: &DnsName) -> impl Future<Output = Result<Vec<ZoneDetail>, ApiError>> + Send;

    /// `ListResourceRecordSets`: one page of record sets from a place on, exactly as they are stored.
    fn exact_sets(
        &self,
        zone: &ZoneId,
        from: Option<&RecordPlace>,
    ) -> impl Future<Output = Result<ExactPage, ApiError>> + Send;

    /// `ListTagsForResource` of a hosted zone.
    fn tags(&self, zone: &ZoneId) -> impl Future<Output = Result<Vec<(Untrusted, Untrusted)>, ApiError>> + Send;

    /// `ListReusableDelegationSets`, all pages.
    fn reusable_sets(&self) -> impl Future<Output = Result<Vec<ManagedSet>, ApiError>> + Send;

    /// `GetChange`.
    fn change_state(&self, id: &ChangeId) -> impl Future<Output = Result<ChangeState, ApiError>> + Send;
}

/// The writing side of one account. It exists only where writing was allowed, by the person and by the configuration.
///
/// Invariant: every mutating call is sent at most once, after `GetCallerIdentity` was found to name the pinned account.
pub trait Writer: Exact {
    /// `CreateHostedZone`, public.
    fn create_zone(&self, zone: &NewZone) -> impl Future<Output = Result<CreatedZone, WriteError>> + Send;

    /// `DeleteHostedZone`.
    fn delete_zone(&self, zone: &ZoneId) -> impl Future<Output = Result<ChangeId, WriteError>> + Send;

    /// `ChangeResourceRecordSets`: deletes, then creates, all or nothing.
    fn change(
        &self,
        zone: &ZoneId,
        values: &Values,
        comment: &str,
    ) -> impl Future<Output = Result<ChangeId, WriteError>> + Send;

    /// `CreateReusableDelegationSet`.
    fn create_set(
        &self,
        reference: &str,
        zone: Option<&ZoneId>,
    ) -> impl Future<Output = Result<ManagedSet, WriteError>> + Send;

    /// `DeleteReusableDelegationSet`.
    fn delete_set(&self, id: &Untrusted) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// The accounts, as far as plans are drafted from them and applied to them.
pub trait Desk: Send + Sync + 'static {
    /// Reads one account.
    type Reader: Exact;
    /// Writes to one account.
    type Writer: Writer;

    /// The place of a plan's account: by its pinned id, else by its name in the configuration.
    fn place_of(&self, party: &Party) -> Option<AccountIx>;

    /// The reading side of an account, by its place in the inventory.
    fn reader(&self, account: AccountIx) -> Option<Self::Reader>;

    /// The writing side of an account for one plan and nothing else, or why there is none: read-only mode, no writing profile.
    fn writer(&self, account: AccountIx, plan: &Plan)
    -> impl Future<Output = Result<Self::Writer, NotWritable>> + Send;
}

/// Why an account may not be written to, and what to do about it. Fit to print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotWritable {
    /// Why not, in a sentence.
    pub why: String,
    /// What to do.
    pub next: Option<String>,
}

/// A hosted zone, as a plan must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneDetail {
    /// Its id.
    pub id: ZoneId,
    /// Its apex.
    pub name: DnsName,
    /// Public or private.
    pub visibility: Visibility,
    /// The caller reference it was created with.
    pub reference: Untrusted,
    /// How many record sets it has.
    pub record_sets: u64,
    /// Its name servers; none where the operation that was asked does not tell them, and for private zones.
    pub delegation_set: Option<DelegationSet>,
    /// The AWS service that made it and alone may change it.
    pub linked_service: Option<Untrusted>,
    /// The state of accelerated recovery, as Route 53 words it; a zone is locked in `ENABLING_HOSTED_ZONE_LOCKED` and
    /// `DISABLING_HOSTED_ZONE_LOCKED`.
    pub recovery: Option<Untrusted>,
}

/// A place in the order of a zone's record sets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordPlace {
    /// The name.
    pub name: DnsName,
    /// The type; all of them, where none is given.
    pub record_type: Option<RecordType>,
    /// The set identifier.
    pub identifier: Option<Untrusted>,
}

/// One page of record sets as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactPage {
    /// The record sets.
    pub sets: Vec<ExactSet>,
    /// Record sets that could not be understood, each with why; they cannot be changed.
    pub unreadable: Vec<Untrusted>,
    /// Where the next page begins; none on the last one.
    pub next: Option<RecordPlace>,
}

/// A zone that shall be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewZone {
    /// The apex.
    pub name: DnsName,
    /// The `CallerReference`, which makes a second zone impossible.
    pub reference: String,
    /// The reusable delegation set it shall have.
    pub delegation_set: Option<Untrusted>,
    /// The comment.
    pub comment: Untrusted,
}

/// A zone that was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedZone {
    /// Its id.
    pub id: ZoneId,
    /// Its name servers.
    pub delegation_set: DelegationSet,
    /// The change to wait for.
    pub change: ChangeId,
}

/// The id of a change, as `GetChange` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChangeId(pub Untrusted);

/// How far a change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeState {
    /// Not on all servers yet.
    Pending,
    /// On all of Route 53's servers.
    InSync,
}

/// A reusable delegation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedSet {
    /// Its id.
    pub id: Untrusted,
    /// The caller reference it was created with, where Route 53 tells it.
    pub reference: Option<Untrusted>,
    /// Its name servers, sorted.
    pub name_servers: Vec<DnsName>,
}

/// Why a change is not known to have been made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// It was refused, by Route 53 or before it was sent: nothing was changed.
    #[error("{0}")]
    Refused(ApiError),
    /// Whether it was made is not known: no answer, a broken one, or a failure of the service.
    #[error("whether it was made is not known: {0}")]
    Unknown(ApiError),
}

impl WriteError {
    /// What was said.
    pub fn error(&self) -> &ApiError {
        match self {
            Self::Refused(error) | Self::Unknown(error) => error,
        }
    }

    /// The single complaints of an `InvalidChangeBatch`, which Route 53 sends as one text: `[this, that]`.
    pub fn complaints(&self) -> Vec<Untrusted> {
        match self.error().code.as_ref().map(Untrusted::expose) {
            Some("InvalidChangeBatch") => complaints(self.error().message.expose()),
            _ => Vec::new(),
        }
    }
}

/// Each complaint begins with a capital letter after a comma that stands outside of brackets.
fn complaints(message: &str) -> Vec<Untrusted> {
    let text = message.strip_prefix("InvalidChangeBatch: ").unwrap_or(message).trim();
    let list = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let mut found = Vec::new();
    let (mut depth, mut one) = (0_usize, String::new());
    let mut rest = list.chars();
    while let Some(c) = rest.next() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let mut ahead = rest.clone();
        let begins =
            depth == 0 && c == ',' && ahead.next() == Some(' ') && ahead.next().is_some_and(char::is_uppercase);
        if begins {
            found.push(std::mem::take(&mut one));
            rest.next();
        } else {
            one.push(c);
        }
    }
    found.push(one);
    found
        .iter()
        .filter(|one| !one.is_empty())
        .map(|one| Untrusted::from(one.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_complaints_of_a_batch_are_told_apart() {
        let deletes = "Tried to delete resource record set [name='a.example.', type='NS', set-identifier='x, Y'] but the values \
                       provided do not match the current values";
        let alias = "Tried to create an alias that targets b., type A in zone Z1, but that target was not found";
        let message = format!("InvalidChangeBatch: [{deletes}, {alias}]");
        let told: Vec<_> = complaints(&message).iter().map(|one| one.expose().to_owned()).collect();
        assert_eq!(told, [deletes, alias]);
        assert_eq!(complaints("one, thing").len(), 1);
        assert!(complaints("InvalidChangeBatch: []").is_empty());
    }
}
