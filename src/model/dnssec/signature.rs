//! One signature of one record set: what it is worth by the keys of the zone (RFC 4034 section 3, RFC 4035 section 5.3).
//!
//! Invariant: what cannot be computed here is said to be unsupported, never wrong; the work is bounded, whatever the servers
//! send (KeyTrap, CVE-2023-50387).

use jiff::{SignedDuration, Timestamp};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};

use crate::model::dns::{Dnskey, Rrsig};
use crate::model::name::DnsName;

/// The class of the internet.
const IN: u16 = 1;
/// How many pairs of a signature and a key are tried.
pub(super) const MAX_TRIES: usize = 32;
/// The fewest octets of an RSA modulus that can be verified here.
const MIN_MODULUS: usize = 128;

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

/// A record set, as its signatures are judged.
pub(super) struct Set<'a> {
    /// The owner, as it was answered.
    pub(super) owner: &'a DnsName,
    /// The number of the type.
    pub(super) record_type: u16,
    /// The data of each record in canonical form.
    pub(super) data: Vec<Vec<u8>>,
}

impl Set<'_> {
    /// How many labels a signature counts of an owner, a wildcard's not counted.
    fn labels(&self) -> usize {
        self.owner.label_count() - usize::from(self.owner.is_wildcard())
    }

    /// The owner that was signed: the wildcard of which the record set was made, where the signature counts fewer labels.
    fn signed_owner(&self, signature: &Rrsig) -> Option<DnsName> {
        let labels = usize::from(signature.labels);
        if labels >= self.labels() {
            return Some(self.owner.clone());
        }
        let mut above = self.owner.ancestors();
        above.find(|name| name.label_count() == labels)?.child(b"*").ok()
    }
}

/// Whether a signature stands for the owner itself, or for the wildcard that stood for it.
pub(super) fn is_expanded(set: &Set<'_>, signature: &Rrsig) -> bool {
    usize::from(signature.labels) < set.labels()
}

/// The keys of a zone, and how many pairs of a signature and one of them may still be tried.
pub(super) struct Keys<'a> {
    zone: &'a DnsName,
    keys: Vec<(&'a Dnskey, u16)>,
    tries: usize,
}

impl<'a> Keys<'a> {
    pub(super) fn new(zone: &'a DnsName, keys: &[&'a Dnskey]) -> Self {
        Self {
            zone,
            keys: keys.iter().map(|key| (*key, key.tag())).collect(),
            tries: MAX_TRIES,
        }
    }

    /// What a signature is worth, and the keys that it was tried with; only the one that made it, where one did.
    pub(super) fn judge(&mut self, set: &Set<'_>, signature: &Rrsig, at: Timestamp) -> (Validity, Vec<&'a Dnskey>) {
        let is_about = signature.type_covered == set.record_type
            && signature.signer == *self.zone
            && usize::from(signature.labels) <= set.labels();
        if !is_about {
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
            match is_made_by(set, signature, key) {
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
pub(super) fn time(seconds: u32, at: Timestamp) -> Timestamp {
    let now = u32::try_from(at.as_second() & 0xffff_ffff).unwrap_or_default();
    let away = seconds.wrapping_sub(now).cast_signed();
    at.checked_add(SignedDuration::from_secs(i64::from(away))).unwrap_or(at)
}

/// Whether a key made the signature of a record set; none where that cannot be computed here.
pub(super) fn is_made_by(set: &Set<'_>, signature: &Rrsig, key: &Dnskey) -> Option<bool> {
    let signed = signed(set, signature)?;
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
fn signed(set: &Set<'_>, signature: &Rrsig) -> Option<Vec<u8>> {
    let owner = set.signed_owner(signature)?;
    let mut octets = signature.type_covered.to_be_bytes().to_vec();
    octets.extend_from_slice(&[signature.algorithm, signature.labels]);
    for number in [signature.original_ttl, signature.expiration, signature.inception] {
        octets.extend_from_slice(&number.to_be_bytes());
    }
    octets.extend_from_slice(&signature.key_tag.to_be_bytes());
    octets.extend_from_slice(signature.signer.as_wire());
    let mut data: Vec<&Vec<u8>> = set.data.iter().collect();
    data.sort();
    data.dedup();
    for rdata in data {
        octets.extend_from_slice(owner.as_wire());
        octets.extend_from_slice(&set.record_type.to_be_bytes());
        octets.extend_from_slice(&IN.to_be_bytes());
        octets.extend_from_slice(&signature.original_ttl.to_be_bytes());
        octets.extend_from_slice(&u16::try_from(rdata.len()).unwrap_or(u16::MAX).to_be_bytes());
        octets.extend_from_slice(rdata);
    }
    Some(octets)
}
