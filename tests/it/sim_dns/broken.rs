//! Whatever octets come in, the servers stay up and answer the next query.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use hickory_proto::op::Message;
use hickory_proto::rr::RecordType;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::ask::{Stage, query, with_edns};
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

/// Asks for a name that only this question asks for, and waits for its answer among the others.
fn is_alive(socket: &UdpSocket, server: SocketAddr) -> Result<(), TestCaseError> {
    let asked = query("alive.wild.example.com", RecordType::A);
    let octets = asked.to_vec().expect("it encodes");
    socket.send_to(&octets, server).expect("loopback takes it");
    let mut buffer = [0; 65_535];
    loop {
        let (length, from) = socket
            .recv_from(&mut buffer)
            .map_err(|error| TestCaseError::fail(format!("{server} is silent: {error}")))?;
        let answer = Message::from_vec(&buffer[..length]);
        if from == server && answer.is_ok_and(|answer| answer.queries == asked.queries) {
            return Ok(());
        }
    }
}

#[test]
fn no_datagram_brings_a_server_down() {
    let stage = Stage::of(ACME);
    let servers = [stage.server("example.com"), stage.servers.resolver()];
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&datagram(), |octets| {
        for server in servers {
            socket.send_to(&octets, server).expect("loopback takes it");
            is_alive(&socket, server)?;
        }
        Ok(())
    });
    outcome.expect("both servers answer after every datagram");
}
