//! Zone cuts: one name seen from both sides, whatever account each side is in (RFC 9499, "zone cut").
//!
//! A cut says what is configured and what of it was read; what is wrong with it is for `findings` to say.

mod content;
mod derive;
mod lookup;
mod servers;

use std::sync::Arc;

use super::dnssec::DsValue;
use super::inventory::{Inventory, ZoneIx, Zones};
use super::name::DnsName;
use super::served::SeenDelegation;

use lookup::delegation_at;
pub use lookup::{apex_name_servers, delegated_between, shares};
pub use servers::Servers;

/// One name at which a zone begins, or at which a zone above delegates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The name.
    pub name: DnsName,
    /// The name of the closest enclosing public zones, in any account.
    pub closest: Option<DnsName>,
    /// The zones that delegate, or should: the closest enclosing ones, without those of that name that are not delegated
    /// to. More than one only where it is not known which of them is served.
    pub parents: Zones,
    /// Zones that share the parents' name and are not delegated to.
    pub dead_parents: Zones,
    /// A delegation between the parent and this name that leads out of what is held: the real parent lies beyond it.
    pub beyond: Option<DnsName>,
    /// Every NS record set at the name in a zone above, whoever holds it.
    pub held: Vec<Holding>,
    /// The one that resolvers follow.
    pub delegation: Option<Delegation>,
    /// What the servers of the parent zone were heard to delegate to, where that is not what is configured.
    pub referral: Option<Arc<[DnsName]>>,
    /// The one in a dead parent, where no other counts.
    pub dead_delegation: Option<Box<Delegation>>,
    /// Every DS record set at the name in a zone above.
    pub ds: Vec<DsHolding>,
    /// The public zones of this name.
    pub children: Zones,
    /// Those of them that the delegation leads to: it shares a name server with their delegation set.
    pub served: Zones,
    /// Those of them that it is known not to lead to, while it leads to others.
    pub shadowed: Zones,
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
    parents: Zones,
    dead_parents: Zones,
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
    pub name_servers: Arc<[DnsName]>,
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

/// What a cut further up says to the ones below.
#[derive(Debug, Clone, Copy)]
pub struct Above<'a> {
    /// The cut itself.
    pub cut: &'a Cut,
    /// Whether it fails to lead to the zones held there.
    pub is_broken: bool,
}

impl Cut {
    /// Whether there is anything at the name: a zone, a delegation or a DS.
    pub fn is_there(&self) -> bool {
        !(self.children.is_empty() && self.held.is_empty() && self.ds.is_empty())
    }

    /// What the cuts below are told of this one's DS.
    pub fn anchor(&self) -> Anchor {
        match (&self.delegation, self.known) {
            (Some(_), _) if self.has_ds() => Anchor::Present,
            (Some(_), Coverage::Whole) => Anchor::Absent,
            _ => Anchor::Unknown,
        }
    }

    /// The names that resolvers are sent to: those that were heard, else those that are configured; none without a delegation.
    pub fn name_servers(&self) -> &[DnsName] {
        let configured = self.delegation.as_ref().map(|delegation| &*delegation.name_servers);
        self.referral.as_deref().or(configured).unwrap_or(&[])
    }

    /// What the servers of the parent zone were heard to say of the name, where they are those of the zone that is above it.
    pub fn seen<'a>(&self, inventory: &'a Inventory) -> SeenDelegation<'a> {
        let Some(served) = inventory.served(&self.name) else {
            return SeenDelegation::Unseen;
        };
        let parent = self.parents.first().and_then(|zone| inventory.zone(*zone));
        // Where the zone above is not reached from the root, those who were asked speak of their own zone alone.
        let is_above = |heard: &DnsName| match parent {
            Some(parent) if self.beyond.is_none() => *heard == parent.zone.name,
            Some(parent) => heard.is_below(&parent.zone.name),
            None => true,
        };
        match &served.parent.zone {
            Some(zone) if is_above(zone) => served.parent.seen(&self.name),
            _ => SeenDelegation::Unseen,
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
}
