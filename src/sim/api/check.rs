//! What a record set may be: its shape, its values, its place in the zone and its neighbours.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::ApiError;
use super::operation::{Change, ChangeAction};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::record::{AliasTarget, ResourceRecordSet};
use crate::sim::world::place;

/// The record types of Route 53.
pub(super) const TYPES: [&str; 17] = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB",
    "TLSA", "TXT",
];

/// The greatest TTL.
const MAX_TTL: u32 = 2_147_483_647;

/// What makes a request malformed: an unknown type, neither values nor an alias, or both.
pub(super) fn shape(change: &Change) -> Result<(), ApiError> {
    let set = &change.set;
    if !TYPES.contains(&set.record_type.as_str()) {
        let text = format!(
            "Value '{}' failed to satisfy constraint: unknown record type",
            set.record_type
        );
        return Err(ApiError::invalid_input(text));
    }
    let found = match (&set.alias, set.ttl, set.values.is_empty()) {
        (Some(_), None, true) | (None, Some(_), false) => None,
        (Some(_), _, _) => Some("more than one"),
        (None, _, _) => Some("none"),
    };
    if let Some(found) = found {
        return Err(ApiError::invalid_input(format!(
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or \
             TrafficPolicyInstanceId], but found {found} in Change with [Action={}, Name={}, Type={}, SetIdentifier={}]",
            action_word(change.action),
            set.name.to_route53(),
            set.record_type,
            set.set_identifier().unwrap_or("null")
        )));
    }
    match set.ttl {
        Some(ttl) if ttl > MAX_TTL => Err(ApiError::invalid_input(format!("Invalid TTL: {ttl}"))),
        _ => Ok(()),
    }
}

/// The word of an action.
pub(super) fn action_word(action: ChangeAction) -> &'static str {
    match action {
        ChangeAction::Create => "CREATE",
        ChangeAction::Delete => "DELETE",
        ChangeAction::Upsert => "UPSERT",
    }
}

/// What is wrong with a record set that is to be written into a zone, whatever else the zone holds.
pub(super) fn content(set: &ResourceRecordSet, zone: &DnsName) -> Vec<String> {
    let (name, apex) = (set.name.to_route53(), zone.to_route53());
    if !set.name.is_at_or_below(zone) {
        return vec![format!("RRSet with DNS name {name} is not permitted in zone {apex}")];
    }
    let mut complaints = Vec::new();
    let at_apex = set.name == *zone;
    if set.record_type == RecordType::CNAME && at_apex {
        complaints.push(format!(
            "RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {apex}"
        ));
    }
    if set.record_type == RecordType::SOA && !at_apex {
        complaints.push(format!(
            "RRSet of type SOA with DNS name {name} is not permitted in zone {apex}"
        ));
    }
    if set.record_type == RecordType::DS && at_apex {
        complaints.push(format!(
            "RRSet of type DS with DNS name {name} is not permitted at apex in zone {apex}"
        ));
    }
    if set.record_type == RecordType::NS && set.name.is_wildcard() {
        complaints.push(format!(
            "RRSet of type NS with DNS name {name} is not permitted: it is a wildcard"
        ));
    }
    if [RecordType::NS, RecordType::SOA].contains(&set.record_type) && (set.routing.is_some() || set.alias.is_some()) {
        complaints.push(format!(
            "RRSet of type {} with DNS name {name} must be simple: no routing policy, no alias",
            set.record_type
        ));
    }
    if set.name.labels().skip(1).any(|label| label == b"*") && set.name.is_wildcard() {
        complaints.push(format!("RRSet with DNS name {name} has more than one asterisk"));
    }
    complaints.extend(values(set));
    complaints
}

fn values(set: &ResourceRecordSet) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = HashSet::new();
    for value in &set.values {
        if !seen.insert(value) {
            complaints.push(format!("Duplicate Resource Record: '{value}'"));
        }
        if let Some(problem) = value_problem(set.record_type, value) {
            complaints.push(format!(
                "Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"
            ));
        }
    }
    if [RecordType::CNAME, RecordType::SOA].contains(&set.record_type) && set.values.len() > 1 {
        complaints.push(format!(
            "RRSet of type {} with DNS name {} has more than one value",
            set.record_type,
            set.name.to_route53()
        ));
    }
    complaints
}

fn value_problem(record_type: RecordType, value: &str) -> Option<&'static str> {
    let is_name = |text: &str| !text.is_empty() && DnsName::parse_route53(text).is_ok() && !text.contains(' ');
    let (valid, problem) = match record_type.as_str() {
        "A" => (
            value.parse::<Ipv4Addr>().is_ok(),
            "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)",
        ),
        "AAAA" => (
            value.parse::<Ipv6Addr>().is_ok(),
            "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
        ),
        "NS" | "CNAME" | "PTR" => (is_name(value), "DomainNameInvalid (Value is not a valid domain name)"),
        "TXT" | "SPF" => (
            is_character_strings(value),
            "InvalidCharacterString (Value should be enclosed in quotation marks)",
        ),
        "MX" => (
            is_mail_exchange(value),
            "MXRRDATAInvalid (Value is not a priority and a domain name)",
        ),
        "DS" => (
            DsValue::read(value).is_some(),
            "DSRRDATAInvalid (Value is not a valid DS record)",
        ),
        "SOA" => (
            value.split_whitespace().count() == 7,
            "SOARRDATAInvalid (Value does not have seven fields)",
        ),
        _ => (!value.trim().is_empty(), "RRDATAEmpty (Value is empty)"),
    };
    (!valid).then_some(problem)
}

fn is_mail_exchange(value: &str) -> bool {
    match value.split_whitespace().collect::<Vec<_>>().as_slice() {
        [priority, name] => priority.parse::<u16>().is_ok() && DnsName::parse_route53(name).is_ok(),
        _ => false,
    }
}

/// Whether a text is one or more quoted strings of at most 255 octets, divided by blanks.
fn is_character_strings(text: &str) -> bool {
    let mut rest = text.trim();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let Some(after) = rest.strip_prefix('"').and_then(after_string) else {
            return false;
        };
        rest = after.trim_start();
    }
    true
}

/// What follows the closing quotation mark, if the string before it is not too long.
fn after_string(text: &str) -> Option<&str> {
    let mut octets = 0;
    let mut characters = text.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '"' => return (octets <= 255).then(|| text.split_at(place + 1).1),
            '\\' => {
                let (_, escaped) = characters.next()?;
                if escaped.is_digit(8) {
                    characters.nth(1)?;
                }
                octets += 1;
            }
            other => octets += other.len_utf8(),
        }
    }
    None
}

/// What is wrong with the record sets of one name, once the batch is applied.
pub(super) fn neighbours(records: &[ResourceRecordSet], name: &DnsName, zone: &DnsName) -> Vec<String> {
    let start = place(records, name, None, None);
    let here: Vec<_> = records.iter().skip(start).take_while(|set| set.name == *name).collect();
    let mut complaints = Vec::new();
    let holds = |record_type| here.iter().any(|set| set.record_type == record_type);
    if holds(RecordType::CNAME) && here.iter().any(|set| set.record_type != RecordType::CNAME) {
        complaints.push(format!(
            "RRSet of type CNAME with DNS name {} is not permitted as it conflicts with other records with the same \
             DNS name in zone {}",
            name.to_route53(),
            zone.to_route53()
        ));
    }
    if name == zone && !holds(RecordType::NS) {
        complaints.push("A HostedZone must contain at least one NS record for the zone itself.".into());
    }
    if name == zone && !holds(RecordType::SOA) {
        complaints.push("A HostedZone must contain exactly one SOA record.".into());
    }
    for (one, other) in here.iter().zip(here.iter().skip(1)) {
        if one.record_type == other.record_type && one.routing.is_some() != other.routing.is_some() {
            complaints.push(format!(
                "RRSet with DNS name {}, type {} cannot be created as other RRSets exist with the same name and type",
                name.to_route53(),
                one.record_type
            ));
        }
    }
    complaints
}

/// Whether a DELETE states a stored record set exactly; the order of its values does not matter.
pub(super) fn is_same(stored: &ResourceRecordSet, given: &ResourceRecordSet) -> bool {
    let sorted = |set: &ResourceRecordSet| {
        let mut values = set.values.clone();
        values.sort();
        values
    };
    stored.ttl == given.ttl
        && sorted(stored) == sorted(given)
        && stored.routing == given.routing
        && stored.health_check == given.health_check
        && match (&stored.alias, &given.alias) {
            (None, None) => true,
            (Some(one), Some(other)) => is_same_target(one, other),
            _ => false,
        }
}

fn is_same_target(one: &AliasTarget, other: &AliasTarget) -> bool {
    let name = |target: &AliasTarget| DnsName::parse_route53(&target.target).ok();
    one.zone_id == other.zone_id
        && one.evaluate_health == other.evaluate_health
        && (one.target == other.target || (name(one).is_some() && name(one) == name(other)))
}
