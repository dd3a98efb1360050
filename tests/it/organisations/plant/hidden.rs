//! Record sets that a delegation hides.

use zonecut::sim::world::DelegationSpec;

use super::super::generate::Draft;
use super::{Plant, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("occluded records", occluded_records),
    ("occluded from above", occluded_from_above),
    ("occluded delegation", occluded_delegation),
    ("grandparent delegates", grandparent_delegates),
];

fn occluded_records(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.delegation == DelegationSpec::Own && plan.delegate_in.is_none()
    })?;
    let (name, _, parent) = take(draft, zone);
    let line = match draft.rng.u8(0..3) {
        0 => format!("{name}. 300 TXT \"at the cut\""),
        1 => format!("{}.{name}. 300 A 192.0.2.9", draft.label()),
        _ => format!("{}.{}.{name}. 300 CNAME x.example.", draft.label(), draft.label()),
    };
    draft.zones[parent].lines.push(line);
    draft.expect("occluded-records", &name);
    Some(())
}

/// The grandparent holds a record set that lies in the child.
fn occluded_from_above(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        !plan.private
            && plan
                .parent
                .is_some_and(|p| plain(d, 0, &d.zones[p]) && d.zones[p].delegate_in.is_none())
    })?;
    let parent = draft.zones[child].parent.expect("it has one");
    let (name, _, upper) = take(draft, parent);
    let line = draft.line(child, "MX", "10 mail.example.");
    draft.zones[upper].lines.push(line);
    draft.expect("occluded-records", &name);
    Some(())
}

fn occluded_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.delegation == DelegationSpec::Own && plan.delegate_in.is_none()
    })?;
    let (_, _, parent) = take(draft, zone);
    let name = draft.name_below(zone);
    draft.zones[parent].lines.push(format!("{name}. 300 NS $GONE(o)"));
    draft.expect("occluded-delegation", &name);
    Some(())
}

/// Grandparent and parent both delegate.
fn grandparent_delegates(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        let fits = |p: usize| plain(d, 0, &d.zones[p]) && d.zones[p].delegate_in.is_none();
        plain(d, 0, plan) && plan.parent.is_some_and(fits)
    })?;
    let (name, _, parent) = take(draft, child);
    let (_, _, upper) = take(draft, parent);
    let line = draft.line(child, "NS", "$GONE(g)");
    draft.zones[upper].lines.push(line);
    draft.expect("occluded-delegation", &name);
    Some(())
}
