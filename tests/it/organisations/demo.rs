//! The demo organisation: large enough, with every finding in it, and exactly the findings that its file lists.

use std::collections::BTreeSet;

use zonecut::findings::{Ground, RULES};
use zonecut::model::record::RecordType;
use zonecut::sim::world::{When, World};

use super::reading::{Scan, Troubles};
use super::story::{Expect, compare};

fn demo() -> World {
    World::from_toml(include_str!("../../../assets/demo.toml")).expect("the demo is a world")
}

#[test]
fn the_demo_has_exactly_the_findings_it_lists() {
    let world = demo();
    let expected: Vec<Expect> = world.expectations(When::Api).map(Expect::from).collect();
    let scan = Scan::of(&world, &Troubles::default());
    let differences = compare(&expected, scan.found());
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn every_finding_that_rests_on_the_configuration_occurs_in_the_demo() {
    let world = demo();
    let listed: BTreeSet<&str> = world.expectations(When::Api).map(|e| e.code.as_str()).collect();
    let configured = RULES.iter().filter(|rule| rule.ground == Ground::Configured);
    let lacking: Vec<&str> = configured
        .map(|rule| rule.code)
        .filter(|code| !listed.contains(code))
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn the_demo_is_as_large_as_an_organisation() {
    let world = demo();
    let private = world.zones().filter(|(_, zone)| !zone.is_public()).count();
    let record_sets: usize = world.zones().map(|(_, zone)| zone.records().len()).sum();
    assert!(world.accounts().len() >= 12, "{} accounts", world.accounts().len());
    assert!(world.zones().count() >= 300, "{} zones", world.zones().count());
    assert!((40..=60).contains(&private), "{private} private zones");
    assert!(record_sets >= 2_000, "{record_sets} record sets");
}

/// RFC 2606 and RFC 6761 for names, RFC 5737 and RFC 3849 for addresses; reverse zones are those of such addresses. Name servers
/// stand on loopback.
#[test]
fn nothing_in_the_demo_belongs_to_anyone() {
    for (_, zone) in demo().zones() {
        let name = zone.name.to_string();
        let reserved = ["example.com", "example.net", "example.org", "example", "test"];
        let is_reserved = reserved
            .iter()
            .any(|top| name == *top || name.ends_with(&format!(".{top}")));
        let is_reverse = name.ends_with(".in-addr.arpa") || name.ends_with(".ip6.arpa");
        assert!(is_reserved || is_reverse, "{name}");
        let addresses = zone.records().iter().filter(|set| set.record_type.is_address());
        for (set, value) in addresses.flat_map(|set| set.values.iter().map(move |value| (set, value))) {
            let documentation: &[&str] = match set.record_type == RecordType::A {
                true => &["192.0.2.", "198.51.100.", "203.0.113.", "127.53."],
                false => &["2001:db8:"],
            };
            assert!(
                documentation.iter().any(|net| value.starts_with(net)),
                "{} {value}",
                set.name
            );
        }
    }
}
