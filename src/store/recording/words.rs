//! What a recording writes as one string: names, addresses, ids, times, texts from outside; octets as base64.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::time::Duration;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::told::{Hear, Tell};
use crate::model::account::AccountId;
use crate::model::dns::SpecialPurpose;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// A string that a function reads.
struct Word<T> {
    what: &'static str,
    read: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Word<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Types that are written as one string, how that is read, and what it is called.
macro_rules! words {
    ($($model:ty, $write:expr, $read:expr, $what:literal);+ $(;)?) => {$(
        impl Tell for $model {
            fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$model, S) -> Result<S::Ok, S::Error> = $write;
                write(self, serializer)
            }
        }

        impl Hear for $model {
            fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Word { what: $what, read: $read })
            }
        }
    )+};
}

words! {
    DnsName, |name, to| to.collect_str(name), |text| DnsName::parse_rfc1035(text).ok(), "a domain name";
    IpAddr, |address, to| to.collect_str(address), |text| text.parse().ok(), "an IP address";
    Ipv4Addr, |address, to| to.collect_str(address), |text| text.parse().ok(), "an IPv4 address";
    Ipv6Addr, |address, to| to.collect_str(address), |text| text.parse().ok(), "an IPv6 address";
    Timestamp, |time, to| to.collect_str(time), |text| text.parse().ok(), "a time (RFC 3339)";
    AccountId, |id, to| to.serialize_str(id.as_str()), |text| text.parse().ok(), "an account id of 12 digits";
    ZoneId, |id, to| to.serialize_str(id.as_str()), ZoneId::read, "the id of a hosted zone";
    RecordType, |kind, to| to.serialize_str(kind.as_str()), RecordType::read, "a record type";
    SpecialPurpose, |purpose, to| to.serialize_str(purpose.as_str()), SpecialPurpose::read, "a purpose of addresses";
    Untrusted, |text, to| to.serialize_str(text.expose()), |text| Some(text.into()), "a text";
}

impl Tell for Duration {
    /// In nanoseconds; 584 years are the most.
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(self.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl Hear for Duration {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::from_nanos)
    }
}

/// Octets, for `#[serde(with = "octets")]`.
pub(super) mod octets {
    use super::{BASE64, Deserializer, Serializer, Word};

    pub(in super::super) fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(octets))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_str(Word {
            what: "octets (base64)",
            read: |text| BASE64.decode(text.as_bytes()).ok(),
        })
    }
}

/// Octets that may be missing, for `#[serde(with = "octets_if_any")]`.
pub(super) mod octets_if_any {
    use super::{BASE64, Deserialize, Deserializer, Serialize, Serializer, octets};

    #[derive(Deserialize)]
    struct Octets(#[serde(with = "octets")] Vec<u8>);

    pub(in super::super) fn serialize<S: Serializer>(
        octets: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        octets
            .as_ref()
            .map(|octets| BASE64.encode(octets))
            .serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let octets = Option::<Octets>::deserialize(deserializer)?;
        Ok(octets.map(|octets| octets.0))
    }
}

/// A digest, which findings print: letters and digits, or none at all; for `#[serde(with = "digest")]`.
pub(super) mod digest {
    use super::{Deserializer, Serializer, Word};

    pub(in super::super) fn serialize<S: Serializer>(digest: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(digest)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(Word {
            what: "a digest",
            read: |text| {
                text.bytes()
                    .all(|octet| octet.is_ascii_alphanumeric())
                    .then(|| text.to_owned())
            },
        })
    }
}
