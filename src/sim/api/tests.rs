use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::order::route53_order;
use crate::sim::record::{PolicyKind, ResourceRecordSet, RoutingPolicy};
use crate::sim::world::{AccountSpec, WorldBuilder, ZoneSpec};

const CALL: Call = Call {
    account: 0,
    now: Duration::ZERO,
};

fn apex() -> DnsName {
    "example.com".parse().expect("a name")
}

fn world(sets: Vec<ResourceRecordSet>) -> (World, String) {
    let mut builder = WorldBuilder::new("test");
    let account = builder.account(AccountSpec::new("111122223333", "a"));
    let mut spec = ZoneSpec::public(apex());
    spec.sets = sets;
    builder.zone(account, spec);
    let world = builder.build().expect("a world");
    let id = world
        .zones()
        .next()
        .map(|(_, zone)| zone.id.to_string())
        .expect("a zone");
    (world, id)
}

fn walk(world: &World, zone: &str, size: i64) -> Vec<ResourceRecordSet> {
    let (mut found, mut start) = (Vec::new(), RecordStart::default());
    loop {
        let page = world.list_record_sets(CALL, zone, &start, Some(size)).expect("a page");
        assert!(page.sets().len() <= usize::try_from(size).expect("positive"));
        found.extend(page.sets().iter().cloned());
        let Some(next) = page.next else { return found };
        start = RecordStart {
            name: Some(next.name.to_route53()),
            record_type: Some(next.record_type.to_string()),
            identifier: next.set_identifier().map(str::to_owned),
        };
    }
}

/// Record sets with any octets in their names, of a few types, some of them weighted; no two alike.
fn any_sets() -> impl Strategy<Value = Vec<ResourceRecordSet>> {
    let label = prop_oneof![
        "[a-c*.,-]{1,3}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 1..4),
    ];
    let name = proptest::collection::vec(label, 1..4).prop_map(|labels| {
        let apex = apex();
        let labels = labels.iter().map(Vec::as_slice).chain(apex.labels());
        DnsName::from_labels(labels).expect("short")
    });
    let identifier = proptest::option::of("[a-c]{1,2}");
    let set = (
        name,
        prop_oneof![Just(RecordType::A), Just(RecordType::TXT)],
        identifier,
    )
        .prop_map(|(name, record_type, identifier)| {
            let mut set = ResourceRecordSet::simple(name, record_type, 300, ["192.0.2.1"]);
            set.routing = identifier.map(|identifier| {
                Box::new(RoutingPolicy {
                    set_identifier: identifier.into(),
                    kind: PolicyKind::Weighted(1),
                })
            });
            set
        });
    proptest::collection::vec(set, 0..40).prop_map(|mut sets| {
        sets.sort_by(ResourceRecordSet::listing_order);
        sets.dedup_by(|one, other| one.listing_order(other).is_eq());
        sets
    })
}

proptest! {
    #[test]
    fn paging_gives_exactly_the_record_sets_of_the_world(sets in any_sets(), size in 1_i64..20) {
        let (world, zone) = world(sets.clone());
        let found = walk(&world, &zone, size);
        prop_assert_eq!(found.len(), sets.len() + 2);
        prop_assert!(found.is_sorted_by(|one, other| one.listing_order(other).is_lt()));
        for set in &sets {
            prop_assert!(found.contains(set));
        }
    }

    #[test]
    fn a_batch_is_applied_whole_or_not_at_all(sets in any_sets(), actions in proptest::collection::vec(0..3_u8, 40)) {
        let (mut world, zone) = world(sets.iter().step_by(2).cloned().collect());
        let before = walk(&world, &zone, 300);
        let changes: Vec<Change> = sets
            .iter()
            .zip(actions)
            .map(|(set, action)| Change {
                action: match action {
                    0 => ChangeAction::Create,
                    1 => ChangeAction::Delete,
                    _ => ChangeAction::Upsert,
                },
                set: set.clone(),
            })
            .collect();
        let outcome = world.change_record_sets(CALL, &zone, None, &changes);
        let after = walk(&world, &zone, 300);
        prop_assert!(after.is_sorted_by(|one, other| one.listing_order(other).is_lt()));
        match outcome {
            Err(_) => prop_assert_eq!(after, before),
            Ok(_) => for change in &changes {
                prop_assert_eq!(after.contains(&change.set), change.action != ChangeAction::Delete);
            },
        }
    }

    #[test]
    fn the_order_of_names_is_total(sets in any_sets()) {
        let names: Vec<_> = sets.iter().map(|set| &set.name).collect();
        for one in &names {
            for other in &names {
                prop_assert_eq!(route53_order(one, other), route53_order(other, one).reverse());
                prop_assert_eq!(route53_order(one, other).is_eq(), one == other);
            }
        }
    }
}

#[test]
fn a_deleted_zone_is_served_no_more_and_its_reference_stays_used() {
    let (mut world, _) = world(Vec::new());
    let new = NewZone {
        name: "dev.example.com".into(),
        reference: "once".into(),
        ..NewZone::default()
    };
    let created = world.create_hosted_zone(CALL, &new).expect("a zone");
    let server = created.detail.name_servers[0].clone();
    let name = "dev.example.com".parse().expect("a name");
    assert!(world.zone_served_by(&server, &name).is_some());
    world
        .delete_hosted_zone(CALL, created.detail.zone.id.as_str())
        .expect("a deletion");
    assert!(world.zone_served_by(&server, &name).is_none());
    assert_eq!(
        world.create_hosted_zone(CALL, &new).expect_err("refused").code,
        "HostedZoneAlreadyExists"
    );
}

#[test]
fn servers_serve_the_old_record_sets_until_a_change_is_in_sync() {
    let (mut world, zone) = world(Vec::new());
    let www = ResourceRecordSet::simple(apex().child(b"www").expect("a name"), RecordType::A, 300, ["192.0.2.1"]);
    let change = Change {
        action: ChangeAction::Create,
        set: www,
    };
    let call = Call {
        now: Duration::from_secs(10),
        ..CALL
    };
    world
        .change_record_sets(call, &zone, None, &[change])
        .expect("a change");
    let (_, zone) = world.zones().next().expect("a zone");
    let seen = |seconds| zone.seen_at(Duration::from_secs(seconds), Duration::from_secs(5)).len();
    assert_eq!((seen(14), seen(15)), (2, 3));
}

#[test]
fn an_account_has_a_quota_of_zones() {
    let (mut world, _) = world(Vec::new());
    world.accounts[0].zone_limit = 2;
    let new = |number: u32| NewZone {
        name: format!("z{number}.example.net"),
        reference: number.to_string(),
        ..NewZone::default()
    };
    world.create_hosted_zone(CALL, &new(1)).expect("a zone");
    assert_eq!(
        world.create_hosted_zone(CALL, &new(2)).expect_err("refused").code,
        "TooManyHostedZones"
    );
}
