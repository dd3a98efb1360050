//! Responses of every kind, and the sense that is made of them.

use super::*;
use crate::model::dns::Edns;

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn soa_of_child() -> Question {
    Question {
        name: name("dev.example.com"),
        record_type: RecordType::SOA,
    }
}

fn record(owner: &str, record_type: RecordType, data: Rdata) -> Record {
    Record {
        owner: name(owner),
        record_type,
        ttl: 300,
        data,
    }
}

fn ns(owner: &str, server: &str) -> Record {
    record(owner, RecordType::NS, Rdata::Ns(name(server)))
}

fn soa(owner: &str) -> Record {
    let soa = Soa {
        primary: name("ns-1.awsdns-00.com"),
        contact: name("awsdns-hostmaster.amazon.com"),
        serial: 1,
        refresh: 7200,
        retry: 900,
        expire: 1_209_600,
        minimum: 60,
    };
    record(owner, RecordType::SOA, Rdata::Soa(soa))
}

fn response(code: ResponseCode, authoritative: bool) -> Response {
    Response {
        code,
        authoritative,
        truncated: false,
        recursion_available: false,
        edns: Some(Edns::default()),
        answer: Vec::new(),
        authority: Vec::new(),
        additional: Vec::new(),
        size: 12,
    }
}

#[test]
fn two_servers_that_say_too_much_in_another_order_are_still_of_one_mind() {
    let said = |hosts: &mut dyn Iterator<Item = u32>| {
        let mut reply = Reply::Answer(
            hosts
                .map(|host| ns("dev.example.com", &format!("h{host}.example.net")))
                .collect(),
        );
        reply.pare();
        reply
    };
    let pared = said(&mut (0..100));
    assert_eq!(pared, said(&mut (0..100).rev()));
    assert!(matches!(pared, Reply::Answer(records) if records.len() == 32));
}

fn asked_as(zone: &str, response: Response) -> Reply {
    Reply::of(&soa_of_child(), &name(zone), &Heard::Response(Box::new(response)))
}

#[test]
fn a_server_of_the_zone_answers_with_its_start_of_authority() {
    let serving = Response {
        answer: vec![soa("dev.example.com")],
        ..response(ResponseCode::NOERROR, true)
    };
    let reply = asked_as("dev.example.com", serving);
    assert!(
        matches!(&reply, Reply::Answer(records) if records.len() == 1),
        "{reply:?}"
    );
    assert!(reply.is_useful());
}

#[test]
fn the_same_answer_without_authority_is_not_one() {
    let stale = Response {
        answer: vec![soa("dev.example.com")],
        ..response(ResponseCode::NOERROR, false)
    };
    assert!(matches!(asked_as("dev.example.com", stale), Reply::NotAuthoritative(_)));
}

#[test]
fn the_start_of_another_zone_is_no_data() {
    let stale_parent = Response {
        authority: vec![soa("example.com")],
        ..response(ResponseCode::NOERROR, true)
    };
    let Reply::NoData(Some(negative)) = asked_as("dev.example.com", stale_parent) else {
        panic!("no data");
    };
    assert_eq!((negative.zone, negative.ttl), (name("example.com"), 60));
    let answered_for_another = Response {
        answer: vec![soa("example.com")],
        ..response(ResponseCode::NOERROR, true)
    };
    assert_eq!(asked_as("dev.example.com", answered_for_another), Reply::NoData(None));
}

#[test]
fn where_a_referral_leads_depends_on_the_zone_that_was_asked() {
    for (cut, zone, expected) in [
        ("dev.example.com", "example.com", Direction::Down),
        ("dev.example.com", "dev.example.com", Direction::Sideways),
        ("com", "example.com", Direction::Up),
        (".", "dev.example.com", Direction::Up),
        ("other.example.com", "example.com", Direction::Astray),
        ("a.dev.example.com", "example.com", Direction::Astray),
        ("example.net", "example.com", Direction::Astray),
    ] {
        let referring = Response {
            authority: vec![
                ns(cut, "ns-2.awsdns-00.com"),
                ns(cut, "ns-1.awsdns-00.com"),
                ns(cut, "ns-2.awsdns-00.com"),
            ],
            ..response(ResponseCode::NOERROR, false)
        };
        let Reply::Referral(referral) = asked_as(zone, referring) else {
            panic!("a referral to {cut}");
        };
        assert_eq!(
            (referral.direction, referral.name_servers.len()),
            (expected, 2),
            "{cut} from {zone}"
        );
    }
}

#[test]
fn glue_is_taken_for_names_within_the_zone_alone() {
    let glue = |owner: &str| record(owner, RecordType::A, Rdata::A([198, 51, 100, 1].into()));
    let referring = Response {
        authority: vec![
            ns("dev.example.com", "ns1.dev.example.com"),
            ns("dev.example.com", "ns.victim.net"),
        ],
        additional: vec![
            glue("ns1.dev.example.com"),
            glue("ns.victim.net"),
            glue("www.example.com"),
        ],
        ..response(ResponseCode::NOERROR, false)
    };
    let Reply::Referral(referral) = asked_as("example.com", referring) else {
        panic!("a referral");
    };
    let owners: Vec<String> = referral.glue.iter().map(|(owner, _)| owner.to_string()).collect();
    assert_eq!(owners, ["ns1.dev.example.com"]);
}

#[test]
fn a_referral_with_authority_is_a_referral_and_a_denial_with_name_servers_a_denial() {
    let careless = Response {
        authority: vec![ns("dev.example.com", "ns-1.awsdns-00.com")],
        ..response(ResponseCode::NOERROR, true)
    };
    assert!(matches!(asked_as("example.com", careless), Reply::Referral(_)));
    let denial = Response {
        authority: vec![ns("example.com", "ns-1.awsdns-00.com"), soa("example.com")],
        ..response(ResponseCode::NOERROR, true)
    };
    assert!(matches!(asked_as("example.com", denial), Reply::NoData(Some(_))));
}

#[test]
fn an_alias_says_where_to_go_on() {
    let question = Question {
        name: name("www.dev.example.com"),
        record_type: RecordType::A,
    };
    let canonical = record(
        "www.dev.example.com",
        RecordType::CNAME,
        Rdata::Cname(name("web.example.net")),
    );
    let redirection = record("dev.example.com", RecordType::DNAME, Rdata::Dname(name("example.net")));
    for (answer, owner, target) in [
        (vec![canonical], "www.dev.example.com", "web.example.net"),
        (vec![redirection], "dev.example.com", "www.example.net"),
    ] {
        // NXDOMAIN speaks of the end of the chain (RFC 2308 section 2.1), which this server may not know.
        for code in [ResponseCode::NOERROR, ResponseCode::NXDOMAIN] {
            let aliased = Response {
                answer: answer.clone(),
                ..response(code, true)
            };
            let reply = Reply::of(&question, &name("dev.example.com"), &Heard::Response(Box::new(aliased)));
            let Reply::Alias(alias) = reply else { panic!("an alias") };
            assert_eq!((alias.owner, alias.target), (name(owner), Some(name(target))));
        }
    }
}

#[test]
fn a_redirection_that_makes_the_name_too_long_leads_nowhere() {
    let long = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(50));
    let question = Question {
        name: name("wwwwwwwwwwww.dev.example.com"),
        record_type: RecordType::A,
    };
    let redirected = Response {
        answer: vec![record("dev.example.com", RecordType::DNAME, Rdata::Dname(name(&long)))],
        ..response(ResponseCode::NOERROR, true)
    };
    let reply = Reply::of(
        &question,
        &name("dev.example.com"),
        &Heard::Response(Box::new(redirected)),
    );
    assert!(matches!(reply, Reply::Alias(Alias { target: None, .. })), "{reply:?}");
}

#[test]
fn every_code_has_its_word() {
    assert_eq!(
        asked_as("example.com", response(ResponseCode::REFUSED, false)),
        Reply::Refused(Vec::new())
    );
    assert_eq!(
        asked_as("example.com", response(ResponseCode::SERVFAIL, false)),
        Reply::Failed(Vec::new())
    );
    assert_eq!(
        asked_as("example.com", response(ResponseCode::NOTIMP, false)),
        Reply::Code(ResponseCode::NOTIMP)
    );
    assert_eq!(
        asked_as("example.com", response(ResponseCode::NXDOMAIN, true)),
        Reply::NoName(None)
    );
    assert_eq!(
        asked_as("example.com", response(ResponseCode::NXDOMAIN, false)),
        Reply::NotAuthoritative(Vec::new()),
        "who has no authority cannot deny"
    );
    assert_eq!(
        asked_as("example.com", response(ResponseCode::NOERROR, false)),
        Reply::Empty
    );
    for heard in [Heard::Silent, Heard::Unreachable(Unreachable::Refused)] {
        assert!(Reply::of(&soa_of_child(), &name("example.com"), &heard).is_silence());
    }
}
