//! Lines cut to the width of a screen: what goes on is indented below where its text began.

use unicode_width::UnicodeWidthStr as _;

use super::{Line, Role};

/// The width of the column of labels.
pub const LABELS: usize = 9;

/// A line as it is printed, in pieces no wider than the screen where its words allow that.
pub fn wrapped(line: &Line, columns: usize) -> Vec<String> {
    let (before, hang) = match (line.label, line.role) {
        ("", Role::Title | Role::Tally | Role::Precondition | Role::Gap) => (String::new(), 0),
        ("", Role::Effect | Role::Loss | Role::Locked | Role::Note) => (" ".repeat(LABELS), LABELS),
        ("", _) => ("  ".to_owned(), hanging(&line.text)),
        (label, _) => (format!("{label:LABELS$}"), LABELS),
    };
    let text = match &line.badge {
        Some(badge) => format!("{}   [{badge}]", line.text),
        None => line.text.clone(),
    };
    pieces(&before, &text, hang, columns)
}

/// Where the text of a line in columns goes on: below the start of its last column, if that leaves room.
fn hanging(text: &str) -> usize {
    let start = text.trim_start_matches(['+', '-', '~', '!', '?', '.', ' ']);
    2 + (text.width() - start.width()).max(2) + 2
}

fn pieces(before: &str, text: &str, hang: usize, columns: usize) -> Vec<String> {
    let mut done = Vec::new();
    let mut piece = before.to_owned();
    let mut is_begun = false;
    // Blanks within a line are its columns, so only the blank at a break goes.
    for word in text.split_inclusive(' ') {
        let fits = piece.width() + word.trim_end().width() <= columns;
        if !fits && is_begun {
            done.push(piece.trim_end().to_owned());
            piece = " ".repeat(hang.min(columns / 2));
            is_begun = false;
        }
        is_begun |= !word.trim().is_empty();
        piece.push_str(word);
    }
    done.push(piece.trim_end().to_owned());
    done
}
