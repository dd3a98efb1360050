//! Whatever octets come in, the servers stay up and answer the next query.

use std::net::{Ipv4Addr, UdpSocket};

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::ask::{Stage, query, udp, with_edns};
use super::authority::ACME;

/// Octets at random, or a query of which some octets are others.
fn datagram() -> impl Strategy<Value = Vec<u8>> {
    let valid = with_edns(query("a.b.wild.example.com", RecordType::A), 1232)
        .to_vec()
        .expect("it encodes");
    let spoilt = (
        proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        any::<prop::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(move |(changes, end, cut)| {
            let mut octets = valid.clone();
            for (at, octet) in changes {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            if cut {
                octets.truncate(end.index(octets.len()));
            }
            octets
        });
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..600), spoilt]
}

#[test]
fn no_datagram_brings_a_server_down() {
    let stage = Stage::of(ACME);
    let servers = [stage.server("example.com"), stage.servers.resolver()];
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let mut runner = TestRunner::new(ProptestConfig::with_cases(3_000));
    runner
        .run(&datagram(), |octets| {
            for server in servers {
                socket.send_to(&octets, server).expect("loopback takes it");
            }
            Ok(())
        })
        .expect("it is sent");
    for server in servers {
        let mut asked = query("www.example.com", RecordType::A);
        asked.metadata.recursion_desired = true;
        assert_eq!(udp(server, &asked).metadata.response_code, ResponseCode::NoError);
    }
}
