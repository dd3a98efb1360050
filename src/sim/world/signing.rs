//! The key-signing keys of signed zones: derived from the zone, with the key tag and digest that its octets really have.

use super::derive::digest;
use crate::model::dnssec::{ServeSignature, Signing, SigningKey};
use crate::model::name::DnsName;

/// ECDSA P-256 with SHA-256 (RFC 6605), the only algorithm of Route 53.
const ALGORITHM: u8 = 13;

/// What `GetDNSSEC` tells of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneSigning {
    /// `ServeSignature`: `SIGNING`, `NOT_SIGNING`, `DELETING`, `ACTION_NEEDED` or `INTERNAL_FAILURE`.
    pub status: Box<str>,
    /// The key-signing key, unless the zone never had one.
    pub key: Option<SigningKey>,
}

impl ZoneSigning {
    /// A zone that was never signed.
    pub fn unsigned() -> Self {
        Self {
            status: "NOT_SIGNING".into(),
            key: None,
        }
    }

    /// The signing of a zone that has a key; the key follows from the zone's name and id.
    pub fn with_status(status: &str, zone: &DnsName, id: &str) -> Self {
        let key = (status != "NOT_SIGNING").then(|| derived_key(zone, id));
        Self {
            status: status.into(),
            key,
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

fn derived_key(zone: &DnsName, id: &str) -> SigningKey {
    let zone_text = zone.to_string();
    let mut public_key = digest(&["ksk-x", &zone_text, id]).to_vec();
    public_key.extend(digest(&["ksk-y", &zone_text, id]));
    let tag = key_tag(&public_key);
    SigningKey::from_public_key(zone, tag, ALGORITHM, public_key)
}

/// The key tag of RFC 4034 appendix B, over flags 257, protocol 3, the algorithm and the key.
fn key_tag(public_key: &[u8]) -> u16 {
    let header = [1, 1, 3, ALGORITHM];
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
        assert_eq!(key_tag(&octets), 55648);
    }

    #[test]
    fn a_ds_value_names_the_key_it_was_made_of() {
        let zone: DnsName = "example.com".parse().expect("a name");
        let signing = ZoneSigning::with_status("SIGNING", &zone, "Z1");
        let key = signing.key.expect("a signed zone has a key");
        let ds = DsValue::read(&ds_value(&key)).expect("a DS value");
        assert_eq!(ds.names(&key, &zone), Some(true));
        let other = ZoneSigning::with_status("SIGNING", &zone, "Z2").key.expect("a key");
        assert_eq!(ds.names(&other, &zone), Some(false));
    }
}
