//! From the SDK's types to the model's: the last place that knows AWS.
//!
//! Invariant: nothing is lost silently. What cannot be understood is handed on as one line that says what and why.

pub(super) mod exact;

use aws_sdk_route53::types::{
    self as sdk, CidrRoutingConfig, GeoLocation, GeoProximityLocation, HostedZone, KeySigningKey, ResourceRecordSet,
};

use crate::model::account::AccountIx;
use crate::model::dnssec::{ServeSignature, Signing, SigningKey};
use crate::model::name::{DnsName, NameError};
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing, name_servers};
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

/// Why something cannot be understood.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("its name: {0}")]
    Name(#[from] NameError),
    #[error("its id has characters that no id has")]
    Id,
    #[error("its type is no record type")]
    Type,
    #[error("its TTL is no number of seconds")]
    Ttl,
    #[error("its routing policy cannot be stated again")]
    Routing,
}

/// The zones that can be understood, and a line for each that cannot.
pub(super) fn zones(account: AccountIx, zones: Vec<HostedZone>) -> (Vec<Zone>, Vec<Untrusted>) {
    split(
        zones,
        |z| zone(account, z),
        |z| format!("hosted zone {} \"{}\"", z.id, z.name),
    )
}

/// The record sets that can be understood, and a line for each that cannot.
pub(super) fn record_sets(sets: Vec<ResourceRecordSet>) -> (Vec<RecordSet>, Vec<Untrusted>) {
    split(sets, record_set, |s| {
        format!("record set \"{}\" {}", s.name, s.r#type.as_str())
    })
}

fn split<S, T>(
    all: Vec<S>,
    convert: impl Fn(&S) -> Result<T, Unreadable>,
    what: impl Fn(&S) -> String,
) -> (Vec<T>, Vec<Untrusted>) {
    let mut readable = Vec::with_capacity(all.len());
    let mut unreadable = Vec::new();
    for one in &all {
        match convert(one) {
            Ok(converted) => readable.push(converted),
            Err(why) => unreadable.push(Untrusted::from(format!("{}: {why}", what(one)))),
        }
    }
    (readable, unreadable)
}

fn zone(account: AccountIx, zone: &HostedZone) -> Result<Zone, Unreadable> {
    let config = zone.config.as_ref();
    let linked = zone.linked_service.as_ref();
    Ok(Zone {
        key: ZoneKey {
            account,
            id: ZoneId::read(&zone.id).ok_or(Unreadable::Id)?,
        },
        name: DnsName::parse_route53(&zone.name)?,
        visibility: match config.is_some_and(|c| c.private_zone) {
            true => Visibility::Private,
            false => Visibility::Public,
        },
        record_count: zone.resource_record_set_count.and_then(|n| u64::try_from(n).ok()),
        comment: text(config.and_then(|c| c.comment.as_deref()).unwrap_or_default()),
        linked_service: linked
            .and_then(|l| l.service_principal.as_deref().or(l.description.as_deref()))
            .map(text),
    })
}

fn record_set(set: &ResourceRecordSet) -> Result<RecordSet, Unreadable> {
    Ok(RecordSet {
        name: DnsName::parse_route53(&set.name)?,
        record_type: RecordType::read(set.r#type.as_str()).ok_or(Unreadable::Type)?,
        ttl: set.ttl.map(u32::try_from).transpose().map_err(|_| Unreadable::Ttl)?,
        data: data(set),
        routing: routing(set),
    })
}

fn data(set: &ResourceRecordSet) -> RecordData {
    match &set.alias_target {
        Some(alias) => RecordData::Alias(Alias {
            target: text(&alias.dns_name),
            zone_id: text(&alias.hosted_zone_id),
        }),
        None => RecordData::Values(set.resource_records().iter().map(|r| text(&r.value)).collect()),
    }
}

fn routing(set: &ResourceRecordSet) -> Option<Routing> {
    let policy = policy(set);
    (policy.is_some() || set.set_identifier.is_some()).then(|| Routing {
        set_identifier: text(set.set_identifier.as_deref().unwrap_or_default()),
        policy: text(&policy.unwrap_or_else(|| "unknown policy".to_owned())),
    })
}

/// The policy in words.
fn policy(set: &ResourceRecordSet) -> Option<String> {
    if let Some(weight) = set.weight {
        return Some(format!("weighted {weight}"));
    }
    if let Some(region) = &set.region {
        return Some(format!("latency {}", region.as_str()));
    }
    if let Some(failover) = &set.failover {
        return Some(format!("failover {}", failover.as_str()));
    }
    if let Some(geo) = &set.geo_location {
        return Some(geolocation(geo));
    }
    if let Some(near) = &set.geo_proximity_location {
        return Some(geoproximity(near));
    }
    if let Some(cidr) = &set.cidr_routing_config {
        return Some(cidr_location(cidr));
    }
    set.multi_value_answer.and_then(|m| m.then(|| "multivalue".to_owned()))
}

fn geolocation(geo: &GeoLocation) -> String {
    let codes = [&geo.continent_code, &geo.country_code, &geo.subdivision_code];
    let place: Vec<&str> = codes.into_iter().filter_map(|code| code.as_deref()).collect();
    format!("geolocation {}", place.join("-"))
}

fn geoproximity(near: &GeoProximityLocation) -> String {
    let coordinates = near
        .coordinates
        .as_ref()
        .map(|c| format!("{},{}", c.latitude, c.longitude));
    let place = near
        .aws_region
        .clone()
        .or_else(|| near.local_zone_group.clone())
        .or(coordinates)
        .unwrap_or_else(|| "nowhere".to_owned());
    match near.bias {
        Some(bias) if bias != 0 => format!("geoproximity {place} bias {bias:+}"),
        _ => format!("geoproximity {place}"),
    }
}

fn cidr_location(cidr: &CidrRoutingConfig) -> String {
    format!("cidr {} of {}", cidr.location_name, cidr.collection_id)
}

/// The delegation set; a name server that cannot be read as a name makes the whole set unreadable.
pub(super) fn delegation_set(set: &sdk::DelegationSet) -> Result<DelegationSet, String> {
    for server in &set.name_servers {
        DnsName::parse_route53(server).map_err(|why| format!("name server \"{server}\": {why}"))?;
    }
    Ok(DelegationSet {
        // The SDK takes the prefix off where it sends an id, and leaves it where it reads one.
        id: set
            .id
            .as_deref()
            .map(|id| text(id.strip_prefix("/delegationset/").unwrap_or(id))),
        name_servers: name_servers(set.name_servers.iter().map(String::as_bytes)),
    })
}

/// What `GetDNSSEC` says; a key whose numbers are out of range is an error, for it could be the one that a DS names.
pub(super) fn signing(status: Option<&sdk::DnssecStatus>, keys: &[KeySigningKey]) -> Result<Signing, String> {
    let status = match status.and_then(|s| s.serve_signature.as_deref()) {
        Some("SIGNING") => ServeSignature::Signing,
        Some("NOT_SIGNING") => ServeSignature::NotSigning,
        _ => ServeSignature::Unsure,
    };
    let keys = keys.iter().map(signing_key).collect::<Result<_, _>>()?;
    Ok(Signing { status, keys })
}

fn signing_key(key: &KeySigningKey) -> Result<SigningKey, String> {
    let name = key.name.as_deref().unwrap_or_default();
    let public_key = key.public_key.as_deref().map(|text| {
        let packed: String = text.split_ascii_whitespace().collect();
        aws_smithy_types::base64::decode(packed).map_err(|_| format!("key \"{name}\": its public key is no base64"))
    });
    Ok(SigningKey {
        tag: u16::try_from(key.key_tag).map_err(|_| format!("key \"{name}\": its tag is out of range"))?,
        algorithm: u8::try_from(key.signing_algorithm_type)
            .map_err(|_| format!("key \"{name}\": its algorithm is out of range"))?,
        digest_sha256: key.digest_value.as_deref().unwrap_or_default().to_ascii_lowercase(),
        public_key: public_key.transpose()?,
        published: matches!(key.status.as_deref(), Some("ACTIVE" | "ACTION_NEEDED")),
    })
}

fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

#[cfg(test)]
mod tests;
