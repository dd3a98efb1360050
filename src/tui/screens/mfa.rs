//! The codes of multi-factor devices that accounts wait for: one question after the other, on top of everything.
//!
//! Invariant: what is typed is shown on this screen alone; nothing prints, logs or copies it.

use std::collections::VecDeque;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::model::text::Untrusted;
use crate::ports::MfaRequest;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::look::fit_middle;
use crate::tui::privacy::Privacy;
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;

/// How many digits a code has.
const DIGITS: usize = 6;

/// A code as typed; its debug form does not tell it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The digits, for the request they are meant for.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn push(&mut self, digit: char) {
        if self.0.len() < DIGITS {
            self.0.push(digit);
        }
    }

    fn is_whole(&self) -> bool {
        self.0.len() == DIGITS
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What tells it from others.
    pub number: u64,
    /// What is asked for.
    pub request: MfaRequest,
}

/// The questions that wait for an answer.
#[derive(Debug, Clone, Default)]
pub struct Questions {
    waiting: VecDeque<Question>,
    typed: Code,
}

impl Questions {
    /// Puts a question behind those that wait.
    pub fn ask(&mut self, question: Question) {
        self.waiting.push_back(question);
    }

    /// Forgets a question that nobody waits for any more.
    pub fn withdraw(&mut self, number: u64) {
        if self.waiting.front().is_some_and(|question| question.number == number) {
            self.typed = Code::default();
        }
        self.waiting.retain(|question| question.number != number);
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl State {
    /// Whether keys go into the answer to a question. One that comes while something is typed waits for the end of that.
    pub fn is_asking(&self) -> bool {
        let is_busy = self.typing_line().is_some() || matches!(self.overlays.last(), Some(Overlay::Palette(_)));
        !self.questions.is_empty() && !is_busy && !self.is_too_small()
    }
}

/// Takes a key.
pub fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let typed = &mut state.questions.typed;
    match key.code {
        KeyCode::Char('u') if ctrl => *typed = Code::default(),
        KeyCode::Char(digit) if !ctrl && digit.is_ascii_digit() => typed.push(digit),
        KeyCode::Char(_) if !ctrl => state.refuse("the code is six digits; esc skips this account"),
        KeyCode::Backspace => _ = typed.0.pop(),
        KeyCode::Enter if typed.is_whole() => {
            let code = std::mem::take(typed);
            return answer(state, Some(code));
        }
        KeyCode::Enter => {
            let count = typed.0.len();
            state.refuse(format!("the code is six digits, {count} are typed"));
        }
        KeyCode::Esc => return answer(state, None),
        _ => {}
    }
    Vec::new()
}

/// Takes a pasted text: its digits, for devices show them in groups.
pub fn paste(state: &mut State, text: &str) {
    let digits = text.chars().take(64).filter(char::is_ascii_digit);
    digits.for_each(|digit| state.questions.typed.push(digit));
}

fn answer(state: &mut State, code: Option<Code>) -> Vec<Effect> {
    state.questions.typed = Code::default();
    let Some(question) = state.questions.waiting.pop_front() else {
        return Vec::new();
    };
    match code {
        Some(_) => state.say("the code was sent"),
        None => state.refuse("skipped: the account is not read; r in the accounts (i) asks for the code again"),
    }
    let number = question.number;
    vec![Effect::Answer { number, code }]
}

/// Draws the question that is first in the row; says where the cursor is.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) -> Option<Position> {
    let question = state.questions.waiting.front()?;
    let look = &state.look;
    let shown = |text: &Untrusted| look.prose(&look.outside(text, 200), known.inventory.accounts());
    let area = pane::window(buffer, area, 76, 8);
    let title = Line::styled(
        format!("MFA code for {}", shown(&question.request.account)),
        look.style(Tone::Heading),
    );
    let note = match state.questions.len() {
        1 => String::new(),
        count => format!("{} more after this", count - 1),
    };
    let inner = pane::inset(pane::draw(buffer, area, look, title, &note, Focus::Here));
    let room = usize::from(inner.width).saturating_sub(LABEL);
    let field = |label: &'static str, text: String| {
        Line::from(vec![
            Span::styled(format!("{label:<LABEL$}"), look.style(Tone::Dim)),
            Span::raw(fit_middle(&text, room)),
        ])
    };
    let lines = [
        field("Device", shown(&question.request.serial)),
        field("Role", shown(&question.request.role)),
        Line::default(),
        code_line(state),
        Line::default(),
        Line::styled("The other accounts are read meanwhile.", look.style(Tone::Dim)),
    ];
    row::lines(buffer, inner, &lines, 0);
    let column = u16::try_from(LABEL + state.questions.typed.0.len()).unwrap_or(0);
    Some(Position {
        x: inner.x.saturating_add(column).min(inner.right()),
        y: inner.y.saturating_add(3).min(area.bottom()),
    })
}

/// The width of the labels at the left.
const LABEL: usize = 10;

fn code_line(state: &State) -> Line<'static> {
    let typed = &state.questions.typed.0;
    let shown = match state.look.privacy {
        Privacy::Shown => typed.clone(),
        Privacy::Masked => "*".repeat(typed.len()),
    };
    let left = "_".repeat(DIGITS.saturating_sub(typed.len()));
    Line::from(vec![
        Span::styled(format!("{:<LABEL$}", "Code"), state.look.style(Tone::Dim)),
        Span::styled(shown, state.look.style(Tone::Key)),
        Span::styled(left, state.look.style(Tone::Dim)),
    ])
}
