//! What signed zones answer, and that the signatures are right by the reckoning of somebody else than the signer.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use hickory_proto::op::Message;
use hickory_proto::rr::{RData, Record, RecordType};
use hickory_proto::serialize::binary::BinEncodable;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use zonecut::model::dnssec::DsValue;
use zonecut::model::name::DnsName;

use super::ask::{Stage, query, shape, udp, with_edns};

const WORLD: &str = r#"
name = "signed"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "example.net"
signing = "SIGNING"
ds = true
records = [
  "@ 300 MX 10 mail.example.net.",
  "* 60 A 192.0.2.9",
  "www 60 A 192.0.2.2 192.0.2.1",
  "text 60 TXT \"Letters of BOTH kinds\"",
  "to 60 CNAME www.example.net.",
  "unsigned 300 NS ns1.other.example.",
]
[[account.zone]]
name = "sub.example.net"
signing = "SIGNING"
ds = true
[[account.zone]]
name = "deleting.example.net"
signing = "DELETING"
[[account.zone]]
name = "{expired,future,spoilt,keys-unsigned,other-key,missing}.example.net"
signing = "SIGNING"
ds = true
signatures = "FAULT"
[[account.zone]]
name = "example.com"
[[outside]]
name = "."
signing = "SIGNING"
[[outside]]
name = "net"
signing = "SIGNING"
ds = true
"#;

fn stage() -> Stage {
    let (head, rest) = WORLD
        .split_once("[[account.zone]]\nname = \"{")
        .expect("the faulty zones");
    let (names, rest) = rest.split_once('}').expect("their names");
    let (_, tail) = rest.split_once("\"FAULT\"\n").expect("what follows");
    let faulty: String = names
        .split(',')
        .map(|fault| {
            format!(
                "[[account.zone]]\nname = \"{fault}.example.net\"\nsigning = \"SIGNING\"\nds = true\nsignatures = \"{fault}\"\n"
            )
        })
        .collect();
    Stage::of(&format!("{head}{faulty}{tail}"))
}

/// Asks with the DO bit.
fn asked(server: SocketAddr, name: &str, record_type: RecordType) -> Message {
    let mut message = with_edns(query(name, record_type), 4096);
    message.edns.as_mut().expect("it has an OPT record").set_dnssec_ok(true);
    udp(server, &message)
}

fn octets(record: &Record) -> Vec<u8> {
    match &record.data {
        RData::Unknown { rdata, .. } => rdata.anything.to_vec(),
        // A name behind another one would be compressed; no test here asks for such a type but SOA.
        RData::SOA(soa) => {
            let numbers = [
                soa.serial,
                soa.refresh.cast_unsigned(),
                soa.retry.cast_unsigned(),
                soa.expire.cast_unsigned(),
                soa.minimum,
            ];
            let names = [&soa.mname, &soa.rname].map(|name| name.to_bytes().expect("a name"));
            names
                .concat()
                .into_iter()
                .chain(numbers.iter().flat_map(|number| number.to_be_bytes()))
                .collect()
        }
        data => data.to_bytes().expect("it encodes"),
    }
}

struct Signature {
    covers: RecordType,
    labels: usize,
    ttl: [u8; 4],
    until: u32,
    from: u32,
    tag: u16,
    head: Vec<u8>,
    signature: Vec<u8>,
}

fn signature(record: &Record) -> Signature {
    let octets = octets(record);
    let signature_at = octets.len() - 64;
    let four = |at: usize| <[u8; 4]>::try_from(&octets[at..at + 4]).expect("four");
    Signature {
        covers: RecordType::from(u16::from_be_bytes([octets[0], octets[1]])),
        labels: octets[3].into(),
        ttl: four(4),
        until: u32::from_be_bytes(four(8)),
        from: u32::from_be_bytes(four(12)),
        tag: u16::from_be_bytes([octets[16], octets[17]]),
        head: octets[..signature_at].to_vec(),
        signature: octets[signature_at..].to_vec(),
    }
}

/// The key tag by the reckoning of RFC 4034 appendix B, for algorithms but 1.
fn tag(key: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for (at, octet) in key.iter().enumerate() {
        sum += if at & 1 == 1 {
            u32::from(*octet)
        } else {
            u32::from(*octet) << 8
        };
    }
    ((sum + (sum >> 16)) & 0xffff) as u16
}

fn keys(server: SocketAddr, zone: &str) -> Vec<Vec<u8>> {
    let answer = asked(server, zone, RecordType::DNSKEY);
    let keys = answer
        .answers
        .iter()
        .filter(|record| record.record_type() == RecordType::DNSKEY);
    keys.map(octets).collect()
}

/// The owner as it was signed: a wildcard, where the signature counts fewer labels.
fn signed_owner(record: &Record, labels: usize) -> Vec<u8> {
    let name = DnsName::from_labels(record.name.iter()).expect("a name");
    let above: Vec<Vec<u8>> = name.labels().map(<[u8]>::to_vec).collect();
    let rest = above.iter().skip(above.len() - labels).map(Vec::as_slice);
    let wildcard = (labels < above.len()).then_some(&b"*"[..]);
    DnsName::from_labels(wildcard.into_iter().chain(rest))
        .expect("a name")
        .as_wire()
        .to_vec()
}

/// Whether every record set of a section but those left out is signed rightly, now, by a key of the zone.
fn verify(section: &[Record], keys: &[Vec<u8>], but: &[RecordType]) -> Result<BTreeSet<String>, String> {
    let now = u32::try_from(jiff::Timestamp::now().as_second()).expect("before 2106");
    let types: BTreeSet<RecordType> = section.iter().map(Record::record_type).collect();
    let mut verified = BTreeSet::new();
    for record_type in types
        .into_iter()
        .filter(|kind| *kind != RecordType::RRSIG && !but.contains(kind))
    {
        let set: Vec<&Record> = section
            .iter()
            .filter(|record| record.record_type() == record_type)
            .collect();
        let signatures = section
            .iter()
            .filter(|record| record.record_type() == RecordType::RRSIG)
            .map(signature);
        let signature = signatures.into_iter().find(|signature| signature.covers == record_type);
        let signature = signature.ok_or_else(|| format!("{record_type} is not signed"))?;
        let key = keys.iter().find(|key| tag(key) == signature.tag).ok_or("no such key")?;
        if !(signature.from..=signature.until).contains(&now) {
            return Err(format!(
                "{record_type}: from {} until {}",
                signature.from, signature.until
            ));
        }
        let mut data: Vec<Vec<u8>> = set.iter().map(|record| octets(record)).collect();
        data.sort();
        let mut signed = signature.head.clone();
        for rdata in data {
            signed.extend(signed_owner(set[0], signature.labels));
            signed.extend(u16::from(record_type).to_be_bytes());
            signed.extend([0, 1]);
            signed.extend(signature.ttl);
            signed.extend(u16::try_from(rdata.len()).expect("short").to_be_bytes());
            signed.extend(rdata);
        }
        let point = [&[4], &key[4..]].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(&signed, &signature.signature)
            .map_err(|_| format!("the signature of {record_type} is wrong"))?;
        verified.insert(format!("{record_type} {:x}", key[1]));
    }
    Ok(verified)
}

fn verified(section: &[Record], keys: &[Vec<u8>], but: &[RecordType]) -> Vec<String> {
    verify(section, keys, but)
        .expect("signed rightly")
        .into_iter()
        .collect()
}

#[test]
fn whatever_a_signed_zone_answers_is_signed_by_its_keys() {
    use RecordType::{A, CNAME, DNSKEY, DS, MX, NS, SOA, TXT};
    let stage = stage();
    let server = stage.server("example.net");
    let keys = keys(server, "example.net");
    assert_eq!(keys.iter().map(|key| key[1]).collect::<Vec<_>>(), [1, 0], "257 and 256");
    for (name, record_type, expected) in [
        ("example.net", DNSKEY, "DNSKEY 1"),
        ("example.net", SOA, "SOA 0"),
        ("example.net", NS, "NS 0"),
        ("example.net", MX, "MX 0"),
        ("www.example.net", A, "A 0"),
        ("a.b.example.net", A, "A 0"),
        ("text.example.net", TXT, "TXT 0"),
        ("sub.example.net", DS, "DS 0"),
    ] {
        let answer = asked(server, name, record_type);
        assert_eq!(
            verified(&answer.answers, &keys, &[]),
            [expected],
            "{name} {record_type}"
        );
    }
    let alias = asked(server, "to.example.net", A);
    assert_eq!(verified(&alias.answers, &keys, &[]), ["A 0", "CNAME 0"]);
    assert_eq!(
        alias
            .answers
            .iter()
            .filter(|record| record.record_type() == CNAME)
            .count(),
        1
    );
    let denial = asked(server, "www.example.net", MX);
    assert_eq!(verified(&denial.authorities, &keys, &[]), ["SOA 0"]);
    let referral = asked(server, "x.sub.example.net", A);
    assert_eq!(verified(&referral.authorities, &keys, &[NS]), ["DS 0"]);
}

#[test]
fn the_resolver_brings_the_signatures_of_what_it_found() {
    let stage = stage();
    let mut message = with_edns(query("to.example.net", RecordType::A), 4096);
    message.edns.as_mut().expect("it has an OPT record").set_dnssec_ok(true);
    message.metadata.recursion_desired = true;
    let answer = udp(stage.servers.resolver(), &message);
    let keys = keys(stage.server("example.net"), "example.net");
    assert_eq!(verified(&answer.answers, &keys, &[]), ["A 0", "CNAME 0"]);
    assert!(answer.authorities.is_empty(), "{:?}", answer.authorities);
}

/// `delv` of BIND as a second opinion: it validates from the root's key down.
#[test]
#[ignore = "needs delv of Debian's bind9-dnsutils; .ci/run runs it"]
fn delv_validates_the_chain_and_nothing_that_is_broken() {
    let stage = stage();
    let root = stage
        .servers
        .address_of(&"a.root-servers.example".parse().expect("a name"));
    let key = keys(root.expect("bound"), ".").swap_remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let anchors = folder.path().join("anchors");
    let base64 = aws_smithy_types::base64::encode(&key[4..]);
    std::fs::write(
        &anchors,
        format!("trust-anchors {{ \".\" static-key 257 3 13 \"{base64}\"; }};\n"),
    )
    .expect("written");
    let at = stage.servers.resolver();
    let validated = |name: &str| {
        let told = std::process::Command::new("delv")
            .args([&format!("@{}", at.ip()), "-p", &at.port().to_string(), "-a"])
            .arg(&anchors)
            .args(["+root=.", name, "SOA"])
            .output()
            .expect("delv runs");
        let (out, err) = (
            String::from_utf8_lossy(&told.stdout),
            String::from_utf8_lossy(&told.stderr),
        );
        (out.contains("; fully validated"), format!("{name}: {out}{err}"))
    };
    for zone in ["net", "example.net", "sub.example.net"] {
        let (is_valid, said) = validated(zone);
        assert!(is_valid, "{said}");
    }
    for fault in ["expired", "future", "spoilt", "keys-unsigned", "other-key", "missing"] {
        let (is_valid, said) = validated(&format!("{fault}.example.net"));
        assert!(!is_valid, "{said}");
    }
}

#[test]
fn nobody_is_told_of_signatures_who_did_not_ask() {
    let stage = stage();
    let server = stage.server("example.net");
    assert_eq!(shape(&udp(server, &query("www.example.net", RecordType::A))).2, 2);
    let unsigned = asked(stage.server("example.com"), "example.com", RecordType::SOA);
    assert_eq!(unsigned.answers.len(), 1);
    assert!(keys(stage.server("example.com"), "example.com").is_empty());
}

/// The DS values that a server holds of a zone.
fn ds(server: SocketAddr, zone: &str) -> Vec<DsValue> {
    let answer = asked(server, zone, RecordType::DS);
    let ds = answer
        .answers
        .iter()
        .filter(|record| record.record_type() == RecordType::DS);
    ds.map(|record| {
        let octets = octets(record);
        let digest: String = octets[4..].iter().map(|octet| format!("{octet:02X}")).collect();
        let text = format!(
            "{} {} {} {digest}",
            u16::from_be_bytes([octets[0], octets[1]]),
            octets[2],
            octets[3]
        );
        DsValue::read(&text).expect("a DS")
    })
    .collect()
}

/// Whether a DS is of the key that is served as the one that signs keys.
fn fits(stage: &Stage, zone: &str, ds: &DsValue) -> bool {
    let name: DnsName = zone.parse().expect("a name");
    let served = keys(stage.server(zone), zone);
    let key = served.iter().find(|key| key[1] == 1).expect("a key of flags 257");
    let key = zonecut::model::dnssec::SigningKey::from_public_key(&name, tag(key), key[3], key[4..].to_vec());
    ds.names(&key, &name) == Some(true)
}

#[test]
fn the_zone_above_holds_a_ds_of_the_key_that_is_served() {
    let stage = stage();
    let of = |name: &str| stage.servers.address_of(&name.parse().expect("a name")).expect("bound");
    for (server, zone) in [
        (of("a.nic.net"), "example.net"),
        (stage.server("example.net"), "sub.example.net"),
    ] {
        let held = ds(server, zone);
        assert_eq!(held.len(), 1, "{zone}");
        assert!(fits(&stage, zone, &held[0]), "{zone}");
    }
    let root = of("a.root-servers.example");
    assert_eq!(ds(root, "net").len(), 1);
    let answer = asked(root, "net", RecordType::DS);
    assert_eq!(verified(&answer.answers, &keys(root, "."), &[]), ["DS 0"]);
}

#[test]
fn a_zone_of_which_the_signing_ends_is_signed_still() {
    let stage = stage();
    let server = stage.server("deleting.example.net");
    let keys = keys(server, "deleting.example.net");
    let answer = asked(server, "deleting.example.net", RecordType::SOA);
    assert_eq!(verified(&answer.answers, &keys, &[]), ["SOA 0"]);
}

#[test]
fn each_fault_of_signatures_shows() {
    let stage = stage();
    let told = |fault: &str, record_type| {
        let zone = format!("{fault}.example.net");
        let server = stage.server(&zone);
        verify(&asked(server, &zone, record_type).answers, &keys(server, &zone), &[])
    };
    for (fault, why) in [
        ("expired", "until"),
        ("future", "until"),
        ("spoilt", "is wrong"),
        ("missing", "not signed"),
    ] {
        for record_type in [RecordType::DNSKEY, RecordType::SOA] {
            let error = told(fault, record_type).expect_err(fault);
            assert!(error.contains(why), "{fault}: {error}");
        }
    }
    let by_zone_key = told("keys-unsigned", RecordType::DNSKEY).expect("signed by the wrong key");
    assert_eq!(by_zone_key.into_iter().collect::<Vec<_>>(), ["DNSKEY 0"]);
    let parent = stage.server("example.net");
    let held = ds(parent, "other-key.example.net");
    assert!(!fits(&stage, "other-key.example.net", &held[0]));
    assert!(told("other-key", RecordType::DNSKEY).is_ok());
}
