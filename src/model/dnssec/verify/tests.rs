//! Vectors of the standards, and zones that BIND's signer signed.

use super::*;
use crate::model::dnssec::signature::{MAX_TRIES, Set, is_made_by};
use crate::model::record::RecordType;

/// One DNSKEY set for each algorithm.
const SIGNED: &str = include_str!("signed.zone");

pub(in crate::model::dnssec) fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

pub(in crate::model::dnssec) fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter(|octet| *octet != b'=');
    let sixes: Vec<u32> = digits
        .map(|octet| ALPHABET.iter().position(|known| *known == octet).expect("base64") as u32)
        .collect();
    let quartet = |four: &[u32]| {
        let bits = (0..4).fold(0, |bits, place| bits << 6 | four.get(place).copied().unwrap_or(0));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    sixes.chunks(4).flat_map(quartet).collect()
}

/// `20260201000000`
pub(in crate::model::dnssec) fn moment(text: &str) -> Timestamp {
    let moment = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).expect("a time");
    moment.to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp()
}

fn seconds(text: &str) -> u32 {
    moment(text).as_second().try_into().expect("before 2106")
}

pub(in crate::model::dnssec) fn dnskey(words: &[&str]) -> Dnskey {
    let [flags, protocol, algorithm, key @ ..] = words else {
        panic!("{words:?}")
    };
    Dnskey {
        flags: flags.parse().expect("a number"),
        protocol: protocol.parse().expect("a number"),
        algorithm: algorithm.parse().expect("a number"),
        public_key: base64(&key.concat()),
    }
}

pub(in crate::model::dnssec) fn rrsig(words: &[&str]) -> Rrsig {
    let [
        covered,
        algorithm,
        labels,
        ttl,
        ends,
        begins,
        tag,
        signer,
        signature @ ..,
    ] = words
    else {
        panic!("{words:?}")
    };
    Rrsig {
        type_covered: RecordType::read(covered)
            .and_then(|covered| covered.number())
            .expect("a type"),
        algorithm: algorithm.parse().expect("a number"),
        labels: labels.parse().expect("a number"),
        original_ttl: ttl.parse().expect("a number"),
        expiration: seconds(ends),
        inception: seconds(begins),
        key_tag: tag.parse().expect("a number"),
        signer: name(signer),
        signature: base64(&signature.concat()),
    }
}

/// What the signer made with one algorithm.
struct Signed {
    keys: Vec<Record>,
    signatures: Vec<Record>,
    ds: Vec<DsValue>,
}

impl Signed {
    fn by(algorithm: u8) -> Self {
        let mut signed = Self {
            keys: Vec::new(),
            signatures: Vec::new(),
            ds: Vec::new(),
        };
        for line in SIGNED.lines().filter(|line| !line.starts_with(';')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (head, data) = words.split_at(4);
            let record = |record_type, data| Record {
                owner: name(head[0]),
                record_type,
                ttl: 300,
                data,
            };
            match head[3] {
                "DNSKEY" => {
                    let key = dnskey(data);
                    if key.algorithm == algorithm {
                        signed.keys.push(record(RecordType::DNSKEY, Rdata::Dnskey(key)));
                    }
                }
                "RRSIG" => {
                    let signature = rrsig(data);
                    if signature.algorithm == algorithm {
                        let record_type = RecordType::read("RRSIG").expect("a type");
                        signed.signatures.push(record(record_type, Rdata::Rrsig(signature)));
                    }
                }
                "DS" => {
                    let value = DsValue::read(&data.join(" ")).expect("a DS value");
                    signed.ds.extend((value.algorithm == algorithm).then_some(value));
                }
                other => panic!("{other}"),
            }
        }
        signed
    }

    fn verify(&self, at: &str) -> Verification {
        verify(
            &name("signed.example"),
            &self.keys,
            &self.signatures,
            &self.ds,
            moment(at),
        )
    }
}

const DURING: &str = "20260115000000";
const ALL: [u8; 7] = [5, 7, 8, 10, 13, 14, 15];

#[test]
fn what_a_signer_made_is_secure_with_every_algorithm_and_digest() {
    for algorithm in ALL {
        let mut signed = Signed::by(algorithm);
        let whole = signed.verify(DURING);
        assert_eq!(whole.chain, Chain::Secure(moment("20260201000000")), "{algorithm}");
        assert_eq!(whole.ds.len(), 3);
        assert!(whole.ds.iter().all(|(_, fit)| *fit == DsFit::Key), "{algorithm}");
        assert_eq!(whole.signatures[0].1, Validity::Valid);
        for value in signed.ds.clone() {
            signed.ds = vec![value];
            assert!(matches!(signed.verify(DURING).chain, Chain::Secure(_)), "{algorithm}");
        }
    }
}

#[test]
fn a_signature_counts_from_its_beginning_to_its_end() {
    let signed = Signed::by(13);
    for (at, expected) in [
        ("20251231235959", Chain::Early(moment("20260101000000"))),
        ("20260101000000", Chain::Secure(moment("20260201000000"))),
        ("20260201000000", Chain::Secure(moment("20260201000000"))),
        ("20260201000001", Chain::Expired(moment("20260201000000"))),
    ] {
        assert_eq!(signed.verify(at).chain, expected, "{at}");
    }
}

#[test]
fn one_changed_bit_anywhere_is_wrong() {
    for algorithm in ALL {
        let mut changed = Signed::by(algorithm);
        let Rdata::Rrsig(signature) = &mut changed.signatures[0].data else {
            panic!("a signature")
        };
        signature.signature[7] ^= 1;
        assert_eq!(changed.verify(DURING).chain, Chain::Wrong, "{algorithm}");

        let mut added = Signed::by(algorithm);
        let mut stranger = added.keys[0].clone();
        if let Rdata::Dnskey(key) = &mut stranger.data {
            key.public_key[9] ^= 1;
        }
        added.keys.push(stranger);
        assert_eq!(
            added.verify(DURING).chain,
            Chain::Wrong,
            "a key that was not signed: {algorithm}"
        );
    }
}

#[test]
fn each_way_to_break_the_chain_has_its_name() {
    let mut none = Signed::by(13);
    none.ds.clear();
    assert_eq!(none.verify(DURING).chain, Chain::Absent);

    let mut other = Signed::by(13);
    other.ds[1].digest = "00".repeat(32);
    other.ds.truncate(2);
    let mismatch = other.verify(DURING);
    assert_eq!(
        mismatch.chain,
        Chain::Mismatch,
        "SHA-1 is passed over where SHA-256 is there"
    );
    assert_eq!([mismatch.ds[0].1, mismatch.ds[1].1], [DsFit::Key, DsFit::Nothing]);

    let mut unsigned = Signed::by(13);
    unsigned.keys.clear();
    assert_eq!(unsigned.verify(DURING).chain, Chain::Unsigned);

    let mut bare = Signed::by(13);
    bare.signatures.clear();
    assert_eq!(bare.verify(DURING).chain, Chain::NotSignedByAnchor);

    let mut unknown = Signed::by(13);
    unknown.ds.iter_mut().for_each(|value| value.digest_type = 99);
    let unsupported = unknown.verify(DURING);
    assert_eq!(
        (unsupported.chain, unsupported.ds[0].1),
        (Chain::Unsupported, DsFit::Unsupported)
    );

    let mut revoked = Signed::by(13);
    for key in &mut revoked.keys {
        if let Rdata::Dnskey(key) = &mut key.data {
            key.flags |= 0x80;
        }
    }
    assert_eq!(revoked.verify(DURING).chain, Chain::Mismatch);
    for chain in [mismatch.chain, Chain::Unsigned, Chain::Wrong, Chain::NotSignedByAnchor] {
        assert!(chain.is_bogus());
    }
}

#[test]
fn the_signatures_of_the_standards_verify() {
    // RFC 6605 sections 6.1 and 6.2, RFC 8080 section 6.1.
    let a = vec![vec![192, 0, 2, 1]];
    let mx = vec![[&[0, 10][..], name("mail.example.com").as_wire()].concat()];
    for (key, signature, owner, record_type, data) in [
        (
            "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
            "A 13 3 3600 20100909100439 20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==",
            "www.example.net",
            1,
            &a,
        ),
        (
            "257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
            "A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm",
            "www.example.net",
            1,
            &a,
        ),
        (
            "257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
            "MX 15 2 3600 20150819220000 20150729220000 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==",
            "example.com",
            15,
            &mx,
        ),
    ] {
        let key = dnskey(&key.split(' ').collect::<Vec<_>>());
        let signature = rrsig(&signature.split(' ').collect::<Vec<_>>());
        assert_eq!(key.tag(), signature.key_tag);
        let owner = name(owner);
        let made = |data: &[Vec<u8>]| {
            let data = data.to_vec();
            let set = Set {
                owner: &owner,
                record_type,
                data,
            };
            is_made_by(&set, &signature, &key)
        };
        assert_eq!(made(data), Some(true), "algorithm {}", key.algorithm);
        assert_eq!(made(&[vec![192, 0, 2, 2]]), Some(false), "algorithm {}", key.algorithm);
    }
}

#[test]
fn a_thousand_keys_of_one_tag_cost_a_bounded_number_of_verifications() {
    let mut signed = Signed::by(13);
    let key = signed.keys[1].clone();
    let signature = signed.signatures[0].clone();
    signed.keys = vec![key; 1_000];
    signed.signatures = vec![signature; 1_000];
    let verification = signed.verify(DURING);
    let tried = verification
        .signatures
        .iter()
        .filter(|(_, validity)| *validity == Validity::Wrong);
    assert!(tried.count() <= MAX_TRIES);
    assert!(!matches!(verification.chain, Chain::Secure(_)));
}
