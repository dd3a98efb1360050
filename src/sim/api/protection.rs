//! Record set protections: names and types of a zone that nobody may change, whether they have a record set or not.
//!
//! Invariant: a request adds or removes all of its protections, or none.

use std::collections::BTreeSet;

use super::error::EntryFailure;
use super::operation::{Change, ChangeAction, Page};
use super::{ApiError, Call, page_size};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::world::{HostedZone, Protection, World};

/// The most protections of one request.
const PER_REQUEST: usize = 100;
/// The most protections of one page.
const PER_PAGE: usize = 300;
/// The most protections of one zone.
const PER_ZONE: usize = 10_000;
/// The most characters of a comment.
const COMMENT: usize = 256;

/// One entry of a request, as the caller wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProtectionEntry {
    /// `RecordName`.
    pub name: String,
    /// `RecordType`.
    pub record_type: String,
    /// `Comment`.
    pub comment: Option<String>,
}

/// `ListResourceRecordSetProtections`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProtectionList {
    /// `StartRecordName`.
    pub name: Option<String>,
    /// `StartRecordType`.
    pub record_type: Option<String>,
    /// `MaxResults`.
    pub max_results: Option<i64>,
    /// `NextToken`.
    pub token: Option<String>,
}

impl World {
    /// `CreateResourceRecordSetProtections`.
    pub fn create_protections(&mut self, call: Call, zone: &str, entries: &[ProtectionEntry]) -> Result<(), ApiError> {
        let zone = self.changeable_zone(call, zone)?;
        let wanted = read_all(zone, entries)?;
        let known: Vec<EntryFailure> = entries
            .iter()
            .zip(&wanted)
            .filter(|(_, protection)| zone.protections.contains(protection))
            .map(|(entry, _)| {
                failure(
                    entry,
                    "ProtectionAlreadyExists",
                    "A protection already exists for this name and type.",
                )
            })
            .collect();
        if known.len() == entries.len() {
            let text = "A protection already exists for every name and type in the request.";
            return Err(ApiError::new(409, "ProtectionAlreadyExists", text).with_failures(known));
        }
        refuse_if_any(known)?;
        if zone.protections.len() + wanted.len() > PER_ZONE {
            let text = format!("The hosted zone would have more than {PER_ZONE} resource record set protections.");
            return Err(ApiError::new(400, "LimitsExceeded", text));
        }
        let id = zone.id.clone();
        self.zone_mut(call, &id)?.protections.extend(wanted);
        Ok(())
    }

    /// `DeleteResourceRecordSetProtections`.
    pub fn delete_protections(&mut self, call: Call, zone: &str, entries: &[ProtectionEntry]) -> Result<(), ApiError> {
        let zone = self.changeable_zone(call, zone)?;
        let unwanted = read_all(zone, entries)?;
        let missing = entries
            .iter()
            .zip(&unwanted)
            .filter(|(_, protection)| !zone.protections.contains(protection))
            .map(|(entry, _)| {
                failure(
                    entry,
                    "ProtectionNotFound",
                    "No protection exists for this name and type.",
                )
            })
            .collect();
        refuse_if_any(missing)?;
        let id = zone.id.clone();
        self.zone_mut(call, &id)?
            .protections
            .retain(|held| !unwanted.contains(held));
        Ok(())
    }

    /// `ListResourceRecordSetProtections`.
    pub fn list_protections(
        &self,
        call: Call,
        zone: &str,
        list: &ProtectionList,
    ) -> Result<Page<Protection>, ApiError> {
        let size = page_size(list.max_results, PER_PAGE)?;
        let zone = self.zone_of(call, zone)?;
        let from = list.start(zone)?;
        let mut items = zone.protections.iter().skip(from);
        let page: Vec<Protection> = items.by_ref().take(size).cloned().collect();
        Ok(Page {
            next: items.next().map(|_| (from + page.len()).to_string()),
            items: page,
        })
    }

    /// A zone of the caller that may be changed: no service manages it, and it is not locked.
    pub(super) fn changeable_zone(&self, call: Call, zone: &str) -> Result<&HostedZone, ApiError> {
        let zone = self.zone_of(call, zone)?;
        if let Some(service) = &zone.linked_service {
            return Err(ApiError::managed_by_service(zone.id.as_str(), service));
        }
        match zone.locked() {
            Some(status) => Err(ApiError::locked(zone.id.as_str(), status)),
            None => Ok(zone),
        }
    }
}

impl ProtectionList {
    /// How many protections come before the page.
    fn start(&self, zone: &HostedZone) -> Result<usize, ApiError> {
        if let Some(token) = &self.token {
            let place = token.parse().ok().filter(|place| *place < zone.protections.len());
            let text = "The pagination token is invalid.";
            return place.ok_or_else(|| ApiError::new(400, "InvalidPaginationToken", text));
        }
        let Some(name) = &self.name else {
            return match self.record_type {
                None => Ok(0),
                Some(_) => Err(ApiError::invalid_input("The name must be specified with the type")),
            };
        };
        let name = DnsName::parse_route53(name).map_err(|why| ApiError::invalid_input(format!("{name}: {why}")))?;
        let record_type = self.record_type.as_deref().and_then(RecordType::read);
        Ok(zone
            .protections
            .iter()
            .take_while(|held| held.is_before(&name, record_type))
            .count())
    }
}

/// What a batch would change although it is protected.
pub(super) fn complaints(zone: &HostedZone, changes: &[Change]) -> Vec<String> {
    let protected = |change: &Change| {
        let held = zone.protections.iter().find(|held| held.covers(&change.set))?;
        let verb = match change.action {
            ChangeAction::Create => "create",
            ChangeAction::Delete => "delete",
            ChangeAction::Upsert => "upsert",
        };
        let comment = held.comment.as_ref().map(|text| format!(" with the comment '{text}'"));
        Some(format!(
            "Tried to {verb} resource record set [name='{}', type='{}'] but it is protected by a resource record set protection{}",
            change.set.name.to_route53(),
            change.set.record_type,
            comment.unwrap_or_default()
        ))
    };
    changes.iter().filter_map(protected).collect()
}

fn failure(entry: &ProtectionEntry, code: &'static str, message: &str) -> EntryFailure {
    EntryFailure {
        name: entry.name.clone(),
        record_type: entry.record_type.clone(),
        code,
        message: message.to_owned(),
    }
}

fn refuse_if_any(failures: Vec<EntryFailure>) -> Result<(), ApiError> {
    if failures.is_empty() {
        return Ok(());
    }
    let text = "One or more entries in the request could not be processed.";
    Err(ApiError::new(400, "InvalidResourceRecordSetProtectionBatch", text).with_failures(failures))
}

/// The protections that a request names, if each of its entries is valid.
fn read_all(zone: &HostedZone, entries: &[ProtectionEntry]) -> Result<Vec<Protection>, ApiError> {
    if entries.is_empty() || entries.len() > PER_REQUEST {
        let text = format!("The request takes 1 to {PER_REQUEST} protections");
        return Err(ApiError::invalid_input(text));
    }
    let mut seen = BTreeSet::new();
    let (mut read, mut failures) = (Vec::new(), Vec::new());
    for entry in entries {
        match read_one(zone, entry) {
            Ok(protection) if seen.insert(protection.clone()) => read.push(protection),
            Ok(_) => failures.push(failure(
                entry,
                "InvalidInput",
                "The name and type appear more than once in the request.",
            )),
            Err(why) => failures.push(failure(entry, "InvalidInput", &why)),
        }
    }
    refuse_if_any(failures)?;
    Ok(read)
}

fn read_one(zone: &HostedZone, entry: &ProtectionEntry) -> Result<Protection, String> {
    let name = DnsName::parse_route53(&entry.name).map_err(|_| "The name is not a valid DNS name.".to_owned())?;
    if !name.is_at_or_below(&zone.name) {
        return Err("The name is not in the hosted zone.".into());
    }
    let known = RecordType::read(&entry.record_type).filter(|kind| super::check::TYPES.contains(&kind.as_str()));
    let record_type = known.ok_or("Records of this type cannot be protected.")?;
    if entry
        .comment
        .as_ref()
        .is_some_and(|text| text.chars().count() > COMMENT)
    {
        return Err(format!("The comment is longer than {COMMENT} characters."));
    }
    let comment = entry.comment.clone().filter(|text| !text.is_empty());
    Ok(Protection::new(name, record_type, comment))
}
