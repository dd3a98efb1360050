//! A wildcard that answers for a zone that is not delegated.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "wildcard-shadows-child",
    title: "A wildcard of the parent answers in place of the zone",
    explanation: "The zone is not delegated, and the parent holds a wildcard that covers its name (RFC 4592). Names of the zone seem to resolve, but to the wildcard's data; with DNSSEC even validly so.",
    fix: "Delegate the zone as for missing-delegation. Names below the new cut are then no longer answered by the wildcard: add those that are needed to the zone first.",
    false_positives: "Only reported beside missing-delegation. A wildcard does not cover a name that exists in the parent, or one below such a name.",
    severity: Severity::Error,
    status: Status::Missing,
    topic: Topic::Symptom,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if !context.is_undelegated() {
        return Vec::new();
    }
    let parents = context.cut.parents.iter();
    let Some(wildcard) = parents.copied().find_map(|parent| covering_wildcard(context, parent)) else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_read(finding.confidence);
    let parent = context.describe_parent();
    finding
        .evidence
        .push(format!("{parent} holds {wildcard}, which covers {}", context.cut.name));
    finding.fix = format!(
        "delegate {}; names that only {wildcard} answers stop resolving",
        context.cut.name
    );
    vec![finding]
}

/// The wildcard at the closest encloser of the cut's name in a parent, unless the name itself exists there.
fn covering_wildcard(context: &Context<'_>, parent: ZoneIx) -> Option<DnsName> {
    let entry = context.zone(parent)?;
    let records = entry.records()?;
    let relative = |name: &DnsName| name.relative_to(&entry.zone.name).map(<[u8]>::to_vec);
    if records.exists(&relative(&context.cut.name)?) {
        return None;
    }
    let encloser = context
        .cut
        .name
        .ancestors()
        .find(|name| relative(name).is_some_and(|owner| records.exists(&owner)))?;
    let wildcard = encloser.child(b"*").ok()?;
    records.at(&relative(&wildcard)?).next().map(|_| wildcard)
}
