//! The palette: every command, zone, account and problem, found by typing. What is not available is greyed, with the reason.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::problems::FindingId;
use super::tree::nodes::RowId;
use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::filter_line::{FilterLine, Typed};
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::look::fit_end;
use crate::tui::mark::Mark;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// What an entry leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// An action.
    Do(Action),
    /// A zone.
    Zone(ZoneKey),
    /// A delegation without a zone.
    Cut(DnsName),
    /// An account.
    Account(AccountIx),
    /// A problem.
    Problem(FindingId),
}

impl Goal {
    /// The row of the tree it is, if it is one.
    pub fn row(&self) -> Option<RowId> {
        match self {
            Self::Zone(key) => Some(RowId::Zone(key.clone())),
            Self::Cut(name) => Some(RowId::Cut(name.clone())),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Do(_) => "command",
            Self::Zone(_) => "zone",
            Self::Cut(_) => "delegation",
            Self::Account(_) => "account",
            Self::Problem(_) => "problem",
        }
    }
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it leads to.
    pub goal: Goal,
    /// What is shown and searched, fit for this terminal.
    pub text: String,
    /// What stands behind it: a status, a key.
    pub note: String,
    /// Why it is not available.
    pub refusal: Option<String>,
}

/// What the palette remembers.
#[derive(Debug, Clone)]
pub struct Palette {
    line: FilterLine,
    entries: Vec<Entry>,
    found: Vec<usize>,
    cursor: Cursor,
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stays open.
    Open,
    /// It is closed.
    Closed,
    /// An entry was chosen.
    Chosen(Goal),
    /// What was chosen is not available.
    Refused(String),
    /// The key is none for the palette.
    Passed,
}

/// More than this is not listed: typing on is quicker than reading.
const MOST: usize = 200;

impl Palette {
    /// Every entry there is, seen from what had the keyboard.
    pub fn new(state: &State, known: Known<'_>, context: Context) -> Self {
        let mut entries = commands(state, known, context);
        if state.first_run.is_none() {
            entries.extend(places(state, known));
        }
        let mut palette = Self {
            line: FilterLine::default(),
            entries,
            found: Vec::new(),
            cursor: Cursor::default(),
        };
        palette.line.begin();
        palette.search();
        palette
    }

    /// The entries, for tests of their completeness.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The palette with commands alone, for what can be done here.
    pub fn commands_only(mut self) -> Self {
        self.entries.retain(|entry| matches!(entry.goal, Goal::Do(_)));
        self.search();
        self
    }

    fn search(&mut self) {
        let text = self.line.text();
        self.cursor = Cursor::default();
        if text.trim().is_empty() {
            self.found = (0..self.entries.len().min(MOST)).collect();
            return;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let haystack = Utf32Str::new(&entry.text, &mut buffer);
            if let Some(score) = pattern.score(haystack, &mut matcher) {
                // Of two that match as well, the shorter is meant.
                scored.push((
                    score
                        .saturating_mul(16)
                        .saturating_sub(u32::try_from(entry.text.len()).unwrap_or(0)),
                    place,
                ));
            }
        }
        scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        self.found = scored.into_iter().take(MOST).map(|(_, place)| place).collect();
    }

    /// Takes a key.
    pub fn key(&mut self, key: &KeyEvent) -> Outcome {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return Outcome::Closed,
            KeyCode::Enter => return self.chosen(),
            KeyCode::Down | KeyCode::Tab => self.step(1),
            KeyCode::Up | KeyCode::BackTab => self.step(-1),
            KeyCode::PageDown => self.step(10),
            KeyCode::PageUp => self.step(-10),
            KeyCode::Char('n') if ctrl => self.step(1),
            KeyCode::Char('p') if ctrl => self.step(-1),
            _ => match self.line.key(key) {
                Typed::Changed => self.search(),
                Typed::Passed => return Outcome::Passed,
                _ => {}
            },
        }
        Outcome::Open
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.search();
    }

    fn step(&mut self, by: isize) {
        self.cursor.step(by, self.found.len());
    }

    fn chosen(&self) -> Outcome {
        let entry = self
            .found
            .get(self.cursor.at)
            .and_then(|place| self.entries.get(*place));
        match entry {
            None => Outcome::Closed,
            Some(entry) => match &entry.refusal {
                Some(reason) => Outcome::Refused(format!("{}: {reason}", entry.text)),
                None => Outcome::Chosen(entry.goal.clone()),
            },
        }
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        self.cursor.settle(self.found.len(), height);
    }
}

fn commands(state: &State, known: Known<'_>, context: Context) -> Vec<Entry> {
    let keymap = Keymap::standard();
    let mut seen = Vec::new();
    let mut entries = Vec::new();
    // Moving about is what nobody opens the palette for.
    let (moves, others): (Vec<_>, Vec<_>) = keymap.all().partition(|binding| binding.group == "move");
    for binding in keymap.own(context).iter().chain(others).chain(moves) {
        if seen.contains(&binding.action) {
            continue;
        }
        seen.push(binding.action);
        entries.push(Entry {
            goal: Goal::Do(binding.action),
            text: match binding.action.word().replace('-', " ") {
                word if word == binding.help => word,
                word => format!("{word}: {}", binding.help),
            },
            note: binding.keys.first().map_or_else(String::new, |key| key.shown()),
            refusal: state.refusal(known, binding.action),
        });
    }
    entries
}

fn places(state: &State, known: Known<'_>) -> Vec<Entry> {
    let look = &state.look;
    let entry = |goal: Goal, text: String, note: String| Entry {
        goal,
        text,
        note,
        refusal: None,
    };
    let zones = known.inventory.iter().map(|(zone, held)| {
        let account = known.account_name(look, held.zone.key.account);
        let mark = Mark::of_zone(known, &state.progress, zone);
        let text = format!("{}  {account}", look.name(&held.zone.name));
        entry(Goal::Zone(held.zone.key.clone()), text, mark.text())
    });
    let cuts = known
        .survey
        .cuts()
        .filter(|verdict| verdict.cut.children.is_empty())
        .map(|verdict| {
            let name = &verdict.cut.name;
            entry(Goal::Cut(name.clone()), look.name(name), Mark::of_cut(verdict).text())
        });
    let accounts = known.inventory.accounts_with_places().map(|(place, account)| {
        let text = format!("{} {}", look.account(place, account), look.account_id(account.id));
        entry(Goal::Account(place), text, Mark::of_account(&account.status).text())
    });
    let problems = known
        .survey
        .findings()
        .filter(|finding| finding.cause.is_none())
        .map(|finding| {
            let name = finding.name().map_or_else(String::new, |name| look.name(name));
            let text = format!("{} {name}", finding.code());
            entry(
                Goal::Problem(FindingId::of(finding)),
                text,
                finding.severity.word().to_owned(),
            )
        });
    zones.chain(cuts).chain(accounts).chain(problems).collect()
}

/// How many entries are in view in a body of this height.
pub fn height(body: u16) -> usize {
    usize::from(body.saturating_sub(2).min(22).saturating_sub(5))
}

/// Draws the palette; says where its cursor is.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, screen: &Palette) -> Option<Position> {
    let look = &state.look;
    let rows = u16::try_from(height(area.height)).unwrap_or(1);
    let area = pane::window(buffer, area, 96.min(area.width.saturating_sub(4)), rows + 5);
    let title = Line::styled("Palette", look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "esc closes", Focus::Here);
    let inner = pane::inset(inner);
    let typed = look.raw(screen.line.text(), 400);
    row::text(
        buffer,
        row::at(inner, 0),
        &format!("> {typed}"),
        look.style(Tone::Heading),
    );
    let list = Rect {
        y: inner.y.saturating_add(2),
        height: inner.height.saturating_sub(3),
        ..inner
    };
    let widths = [10, list.width.saturating_sub(10 + 18 + 2), 18];
    let lines = screen.found.iter().enumerate().skip(screen.cursor.top);
    for ((line, place), area) in lines.zip(list.rows()) {
        let Some(entry) = screen.entries.get(*place) else {
            continue;
        };
        let tone = if entry.refusal.is_some() {
            Tone::Dim
        } else {
            Tone::Plain
        };
        let text = match &entry.refusal {
            Some(reason) => format!("{} ({reason})", entry.text),
            None => entry.text.clone(),
        };
        let cells = [
            Cell::new(entry.goal.kind(), look.style(Tone::Dim)),
            Cell::new(text, look.style(tone)),
            Cell::new(entry.note.clone(), look.style(Tone::Dim)),
        ];
        row::draw(buffer, area, &widths, &cells);
        if line == screen.cursor.at {
            row::select(buffer, area, look);
        }
    }
    let greyed = screen
        .found
        .iter()
        .filter_map(|place| screen.entries.get(*place))
        .filter(|e| e.refusal.is_some())
        .count();
    let count = format!("{} found, {greyed} of them greyed", screen.found.len());
    let last = row::at(inner, usize::from(inner.height.saturating_sub(1)));
    row::text(
        buffer,
        last,
        &fit_end(&count, usize::from(last.width)),
        look.style(Tone::Dim),
    );
    let column = u16::try_from(screen.line.column() + 2).unwrap_or(u16::MAX);
    Some(Position {
        x: inner.x + column.min(inner.width.saturating_sub(1)),
        y: inner.y,
    })
}
