//! Whether the DS values of a parent name a key of the child, and whether that key signs the child's keys (RFC 4034, RFC 4035,
//! RFC 4509): what decides whether a validating resolver believes anything below the cut.
//!
//! Invariant: what cannot be computed here is said to be unsupported, never wrong; the work is bounded, whatever the servers
//! send (KeyTrap, CVE-2023-50387).

use jiff::Timestamp;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384};

use super::signature::{Keys, Set, Validity, time};
use super::{DsValue, hexadecimal};
use crate::model::dns::{Dnskey, Rdata, Record, Rrsig};
use crate::model::name::DnsName;

/// The number of DNSKEY among the types.
const DNSKEY: u16 = 48;

/// How a set of DS values and a set of keys go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Each DS value, and what it names.
    pub ds: Vec<(DsValue, DsFit)>,
    /// Each signature of the keys, and what it is worth.
    pub signatures: Vec<(Rrsig, Validity)>,
    /// What a validating resolver makes of it.
    pub chain: Chain,
}

/// What a DS value names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DsFit {
    /// A key that is there.
    Key,
    /// None that is there.
    Nothing,
    /// Its digest type or algorithm is not known here.
    Unsupported,
}

/// What a validating resolver makes of a set of DS values and a set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chain {
    /// There is no DS: nothing is to be validated.
    Absent,
    /// A key that a DS names signs all keys, until then.
    Secure(Timestamp),
    /// No DS has a digest type and an algorithm that are known here: resolvers hold the zone for unsigned.
    Unsupported,
    /// There is a DS, and there are no keys.
    Unsigned,
    /// No DS names a key that is there.
    Mismatch,
    /// No key that a DS names signs the keys.
    NotSignedByAnchor,
    /// What a named key signed has ended.
    Expired(Timestamp),
    /// What a named key signed has not begun.
    Early(Timestamp),
    /// What a named key is said to have signed is wrong.
    Wrong,
}

impl Chain {
    /// Whether validating resolvers refuse to answer for the zone.
    pub fn is_bogus(self) -> bool {
        !matches!(self, Self::Absent | Self::Secure(_) | Self::Unsupported)
    }
}

impl DsValue {
    /// Whether its algorithm and its digest type can be computed here.
    pub fn is_supported(&self) -> bool {
        matches!(self.algorithm, 5 | 7 | 8 | 10 | 13 | 14 | 15) && matches!(self.digest_type, 1 | 2 | 4)
    }

    /// Whether it names a key of a zone; none where its digest type cannot be computed here.
    pub fn fits(&self, key: &Dnskey, owner: &DnsName) -> Option<bool> {
        if self.algorithm != key.algorithm || self.tag != key.tag() {
            return Some(false);
        }
        let data = [owner.as_wire(), &key.octets()].concat();
        let digest = match self.digest_type {
            1 => hexadecimal(&Sha1::digest(data)),
            2 => hexadecimal(&Sha256::digest(data)),
            4 => hexadecimal(&Sha384::digest(data)),
            _ => return None,
        };
        Some(digest == self.digest)
    }
}

/// Compares the DS values of the parent with the DNSKEY records of the child and the signatures of these.
pub fn verify(owner: &DnsName, keys: &[Record], signatures: &[Record], ds: &[DsValue], at: Timestamp) -> Verification {
    let keys: Vec<&Dnskey> = keys
        .iter()
        .filter_map(|record| match &record.data {
            Rdata::Dnskey(key) if record.owner == *owner => Some(key),
            _ => None,
        })
        .collect();
    let signatures = signatures.iter().filter_map(|record| match &record.data {
        Rdata::Rrsig(signature) if record.owner == *owner => Some(signature),
        _ => None,
    });
    let set = Set {
        owner,
        record_type: DNSKEY,
        data: keys.iter().map(|key| key.octets()).collect(),
    };
    let mut tested = Keys::new(owner, &keys);
    let judged: Vec<(Rrsig, Validity, Vec<&Dnskey>)> = signatures
        .map(|signature| {
            // The keys of a zone stand at its apex, and no wildcard stands for them.
            let is_own = usize::from(signature.labels) == owner.label_count();
            let (validity, makers) = match is_own {
                true => tested.judge(&set, signature, at),
                false => (Validity::Unsupported, Vec::new()),
            };
            (signature.clone(), validity, makers)
        })
        .collect();
    let chain = chain(owner, &keys, &judged, ds, at);
    Verification {
        ds: ds
            .iter()
            .map(|value| (value.clone(), fit(owner, &keys, value)))
            .collect(),
        signatures: judged
            .into_iter()
            .map(|(signature, validity, _)| (signature, validity))
            .collect(),
        chain,
    }
}

fn fit(owner: &DnsName, keys: &[&Dnskey], value: &DsValue) -> DsFit {
    let mut keys = keys.iter().filter(|key| key.signs_zones());
    if !value.is_supported() {
        return DsFit::Unsupported;
    }
    match keys.any(|key| value.fits(key, owner) == Some(true)) {
        true => DsFit::Key,
        false => DsFit::Nothing,
    }
}

fn chain(
    owner: &DnsName,
    keys: &[&Dnskey],
    signatures: &[(Rrsig, Validity, Vec<&Dnskey>)],
    ds: &[DsValue],
    at: Timestamp,
) -> Chain {
    if ds.is_empty() {
        return Chain::Absent;
    }
    let supported: Vec<&DsValue> = ds.iter().filter(|value| value.is_supported()).collect();
    // SHA-1 is passed over where there is a better digest (RFC 4509 section 3).
    let has_better = supported.iter().any(|value| value.digest_type != 1);
    let counted: Vec<&DsValue> = supported
        .into_iter()
        .filter(|value| value.digest_type != 1 || !has_better)
        .collect();
    if counted.is_empty() {
        return Chain::Unsupported;
    }
    if keys.is_empty() {
        return Chain::Unsigned;
    }
    let is_anchor =
        |key: &&Dnskey| key.signs_zones() && counted.iter().any(|value| value.fits(key, owner) == Some(true));
    if !keys.iter().any(is_anchor) {
        return Chain::Mismatch;
    }
    let by_anchor = signatures.iter().filter(|(_, _, makers)| makers.iter().any(is_anchor));
    let mut best = Chain::NotSignedByAnchor;
    for (signature, validity, _) in by_anchor {
        match validity {
            Validity::Valid => return Chain::Secure(time(signature.expiration, at)),
            Validity::Expired(when) => best = Chain::Expired(*when),
            Validity::Early(when) => best = Chain::Early(*when),
            Validity::Wrong if best == Chain::NotSignedByAnchor => best = Chain::Wrong,
            Validity::Unsupported if best == Chain::NotSignedByAnchor => best = Chain::Unsupported,
            Validity::Wrong | Validity::Keyless | Validity::Unsupported => {}
        }
    }
    best
}

#[cfg(test)]
pub(super) mod tests;
