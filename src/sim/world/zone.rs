//! One hosted zone of the simulated Route 53, with its record sets in the order of listings.
//!
//! Invariant: record sets are sorted, no two have the same name, type and set identifier, and all lie in the zone.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::protection::Protection;
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
    /// The state of accelerated recovery, in the service's word; none where it was never turned on.
    pub recovery: Option<Box<str>>,
    /// What is protected in it.
    pub protections: BTreeSet<Protection>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was created, by the world's clock.
    pub created: Duration,
    /// When its record sets were last changed.
    pub changed: Option<Duration>,
    pub(super) records: Arc<Vec<ResourceRecordSet>>,
    /// Earlier record sets, oldest first, each with the time at which it was replaced.
    pub(super) past: Vec<(Duration, Arc<Vec<ResourceRecordSet>>)>,
}

/// How long earlier record sets are kept for readers that lag behind.
const PAST_KEPT: Duration = Duration::from_secs(600);

impl HostedZone {
    /// All record sets, in the order of listings.
    pub fn records(&self) -> &[ResourceRecordSet] {
        &self.records
    }

    /// The record sets as they are now, to keep.
    pub fn snapshot(&self) -> Arc<Vec<ResourceRecordSet>> {
        Arc::clone(&self.records)
    }

    /// A public zone as `CreateHostedZone` makes it, with its apex record sets and nothing else said of it.
    pub(in crate::sim) fn made_by_route53(id: ZoneId, name: DnsName, delegation_set: Vec<DnsName>) -> Self {
        let records = super::build::apex_records(&name, &delegation_set);
        Self {
            id,
            key: name.to_string().into(),
            name,
            visibility: Visibility::Public,
            vpcs: 0,
            comment: "".into(),
            linked_service: None,
            caller_reference: "".into(),
            delegation_set,
            reusable_set: None,
            signing: ZoneSigning::unsigned(),
            deny: Vec::new(),
            recovery: None,
            protections: BTreeSet::new(),
            tags: BTreeMap::new(),
            created: Duration::ZERO,
            changed: None,
            records: Arc::new(records),
            past: Vec::new(),
        }
    }

    /// The record sets that a reader sees who lags behind by `lag`: a list after a write, a server before `INSYNC`.
    pub fn seen_at(&self, now: Duration, lag: Duration) -> Arc<Vec<ResourceRecordSet>> {
        let past = self.past.iter().find(|(replaced, _)| *replaced + lag > now);
        past.map_or_else(|| self.snapshot(), |(_, records)| Arc::clone(records))
    }

    /// Whether a list that lags behind by `lag` shows it already.
    pub fn is_listed_at(&self, now: Duration, lag: Duration) -> bool {
        self.created == Duration::ZERO || self.created + lag <= now
    }

    pub(in crate::sim) fn replace_records(&mut self, now: Duration, records: Vec<ResourceRecordSet>) {
        let before = std::mem::replace(&mut self.records, Arc::new(records));
        self.past.retain(|(replaced, _)| *replaced + PAST_KEPT > now);
        self.past.push((now, before));
        self.changed = Some(now);
    }

    /// Whether it holds nothing but the NS and SOA record sets of its apex.
    pub fn holds_only_its_apex(&self) -> bool {
        self.records
            .iter()
            .all(|set| set.name == self.name && [RecordType::NS, RecordType::SOA].contains(&set.record_type))
    }

    /// The word of the state in which it is locked, where it is.
    pub fn locked(&self) -> Option<&str> {
        self.recovery
            .as_deref()
            .filter(|word| word.ends_with("_HOSTED_ZONE_LOCKED"))
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

/// The state of accelerated recovery, if it is one of the service's words.
pub(super) fn recovery(word: Option<String>) -> Result<Option<Box<str>>, String> {
    const WORDS: [&str; 8] = [
        "ENABLING",
        "ENABLE_FAILED",
        "ENABLING_HOSTED_ZONE_LOCKED",
        "ENABLED",
        "DISABLING",
        "DISABLE_FAILED",
        "DISABLED",
        "DISABLING_HOSTED_ZONE_LOCKED",
    ];
    match word {
        Some(word) if !WORDS.contains(&word.as_str()) => Err(format!("recovery is one of {}", WORDS.join(", "))),
        word => Ok(word.map(Into::into)),
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
