//! The servers name different primary servers.

use crate::findings::asked::At;
use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::name::DnsName;

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
    let serving = context.asked.iter().flat_map(|asked| asked.serving());
    let said: Vec<(&DnsName, At<'_>)> = serving.filter_map(|at| Some((&at.soa()?.primary, at))).collect();
    let Some((first, _)) = said.first() else {
        return Vec::new();
    };
    if said.iter().all(|(other, _)| other == first) {
        return Vec::new();
    }
    let evidence = said.iter().map(|(said, at)| format!("{} names {said}", at.describe()));
    vec![Finding {
        evidence: evidence.collect(),
        fix: FIX.to_owned(),
        ..context.finding_by_hearing(&RULE)
    }]
}

const FIX: &str =
    "have all servers serve the same version of the zone; a change that is under way takes about a minute";
