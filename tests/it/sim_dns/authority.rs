//! What the servers of a zone say about names in it.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use hickory_proto::op::ResponseCode::{FormErr, NXDomain, NoError, NotImp, Refused};
use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::RecordType::{self, A, AAAA, ANY, AXFR, CNAME, DS, MX, NS, SOA, TXT};
use hickory_proto::rr::{DNSClass, RData};
use zonecut::sim::dns::{Addressing, Options};

use super::ask::{Stage, connect, exchange, lines, query, shape, tcp, udp, udp_octets, with_edns};

pub(super) const ACME: &str = r#"
name = "acme"
[[account]]
id = "111122223333"
name = "shared"
[[account.zone]]
name = "example.com"
records = [
  "www 300 A 192.0.2.1 192.0.2.2",
  "www 300 AAAA 2001:db8::1",
  "a.deep 60 A 192.0.2.3",
  "alias 60 CNAME www.example.com.",
  "chain 60 CNAME alias.example.com.",
  "loop-1 60 CNAME loop-2.example.com.",
  "loop-2 60 CNAME loop-1.example.com.",
  "to-nothing 60 CNAME nothing.example.com.",
  "to-dev 60 CNAME app.dev.example.com.",
  "away 60 CNAME www.example.net.",
  "*.wild 60 A 192.0.2.9",
  "*.wild 60 TXT \"any\"",
  "there.wild 60 TXT \"here\"",
  "x.branch.wild 60 TXT \"deeper\"",
  "*.names 60 CNAME www.example.com.",
  "glued 300 NS ns1.glued.example.com. ns2.sibling.example.com. ns.example.net.",
  "ns1.glued 300 A 192.0.2.53",
  "ns1.glued 300 AAAA 2001:db8::53",
  "ns2.sibling 300 A 192.0.2.54",
  "hidden.dev 300 A 192.0.2.66",
  "deeper.hidden.dev 300 NS $GONE(hidden)",
  "signed 300 DS $DS(signed)",
  "apex ALIAS A www.example.com. Z0EXAMPLECOM0000",
  "apex ALIAS AAAA www.example.com. Z0EXAMPLECOM0000",
  "balancer ALIAS A lb-1.eu-west-1.elb.amazonaws.com. Z32O12XQLNTSW2",
  "pick 60 A 192.0.2.101 # id=light weight=1",
  "pick 60 A 192.0.2.102 # id=heavy weight=9",
]
id = "Z0EXAMPLECOM0000"
[[account.zone]]
name = "example.com"
key = "inside"
private = true
[[account]]
id = "444455556666"
name = "team"
[[account.zone]]
name = "dev.example.com"
key = "dev"
records = ["app 60 A 192.0.2.77"]
[[account.zone]]
name = "signed.example.com"
key = "signed"
signing = "SIGNING"
"#;

/// The same with a name whose answer does not fit into 512 octets, or into 1232.
pub(super) fn acme_with_big_answer() -> String {
    let records: String = (0..12)
        .map(|index| format!("'big 60 TXT \"{index:02}{}\"',", "x".repeat(200)))
        .collect();
    ACME.replacen("records = [", &format!("records = [{records}"), 1)
}

fn acme() -> Stage {
    Stage::of(ACME)
}

#[test]
fn an_answer_from_the_zone_is_authoritative() {
    let stage = acme();
    let answer = stage.ask("example.com", "www.example.com", A);
    assert_eq!(shape(&answer), (NoError, true, 2, 4, 0));
    assert_eq!(
        lines(&answer.answers),
        ["www.example.com. A 192.0.2.1", "www.example.com. A 192.0.2.2"]
    );
    assert!(answer.authorities.iter().all(|record| record.record_type() == NS));
    assert!(!answer.metadata.recursion_available);
    assert_eq!(
        shape(&stage.ask("example.com", "example.com", NS)),
        (NoError, true, 4, 0, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "example.com", SOA)),
        (NoError, true, 1, 4, 0)
    );
}

#[test]
fn every_server_of_a_zone_answers_for_it_over_both_transports() {
    let stage = acme();
    let set = {
        let world = stage.world.lock().expect("not poisoned");
        let (_, zone) = world.zone_by_key("dev").expect("a zone");
        zone.delegation_set.clone()
    };
    for server in &set {
        let address = stage.servers.address_of(server).expect("bound");
        assert!(address.ip().is_loopback());
        let query = query("app.dev.example.com", A);
        assert_eq!(shape(&udp(address, &query)), (NoError, true, 1, 4, 0));
        assert_eq!(udp(address, &query).answers, tcp(address, &query).answers);
    }
}

#[test]
fn the_parent_refers_to_the_childs_servers() {
    let stage = acme();
    for (name, record_type) in [
        ("dev.example.com", NS),
        ("dev.example.com", SOA),
        ("app.dev.example.com", A),
    ] {
        let answer = stage.ask("example.com", name, record_type);
        assert_eq!(shape(&answer), (NoError, false, 0, 4, 0), "{name} {record_type}");
        assert!(lines(&answer.authorities)[0].starts_with("dev.example.com. NS ns-"));
    }
    assert_eq!(
        shape(&stage.ask("dev", "dev.example.com", NS)),
        (NoError, true, 4, 0, 0)
    );
}

#[test]
fn a_referral_brings_the_glue_that_the_zone_holds() {
    let stage = acme();
    let answer = stage.ask("example.com", "x.glued.example.com", A);
    assert_eq!(shape(&answer), (NoError, false, 0, 3, 3));
    assert_eq!(
        lines(&answer.additionals),
        [
            "ns1.glued.example.com. A 192.0.2.53",
            "ns1.glued.example.com. AAAA 2001:db8::53",
            "ns2.sibling.example.com. A 192.0.2.54",
        ]
    );
}

#[test]
fn what_lies_below_a_cut_is_never_served() {
    let stage = acme();
    for name in [
        "hidden.dev.example.com",
        "deeper.hidden.dev.example.com",
        "x.deeper.hidden.dev.example.com",
    ] {
        let answer = stage.ask("example.com", name, A);
        assert_eq!(shape(&answer), (NoError, false, 0, 4, 0));
        assert!(
            lines(&answer.authorities)[0].starts_with("dev.example.com. NS "),
            "{name}"
        );
    }
    assert_eq!(
        shape(&stage.ask("dev", "hidden.dev.example.com", A)),
        (NXDomain, true, 0, 1, 0)
    );
    assert!(!shape(&stage.ask("example.com", "ns1.glued.example.com", A)).1);
}

#[test]
fn a_name_that_does_not_exist_is_told_from_one_without_that_type() {
    let stage = acme();
    let missing = stage.ask("example.com", "no.example.com", A);
    assert_eq!(shape(&missing), (NXDomain, true, 0, 1, 0));
    let RData::SOA(soa) = &missing.authorities[0].data else {
        panic!("{:?}", missing.authorities)
    };
    // The least of the SOA's own TTL, 900, and its last field, 86400 (RFC 2308 section 3).
    assert_eq!((soa.minimum, missing.authorities[0].ttl), (86_400, 900));
    assert_eq!(
        shape(&stage.ask("example.com", "www.example.com", MX)),
        (NoError, true, 0, 1, 0)
    );
}

#[test]
fn a_name_with_something_below_it_exists() {
    let stage = acme();
    assert_eq!(
        shape(&stage.ask("example.com", "deep.example.com", A)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "wild.example.com", A)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "dee.example.com", A)),
        (NXDomain, true, 0, 1, 0)
    );
}

#[test]
fn a_server_refuses_what_it_does_not_host() {
    let stage = acme();
    for (name, record_type) in [("example.net", SOA), ("com", NS), (".", NS), ("notexample.com", A)] {
        assert_eq!(
            shape(&stage.ask("dev", name, record_type)),
            (Refused, false, 0, 0, 0),
            "{name}"
        );
    }
    assert_eq!(
        shape(&stage.ask("dev", "www.example.com", A)),
        (Refused, false, 0, 0, 0)
    );
}

#[test]
fn the_servers_of_private_zones_refuse() {
    let stage = acme();
    assert_eq!(
        shape(&stage.ask("inside", "example.com", SOA)),
        (Refused, false, 0, 0, 0)
    );
}

#[test]
fn servers_of_zones_that_are_gone_refuse() {
    let stage = acme();
    let gone = "ns-510.awsdns-63.com".parse().expect("a name");
    let address = stage.servers.address_of(&gone).expect("it is bound when asked for");
    assert_eq!(
        shape(&udp(address, &query("example.com", SOA))),
        (Refused, false, 0, 0, 0)
    );
    assert_eq!(
        stage.servers.address_of(&"ns1.example.net".parse().expect("a name")),
        None
    );
}

#[test]
fn the_deepest_zone_of_a_shared_server_answers() {
    let toml = r#"
name = "shared servers"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "example.com"
delegation_set = ["ns-1.awsdns-00.com"]
records = ["sub 60 DS 1 13 2 00", "x.sub 60 A 192.0.2.1"]
[[account.zone]]
name = "sub.example.com"
delegation_set = ["ns-1.awsdns-00.com"]
records = ["x 60 A 192.0.2.2"]
"#;
    let stage = Stage::of(toml);
    let answer = stage.ask("example.com", "x.sub.example.com", A);
    assert_eq!(lines(&answer.answers), ["x.sub.example.com. A 192.0.2.2"]);
    assert_eq!(
        shape(&stage.ask("example.com", "sub.example.com", NS)),
        (NoError, true, 1, 0, 0)
    );
    // A DS belongs to the parent, even where the child is at hand (RFC 4035 section 3.1.4.1).
    assert_eq!(shape(&stage.ask("example.com", "sub.example.com", DS)).2, 1);
}

#[test]
fn a_ds_is_answered_by_the_parent() {
    let stage = acme();
    let answer = stage.ask("example.com", "signed.example.com", DS);
    assert_eq!(shape(&answer), (NoError, true, 1, 4, 0));
    assert_eq!(
        shape(&stage.ask("example.com", "dev.example.com", DS)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("signed", "signed.example.com", DS)),
        (NoError, true, 0, 1, 0)
    );
    let server = stage.server("example.com");
    let plain = udp(server, &query("signed.example.com", NS));
    assert_eq!(plain.authorities.len(), 4);
    let mut dnssec = with_edns(query("signed.example.com", NS), 1232);
    dnssec.edns.as_mut().expect("EDNS").set_dnssec_ok(true);
    let answer = udp(server, &dnssec);
    assert_eq!(answer.authorities.iter().filter(|r| r.record_type() == DS).count(), 1);
    assert!(answer.edns.expect("EDNS").flags().dnssec_ok);
}

#[test]
fn a_cname_is_followed_within_the_zone() {
    let stage = acme();
    let answer = stage.ask("example.com", "chain.example.com", AAAA);
    assert_eq!(
        lines(&answer.answers),
        [
            "alias.example.com. CNAME www.example.com.",
            "chain.example.com. CNAME alias.example.com.",
            "www.example.com. AAAA 2001:db8::1"
        ]
    );
    assert_eq!(shape(&stage.ask("example.com", "chain.example.com", CNAME)).2, 1);
    assert_eq!(
        shape(&stage.ask("example.com", "chain.example.com", MX)),
        (NoError, true, 2, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "to-nothing.example.com", A)),
        (NXDomain, true, 1, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "away.example.com", A)),
        (NoError, true, 1, 4, 0)
    );
}

#[test]
fn a_cname_that_leaves_by_a_cut_ends_in_a_referral_and_a_loop_ends() {
    let stage = acme();
    let answer = stage.ask("example.com", "to-dev.example.com", A);
    assert_eq!(shape(&answer), (NoError, true, 1, 4, 0));
    assert!(lines(&answer.authorities)[0].starts_with("dev.example.com. NS "));
    assert_eq!(
        shape(&stage.ask("example.com", "loop-1.example.com", A)),
        (NoError, true, 2, 4, 0)
    );
}

#[test]
fn a_wildcard_answers_for_names_that_do_not_exist() {
    let stage = acme();
    let answer = stage.ask("example.com", "a.b.wild.example.com", A);
    assert_eq!(lines(&answer.answers), ["a.b.wild.example.com. A 192.0.2.9"]);
    let answer = stage.ask("example.com", "x.names.example.com", A);
    assert_eq!(answer.answers.len(), 3);
    assert_eq!(
        shape(&stage.ask("example.com", "a.wild.example.com", MX)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(shape(&stage.ask("example.com", "*.wild.example.com", A)).2, 1);
}

#[test]
fn a_wildcard_does_not_answer_below_its_closest_enclosers_other_names() {
    let stage = acme();
    assert_eq!(
        shape(&stage.ask("example.com", "there.wild.example.com", A)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "x.there.wild.example.com", A)),
        (NXDomain, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "branch.wild.example.com", A)),
        (NoError, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&stage.ask("example.com", "y.branch.wild.example.com", A)),
        (NXDomain, true, 0, 1, 0)
    );
}

#[test]
fn any_brings_all_types_of_a_name() {
    let stage = acme();
    let answer = stage.ask("example.com", "www.example.com", ANY);
    assert_eq!(answer.answers.len(), 3);
    let answer = stage.ask("example.com", "x.wild.example.com", ANY);
    assert_eq!(lines(&answer.answers).len(), 2);
    assert_eq!(stage.ask("example.com", "example.com", ANY).answers.len(), 5);
}

#[test]
fn an_alias_answers_with_the_records_of_its_target() {
    let stage = acme();
    let answer = stage.ask("example.com", "apex.example.com", A);
    assert_eq!(
        lines(&answer.answers),
        ["apex.example.com. A 192.0.2.1", "apex.example.com. A 192.0.2.2"]
    );
    assert_eq!(answer.answers[0].ttl, 300);
    assert_eq!(
        shape(&stage.ask("example.com", "apex.example.com", MX)),
        (NoError, true, 0, 1, 0)
    );
    let outside = stage.ask("example.com", "balancer.example.com", A);
    let RData::A(address) = outside.answers[0].data else {
        panic!("{:?}", outside.answers)
    };
    assert!(address.0.is_documentation());
    assert_eq!(
        outside.answers,
        stage.ask("example.com", "balancer.example.com", A).answers
    );
    let heavy = stage.ask("example.com", "pick.example.com", A);
    assert_eq!(lines(&heavy.answers), ["pick.example.com. A 192.0.2.102"]);
}

#[test]
fn the_case_of_the_question_is_kept() {
    let stage = acme();
    let mut asked = query("www.example.com", A);
    let name = hickory_proto::rr::Name::from_labels(["wWw", "ExAmPlE", "cOm"].map(str::as_bytes)).expect("labels");
    asked.queries[0].set_name(name.clone());
    let answer = udp(stage.server("example.com"), &asked);
    assert!(answer.queries[0].name().eq_case(&name));
    assert!(answer.answers[0].name.eq_case(&name));
}

#[test]
fn an_answer_that_is_too_large_is_truncated_and_complete_over_tcp() {
    let stage = Stage::of(&acme_with_big_answer());
    let server = stage.server("example.com");
    let asked = query("big.example.com", TXT);
    let plain = udp(server, &asked);
    assert!(plain.metadata.truncation && plain.answers.is_empty());
    assert_eq!(plain.queries, asked.queries);
    let small = udp(server, &with_edns(asked.clone(), 1232));
    assert!(small.metadata.truncation && small.edns.is_some());
    let large = udp(server, &with_edns(asked.clone(), 4096));
    assert_eq!((large.metadata.truncation, large.answers.len()), (false, 12));
    let complete = tcp(server, &asked);
    assert_eq!((complete.metadata.truncation, complete.answers.len()), (false, 12));
}

#[test]
fn edns_is_echoed_and_a_later_version_is_told() {
    let stage = acme();
    let server = stage.server("example.com");
    assert_eq!(udp(server, &query("www.example.com", A)).edns, None);
    let edns = udp(server, &with_edns(query("www.example.com", A), 1232))
        .edns
        .expect("EDNS");
    assert_eq!(
        (edns.version(), edns.max_payload(), edns.flags().dnssec_ok),
        (0, 4096, false)
    );
    let mut later = with_edns(query("www.example.com", A), 1232);
    later.edns.as_mut().expect("EDNS").set_version(1);
    let answer = udp(server, &later);
    // The number has two names (RFC 6891 section 9, RFC 8945 section 9).
    assert_eq!(
        u16::from(answer.metadata.response_code),
        u16::from(ResponseCode::BADVERS)
    );
    assert_eq!(answer.edns.expect("EDNS").version(), 0);
}

#[test]
fn what_is_no_plain_query_is_refused_by_its_kind() {
    let stage = acme();
    let server = stage.server("example.com");
    for operation in [OpCode::Status, OpCode::Notify, OpCode::Update] {
        let mut message = query("example.com", SOA);
        message.metadata.op_code = operation;
        let answer = udp(server, &message);
        assert_eq!(
            (answer.metadata.response_code, answer.metadata.op_code),
            (NotImp, operation)
        );
    }
    let mut chaos = query("version.bind", TXT);
    chaos.queries[0].set_query_class(DNSClass::CH);
    assert_eq!(udp(server, &chaos).metadata.response_code, Refused);
    assert_eq!(tcp(server, &query("example.com", AXFR)).metadata.response_code, Refused);
    let mut two = query("example.com", SOA);
    two.add_query(two.queries[0].clone());
    assert_eq!(udp(server, &two).metadata.response_code, FormErr);
    let header = Message::new(7, MessageType::Query, OpCode::Query)
        .to_vec()
        .expect("it encodes");
    assert_eq!(
        udp(server, &Message::from_vec(&header).expect("decodes"))
            .metadata
            .response_code,
        FormErr
    );
    let mut cut = query("example.com", SOA).to_vec().expect("it encodes");
    cut.truncate(20);
    assert_eq!(udp_octets(server, &cut)[3] & 0x0f, 1);
}

#[test]
fn nothing_is_said_to_a_response_or_to_half_a_header() {
    let stage = acme();
    let server = stage.server("example.com");
    let mut response = query("www.example.com", A);
    response.metadata.message_type = MessageType::Response;
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket.connect(server).expect("loopback");
    socket.send(&response.to_vec().expect("it encodes")).expect("sent");
    socket.send(&[0; 11]).expect("sent");
    let mut asked = query("www.example.com", A);
    asked.metadata.id = 99;
    socket.send(&asked.to_vec().expect("it encodes")).expect("sent");
    // Datagrams are answered in their order, so the first answer is the query's.
    let mut buffer = [0; 512];
    let length = socket.recv(&mut buffer).expect("an answer");
    assert_eq!(Message::from_vec(&buffer[..length]).expect("decodes").metadata.id, 99);
}

#[test]
fn one_tcp_connection_carries_several_queries() {
    let stage = acme();
    let mut stream = connect(stage.server("example.com"));
    for name in ["www.example.com", "a.deep.example.com"] {
        assert_eq!(exchange(&mut stream, &query(name, A)).metadata.response_code, NoError);
    }
}

#[test]
fn servers_have_a_port_each_where_there_is_one_address() {
    let options = Options {
        addressing: Addressing::Port,
        ..Options::default()
    };
    let stage = Stage::with(ACME, options);
    let (parent, child) = (stage.server("example.com"), stage.server("dev"));
    assert_eq!(
        (parent.ip(), child.ip()),
        (Ipv4Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into())
    );
    assert_ne!(parent.port(), child.port());
    assert_eq!(
        shape(&udp(parent, &query("dev.example.com", NS))),
        (NoError, false, 0, 4, 0)
    );
    assert_eq!(
        shape(&tcp(child, &query("dev.example.com", NS))),
        (NoError, true, 4, 0, 0)
    );
    let address = stage.resolve("app.dev.example.com", RecordType::A);
    assert_eq!(lines(&address.answers), ["app.dev.example.com. A 192.0.2.77"]);
}

#[test]
fn the_sockets_are_closed_when_the_servers_are_dropped() {
    let Stage {
        servers,
        world: _world,
        runtime,
    } = acme();
    let address = servers.resolver();
    drop(servers);
    drop(runtime);
    UdpSocket::bind(address).expect("nobody has it any more");
    TcpListener::bind(address).expect("nobody has it any more");
}
