//! A server that drops queries with an OPT record.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::EdnsSupport;

/// The rule.
pub static RULE: Rule = Rule {
    code: "edns-broken",
    title: "A server does not answer queries with EDNS",
    explanation: "A name server answers plain queries and drops those with an OPT record (EDNS, RFC 6891), which every resolver sends first. Resolvers give up on it, or take seconds to fall back.",
    fix: "Update the server, or the firewall before it that drops such queries.",
    false_positives: "Only where repeated queries with EDNS were lost and those without were answered.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_servers(&RULE, "have it answer queries with EDNS", |at| {
        let is_broken = at.probes().any(|probe| probe.edns == EdnsSupport::Broken);
        is_broken.then(|| format!("{} drops queries with an OPT record", at.describe()))
    })
}
