//! The two sides of a cut list different name servers.

use crate::findings::context::{Context, list, without};
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
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
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let to = context.delegated_to();
    if to.is_empty() {
        return Vec::new();
    }
    let mut compared = context.cut.compared().iter();
    let held = compared.find_map(|zone| mismatch(context, to, *zone));
    held.or_else(|| served_mismatch(context, to)).into_iter().collect()
}

/// What the servers list where no zone is held, or not the one that is served.
fn served_mismatch(context: &Context<'_>, to: &[DnsName]) -> Option<Finding> {
    let mut serving = context.asked.iter().flat_map(|asked| asked.serving());
    let apex = serving.find_map(|at| at.name_servers().filter(|apex| apex != to))?;
    let mut finding = context.finding_by_hearing(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    compare(&mut finding, to, &apex);
    finding.fix = "make the NS record sets of both sides equal".to_owned();
    Some(finding)
}

fn compare(finding: &mut Finding, to: &[DnsName], apex: &[DnsName]) {
    if !shares(apex, to) {
        finding.severity = Severity::Error;
    }
    for (side, only) in [("the parent", without(to, apex)), ("the zone", without(apex, to))] {
        if !only.is_empty() {
            finding.evidence.push(format!("only {side} lists {}", list(only)));
        }
    }
}

fn mismatch(context: &Context<'_>, to: &[DnsName], zone: ZoneIx) -> Option<Finding> {
    let apex = apex_name_servers(context.zone(zone)?)?;
    if apex == to {
        return None;
    }
    let mut finding = context.finding_in(&RULE, zone);
    finding.confidence = context.if_followed(context.if_settled(finding.confidence));
    compare(&mut finding, to, apex);
    finding.fix = format!(
        "make the NS record sets of both sides equal to {}",
        context.right_servers()
    );
    Some(finding)
}
