//! What a zone holds at a name: the look-ups that cuts are derived from, each by binary search.

use crate::model::inventory::{Inventory, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;

use super::Delegation;

/// The NS record set at the apex of a zone, as sorted names; none where it was not read.
pub fn apex_name_servers(entry: &ZoneEntry) -> Option<&[DnsName]> {
    entry.apex.as_ref().map(|apex| &*apex.name_servers)
}

/// The NS record set that a zone holds at a name below its apex, whether or not a delegation above hides it.
///
/// Where it lists what the apex of one of `children` lists, as most do, it shares that list.
pub(super) fn delegation_at(
    inventory: &Inventory,
    zone: ZoneIx,
    name: &DnsName,
    children: &[ZoneIx],
) -> Option<Delegation> {
    let entry = inventory.zone(zone)?;
    let owner = name.relative_to(&entry.zone.name)?;
    let record = entry.records()?.delegation(owner)?;
    let names = record.name_servers();
    let mut apexes = children
        .iter()
        .filter_map(|child| inventory.zone(*child)?.apex.as_ref());
    let shared = apexes.find(|apex| *apex.name_servers == *names);
    Some(Delegation {
        zone,
        ttl: record.ttl(),
        name_servers: shared.map_or_else(|| names.into(), |apex| apex.name_servers.clone()),
    })
}

/// The topmost name strictly between a zone's apex and `name` that the zone delegates away.
pub fn delegated_between(inventory: &Inventory, zone: ZoneIx, name: &DnsName) -> Option<DnsName> {
    let entry = inventory.zone(zone)?;
    let records = entry.records()?;
    if records.delegations().len() == 0 {
        return None;
    }
    let apex_len = entry.zone.name.as_wire().len();
    let mut topmost = None;
    for wire in name.suffixes().skip(1).take_while(|wire| wire.len() > apex_len) {
        let owner = wire.get(..wire.len() - apex_len)?;
        if records.delegation(owner).is_some() {
            topmost = Some(wire);
        }
    }
    topmost.map(DnsName::from_suffix)
}

/// Whether two sets of names have one in common.
pub fn shares(a: &[DnsName], b: &[DnsName]) -> bool {
    a.iter().any(|name| b.contains(name))
}
