//! A delegation to servers none of which has the zone.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::Confidence;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "dangling-delegation",
    title: "Delegated to servers that do not have the zone",
    explanation: "The name is delegated, no zone of it is visible, and all of the servers it is delegated to say that they do not serve it. The zone was deleted, or never made, and the NS record set stayed. Whoever is given one of these servers for a zone of this name, at Route 53 or at another provider, answers for it. That Route 53 holds back the names of a deleted zone for a while protects some such delegations, not all: it does not make it less urgent.",
    fix: "Delete the NS record set, and DS if there is one. Or create the zone first and then replace the NS record set by its delegation set. Never create the zone hoping to be given the same servers.",
    false_positives: "Only where every server was asked and answered, and none serves the zone: silence proves nothing (unverified-delegation). A zone that was made seconds ago may not be served yet. What an account that is unread holds would be served, so that this is certain all the same.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Dangling) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = Finding {
        confidence: context.if_followed(Confidence::Certain),
        ..context.finding(&RULE)
    };
    let parent = context.describe_parent();
    finding.evidence.push(context.describe_delegation());
    finding.evidence.extend(context.tell_servers());
    finding
        .evidence
        .push(format!("no public zone {} in {}", cut.name, context.accounts_read()));
    finding.fix = match cut.has_ds() {
        true => format!("delete the DS and NS record sets {} in {parent}", cut.name),
        false => format!("delete the NS record set {} in {parent}", cut.name),
    };
    vec![finding]
}
