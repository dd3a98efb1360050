//! Live checks against servers on loopback that answer after a given time (P8, P9, P10).
//!
//! `cargo bench --bench live`. The servers are a process of their own, so that what is measured is the client; they tell from
//! the name alone what to answer: `n1.example.com` to `n9999.example.com` are on four servers, as their parent is.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints figures, and one that cannot begin has none"
)]

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use zonecut::dns::Sockets;
use zonecut::engine::ask::{Asker, Ipv6, Manners, Pace, Reach};
use zonecut::engine::atlas::{Atlas, Start};
use zonecut::engine::check::{Checker, Cost, Target};
use zonecut::engine::live::{Event, Live};
use zonecut::model::dns::{Addresses, NameServer};
use zonecut::model::inventory::Fact;
use zonecut::model::name::DnsName;
use zonecut::model::served::{Extent, Served};

/// Tells a process to be the servers; its value is after how many milliseconds they answer.
const SERVE: &str = "ZONECUT_BENCH_DNS";
/// What a round trip takes in P8 and P10.
const ROUND_TRIP: u64 = 20;
/// Cuts of P9 and P10, and of the run at the paces that manners allow.
const CUTS: usize = 1_000;
const CUTS_WITH_MANNERS: usize = 16;

fn main() {
    if let Ok(latency) = std::env::var(SERVE) {
        serve(Duration::from_millis(latency.parse().unwrap()));
        return;
    }
    // Only `cargo bench` says so; a test run builds this and has no minute for it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        one_delegation().await;
        many("P9: 1,000 delegations on 4 servers", 0, Pace::FREE, CUTS).await;
        many("P10: the same at 20 ms", ROUND_TRIP, Pace::FREE, CUTS).await;
        many("P9: 16 delegations, with manners", 0, Pace::STRANGER, CUTS_WITH_MANNERS).await;
    });
}

fn name(text: &str) -> DnsName {
    text.parse().unwrap()
}

fn asker(port: u16, pace: Pace) -> Arc<Asker<Sockets>> {
    let reach = Reach {
        port,
        allowed: vec!["127.0.0.0/8".parse().unwrap()],
        ipv6: Ipv6::Missing,
    };
    let all = if pace == Pace::FREE { Pace::FREE } else { Pace::ALL };
    let manners = Manners::at(HashSet::new(), pace, pace, all);
    Arc::new(Asker::new(Arc::new(Sockets::within_this_machine()), reach, manners))
}

fn start() -> Start {
    Start {
        zone: DnsName::root(),
        servers: vec![NameServer {
            name: name("a.root"),
            addresses: Addresses::Given(vec![[127, 2, 0, 1].into()]),
        }],
    }
}

fn cost() -> Cost {
    Cost {
        queries: 64,
        time: Duration::from_secs(10),
    }
}

fn target(number: usize, silent: bool) -> Target {
    let mut target = Target::unheld(name(&format!("n{number}.example.com")));
    target.delegated = (1..=4).map(|server| name(&format!("s{server}.provider.com"))).collect();
    if silent {
        target.delegated.push(name("s5.provider.com"));
    }
    target
}

/// P8: one delegation with the chain above known, and the same beside a silent server.
async fn one_delegation() {
    let servers = Servers::start(ROUND_TRIP);
    let checker = Checker::new(asker(servers.port, Pace::FREE), Arc::new(Atlas::new(start())), cost());
    checker.check(&target(1, false)).await;
    let mut took: Vec<Duration> = Vec::new();
    for number in 2..22 {
        let began = Instant::now();
        let served = checker.check(&target(number, false)).await;
        assert_eq!((served.extent, serving(&served)), (Extent::Whole, 4));
        took.push(began.elapsed());
    }
    took.sort();
    let round_trips = took[took.len() / 2].as_secs_f64() * 1_000.0 / f64::from(u32::try_from(ROUND_TRIP).unwrap());
    println!(
        "P8: one delegation, the chain above known: median {:?}, {round_trips:.2} round trips",
        took[took.len() / 2]
    );
    let began = Instant::now();
    let first = Mutex::new(None);
    let served = checker
        .check_and_tell(&target(30, true), |served| {
            first.lock().unwrap().get_or_insert((began.elapsed(), serving(&served)));
        })
        .await;
    let (after, told) = first.into_inner().unwrap().unwrap();
    println!(
        "P8: beside a silent server: {told} of 4 verdicts told after {after:?}, all of {} after {:?}",
        serving(&served),
        began.elapsed()
    );
}

fn serving(served: &Served) -> usize {
    served.servers.iter().map(|server| server.tally().serving).sum()
}

async fn many(what: &str, latency: u64, pace: Pace, cuts: usize) {
    let servers = Servers::start(latency);
    let mut live = Live::start(asker(servers.port, pace), start(), cost());
    let cpu = cpu();
    let began = Instant::now();
    live.commands
        .check((0..cuts).map(|number| target(number, false)).collect());
    let mut whole = 0;
    loop {
        match live.events.recv().await.unwrap() {
            Event::Fact(Fact::Served(served)) => {
                whole += usize::from(served.extent == Extent::Whole && serving(&served) == 4);
            }
            Event::Fact(_) => {}
            Event::Idle { commands } if commands == live.commands.sent() => break,
            Event::Idle { .. } => {}
        }
    }
    let (took, queries) = (began.elapsed(), live.commands.progress().queries);
    let rate = f64::from(u32::try_from(queries).unwrap()) / took.as_secs_f64();
    println!(
        "{what}: {took:.2?}, {queries} queries, {rate:.0} a second, CPU {:.2} s, {whole} of {cuts} whole; \
         at most {} queries to one address within a second",
        self::cpu() - cpu,
        servers.most_in_a_second()
    );
}

/// Seconds of processor time that this process has used; Linux alone says it.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = text.split_whitespace().skip(13).take(2);
    ticks.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The process of the servers.
struct Servers {
    process: Child,
    port: u16,
}

impl Servers {
    fn start(latency: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .env(SERVE, latency.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            process,
            port: line.trim().parse().unwrap(),
        }
    }

    /// Ends them, and gives the most queries that any address got within any second.
    fn most_in_a_second(mut self) -> String {
        drop(self.process.stdin.take());
        let mut line = String::new();
        BufReader::new(self.process.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        self.process.wait().unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The root and com, the parent's four servers, those of the provider, and four of the children; the fifth is silent.
const ADDRESSES: [[u8; 4]; 10] = [
    [127, 2, 0, 1],
    [127, 2, 0, 11],
    [127, 2, 0, 12],
    [127, 2, 0, 13],
    [127, 2, 0, 14],
    [127, 2, 0, 21],
    [127, 2, 0, 31],
    [127, 2, 0, 32],
    [127, 2, 0, 33],
    [127, 2, 0, 34],
];

/// The latest second of queries to each address, and the most there ever were.
type Seen = Arc<Mutex<HashMap<Ipv4Addr, (VecDeque<Instant>, usize)>>>;

fn serve(latency: Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let port = UdpSocket::bind("127.2.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let seen = Seen::default();
        for address in ADDRESSES
            .map(Ipv4Addr::from)
            .into_iter()
            .chain([Ipv4Addr::new(127, 2, 0, 35)])
        {
            let at = SocketAddr::new(IpAddr::V4(address), port);
            let udp = Arc::new(UdpSocket::bind(at).await.unwrap());
            let tcp = TcpListener::bind(at).await.unwrap();
            tokio::spawn(datagrams(udp, address, latency, Arc::clone(&seen)));
            tokio::spawn(connections(tcp, address, latency, Arc::clone(&seen)));
        }
        println!("{port}");
        std::io::stdout().flush().unwrap();
        let end = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        let _ = end.await;
        let most = seen.lock().unwrap().values().map(|(_, most)| *most).max();
        println!("{}", most.unwrap_or(0));
    });
}

fn note(seen: &Seen, address: Ipv4Addr) {
    let mut seen = seen.lock().unwrap();
    let (latest, most) = seen.entry(address).or_default();
    let now = Instant::now();
    latest.push_back(now);
    while latest
        .front()
        .is_some_and(|at| now.duration_since(*at) >= Duration::from_millis(995))
    {
        latest.pop_front();
    }
    *most = latest.len().max(*most);
}

async fn datagrams(socket: Arc<UdpSocket>, address: Ipv4Addr, latency: Duration, seen: Seen) {
    let mut buffer = [0; 1_500];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else {
            continue;
        };
        note(&seen, address);
        let Some(answer) = answer(&buffer[..length], address) else {
            continue;
        };
        if latency.is_zero() {
            let _ = socket.send_to(&answer, from).await;
            continue;
        }
        let socket = Arc::clone(&socket);
        tokio::spawn(async move {
            tokio::time::sleep(latency).await;
            let _ = socket.send_to(&answer, from).await;
        });
    }
}

async fn connections(listener: TcpListener, address: Ipv4Addr, latency: Duration, seen: Seen) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            continue;
        };
        note(&seen, address);
        tokio::spawn(async move {
            // A handshake over loopback takes no time; elsewhere it takes a round trip.
            tokio::time::sleep(latency * 2).await;
            let length = usize::from(stream.read_u16().await.ok()?);
            let mut query = vec![0; length];
            stream.read_exact(&mut query).await.ok()?;
            let answer = answer(&query, address)?;
            let framed = [&u16::try_from(answer.len()).ok()?.to_be_bytes()[..], &answer].concat();
            stream.write_all(&framed).await.ok()
        });
    }
}

const NS: u16 = 2;
const SOA: u16 = 6;

/// What a server says; the name alone tells.
fn answer(query: &[u8], address: Ipv4Addr) -> Option<Vec<u8>> {
    let mut labels: Vec<String> = Vec::new();
    let mut at = 12;
    while *query.get(at)? != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(query.get(at + 1..=at + length)?).to_ascii_lowercase());
        at += 1 + length;
    }
    let record_type = u16::from_be_bytes([*query.get(at + 1)?, *query.get(at + 2)?]);
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut out = Out::to(query.get(..at + 5)?);
    match (address.octets()[3], labels.as_slice()) {
        (35, _) => return None,
        (1, [.., "example", "com"]) => {
            for server in 1..=4 {
                out.ns("example.com", &format!("p{server}.example.com"));
            }
            for server in 1..=4_u8 {
                out.glue(&format!("p{server}.example.com"), [127, 2, 0, 10 + server]);
            }
        }
        (1, [.., "provider", "com"]) => {
            out.ns("provider.com", "ns.provider.com");
            out.glue("ns.provider.com", [127, 2, 0, 21]);
        }
        (21, [server, "provider", "com"]) if record_type == 1 => {
            let number: u8 = server.strip_prefix('s')?.parse().ok()?;
            out.answer(&labels.join("."), 1, &[127, 2, 0, 30 + number]);
        }
        (11..=14, [child, "example", "com"]) if record_type == NS => {
            for server in 1..=4 {
                out.ns(&format!("{child}.example.com"), &format!("s{server}.provider.com"));
            }
        }
        (31..=34, [_, "example", "com"]) if record_type == SOA => out.answer(&labels.join("."), SOA, &soa()),
        (31..=34, [_, "example", "com"]) if record_type == NS => {
            for server in 1..=4 {
                out.answer(&labels.join("."), NS, &wire(&format!("s{server}.provider.com")));
            }
        }
        _ => out.nothing(labels.get(labels.len().saturating_sub(2)..).unwrap_or_default()),
    }
    Some(out.octets)
}

fn wire(name: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in name.split('.') {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend_from_slice(label.as_bytes());
    }
    octets.push(0);
    octets
}

fn soa() -> Vec<u8> {
    let mut data = [wire("s1.provider.com"), wire("h.provider.com")].concat();
    for number in [1_u32, 7200, 900, 1_209_600, 300] {
        data.extend_from_slice(&number.to_be_bytes());
    }
    data
}

/// A response as it is written: section by section, without an OPT record.
struct Out {
    octets: Vec<u8>,
}

impl Out {
    fn to(question: &[u8]) -> Self {
        let mut octets = question.to_vec();
        octets[2] = 0x80;
        octets[3] = 0;
        octets[6..12].fill(0);
        Self { octets }
    }

    fn record(&mut self, count: usize, owner: &str, record_type: u16, data: &[u8]) {
        self.octets.extend(wire(owner));
        self.octets.extend_from_slice(&record_type.to_be_bytes());
        self.octets.extend_from_slice(&[0, 1, 0, 0, 1, 44]);
        self.octets
            .extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        self.octets.extend_from_slice(data);
        self.octets[count + 1] += 1;
    }

    fn answer(&mut self, owner: &str, record_type: u16, data: &[u8]) {
        self.octets[2] |= 4;
        self.record(6, owner, record_type, data);
    }

    fn ns(&mut self, owner: &str, server: &str) {
        self.record(8, owner, NS, &wire(server));
    }

    fn glue(&mut self, owner: &str, address: [u8; 4]) {
        self.record(10, owner, 1, &address);
    }

    fn nothing(&mut self, zone: &[&str]) {
        self.octets[2] |= 4;
        self.record(8, &zone.join("."), SOA, &soa());
    }
}
