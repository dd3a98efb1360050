//! The signatures of the zone's keys are wrong.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dnssec::Chain;

/// The rule.
pub static RULE: Rule = Rule {
    code: "rrsig-invalid",
    title: "The signatures of the zone's keys are wrong",
    explanation: "A key that the parent vouches for is said to have signed the zone's keys, and the signature is not what that key would make: the keys were changed without signing them anew, or something on the way alters them. Every validating resolver answers SERVFAIL for all of the zone.",
    fix: "Sign the zone anew.",
    false_positives: "Signatures with an algorithm that cannot be computed here are not judged.",
    severity: Severity::Critical,
    status: Status::Bogus,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_chain(&RULE, "sign the zone anew", |chain| chain == Chain::Wrong)
}
