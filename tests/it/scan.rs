//! Whole scans over real sockets: the engine, the AWS adapter and its SDK, against the simulator.

#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the functions they call"
)]

mod full;
mod loss;
mod pages;
mod storms;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use zonecut::aws::{Options as AwsOptions, Setup};
use zonecut::config::{Access, AccountConfig, Secret, StaticKeys};
use zonecut::engine::limits::Limits;
use zonecut::engine::picture::Picture;
use zonecut::engine::scan::{Scan, Source};
use zonecut::engine::session::Session;
use zonecut::engine::wants::Audit;
use zonecut::model::account::{Account, AccountId, AccountIx, AccountStatus, Env};
use zonecut::model::inventory::{Inventory, Reading};
use zonecut::model::name::DnsName;
use zonecut::sim::faults::Rate;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::{AccountSpec, World, WorldBuilder, ZoneSpec};

/// As fast as the machine allows, and with short waits: what is tested here is what is lost, not when.
fn fast() -> Limits {
    Limits {
        rps: 100_000.0,
        burst: 100_000,
        back_off: Duration::from_micros(20),
        longest_back_off: Duration::from_millis(2),
        patience: Duration::from_millis(300),
        ..Limits::default()
    }
}

/// No limit on the side of the simulator.
fn unlimited() -> Option<Rate> {
    Some(Rate {
        burst: 1e9,
        per_second: 1e9,
    })
}

fn id(account: usize) -> AccountId {
    format!("{:012}", 111_111_111_111_u64 + account as u64).parse().unwrap()
}

/// Accounts of so many zones, one below the other where `below` says so, each with so many record sets.
fn world(accounts: usize, zones: usize, records: usize) -> World {
    let mut builder = WorldBuilder::new("scan");
    for account in 0..accounts {
        let mut spec = AccountSpec::new(id(account).to_string(), format!("account-{account}"));
        spec.faults.rate = unlimited();
        let handle = builder.account(spec);
        for zone in 0..zones {
            let name: DnsName = match (account, zone) {
                (0, 0) => "example.com".parse().unwrap(),
                _ => format!("z{zone}.a{account}.example.com").parse().unwrap(),
            };
            let mut spec = ZoneSpec::public(name);
            spec.lines = (2..records).map(|host| format!("h{host} 300 A 192.0.2.1")).collect();
            builder.zone(handle, spec);
        }
    }
    builder.build().unwrap()
}

struct Field {
    simulator: Simulator,
    accounts: usize,
    limits: Limits,
    setup: Setup,
}

impl Field {
    async fn new(world: World) -> Self {
        Self::with(world, AwsOptions::default()).await
    }

    async fn with(world: World, options: AwsOptions) -> Self {
        let accounts = world.accounts().len();
        let simulator = Simulator::start(world, Options::default()).await.unwrap();
        Self {
            simulator,
            accounts,
            limits: fast(),
            setup: Setup::described(options, &[], &[]).await,
        }
    }

    /// Reads all accounts to the end.
    async fn scan(&self) -> Session {
        let mut session = self.session();
        session.run_to_end(Duration::from_secs(3600), |_, _| {}).await;
        session
    }

    fn session(&self) -> Session {
        let mut listed = Vec::new();
        let mut sources = Vec::new();
        for (place, account) in (0..).map(AccountIx).zip((0..self.accounts).map(id)) {
            let keys = self.simulator.keys(account).unwrap();
            let access = Access::Keys(StaticKeys {
                access_key_id: keys.access_key,
                secret_access_key: Secret::new(keys.secret_key),
                session_token: None,
                endpoint: self.simulator.endpoint(),
            });
            let mut config = AccountConfig::new(account.to_string(), access);
            config.id = Some(account);
            let port = Arc::new(self.setup.account(place, &config));
            sources.push(Source {
                account: place,
                pinned: Some(account),
                route53: Arc::clone(&port),
                identity: port,
            });
            listed.push(Account {
                name: config.name.as_str().into(),
                id: config.id,
                profile: None,
                env_label: None,
                env: Env::Unknown,
                status: AccountStatus::Waiting,
            });
        }
        let picture = Picture::new(Inventory::new(listed), Audit::WhereNeeded);
        Session::new(picture, Scan::start(sources, &self.limits))
    }

    fn requests(&self, action: &str) -> u64 {
        let counts = self.simulator.counts();
        counts
            .iter()
            .filter(|((_, name), _)| *name == action)
            .map(|(_, count)| count.requests)
            .sum()
    }
}

fn status(session: &Session, account: usize) -> &AccountStatus {
    &session.picture().inventory().accounts().get(account).unwrap().status
}

/// Nothing that is called whole or complete may lack anything that the world holds.
fn is_honest(session: &Session, field: &Field) {
    let truth: BTreeMap<(AccountId, String), usize> = field.simulator.with_world(|world| {
        let zones = world.zones();
        zones
            .map(|(account, zone)| ((account.id, zone.id.as_str().to_owned()), zone.records().len()))
            .collect()
    });
    let inventory = session.picture().inventory();
    for (place, account) in inventory.accounts_with_places() {
        if account.status != AccountStatus::Complete {
            continue;
        }
        let owner = account.id.unwrap();
        let listed = inventory
            .iter()
            .filter(|(_, entry)| entry.zone.key.account == place)
            .count();
        let there = truth.keys().filter(|(id, _)| *id == owner).count();
        assert_eq!(listed, there, "{owner} is called complete");
    }
    for (_, entry) in inventory.iter() {
        let owner = inventory.account(entry.zone.key.account).unwrap().id.unwrap();
        let there = truth.get(&(owner, entry.zone.key.id.as_str().to_owned())).unwrap();
        if let Some(Reading::Whole(records)) = entry.records.as_ref().map(|held| &held.reading) {
            assert_eq!(records.len(), *there, "{} is called whole", entry.zone.name);
        }
    }
}

#[tokio::test]
async fn a_scan_costs_the_floor_and_reads_everything() {
    let mut world = WorldBuilder::new("floor");
    let handle = world.account(AccountSpec::new(id(0).to_string(), "one"));
    let mut top = ZoneSpec::public("example.com".parse().unwrap());
    top.lines = (0..700).map(|host| format!("h{host} 300 A 192.0.2.1")).collect();
    world.zone(handle, top);
    for zone in 0..120 {
        world.zone(
            handle,
            ZoneSpec::public(format!("z{zone}.example.com").parse().unwrap()),
        );
    }
    let mut field = Field::new(world.build().unwrap()).await;
    field.simulator.set_faults(id(0), |faults| faults.rate = unlimited());
    field.limits = fast();
    let session = field.scan().await;
    assert!(session.picture().inventory().is_read());
    is_honest(&session, &field);
    // 700 hosts, the apex NS and SOA, 120 delegations: three pages.
    let counted = [
        "GetHostedZoneCount",
        "ListHostedZones",
        "ListResourceRecordSets",
        "GetHostedZone",
        "GetDNSSEC",
    ]
    .map(|action| field.requests(action));
    assert_eq!(
        counted,
        [1, 2, 123, 1, 0],
        "one delegation set: no parent is visible of the topmost zone"
    );
    let sent = session.progress().accounts.first().unwrap().sent;
    assert_eq!(sent.route53(), counted.iter().sum::<u64>());
}
