//! Several zones of one name.

use zonecut::sim::world::DelegationSpec;

use super::super::generate::Draft;
use super::{PROVIDER, Plant, is_top, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("twin", twin),
    ("split", split),
    ("dead parent", dead_parent),
    ("dead delegation", dead_delegation),
    ("top twin", top_twin),
];

/// Another zone of the same name, that nobody is led to.
fn add_twin(draft: &mut Draft, zone: usize) -> usize {
    let plan = draft.zones[zone].clone();
    let twin = draft.add(plan.name.clone(), plan.parent);
    draft.zones[twin].delegation = DelegationSpec::Absent;
    draft.zones[twin].taken = true;
    draft.zones[zone].taken = true;
    // The builder must not have to choose between the two.
    let children = draft
        .zones
        .iter_mut()
        .filter(|child| child.parent == Some(zone) && !child.private);
    for child in children.filter(|child| child.delegate_in.is_none()) {
        child.delegate_in = Some(plan.key.clone());
    }
    twin
}

fn twin(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let name = draft.zones[zone].name.clone();
    let line = format!("copy.{name}. 300 A 192.0.2.1");
    draft.zones[twin].lines.push(line);
    draft.expect("duplicate-zone", &name);
    Some(())
}

fn split(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let (name, key) = (draft.zones[zone].name.clone(), draft.zones[zone].key.clone());
    let values = vec![
        format!("$SET({key})[0..2]"),
        format!("$SET({})[2..4]", draft.zones[twin].key),
    ];
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect("split-delegation", &name);
    draft.expect("duplicate-zone", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

/// A child's delegation stands in the zone that nobody is led to.
fn dead_parent(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.parent.is_some_and(|parent| plain(d, 0, &d.zones[parent]))
    })?;
    let (name, _, parent) = take(draft, child);
    let twin = add_twin(draft, parent);
    draft.zones[child].delegate_in = Some(draft.zones[twin].key.clone());
    let upper = draft.zones[parent].name.clone();
    draft.expect("duplicate-zone", &upper);
    draft.expect("missing-delegation", &name);
    draft.expect("delegation-in-dead-parent", &name);
    Some(())
}

fn dead_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let upper = draft.zones[zone].name.clone();
    let name = draft.name_below(twin);
    let line = format!("{name}. 300 NS {}", PROVIDER.join(" "));
    draft.zones[twin].lines.push(line);
    draft.expect("duplicate-zone", &upper);
    draft.expect("delegation-in-dead-parent", &name);
    Some(())
}

fn top_twin(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_top)?;
    add_twin(draft, zone);
    let name = draft.zones[zone].name.clone();
    draft.expect("duplicate-zone", &name);
    Some(())
}
