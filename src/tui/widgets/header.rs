//! The first lines: whose data these are, how many problems there are, how far the scan is, and that nothing can be written.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::engine::progress::Whole;
use crate::model::account::Env;
use crate::tui::glyphs::GlyphSet;
use crate::tui::known::{Known, Tally};
use crate::tui::launch::Banner;
use crate::tui::look::Look;
use crate::tui::state::{State, View};
use crate::tui::theme::Tone;
use crate::tui::when;

type Segment = Vec<Span<'static>>;

/// From this width on there is room for words.
const WIDE: u16 = 100;

/// Draws the header line.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let is_wide = area.width >= WIDE;
    let mut right: Vec<Segment> = Vec::new();
    right.extend(wanted(state));
    right.extend(asking(state, is_wide));
    right.extend(freshness(state, is_wide));
    right.push(vec![mode(state, known)]);
    let right = join(look, right);
    let right_width = u16::try_from(right.width()).unwrap_or(u16::MAX).min(area.width);
    let x = area.right() - right_width;
    buffer.set_line(x, area.y, &right, right_width);

    let room = usize::from(area.width.saturating_sub(right_width + 1));
    let mut left: Vec<Segment> = Vec::new();
    for segment in left_segments(state, known, is_wide) {
        left.push(segment);
        if join(look, left.clone()).width() + 1 > room {
            left.pop();
        }
    }
    let mut line = join(look, left);
    line.spans.insert(0, Span::raw(" "));
    buffer.set_line(area.x, area.y, &line, area.width.saturating_sub(right_width));
}

fn left_segments(state: &State, known: Known<'_>, is_wide: bool) -> Vec<Segment> {
    let look = &state.look;
    let mut segments = vec![vec![Span::styled("zonecut", look.style(Tone::Heading))]];
    if state.banner == Banner::Demo {
        segments.push(vec![Span::styled(" DEMO ", look.style(Tone::Demo))]);
    }
    // Without a name of its own the configuration is called after the program, which stands there already.
    if is_wide && !matches!(state.title.expose(), "" | "zonecut") {
        segments.push(vec![Span::raw(look.outside(&state.title, 24))]);
    }
    if state.first_run.is_some() {
        segments.push(vec![Span::raw("first run")]);
        return segments;
    }
    segments.push(vec![Span::raw(sizes(state, known, is_wide))]);
    segments.push(tally(look, &state.tally, is_wide));
    segments
}

fn sizes(state: &State, known: Known<'_>, is_wide: bool) -> String {
    let accounts = known.inventory.accounts().len();
    let zones = known.inventory.zone_count();
    let word = if is_wide { "accounts" } else { "acct" };
    if state.is_scanning() {
        let done = state.progress.accounts_done();
        let read = state.progress.zones_read();
        let whole = match state.progress.zones() {
            Whole::Exactly(number) => number.to_string(),
            Whole::AtLeast(number) => format!("~{number}"),
        };
        return if is_wide {
            format!("{done}/{accounts} {word} │ {read} of {whole} zones")
        } else {
            format!("{done}/{accounts} {read}/{whole}")
        };
    }
    let gap = if is_wide { " │" } else { "" };
    format!("{accounts} {word}{gap} {zones} zones")
}

fn tally(look: &Look, tally: &Tally, is_wide: bool) -> Segment {
    let counts = [
        ("✗", tally.broken, Tone::Broken),
        ("∅", tally.missing, Tone::Missing),
        ("~", tally.drift, Tone::Drift),
        ("◌", tally.shadow, Tone::Shadow),
        ("⊘", tally.unread, Tone::NoAccess),
    ];
    // In ASCII a missing delegation is a nought, which would make another number of the one behind it.
    let gap = match (is_wide, look.glyphs) {
        (true, _) => " ",
        (false, GlyphSet::Ascii) => ":",
        (false, GlyphSet::Unicode) => "",
    };
    let mut spans = Vec::new();
    for (glyph, count, tone) in counts {
        let tone = if count == 0 { Tone::Dim } else { tone };
        if !spans.is_empty() {
            spans.push(Span::raw(if is_wide { "  " } else { " " }));
        }
        spans.push(Span::styled(format!("{glyph}{gap}{count}"), look.style(tone)));
    }
    spans
}

/// While a scan runs its share and the time left; afterwards the age of the oldest data.
fn freshness(state: &State, is_wide: bool) -> Option<Segment> {
    let look = &state.look;
    if state.first_run.is_some() {
        return None;
    }
    if state.is_scanning() {
        return Some(bar(state, is_wide));
    }
    let age = when::age(state.now, state.tally.oldest?);
    let text = match (state.tally.cached, is_wide) {
        (true, true) => format!("cached ~{age}"),
        (true, false) => format!("~{age}"),
        (false, true) => format!("fresh {age}"),
        (false, false) => age,
    };
    Some(vec![Span::styled(text, look.style(Tone::Dim))])
}

/// While name servers are asked: how many delegations were, of how many.
fn asking(state: &State, is_wide: bool) -> Option<Segment> {
    let live = state.progress.live.filter(|_| state.is_asking_servers())?;
    let share = format!("live {}/{}", live.done, live.total);
    let text = if is_wide {
        share
    } else {
        format!("{}/{}", live.done, live.total)
    };
    Some(vec![Span::styled(text, state.look.style(Tone::Working))])
}

/// A code is wanted, and the question waits until what is being typed is done.
fn wanted(state: &State) -> Option<Segment> {
    let waits = !state.questions.is_empty() && !state.is_asking();
    waits.then(|| vec![Span::styled("MFA code wanted", state.look.style(Tone::Warn))])
}

fn bar(state: &State, is_wide: bool) -> Segment {
    let look = &state.look;
    let read = state.progress.zones_read();
    let (whole, most) = match state.progress.zones() {
        Whole::Exactly(number) => (number, 100),
        // There may be more, of accounts that were not listed yet.
        Whole::AtLeast(number) => (number, 99),
    };
    let working = look.style(Tone::Working);
    if state.is_paused() {
        return vec![Span::styled("paused", look.style(Tone::Warn))];
    }
    if whole == 0 {
        let elapsed = when::minutes(state.progress.elapsed);
        return vec![Span::styled(format!("{} {elapsed}", state.spinner()), working)];
    }
    let share = (read.min(whole) * 100 / whole).min(most);
    let eta: Option<Duration> = state.progress.eta().filter(|_| most == 100);
    let left = eta.map_or_else(String::new, |eta| format!(" {}", when::minutes(eta)));
    let mut spans = Vec::new();
    if is_wide {
        let full = usize::try_from(share / 5).unwrap_or(20);
        spans.push(Span::styled("█".repeat(full), working));
        spans.push(Span::styled(
            "░".repeat(20_usize.saturating_sub(full)),
            look.style(Tone::Dim),
        ));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::styled(format!("{share}%{left}"), working));
    spans
}

/// Whether anything may be written, and for how long; red where that is production.
fn mode(state: &State, known: Known<'_>) -> Span<'static> {
    let writable = state.lock.writable(state.now);
    if writable.is_empty() {
        return Span::raw("[READ-ONLY]");
    }
    let left = state
        .lock
        .left(state.now)
        .map_or_else(String::new, |left| format!(" {}", when::minutes(left)));
    let is_prod = writable
        .iter()
        .any(|place| known.account(*place).is_some_and(|account| account.env != Env::NonProd));
    let tone = if is_prod { Tone::Alarm } else { Tone::Warn };
    let word = if is_prod { "WRITE PROD" } else { "WRITE" };
    Span::styled(format!("[{word}{left}]"), state.look.style(tone))
}

/// Draws the tabs and the way to what is selected.
pub fn draw_tabs(buffer: &mut Buffer, area: Rect, state: &State, crumbs: &str) {
    let look = &state.look;
    let words: [&str; 5] = if area.width >= WIDE {
        ["Tree", "Problems", "Trace", "Changes", "Activity"]
    } else {
        ["Tree", "Prob", "Trace", "Chg", "Act"]
    };
    let views = [View::Tree, View::Problems, View::Trace, View::Changes, View::Activity];
    let mut spans = vec![Span::raw(" ")];
    for (number, (word, view)) in (1..).zip(words.into_iter().zip(views)) {
        let (text, tone) = if state.first_run.is_none() && view == state.view {
            (format!("[{number} {word}]"), Tone::Heading)
        } else {
            (format!(" {number} {word} "), Tone::Plain)
        };
        spans.push(Span::styled(text, look.style(tone)));
    }
    let line = Line::from(spans);
    let used = u16::try_from(line.width()).unwrap_or(area.width).min(area.width);
    buffer.set_line(area.x, area.y, &line, area.width);
    let room = usize::from(area.width - used).saturating_sub(2);
    let crumbs = crate::tui::look::fit_middle(crumbs, room);
    let width = u16::try_from(Line::raw(crumbs.as_str()).width()).unwrap_or(0);
    let x = area.right().saturating_sub(width + 1);
    buffer.set_stringn(x, area.y, crumbs, usize::from(width), look.style(Tone::Dim));
}

/// Draws the line that says that the data come from another endpoint.
pub fn draw_alarm(buffer: &mut Buffer, area: Rect, state: &State) {
    if let Banner::Endpoint(url) = &state.banner {
        let style = state.look.style(Tone::Alarm);
        let url = state.look.outside(url, 120);
        buffer.set_style(area, style);
        crate::tui::widgets::row::text(
            buffer,
            area,
            &format!(" ENDPOINT OVERRIDE  all answers come from {url}, not from AWS"),
            style,
        );
    }
}

fn join(look: &Look, segments: Vec<Segment>) -> Line<'static> {
    let mut spans = Vec::new();
    for segment in segments {
        if !spans.is_empty() {
            spans.push(Span::styled(" │ ", look.style(Tone::Border)));
        }
        spans.extend(segment);
    }
    Line::from(spans)
}
