//! From a method, a path, a query and a body to an operation of Route 53 (REST-XML, version 2013-04-01).

use super::query::{Plus, Query, decode};
use super::xml::Node;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::api::{
    ApiError, Change, ChangeAction, NewZone, Operation, ProtectionEntry, ProtectionList, RecordStart, Tag, TagTargets,
    ZoneList,
};
use crate::sim::record::{AliasTarget, Geolocation, Geoproximity, PolicyKind, ResourceRecordSet, RoutingPolicy};

/// The path under which all operations are.
pub(super) const VERSION: &str = "/2013-04-01/";

/// Reads a request.
pub(super) fn operation(method: &str, path: &str, query: &str, body: &str) -> Result<Operation, ApiError> {
    let path = path.strip_prefix(VERSION).unwrap_or_default();
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| decode(part, Plus::IsPlus))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let query = Query::read(query);
    match method {
        "GET" => read(&parts, &query),
        "POST" => write(&parts, body),
        "DELETE" => delete(&parts),
        _ => Err(unknown()),
    }
}

fn unknown() -> ApiError {
    ApiError::new(
        404,
        "UnknownOperationException",
        "No operation has this method and path.",
    )
}

fn malformed() -> ApiError {
    ApiError::new(400, "MalformedInput", "The body is no XML of this operation.")
}

fn max_items(query: &Query) -> Result<Option<i64>, ApiError> {
    number(query, "maxitems")
}

fn number(query: &Query, name: &str) -> Result<Option<i64>, ApiError> {
    let number = |text: String| {
        text.parse()
            .map_err(|_| ApiError::invalid_input(format!("Invalid {name}")))
    };
    query.get(name).map(number).transpose()
}

fn read(parts: &[&str], query: &Query) -> Result<Operation, ApiError> {
    Ok(match parts {
        ["hostedzone"] => Operation::ListHostedZones(ZoneList {
            marker: query.get("marker"),
            max_items: max_items(query)?,
            delegation_set: query.get("delegationsetid"),
            zone_type: query.get("hostedzonetype"),
        }),
        ["hostedzonesbyname"] => Operation::ListHostedZonesByName {
            dns_name: query.get("dnsname"),
            zone: query.get("hostedzoneid"),
            max_items: max_items(query)?,
        },
        ["hostedzonecount"] => Operation::GetHostedZoneCount,
        ["hostedzone", zone] => Operation::GetHostedZone { zone: (*zone).into() },
        ["hostedzone", zone, "dnssec"] => Operation::GetDnssec { zone: (*zone).into() },
        ["hostedzone", zone, "rrset"] => Operation::ListResourceRecordSets {
            zone: (*zone).into(),
            start: RecordStart {
                name: query.get("name"),
                record_type: query.get("type"),
                identifier: query.get("identifier"),
            },
            max_items: max_items(query)?,
        },
        ["hostedzone", zone, "rrsetprotection"] => Operation::ListProtections {
            zone: (*zone).into(),
            list: ProtectionList {
                name: query.get("name"),
                record_type: query.get("type"),
                max_results: number(query, "maxresults")?,
                token: query.get("nexttoken"),
            },
        },
        ["change", id] => Operation::GetChange { id: (*id).into() },
        ["delegationset"] => Operation::ListReusableDelegationSets {
            marker: query.get("marker"),
            max_items: max_items(query)?,
        },
        ["delegationset", id] => Operation::GetReusableDelegationSet { id: (*id).into() },
        ["tags", kind, id] => Operation::ListTags {
            kind: (*kind).into(),
            ids: TagTargets::One((*id).into()),
        },
        ["accountlimit", kind] => Operation::GetAccountLimit { kind: (*kind).into() },
        ["hostedzonelimit", zone, kind] => Operation::GetHostedZoneLimit {
            zone: (*zone).into(),
            kind: (*kind).into(),
        },
        ["reusabledelegationsetlimit", id, kind] => Operation::GetReusableDelegationSetLimit {
            id: (*id).into(),
            kind: (*kind).into(),
        },
        _ => return Err(unknown()),
    })
}

fn delete(parts: &[&str]) -> Result<Operation, ApiError> {
    match parts {
        ["hostedzone", zone] => Ok(Operation::DeleteHostedZone { zone: (*zone).into() }),
        ["delegationset", id] => Ok(Operation::DeleteReusableDelegationSet { id: (*id).into() }),
        _ => Err(unknown()),
    }
}

fn write(parts: &[&str], body: &str) -> Result<Operation, ApiError> {
    let body = || Node::read(body).ok_or_else(malformed);
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Ok(match parts {
        ["hostedzone"] => Operation::CreateHostedZone(new_zone(&body()?)?),
        ["hostedzone", zone] => Operation::UpdateHostedZoneComment {
            zone: (*zone).into(),
            comment: owned(body()?.text_of("Comment")).unwrap_or_default(),
        },
        ["hostedzone", zone, "rrset"] => change_batch(zone, &body()?)?,
        ["hostedzone", zone, "rrsetprotection"] => Operation::CreateProtections {
            zone: (*zone).into(),
            entries: protections(&body()?, "ResourceRecordSetProtectionConfig"),
        },
        ["hostedzone", zone, "rrsetprotection", "delete"] => Operation::DeleteProtections {
            zone: (*zone).into(),
            entries: protections(&body()?, "ResourceRecordSetProtectionKey"),
        },
        ["delegationset"] => {
            let body = body()?;
            Operation::CreateReusableDelegationSet {
                reference: owned(body.text_of("CallerReference")).ok_or_else(malformed)?,
                zone: owned(body.text_of("HostedZoneId")),
            }
        }
        ["tags", kind] => Operation::ListTags {
            kind: (*kind).into(),
            ids: TagTargets::Several(texts(&body()?, "ResourceIds", "ResourceId")),
        },
        ["tags", kind, id] => {
            let body = body()?;
            Operation::ChangeTags {
                kind: (*kind).into(),
                id: (*id).into(),
                add: tags(&body),
                remove: texts(&body, "RemoveTagKeys", "Key"),
            }
        }
        _ => return Err(unknown()),
    })
}

fn texts(body: &Node, list: &str, item: &str) -> Vec<String> {
    body.child(list)
        .iter()
        .flat_map(|list| list.children(item))
        .map(|item| item.text().to_owned())
        .collect()
}

fn protections(body: &Node, item: &str) -> Vec<ProtectionEntry> {
    let text = |node: &Node, name| node.text_of(name).map(str::to_owned);
    let entry = |node: &Node| ProtectionEntry {
        name: text(node, "RecordName").unwrap_or_default(),
        record_type: text(node, "RecordType").unwrap_or_default(),
        comment: text(node, "Comment"),
    };
    let list = body.child("Protections");
    list.iter().flat_map(|list| list.children(item)).map(entry).collect()
}

fn tags(body: &Node) -> Vec<Tag> {
    let tag = |tag: &Node| {
        Some(Tag {
            key: tag.text_of("Key")?.to_owned(),
            value: tag.text_of("Value").unwrap_or_default().to_owned(),
        })
    };
    body.child("AddTags")
        .iter()
        .flat_map(|list| list.children("Tag"))
        .filter_map(tag)
        .collect()
}

fn new_zone(body: &Node) -> Result<NewZone, ApiError> {
    let config = body.child("HostedZoneConfig");
    let in_config = |name| config.and_then(|config| config.text_of(name));
    Ok(NewZone {
        name: body.text_of("Name").ok_or_else(malformed)?.to_owned(),
        reference: body.text_of("CallerReference").ok_or_else(malformed)?.to_owned(),
        comment: in_config("Comment").unwrap_or_default().to_owned(),
        private: in_config("PrivateZone").map(|text| text == "true"),
        vpc: body
            .child("VPC")
            .and_then(|vpc| vpc.text_of("VPCId"))
            .map(str::to_owned),
        delegation_set: body.text_of("DelegationSetId").map(str::to_owned),
    })
}

fn change_batch(zone: &str, body: &Node) -> Result<Operation, ApiError> {
    let batch = body.child("ChangeBatch").ok_or_else(malformed)?;
    let changes = batch.child("Changes").ok_or_else(malformed)?;
    Ok(Operation::ChangeResourceRecordSets {
        zone: zone.to_owned(),
        comment: batch.text_of("Comment").map(str::to_owned),
        changes: changes.children("Change").map(change).collect::<Result<_, _>>()?,
    })
}

fn change(node: &Node) -> Result<Change, ApiError> {
    let action = match node.text_of("Action") {
        Some("CREATE") => ChangeAction::Create,
        Some("DELETE") => ChangeAction::Delete,
        Some("UPSERT") => ChangeAction::Upsert,
        other => {
            let text = format!("Invalid Action: {}", other.unwrap_or_default());
            return Err(ApiError::invalid_input(text));
        }
    };
    let set = node.child("ResourceRecordSet").ok_or_else(malformed)?;
    Ok(Change {
        action,
        set: record_set(set)?,
    })
}

fn record_set(node: &Node) -> Result<ResourceRecordSet, ApiError> {
    let invalid = ApiError::invalid_input;
    let name = node.text_of("Name").ok_or_else(malformed)?;
    let kind = node.text_of("Type").ok_or_else(malformed)?;
    let ttl = node
        .text_of("TTL")
        .map(|text| text.parse().map_err(|_| invalid(format!("Invalid TTL: {text}"))));
    let values = node.child("ResourceRecords");
    Ok(ResourceRecordSet {
        name: DnsName::parse_route53(name)
            .map_err(|why| invalid(format!("Invalid Resource Record Set Name {name}: {why}")))?,
        record_type: RecordType::read(kind).ok_or_else(|| invalid(format!("Invalid Type: {kind}")))?,
        ttl: ttl.transpose()?,
        values: values
            .iter()
            .flat_map(|list| list.children("ResourceRecord"))
            .filter_map(|record| record.text_of("Value"))
            .map(Into::into)
            .collect(),
        alias: node.child("AliasTarget").map(alias).transpose()?.map(Box::new),
        routing: routing(node)?.map(Box::new),
        health_check: node.text_of("HealthCheckId").map(Into::into),
    })
}

fn alias(node: &Node) -> Result<AliasTarget, ApiError> {
    Ok(AliasTarget {
        zone_id: node.text_of("HostedZoneId").ok_or_else(malformed)?.into(),
        target: node.text_of("DNSName").ok_or_else(malformed)?.into(),
        evaluate_health: node.text_of("EvaluateTargetHealth") == Some("true"),
    })
}

fn routing(node: &Node) -> Result<Option<RoutingPolicy>, ApiError> {
    let kinds: Vec<PolicyKind> = policies(node)?;
    let identifier = node.text_of("SetIdentifier");
    let mut kinds = kinds.into_iter();
    match (identifier, kinds.next(), kinds.next()) {
        (None, None, _) => Ok(None),
        (Some(identifier), Some(kind), None) => Ok(Some(RoutingPolicy {
            set_identifier: identifier.into(),
            kind,
        })),
        _ => Err(ApiError::invalid_input(
            "Invalid request: Missing field 'SetIdentifier' or the routing policy, or more than one policy",
        )),
    }
}

fn policies(node: &Node) -> Result<Vec<PolicyKind>, ApiError> {
    let text = |name: &str| node.text_of(name).map(Box::<str>::from);
    let weight = match node.text_of("Weight") {
        None => None,
        Some(weight) => {
            let weight = weight
                .parse()
                .map_err(|_| ApiError::invalid_input("Invalid Weight: 0 to 255"))?;
            Some(PolicyKind::Weighted(weight))
        }
    };
    let multivalue = node.text_of("MultiValueAnswer") == Some("true");
    Ok([
        weight,
        text("Region").map(PolicyKind::Latency),
        text("Failover").map(PolicyKind::Failover),
        multivalue.then_some(PolicyKind::Multivalue),
        node.child("GeoLocation").map(geolocation),
        node.child("GeoProximityLocation").map(geoproximity),
        node.child("CidrRoutingConfig").map(cidr),
    ]
    .into_iter()
    .flatten()
    .collect())
}

fn geolocation(node: &Node) -> PolicyKind {
    PolicyKind::Geolocation(Geolocation {
        continent: node.text_of("ContinentCode").map(Into::into),
        country: node.text_of("CountryCode").map(Into::into),
        subdivision: node.text_of("SubdivisionCode").map(Into::into),
    })
}

fn geoproximity(node: &Node) -> PolicyKind {
    let coordinates = node.child("Coordinates").and_then(|place| {
        let part = |name| place.text_of(name).map(Into::into);
        Some((part("Latitude")?, part("Longitude")?))
    });
    PolicyKind::Geoproximity(Geoproximity {
        region: node.text_of("AWSRegion").map(Into::into),
        local_zone_group: node.text_of("LocalZoneGroup").map(Into::into),
        coordinates,
        bias: node.text_of("Bias").and_then(|bias| bias.parse().ok()),
    })
}

fn cidr(node: &Node) -> PolicyKind {
    PolicyKind::Cidr {
        collection: node.text_of("CollectionId").unwrap_or_default().into(),
        location: node.text_of("LocationName").unwrap_or_default().into(),
    }
}
