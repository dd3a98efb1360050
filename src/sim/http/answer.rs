//! From an answer to Route 53's XML.

use std::time::Duration;

use super::Clock;
use super::xml::Xml;
use crate::model::dnssec::SigningKey;
use crate::model::name::DnsName;
use crate::model::zone::Visibility;
use crate::sim::api::{Answer, ApiError, ChangeInfo, ChangeStatus, EntryFailure, Limit, Tag, ZoneDetail, ZoneSummary};
use crate::sim::record::{Geolocation, Geoproximity, PolicyKind, ResourceRecordSet, RoutingPolicy};
use crate::sim::world::signing::{ZoneSigning, ds_value};
use crate::sim::world::{Protection, ReusableSet};

const NAMESPACE: &str = "https://route53.amazonaws.com/doc/2013-04-01/";
const HOST: &str = "https://route53.amazonaws.com/2013-04-01";

/// A response, as far as it depends on the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Page {
    fn ok(root: &str, fill: impl FnOnce(&mut Xml)) -> Self {
        Self {
            status: 200,
            location: None,
            body: Xml::document(root, NAMESPACE, fill),
        }
    }
}

/// Writes an answer.
pub(super) fn page(action: &str, answer: &Answer, clock: &Clock) -> Page {
    let root = format!("{action}Response");
    let page = Page::ok(&root, |xml| content(xml, answer, clock));
    match answer {
        Answer::Created(created) => Page {
            status: 201,
            location: Some(format!("{HOST}/hostedzone/{}", created.detail.zone.id)),
            ..page
        },
        Answer::CreatedSet(set) => Page {
            status: 201,
            location: Some(format!("{HOST}/delegationset/{}", set.id)),
            ..page
        },
        _ => page,
    }
}

fn content(xml: &mut Xml, answer: &Answer, clock: &Clock) {
    match answer {
        Answer::Zones(page) => {
            xml.element("HostedZones", |xml| {
                page.zones.iter().for_each(|zone| summary(xml, zone))
            });
            xml.optional("Marker", page.marker.as_ref());
            truncation(xml, page.next.is_some(), page.max_items);
            xml.optional("NextMarker", page.next.as_ref());
        }
        Answer::ZonesByName(page) => {
            xml.element("HostedZones", |xml| {
                page.zones.iter().for_each(|zone| summary(xml, zone))
            });
            xml.optional("DNSName", page.dns_name.as_ref());
            xml.optional("HostedZoneId", page.zone.as_ref());
            truncation(xml, page.next.is_some(), page.max_items);
            xml.optional("NextDNSName", page.next.as_ref().map(|(name, _)| name.to_route53()));
            xml.optional("NextHostedZoneId", page.next.as_ref().map(|(_, id)| id));
        }
        Answer::Zone(zone) => detail(xml, zone),
        Answer::ZoneCount(count) => xml.leaf("HostedZoneCount", count),
        Answer::Records(page) => {
            xml.element("ResourceRecordSets", |xml| {
                page.sets().iter().for_each(|set| record_set(xml, set))
            });
            truncation(xml, page.next.is_some(), page.max_items);
            if let Some(next) = &page.next {
                xml.leaf("NextRecordName", next.name.to_route53());
                xml.leaf("NextRecordType", next.record_type);
                xml.optional("NextRecordIdentifier", next.set_identifier());
            }
        }
        Answer::Created(created) => {
            own_detail(xml, &created.detail);
            change(xml, &created.change, clock);
            created.detail.vpcs.iter().for_each(|id| vpc(xml, id));
        }
        Answer::Change(info) => change(xml, info, clock),
        Answer::Commented(zone) => summary(xml, zone),
        Answer::Dnssec(signing) => dnssec(xml, signing, clock),
        rare => rare_content(xml, rare),
    }
}

fn rare_content(xml: &mut Xml, answer: &Answer) {
    match answer {
        Answer::CreatedSet(set) | Answer::Set(set) => reusable_set(xml, set),
        Answer::Sets {
            sets,
            marker,
            next,
            max_items,
        } => {
            xml.element("DelegationSets", |xml| {
                sets.iter().for_each(|set| reusable_set(xml, set))
            });
            xml.leaf("Marker", marker.as_deref().unwrap_or_default());
            truncation(xml, next.is_some(), *max_items);
            xml.optional("NextMarker", next.as_ref());
        }
        Answer::Tags { kind, tagged, several } => {
            let sets = |xml: &mut Xml| tagged.iter().for_each(|(id, tags)| tag_set(xml, kind, id, tags));
            match several {
                true => xml.element("ResourceTagSets", sets),
                false => sets(xml),
            }
        }
        Answer::Protections(page) => {
            xml.element("ResourceRecordSetProtections", |xml| {
                page.items.iter().for_each(|held| protection(xml, held))
            });
            xml.optional("NextToken", page.next.as_ref());
        }
        Answer::Limit(limit) => limit_content(xml, limit),
        _ => {}
    }
}

fn protection(xml: &mut Xml, protection: &Protection) {
    xml.element("ResourceRecordSetProtection", |xml| {
        xml.leaf("RecordName", protection.name.to_route53());
        xml.leaf("RecordType", protection.record_type);
        xml.optional("Comment", protection.comment.as_ref());
    });
}

fn truncation(xml: &mut Xml, truncated: bool, max_items: usize) {
    xml.leaf("IsTruncated", truncated);
    xml.leaf("MaxItems", max_items);
}

fn summary(xml: &mut Xml, zone: &ZoneSummary) {
    xml.element("HostedZone", |xml| {
        xml.leaf("Id", format_args!("/hostedzone/{}", zone.id));
        xml.leaf("Name", zone.name.to_route53());
        xml.leaf("CallerReference", &zone.reference);
        xml.element("Config", |xml| {
            if !zone.comment.is_empty() {
                xml.leaf("Comment", &zone.comment);
            }
            xml.leaf("PrivateZone", zone.visibility == Visibility::Private);
        });
        xml.leaf("ResourceRecordSetCount", zone.record_sets);
        if let Some(service) = &zone.linked_service {
            xml.element("LinkedService", |xml| {
                xml.leaf("ServicePrincipal", service);
                xml.leaf("Description", format_args!("Managed by {service}"));
            });
        }
        if let Some(status) = &zone.recovery {
            xml.element("Features", |xml| xml.leaf("AcceleratedRecoveryStatus", status));
        }
    });
}

fn detail(xml: &mut Xml, zone: &ZoneDetail) {
    own_detail(xml, zone);
    if !zone.vpcs.is_empty() {
        xml.element("VPCs", |xml| zone.vpcs.iter().for_each(|id| vpc(xml, id)));
    }
}

fn own_detail(xml: &mut Xml, zone: &ZoneDetail) {
    summary(xml, &zone.zone);
    if !zone.name_servers.is_empty() {
        delegation_set(xml, zone.reusable.as_ref(), &zone.name_servers);
    }
}

fn vpc(xml: &mut Xml, id: &str) {
    xml.element("VPC", |xml| {
        xml.leaf("VPCRegion", "eu-central-1");
        xml.leaf("VPCId", id);
    });
}

fn delegation_set(xml: &mut Xml, reusable: Option<&ReusableSet>, servers: &[DnsName]) {
    xml.element("DelegationSet", |xml| {
        if let Some(set) = reusable {
            xml.leaf("Id", format_args!("/delegationset/{}", set.id));
            xml.leaf("CallerReference", &set.reference);
        }
        xml.element("NameServers", |xml| {
            for server in servers {
                xml.leaf("NameServer", server);
            }
        });
    });
}

fn reusable_set(xml: &mut Xml, set: &ReusableSet) {
    delegation_set(xml, Some(set), &set.name_servers);
}

fn change(xml: &mut Xml, info: &ChangeInfo, clock: &Clock) {
    xml.element("ChangeInfo", |xml| {
        xml.leaf("Id", format_args!("/change/{}", info.id));
        xml.leaf(
            "Status",
            match info.status {
                ChangeStatus::Pending => "PENDING",
                ChangeStatus::Insync => "INSYNC",
            },
        );
        xml.leaf("SubmittedAt", clock.timestamp(info.submitted));
        xml.optional("Comment", info.comment.as_ref());
    });
}

fn record_set(xml: &mut Xml, set: &ResourceRecordSet) {
    xml.element("ResourceRecordSet", |xml| {
        xml.leaf("Name", set.name.to_route53());
        xml.leaf("Type", set.record_type);
        if let Some(routing) = &set.routing {
            policy(xml, routing);
        }
        xml.optional("TTL", set.ttl);
        if !set.values.is_empty() {
            xml.element("ResourceRecords", |xml| {
                for value in &set.values {
                    xml.element("ResourceRecord", |xml| xml.leaf("Value", value));
                }
            });
        }
        if let Some(alias) = &set.alias {
            xml.element("AliasTarget", |xml| {
                xml.leaf("HostedZoneId", &alias.zone_id);
                xml.leaf("DNSName", &alias.target);
                xml.leaf("EvaluateTargetHealth", alias.evaluate_health);
            });
        }
        xml.optional("HealthCheckId", set.health_check.as_ref());
    });
}

fn policy(xml: &mut Xml, routing: &RoutingPolicy) {
    xml.leaf("SetIdentifier", &routing.set_identifier);
    match &routing.kind {
        PolicyKind::Weighted(weight) => xml.leaf("Weight", weight),
        PolicyKind::Latency(region) => xml.leaf("Region", region),
        PolicyKind::Failover(role) => xml.leaf("Failover", role),
        PolicyKind::Multivalue => xml.leaf("MultiValueAnswer", true),
        PolicyKind::Geolocation(place) => geolocation(xml, place),
        PolicyKind::Geoproximity(place) => geoproximity(xml, place),
        PolicyKind::Cidr { collection, location } => xml.element("CidrRoutingConfig", |xml| {
            xml.leaf("CollectionId", collection);
            xml.leaf("LocationName", location);
        }),
    }
}

fn geolocation(xml: &mut Xml, place: &Geolocation) {
    xml.element("GeoLocation", |xml| {
        xml.optional("ContinentCode", place.continent.as_ref());
        xml.optional("CountryCode", place.country.as_ref());
        xml.optional("SubdivisionCode", place.subdivision.as_ref());
    });
}

fn geoproximity(xml: &mut Xml, place: &Geoproximity) {
    xml.element("GeoProximityLocation", |xml| {
        xml.optional("AWSRegion", place.region.as_ref());
        xml.optional("LocalZoneGroup", place.local_zone_group.as_ref());
        if let Some((latitude, longitude)) = &place.coordinates {
            xml.element("Coordinates", |xml| {
                xml.leaf("Latitude", latitude);
                xml.leaf("Longitude", longitude);
            });
        }
        xml.optional("Bias", place.bias);
    });
}

fn dnssec(xml: &mut Xml, signing: &ZoneSigning, clock: &Clock) {
    xml.element("Status", |xml| xml.leaf("ServeSignature", &signing.status));
    xml.element("KeySigningKeys", |xml| {
        if let Some(key) = &signing.key {
            signing_key(xml, key, clock);
        }
    });
}

fn signing_key(xml: &mut Xml, key: &SigningKey, clock: &Clock) {
    let public_key = base64(key.public_key.as_deref().unwrap_or_default());
    let made = clock.timestamp(Duration::ZERO);
    xml.element("member", |xml| {
        xml.leaf("Name", "zonecut");
        xml.leaf("KmsArn", "arn:aws:kms:us-east-1:000000000000:key/simulated");
        xml.leaf("Flag", 257);
        xml.leaf("SigningAlgorithmMnemonic", "ECDSAP256SHA256");
        xml.leaf("SigningAlgorithmType", key.algorithm);
        xml.leaf("DigestAlgorithmMnemonic", "SHA-256");
        xml.leaf("DigestAlgorithmType", 2);
        xml.leaf("KeyTag", key.tag);
        xml.leaf("DigestValue", key.digest_sha256.to_ascii_uppercase());
        xml.leaf("PublicKey", &public_key);
        xml.leaf("DSRecord", ds_value(key));
        xml.leaf("DNSKEYRecord", format_args!("257 3 {} {public_key}", key.algorithm));
        xml.leaf("Status", if key.published { "ACTIVE" } else { "INACTIVE" });
        xml.leaf("CreatedDate", &made);
        xml.leaf("LastModifiedDate", &made);
    });
}

fn tag_set(xml: &mut Xml, kind: &str, id: &str, tags: &[Tag]) {
    xml.element("ResourceTagSet", |xml| {
        xml.leaf("ResourceType", kind);
        xml.leaf("ResourceId", id);
        xml.element("Tags", |xml| {
            for tag in tags {
                xml.element("Tag", |xml| {
                    xml.leaf("Key", &tag.key);
                    xml.leaf("Value", &tag.value);
                });
            }
        });
    });
}

fn limit_content(xml: &mut Xml, limit: &Limit) {
    xml.element("Limit", |xml| {
        xml.leaf("Type", &limit.kind);
        xml.leaf("Value", limit.value);
    });
    xml.leaf("Count", limit.count);
}

/// Writes an error; `bare` asks for the form of `InvalidChangeBatch` that the service used until 2024.
pub(super) fn error(error: &ApiError, request_id: &str, bare: bool) -> Page {
    let body = match bare && error.code == "InvalidChangeBatch" {
        true => Xml::document(error.code, NAMESPACE, |xml| {
            xml.element("Messages", |xml| {
                error.messages.iter().for_each(|message| xml.leaf("Message", message));
            });
            xml.leaf("RequestId", request_id);
        }),
        false => Xml::document("ErrorResponse", NAMESPACE, |xml| error_content(xml, error, request_id)),
    };
    Page {
        status: error.status,
        location: None,
        body,
    }
}

/// What the error documents of Route 53 and of STS hold.
pub(super) fn error_content(xml: &mut Xml, error: &ApiError, request_id: &str) {
    xml.element("Error", |xml| {
        xml.leaf("Type", if error.status < 500 { "Sender" } else { "Receiver" });
        xml.leaf("Code", error.code);
        xml.leaf("Message", &error.message);
        if !error.failures.is_empty() {
            xml.element("Errors", |xml| {
                error.failures.iter().for_each(|entry| failure(xml, entry))
            });
        }
    });
    xml.leaf("RequestId", request_id);
}

fn failure(xml: &mut Xml, entry: &EntryFailure) {
    xml.element("ProtectionError", |xml| {
        xml.leaf("RecordName", &entry.name);
        xml.leaf("RecordType", &entry.record_type);
        xml.leaf("Code", entry.code);
        xml.leaf("Message", &entry.message);
    });
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len().div_ceil(3) * 4);
    for group in octets.chunks(3) {
        let number = (0..3).fold(0_usize, |number, place| {
            number << 8 | usize::from(group.get(place).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let letter = ALPHABET.get(number >> (18 - 6 * place) & 63).copied().unwrap_or(b'A');
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (octets, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(octets.as_bytes()), text);
        }
    }
}
