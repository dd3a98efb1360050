//! `zonecut trace` for people: a line for each zone on the way, its servers below it where they matter, then the verdict.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::findings::trace::{Outlook, Standing};
use crate::report::columns::{Cell, Row, align};
use crate::report::paint::{Detail, Style};
use crate::report::trace::{HeldLine, Owner, StepLine, TraceReport};
use crate::report::zone::RecordLine;

use super::{count, coverage, paint};

/// Where a reader's clock stands.
#[derive(Debug, Clone)]
pub struct Clock {
    /// When it is.
    pub now: Timestamp,
    /// Where it is.
    pub zone: TimeZone,
}

/// Writes a trace.
pub fn trace(report: &TraceReport, clock: &Clock, style: Style) -> String {
    let mut out = head(report);
    out.push_str(&align(&steps(report, style)));
    out.push('\n');
    out.push_str(&align(&answer(report, clock, style)));
    out.push_str(&resolvers(report, clock, style));
    out.push_str(&hearsay(report, clock, style));
    out.push_str(&trust(report, style));
    out.push_str(&held(report, style));
    out.push('\n');
    out.push_str(&verdict(report, style));
    out.push_str(&coverage(&report.head, style));
    out
}

fn head(report: &TraceReport) -> String {
    let from = if report.from == "." { "root" } else { &report.from };
    format!(
        "{} {}  from {from}  {}  {}\n\n",
        report.question.name,
        report.question.record_type,
        report.took,
        queries(report.queries),
    )
}

fn queries(number: u32) -> String {
    match number {
        1 => "1 query".to_owned(),
        _ => format!("{number} queries"),
    }
}

fn steps(report: &TraceReport, style: Style) -> Vec<Row> {
    let titles = ["CUT", "ZONE", "SERVERS", "ANSWER", "TTL", "RTT", "OWNER"];
    let mut rows: Vec<Row> = vec![titles.map(Cell::from).into()];
    let mut before = report.question.name.as_str();
    for (place, step) in report.steps.iter().enumerate() {
        if let Some(question) = &step.question
            && question.name != before
        {
            rows.push(vec!["".into(), format!("then {}", question.name).into()]);
            before = &question.name;
        }
        rows.push(step_row(place, step, style));
        if step.grade != Standing::Sound || style.detail == Detail::Full {
            rows.extend(servers(step, style));
        }
    }
    rows
}

fn step_row(place: usize, step: &StepLine, style: Style) -> Row {
    let (serving, asked) = step.tally();
    let tally = match asked {
        0 => step.standing.to_owned(),
        _ => format!("{} {serving}/{asked}", step.standing),
    };
    vec![
        place.to_string().into(),
        step.zone.clone().into(),
        Cell::painted(tally, standing(step.grade, style)),
        style.prose(&step.says).into(),
        step.ttl.map_or_else(String::new, |ttl| ttl.to_string()).into(),
        round_trips(step).into(),
        owners(step, style).into(),
    ]
}

/// The colour of a standing.
fn standing(standing: Standing, style: Style) -> Option<&'static str> {
    style.status(match standing {
        Standing::Sound => "ok",
        Standing::Degraded => "drift",
        Standing::Unknown => "unknown",
        Standing::Broken => "lame",
    })
}

/// The least and the most time that a server took.
fn round_trips(step: &StepLine) -> String {
    let least = step.servers.iter().filter_map(|s| Some((s.rtt_ms?, &s.rtt))).min();
    let most = step.servers.iter().filter_map(|s| Some((s.rtt_ms?, &s.rtt))).max();
    match (least, most) {
        (Some((_, least)), Some((_, most))) if least == most => least.clone(),
        (Some((_, least)), Some((_, most))) => format!("{least}-{most}"),
        _ => String::new(),
    }
}

/// Who has a step.
pub fn owners(step: &StepLine, style: Style) -> String {
    if step.zone == "." {
        return "the root".to_owned();
    }
    let zones: Vec<String> = step.zones.iter().map(|zone| owner(zone, style)).collect();
    let zones = zones.join(" or ");
    match step.holder {
        "held" => zones,
        "one-of" => format!("perhaps {zones}"),
        "elsewhere" => format!("elsewhere, not {zones}"),
        "undelegated" => format!("{zones}, not delegated"),
        "unknown" => "in no account that was read".to_owned(),
        _ => "in none of the accounts".to_owned(),
    }
}

/// A zone's account and id: `shared-dns 111122223333 PROD Z02EXAMPLE2`.
pub fn owner(owner: &Owner, style: Style) -> String {
    let words = [
        style.outside(&owner.account_name),
        owner.zone.account.clone().unwrap_or_default(),
        style.outside(&owner.env),
        owner.zone.id.clone(),
    ];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn servers(step: &StepLine, style: Style) -> Vec<Row> {
    let full = style.detail == Detail::Full;
    let shown = step.servers.iter().filter(|server| full || !server.unasked);
    shown
        .map(|server| {
            let color = if server.serves { None } else { style.alarm() };
            let address = server.address.clone().unwrap_or_default();
            vec![
                "".into(),
                format!("  {}", server.name).into(),
                Cell::painted(server.verdict, color),
                style.prose(&server.says).into(),
                "".into(),
                server.rtt.clone().into(),
                address.into(),
            ]
        })
        .collect()
}

fn answer(report: &TraceReport, clock: &Clock, style: Style) -> Vec<Row> {
    let mut rows: Vec<Row> = report
        .aliases
        .iter()
        .map(|alias| {
            let target = alias
                .target
                .clone()
                .unwrap_or_else(|| "a name that is too long".to_owned());
            vec![
                "=".into(),
                alias.owner.clone().into(),
                alias.record_type.clone().into(),
                target.into(),
                format!("TTL {}", alias.ttl).into(),
            ]
        })
        .collect();
    let answer = &report.answer;
    let until = answer.until.map_or_else(String::new, |until| {
        format!("until {}", until.clock(clock.now, &clock.zone))
    });
    for record in &answer.records {
        rows.push(vec![
            "=".into(),
            record.name.clone().into(),
            record.record_type.clone().into(),
            style.prose(&record.data).into(),
            format!("TTL {}", record.ttl).into(),
            until.clone().into(),
        ]);
    }
    let words = match answer.kind {
        "no-data" => "no such records",
        "no-name" => "no such name",
        "answer" => return rows,
        _ => "no answer",
    };
    let last = report.steps.iter().rev().find_map(|step| step.question.as_ref());
    let name = last.map_or_else(String::new, |question| question.name.clone());
    let ttl = answer.ttl.map_or_else(String::new, |ttl| format!("TTL {ttl}"));
    rows.push(vec![
        "=".into(),
        name.into(),
        report.question.record_type.clone().into(),
        words.into(),
        ttl.into(),
        until.into(),
    ]);
    rows
}

fn resolvers(report: &TraceReport, clock: &Clock, style: Style) -> String {
    if report.resolvers.is_empty() {
        return String::new();
    }
    let mut rows: Vec<Row> = Vec::new();
    for line in &report.resolvers {
        let name = match line.choice {
            "system" => format!("{} (system)", line.address),
            _ => line.address.clone(),
        };
        let until = line.until.map_or_else(String::new, |until| {
            format!("until {}", until.clock(clock.now, &clock.zone))
        });
        let ttl = line.ttl.map_or_else(String::new, |ttl| format!("TTL {ttl}"));
        rows.push(vec![
            "  ".into(),
            name.into(),
            style.prose(&line.says).into(),
            ttl.into(),
            until.into(),
            line.rtt.clone().into(),
        ]);
    }
    format!("\nresolvers\n{}", align(&rows))
}

/// What resolvers over HTTPS say of each name on the way.
fn hearsay(report: &TraceReport, clock: &Clock, style: Style) -> String {
    let rows: Vec<Row> = report
        .hearsay
        .iter()
        .map(|line| {
            let until = line.said.until.map_or_else(String::new, |until| {
                format!("until {}", until.clock(clock.now, &clock.zone))
            });
            vec![
                "  ".into(),
                line.question.name.clone().into(),
                line.question.record_type.clone().into(),
                style.prose(&line.said.says).into(),
                until.into(),
                line.said.address.clone().into(),
            ]
        })
        .collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!(
            "\nwhat resolvers over HTTPS say: their word, not that of the servers\n{}",
            align(&rows)
        ),
    }
}

/// What a resolver that validates makes of each zone and record set on the way.
fn trust(report: &TraceReport, style: Style) -> String {
    let color = |state: &str| {
        style.status(match state {
            "secure" | "insecure" => "ok",
            "bogus" => "lame",
            _ => "unknown",
        })
    };
    let rows: Vec<Row> = report
        .trust
        .links
        .iter()
        .map(|link| {
            vec![
                "  ".into(),
                link.subject().into(),
                Cell::painted(link.state, color(link.state)),
                style.prose(&link.says).into(),
            ]
        })
        .collect();
    match rows.is_empty() {
        true => "\nchain of trust: not followed, for there is no trust anchor of this root ([dns] trust_anchor)\n"
            .to_owned(),
        false => format!("\nchain of trust: {}\n{}", report.trust.state, align(&rows)),
    }
}

/// The record sets that answer, where they say more than the answer does: aliases and routing policies.
fn held(report: &TraceReport, style: Style) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for line in report
        .held
        .iter()
        .filter(|line| matches!(line.place, "answering" | "perhaps"))
    {
        rows.extend(telling(line).map(|record| held_row(line, record, style)));
    }
    match rows.is_empty() {
        true => String::new(),
        false => format!("\nRoute 53 record sets behind it\n{}", align(&rows)),
    }
}

/// The record sets that say more than what is served.
pub fn telling(line: &HeldLine) -> impl Iterator<Item = &RecordLine> {
    let records = line.records.iter();
    records.filter(|record| record.alias.is_some() || record.routing.is_some())
}

fn held_row(line: &HeldLine, record: &RecordLine, style: Style) -> Row {
    let routing = match (&record.routing, &record.set_identifier) {
        (Some(policy), Some(identifier)) => format!("{} ({})", style.outside(policy), style.outside(identifier)),
        _ => String::new(),
    };
    let what = match &record.alias {
        Some(alias) => format!("alias to {}", style.outside(&alias.target)),
        None => record
            .values
            .iter()
            .map(|value| style.outside(value))
            .collect::<Vec<_>>()
            .join(", "),
    };
    vec![
        "  ".into(),
        record.name.clone().into(),
        record.record_type.clone().into(),
        style.prose(&what).into(),
        routing.into(),
        owner(&line.zone, style).into(),
    ]
}

fn verdict(report: &TraceReport, style: Style) -> String {
    let verdict = &report.verdict;
    let color = match verdict.grade {
        Some(Outlook::Resolves) => style.status("ok"),
        Some(Outlook::Degraded | Outlook::Absent) => style.status("drift"),
        Some(Outlook::Broken) => style.status("lame"),
        _ => style.status("unknown"),
    };
    let mut out = paint(&style.prose(&verdict.sentence), color);
    out.push('\n');
    for why in &verdict.why {
        out.push_str(&format!("  {}\n", style.prose(why)));
    }
    if let Some(fix) = &verdict.fix {
        out.push_str(&format!("  fix: {}\n", style.prose(fix)));
    }
    if let Some(who) = verdict.who.as_ref().filter(|_| verdict.fix.is_some()) {
        let profile = who
            .profile
            .as_ref()
            .map_or_else(String::new, |profile| format!(", profile {}", style.outside(profile)));
        out.push_str(&format!("  who: {}{profile}\n", owner(who, style)));
    }
    for note in &verdict.notes {
        out.push_str(&format!("note: {}\n", style.prose(note)));
    }
    out
}

/// What a trace comes to on one line, for a screen that repeats it.
pub fn trace_line(report: &TraceReport, style: Style) -> String {
    format!(
        "{}  {} {}  {}  {}\n",
        report.began_at,
        report.question.name,
        report.question.record_type,
        style.prose(&report.verdict.sentence),
        count(report.steps.len(), "cut")
    )
}
