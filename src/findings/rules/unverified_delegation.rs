//! A delegation to Route 53 whose zone is in none of the accounts read.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "unverified-delegation",
    title: "Delegated to Route 53 servers, and no zone of the name is visible",
    explanation: "The delegation names Route 53 servers, and none of the accounts that were read has a zone of this name. Either an account is not configured here, or the delegation is dangling: then whoever is given one of these servers for a zone of this name answers for it. The API alone cannot tell; where the servers were asked, they did not all respond.",
    fix: "Add the account that has the zone to the configuration. If there is none: delete the NS record set, and DS if there is one; or create the zone first and then replace the NS. Never create the zone hoping to be given the same servers.",
    false_positives: "A zone in an account that is not configured. While an account of the configuration is unread the confidence is unknown.",
    severity: Severity::Notice,
    status: Status::Unverified,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Unverified) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = Finding {
        confidence: context.if_followed(context.if_complete(Confidence::Likely)),
        ..context.finding(&RULE)
    };
    let parent = context.describe_parent();
    finding.evidence.push(context.describe_delegation());
    finding
        .evidence
        .push(format!("no public zone {} in {}", cut.name, context.accounts_read()));
    finding.evidence.extend(context.tell_servers());
    finding.fix = format!(
        "find the account that has the zone, or delete the NS record set {} in {parent}",
        cut.name
    );
    vec![finding]
}
