//! The last line: what the keys do here. What is not available is dim.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;

/// Draws the footer of what has the keyboard.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, context: Context) {
    let keymap = Keymap::standard();
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for entry in keymap.footer(name(state, context)) {
        let keys = keymap.keys(context, &entry.actions);
        let width = keys.width() + 1 + entry.label.width() + 2;
        if used + width > usize::from(area.width) + 2 {
            break;
        }
        used += width;
        let greyed = entry
            .actions
            .iter()
            .all(|action| state.refusal(known, *action).is_some());
        let (key, label) = if greyed {
            (state.look.style(Tone::Dim), state.look.style(Tone::Dim))
        } else {
            (state.look.style(Tone::Key), state.look.style(Tone::Plain))
        };
        spans.push(Span::styled(keys, key));
        spans.push(Span::styled(format!(" {}  ", entry.label), label));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

/// The wizard does not do the same at all of its steps.
fn name(state: &State, context: Context) -> &'static str {
    match (context, state.wizard_on_screen()) {
        (Context::Wizard, Some(wizard)) => wizard.footer(),
        _ => context.word(),
    }
}
