//! No server serves the zone.

use crate::findings::context::Context;
use crate::findings::finding::Confidence;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::Outlook;

/// The rule.
pub static RULE: Rule = Rule {
    code: "no-working-nameserver",
    title: "No server of the delegation serves the zone",
    explanation: "Every name server that the name is delegated to was asked, and none of them serves the zone. Nothing at the name or below resolves. Why is said by the findings beside it: one that is the cause, or what each server does.",
    fix: "Mend the cause that is named beside it; where there is none, have the servers serve the zone, or delegate the name to servers that do.",
    false_positives: "Silence proves little: where some are lame and the others do not respond it is likely only, and where none responds at all it is an error and likely only. Not reported while a server of the delegation was not asked.",
    severity: Severity::Critical,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let (severity, confidence) = match context.outlook() {
        Outlook::Dead => (Severity::Critical, Confidence::Certain),
        Outlook::Failing => (Severity::Critical, Confidence::Likely),
        Outlook::Silent => (Severity::Error, Confidence::Likely),
        Outlook::Serving | Outlook::Open => return Vec::new(),
    };
    let fix = match context.cut.children.is_empty() {
        true => "delegate the name to servers that serve it, or delete the delegation".to_owned(),
        false => context.replace_by_right_servers(),
    };
    vec![Finding {
        severity,
        confidence,
        evidence: context.tell_servers(),
        fix,
        ..context.finding(&RULE)
    }]
}
