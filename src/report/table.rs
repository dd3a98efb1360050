//! Documents as records of named fields, for the formats that are tables: the columns are said once, for all of them.

use std::collections::HashMap;

use super::accounts::AccountsReport;
use super::check::CheckReport;
use super::scan::ScanReport;
use super::trace::{Owner, TraceReport};
use super::tree::{CutLine, TreeReport, ZoneName};
use super::who::WhoReport;
use super::zone::ZoneReport;

/// Records and the names of their fields. Every cell is fit to print.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The names of the fields.
    pub header: &'static [&'static str],
    /// The records.
    pub rows: Vec<Vec<String>>,
}

const NONE: &str = "-";

fn or_none(text: Option<&String>) -> String {
    text.cloned().unwrap_or_else(|| NONE.to_owned())
}

fn filled(text: String) -> String {
    if text.is_empty() { NONE.to_owned() } else { text }
}

fn number(number: Option<u64>) -> String {
    number.map_or_else(|| NONE.to_owned(), |n| n.to_string())
}

fn zone(zone: Option<&ZoneName>) -> (String, String, String) {
    match zone {
        Some(zone) => (zone.name.clone(), zone.id.clone(), or_none(zone.account.as_ref())),
        None => (NONE.into(), NONE.into(), NONE.into()),
    }
}

/// The findings.
pub fn check(report: &CheckReport) -> Table {
    let rows = report.findings.iter().map(|line| {
        let (parent, parent_id, parent_account) = zone(line.parent.as_ref());
        let ids: Vec<&str> = line.children.iter().map(|child| child.id.as_str()).collect();
        let accounts: Vec<String> = line.children.iter().map(|c| or_none(c.account.as_ref())).collect();
        vec![
            line.severity.to_owned(),
            line.code.to_owned(),
            filled(line.name.printable()),
            line.status.to_owned(),
            line.confidence.to_owned(),
            line.cause.unwrap_or(NONE).to_owned(),
            filled(line.account_name.printable()),
            filled(accounts.join(" ")),
            filled(ids.join(" ")),
            parent,
            parent_id,
            parent_account,
            line.evidence.join("; "),
            line.fix.clone(),
        ]
    });
    Table {
        header: &[
            "severity",
            "code",
            "name",
            "status",
            "confidence",
            "cause",
            "account_name",
            "account",
            "zone_id",
            "parent",
            "parent_zone_id",
            "parent_account",
            "evidence",
            "fix",
        ],
        rows: rows.collect(),
    }
}

/// The owners of the cuts, a record for each zone that is held and for each cut of which none is.
pub fn who(report: &WhoReport) -> Table {
    let mut rows = Vec::new();
    for cut in &report.cuts {
        let delegated_in = cut.delegated_in.as_ref().map(|owner| owner.zone.id.clone());
        let row = |owner: Option<&Owner>| {
            vec![
                cut.zone.clone(),
                cut.holder.to_owned(),
                filled(owner.map_or_else(String::new, |owner| owner.account_name.printable())),
                or_none(owner.and_then(|owner| owner.zone.account.as_ref())),
                owner.map_or_else(|| NONE.to_owned(), |owner| owner.zone.id.clone()),
                or_none(delegated_in.as_ref()),
            ]
        };
        if cut.zones.is_empty() {
            rows.push(row(None));
        }
        rows.extend(cut.zones.iter().map(|owner| row(Some(owner))));
    }
    Table {
        header: &["zone", "holder", "account_name", "account", "zone_id", "delegated_in"],
        rows,
    }
}

/// The zones on the way, and the verdict last.
pub fn trace(report: &TraceReport) -> Table {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (place, step) in report.steps.iter().enumerate() {
        let (serving, asked) = step.tally();
        let owner = step.zones.first();
        rows.push(vec![
            place.to_string(),
            step.zone.clone(),
            step.standing.to_owned(),
            serving.to_string(),
            asked.to_string(),
            filled(step.says.clone()),
            number(step.ttl.map(u64::from)),
            step.holder.to_owned(),
            filled(owner.map_or_else(String::new, |owner| owner.account_name.printable())),
            or_none(owner.and_then(|owner| owner.zone.account.as_ref())),
            owner.map_or_else(|| NONE.to_owned(), |owner| owner.zone.id.clone()),
        ]);
    }
    rows.push(vec![
        "=".to_owned(),
        report.question.name.clone(),
        report.verdict.outlook.to_owned(),
        NONE.to_owned(),
        NONE.to_owned(),
        report.verdict.sentence.clone(),
        number(report.answer.ttl.map(u64::from)),
        NONE.to_owned(),
        NONE.to_owned(),
        NONE.to_owned(),
        NONE.to_owned(),
    ]);
    Table {
        header: &[
            "cut",
            "zone",
            "standing",
            "serving",
            "asked",
            "answer",
            "ttl",
            "holder",
            "account_name",
            "account",
            "zone_id",
        ],
        rows,
    }
}

/// The cuts and the zones, a record for each zone and for each cut without one.
pub fn tree(report: &TreeReport) -> Table {
    let cuts: HashMap<&str, &CutLine> = report.cuts.iter().map(|cut| (cut.name.as_str(), cut)).collect();
    let mut rows = Vec::new();
    for line in &report.zones {
        let cut = cuts.get(line.name.as_str()).filter(|_| !line.private);
        let delegation = cut.and_then(|cut| cut.delegation.as_ref());
        let (parent, ..) = zone(line.parent.as_ref());
        rows.push(vec![
            line.name.clone(),
            if line.private { "private" } else { "public" }.to_owned(),
            line.status.to_owned(),
            line.id.clone(),
            or_none(line.account.as_ref()),
            filled(line.account_name.printable()),
            number(line.record_sets),
            parent,
            number(delegation.and_then(|d| d.ttl).map(u64::from)),
            delegation.map_or_else(|| NONE.to_owned(), |d| d.name_servers.join(" ")),
            filled(line.findings.join(" ")),
        ]);
    }
    for cut in report.cuts.iter().filter(|cut| cut.children.is_empty()) {
        let (parent, ..) = zone(cut.parent.as_ref());
        let delegation = cut.delegation.as_ref();
        rows.push(vec![
            cut.name.clone(),
            "delegation".to_owned(),
            cut.status.to_owned(),
            NONE.to_owned(),
            NONE.to_owned(),
            NONE.to_owned(),
            NONE.to_owned(),
            parent,
            number(delegation.and_then(|d| d.ttl).map(u64::from)),
            delegation.map_or_else(|| NONE.to_owned(), |d| d.name_servers.join(" ")),
            filled(cut.findings.join(" ")),
        ]);
    }
    Table {
        header: &[
            "name",
            "kind",
            "status",
            "zone_id",
            "account",
            "account_name",
            "record_sets",
            "parent",
            "ttl",
            "name_servers",
            "findings",
        ],
        rows,
    }
}

/// The record sets of the zones.
pub fn zone_records(report: &ZoneReport) -> Table {
    let rows = report.zones.iter().flat_map(|zone| {
        zone.records.iter().map(|record| {
            vec![
                zone.line.id.clone(),
                record.name.clone(),
                record.record_type.clone(),
                number(record.ttl.map(u64::from)),
                record
                    .set_identifier
                    .as_ref()
                    .map_or_else(|| NONE.to_owned(), |s| filled(s.printable())),
                record
                    .routing
                    .as_ref()
                    .map_or_else(|| NONE.to_owned(), |s| filled(s.printable())),
                record.shown_values().join(" "),
            ]
        })
    });
    Table {
        header: &["zone_id", "name", "type", "ttl", "set_identifier", "routing", "values"],
        rows: rows.collect(),
    }
}

/// The accounts.
pub fn accounts(report: &AccountsReport) -> Table {
    let rows = report.accounts.iter().map(|line| {
        vec![
            filled(line.name.printable()),
            or_none(line.id.as_ref()),
            line.profile
                .as_ref()
                .map_or_else(|| NONE.to_owned(), |p| filled(p.printable())),
            line.status.to_owned(),
            number(line.expected_zones),
            line.arn
                .as_ref()
                .map_or_else(|| NONE.to_owned(), |p| filled(p.printable())),
            line.error
                .as_ref()
                .map_or_else(|| NONE.to_owned(), |p| filled(p.printable())),
            line.remedy
                .as_ref()
                .map_or_else(|| NONE.to_owned(), |p| filled(p.printable())),
        ]
    });
    Table {
        header: &[
            "name",
            "id",
            "profile",
            "status",
            "zones",
            "principal",
            "error",
            "remedy",
        ],
        rows: rows.collect(),
    }
}

/// The accounts of a scan.
pub fn scan(report: &ScanReport) -> Table {
    let rows = report.head.accounts.iter().map(|line| {
        vec![
            filled(line.name.printable()),
            or_none(line.id.as_ref()),
            line.status.to_owned(),
            line.zones.to_string(),
            number(line.expected_zones),
            line.error
                .as_ref()
                .map_or_else(|| NONE.to_owned(), |p| filled(p.printable())),
        ]
    });
    Table {
        header: &["name", "id", "status", "zones", "expected_zones", "error"],
        rows: rows.collect(),
    }
}
