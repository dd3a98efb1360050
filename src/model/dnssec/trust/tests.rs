//! A chain that BIND's signer made, and every way to break it.

use std::time::Duration;

use super::*;
use crate::model::dns::{Probe, RecursionOffer, Tcp, Transport, Unasked};
use crate::model::dnssec::verify::tests::{dnskey, moment, name, rrsig};

/// Two zones, one below the other.
const SIGNED: &str = include_str!("chain.zone");
const DURING: &str = "20260115000000";
const LATER: &str = "20260301000000";

fn records(owner: &str, record_type: &str) -> Vec<Record> {
    let lines = SIGNED.lines().filter(|line| !line.starts_with(';'));
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let wanted = words.filter(|words| words[0] == format!("{owner}.") && words[3] == record_type);
    wanted
        .map(|words| Record {
            owner: name(owner),
            record_type: RecordType::read(record_type).expect("a type"),
            ttl: 300,
            data: data(record_type, &words[4..]),
        })
        .collect()
}

fn data(record_type: &str, words: &[&str]) -> Rdata {
    match record_type {
        "A" => Rdata::A(words[0].parse().expect("an address")),
        "AAAA" => Rdata::Aaaa(words[0].parse().expect("an address")),
        "CNAME" => Rdata::Cname(name(words[0])),
        "DS" => Rdata::Ds(DsValue::read(&words.join(" ")).expect("a DS")),
        "DNSKEY" => Rdata::Dnskey(dnskey(words)),
        "RRSIG" => Rdata::Rrsig(rrsig(words)),
        other => panic!("{other}"),
    }
}

fn ds(owner: &str) -> Vec<DsValue> {
    let values = records(owner, "DS").into_iter().filter_map(|record| match record.data {
        Rdata::Ds(value) => Some(value),
        _ => None,
    });
    values.collect()
}

fn keys(zone: &str) -> Option<Outcome> {
    Some(Outcome::Asked(Box::new(Probe {
        reply: Reply::Answer(records(zone, "DNSKEY")),
        took: Duration::ZERO,
        transport: Transport::Udp,
        tcp: Tcp::Untried,
        edns: EdnsSupport::Spoken,
        recursion: RecursionOffer::Unoffered,
        size: 100,
        mismatched: 0,
        signatures: records(zone, "RRSIG"),
    })))
}

fn probe(link: &mut Link) -> &mut Probe {
    match &mut link.keys {
        Some(Outcome::Asked(probe)) => probe,
        other => panic!("{other:?}"),
    }
}

/// The whole chain: `example` by its anchor, `sub.example` by its DS.
fn links() -> [Link; 2] {
    let top = Link {
        zone: name("example"),
        above: None,
        anchors: ds("example"),
        ds: Vec::new(),
        ds_signatures: Vec::new(),
        keys: keys("example"),
    };
    let below = Link {
        zone: name("sub.example"),
        above: Some(name("example")),
        anchors: Vec::new(),
        ds: ds("sub.example"),
        ds_signatures: records("sub.example", "RRSIG"),
        keys: keys("sub.example"),
    };
    [top, below]
}

fn judged(change: impl FnOnce(&mut [Link; 2])) -> [Trust; 2] {
    let mut links = links();
    change(&mut links);
    chain(&links, moment(DURING)).try_into().expect("two zones")
}

fn signature(records: &mut [Record]) -> &mut Rrsig {
    let signatures = records.iter_mut().filter_map(|record| match &mut record.data {
        Rdata::Rrsig(signature) => Some(signature),
        _ => None,
    });
    signatures.last().expect("a signature")
}

const fn unknown(why: Unproven) -> Trust {
    Trust::Unknown(why)
}

fn secure() -> Trust {
    Trust::Secure(moment("20260201000000"))
}

#[test]
fn what_is_signed_from_the_anchor_down_is_secure_until_the_first_signature_ends() {
    assert_eq!(judged(|_| {}), [secure(), secure()]);
}

#[test]
fn without_an_anchor_nothing_is_known_and_a_wrong_one_accuses_nobody() {
    let none = judged(|[top, _]| top.anchors.clear());
    assert_eq!(none, [unknown(Unproven::NoAnchor); 2]);
    let wrong = judged(|[top, _]| top.anchors[0].digest = "00".repeat(32));
    assert_eq!(wrong, [unknown(Unproven::Anchor), unknown(Unproven::Above)]);
    let nearer = judged(|[top, below]| {
        top.anchors.clear();
        below.anchors = below.ds.clone();
    });
    assert_eq!(
        nearer,
        [unknown(Unproven::NoAnchor), secure()],
        "an anchor of the zone itself"
    );
}

#[test]
fn a_delegation_without_ds_is_not_proven_and_one_of_unknown_algorithms_is_insecure() {
    let none = judged(|[_, below]| below.ds.clear());
    assert_eq!(none, [secure(), unknown(Unproven::NoDs)]);
    // Nobody signs a DS anew here: the anchor stands for it.
    let unsupported = judged(|[top, _]| top.anchors[0].algorithm = 99);
    assert_eq!(unsupported, [Trust::Insecure; 2]);
}

#[test]
fn each_flaw_of_the_signature_of_the_ds_is_bogus_for_its_own_reason() {
    type Change = fn(&mut Vec<Record>);
    let cases: [(Change, Flaw); 3] = [
        (Vec::clear, Flaw::Missing),
        (|signatures| signature(signatures).signature[5] ^= 1, Flaw::Wrong),
        (|signatures| signature(signatures).key_tag ^= 1, Flaw::Keyless),
    ];
    for (change, flaw) in cases {
        let [top, below] = judged(|[_, below]| {
            let covered = RecordType::DS.number();
            below.ds_signatures.retain(
                |record| matches!(&record.data, Rdata::Rrsig(signature) if Some(signature.type_covered) == covered),
            );
            change(&mut below.ds_signatures);
        });
        assert_eq!((top, below), (secure(), Trust::Bogus(Bogus::Ds(flaw))));
        assert!(below.is_broken());
    }
    let another = judged(|[_, below]| below.ds[0].tag ^= 1);
    assert_eq!(
        another[1],
        Trust::Bogus(Bogus::Ds(Flaw::Wrong)),
        "a DS that was not signed"
    );
    let hidden = judged(|[_, below]| {
        below.ds_signatures.truncate(1);
        signature(&mut below.ds_signatures).signer = name("between.example");
    });
    assert_eq!(
        hidden[1],
        unknown(Unproven::Uncomputable),
        "a zone in between that nobody saw signed it"
    );
}

#[test]
fn keys_that_do_not_go_with_the_ds_are_bogus_and_so_is_all_below() {
    let unsigned = judged(|[_, below]| probe(below).signatures.clear());
    assert_eq!(unsigned[1], Trust::Bogus(Bogus::Keys(Chain::NotSignedByAnchor)));
    let spoilt = judged(|[top, _]| {
        probe(top)
            .signatures
            .iter_mut()
            .for_each(|record| signature(std::slice::from_mut(record)).signature[5] ^= 1);
    });
    assert_eq!(
        spoilt,
        [Trust::Bogus(Bogus::Keys(Chain::Wrong)), Trust::Bogus(Bogus::Above)]
    );
    assert!(!spoilt[1].is_broken(), "the cause is above");
    let links = links();
    let later = chain(&links, moment(LATER));
    let ended = Chain::Expired(moment("20260201000000"));
    assert_eq!(later[0], Trust::Bogus(Bogus::Keys(ended)));
}

#[test]
fn a_server_that_says_nothing_or_gives_no_signatures_to_anybody_leaves_it_unknown() {
    for keys in [None, Some(Outcome::Unasked(Unasked::NoTime))] {
        let silent = judged(|[_, below]| below.keys = keys);
        assert_eq!(silent, [secure(), unknown(Unproven::NoKeys)]);
    }
    let silent = judged(|[_, below]| probe(below).reply = Reply::Silent);
    assert_eq!(silent[1], unknown(Unproven::NoKeys));
    let old = judged(|[_, below]| {
        probe(below).signatures.clear();
        probe(below).edns = EdnsSupport::Unsupported;
    });
    assert_eq!(old[1], unknown(Unproven::NoEdns));
}

/// What becomes of a record set of one of the two zones.
fn of(owner: &str, record_type: &str, as_name: &str, change: impl FnOnce(&mut Vec<Record>, &mut Vec<Rdata>)) -> Trust {
    let links = links();
    let place = usize::from(owner.ends_with(".sub.example"));
    let trust = chain(&links, moment(DURING))[place];
    let mut signatures = records(owner, "RRSIG");
    let mut data: Vec<Rdata> = records(owner, record_type)
        .into_iter()
        .map(|record| record.data)
        .collect();
    change(&mut signatures, &mut data);
    let witness = Witness {
        owner: name(as_name),
        record_type: RecordType::read(record_type).expect("a type"),
        data,
        signatures: &signatures,
        edns: EdnsSupport::Spoken,
    };
    of_records(&links[place], trust, &witness, moment(DURING))
}

#[test]
fn record_sets_are_judged_by_the_keys_of_their_zone() {
    for (owner, record_type) in [
        ("www.example", "A"),
        ("alias.example", "CNAME"),
        ("host.sub.example", "AAAA"),
    ] {
        assert_eq!(of(owner, record_type, owner, |_, _| {}), secure(), "{owner}");
    }
    let turned = of("www.example", "A", "www.example", |_, data| data.reverse());
    assert_eq!(turned, secure(), "in whatever order");
    let bogus = |flaw| Trust::Bogus(Bogus::Records(flaw));
    let fewer = of("www.example", "A", "www.example", |_, data| data.truncate(1));
    assert_eq!(fewer, bogus(Flaw::Wrong));
    let elsewhere = of("www.example", "A", "ns.example", |_, _| {});
    assert_eq!(elsewhere, bogus(Flaw::Wrong));
    let bare = of("www.example", "A", "www.example", |signatures, _| signatures.clear());
    assert_eq!(bare, bogus(Flaw::Missing));
    let second = of("www.example", "A", "www.example", |signatures, _| {
        let mut spoilt = signatures.clone();
        signature(&mut spoilt).signature[3] ^= 1;
        signatures.splice(0..0, spoilt);
    });
    assert_eq!(second, secure(), "one good signature is enough");
    let foreign = of("www.example", "A", "www.example", |signatures, _| {
        signature(signatures).signer = name("www.example");
    });
    assert_eq!(foreign, unknown(Unproven::Uncomputable));
    assert_eq!(of_denial(secure()), unknown(Unproven::Denial));
}

#[test]
fn a_wildcard_s_signature_is_good_and_proves_nothing_of_the_name() {
    assert_eq!(of("*.wild.example", "A", "*.wild.example", |_, _| {}), secure());
    let expanded = of("*.wild.example", "A", "any.thing.wild.example", |_, _| {});
    assert_eq!(expanded, unknown(Unproven::Wildcard));
    let spoilt = of("*.wild.example", "A", "any.wild.example", |signatures, _| {
        signature(signatures).signature[3] ^= 1;
    });
    assert_eq!(spoilt, Trust::Bogus(Bogus::Records(Flaw::Wrong)));
}

#[test]
fn a_thousand_signatures_cost_a_bounded_number_of_verifications() {
    let flood = of("www.example", "A", "www.example", |signatures, _| {
        signature(signatures).signature[3] ^= 1;
        let spoilt = signatures.clone();
        *signatures = std::iter::repeat_n(spoilt, 1_000).flatten().collect();
    });
    // All wrong, they would be bogus, had all been tried.
    assert_eq!(flood, unknown(Unproven::Uncomputable));
}
