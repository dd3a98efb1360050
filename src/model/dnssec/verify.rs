//! Whether the DS values of a parent name a key of the child, and whether that key signs the child's keys (RFC 4034, RFC 4035,
//! RFC 4509): what decides whether a validating resolver believes anything below the cut.
//!
//! Invariant: what cannot be computed here is said to be unsupported, never wrong; the work is bounded, whatever the servers
//! send (KeyTrap, CVE-2023-50387).

use jiff::{SignedDuration, Timestamp};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384};

use super::{DsValue, hexadecimal};
use crate::model::dns::{Dnskey, Rdata, Record, Rrsig};
use crate::model::name::DnsName;

/// The number of DNSKEY among the types.
const DNSKEY: u16 = 48;
/// The class of the internet.
const IN: u16 = 1;
/// How many pairs of a signature and a key are tried.
const MAX_TRIES: usize = 32;
/// The fewest octets of an RSA modulus that can be verified here.
const MIN_MODULUS: usize = 128;

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

/// What a signature is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Validity {
    /// A key of the set made it, and it is valid now.
    Valid,
    /// A key of the set made it, and it has ended.
    Expired(Timestamp),
    /// A key of the set made it, and it has not begun.
    Early(Timestamp),
    /// It is not what the key that it names would make.
    Wrong,
    /// The key that it names is not there.
    Keyless,
    /// It is about something else, or its algorithm or its key cannot be computed here.
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
    let mut set = Set {
        owner,
        keys: keys.iter().map(|key| (*key, key.tag())).collect(),
        data: keys.iter().map(|key| key.octets()).collect(),
        tries: MAX_TRIES,
    };
    let judged: Vec<(Rrsig, Validity, Vec<&Dnskey>)> = signatures
        .map(|signature| {
            let (validity, makers) = set.judge(signature, at);
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

/// A set of keys, as its signatures are judged.
struct Set<'a> {
    owner: &'a DnsName,
    keys: Vec<(&'a Dnskey, u16)>,
    data: Vec<Vec<u8>>,
    /// How many pairs of a signature and a key may still be tried.
    tries: usize,
}

impl<'a> Set<'a> {
    /// What a signature is worth, and the keys that it was tried with; only the one that made it, where one did.
    fn judge(&mut self, signature: &Rrsig, at: Timestamp) -> (Validity, Vec<&'a Dnskey>) {
        let is_about_keys = signature.type_covered == DNSKEY
            && signature.signer == *self.owner
            && usize::from(signature.labels) == self.owner.label_count();
        if !is_about_keys {
            return (Validity::Unsupported, Vec::new());
        }
        let mut validity = Validity::Keyless;
        let mut tried = Vec::new();
        for (key, tag) in &self.keys {
            if *tag != signature.key_tag || key.algorithm != signature.algorithm || !key.signs_zones() {
                continue;
            }
            if self.tries == 0 {
                return (Validity::Unsupported, tried);
            }
            self.tries -= 1;
            tried.push(*key);
            match is_made_by(self.owner, DNSKEY, &self.data, signature, key) {
                Some(true) => return (timely(signature, at), vec![*key]),
                Some(false) => validity = Validity::Wrong,
                None if validity == Validity::Keyless => validity = Validity::Unsupported,
                None => {}
            }
        }
        (validity, tried)
    }
}

/// Whether a signature has begun and not ended, by the arithmetic of serial numbers (RFC 4034 section 3.1.5).
fn timely(signature: &Rrsig, at: Timestamp) -> Validity {
    let (begins, ends) = (time(signature.inception, at), time(signature.expiration, at));
    if ends < at {
        Validity::Expired(ends)
    } else if begins > at {
        Validity::Early(begins)
    } else {
        Validity::Valid
    }
}

/// The moment nearest to `at` that a number of seconds modulo 2^32 stands for.
fn time(seconds: u32, at: Timestamp) -> Timestamp {
    let now = u32::try_from(at.as_second() & 0xffff_ffff).unwrap_or_default();
    let away = seconds.wrapping_sub(now).cast_signed();
    at.checked_add(SignedDuration::from_secs(i64::from(away))).unwrap_or(at)
}

/// Whether a key made the signature of a record set; none where that cannot be computed here.
fn is_made_by(owner: &DnsName, record_type: u16, data: &[Vec<u8>], signature: &Rrsig, key: &Dnskey) -> Option<bool> {
    let signed = signed(owner, record_type, data, signature);
    let by = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
        Some(
            UnparsedPublicKey::new(algorithm, key)
                .verify(&signed, &signature.signature)
                .is_ok(),
        )
    };
    let public_key = key.public_key.as_slice();
    match signature.algorithm {
        5 | 7 => by_rsa(
            &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            public_key,
            &signed,
            signature,
        ),
        8 => by_rsa(
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            public_key,
            &signed,
            signature,
        ),
        10 => by_rsa(
            &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
            public_key,
            &signed,
            signature,
        ),
        13 => by(&signature::ECDSA_P256_SHA256_FIXED, &uncompressed(public_key)),
        14 => by(&signature::ECDSA_P384_SHA384_FIXED, &uncompressed(public_key)),
        15 => by(&signature::ED25519, public_key),
        _ => None,
    }
}

/// The point of an ECDSA key with the octet in front that says how it is written (RFC 6605 section 4 leaves it away).
fn uncompressed(point: &[u8]) -> Vec<u8> {
    [&[4], point].concat()
}

fn by_rsa(parameters: &'static RsaParameters, key: &[u8], signed: &[u8], signature: &Rrsig) -> Option<bool> {
    let (exponent, modulus) = rsa(key)?;
    if modulus.len() < MIN_MODULUS {
        return None;
    }
    let key = RsaPublicKeyComponents {
        n: modulus,
        e: exponent,
    };
    Some(key.verify(parameters, signed, &signature.signature).is_ok())
}

/// Exponent and modulus of an RSA key, without zeros in front (RFC 3110 section 2).
fn rsa(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match key.split_first()? {
        (0, rest) => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        (length, rest) => (usize::from(*length), rest),
    };
    let (exponent, modulus) = rest.split_at_checked(length)?;
    Some((trimmed(exponent), trimmed(modulus)))
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// What is signed: the signature's own data, then the record set in canonical form and order (RFC 4034 section 3.1.8.1).
fn signed(owner: &DnsName, record_type: u16, data: &[Vec<u8>], signature: &Rrsig) -> Vec<u8> {
    let mut octets = signature.type_covered.to_be_bytes().to_vec();
    octets.extend_from_slice(&[signature.algorithm, signature.labels]);
    for number in [signature.original_ttl, signature.expiration, signature.inception] {
        octets.extend_from_slice(&number.to_be_bytes());
    }
    octets.extend_from_slice(&signature.key_tag.to_be_bytes());
    octets.extend_from_slice(signature.signer.as_wire());
    let mut data: Vec<&Vec<u8>> = data.iter().collect();
    data.sort();
    data.dedup();
    for rdata in data {
        octets.extend_from_slice(owner.as_wire());
        octets.extend_from_slice(&record_type.to_be_bytes());
        octets.extend_from_slice(&IN.to_be_bytes());
        octets.extend_from_slice(&signature.original_ttl.to_be_bytes());
        octets.extend_from_slice(&u16::try_from(rdata.len()).unwrap_or(u16::MAX).to_be_bytes());
        octets.extend_from_slice(rdata);
    }
    octets
}

#[cfg(test)]
mod tests;
