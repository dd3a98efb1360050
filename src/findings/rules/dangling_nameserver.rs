//! A delegation of which one server is not the zone's.

use crate::findings::context::{Context, list, without};
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Confidence, Finding, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::is_awsdns;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "dangling-nameserver",
    title: "The delegation names a server that does not serve the zone",
    explanation: "Some of the name servers in the delegation serve the zone, and at least one is a Route 53 server that serves no zone of this name that is visible. A share of the lookups fails, and one such server is enough for someone who is given it for a zone of this name to answer for that share.",
    fix: "Replace the NS record set in the parent by the zone's delegation set.",
    false_positives: "Servers of another provider are not reported here: several providers may serve a zone. While an account is unread the confidence is unknown.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::DanglingServer) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = Finding {
        confidence: context.if_followed(context.if_complete(Confidence::Likely)),
        ..context.finding(&RULE)
    };
    let served: Vec<DnsName> = cut
        .children
        .iter()
        .filter_map(|zone| context.servers(*zone).names().map(<[DnsName]>::to_vec))
        .flatten()
        .collect();
    let strangers = without(context.delegated_to(), &served);
    let parent = context.describe_parent();
    let odd = strangers.into_iter().filter(|name| is_awsdns(name));
    finding.evidence.push(format!(
        "{parent} delegates {} to {}, which no visible zone of this name is served by",
        cut.name,
        list(odd)
    ));
    finding
        .evidence
        .push(format!("it is served by {}", context.right_servers()));
    finding.fix = context.replace_by_right_servers();
    vec![finding]
}
