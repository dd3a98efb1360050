//! A box with a title at the left and a note at the right of its upper edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Widget as _};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::look::{Look, fit_end, fit_middle};
use crate::tui::theme::Tone;
use crate::tui::widgets::row;

/// Whether a pane has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// It has.
    Here,
    /// It has not.
    Elsewhere,
    /// It has, and what is chosen in it may change something.
    Acting,
}

/// Draws a box and gives back what is inside of it.
pub fn draw(buffer: &mut Buffer, area: Rect, look: &Look, title: Line<'_>, note: &str, focus: Focus) -> Rect {
    let tone = match focus {
        Focus::Here => Tone::Focus,
        Focus::Elsewhere => Tone::Border,
        Focus::Acting => Tone::Warn,
    };
    let lines = match focus {
        Focus::Acting => BorderType::Thick,
        Focus::Here | Focus::Elsewhere => BorderType::Plain,
    };
    let block = Block::bordered().border_type(lines).border_style(look.style(tone));
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

/// The inside of a box without the column next to each of its edges.
pub fn inset(inner: Rect) -> Rect {
    Rect {
        x: inner.x.saturating_add(1),
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// Parts the inside of a box by a rule: a list with its heading and so many rows above it, what there is to say of the
/// selected row below it.
pub fn split(buffer: &mut Buffer, inner: Rect, rows: usize, look: &Look) -> (Rect, Rect) {
    let height = u16::try_from(rows).unwrap_or(u16::MAX);
    let list = Rect {
        height: height.saturating_add(1).min(inner.height),
        ..inner
    };
    let rule = row::at(inner, usize::from(list.height));
    row::text(
        buffer,
        rule,
        &"─".repeat(usize::from(rule.width)),
        look.style(Tone::Border),
    );
    let below = Rect {
        y: rule.y.saturating_add(1),
        height: inner.height.saturating_sub(list.height.saturating_add(1)),
        ..inner
    };
    (list, below)
}

/// How far the lines of a text are scrolled, and by what.
pub struct Scroll {
    /// How many of them lie above the window, if there are as many.
    pub lines: usize,
    /// The keys that bring more of them.
    pub keys: String,
}

/// How far so many lines can be scrolled in a window of this height.
pub fn furthest(lines: usize, height: u16) -> usize {
    lines.saturating_sub(usize::from(height))
}

/// Draws as many lines as fit inside a box; how many do not is said on its lower edge, which is the row below `inside`.
pub fn text(buffer: &mut Buffer, inside: Rect, look: &Look, lines: &[Line<'_>], scroll: &Scroll) {
    let furthest = furthest(lines.len(), inside.height);
    let skip = scroll.lines.min(furthest);
    row::lines(buffer, inside, lines, skip);
    let more = furthest - skip;
    let edge = inside.bottom();
    if more == 0 || edge >= buffer.area.bottom() {
        return;
    }
    let lines = if more == 1 { "line" } else { "lines" };
    let note = format!(" {more} more {lines}: {} ", scroll.keys);
    let width = u16::try_from(note.width()).unwrap_or(u16::MAX);
    if width <= inside.width {
        let x = inside.right().saturating_sub(width);
        buffer.set_stringn(x, edge, note, usize::from(width), look.style(Tone::Plain));
    }
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
