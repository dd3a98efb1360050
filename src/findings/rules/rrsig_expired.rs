//! The signatures of the zone's keys are not valid now.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dnssec::Chain;

/// The rule.
pub static RULE: Rule = Rule {
    code: "rrsig-expired",
    title: "The signatures of the zone's keys are not valid now",
    explanation: "A key that the parent vouches for signed the zone's keys, and that signature has ended, or has not begun. Every validating resolver answers SERVFAIL for all of the zone. Typically the signer stopped, or a secondary no longer gets new versions; or a clock is wrong.",
    fix: "See why the zone is not signed anew (on Route 53: the key-signing key's state, and its KMS key); where only some servers are affected, why they do not get the new version.",
    false_positives: "The clock of this machine: it says what is valid now.",
    severity: Severity::Critical,
    status: Status::Bogus,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_chain(&RULE, "sign the zone anew", |chain| {
        matches!(chain, Chain::Expired(_) | Chain::Early(_))
    })
}
