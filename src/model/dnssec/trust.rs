//! The chain of trust: what a validating resolver believes of each zone on the way, from an anchor down (RFC 4035 section 5).
//!
//! Invariant: what would take a proof of absence (NSEC, NSEC3) is unknown, for none is checked here; only a signature or a key
//! that is wrong makes something bogus.

use jiff::Timestamp;

use super::signature::{Keys, Set, Validity, is_expanded, time};
use super::{Chain, DsValue, verify};
use crate::model::dns::{Dnskey, EdnsSupport, Outcome, Rdata, Record, Reply, Rrsig};
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// The number of DS among the types.
const DS: u16 = 43;
/// The types whose data are known to come back octet by octet, so that a signature that does not fit them is wrong: A, NS, CNAME,
/// SOA, PTR, MX, TXT, AAAA, SRV, DNAME, DS, DNSKEY, CAA.
const EXACT: [u16; 13] = [1, 2, 5, 6, 12, 15, 16, 28, 33, 39, 43, 48, 257];

/// What was heard of one zone's keys, and of the DS records that name them in the zone above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The zone.
    pub zone: DnsName,
    /// The zone above, by whose keys the DS records are signed; none where the way began here.
    pub above: Option<DnsName>,
    /// The values of the trust anchors of this very zone.
    pub anchors: Vec<DsValue>,
    /// The DS records beside the delegation.
    pub ds: Vec<DsValue>,
    /// Their signatures.
    pub ds_signatures: Vec<Record>,
    /// What one of its servers said of its keys; none where it was not asked, for it would not matter.
    pub keys: Option<Outcome>,
}

/// What a validating resolver makes of a zone or a record set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// It is signed from an anchor down, until then.
    Secure(Timestamp),
    /// Nothing here is validated: no DS has an algorithm and a digest type that are known, at this cut or at one above.
    Insecure,
    /// It is refused.
    Bogus(Bogus),
    /// It is not known here.
    Unknown(Unproven),
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bogus {
    /// The signature of its DS records, in the zone above.
    Ds(Flaw),
    /// The keys do not go with the DS records or the anchor.
    Keys(Chain),
    /// The signature of the record set.
    Records(Flaw),
    /// A zone above is refused.
    Above,
}

/// What is wrong with the signature of a record set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// There is none.
    Missing,
    /// It has ended.
    Expired(Timestamp),
    /// It has not begun.
    Early(Timestamp),
    /// It is not what its key would make.
    Wrong,
    /// The key that it names is none of the zone's.
    Keyless,
}

/// Why nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unproven {
    /// There is no trust anchor at or above where the way begins.
    NoAnchor,
    /// The trust anchor of the zone names none of its keys: it may be an old one.
    Anchor,
    /// There is no DS beside the delegation: that none exists would have to be proven.
    NoDs,
    /// Its keys were not heard.
    NoKeys,
    /// That there is no such name, or no such record set, would have to be proven.
    Denial,
    /// A wildcard stood for the name: that the name itself does not exist would have to be proven.
    Wildcard,
    /// The signatures cannot be computed here, or are another zone's.
    Uncomputable,
    /// The server gives no signatures, for it does not speak EDNS.
    NoEdns,
    /// It is not known of a zone above.
    Above,
}

/// A record set as a server gave it.
#[derive(Debug, Clone)]
pub struct Witness<'a> {
    /// The owner.
    pub owner: DnsName,
    /// The type.
    pub record_type: RecordType,
    /// The data of each record.
    pub data: Vec<Rdata>,
    /// The signatures that came along.
    pub signatures: &'a [Record],
    /// How the server takes OPT records: without one it gives no signatures.
    pub edns: EdnsSupport,
}

impl Trust {
    /// What follows for a zone or a record set of something above, unless that is secure.
    fn below(self) -> Self {
        match self {
            Self::Bogus(_) => Self::Bogus(Bogus::Above),
            Self::Unknown(Unproven::NoAnchor) => self,
            Self::Unknown(_) => Self::Unknown(Unproven::Above),
            Self::Secure(_) | Self::Insecure => self,
        }
    }

    /// Whether it is refused for a reason of its own.
    pub fn is_broken(self) -> bool {
        matches!(self, Self::Bogus(why) if why != Bogus::Above)
    }
}

/// Judges the zones on a way, each after the one above it; in the same order.
pub fn chain(links: &[Link], at: Timestamp) -> Vec<Trust> {
    let mut judged: Vec<(&Link, Trust)> = Vec::with_capacity(links.len());
    for link in links {
        let above = judged
            .iter()
            .find(|(above, _)| Some(&above.zone) == link.above.as_ref())
            .copied();
        judged.push((link, of_link(link, above, at)));
    }
    judged.into_iter().map(|(_, trust)| trust).collect()
}

fn of_link(link: &Link, above: Option<(&Link, Trust)>, at: Timestamp) -> Trust {
    if !link.anchors.is_empty() {
        return of_keys(link, &link.anchors, Timestamp::MAX, at);
    }
    match above {
        None => Trust::Unknown(Unproven::NoAnchor),
        Some((above, Trust::Secure(until))) => of_ds(link, above, until, at),
        Some((_, trust)) => trust.below(),
    }
}

/// Whether the zone above, which is secure, says which keys the zone has.
fn of_ds(link: &Link, above: &Link, until: Timestamp, at: Timestamp) -> Trust {
    if link.ds.is_empty() {
        return Trust::Unknown(Unproven::NoDs);
    }
    let Some(data) = link.ds.iter().map(DsValue::octets).collect() else {
        return Trust::Unknown(Unproven::Uncomputable);
    };
    let set = Set {
        owner: &link.zone,
        record_type: DS,
        data,
    };
    match attest(above, &set, &link.ds_signatures, at) {
        Attested::Valid { until: other, .. } => of_keys(link, &link.ds, until.min(other), at),
        Attested::Flawed(flaw) => Trust::Bogus(Bogus::Ds(flaw)),
        Attested::Uncomputable => Trust::Unknown(Unproven::Uncomputable),
    }
}

/// Whether the keys of a zone are those that these values name.
fn of_keys(link: &Link, ds: &[DsValue], until: Timestamp, at: Timestamp) -> Trust {
    let Some(Outcome::Asked(probe)) = &link.keys else {
        return Trust::Unknown(Unproven::NoKeys);
    };
    let keys = match &probe.reply {
        Reply::Answer(records) => records.as_slice(),
        Reply::NoData(Some(negative)) if negative.zone == link.zone => &[],
        _ => return Trust::Unknown(Unproven::NoKeys),
    };
    if probe.signatures.is_empty() && probe.edns != EdnsSupport::Spoken {
        return Trust::Unknown(Unproven::NoEdns);
    }
    match verify(&link.zone, keys, &probe.signatures, ds, at).chain {
        Chain::Secure(other) => Trust::Secure(until.min(other)),
        // What is unsupported of the signatures alone, others may know.
        Chain::Unsupported if ds.iter().any(DsValue::is_supported) => Trust::Unknown(Unproven::Uncomputable),
        Chain::Unsupported => Trust::Insecure,
        Chain::Absent => Trust::Unknown(Unproven::NoDs),
        // What a person configured, or what was built in long ago, accuses nobody.
        Chain::Mismatch | Chain::Unsigned if !link.anchors.is_empty() => Trust::Unknown(Unproven::Anchor),
        broken => Trust::Bogus(Bogus::Keys(broken)),
    }
}

/// Judges a denial by a zone of which so much is known: no proof of one is checked.
pub fn of_denial(trust: Trust) -> Trust {
    match trust {
        Trust::Secure(_) => Trust::Unknown(Unproven::Denial),
        trust => trust.below(),
    }
}

/// Judges a record set of a zone of which so much is known.
pub fn of_records(link: &Link, trust: Trust, witness: &Witness<'_>, at: Timestamp) -> Trust {
    let Trust::Secure(until) = trust else {
        return trust.below();
    };
    let data: Option<Vec<Vec<u8>>> = witness.data.iter().map(Rdata::canonical).collect();
    let (Some(data), Some(record_type)) = (data, witness.record_type.number()) else {
        return Trust::Unknown(Unproven::Uncomputable);
    };
    let set = Set {
        owner: &witness.owner,
        record_type,
        data,
    };
    match attest(link, &set, witness.signatures, at) {
        Attested::Valid { expanded: true, .. } => Trust::Unknown(Unproven::Wildcard),
        Attested::Valid { until: other, .. } => Trust::Secure(until.min(other)),
        Attested::Flawed(Flaw::Missing) if witness.edns != EdnsSupport::Spoken => Trust::Unknown(Unproven::NoEdns),
        Attested::Flawed(Flaw::Wrong) if !EXACT.contains(&record_type) => Trust::Unknown(Unproven::Uncomputable),
        Attested::Flawed(flaw) => Trust::Bogus(Bogus::Records(flaw)),
        Attested::Uncomputable => Trust::Unknown(Unproven::Uncomputable),
    }
}

/// What the signatures of a record set come to.
enum Attested {
    Valid { until: Timestamp, expanded: bool },
    Flawed(Flaw),
    Uncomputable,
}

/// What the signatures of a record set come to, by the keys of its zone: one that is valid is enough.
fn attest(link: &Link, set: &Set<'_>, signatures: &[Record], at: Timestamp) -> Attested {
    let keys = link.heard_keys();
    let mut keys = Keys::new(&link.zone, &keys);
    let mut worst = None;
    for signature in signatures.iter().filter_map(rrsig) {
        if signature.type_covered != set.record_type {
            continue;
        }
        let attested = match keys.judge(set, signature, at).0 {
            Validity::Valid => {
                let until = time(signature.expiration, at);
                let expanded = is_expanded(set, signature);
                return Attested::Valid { until, expanded };
            }
            Validity::Expired(when) => Attested::Flawed(Flaw::Expired(when)),
            Validity::Early(when) => Attested::Flawed(Flaw::Early(when)),
            Validity::Wrong => Attested::Flawed(Flaw::Wrong),
            Validity::Keyless => Attested::Flawed(Flaw::Keyless),
            Validity::Unsupported => Attested::Uncomputable,
        };
        worst = Some(match worst {
            // What cannot be computed here may be valid elsewhere.
            Some(Attested::Uncomputable) => Attested::Uncomputable,
            Some(Attested::Flawed(flaw)) if !matches!(attested, Attested::Uncomputable) => Attested::Flawed(flaw),
            _ => attested,
        });
    }
    worst.unwrap_or(Attested::Flawed(Flaw::Missing))
}

fn rrsig(record: &Record) -> Option<&Rrsig> {
    match &record.data {
        Rdata::Rrsig(signature) => Some(signature),
        _ => None,
    }
}

impl Link {
    /// The keys that were heard.
    fn heard_keys(&self) -> Vec<&Dnskey> {
        let records = match &self.keys {
            Some(Outcome::Asked(probe)) => match &probe.reply {
                Reply::Answer(records) => records.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        let key = |record: &'_ Record| record.owner == self.zone;
        records
            .iter()
            .filter(|record| key(record))
            .filter_map(|record| match &record.data {
                Rdata::Dnskey(key) => Some(key),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
