//! No server of the delegation has an IPv4 address.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use core::net::IpAddr;

use crate::model::served::{ChildServer, Located};

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
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let names = context.delegated_to();
    let all_found = asked.servers.len() == names.len() && asked.servers.iter().all(|server| is_found(server));
    let addresses: Vec<IpAddr> = asked.servers.iter().flat_map(|server| server.addresses()).collect();
    if !all_found || addresses.is_empty() || addresses.iter().any(IpAddr::is_ipv4) {
        return Vec::new();
    }
    vec![Finding {
        evidence: vec![format!("none of the {} servers has an IPv4 address", names.len())],
        fix: "give the servers IPv4 addresses, or name others that have them".to_owned(),
        ..context.finding_by_hearing(&RULE)
    }]
}

/// Whether its own zone was asked for both families of addresses.
fn is_found(server: &ChildServer) -> bool {
    matches!(server.located, Located::At(_) | Located::Alias { .. })
}
