//! Faults to plant, each with what must be found of it.

mod apex;
mod delegation;
mod ds;
mod hidden;
mod missing;
mod names;
mod twins;

use zonecut::sim::world::DelegationSpec;

use super::generate::{Draft, Plan};

pub use missing::foresee_wildcards;

const PROVIDER: [&str; 2] = ["ns1.provider.example.", "ns2.provider.example."];
const PRIVATE: [&str; 4] = [
    "ns-0.awsdns-00.com.",
    "ns-512.awsdns-00.net.",
    "ns-1024.awsdns-00.org.",
    "ns-1536.awsdns-00.co.uk.",
];
const WRONG_DS: &str = "20326 13 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";

type Plant = fn(&mut Draft) -> Option<()>;

/// Every kind of fault. Each finds a place for itself, or none and leaves everything as it was.
pub fn kinds() -> Vec<(&'static str, Plant)> {
    let planted = [
        missing::KINDS,
        delegation::KINDS,
        twins::KINDS,
        apex::KINDS,
        hidden::KINDS,
        ds::KINDS,
        names::KINDS,
        &[("unread", unread)],
    ];
    planted.concat()
}

/// Plants one fault of a random kind.
pub fn fault(draft: &mut Draft) {
    let kinds = kinds();
    let (kind, plant) = kinds[draft.rng.usize(0..kinds.len())];
    if plant(draft).is_some() {
        draft.kinds.push(kind);
    }
}

/// Picks a zone at random.
fn pick(draft: &mut Draft, fits: impl Fn(&Draft, usize, &Plan) -> bool) -> Option<usize> {
    let places: Vec<usize> = (0..draft.zones.len())
        .filter(|place| fits(draft, *place, &draft.zones[*place]))
        .collect();
    match places.is_empty() {
        true => None,
        false => Some(places[draft.rng.usize(0..places.len())]),
    }
}

/// A zone with a parent, in order, without a DS, of which nothing depends on.
fn plain(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.taken && plan.parent.is_some() && !plan.has_ds
}

fn take(draft: &mut Draft, zone: usize) -> (String, String, usize) {
    draft.zones[zone].taken = true;
    let plan = &draft.zones[zone];
    (plan.name.clone(), plan.key.clone(), plan.parent.expect("a parent"))
}

fn is_empty(plan: &Plan) -> bool {
    plan.lines.is_empty()
}

fn has_twin(draft: &Draft, zone: usize) -> bool {
    let name = &draft.zones[zone].name;
    let named = draft.zones.iter().filter(|plan| plan.name == *name && !plan.private);
    named.count() > 1
}

/// A zone without a visible parent: there is nothing to compare its apex with but its delegation set.
fn is_top(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.taken && !plan.private && plan.parent.is_none()
}

/// Any public zone in which a name of its own can be made.
fn holds_names(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.private && plan.deny.is_empty()
}

fn unread(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, place, plan| {
        let leaf = !d.zones.iter().any(|other| other.parent == Some(place));
        let own = !plan
            .lines
            .iter()
            .any(|line| line.contains(" NS ") || line.contains(" DS "));
        plan.delegation == DelegationSpec::Own && plan.deny.is_empty() && (plan.private || (leaf && own && !plan.taken))
    })?;
    draft.zones[zone].taken = true;
    draft.zones[zone].deny = vec!["ListResourceRecordSets".into()];
    let name = draft.zones[zone].name.clone();
    draft.expect("unread-account", &name);
    Some(())
}
