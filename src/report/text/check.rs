//! `zonecut check` for people: a line for each problem, what follows from it below, then the sums and the next step.

use crate::config::FailOn;
use crate::findings::Severity;
use crate::report::check::{CheckReport, FindingLine, threshold};
use crate::report::columns::{Cell, Row, align};
use crate::report::paint::{Detail, Style};
use crate::report::scan::Tally;
use crate::report::shell;

use super::{count, coverage, or_dash};

/// Writes the findings.
pub fn check(report: &CheckReport, style: Style) -> String {
    let least = match style.detail {
        Detail::Full => Severity::Info,
        Detail::Usual => threshold(report.fail_on).unwrap_or(Severity::Info),
    };
    let shown = |line: &&FindingLine| line.cause.is_none() && line.grade >= least;
    let mut lines: Vec<&FindingLine> = report.findings.iter().filter(shown).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.grade, line.sureness)));
    let mut rows = Vec::new();
    for line in &lines {
        rows.push(row(line, style));
        rows.extend(symptoms(report, line, style));
    }
    let mut out = align(&rows);
    out.push_str(&sums(report, least));
    out.push_str(&coverage(&report.head, style));
    if let Some(worst) = lines.first() {
        out.push_str(&next(&lines, worst));
    }
    out
}

/// The command that shows how the worst is mended that a change can mend, and the one that explains the worst.
fn next(lines: &[&FindingLine], worst: &FindingLine) -> String {
    let details = format!("Details: zonecut explain {}\n", worst.code);
    match lines.iter().find(|line| line.stands_alone() && !line.ways.is_empty()) {
        Some(line) => {
            let words = ["zonecut", "fix", line.name.expose(), line.code, "-n"];
            format!("Next: {}      {details}", shell::line(words))
        }
        None => details,
    }
}

fn row(line: &FindingLine, style: Style) -> Row {
    let known = line.stands_alone();
    let severity = if known {
        line.severity.to_owned()
    } else {
        format!("{}?", line.severity)
    };
    let color = if known { style.severity(line.grade) } else { None };
    let env = style.outside(&line.env);
    let painted = style.env(&env);
    vec![
        Cell::painted(severity, color),
        line.code.into(),
        style.outside(&line.name).into(),
        or_dash(style.outside(&line.account_name)).into(),
        Cell::painted(env, painted),
        style
            .prose(line.evidence.first().map_or(line.title, String::as_str))
            .into(),
    ]
}

/// What follows from a finding: same name, and it names this one as its cause.
fn symptoms(report: &CheckReport, cause: &FindingLine, style: Style) -> Vec<Row> {
    let follows = |line: &&FindingLine| line.cause == Some(cause.code) && line.name == cause.name;
    let rows = report.findings.iter().filter(follows).map(|line| {
        vec![
            Cell::new(""),
            format!("+ {}", line.code).into(),
            Cell::new(""),
            Cell::new(""),
            Cell::new(""),
            style
                .prose(line.evidence.first().map_or(line.title, String::as_str))
                .into(),
        ]
    });
    rows.collect()
}

fn sums(report: &CheckReport, least: Severity) -> String {
    let mut counted = Tally::default();
    report.counted().for_each(|line| counted.add(line.grade));
    let mut hidden = Tally::default();
    let alone = || report.findings.iter().filter(|line| line.cause.is_none());
    alone()
        .filter(|line| line.stands_alone() && line.grade < least)
        .for_each(|line| hidden.add(line.grade));
    let mut out = match report.fail_on {
        FailOn::None => format!(
            "{} found",
            count(alone().filter(|l| l.stands_alone()).count(), "problem")
        ),
        fail_on => {
            let number = report.counted().count();
            let words = match number {
                0 => String::new(),
                _ => format!(" ({})", counted.in_words()),
            };
            format!("{} at or above {}{words}", count(number, "problem"), fail_on.word())
        }
    };
    if hidden != Tally::default() {
        out.push_str(&format!("; {} hidden, shown by -v", hidden.in_words()));
    }
    out.push('\n');
    let unsure = alone()
        .filter(|line| !line.stands_alone() && line.grade >= least)
        .count();
    if unsure > 0 {
        out.push_str(&format!(
            "{} marked ? cannot be told while something is unread, and {} not count\n",
            unsure,
            if unsure == 1 { "does" } else { "do" }
        ));
    }
    if report.accepted > 0 {
        out.push_str(&format!("{} left out as accepted\n", count(report.accepted, "finding")));
    }
    out
}
