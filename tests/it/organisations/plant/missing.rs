//! Zones that their parents do not delegate to.

use zonecut::sim::world::DelegationSpec;

use super::super::generate::{Draft, Plan, owners};
use super::{Plant, WRONG_DS, has_twin, is_empty, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("missing", missing),
    ("missing with a wildcard", missing_with_wildcard),
    ("missing with a CNAME", missing_with_cname),
    ("missing with a DS", missing_with_ds),
    ("skip-level", skip_level),
];

fn missing(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    if draft.rng.bool() && is_empty(&draft.zones[zone]) {
        let line = draft.line(zone, "A", "192.0.2.7");
        draft.zones[zone].lines.push(line);
    }
    draft.expect("missing-delegation", &name);
    Some(())
}

fn missing_with_wildcard(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    draft.expect("missing-delegation", &name);
    let wildcard = format!("\\052.{}", draft.zones[parent].name.to_lowercase());
    if !owners(&draft.zones, parent).contains(&wildcard) {
        let line = format!("\\052.{}. 60 A 192.0.2.8", draft.zones[parent].name);
        draft.zones[parent].lines.push(line);
    }
    Some(())
}

/// A wildcard answers for every zone that is missing below its name, unless something nearer exists (RFC 4592).
pub fn foresee_wildcards(draft: &mut Draft) {
    let mut covered = Vec::new();
    for plan in &draft.zones {
        let Some(parent) = plan.parent.filter(|_| !plan.private) else {
            continue;
        };
        let is_missing = draft.expected.iter().any(|p| {
            p.code == "missing-delegation"
                && zonecut::model::name::DnsName::parse_route53(&plan.name)
                    .expect("a name")
                    .to_string()
                    == p.name
        });
        if is_missing && wildcard_covers(&plan.name.to_lowercase(), &draft.zones, parent) {
            covered.push(plan.name.clone());
        }
    }
    for name in covered {
        draft.expect("wildcard-shadows-child", &name);
    }
}

fn wildcard_covers(name: &str, zones: &[Plan], parent: usize) -> bool {
    let owners = owners(zones, parent);
    let apex = zones[parent].name.to_lowercase();
    let exists = |name: &str| {
        owners
            .iter()
            .any(|owner| owner == name || owner.ends_with(&format!(".{name}")))
    };
    if exists(name) {
        return false;
    }
    let mut encloser = name;
    while encloser != apex {
        encloser = encloser.split_once('.').expect("below the apex").1;
        if encloser == apex || exists(encloser) {
            break;
        }
    }
    owners.contains(&format!("\\052.{encloser}"))
}

fn missing_with_cname(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    let line = draft.line(zone, "CNAME", "elsewhere.example.");
    draft.zones[parent].lines.push(line);
    draft.expect("missing-delegation", &name);
    if !name.ends_with(".in-addr.arpa") && !name.ends_with(".ip6.arpa") {
        draft.expect("cname-at-cut", &name);
    }
    Some(())
}

fn missing_with_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("missing-delegation", &name);
    draft.expect("ds-without-delegation", &name);
    Some(())
}

/// A zone is not delegated to, and its child is, from above both.
fn skip_level(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        let middle = plan.parent.map(|parent| &d.zones[parent]);
        plain(d, 0, plan) && middle.is_some_and(|m| plain(d, 0, m)) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let (_, key, middle) = take(draft, child);
    let (name, _, upper) = take(draft, middle);
    draft.zones[child].delegation = DelegationSpec::Absent;
    draft.zones[middle].delegation = DelegationSpec::Absent;
    let line = draft.line(child, "NS", &format!("$SET({key})"));
    draft.zones[upper].lines.push(line);
    draft.expect("missing-delegation", &name);
    Some(())
}
