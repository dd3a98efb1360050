//! A delegation that rests on one server.

use crate::findings::context::{Context, list};
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "single-nameserver",
    title: "The delegation names a single server",
    explanation: "The delegation has fewer than two name servers (RFC 1034 section 4.1 asks for two). When that one fails, so does everything below the name.",
    fix: "Name at least two servers; for a Route 53 zone, all four of its delegation set.",
    false_positives: "None.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let is_delegated = cut.delegation.is_some() || cut.referral.is_some();
    if !is_delegated || context.delegated_to().len() > 1 {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    let parent = context.describe_parent();
    finding.evidence.push(match context.delegated_to() {
        [] => format!("{parent} delegates {} to nothing that is a name", cut.name),
        only => format!("{parent} delegates {} to {} alone", cut.name, list(only)),
    });
    finding.fix = if cut.children.is_empty() {
        "name at least two servers".to_owned()
    } else {
        context.replace_by_right_servers()
    };
    vec![finding]
}
