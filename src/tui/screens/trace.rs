//! The trace: the zones on the way to a name, each with its servers and its owner, and below them what it comes to.
//!
//! Invariant: what is shown is of the question in the title; what was heard of another is passed over.

mod draw;
mod page;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::text::TextPane;
use crate::findings::trace::{Diagnosis, Standing, clock_words};
use crate::model::dns::{Outcome, Question, Trace};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::report::basis::Backdrop;
use crate::report::privacy::Mask;
use crate::report::trace::TraceReport;
use crate::report::{Basis, markdown};
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::filter_line::FilterLine;
use crate::tui::known::Known;
use crate::tui::message::Progress;
use crate::tui::privacy::Privacy;
use crate::tui::state::{Overlay, State, Target, View};
use crate::tui::when;

pub use draw::{draw, list_height};
pub use page::sentence;

/// How long a repeated trace rests.
const EVERY: i64 = 5;

/// What the trace remembers.
#[derive(Debug, Clone, Default)]
pub struct TraceScreen {
    /// What is typed as the next question.
    pub line: FilterLine,
    question: Option<Question>,
    heard: Option<Heard>,
    run: Run,
    repeat: Repeat,
    cursor: Cursor,
    /// The steps whose servers are shown though they are sound, or hidden though they are not.
    turned: BTreeSet<usize>,
    scroll: usize,
}

/// What was heard, and what it means.
#[derive(Debug, Clone)]
struct Heard {
    trace: Box<Trace>,
    diagnosis: Box<Diagnosis>,
}

/// Whether a trace is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Run {
    /// None was asked for.
    #[default]
    Never,
    /// It is.
    UnderWay,
    /// It ended then.
    Ended(Timestamp),
}

/// Whether it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Repeat {
    #[default]
    Once,
    EveryFewSeconds,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Step(usize),
    Server(usize, usize),
}

impl TraceScreen {
    /// Whether something on it moves by itself.
    pub fn is_moving(&self) -> bool {
        self.run == Run::UnderWay || self.repeat == Repeat::EveryFewSeconds
    }

    /// What an action would be about.
    pub fn target(&self) -> Target {
        Target {
            name: self.question.as_ref().map(|question| question.name.clone()),
            ..Target::default()
        }
    }

    /// Judges anew what was heard, by what is known now.
    pub fn refresh(&mut self, known: Known<'_>) {
        if let Some(heard) = &mut self.heard {
            *heard.diagnosis = Diagnosis::of(&heard.trace, known.inventory, known.survey);
        }
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        let rows = self.rows().len();
        self.cursor.settle(rows, height);
    }

    fn rows(&self) -> Vec<Row> {
        let steps = self.heard.as_ref().map_or(&[][..], |heard| &heard.diagnosis.steps);
        let mut rows = Vec::new();
        for (place, step) in steps.iter().enumerate() {
            rows.push(Row::Step(place));
            let shown = (step.standing != Standing::Sound) != self.turned.contains(&place);
            if shown {
                rows.extend((0..step.servers.len()).map(|server| Row::Server(place, server)));
            }
        }
        rows
    }

    fn selected(&self) -> Option<Row> {
        self.rows().get(self.cursor.at).copied()
    }

    /// The question as it is typed: `pay.api.example.net A`.
    fn typed(question: &Question) -> String {
        format!("{} {}", question.name, question.record_type)
    }
}

/// Reads a question as it is typed.
fn read(text: &str) -> Result<Question, String> {
    let mut words = text.split_whitespace();
    let name = words.next().ok_or("a name is to be traced")?;
    let name = DnsName::parse_input(name).map_err(|error| format!("no domain name: {error}"))?;
    let record_type = words.next().unwrap_or("A");
    let record_type = RecordType::read(record_type)
        .filter(|record_type| record_type.number().is_some())
        .ok_or("no record type")?;
    match words.next() {
        Some(_) => Err("a name and a record type, and nothing else".to_owned()),
        None => Ok(Question { name, record_type }),
    }
}

/// Traces the name that is selected: of a zone its SOA, for every zone has one.
pub fn open(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(name) = state.target(known).name else {
        return Vec::new();
    };
    let is_cut = known.survey.cut(&name).is_some() || !known.inventory.public_zones(name.as_wire()).is_empty();
    let record_type = if is_cut { RecordType::SOA } else { RecordType::A };
    state.show(View::Trace);
    ask(state, Question { name, record_type })
}

/// Asks a question anew.
fn ask(state: &mut State, question: Question) -> Vec<Effect> {
    let screen = &mut state.trace;
    if screen.question.as_ref() != Some(&question) {
        screen.heard = None;
        screen.turned.clear();
        screen.cursor = Cursor::default();
        screen.scroll = 0;
    }
    screen.run = Run::UnderWay;
    screen.question = Some(question.clone());
    vec![Effect::Trace(question)]
}

/// Takes in what was heard.
pub fn hear(state: &mut State, known: Known<'_>, trace: Box<Trace>, progress: Progress) {
    let screen = &mut state.trace;
    if screen.question.as_ref() != Some(&trace.walk.question) {
        return;
    }
    if progress == Progress::Done {
        screen.run = Run::Ended(state.now);
    }
    let diagnosis = Box::new(Diagnosis::of(&trace, known.inventory, known.survey));
    screen.heard = Some(Heard { trace, diagnosis });
}

/// Servers cannot be asked at all.
pub fn give_up(state: &mut State) {
    state.trace.run = Run::Never;
    state.trace.repeat = Repeat::Once;
    state.refuse("trace: name servers cannot be asked from here");
}

/// Traces again where that is due.
pub fn tick(state: &mut State) -> Vec<Effect> {
    let screen = &state.trace;
    let due = match (screen.repeat, screen.run) {
        (Repeat::EveryFewSeconds, Run::Ended(at)) => state.now.as_second() - at.as_second() >= EVERY,
        _ => false,
    };
    match screen.question.clone().filter(|_| due) {
        Some(question) => ask(state, question),
        None => Vec::new(),
    }
}

/// What was typed as a question is asked.
pub fn typed(state: &mut State) -> Vec<Effect> {
    match read(state.trace.line.text()) {
        Ok(question) => ask(state, question),
        Err(why) => {
            state.refuse(format!("edit query: {why}"));
            Vec::new()
        }
    }
}

/// Does what an action asks of the trace.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(list_height(state)).unwrap_or(1).max(1);
    let len = state.trace.rows().len();
    let furthest = draw::furthest(state, known);
    let screen = &mut state.trace;
    match action {
        Action::Down => screen.cursor.step(1, len),
        Action::Up => screen.cursor.step(-1, len),
        Action::First => screen.cursor.step(isize::MIN, len),
        Action::Last => screen.cursor.step(isize::MAX, len),
        Action::HalfDown => screen.cursor.step(page / 2, len),
        Action::HalfUp => screen.cursor.step(-page / 2, len),
        Action::PageDown => screen.cursor.step(page, len),
        Action::PageUp => screen.cursor.step(-page, len),
        Action::NextTab => screen.scroll = screen.scroll.saturating_add(5).min(furthest),
        Action::PreviousTab => screen.scroll = screen.scroll.saturating_sub(5),
        Action::EditQuery => edit(screen),
        Action::TraceAgain => {
            let question = screen.question.clone();
            return question.map_or_else(Vec::new, |question| ask(state, question));
        }
        Action::TraceRepeat => repeat(state),
        Action::Enter => enter(state),
        _ => {}
    }
    Vec::new()
}

fn edit(screen: &mut TraceScreen) {
    if let Some(question) = &screen.question {
        screen.line.set(&TraceScreen::typed(question));
    }
    screen.line.begin();
}

fn repeat(state: &mut State) {
    let (repeat, said) = match state.trace.repeat {
        Repeat::Once => (Repeat::EveryFewSeconds, "traced again every 5 seconds"),
        Repeat::EveryFewSeconds => (Repeat::Once, "not traced again by itself"),
    };
    state.trace.repeat = repeat;
    state.say(said);
}

/// Shows or hides the servers of a step, or shows one server in full.
fn enter(state: &mut State) {
    match state.trace.selected() {
        Some(Row::Step(place)) => {
            let turned = &mut state.trace.turned;
            if !turned.remove(&place) {
                turned.insert(place);
            }
        }
        Some(Row::Server(place, server)) => {
            if let Some(pane) = server_in_full(state, place, server) {
                state.overlays.push(Overlay::Text(pane));
            }
        }
        None => {}
    }
}

fn server_in_full(state: &State, place: usize, server: usize) -> Option<TextPane> {
    let heard = state.trace.heard.as_ref()?;
    let step = heard.diagnosis.steps.get(place)?;
    let server = step.servers.get(server)?;
    let look = &state.look;
    let mut lines = vec![format!("Zone       {}", step.zone)];
    if let Some(address) = server.address {
        lines.push(format!("Address    {}", look.raw(&address.to_string(), 80)));
    }
    if let Some(question) = &step.question {
        lines.push(format!("Asked for  {}", TraceScreen::typed(question)));
    }
    lines.push(format!("Verdict    {}", server.word()));
    lines.push(format!("Said       {}", look.raw(&server.says, 2_000)));
    if let Some(took) = server.took {
        lines.push(format!("Took       {}", clock_words(took)));
    }
    let leg = heard.trace.walk.legs.get(step.leg?)?;
    let outcome = leg
        .heard
        .iter()
        .find(|heard| heard.server == server.name && Some(heard.address) == server.address);
    if let Some(Outcome::Asked(probe)) = outcome.map(|heard| &heard.outcome) {
        lines.push(format!("Transport  {:?}", probe.transport));
        lines.push(format!("EDNS       {:?}", probe.edns));
        lines.push(format!("Recursion  {:?}", probe.recursion));
        lines.push(format!("Size       {} octets", probe.size));
        if probe.mismatched > 0 {
            lines.push(format!(
                "Besides    {} messages that answer something else",
                probe.mismatched
            ));
        }
    }
    Some(TextPane::new(server.name.to_string(), lines))
}

/// The trace as Markdown, for a ticket.
pub fn as_markdown(state: &State, known: Known<'_>) -> Option<String> {
    let heard = state.trace.heard.as_ref()?;
    let basis = Basis {
        inventory: known.inventory,
        survey: known.survey,
        expected_zones: &[],
        endpoint_override: None,
        backdrop: Backdrop::default(),
        at: state.now,
    };
    let report = TraceReport::of(&basis, &heard.trace, &heard.diagnosis);
    let mask = (state.look.privacy == Privacy::Masked).then(|| mask(known));
    Some(markdown::trace(&report, mask.as_ref()))
}

fn mask(known: Known<'_>) -> Mask {
    let accounts = known.inventory.accounts_with_places();
    let names = accounts.flat_map(|(place, account)| {
        let names = [Some(&account.name), account.profile.as_ref()];
        names.into_iter().flatten().map(move |name| (place, name.printable()))
    });
    let zones = known.inventory.iter().map(|(_, entry)| entry.zone.key.id.to_string());
    Mask::of_accounts(names).with_zones(zones)
}

/// Until when something is kept that was heard with this time to live.
fn until(trace: &Trace, ttl: u32) -> Option<String> {
    let heard = trace.began.checked_add(trace.took).ok()?;
    let until = heard.checked_add(jiff::Span::new().seconds(ttl)).ok()?;
    Some(format!("until {} UTC", when::moment(trace.began, until)))
}
