//! No server of the delegation has an IPv4 address.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use core::net::IpAddr;

/// The rule.
pub static RULE: Rule = Rule {
    code: "no-ipv4",
    title: "No server of the delegation has an IPv4 address",
    explanation: "All servers that the name is delegated to have IPv6 addresses only. Resolvers on networks without IPv6, which are many, cannot resolve anything at the name or below.",
    fix: "Give at least two of the servers IPv4 addresses.",
    false_positives: "Not reported where the address of a server could not be found.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = context.delegated_to();
    let addresses = context.asked.as_ref().and_then(|asked| asked.addresses_of_all(names));
    if addresses.is_none_or(|addresses| addresses.iter().any(IpAddr::is_ipv4)) {
        return Vec::new();
    }
    let evidence = vec![format!("none of the {} servers has an IPv4 address", names.len())];
    let fix = "give the servers IPv4 addresses, or name others that have them".to_owned();
    context.heard(&RULE, fix, evidence)
}
