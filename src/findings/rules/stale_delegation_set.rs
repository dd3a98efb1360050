//! A delegation that leads to Route 53 servers other than the zone's.

use crate::findings::context::{Context, list};
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::Outlook;

/// The rule.
pub static RULE: Rule = Rule {
    code: "stale-delegation-set",
    title: "The delegation leads to servers that do not serve the zone",
    explanation: "The zone exists and is delegated, but not one of the name servers in the delegation is in the zone's delegation set. Typically the zone was deleted and made again, which gives it new servers, and the parent was not changed. The zone does not resolve, and someone else may be given the old servers for a zone of this name.",
    fix: "Replace the NS record set in the parent by the zone's delegation set: delete the exact old one and create the new one in one batch, with a TTL of 300 seconds at first.",
    false_positives: "White-label name servers are not of Route 53 and are not reported here. While an account is unread and the servers were not asked the confidence is unknown: it may have the zone that is served. Where they were asked and serve the name, it is orphan-zone.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Stale) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = Finding {
        confidence: context.if_followed(confidence(context)),
        ..context.finding(&RULE)
    };
    finding.evidence.push(context.describe_delegation());
    for zone in &cut.children {
        if let Some(names) = context.servers(*zone).names() {
            finding
                .evidence
                .push(format!("{} is served by {}", context.describe(*zone), list(names)));
        }
    }
    finding.evidence.extend(context.tell_servers());
    finding.fix = context.replace_by_right_servers();
    vec![finding]
}

/// That none of the servers serves the name is certain once all of them said so, whatever account is unread.
fn confidence(context: &Context<'_>) -> Confidence {
    match context.outlook() {
        Outlook::Dead => Confidence::Certain,
        _ => context.if_complete(Confidence::Likely),
    }
}
