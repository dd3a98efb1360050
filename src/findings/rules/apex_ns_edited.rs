//! An apex NS record set that is not what Route 53 made.

use crate::findings::context::{Context, list, without};
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::mentions_awsdns;
use crate::model::cut::{Servers, apex_name_servers, shares};
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "apex-ns-edited",
    title: "The NS record set at the apex was changed",
    explanation: "The NS record set at the apex of the zone differs from the delegation set that Route 53 assigned. Changing it does not change who serves the zone; resolvers that trust the child are misled.",
    fix: "Restore the NS record set at the apex to exactly the delegation set.",
    false_positives: "White-label name servers and zones that several providers serve: not reported where the delegation lists the same names and what differs is not of Route 53; unknown where the delegation cannot be seen.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let children = context.cut.children.iter();
    children.filter_map(|zone| edited(context, *zone)).collect()
}

fn edited(context: &Context<'_>, zone: ZoneIx) -> Option<Finding> {
    let Servers::Set(set) = context.servers(zone) else {
        return None;
    };
    let apex = apex_name_servers(context.zone(zone)?)?;
    let deliberate = apex != set && looks_deliberate(apex, set);
    if apex == set || (deliberate && context.delegated_to() == apex) {
        return None;
    }
    let mut finding = context.finding_in(&RULE, zone);
    if deliberate && !context.sees_where_it_is_delegated() {
        finding.confidence = Confidence::Unknown;
    }
    for (verb, names) in [("adds", without(apex, set)), ("lacks", without(set, apex))] {
        if !names.is_empty() {
            finding
                .evidence
                .push(format!("the apex of {} {verb} {}", context.describe(zone), list(names)));
        }
    }
    finding.fix = format!("set the NS record set at the apex to {}", list(set));
    Some(finding)
}

/// Whether what differs are names that are not of Route 53: another provider beside it, or white-label names.
fn looks_deliberate(apex: &[DnsName], set: &[DnsName]) -> bool {
    let extras = without(apex, set);
    let own_only = !extras.is_empty() && !extras.into_iter().any(mentions_awsdns);
    let keeps_all = without(set, apex).is_empty();
    let keeps_none = !shares(set, apex);
    own_only && (keeps_all || keeps_none)
}
