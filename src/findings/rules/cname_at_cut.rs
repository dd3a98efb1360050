//! A CNAME where a delegation should stand.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::printable;

/// The rule.
pub static RULE: Rule = Rule {
    code: "cname-at-cut",
    title: "The parent holds a CNAME where the delegation should be",
    explanation: "The zone is not delegated, and the parent holds a CNAME at its name. Nothing can stand beside a CNAME, so an NS record set cannot be added there.",
    fix: "Delete the CNAME and create the NS record set in one batch; keep what the CNAME led to in the child zone (an alias at its apex, for one).",
    false_positives: "Not reported in reverse zones, where a CNAME at such a name is the classless delegation of RFC 2317.",
    severity: Severity::Error,
    status: Status::Missing,
    topic: Topic::Symptom,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    if !context.is_undelegated() || is_reverse(&cut.name) {
        return Vec::new();
    }
    let Some(target) = cut.parents.iter().find_map(|parent| cname(context, *parent)) else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_read(finding.confidence);
    let parent = context.describe_parent();
    finding
        .evidence
        .push(format!("{parent} holds a CNAME at {} to {target}", cut.name));
    finding.fix = format!(
        "in one batch, delete the CNAME {} and create the NS record set in its place",
        cut.name
    );
    vec![finding]
}

fn cname(context: &Context<'_>, parent: ZoneIx) -> Option<String> {
    let entry = context.zone(parent)?;
    let owner = context.cut.name.relative_to(&entry.zone.name)?;
    let record = entry.records()?.find(owner, RecordType::CNAME)?;
    Some(
        record
            .values()
            .next()
            .map_or_else(|| "an alias target".to_owned(), printable),
    )
}

fn is_reverse(name: &DnsName) -> bool {
    let mut labels = name.labels().rev();
    labels.next() == Some(b"arpa") && matches!(labels.next(), Some(b"in-addr" | b"ip6"))
}
