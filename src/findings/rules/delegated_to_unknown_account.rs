//! A zone of Route 53 that answers and is in none of the accounts.

use crate::findings::context::Context;
use crate::findings::finding::Confidence;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::is_awsdns;
use crate::model::cut::Servers;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "delegated-to-unknown-account",
    title: "Route 53 serves the name from a zone in none of the accounts",
    explanation: "The name is delegated to Route 53 servers, they answer with authority, and none of the accounts that were read has the zone. Either an account is not configured here, or somebody else was given these servers and has taken over the name.",
    fix: "Find out whose zone it is. If it is ours, add its account to the configuration; if nobody knows it, delete the NS record set, and DS if there is one. A zone that is known to be somebody else's is accepted by name (accept in the configuration).",
    false_positives: "An account that is not configured. While an account of the configuration is unread it is likely only: the zone may be there.",
    severity: Severity::Notice,
    status: Status::External,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let strangers = strangers(context);
    if strangers.is_empty() {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = context.finding(&RULE);
    if !context.inventory.is_complete() {
        finding.confidence = finding.confidence.min(Confidence::Likely);
    }
    finding.evidence.push(context.describe_delegation());
    finding.evidence.extend(context.tell_of(&strangers));
    finding.evidence.extend(context.tell_soa());
    let read = context.accounts_read();
    finding.evidence.push(match cut.children.is_empty() {
        true => format!("no public zone {} in {read}", cut.name),
        false => format!("no public zone {} in {read} is on these servers", cut.name),
    });
    finding.fix = format!(
        "find the account that has the zone and add it; if nobody knows it, delete the NS record set {} in {}",
        cut.name,
        context.describe_parent()
    );
    vec![finding]
}

/// The servers of Route 53 in the delegation that serve the name, and no zone of it that is held.
fn strangers(context: &Context<'_>) -> Vec<DnsName> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    if context.child_servers().any(|servers| servers == Servers::Unknown) {
        return Vec::new();
    }
    let is_held = |name: &DnsName| context.child_servers().any(|servers| servers.contain(name));
    let names = context.delegated_to().iter();
    names
        .filter(|name| is_awsdns(name) && !is_held(name) && asked.is_serving(name))
        .cloned()
        .collect()
}
