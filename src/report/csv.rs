//! CSV (RFC 4180) that a spreadsheet does not run: a cell that would be a formula begins with an apostrophe.

use super::table::Table;

/// Whether cells that look like formulas are defused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formulas {
    /// They are given a leading apostrophe.
    Defused,
    /// They are left as they are, for programs.
    Raw,
}

/// Writes a table with its header.
pub fn write(table: &Table, formulas: Formulas) -> String {
    let mut out = String::new();
    line(table.header.iter().copied(), Formulas::Raw, &mut out);
    for row in &table.rows {
        line(row.iter().map(String::as_str), formulas, &mut out);
    }
    out
}

fn line<'c>(cells: impl Iterator<Item = &'c str>, formulas: Formulas, out: &mut String) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(',');
        }
        put(cell, formulas, out);
    }
    out.push_str("\r\n");
}

fn put(cell: &str, formulas: Formulas, out: &mut String) {
    let defused = formulas == Formulas::Defused && is_formula(cell);
    let quoted = defused || cell.contains([',', '"', '\r', '\n', ';', '\t', '\'']);
    if !quoted {
        out.push_str(cell);
        return;
    }
    out.push('"');
    if defused {
        out.push('\'');
    }
    out.push_str(&cell.replace('"', "\"\""));
    out.push('"');
}

/// Whether a spreadsheet may take a cell for a formula (OWASP ASVS 1.2.10, and the full-width forms).
fn is_formula(cell: &str) -> bool {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']);
    // A lone `-` says that there is nothing, and a spreadsheet shows it so.
    cell != "-" && (begins(cell) || begins(cell.trim_start_matches([' ', '"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cell: &str) -> Table {
        Table {
            header: &["a"],
            rows: vec![vec![cell.to_owned()]],
        }
    }

    #[test]
    fn a_formula_is_defused_unless_raw_is_asked_for() {
        for cell in ["=1+1", "+1", "-1", "@x", "\tx", " =1", "\"=1", "＝1"] {
            let safe = write(&table(cell), Formulas::Defused);
            assert!(safe.starts_with("a\r\n\"'"), "{safe:?}");
            let raw = write(&table(cell), Formulas::Raw);
            assert!(!raw.contains("'"), "{raw:?}");
        }
    }

    #[test]
    fn ordinary_cells_are_left_alone_and_quotes_are_doubled() {
        assert_eq!(write(&table("example.com"), Formulas::Defused), "a\r\nexample.com\r\n");
        assert_eq!(write(&table("-"), Formulas::Defused), "a\r\n-\r\n");
        assert_eq!(
            write(&table("a \"b\", c"), Formulas::Defused),
            "a\r\n\"a \"\"b\"\", c\"\r\n"
        );
    }
}
