//! Each way in which a server can misbehave, as it shows on the wire.

use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use hickory_proto::op::Message;
use hickory_proto::op::ResponseCode::{FormErr, NXDomain, NoError, NotImp, Refused, ServFail};
use hickory_proto::rr::RecordType::{A, SOA};

use super::ask::{Stage, lines, query, shape, tcp, udp, udp_octets, with_edns};

const WORLD: &str = r#"
name = "misbehaving"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "example.com"
records = ["www 60 A 192.0.2.1"]
[[account.zone]]
name = "example.org"
records = ["www 60 A 192.0.2.2"]
[[outside]]
name = "sub.example.net"
servers = ["{absent,silent,refused,servfail,notimp,garbled,non-aa,upward,no-edns,drops-edns,udp-only,truncating,slow,recursive,scoped}.other.example"]
records = ["www 60 A 192.0.2.3"]
[[outside]]
name = "old.example.net"
servers = ["scoped.other.example"]
[[outside]]
name = "example.net"
servers = ["stale.other.example"]
delegate = false
records = ["x.nodata 60 A 192.0.2.4"]
[[server]]
name = "absent.other.example"
behaviour = "absent"
[[server]]
name = "silent.other.example"
behaviour = "silent"
[[server]]
name = "refused.other.example"
behaviour = "refused"
[[server]]
name = "servfail.other.example"
behaviour = "servfail"
[[server]]
name = "notimp.other.example"
behaviour = "notimp"
[[server]]
name = "garbled.other.example"
behaviour = "garbled"
[[server]]
name = "non-aa.other.example"
behaviour = "not-authoritative"
[[server]]
name = "upward.other.example"
behaviour = "upward-referral"
[[server]]
name = "no-edns.other.example"
behaviour = "no-edns"
[[server]]
name = "drops-edns.other.example"
behaviour = "drops-edns"
[[server]]
name = "udp-only.other.example"
behaviour = "udp-only"
[[server]]
name = "truncating.other.example"
behaviour = "truncating"
[[server]]
name = "slow.other.example"
behaviour = "slow:30ms"
[[server]]
name = "recursive.other.example"
behaviour = "recursive"
[[server]]
name = "scoped.other.example"
zone = "old.example.net"
behaviour = ["servfail", "slow:1ms"]
[[server]]
name = "$SET(example.org)[1]"
zone = "example.org"
behaviour = "servfail"
"#;

fn stage() -> Stage {
    Stage::of(WORLD)
}

fn server(stage: &Stage, label: &str) -> SocketAddr {
    let name = format!("{label}.other.example").parse().expect("a name");
    stage.servers.address_of(&name).expect("it stands somewhere")
}

fn asked() -> Message {
    query("www.sub.example.net", A)
}

/// Whether a server that is asked one question says nothing to it, but answers another that is asked after it.
fn says_nothing_to(server: SocketAddr, question: &Message, but_answers: &Message) -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    let mut second = but_answers.clone();
    second.metadata.id = question.metadata.id.wrapping_add(1);
    for message in [question, &second] {
        let octets = message.to_vec().expect("it encodes");
        socket.send_to(&octets, server).expect("loopback");
    }
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).expect("an answer to the second");
    Message::from_vec(&buffer[..length]).expect("it decodes").metadata.id == second.metadata.id
}

#[test]
fn a_server_that_answers_wrongly_says_so_on_the_wire() {
    let stage = stage();
    for (label, expected) in [
        ("refused", (Refused, false, 0, 0, 0)),
        ("servfail", (ServFail, false, 0, 0, 0)),
        ("notimp", (NotImp, false, 0, 0, 0)),
        ("non-aa", (NoError, false, 1, 15, 0)),
        ("upward", (NoError, false, 0, 2, 0)),
    ] {
        let server = server(&stage, label);
        assert_eq!(shape(&udp(server, &asked())), expected, "{label}");
        assert_eq!(shape(&tcp(server, &asked())), expected, "{label} over TCP");
    }
}

#[test]
fn an_old_copy_of_the_zone_above_denies_or_has_no_data() {
    let stage = stage();
    let server = server(&stage, "stale");
    assert_eq!(
        shape(&udp(server, &query("sub.example.net", SOA))),
        (NXDomain, true, 0, 1, 0)
    );
    assert_eq!(
        shape(&udp(server, &query("nodata.example.net", SOA))),
        (NoError, true, 0, 1, 0)
    );
}

#[test]
fn what_listens_nowhere_is_found_nowhere() {
    let stage = stage();
    let name = "absent.other.example".parse().expect("a name");
    assert_eq!(stage.servers.address_of(&name), None);
    assert_eq!(stage.resolve("absent.other.example", A).answers.len(), 1);
}

#[test]
fn an_opt_record_is_refused_or_not_answered() {
    let stage = stage();
    let with_opt = with_edns(asked(), 1232);
    let refusing = server(&stage, "no-edns");
    let refused = udp(refusing, &with_opt);
    assert_eq!(
        (refused.metadata.response_code, refused.edns.is_some()),
        (FormErr, false)
    );
    assert_eq!(udp(refusing, &asked()).answers.len(), 1);
    let dropping = server(&stage, "drops-edns");
    assert!(says_nothing_to(dropping, &with_opt, &asked()));
    assert_eq!(tcp(dropping, &with_opt).answers.len(), 1);
}

#[test]
fn a_silent_server_takes_connections_and_says_nothing() {
    let stage = stage();
    let mut stream = TcpStream::connect(server(&stage, "silent")).expect("it listens");
    let octets = asked().to_vec().expect("it encodes");
    let framed = [&u16::try_from(octets.len()).expect("short").to_be_bytes()[..], &octets].concat();
    std::io::Write::write_all(&mut stream, &framed).expect("it is sent");
    stream
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a timeout");
    assert!(stream.read(&mut [0; 1]).is_err(), "neither an answer nor the end");
}

#[test]
fn a_server_without_tcp_refuses_connections() {
    let stage = stage();
    let server = server(&stage, "udp-only");
    assert_eq!(udp(server, &asked()).answers.len(), 1);
    assert!(TcpStream::connect(server).is_err());
}

#[test]
fn a_garbling_server_sends_what_is_no_message() {
    let stage = stage();
    let octets = asked().to_vec().expect("it encodes");
    let answer = udp_octets(server(&stage, "garbled"), &octets);
    assert_eq!(answer[..2], octets[..2]);
    assert!(Message::from_vec(&answer).is_err());
}

#[test]
fn a_truncating_server_is_complete_over_tcp_alone() {
    let stage = stage();
    let server = server(&stage, "truncating");
    let answer = udp(server, &with_edns(asked(), 4096));
    assert!(answer.metadata.truncation && answer.answers.is_empty());
    assert_eq!(tcp(server, &asked()).answers.len(), 1);
}

#[test]
fn a_slow_server_answers_later_than_it_was_asked() {
    let stage = stage();
    let server = server(&stage, "slow");
    let began = std::time::Instant::now();
    assert_eq!(udp(server, &asked()).answers.len(), 1);
    assert!(began.elapsed() >= Duration::from_millis(30));
}

#[test]
fn a_recursive_server_resolves_foreign_names_for_whoever_wants_it() {
    let stage = stage();
    let server = server(&stage, "recursive");
    let own = udp(server, &asked());
    assert!(own.metadata.recursion_available && own.metadata.authoritative);
    let mut foreign = query("www.example.com", A);
    assert_eq!(udp(server, &foreign).metadata.response_code, Refused);
    foreign.metadata.recursion_desired = true;
    let resolved = udp(server, &foreign);
    assert_eq!(lines(&resolved.answers), ["www.example.com. A 192.0.2.1"]);
    assert!(!resolved.metadata.authoritative);
}

#[test]
fn a_server_may_misbehave_for_one_zone_alone() {
    let stage = stage();
    let scoped = server(&stage, "scoped");
    assert_eq!(
        udp(scoped, &query("old.example.net", SOA)).metadata.response_code,
        ServFail
    );
    assert_eq!(udp(scoped, &asked()).metadata.response_code, NoError);
    let set = stage
        .world
        .lock()
        .expect("not poisoned")
        .zone_by_key("example.org")
        .expect("a zone")
        .1
        .delegation_set
        .clone();
    let codes: Vec<_> = set
        .iter()
        .map(|server| {
            let address = stage.servers.address_of(server).expect("bound");
            udp(address, &query("example.org", SOA)).metadata.response_code
        })
        .collect();
    assert_eq!(codes, [NoError, ServFail, NoError, NoError]);
}

#[test]
fn the_file_is_told_what_is_wrong_with_it() {
    use zonecut::sim::world::World;
    for (line, why) in [
        (
            "name = \"nobody.example\"\nbehaviour = \"silent\"",
            "no name server of this world",
        ),
        (
            "name = \"a.root-servers.example\"\nbehaviour = \"asleep\"",
            "a server may be",
        ),
        (
            "name = \"a.root-servers.example\"\nzone = \"example\"\nbehaviour = \"udp-only\"",
            "takes no zone",
        ),
    ] {
        let told = World::from_toml(&format!("name = \"x\"\n[[server]]\n{line}\n")).expect_err("it is refused");
        assert!(told.to_string().contains(why), "{told}");
    }
}
