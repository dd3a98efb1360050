//! The first start, where nothing is configured: what was found, which accounts to read, or the demo.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use unicode_width::UnicodeWidthStr as _;

use super::text::TextPane;
use crate::model::account::Env;
use crate::report::text::count;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::{Choice, Effect, Farewell};
use crate::tui::launch::{FirstRun, Found, Ticked};
use crate::tui::look::Look;
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// What the first start remembers. Its rows are the candidates, then what can be done.
#[derive(Debug, Clone)]
pub struct FirstRunScreen {
    found: FirstRun,
    cursor: Cursor,
}

const DEEDS: [&str; 4] = ["Scan", "Try the demo", "Show the IAM policy", "Quit"];

impl FirstRunScreen {
    /// With the cursor on what most people want: the scan, or without any account the demo.
    pub fn new(found: FirstRun) -> Self {
        let deed = usize::from(found.candidates.iter().all(|candidate| candidate.ticked == Ticked::No));
        let at = found.candidates.len() + deed;
        Self {
            found,
            cursor: Cursor { at, top: 0 },
        }
    }

    fn len(&self) -> usize {
        self.found.candidates.len() + DEEDS.len()
    }

    fn ticked(&self) -> Vec<usize> {
        let candidates = self.found.candidates.iter().enumerate();
        candidates
            .filter(|(_, c)| c.ticked == Ticked::Yes)
            .map(|(place, _)| place)
            .collect()
    }

    fn tick_all(&mut self, ticked: Ticked) {
        self.found
            .candidates
            .iter_mut()
            .for_each(|candidate| candidate.ticked = ticked);
    }

    fn toggle(&mut self) {
        if let Some(candidate) = self.found.candidates.get_mut(self.cursor.at) {
            candidate.ticked = match candidate.ticked {
                Ticked::Yes => Ticked::No,
                Ticked::No => Ticked::Yes,
            };
        }
    }

    /// What there is to say of the account under the cursor, in full: it may be a command to type.
    pub fn sentence(&self, look: &Look) -> String {
        let candidate = self.found.candidates.get(self.cursor.at);
        let said = candidate.filter(|candidate| !candidate.note.is_empty());
        said.map_or_else(String::new, |candidate| {
            let name = look.outside(&candidate.name, 60);
            format!("{name}: {}", look.outside(&candidate.note, 200))
        })
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, body: usize) {
        let height = body.saturating_sub(self.head() + 2);
        self.cursor.settle(self.len(), height);
    }

    fn head(&self) -> usize {
        self.found.looked.len() + 6
    }
}

/// Does what an action asks of the first start.
pub fn perform(state: &mut State, action: Action) -> Vec<Effect> {
    let Some(screen) = &mut state.first_run else {
        return Vec::new();
    };
    let len = screen.len();
    match action {
        Action::Down | Action::NextPane => screen.cursor.step(1, len),
        Action::Up | Action::PreviousPane => screen.cursor.step(-1, len),
        Action::First => screen.cursor.step(isize::MIN, len),
        Action::Last => screen.cursor.step(isize::MAX, len),
        Action::HalfDown | Action::PageDown => screen.cursor.step(10, len),
        Action::HalfUp | Action::PageUp => screen.cursor.step(-10, len),
        Action::Toggle => screen.toggle(),
        Action::TickAll => screen.tick_all(Ticked::Yes),
        Action::TickNone => screen.tick_all(Ticked::No),
        Action::Enter => return enter(state),
        _ => {}
    }
    Vec::new()
}

fn enter(state: &mut State) -> Vec<Effect> {
    let Some(screen) = &mut state.first_run else {
        return Vec::new();
    };
    let deed = screen.cursor.at.checked_sub(screen.found.candidates.len());
    match deed {
        None => screen.toggle(),
        Some(0) => {
            let ticked = screen.ticked();
            if ticked.is_empty() {
                state.refuse("tick an account first, or try the demo");
            } else {
                return vec![Effect::Quit(Farewell::Chosen(Choice::Accounts(ticked)))];
            }
        }
        Some(1) => return vec![Effect::Quit(Farewell::Chosen(Choice::Demo))],
        Some(2) => {
            let lines = screen
                .found
                .policy
                .lines()
                .map(|line| state.look.raw(line, 400))
                .collect();
            let pane = TextPane::new("The IAM policy that lets zonecut read", lines);
            state.overlays.push(Overlay::Text(pane));
        }
        Some(_) => return vec![Effect::Quit(Farewell::Plain)],
    }
    Vec::new()
}

/// Draws the first start.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, screen: &FirstRunScreen) {
    let look = &state.look;
    let height = u16::try_from(screen.head() + screen.len() + 5).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, 100, height);
    let title = Line::styled("Welcome", look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "", Focus::Here);
    let inner = pane::inset(inner);
    let head = head(state, screen);
    row::lines(buffer, inner, &head, 0);
    let used = u16::try_from(screen.head()).unwrap_or(u16::MAX);
    let list = Rect {
        y: inner.y.saturating_add(used),
        height: inner.height.saturating_sub(used),
        ..inner
    };
    let mut areas = list.rows();
    for line in screen.cursor.top..screen.len() {
        let Some(place) = areas.next() else { break };
        draw_line(buffer, place, state, screen, line);
        if line == screen.cursor.at {
            row::select(buffer, place, look);
        }
    }
    areas.next();
    if let Some(place) = areas.next() {
        let path = look.outside(&screen.found.config_path, 200);
        let text = format!("Saved to {path}; ~/.aws is not changed.");
        row::text(buffer, place, &text, look.style(Tone::Dim));
    }
}

fn head(state: &State, screen: &FirstRunScreen) -> Vec<Line<'static>> {
    let look = &state.look;
    let mut lines = vec![
        Line::raw("zonecut shows your Route 53 zones as one tree and finds broken delegations."),
        Line::raw("It only reads, stores no credentials and sends no telemetry."),
        Line::default(),
        Line::styled("Looked for AWS access", look.style(Tone::Heading)),
    ];
    let places = screen.found.looked.iter().map(|looked| look.outside(&looked.place, 40));
    let width = places.map(|place| place.width()).max().unwrap_or(0);
    for looked in &screen.found.looked {
        let (glyph, tone) = match looked.found {
            Found::Yes => ("✓", Tone::Ok),
            Found::No => ("∅", Tone::Dim),
        };
        lines.push(Line::from(vec![
            Span::styled(format!("  {glyph} "), look.style(tone)),
            Span::raw(format!(
                "{:<width$}  {}",
                look.outside(&looked.place, 40),
                look.outside(&looked.detail, 120)
            )),
        ]));
    }
    lines.push(Line::default());
    let text = if screen.found.candidates.is_empty() {
        "No account was found. What now?"
    } else {
        "Choose the accounts to read (space ticks, a all, n none)"
    };
    lines.push(Line::styled(text, look.style(Tone::Heading)));
    lines
}

fn draw_line(buffer: &mut Buffer, area: Rect, state: &State, screen: &FirstRunScreen, line: usize) {
    let look = &state.look;
    let plain = Style::new();
    if let Some(candidate) = screen.found.candidates.get(line) {
        let tick = match candidate.ticked {
            Ticked::Yes => "[x]",
            Ticked::No => "[ ]",
        };
        let (env, tone) = match candidate.env {
            Env::Prod => ("PROD", Tone::Prod),
            Env::NonProd | Env::Unknown => ("", Tone::Plain),
        };
        let widths = [3, 22, 12, 16, 4, area.width.saturating_sub(3 + 22 + 12 + 16 + 4 + 5)];
        let cells = [
            Cell::new(tick, plain),
            Cell::new(look.outside(&candidate.name, 60), plain),
            Cell::new(look.account_id(candidate.id), plain),
            Cell::new(look.outside(&candidate.how, 40), look.style(Tone::Dim)),
            Cell::new(env, look.style(tone)),
            Cell::new(look.outside(&candidate.note, 120), look.style(Tone::Dim)),
        ];
        return row::draw(buffer, area, &widths, &cells);
    }
    let deed = line - screen.found.candidates.len();
    let (text, note) = match deed {
        0 => (
            format!("Scan {} now", count(screen.ticked().len(), "account")),
            "reads only: ListHostedZones, ListResourceRecordSets and the like",
        ),
        1 => (
            "Try the demo".to_owned(),
            "a fictional organisation with every kind of problem; needs no AWS",
        ),
        2 => ("Show the IAM policy".to_owned(), "the least that reading needs"),
        _ => ("Quit".to_owned(), ""),
    };
    let cells = [Cell::new(text, plain), Cell::new(note, look.style(Tone::Dim))];
    row::draw(buffer, area, &[24, area.width.saturating_sub(25)], &cells);
}
