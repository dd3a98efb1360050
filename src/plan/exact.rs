//! A record set exactly as Route 53 holds it: what a `DELETE` must state for it to be accepted.

use serde::{Deserialize, Serialize};

use super::text;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// All records of one name, type and set identifier, with everything that Route 53 compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExactSet {
    /// The owner.
    #[serde(with = "text::one")]
    pub name: DnsName,
    /// The type.
    #[serde(rename = "type", with = "text::one")]
    pub record_type: RecordType,
    /// The time to live in seconds; an alias has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// What it holds.
    pub content: Content,
    /// The routing policy, unless it is simple.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// The id of the health check it depends on.
    #[serde(with = "text::optional", default, skip_serializing_if = "Option::is_none")]
    pub health_check: Option<Untrusted>,
    /// The id of the traffic policy instance that made it; such a record set is not changed by hand.
    #[serde(with = "text::optional", default, skip_serializing_if = "Option::is_none")]
    pub traffic_policy: Option<Untrusted>,
}

/// What a record set holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Content {
    /// The values in Route 53's text form, in the order in which it gives them.
    #[serde(with = "text::list")]
    Values(Vec<Untrusted>),
    /// A Route 53 alias.
    Alias {
        /// The DNS name of the target, as stored.
        #[serde(with = "text::one")]
        target: Untrusted,
        /// The hosted zone id of the target.
        #[serde(with = "text::one")]
        zone: Untrusted,
        /// `EvaluateTargetHealth`.
        evaluates_health: bool,
    },
}

/// A routing policy other than simple.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// What tells this record set from others of its name and type.
    #[serde(with = "text::one")]
    pub set_identifier: Untrusted,
    /// By what it is chosen.
    pub policy: Policy,
}

/// By what a record set is chosen among those of its name and type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Policy {
    /// By weight.
    Weighted(u64),
    /// By the latency to a region.
    #[serde(with = "text::one")]
    Latency(Untrusted),
    /// `PRIMARY` or `SECONDARY`.
    #[serde(with = "text::one")]
    Failover(Untrusted),
    /// By where the client is.
    Geolocation {
        /// The continent.
        #[serde(with = "text::optional", default)]
        continent: Option<Untrusted>,
        /// The country, or `*`.
        #[serde(with = "text::optional", default)]
        country: Option<Untrusted>,
        /// The subdivision.
        #[serde(with = "text::optional", default)]
        subdivision: Option<Untrusted>,
    },
    /// By how far the client is away.
    Geoproximity {
        /// The region.
        #[serde(with = "text::optional", default)]
        region: Option<Untrusted>,
        /// The local zone group.
        #[serde(with = "text::optional", default)]
        local_zone_group: Option<Untrusted>,
        /// Latitude and longitude, as stored.
        #[serde(default)]
        coordinates: Option<(String, String)>,
        /// The bias.
        #[serde(default)]
        bias: Option<i32>,
    },
    /// `MultiValueAnswer`.
    MultiValue,
    /// By the client's network.
    Cidr {
        /// The collection.
        #[serde(with = "text::one")]
        collection: Untrusted,
        /// The location in it.
        #[serde(with = "text::one")]
        location: Untrusted,
    },
    /// A set identifier without a policy that is known here.
    Unknown,
}

impl ExactSet {
    /// A simple record set of values.
    pub fn simple(name: DnsName, record_type: RecordType, ttl: u32, values: Vec<Untrusted>) -> Self {
        Self {
            name,
            record_type,
            ttl: Some(ttl),
            content: Content::Values(values),
            routing: None,
            health_check: None,
            traffic_policy: None,
        }
    }

    /// The NS record set that refers to these name servers, each with its final dot as Route 53 stores it.
    pub fn name_servers(name: DnsName, ttl: u32, servers: &[DnsName]) -> Self {
        let values = servers
            .iter()
            .map(|server| Untrusted::from(server.to_route53()))
            .collect();
        Self::simple(name, RecordType::NS, ttl, values)
    }

    /// The values; an alias has none.
    pub fn values(&self) -> &[Untrusted] {
        match &self.content {
            Content::Values(values) => values,
            Content::Alias { .. } => &[],
        }
    }

    /// Whether both stand at the same place: name, type and set identifier.
    pub fn is_of_the_place_of(&self, other: &Self) -> bool {
        self.place() == other.place()
    }

    /// Its name, type and set identifier.
    pub fn place(&self) -> (&DnsName, RecordType, Option<&str>) {
        (&self.name, self.record_type, self.identifier())
    }

    /// What tells it from others of its name and type, where a routing policy makes several.
    pub fn identifier(&self) -> Option<&str> {
        self.routing.as_ref().map(|routing| routing.set_identifier.expose())
    }

    /// The same as Route 53 stores it, whatever way it was typed: the name of an alias's target in lower case and with its
    /// final dot, and the bare id of its zone.
    pub fn as_stored(mut self) -> Self {
        if let Content::Alias { target, zone, .. } = &mut self.content {
            if let Ok(name) = DnsName::parse_route53(target.expose()) {
                *target = Untrusted::from(name.to_route53());
            }
            if let Some(id) = ZoneId::read(zone.expose()) {
                *zone = Untrusted::from(id.as_str());
            }
        }
        self
    }

    /// Whether Route 53 takes both for the same: values in any order, and targets of aliases however they are written.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let sorted = |set: &Self| {
            let mut copy = set.clone().as_stored();
            if let Content::Values(values) = &mut copy.content {
                values.sort();
            }
            copy
        };
        sorted(self) == sorted(other)
    }
}
