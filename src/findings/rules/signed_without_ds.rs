//! A signed zone that nobody can validate.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "signed-without-ds",
    title: "The zone is signed, and the parent has no DS for it",
    explanation: "The zone has keys and signatures, and the servers of the parent have no DS for it: resolvers hold it for unsigned, and the signatures protect nobody.",
    fix: "Add the DS record set of the zone's key-signing key to the parent, where the parent is signed and has a DS itself. Otherwise there is nothing to be done here before that is so.",
    false_positives: "A zone that is being signed: the DS comes last.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(signed) = context.signed.as_ref().filter(|signed| signed.has_no_ds()) else {
        return Vec::new();
    };
    let Some(first) = signed.keyed.first() else {
        return Vec::new();
    };
    let parent = context.describe_parent();
    vec![Finding {
        evidence: vec![
            format!("{} has keys of the zone", first.describe()),
            format!("the servers of {parent} have no DS"),
        ],
        fix: format!("add the DS of the zone's key to {parent}, once that zone is signed and has a DS itself"),
        ..context.finding_by_hearing(&RULE)
    }]
}
