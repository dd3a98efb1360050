//! The two sides of a cut list different name servers.

use crate::findings::context::{Context, list, without};
use crate::findings::finding::{Finding, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::{apex_name_servers, shares};
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "parent-child-ns-mismatch",
    title: "The delegation and the zone's own NS record set differ",
    explanation: "The NS record set in the parent and the one at the apex of the zone do not list the same names. Resolvers that trust the child use other servers than those that trust the parent. It is an error where they have no name in common.",
    fix: "Make both equal to the zone's delegation set.",
    false_positives: "Case, order, final dots and TTLs do not matter. During a migration between providers both may list eight names for a while.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let to = context.delegated_to();
    if to.is_empty() {
        return Vec::new();
    }
    let compared = context.cut.compared().iter();
    compared
        .filter_map(|zone| mismatch(context, to, *zone))
        .take(1)
        .collect()
}

fn mismatch(context: &Context<'_>, to: &[DnsName], zone: ZoneIx) -> Option<Finding> {
    let apex = apex_name_servers(context.zone(zone)?)?;
    if apex == to {
        return None;
    }
    let mut finding = context.finding_in(&RULE, zone);
    finding.confidence = context.if_followed(context.if_settled(finding.confidence));
    if !shares(apex, to) {
        finding.severity = Severity::Error;
    }
    for (side, only) in [("the parent", without(to, apex)), ("the zone", without(apex, to))] {
        if !only.is_empty() {
            finding.evidence.push(format!("only {side} lists {}", list(only)));
        }
    }
    finding.fix = format!(
        "make the NS record sets of both sides equal to {}",
        context.right_servers()
    );
    Some(finding)
}
