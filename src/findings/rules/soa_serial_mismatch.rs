//! The servers serve different versions of the zone.

use crate::findings::asked::At;
use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "soa-serial-mismatch",
    title: "The servers serve different versions of the zone",
    explanation: "The serial numbers in the SOA records of the servers differ: one of them has an older version of the zone, and answers from it.",
    fix: "See why the transfer to that server fails (NOTIFY, allow-transfer, TSIG), or wait until it is done.",
    false_positives: "A change that is under way: check again after a minute. Route 53 leaves the serial number at 1, so that equal numbers prove nothing there.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let serial = |at: &At<'_>| at.soa().map(|soa| soa.serial);
    context.about_disagreement(&RULE, serial, |said| format!("has the serial number {said}"))
}
