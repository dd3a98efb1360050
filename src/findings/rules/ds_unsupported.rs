//! A DS that no resolver understands.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dnssec::Chain;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-unsupported",
    title: "No DS in the parent has an algorithm that resolvers know",
    explanation: "Every DS value in the parent has an algorithm or a digest type that is not in use: resolvers hold the zone for unsigned. Its signatures protect nobody.",
    fix: "Replace the DS record set by one with algorithm 13 (or 8) and digest type 2.",
    false_positives: "New algorithms that are not known here are known elsewhere.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_chain(&RULE, "replace the DS by one of digest type 2", |chain| {
        chain == Chain::Unsupported
    })
}
