//! `zonecut trace` as Markdown, for a ticket: the verdict first, then the way.

use crate::findings::trace::Standing;
use crate::report::paint::Style;
use crate::report::privacy::Mask;
use crate::report::text::{owner, owners, telling};
use crate::report::trace::{StepLine, TraceReport};

use super::escape as escape_all;

/// Writes a trace; what a mask hides is hidden before it is escaped, for afterwards it would not be recognised.
pub fn trace(report: &TraceReport, mask: Option<&Mask>) -> String {
    let escape = |text: &str| match mask {
        Some(mask) => escape_all(&mask.hide(text)),
        None => escape_all(text),
    };
    let question = format!("{} {}", report.question.name, report.question.record_type);
    let mut out = format!("### Trace of {}\n\n", escape(&question));
    out.push_str(&verdict(report, &escape));
    out.push_str("\n| cut | zone | servers | answer | TTL | owner |\n|---|---|---|---|---|---|\n");
    for (place, step) in report.steps.iter().enumerate() {
        out.push_str(&row(place, step, &escape));
    }
    for step in report.steps.iter().filter(|step| step.grade != Standing::Sound) {
        out.push_str(&servers(step, &escape));
    }
    out.push_str(&answer(report, &escape));
    out.push_str(&format!(
        "\n{}, {} queries, {} of {} accounts read\n",
        report.began_at,
        report.queries,
        report.head.accounts_read(),
        report.head.accounts.len()
    ));
    out
}

fn verdict(report: &TraceReport, escape: &impl Fn(&str) -> String) -> String {
    let verdict = &report.verdict;
    let mut out = format!("**{}**\n", escape(&verdict.sentence));
    let mut items: Vec<String> = verdict.why.iter().map(|why| escape(why)).collect();
    items.extend(verdict.fix.iter().map(|fix| format!("fix: {}", escape(fix))));
    if let Some(who) = verdict.who.as_ref().filter(|_| verdict.fix.is_some()) {
        let profile = who
            .profile
            .as_ref()
            .map_or_else(String::new, |profile| format!(", profile {}", profile.printable()));
        items.push(format!(
            "who: {}",
            escape(&format!("{}{profile}", owner(who, unicode())))
        ));
    }
    items.extend(verdict.notes.iter().map(|note| format!("note: {}", escape(note))));
    if !items.is_empty() {
        out.push('\n');
    }
    for item in items {
        out.push_str(&format!("- {item}\n"));
    }
    out
}

fn row(place: usize, step: &StepLine, escape: &impl Fn(&str) -> String) -> String {
    let (serving, asked) = step.tally();
    let cells = [
        place.to_string(),
        escape(&step.zone),
        format!("{} {serving}/{asked}", step.standing),
        escape(&step.says),
        step.ttl.map_or_else(String::new, |ttl| ttl.to_string()),
        escape(&owners(step, unicode())),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn servers(step: &StepLine, escape: &impl Fn(&str) -> String) -> String {
    let shown = step.servers.iter().filter(|server| !server.unasked);
    let lines: Vec<String> = shown
        .map(|server| {
            let address = server.address.clone().unwrap_or_default();
            let words = format!("{} {address}: {}, {}", server.name, server.verdict, server.says);
            format!("- {}\n", escape(&words))
        })
        .collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("\nServers of {}:\n\n{}", escape(&step.zone), lines.concat()),
    }
}

/// The answer, what is behind it, and what resolvers say.
fn answer(report: &TraceReport, escape: &impl Fn(&str) -> String) -> String {
    let mut lines: Vec<String> = report
        .aliases
        .iter()
        .map(|alias| {
            let target = alias.target.as_deref().unwrap_or("a name that is too long");
            format!("{} {} {target}, TTL {}", alias.owner, alias.record_type, alias.ttl)
        })
        .collect();
    for record in &report.answer.records {
        lines.push(format!(
            "{} {} {}, TTL {}",
            record.name, record.record_type, record.data, record.ttl
        ));
    }
    for line in report.held.iter().filter(|line| line.place == "answering") {
        for record in telling(line) {
            let routing = record
                .routing
                .as_ref()
                .map_or_else(String::new, |policy| format!(" {}", policy.printable()));
            let what = record.shown_values().join(", ");
            lines.push(format!(
                "Route 53: {} {} {what}{routing}",
                record.name, record.record_type
            ));
        }
    }
    for resolver in &report.resolvers {
        let until = resolver.until.map_or_else(String::new, |until| {
            format!(", until {}", crate::report::head::timestamp(until.0))
        });
        lines.push(format!("resolver {}: {}{until}", resolver.address, resolver.says));
    }
    for line in &report.hearsay {
        let (question, said) = (&line.question, &line.said);
        lines.push(format!(
            "{} {} in the words of the resolver {}: {}",
            question.name, question.record_type, said.address, said.says
        ));
    }
    lines.push(format!("chain of trust: {}", report.trust.state));
    for link in report.trust.links.iter().filter(|link| link.state != "secure") {
        lines.push(format!("{}: {}, {}", link.subject(), link.state, link.says));
    }
    let items: Vec<String> = lines.iter().map(|line| format!("- {}\n", escape(line))).collect();
    match items.is_empty() {
        true => String::new(),
        false => format!("\n{}", items.concat()),
    }
}

/// Everything is escaped afterwards, so nothing has to be 7-bit.
fn unicode() -> Style {
    Style {
        lines: crate::report::paint::Lines::Unicode,
        ..Style::default()
    }
}
