//! A DS for a zone that is not signed.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::DsHolding;
use crate::model::dnssec::{Chain, ServeSignature};
use crate::model::inventory::ZoneIx;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-without-dnskey",
    title: "The parent has a DS, and the zone is not signed",
    explanation: "The parent vouches for a key that the zone does not have: it is not signed. Every validating resolver answers SERVFAIL for all of the zone. Typically signing was switched off before the DS was removed, or the delegation was moved to a zone that is not signed.",
    fix: "Delete the DS record set in the parent and wait its TTL; or switch signing on again and replace the DS.",
    false_positives: "Where the servers were asked for the keys, what they serve decides. Where Route 53 says DELETING, ACTION_NEEDED or INTERNAL_FAILURE old signatures may still be served: then it is likely only. Where the name is delegated to other servers than those of the zone (orphan-zone), the DS may be that of the other zone: then it is unknown.",
    severity: Severity::Critical,
    status: Status::Bogus,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

const MEND: &str = "delete the DS record set, or sign the zone and replace it";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let read = |ds: &DsHolding, zone| unsigned(context, ds, zone);
    context.against_ds(&RULE, MEND, read, |chain| chain == Chain::Unsigned)
}

fn unsigned(context: &Context<'_>, ds: &DsHolding, zone: ZoneIx) -> Option<Finding> {
    let signing = context.signing(zone)?;
    let mut finding = context.finding_in(&RULE, zone);
    match signing.status {
        ServeSignature::Signing => return None,
        ServeSignature::NotSigning => {}
        ServeSignature::Unsure => finding.confidence = Confidence::Likely,
    }
    finding.confidence = context.if_followed(context.if_led_to(context.if_settled(finding.confidence)));
    finding.evidence.push(context.describe_ds(ds));
    finding
        .evidence
        .push(format!("{} does not sign", context.describe(zone)));
    finding.fix = format!(
        "delete the DS record set {} in {}",
        context.cut.name,
        context.describe(ds.zone)
    );
    Some(finding)
}
