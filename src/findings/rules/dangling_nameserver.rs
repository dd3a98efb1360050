//! A delegation of which one server is not the zone's.

use crate::findings::context::{Context, list};
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::is_awsdns;
use crate::model::name::DnsName;
use crate::model::served::{Outlook, ServerState};

/// The rule.
pub static RULE: Rule = Rule {
    code: "dangling-nameserver",
    title: "The delegation names a server that does not serve the zone",
    explanation: "Some of the name servers in the delegation serve the zone, and at least one does not: it is a Route 53 server that serves no zone of this name that is visible, or it was asked and said so. A share of the lookups fails, and one such server of Route 53 is enough for someone who is given it for a zone of this name to answer for that share. It is an error where no such server is of Route 53.",
    fix: "Replace the NS record set in the parent by the zone's delegation set.",
    false_positives: "Servers of another provider are reported only where they were asked and are lame: several providers may serve a zone. While an account is unread and the server was not asked the confidence is unknown. A server that serves the name is not reported.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let odd = odd_servers(context);
    if odd.is_empty() {
        return Vec::new();
    }
    let cut = context.cut;
    let is_lame = |name: &DnsName| context.asked.as_ref().is_some_and(|asked| asked.is_lame(name));
    let certain = odd.iter().any(is_lame);
    let confidence = match certain {
        true => Confidence::Certain,
        false => context.if_complete(Confidence::Likely),
    };
    let mut finding = Finding {
        confidence: context.if_followed(confidence),
        ..context.finding(&RULE)
    };
    if !odd.iter().any(is_awsdns) {
        finding.severity = Severity::Error;
    }
    let parent = context.describe_parent();
    let why = match certain {
        true => "does not serve it",
        false => "no visible zone of this name is served by",
    };
    finding.evidence.push(format!(
        "{parent} delegates {} to {}, which {why}",
        cut.name,
        list(&odd)
    ));
    finding.evidence.extend(context.tell_servers());
    if cut.children.is_empty() {
        finding.fix = format!("take {} out of the NS record set {} in {parent}", list(&odd), cut.name);
    } else {
        finding
            .evidence
            .push(format!("it is served by {}", context.right_servers()));
        finding.fix = context.replace_by_right_servers();
    }
    vec![finding]
}

/// The servers in the delegation that do not serve the name while others do: those of Route 53 that serve no zone of it that
/// is held, and all that were heard to be lame.
fn odd_servers(context: &Context<'_>) -> Vec<DnsName> {
    let state = |name: &DnsName| context.asked.as_ref().and_then(|asked| asked.state(name));
    let is_held = |name: &DnsName| context.child_servers().any(|servers| servers.contain(name));
    let is_stranger = |name: &DnsName| {
        let by_names = context.fault == Some(DelegationFault::DanglingServer);
        by_names && is_awsdns(name) && !is_held(name) && state(name) != Some(ServerState::Serving)
    };
    let is_lame = |name: &DnsName| {
        let is_lame = context.asked.as_ref().is_some_and(|asked| asked.is_lame(name));
        is_lame && context.outlook() == Outlook::Serving
    };
    let names = context.delegated_to().iter();
    names
        .filter(|name| is_stranger(name) || is_lame(name))
        .cloned()
        .collect()
}
