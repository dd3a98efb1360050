//! P7: cuts and findings from an inventory that is full, and after one zone was read again.
//!
//! `cargo bench --bench survey`. Printed: 10,000 zones with 100 record sets each, then 10,000 and 100,000 zones with 10.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use zonecut::findings::Survey;
use zonecut::model::account::{Account, AccountIx, AccountStatus, Env};
use zonecut::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use zonecut::model::name::DnsName;
use zonecut::model::record::{RecordData, RecordSet, RecordType};
use zonecut::model::records::Records;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::{Visibility, Zone, ZoneId, ZoneKey};

const ACCOUNTS: u32 = 50;
const ORIGIN: Origin = Origin {
    source: Source::Live,
    at: Timestamp::UNIX_EPOCH,
};

fn main() {
    let full = report(10_000, 100);
    let small = report(10_000, 10);
    let large = report(100_000, 10);
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    print(&format!(
        "100,000 zones take {ratio:.1} times what 10,000 take (at most 11)"
    ));
    print(&format!(
        "10,000 zones with 1,000,000 record sets: {full:.2?} (at most 100 ms)"
    ));
}

/// Time on the processor, where the system tells it: on a shared machine the wall clock tells more of others.
struct Clock {
    wall: Instant,
    on_processor: Option<Duration>,
}

impl Clock {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            on_processor: on_processor(),
        }
    }

    fn elapsed(&self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(before), Some(now)) => now - before,
            _ => self.wall.elapsed(),
        }
    }
}

fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[expect(clippy::print_stdout, reason = "the figures are what a benchmark is for")]
fn print(line: &str) {
    println!("{line}");
}

/// Measures one size; returns the best time of a whole survey.
fn report(zones: u32, records: u32) -> Duration {
    let mut inventory = fill(zones, records);
    let (mut best, mut survey) = (Duration::MAX, Survey::default());
    for _ in 0..10 {
        drop(survey);
        let start = Clock::start();
        survey = Survey::of(&mut inventory);
        best = best.min(start.elapsed());
    }
    let findings = survey.findings().count();
    print(&format!(
        "{zones} zones × {records}: {best:.2?} for {} cuts, {findings} findings",
        survey.len()
    ));
    for (what, number) in [("a leaf", zones - 1), ("a team's zone", 7), ("the root", 0)] {
        let mut once = Duration::MAX;
        for round in 0..20 {
            inventory.apply(read(number, zones, records + round % 2));
            let start = Instant::now();
            survey.refresh(&mut inventory);
            once = once.min(start.elapsed());
        }
        print(&format!("  after {what} was read again: {once:.2?}"));
    }
    best
}

/// The root, a team for every hundred zones below it, everything else below the teams.
fn name(number: u32, zones: u32) -> DnsName {
    let teams = zones / 100;
    let text = match number {
        0 => "example.com".to_owned(),
        _ if number <= teams => format!("team-{number}.example.com"),
        _ => format!("service-{number}.team-{}.example.com", 1 + number % teams),
    };
    text.parse().expect("a name")
}

fn key(number: u32) -> ZoneKey {
    ZoneKey {
        account: AccountIx(number % ACCOUNTS),
        id: ZoneId::read(&format!("Z{number}")).expect("an id"),
    }
}

/// Every fiftieth zone is delegated to wrongly.
fn servers(number: u32) -> Vec<Untrusted> {
    let server = |domain: u32, index: u32| {
        let tld = ["com", "net", "org", "co.uk"]
            .get(domain as usize)
            .copied()
            .unwrap_or("com");
        Untrusted::from(format!("ns-{}.awsdns-{:02}.{tld}.", domain * 512 + index, index / 8))
    };
    (0..4)
        .map(|domain| server(domain, (number + number / 512 * (domain + 1)) % 500))
        .collect()
}

fn set(name: DnsName, record_type: RecordType, values: Vec<Untrusted>) -> RecordSet {
    RecordSet {
        name,
        record_type,
        ttl: Some(300),
        data: RecordData::Values(values),
        routing: None,
    }
}

fn read(number: u32, zones: u32, records: u32) -> Fact {
    let (zone, teams) = (name(number, zones), zones / 100);
    let mut sets = vec![
        set(zone.clone(), RecordType::NS, servers(number)),
        set(zone.clone(), RecordType::SOA, vec![Untrusted::from("soa".to_owned())]),
    ];
    let children = match number {
        0 => 1..teams + 1,
        _ if number <= teams => teams + 1..zones,
        _ => 0..0,
    };
    let is_child = |child: &u32| number == 0 || 1 + child % teams == number;
    for child in children.filter(is_child) {
        let wrong = u32::from(child % 50 == 49) * 3;
        sets.push(set(name(child, zones), RecordType::NS, servers(child + wrong)));
    }
    for host in 2..records {
        let owner = zone.child(format!("host-{host}").as_bytes()).expect("a name");
        sets.push(set(owner, RecordType::A, vec![Untrusted::from("192.0.2.1".to_owned())]));
    }
    Fact::Records {
        zone: key(number),
        reading: Reading::Whole(Arc::new(Records::pack(&zone, sets).0)),
        origin: ORIGIN,
    }
}

fn fill(zones: u32, records: u32) -> Inventory {
    let account = |number: u32| Account {
        name: Untrusted::from(format!("account-{number}")),
        id: format!("{:012}", number + 1).parse().ok(),
        profile: None,
        env_label: None,
        env: Env::Unknown,
        status: AccountStatus::Complete,
    };
    let mut inventory = Inventory::new((0..ACCOUNTS).map(account).collect());
    for number in 0..zones {
        let zone = Zone {
            key: key(number),
            name: name(number, zones),
            visibility: Visibility::Public,
            record_count: None,
            comment: Untrusted::from(String::new()),
            linked_service: None,
        };
        inventory.apply(Fact::Zones {
            account: zone.key.account,
            zones: vec![zone],
            origin: ORIGIN,
        });
        inventory.apply(read(number, zones, records));
    }
    inventory
}
