//! Queries written and responses read, right and wrong ones.

use hickory_proto::op::Message;
use hickory_proto::rr::rdata::{A, NULL, SOA};
use hickory_proto::rr::{RData, Record as WireRecord};
use proptest::prelude::*;

use super::*;
use crate::model::dns::Rdata;
use crate::model::record::RecordType;

const LETTERS: &str = "dEv.eXaMpLe.CoM.";

fn question() -> Question {
    Question {
        name: "dev.example.com".parse().expect("a name"),
        record_type: RecordType::SOA,
    }
}

fn dice() -> [u8; 34] {
    let mut dice = [0; 34];
    dice[0] = 0x12;
    dice[1] = 0x34;
    // d E v e X a M p | L e C o M
    dice[2] = 0b0101_0010;
    dice[3] = 0b0001_0101;
    dice
}

fn sent() -> Sent {
    Sent::new(&question(), Extension::Edns, Recursion::Undesired, dice()).expect("a query")
}

/// The response to the query, changed in some way.
fn answered(change: impl FnOnce(&mut Message)) -> Vec<u8> {
    let mut message = Message::from_vec(sent().octets()).expect("a message");
    message.metadata.message_type = MessageType::Response;
    change(&mut message);
    message.to_vec().expect("octets")
}

fn wire_name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

#[test]
fn a_query_asks_for_one_name_in_letters_of_random_case_and_wants_no_recursion() {
    let message = Message::from_vec(sent().octets()).expect("a message");
    assert_eq!(message.metadata.id, 0x1234);
    assert!(!message.metadata.recursion_desired);
    assert_eq!(message.queries[0].name().to_ascii(), LETTERS);
    let edns = message.edns.expect("an OPT record");
    assert_eq!(
        (edns.version(), edns.max_payload(), edns.flags().dnssec_ok),
        (0, 1232, true)
    );
    let plain = Sent::new(&question(), Extension::None, Recursion::Desired, dice()).expect("a query");
    let message = Message::from_vec(plain.octets()).expect("a message");
    assert!(message.edns.is_none() && message.metadata.recursion_desired);
}

#[test]
fn the_response_to_the_query_is_read_whole() {
    let octets = answered(|message| {
        message.metadata.authoritative = true;
        let soa = SOA::new(
            wire_name("ns-1.awsdns-00.com."),
            wire_name("host.example."),
            1,
            7200,
            900,
            1_209_600,
            86400,
        );
        message.add_answer(WireRecord::from_rdata(
            wire_name("DEV.example.com."),
            900,
            RData::SOA(soa),
        ));
        message.add_additional(WireRecord::from_rdata(
            wire_name("a.example."),
            u32::MAX,
            RData::A(A([192, 0, 2, 1].into())),
        ));
    });
    let Received::Response(response) = sent().receive(&octets) else {
        panic!("the response")
    };
    assert!(response.authoritative && !response.truncated && response.edns.is_some());
    assert_eq!(response.size, octets.len());
    assert_eq!(response.answers(&question()).count(), 1);
    assert_eq!(response.additional[0].ttl, 0, "a TTL beyond 31 bits is none");
}

#[test]
fn what_does_not_repeat_the_query_is_something_else() {
    type Change = fn(&mut Message);
    let changes: [(&str, Change); 6] = [
        ("another id", |message| message.metadata.id = 0x1235),
        ("a query", |message| message.metadata.message_type = MessageType::Query),
        ("another operation", |message| message.metadata.op_code = OpCode::Notify),
        ("other letters", |message| {
            message.queries[0].set_name(wire_name("dev.example.com."));
        }),
        ("another type", |message| {
            message.queries[0].set_query_type(WireType::A);
        }),
        ("no question and no error", |message| message.queries.clear()),
    ];
    for (what, change) in changes {
        assert_eq!(sent().receive(&answered(change)), Received::Other, "{what}");
    }
    assert_eq!(sent().receive(&[]), Received::Other);
    assert_eq!(sent().receive(&[0x12; 11]), Received::Other);
}

#[test]
fn a_server_that_could_not_read_the_query_may_leave_the_question_out() {
    let octets = answered(|message| {
        message.queries.clear();
        message.metadata.response_code = hickory_proto::op::ResponseCode::FormErr;
    });
    let Received::Response(response) = sent().receive(&octets) else {
        panic!("the response")
    };
    assert!(response.code.objects_to_edns());
}

#[test]
fn labels_that_are_divided_otherwise_are_another_name() {
    let sent = Sent::new(&question(), Extension::None, Recursion::Undesired, [0; 34]).expect("a query");
    let mut octets = sent.octets().to_vec();
    octets[2] |= 0x80;
    let name = octets
        .windows(5)
        .position(|window| window == *b"\x03dev\x07")
        .expect("the name");
    octets[name..name + 13].copy_from_slice(b"\x04deve\x06xample.");
    octets[name + 12] = 3;
    assert_eq!(sent.receive(&octets), Received::Other);
}

#[test]
fn of_thousands_of_records_no_more_are_heard_than_a_record_set_has() {
    let heard = |truncated: bool| {
        let octets = answered(|message| {
            message.metadata.truncation = truncated;
            for host in 0..1_500_u32 {
                let address = RData::A(A(host.into()));
                message.add_answer(WireRecord::from_rdata(wire_name(LETTERS), 60, address));
            }
        });
        match sent().receive(&octets) {
            Received::Response(response) => response.answer.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((heard(false), heard(true)), (512, 64));
}

#[test]
fn the_servers_own_words_come_along() {
    let octets = answered(|message| {
        message.metadata.response_code = hickory_proto::op::ResponseCode::ServFail;
        let edns = message.edns.as_mut().expect("an OPT record");
        edns.options_mut()
            .insert(EdnsOption::Unknown(15, b"\x00\x09no key \x1b[2J\0".to_vec()));
    });
    let Received::Response(response) = sent().receive(&octets) else {
        panic!("the response")
    };
    let [error] = response.errors() else {
        panic!("one error")
    };
    assert_eq!((error.code, error.meaning()), (9, Some("DNSKEY missing")));
    assert_eq!(error.text.expose(), "no key \u{1b}[2J");
}

#[test]
fn the_records_of_dnssec_are_read_and_bad_ones_make_the_message_malformed() {
    let with = |number: u16, rdata: &[u8]| {
        let rdata = RData::Unknown {
            code: number.into(),
            rdata: NULL::with(rdata.to_vec()),
        };
        answered(|message| {
            message.add_answer(WireRecord::from_rdata(wire_name("dev.example.com."), 300, rdata));
        })
    };
    let read = |octets: &[u8]| match sent().receive(octets) {
        Received::Response(response) => response.answer[0].data.clone(),
        other => panic!("{other:?}"),
    };
    let Rdata::Ds(ds) = read(&with(43, b"\xd9\x60\x0d\x02\xb4\xc8")) else {
        panic!("a DS record")
    };
    assert_eq!(
        (ds.tag, ds.algorithm, ds.digest_type, ds.digest.as_str()),
        (55648, 13, 2, "b4c8")
    );
    let Rdata::Dnskey(key) = read(&with(48, b"\x01\x01\x03\x0dkey")) else {
        panic!("a key")
    };
    assert_eq!((key.flags, key.public_key.as_slice()), (257, &b"key"[..]));
    let signature = [
        &b"\x00\x30\x0d\x02"[..],
        &[0, 0, 1, 44],
        &[0x80, 0, 0, 0],
        &[0, 0, 0, 1],
        &[0xd9, 0x60],
        b"\x03Dev\x00",
        b"sig",
    ];
    let Rdata::Rrsig(rrsig) = read(&with(46, &signature.concat())) else {
        panic!("a signature")
    };
    assert_eq!(
        (rrsig.type_covered, rrsig.expiration, rrsig.key_tag),
        (48, 0x8000_0000, 55648)
    );
    assert_eq!(
        (rrsig.signer.to_string(), rrsig.signature.as_slice()),
        ("dev".to_owned(), &b"sig"[..])
    );
    let Rdata::Dname(target) = read(&with(39, b"\x03net\x00")) else {
        panic!("a redirection")
    };
    assert_eq!(target.to_string(), "net");
    for (number, rdata) in [
        (43, &b"\x00"[..]),
        (48, b"\x01"),
        (46, b"\x00\x30\x0d"),
        (39, b"\x05net"),
        (46, &[0xc0; 20]),
    ] {
        assert_eq!(
            sent().receive(&with(number, rdata)),
            Received::Malformed,
            "type {number}"
        );
    }
}

/// Whether a message is read just where hickory reads it whole, and as many questions and records of it.
fn read_alike(octets: &[u8]) -> bool {
    let (whole, reading) = (Message::from_vec(octets), Reading::of(octets));
    let (Ok(whole), Some(reading)) = (&whole, &reading) else {
        return whole.is_err() && reading.is_none();
    };
    let internet = |records: &[WireRecord]| records.iter().filter(|record| record.dns_class == DNSClass::IN).count();
    let alike = |records: &[WireRecord], kept: &Option<Vec<_>>| match kept {
        Some(kept) => kept.len() == internet(records),
        None => internet(records) > 0,
    };
    whole.metadata == reading.metadata
        && whole.edns == reading.edns
        && whole.queries.len().min(2) == reading.questions.len()
        && alike(&whole.answers, &reading.answer)
        && alike(&whole.authorities, &reading.authority)
        && alike(&whole.additionals, &reading.additional)
}

#[test]
fn an_opt_record_is_read_where_it_belongs_and_once() {
    let opt = [&b"\x00\x00\x29\x04\xd0\x01\x00\x80\x00\x00\x00"[..]];
    let message = |counts: [u8; 3], records: &[&[u8]]| {
        let [answers, authorities, additionals] = counts;
        let head = [0x12, 0x34, 0x80, 0, 0, 0, 0, answers, 0, authorities, 0, additionals];
        [&head[..], &records.concat()].concat()
    };
    let once = message([0, 0, 1], &opt);
    assert!(read_alike(&once));
    let reading = Reading::of(&once).expect("it is readable");
    assert_eq!(
        u16::from(reading.metadata.response_code),
        16,
        "BADVERS, of which four bits are in the header"
    );
    for spoiled in [
        message([0, 0, 2], &[opt[0], opt[0]]),
        message([1, 0, 0], &opt),
        message([0, 1, 0], &opt),
        message([0, 0, 2], &opt),
        message([1, 0, 0], &[b"\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"]),
    ] {
        assert!(Reading::of(&spoiled).is_none() && read_alike(&spoiled), "{spoiled:?}");
    }
}

proptest! {
    #[test]
    fn a_message_is_read_just_where_the_whole_of_it_can_be(
        place in 0_usize..200,
        value in any::<u8>(),
        counts in proptest::collection::vec(0_u8..4, 4),
        cut in 0_usize..300,
    ) {
        let mut octets = answered(|message| {
            let soa = SOA::new(wire_name("a.example."), wire_name("b.example."), 1, 2, 3, 4, 5);
            message.add_answer(WireRecord::from_rdata(wire_name("dev.example.com."), 900, RData::SOA(soa)));
            message.add_authority(WireRecord::from_rdata(wire_name("b.example."), 900, RData::A(A([5, 0, 0, 1].into()))));
            message.add_additional(WireRecord::from_rdata(wire_name("c.example."), 900, RData::A(A([5, 0, 0, 2].into()))));
        });
        prop_assert!(read_alike(&octets));
        prop_assert!(read_alike(octets.get(..cut).unwrap_or(&octets)));
        if let Some(octet) = octets.get_mut(place) {
            *octet = value;
        }
        prop_assert!(read_alike(&octets));
        for (count, at) in counts.iter().zip([5, 7, 9, 11]) {
            octets[at] = *count;
        }
        prop_assert!(read_alike(&octets));
    }

    #[test]
    fn no_octets_upset_the_reader(mut octets in proptest::collection::vec(any::<u8>(), 0..600), named in any::<bool>()) {
        if named {
            let head = answered(|_| {});
            let keep = head.len().min(octets.len());
            octets[..keep].copy_from_slice(&head[..keep]);
        }
        let _ = sent().receive(&octets);
    }

    #[test]
    fn any_response_cut_short_or_changed_in_one_octet_is_no_panic(cut in 0_usize..200, place in 0_usize..200, value in any::<u8>()) {
        let mut octets = answered(|message| {
            let soa = SOA::new(wire_name("a.example."), wire_name("b.example."), 1, 2, 3, 4, 5);
            message.add_answer(WireRecord::from_rdata(wire_name("dev.example.com."), 900, RData::SOA(soa)));
        });
        if let Some(octet) = octets.get_mut(place) {
            *octet = value;
        }
        let _ = sent().receive(octets.get(..cut).unwrap_or(&octets));
    }

    #[test]
    fn every_name_and_case_of_letters_is_recognised(labels in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..40), 0..6), dice in any::<[u8; 32]>()) {
        let question = Question {
            name: DnsName::from_labels(labels).expect("at most 246 octets"),
            record_type: RecordType::NS,
        };
        let dice = std::array::from_fn(|place| dice[place % 32]);
        let sent = Sent::new(&question, Extension::Edns, Recursion::Undesired, dice).expect("a query");
        let mut octets = sent.octets().to_vec();
        octets[2] |= 0x80;
        prop_assert!(matches!(sent.receive(&octets), Received::Response(_)));
    }
}
