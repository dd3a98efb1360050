//! The tree of all zones: what it remembers and what it does; drawing is in `draw`.
//!
//! Invariant: the cursor is held by what is under it, not by its line; new rows never move it on the screen.

mod draw;
mod label;
pub mod nodes;
pub mod rows;

use std::collections::{HashMap, HashSet};

use ratatui::layout::{Position, Rect};

use crate::model::zone::ZoneKey;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::filter_line::FilterLine;
use crate::tui::known::Known;
use crate::tui::screens::zone;
use crate::tui::state::State;

pub use draw::{draw, env_cell};
pub use label::own_part;
use nodes::{Arrangement, Nodes, RowId};
use rows::{Counts, Fold, Row, Selection, Sort};

/// What the tree remembers.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// How it is arranged.
    pub arrangement: Arrangement,
    /// What siblings are sorted by.
    pub sort: Sort,
    /// What is typed to filter it.
    pub line: FilterLine,
    /// What else is left out.
    pub showing: Showing,
    /// Which pane has the keyboard, and whether there is only one.
    pub panes: Panes,
    nodes: Nodes,
    rows: Vec<Row>,
    counts: Counts,
    cursor: Cursor,
    selected: Option<RowId>,
    folds: HashMap<RowId, Fold>,
    opened: HashSet<RowId>,
    order: HashMap<RowId, usize>,
    /// Whether the cursor was put where it is by a person; until then it stays at the top.
    is_held: bool,
}

/// What is left out of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Showing {
    /// Only problems.
    pub only_problems: bool,
    /// No private zones.
    pub no_private_zones: bool,
}

/// The panes of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// Whether the detail pane has the keyboard.
    pub detail: bool,
    /// Whether the list has the whole width.
    pub zoomed: bool,
    /// How many lines of the detail pane lie above the window.
    pub scroll: usize,
}

impl Tree {
    /// What is under the cursor.
    pub fn selected(&self) -> Option<&RowId> {
        self.selected.as_ref()
    }

    /// How many zones there are, and how many of them are not left out.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether something is filtered out.
    pub fn is_filtered(&self) -> bool {
        !self.line.filter().is_empty() || self.showing.only_problems
    }

    /// Derives everything anew from what is known.
    pub fn refresh(&mut self, known: Known<'_>) {
        self.nodes = Nodes::derive(known, self.arrangement);
        rows::open_what_leads_to_problems(&self.nodes, &mut self.folds, &mut self.opened);
        self.lay_out(known);
    }

    /// Lays the rows out anew: something was folded, filtered or sorted.
    pub fn lay_out(&mut self, known: Known<'_>) {
        let selection = Selection {
            filter: self.line.filter(),
            only_problems: self.showing.only_problems,
            private_zones: !self.showing.no_private_zones,
            folds: &self.folds,
            order: &self.order,
        };
        let before: Vec<RowId> = if self.is_held { self.survivors() } else { Vec::new() };
        (self.rows, self.counts) = rows::visible(&self.nodes, known, &selection);
        let is_row = |row: &Row, id: &RowId| self.nodes.get(row.node).is_some_and(|node| node.id == *id);
        let place = before
            .iter()
            .find_map(|id| self.rows.iter().position(|row| is_row(row, id)));
        let passes = |line: &usize| self.rows.get(*line).is_some_and(|row| row.passes);
        match place.filter(passes) {
            Some(place) => self.cursor.follow(place),
            None => {
                self.cursor = Cursor {
                    at: self.first_worth_a_look(),
                    top: 0,
                }
            }
        }
        self.note_selected();
    }

    /// What the cursor should be on, and what instead if that is gone: its ancestors, then what stood before it.
    fn survivors(&self) -> Vec<RowId> {
        let mut wanted: Vec<RowId> = self.selected.iter().cloned().collect();
        let mut above = self
            .nodes
            .all
            .iter()
            .position(|node| Some(&node.id) == self.selected.as_ref())
            .and_then(|place| self.nodes.get(place)?.parent);
        while let Some(node) = above.and_then(|place| self.nodes.get(place)) {
            wanted.push(node.id.clone());
            above = node.parent;
        }
        wanted
    }

    /// The first match of the filter; without one the cursor begins below the root, which says nothing.
    fn first_worth_a_look(&self) -> usize {
        if self.is_filtered() {
            return self.rows.iter().position(|row| row.passes).unwrap_or(0);
        }
        let id = |line: usize| {
            self.rows
                .get(line)
                .and_then(|row| self.nodes.get(row.node))
                .map(|node| &node.id)
        };
        usize::from(id(0) == Some(&RowId::Root) && self.rows.len() > 1)
    }

    fn note_selected(&mut self) {
        self.selected = self
            .rows
            .get(self.cursor.at)
            .and_then(|row| self.nodes.get(row.node))
            .map(|node| node.id.clone());
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        self.cursor.settle(self.rows.len(), height);
        self.note_selected();
    }

    /// The zones in view whose record sets were not read yet.
    pub fn unread_in_view(&self, known: Known<'_>, height: usize) -> Vec<ZoneKey> {
        self.rows
            .iter()
            .skip(self.cursor.top)
            .take(height)
            .filter_map(|row| match &self.nodes.get(row.node)?.id {
                RowId::Zone(key) => Some(key),
                _ => None,
            })
            .filter(|key| known.zone(key).is_some_and(|(_, entry)| entry.records.is_none()))
            .cloned()
            .collect()
    }

    /// Puts the cursor on a row, opening and unfiltering what hides it.
    pub fn reveal(&mut self, known: Known<'_>, wanted: &RowId) {
        let Some(place) = self.nodes.all.iter().position(|node| node.id == *wanted) else {
            return;
        };
        self.selected = Some(wanted.clone());
        self.is_held = true;
        if self.is_filtered() {
            self.line.clear();
            self.showing.only_problems = false;
        }
        if matches!(wanted, RowId::Zone(key) if known.zone(key).is_some_and(|(_, entry)| !entry.is_public())) {
            self.showing.no_private_zones = false;
        }
        let mut above = self.nodes.get(place).and_then(|node| node.parent);
        while let Some(node) = above.and_then(|place| self.nodes.get(place)) {
            self.folds.insert(node.id.clone(), Fold::Open);
            above = node.parent;
        }
        self.lay_out(known);
    }

    /// Goes to the row at a place on the screen, where the list is in `area`.
    pub fn click(&mut self, area: Rect, column: u16, row: u16) {
        let first = area.y.saturating_add(2);
        let inside = area.contains(Position { x: column, y: row }) && row >= first;
        let line = self.cursor.top + usize::from(row.saturating_sub(first));
        self.is_held = true;
        if inside && line < self.rows.len() {
            self.go(line);
        }
    }

    fn step(&mut self, by: isize) {
        self.cursor.step(by, self.rows.len());
        self.panes.scroll = 0;
        self.note_selected();
    }

    fn go(&mut self, line: usize) {
        self.cursor.at = line.min(self.rows.len().saturating_sub(1));
        self.panes.scroll = 0;
        self.note_selected();
    }

    /// Goes to the nearest row after or before the cursor that `wanted` holds for, round the ends.
    fn seek(&mut self, forward: bool, wanted: impl Fn(&Row) -> bool) -> bool {
        let len = self.rows.len();
        let found = (1..=len).find_map(|distance| {
            let line = if forward {
                (self.cursor.at + distance) % len
            } else {
                (self.cursor.at + len - distance % len) % len
            };
            self.rows.get(line).filter(|row| wanted(row)).map(|_| line)
        });
        if let Some(line) = found {
            self.go(line);
        }
        found.is_some()
    }

    fn fold(&mut self, known: Known<'_>, fold: Fold) {
        let Some(row) = self.rows.get(self.cursor.at).cloned() else {
            return;
        };
        let Some(node) = self.nodes.get(row.node) else { return };
        let changes = match fold {
            Fold::Open => row.fold == Fold::Closed,
            _ => row.fold == Fold::Open && !self.is_filtered(),
        };
        if changes {
            self.folds.insert(node.id.clone(), fold);
            self.lay_out(known);
        } else if fold == Fold::Open {
            if row.fold == Fold::Open {
                self.step(1);
            }
        } else if let Some(parent) = node.parent {
            let line = self.rows.iter().position(|other| other.node == parent);
            if let Some(line) = line {
                self.go(line);
            }
        }
    }

    fn fold_all(&mut self, known: Known<'_>, fold: Fold) {
        for node in self.nodes.all.iter().filter(|node| !node.children.is_empty()) {
            let keep = node.id == RowId::Root;
            self.folds.insert(node.id.clone(), if keep { Fold::Open } else { fold });
            self.opened.insert(node.id.clone());
        }
        self.lay_out(known);
    }

    fn is_problem(&self, row: &Row) -> bool {
        self.nodes.get(row.node).is_some_and(|node| node.is_problem)
    }

    /// Problems that are folded away count as well: what hides them is opened first.
    fn open_problems(&mut self, known: Known<'_>) {
        let hidden = self.rows.iter().any(|row| {
            row.fold == Fold::Closed
                && self.nodes.get(row.node).is_some_and(|node| {
                    let below = node.children.iter().filter_map(|child| self.nodes.get(*child));
                    below.into_iter().any(|child| child.leads_to_problem)
                })
        });
        if !hidden {
            return;
        }
        for node in self
            .nodes
            .all
            .iter()
            .filter(|node| node.leads_to_problem && !node.children.is_empty())
        {
            self.folds.insert(node.id.clone(), Fold::Open);
        }
        self.lay_out(known);
    }
}

/// Does what an action asks of the tree.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(crate::tui::view::tree_height(state))
        .unwrap_or(1)
        .max(1);
    if state.tree.panes.detail && scroll_detail(state, known, action, page) {
        return Vec::new();
    }
    let tree = &mut state.tree;
    tree.is_held = true;
    match action {
        Action::Down => tree.step(1),
        Action::Up => tree.step(-1),
        Action::First => tree.go(0),
        Action::Last => tree.go(usize::MAX),
        Action::HalfDown => tree.step(page / 2),
        Action::HalfUp => tree.step(-page / 2),
        Action::PageDown => tree.step(page),
        Action::PageUp => tree.step(-page),
        Action::Open => tree.fold(known, Fold::Open),
        Action::Close => tree.fold(known, Fold::Closed),
        Action::OpenAll => tree.fold_all(known, Fold::Open),
        Action::CloseAll => tree.fold_all(known, Fold::Closed),
        Action::Filter => tree.line.begin(),
        Action::NextPane | Action::PreviousPane => tree.panes.detail = !tree.panes.detail && !tree.panes.zoomed,
        Action::Zoom => {
            tree.panes = Panes {
                zoomed: !tree.panes.zoomed,
                ..Panes::default()
            }
        }
        Action::NextProblem | Action::PreviousProblem => seek_problem(state, known, action),
        Action::NextMatch => _ = tree.seek(true, |row| row.passes),
        Action::PreviousMatch => _ = tree.seek(false, |row| row.passes),
        Action::OnlyProblems => only_problems(state, known),
        Action::PrivateZones => private_zones(state, known),
        Action::Arrangement => rearrange(state, known),
        Action::Sort => sort(state, known),
        Action::Enter => return zone::open_selected(state, known),
        _ => {}
    }
    Vec::new()
}

fn scroll_detail(state: &mut State, known: Known<'_>, action: Action, page: isize) -> bool {
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::HalfDown | Action::PageDown => page / 2,
        Action::HalfUp | Action::PageUp => -page / 2,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        _ => return false,
    };
    let scroll = state.tree.panes.scroll.saturating_add_signed(by);
    state.tree.panes.scroll = scroll.min(draw::furthest(state, known));
    true
}

fn seek_problem(state: &mut State, known: Known<'_>, action: Action) {
    let tree = &mut state.tree;
    tree.open_problems(known);
    let problems: HashSet<usize> = tree
        .rows
        .iter()
        .filter(|row| tree.is_problem(row))
        .map(|row| row.node)
        .collect();
    if !tree.seek(action == Action::NextProblem, |row| problems.contains(&row.node)) {
        state.refuse("no problem in this list");
    }
}

fn only_problems(state: &mut State, known: Known<'_>) {
    state.tree.showing.only_problems = !state.tree.showing.only_problems;
    state.tree.lay_out(known);
    state.say(if state.tree.showing.only_problems {
        "only problems"
    } else {
        "all rows"
    });
}

fn private_zones(state: &mut State, known: Known<'_>) {
    state.tree.showing.no_private_zones = !state.tree.showing.no_private_zones;
    state.tree.lay_out(known);
    let hidden = state.tree.showing.no_private_zones;
    state.say(if hidden {
        "private zones are hidden"
    } else {
        "private zones are shown"
    });
}

fn rearrange(state: &mut State, known: Known<'_>) {
    state.tree.arrangement = state.tree.arrangement.next();
    state.tree.refresh(known);
    let word = state.tree.arrangement.word();
    state.say(format!("arranged {word}"));
}

fn sort(state: &mut State, known: Known<'_>) {
    let tree = &mut state.tree;
    tree.sort = tree.sort.next();
    tree.order = rows::frozen(&tree.nodes, known, tree.sort);
    tree.lay_out(known);
    let word = tree.sort.word();
    state.say(format!("sorted by {word}; the order stays until s is pressed again"));
}
