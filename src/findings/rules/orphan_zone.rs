//! A zone whose name is delegated somewhere else.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::apex_name_servers;
use crate::model::inventory::ZoneIx;
use crate::model::served::Outlook;

/// The rule.
pub static RULE: Rule = Rule {
    code: "orphan-zone",
    title: "The name is delegated to other servers than those of the zone",
    explanation: "A public zone of this name exists, but the parent delegates the name to servers that are not its own: to those of another provider, or to those of another zone of the name, which answer. Changes in the zone have no effect. It is critical where those servers do not serve the name either.",
    fix: "If the other servers are the right ones, delete the zone. If the zone is, replace the NS record set in the parent by its delegation set.",
    false_positives: "White-label name servers, names of one's own with the addresses of the Route 53 servers, are not reported once their addresses are known. Where the zone's apex lists the same names as the delegation, or was not read, the confidence is unknown until the servers are asked. Also unknown while an account is unread, and where several zones of the name hold what is served at the apex.",
    severity: Severity::Warning,
    status: Status::Shadow,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Elsewhere) {
        return Vec::new();
    }
    let cut = context.cut;
    let to = context.delegated_to();
    let apex = |zone: &ZoneIx| context.zone(*zone).and_then(apex_name_servers);
    let white_label = cut
        .children
        .iter()
        .any(|zone| apex(zone).is_some_and(|apex| apex == to));
    let unread = cut.children.iter().any(|zone| apex(zone).is_none());
    let mut finding = context.finding(&RULE);
    let is_heard = context.outlook() == Outlook::Serving;
    let twins = cut.twins_of_the_content(context.inventory);
    finding.confidence = if !twins.is_empty() {
        Confidence::Unknown
    } else if is_heard {
        context.if_followed(finding.confidence)
    } else if white_label || unread {
        Confidence::Unknown
    } else {
        context.if_followed(context.if_complete(Confidence::Likely))
    };
    if context.outlook() == Outlook::Dead {
        finding.severity = Severity::Critical;
    }
    finding.evidence.push(context.describe_delegation());
    finding.evidence.extend(context.tell_servers());
    finding
        .evidence
        .push(format!("none of them is a server of {}", context.describe_children()));
    if !twins.is_empty() {
        let twins: Vec<String> = twins.into_iter().map(|zone| context.describe(zone)).collect();
        let twins = twins.join(", ");
        finding.evidence.push(format!(
            "they list the name servers that the apex of {twins} lists: it may be served by them"
        ));
    }
    if white_label && !is_heard {
        finding
            .evidence
            .push("the apex of the zone lists the same names: they may be white-label names of its servers".to_owned());
    }
    finding.fix = format!("delete the zone, or {}", context.replace_by_right_servers());
    vec![finding]
}
