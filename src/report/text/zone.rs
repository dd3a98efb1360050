//! `zonecut zone` for people: what the zone is, both sides of its delegation, what is wrong, its record sets.

use crate::report::columns::{Cell, Row, align};
use crate::report::paint::Style;
use crate::report::zone::{RecordLine, ZoneDetail, ZoneReport};

use super::{count, coverage, or_dash, paint};

/// The most characters of one value that are shown; the JSON has them all.
const VALUE: usize = 300;

/// Writes the zones.
pub fn zone(report: &ZoneReport, style: Style) -> String {
    let mut out = String::new();
    for zone in &report.zones {
        out.push_str(&facts(zone, style));
        out.push_str(&findings(zone, style));
        out.push('\n');
        out.push_str(&align(
            &zone.records.iter().map(|r| record(r, style)).collect::<Vec<_>>(),
        ));
        out.push_str(&format!("{}\n\n", count(zone.records.len(), "record set")));
    }
    out.push_str(&coverage(&report.head, style));
    out
}

fn facts(zone: &ZoneDetail, style: Style) -> String {
    let line = &zone.line;
    let kind = if line.private { "private" } else { "public" };
    let account = format!(
        "{} {} {}",
        style.outside(&line.account_name),
        line.account.clone().unwrap_or_else(|| "?".to_owned()),
        style.outside(&line.env)
    );
    let parent = line.parent.as_ref().map_or_else(
        || "none that is visible".to_owned(),
        |p| {
            format!(
                "{} ({}, {})",
                p.name,
                p.id,
                p.account.clone().unwrap_or_else(|| "?".into())
            )
        },
    );
    let servers = |names: &Option<Vec<String>>| names.as_ref().map_or_else(|| "not read".to_owned(), |n| n.join(" "));
    let delegation = zone.delegation.as_ref().map_or_else(
        || "none".to_owned(),
        |d| match d.ttl {
            Some(ttl) => format!("{}  TTL {ttl}", d.name_servers.join(" ")),
            None => d.name_servers.join(" "),
        },
    );
    let mut rows: Vec<Row> = vec![
        vec!["zone".into(), line.name.clone().into()],
        vec!["id".into(), format!("{} ({kind})", line.id).into()],
        vec!["account".into(), account.trim_end().into()],
        vec!["status".into(), Cell::painted(line.status, style.status(line.status))],
    ];
    if !line.private {
        rows.push(vec!["parent".into(), parent.into()]);
        rows.push(vec!["parent says".into(), delegation.into()]);
        rows.push(vec!["apex says".into(), servers(&zone.apex_name_servers).into()]);
        rows.push(vec!["assigned".into(), servers(&zone.delegation_set).into()]);
    }
    if !zone.comment.is_empty() {
        rows.push(vec!["comment".into(), style.outside(&zone.comment).into()]);
    }
    if let Some(service) = &zone.linked_service {
        rows.push(vec!["owned by".into(), style.outside(service).into()]);
    }
    if let Some(error) = &zone.error {
        rows.push(vec![
            "not read".into(),
            Cell::painted(style.outside(error), style.alarm()),
        ]);
    }
    align(&rows)
}

fn findings(zone: &ZoneDetail, style: Style) -> String {
    let mut out = String::new();
    for line in &zone.details {
        let head = format!("{} {}: {}", line.severity, line.code, line.title);
        out.push('\n');
        out.push_str(&paint(&head, style.severity(line.grade)));
        out.push('\n');
        for evidence in &line.evidence {
            out.push_str(&format!("  {}\n", style.prose(evidence)));
        }
        out.push_str(&format!("  fix: {}\n", style.prose(&line.fix)));
    }
    out
}

fn record(record: &RecordLine, style: Style) -> Row {
    let values: Vec<String> = match &record.alias {
        Some(_) => record.shown_values(),
        None => record.values.iter().map(|value| value.clipped(VALUE)).collect(),
    };
    let routing = record.routing.as_ref().map_or_else(String::new, |policy| {
        let identifier = record
            .set_identifier
            .as_ref()
            .map_or_else(String::new, |s| style.outside(s));
        format!("{} #{identifier}", style.outside(policy))
    });
    vec![
        record.name.clone().into(),
        record.ttl.map_or_else(|| "-".to_owned(), |ttl| ttl.to_string()).into(),
        record.record_type.clone().into(),
        routing.into(),
        or_dash(style.prose(&values.join(" "))).into(),
    ]
}
