//! What can be asked of the simulated Route 53, and what it answers. Ids are as the caller wrote them.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::protection::{ProtectionEntry, ProtectionList};
use super::records::RecordStart;
use super::zones::ZoneSummary;
use crate::model::name::DnsName;
use crate::sim::record::ResourceRecordSet;
use crate::sim::world::signing::ZoneSigning;
use crate::sim::world::{Protection, ReusableSet};

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants and fields are Route 53's own")]
pub enum Operation {
    ListHostedZones(ZoneList),
    ListHostedZonesByName {
        dns_name: Option<String>,
        zone: Option<String>,
        max_items: Option<i64>,
    },
    GetHostedZone {
        zone: String,
    },
    GetHostedZoneCount,
    ListResourceRecordSets {
        zone: String,
        start: RecordStart,
        max_items: Option<i64>,
    },
    CreateHostedZone(NewZone),
    DeleteHostedZone {
        zone: String,
    },
    UpdateHostedZoneComment {
        zone: String,
        comment: String,
    },
    ChangeResourceRecordSets {
        zone: String,
        comment: Option<String>,
        changes: Vec<Change>,
    },
    GetChange {
        id: String,
    },
    CreateReusableDelegationSet {
        reference: String,
        zone: Option<String>,
    },
    ListReusableDelegationSets {
        marker: Option<String>,
        max_items: Option<i64>,
    },
    GetReusableDelegationSet {
        id: String,
    },
    DeleteReusableDelegationSet {
        id: String,
    },
    GetDnssec {
        zone: String,
    },
    CreateProtections {
        zone: String,
        entries: Vec<ProtectionEntry>,
    },
    DeleteProtections {
        zone: String,
        entries: Vec<ProtectionEntry>,
    },
    ListProtections {
        zone: String,
        list: ProtectionList,
    },
    ListTags {
        kind: String,
        ids: TagTargets,
    },
    ChangeTags {
        kind: String,
        id: String,
        add: Vec<Tag>,
        remove: Vec<String>,
    },
    GetAccountLimit {
        kind: String,
    },
    GetHostedZoneLimit {
        zone: String,
        kind: String,
    },
    GetReusableDelegationSetLimit {
        id: String,
        kind: String,
    },
}

/// Whose tags are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagTargets {
    /// `ListTagsForResource`.
    One(String),
    /// `ListTagsForResources`.
    Several(Vec<String>),
}

/// `ListHostedZones`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZoneList {
    /// The id of the first zone of the page.
    pub marker: Option<String>,
    /// How many zones at most.
    pub max_items: Option<i64>,
    /// Only zones of this reusable delegation set.
    pub delegation_set: Option<String>,
    /// Only zones of this type: `PrivateHostedZone`.
    pub zone_type: Option<String>,
}

/// `CreateHostedZone`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewZone {
    /// The name, as written.
    pub name: String,
    /// `CallerReference`.
    pub reference: String,
    /// The comment.
    pub comment: String,
    /// `HostedZoneConfig.PrivateZone`, where it is given.
    pub private: Option<bool>,
    /// The id of a VPC, which makes the zone private.
    pub vpc: Option<String>,
    /// The id of a reusable delegation set.
    pub delegation_set: Option<String>,
}

/// One change of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is to be done.
    pub action: ChangeAction,
    /// With what.
    pub set: ResourceRecordSet,
}

/// `Action` of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeAction {
    /// Adds a record set that is not there.
    Create,
    /// Removes exactly this record set.
    Delete,
    /// Adds or replaces, whatever was there.
    Upsert,
}

/// `ChangeInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInfo {
    /// The id, without `/change/`.
    pub id: String,
    /// Whether all name servers have it.
    pub status: ChangeStatus,
    /// When it was submitted, by the world's clock.
    pub submitted: Duration,
    /// The comment of the batch.
    pub comment: Option<String>,
}

/// `ChangeInfo.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeStatus {
    /// `PENDING`.
    Pending,
    /// `INSYNC`.
    Insync,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// One answer.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is named for what it holds")]
pub enum Answer {
    Zones(ZonePage),
    ZonesByName(ZoneNamePage),
    Zone(ZoneDetail),
    ZoneCount(u64),
    Records(RecordPage),
    Created(CreatedZone),
    Change(ChangeInfo),
    Commented(ZoneSummary),
    Dnssec(ZoneSigning),
    CreatedSet(ReusableSet),
    Set(ReusableSet),
    Sets {
        sets: Vec<ReusableSet>,
        marker: Option<String>,
        next: Option<String>,
        max_items: usize,
    },
    Tags {
        kind: String,
        tagged: Vec<(String, Vec<Tag>)>,
        several: bool,
    },
    Protections(Page<Protection>),
    Limit(Limit),
    Nothing,
}

/// A page of a list that goes on with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The token of the next page.
    pub next: Option<String>,
}

/// A new zone and the change that makes it.
#[derive(Debug, Clone)]
pub struct CreatedZone {
    /// The zone, its name servers and VPC.
    pub detail: ZoneDetail,
    /// The change.
    pub change: ChangeInfo,
}

/// A page of `ListHostedZones`.
#[derive(Debug, Clone)]
pub struct ZonePage {
    /// The zones.
    pub zones: Vec<ZoneSummary>,
    /// The marker that was asked with.
    pub marker: Option<String>,
    /// The marker of the next page.
    pub next: Option<String>,
    /// The page size.
    pub max_items: usize,
}

/// A page of `ListHostedZonesByName`.
#[derive(Debug, Clone)]
pub struct ZoneNamePage {
    /// The zones.
    pub zones: Vec<ZoneSummary>,
    /// The name that was asked with.
    pub dns_name: Option<String>,
    /// The id that was asked with.
    pub zone: Option<String>,
    /// The name and the id with which the next page begins.
    pub next: Option<(DnsName, String)>,
    /// The page size.
    pub max_items: usize,
}

/// What `GetHostedZone` tells.
#[derive(Debug, Clone)]
pub struct ZoneDetail {
    /// The zone.
    pub zone: ZoneSummary,
    /// The name servers of a public zone.
    pub name_servers: Vec<DnsName>,
    /// The reusable set they come from.
    pub reusable: Option<ReusableSet>,
    /// The VPCs of a private zone.
    pub vpcs: Vec<String>,
}

/// A page of `ListResourceRecordSets`: a part of a list that is shared, not copied.
#[derive(Debug, Clone)]
pub struct RecordPage {
    pub(super) all: Arc<Vec<ResourceRecordSet>>,
    pub(super) shown: Range<usize>,
    /// The first record set of the next page.
    pub next: Option<ResourceRecordSet>,
    /// The page size.
    pub max_items: usize,
}

impl RecordPage {
    /// The record sets of this page.
    pub fn sets(&self) -> &[ResourceRecordSet] {
        self.all.get(self.shown.clone()).unwrap_or_default()
    }

    /// Where in the whole list the page begins.
    pub fn position(&self) -> usize {
        self.shown.start
    }

    /// The page without its items.
    pub fn emptied(mut self) -> Self {
        self.shown.end = self.shown.start;
        self
    }
}

/// A limit and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Which one.
    pub kind: String,
    /// How many there may be.
    pub value: u64,
    /// How many there are.
    pub count: u64,
    /// The element that holds it.
    pub element: &'static str,
}

impl Operation {
    /// The action as IAM and CloudTrail name it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::ListHostedZones(_) => "ListHostedZones",
            Self::ListHostedZonesByName { .. } => "ListHostedZonesByName",
            Self::GetHostedZone { .. } => "GetHostedZone",
            Self::GetHostedZoneCount => "GetHostedZoneCount",
            Self::ListResourceRecordSets { .. } => "ListResourceRecordSets",
            Self::CreateHostedZone(_) => "CreateHostedZone",
            Self::DeleteHostedZone { .. } => "DeleteHostedZone",
            Self::UpdateHostedZoneComment { .. } => "UpdateHostedZoneComment",
            Self::ChangeResourceRecordSets { .. } => "ChangeResourceRecordSets",
            Self::GetChange { .. } => "GetChange",
            Self::CreateReusableDelegationSet { .. } => "CreateReusableDelegationSet",
            Self::ListReusableDelegationSets { .. } => "ListReusableDelegationSets",
            Self::GetReusableDelegationSet { .. } => "GetReusableDelegationSet",
            Self::DeleteReusableDelegationSet { .. } => "DeleteReusableDelegationSet",
            Self::GetDnssec { .. } => "GetDNSSEC",
            Self::CreateProtections { .. } => "CreateResourceRecordSetProtections",
            Self::DeleteProtections { .. } => "DeleteResourceRecordSetProtections",
            Self::ListProtections { .. } => "ListResourceRecordSetProtections",
            Self::ListTags {
                ids: TagTargets::One(_),
                ..
            } => "ListTagsForResource",
            Self::ListTags { .. } => "ListTagsForResources",
            Self::ChangeTags { .. } => "ChangeTagsForResource",
            Self::GetAccountLimit { .. } => "GetAccountLimit",
            Self::GetHostedZoneLimit { .. } => "GetHostedZoneLimit",
            Self::GetReusableDelegationSetLimit { .. } => "GetReusableDelegationSetLimit",
        }
    }

    /// Whether it may change anything.
    pub fn is_write(&self) -> bool {
        let action = self.action();
        !(action.starts_with("List") || action.starts_with("Get"))
    }

    /// The id of the zone it is about, as the caller wrote it.
    pub fn zone(&self) -> Option<&str> {
        match self {
            Self::GetHostedZone { zone }
            | Self::ListResourceRecordSets { zone, .. }
            | Self::DeleteHostedZone { zone }
            | Self::UpdateHostedZoneComment { zone, .. }
            | Self::ChangeResourceRecordSets { zone, .. }
            | Self::GetDnssec { zone }
            | Self::CreateProtections { zone, .. }
            | Self::DeleteProtections { zone, .. }
            | Self::ListProtections { zone, .. }
            | Self::GetHostedZoneLimit { zone, .. } => Some(zone),
            _ => None,
        }
    }
}
