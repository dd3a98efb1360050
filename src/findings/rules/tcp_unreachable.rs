//! A server that answers over UDP alone.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::{Reply, Tcp, Unreachable};
use crate::model::served::ChildAddress;

/// The rule.
pub static RULE: Rule = Rule {
    code: "tcp-unreachable",
    title: "A server does not answer over TCP",
    explanation: "A name server answers over UDP and not over TCP (RFC 7766 demands both). Answers that do not fit into a datagram, with DNSSEC many, get lost.",
    fix: "Open TCP port 53 on the way to the server, and have the server listen there.",
    false_positives: "A firewall on this side that lets UDP port 53 pass and not TCP looks the same; then every server is reported. Where connections are neither answered nor refused it is likely only.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = context.about_servers(&RULE, "open TCP port 53 to it", |at| {
        is_silent_over_tcp(at.heard).then(|| format!("{} answers over UDP and not over TCP", at.describe()))
    });
    let mut serving = context.asked.iter().flat_map(|asked| asked.serving());
    if !serving.any(|at| is_closed(at.heard)) {
        // Nothing heard is less than a refusal.
        found
            .iter_mut()
            .for_each(|finding| finding.confidence = Confidence::Likely);
    }
    found
}

fn is_closed(address: &ChildAddress) -> bool {
    let over_tcp = address.soa_over_tcp.probe().map(|probe| &probe.reply);
    matches!(
        over_tcp,
        Some(Reply::Unreachable(Unreachable::Refused | Unreachable::Closed))
    )
}

fn is_silent_over_tcp(address: &ChildAddress) -> bool {
    let over_tcp = address.soa_over_tcp.probe().map(|probe| &probe.reply);
    let needed = [&address.soa, &address.ns];
    let failed = needed
        .into_iter()
        .filter_map(|outcome| outcome.probe())
        .any(|probe| probe.tcp == Tcp::Fails);
    failed
        || matches!(
            over_tcp,
            Some(Reply::Silent | Reply::Unreachable(Unreachable::Refused | Unreachable::Closed))
        )
}
