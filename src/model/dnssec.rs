//! DNSSEC as `GetDNSSEC` tells it, DS values as a parent holds them, and whether one fits the other.

pub mod anchor;
mod signature;
mod trust;
mod verify;

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};

use super::dns::Dnskey;
use super::name::DnsName;

pub use signature::Validity;
pub use trust::{Bogus, Flaw, Link, Trust, Unproven, Witness, chain, of_denial, of_records};
pub use verify::{Chain, DsFit, Verification, verify};

/// What `GetDNSSEC` says of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// Whether signatures are served.
    pub status: ServeSignature,
    /// The key-signing keys.
    pub keys: Vec<SigningKey>,
}

/// `DNSSECStatus.ServeSignature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServeSignature {
    /// `SIGNING`.
    Signing,
    /// `NOT_SIGNING`.
    NotSigning,
    /// `DELETING`, `ACTION_NEEDED`, `INTERNAL_FAILURE`, or a word we do not know: old signatures may still be served.
    Unsure,
}

/// One key-signing key of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key tag (RFC 4034 appendix B).
    pub tag: u16,
    /// The signing algorithm's number; Route 53 uses 13, ECDSA P-256 with SHA-256.
    pub algorithm: u8,
    /// The SHA-256 digest that Route 53 states, in lower-case hexadecimal.
    pub digest_sha256: String,
    /// The DNSKEY's public key octets, where they were given.
    pub public_key: Option<Vec<u8>>,
    /// Whether the key is published: `ACTIVE`, or `ACTION_NEEDED` where it may still be.
    pub published: bool,
}

/// One DS value (RFC 4034 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsValue {
    /// The tag of the key it names.
    pub tag: u16,
    /// That key's algorithm.
    pub algorithm: u8,
    /// The digest type: 1 SHA-1, 2 SHA-256, 4 SHA-384.
    pub digest_type: u8,
    /// The digest in lower-case hexadecimal.
    pub digest: String,
}

impl DsValue {
    /// Reads `TAG ALGORITHM TYPE DIGEST`, where blanks may divide the digest; none where it is malformed.
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let tag = words.next()?.parse().ok()?;
        let algorithm = words.next()?.parse().ok()?;
        let digest_type = words.next()?.parse().ok()?;
        let digest: String = words.collect::<String>().to_ascii_lowercase();
        let hexadecimal = !digest.is_empty() && digest.bytes().all(|b| b.is_ascii_hexdigit());
        hexadecimal.then_some(Self {
            tag,
            algorithm,
            digest_type,
            digest,
        })
    }

    /// Reads the data of a DS record as it is on the wire (RFC 4034 section 5.1); none where it is too short.
    pub fn from_wire(octets: &[u8]) -> Option<Self> {
        let ([tag, more, algorithm, digest_type], digest) = octets.split_first_chunk::<4>()?;
        Some(Self {
            tag: u16::from_be_bytes([*tag, *more]),
            algorithm: *algorithm,
            digest_type: *digest_type,
            digest: hexadecimal(digest),
        })
    }

    /// The data of a DS record as it is on the wire; none where the digest is no hexadecimal.
    pub fn octets(&self) -> Option<Vec<u8>> {
        let digest = data_encoding::HEXLOWER_PERMISSIVE.decode(self.digest.as_bytes()).ok()?;
        let mut octets = self.tag.to_be_bytes().to_vec();
        octets.extend_from_slice(&[self.algorithm, self.digest_type]);
        octets.extend_from_slice(&digest);
        Some(octets)
    }

    /// The value that names a key of a zone, with the SHA-256 digest (RFC 4509).
    pub fn naming(key: &Dnskey, zone: &DnsName) -> Self {
        let octets = [zone.as_wire(), &key.octets()].concat();
        Self {
            tag: key.tag(),
            algorithm: key.algorithm,
            digest_type: 2,
            digest: hexadecimal(&Sha256::digest(octets)),
        }
    }

    /// Whether this value names `key` of the zone `owner`; none where its digest type cannot be computed here.
    pub fn names(&self, key: &SigningKey, owner: &DnsName) -> Option<bool> {
        if self.tag != key.tag || self.algorithm != key.algorithm {
            return Some(false);
        }
        let digest = match (self.digest_type, key.dnskey(owner)) {
            (2, _) => key.digest_sha256.clone(),
            (1, Some(data)) => hexadecimal(&Sha1::digest(data)),
            (4, Some(data)) => hexadecimal(&Sha384::digest(data)),
            _ => return None,
        };
        Some(digest == self.digest)
    }
}

impl SigningKey {
    /// A key whose digest is computed from its public key (RFC 4509).
    pub fn from_public_key(owner: &DnsName, tag: u16, algorithm: u8, public_key: Vec<u8>) -> Self {
        let mut key = Self {
            tag,
            algorithm,
            digest_sha256: String::new(),
            public_key: Some(public_key),
            published: true,
        };
        if let Some(data) = key.dnskey(owner) {
            key.digest_sha256 = hexadecimal(&Sha256::digest(data));
        }
        key
    }

    /// What a DS digest is taken of: owner, flags 257, protocol 3, algorithm, key (RFC 4034 section 5.1.4).
    fn dnskey(&self, owner: &DnsName) -> Option<Vec<u8>> {
        let public_key = self.public_key.as_ref()?;
        let mut data = owner.as_wire().to_vec();
        data.extend_from_slice(&[1, 1, 3, self.algorithm]);
        data.extend_from_slice(public_key);
        Some(data)
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // RFC 4509 section 2.3, with its DNSKEY's algorithm 5 and flags 257 is not covered there (flags 256),
        // so the example of RFC 6605 section 6.1 is used: algorithm 13, flags 257.
        let key = SigningKey::from_public_key(
            &"example.net".parse().expect("a name"),
            55648,
            13,
            base64("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="),
        );
        let ds = DsValue::read("55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1 e2770ce6d6e37df61d17")
            .expect("a DS value");
        assert_eq!(ds.names(&key, &"example.net".parse().expect("a name")), Some(true));
        let sha384 = DsValue {
            digest_type: 4,
            digest: "00".into(),
            ..ds.clone()
        };
        assert_eq!(sha384.names(&key, &"example.net".parse().expect("a name")), Some(false));
        let unknown = DsValue { digest_type: 99, ..ds };
        assert_eq!(unknown.names(&key, &"example.net".parse().expect("a name")), None);
    }

    fn base64(text: &str) -> Vec<u8> {
        aws_smithy_types::base64::decode(text).expect("base64")
    }

    #[test]
    fn malformed_values_are_no_ds() {
        for text in ["", "1 13 2", "70000 13 2 ab", "1 13 2 xyz"] {
            assert_eq!(DsValue::read(text), None, "{text}");
        }
    }
}
