//! `zonecut scan` for people.

use crate::report::columns::{Cell, align};
use crate::report::paint::Style;
use crate::report::scan::ScanReport;

use super::{count, coverage};

/// Writes what was read.
pub fn scan(report: &ScanReport, style: Style) -> String {
    let rows: Vec<Vec<Cell>> = report
        .head
        .accounts
        .iter()
        .map(|line| {
            let zones = match line.expected_zones {
                _ if let Some(other) = &line.same_as => format!("the same as {}: read once", style.outside(other)),
                Some(expected) if expected != line.zones => format!("{} of {expected} zones", line.zones),
                _ => count(usize::try_from(line.zones).unwrap_or(usize::MAX), "zone"),
            };
            vec![
                style.outside(&line.name).into(),
                line.id.clone().unwrap_or_else(|| "?".to_owned()).into(),
                line.status.into(),
                zones.into(),
            ]
        })
        .collect();
    let mut out = align(&rows);
    out.push_str(&format!(
        "{} of {} read, {} record sets, {} requests ({} throttled) in {:.1} s\n",
        report.zones_read,
        count(usize::try_from(report.zones).unwrap_or(usize::MAX), "zone"),
        report.record_sets,
        report.requests,
        report.throttled,
        report.seconds,
    ));
    out.push_str(&coverage(&report.head, style));
    match report.findings.in_words().as_str() {
        "" => out.push_str("No problems found\n"),
        words => out.push_str(&format!("Problems: {words}      Next: zonecut check\n")),
    }
    out
}
