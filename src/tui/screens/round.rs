//! Several findings that are mended one after the other: each by a plan and a review of its own, never by one yes for all.
//!
//! Invariant: nothing goes on by itself; between two plans the person says so, skips one, or stops.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::problems::FindingId;
use super::ways;
use crate::model::name::DnsName;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::look::fit_end;
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;
use crate::tui::works::Over;

/// Findings that are mended one after the other.
#[derive(Debug, Clone, Default)]
pub struct Round {
    turns: Vec<Turn>,
}

/// The number of a turn, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnIx(usize);

/// One finding, and what became of it.
#[derive(Debug, Clone)]
struct Turn {
    id: FindingId,
    name: DnsName,
    outcome: Outcome,
}

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Waiting,
    Mended,
    Unproven,
    /// Something was sent and is not finished; why.
    Open(String),
    /// Nothing was changed; why.
    Failed(String),
    Skipped,
    /// It is no longer found: another change mended it, or somebody.
    Gone,
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Mended => "mended",
            Self::Unproven => "sent, not verified",
            Self::Open(_) => "not finished",
            Self::Failed(_) => "failed",
            Self::Skipped => "skipped",
            Self::Gone => "no longer found",
        }
    }

    fn mark(&self) -> (&'static str, Tone) {
        match self {
            Self::Waiting => (" ", Tone::Plain),
            Self::Mended | Self::Gone => ("✓", Tone::Ok),
            Self::Unproven | Self::Open(_) => ("!", Tone::Warn),
            Self::Failed(_) => ("✗", Tone::Broken),
            Self::Skipped => ("-", Tone::Dim),
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Open(why) | Self::Failed(why) => why,
            _ => "",
        }
    }
}

impl Round {
    /// Takes in what was marked and is not among the turns yet.
    fn take(&mut self, marked: Vec<(FindingId, DnsName)>) {
        for (id, name) in marked {
            if !self.turns.iter().any(|turn| turn.id == id) {
                let outcome = Outcome::Waiting;
                self.turns.push(Turn { id, name, outcome });
            }
        }
    }

    /// The turn that comes next.
    fn next(&self) -> Option<TurnIx> {
        let is_waiting = |turn: &Turn| turn.outcome == Outcome::Waiting;
        self.turns.iter().position(is_waiting).map(TurnIx)
    }

    fn set(&mut self, turn: TurnIx, outcome: Outcome) {
        if let Some(turn) = self.turns.get_mut(turn.0) {
            turn.outcome = outcome;
        }
    }

    /// `2 of 5`.
    pub fn words(&self, turn: TurnIx) -> String {
        format!("{} of {}", turn.0 + 1, self.turns.len())
    }

    /// `3 mended, 1 skipped, 1 failed`.
    fn tally(&self) -> String {
        let mut words: Vec<(&'static str, usize)> = Vec::new();
        for turn in &self.turns {
            let word = turn.outcome.word();
            match words.iter_mut().find(|(other, _)| *other == word) {
                Some((_, count)) => *count += 1,
                None => words.push((word, 1)),
            }
        }
        let words: Vec<String> = words.iter().map(|(word, count)| format!("{count} {word}")).collect();
        words.join(", ")
    }

    /// What there is nothing left to mend of.
    fn done(&self) -> impl Iterator<Item = &FindingId> {
        let is_done = |turn: &&Turn| matches!(turn.outcome, Outcome::Mended | Outcome::Gone);
        self.turns.iter().filter(is_done).map(|turn| &turn.id)
    }
}

/// Why what is marked cannot be mended; none where it can.
pub fn refusal(state: &State, known: Known<'_>) -> Option<String> {
    let nothing = state.problems.marked(known).is_empty() && state.round.is_none();
    nothing.then(|| "nothing is marked: space marks what is under the cursor".to_owned())
}

/// Begins to mend what is marked, or shows how far that is.
pub fn open(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let marked = state.problems.marked(known);
    state.round.get_or_insert_default().take(marked);
    state.overlays.push(Overlay::Round);
    Vec::new()
}

/// Comes back to the list of turns after one of them.
pub fn come_back(state: &mut State) {
    if state.round.is_some() {
        state.overlays.push(Overlay::Round);
    }
}

/// Notes how the change of a turn ended.
pub fn note(state: &mut State, turn: TurnIx, over: &Over) {
    let outcome = match over {
        Over::Verified(_) => Outcome::Mended,
        Over::Unproven(_) => Outcome::Unproven,
        Over::Open(refusal) => Outcome::Open(refusal.what.clone()),
        Over::Refused(refusal) => Outcome::Failed(refusal.what.clone()),
    };
    if let Some(round) = &mut state.round {
        round.set(turn, outcome);
    }
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let next = state.round.as_ref().and_then(Round::next);
    match (action, next) {
        (Action::Enter, Some(turn)) => begin(state, known, turn),
        (Action::Enter, None) => {
            leave(state);
            Vec::new()
        }
        (Action::Skip, Some(turn)) => {
            if let Some(round) = &mut state.round {
                round.set(turn, Outcome::Skipped);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Drafts what mends the finding of a turn; what is no longer found is passed over.
fn begin(state: &mut State, known: Known<'_>, turn: TurnIx) -> Vec<Effect> {
    let Some(round) = &mut state.round else {
        return Vec::new();
    };
    let finding = round.turns.get(turn.0).and_then(|turn| turn.id.find(known));
    match finding {
        Some(finding) => ways::mend(state, known, finding, turn),
        None => {
            round.set(turn, Outcome::Gone);
            Vec::new()
        }
    }
}

/// Closes the list. A round that is over is put away, and what it mended is marked no longer.
pub fn leave(state: &mut State) {
    state.overlays.retain(|overlay| !matches!(overlay, Overlay::Round));
    let Some(round) = &state.round else { return };
    let done: Vec<FindingId> = round.done().cloned().collect();
    done.iter().for_each(|id| state.problems.unmark(id));
    let (tally, is_over) = (round.tally(), round.next().is_none());
    if is_over {
        state.round = None;
        state.say(tally);
    } else {
        state.say(format!("stopped: {tally}; F goes on"));
    }
}

/// Draws the turns, what became of each, and what comes next.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let Some(round) = &state.round else { return };
    let look = &state.look;
    let width = 100.min(area.width.saturating_sub(2));
    let height = u16::try_from(round.turns.len() + 6).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, width, height);
    let count = round.turns.len();
    let title = Line::styled(format!("Mend what is marked: {count}"), look.style(Tone::Heading));
    let inner = pane::inset(pane::draw(buffer, area, look, title, &round.tally(), Focus::Here));
    let rows = usize::from(inner.height.saturating_sub(4));
    let at = round.next().map_or(count, |turn| turn.0);
    let top = (at + 1).saturating_sub(rows).min(count.saturating_sub(rows));
    for ((number, turn), line) in round.turns.iter().enumerate().skip(top).zip(0..rows) {
        let (mark, tone) = turn.outcome.mark();
        let pointer = if number == at { ">" } else { " " };
        let why = look.prose(turn.outcome.why(), known.inventory.accounts());
        let gap = if why.is_empty() { "" } else { ": " };
        let text = format!(
            " {:>2}  {} {}  {}{gap}{why}",
            number + 1,
            turn.id.code(),
            look.name(&turn.name),
            turn.outcome.word()
        );
        let text = fit_end(&text, usize::from(inner.width).saturating_sub(3));
        let line_of = Line::from(vec![
            Span::styled(format!("{pointer} {mark}"), look.style(tone)),
            Span::styled(text, look.style(if number == at { Tone::Key } else { Tone::Plain })),
        ]);
        let place = row::at(inner, line);
        buffer.set_line(place.x, place.y, &line_of, place.width);
    }
    let below = match round.next() {
        Some(turn) => format!(
            "enter  drafts {}; it has its own checks, review and yes    s  skips it    esc  stops here",
            round.words(turn)
        ),
        None => "That was all of them. enter or esc closes; Changes (4) keeps what was sent.".to_owned(),
    };
    for (number, piece) in crate::tui::look::wrap(&below, usize::from(inner.width))
        .into_iter()
        .enumerate()
        .take(3)
    {
        let place = row::at(inner, rows + 1 + number);
        row::text(buffer, place, &piece, look.style(Tone::Plain));
    }
}
