//! Keys, signatures and DS values for the servers of stories: Ed25519 keys that are made of a number (RFC 8080).

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};
use zonecut::model::dns::{Dnskey, Rdata, Record, Rrsig};
use zonecut::model::dnssec::DsValue;
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;

/// When the stories are told, in seconds since 1970.
pub const NOW: u32 = 1_700_000_000;
const DAY: u32 = 86_400;
const TTL: u32 = 300;
const ED25519: u8 = 15;
const DNSKEY: u16 = 48;

/// A key of a zone.
pub struct Key(Ed25519KeyPair);

/// When a signature is valid.
#[derive(Clone, Copy)]
pub enum When {
    Now,
    Before,
    Later,
}

impl Key {
    pub fn of(number: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[number; 32]).expect("a seed of 32 octets"))
    }

    fn data(&self) -> Dnskey {
        Dnskey {
            flags: 257,
            protocol: 3,
            algorithm: ED25519,
            public_key: self.0.public_key().as_ref().to_vec(),
        }
    }

    pub fn record(&self, owner: &DnsName) -> Record {
        Record {
            owner: owner.clone(),
            record_type: RecordType::DNSKEY,
            ttl: TTL,
            data: Rdata::Dnskey(self.data()),
        }
    }

    pub fn ds(&self, owner: &DnsName) -> DsValue {
        let digest = Sha256::digest([owner.as_wire(), &self.data().octets()].concat());
        DsValue {
            tag: self.data().tag(),
            algorithm: ED25519,
            digest_type: 2,
            digest: digest.iter().map(|octet| format!("{octet:02x}")).collect(),
        }
    }

    /// The signature of a set of keys (RFC 4034 section 3.1.8.1).
    pub fn sign(&self, owner: &DnsName, keys: &[&Self], when: When) -> Record {
        let begin = match when {
            When::Now => NOW - DAY,
            When::Before => NOW - 9 * DAY,
            When::Later => NOW + DAY,
        };
        let mut signature = Rrsig {
            type_covered: DNSKEY,
            algorithm: ED25519,
            labels: u8::try_from(owner.label_count()).expect("few"),
            original_ttl: TTL,
            expiration: begin + 7 * DAY,
            inception: begin,
            key_tag: self.data().tag(),
            signer: owner.clone(),
            signature: Vec::new(),
        };
        signature.signature = self.0.sign(&signed(owner, keys, &signature)).as_ref().to_vec();
        Record {
            owner: owner.clone(),
            record_type: RecordType::RRSIG,
            ttl: TTL,
            data: Rdata::Rrsig(signature),
        }
    }
}

fn signed(owner: &DnsName, keys: &[&Key], signature: &Rrsig) -> Vec<u8> {
    let mut octets = signature.type_covered.to_be_bytes().to_vec();
    octets.extend([signature.algorithm, signature.labels]);
    for number in [signature.original_ttl, signature.expiration, signature.inception] {
        octets.extend(number.to_be_bytes());
    }
    octets.extend(signature.key_tag.to_be_bytes());
    octets.extend(signature.signer.as_wire());
    let mut data: Vec<Vec<u8>> = keys.iter().map(|key| key.data().octets()).collect();
    data.sort();
    for rdata in data {
        octets.extend(owner.as_wire());
        octets.extend(DNSKEY.to_be_bytes());
        octets.extend(1_u16.to_be_bytes());
        octets.extend(TTL.to_be_bytes());
        octets.extend(u16::try_from(rdata.len()).expect("short").to_be_bytes());
        octets.extend(rdata);
    }
    octets
}
