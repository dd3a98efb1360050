//! DS record sets that fit nothing.

use super::super::generate::{Draft, Plan};
use super::{Plant, WRONG_DS, holds_names, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("unsigned with a DS", unsigned_with_ds),
    ("wrong DS", wrong_ds),
    ("DS in an unsigned parent", ds_in_unsigned_parent),
    ("DS alone", ds_alone),
];

/// A zone below one in which a DS has an effect.
fn below_trust(draft: &Draft, _: usize, plan: &Plan) -> bool {
    plain(draft, 0, plan) && plan.parent.is_some_and(|parent| draft.is_trusted(parent))
}

fn unsigned_with_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, place, plan| {
        let leaf = !d.zones.iter().any(|other| other.parent == Some(place) && other.has_ds);
        below_trust(d, 0, plan) && plan.signing == "NOT_SIGNING" && leaf
    })?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].has_ds = true;
    if draft.rng.bool() {
        draft.zones[zone].signing = "ACTION_NEEDED";
    }
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-without-dnskey", &name);
    Some(())
}

fn wrong_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| below_trust(d, 0, plan) && plan.signing == "SIGNING")?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].has_ds = true;
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-mismatch", &name);
    Some(())
}

fn ds_in_unsigned_parent(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        let parent = plan.parent.map(|parent| &d.zones[parent]);
        let no_chain = |p: &Plan| p.signing == "NOT_SIGNING" || (plain(d, 0, p) && p.delegate_in.is_none());
        plain(d, 0, plan) && plan.signing == "SIGNING" && parent.is_some_and(no_chain)
    })?;
    let (name, key, parent) = take(draft, zone);
    draft.zones[parent].taken = true;
    draft.zones[zone].has_ds = true;
    let is_right = draft.rng.bool();
    let value = if is_right {
        format!("$DS({key})")
    } else {
        WRONG_DS.to_owned()
    };
    let line = draft.line(zone, "DS", &value);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-in-unsigned-parent", &name);
    if !is_right {
        draft.expect("ds-mismatch", &name);
    }
    Some(())
}

fn ds_alone(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, holds_names)?;
    let name = draft.name_below(zone);
    draft.zones[zone].lines.push(format!("{name}. 300 DS {WRONG_DS}"));
    draft.expect("ds-without-delegation", &name);
    Some(())
}
