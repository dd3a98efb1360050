//! A delegation to more than one of the zones of a name.

use crate::findings::context::{Context, list};
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "split-delegation",
    title: "The delegation mixes the servers of several zones of one name",
    explanation: "Several zones share this name, and the delegation names servers of more than one of them. Which answer a client gets depends on which server is asked.",
    fix: "Choose one of the zones (most records, or the newest), merge the records of the others into it, replace the NS record set in the parent by its delegation set, and delete the others later.",
    false_positives: "None known: it follows from the delegation sets.",
    severity: Severity::Critical,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::Split) {
        return Vec::new();
    }
    let cut = context.cut;
    let to = context.delegated_to();
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    for zone in &cut.served {
        let servers = context.servers(*zone);
        let shared = to
            .iter()
            .filter(|name| servers.names().is_some_and(|set| set.contains(name)));
        finding
            .evidence
            .push(format!("{} serves {}", list(shared), context.describe(*zone)));
    }
    finding.evidence.extend(context.tell_of(to));
    let parent = context.describe_parent();
    finding.fix = format!(
        "choose one of these zones and replace the NS record set {} in {parent} by its delegation set",
        cut.name
    );
    vec![finding]
}
