//! A server without EDNS.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::EdnsSupport;

/// The rule.
pub static RULE: Rule = Rule {
    code: "edns-unsupported",
    title: "A server does not know EDNS",
    explanation: "A name server does not know EDNS (RFC 6891): it objects to the OPT record, or answers without one. It works, with an additional query each time, without DNSSEC and with answers of at most 512 octets.",
    fix: "Update the server.",
    false_positives: "None known.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_servers(&RULE, "update it", |at| {
        let mut probes = at.probes().map(|probe| probe.edns);
        let is_unsupported = probes.any(|edns| edns == EdnsSupport::Unsupported);
        is_unsupported.then(|| format!("{} does not know EDNS", at.describe()))
    })
}
