//! The payload of a cache file: mirrors of what the model holds, so that the model can change without the format.
//!
//! Names are wire octets, times are milliseconds since 1970, record sets are packed as they lie in memory.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::CacheKey;
use crate::model::account::{AccountIx, Problem, ProblemKind};
use crate::model::dnssec::{ServeSignature, Signing, SigningKey};
use crate::model::inventory::{Fact, Held, Origin, Reading, Source, ZoneEntry};
use crate::model::name::DnsName;
use crate::model::records::Records;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

#[derive(Serialize, Deserialize)]
struct Content<'a> {
    account: &'a str,
    endpoint: Option<&'a str>,
    #[serde(borrow)]
    zones: Vec<CachedZone<'a>>,
}

#[derive(Serialize, Deserialize)]
struct CachedZone<'a> {
    id: &'a str,
    #[serde(borrow)]
    name: Octets<'a>,
    is_private: bool,
    record_count: Option<u64>,
    comment: &'a str,
    linked_service: Option<&'a str>,
    seen_at: i64,
    records: Option<CachedRecords<'a>>,
    delegation_set: Option<CachedSet<'a>>,
    signing: Option<CachedSigning<'a>>,
}

#[derive(Serialize, Deserialize)]
struct CachedRecords<'a> {
    at: i64,
    /// Why it is not all, as the place of the kind in [`KINDS`] and a message.
    flaw: Option<(u8, &'a str)>,
    #[serde(borrow)]
    entries: Octets<'a>,
    types: Vec<&'a str>,
    bytes: Octets<'a>,
}

#[derive(Serialize, Deserialize)]
struct CachedSet<'a> {
    at: i64,
    id: Option<&'a str>,
    #[serde(borrow)]
    name_servers: Vec<Octets<'a>>,
}

#[derive(Serialize, Deserialize)]
struct CachedSigning<'a> {
    at: i64,
    /// The place in [`STATUSES`].
    status: u8,
    #[serde(borrow)]
    keys: Vec<CachedKey<'a>>,
}

#[derive(Serialize, Deserialize)]
struct CachedKey<'a> {
    tag: u16,
    algorithm: u8,
    digest_sha256: &'a str,
    #[serde(borrow)]
    public_key: Option<Octets<'a>>,
    published: bool,
}

/// Octets that are written in one piece and read without a copy.
#[derive(Deserialize)]
struct Octets<'a>(#[serde(borrow)] Cow<'a, [u8]>);

impl<'a> From<&'a [u8]> for Octets<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self(Cow::Borrowed(octets))
    }
}

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

const KINDS: [ProblemKind; 7] = [
    ProblemKind::Credentials,
    ProblemKind::Denied,
    ProblemKind::Quarantined,
    ProblemKind::Throttled,
    ProblemKind::Service,
    ProblemKind::Inconsistent,
    ProblemKind::Cancelled,
];

const STATUSES: [ServeSignature; 3] = [
    ServeSignature::Signing,
    ServeSignature::NotSigning,
    ServeSignature::Unsure,
];

/// The payload for the zones of an account; none where it would not fit.
pub(super) fn write(key: &CacheKey, zones: &[&ZoneEntry]) -> Option<Vec<u8>> {
    let content = Content {
        account: key.account.as_str(),
        endpoint: key.endpoint.as_deref(),
        zones: zones.iter().map(|entry| to_mirror(entry)).collect(),
    };
    postcard::to_stdvec(&content).ok()
}

fn to_mirror(entry: &ZoneEntry) -> CachedZone<'_> {
    let zone = &entry.zone;
    CachedZone {
        id: zone.key.id.as_str(),
        name: zone.name.as_wire().into(),
        is_private: zone.visibility == Visibility::Private,
        record_count: zone.record_count,
        comment: zone.comment.expose(),
        linked_service: zone.linked_service.as_ref().map(Untrusted::expose),
        seen_at: entry.origin.at.as_millisecond(),
        records: entry.records.as_ref().and_then(to_cached_records),
        delegation_set: entry.delegation_set.as_deref().and_then(to_cached_set),
        signing: entry.signing.as_deref().and_then(to_cached_signing),
    }
}

fn to_cached_records(held: &Held<Arc<Records>>) -> Option<CachedRecords<'_>> {
    let packed = held.value()?.packed();
    Some(CachedRecords {
        at: held.origin.at.as_millisecond(),
        flaw: held.problem().map(to_flaw),
        entries: Octets(Cow::Owned(packed.entries)),
        types: packed.types,
        bytes: packed.bytes.into(),
    })
}

fn to_flaw(problem: &Problem) -> (u8, &str) {
    let place = KINDS.iter().position(|kind| *kind == problem.kind).unwrap_or(0);
    (u8::try_from(place).unwrap_or(0), problem.message.expose())
}

fn to_cached_set(held: &Held<DelegationSet>) -> Option<CachedSet<'_>> {
    let set = held.value()?;
    Some(CachedSet {
        at: held.origin.at.as_millisecond(),
        id: set.id.as_ref().map(Untrusted::expose),
        name_servers: set.name_servers.iter().map(|name| name.as_wire().into()).collect(),
    })
}

fn to_cached_signing(held: &Held<Signing>) -> Option<CachedSigning<'_>> {
    let signing = held.value()?;
    let status = STATUSES.iter().position(|status| *status == signing.status)?;
    let keys = signing.keys.iter().map(|key| CachedKey {
        tag: key.tag,
        algorithm: key.algorithm,
        digest_sha256: &key.digest_sha256,
        public_key: key.public_key.as_deref().map(Octets::from),
        published: key.published,
    });
    Some(CachedSigning {
        at: held.origin.at.as_millisecond(),
        status: u8::try_from(status).ok()?,
        keys: keys.collect(),
    })
}

/// The facts of a payload; none where anything in it is not as it was written.
pub(super) fn read(payload: &[u8], key: &CacheKey, place: AccountIx) -> Option<Vec<Fact>> {
    let (content, rest) = postcard::take_from_bytes::<Content<'_>>(payload).ok()?;
    let is_ours = content.account == key.account.as_str() && content.endpoint == key.endpoint.as_deref();
    if !rest.is_empty() || !is_ours {
        return None;
    }
    let mut facts = Vec::with_capacity(content.zones.len() * 2);
    for cached in &content.zones {
        from_mirror(cached, place, &mut facts)?;
    }
    Some(facts)
}

fn from_mirror(cached: &CachedZone<'_>, place: AccountIx, facts: &mut Vec<Fact>) -> Option<()> {
    let name = name(&cached.name)?;
    let key = ZoneKey {
        account: place,
        id: ZoneId::read(cached.id).filter(|id| id.as_str() == cached.id)?,
    };
    let visibility = if cached.is_private {
        Visibility::Private
    } else {
        Visibility::Public
    };
    let zone = Zone {
        key: key.clone(),
        name: name.clone(),
        visibility,
        record_count: cached.record_count,
        comment: cached.comment.into(),
        linked_service: cached.linked_service.map(Untrusted::from),
    };
    facts.push(Fact::Zones {
        account: place,
        zones: vec![zone],
        origin: origin(cached.seen_at)?,
    });
    if let Some(records) = &cached.records {
        facts.push(records_fact(records, &name, key.clone())?);
    }
    if let Some(set) = &cached.delegation_set {
        facts.push(set_fact(set, key.clone())?);
    }
    if let Some(signing) = &cached.signing {
        facts.push(signing_fact(signing, key)?);
    }
    Some(())
}

fn records_fact(cached: &CachedRecords<'_>, name: &DnsName, zone: ZoneKey) -> Option<Fact> {
    let records = Arc::new(Records::from_packed(
        name,
        &cached.entries.0,
        &cached.types,
        &cached.bytes.0,
    )?);
    let reading = match cached.flaw {
        None => Reading::Whole(records),
        Some((kind, message)) => {
            let problem = Problem {
                kind: *KINDS.get(usize::from(kind))?,
                message: message.into(),
                remedy: None,
                request_id: None,
            };
            Reading::Part(records, problem)
        }
    };
    Some(Fact::Records {
        zone,
        reading,
        origin: origin(cached.at)?,
    })
}

fn set_fact(cached: &CachedSet<'_>, zone: ZoneKey) -> Option<Fact> {
    let mut name_servers: Vec<DnsName> = cached.name_servers.iter().map(name).collect::<Option<_>>()?;
    name_servers.sort();
    let set = DelegationSet {
        id: cached.id.map(Untrusted::from),
        name_servers,
    };
    Some(Fact::DelegationSet {
        zone,
        reading: Reading::Whole(set),
        origin: origin(cached.at)?,
    })
}

fn signing_fact(cached: &CachedSigning<'_>, zone: ZoneKey) -> Option<Fact> {
    let keys = cached.keys.iter().map(|key| SigningKey {
        tag: key.tag,
        algorithm: key.algorithm,
        digest_sha256: key.digest_sha256.to_owned(),
        public_key: key.public_key.as_ref().map(|octets| octets.0.to_vec()),
        published: key.published,
    });
    let signing = Signing {
        status: *STATUSES.get(usize::from(cached.status))?,
        keys: keys.collect(),
    };
    Some(Fact::Signing {
        zone,
        reading: Reading::Whole(signing),
        origin: origin(cached.at)?,
    })
}

/// A name in the lower case that every name here has.
fn name(octets: &Octets<'_>) -> Option<DnsName> {
    DnsName::from_wire(&octets.0)
        .ok()
        .filter(|name| *name.as_wire() == *octets.0)
}

fn origin(milliseconds: i64) -> Option<Origin> {
    Some(Origin {
        source: Source::Cache,
        at: Timestamp::from_millisecond(milliseconds).ok()?,
    })
}
