//! Resolvers over HTTPS: the simulator's, those that misbehave, and what a trace makes of them where port 53 is filtered.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use zonecut::dns::{Sent, Sockets};
use zonecut::model::dns::{Heard, Question, Rdata, Resolved, ResponseCode, Unreachable};
use zonecut::model::record::RecordType;
use zonecut::ports::{Dns as _, Extension, HttpsQuery, Recursion};
use zonecut::sim::dns::{Options, Servers};
use zonecut::sim::world::World;

use super::cli::run::Place;

const WORLD: &str = r#"
name = "small"
[[account]]
id = "111122223333"
name = "shared"
[[account.zone]]
name = "example.test"
records = ["www 300 A 192.0.2.1", "to 60 CNAME www.example.test.", "top 60 CNAME example.test."]
[[outside]]
name = "."
[[outside]]
name = "test"
"#;

fn question(name: &str) -> Question {
    Question {
        name: name.parse().expect("a name"),
        record_type: RecordType::A,
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn servers(runtime: &tokio::runtime::Runtime) -> Servers {
    let world = World::from_toml(WORLD).expect("a world");
    let _runtime = runtime.enter();
    Servers::start(Arc::new(Mutex::new(world)), Options::default()).expect("loopback can be bound")
}

fn ask(url: &str, name: &str, patience: Duration) -> Heard {
    let query = HttpsQuery {
        endpoint: url.parse().expect("a URL"),
        question: question(name),
        patience,
    };
    let sockets = Sockets::within_this_machine();
    runtime().block_on(sockets.exchange_over_https(&query)).heard
}

#[test]
fn the_resolver_answers_over_http_as_it_does_otherwise() {
    let runtime = runtime();
    let servers = servers(&runtime);
    let heard = ask(&servers.over_http(), "to.example.test", Duration::from_secs(10));
    match Resolved::of(&question("to.example.test"), &heard) {
        Resolved::Answer { records, ttl } => {
            assert_eq!(records[0].data, Rdata::A([192, 0, 2, 1].into()));
            assert_eq!(ttl, 60);
        }
        other => panic!("{other:?}"),
    }
    match ask(&servers.over_http(), "none.example.test", Duration::from_secs(10)) {
        Heard::Response(response) => assert_eq!(response.code, ResponseCode::NXDOMAIN),
        other => panic!("{other:?}"),
    }
}

/// What comes back for a request as it is written here.
fn raw(url: &str, request: &str, body: &[u8]) -> String {
    let authority = url.trim_start_matches("http://").trim_end_matches("/dns-query");
    let mut stream = TcpStream::connect(authority).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    stream.write_all(body).expect("sent");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("it ends");
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn the_simulator_takes_queries_by_get_too_and_refuses_what_is_none() {
    let runtime = runtime();
    let servers = servers(&runtime);
    let url = servers.over_http();
    let sent = Sent::new(
        &question("www.example.test"),
        Extension::None,
        Recursion::Desired,
        [0; 34],
    )
    .expect("a query");
    let encoded = data_encoding::BASE64URL_NOPAD.encode(sent.octets());
    let head = "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let by_get = raw(&url, &format!("GET /dns-query?dns={encoded} {head}\r\n"), &[]);
    assert!(
        by_get.starts_with("HTTP/1.1 200 OK\r\ncontent-type: application/dns-message\r\n"),
        "{by_get}"
    );
    for (line, status) in [
        (format!("GET /dns-query?dns=AAAA {head}\r\n"), 400),
        (format!("GET /dns-query {head}\r\n"), 400),
        (format!("GET /dns-query?dns=!! {head}\r\n"), 400),
        (format!("GET /elsewhere?dns={encoded} {head}\r\n"), 404),
        (format!("PUT /dns-query {head}content-length: 0\r\n\r\n"), 405),
        (format!("POST /dns-query {head}content-length: 0\r\n\r\n"), 415),
    ] {
        let response = raw(&url, &line, &[]);
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{line}: {response}"
        );
    }
}

/// A server that says the same to every connection, whatever it is sent; its URL.
fn saying(response: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let query = request(&mut stream);
            let _ = stream.write_all(&response(&query));
        }
    });
    format!("http://{address}/dns-query")
}

/// The body of a request.
fn request(stream: &mut TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).expect("a request");
        heard.extend_from_slice(&buffer[..length]);
        let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&heard[..end]).to_ascii_lowercase();
        let told = head.split("content-length: ").nth(1).expect("a length");
        let body: usize = told.lines().next().expect("a number").trim().parse().expect("a number");
        if length == 0 || heard.len() >= end + 4 + body {
            return heard[end + 4..].to_vec();
        }
    }
}

fn http(head: &str, body: &[u8]) -> Vec<u8> {
    let mut response = String::new();
    let _ = write!(response, "HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
    [response.as_bytes(), body].concat()
}

/// The query as its own answer: no error, no records.
fn empty(query: &[u8]) -> Vec<u8> {
    let mut answer = query.to_vec();
    answer[2] |= 0x80;
    answer
}

#[test]
fn whatever_a_resolver_sends_back_is_a_value() {
    type Says = fn(&[u8]) -> Vec<u8>;
    const MESSAGE: &str = "200 OK\r\ncontent-type: application/dns-message";
    let malformed: [(&str, Says); 8] = [
        ("another media type", |query| {
            http("200 OK\r\ncontent-type: text/html", &empty(query))
        }),
        ("no media type", |query| http("200 OK", &empty(query))),
        ("no message", |_| http(MESSAGE, b"<html>")),
        ("an empty body", |_| http(MESSAGE, b"")),
        ("a query", |query| http(MESSAGE, query)),
        ("the answer to another question", |query| {
            let mut answer = empty(query);
            answer[13] ^= 1;
            http(MESSAGE, &answer)
        }),
        ("more than a message may have", |query| {
            let mut answer = empty(query);
            answer.resize(70_000, 0);
            http(MESSAGE, &answer)
        }),
        ("no HTTP", |_| b"\x00\x01\x02 hello\r\n\r\n".to_vec()),
    ];
    for (what, says) in malformed {
        assert_eq!(
            ask(&saying(says), "www.example.test", Duration::from_secs(10)),
            Heard::Malformed,
            "{what}"
        );
    }
    let unreachable: [(&str, Says, Unreachable); 4] = [
        ("forbidden", |_| http("403 Forbidden", b"no"), Unreachable::Status(403)),
        (
            "a redirect",
            |_| http("302 Found\r\nlocation: http://127.0.0.1:1/", b""),
            Unreachable::Status(302),
        ),
        ("nothing", |_| Vec::new(), Unreachable::Closed),
        (
            "half a body",
            |_| format!("HTTP/1.1 {MESSAGE}\r\ncontent-length: 100\r\n\r\nhalf").into_bytes(),
            Unreachable::Closed,
        ),
    ];
    for (what, says, why) in unreachable {
        let heard = ask(&saying(says), "www.example.test", Duration::from_secs(10));
        assert_eq!(heard, Heard::Unreachable(why), "{what}");
    }
    let fine = ask(
        &saying(|query| http("200 OK\r\nContent-Type: Application/DNS-Message; x=y", &empty(query))),
        "www.example.test",
        Duration::from_secs(10),
    );
    assert!(matches!(fine, Heard::Response(_)), "{fine:?}");
}

#[test]
fn headers_without_end_and_silence_end_with_the_patience() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let silent = format!("http://{}/", listener.local_addr().expect("an address"));
    assert_eq!(
        ask(&silent, "www.example.test", Duration::from_millis(200)),
        Heard::Silent
    );
    let flood = saying(|_| [b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(100_000)].concat());
    let heard = ask(&flood, "www.example.test", Duration::from_secs(10));
    assert!(
        matches!(heard, Heard::Malformed | Heard::Unreachable(Unreachable::Closed)),
        "{heard:?}"
    );
}

#[test]
fn what_is_held_on_this_machine_reaches_nobody_else_and_trusts_no_stranger() {
    for url in ["https://192.0.2.1/dns-query", "https://dns.example/dns-query"] {
        let heard = ask(url, "www.example.test", Duration::from_secs(10));
        assert_eq!(heard, Heard::Unreachable(Unreachable::Local), "{url}");
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let plain = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let heard = ask(
        &format!("https://{plain}/"),
        "www.example.test",
        Duration::from_secs(10),
    );
    assert_eq!(heard, Heard::Unreachable(Unreachable::Untrusted), "no TLS");
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let closed = listener.local_addr().expect("an address");
    drop(listener);
    let heard = ask(
        &format!("https://{closed}/"),
        "www.example.test",
        Duration::from_secs(10),
    );
    assert_eq!(heard, Heard::Unreachable(Unreachable::Refused));
}

#[test]
fn the_age_of_an_answer_is_taken_from_its_time_to_live() {
    let runtime = runtime();
    let servers = servers(&runtime);
    let behind = servers.over_http();
    let aged = saying(move |query| {
        let head = format!(
            "POST /dns-query HTTP/1.1\r\nHost: x\r\nConnection: close\r\ncontent-type: application/dns-message\r\ncontent-length: {}\r\n\r\n",
            query.len()
        );
        let authority: SocketAddr = behind["http://".len()..behind.len() - "/dns-query".len()]
            .parse()
            .expect("an address");
        let mut stream = TcpStream::connect(authority).expect("it listens");
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(query).expect("sent");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("it ends");
        let end = response
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("a head");
        http(
            "200 OK\r\ncontent-type: application/dns-message\r\nage: 100",
            &response[end + 4..],
        )
    });
    let heard = ask(&aged, "www.example.test", Duration::from_secs(10));
    let resolved = Resolved::of(&question("www.example.test"), &heard);
    assert_eq!(resolved.ttl(), Some(200), "{resolved:?}");
}

/// A configuration that leads to these servers.
fn configured(place: &Place, servers: &Servers, doh: &[String]) -> String {
    let mut hints = String::new();
    for (name, address) in servers.hints() {
        let _ = write!(hints, ". 300 NS {name}.\n{name}. 300 A {address}\n");
    }
    let roots = place.write("root.hints", &hints);
    let dns = format!(
        "[dns]\nroots = {roots:?}\nport = {}\nallow = [\"127.0.0.0/8\"]\nresolvers = []\ndoh = {doh:?}\nipv6 = \"off\"\nrps = 1000\nin_flight = 100\n",
        servers.port()
    );
    place.write("zonecut.toml", &dns)
}

#[test]
fn resolvers_over_https_are_compared_like_others() {
    let runtime = runtime();
    let servers = servers(&runtime);
    let place = Place::new();
    let lying = saying(|query| http("200 OK\r\ncontent-type: application/dns-message", &empty(query)));
    let config = configured(&place, &servers, &[servers.over_http(), lying.clone()]);
    let ran = place.run(&["--config", &config, "trace", "www.example.test", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let json = ran.json();
    let resolvers = json["resolvers"].as_array().expect("resolvers");
    assert_eq!(resolvers.len(), 2);
    assert_eq!(resolvers[0]["address"], servers.over_http());
    assert_eq!(resolvers[0]["records"][0]["data"], "192.0.2.1");
    assert_eq!(
        (&resolvers[0]["ttl"], &resolvers[0]["until"].is_string()),
        (&300.into(), &true)
    );
    assert_eq!(resolvers[1]["says"], "no data");
    let notes = json["verdict"]["notes"].to_string();
    assert!(
        notes.contains(&format!("the resolver {lying} still says something else")),
        "{notes}"
    );
    assert_eq!(
        json["hearsay"].as_array().map(Vec::len),
        Some(0),
        "servers speak for themselves"
    );
}

#[test]
fn where_port_53_is_filtered_resolvers_over_https_are_heard_and_nothing_is_called_broken() {
    let runtime = runtime();
    let servers = servers(&runtime);
    let place = Place::new();
    let hints = place.write("dead.hints", ". 300 NS a.root.\na.root. 300 A 127.0.0.1\n");
    let settings = |doh: &str| {
        format!("[dns]\nroots = {hints:?}\nport = 1\nallow = [\"127.0.0.0/8\"]\nresolvers = []\nipv6 = \"off\"\n{doh}")
    };
    let with = place.write("with.toml", &settings(&format!("doh = [{:?}]\n", servers.over_http())));
    let ran = place.run(&["--config", &with, "trace", "www.example.test", "--json"]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    let json = ran.json();
    assert_eq!(json["verdict"]["outlook"], "unknown");
    assert!(json["verdict"]["fix"].is_null());
    assert!(
        json["verdict"]["notes"]
            .to_string()
            .contains("their word, not that of the servers")
    );
    assert_eq!(json["resolvers"][0]["records"][0]["data"], "192.0.2.1");
    let told: Vec<(String, bool)> = json["hearsay"]
        .as_array()
        .expect("hearsay")
        .iter()
        .map(|line| {
            let question = format!("{} {}", line["question"]["name"], line["question"]["type"]).replace('"', "");
            (
                question,
                line["records"].as_array().is_some_and(|records| !records.is_empty()),
            )
        })
        .collect();
    let expected = [
        ("test NS", true),
        ("test SOA", true),
        ("example.test NS", true),
        ("example.test SOA", true),
        ("www.example.test NS", false),
        ("www.example.test SOA", false),
    ];
    assert_eq!(told, expected.map(|(question, is_told)| (question.to_owned(), is_told)));
    let alias = place
        .run(&["--config", &with, "trace", "top.example.test", "--json"])
        .json();
    let last = &alias["hearsay"][4];
    let says = last["says"].as_str().expect("words");
    assert_eq!(last["question"]["name"], "top.example.test");
    assert!(says.starts_with("an alias of example.test: ns-"), "{says}");
    let text = place.run(&["--config", &with, "trace", "www.example.test"]).out;
    assert!(text.contains("what resolvers over HTTPS say: their word"), "{text}");
    assert!(!text.contains("broken at"), "{text}");

    let without = place.write("without.toml", &settings(""));
    let ran = place.run(&["--config", &without, "trace", "www.example.test", "--json"]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert!(
        ran.json()["verdict"]["fix"]
            .as_str()
            .expect("a fix")
            .contains("[dns] doh"),
        "{}",
        ran.out
    );
}
