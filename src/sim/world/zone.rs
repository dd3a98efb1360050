//! One hosted zone of the simulated Route 53, with its record sets in the order of listings.
//!
//! Invariant: record sets are sorted, no two have the same name, type and set identifier, and all lie in the zone.

use std::cmp::Ordering;
use std::sync::Arc;

use super::signing::ZoneSigning;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::{Visibility, ZoneId};
use crate::sim::order::{route53_order, sort_key};
use crate::sim::record::ResourceRecordSet;

/// One hosted zone.
#[derive(Debug, Clone)]
pub struct HostedZone {
    /// The id.
    pub id: ZoneId,
    /// The apex.
    pub name: DnsName,
    /// The handle it has in the world's file.
    pub key: Box<str>,
    /// Public or private.
    pub visibility: Visibility,
    /// How many VPCs a private zone is associated with.
    pub vpcs: u32,
    /// The comment.
    pub comment: Box<str>,
    /// The AWS service that owns it.
    pub linked_service: Option<Box<str>>,
    /// What `CreateHostedZone` was called with.
    pub caller_reference: Box<str>,
    /// The name servers it is assigned.
    pub delegation_set: Vec<DnsName>,
    /// The id of the reusable delegation set they come from.
    pub reusable_set: Option<Box<str>>,
    /// Its signing.
    pub signing: ZoneSigning,
    /// The actions that are denied on it.
    pub deny: Vec<String>,
    pub(super) records: Arc<Vec<ResourceRecordSet>>,
}

impl HostedZone {
    /// All record sets, in the order of listings.
    pub fn records(&self) -> &[ResourceRecordSet] {
        &self.records
    }

    /// The record sets as they are now, to keep.
    pub fn snapshot(&self) -> Arc<Vec<ResourceRecordSet>> {
        Arc::clone(&self.records)
    }

    /// Whether it is served to the internet.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// The record sets whose owner is `name`.
    pub fn at(&self, name: &DnsName) -> &[ResourceRecordSet] {
        let from = place(&self.records, name, None, None);
        let (_, rest) = self.records.split_at_checked(from).unwrap_or_default();
        let count = rest.iter().take_while(|set| set.name == *name).count();
        rest.split_at_checked(count).unwrap_or_default().0
    }

    /// The simple record set of a name and type.
    pub fn find(&self, name: &DnsName, record_type: RecordType) -> Option<&ResourceRecordSet> {
        self.at(name).iter().find(|set| set.record_type == record_type)
    }

    /// Whether any record set lies at or below `name`: whether the name exists in the zone.
    pub fn exists(&self, name: &DnsName) -> bool {
        let start = place(&self.records, name, None, None);
        let prefix = sort_key(name);
        self.records
            .iter()
            .skip(start)
            .take_while(|set| sort_key(&set.name).starts_with(&prefix))
            .any(|set| set.name.is_at_or_below(name))
    }
}

/// The place in a sorted list of the first record set at or after a name, a type and a set identifier.
pub fn place(
    records: &[ResourceRecordSet],
    name: &DnsName,
    record_type: Option<RecordType>,
    set_identifier: Option<&str>,
) -> usize {
    records.partition_point(|set| {
        let order = match record_type {
            None => route53_order(&set.name, name),
            Some(record_type) => set.cmp_key(name, record_type, set_identifier),
        };
        order == Ordering::Less
    })
}
