//! For how long resolvers go on asking servers to which a delegation no longer leads.
//!
//! Invariant: many resolvers prefer what a zone says of itself to what the zone above says of it (RFC 2181 section 5.4.1), so
//! the TTL of the NS record set at the apex counts as much as the one in the parent.

use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::batch::{Change, Wanted};
use super::cut::{UNKNOWN_TTL, servers_of};
use super::exact::ExactSet;
use super::live::LiveZone;

/// For how many seconds resolvers remember what a change in a zone takes away; of servers that are dead nobody remembers more
/// than what the zone above says, and of zones that are not among those that were read it is not known.
pub fn old(change: &Change, parent: &DnsName, dead: &[DnsName], zones: &[&LiveZone]) -> Option<u32> {
    let old = change.old()?;
    let is_delegation = old.record_type == RecordType::NS && old.name != *parent;
    let kept = match change.wanted() {
        Some(Wanted::Set(new)) => servers_of(new),
        Some(Wanted::Servers { .. }) | None => Vec::new(),
    };
    Some(match is_delegation {
        true => delegation(old, |server| !kept.contains(server) && !dead.contains(server), zones),
        false => old.ttl.unwrap_or(60),
    })
}

/// For how many seconds resolvers remember a delegation to servers, of which those count that `are_left` tells.
pub fn delegation(set: &ExactSet, are_left: impl Fn(&DnsName) -> bool, zones: &[&LiveZone]) -> u32 {
    let ttl = set.ttl.unwrap_or(UNKNOWN_TTL);
    let left: Vec<DnsName> = servers_of(set).into_iter().filter(are_left).collect();
    if left.is_empty() {
        return ttl;
    }
    let is_it =
        |zone: &&&LiveZone| zone.name == set.name && left.iter().all(|server| zone.name_servers.contains(server));
    ttl.max(zones.iter().find(is_it).map_or(UNKNOWN_TTL, |zone| apex(zone)))
}

/// For how many seconds resolvers remember what a zone says of its own servers.
pub fn apex(zone: &LiveZone) -> u32 {
    let own = zone.sets.find(&zone.name, RecordType::NS);
    own.and_then(|own| own.ttl).unwrap_or(UNKNOWN_TTL)
}
