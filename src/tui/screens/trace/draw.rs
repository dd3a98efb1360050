//! How a trace is drawn: the list of steps and servers, and below it the page that says what it comes to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Heard, Repeat, Row, Run, page};
use crate::findings::ZoneRef;
use crate::findings::trace::{ByName, Holder, Server, Standing, State as ServerState, Step, clock_words};
use crate::model::dns::Leg;
use crate::model::served::Verdict;
use crate::tui::action::Action;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// How many rows of the list are in view; the rest of the box says what it comes to.
pub fn list_height(state: &State) -> usize {
    let inside = view::body_height(state).saturating_sub(2);
    let rows = state.trace.rows().len().max(1);
    rows.min(inside * 3 / 5).max(inside.min(3))
}

/// Draws the list and what it comes to.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let inner = pane::inset(pane::draw(buffer, area, look, title(state), &note(state), Focus::Here));
    let Some(heard) = &state.trace.heard else {
        return row::text(buffer, row::at(inner, 1), &nothing(state), Style::new());
    };
    let (list, below) = pane::split(buffer, inner, list_height(state), look);
    draw_list(buffer, list, state, known, heard);
    let lines = page::lines(state, known, usize::from(inner.width));
    let scroll = pane::Scroll {
        lines: state.trace.scroll,
        keys: Keymap::standard().keys(Context::Trace, &[Action::NextTab]),
    };
    pane::text(buffer, below, look, &lines, &scroll);
}

/// How far the page below the list can be scrolled.
pub(super) fn furthest(state: &State, known: Known<'_>) -> usize {
    let body = view::Areas::of(state).body;
    let lines = page::lines(state, known, usize::from(body.width.saturating_sub(4)));
    let height = usize::from(body.height).saturating_sub(list_height(state) + 4);
    lines.len().saturating_sub(height)
}

fn title(state: &State) -> Line<'static> {
    let question = state.trace.question.as_ref();
    let text = question.map_or_else(
        || "Trace".to_owned(),
        |question| format!("Trace  {}  {}", question.name, question.record_type),
    );
    Line::from(Span::styled(text, state.look.style(Tone::Heading)))
}

/// What stands at the right of the title: where it began, how long it took, how many queries.
fn note(state: &State) -> String {
    let mut words = Vec::new();
    if let Some(heard) = &state.trace.heard {
        let from = heard.trace.walk.legs.first().map(|leg| &leg.zone);
        words.push(match from {
            Some(zone) if !zone.is_root() => format!("from {zone}"),
            _ => "from root".to_owned(),
        });
        words.push(clock_words(heard.trace.took));
        words.push(format!("{} queries", heard.trace.walk.queries));
    }
    if state.trace.run == Run::UnderWay {
        let waiting = state.trace.heard.as_ref().map_or(0, |heard| heard.trace.waiting);
        words.push(match waiting {
            0 => format!("{} asking", state.spinner()),
            waiting => format!("{} waiting for {waiting}", state.spinner()),
        });
    }
    if state.trace.repeat == Repeat::EveryFewSeconds {
        words.push("every 5s".to_owned());
    }
    words.join("  ")
}

fn nothing(state: &State) -> String {
    let keys = |action| Keymap::standard().keys(Context::Trace, &[action]);
    match state.trace.run {
        Run::UnderWay => format!("{} Walking down from the root.", state.spinner()),
        _ => format!(
            "No name was traced yet. {} types one; {} on a row of the tree traces its name.",
            keys(Action::EditQuery),
            keys(Action::Trace)
        ),
    }
}

/// The widths of the columns: cut, zone, servers, answer, time to live, round trip, owner.
fn widths(width: u16) -> [u16; 7] {
    let [cut, servers, ttl, took] = match width {
        0..100 => [3, 8, 0, 0],
        _ => [3, 11, 6, 9],
    };
    let gaps = if ttl == 0 { 4 } else { 6 };
    let rest = width.saturating_sub(cut + servers + ttl + took + gaps);
    let zone = rest * 2 / 5;
    let answer = rest * 3 / 10;
    let owner = rest.saturating_sub(zone + answer);
    [cut, zone, servers, answer, ttl, took, owner]
}

fn draw_list(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, heard: &Heard) {
    let look = &state.look;
    let widths = widths(area.width);
    let heads = ["CUT", "ZONE", "SERVERS", "ANSWER", "TTL", "RTT", "OWNER"];
    let heads = heads.map(|head| Cell::new(head, look.style(Tone::Dim)));
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let list = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let rows = state.trace.rows();
    let lines = rows.iter().enumerate().skip(state.trace.cursor.top);
    for ((line, row), place) in lines.zip(list.rows()) {
        let cells = match *row {
            Row::Step(at) => heard
                .diagnosis
                .steps
                .get(at)
                .map(|step| step_cells(state, known, heard, at, step)),
            Row::Server(at, server) => server_cells(state, heard, at, server),
        };
        if let Some(cells) = cells {
            row::draw(buffer, place, &widths, &cells);
        }
        if line == state.trace.cursor.at {
            row::select(buffer, place, look);
        }
    }
}

fn step_cells(state: &State, known: Known<'_>, heard: &Heard, at: usize, step: &Step) -> [Cell; 7] {
    let look = &state.look;
    let plain = Style::new();
    let (glyph, tone) = mark(step);
    let counts = ByName::of(&step.servers);
    let asked = counts.all() - counts.unasked;
    let tally = match asked {
        0 => format!("{glyph} {}", if step.leg.is_none() { "MISSING" } else { "?" }),
        asked => format!("{glyph} {}/{asked}", counts.serving),
    };
    let leg = step.leg.and_then(|place| heard.trace.walk.legs.get(place));
    let ttl = leg.and_then(Leg::kept).map_or_else(String::new, |ttl| ttl.to_string());
    [
        Cell::right(at.to_string(), look.style(Tone::Dim)),
        Cell::name(step.zone.to_string(), plain),
        Cell::new(tally, look.style(tone)),
        Cell::new(look.raw(&step.says, 300), plain),
        Cell::new(ttl, plain),
        Cell::new(round_trips(step), plain),
        Cell::new(owner(state, known, step), plain),
    ]
}

fn mark(step: &Step) -> (&'static str, Tone) {
    match step.standing {
        Standing::Sound => ("✓", Tone::Ok),
        Standing::Degraded => ("~", Tone::Drift),
        Standing::Unknown => ("?", Tone::Unscanned),
        Standing::Broken if step.leg.is_none() => ("∅", Tone::Missing),
        Standing::Broken => ("✗", Tone::Broken),
    }
}

fn server_cells(state: &State, heard: &Heard, at: usize, place: usize) -> Option<[Cell; 7]> {
    let look = &state.look;
    let step = heard.diagnosis.steps.get(at)?;
    let server = step.servers.get(place)?;
    let guide = if place + 1 == step.servers.len() {
        "└─"
    } else {
        "├─"
    };
    let (glyph, tone) = server_mark(server);
    let address = server.address.map(|address| look.raw(&address.to_string(), 80));
    Some([
        Cell::new("", Style::new()),
        Cell::name(format!("{guide} {}", server.name), Style::new()),
        Cell::new(format!("{glyph} {}", server.word()), look.style(tone)),
        Cell::new(look.raw(&server.says, 300), Style::new()),
        Cell::new("", Style::new()),
        Cell::new(server.took.map_or_else(String::new, clock_words), Style::new()),
        Cell::new(address.unwrap_or_default(), look.style(Tone::Dim)),
    ])
}

fn server_mark(server: &Server) -> (&'static str, Tone) {
    match server.state {
        ServerState::Asked(Verdict::Serving) => ("✓", Tone::Ok),
        ServerState::Asked(Verdict::Lame(_)) | ServerState::Nowhere(_) => ("✗", Tone::Broken),
        ServerState::Asked(Verdict::Unresponsive(_)) => ("~", Tone::Drift),
        ServerState::Waiting => ("▖", Tone::Working),
        ServerState::Asked(Verdict::Unasked(_)) | ServerState::Unsought => ("?", Tone::Unscanned),
    }
}

/// The least and the most time that a server took.
fn round_trips(step: &Step) -> String {
    let took = || step.servers.iter().filter_map(|server| server.took);
    match (took().min(), took().max()) {
        (Some(least), Some(most)) if clock_words(least) == clock_words(most) => clock_words(least),
        (Some(least), Some(most)) => format!("{}-{}", clock_words(least), clock_words(most)),
        _ => String::new(),
    }
}

/// Who has a step.
fn owner(state: &State, known: Known<'_>, step: &Step) -> String {
    if step.zone.is_root() {
        return "the root".to_owned();
    }
    let zones: Vec<String> = step
        .holder
        .zones()
        .iter()
        .map(|zone| zone_words(state, known, zone))
        .collect();
    let zones = zones.join(" or ");
    match &step.holder {
        Holder::Held(_) => zones,
        Holder::OneOf(_) => format!("perhaps {zones}"),
        Holder::Elsewhere(_) => format!("not {zones}"),
        Holder::Undelegated(_) => zones,
        Holder::Nobody => "in none of the accounts".to_owned(),
        Holder::Unknown => "in no account that was read".to_owned(),
    }
}

/// A zone's account, environment and id.
pub(super) fn zone_words(state: &State, known: Known<'_>, zone: &ZoneRef) -> String {
    let look = &state.look;
    let words = [
        known.account_name(look, zone.account),
        known.env(look, zone.account),
        look.zone_id(&zone.id),
    ];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
