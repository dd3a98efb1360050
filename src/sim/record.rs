//! Resource record sets as the simulated Route 53 stores them, with every routing policy.
//!
//! Values stay the text that was written; only names and types are brought to one form.

use std::cmp::Ordering;

use super::order::route53_order;
use crate::model::name::DnsName;
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing};

/// One stored resource record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRecordSet {
    /// The owner.
    pub name: DnsName,
    /// The type.
    pub record_type: RecordType,
    /// Seconds; none for an alias.
    pub ttl: Option<u32>,
    /// The values as written; none for an alias.
    pub values: Vec<Box<str>>,
    /// The target, where this is an alias.
    pub alias: Option<Box<AliasTarget>>,
    /// The routing policy, unless it is simple.
    pub routing: Option<Box<RoutingPolicy>>,
    /// The id of a health check.
    pub health_check: Option<Box<str>>,
}

/// `AliasTarget` of a record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasTarget {
    /// The hosted zone id of the target.
    pub zone_id: Box<str>,
    /// The DNS name of the target.
    pub target: Box<str>,
    /// `EvaluateTargetHealth`.
    pub evaluate_health: bool,
}

/// What makes a record set one of several of its name and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingPolicy {
    /// `SetIdentifier`.
    pub set_identifier: Box<str>,
    /// The policy.
    pub kind: PolicyKind,
}

/// The routing policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyKind {
    /// `Weight`, 0 to 255.
    Weighted(u8),
    /// `Region`.
    Latency(Box<str>),
    /// `Failover`: `PRIMARY` or `SECONDARY`.
    Failover(Box<str>),
    /// `MultiValueAnswer`.
    Multivalue,
    /// `GeoLocation`.
    Geolocation(Geolocation),
    /// `GeoProximityLocation`.
    Geoproximity(Geoproximity),
    /// `CidrRoutingConfig`.
    Cidr {
        /// `CollectionId`.
        collection: Box<str>,
        /// `LocationName`.
        location: Box<str>,
    },
}

/// `GeoLocation`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Geolocation {
    /// `ContinentCode`.
    pub continent: Option<Box<str>>,
    /// `CountryCode`; `*` is the default.
    pub country: Option<Box<str>>,
    /// `SubdivisionCode`.
    pub subdivision: Option<Box<str>>,
}

/// `GeoProximityLocation`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Geoproximity {
    /// `AWSRegion`.
    pub region: Option<Box<str>>,
    /// `LocalZoneGroup`.
    pub local_zone_group: Option<Box<str>>,
    /// `Coordinates`: latitude and longitude.
    pub coordinates: Option<(Box<str>, Box<str>)>,
    /// `Bias`, -99 to 99.
    pub bias: Option<i8>,
}

impl ResourceRecordSet {
    /// A simple record set.
    pub fn simple<V: Into<Box<str>>>(
        name: DnsName,
        record_type: RecordType,
        ttl: u32,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self {
            name,
            record_type,
            ttl: Some(ttl),
            values: values.into_iter().map(Into::into).collect(),
            alias: None,
            routing: None,
            health_check: None,
        }
    }

    /// An NS record set whose values are these name servers, written with the final dot.
    pub fn delegation<'a>(name: DnsName, ttl: u32, servers: impl IntoIterator<Item = &'a DnsName>) -> Self {
        let values = servers.into_iter().map(|server| format!("{server}."));
        Self::simple(name, RecordType::NS, ttl, values)
    }

    /// An alias record set.
    pub fn alias(name: DnsName, record_type: RecordType, target: AliasTarget) -> Self {
        Self {
            name,
            record_type,
            ttl: None,
            values: Vec::new(),
            alias: Some(Box::new(target)),
            routing: None,
            health_check: None,
        }
    }

    /// `SetIdentifier`, where there is one.
    pub fn set_identifier(&self) -> Option<&str> {
        self.routing.as_ref().map(|routing| &*routing.set_identifier)
    }

    /// The order of listings: by name as Route 53 sorts it, by type, by set identifier.
    pub fn listing_order(&self, other: &Self) -> Ordering {
        self.cmp_key(&other.name, other.record_type, other.set_identifier())
    }

    /// Where this record set stands against a place in a listing.
    pub fn cmp_key(&self, name: &DnsName, record_type: RecordType, set_identifier: Option<&str>) -> Ordering {
        route53_order(&self.name, name)
            .then_with(|| self.record_type.as_str().cmp(record_type.as_str()))
            .then_with(|| self.set_identifier().cmp(&set_identifier))
    }

    /// How many `ResourceRecord` elements it counts for; an alias counts for none.
    pub fn record_count(&self) -> usize {
        self.values.len()
    }

    /// The record set as the rest of the program knows it.
    pub fn to_model(&self) -> RecordSet {
        RecordSet {
            name: self.name.clone(),
            record_type: self.record_type,
            ttl: self.ttl,
            data: self.model_data(),
            routing: self.routing.as_ref().map(|routing| Routing {
                set_identifier: (*routing.set_identifier).into(),
                policy: routing.kind.in_words().into(),
            }),
        }
    }

    fn model_data(&self) -> RecordData {
        match &self.alias {
            Some(alias) => RecordData::Alias(Alias {
                target: (*alias.target).into(),
                zone_id: (*alias.zone_id).into(),
            }),
            None => RecordData::Values(self.values.iter().map(|v| (**v).into()).collect()),
        }
    }
}

impl PolicyKind {
    /// The policy in a few words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Weighted(weight) => format!("weighted {weight}"),
            Self::Latency(region) => format!("latency {region}"),
            Self::Failover(role) => format!("failover {role}"),
            Self::Multivalue => "multivalue".into(),
            Self::Geolocation(place) => format!("geolocation {}", place.in_words()),
            Self::Geoproximity(place) => format!("geoproximity {}", place.region.as_deref().unwrap_or("coordinates")),
            Self::Cidr { location, .. } => format!("cidr {location}"),
        }
    }
}

impl Geolocation {
    fn in_words(&self) -> String {
        [&self.continent, &self.country, &self.subdivision]
            .into_iter()
            .flatten()
            .map(|part| &**part)
            .collect::<Vec<_>>()
            .join("-")
    }
}
