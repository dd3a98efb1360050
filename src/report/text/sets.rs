//! `zonecut sets list` for people: a line for each set, under what could not be read.

use crate::report::columns::{Cell, Row, align};
use crate::report::paint::Style;
use crate::report::sets::SetsReport;

use super::count;

/// Writes the reusable delegation sets.
pub fn sets(report: &SetsReport, style: Style) -> String {
    let titles: Row = ["ACCOUNT", "ID", "NAME SERVERS"].map(Cell::from).into();
    let rows = report.accounts.iter().flat_map(|account| {
        account.sets.iter().map(|set| -> Row {
            vec![
                style.outside(&account.name).into(),
                style.outside(&set.id).into(),
                set.name_servers.join(" ").into(),
            ]
        })
    });
    let rows: Vec<Row> = std::iter::once(titles).chain(rows).collect();
    let number = rows.len() - 1;
    let mut out = match number {
        0 => String::new(),
        _ => align(&rows),
    };
    let read = report.accounts.iter().filter(|account| account.error.is_none()).count();
    out.push_str(&format!(
        "{} in {} of {} read\n",
        count(number, "reusable delegation set"),
        read,
        count(report.accounts.len(), "account")
    ));
    for account in &report.accounts {
        if let Some(error) = &account.error {
            out.push_str(&format!(
                "  {}: {}\n",
                style.outside(&account.name),
                style.outside(error)
            ));
        }
    }
    out
}
