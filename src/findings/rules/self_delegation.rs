//! A delegation back to the parent's own servers.

use crate::findings::context::Context;
use crate::findings::delegation::DelegationFault;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "self-delegation",
    title: "The delegation names the parent zone's own servers",
    explanation: "The NS record set in the parent gives the parent's own name servers, which do not host the zone. A popular recipe leads to this: it has a delegation set created for the parent, puts the parent's name servers into the parent's own NS record set, and wants the child zone associated with them afterwards. No such association exists: the name servers of a zone are fixed when it is created. Resolvers are sent in a circle, and nothing below the name resolves.",
    fix: "Replace the NS record set by the delegation set of the child zone; create that zone first if it does not exist. `zonecut fix NAME -n` shows that change; `zonecut explain delegation` tells how delegation works.",
    false_positives: "Not reported where the child zone is served by the same servers, which Route 53 does not allow, or where they were heard to serve it.",
    severity: Severity::Critical,
    status: Status::Lame,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.fault != Some(DelegationFault::ToParent) {
        return Vec::new();
    }
    let cut = context.cut;
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    let parent = context.describe_parent();
    finding.evidence.push(context.describe_delegation());
    finding
        .evidence
        .push("these are servers of the parent zone itself".to_owned());
    finding.evidence.extend(context.tell_servers());
    finding.fix = if cut.children.is_empty() {
        format!(
            "create the zone {} and then replace the NS record set in {parent} by its delegation set",
            cut.name
        )
    } else {
        context.replace_by_right_servers()
    };
    vec![finding]
}
