//! The servers of all scenarios, in a process of their own: what is measured of this one is what checks take.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

use super::scenario::Scenario;
use super::server::Server;

/// A network that may not be asked.
const VICTIM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 66, 0, 1));
/// Tells a process to be the servers.
const SERVE: &str = "ZONECUT_HOSTILE_SERVERS";
/// What its lines begin with, for the test harness prints lines of its own: a port of each scenario, and in the end how often
/// each address of each was asked.
const LINE: &str = "hostile";

/// The process of the servers.
pub struct Servers {
    process: Child,
    lines: BufReader<std::process::ChildStdout>,
    /// The port of each scenario's servers.
    pub ports: Vec<u16>,
}

/// How many messages came to each address of one scenario.
#[derive(Default)]
pub struct Asked(BTreeMap<IpAddr, usize>);

impl Asked {
    pub fn of(&self, address: IpAddr) -> usize {
        self.0.get(&address).copied().unwrap_or(0)
    }

    pub fn victim(&self) -> usize {
        self.of(VICTIM)
    }
}

impl Servers {
    /// Starts them: `test` is the name of the test that calls [`serve`].
    pub fn start(test: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env(SERVE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped"));
        let ports = words(&mut lines)
            .iter()
            .map(|port| port.parse().expect("a port"))
            .collect();
        Self { process, lines, ports }
    }

    /// Ends them, and gives how often each address of each scenario was asked.
    pub fn end(mut self) -> Vec<Asked> {
        drop(self.process.stdin.take());
        let asked = self.ports.iter().map(|_| {
            let counts = words(&mut self.lines);
            let counts = counts.chunks(2).map(|pair| {
                let address = pair[0].parse().expect("an address");
                (address, pair[1].parse().expect("a number"))
            });
            Asked(counts.collect())
        });
        let asked = asked.collect();
        self.process.wait().expect("it ends");
        asked
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The words of the next line of the servers.
fn words(lines: &mut impl BufRead) -> Vec<String> {
    loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).expect("a pipe") > 0, "the servers are gone");
        let mut words = line.split_whitespace().map(str::to_owned);
        if words.next().as_deref() == Some(LINE) {
            return words.collect();
        }
    }
}

/// Is the servers until the input ends, where this process was started for it.
pub fn serve(scenarios: &[Arc<Scenario>]) {
    if std::env::var_os(SERVE).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut internets = Vec::new();
        for scenario in scenarios {
            internets.push(Internet::start(scenario).await);
        }
        let ports = internets.iter().map(|internet| internet.port.to_string());
        say(&ports.collect::<Vec<_>>().join(" "));
        let end = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        let _ = end.await;
        for internet in internets {
            let counts = internet.asked.iter();
            let counts = counts.map(|(address, asked)| format!("{address} {}", asked.load(Ordering::Relaxed)));
            say(&counts.collect::<Vec<_>>().join(" "));
        }
    });
}

/// Writes a line of its own, whatever the test harness left of the last.
fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{LINE} {words}").expect("a pipe");
    out.flush().expect("a pipe");
}

/// The servers of one scenario.
struct Internet {
    port: u16,
    asked: BTreeMap<IpAddr, Arc<AtomicUsize>>,
    _servers: JoinSet<()>,
}

impl Internet {
    async fn start(scenario: &Scenario) -> Self {
        let zones = Arc::new(scenario.zones.clone());
        let addresses: Vec<IpAddr> = scenario.servers.keys().copied().chain([VICTIM]).collect();
        let (port, sockets) = loop {
            if let Some(bound) = bind(&addresses).await {
                break bound;
            }
        };
        let mut internet = Self {
            port,
            asked: BTreeMap::new(),
            _servers: JoinSet::new(),
        };
        for (address, udp, tcp) in sockets {
            let (serves, quirk) = scenario.servers.get(&address).cloned().unwrap_or_default();
            let asked = Arc::new(AtomicUsize::new(0));
            internet.asked.insert(address, Arc::clone(&asked));
            let is = |word: &str| quirk.first().is_some_and(|quirk| quirk == word);
            let tcp = (!is("without-connections") && !is("absent")).then_some(tcp);
            if is("absent") {
                continue;
            }
            let server = Server {
                zones: Arc::clone(&zones),
                serves,
                quirk,
                asked,
            };
            internet._servers.spawn(Arc::new(server).run(udp, tcp));
        }
        internet
    }
}

/// A socket of each kind on each address, all on one port that is free; none where it is not.
async fn bind(addresses: &[IpAddr]) -> Option<(u16, Vec<(IpAddr, UdpSocket, TcpListener)>)> {
    let first = UdpSocket::bind((addresses[0], 0)).await.expect("a socket");
    let port = first.local_addr().expect("an address").port();
    drop(first);
    let mut sockets = Vec::new();
    for address in addresses {
        let at = SocketAddr::new(*address, port);
        let udp = UdpSocket::bind(at).await.ok()?;
        sockets.push((*address, udp, TcpListener::bind(at).await.ok()?));
    }
    Some((port, sockets))
}
