//! Draws a frame from the state and what is known. Pure: the same in, the same out.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::glyphs::{self, GlyphSet};
use super::known::Known;
use super::launch::Banner;
use super::screens::{
    accounts, activity, changes, detail, first_run, help, menu, mfa, palette, problems, round, text, too_small, trace,
    tree, unlock, ways, wizard, zone,
};
use super::state::{Overlay, State, ToastKind, View};
use super::theme::Tone;
use super::widgets::{footer, header, row};

/// Where things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The line of the endpoint override; empty where there is none.
    pub alarm: Rect,
    /// The header line.
    pub header: Rect,
    /// The line of the tabs.
    pub tabs: Rect,
    /// The view.
    pub body: Rect,
    /// The line that says what the selection is about.
    pub status: Rect,
    /// The line of the keys.
    pub footer: Rect,
}

impl Areas {
    /// Where things are in a window of this size.
    pub fn of(state: &State) -> Self {
        let (width, height) = state.size;
        let alarm = u16::from(matches!(state.banner, Banner::Endpoint(_)));
        let line = |y: u16, height: u16| Rect { x: 0, y, width, height };
        Self {
            alarm: line(0, alarm),
            header: line(alarm, 1),
            tabs: line(alarm + 1, 1),
            body: line(alarm + 2, height.saturating_sub(alarm + 4)),
            status: line(height.saturating_sub(2), 1),
            footer: line(height.saturating_sub(1), 1),
        }
    }
}

/// Where the parts of the tree are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeAreas {
    /// The list, with its border.
    pub list: Rect,
    /// The detail pane, with its border, where there is room for one.
    pub detail: Option<Rect>,
    /// How many lines of the list's inside the legend takes.
    pub legend: u16,
}

/// From this width on there is room for two panes.
pub const TWO_PANES: u16 = 100;
/// From this height on there is room for the legend.
const LEGEND: u16 = 24;
/// From this width of the list on the legend has two lines.
const LEGEND_IN_TWO_LINES: u16 = 74;

impl TreeAreas {
    /// Where the parts of the tree are in `area`.
    pub fn of(state: &State, area: Rect) -> Self {
        let legend = |list: Rect| match (area.height >= LEGEND, list.width >= LEGEND_IN_TWO_LINES) {
            (false, _) => 0,
            (true, true) => 3,
            (true, false) => 4,
        };
        if area.width < TWO_PANES || state.tree.panes.zoomed {
            return Self {
                list: area,
                detail: None,
                legend: legend(area),
            };
        }
        let width = (area.width * 5 / 8)
            .max(area.width.saturating_sub(70))
            .min(area.width - 40);
        let list = Rect { width, ..area };
        let detail = Rect {
            x: area.x + width,
            width: area.width - width,
            ..area
        };
        Self {
            list,
            detail: Some(detail),
            legend: legend(list),
        }
    }
}

/// How many rows of the tree are in view.
pub fn tree_height(state: &State) -> usize {
    let areas = TreeAreas::of(state, Areas::of(state).body);
    usize::from(areas.list.height.saturating_sub(3 + areas.legend))
}

/// How many rows the inside of a box over the whole body has.
pub fn body_height(state: &State) -> usize {
    usize::from(Areas::of(state).body.height.saturating_sub(2))
}

/// Draws a frame; says where the cursor of the line being typed is, if one is.
pub fn view(state: &State, known: Known<'_>, buffer: &mut Buffer) -> Option<Position> {
    let cursor = draw(state, known, buffer);
    if state.look.glyphs == GlyphSet::Ascii {
        glyphs::translate(buffer);
    }
    cursor
}

fn draw(state: &State, known: Known<'_>, buffer: &mut Buffer) -> Option<Position> {
    let (width, height) = state.size;
    if buffer.area.width < width || buffer.area.height < height {
        // The window shrank since the last message; the one that says so is on its way.
        return None;
    }
    if state.is_too_small() {
        too_small::draw(buffer, state);
        return None;
    }
    let areas = Areas::of(state);
    header::draw_alarm(buffer, areas.alarm, state);
    header::draw(buffer, areas.header, state, known);
    header::draw_tabs(buffer, areas.tabs, state, &crumbs(state, known));
    let mut cursor = draw_base(buffer, areas.body, state, known);
    for overlay in &state.overlays {
        cursor = draw_overlay(buffer, areas.body, state, known, overlay);
    }
    if state.is_asking() {
        cursor = mfa::draw(buffer, areas.body, state, known);
    }
    let typed = draw_status(buffer, areas.status, state, known);
    footer::draw(buffer, areas.footer, state, known, state.context());
    cursor.or(typed)
}

fn draw_base(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) -> Option<Position> {
    if let Some(screen) = &state.first_run {
        first_run::draw(buffer, area, state, screen);
        return None;
    }
    if let Some(screen) = state.wizard_on_screen() {
        return wizard::draw(buffer, area, state, known, screen);
    }
    if let Some(screen) = &state.zone {
        zone::draw(buffer, area, state, known, screen);
        return None;
    }
    match state.view {
        View::Tree => tree::draw(buffer, area, state, known),
        View::Problems => problems::draw(buffer, area, state, known),
        View::Trace => trace::draw(buffer, area, state, known),
        View::Changes => changes::draw(buffer, area, state, known),
        View::Activity => activity::draw(buffer, area, state, known),
    }
    None
}

fn draw_overlay(
    buffer: &mut Buffer,
    area: Rect,
    state: &State,
    known: Known<'_>,
    overlay: &Overlay,
) -> Option<Position> {
    match overlay {
        Overlay::Help(screen) => return help::draw(buffer, area, state, screen),
        Overlay::Palette(screen) => return palette::draw(buffer, area, state, screen),
        Overlay::Accounts(screen) => accounts::draw(buffer, area, state, known, screen),
        Overlay::Copy => menu::draw_copy(buffer, area, state, known),
        Overlay::Scope => menu::draw_scope(buffer, area, state, known),
        Overlay::Text(screen) => text::draw(buffer, area, state, screen),
        Overlay::Unlock(screen) => unlock::draw(buffer, area, state, known, screen),
        Overlay::Ways(screen) => ways::draw(buffer, area, state, known, screen),
        Overlay::Round => round::draw(buffer, area, state, known),
        Overlay::Unfinished => changes::draw_unfinished(buffer, area, state, known),
        Overlay::Leaving => changes::draw_leaving(buffer, area, state, known),
    }
    None
}

/// The way to what is selected: `example.com › dev.example.com`.
fn crumbs(state: &State, known: Known<'_>) -> String {
    if state
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Accounts(_)))
    {
        return "accounts".to_owned();
    }
    let target = state.target(known);
    let Some(name) = target.name else {
        return target
            .account
            .map_or_else(String::new, |place| known.account_name(&state.look, place));
    };
    let mut way: Vec<String> = name
        .ancestors()
        .filter(|above| known.survey.cut(above).is_some())
        .map(|above| above.to_string())
        .collect();
    way.reverse();
    way.push(name.to_string());
    way.join(" › ")
}

/// The line above the footer: the filter being typed, news for the person, or what the selection is about.
fn draw_status(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) -> Option<Position> {
    let look = &state.look;
    if let Some(line) = state.typing_line() {
        let text = look.raw(line.text(), 400);
        let shown = Line::from(vec![Span::styled(" / ", look.style(Tone::Key)), Span::raw(text)]);
        buffer.set_line(area.x, area.y, &shown, area.width);
        let column = u16::try_from(line.column() + 3).unwrap_or(u16::MAX);
        return Some(Position {
            x: area.x + column.min(area.width.saturating_sub(1)),
            y: area.y,
        });
    }
    let (text, tone) = match &state.toast {
        Some(toast) => (toast.text.clone(), toast_tone(toast.kind)),
        None => sentence(state, known),
    };
    row::text(buffer, area, &format!(" {text}"), look.style(tone));
    None
}

fn toast_tone(kind: ToastKind) -> Tone {
    match kind {
        ToastKind::Done => Tone::Plain,
        ToastKind::Refused => Tone::Warn,
    }
}

fn sentence(state: &State, known: Known<'_>) -> (String, Tone) {
    if let Some(screen) = &state.first_run {
        return (screen.sentence(&state.look), Tone::Plain);
    }
    if let Some(wizard) = state.wizard_on_screen() {
        return wizard::sentence(state, known, wizard);
    }
    if state.zone.is_none()
        && state.view == View::Tree
        && let Some(sentence) = state.tree.selected().and_then(|row| verdict(state, known, row))
    {
        return (sentence, Tone::Plain);
    }
    if state.zone.is_none()
        && state.view == View::Trace
        && let Some(verdict) = trace::sentence(state, known)
    {
        return verdict;
    }
    if state.is_scanning() {
        return (scanning(state), Tone::Dim);
    }
    let unread = state.tally.accounts_unread;
    let accounts = known.inventory.accounts().len();
    match unread {
        0 => (String::new(), Tone::Plain),
        _ => (
            format!(
                "{} of {accounts} accounts were read in full: what rests on an absence is marked with ? (press i)",
                accounts - unread
            ),
            Tone::Warn,
        ),
    }
}

fn scanning(state: &State) -> String {
    let done = state.progress.accounts_done();
    let all = state.progress.accounts.len();
    if state.is_paused() {
        return format!("The scan is paused at {done} of {all} accounts.");
    }
    format!(
        "{} Scanning, {done} of {all} accounts done. Rows update in place; the selection stays.",
        state.spinner()
    )
}

/// What is wrong with the selected row, in one sentence.
fn verdict(state: &State, known: Known<'_>, row: &tree::nodes::RowId) -> Option<String> {
    let mark = detail::mark(state, known, row)?;
    let findings = match row {
        tree::nodes::RowId::Zone(key) => {
            let (zone, _) = known.zone(key)?;
            known.survey.findings_of(known.inventory, zone)
        }
        tree::nodes::RowId::Cut(name) => known.survey.cut(name)?.findings.iter().collect(),
        _ => return None,
    };
    let cause = findings.first()?;
    let evidence = cause.evidence.first().map_or(cause.rule.title, String::as_str);
    let evidence = state.look.prose(evidence, known.inventory.accounts());
    Some(format!("{} {}: {evidence}", mark.glyph, cause.code()))
}
