//! The same zones served by us and by Knot DNS: the same answers to questions at random. `.ci/dns_differential.sh` runs it.
//!
//! Left out of the comparison, because Route 53 differs from Knot there: the zone's NS that Route 53 adds to a positive answer,
//! additional records beside the glue below a cut (RFC 9471), and a DS in the referral of an unsigned zone, which Knot leaves out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hickory_proto::op::Message;
use hickory_proto::rr::{Record, RecordType};
use zonecut::model::name::DnsName;
use zonecut::sim::world::HostedZone;

use super::ask::{Stage, query, tcp, with_edns};

/// How long Knot may take until it serves its zones.
const PATIENCE: Duration = Duration::from_secs(20);
const ROUNDS: usize = 12;
const QUERIES: usize = 1_000;

#[test]
#[ignore = "needs knotd, which .ci/dns_differential.sh looks for"]
fn knot_gives_the_same_answers() {
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut differences = Vec::new();
    for round in 0..ROUNDS {
        let toml = organisation(&mut random);
        let stage = Stage::of(&toml);
        for key in ["example.com", "sub.example.com", "example.org"] {
            let (server, zones) = hosted(&stage, key);
            let knot = Knot::serving(&zones);
            let names = names(&zones);
            for _ in 0..QUERIES / 3 {
                let name = random_name(&mut random, &names);
                let asked = with_edns(query(&name, random_type(&mut random)), 4096);
                let (ours, mut theirs) = (Told::by(&tcp(server, &asked)), Told::by(&tcp(knot.address, &asked)));
                // Of several record sets Knot tells one (RFC 8482).
                let one = !theirs.answers.is_empty() && theirs.answers.is_subset(&ours.answers);
                if one && asked.queries[0].query_type() == RecordType::ANY {
                    theirs.answers.clone_from(&ours.answers);
                }
                if ours != theirs {
                    let record_type = asked.queries[0].query_type();
                    differences.push(format!(
                        "round {round}, {name} {record_type}\n  ours  {ours:?}\n  Knot  {theirs:?}"
                    ));
                }
            }
        }
    }
    println!(
        "{} queries, {} differences",
        ROUNDS * 3 * (QUERIES / 3),
        differences.len()
    );
    let shown: Vec<_> = differences.iter().take(20).map(String::as_str).collect();
    assert!(differences.is_empty(), "seed {seed}\n{}", shown.join("\n"));
}

/// A parent and its child on different servers, a third zone beside the parent's, and twice a parent and child on one server.
fn organisation(random: &mut fastrand::Rng) -> String {
    let mut toml = "name = \"differential\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\n".to_owned();
    for (name, server) in [
        ("example.com", "ns-1.awsdns-00.com"),
        ("sub.example.com", "ns-2.awsdns-00.com"),
        ("a.sub.example.com", "ns-2.awsdns-00.com"),
        ("b.example.com", "ns-1.awsdns-00.com"),
        ("example.org", "ns-3.awsdns-00.com"),
        ("a.b.example.org", "ns-3.awsdns-00.com"),
    ] {
        let lines: Vec<String> = records(random).iter().map(|line| format!("  {line:?},\n")).collect();
        let _ = write!(
            toml,
            "[[account.zone]]\nname = \"{name}\"\ndelegation_set = [\"{server}\"]\ndelegate = false\nrecords = [\n{}]\n",
            lines.concat()
        );
    }
    toml
}

/// Record lines over a small alphabet, so that cuts, wildcards, CNAMEs and empty non-terminals meet.
fn records(random: &mut fastrand::Rng) -> Vec<String> {
    let mut owners = BTreeSet::new();
    for _ in 0..random.usize(3..16) {
        owners.insert(relative(random));
    }
    owners.iter().flat_map(|owner| at(random, owner)).collect()
}

fn relative(random: &mut fastrand::Rng) -> String {
    let depth = random.usize(1..5);
    let labels: Vec<&str> = (0..depth)
        .map(|place| match random.usize(0..if place == 0 { 5 } else { 4 }) {
            0 => "a",
            1 => "b",
            2 => "c",
            3 => "sub",
            _ => "*",
        })
        .collect();
    labels.join(".")
}

fn at(random: &mut fastrand::Rng, owner: &str) -> Vec<String> {
    let host = random.usize(1..250);
    let target = match random.usize(0..4) {
        0 => "www.example.net.".to_owned(),
        1 => format!("{}.example.org.", relative(random)),
        _ => format!("{}.example.com.", relative(random)),
    };
    let ttl = random.usize(30..4_000);
    let wildcard = owner.starts_with('*');
    match random.usize(0..9) {
        0 | 1 => vec![format!("{owner} {ttl} CNAME {target}")],
        2 | 3 if !wildcard => vec![
            format!("{owner} {ttl} NS ns.{owner}.example.com. {target}"),
            format!("{owner} {ttl} DS 12345 13 2 {}", "0A".repeat(32)),
        ],
        4 if !wildcard => vec![
            format!("{owner} {ttl} NS {target}"),
            format!("{owner} {ttl} A 192.0.2.{host}"),
        ],
        5 => vec![
            format!("{owner} {ttl} MX 10 {target}"),
            format!("{owner} {ttl} TXT \"v=spf1 -all\" \"more\""),
        ],
        6 => vec![
            format!("{owner} {ttl} SRV 1 2 443 {target}"),
            format!("{owner} {ttl} CAA 0 issue \"ca.example.net\""),
        ],
        _ => vec![
            format!("{owner} {ttl} A 192.0.2.{host} 198.51.100.{host}"),
            format!("{owner} {ttl} AAAA 2001:db8::{host}"),
        ],
    }
}

/// The address of a zone's server, and all zones that this server hosts.
fn hosted(stage: &Stage, key: &str) -> (SocketAddr, Vec<HostedZone>) {
    let world = stage.world.lock().expect("not poisoned");
    let (_, zone) = world.zone_by_key(key).expect("a zone");
    let server = &zone.delegation_set[0];
    let zones = world.zones_served_by(server).cloned().collect();
    (stage.servers.address_of(server).expect("bound"), zones)
}

fn names(zones: &[HostedZone]) -> Vec<DnsName> {
    let owners = zones
        .iter()
        .flat_map(|zone| zone.records().iter().map(|set| set.name.clone()));
    owners.collect::<BTreeSet<_>>().into_iter().collect()
}

/// An owner, or a name near one.
fn random_name(random: &mut fastrand::Rng, names: &[DnsName]) -> String {
    let owner = &names[random.usize(0..names.len())];
    match random.usize(0..8) {
        0 => "www.example.net".into(),
        1 => owner
            .parent()
            .map_or_else(|| owner.to_string(), |parent| parent.to_string()),
        2 => format!("{}.{owner}", relative(random)),
        3 => format!("x.{owner}"),
        4 => format!("{}.example.com", relative(random)),
        _ => owner.to_string(),
    }
}

fn random_type(random: &mut fastrand::Rng) -> RecordType {
    use RecordType::{A, AAAA, ANY, CAA, CNAME, DS, MX, NS, SOA, SRV, TXT};
    let types = [
        A,
        A,
        A,
        AAAA,
        ANY,
        CAA,
        CNAME,
        DS,
        DS,
        MX,
        NS,
        NS,
        SOA,
        SRV,
        TXT,
        RecordType::Unknown(65_280),
    ];
    types[random.usize(0..types.len())]
}

/// What is compared of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    code: u16,
    authoritative: bool,
    answers: BTreeSet<String>,
    authority: BTreeSet<String>,
    glue: BTreeSet<String>,
}

impl Told {
    fn by(message: &Message) -> Self {
        let referral = message
            .authorities
            .iter()
            .any(|record| record.record_type() == RecordType::NS)
            && (message.answers.is_empty() || !Self::apex_ns(message));
        let authority = message
            .authorities
            .iter()
            .filter(|record| record.record_type() != RecordType::DS)
            .filter(|record| referral || record.record_type() != RecordType::NS);
        let cut = message
            .authorities
            .iter()
            .find(|record| record.record_type() == RecordType::NS);
        let in_domain = |record: &Record| cut.is_some_and(|cut| referral && cut.name.zone_of(&record.name));
        Self {
            code: message.metadata.response_code.into(),
            authoritative: message.metadata.authoritative,
            answers: message.answers.iter().map(line).collect(),
            authority: authority.map(line).collect(),
            glue: message
                .additionals
                .iter()
                .filter(|record| in_domain(record))
                .map(line)
                .collect(),
        }
    }

    /// Whether the NS of a positive answer are those of the apex: in these zones they are AWS's alone.
    fn apex_ns(message: &Message) -> bool {
        let servers = message
            .authorities
            .iter()
            .filter(|record| record.record_type() == RecordType::NS);
        servers
            .map(|record| record.data.to_string())
            .all(|server| server.contains(".awsdns-"))
    }
}

fn line(record: &Record) -> String {
    let (name, data) = (record.name.to_string(), record.data.to_string());
    let line = format!("{name} {} {} {data}", record.ttl, record.record_type());
    line.to_lowercase()
}

/// A running Knot DNS.
struct Knot {
    address: SocketAddr,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Knot {
    fn serving(zones: &[HostedZone]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = free_address();
        let configuration = folder.path().join("knot.conf");
        std::fs::write(&configuration, configure(folder.path(), address, zones)).expect("it is written");
        let process = Command::new("knotd")
            .arg("-c")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("knotd is installed");
        let knot = Self {
            address,
            process,
            _folder: folder,
        };
        knot.await_zones(zones);
        knot
    }

    fn await_zones(&self, zones: &[HostedZone]) {
        let begun = Instant::now();
        for zone in zones {
            while !self.serves(zone) {
                assert!(begun.elapsed() < PATIENCE, "Knot does not serve {}", zone.name);
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    fn serves(&self, zone: &HostedZone) -> bool {
        let listens = TcpStream::connect(self.address).is_ok();
        let asked = query(&zone.name.to_string(), RecordType::SOA);
        listens && tcp(self.address, &asked).answers.len() == 1
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback");
    listener.local_addr().expect("it is bound")
}

fn configure(folder: &Path, address: SocketAddr, zones: &[HostedZone]) -> String {
    let place = folder.display();
    let mut text = format!(
        "server:\n  rundir: \"{place}\"\n  listen: 127.0.0.1@{}\ndatabase:\n  storage: \"{place}\"\nzone:\n",
        address.port()
    );
    for zone in zones {
        let file = folder.join(format!("{}.zone", zone.name));
        std::fs::write(&file, zone_file(zone)).expect("it is written");
        let _ = write!(
            text,
            "  - domain: {}.\n    file: \"{}\"\n    semantic-checks: off\n",
            zone.name,
            file.display()
        );
    }
    text
}

fn zone_file(zone: &HostedZone) -> String {
    let mut text = String::new();
    for set in zone.records() {
        for value in &set.values {
            let ttl = set.ttl.expect("there are no aliases here");
            let _ = writeln!(text, "{}. {ttl} IN {} {value}", set.name, set.record_type);
        }
    }
    text
}
