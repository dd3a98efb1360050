//! Who has the zone that answers at a step: matched by name servers, then by what its apex says, then by what is served there.

use crate::findings::finding::ZoneRef;
use crate::model::cut::{Cut, Servers, apex_name_servers, shares};
use crate::model::dns::Leg;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

use super::Judge;

/// Who has the zone at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// This zone is the one that is asked.
    Held(ZoneRef),
    /// One of these, and it is not known which.
    OneOf(Vec<ZoneRef>),
    /// None of these zones of the name: others are asked.
    Elsewhere(Vec<ZoneRef>),
    /// These zones of the name are there, and nobody refers to them.
    Undelegated(Vec<ZoneRef>),
    /// No account has a zone of the name.
    Nobody,
    /// No account that was read has one, and not all were.
    Unknown,
}

impl Holder {
    pub(super) fn of_undelegated(zones: Vec<ZoneRef>) -> Self {
        Self::Undelegated(zones)
    }

    /// The zones that the accounts hold of the name.
    pub fn zones(&self) -> &[ZoneRef] {
        match self {
            Self::Held(zone) => std::slice::from_ref(zone),
            Self::OneOf(zones) | Self::Elsewhere(zones) | Self::Undelegated(zones) => zones,
            Self::Nobody | Self::Unknown => &[],
        }
    }

    /// The zone that is asked, where it is known.
    pub fn answering(&self) -> Option<&ZoneRef> {
        match self {
            Self::Held(zone) => Some(zone),
            _ => None,
        }
    }
}

impl Judge<'_> {
    /// Who has the zone of a leg.
    pub(super) fn holder(&self, leg: &Leg) -> Holder {
        let zones = self.inventory.public_zones(leg.zone.as_wire());
        if zones.is_empty() {
            let is_read = self.inventory.is_complete() && !self.inventory.accounts().is_empty();
            return match is_read {
                true => Holder::Nobody,
                false => Holder::Unknown,
            };
        }
        let asked: Vec<DnsName> = leg.servers.iter().map(|server| server.name.clone()).collect();
        let verdict = self.survey.cut(&leg.zone);
        let mut hits = self.hits(verdict.map(|verdict| &verdict.cut), zones, &asked);
        if let Some([served]) = verdict.map(|verdict| &*verdict.cut.served)
            && hits.len() != 1
        {
            hits = vec![*served];
        }
        let refer = |zones: &[ZoneIx]| zones.iter().filter_map(|zone| self.zone_ref(*zone)).collect();
        match (hits.as_slice(), zones) {
            ([one], _) => self.zone_ref(*one).map_or(Holder::Unknown, Holder::Held),
            ([_, _, ..], _) => Holder::OneOf(refer(&hits)),
            ([], _) if self.all_known(verdict.map(|verdict| &verdict.cut), zones) => Holder::Elsewhere(refer(zones)),
            ([], _) => Holder::OneOf(refer(zones)),
        }
    }

    /// The zones that are served by one of the servers that are asked; where none is known to be, those that say so at their apex.
    fn hits(&self, cut: Option<&Cut>, zones: &[ZoneIx], asked: &[DnsName]) -> Vec<ZoneIx> {
        let by_set = |zone: &&ZoneIx| {
            let servers = cut.map_or(Servers::Unknown, |cut| cut.servers(self.inventory, **zone));
            servers.names().is_some_and(|names| shares(names, asked))
        };
        let by_apex = |zone: &&ZoneIx| {
            let apex = self.inventory.zone(**zone).and_then(apex_name_servers);
            apex.is_some_and(|names| shares(names, asked))
        };
        let hits: Vec<ZoneIx> = zones.iter().filter(by_set).copied().collect();
        match hits.is_empty() {
            true => zones.iter().filter(by_apex).copied().collect(),
            false => hits,
        }
    }

    fn all_known(&self, cut: Option<&Cut>, zones: &[ZoneIx]) -> bool {
        let is_known = |zone: &ZoneIx| cut.is_some_and(|cut| cut.servers(self.inventory, *zone) != Servers::Unknown);
        zones.iter().all(is_known)
    }

    pub(super) fn zone_ref(&self, zone: ZoneIx) -> Option<ZoneRef> {
        self.inventory.zone(zone).map(|entry| ZoneRef::of(zone, entry))
    }
}
