//! The accounts: how far each was read, how it logs in, and the exact command that mends what is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::detail;
use crate::engine::progress::{AccountProgress, Whole};
use crate::model::account::{AccountIx, AccountStatus, Problem, ProblemKind};
use crate::model::inventory::Source;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::mark::Mark;
use crate::tui::state::{Overlay, State, View};
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::when;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// What the list remembers.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    cursor: Cursor,
    /// How many lines of what is said of the account lie above the window.
    scroll: usize,
}

/// What is said of an account needs about this many lines.
const ABOUT: usize = 12;

impl Accounts {
    /// The account under the cursor.
    pub fn selected(&self, known: Known<'_>) -> Option<AccountIx> {
        known
            .inventory
            .accounts_with_places()
            .nth(self.cursor.at)
            .map(|(place, _)| place)
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, known: Known<'_>, height: usize) {
        self.cursor
            .settle(known.inventory.accounts().len(), list_height(known, height));
    }
}

/// How many rows the list has, of those inside the box; the rest says what is wrong.
fn list_height(known: Known<'_>, inside: usize) -> usize {
    let accounts = known.inventory.accounts().len();
    let half = inside.saturating_sub(1) / 2;
    accounts.min(half.max(inside.saturating_sub(1 + ABOUT))).max(1)
}

/// Opens the accounts, with the cursor on one of them.
pub fn open(state: &mut State, place: Option<AccountIx>) {
    let at = place.map_or(0, |place| place.0 as usize);
    state.overlays.push(Overlay::Accounts(Accounts {
        cursor: Cursor { at, top: 0 },
        scroll: 0,
    }));
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let len = known.inventory.accounts().len();
    let furthest = furthest(state, known);
    if action == Action::Enter {
        show_zones(state, known);
        return Vec::new();
    }
    if let Some(Overlay::Accounts(screen)) = state.overlays.last_mut() {
        let cursor = &mut screen.cursor;
        let before = cursor.at;
        match action {
            Action::NextTab => screen.scroll = screen.scroll.saturating_add(5).min(furthest),
            Action::PreviousTab => screen.scroll = screen.scroll.saturating_sub(5),
            Action::Down => cursor.step(1, len),
            Action::Up => cursor.step(-1, len),
            Action::HalfDown | Action::PageDown => cursor.step(10, len),
            Action::HalfUp | Action::PageUp => cursor.step(-10, len),
            Action::First => cursor.step(isize::MIN, len),
            Action::Last => cursor.step(isize::MAX, len),
            _ => {}
        }
        if screen.cursor.at != before {
            screen.scroll = 0;
        }
    }
    Vec::new()
}

/// How far what is said of the account can be scrolled.
fn furthest(state: &State, known: Known<'_>) -> usize {
    let body = view::Areas::of(state).body;
    let Some(Overlay::Accounts(screen)) = state.overlays.last() else {
        return 0;
    };
    let width = usize::from(body.width.saturating_sub(4));
    let lines = screen
        .selected(known)
        .map_or(0, |place| about(state, known, place, width).len());
    let inside = usize::from(body.height.saturating_sub(2));
    lines.saturating_sub(inside.saturating_sub(list_height(known, inside) + 2))
}

/// Shows the tree, filtered to the account.
fn show_zones(state: &mut State, known: Known<'_>) {
    let target = state.target(known);
    let Some(account) = target.account.and_then(|place| known.account(place)) else {
        return;
    };
    let wanted = match account.id {
        Some(id) => id.to_string(),
        None => account
            .name
            .expose()
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    state.show(View::Tree);
    state.tree.line.set(&format!("acct:{wanted}"));
    state.tree.lay_out(known);
}

/// Draws the accounts over the whole body.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, screen: &Accounts) {
    let look = &state.look;
    let area = pane::window(buffer, area, area.width, area.height);
    let accounts = known.inventory.accounts();
    let title = Line::styled(
        format!("Accounts and logins {}", accounts.len()),
        look.style(Tone::Heading),
    );
    let inner = pane::draw(buffer, area, look, title, &summary(state, known), Focus::Here);
    let inner = pane::inset(inner);
    let rows = list_height(known, usize::from(inner.height));
    let (list, below) = pane::split(buffer, inner, rows, look);
    draw_list(buffer, list, state, known, screen);
    if let Some(place) = screen.selected(known) {
        let lines = about(state, known, place, usize::from(inner.width));
        let keys = Keymap::standard().keys(Context::Accounts, &[Action::NextTab]);
        let scroll = pane::Scroll {
            lines: screen.scroll,
            keys,
        };
        pane::text(buffer, below, look, &lines, &scroll);
    }
}

fn summary(state: &State, known: Known<'_>) -> String {
    let (mut ready, mut unread) = (0, 0);
    for (place, account) in known.inventory.accounts_with_places() {
        match &account.status {
            AccountStatus::Merged(_) => ready += 1,
            AccountStatus::Complete if state.holding(place).unread == 0 => ready += 1,
            AccountStatus::Complete => unread += 1,
            status => unread += usize::from(status.problem().is_some()),
        }
    }
    match unread {
        0 => format!("{ready} ready"),
        _ => format!("{ready} ready  {unread} not read in full"),
    }
}

fn draw_list(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, screen: &Accounts) {
    let look = &state.look;
    let login = match area.width {
        0..90 => 0,
        90..112 => 20,
        _ => 28,
    };
    let used = 12 + 6 + login + 16 + 6 + 6 + if login > 0 { 6 } else { 5 };
    let widths: [u16; 7] = [area.width.saturating_sub(used), 12, 6, login, 16, 6, 6];
    let heads = ["ACCOUNT", "ID", "ENV", "LOGS IN BY", "STATE"].map(|head| Cell::new(head, look.style(Tone::Dim)));
    let numbers = ["ZONES", "READ"].map(|head| Cell::right(head, look.style(Tone::Dim)));
    let heads: Vec<Cell> = heads.into_iter().chain(numbers).collect();
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let list = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let places = known.inventory.accounts_with_places().skip(screen.cursor.top);
    for ((line, (place, _)), area) in (screen.cursor.top..).zip(places).zip(list.rows()) {
        row::draw(buffer, area, &widths, &cells(state, known, place));
        if line == screen.cursor.at {
            row::select(buffer, area, look);
        }
    }
    if known.inventory.accounts().is_empty() {
        row::text(buffer, row::at(list, 0), "No account is configured.", Style::new());
    }
}

fn cells(state: &State, known: Known<'_>, place: AccountIx) -> Vec<Cell> {
    let look = &state.look;
    let Some(account) = known.account(place) else {
        return Vec::new();
    };
    let plain = Style::new();
    let (state_text, tone) = state_of(state, place, &account.status);
    let login = state.logins.get(place.0 as usize);
    let login = login
        .or(account.profile.as_ref())
        .map_or_else(String::new, |text| look.outside(text, 60));
    let progress = state
        .progress
        .accounts
        .iter()
        .find(|progress| progress.account == place);
    vec![
        Cell::middle(look.account(place, account), plain),
        Cell::new(look.account_id(account.id), plain),
        super::tree::env_cell(state, known, place),
        Cell::new(login, look.style(Tone::Dim)),
        Cell::new(state_text, look.style(tone)),
        Cell::right(zones(state, place, progress), plain),
        Cell::right(read(state, place), look.style(Tone::Dim)),
    ]
}

/// The state of an account; one that was listed in full may still hold zones that were not read.
fn state_of(state: &State, place: AccountIx, status: &AccountStatus) -> (String, Tone) {
    let mark = Mark::of_account(status);
    match (status, state.holding(place).unread) {
        (AccountStatus::Complete, unread @ 1..) => (format!("? {unread} unread"), Tone::Warn),
        _ => (mark.text(), mark.tone),
    }
}

fn zones(state: &State, place: AccountIx, progress: Option<&AccountProgress>) -> String {
    let held = state.holding(place).zones;
    match progress.map(AccountProgress::zones) {
        Some(Whole::AtLeast(number)) => format!("~{}", number.max(held as u64)),
        _ => held.to_string(),
    }
}

/// When the zones of an account were read, as far as they were.
fn read(state: &State, place: AccountIx) -> String {
    state.holding(place).oldest.map_or_else(
        || "never".to_owned(),
        |origin| {
            let remembered = if origin.source == Source::Cache { "~" } else { "" };
            format!("{remembered}{}", when::age(state.now, origin.at))
        },
    )
}

fn about(state: &State, known: Known<'_>, place: AccountIx, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let Some(account) = known.account(place) else {
        return page.lines;
    };
    let look = &state.look;
    let mark = Mark::of_account(&account.status);
    let unread = state.holding(place).unread;
    let (glyph, meaning) = match (&account.status, unread) {
        (AccountStatus::Complete, 1..) => ("?", "its zones were all listed, but not all of them could be read"),
        (status, _) => (mark.glyph, meaning(status)),
    };
    page.heading(&format!("{glyph} {}: {meaning}", look.account(place, account)));
    if let Some(login) = state.logins.get(place.0 as usize) {
        page.field("Logs in", &look.outside(login, 120));
    }
    if let AccountStatus::Merged(other) = account.status
        && let Some(twin) = known.account(other)
    {
        page.field("The same as", &look.account(other, twin));
    }
    if let Some(problem) = account.status.problem() {
        page.gap();
        detail::problem_lines(&mut page, problem);
        page.gap();
        page.text(0, advice(problem), Tone::Dim);
    }
    if unread > 0 {
        unread_zones(&mut page, place);
    }
    page.lines
}

fn meaning(status: &AccountStatus) -> &'static str {
    match status {
        AccountStatus::Waiting => "nothing was asked of it yet",
        AccountStatus::Reading => "its zones are being read",
        AccountStatus::Complete => "its zones were all listed, and their number was confirmed",
        AccountStatus::Partial(_) => "it was read in part",
        AccountStatus::Failed(_) => "it could not be read",
        AccountStatus::Stale => "what is shown of it comes from the cache",
        AccountStatus::Merged(_) => "another login leads to the same account, and it is read there, once",
    }
}

fn advice(problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Credentials if problem.remedy.is_none() => {
            "Press r to try again. Where the role wants an MFA code, it is asked for again."
        }
        ProblemKind::Credentials => {
            "Log in with the command above, then press r. Over SSH without a browser add --use-device-code."
        }
        // STS answers a wrong code and a role that may not be assumed alike.
        ProblemKind::Denied if problem.message.expose().contains("MFA") => {
            "Press r to type another code. If no code is taken, look at the trust policy of the role and at its MFA condition."
        }
        ProblemKind::Denied => {
            "Ask the owner of the account to attach what zonecut iam-policy --read prints, then press r."
        }
        ProblemKind::Quarantined => {
            "The profile leads to another account than the configuration pins. Nothing of it was read. Mend the profile, or the id in the configuration."
        }
        ProblemKind::Throttled => "Others use this account's API as well. Press r later, or lower [scan] rps.",
        ProblemKind::Service => "The service did not answer as it should. Press r to try again.",
        ProblemKind::Inconsistent => "The answers did not add up, so they were not believed. Press r to try again.",
        ProblemKind::Cancelled => "The scan was cancelled. Press r to go on.",
    }
}

fn unread_zones(page: &mut Page<'_>, place: AccountIx) {
    let look = &page.state.look;
    let unread: Vec<String> = page
        .known
        .inventory
        .iter()
        .filter(|(_, entry)| entry.zone.key.account == place)
        .filter_map(|(_, entry)| Some((entry, entry.records.as_ref()?.problem()?)))
        .map(|(entry, problem)| format!("{}: {}", entry.zone.name, look.outside(&problem.message, 600)))
        .collect();
    page.heading(&format!("Zones that were not read in full: {}", unread.len()));
    let accounts = page.known.inventory.accounts();
    for line in unread.iter().take(50) {
        let line = page.state.look.prose(line, accounts);
        page.bullet("⊘", &line);
    }
}
