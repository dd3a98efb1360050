//! The characters we draw ourselves, and what stands for each of them on a 7-bit terminal.
//!
//! Invariant: screens draw Unicode; where ASCII was asked for, the finished frame is translated cell by cell by this one table.

use ratatui::buffer::Buffer;

/// Which characters a terminal is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GlyphSet {
    /// Lines and marks from Unicode.
    #[default]
    Unicode,
    /// Nothing beyond ASCII.
    Ascii,
}

/// Each character of ours beyond ASCII, and its stand-in of the same width.
pub const STAND_INS: &[(&str, &str)] = &[
    ("✓", "."),
    ("∅", "0"),
    ("✗", "X"),
    ("◌", "o"),
    ("»", "^"),
    ("⇢", ">"),
    ("⌂", "P"),
    ("⊘", "#"),
    ("▖", "|"),
    ("▘", "/"),
    ("▝", "-"),
    ("▗", "\\"),
    ("▾", "v"),
    ("▸", "+"),
    ("│", "|"),
    ("─", "-"),
    ("├", "|"),
    ("└", "+"),
    ("╰", "`"),
    ("┌", "+"),
    ("┐", "+"),
    ("┘", "+"),
    ("┃", "!"),
    ("━", "="),
    ("┏", "+"),
    ("┓", "+"),
    ("┗", "+"),
    ("┛", "+"),
    ("█", "#"),
    ("░", "."),
    ("›", ">"),
    ("…", "~"),
    ("↑", "^"),
    ("↓", "v"),
    ("←", "<"),
    ("→", ">"),
    ("·", "-"),
];

/// The phases of what is being worked on.
pub const SPINNER: [&str; 4] = ["▖", "▘", "▝", "▗"];

/// Replaces whatever is not ASCII, each cell by one of the same width.
pub fn translate(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let stand_in = STAND_INS.iter().find(|(ours, _)| *ours == cell.symbol());
        cell.set_symbol(stand_in.map_or("?", |(_, ascii)| ascii));
    }
}
