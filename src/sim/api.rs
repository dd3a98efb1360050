//! The operations of Route 53 on a [`World`], without HTTP: an operation in, an answer or Route 53's own error out.
//!
//! Invariant: an operation that ends in an error has changed nothing.

mod change;
mod check;
mod dnssec;
mod error;
mod operation;
mod protection;
mod records;
mod reusable;
mod tags;
mod zones;

use std::time::Duration;

pub use error::{ApiError, EntryFailure, user_arn};
pub use operation::{
    Answer, Change, ChangeAction, ChangeInfo, ChangeStatus, CreatedZone, Limit, NewZone, Operation, Page, RecordPage,
    Tag, TagTargets, ZoneDetail, ZoneList, ZoneNamePage, ZonePage,
};
pub use protection::{ProtectionEntry, ProtectionList};
pub use records::{MAX_RECORD_SETS, RecordStart};
pub use zones::{MAX_ZONES, ZoneSummary};

use super::world::{HostedZone, SimAccount, World};
use crate::model::zone::ZoneId;

/// Who calls, and when.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The place of the caller's account in the world.
    pub account: usize,
    /// The time of the world's clock.
    pub now: Duration,
}

impl World {
    /// Answers one operation as Route 53 would, without faults.
    pub fn answer(&mut self, call: Call, operation: &Operation) -> Result<Answer, ApiError> {
        match operation {
            Operation::ListHostedZones(list) => self.list_hosted_zones(call, list).map(Answer::Zones),
            Operation::ListHostedZonesByName {
                dns_name,
                zone,
                max_items,
            } => self
                .list_hosted_zones_by_name(call, dns_name.as_deref(), zone.as_deref(), *max_items)
                .map(Answer::ZonesByName),
            Operation::GetHostedZone { zone } => self.get_hosted_zone(call, zone).map(Answer::Zone),
            Operation::GetHostedZoneCount => self.hosted_zone_count(call).map(Answer::ZoneCount),
            Operation::ListResourceRecordSets { zone, start, max_items } => self
                .list_record_sets(call, zone, start, *max_items)
                .map(Answer::Records),
            Operation::CreateHostedZone(zone) => self.create_hosted_zone(call, zone).map(Answer::Created),
            Operation::DeleteHostedZone { zone } => self.delete_hosted_zone(call, zone).map(Answer::Change),
            Operation::UpdateHostedZoneComment { zone, comment } => {
                self.update_comment(call, zone, comment).map(Answer::Commented)
            }
            Operation::ChangeResourceRecordSets { zone, comment, changes } => self
                .change_record_sets(call, zone, comment.as_deref(), changes)
                .map(Answer::Change),
            Operation::GetChange { id } => self.get_change(call, id).map(Answer::Change),
            Operation::GetDnssec { zone } => self.get_dnssec(call, zone).map(Answer::Dnssec),
            _ => self.answer_rare(call, operation),
        }
    }

    /// The operations that are seldom called.
    fn answer_rare(&mut self, call: Call, operation: &Operation) -> Result<Answer, ApiError> {
        match operation {
            Operation::CreateReusableDelegationSet { reference, zone } => self
                .create_reusable_set(call, reference, zone.as_deref())
                .map(Answer::CreatedSet),
            Operation::ListReusableDelegationSets { marker, max_items } => {
                self.list_reusable_sets(call, marker.as_deref(), *max_items)
            }
            Operation::GetReusableDelegationSet { id } => self.get_reusable_set(call, id).map(Answer::Set),
            Operation::DeleteReusableDelegationSet { id } => {
                self.delete_reusable_set(call, id).map(|()| Answer::Nothing)
            }
            Operation::CreateProtections { zone, entries } => {
                self.create_protections(call, zone, entries).map(|()| Answer::Nothing)
            }
            Operation::DeleteProtections { zone, entries } => {
                self.delete_protections(call, zone, entries).map(|()| Answer::Nothing)
            }
            Operation::ListProtections { zone, list } => {
                self.list_protections(call, zone, list).map(Answer::Protections)
            }
            Operation::ListTags { kind, ids } => self.list_tags(call, kind, ids),
            Operation::ChangeTags { kind, id, add, remove } => {
                self.change_tags(call, kind, id, add, remove).map(|()| Answer::Nothing)
            }
            Operation::GetAccountLimit { kind } => self.account_limit(call, kind).map(Answer::Limit),
            Operation::GetHostedZoneLimit { zone, kind } => self.zone_limit(call, zone, kind).map(Answer::Limit),
            Operation::GetReusableDelegationSetLimit { id, kind } => self.set_limit(call, id, kind).map(Answer::Limit),
            _ => Err(ApiError::invalid_input("The operation is not supported here")),
        }
    }

    fn caller(&self, call: Call) -> Result<&SimAccount, ApiError> {
        self.accounts.get(call.account).ok_or_else(ApiError::unknown_token)
    }

    fn caller_mut(&mut self, call: Call) -> Result<&mut SimAccount, ApiError> {
        self.accounts.get_mut(call.account).ok_or_else(ApiError::unknown_token)
    }

    /// The zone of the caller's account that an id, with or without `/hostedzone/`, names.
    fn zone_of(&self, call: Call, id: &str) -> Result<&HostedZone, ApiError> {
        let zone_id = ZoneId::read(id).ok_or_else(|| ApiError::no_such_zone(id))?;
        let account = self.caller(call)?;
        match account.zone(&zone_id) {
            Some(zone) => Ok(zone),
            None if self.accounts.iter().any(|other| other.zone(&zone_id).is_some()) => {
                Err(ApiError::other_accounts_resource(account))
            }
            None => Err(ApiError::no_such_zone(zone_id.as_str())),
        }
    }

    fn zone_id_of(&self, call: Call, id: &str) -> Result<ZoneId, ApiError> {
        self.zone_of(call, id).map(|zone| zone.id.clone())
    }

    fn zone_mut(&mut self, call: Call, id: &ZoneId) -> Result<&mut HostedZone, ApiError> {
        let missing = || ApiError::no_such_zone(id.as_str());
        self.caller_mut(call)?.zones.get_mut(id).ok_or_else(missing)
    }
}

/// The page size that a request asks for: at most `limit`, which also stands where nothing is asked for.
fn page_size(max_items: Option<i64>, limit: usize) -> Result<usize, ApiError> {
    match max_items {
        None => Ok(limit),
        Some(asked) => usize::try_from(asked)
            .ok()
            .filter(|asked| *asked > 0)
            .map(|asked| asked.min(limit))
            .ok_or_else(|| ApiError::invalid_input("Invalid MaxItems: it must be 1 or more")),
    }
}

#[cfg(test)]
mod tests;
