//! A delegation to some of the right servers only.

use crate::findings::context::{Context, list, without};
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::Servers;

/// The rule.
pub static RULE: Rule = Rule {
    code: "incomplete-set",
    title: "The delegation lists only some of the zone's servers",
    explanation: "The NS record set in the parent has fewer names than the zone's delegation set, and none that is wrong. It works with less redundancy than is paid for.",
    fix: "Replace the NS record set in the parent by the zone's delegation set.",
    false_positives: "None: it follows from the delegation set.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Incomplete) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    let parent = context.describe_parent();
    let set = cut.served.first().map(|zone| context.servers(*zone));
    let names = set.as_ref().and_then(Servers::names).unwrap_or_default();
    let lacking = without(names, context.delegated_to());
    finding.evidence.push(format!("{parent} lacks {}", list(lacking)));
    finding.fix = context.replace_by_right_servers();
    vec![finding]
}
