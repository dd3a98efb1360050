//! A server that does not respond.

use crate::findings::context::Context;
use crate::findings::finding::Confidence;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::{Outlook, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-no-response",
    title: "A server of the delegation does not respond",
    explanation: "A name server that the name is delegated to gives no answer: three queries over UDP, with and without EDNS, were lost, or the network says that it cannot be reached. Resolvers that pick it wait before they try another one. It is an error where none of the servers responds.",
    fix: "See that the server runs and that UDP and TCP port 53 reach it from everywhere; or take its name out of the NS record set in the parent.",
    false_positives: "From here is not from everywhere: a firewall on this side, a route that is lacking or a rate limit look the same, so it is never more than likely. IPv6 addresses are left out where no route leads there. Where nothing at all comes back from port 53, nothing is reported.",
    severity: Severity::Warning,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let is_silent = |verdict: Verdict| matches!(verdict, Verdict::Unresponsive(_));
    let evidence: Vec<String> = asked
        .addresses_of_both_sides()
        .filter(|at| is_silent(at.heard.verdict()))
        .map(|at| match Verdict::of(&at.heard.soa_over_tcp) {
            Verdict::Unresponsive(_) | Verdict::Unasked(_) => format!("{} does not respond", at.describe()),
            _ => format!("{} does not respond over UDP; over TCP it does", at.describe()),
        })
        .collect();
    if evidence.is_empty() {
        return Vec::new();
    }
    let all = asked.outlook == Outlook::Silent;
    vec![Finding {
        severity: if all { Severity::Error } else { RULE.severity },
        confidence: Confidence::Likely,
        evidence,
        fix: context.mend_servers("have it respond"),
        ..context.finding(&RULE)
    }]
}
