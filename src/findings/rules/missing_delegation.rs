//! A zone that its parent does not delegate to.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::inventory::ZoneIx;
use crate::model::record::RecordType;

/// The rule.
pub static RULE: Rule = Rule {
    code: "missing-delegation",
    title: "The zone exists, and its parent has no NS record set for it",
    explanation: "A public hosted zone exists, and the closest enclosing zone, in whatever account, holds no NS record set at its name. Resolvers never learn of the zone: its names do not resolve, or get an answer from the parent. It is critical where the zone holds more than the SOA and NS that Route 53 made.",
    fix: "Create an NS record set at the zone's name in the parent, with the four name servers of the zone's own delegation set. Look first at what the parent holds at and below the name: it becomes hidden.",
    false_positives: "Not reported where the parent delegates a name in between to a zone that is not visible (parent-not-visible), for private zones, and while the parent's record sets were not read in full and its servers not asked. Not reported where the parent's servers do delegate the name: then the zone that was read is not the one that is served. An unused second zone of a name is duplicate-zone.",
    severity: Severity::Error,
    status: Status::Missing,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if !context.is_undelegated() {
        return Vec::new();
    }
    let cut = context.cut;
    let populated = cut
        .children
        .iter()
        .any(|zone| holds_more_than_route53_made(context, *zone));
    let mut finding = Finding {
        confidence: context.if_read(Confidence::Certain),
        ..context.finding(&RULE)
    };
    if populated {
        finding.severity = Severity::Critical;
    }
    let parent = context.describe_parent();
    if !cut.parents.is_empty() && cut.beyond.is_none() {
        finding
            .evidence
            .push(format!("{parent} holds no NS record set at {}", cut.name));
    }
    finding.evidence.extend(context.tell_parent());
    finding
        .evidence
        .push(format!("the zone is there: {}", context.describe_children()));
    if let Some(above) = &cut.broken_above {
        finding
            .evidence
            .push(format!("{above} is broken as well: mend that first"));
    }
    let servers = context.right_servers();
    finding.fix = match cut.parents.is_empty() {
        true => context.replace_by_right_servers(),
        false => format!("create the NS record set {} in {parent} with {servers}", cut.name),
    };
    vec![finding]
}

fn holds_more_than_route53_made(context: &Context<'_>, zone: ZoneIx) -> bool {
    let Some(entry) = context.zone(zone) else {
        return false;
    };
    match entry.records() {
        Some(records) => records.iter().any(|record| {
            let made = record.record_type() == RecordType::SOA || record.record_type() == RecordType::NS;
            !(made && record.owner().is_empty())
        }),
        None => entry.zone.record_count.is_some_and(|count| count > 2),
    }
}
