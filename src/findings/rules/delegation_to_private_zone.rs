//! A delegation to the servers that all private zones list.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "delegation-to-private-zone",
    title: "The delegation names the servers of private zones",
    explanation: "The delegation gives ns-0.awsdns-00.com and its fellows. Every private zone lists these four; they refuse every question from the internet. Someone copied them from a private zone.",
    fix: "Create or choose a public zone of this name and replace the NS record set in the parent by its delegation set; or delete the NS record set where the zone is meant to be private: private zones need no delegation.",
    false_positives: "None: these names never serve a public zone.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::ToPrivateZone) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    let parent = context.describe_parent();
    finding.evidence.push(context.describe_delegation());
    finding.evidence.extend(context.tell_servers());
    finding.fix = if cut.children.is_empty() {
        format!(
            "delete the NS record set {} in {parent}, or create a public zone and delegate to that",
            cut.name
        )
    } else {
        context.replace_by_right_servers()
    };
    vec![finding]
}
