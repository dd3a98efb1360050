//! A box with a title at the left and a note at the right of its upper edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget as _};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::look::{Look, fit_end, fit_middle};
use crate::tui::theme::Tone;

/// Whether a pane has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// It has.
    Here,
    /// It has not.
    Elsewhere,
}

/// Draws a box and gives back what is inside of it.
pub fn draw(buffer: &mut Buffer, area: Rect, look: &Look, title: Line<'_>, note: &str, focus: Focus) -> Rect {
    let tone = match focus {
        Focus::Here => Tone::Focus,
        Focus::Elsewhere => Tone::Border,
    };
    let block = Block::bordered().border_style(look.style(tone));
    let inner = block.inner(area);
    block.render(area, buffer);
    if area.height == 0 || area.width < 6 {
        return inner;
    }
    let room = usize::from(area.width) - 4;
    let mut left = vec![Span::raw(" ")];
    let mut used = 1;
    for span in title.spans {
        let text = fit_middle(&span.content, room.saturating_sub(used + 1));
        used += text.width();
        left.push(Span::styled(text, span.style));
    }
    left.push(Span::raw(" "));
    buffer.set_line(area.x + 2, area.y, &Line::from(left), area.width - 4);
    let rest = room.saturating_sub(used + 1);
    if !note.is_empty() && rest > 8 {
        let note = format!(" {} ", fit_end(note, rest - 3));
        let width = u16::try_from(note.width()).unwrap_or(0);
        let x = area.right().saturating_sub(width + 2);
        buffer.set_stringn(x, area.y, note, usize::from(width), look.style(Tone::Dim));
    }
    inner
}

/// Clears the middle of an area and gives it back: a window on top of what is there.
pub fn window(buffer: &mut Buffer, area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    let middle = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    Clear.render(middle, buffer);
    middle
}
