//! Mirrors of zones and of what was read of them, but for record sets.

use serde::{Deserialize, Serialize};

use super::told::{self, Hear, Tell, mirrored};
use super::words::{digest, octets_if_any};
use crate::model::account::{AccountIx, Problem};
use crate::model::dnssec::{DsValue, ServeSignature, Signing, SigningKey};
use crate::model::inventory::{Held, Origin, Reading, Source};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

use jiff::Timestamp;

mirrored! {
    Zone => ZoneMirror,
    ZoneKey => ZoneKeyMirror,
    Visibility => VisibilityMirror,
    Origin => OriginMirror,
    Source => SourceMirror,
    DelegationSet => DelegationSetMirror,
    Signing => SigningMirror,
    ServeSignature => ServeSignatureMirror,
    SigningKey => SigningKeyMirror,
    DsValue => DsValueMirror,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Zone", deny_unknown_fields)]
struct ZoneMirror {
    #[serde(with = "told")]
    key: ZoneKey,
    #[serde(with = "told")]
    name: DnsName,
    #[serde(with = "told")]
    visibility: Visibility,
    record_count: Option<u64>,
    #[serde(with = "told")]
    comment: Untrusted,
    #[serde(with = "told")]
    linked_service: Option<Untrusted>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ZoneKey", deny_unknown_fields)]
struct ZoneKeyMirror {
    #[serde(with = "told")]
    account: AccountIx,
    #[serde(with = "told")]
    id: ZoneId,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Visibility", rename_all = "snake_case")]
enum VisibilityMirror {
    Public,
    Private,
}

/// A reading and its origin.
#[derive(Serialize, Deserialize)]
#[serde(
    remote = "Held",
    deny_unknown_fields,
    bound(serialize = "T: Tell", deserialize = "T: Hear")
)]
struct HeldMirror<T> {
    #[serde(with = "told")]
    reading: Reading<T>,
    #[serde(with = "told")]
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
#[serde(
    remote = "Reading",
    rename_all = "snake_case",
    bound(serialize = "T: Tell", deserialize = "T: Hear")
)]
enum ReadingMirror<T> {
    Whole(#[serde(with = "told")] T),
    Part(#[serde(with = "told")] T, #[serde(with = "told")] Problem),
    Failed(#[serde(with = "told")] Problem),
}

impl<T: Tell> Tell for Held<T> {
    fn tell<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HeldMirror::serialize(self, serializer)
    }
}

impl<T: Hear> Hear for Held<T> {
    fn hear<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        HeldMirror::deserialize(deserializer)
    }
}

impl<T: Tell> Tell for Reading<T> {
    fn tell<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ReadingMirror::serialize(self, serializer)
    }
}

impl<T: Hear> Hear for Reading<T> {
    fn hear<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ReadingMirror::deserialize(deserializer)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Origin", deny_unknown_fields)]
struct OriginMirror {
    #[serde(with = "told")]
    source: Source,
    #[serde(with = "told")]
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Source", rename_all = "snake_case")]
enum SourceMirror {
    Live,
    Cache,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DelegationSet", deny_unknown_fields)]
struct DelegationSetMirror {
    #[serde(with = "told")]
    id: Option<Untrusted>,
    #[serde(with = "told")]
    name_servers: Vec<DnsName>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Signing", deny_unknown_fields)]
struct SigningMirror {
    #[serde(with = "told")]
    status: ServeSignature,
    #[serde(with = "told")]
    keys: Vec<SigningKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ServeSignature", rename_all = "snake_case")]
enum ServeSignatureMirror {
    Signing,
    NotSigning,
    Unsure,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SigningKey", deny_unknown_fields)]
struct SigningKeyMirror {
    tag: u16,
    algorithm: u8,
    #[serde(with = "digest")]
    digest_sha256: String,
    #[serde(with = "octets_if_any")]
    public_key: Option<Vec<u8>>,
    published: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DsValue", deny_unknown_fields)]
struct DsValueMirror {
    tag: u16,
    algorithm: u8,
    digest_type: u8,
    #[serde(with = "digest")]
    digest: String,
}
