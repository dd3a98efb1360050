//! What can be chosen and typed at a step, as rows: an item takes as many as its words need.
//!
//! Invariant: no words are cut off, and of what has the focus the beginning is in view.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Wizard;
use super::draw::item_text;
use super::items::Item;
use crate::tui::known::Known;
use crate::tui::look::wrap;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::row;

/// A row of what can be chosen or typed: an item may take several.
pub(super) struct Row {
    /// Which item.
    place: usize,
    text: String,
    /// The column of the cursor, where it is typed into.
    typed: Option<usize>,
}

/// All rows of a step; nothing in them is cut off.
pub(super) fn of(state: &State, known: Known<'_>, wizard: &Wizard, items: &[Item], width: usize) -> Vec<Row> {
    let room = width.saturating_sub(2).max(20);
    let mut rows = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if matches!(item, Item::Button(_)) {
            continue;
        }
        let (text, typed) = item_text(state, known, wizard, item);
        match typed {
            Some((label, column)) if label + column >= room => {
                typed_apart(&mut rows, place, &text, (label, column), room)
            }
            Some((label, column)) => rows.push(Row {
                place,
                text,
                typed: Some(label + column),
            }),
            None => rows.extend(wrap_below(&text, room).into_iter().map(|text| Row {
                place,
                text,
                typed: None,
            })),
        }
    }
    rows
}

/// A label that leaves no room stands above what is typed; of that its end is shown.
fn typed_apart(rows: &mut Vec<Row>, place: usize, text: &str, (label, column): (usize, usize), room: usize) {
    let (label, typed): (String, String) = (text.chars().take(label).collect(), text.chars().skip(label).collect());
    let labels = wrap_below(label.trim_end_matches(['>', ' ']), room);
    rows.extend(labels.into_iter().map(|text| Row {
        place,
        text,
        typed: None,
    }));
    let before = column.saturating_sub(room.saturating_sub(3));
    let shown: String = typed.chars().skip(before).collect();
    rows.push(Row {
        place,
        text: format!("> {shown}"),
        typed: Some(2 + column - before),
    });
}

/// Wraps a text so that what goes on stands below its words, behind `[x] ` or `( ) `.
fn wrap_below(text: &str, room: usize) -> Vec<String> {
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    let hang = indent + if words.starts_with(['[', '(']) { 4 } else { 0 };
    let lines = wrap(words, room.saturating_sub(hang)).into_iter().enumerate();
    lines
        .map(|(number, line)| match number {
            0 => format!("{:indent$}{line}", ""),
            _ => format!("{:hang$}{line}", ""),
        })
        .collect()
}

pub(super) fn draw_items(
    buffer: &mut Buffer,
    area: Rect,
    state: &State,
    wizard: &Wizard,
    rows: &[Row],
) -> Option<Position> {
    let height = usize::from(area.height);
    let last = rows.iter().rposition(|row| row.place == wizard.focus);
    let first = rows.iter().position(|row| row.place == wizard.focus).unwrap_or(0);
    // All of what has the focus is in view, or else its beginning.
    let top = last.map_or(0, |last| (last + 1).saturating_sub(height)).min(first);
    let mut cursor = None;
    for ((number, shown), line) in rows.iter().enumerate().skip(top).zip(area.rows()) {
        let is_focus = shown.place == wizard.focus;
        let marker = if is_focus && number == first { "> " } else { "  " };
        let style = state.look.style(if is_focus { Tone::Key } else { Tone::Plain });
        row::text(buffer, line, &format!("{marker}{}", shown.text), style);
        let is_typed = rows.iter().any(|row| row.place == shown.place && row.typed.is_some());
        if is_focus && !is_typed {
            row::select(buffer, line, &state.look);
        }
        if let Some(column) = shown.typed.filter(|_| is_focus) {
            let column = u16::try_from(column + 2).unwrap_or(u16::MAX);
            cursor = Some(Position {
                x: line.x.saturating_add(column).min(line.right().saturating_sub(1)),
                y: line.y,
            });
        }
    }
    cursor
}
