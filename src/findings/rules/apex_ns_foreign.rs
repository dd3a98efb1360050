//! An apex that names a server which others may be given.

use crate::findings::context::{Context, list};
use crate::findings::finding::{Confidence, Finding, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::is_awsdns;
use crate::model::cut::{Servers, apex_name_servers};
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "apex-ns-foreign",
    title: "The apex lists a Route 53 server that does not serve the zone",
    explanation: "The NS record set at the apex names a Route 53 server that is not in the zone's delegation set and serves no other visible zone of this name. Resolvers that trust the child ask it; whoever is given that server for a zone of this name answers for yours, although the parent is right.",
    fix: "Restore the NS record set at the apex to exactly the delegation set, and real secondaries if there are any.",
    false_positives: "Servers of other providers are left to live DNS. While an account is unread the confidence is unknown.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.child_servers().any(|servers| servers == Servers::Unknown) {
        return Vec::new();
    }
    let children = context.cut.children.iter();
    children.filter_map(|zone| foreign(context, *zone)).collect()
}

fn foreign(context: &Context<'_>, zone: ZoneIx) -> Option<Finding> {
    let apex = apex_name_servers(context.zone(zone)?)?;
    let strangers: Vec<&DnsName> = apex
        .iter()
        .filter(|name| !context.child_servers().any(|servers| servers.contain(name)) && is_awsdns(name))
        .collect();
    if strangers.is_empty() {
        return None;
    }
    let mut finding = context.finding_in(&RULE, zone);
    finding.confidence = context.if_complete(Confidence::Likely);
    finding.evidence.push(format!(
        "the apex of {} lists {}",
        context.describe(zone),
        list(strangers)
    ));
    let set = context.servers(zone);
    let right = list(set.names().unwrap_or_default());
    finding.evidence.push(format!("its delegation set is {right}"));
    finding.fix = format!("set the NS record set at the apex to {right}");
    Some(finding)
}
