//! The demo organisation over DNS: every record set is served, and exactly the broken parts of its tree do not resolve.

use std::collections::BTreeSet;

use hickory_proto::op::ResponseCode::{NXDomain, NoError};
use hickory_proto::rr::{Record, RecordType};
use zonecut::model::name::DnsName;
use zonecut::sim::dns::{Binding, Options};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::world::When;

use super::ask::{Stage, query, udp, with_edns};
use super::walk::walk;

const DEMO: &str = include_str!("../../../assets/demo.toml");

/// Findings about names that nobody on the internet finds.
const UNREACHABLE: [&str; 4] = [
    "missing-delegation",
    "delegation-to-private-zone",
    "self-delegation",
    "stale-delegation-set",
];

fn type_of(set: &ResourceRecordSet) -> RecordType {
    match set.record_type.as_str() {
        "SPF" => RecordType::Unknown(99),
        mnemonic => mnemonic.parse().expect("a type that hickory knows"),
    }
}

#[test]
fn every_record_set_of_the_demo_is_answered_or_lies_behind_a_cut() {
    let stage = Stage::of(DEMO);
    let zones: Vec<_> = {
        let world = stage.world.lock().expect("not poisoned");
        world
            .zones()
            .map(|(_, zone)| zone.clone())
            .filter(|zone| zone.is_public())
            .collect()
    };
    let mut answered = 0;
    for zone in &zones {
        let server = stage.servers.address_of(&zone.delegation_set[0]).expect("bound");
        for set in zone.records() {
            let asked = with_edns(query(&set.name.to_string(), type_of(set)), 4096);
            let answer = udp(server, &asked);
            assert_eq!(
                answer.metadata.response_code, NoError,
                "{} {}",
                set.name, set.record_type
            );
            if answer.metadata.authoritative {
                answered += 1;
                let count = answer.answers.len();
                let whole = set.alias.is_some() || set.routing.is_some() || count == set.values.len();
                assert!(whole && count > 0, "{} {}: {count} records", set.name, set.record_type);
            } else {
                assert!(!answer.authorities.is_empty(), "{} {}", set.name, set.record_type);
            }
        }
    }
    assert!(answered > zones.len() * 2);
}

/// Where a walk from the root ends, and with what: the stories that `trace` tells.
#[test]
fn a_walk_through_the_demo_ends_where_its_story_ends() {
    use zonecut::model::dns::End;
    use zonecut::model::record::RecordType;
    let stage = Stage::with(
        DEMO,
        Options {
            binding: Binding::WhenTold,
            ..Options::default()
        },
    );
    let ends = |name: &str| {
        let walk = walk(&stage.servers, &stage.runtime, name, RecordType::A);
        let zone = walk.legs.last().map(|leg| leg.zone.to_string()).unwrap_or_default();
        let how = match walk.end {
            End::Answer(_) => "answer",
            End::NoName(_) => "no name",
            End::NoServer => "no server",
            other => panic!("{name}: {other:?}"),
        };
        (zone, how)
    };
    for (name, zone, how) in [
        ("api.atlas.apps.example.com", "atlas.apps.example.com", "answer"),
        ("app.staging.example.com", "staging.example.com", "no server"),
        ("www.promo.example.com", "promo.example.com", "no server"),
        ("pop-fra.eu.example.com", "eu.example.com", "answer"),
        ("unseal.vault.example.net", "vault.example.net", "answer"),
        ("status.api.example.com", "status.example.org", "answer"),
        ("_acme-challenge.cdn.example.com", "cdn.example.com", "no name"),
        ("api.example.com", "api.example.com", "answer"),
        ("www.shop.example.com", "shop.example.com", "answer"),
        ("app.dev.example.com", "example.com", "no name"),
    ] {
        assert_eq!(ends(name), (zone.to_owned(), how), "{name}");
    }
}

#[test]
fn exactly_the_broken_parts_of_the_demo_do_not_resolve() {
    let stage = Stage::of(DEMO);
    let (zones, broken): (BTreeSet<DnsName>, Vec<DnsName>) = {
        let world = stage.world.lock().expect("not poisoned");
        let public = world.zones().map(|(_, zone)| zone).filter(|zone| zone.is_public());
        let broken = world
            .expectations(When::Api)
            .filter(|expected| UNREACHABLE.contains(&&*expected.code));
        (
            public.map(|zone| zone.name.clone()).collect(),
            broken.map(|expected| expected.name.parse().expect("a name")).collect(),
        )
    };
    let mut wrong = Vec::new();
    for zone in &zones {
        let answer = stage.resolve(&zone.to_string(), RecordType::SOA);
        let is_soa = |record: &Record| record.record_type() == RecordType::SOA;
        let found = answer.answers.iter().any(is_soa) && answer.metadata.response_code == NoError;
        let reachable = !broken.iter().any(|cut| zone.is_at_or_below(cut));
        if found != reachable {
            wrong.push(format!("{zone}: {}", answer.metadata.response_code));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        stage.resolve("www.example.edu", RecordType::A).metadata.response_code,
        NXDomain
    );
}
