//! The signing of zones: keys derived from the zone, with the key tags and digests that their octets really have, and what is
//! wrong with the signatures.
//!
//! A zone has two keys, as Route 53 makes them: one that signs the keys, and one that signs everything else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey as Secret};
use sha2::{Digest as _, Sha256};

use super::derive::digest;
use crate::model::dnssec::{ServeSignature, Signing, SigningKey};
use crate::model::name::DnsName;

/// ECDSA P-256 with SHA-256 (RFC 6605), the only algorithm of Route 53.
pub const ALGORITHM: u8 = 13;
/// The flags of a key that signs keys (RFC 4034 section 2.1.1).
const KEY_SIGNING: u16 = 257;
/// The flags of a key that signs everything else.
const ZONE_SIGNING: u16 = 256;

/// How a zone is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneSigning {
    /// `ServeSignature`: `SIGNING`, `NOT_SIGNING`, `DELETING`, `ACTION_NEEDED` or `INTERNAL_FAILURE`.
    pub status: Box<str>,
    /// The key-signing key that `GetDNSSEC` tells of, unless the zone never had one.
    pub key: Option<SigningKey>,
    /// What is served; none where the zone is not signed.
    pub served: Option<Arc<ServedKeys>>,
}

/// The keys that a zone's servers serve and sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedKeys {
    /// The key that signs the keys.
    pub key_signing: ZoneKey,
    /// The key that signs everything else.
    pub zone_signing: ZoneKey,
    /// What is wrong with the signatures.
    pub signatures: Signatures,
}

/// One key with its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneKey {
    /// Its key tag (RFC 4034 appendix B).
    pub tag: u16,
    flags: u16,
    public_key: Vec<u8>,
    secret: Secret,
    made: Made,
}

/// The signatures that were made: the same octets always get the same one (RFC 6979).
#[derive(Debug, Default)]
struct Made(Mutex<HashMap<[u8; 32], Vec<u8>>>);

/// How many signatures of one key are kept.
const MOST_KEPT: usize = 10_000;

/// What was made says nothing of the key.
impl PartialEq for Made {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Made {}

impl Clone for Made {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What is wrong with the signatures of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signatures {
    /// Nothing.
    #[default]
    Valid,
    /// They ended yesterday.
    Expired,
    /// They begin tomorrow.
    Future,
    /// They are of other octets.
    Spoilt,
    /// The keys are not signed by the key that the DS names, only by the other one.
    KeysUnsigned,
    /// The key that is served is not the one that `GetDNSSEC` tells of.
    OtherKey,
    /// There are keys, but no signatures.
    Missing,
    /// Those of the keys are right; all others ended yesterday.
    RecordsExpired,
    /// Those of the keys are right; all others are of other octets.
    RecordsSpoilt,
    /// Those of the keys are right, and there are no others.
    RecordsUnsigned,
}

impl Signatures {
    /// Reads the word of the file.
    pub fn read(word: &str) -> Result<Self, String> {
        Ok(match word {
            "valid" => Self::Valid,
            "expired" => Self::Expired,
            "future" => Self::Future,
            "spoilt" => Self::Spoilt,
            "keys-unsigned" => Self::KeysUnsigned,
            "other-key" => Self::OtherKey,
            "missing" => Self::Missing,
            "records-expired" => Self::RecordsExpired,
            "records-spoilt" => Self::RecordsSpoilt,
            "records-unsigned" => Self::RecordsUnsigned,
            _ => {
                return Err(format!(
                    "{word:?}: signatures are valid, expired, future, spoilt, keys-unsigned, other-key, missing, records-expired, records-spoilt or records-unsigned"
                ));
            }
        })
    }
}

impl ZoneKey {
    fn derived(flags: u16, seed: &[&str]) -> Self {
        let secret = (0_u32..)
            .find_map(|attempt| {
                let attempt = attempt.to_string();
                let seed: Vec<&str> = seed.iter().copied().chain([attempt.as_str()]).collect();
                Secret::from_slice(&digest(&seed)).ok()
            })
            .expect("nearly every digest is below the order of the curve");
        let point = secret.verifying_key().to_encoded_point(false);
        let public_key: Vec<u8> = point.as_bytes().iter().skip(1).copied().collect();
        Self {
            tag: key_tag(flags, &public_key),
            flags,
            public_key,
            secret,
            made: Made::default(),
        }
    }

    /// The RDATA of its DNSKEY record (RFC 4034 section 2.1).
    pub fn rdata(&self) -> Vec<u8> {
        let [high, low] = self.flags.to_be_bytes();
        [&[high, low, 3, ALGORITHM], &self.public_key[..]].concat()
    }

    /// The signature of some octets, in the form of RFC 6605 section 4.
    pub fn sign(&self, octets: &[u8]) -> Vec<u8> {
        let mut made = self.made.0.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() >= MOST_KEPT {
            made.clear();
        }
        let of = Sha256::digest(octets).into();
        let signature = made.entry(of).or_insert_with(|| {
            let signature: Signature = self.secret.sign(octets);
            signature.to_bytes().to_vec()
        });
        signature.clone()
    }
}

impl ZoneSigning {
    /// A zone that was never signed.
    pub fn unsigned() -> Self {
        Self {
            status: "NOT_SIGNING".into(),
            key: None,
            served: None,
        }
    }

    /// The signing of a zone; its keys follow from its name and id.
    ///
    /// `DELETING`, `ACTION_NEEDED` and `INTERNAL_FAILURE` say that Route 53 stops or cannot renew signatures: those that there are
    /// are still served.
    pub fn with_status(status: &str, zone: &DnsName, id: &str, signatures: Signatures) -> Self {
        if status == "NOT_SIGNING" {
            return Self::unsigned();
        }
        let name = zone.to_string();
        let told = ZoneKey::derived(KEY_SIGNING, &["ksk", &name, id]);
        let key = SigningKey::from_public_key(zone, told.tag, ALGORITHM, told.public_key.clone());
        let served = ServedKeys {
            key_signing: match signatures {
                Signatures::OtherKey => ZoneKey::derived(KEY_SIGNING, &["other ksk", &name, id]),
                _ => told,
            },
            zone_signing: ZoneKey::derived(ZONE_SIGNING, &["zsk", &name, id]),
            signatures,
        };
        Self {
            status: status.into(),
            key: Some(key),
            served: Some(Arc::new(served)),
        }
    }

    /// What the rest of the program knows of it.
    pub fn to_model(&self) -> Signing {
        Signing {
            status: match &*self.status {
                "SIGNING" => ServeSignature::Signing,
                "NOT_SIGNING" => ServeSignature::NotSigning,
                _ => ServeSignature::Unsure,
            },
            keys: self.key.iter().cloned().collect(),
        }
    }
}

/// The DS value for a key, with the SHA-256 digest.
pub fn ds_value(key: &SigningKey) -> String {
    let digest = key.digest_sha256.to_ascii_uppercase();
    format!("{} {} 2 {digest}", key.tag, key.algorithm)
}

/// The key tag of RFC 4034 appendix B, over flags, protocol 3, the algorithm and the key.
fn key_tag(flags: u16, public_key: &[u8]) -> u16 {
    let [high, low] = flags.to_be_bytes();
    let header = [high, low, 3, ALGORITHM];
    let sum = header
        .iter()
        .chain(public_key)
        .enumerate()
        .fold(0_u32, |sum, (index, octet)| {
            sum + (u32::from(*octet) << if index % 2 == 0 { 8 } else { 0 })
        });
    let folded = (sum + (sum >> 16)) & 0xffff;
    u16::try_from(folded).expect("sixteen bits remain")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dnssec::DsValue;

    #[test]
    fn the_key_tag_is_that_of_the_standard() {
        // RFC 6605 section 6.1.
        let key = "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==";
        let octets = aws_smithy_types::base64::decode(key).expect("base64");
        assert_eq!(key_tag(KEY_SIGNING, &octets), 55648);
    }

    #[test]
    fn a_ds_value_names_the_key_it_was_made_of() {
        let zone: DnsName = "example.com".parse().expect("a name");
        let signing = ZoneSigning::with_status("SIGNING", &zone, "Z1", Signatures::Valid);
        let key = signing.key.expect("a signed zone has a key");
        let ds = DsValue::read(&ds_value(&key)).expect("a DS value");
        assert_eq!(ds.names(&key, &zone), Some(true));
        let other = ZoneSigning::with_status("SIGNING", &zone, "Z2", Signatures::Valid)
            .key
            .expect("a key");
        assert_eq!(ds.names(&other, &zone), Some(false));
    }
}
