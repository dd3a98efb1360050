//! The cache gives back what it was given, or nothing.

use proptest::prelude::*;

use super::*;
use crate::model::account::{Account, Env, Problem, ProblemKind};
use crate::model::dnssec::{ServeSignature, Signing, SigningKey};
use crate::model::inventory::{Origin, Reading};
use crate::model::name::DnsName;
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing};
use crate::model::records::Records;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};
use std::sync::Arc;

const PLACE: AccountIx = AccountIx(0);
const DAY: Duration = Duration::from_secs(86_400);

fn key() -> CacheKey {
    CacheKey {
        account: "123456789012".parse().unwrap(),
        endpoint: None,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn live(second: i64) -> Origin {
    Origin {
        source: Source::Live,
        at: at(second),
    }
}

fn inventory(facts: Vec<Fact>) -> Inventory {
    let account = Account {
        name: "one".into(),
        id: None,
        profile: None,
        env_label: None,
        env: Env::Unknown,
        status: AccountStatus::Waiting,
    };
    let mut inventory = Inventory::new(vec![account]);
    facts.into_iter().for_each(|fact| inventory.apply(fact));
    inventory
}

fn zone_key(id: usize) -> ZoneKey {
    ZoneKey {
        account: PLACE,
        id: ZoneId::read(&format!("Z{id}")).unwrap(),
    }
}

/// Everything an inventory holds, without where it came from.
fn contents(inventory: &Inventory) -> Vec<String> {
    let mut all: Vec<String> = inventory
        .iter()
        .map(|(_, entry)| {
            let records = entry.records.as_ref().map(|held| (&held.reading, held.origin.at));
            let set = entry
                .delegation_set
                .as_ref()
                .map(|held| (&held.reading, held.origin.at));
            let signing = entry.signing.as_ref().map(|held| (&held.reading, held.origin.at));
            format!("{:?} {:?} {records:?} {set:?} {signing:?}", entry.zone, entry.origin.at)
        })
        .collect();
    all.sort();
    all
}

fn any_name() -> impl Strategy<Value = DnsName> {
    let label = proptest::collection::vec(any::<u8>(), 1..6);
    proptest::collection::vec(label, 0..4).prop_map(|labels| DnsName::from_labels(labels).unwrap())
}

fn any_text() -> impl Strategy<Value = Untrusted> {
    any::<String>().prop_map(Untrusted::from)
}

fn any_set(zone: DnsName) -> impl Strategy<Value = RecordSet> {
    let values = proptest::collection::vec(any_text(), 0..3).prop_map(RecordData::Values);
    let alias = (any_text(), any_text()).prop_map(|(target, zone_id)| RecordData::Alias(Alias { target, zone_id }));
    let routing = proptest::option::of(
        (any_text(), any_text()).prop_map(|(set_identifier, policy)| Routing { set_identifier, policy }),
    );
    let types = prop_oneof![Just("A"), Just("NS"), Just("DS"), Just("TYPE65280")];
    let ttl = proptest::option::of(0..u32::MAX);
    (any_name(), types, prop_oneof![values, alias], routing, ttl).prop_map(
        move |(below, record_type, data, routing, ttl)| {
            let relative = below.as_wire();
            RecordSet {
                name: DnsName::join(&relative[..relative.len() - 1], &zone).unwrap(),
                record_type: RecordType::read(record_type).unwrap(),
                ttl,
                data,
                routing,
            }
        },
    )
}

fn any_reading(zone: DnsName) -> impl Strategy<Value = Reading<Arc<Records>>> {
    let sets = proptest::collection::vec(any_set(zone.clone()), 0..8);
    let problem = proptest::option::of(any_text());
    (sets, problem).prop_map(move |(sets, problem)| {
        let records = Arc::new(Records::pack(&zone, sets).0);
        match problem {
            None => Reading::Whole(records),
            Some(message) => Reading::Part(records, problem_of(message)),
        }
    })
}

fn problem_of(message: Untrusted) -> Problem {
    Problem {
        kind: ProblemKind::Throttled,
        message,
        remedy: None,
        request_id: None,
    }
}

/// A zone and what was read of it.
type AnyZone = (
    Zone,
    Option<Reading<Arc<Records>>>,
    Option<DelegationSet>,
    Option<Signing>,
);

fn any_zone() -> impl Strategy<Value = AnyZone> {
    let key = (any::<u16>(), any::<bool>(), proptest::option::of(any::<u64>()));
    (any_name(), key, any_text(), proptest::option::of(any_text()))
        .prop_map(|(name, (id, is_public, record_count), comment, linked_service)| Zone {
            key: zone_key(usize::from(id)),
            name,
            visibility: if is_public {
                Visibility::Public
            } else {
                Visibility::Private
            },
            record_count,
            comment,
            linked_service,
        })
        .prop_flat_map(|zone| {
            let records = proptest::option::of(any_reading(zone.name.clone()));
            let set = proptest::option::of(any_delegation_set());
            let signing = proptest::option::of(any_signing());
            (Just(zone), records, set, signing)
        })
}

fn any_delegation_set() -> impl Strategy<Value = DelegationSet> {
    let names = proptest::collection::vec(any_name(), 0..4);
    (proptest::option::of(any_text()), names).prop_map(|(id, mut name_servers)| {
        name_servers.sort();
        DelegationSet { id, name_servers }
    })
}

fn any_signing() -> impl Strategy<Value = Signing> {
    let key = (
        any::<u16>(),
        any::<u8>(),
        "[0-9a-f]{64}",
        any::<Option<Vec<u8>>>(),
        any::<bool>(),
    );
    let key = key.prop_map(|(tag, algorithm, digest_sha256, public_key, published)| SigningKey {
        tag,
        algorithm,
        digest_sha256,
        public_key,
        published,
    });
    proptest::collection::vec(key, 0..3).prop_map(|keys| Signing {
        status: ServeSignature::Unsure,
        keys,
    })
}

fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec(any_zone(), 0..5).prop_map(|zones| {
        let mut facts = Vec::new();
        for ((zone, records, set, signing), second) in zones.into_iter().zip(0..) {
            let key = zone.key.clone();
            facts.push(Fact::Zones {
                account: PLACE,
                zones: vec![zone],
                origin: live(second),
            });
            facts.extend(records.map(|reading| Fact::Records {
                zone: key.clone(),
                reading,
                origin: live(second + 100),
            }));
            facts.extend(set.map(|set| Fact::DelegationSet {
                zone: key.clone(),
                reading: Reading::Whole(set),
                origin: live(second + 200),
            }));
            facts.extend(signing.map(|signing| Fact::Signing {
                zone: key.clone(),
                reading: Reading::Whole(signing),
                origin: live(second + 300),
            }));
        }
        facts.push(Fact::Status {
            account: PLACE,
            status: AccountStatus::Complete,
        });
        facts
    })
}

proptest! {
    #[test]
    fn what_is_kept_comes_back_as_it_was(facts in any_facts()) {
        let place = tempfile::tempdir().unwrap();
        let cache = Cache::open(&place.path().join("cache")).unwrap();
        let before = inventory(facts);
        cache.save(&key(), &before, PLACE, at(500)).unwrap();
        let cached = cache.load(&key(), PLACE, at(600), DAY).unwrap().unwrap();
        prop_assert_eq!(cached.kept_at, at(500));
        let after = inventory(cached.facts);
        prop_assert_eq!(contents(&before), contents(&after));
        prop_assert_eq!(&after.accounts()[0].status, &AccountStatus::Stale);
        prop_assert!(after.iter().all(|(_, entry)| !entry.is_read() && entry.origin.source == Source::Cache));
    }

    #[test]
    fn a_damaged_file_gives_nothing(facts in any_facts(), at_octet in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let zones = inventory(facts);
        let entries: Vec<_> = zones.iter().map(|(_, entry)| entry).collect();
        let whole = file::seal(&mirror::write(&key(), &entries).unwrap(), at(500));
        prop_assert!(file::open(&whole, key().account).is_ok());
        let mut flipped = whole.clone();
        flipped[at_octet.index(whole.len())] ^= flip;
        for damaged in [&flipped[..], &whole[..at_octet.index(whole.len())], &[&whole[..], b"x"].concat()] {
            prop_assert!(file::open(damaged, key().account).is_err());
        }
    }

    /// An enemy computes the checksum: what is accepted can still be read through to the last octet.
    #[test]
    fn a_hostile_payload_never_panics(
        facts in any_facts(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let zones = inventory(facts);
        let entries: Vec<_> = zones.iter().map(|(_, entry)| entry).collect();
        let mut payload = mirror::write(&key(), &entries).unwrap();
        for (place, octet) in changes {
            let place = place.index(payload.len());
            payload[place] = octet;
        }
        if let Some(facts) = mirror::read(&payload, &key(), PLACE) {
            let inventory = inventory(facts);
            for (_, entry) in inventory.iter() {
                let Some(records) = entry.records() else { continue };
                for record in records.iter() {
                    let unpacked = record.unpack(&entry.zone.name);
                    prop_assert!(unpacked.name.is_at_or_below(&entry.zone.name));
                    record.values().for_each(drop);
                    records.find(record.owner(), record.record_type()).unwrap();
                }
                records.delegations().chain(records.signers()).for_each(drop);
            }
            let mut survey = crate::findings::Survey::default();
            survey.refresh(&mut inventory.clone());
        }
    }

    #[test]
    fn random_octets_never_panic(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(mirror::read(&octets, &key(), PLACE).is_none_or(|facts| facts.len() < 300));
        prop_assert!(file::open(&octets, key().account).is_err());
        let _ = Records::from_packed(&DnsName::root(), &octets, &["A", "NS"], &octets);
    }
}

fn one_zone() -> Inventory {
    let zone = Zone {
        key: zone_key(1),
        name: "example.com".parse().unwrap(),
        visibility: Visibility::Public,
        record_count: Some(2),
        comment: "".into(),
        linked_service: None,
    };
    let zones = Fact::Zones {
        account: PLACE,
        zones: vec![zone],
        origin: live(0),
    };
    inventory(vec![zones])
}

fn cache() -> (tempfile::TempDir, Cache) {
    let place = tempfile::tempdir().unwrap();
    let cache = Cache::open(&place.path().join("cache")).unwrap();
    (place, cache)
}

#[test]
fn the_demo_and_aws_never_mix() {
    let (_place, cache) = cache();
    let demo = CacheKey {
        endpoint: Some("http://127.0.0.1:4566".to_owned()),
        ..key()
    };
    cache.save(&demo, &one_zone(), PLACE, at(0)).unwrap();
    assert!(cache.load(&key(), PLACE, at(1), DAY).unwrap().is_none());
    assert!(cache.load(&demo, PLACE, at(1), DAY).unwrap().is_some());
    let bytes = cache.directory.read(&demo.file_name(), LARGEST).unwrap().unwrap();
    cache.directory.write(&key().file_name(), &bytes).unwrap();
    let error = cache.load(&key(), PLACE, at(1), DAY).unwrap_err();
    assert!(
        matches!(error, CacheError::Damaged(_)),
        "a file under another name is not believed: {error}"
    );
}

#[test]
fn what_is_too_old_or_of_another_format_says_so() {
    let (_place, cache) = cache();
    cache.save(&key(), &one_zone(), PLACE, at(0)).unwrap();
    let age = Duration::from_secs(3600);
    assert!(cache.load(&key(), PLACE, at(3600), age).is_ok());
    assert!(matches!(
        cache.load(&key(), PLACE, at(3601), age),
        Err(CacheError::TooOld { .. })
    ));
    assert!(matches!(
        cache.load(&key(), PLACE, at(-3600), age),
        Err(CacheError::TooOld { .. })
    ));
    let mut bytes = cache.directory.read(&key().file_name(), LARGEST).unwrap().unwrap();
    bytes[8] = 2;
    cache.directory.write(&key().file_name(), &bytes).unwrap();
    let error = cache.load(&key(), PLACE, at(1), age).unwrap_err();
    assert!(
        matches!(
            error,
            CacheError::Version {
                found: 2,
                expected: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn an_account_of_which_nothing_was_read_keeps_its_cache() {
    let (_place, cache) = cache();
    cache.save(&key(), &one_zone(), PLACE, at(0)).unwrap();
    let cached = cache.load(&key(), PLACE, at(1), DAY).unwrap().unwrap();
    let failed = Fact::Status {
        account: PLACE,
        status: AccountStatus::Failed(problem_of("no".into())),
    };
    let mut facts = cached.facts;
    facts.push(failed);
    cache.save(&key(), &inventory(facts), PLACE, at(100)).unwrap();
    let kept_at = cache.load(&key(), PLACE, at(101), DAY).unwrap().unwrap().kept_at;
    assert_eq!(kept_at, at(0));
    cache.save(&key(), &inventory(Vec::new()), PLACE, at(200)).unwrap();
    assert!(cache.load(&key(), PLACE, at(201), DAY).unwrap().is_some());
    cache.forget(&key()).unwrap();
    assert!(cache.load(&key(), PLACE, at(201), DAY).unwrap().is_none());
}
