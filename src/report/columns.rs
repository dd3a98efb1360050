//! Aligned columns, two spaces apart, without borders. Width is what the terminal shows, not octets.

use unicode_width::UnicodeWidthStr;

/// Cells of one line: what they say, and how they look once they are padded.
pub type Row = Vec<Cell>;

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    paint: Option<&'static str>,
}

impl Cell {
    /// A cell without colour.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            paint: None,
        }
    }

    /// A cell in a colour; `None` is no colour.
    pub fn painted(text: impl Into<String>, paint: Option<&'static str>) -> Self {
        Self {
            text: text.into(),
            paint,
        }
    }

    fn width(&self) -> usize {
        self.text.width()
    }

    fn write(&self, width: usize, out: &mut String) {
        match self.paint {
            Some(paint) => {
                out.push_str(paint);
                out.push_str(&self.text);
                out.push_str(super::paint::RESET);
            }
            None => out.push_str(&self.text),
        }
        for _ in self.width()..width {
            out.push(' ');
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// No column but the last is made wider than this; what is wider shifts its own line only.
const WIDEST: usize = 60;

/// Lays out rows; the last column is not padded, and a column that is empty everywhere is left out.
pub fn align(rows: &[Row]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    for row in rows {
        for (cell, width) in row.iter().zip(&mut widths) {
            *width = (*width).max(cell.width().min(WIDEST));
        }
    }
    let mut out = String::new();
    for row in rows {
        let start = out.len();
        for (cell, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
            if out.len() > start {
                out.push_str("  ");
            }
            cell.write(*width, &mut out);
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_seen() {
        let rows = [
            vec!["日本".into(), "".into(), "x".into()],
            vec![Cell::painted("abc", Some("\u{1b}[31m")), "".into(), "yy".into()],
        ];
        assert_eq!(align(&rows), "日本  x\n\u{1b}[31mabc\u{1b}[0m   yy\n");
    }

    #[test]
    fn no_line_ends_in_blanks() {
        let rows = [vec!["a".into(), "".into()], vec!["a".into(), "b".into()]];
        assert_eq!(align(&rows), "a\na  b\n");
    }
}
