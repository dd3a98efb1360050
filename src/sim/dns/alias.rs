//! The values of record sets as they are answered: routing policies applied, aliases followed.
//!
//! An alias to a zone of the world gets that zone's records. Beyond the world stands an address from the ranges for
//! documentation, the same one for the same target in every run.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::{A, AAAA};
use hickory_proto::rr::{RData, RecordType};

use super::authority::Served;
use super::choice::chosen;
use super::rdata::{name, rdata, type_number};
use super::zone::Node;
use crate::model;
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;
use crate::sim::record::{AliasTarget, ResourceRecordSet};
use crate::sim::world::derive::digest;

/// How many aliases are followed, one after another.
const MAX_ALIASES: u32 = 8;
/// The TTL with which addresses of AWS services are answered.
const SERVICE_TTL: u32 = 60;

/// The values of the record sets of one type at a node, each with its TTL.
pub(super) fn values(
    served: Served<'_>,
    sets: &[ResourceRecordSet],
    record_type: model::record::RecordType,
) -> Vec<(u32, RData)> {
    values_after(served, sets, record_type, 0)
}

fn values_after(
    served: Served<'_>,
    sets: &[ResourceRecordSet],
    record_type: model::record::RecordType,
    followed: u32,
) -> Vec<(u32, RData)> {
    let same_type: Vec<_> = sets.iter().filter(|set| set.record_type == record_type).collect();
    let Some(number) = type_number(record_type) else {
        return Vec::new();
    };
    let mut values = Vec::new();
    for set in chosen(&same_type) {
        match &set.alias {
            Some(target) => values.extend(aliased(served, target, record_type, followed)),
            None => values.extend(own(set, number)),
        }
    }
    values
}

fn own(set: &ResourceRecordSet, number: RecordType) -> impl Iterator<Item = (u32, RData)> {
    let ttl = set.ttl.unwrap_or_default();
    set.values
        .iter()
        .filter_map(move |value| Some((ttl, rdata(number, value)?)))
}

fn aliased(
    served: Served<'_>,
    alias: &AliasTarget,
    record_type: model::record::RecordType,
    followed: u32,
) -> Vec<(u32, RData)> {
    let Some(target) = name(&alias.target).filter(|_| followed < MAX_ALIASES) else {
        return Vec::new();
    };
    let id = ZoneId::read(&alias.zone_id);
    let zone = id.and_then(|id| served.world.accounts().iter().find_map(|account| account.zone(&id)));
    match zone.map(|zone| served.zone(zone)) {
        None => service_address(&target, record_type).into_iter().collect(),
        Some(None) => Vec::new(),
        Some(Some(zone)) => match zone.node(&target) {
            Node::Sets(sets) if zone.cut_above(&target).is_none() => {
                values_after(served, sets, record_type, followed + 1)
            }
            _ => Vec::new(),
        },
    }
}

/// An address for something that AWS runs beyond the world (RFC 5737, RFC 3849).
fn service_address(target: &DnsName, record_type: model::record::RecordType) -> Option<(u32, RData)> {
    let [range, host, high, low, ..] = digest(&["service-address", &target.to_string()]);
    let data = if record_type == model::record::RecordType::A {
        let net = match range % 3 {
            0 => [192, 0, 2],
            1 => [198, 51, 100],
            _ => [203, 0, 113],
        };
        let [a, b, c] = net;
        RData::A(A(Ipv4Addr::new(a, b, c, 1 + host % 254)))
    } else if record_type == model::record::RecordType::AAAA {
        let last = u16::from_be_bytes([high, low]);
        RData::AAAA(AAAA(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, u16::from(host), last)))
    } else {
        return None;
    };
    Some((SERVICE_TTL, data))
}
