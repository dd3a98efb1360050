//! A healthy delegation to others.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::Outlook;

/// The rule.
pub static RULE: Rule = Rule {
    code: "delegated-elsewhere",
    title: "Delegated to servers outside Route 53, which serve the zone",
    explanation: "The name is delegated to servers that are not of Route 53, no zone of the name is held, and the servers answer for it. Nothing is wrong: it says where the name goes on.",
    fix: "Nothing is to be mended.",
    false_positives: "It is no fault. Not reported where none of the servers serves the zone.",
    severity: Severity::Info,
    status: Status::External,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let is_elsewhere = context.cut.children.is_empty() && context.fault != Some(DelegationFault::Unknown);
    if !is_elsewhere || context.outlook() != Outlook::Serving {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    finding.evidence.push(context.describe_delegation());
    finding.evidence.extend(context.tell_servers());
    finding.evidence.extend(context.tell_soa());
    finding.fix = "nothing is to be mended".to_owned();
    vec![finding]
}
