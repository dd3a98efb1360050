//! Record sets exactly as Route 53 holds them, from the SDK's types and back.
//!
//! Invariant: what is read and then stated again in a `DELETE` is, to Route 53, the same record set. What cannot be said
//! again without loss is unreadable.

use aws_sdk_route53::types as sdk;

use super::{Unreadable, split, text};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, ZoneId};
use crate::plan::exact::{Content, ExactSet, Policy, Routing};
use crate::ports::{ManagedSet, ZoneDetail};

/// The record sets that can be said again, and a line for each that cannot.
pub(in crate::aws) fn sets(sets: Vec<sdk::ResourceRecordSet>) -> (Vec<ExactSet>, Vec<Untrusted>) {
    split(sets, set, |s| {
        format!("record set \"{}\" {}", s.name, s.r#type.as_str())
    })
}

fn set(set: &sdk::ResourceRecordSet) -> Result<ExactSet, Unreadable> {
    let read = ExactSet {
        name: DnsName::parse_route53(&set.name)?,
        record_type: RecordType::read(set.r#type.as_str()).ok_or(Unreadable::Type)?,
        ttl: set.ttl.map(u32::try_from).transpose().map_err(|_| Unreadable::Ttl)?,
        content: content(set),
        routing: routing(set)?,
        health_check: set.health_check_id.as_deref().map(text),
        traffic_policy: set.traffic_policy_instance_id.as_deref().map(text),
    };
    Ok(read)
}

fn content(set: &sdk::ResourceRecordSet) -> Content {
    match &set.alias_target {
        Some(alias) => Content::Alias {
            target: text(&alias.dns_name),
            zone: text(&alias.hosted_zone_id),
            evaluates_health: alias.evaluate_target_health,
        },
        None => Content::Values(set.resource_records().iter().map(|r| text(&r.value)).collect()),
    }
}

fn routing(set: &sdk::ResourceRecordSet) -> Result<Option<Routing>, Unreadable> {
    let mut policies = policies(set).into_iter().flatten();
    let (policy, further) = (policies.next(), policies.next());
    match (&set.set_identifier, policy) {
        _ if further.is_some() => Err(Unreadable::Routing),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Unreadable::Routing),
        (Some(identifier), policy) => Ok(Some(Routing {
            set_identifier: text(identifier),
            policy: policy.unwrap_or(Policy::Unknown),
        })),
    }
}

/// Every policy that is stated; there is one at most.
fn policies(set: &sdk::ResourceRecordSet) -> [Option<Policy>; 7] {
    [
        set.weight
            .and_then(|weight| u64::try_from(weight).ok())
            .map(Policy::Weighted),
        set.region.as_ref().map(|region| Policy::Latency(text(region.as_str()))),
        set.failover.as_ref().map(|role| Policy::Failover(text(role.as_str()))),
        set.geo_location.as_ref().map(geolocation),
        set.geo_proximity_location.as_ref().map(geoproximity),
        set.multi_value_answer
            .filter(|answers| *answers)
            .map(|_| Policy::MultiValue),
        set.cidr_routing_config.as_ref().map(|cidr| Policy::Cidr {
            collection: text(&cidr.collection_id),
            location: text(&cidr.location_name),
        }),
    ]
}

fn geolocation(geo: &sdk::GeoLocation) -> Policy {
    Policy::Geolocation {
        continent: geo.continent_code.as_deref().map(text),
        country: geo.country_code.as_deref().map(text),
        subdivision: geo.subdivision_code.as_deref().map(text),
    }
}

fn geoproximity(near: &sdk::GeoProximityLocation) -> Policy {
    let coordinates = near.coordinates.as_ref();
    Policy::Geoproximity {
        region: near.aws_region.as_deref().map(text),
        local_zone_group: near.local_zone_group.as_deref().map(text),
        coordinates: coordinates.map(|c| (c.latitude.clone(), c.longitude.clone())),
        bias: near.bias,
    }
}

/// A record set as a change states it; none where the SDK would not take it.
pub(in crate::aws) fn stated(set: &ExactSet) -> Option<sdk::ResourceRecordSet> {
    let builder = sdk::ResourceRecordSet::builder()
        .name(set.name.to_route53())
        .r#type(sdk::RrType::from(set.record_type.as_str()))
        .set_ttl(set.ttl.map(i64::from))
        .set_health_check_id(set.health_check.as_ref().map(owned))
        .set_traffic_policy_instance_id(set.traffic_policy.as_ref().map(owned));
    let builder = match &set.content {
        Content::Values(values) => builder.set_resource_records(Some(records(values)?)),
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => builder.alias_target(
            sdk::AliasTarget::builder()
                .dns_name(target.expose())
                .hosted_zone_id(zone.expose())
                .evaluate_target_health(*evaluates_health)
                .build()
                .ok()?,
        ),
    };
    let builder = match &set.routing {
        Some(routing) => with_policy(builder.set_identifier(routing.set_identifier.expose()), &routing.policy)?,
        None => builder,
    };
    builder.build().ok()
}

fn records(values: &[Untrusted]) -> Option<Vec<sdk::ResourceRecord>> {
    let record = |value: &Untrusted| sdk::ResourceRecord::builder().value(value.expose()).build().ok();
    values.iter().map(record).collect()
}

type Builder = sdk::builders::ResourceRecordSetBuilder;

fn with_policy(builder: Builder, policy: &Policy) -> Option<Builder> {
    Some(match policy {
        Policy::Weighted(weight) => builder.weight(i64::try_from(*weight).ok()?),
        Policy::Latency(region) => builder.region(sdk::ResourceRecordSetRegion::from(region.expose())),
        Policy::Failover(role) => builder.failover(sdk::ResourceRecordSetFailover::from(role.expose())),
        Policy::Geolocation {
            continent,
            country,
            subdivision,
        } => builder.geo_location(
            sdk::GeoLocation::builder()
                .set_continent_code(continent.as_ref().map(owned))
                .set_country_code(country.as_ref().map(owned))
                .set_subdivision_code(subdivision.as_ref().map(owned))
                .build(),
        ),
        Policy::Geoproximity { .. } => builder.geo_proximity_location(proximity(policy)?),
        Policy::MultiValue => builder.multi_value_answer(true),
        Policy::Cidr { collection, location } => builder.cidr_routing_config(
            sdk::CidrRoutingConfig::builder()
                .collection_id(collection.expose())
                .location_name(location.expose())
                .build()
                .ok()?,
        ),
        Policy::Unknown => builder,
    })
}

fn proximity(policy: &Policy) -> Option<sdk::GeoProximityLocation> {
    let Policy::Geoproximity {
        region,
        local_zone_group,
        coordinates,
        bias,
    } = policy
    else {
        return None;
    };
    let coordinates = match coordinates {
        Some((latitude, longitude)) => Some(
            sdk::Coordinates::builder()
                .latitude(latitude)
                .longitude(longitude)
                .build()
                .ok()?,
        ),
        None => None,
    };
    let builder = sdk::GeoProximityLocation::builder()
        .set_aws_region(region.as_ref().map(owned))
        .set_local_zone_group(local_zone_group.as_ref().map(owned))
        .set_coordinates(coordinates)
        .set_bias(*bias);
    Some(builder.build())
}

fn owned(text: &Untrusted) -> String {
    text.expose().to_owned()
}

/// A hosted zone, with its name servers where the operation tells them.
pub(in crate::aws) fn zone(zone: &sdk::HostedZone, servers: Option<&sdk::DelegationSet>) -> Result<ZoneDetail, String> {
    let config = zone.config.as_ref();
    let linked = zone.linked_service.as_ref();
    let features = zone.features.as_ref();
    let unreadable = |why: Unreadable| format!("hosted zone {} \"{}\": {why}", zone.id, zone.name);
    Ok(ZoneDetail {
        id: ZoneId::read(&zone.id).ok_or(Unreadable::Id).map_err(unreadable)?,
        name: DnsName::parse_route53(&zone.name).map_err(|why| unreadable(why.into()))?,
        visibility: match config.is_some_and(|c| c.private_zone) {
            true => Visibility::Private,
            false => Visibility::Public,
        },
        reference: text(&zone.caller_reference),
        record_sets: zone
            .resource_record_set_count
            .and_then(|count| u64::try_from(count).ok())
            .ok_or_else(|| format!("hosted zone {}: the number of its record sets is missing", zone.id))?,
        delegation_set: servers.map(super::delegation_set).transpose()?,
        linked_service: linked
            .and_then(|l| l.service_principal.as_deref().or(l.description.as_deref()))
            .map(text),
        recovery: features
            .and_then(|f| f.accelerated_recovery_status.as_ref())
            .map(|status| text(status.as_str())),
    })
}

/// A reusable delegation set.
pub(in crate::aws) fn managed_set(set: &sdk::DelegationSet) -> Result<ManagedSet, String> {
    let DelegationSet { id, name_servers } = super::delegation_set(set)?;
    Ok(ManagedSet {
        id: id.ok_or("a reusable delegation set has no id")?,
        reference: set.caller_reference.as_deref().map(text),
        name_servers,
    })
}
