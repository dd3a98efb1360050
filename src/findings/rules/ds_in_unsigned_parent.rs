//! A DS in a zone that no chain of trust reaches.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::Anchor;
use crate::model::dnssec::ServeSignature;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-in-unsigned-parent",
    title: "The parent has a DS, and is not signed itself",
    explanation: "The DS stands in a zone that is not signed, or that is itself delegated to without a DS. No validator looks at it now; on the day the parent is signed, a DS that is wrong by then breaks the zone.",
    fix: "Sign the parent and have its own DS published above it; or delete the DS.",
    false_positives: "None: it follows from GetDNSSEC and from the record sets above.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(ds) = context.cut.ds_of_parent() else {
        return Vec::new();
    };
    let Some(parent) = context.zone(ds.zone) else {
        return Vec::new();
    };
    let place = context.describe(ds.zone);
    let evidence = match context.signing(ds.zone).map(|signing| signing.status) {
        Some(ServeSignature::NotSigning) => format!("{place} does not sign"),
        _ if context.cut.parent_anchor == Anchor::Absent => format!("{place} is delegated to without a DS"),
        _ => return Vec::new(),
    };
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_followed(finding.confidence);
    finding.evidence.push(evidence);
    finding.fix = format!(
        "sign {} and publish its DS, or delete the DS record set {}",
        parent.zone.name, context.cut.name
    );
    vec![finding]
}
