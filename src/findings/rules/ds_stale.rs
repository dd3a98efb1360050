//! A DS beside the right one that names no key.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-stale",
    title: "A DS in the parent names no key of the zone",
    explanation: "One DS in the parent names a key that signs the zone's keys, and another names no key that is there: it was left from a key that is gone, or is for one that is to come. It does no harm as long as the other one is there.",
    fix: "Delete the DS value that names no key, once nobody plans to use that key.",
    false_positives: "A key that is being rolled: the DS of the new one is often published before the key.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let signed = context.signed.iter();
    let stale: Vec<String> = signed
        .flat_map(|signed| signed.stale())
        .map(|ds| format!("the DS with key tag {} names no key that is there", ds.tag))
        .collect();
    if stale.is_empty() {
        return Vec::new();
    }
    vec![Finding {
        evidence: stale,
        fix: format!("take that value out of the DS record set {}", context.cut.name),
        ..context.finding_by_hearing(&RULE)
    }]
}
