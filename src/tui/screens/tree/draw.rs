//! Draws the tree: only the rows in view, each looked up by what it stands for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::label::{LEAST_NAME, guides, guides_within, label};
use super::nodes::{Node, RowId, records_of};
use super::rows::Row;
use crate::findings::CutVerdict;
use crate::model::inventory::{Source, ZoneEntry, ZoneIx};
use crate::tui::action::Action;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::mark::Mark;
use crate::tui::screens::{detail, live};
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view::{Areas, TreeAreas};
use crate::tui::when;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// Draws the tree, and the detail of what is selected where there is room for it.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let areas = TreeAreas::of(state, area);
    let panes = state.tree.panes;
    let focus = if panes.detail && areas.detail.is_some() {
        Focus::Elsewhere
    } else {
        Focus::Here
    };
    let inner = pane::draw(buffer, areas.list, &state.look, title(state), &note(state), focus);
    draw_list(buffer, inner, areas.legend, state, known);
    if let Some(area) = areas.detail {
        draw_detail(buffer, area, state, known);
    }
}

fn title(state: &State) -> Line<'static> {
    let look = &state.look;
    let counts = state.tree.counts();
    let zones = if counts.zones == counts.all_zones {
        format!("Zones {}", counts.zones)
    } else {
        format!("Zones {} of {}", counts.zones, counts.all_zones)
    };
    let mut spans = vec![Span::styled(zones, look.style(Tone::Heading))];
    let names = match counts.names {
        0 => return Line::from(spans),
        1 => "  +1 name without a zone".to_owned(),
        names => format!("  +{names} names without a zone"),
    };
    spans.push(Span::styled(names, look.style(Tone::Dim)));
    Line::from(spans)
}

fn note(state: &State) -> String {
    let tree = &state.tree;
    let mut parts = Vec::new();
    // What is left out comes first: it must not be what is cut.
    if !tree.line.text().is_empty() {
        parts.push(format!("filter: {}", state.look.raw(tree.line.text(), 40)));
    }
    if tree.showing.only_problems {
        parts.push("only problems".to_owned());
    }
    if tree.showing.no_private_zones {
        parts.push("private hidden".to_owned());
    }
    parts.push(format!("{}, by {}", tree.arrangement.word(), tree.sort.word()));
    parts.join("  ")
}

fn draw_detail(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let focus = if state.tree.panes.detail {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let Some(selected) = state.tree.selected() else {
        pane::draw(buffer, area, &state.look, Line::default(), "", focus);
        return;
    };
    let title = Line::styled(detail::title(state, known, selected), state.look.style(Tone::Heading));
    let mark = detail::mark(state, known, selected);
    let note = mark.map_or_else(String::new, |mark| mark.text());
    let inner = pane::draw(buffer, area, &state.look, title, &note, focus);
    let inner = pane::inset(inner);
    let lines = detail::lines(state, known, selected, usize::from(inner.width));
    let keys = Keymap::standard();
    let scroll = pane::Scroll {
        lines: state.tree.panes.scroll,
        keys: match focus {
            Focus::Here | Focus::Acting => keys.keys(Context::Tree, &[Action::Down]),
            Focus::Elsewhere => keys.keys(Context::Tree, &[Action::NextPane, Action::Down]),
        },
    };
    pane::text(buffer, inner, &state.look, &lines, &scroll);
}

/// How far the detail pane can be scrolled.
pub(super) fn furthest(state: &State, known: Known<'_>) -> usize {
    let areas = TreeAreas::of(state, Areas::of(state).body);
    let (Some(area), Some(selected)) = (areas.detail, state.tree.selected()) else {
        return 0;
    };
    let lines = detail::lines(state, known, selected, usize::from(area.width.saturating_sub(4)));
    pane::furthest(lines.len(), area.height.saturating_sub(2))
}

/// The widths of the columns; one that has no room has none.
fn widths(width: u16) -> [u16; 7] {
    // What the servers say matters more than when the accounts were read: the age gives way first.
    let (status, account, env, records, live, age) = match width {
        0..64 => (12, 12, 0, 5, 0, 0),
        64..72 => (12, 12, 4, 5, 4, 0),
        72..90 => (12, 13, 4, 5, 4, 0),
        _ => (14, 18, 8, 6, 6, 4),
    };
    let others = [status, live, account, env, records, age];
    let used: u16 = others.iter().filter(|w| **w > 0).map(|w| w + 1).sum();
    [width.saturating_sub(used), status, live, account, env, records, age]
}

fn draw_list(buffer: &mut Buffer, inner: Rect, legend: u16, state: &State, known: Known<'_>) {
    let look = &state.look;
    let heading = look.style(Tone::Dim);
    // One blank at the left, as in the rows, so that names do not touch the border.
    let area = Rect {
        x: inner.x.saturating_add(1),
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let widths = widths(area.width);
    let heads = [
        Cell::new("NAME", heading),
        Cell::new("STATUS", heading),
        Cell::new("LIVE", heading),
        Cell::new("ACCOUNT", heading),
        Cell::new("ENV", heading),
        Cell::right("RR", heading),
        Cell::right("AGE", heading),
    ];
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let list = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1 + legend),
        ..area
    };
    let tree = &state.tree;
    let rows = tree.rows.iter().enumerate().skip(tree.cursor.top);
    for ((line, row), place) in rows.zip(list.rows()) {
        draw_row(buffer, place, &widths, row, state, known);
        if line == tree.cursor.at {
            let whole = Rect {
                x: inner.x,
                width: inner.width,
                ..place
            };
            row::select(buffer, whole, look);
        }
    }
    if tree.rows.is_empty() {
        draw_empty(buffer, list, state);
    }
    if legend > 0 {
        let below = Rect {
            y: list.bottom(),
            height: legend,
            ..area
        };
        draw_legend(buffer, below, state);
    }
}

fn draw_empty(buffer: &mut Buffer, area: Rect, state: &State) {
    let text = if state.tree.is_filtered() {
        "Nothing passes the filter. esc clears it."
    } else if state.is_scanning() {
        "The first zones are being listed."
    } else {
        "There is no zone in these accounts. i shows the accounts and how they were read."
    };
    row::text(buffer, row::at(area, 1), text, state.look.style(Tone::Plain));
}

fn draw_legend(buffer: &mut Buffer, area: Rect, state: &State) {
    let look = &state.look;
    let marks = [
        ("✓ ok", Tone::Ok),
        ("∅ missing", Tone::Missing),
        ("✗ broken", Tone::Broken),
        ("~ drift", Tone::Drift),
        ("◌ shadow", Tone::Shadow),
        ("» cut off above", Tone::CutOff),
        ("⇢ external", Tone::External),
        ("⌂ private", Tone::Private),
        ("⊘ no access", Tone::NoAccess),
        ("? unconfirmed", Tone::Unscanned),
        ("(n) hidden", Tone::Dim),
    ];
    let mut lines = vec![Line::styled(
        "─".repeat(usize::from(area.width)),
        look.style(Tone::Border),
    )];
    let mut line = Line::from(Span::styled("Legend  ", look.style(Tone::Dim)));
    for (text, tone) in marks {
        let mark = Span::styled(format!("{text}  "), look.style(tone));
        if line.width() + mark.width() > usize::from(area.width) + 2 {
            lines.push(std::mem::replace(&mut line, Line::raw("        ")));
        }
        line.push_span(mark);
    }
    lines.push(line);
    row::lines(buffer, area, &lines, 0);
}

fn draw_row(buffer: &mut Buffer, area: Rect, widths: &[u16; 7], line: &Row, state: &State, known: Known<'_>) {
    let Some(node) = state.tree.nodes.get(line.node) else {
        return;
    };
    let look = &state.look;
    let [name_width, rest @ ..] = widths;
    let guides = guides_within(guides(line, state), usize::from(name_width.saturating_sub(LEAST_NAME)));
    let style = if line.passes {
        Style::new()
    } else {
        look.style(Tone::Dim)
    };
    let guide_width = guides.chars().count();
    let name_area = Rect {
        width: area.width.min(*name_width),
        ..area
    };
    row::text(buffer, name_area, &guides, look.style(Tone::Border));
    let offset = u16::try_from(guide_width).unwrap_or(u16::MAX).min(name_area.width);
    let name = Rect {
        x: name_area.x + offset,
        width: name_area.width - offset,
        ..name_area
    };
    row::draw(buffer, name, &[name.width], &[label(node, line, state, known, style)]);
    let others = Rect {
        x: area.x.saturating_add(*name_width).saturating_add(1).min(area.right()),
        width: area.width.saturating_sub(name_width.saturating_add(1)),
        ..area
    };
    row::draw(buffer, others, rest, &cells(node, state, known));
}

fn cells(node: &Node, state: &State, known: Known<'_>) -> Vec<Cell> {
    match &node.id {
        RowId::Root | RowId::PrivateZones | RowId::UnreadAccounts => Vec::new(),
        RowId::Account(place) => account_cells(state, known, *place),
        RowId::Cut(name) => known
            .survey
            .cut(name)
            .map_or_else(Vec::new, |verdict| cut_cells(state, known, verdict)),
        RowId::Zone(key) => known
            .zone(key)
            .map_or_else(Vec::new, |(zone, entry)| zone_cells(state, known, zone, entry)),
    }
}

fn status_cell(state: &State, mark: &Mark) -> Cell {
    let glyph = if mark.tone == Tone::Working {
        state.spinner()
    } else {
        mark.glyph
    };
    Cell::new(format!("{glyph} {}", mark.word), state.look.style(mark.tone))
}

/// How many of the servers serve it.
fn live_cell(state: &State, known: Known<'_>, verdict: &CutVerdict) -> Cell {
    let (text, tone) = live::word(known, verdict);
    Cell::new(text, state.look.style(tone))
}

/// The environment; production as a badge.
pub fn env_cell(state: &State, known: Known<'_>, place: crate::model::account::AccountIx) -> Cell {
    let tone = if known.is_prod(place) { Tone::Prod } else { Tone::Plain };
    Cell::new(known.env(&state.look, place), state.look.style(tone))
}

fn zone_cells(state: &State, known: Known<'_>, zone: ZoneIx, entry: &ZoneEntry) -> Vec<Cell> {
    let look = &state.look;
    let mark = Mark::of_zone(known, &state.progress, zone);
    let place = entry.zone.key.account;
    let origin = entry.records.as_ref().map_or(entry.origin, |held| held.origin);
    let remembered = if origin.source == Source::Cache { "~" } else { "" };
    let count = match (entry.records(), entry.zone.record_count) {
        (None, None) => "?".to_owned(),
        _ => records_of(entry).to_string(),
    };
    let live = known.verdict(entry).map(|verdict| live_cell(state, known, verdict));
    vec![
        status_cell(state, &mark),
        live.unwrap_or_else(|| Cell::new("", Style::new())),
        Cell::middle(known.account_name(look, place), Style::new()),
        env_cell(state, known, place),
        Cell::right(count, Style::new()),
        age_cell(
            state,
            &format!("{remembered}{}", when::age(state.now, origin.at)),
            origin.at,
        ),
    ]
}

/// What is older than ten minutes is shown so that it is seen.
fn age_cell(state: &State, age: &str, at: jiff::Timestamp) -> Cell {
    let old = state.now.as_second().saturating_sub(at.as_second()) > 600;
    Cell::right(age, state.look.style(if old { Tone::Warn } else { Tone::Dim }))
}

fn cut_cells(state: &State, known: Known<'_>, verdict: &CutVerdict) -> Vec<Cell> {
    let look = &state.look;
    let mark = Mark::of_cut(verdict);
    let age = verdict
        .cut
        .delegation
        .as_ref()
        .map(|delegation| delegation.zone)
        .or_else(|| verdict.cut.ds.first().map(|ds| ds.zone))
        .and_then(|zone| known.inventory.zone(zone)?.records.as_ref())
        .map(|held| held.origin.at);
    vec![
        status_cell(state, &mark),
        live_cell(state, known, verdict),
        Cell::new("no zone", look.style(Tone::Dim)),
        Cell::new("", Style::new()),
        Cell::right("-", look.style(Tone::Dim)),
        age.map_or_else(
            || Cell::new("", Style::new()),
            |at| age_cell(state, &when::age(state.now, at), at),
        ),
    ]
}

fn account_cells(state: &State, known: Known<'_>, place: crate::model::account::AccountIx) -> Vec<Cell> {
    let Some(account) = known.account(place) else {
        return Vec::new();
    };
    vec![
        status_cell(state, &Mark::of_account(&account.status)),
        Cell::new("", Style::new()),
        Cell::new(state.look.account_id(account.id), Style::new()),
        env_cell(state, known, place),
    ]
}
