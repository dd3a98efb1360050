//! The rows of the tree that are not folded away and pass the filter: flat, computed on change, sliced by each frame.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::nodes::{Filtered, Node, Nodes, RowId};
use crate::findings::Status;
use crate::tui::filter::{Filter, Matching};
use crate::tui::known::Known;

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The place of its node.
    pub node: usize,
    /// How deep it lies.
    pub depth: u16,
    /// At which depths above it a line goes on downwards, from the lowest bit on.
    pub lines: u128,
    /// Whether it is the last of its siblings.
    pub is_last: bool,
    /// Whether it can be opened, and is.
    pub fold: Fold,
    /// How many rows it hides.
    pub hidden: usize,
    /// Whether it passes the filter itself, or is shown for what is below it.
    pub passes: bool,
}

/// Whether a row can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// It has nothing below it.
    Leaf,
    /// It shows what is below it.
    Open,
    /// It hides what is below it.
    Closed,
}

/// What siblings are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// In tree order.
    #[default]
    Name,
    /// What is worst first.
    Status,
    /// By account.
    Account,
    /// The largest first.
    Records,
}

impl Sort {
    /// The one after this.
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Status,
            Self::Status => Self::Account,
            Self::Account => Self::Records,
            Self::Records => Self::Name,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Status => "status",
            Self::Account => "account",
            Self::Records => "records",
        }
    }
}

/// What decides which rows are shown, and in which order.
pub struct Selection<'a> {
    /// The filter.
    pub filter: &'a Filter,
    /// Whether only problems are shown.
    pub only_problems: bool,
    /// Whether private zones are shown.
    pub private_zones: bool,
    /// What was opened or closed by hand, or for a problem below it.
    pub folds: &'a HashMap<RowId, Fold>,
    /// The frozen order of siblings; what is not in it follows in tree order.
    pub order: &'a HashMap<RowId, usize>,
}

/// A node with more children than this is closed at first.
const OPEN_AT_MOST: usize = 24;

/// How many zones there are, whatever is folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Zones that are not left out.
    pub zones: usize,
    /// All zones.
    pub all_zones: usize,
    /// Names without a zone, delegated or the like, that are not left out.
    pub names: usize,
}

/// The rows to show, and what they count.
pub fn visible(nodes: &Nodes, known: Known<'_>, selection: &Selection<'_>) -> (Vec<Row>, Counts) {
    let filters = !selection.filter.is_empty() || selection.only_problems;
    let (passes, shown) = sift(nodes, known, selection);
    let mut walk = Walk {
        nodes,
        selection,
        passes: &passes,
        shown: &shown,
        filters,
        rows: Vec::new(),
    };
    walk.siblings(&nodes.roots, 0, 0);
    (walk.rows, count(nodes, &passes, selection))
}

fn count(nodes: &Nodes, passes: &[bool], selection: &Selection<'_>) -> Counts {
    let mut counts = Counts::default();
    let is_private = |node: &Node| {
        let above = node.parent.and_then(|parent| nodes.get(parent));
        above.is_some_and(|above| above.id == RowId::PrivateZones)
    };
    for (node, passes) in nodes.all.iter().zip(passes) {
        let shown = *passes && (selection.private_zones || !is_private(node));
        match node.id {
            RowId::Zone(_) => {
                counts.all_zones += 1;
                counts.zones += usize::from(shown);
            }
            RowId::Cut(_) => counts.names += usize::from(shown),
            _ => {}
        }
    }
    counts
}

/// Which nodes pass the filter, and which are shown because of what is below them.
fn sift(nodes: &Nodes, known: Known<'_>, selection: &Selection<'_>) -> (Vec<bool>, Vec<usize>) {
    let mut matching = Matching::default();
    let sifts = !selection.filter.is_empty() || selection.only_problems;
    let pass = |node: &Node, matching: &mut Matching| {
        let is_group = matches!(node.id, RowId::Root | RowId::PrivateZones | RowId::UnreadAccounts);
        if is_group {
            return !sifts;
        }
        (!selection.only_problems || node.is_problem) && selection.filter.matches(&Filtered { node, known }, matching)
    };
    let passes: Vec<bool> = nodes.all.iter().map(|node| pass(node, &mut matching)).collect();
    let mut shown: Vec<usize> = passes.iter().map(|passes| usize::from(*passes)).collect();
    for (place, node) in nodes.all.iter().enumerate().rev() {
        if node.id == RowId::PrivateZones && !selection.private_zones {
            if let Some(count) = shown.get_mut(place) {
                *count = 0;
            }
            continue;
        }
        let count = shown.get(place).copied().unwrap_or(0);
        if let Some(parent) = node.parent.and_then(|parent| shown.get_mut(parent)) {
            *parent += count;
        }
    }
    (passes, shown)
}

struct Walk<'a> {
    nodes: &'a Nodes,
    selection: &'a Selection<'a>,
    passes: &'a [bool],
    /// How many rows each node and what is below it would show, were everything open.
    shown: &'a [usize],
    filters: bool,
    rows: Vec<Row>,
}

impl Walk<'_> {
    fn count(&self, place: usize) -> usize {
        self.shown.get(place).copied().unwrap_or(0)
    }

    fn siblings(&mut self, places: &[usize], depth: u16, lines: u128) {
        let mut places: Vec<usize> = places.iter().copied().filter(|place| self.count(*place) > 0).collect();
        if !self.selection.order.is_empty() {
            places.sort_by_key(|place| self.rank(*place));
        }
        let last = places.len().saturating_sub(1);
        for (index, place) in places.into_iter().enumerate() {
            self.node(place, depth, lines, index == last);
        }
    }

    fn rank(&self, place: usize) -> usize {
        let id = self.nodes.get(place).map(|node| &node.id);
        id.and_then(|id| self.selection.order.get(id))
            .copied()
            .unwrap_or(usize::MAX)
    }

    fn node(&mut self, place: usize, depth: u16, lines: u128, is_last: bool) {
        let Some(node) = self.nodes.get(place) else { return };
        let fold = self.fold(place, node, depth);
        let below = self.count(place) - usize::from(self.passes.get(place) == Some(&true));
        self.rows.push(Row {
            node: place,
            depth,
            lines,
            is_last,
            fold,
            hidden: if fold == Fold::Closed { below } else { 0 },
            passes: self.passes.get(place) == Some(&true),
        });
        if fold == Fold::Open {
            let goes_on = if is_last || depth >= 127 { 0 } else { 1_u128 << depth };
            self.siblings(&node.children, depth.saturating_add(1), lines | goes_on);
        }
    }

    fn fold(&self, place: usize, node: &Node, depth: u16) -> Fold {
        let below = self.count(place) - usize::from(self.passes.get(place) == Some(&true));
        if node.children.is_empty() || below == 0 {
            return Fold::Leaf;
        }
        if self.filters {
            // What the filter found is shown, whatever was folded before.
            return Fold::Open;
        }
        match self.selection.folds.get(&node.id) {
            Some(fold) => *fold,
            None if node.id == RowId::Root => Fold::Open,
            None if depth <= 1 && node.children.len() <= OPEN_AT_MOST => Fold::Open,
            None => Fold::Closed,
        }
    }
}

/// Opens, once, what leads to a problem: a later close by hand stands.
pub fn open_what_leads_to_problems(nodes: &Nodes, folds: &mut HashMap<RowId, Fold>, opened: &mut HashSet<RowId>) {
    for node in &nodes.all {
        if !node.leads_to_problem || node.children.is_empty() || opened.contains(&node.id) {
            continue;
        }
        let below = node.children.iter().filter_map(|child| nodes.get(*child));
        if below.into_iter().any(|child| child.leads_to_problem) {
            opened.insert(node.id.clone());
            folds.entry(node.id.clone()).or_insert(Fold::Open);
        }
    }
}

/// The order of all nodes by `sort`, frozen until it is asked for again; empty for tree order.
pub fn frozen(nodes: &Nodes, known: Known<'_>, sort: Sort) -> HashMap<RowId, usize> {
    if sort == Sort::Name {
        return HashMap::new();
    }
    let mut places: Vec<&Node> = nodes.all.iter().collect();
    places.sort_by(|a, b| compare(a, b, known, sort));
    places
        .into_iter()
        .enumerate()
        .map(|(rank, node)| (node.id.clone(), rank))
        .collect()
}

fn compare(a: &Node, b: &Node, known: Known<'_>, sort: Sort) -> Ordering {
    match sort {
        Sort::Name => Ordering::Equal,
        Sort::Status => urgency(a).cmp(&urgency(b)),
        Sort::Account => {
            let name = |node: &Node| {
                node.account
                    .and_then(|place| known.account(place))
                    .map(|account| &account.name)
            };
            name(a).cmp(&name(b))
        }
        Sort::Records => b.record_sets.cmp(&a.record_sets),
    }
}

/// Groups stay where they are; then the gravest; then what is merely not in order.
fn urgency(node: &Node) -> (u8, std::cmp::Reverse<Option<crate::findings::Severity>>, Status) {
    let class = match node.status {
        _ if node.is_problem => 0,
        _ if node.leads_to_problem => 1,
        Status::Ok => 4,
        Status::Unknown | Status::Unverified => 2,
        _ => 3,
    };
    (class, std::cmp::Reverse(node.severity), node.status)
}
