//! No server of the delegation has an IPv6 address.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use core::net::IpAddr;

use crate::model::awsdns::is_awsdns;

/// The rule.
pub static RULE: Rule = Rule {
    code: "no-ipv6",
    title: "No server of the delegation has an IPv6 address",
    explanation: "All servers that the name is delegated to have IPv4 addresses only. Resolvers on networks with IPv6 alone need a translation to get there.",
    fix: "Give the servers IPv6 addresses, or name others that have them.",
    false_positives: "Reported only where the zone above can be asked over IPv6, so that this cut is where the way ends; never of Route 53's own servers, which all have IPv6 addresses.",
    severity: Severity::Info,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let names = context.delegated_to();
    if asked
        .addresses_of_all(names)
        .is_none_or(|addresses| addresses.iter().any(IpAddr::is_ipv6))
        || !asked.parents().iter().any(|server| server.address.is_ipv6())
        || names.iter().any(is_awsdns)
    {
        return Vec::new();
    }
    let evidence = vec![format!("none of the {} servers has an IPv6 address", names.len())];
    let fix = "give the servers IPv6 addresses, or name others that have them".to_owned();
    context.heard(&RULE, fix, evidence)
}
