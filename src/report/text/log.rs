//! `zonecut log` for people: a line for each change, and what waits to be gone on with.

use crate::report::columns::{Cell, Row, align};
use crate::report::log::{ChangeLine, LogReport, accounts};
use crate::report::paint::Style;

use super::{count, paint};

/// Writes the log.
pub fn log(report: &LogReport<'_>, style: Style) -> String {
    let mut out = String::new();
    if !report.changes.is_empty() {
        let titles: Row = ["ID", "BEGUN", "BY", "ACCOUNTS", "STATE", "CHANGE"]
            .map(Cell::from)
            .into();
        let rows = report.changes.iter().map(|change| row(change, style));
        out.push_str(&align(&std::iter::once(titles).chain(rows).collect::<Vec<_>>()));
    }
    out.push_str(&format!("{} on this machine\n", count(report.changes.len(), "change")));
    for change in &report.changes {
        if matches!(change.state, "open" | "partial") {
            let why = change.stopped.as_deref().unwrap_or("it was left in the middle");
            let line = format!("{} is {}: {}", change.short(), change.state, style.prose(why));
            out.push_str(&paint(&line, style.caution()));
            out.push_str(&format!(
                "\n  go on: zonecut resume {0}      take back: zonecut undo {0}\n",
                change.short()
            ));
        }
    }
    for damage in &report.damage {
        out.push_str(&paint(&style.prose(damage), style.alarm()));
        out.push('\n');
    }
    out
}

fn row(change: &ChangeLine<'_>, style: Style) -> Row {
    let color = match change.state {
        "done" => style.good(),
        "open" | "partial" => style.caution(),
        _ => style.quiet(),
    };
    vec![
        change.short().to_owned().into(),
        change.begun_at.clone().into(),
        style.outside(&change.operator.user).into(),
        accounts(change).into(),
        Cell::painted(change.state, color),
        style.prose(&change.title).into(),
    ]
}
