//! Zone cuts: one name seen from both sides, whatever account each side is in (RFC 9499, "zone cut").
//!
//! A cut says what is configured and what of it was read; what is wrong with it is for `findings` to say.

use super::inventory::{Inventory, ZoneEntry, ZoneIx};
use super::name::DnsName;
use super::record::{RecordType, name_servers};
use super::records::RecordRef;

/// One name at which a zone begins, or at which a zone above delegates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The name.
    pub name: DnsName,
    /// The closest enclosing public zones, in any account: more than one where zones share that name and it is not known
    /// which of them is served.
    pub parents: Vec<ZoneIx>,
    /// Zones that share the parents' name and are not delegated to.
    pub dead_parents: Vec<ZoneIx>,
    /// A delegation between the parent and this name that leads out of what is held: the real parent lies beyond it.
    pub beyond: Option<DnsName>,
    /// The NS record set at the name in a parent.
    pub delegation: Option<Delegation>,
    /// The NS record set at the name in a dead parent, where no other has one.
    pub dead_delegation: Option<Delegation>,
    /// The public zones of this name.
    pub children: Vec<ZoneIx>,
    /// Those of them that the delegation leads to: it shares a name server with their delegation set.
    pub served: Vec<ZoneIx>,
    /// What was read of the parent side.
    pub known: Coverage,
    /// The nearest cut above that does not lead here.
    pub broken_above: Option<DnsName>,
}

/// An NS record set in a parent zone, below its apex.
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
    /// Those of some parent were not, or come from the cache.
    Lacking,
}

/// The name servers that serve a zone, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Servers {
    /// Its delegation set was read.
    Set(Vec<DnsName>),
    /// Its delegation set was not asked for, and its apex NS record set gives no reason to: it stands for the set.
    Apex(Vec<DnsName>),
    /// Not read yet, or not readable.
    Unknown,
}

impl Servers {
    /// The names, where they are known.
    pub fn names(&self) -> Option<&[DnsName]> {
        match self {
            Self::Set(names) | Self::Apex(names) => Some(names),
            Self::Unknown => None,
        }
    }
}

/// What a cut further up says to the ones below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Above<'a> {
    /// The cut itself.
    pub cut: &'a Cut,
    /// Whether it fails to lead to the zones held there.
    pub is_broken: bool,
}

impl Cut {
    /// Derives the cut at `name`; `above` answers for cuts nearer to the root, which must have been derived before.
    pub fn derive<'a>(inventory: &Inventory, name: &DnsName, above: impl Fn(&[u8]) -> Option<Above<'a>>) -> Self {
        let mut cut = Self {
            name: name.clone(),
            parents: Vec::new(),
            dead_parents: Vec::new(),
            beyond: None,
            delegation: None,
            dead_delegation: None,
            children: inventory.public_zones(name.as_wire()).to_vec(),
            served: Vec::new(),
            known: Coverage::NoParent,
            broken_above: None,
        };
        cut.find_parents(inventory, &above);
        cut.read_parents(inventory);
        cut.served = cut.find_served(inventory);
        cut
    }

    /// Takes the closest enclosing zones; of several of one name, those that are delegated to.
    fn find_parents<'a>(&mut self, inventory: &Inventory, above: &impl Fn(&[u8]) -> Option<Above<'a>>) {
        let name = self.name.clone();
        let Some(wire) = name
            .suffixes()
            .skip(1)
            .find(|wire| !inventory.public_zones(wire).is_empty())
        else {
            return;
        };
        let upper = above(wire);
        self.parents = inventory.public_zones(wire).to_vec();
        if let Some(upper) = upper {
            if !upper.cut.served.is_empty() {
                let (served, dead) = self.parents.iter().partition(|zone| upper.cut.served.contains(zone));
                (self.parents, self.dead_parents) = (served, dead);
            }
            self.broken_above = broken(&upper);
            self.skip_an_undelegated_parent(inventory, &upper);
        }
    }

    /// Where the closest zone is not delegated to, a delegation from the zone above that one is what resolvers follow.
    fn skip_an_undelegated_parent(&mut self, inventory: &Inventory, upper: &Above<'_>) {
        if upper.cut.delegation.is_some() || upper.cut.known != Coverage::Whole || upper.cut.beyond.is_some() {
            return;
        }
        let skips = upper
            .cut
            .parents
            .iter()
            .any(|zone| delegation_at(inventory, *zone, &self.name).is_some());
        if skips {
            self.parents.clone_from(&upper.cut.parents);
            self.dead_parents.clone_from(&upper.cut.dead_parents);
            self.broken_above.clone_from(&upper.cut.broken_above);
        }
    }

    fn read_parents(&mut self, inventory: &Inventory) {
        if self.parents.is_empty() {
            return;
        }
        let whole = self
            .parents
            .iter()
            .all(|zone| inventory.zone(*zone).is_some_and(ZoneEntry::is_read));
        self.known = if whole { Coverage::Whole } else { Coverage::Lacking };
        self.beyond = self
            .parents
            .iter()
            .find_map(|zone| delegated_between(inventory, *zone, &self.name));
        if self.beyond.is_none() {
            self.delegation = self
                .parents
                .iter()
                .find_map(|zone| delegation_at(inventory, *zone, &self.name));
        }
        if self.delegation.is_none() {
            self.dead_delegation = self.dead_parents.iter().find_map(|zone| {
                let hidden = delegated_between(inventory, *zone, &self.name).is_some();
                if hidden {
                    None
                } else {
                    delegation_at(inventory, *zone, &self.name)
                }
            });
        }
    }

    fn find_served(&self, inventory: &Inventory) -> Vec<ZoneIx> {
        let Some(delegation) = &self.delegation else {
            return Vec::new();
        };
        let leads_to = |zone: &ZoneIx| {
            let servers = self.servers(inventory, *zone);
            servers.names().is_some_and(|set| shares(set, &delegation.name_servers))
        };
        self.children.iter().copied().filter(leads_to).collect()
    }

    /// Whether a zone named `zone` is what this cut's parents, live or dead, are called, or lies between them and it.
    pub fn closest_enclosing(&self, inventory: &Inventory, zone: &DnsName) -> bool {
        self.parents
            .iter()
            .chain(&self.dead_parents)
            .filter_map(|parent| inventory.zone(*parent))
            .any(|entry| zone.is_at_or_below(&entry.zone.name))
    }

    /// The name servers that serve one of this cut's children.
    pub fn servers(&self, inventory: &Inventory, child: ZoneIx) -> Servers {
        let Some(entry) = inventory.zone(child) else {
            return Servers::Unknown;
        };
        if let Some(set) = &entry.delegation_set {
            return match set.value() {
                Some(set) => Servers::Set(set.name_servers.clone()),
                None => Servers::Unknown,
            };
        }
        match apex_name_servers(entry) {
            Some(apex) if !self.asks_for_the_set(entry, &apex) => Servers::Apex(apex),
            _ => Servers::Unknown,
        }
    }

    /// Whether the delegation set of one of this cut's children has to be read (`GetHostedZone`) to judge the cut.
    ///
    /// It has to where the apex NS record set and the delegation differ, where no parent is visible, where zones share the
    /// name, where the apex NS are not four names that Route 53 would assign, and where the apex was not read.
    pub fn needs_delegation_set(&self, inventory: &Inventory, child: ZoneIx) -> bool {
        inventory.zone(child).is_some_and(|entry| {
            entry.delegation_set.is_none()
                && match apex_name_servers(entry) {
                    Some(apex) => self.asks_for_the_set(entry, &apex),
                    None => entry.records.is_some(),
                }
        })
    }

    fn asks_for_the_set(&self, entry: &ZoneEntry, apex: &[DnsName]) -> bool {
        self.children.len() > 1
            || self.parents.is_empty()
            || self.beyond.is_some()
            || !entry.is_public()
            || !super::awsdns::is_assignable(apex)
            || self.delegation.as_ref().is_some_and(|d| d.name_servers != apex)
    }
}

fn broken(upper: &Above<'_>) -> Option<DnsName> {
    if upper.is_broken {
        Some(upper.cut.name.clone())
    } else {
        upper.cut.broken_above.clone()
    }
}

/// The NS record set at the apex of a zone, as sorted names; none where it was not read.
pub fn apex_name_servers(entry: &ZoneEntry) -> Option<Vec<DnsName>> {
    let apex = entry.records()?.find(b"", RecordType::NS)?;
    Some(name_servers(apex.values()))
}

/// The NS record set that a zone holds at a name below its apex, whether or not a delegation above hides it.
pub fn delegation_at(inventory: &Inventory, zone: ZoneIx, name: &DnsName) -> Option<Delegation> {
    let entry = inventory.zone(zone)?;
    let owner = name.relative_to(&entry.zone.name)?;
    let record = entry.records()?.delegation(owner)?;
    Some(Delegation {
        zone,
        ttl: record.ttl(),
        name_servers: name_servers(record.values()),
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
    let suffixes: Vec<&[u8]> = name.suffixes().skip(1).take_while(|s| s.len() > apex_len).collect();
    suffixes.into_iter().rev().find_map(|wire| {
        let owner = wire.get(..wire.len() - apex_len)?;
        records
            .delegation(owner)
            .map(|_: RecordRef<'_>| DnsName::from_suffix(wire))
    })
}

/// Whether two sorted sets of names have one in common.
pub fn shares(a: &[DnsName], b: &[DnsName]) -> bool {
    a.iter().any(|name| b.contains(name))
}
