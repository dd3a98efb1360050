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

mod internet;
mod memory;
mod message;
mod scenario;
mod server;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use internet::{Asked, Servers};
use scenario::Scenario;
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

/// The most queries of all walking, and to each address of the two sides.
const WALKING: u32 = 64;
const OF_ADDRESS: u32 = 8;

fn scenarios() -> Vec<Arc<Scenario>> {
    let files = FILES.into_iter();
    files
        .flat_map(|(file, text)| Scenario::all(file, text))
        .map(Arc::new)
        .collect()
}

async fn check(scenario: &Scenario, port: u16) -> Served {
    let reach = Reach {
        port,
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
        queries: WALKING,
        time: Duration::from_secs(10),
    };
    Checker::new(asker, Arc::new(Atlas::new(start)), cost)
        .check(&scenario.target)
        .await
}

/// What came of a check, and how long it took.
struct Played {
    served: Served,
    took: Duration,
}

async fn play(scenario: Arc<Scenario>, port: u16) -> Played {
    let began = Instant::now();
    let served = check(&scenario, port).await;
    Played {
        served,
        took: began.elapsed(),
    }
}

/// What a scenario was found to be, against what it must be.
fn wrong(scenario: &Scenario, played: &Played, asked: &Asked) -> String {
    let Played { served, took } = played;
    let mut wrong = String::new();
    for expectation in &scenario.expectations {
        if let Some(why) = expectation.fails(served, asked) {
            writeln!(wrong, "  {why}").expect("text");
        }
    }
    let addresses: HashSet<_> = served
        .servers
        .iter()
        .flat_map(|server| server.heard.iter().map(|child| child.address))
        .chain(served.parent.heard.iter().map(|parent| parent.address))
        .collect();
    if served.walked > WALKING {
        writeln!(wrong, "  {} queries to find the way", served.walked).expect("text");
    }
    let limit = OF_ADDRESS * u32::try_from(addresses.len()).expect("few");
    if served.queries - served.walked > limit {
        writeln!(wrong, "  {} queries, {} of them walking", served.queries, served.walked).expect("text");
    }
    if asked.victim() > 0 {
        writeln!(
            wrong,
            "  {} messages to a network that may not be asked",
            asked.victim()
        )
        .expect("text");
    }
    if *took > Duration::from_secs(11) * patience() {
        writeln!(wrong, "  {took:?}").expect("text");
    }
    if !wrong.is_empty() {
        wrong = format!("{}\n{wrong}", scenario.title);
    }
    wrong
}

/// A build that is not optimised shares its machine with others.
fn patience() -> u32 {
    if cfg!(debug_assertions) { 2 } else { 1 }
}

#[test]
fn every_check_ends_within_its_budget_and_says_what_is_so() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 60, "{} scenarios", scenarios.len());
    let servers = Servers::start("hostile::all_servers");
    let played = runtime().block_on(async {
        let plays = scenarios.iter().cloned().zip(servers.ports.iter().copied());
        let plays: Vec<_> = plays
            .map(|(scenario, port)| tokio::spawn(play(scenario, port)))
            .collect();
        let mut played = Vec::new();
        for play in plays {
            played.push(play.await.expect("no check panics"));
        }
        played
    });
    let asked = servers.end();
    let wrong: String = scenarios
        .iter()
        .zip(&played)
        .zip(&asked)
        .map(|((scenario, played), asked)| wrong(scenario, played, asked))
        .collect();
    assert!(wrong.is_empty(), "\n{wrong}");
    let most = |count: fn(&Served) -> u32| played.iter().map(|played| count(&played.served)).max();
    println!(
        "{} scenarios; at most {} queries, {} to find the way, and {:?} for one",
        played.len(),
        most(|served| served.queries).unwrap_or(0),
        most(|served| served.walked).unwrap_or(0),
        played.iter().map(|played| played.took).max().unwrap_or_default(),
    );
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The process that the other tests start: no test by itself.
#[test]
#[ignore = "the servers of other tests"]
fn all_servers() {
    internet::serve(&scenarios());
}
