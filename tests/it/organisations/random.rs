//! The checker finds in random organisations exactly what was planted: none missing, none extra.

use std::collections::BTreeMap;

use super::generate::{Organisation, Planted};
use super::plant::kinds;
use super::reading::{Scan, Troubles};

/// How many organisations a run checks.
const RUNS: u64 = 1_000;

/// What was found, as it is planted.
pub fn found(scan: &Scan) -> Vec<Planted> {
    let mut found: Vec<Planted> = scan
        .found()
        .into_iter()
        .map(|found| Planted {
            unknown: found.confidence == "unknown",
            code: found.code,
            name: found.name,
        })
        .collect();
    found.sort();
    found
}

#[test]
fn in_random_organisations_exactly_what_was_planted_is_found() {
    let mut planted: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..RUNS {
        let organisation = Organisation::of(seed);
        let found = found(&Scan::of(&organisation.world, &Troubles::default()));
        let lacking: Vec<_> = organisation.expected.iter().filter(|p| !found.contains(p)).collect();
        let extra: Vec<_> = found.iter().filter(|f| !organisation.expected.contains(f)).collect();
        assert!(
            found == organisation.expected,
            "organisation {seed} with {:?}\nlacking {lacking:#?}\nbeyond {extra:#?}",
            organisation.kinds
        );
        for kind in organisation.kinds {
            *planted.entry(kind).or_default() += 1;
        }
    }
    let rare: Vec<_> = kinds()
        .iter()
        .map(|(kind, _)| (*kind, planted.get(kind).copied().unwrap_or(0)))
        .filter(|(_, times)| *times < 20)
        .collect();
    assert!(rare.is_empty(), "hardly ever planted: {rare:?}");
}

#[test]
fn nothing_is_wrong_with_a_healthy_organisation() {
    for seed in 0..100 {
        let organisation = Organisation::healthy(seed);
        let found = found(&Scan::of(&organisation.world, &Troubles::default()));
        assert!(found.is_empty(), "organisation {seed}: {found:#?}");
    }
}
