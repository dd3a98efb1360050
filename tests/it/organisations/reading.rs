//! Reads a world as a scan would, without sockets: facts go into an inventory, and what the cuts need beyond is asked for.
//!
//! What cannot be read is scripted by the world's own denials and by [`Troubles`].

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use zonecut::findings::{Finding, Subject, Survey};
use zonecut::model::account::{Account, AccountIx, AccountStatus, Env, Problem, ProblemKind};
use zonecut::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use zonecut::model::name::DnsName;
use zonecut::model::records::Records;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::{DelegationSet, Visibility, Zone, ZoneKey};
use zonecut::sim::world::{HostedZone, SimAccount, World};

/// What cannot be read, besides what the world denies.
#[derive(Debug, Clone, Default)]
pub struct Troubles {
    pub accounts: BTreeMap<AccountIx, AccountTrouble>,
    pub zones: BTreeMap<ZoneKey, ZoneTrouble>,
    pub delegation_sets: Vec<ZoneKey>,
    pub signing: Vec<ZoneKey>,
}

/// How an account is not read.
#[derive(Debug, Clone)]
pub enum AccountTrouble {
    /// Its zones cannot be listed.
    Failed,
    /// The scan has not come to it.
    NotYet,
    /// Its list lacks these zones, and that was noticed.
    Lacks(Vec<ZoneKey>),
    /// Only the cache knows it.
    Cached,
}

/// How the record sets of a zone are not read.
#[derive(Debug, Clone)]
pub enum ZoneTrouble {
    /// Not at all.
    Failed,
    /// The scan has not come to it.
    NotYet,
    /// Those of these owners got lost, and that was noticed.
    Lacks(Vec<DnsName>),
    /// Only the cache knows them.
    Cached,
}

/// What a scan came to.
pub struct Scan {
    pub inventory: Inventory,
    pub survey: Survey,
    handles: BTreeMap<ZoneKey, String>,
    /// How often `GetHostedZone` and `GetDNSSEC` were asked.
    pub asked: (usize, usize),
}

/// A finding reduced to what an expectation says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub code: String,
    pub name: String,
    /// The handles of the zones it concerns.
    pub zones: Vec<String>,
    pub cause: Option<String>,
    pub confidence: String,
    pub severity: String,
}

impl Scan {
    /// Reads all of a world that can be read.
    pub fn of(world: &World, troubles: &Troubles) -> Self {
        let mut inventory = Inventory::new(accounts(world));
        for fact in facts(world, troubles) {
            inventory.apply(fact);
        }
        let survey = Survey::of(&mut inventory);
        let mut scan = Self {
            inventory,
            survey,
            handles: handles(world),
            asked: (0, 0),
        };
        while scan.ask(world, troubles) {}
        scan
    }

    /// A scan of which everything was read already.
    pub fn settled(inventory: Inventory, survey: Survey, world: &World) -> Self {
        Self {
            inventory,
            survey,
            handles: handles(world),
            asked: (0, 0),
        }
    }

    /// Asks what the cuts need beyond; says whether there was anything.
    pub fn ask(&mut self, world: &World, troubles: &Troubles) -> bool {
        let wants = wants(&self.survey, &self.inventory);
        for want in &wants {
            match want {
                Want::DelegationSet(_) => self.asked.0 += 1,
                Want::Signing(_) => self.asked.1 += 1,
            }
            self.inventory.apply(answer(world, troubles, want));
        }
        self.survey.refresh(&mut self.inventory);
        !wants.is_empty()
    }

    /// All findings, sorted.
    pub fn found(&self) -> Vec<Found> {
        let mut found: Vec<Found> = self.survey.findings().map(|finding| self.reduce(finding)).collect();
        found.sort();
        found
    }

    fn reduce(&self, finding: &Finding) -> Found {
        let zones = finding.children.iter().filter_map(|child| {
            let key = ZoneKey {
                account: child.account,
                id: child.id.clone(),
            };
            self.handles.get(&key).cloned()
        });
        Found {
            code: finding.code().to_owned(),
            name: match &finding.subject {
                Subject::Name(name) => name.to_string(),
                Subject::Account(place) => self.inventory.account(*place).expect("its account").name.printable(),
            },
            zones: zones.collect(),
            cause: finding.cause.map(str::to_owned),
            confidence: finding.confidence.word().to_owned(),
            severity: finding.severity.word().to_owned(),
        }
    }
}

/// The accounts of a world, none of them read yet.
pub fn accounts(world: &World) -> Vec<Account> {
    let account = |sim: &SimAccount| Account {
        name: Untrusted::from(sim.name.clone()),
        id: Some(sim.id),
        profile: None,
        env_label: None,
        env: Env::Unknown,
        status: AccountStatus::Waiting,
    };
    world.accounts().iter().map(account).collect()
}

fn handles(world: &World) -> BTreeMap<ZoneKey, String> {
    keyed(world).map(|(key, zone)| (key, zone.key.to_string())).collect()
}

/// All zones of a world with what identifies each in an inventory.
pub fn keyed(world: &World) -> impl Iterator<Item = (ZoneKey, &HostedZone)> {
    (0..).map(AccountIx).zip(world.accounts()).flat_map(|(place, account)| {
        account.zones().map(move |zone| {
            let key = ZoneKey {
                account: place,
                id: zone.id.clone(),
            };
            (key, zone)
        })
    })
}

/// What the lists of zones and of record sets say, account by account.
pub fn facts(world: &World, troubles: &Troubles) -> Vec<Fact> {
    (0..)
        .map(AccountIx)
        .zip(world.accounts())
        .flat_map(|(place, account)| account_facts(place, account, troubles))
        .collect()
}

fn account_facts(place: AccountIx, account: &SimAccount, troubles: &Troubles) -> Vec<Fact> {
    let denied = account.faults.expired || account.faults.denies("ListHostedZones");
    let trouble = troubles.accounts.get(&place);
    let status = |status| vec![Fact::Status { account: place, status }];
    let mut facts = match trouble {
        Some(AccountTrouble::NotYet) => return status(AccountStatus::Reading),
        Some(AccountTrouble::Failed) => return status(AccountStatus::Failed(problem())),
        _ if denied => return status(AccountStatus::Failed(problem())),
        Some(AccountTrouble::Lacks(_)) => status(AccountStatus::Partial(problem())),
        Some(AccountTrouble::Cached) => status(AccountStatus::Stale),
        None => status(AccountStatus::Complete),
    };
    let origin = match trouble {
        Some(AccountTrouble::Cached) => origin(Source::Cache),
        _ => origin(Source::Live),
    };
    let lacks = |key: &ZoneKey| matches!(trouble, Some(AccountTrouble::Lacks(keys)) if keys.contains(key));
    for sim in account.zones() {
        let zone = listed(place, sim);
        if lacks(&zone.key) {
            continue;
        }
        let key = zone.key.clone();
        facts.push(Fact::Zones {
            account: place,
            zones: vec![zone],
            origin,
        });
        facts.extend(record_fact(key, account, sim, origin, troubles));
    }
    facts
}

/// A zone as the list of zones gives it.
fn listed(place: AccountIx, sim: &HostedZone) -> Zone {
    Zone {
        key: ZoneKey {
            account: place,
            id: sim.id.clone(),
        },
        name: sim.name.clone(),
        visibility: sim.visibility,
        record_count: Some(sim.records().len() as u64),
        comment: Untrusted::from(sim.comment.to_string()),
        linked_service: None,
    }
}

fn record_fact(
    zone: ZoneKey,
    account: &SimAccount,
    sim: &HostedZone,
    origin: Origin,
    troubles: &Troubles,
) -> Option<Fact> {
    let action = "ListResourceRecordSets";
    let denied = account.faults.denies(action) || zonecut::sim::faults::names(&sim.deny, action);
    let pack = |lost: &[DnsName]| {
        let kept = sim.records().iter().filter(|set| !lost.contains(&set.name));
        let (records, strangers) = Records::pack(&sim.name, kept.map(|set| set.to_model()).collect());
        assert_eq!(strangers, 0);
        Arc::new(records)
    };
    let (reading, origin) = match troubles.zones.get(&zone) {
        Some(ZoneTrouble::NotYet) => return None,
        Some(ZoneTrouble::Failed) => (Reading::Failed(problem()), origin),
        _ if denied => (Reading::Failed(problem()), origin),
        Some(ZoneTrouble::Lacks(owners)) => (Reading::Part(pack(owners), problem()), origin),
        Some(ZoneTrouble::Cached) => (Reading::Whole(pack(&[])), self::origin(Source::Cache)),
        None => (Reading::Whole(pack(&[])), origin),
    };
    Some(Fact::Records { zone, reading, origin })
}

/// What is asked for one zone at a time, and only where a cut needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    DelegationSet(ZoneKey),
    Signing(ZoneKey),
}

/// What the cuts need besides record sets.
pub fn wants(survey: &Survey, inventory: &Inventory) -> Vec<Want> {
    let key = |zone| inventory.zone(zone).expect("a zone of a cut").zone.key.clone();
    let mut wants = Vec::new();
    for verdict in survey.cuts() {
        let cut = &verdict.cut;
        for child in &cut.children {
            if cut.needs_delegation_set(inventory, *child) {
                wants.push(Want::DelegationSet(key(*child)));
            }
        }
        for zone in cut.needs_signing(inventory) {
            let want = Want::Signing(key(zone));
            if !wants.contains(&want) {
                wants.push(want);
            }
        }
    }
    wants
}

/// The answer of `GetHostedZone` or `GetDNSSEC`.
pub fn answer(world: &World, troubles: &Troubles, want: &Want) -> Fact {
    let (key, action) = match want {
        Want::DelegationSet(key) => (key, "GetHostedZone"),
        Want::Signing(key) => (key, "GetDNSSEC"),
    };
    let account = &world.accounts()[key.account.0 as usize];
    let sim = account.zone(&key.id).expect("a zone of the world");
    let denied = account.faults.denies(action) || zonecut::sim::faults::names(&sim.deny, action);
    let origin = origin(Source::Live);
    match want {
        Want::DelegationSet(key) => {
            assert_eq!(sim.visibility, Visibility::Public, "{} is private", sim.name);
            let reading = match denied || troubles.delegation_sets.contains(key) {
                true => Reading::Failed(problem()),
                false => Reading::Whole(delegation_set(sim)),
            };
            Fact::DelegationSet {
                zone: key.clone(),
                reading,
                origin,
            }
        }
        Want::Signing(key) => Fact::Signing {
            zone: key.clone(),
            reading: match denied || troubles.signing.contains(key) {
                true => Reading::Failed(problem()),
                false => Reading::Whole(sim.signing.to_model()),
            },
            origin,
        },
    }
}

fn delegation_set(sim: &HostedZone) -> DelegationSet {
    let mut name_servers = sim.delegation_set.clone();
    name_servers.sort();
    DelegationSet { id: None, name_servers }
}

fn origin(source: Source) -> Origin {
    Origin {
        source,
        at: Timestamp::UNIX_EPOCH,
    }
}

fn problem() -> Problem {
    Problem {
        kind: ProblemKind::Denied,
        message: Untrusted::from("not authorized"),
        remedy: None,
        request_id: None,
    }
}
