//! A text on top of everything, to read or to select by hand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::action::Action;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::look::wrap;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};

/// A text that is fit to print.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextPane {
    /// What it is.
    pub title: String,
    /// Its lines, as long as they are.
    pub lines: Vec<String>,
    /// How many of the wrapped lines lie above the window.
    pub scroll: usize,
}

impl TextPane {
    /// A text from its first line on.
    pub fn new(title: impl Into<String>, lines: Vec<String>) -> Self {
        Self {
            title: title.into(),
            lines,
            scroll: 0,
        }
    }

    /// Scrolls; says whether the action was about that.
    pub fn perform(&mut self, action: Action, body: Rect) -> bool {
        let page = isize::try_from(body.height.saturating_sub(2)).unwrap_or(1);
        let by = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::HalfDown | Action::PageDown => page,
            Action::HalfUp | Action::PageUp => -page,
            Action::First => isize::MIN,
            Action::Last => isize::MAX,
            _ => return false,
        };
        let width = usize::from(body.width.saturating_sub(4));
        let lines = self.lines.iter().map(|line| wrap(line, width).len()).sum();
        let furthest = pane::furthest(lines, body.height.saturating_sub(2));
        self.scroll = self.scroll.saturating_add_signed(by).min(furthest);
        true
    }
}

/// Draws it over the whole body, so that a mouse can select whole lines.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, screen: &TextPane) {
    let look = &state.look;
    let area = pane::window(buffer, area, area.width, area.height);
    let title = Line::styled(screen.title.clone(), look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "esc closes", Focus::Here);
    let width = usize::from(pane::inset(inner).width);
    let wrapped: Vec<Line<'_>> = screen
        .lines
        .iter()
        .flat_map(|line| wrap(line, width))
        .map(Line::raw)
        .collect();
    let scroll = pane::Scroll {
        lines: screen.scroll,
        keys: Keymap::standard().keys(Context::Text, &[Action::Down]),
    };
    pane::text(buffer, pane::inset(inner), look, &wrapped, &scroll);
}
