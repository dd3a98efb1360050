//! The servers list different name servers for the zone.

use crate::findings::asked::At;
use crate::findings::context::Context;
use crate::findings::context::list;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-set-inconsistent",
    title: "The servers list different name servers for the zone",
    explanation: "The servers that serve the zone do not give the same NS record set at its apex. Which servers a resolver remembers depends on which of them it asked.",
    fix: "Have all servers serve the same version of the zone; where they are of several providers, the same NS record set must be entered at each.",
    false_positives: "A change that is under way: check again after a minute.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_disagreement(&RULE, At::name_servers, |said| format!("lists {}", list(said)))
}
