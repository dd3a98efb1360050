//! The servers name different primary servers.

use crate::findings::asked::At;
use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "soa-mname-mismatch",
    title: "The servers name different primary servers",
    explanation: "The SOA records of the servers do not name the same primary server (MNAME): they do not serve copies of one zone, but zones of their own.",
    fix: "Have all servers serve the same zone. Where two providers serve it on purpose, see that both have the same records.",
    false_positives: "Two providers that are filled from one source and each put their own name into the SOA record.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let primary = |at: &At<'_>| at.soa().map(|soa| soa.primary.clone());
    context.about_disagreement(&RULE, primary, |said| format!("names {said}"))
}
