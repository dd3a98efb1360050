//! Zone cuts: one name seen from both sides, whatever account each side is in (RFC 9499, "zone cut").
//!
//! A cut says what is configured and what of it was read; what is wrong with it is for `findings` to say.

mod lookup;

use super::awsdns;
use super::dnssec::DsValue;
use super::inventory::{Apex, Inventory, Source, ZoneEntry, ZoneIx};
use super::name::DnsName;

pub use lookup::{apex_name_servers, delegated_between, delegation_at, shares};

/// One name at which a zone begins, or at which a zone above delegates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The name.
    pub name: DnsName,
    /// The name of the closest enclosing public zones, in any account.
    pub closest: Option<DnsName>,
    /// The zones that delegate, or should: the closest enclosing ones, without those of that name that are not delegated
    /// to. More than one only where it is not known which of them is served.
    pub parents: Vec<ZoneIx>,
    /// Zones that share the parents' name and are not delegated to.
    pub dead_parents: Vec<ZoneIx>,
    /// A delegation between the parent and this name that leads out of what is held: the real parent lies beyond it.
    pub beyond: Option<DnsName>,
    /// Every NS record set at the name in a zone above, whoever holds it.
    pub held: Vec<Holding>,
    /// The one that resolvers follow.
    pub delegation: Option<Delegation>,
    /// The one in a dead parent, where no other counts.
    pub dead_delegation: Option<Delegation>,
    /// Every DS record set at the name in a zone above.
    pub ds: Vec<DsHolding>,
    /// The public zones of this name.
    pub children: Vec<ZoneIx>,
    /// Those of them that the delegation leads to: it shares a name server with their delegation set.
    pub served: Vec<ZoneIx>,
    /// Those of them that it is known not to lead to, while it leads to others.
    pub shadowed: Vec<ZoneIx>,
    /// Whether it is known where the delegation leads.
    pub lead: Lead,
    /// What was read of the parent side.
    pub known: Coverage,
    /// Whether the cut above says that the parent zone is not signed: it is delegated to without a DS.
    pub parent_anchor: Anchor,
    /// The nearest cut above that does not lead here.
    pub broken_above: Option<DnsName>,
    /// Where the zones of this name are not delegated to: whom resolvers ask about the names below, nearest first.
    pub detours: Vec<Detour>,
}

/// Whether it is known which zones a delegation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// There is no delegation, or all that may serve the name was read.
    Known,
    /// It may lead to a zone that is not listed, or whose name servers were not read.
    Unsure,
}

/// Zones further up that resolvers ask where a zone in between is not delegated to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detour {
    parents: Vec<ZoneIx>,
    dead_parents: Vec<ZoneIx>,
    broken_above: Option<DnsName>,
    anchor: Anchor,
}

/// An NS record set that a zone holds at a name below its apex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The zone.
    pub zone: ZoneIx,
    /// A delegation nearer to the apex of the same zone, which hides this one.
    pub hidden_by: Option<DnsName>,
}

/// A DS record set that a zone holds at a name below its apex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsHolding {
    /// The zone.
    pub zone: ZoneIx,
    /// Its values; those that are malformed are left out.
    pub values: Vec<DsValue>,
    /// Whether the zone holds an NS record set at the same name.
    pub beside_delegation: bool,
}

/// An NS record set in a parent zone, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// The zone that holds it.
    pub zone: ZoneIx,
    /// Its time to live in seconds.
    pub ttl: Option<u32>,
    /// The names it gives, sorted, each once.
    pub name_servers: Vec<DnsName>,
}

/// How much of the parent side was read, so that an absence means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// No enclosing zone is held.
    NoParent,
    /// The record sets of every parent were read in full.
    Whole,
    /// They were, but in an earlier run.
    Cached,
    /// Those of some parent were not.
    Lacking,
}

/// What is known of a parent zone's own DS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// No cut above is held, or it was not read.
    Unknown,
    /// The cut above has a DS.
    Present,
    /// The cut above was read and has none: no validator trusts what is below.
    Absent,
}

/// The name servers that serve a zone, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers<'a> {
    /// Its delegation set was read.
    Set(&'a [DnsName]),
    /// Its delegation set was not asked for, and its apex NS record set gives no reason to: it stands for the set.
    Apex(&'a [DnsName]),
    /// Not read yet, or not readable.
    Unknown,
}

impl<'a> Servers<'a> {
    /// The names, where they are known.
    pub fn names(&self) -> Option<&'a [DnsName]> {
        match self {
            Self::Set(names) | Self::Apex(names) => Some(names),
            Self::Unknown => None,
        }
    }
}

/// What a cut further up says to the ones below.
#[derive(Debug, Clone, Copy)]
pub struct Above<'a> {
    /// The cut itself.
    pub cut: &'a Cut,
    /// Whether it fails to lead to the zones held there.
    pub is_broken: bool,
}

impl Cut {
    /// Derives the cut at `name`; `above` answers for the cut at the closest enclosing zone, which must have been derived before.
    pub fn derive<'a>(inventory: &Inventory, name: &DnsName, above: impl Fn(&DnsName) -> Option<Above<'a>>) -> Self {
        let mut cut = Self {
            name: name.clone(),
            closest: None,
            parents: Vec::new(),
            dead_parents: Vec::new(),
            beyond: None,
            held: Vec::new(),
            delegation: None,
            dead_delegation: None,
            ds: Vec::new(),
            children: inventory.public_zones(name.as_wire()).to_vec(),
            served: Vec::new(),
            shadowed: Vec::new(),
            lead: Lead::Known,
            known: Coverage::NoParent,
            parent_anchor: Anchor::Unknown,
            broken_above: None,
            detours: Vec::new(),
        };
        cut.collect_holdings(inventory);
        let upper = cut.closest.as_ref().and_then(above);
        if let Some(closest) = &cut.closest {
            cut.parents = inventory.public_zones(closest.as_wire()).to_vec();
        }
        if let Some(upper) = &upper {
            cut.heed(upper);
        }
        cut.known = match upper.map(|upper| upper.cut.lead) {
            Some(Lead::Unsure) => Coverage::Lacking,
            _ => cut.coverage(inventory),
        };
        cut.read_parents(inventory);
        cut.follow_the_delegation(inventory);
        cut.note_detours(upper.as_ref());
        cut
    }

    /// Whether there is anything at the name: a zone, a delegation or a DS.
    pub fn is_there(&self) -> bool {
        !(self.children.is_empty() && self.held.is_empty() && self.ds.is_empty())
    }

    fn collect_holdings(&mut self, inventory: &Inventory) {
        let name = self.name.clone();
        for wire in name.suffixes().skip(1) {
            let zones = inventory.public_zones(wire);
            if !zones.is_empty() && self.closest.is_none() {
                self.closest = Some(DnsName::from_suffix(wire));
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
        let parents = std::mem::take(&mut self.parents);
        (self.dead_parents, self.parents) = parents.into_iter().partition(|zone| shadowed.contains(zone));
        self.broken_above = if upper.is_broken {
            Some(upper.cut.name.clone())
        } else {
            upper.cut.broken_above.clone()
        };
        self.parent_anchor = upper.cut.anchor();
        self.take_a_detour(upper.cut);
    }

    /// What the cuts below are told of this one's DS.
    pub fn anchor(&self) -> Anchor {
        match (&self.delegation, self.known) {
            (Some(_), _) if self.has_ds() => Anchor::Present,
            (Some(_), Coverage::Whole) => Anchor::Absent,
            _ => Anchor::Unknown,
        }
    }

    /// Where the closest zone is not delegated to, a delegation from further up is what resolvers follow: the uppermost one.
    fn take_a_detour(&mut self, upper: &Self) {
        let leads_here = |detour: &&Detour| {
            let mut held = self.held.iter().filter(|holding| holding.hidden_by.is_none());
            held.any(|holding| detour.parents.contains(&holding.zone))
        };
        let Some(detour) = upper.detours.iter().rev().find(leads_here) else {
            return;
        };
        self.parents.clone_from(&detour.parents);
        self.dead_parents.clone_from(&detour.dead_parents);
        self.broken_above.clone_from(&detour.broken_above);
        self.parent_anchor = detour.anchor;
    }

    fn note_detours(&mut self, upper: Option<&Above<'_>>) {
        let is_undelegated = self.delegation.is_none() && self.known == Coverage::Whole && self.beyond.is_none();
        if !is_undelegated {
            return;
        }
        self.detours.push(Detour {
            parents: self.parents.clone(),
            dead_parents: self.dead_parents.clone(),
            broken_above: self.broken_above.clone(),
            anchor: self.parent_anchor,
        });
        self.detours
            .extend(upper.into_iter().flat_map(|upper| upper.cut.detours.iter().cloned()));
    }

    fn read_parents(&mut self, inventory: &Inventory) {
        self.beyond = self
            .parents
            .iter()
            .find_map(|zone| delegated_between(inventory, *zone, &self.name));
        let follow = |zones: &[ZoneIx]| {
            self.held
                .iter()
                .find(|holding| holding.hidden_by.is_none() && zones.contains(&holding.zone))
                .and_then(|holding| delegation_at(inventory, holding.zone, &self.name))
        };
        self.delegation = follow(&self.parents);
        if self.delegation.is_none() {
            self.dead_delegation = follow(&self.dead_parents);
        }
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

    /// Finds out which of the zones the delegation leads to, and whether it may lead to others than these.
    fn follow_the_delegation(&mut self, inventory: &Inventory) {
        let Some(delegation) = &self.delegation else { return };
        let to = &delegation.name_servers;
        let servers: Vec<Servers> = self
            .children
            .iter()
            .map(|zone| self.servers(inventory, *zone))
            .collect();
        let known: Vec<&[DnsName]> = servers.iter().filter_map(Servers::names).collect();
        let mut strangers = to
            .iter()
            .filter(|name| !known.iter().any(|set| set.contains(name)))
            .peekable();
        let accounts_for_all = strangers.peek().is_none();
        let leads_to = |servers: &Servers| servers.names().is_some_and(|set| shares(set, to));
        let is_served = servers.iter().any(leads_to);
        let may_lead_elsewhere = if is_served {
            strangers.any(awsdns::is_awsdns)
        } else {
            true
        };
        if may_lead_elsewhere && !(known.len() == servers.len() && inventory.is_complete()) {
            self.lead = Lead::Unsure;
        }
        for (zone, servers) in self.children.iter().zip(&servers) {
            if leads_to(servers) {
                self.served.push(*zone);
            } else if is_served && (accounts_for_all || *servers != Servers::Unknown) {
                self.shadowed.push(*zone);
            }
        }
    }

    /// Whether it does not matter which of several parents resolvers ask.
    pub fn is_held_by_all_parents(&self) -> bool {
        let holds = |zone: &ZoneIx| self.held.iter().any(|h| h.zone == *zone && h.hidden_by.is_none());
        self.parents.iter().all(holds)
    }

    /// Whether a parent that counts holds a DS at the name.
    pub fn has_ds(&self) -> bool {
        self.ds_of_parent().is_some()
    }

    /// The DS record set in a parent that counts, beside the delegation.
    pub fn ds_of_parent(&self) -> Option<&DsHolding> {
        let delegation = self.delegation.as_ref()?;
        self.ds.iter().find(|ds| ds.zone == delegation.zone)
    }

    /// The zones a comparison of both sides is about: those that are delegated to, or all of the name where none is.
    pub fn compared(&self) -> &[ZoneIx] {
        if self.served.is_empty() {
            &self.children
        } else {
            &self.served
        }
    }

    /// The name servers that serve one of this cut's children.
    pub fn servers<'a>(&self, inventory: &'a Inventory, child: ZoneIx) -> Servers<'a> {
        let Some(entry) = inventory.zone(child) else {
            return Servers::Unknown;
        };
        if let Some(set) = &entry.delegation_set {
            return match set.value() {
                Some(set) => Servers::Set(&set.name_servers),
                None => Servers::Unknown,
            };
        }
        match &entry.apex {
            Some(apex) if !self.asks_for_the_set(apex) => Servers::Apex(&apex.name_servers),
            _ => Servers::Unknown,
        }
    }

    /// Whether the delegation set of one of this cut's children has to be read (`GetHostedZone`) to judge the cut.
    ///
    /// It has to where the apex NS record set and the delegation differ, where no parent is visible, where zones share the
    /// name, where the apex NS are not four names that Route 53 would assign, and where the apex could not be read.
    pub fn needs_delegation_set(&self, inventory: &Inventory, child: ZoneIx) -> bool {
        inventory.zone(child).is_some_and(|entry| {
            entry.delegation_set.is_none()
                && match &entry.apex {
                    Some(apex) => self.asks_for_the_set(apex),
                    None => entry.records.is_some(),
                }
        })
    }

    fn asks_for_the_set(&self, apex: &Apex) -> bool {
        self.children.len() > 1
            || self.parents.is_empty()
            || self.beyond.is_some()
            || self
                .delegation
                .as_ref()
                .is_some_and(|d| d.name_servers != apex.name_servers)
            || !apex.is_assignable
    }

    /// The zones whose signing has to be read (`GetDNSSEC`) to judge this cut: both sides of it, where it has a DS.
    pub fn needs_signing(&self, inventory: &Inventory) -> Vec<ZoneIx> {
        let Some(ds) = self.ds_of_parent() else {
            return Vec::new();
        };
        let unasked = |zone: &ZoneIx| {
            inventory
                .zone(*zone)
                .is_some_and(|entry: &ZoneEntry| entry.signing.is_none())
        };
        std::iter::once(ds.zone)
            .chain(self.compared().iter().copied())
            .filter(unasked)
            .collect()
    }
}
