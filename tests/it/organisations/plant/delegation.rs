//! Delegations that lead elsewhere than to the zone, or to part of it.

use zonecut::sim::world::DelegationSpec;

use super::super::generate::Draft;
use super::{PRIVATE, PROVIDER, Plant, has_twin, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("to private", |d| {
        wrong_delegation(d, "delegation-to-private-zone", PRIVATE.map(str::to_owned).to_vec())
    }),
    ("self", self_delegation),
    ("partly self", partly_self),
    ("stale", |d| {
        wrong_delegation(d, "stale-delegation-set", vec!["$GONE(stale)".into()])
    }),
    ("orphan", |d| {
        wrong_delegation(d, "orphan-zone", PROVIDER.map(str::to_owned).to_vec())
    }),
    ("half orphan", |d| {
        wrong_delegation(d, "orphan-zone", vec!["$GONE(stale)[0..2]".into(), PROVIDER[0].into()])
    }),
    ("white label", white_label),
    ("two providers", two_providers),
    ("secondary in the parent alone", secondary_in_the_parent),
    ("dangling", dangling),
    ("typed", typed),
    ("missing dot", missing_dot),
    ("incomplete", incomplete),
    ("single", single),
];

fn wrong_delegation(draft: &mut Draft, code: &str, values: Vec<String>) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect(code, &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

/// The key of the zone that the builder puts a zone's delegation into.
fn delegating(draft: &Draft, zone: usize) -> String {
    let plan = &draft.zones[zone];
    match &plan.delegate_in {
        Some(key) => key.clone(),
        None => draft.zones[plan.parent.expect("a parent")].key.clone(),
    }
}

fn self_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let parent = delegating(draft, zone);
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Values(vec![format!("$SET({parent})")]);
    draft.expect("self-delegation", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn partly_self(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let parent = delegating(draft, zone);
    let (name, key, _) = take(draft, zone);
    let values = vec![format!("$SET({key})[1..4]"), format!("$SET({parent})[2]")];
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect("self-delegation", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn white_label(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    let names: Vec<String> = ["ns1.acme-dns.example.", "ns2.acme-dns.example."]
        .map(str::to_owned)
        .to_vec();
    draft.zones[zone].delegation = DelegationSpec::Values(names.clone());
    draft.zones[zone].apex_ns = Some(names);
    draft.expect_as("orphan-zone", &name, true);
    Some(())
}

fn two_providers(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (_, key, _) = take(draft, zone);
    let names = vec![format!("$SET({key})"), PROVIDER[0].into()];
    draft.zones[zone].delegation = DelegationSpec::Values(names.clone());
    draft.zones[zone].apex_ns = Some(names);
    Some(())
}

fn partly(draft: &mut Draft, range: &str, extra: &[&str], codes: &[&str]) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, key, _) = take(draft, zone);
    let mut values = vec![format!("$SET({key}){range}")];
    values.extend(extra.iter().map(|value| (*value).to_owned()));
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    for code in codes {
        draft.expect(code, &name);
    }
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn secondary_in_the_parent(draft: &mut Draft) -> Option<()> {
    partly(draft, "", &PROVIDER, &[])
}

fn dangling(draft: &mut Draft) -> Option<()> {
    partly(draft, "[0..3]", &["$GONE(d)[3]"], &["dangling-nameserver"])
}

fn typed(draft: &mut Draft) -> Option<()> {
    partly(
        draft,
        "[0..3]",
        &["nns-1471.awsdns-55.org."],
        &["dangling-nameserver", "ns-name-implausible"],
    )
}

fn missing_dot(draft: &mut Draft) -> Option<()> {
    partly(
        draft,
        "[0..3]",
        &["ns-200.awsdns-25.com.example.org."],
        &["ns-name-implausible"],
    )
}

fn incomplete(draft: &mut Draft) -> Option<()> {
    partly(draft, "[1..3]", &[], &["incomplete-set"])
}

fn single(draft: &mut Draft) -> Option<()> {
    partly(draft, "[2]", &[], &["incomplete-set", "single-nameserver"])
}
