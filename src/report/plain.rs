//! One record a line, fields separated by tabs, no header: for `cut`, `awk` and screen readers.
//!
//! Cells are fit to print, so none holds a tab or a line break.

use super::table::Table;

/// Writes a table.
pub fn write(table: &Table) -> String {
    let mut out = String::new();
    for row in &table.rows {
        out.push_str(&row.join("\t"));
        out.push('\n');
    }
    out
}
