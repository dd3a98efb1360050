//! The key that the parent vouches for does not sign the zone's keys.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dnssec::Chain;

/// The rule.
pub static RULE: Rule = Rule {
    code: "dnskey-not-signed-by-ds",
    title: "The key that the parent vouches for does not sign the zone's keys",
    explanation: "The DS in the parent names a key that the zone has, and that key has not signed the zone's keys: another one did. Every validating resolver answers SERVFAIL for all of the zone. Typically a key was rolled, and the DS was changed too early or to the wrong key.",
    fix: "Replace the DS record set by the value of the key that signs the keys; or have the named key sign them.",
    false_positives: "Signatures with an algorithm that cannot be computed here are not judged.",
    severity: Severity::Critical,
    status: Status::Bogus,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_chain(
        &RULE,
        "replace the DS by that of the key that signs the keys",
        |chain| chain == Chain::NotSignedByAnchor,
    )
}
