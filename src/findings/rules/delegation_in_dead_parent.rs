//! A delegation that stands in a zone nobody is led to.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::Coverage;

/// The rule.
pub static RULE: Rule = Rule {
    code: "delegation-in-dead-parent",
    title: "The delegation stands in a zone that is not served",
    explanation: "Several zones share the parent's name. The NS record set stands in one that is not itself delegated to, and not in the one that is: resolvers never see it.",
    fix: "Create the NS record set in the parent zone that is delegated to, and delete it from the other.",
    false_positives: "Not reported where it is not known which of the parents is delegated to.",
    severity: Severity::Warning,
    status: Status::Shadow,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let Some(dead) = &cut.dead_delegation else {
        return Vec::new();
    };
    if cut.beyond.is_some() || !matches!(cut.known, Coverage::Whole | Coverage::Cached) {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_read(Confidence::Certain);
    finding.parent = context.zone_ref(dead.zone);
    let place = context.describe(dead.zone);
    finding.evidence.push(format!(
        "{place} holds the NS record set {}, and is not delegated to",
        cut.name
    ));
    let served = context.describe_parent();
    finding
        .evidence
        .push(format!("{served} is delegated to, and does not hold it"));
    finding.fix = format!(
        "create the NS record set {} in {served} and delete it from {place}",
        cut.name
    );
    vec![finding]
}
