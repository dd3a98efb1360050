//! Inventories of any size, for the benchmarks: organisations in which most delegations are right and some are not.

use std::sync::Arc;

use jiff::Timestamp;
use zonecut::model::account::{Account, AccountIx, AccountStatus, Env};
use zonecut::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use zonecut::model::name::DnsName;
use zonecut::model::record::{RecordData, RecordSet, RecordType};
use zonecut::model::records::Records;
use zonecut::model::zone::{Visibility, Zone, ZoneId, ZoneKey};

/// Zones below one of these many apexes, so that parents hold many delegations.
const BELOW_ONE: usize = 50;
const ACCOUNTS: u32 = 20;

/// When everything is said to have been read.
pub fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// An inventory of so many zones with so many record sets each, all of it read.
pub fn inventory(zones: usize, records: usize) -> Inventory {
    let accounts = (0..ACCOUNTS).map(|place| Account {
        name: format!("account-{place}").into(),
        id: None,
        profile: None,
        env_label: None,
        env: Env::Unknown,
        status: AccountStatus::Waiting,
    });
    let mut inventory = Inventory::new(accounts.collect());
    for number in 0..zones {
        facts(number, zones, records)
            .into_iter()
            .for_each(|fact| inventory.apply(fact));
    }
    for place in 0..ACCOUNTS {
        inventory.apply(Fact::Status {
            account: AccountIx(place),
            status: AccountStatus::Complete,
        });
    }
    inventory
}

/// What is learned of one zone.
pub fn facts(number: usize, zones: usize, records: usize) -> Vec<Fact> {
    let name = name(number);
    let sets = record_sets(number, zones, records);
    let key = ZoneKey {
        account: AccountIx(u32::try_from(number).expect("few zones") % ACCOUNTS),
        id: ZoneId::read(&format!("Z{number:08}")).expect("an id"),
    };
    let origin = Origin {
        source: Source::Live,
        at: now(),
    };
    let zone = Zone {
        key: key.clone(),
        name: name.clone(),
        visibility: Visibility::Public,
        record_count: Some(sets.len() as u64),
        comment: "".into(),
        linked_service: None,
    };
    let (packed, _) = Records::pack(&name, sets);
    vec![
        Fact::Zones {
            account: key.account,
            zones: vec![zone],
            origin,
        },
        Fact::Records {
            zone: key,
            reading: Reading::Whole(Arc::new(packed)),
            origin,
        },
    ]
}

fn is_top(number: usize) -> bool {
    number.is_multiple_of(BELOW_ONE)
}

fn name(number: usize) -> DnsName {
    let top = number / BELOW_ONE;
    let text = if is_top(number) {
        format!("org{top}.example")
    } else {
        format!("team{number}.org{top}.example")
    };
    text.parse().expect("a name")
}

fn record_sets(number: usize, zones: usize, records: usize) -> Vec<RecordSet> {
    let name = name(number);
    let mut sets = vec![
        set(&name, RecordType::NS, servers(number)),
        set(
            &name,
            RecordType::SOA,
            vec!["ns-0.awsdns-00.com. a.example. 1 7200 900 1209600 86400".to_owned()],
        ),
    ];
    if is_top(number) {
        // Every hundredth delegation is missing, every other hundredth leads elsewhere.
        for child in (number + 1..(number + BELOW_ONE).min(zones)).filter(|child| child % 100 != 7) {
            let wrong = usize::from(child % 100 == 13);
            sets.push(set(&self::name(child), RecordType::NS, servers(child + wrong)));
        }
    }
    for host in sets.len()..records {
        let owner = name.child(format!("host-{host}").as_bytes()).expect("a name");
        let value = format!("192.0.2.{}", host % 250);
        sets.push(set(&owner, RecordType::A, vec![value]));
    }
    sets
}

fn servers(number: usize) -> Vec<String> {
    let at = number % 512;
    let tlds = ["com", "net", "org", "co.uk"].into_iter().zip(0..);
    tlds.map(|(tld, quarter)| format!("ns-{}.awsdns-{:02}.{tld}.", quarter * 512 + at, at / 8))
        .collect()
}

fn set(name: &DnsName, record_type: RecordType, values: Vec<String>) -> RecordSet {
    RecordSet {
        name: name.clone(),
        record_type,
        ttl: Some(300),
        data: RecordData::Values(values.into_iter().map(Into::into).collect()),
        routing: None,
    }
}
