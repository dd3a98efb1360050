//! The tree before anything is folded or filtered: every row there could be, a parent before its children.
//!
//! Derived anew when something was learned; what is looked at in each frame is `rows`.

mod derive;
mod filtered;

use std::cell::OnceCell;

use crate::findings::{Severity, Status};
use crate::model::account::AccountIx;
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::tui::known::Known;

use derive::Builder;
pub use filtered::{Filtered, severity_word};

/// What a row stands for; it stays the same while rows come and go around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowId {
    /// The root of the DNS.
    Root,
    /// A hosted zone.
    Zone(ZoneKey),
    /// A delegation at which no zone is held.
    Cut(DnsName),
    /// An account, where the tree is by account, and where one could not be read.
    Account(AccountIx),
    /// The private zones.
    PrivateZones,
    /// The accounts that could not be read.
    UnreadAccounts,
}

/// How the tree is arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arrangement {
    /// By the hierarchy of the DNS.
    #[default]
    Hierarchy,
    /// By account, and by hierarchy within each.
    Account,
    /// One list.
    Flat,
}

impl Arrangement {
    /// The one after this.
    pub fn next(self) -> Self {
        match self {
            Self::Hierarchy => Self::Account,
            Self::Account => Self::Flat,
            Self::Flat => Self::Hierarchy,
        }
    }

    /// The words for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hierarchy => "by hierarchy",
            Self::Account => "by account",
            Self::Flat => "flat",
        }
    }
}

/// One row there could be.
#[derive(Debug, Clone)]
pub struct Node {
    /// What a filter searches, once one did: most nodes are never searched before they are derived anew.
    text: OnceCell<String>,
    /// What it stands for.
    pub id: RowId,
    /// Its parent's place, if it has one.
    pub parent: Option<usize>,
    /// The places of its children, in order.
    pub children: Vec<usize>,
    /// What it comes to.
    pub status: Status,
    /// Its gravest finding that is known.
    pub severity: Option<Severity>,
    /// Whether it is a problem of its own.
    pub is_problem: bool,
    /// Whether there is one at it or below it.
    pub leads_to_problem: bool,
    /// Its account.
    pub account: Option<AccountIx>,
    /// How many record sets it has.
    pub record_sets: u64,
    /// Whether it lies below `arpa`.
    pub is_reverse: bool,
}

/// Every row there could be.
#[derive(Debug, Clone, Default)]
pub struct Nodes {
    /// The nodes, a parent before its children.
    pub all: Vec<Node>,
    /// Those without a parent.
    pub roots: Vec<usize>,
}

impl Nodes {
    /// Derives them from what is known.
    pub fn derive(known: Known<'_>, arrangement: Arrangement) -> Self {
        let mut nodes = Builder::new(known).arrange(arrangement);
        nodes.look_for_problems();
        nodes
    }

    /// One node.
    pub fn get(&self, place: usize) -> Option<&Node> {
        self.all.get(place)
    }

    fn push(&mut self, mut node: Node, parent: Option<usize>) -> usize {
        let place = self.all.len();
        node.parent = parent;
        self.all.push(node);
        match parent.and_then(|parent| self.all.get_mut(parent)) {
            Some(parent) => parent.children.push(place),
            None => self.roots.push(place),
        }
        place
    }

    /// In tree order the reverse zones would come first, and few people come for them.
    fn put_reverse_zones_last(&mut self, root: usize) {
        let Some(node) = self.all.get_mut(root) else { return };
        let mut children = std::mem::take(&mut node.children);
        children.sort_by_key(|place| self.all.get(*place).is_some_and(|node| node.is_reverse));
        if let Some(node) = self.all.get_mut(root) {
            node.children = children;
        }
    }

    fn look_for_problems(&mut self) {
        for place in (0..self.all.len()).rev() {
            let Some(node) = self.all.get_mut(place) else { continue };
            node.leads_to_problem |= node.is_problem;
            let (leads, parent) = (node.leads_to_problem, node.parent);
            if let Some(parent) = parent.and_then(|parent| self.all.get_mut(parent)) {
                parent.leads_to_problem |= leads;
            }
        }
    }
}

/// How many record sets a zone has: as read, else as its list says.
pub fn records_of(entry: &ZoneEntry) -> u64 {
    match entry.records() {
        Some(records) => records.len() as u64,
        None => entry.zone.record_count.unwrap_or(0),
    }
}
