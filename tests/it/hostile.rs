//! Servers that are broken or hostile, on real sockets: what they say is in `tests/hostile/*.txt`, and so is what must be said of
//! them. All scenarios run at the same time.
//!
//! Every one of them has a small internet that is sound, but for what its lines change:
//!
//! ```text
//! == title
//! server 127.1.0.9 serves example.org   another server, and its zones
//! 127.1.0.3 is silent                   how a server misbehaves: see hostile/server.rs
//! zone example.com                      records of a zone follow, one a line; "without OWNER TYPE" takes some away
//! check www.example.com                 another cut than dev.example.com
//! own ns.example.com                    a name server that the accounts name
//! expect 127.1.0.3 silent               what must be said: see `Expectation`
//! ```

mod message;
mod scenario;
mod server;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use scenario::{Internet, Scenario};
use zonecut::dns::Sockets;
use zonecut::engine::ask::{Asker, Ipv6, Manners, Reach};
use zonecut::engine::atlas::{Atlas, Start};
use zonecut::engine::check::{Checker, Cost};
use zonecut::model::dns::{Addresses, NameServer};
use zonecut::model::name::DnsName;
use zonecut::model::served::Served;

/// Files of scenarios.
const FILES: [(&str, &str); 5] = [
    ("messages", include_str!("../hostile/messages.txt")),
    ("connections", include_str!("../hostile/connections.txt")),
    ("replies", include_str!("../hostile/replies.txt")),
    ("ways", include_str!("../hostile/ways.txt")),
    ("addresses", include_str!("../hostile/addresses.txt")),
];

/// The queries of a walk, the addresses of 13 name servers, and 8 for each address of the two sides.
const WALKING: u32 = 64 + 26;
const OF_ADDRESS: u32 = 8;

async fn check(scenario: &Scenario, internet: &Internet) -> Served {
    let reach = Reach {
        port: internet.port,
        allowed: vec!["127.1.0.0/16".parse().expect("a network")],
        ipv6: Ipv6::Missing,
    };
    let asker = Arc::new(Asker::new(
        Arc::new(Sockets::within_this_machine()),
        reach,
        Manners::new(HashSet::new()),
    ));
    let root = NameServer {
        name: "a.root".parse().expect("a name"),
        addresses: Addresses::Given(vec![[127, 1, 0, 1].into()]),
    };
    let start = Start {
        zone: DnsName::root(),
        servers: vec![root],
    };
    let cost = Cost {
        queries: 64,
        time: Duration::from_secs(10),
    };
    Checker::new(asker, Arc::new(Atlas::new(start)), cost)
        .check(&scenario.target)
        .await
}

/// What a scenario was found to be, against what it must be.
async fn play(scenario: Scenario) -> (String, u32, Duration) {
    let internet = Internet::start(&scenario).await;
    let began = Instant::now();
    let served = check(&scenario, &internet).await;
    let took = began.elapsed();
    let mut wrong = String::new();
    for expectation in &scenario.expectations {
        if let Some(why) = expectation.fails(&served, &internet) {
            writeln!(wrong, "  {why}").expect("text");
        }
    }
    let addresses: HashSet<_> = served
        .servers
        .iter()
        .flat_map(|server| server.heard.iter().map(|child| child.address))
        .chain(served.parent.heard.iter().map(|parent| parent.address))
        .collect();
    let limit = WALKING + OF_ADDRESS * u32::try_from(addresses.len()).expect("few");
    if served.queries > limit {
        writeln!(wrong, "  {} queries, more than {limit}", served.queries).expect("text");
    }
    if internet.victim() > 0 {
        writeln!(
            wrong,
            "  {} messages to a network that may not be asked",
            internet.victim()
        )
        .expect("text");
    }
    if took > Duration::from_secs(11) * patience() {
        writeln!(wrong, "  {took:?}").expect("text");
    }
    if !wrong.is_empty() {
        wrong = format!("{}\n{wrong}", scenario.title);
    }
    (wrong, served.queries, took)
}

/// A build that is not optimised shares its machine with others.
fn patience() -> u32 {
    if cfg!(debug_assertions) { 2 } else { 1 }
}

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .expect("it is there");
    let words: Vec<&str> = line.split_whitespace().collect();
    words[1].parse().expect("a number")
}

#[test]
fn every_check_ends_within_its_budget_and_says_what_is_so() {
    let scenarios: Vec<Scenario> = FILES
        .into_iter()
        .flat_map(|(file, text)| Scenario::all(file, text))
        .collect();
    assert!(scenarios.len() >= 60, "{} scenarios", scenarios.len());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let before = resident();
    let played = runtime.block_on(async {
        let tasks: Vec<_> = scenarios
            .into_iter()
            .map(|scenario| tokio::spawn(play(scenario)))
            .collect();
        let mut played = Vec::new();
        for task in tasks {
            played.push(task.await.expect("no check panics"));
        }
        played
    });
    let wrong: String = played.iter().map(|(wrong, _, _)| wrong.as_str()).collect();
    assert!(wrong.is_empty(), "\n{wrong}");
    let most = played.iter().map(|(_, queries, _)| *queries).max();
    let longest = played.iter().map(|(_, _, took)| *took).max();
    println!(
        "{} scenarios; at most {} queries and {:?} for one; {} KiB more than before",
        played.len(),
        most.unwrap_or(0),
        longest.unwrap_or_default(),
        resident().saturating_sub(before)
    );
}
