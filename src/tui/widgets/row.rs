//! One row of cells in columns, and lines of spans. Invariant: nothing is drawn outside the area that was given.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr as _;

use crate::tui::look::{Look, fit_end, fit_middle};
use crate::tui::theme::Tone;

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: Style,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Left,
    Right,
    Name,
}

impl Cell {
    /// A text that is cut at its end where it does not fit.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            shape: Shape::Left,
        }
    }

    /// A number, at the right of its column.
    pub fn right(text: impl Into<String>, style: Style) -> Self {
        Self {
            shape: Shape::Right,
            ..Self::new(text, style)
        }
    }

    /// A name, shortened in the middle where it does not fit.
    pub fn name(text: impl Into<String>, style: Style) -> Self {
        Self {
            shape: Shape::Name,
            ..Self::new(text, style)
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
    let text = match cell.shape {
        Shape::Name => fit_middle(&cell.text, width),
        Shape::Left | Shape::Right => fit_end(&cell.text, width),
    };
    let indent = match cell.shape {
        Shape::Right => width.saturating_sub(text.width()),
        Shape::Left | Shape::Name => 0,
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
