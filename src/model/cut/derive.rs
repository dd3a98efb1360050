//! How a cut is derived: from the zones of its name, from those above, and from what the cut above says.

use crate::model::awsdns;
use crate::model::dnssec::DsValue;
use crate::model::inventory::{Inventory, Source, ZoneIx, Zones};
use crate::model::name::DnsName;
use crate::model::served::SeenDelegation;

use super::{
    Above, Anchor, Coverage, Cut, Detour, DsHolding, Holding, Lead, Servers, delegated_between, delegation_at, shares,
};

/// By way of which zone resolvers get to a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The closest enclosing one.
    ByClosest,
    /// One further up, which delegates the name itself.
    ByDetour,
}

impl Cut {
    /// Derives the cut at `name`; `above` answers for the cut at the closest enclosing zone, which must have been derived before.
    pub fn derive<'a>(inventory: &Inventory, name: &DnsName, above: impl Fn(&DnsName) -> Option<Above<'a>>) -> Self {
        let mut cut = Self {
            name: name.clone(),
            closest: None,
            parents: Zones::none(),
            dead_parents: Zones::none(),
            beyond: None,
            held: Vec::new(),
            delegation: None,
            referral: None,
            dead_delegation: None,
            ds: Vec::new(),
            children: inventory.public_zones(name.as_wire()).into(),
            served: Zones::none(),
            shadowed: Zones::none(),
            lead: Lead::Known,
            known: Coverage::NoParent,
            parent_anchor: Anchor::Unknown,
            broken_above: None,
            detours: Vec::new(),
        };
        cut.collect_holdings(inventory);
        let upper = cut.closest.as_ref().and_then(above);
        if let Some(closest) = &cut.closest {
            cut.parents = inventory.public_zones(closest.as_wire()).into();
        }
        let mut way = Way::ByClosest;
        if let Some(upper) = &upper {
            cut.heed(upper);
            way = cut.take_a_detour(upper.cut);
        }
        cut.known = match upper.map(|upper| upper.cut.lead) {
            Some(Lead::Unsure) => Coverage::Lacking,
            _ => cut.coverage(inventory),
        };
        cut.read_parents(inventory);
        // What is unread says which of the parents is served; at the top nothing does, and the one that delegates is believed.
        let is_unread = upper.is_some_and(|upper| upper.cut.known == Coverage::Lacking);
        if is_unread && !cut.parents_agree(inventory) {
            cut.known = Coverage::Lacking;
        }
        cut.heed_the_referral(inventory);
        cut.follow_the_delegation(inventory);
        cut.note_detours(upper.as_ref(), way);
        cut
    }

    fn collect_holdings(&mut self, inventory: &Inventory) {
        let name = self.name.clone();
        for wire in name.suffixes().skip(1) {
            let zones = inventory.public_zones(wire);
            if !zones.is_empty() && self.closest.is_none() {
                self.closest = inventory.public_name(wire).cloned();
            }
            for zone in zones {
                self.collect_from(inventory, *zone);
            }
        }
    }

    fn collect_from(&mut self, inventory: &Inventory, zone: ZoneIx) {
        let Some(entry) = inventory.zone(zone) else { return };
        let (Some(records), Some(owner)) = (entry.records(), self.name.relative_to(&entry.zone.name)) else {
            return;
        };
        let delegates = records.delegation(owner).is_some();
        if delegates {
            let hidden_by = delegated_between(inventory, zone, &self.name);
            // Hardly ever does more than one zone hold it.
            self.held.reserve_exact(1);
            self.held.push(Holding { zone, hidden_by });
        }
        if let Some(record) = records.signer(owner) {
            self.ds.push(DsHolding {
                zone,
                values: record.values().filter_map(DsValue::read).collect(),
                beside_delegation: delegates,
            });
        }
    }

    /// Takes from the cut above which of several parents is served, and what keeps resolvers from getting here.
    fn heed(&mut self, upper: &Above<'_>) {
        let shadowed = &upper.cut.shadowed;
        if !shadowed.is_empty() {
            let dead = self.parents.iter().filter(|zone| shadowed.contains(zone));
            self.dead_parents = dead.copied().collect();
            self.parents.retain(|zone| !shadowed.contains(&zone));
        }
        self.broken_above = if upper.is_broken {
            Some(upper.cut.name.clone())
        } else {
            upper.cut.broken_above.clone()
        };
        self.parent_anchor = upper.cut.anchor();
    }

    /// Where the closest zone is not delegated to, a delegation from further up is what resolvers follow: the uppermost one.
    fn take_a_detour(&mut self, upper: &Self) -> Way {
        let leads_here = |detour: &&Detour| {
            let mut held = self.held.iter().filter(|holding| holding.hidden_by.is_none());
            held.any(|holding| detour.parents.contains(&holding.zone))
        };
        let Some(detour) = upper.detours.iter().rev().find(leads_here) else {
            return Way::ByClosest;
        };
        self.parents.clone_from(&detour.parents);
        self.dead_parents.clone_from(&detour.dead_parents);
        self.broken_above.clone_from(&detour.broken_above);
        self.parent_anchor = detour.anchor;
        Way::ByDetour
    }

    /// Whom resolvers ask about the names below, where they do not get to the zones of this name: whom they ask about it.
    fn note_detours(&mut self, upper: Option<&Above<'_>>, way: Way) {
        let is_undelegated = self.delegation.is_none() && self.known == Coverage::Whole && self.beyond.is_none();
        if is_undelegated {
            self.detours.push(Detour {
                parents: self.parents.clone(),
                dead_parents: self.dead_parents.clone(),
                broken_above: self.broken_above.clone(),
                anchor: self.parent_anchor,
            });
        }
        // What a zone delegates to which resolvers do not get is not reached either.
        if is_undelegated || way == Way::ByClosest {
            self.detours
                .extend(upper.into_iter().flat_map(|upper| upper.cut.detours.iter().cloned()));
        }
    }

    fn read_parents(&mut self, inventory: &Inventory) {
        self.beyond = self
            .parents
            .iter()
            .find_map(|zone| delegated_between(inventory, *zone, &self.name));
        let has_ds = |zone: ZoneIx| self.ds.iter().any(|ds| ds.zone == zone);
        // Of several, the one that can do the most harm, whatever order they are listed in.
        let follow = |zones: &[ZoneIx]| {
            self.held
                .iter()
                .filter(|holding| holding.hidden_by.is_none() && zones.contains(&holding.zone))
                .filter_map(|holding| delegation_at(inventory, holding.zone, &self.name, &self.children))
                .min_by(|a, b| {
                    let by_names = || a.name_servers.cmp(&b.name_servers);
                    has_ds(b.zone).cmp(&has_ds(a.zone)).then_with(by_names)
                })
        };
        self.delegation = follow(&self.parents);
        if self.delegation.is_none() {
            self.dead_delegation = follow(&self.dead_parents).map(Box::new);
        }
    }

    /// Whether it does not matter which of several parents resolvers ask: all delegate the name alike and sign it alike, or none does.
    fn parents_agree(&self, inventory: &Inventory) -> bool {
        if self.parents.len() < 2 {
            return true;
        }
        let held = |zone: &ZoneIx| {
            let mut held = self.held.iter().filter(|holding| holding.hidden_by.is_none());
            let holding = held.find(|holding| holding.zone == *zone)?;
            delegation_at(inventory, holding.zone, &self.name, &self.children).map(|at| at.name_servers)
        };
        let ds = |zone: &ZoneIx| self.ds.iter().find(|ds| ds.zone == *zone).map(|ds| &ds.values);
        let followed = self.delegation.as_ref().map(|delegation| &delegation.name_servers);
        let first = self.parents.first().and_then(ds);
        let mut parents = self.parents.iter();
        parents.all(|zone| held(zone).as_ref() == followed && ds(zone) == first)
    }

    fn coverage(&self, inventory: &Inventory) -> Coverage {
        let mut known = Coverage::Whole;
        for entry in self.parents.iter().filter_map(|zone| inventory.zone(*zone)) {
            if entry.is_read() {
                continue;
            }
            let cached = entry
                .records
                .as_ref()
                .is_some_and(|held| held.origin.source == Source::Cache && held.problem().is_none());
            known = if cached {
                Coverage::Cached
            } else {
                return Coverage::Lacking;
            };
        }
        if self.parents.is_empty() {
            Coverage::NoParent
        } else {
            known
        }
    }

    /// Whether no zone of the name can be on a server: those of private zones serve none, the parent's none below it.
    fn cannot_serve(&self, inventory: &Inventory, server: &DnsName) -> bool {
        let parent = self
            .delegation
            .as_ref()
            .and_then(|delegation| inventory.zone(delegation.zone));
        let set = parent.and_then(|entry| entry.delegation_set.as_ref()?.value());
        let of_parent = set.is_some_and(|set| set.name_servers.contains(server));
        of_parent || awsdns::is_private_server(server)
    }

    /// Takes from the servers of the parent zone where they send resolvers.
    fn heed_the_referral(&mut self, inventory: &Inventory) {
        if let SeenDelegation::Delegated(referral) = self.seen(inventory)
            && referral.name_servers != self.name_servers()
        {
            self.referral = Some(referral.name_servers.as_slice().into());
        }
    }

    /// Finds out which of the zones the delegation leads to, and whether it may lead to others than these.
    fn follow_the_delegation(&mut self, inventory: &Inventory) {
        let to = self.name_servers();
        if to.is_empty() && self.delegation.is_none() {
            return;
        }
        let served = inventory.served(&self.name);
        let answers_from = |set: &[DnsName]| served.is_some_and(|served| served.answers_from(to, set));
        let servers = || self.children.iter().map(|zone| self.servers(inventory, *zone));
        let knows = |name: &DnsName| servers().any(|servers| servers.contain(name));
        let is_on_them = |servers: &Servers| servers.names().is_some_and(|set| shares(set, to) || answers_from(set));
        let by_content = match servers().any(|servers| is_on_them(&servers)) {
            true => None,
            false => self.child_of_the_content(inventory),
        };
        let leads_to = |zone: ZoneIx, servers: &Servers| is_on_them(servers) || by_content == Some(zone);
        let accounts_for_all = to.iter().all(knows);
        let beside = || self.children.iter().copied().zip(servers());
        let is_served = beside().any(|(zone, servers)| leads_to(zone, &servers));
        // A stranger among the servers may serve an unread twin; most lookups lead to the zone that is held all the same.
        let may_lead_elsewhere = !is_served && !to.iter().all(|name| self.cannot_serve(inventory, name));
        let all_known = servers().all(|servers| servers != Servers::Unknown);
        let served = beside().filter(|(zone, servers)| leads_to(*zone, servers));
        let shadowed = beside().filter(|(zone, servers)| {
            is_served && !leads_to(*zone, servers) && (accounts_for_all || *servers != Servers::Unknown)
        });
        let served: Zones = served.map(|(zone, _)| zone).collect();
        let shadowed: Zones = shadowed.map(|(zone, _)| zone).collect();
        if may_lead_elsewhere && !(all_known && inventory.is_complete()) {
            self.lead = Lead::Unsure;
        }
        self.served = served;
        self.shadowed = shadowed;
    }
}
