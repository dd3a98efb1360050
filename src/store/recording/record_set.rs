//! Mirrors of record sets: told one by one as they are unpacked, so that a zone is never held twice.

use serde::{Deserialize, Serialize, Serializer};

use super::told::{self, Tell, Told, mirrored};
use crate::model::name::DnsName;
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing};
use crate::model::records::Records;
use crate::model::text::Untrusted;

mirrored! {
    RecordSet => RecordSetMirror,
    RecordData => RecordDataMirror,
    Alias => AliasMirror,
    Routing => RoutingMirror,
}

/// The record sets of a zone, to be told.
pub(super) struct SetsOf<'a> {
    pub(super) zone: &'a DnsName,
    pub(super) records: &'a Records,
}

impl Tell for SetsOf<'_> {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.records.iter().map(|record| Told(record.unpack(self.zone))))
    }
}

/// The most record sets are simple ones, so that what they lack is left out.
#[derive(Serialize, Deserialize)]
#[serde(remote = "RecordSet", deny_unknown_fields)]
struct RecordSetMirror {
    #[serde(with = "told")]
    name: DnsName,
    #[serde(rename = "type", with = "told")]
    record_type: RecordType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
    #[serde(with = "told")]
    data: RecordData,
    #[serde(default, with = "told", skip_serializing_if = "Option::is_none")]
    routing: Option<Routing>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecordData", rename_all = "snake_case")]
enum RecordDataMirror {
    Values(#[serde(with = "told")] Vec<Untrusted>),
    Alias(#[serde(with = "told")] Alias),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Alias", deny_unknown_fields)]
struct AliasMirror {
    #[serde(with = "told")]
    target: Untrusted,
    #[serde(with = "told")]
    zone_id: Untrusted,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Routing", deny_unknown_fields)]
struct RoutingMirror {
    #[serde(with = "told")]
    set_identifier: Untrusted,
    #[serde(with = "told")]
    policy: Untrusted,
}
