//! An apex that names a server which others may be given.

use crate::findings::context::{Context, list};
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
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
    false_positives: "Servers of other providers are reported where they were asked and are lame. A server that was heard to serve the zone is not reported. While an account is unread and the server was not asked the confidence is unknown.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    ground: Ground::Configured,
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
    let strangers: Vec<DnsName> = apex.iter().filter(|name| is_foreign(context, name)).cloned().collect();
    if strangers.is_empty() {
        return None;
    }
    let is_lame = |name: &DnsName| context.asked.as_ref().is_some_and(|asked| asked.is_lame(name));
    let mut finding = context.finding_in(&RULE, zone);
    if !strangers.iter().any(is_lame) {
        finding.confidence = context.if_complete(Confidence::Likely);
    }
    if !strangers.iter().any(is_awsdns) {
        finding.severity = Severity::Error;
    }
    finding.evidence.push(format!(
        "the apex of {} lists {}",
        context.describe(zone),
        list(&strangers)
    ));
    finding.evidence.extend(context.tell_of(&strangers));
    let set = context.servers(zone);
    let right = list(set.names().unwrap_or_default());
    finding.evidence.push(format!("its delegation set is {right}"));
    finding.fix = format!("set the NS record set at the apex to {right}");
    Some(finding)
}

/// Whether a name at the apex is of Route 53 and of no zone held, and was not heard to serve; or is of others, and is lame.
fn is_foreign(context: &Context<'_>, name: &DnsName) -> bool {
    if context.child_servers().any(|servers| servers.contain(name)) {
        return false;
    }
    match &context.asked {
        Some(asked) if asked.is_serving(name) => false,
        // What the delegation names too is judged with the delegation.
        Some(asked) if asked.is_lame(name) => is_awsdns(name) || !context.delegated_to().contains(name),
        _ => is_awsdns(name),
    }
}
