//! How the activity is drawn: the budgets, the scan, the list of requests.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Listing;
use crate::engine::progress::{AccountProgress, Outcome, RequestNote, Stage, Whole};
use crate::ports::ApiErrorKind;
use crate::report::text::count as count_of;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::when;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// Where the parts are.
struct Areas {
    budget: Rect,
    scan: Option<Rect>,
    requests: Rect,
}

impl Areas {
    fn of(state: &State, area: Rect) -> Self {
        let accounts = u16::try_from(state.progress.accounts.len()).unwrap_or(u16::MAX);
        let height = accounts
            .saturating_add(5)
            .clamp(6, (area.height / 2).max(6))
            .min(area.height);
        let top = Rect { height, ..area };
        let requests = Rect {
            y: area.y + height,
            height: area.height - height,
            ..area
        };
        if area.width < 100 {
            return Self {
                budget: top,
                scan: None,
                requests,
            };
        }
        let width = area.width * 2 / 3;
        Self {
            budget: Rect { width, ..top },
            scan: Some(Rect {
                x: top.x + width,
                width: top.width - width,
                ..top
            }),
            requests,
        }
    }
}

/// How many requests are in view.
pub(super) fn requests_height(state: &State) -> usize {
    let area = view::Areas::of(state).body;
    usize::from(Areas::of(state, area).requests.height.saturating_sub(3))
}

/// Draws the activity.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let areas = Areas::of(state, area);
    draw_budget(buffer, areas.budget, state, known);
    if let Some(area) = areas.scan {
        draw_scan(buffer, area, state, known);
    }
    draw_requests(buffer, areas.requests, state, known);
}

fn draw_budget(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let title = Line::styled("API budget per account", look.style(Tone::Heading));
    let limit = state
        .progress
        .accounts
        .first()
        .map_or_else(String::new, |account| format!("limit {:.1}/s each", account.limit));
    let inner = pane::draw(buffer, area, look, title, &limit, Focus::Elsewhere);
    let inner = pane::inset(inner);
    let others: u16 = 4 + 5 + 10 + 5 + 9 + 5 + 13 + 7;
    let widths = [inner.width.saturating_sub(others), 4, 5, 10, 5, 9, 5, 13];
    let dim = look.style(Tone::Dim);
    let heads = [
        Cell::new("ACCOUNT", dim),
        Cell::right("NOW", dim),
        Cell::right("RATE", dim),
        Cell::new("USED", dim),
        Cell::right("SENT", dim),
        Cell::right("THROTTLED", dim),
        Cell::right("QUEUE", dim),
        Cell::new("STATE", dim),
    ];
    row::draw(buffer, row::at(inner, 0), &widths, &heads);
    let rows = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1),
        ..inner
    };
    // The busy ones first: with many accounts the others do not fit.
    let mut accounts: Vec<&AccountProgress> = state.progress.accounts.iter().collect();
    accounts.sort_by_key(|account| account.is_done());
    let room = usize::from(rows.height);
    for (account, area) in accounts.iter().zip(rows.rows()) {
        row::draw(buffer, area, &widths, &budget_cells(state, known, account));
    }
    if accounts.len() > room {
        let more = format!("… {} more", accounts.len() - room + 1);
        let last = row::at(rows, room.saturating_sub(1));
        buffer.set_stringn(
            last.x,
            last.y,
            " ".repeat(usize::from(last.width)),
            usize::from(last.width),
            Style::new(),
        );
        row::text(buffer, last, &more, dim);
    }
}

fn budget_cells(state: &State, known: Known<'_>, account: &AccountProgress) -> Vec<Cell> {
    let look = &state.look;
    let plain = Style::new();
    // Once the last account is done nothing is drawn any more, and the last second would stand for ever.
    let now = if account.is_done() { 0 } else { account.now };
    let share = if account.limit > 0.0 {
        f64::from(now) / account.limit
    } else {
        0.0
    };
    let full = (0..10).filter(|step| share * 10.0 > f64::from(*step)).count();
    let bar = if account.is_done() {
        String::new()
    } else {
        format!("{}{}", "█".repeat(full), "░".repeat(10 - full))
    };
    let slow = if account.rate + 0.05 < account.limit {
        Tone::Warn
    } else {
        Tone::Plain
    };
    vec![
        Cell::middle(known.account_name(look, account.account), plain),
        Cell::right(now.to_string(), plain),
        Cell::right(format!("{:.1}", account.rate), look.style(slow)),
        Cell::new(bar, look.style(Tone::Working)),
        Cell::right(account.sent.route53().to_string(), plain),
        Cell::right(account.throttled.to_string(), plain),
        Cell::right((account.queued + account.in_flight).to_string(), plain),
        Cell::new(
            stage(account),
            look.style(if account.stage == Stage::Failed {
                Tone::Broken
            } else {
                Tone::Plain
            }),
        ),
    ]
}

fn stage(account: &AccountProgress) -> String {
    if let Some(wait) = account.back_off {
        return format!("back-off {:.1}s", wait.as_secs_f32());
    }
    match account.stage {
        Stage::Waiting => "waiting",
        Stage::Identifying => "identifying",
        Stage::Listing => "listing",
        Stage::Reading => "reading",
        Stage::Paused => "paused",
        Stage::Done => "done",
        Stage::Failed => "failed",
    }
    .to_owned()
}

fn draw_scan(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let title = Line::styled("Scan", look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "", Focus::Elsewhere);
    let inner = pane::inset(inner);
    let progress = &state.progress;
    let mut page = Page::new(state, known, usize::from(inner.width));
    let (zones, more) = match progress.zones() {
        Whole::Exactly(number) => (number, ""),
        Whole::AtLeast(number) => (number, "~"),
    };
    let word = match (state.is_paused(), state.is_scanning()) {
        (true, _) => "paused",
        (false, true) => "running",
        (false, false) => "done",
    };
    page.field("State", word);
    page.field(
        "Accounts",
        &format!("{} of {}", progress.accounts_done(), progress.accounts.len()),
    );
    page.field("Zones", &format!("{} of {more}{zones}", progress.zones_read()));
    page.field(
        "Requests",
        &format!("{} sent, {} throttled", progress.requests_sent(), progress.throttled()),
    );
    page.field("Time", &when::minutes(progress.elapsed));
    if let Some(eta) = progress.eta().filter(|_| state.is_moving()) {
        page.field("Left", &when::minutes(eta));
    }
    page.gap();
    page.text(
        0,
        "At most four fifths of the limit is used by default, so that Terraform and CI are not throttled.",
        Tone::Dim,
    );
    row::lines(buffer, inner, &page.lines, 0);
}

fn draw_requests(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let requests = state.activity.requests(state);
    let title = match state.activity.listing {
        Listing::All => "Requests",
        Listing::Errors => "Requests that failed",
    };
    let note = format!("the latest {}", requests.len());
    let title = Line::from(vec![Span::styled(title, look.style(Tone::Heading))]);
    let inner = pane::draw(buffer, area, look, title, &note, Focus::Here);
    let inner = pane::inset(inner);
    let wide = inner.width >= 100;
    let (account, call) = if wide { (16, 26) } else { (10, 25) };
    let left = inner.width.saturating_sub(8 + account + call + 6 + 5);
    let zone = if wide { left * 11 / 20 } else { left.saturating_sub(11) };
    let widths = [8, account, call, zone, left - zone, 6];
    let dim = look.style(Tone::Dim);
    let mut heads = ["TIME", "ACCOUNT", "CALL", "ZONE", "RESULT"]
        .map(|head| Cell::new(head, dim))
        .to_vec();
    heads.push(Cell::right("MS", dim));
    row::draw(buffer, row::at(inner, 0), &widths, &heads);
    let rows = Rect {
        y: inner.y.saturating_add(1),
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let lines = requests.iter().enumerate().skip(state.activity.cursor.top);
    for ((line, note), area) in lines.zip(rows.rows()) {
        row::draw(buffer, area, &widths, &request_cells(state, known, note));
        if line == state.activity.cursor.at {
            row::select(buffer, area, look);
        }
    }
    if requests.is_empty() {
        row::text(buffer, row::at(rows, 0), "None so far.", dim);
    }
}

fn request_cells(state: &State, known: Known<'_>, note: &RequestNote) -> Vec<Cell> {
    let look = &state.look;
    let plain = Style::new();
    let action = note.action.rsplit(':').next().unwrap_or(note.action);
    let page = note.page.map_or_else(String::new, |page| format!(" p{page}"));
    let zone = note
        .zone
        .as_ref()
        .map_or_else(String::new, |(_, name)| name.to_string());
    let (result, tone) = match &note.outcome {
        Outcome::Answered(count) => (format!("ok, {}", count_of(*count, "item")), Tone::Plain),
        Outcome::Failed {
            kind,
            retry_in: Some(wait),
            ..
        } => (
            format!("{}, again in {:.1}s", word(*kind), wait.as_secs_f32()),
            Tone::Warn,
        ),
        Outcome::Failed { kind, message, .. } => {
            (format!("{}: {}", word(*kind), look.outside(message, 80)), Tone::Broken)
        }
    };
    vec![
        Cell::new(when::clock(note.at), look.style(Tone::Dim)),
        Cell::middle(known.account_name(look, note.account), plain),
        Cell::new(format!("{action}{page}"), plain),
        Cell::name(zone, plain),
        Cell::new(result, look.style(tone)),
        Cell::right(note.took.as_millis().to_string(), look.style(Tone::Dim)),
    ]
}

/// The words for a class of failure.
pub(super) fn word(kind: ApiErrorKind) -> &'static str {
    match kind {
        ApiErrorKind::Credentials => "no login",
        ApiErrorKind::Denied => "denied",
        ApiErrorKind::Throttled => "throttled",
        ApiErrorKind::NotFound => "not found",
        ApiErrorKind::Unavailable => "unavailable",
        ApiErrorKind::Malformed => "malformed",
        ApiErrorKind::Refused => "refused",
        ApiErrorKind::WrongAccount => "wrong account",
    }
}
