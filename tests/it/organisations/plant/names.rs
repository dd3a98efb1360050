//! Delegations at names of which there is no zone.

use zonecut::sim::world::DelegationSpec;

use super::super::generate::{Draft, Plan};
use super::{PROVIDER, Plant, has_twin, holds_names, pick};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("unverified", |d| name_fault(d, "$GONE(u)", &["unverified-delegation"])),
    ("one server", |d| {
        name_fault(d, "ns1.provider.example.", &["single-nameserver"])
    }),
    ("implausible", |d| {
        name_fault(
            d,
            "ns-200.awsdns-26.com. ns-700.awsdns-23.net.",
            &["unverified-delegation", "ns-name-implausible"],
        )
    }),
    ("private servers", |d| {
        name_fault(
            d,
            "ns-1024.awsdns-00.org. ns-0.awsdns-00.com.",
            &["delegation-to-private-zone"],
        )
    }),
    ("nobody's zone at the parent's servers", self_without_zone),
    ("glue", glue),
    ("hidden parent", hidden_parent),
];

/// A zone whose names are what resolvers follow: not the dead one of several.
fn is_followed(draft: &Draft, place: usize, plan: &Plan) -> bool {
    holds_names(draft, place, plan) && !has_twin(draft, place)
}

/// A delegation at a name of which there is no zone. In the dead one of several zones it is another fault altogether.
fn name_fault(draft: &mut Draft, values: &str, codes: &[&str]) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    draft.zones[zone].lines.push(format!("{name}. 300 NS {values}"));
    for code in codes {
        draft.expect(code, &name);
    }
    Some(())
}

fn self_without_zone(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    let values = format!("$SET({})", draft.zones[zone].key);
    draft.zones[zone].lines.push(format!("{name}. 300 NS {values}"));
    draft.expect("self-delegation", &name);
    Some(())
}

fn glue(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    draft.zones[zone]
        .lines
        .push(format!("{name}. 300 NS ns1.{name}. ns2.{name}."));
    if draft.rng.bool() {
        draft.zones[zone]
            .lines
            .push(format!("ns2.{name}. 300 AAAA 2001:db8::53"));
    }
    if draft.rng.bool() {
        draft.zones[zone].lines.push(format!("ns3.{name}. 300 A 192.0.2.53"));
        draft.expect("occluded-records", &name);
    }
    draft.expect("glue-missing", &name);
    Some(())
}

/// A zone below a name that is delegated out of sight.
fn hidden_parent(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let between = draft.name_below(zone);
    draft.zones[zone]
        .lines
        .push(format!("{between}. 300 NS {}", PROVIDER.join(" ")));
    let name = format!("portal.{between}");
    let portal = draft.add(name.clone(), None);
    draft.zones[portal].delegation = DelegationSpec::Absent;
    draft.zones[portal].taken = true;
    draft.expect("parent-not-visible", &name);
    Some(())
}
