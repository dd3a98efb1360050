//! The steps of the wizard along its top: those that are past, the one at hand, those to come.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Wizard;
use crate::tui::state::State;
use crate::tui::theme::Tone;

/// `1 Child ✓ › [2 Parent] › 3 Checks`; where that has no room, steps that are past lose their words.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, state: &State, wizard: &Wizard) {
    let whole = way(state, wizard, |number, word| format!("{number} {word} ✓"));
    let line = match whole.width() > usize::from(area.width) {
        true => way(state, wizard, |number, _| format!("{number} ✓")),
        false => whole,
    };
    buffer.set_line(area.x, area.y, &line, area.width);
}

fn way(state: &State, wizard: &Wizard, past: impl Fn(usize, &str) -> String) -> Line<'static> {
    let look = &state.look;
    let now = wizard.guide.number();
    let mut spans = Vec::new();
    for (number, stage) in (1..).zip(wizard.guide.stages()) {
        if number > 1 {
            spans.push(Span::styled(" › ", look.style(Tone::Border)));
        }
        let word = stage.word();
        let (text, tone) = match number.cmp(&now) {
            std::cmp::Ordering::Less => (past(number, word), Tone::Ok),
            std::cmp::Ordering::Equal => (format!("[{number} {word}]"), Tone::Heading),
            std::cmp::Ordering::Greater => (format!("{number} {word}"), Tone::Dim),
        };
        spans.push(Span::styled(text, look.style(tone)));
    }
    Line::from(spans)
}
