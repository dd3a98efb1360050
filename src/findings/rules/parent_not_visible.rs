//! A zone whose real parent is not among those read.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "parent-not-visible",
    title: "The parent zone is in none of the accounts",
    explanation: "The closest enclosing zone that is visible delegates a name in between to somewhere else. The real parent of this zone is there, so whether the zone is delegated cannot be seen from the API.",
    fix: "Add the account that has the zone in between, or ask its owner. Live DNS shows what it delegates.",
    false_positives: "It says what is not known. While an account is unread the confidence is unknown: the zone in between may be there.",
    severity: Severity::Info,
    status: Status::Unverified,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let Some(beyond) = cut.beyond.as_ref().filter(|_| !cut.children.is_empty()) else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_complete(finding.confidence);
    let visible = context.describe_parent();
    finding
        .evidence
        .push(format!("{visible} delegates {beyond}, and no zone {beyond} is visible"));
    finding.fix = format!("add the account that has the zone {beyond}");
    vec![finding]
}
