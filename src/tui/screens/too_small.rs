//! What is drawn where there is no room: it says so, and which commands need none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::state::{LEAST, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::row;

/// Draws it.
pub fn draw(buffer: &mut Buffer, state: &State) {
    let (width, height) = state.size;
    let (least_width, least_height) = LEAST;
    let lines = [
        String::new(),
        format!(" zonecut needs {least_width}x{least_height} (now {width}x{height})."),
        " Make the window larger, or use:".to_owned(),
        "   zonecut check".to_owned(),
        "   zonecut tree".to_owned(),
        " q quit".to_owned(),
    ];
    // In a window of few lines the first of them says the most.
    let skip = usize::from(height <= 5);
    let area = Rect {
        x: 0,
        y: 0,
        width,
        height,
    }
    .intersection(buffer.area);
    for (line, place) in lines.iter().skip(skip).zip(area.rows()) {
        row::text(buffer, place, line, state.look.style(Tone::Plain));
    }
}
