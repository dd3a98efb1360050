//! The two small menus: what can be copied, and what can be read again. Their entries are their sections of the keymap.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::look::fit_end;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;

/// Draws the menu of what can be copied.
pub fn draw_copy(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    draw(buffer, area, state, known, Context::Copy, "Copy");
}

/// Draws the menu of what can be read again.
pub fn draw_scope(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    draw(buffer, area, state, known, Context::Scope, "Read again");
}

fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, context: Context, title: &'static str) {
    let look = &state.look;
    let bindings = Keymap::standard().own(context);
    let height = u16::try_from(bindings.len() + 2).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, 72.min(area.width.saturating_sub(4)), height);
    let title = Line::styled(title, look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "", Focus::Here);
    let lines: Vec<Line<'_>> = bindings
        .iter()
        .map(|binding| {
            let refusal = state.refusal(known, binding.action);
            let (key, text) = match &refusal {
                Some(_) => (Tone::Dim, Tone::Dim),
                None => (Tone::Key, Tone::Plain),
            };
            let reason = refusal.map_or_else(String::new, |reason| format!(" ({reason})"));
            let room = usize::from(inner.width).saturating_sub(6);
            let help = fit_end(&format!("{}{reason}", binding.help), room);
            Line::from(vec![
                Span::styled(format!(" {:<4}", binding.shown()), look.style(key)),
                Span::styled(help, look.style(text)),
            ])
        })
        .collect();
    row::lines(buffer, inner, &lines, 0);
}
