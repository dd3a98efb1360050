//! Servers of the parent that do not agree on the DS.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dnssec::DsValue;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-inconsistent",
    title: "The servers of the parent zone do not agree on the DS",
    explanation: "The servers of the zone above were all asked for the DS of the name, and they do not say the same. Whether the zone can be validated, and by which key, depends on which of them a resolver asks.",
    fix: "See that all servers of the parent zone serve the same version of it. On Route 53 wait a minute and check again: a change takes that long to get to all servers.",
    false_positives: "A change that was made within the last minute.",
    severity: Severity::Error,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(signed) = context.signed.as_ref().filter(|signed| !signed.is_consistent_above()) else {
        return Vec::new();
    };
    let evidence = signed.above.iter().map(|(server, values)| {
        let at = format!("{} ({})", server.server, server.address);
        match values.as_slice() {
            [] => format!("{at} has no DS"),
            values => format!("{at} has the DS with key tag {}", tags(values)),
        }
    });
    vec![Finding {
        evidence: evidence.collect(),
        fix: format!("have all servers of {} serve the same zone", context.describe_parent()),
        ..context.finding_by_hearing(&RULE)
    }]
}

fn tags(values: &[DsValue]) -> String {
    let tags: Vec<String> = values.iter().map(|value| value.tag.to_string()).collect();
    tags.join(", ")
}
