//! Queries over real sockets: to the simulator's servers, and to servers that misbehave.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use zonecut::dns::Sockets;
use zonecut::model::dns::{Direction, Heard, Question, Rdata, Reply, ResponseCode, Transport, Unreachable};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::ports::{Dns as _, Exchange, Extension, Query, Recursion};
use zonecut::sim::dns::{Options, Servers};
use zonecut::sim::world::World;

const ACME: &str = r#"
name = "acme"
[[account]]
id = "111122223333"
name = "shared"
[[account.zone]]
name = "example.com"
records = [
  "www 300 A 192.0.2.1",
  "alias 60 CNAME www.example.com.",
  "signed 300 NS ns.example.net.",
  "signed 300 DS 55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17",
]
[[account.zone]]
name = "dev.example.com"
key = "dev"
"#;

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn query(server: SocketAddr, asked: &str, record_type: RecordType, transport: Transport) -> Query {
    Query {
        server,
        question: Question {
            name: name(asked),
            record_type,
        },
        transport,
        extension: Extension::Edns,
        recursion: Recursion::Undesired,
        patience: Duration::from_secs(10),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn exchange(query: &Query) -> Exchange {
    runtime().block_on(Sockets::within_this_machine().exchange(query))
}

fn reply(exchange: &Exchange, query: &Query, zone: &str) -> Reply {
    Reply::of(&query.question, &name(zone), &exchange.heard)
}

#[test]
fn the_simulators_servers_answer_refer_and_refuse_over_both_transports() {
    let runtime = runtime();
    let world = Arc::new(Mutex::new(World::from_toml(ACME).expect("a valid world")));
    let servers = {
        let _runtime = runtime.enter();
        Servers::start(Arc::clone(&world) as Arc<_>, Options::default()).expect("loopback can be bound")
    };
    let server = {
        let world = world.lock().expect("no test panics with it");
        let (_, zone) = world.zone_by_key("example.com").expect("a zone");
        servers.address_of(&zone.delegation_set[0]).expect("it is bound")
    };
    for transport in [Transport::Udp, Transport::Tcp] {
        let ask = |asked: &str, record_type| {
            let query = query(server, asked, record_type, transport);
            let exchange = runtime.block_on(Sockets::within_this_machine().exchange(&query));
            assert_eq!(exchange.mismatched, 0, "{asked}");
            reply(&exchange, &query, "example.com")
        };
        let Reply::Answer(records) = ask("www.example.com", RecordType::A) else {
            panic!("an answer")
        };
        assert_eq!(
            (records[0].ttl, &records[0].data),
            (300, &Rdata::A([192, 0, 2, 1].into()))
        );
        assert!(
            matches!(ask("alias.example.com", RecordType::A), Reply::Alias(alias) if alias.target == Some(name("www.example.com")))
        );
        assert!(matches!(ask("www.example.com", RecordType::MX), Reply::NoData(Some(_))));
        assert!(
            matches!(ask("nothing.example.com", RecordType::A), Reply::NoName(Some(negative)) if negative.ttl == 900)
        );
        assert_eq!(ask("www.example.net", RecordType::A), Reply::Refused(Vec::new()));
        let Reply::Referral(referral) = ask("app.signed.example.com", RecordType::A) else {
            panic!("a referral")
        };
        assert_eq!(
            (referral.cut, referral.direction, referral.ttl),
            (name("signed.example.com"), Direction::Down, 300)
        );
        assert_eq!(
            (referral.name_servers.as_slice(), referral.ds.len()),
            (&[name("ns.example.net")][..], 1)
        );
    }
}

/// A UDP server on loopback that sends, for the first query, what `answer` makes of it.
fn udp_server(answer: impl FnOnce(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("an address");
    thread::spawn(move || {
        let mut buffer = [0; 1500];
        let (length, from) = socket.recv_from(&mut buffer).expect("a query");
        for message in answer(&buffer[..length]) {
            socket.send_to(&message, from).expect("sent");
        }
    });
    address
}

/// The query turned into a response, with a code and a record of the answer section left out.
fn responding(query: &[u8], code: u8) -> Vec<u8> {
    let mut message = query.to_vec();
    message[2] |= 0x84;
    message[3] = code;
    message
}

#[test]
fn a_hundred_forged_replies_are_passed_over() {
    let server = udp_server(|query| {
        let mut forged: Vec<Vec<u8>> = (1..=100_u16)
            .map(|shift| {
                let mut message = responding(query, 3);
                let id = u16::from_be_bytes([message[0], message[1]]).wrapping_add(shift);
                message[..2].copy_from_slice(&id.to_be_bytes());
                message
            })
            .collect();
        // The right id, and the name in other letters: somebody who did not see the query.
        let mut blind = responding(query, 3);
        blind[12..].make_ascii_lowercase();
        forged.push(blind);
        forged.push(responding(query, 5));
        forged
    });
    let query = query(
        server,
        "a-name-of-many-letters.example.com",
        RecordType::SOA,
        Transport::Udp,
    );
    let exchange = exchange(&query);
    let Heard::Response(response) = exchange.heard else {
        panic!("the response")
    };
    assert_eq!((response.code, exchange.mismatched), (ResponseCode::REFUSED, 101));
}

#[test]
fn what_cannot_be_read_is_malformed_and_not_silence() {
    let server = udp_server(|query| {
        let mut message = responding(query, 0);
        message[7] = 9;
        vec![message]
    });
    let query = query(server, "example.com", RecordType::SOA, Transport::Udp);
    assert_eq!(exchange(&query).heard, Heard::Malformed);
}

#[test]
fn nothing_listening_is_known_at_once_over_both_transports() {
    let free = UdpSocket::bind("127.0.0.1:0")
        .expect("a socket")
        .local_addr()
        .expect("an address");
    for transport in [Transport::Udp, Transport::Tcp] {
        let query = query(free, "example.com", RecordType::SOA, transport);
        assert_eq!(
            exchange(&query).heard,
            Heard::Unreachable(Unreachable::Refused),
            "{transport:?}"
        );
    }
}

#[test]
fn silence_ends_when_patience_does() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let mut query = query(
        silent.local_addr().expect("an address"),
        "example.com",
        RecordType::SOA,
        Transport::Udp,
    );
    query.patience = Duration::from_millis(30);
    let exchange = exchange(&query);
    assert_eq!(
        (exchange.heard, exchange.took),
        (Heard::Silent, Duration::from_millis(30))
    );
}

#[test]
fn a_connection_that_drips_or_ends_early_is_no_answer() {
    for (sent, expected) in [
        (&b""[..], Heard::Unreachable(Unreachable::Closed)),
        (b"\x00", Heard::Unreachable(Unreachable::Closed)),
        (b"\xff\xff\x00\x01", Heard::Unreachable(Unreachable::Closed)),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let server = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut length = [0; 2];
            stream.read_exact(&mut length).expect("a query");
            let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut query).expect("a query");
            stream.write_all(sent).expect("sent");
        });
        let query = query(server, "example.com", RecordType::SOA, Transport::Tcp);
        assert_eq!(exchange(&query).heard, expected, "{sent:?}");
    }
}

#[test]
fn a_length_and_then_silence_ends_when_patience_does() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let server = listener.local_addr().expect("an address");
    let held = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.write_all(b"\xff\xff").expect("sent");
        let mut rest = Vec::new();
        // Ends when the other side goes away.
        stream.read_to_end(&mut rest).map(|_| ())
    });
    let mut query = query(server, "example.com", RecordType::SOA, Transport::Tcp);
    query.patience = Duration::from_millis(50);
    assert_eq!(exchange(&query).heard, Heard::Silent);
    let _ = held.join().expect("it ended");
}

#[test]
fn within_this_machine_nothing_is_sent_elsewhere() {
    let elsewhere = "192.0.2.1:53".parse().expect("an address");
    for transport in [Transport::Udp, Transport::Tcp] {
        let query = query(elsewhere, "example.com", RecordType::SOA, transport);
        assert_eq!(exchange(&query).heard, Heard::Unreachable(Unreachable::Local));
    }
}
