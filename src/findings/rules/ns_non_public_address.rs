//! A server at an address that is not on the internet.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::{Outcome, Unasked};

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-non-public-address",
    title: "A name server has an address that is not on the internet",
    explanation: "The address of a name server is set aside for private networks, loopback, documentation or the like (RFC 6890). Nobody on the internet can ask it, and somebody's own network may have something else there. It was not asked.",
    fix: "Give the server its public address, or take its name out of the NS record set in the parent.",
    false_positives: "A delegation that is meant for one's own network alone. Networks that are allowed in the configuration (dns.allow) are asked like any other.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let addresses = context.asked.iter().flat_map(|asked| asked.addresses_of_both_sides());
    let evidence: Vec<String> = addresses
        .filter_map(|at| match at.heard.soa {
            Outcome::Unasked(Unasked::Special(purpose)) => {
                Some(format!("{} is set aside: {}", at.describe(), purpose.as_str()))
            }
            _ => None,
        })
        .collect();
    context.heard(&RULE, context.mend_servers("give it its public address"), evidence)
}
