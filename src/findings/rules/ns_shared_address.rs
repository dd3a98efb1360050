//! Two servers that are one.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::findings::context::list;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-shared-address",
    title: "Two name servers of the delegation have one address",
    explanation: "Two names in the delegation lead to the same address: it is one server by two names, and there is less redundancy than it seems.",
    fix: "Name servers that are really apart, or one name only.",
    false_positives: "None known.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut by_address: BTreeMap<IpAddr, Vec<&DnsName>> = BTreeMap::new();
    for server in context.asked.iter().flat_map(|asked| &asked.servers) {
        for address in server.addresses() {
            by_address.entry(address).or_default().push(&server.name);
        }
    }
    let shared = by_address.into_iter().filter(|(_, names)| names.len() > 1);
    let evidence: Vec<String> = shared
        .map(|(address, names)| format!("{address} is the address of {}", list(names)))
        .collect();
    if evidence.is_empty() {
        return Vec::new();
    }
    vec![Finding {
        evidence,
        fix: context.mend_servers("give each server an address of its own"),
        ..context.finding_by_hearing(&RULE)
    }]
}
