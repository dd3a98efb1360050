//! One zone, or one delegation without a zone, over the whole body: tabs, and what each remembers.

mod delegation;
mod raw;
mod records;
mod signing;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::detail;
use super::tree::nodes::RowId;
use crate::engine::command::{Command, Detail, Want};
use crate::findings::CutVerdict;
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::launch::Reach;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view::Areas;
use crate::tui::widgets::pane::{self, Focus};

pub use records::{RecordList, begin as begin_record, refusal as record_refusal};

/// The tabs of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// What there is to say of it.
    #[default]
    Overview,
    /// Its record sets.
    Records,
    /// Both sides of its cut.
    Delegation,
    /// Its signing.
    Dnssec,
    /// What became of it; not in this version.
    History,
    /// Everything that was read, as it is.
    Raw,
}

impl Tab {
    /// The tabs in their order.
    pub const ALL: [Self; 6] = [
        Self::Overview,
        Self::Records,
        Self::Delegation,
        Self::Dnssec,
        Self::History,
        Self::Raw,
    ];

    /// The word on it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Records => "Records",
            Self::Delegation => "Delegation",
            Self::Dnssec => "DNSSEC",
            Self::History => "History",
            Self::Raw => "Raw",
        }
    }

    /// The next one that can be shown.
    fn step(self, by: isize) -> Self {
        let shown: Vec<Self> = Self::ALL.into_iter().filter(|tab| *tab != Self::History).collect();
        let at = shown.iter().position(|tab| *tab == self).unwrap_or(0);
        let len = shown.len();
        let next = (at + len).saturating_add_signed(by) % len;
        shown.get(next).copied().unwrap_or_default()
    }
}

/// The zone that was opened.
#[derive(Debug, Clone)]
pub struct ZoneScreen {
    /// What it is.
    pub row: RowId,
    /// Which tab is shown.
    pub tab: Tab,
    /// Its record sets.
    pub records: RecordList,
    /// How many lines of the other tabs lie above the window.
    pub scroll: usize,
}

/// The tab of a name that was opened, with what it looks at.
pub struct Opened<'a> {
    /// The zone, where one is held.
    pub zone: Option<(ZoneIx, &'a ZoneEntry)>,
    /// The cut, where it is public.
    pub verdict: Option<&'a CutVerdict>,
}

impl<'a> Opened<'a> {
    fn of(known: Known<'a>, row: &RowId) -> Self {
        match row {
            RowId::Zone(key) => {
                let zone = known.zone(key);
                Self {
                    zone,
                    verdict: zone.and_then(|(_, entry)| known.verdict(entry)),
                }
            }
            RowId::Cut(name) => Self {
                zone: None,
                verdict: known.survey.cut(name),
            },
            _ => Self {
                zone: None,
                verdict: None,
            },
        }
    }
}

/// Opens what is selected in the tree.
pub fn open_selected(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    match state.tree.selected().cloned() {
        Some(row @ (RowId::Zone(_) | RowId::Cut(_))) => open(state, known, row),
        Some(RowId::Account(place)) => {
            super::accounts::open(state, Some(place));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Opens a zone or a cut, and asks for what its tabs will show.
pub fn open(state: &mut State, known: Known<'_>, row: RowId) -> Vec<Effect> {
    state.overlays.clear();
    let mut screen = ZoneScreen {
        row,
        tab: Tab::Overview,
        records: RecordList::default(),
        scroll: 0,
    };
    screen.refresh(known);
    let wanted = wanted(state, known, &screen);
    state.zone = Some(screen);
    wanted
}

/// The delegation set is read when a zone is opened, its signing when that tab is.
fn wanted(state: &State, known: Known<'_>, screen: &ZoneScreen) -> Vec<Effect> {
    let RowId::Zone(key) = &screen.row else {
        return Vec::new();
    };
    let Some((_, entry)) = known.zone(key).filter(|(_, entry)| entry.is_public()) else {
        return Vec::new();
    };
    if state.reach == Reach::CacheOnly {
        return Vec::new();
    }
    let mut wants = Vec::new();
    let mut want = |detail| {
        wants.push(Want {
            zone: key.clone(),
            detail,
        });
    };
    if entry.delegation_set.is_none() {
        want(Detail::DelegationSet);
    }
    if screen.tab == Tab::Dnssec && entry.signing.is_none() {
        want(Detail::Signing);
    }
    if wants.is_empty() {
        return Vec::new();
    }
    vec![Effect::Scan(Command::Read(wants))]
}

impl ZoneScreen {
    /// Looks again at what is known.
    pub fn refresh(&mut self, known: Known<'_>) {
        let opened = Opened::of(known, &self.row);
        self.records.refresh(opened.zone.map(|(_, entry)| entry));
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        self.records.settle(height);
    }
}

/// Does what an action asks of the zone.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(crate::tui::view::body_height(state))
        .unwrap_or(1)
        .max(1);
    let Some(screen) = &mut state.zone else {
        return Vec::new();
    };
    match action {
        Action::NextTab | Action::NextPane | Action::Open => screen.tab = screen.tab.step(1),
        Action::PreviousTab | Action::PreviousPane | Action::Close => screen.tab = screen.tab.step(-1),
        _ if screen.tab == Tab::Records => return records::perform(state, known, action),
        Action::Filter => {
            screen.tab = Tab::Records;
            screen.records.line.begin();
        }
        _ => {
            let by = match action {
                Action::Last => isize::MAX,
                Action::Down => 1,
                Action::Up => -1,
                Action::HalfDown => page / 2,
                Action::HalfUp => -page / 2,
                Action::PageDown => page,
                Action::PageUp => -page,
                Action::First => isize::MIN,
                _ => return Vec::new(),
            };
            let scroll = screen.scroll.saturating_add_signed(by);
            let furthest = state.zone.as_ref().map_or(0, |screen| furthest(state, known, screen));
            if let Some(screen) = &mut state.zone {
                screen.scroll = scroll.min(furthest);
            }
            return Vec::new();
        }
    }
    screen.scroll = 0;
    let Some(screen) = &state.zone else {
        return Vec::new();
    };
    wanted(state, known, screen)
}

/// Draws the zone.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, screen: &ZoneScreen) {
    let look = &state.look;
    let opened = Opened::of(known, &screen.row);
    let mark = detail::mark(state, known, &screen.row);
    let mut title = vec![Span::styled(
        detail::title(state, known, &screen.row),
        look.style(Tone::Heading),
    )];
    if let Some(mark) = mark {
        title.push(Span::styled(format!("  {}", mark.text()), look.style(mark.tone)));
    }
    let inner = pane::draw(
        buffer,
        area,
        look,
        Line::from(title),
        &note(state, known, &opened),
        Focus::Here,
    );
    let inner = pane::inset(inner);
    buffer.set_line(
        inner.x,
        inner.y,
        &tabs(state, &opened, screen, inner.width),
        inner.width,
    );
    let below = Rect {
        y: inner.y.saturating_add(2),
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if screen.tab == Tab::Records {
        return records::draw(buffer, below, state, &opened, &screen.records);
    }
    let lines = lines(state, known, screen, usize::from(below.width));
    let scroll = pane::Scroll {
        lines: screen.scroll,
        keys: Keymap::standard().keys(Context::Zone, &[Action::Down]),
    };
    pane::text(buffer, below, look, &lines, &scroll);
}

/// The text of a tab; that of the record sets is a list.
fn lines(state: &State, known: Known<'_>, screen: &ZoneScreen, width: usize) -> Vec<Line<'static>> {
    let opened = Opened::of(known, &screen.row);
    match screen.tab {
        Tab::Overview => detail::lines(state, known, &screen.row, width),
        Tab::Delegation => delegation::lines(state, known, &opened, width),
        Tab::Dnssec => signing::lines(state, known, &opened, width),
        Tab::Raw => raw::lines(state, known, &opened, width),
        Tab::Records | Tab::History => Vec::new(),
    }
}

/// How far the text of the tab can be scrolled.
fn furthest(state: &State, known: Known<'_>, screen: &ZoneScreen) -> usize {
    let body = Areas::of(state).body;
    let lines = lines(state, known, screen, usize::from(body.width.saturating_sub(4)));
    pane::furthest(lines.len(), body.height.saturating_sub(4))
}

fn note(state: &State, known: Known<'_>, opened: &Opened<'_>) -> String {
    let look = &state.look;
    let Some((_, entry)) = opened.zone else {
        return "no zone in these accounts".to_owned();
    };
    let place = entry.zone.key.account;
    let id = known
        .account(place)
        .map_or_else(String::new, |account| look.account_id(account.id));
    let name = known.account_name(look, place);
    let env = known.env(look, place);
    format!("{name} {id} {env}  {}", look.zone_id(&entry.zone.key.id))
}

fn tabs(state: &State, opened: &Opened<'_>, screen: &ZoneScreen, width: u16) -> Line<'static> {
    let look = &state.look;
    let mut spans = Vec::new();
    for tab in Tab::ALL {
        let count = match (tab, opened.zone) {
            (Tab::Records, Some((_, entry))) => format!(" {}", super::tree::nodes::records_of(entry)),
            _ => String::new(),
        };
        let text = format!("{}{count}", tab.word());
        let (text, tone) = if tab == screen.tab {
            (format!("[{text}]"), Tone::Heading)
        } else if tab == Tab::History {
            (format!(" {text} "), Tone::Dim)
        } else {
            (format!(" {text} "), Tone::Plain)
        };
        spans.push(Span::styled(text, look.style(tone)));
        spans.push(Span::raw(" "));
    }
    let mut line = Line::from(spans);
    let note = Span::styled("(History comes with the journal)", look.style(Tone::Dim));
    if line.width() + note.width() <= usize::from(width) {
        line.push_span(note);
    }
    line
}
