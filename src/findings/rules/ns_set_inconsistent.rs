//! The servers list different name servers for the zone.

use crate::findings::asked::At;
use crate::findings::context::Context;
use crate::findings::context::list;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::name::DnsName;

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
    let serving = context.asked.iter().flat_map(|asked| asked.serving());
    let said: Vec<(Vec<DnsName>, At<'_>)> = serving.filter_map(|at| Some((at.name_servers()?, at))).collect();
    let Some((first, _)) = said.first() else {
        return Vec::new();
    };
    if said.iter().all(|(other, _)| other == first) {
        return Vec::new();
    }
    let evidence = said
        .iter()
        .map(|(said, at)| format!("{} lists {}", at.describe(), list(said)));
    vec![Finding {
        evidence: evidence.collect(),
        fix: FIX.to_owned(),
        ..context.finding_by_hearing(&RULE)
    }]
}

const FIX: &str =
    "have all servers serve the same version of the zone; a change that is under way takes about a minute";
