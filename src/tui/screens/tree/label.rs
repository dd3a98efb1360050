//! The name column of the tree: the lines that lead to a name, and the name, cut so that siblings can be told apart.

use ratatui::style::Style;

use super::Arrangement;
use super::nodes::{Node, RowId};
use super::rows::{Fold, Row};
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::widgets::row::Cell;

/// However deep a row lies, this much of its name column is left to the name.
pub(super) const LEAST_NAME: u16 = 16;

/// Where there is no room for all guides, those nearest to the name are drawn.
pub(super) fn guides_within(guides: String, room: usize) -> String {
    let width = guides.chars().count();
    if width <= room {
        return guides;
    }
    let nearest: String = guides.chars().skip(width + 1 - room.max(1)).collect();
    format!("…{nearest}")
}

/// The lines to the left of a name: `│  ├─▾ `.
pub(super) fn guides(line: &Row, state: &State) -> String {
    let mut guides = String::new();
    // What lies directly below the root group hangs from it, as in a directory listing.
    let depth = usize::from(line.depth);
    for level in 1..depth {
        let goes_on = level < 128 && line.lines & (1_u128 << level) != 0;
        guides.push_str(if goes_on { "│  " } else { "   " });
    }
    let fold = match line.fold {
        Fold::Open => "▾ ",
        Fold::Closed => "▸ ",
        Fold::Leaf => "─ ",
    };
    if depth == 0 {
        let bare = line.fold == Fold::Leaf && state.tree.arrangement == Arrangement::Flat;
        guides.push_str(if bare || line.fold == Fold::Leaf { "" } else { fold });
        return guides;
    }
    guides.push_str(if line.is_last { "╰─" } else { "├─" });
    guides.push_str(fold);
    guides
}

/// What stands in the name column.
pub(super) fn label(node: &Node, line: &Row, state: &State, known: Known<'_>, style: Style) -> Cell {
    let look = &state.look;
    let hidden = match line.hidden {
        0 => String::new(),
        hidden => format!(" ({hidden})"),
    };
    match &node.id {
        RowId::Root => Cell::new(".  public DNS root", style).with_tail(hidden),
        RowId::PrivateZones => Cell::new(format!("private zones ({})", node.children.len()), style),
        RowId::UnreadAccounts => Cell::new(format!("accounts that were not read ({})", node.children.len()), style),
        RowId::Account(place) => Cell::middle(known.account_name(look, *place), style).with_tail(hidden),
        RowId::Cut(name) => name_cell(node, name, state, known, style).with_tail(hidden),
        RowId::Zone(key) => match known.zone(key) {
            Some((zone, entry)) => name_cell(node, &entry.zone.name, state, known, style)
                .with_tail(twin(known, zone, entry, state) + &hidden),
            None => Cell::new("", style),
        },
    }
}

/// A name; below the row of its parent what it shares with that is cut first, for the row above shows it.
fn name_cell(node: &Node, name: &DnsName, state: &State, known: Known<'_>, style: Style) -> Cell {
    let text = state.look.name(name);
    let above = node.parent.and_then(|parent| state.tree.nodes.get(parent));
    let above = above.and_then(|above| match &above.id {
        RowId::Cut(name) => Some(name),
        RowId::Zone(key) => known.zone(key).map(|(_, entry)| &entry.zone.name),
        _ => None,
    });
    match above {
        Some(above) => Cell::below(text, own_part(name, above), style),
        None => Cell::name(text, style),
    }
}

/// How many bytes of a name, as written, are not those of the name above it.
pub fn own_part(name: &DnsName, above: &DnsName) -> usize {
    let shared = above.to_string().len() + 1;
    name.to_string().len().saturating_sub(shared)
}

/// What tells a zone from others of its name: the beginning of its id.
fn twin(known: Known<'_>, zone: ZoneIx, entry: &ZoneEntry, state: &State) -> String {
    let twins = known.verdict(entry).map_or(&[][..], |verdict| &verdict.cut.children);
    if twins.len() < 2 || twins.first() == Some(&zone) && twins.len() < 2 {
        return String::new();
    }
    let id = state.look.zone_id(&entry.zone.key.id);
    let head: String = id.chars().take(4).collect();
    format!(" #{head}")
}
