//! One row of cells in columns, and lines of spans. Invariant: nothing is drawn outside the area that was given.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr as _;

use crate::tui::look::{Look, fit_below, fit_end, fit_middle, fit_name};
use crate::tui::theme::Tone;

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: Style,
    shape: Shape,
    tail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Left,
    Right,
    Middle,
    Name,
    Below(usize),
}

impl Cell {
    /// A text that is cut at its end where it does not fit.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            shape: Shape::Left,
            tail: String::new(),
        }
    }

    /// A number, at the right of its column.
    pub fn right(text: impl Into<String>, style: Style) -> Self {
        Self {
            shape: Shape::Right,
            ..Self::new(text, style)
        }
    }

    /// A text that is cut in its middle where it does not fit: the name of an account, of which either end may tell it from others.
    pub fn middle(text: impl Into<String>, style: Style) -> Self {
        Self {
            shape: Shape::Middle,
            ..Self::new(text, style)
        }
    }

    /// A DNS name; where it does not fit it keeps its first label and its right end.
    pub fn name(text: impl Into<String>, style: Style) -> Self {
        Self {
            shape: Shape::Name,
            ..Self::new(text, style)
        }
    }

    /// A DNS name that stands below its parent's; where it does not fit it keeps its first `own` bytes, which are not the parent's.
    pub fn below(text: impl Into<String>, own: usize, style: Style) -> Self {
        Self {
            shape: Shape::Below(own),
            ..Self::new(text, style)
        }
    }

    /// The same with something behind it that is not cut as long as there is any room.
    pub fn with_tail(self, tail: impl Into<String>) -> Self {
        Self {
            tail: tail.into(),
            ..self
        }
    }
}

/// Draws cells into columns of these widths, one blank between them; a column without a width is left out.
pub fn draw(buffer: &mut Buffer, area: Rect, widths: &[u16], cells: &[Cell]) {
    let mut x = area.x;
    for (width, cell) in widths.iter().zip(cells).filter(|(width, _)| **width > 0) {
        let room = area.right().saturating_sub(x).min(*width);
        draw_cell(buffer, Rect { x, width: room, ..area }, cell);
        x = x.saturating_add(*width).saturating_add(1);
    }
}

fn draw_cell(buffer: &mut Buffer, area: Rect, cell: &Cell) {
    if area.is_empty() {
        return;
    }
    let width = usize::from(area.width);
    let room = width.saturating_sub(cell.tail.width());
    let text = match cell.shape {
        Shape::Name => fit_name(&cell.text, room),
        Shape::Below(own) => fit_below(&cell.text, own, room),
        Shape::Middle => fit_middle(&cell.text, room),
        Shape::Left | Shape::Right => fit_end(&cell.text, room),
    };
    let text = fit_end(&(text + &cell.tail), width);
    let indent = match cell.shape {
        Shape::Right => width.saturating_sub(text.width()),
        _ => 0,
    };
    let x = area.x.saturating_add(u16::try_from(indent).unwrap_or(0));
    buffer.set_stringn(x, area.y, text, width - indent, cell.style);
}

/// Draws a text into a line, cut at the end of the area.
pub fn text(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    if !area.is_empty() {
        let fitted = fit_end(text, usize::from(area.width));
        buffer.set_stringn(area.x, area.y, fitted, usize::from(area.width), style);
    }
}

/// Draws lines from the top of the area, leaving out the first `skip` of them.
pub fn lines(buffer: &mut Buffer, area: Rect, lines: &[Line<'_>], skip: usize) {
    for (line, row) in lines.iter().skip(skip).zip(area.rows()) {
        buffer.set_line(row.x, row.y, line, row.width);
    }
}

/// Marks a row as the one under the cursor: all of it alike, so that nothing in it is dimmed or drowned by a colour.
pub fn select(buffer: &mut Buffer, area: Rect, look: &Look) {
    let style = look.style(Tone::Selected).remove_modifier(Modifier::DIM);
    buffer.set_style(area, style);
}

/// The row `index` lines below the top of an area, or an empty one where it ends before.
pub fn at(area: Rect, index: usize) -> Rect {
    area.rows().nth(index).unwrap_or(Rect {
        height: 0,
        width: 0,
        ..area
    })
}
