//! A DS that names no key of the zone.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::DsHolding;
use crate::model::dnssec::{Chain, DsValue, ServeSignature};
use crate::model::inventory::ZoneIx;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-mismatch",
    title: "No DS in the parent fits a key of the zone",
    explanation: "The parent holds DS values, and none of them names a key-signing key of the zone by tag, algorithm and digest. Every validating resolver answers SERVFAIL for all of the zone.",
    fix: "Replace the DS record set by the value that Route 53 states for the zone's active key.",
    false_positives: "Where the servers were asked for the keys, what they serve decides. An equal key tag alone is no match. Not reported where a DS has a digest type that cannot be computed here. Where the name is delegated to other servers than those of the zone (orphan-zone), the DS may be that of the other zone: then it is unknown.",
    severity: Severity::Critical,
    status: Status::Bogus,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

const MEND: &str = "replace the DS by that of a key that the zone has";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let read = |ds: &DsHolding, zone| mismatch(context, ds, zone);
    context.against_ds(&RULE, MEND, read, |chain| chain == Chain::Mismatch)
}

fn mismatch(context: &Context<'_>, ds: &DsHolding, zone: ZoneIx) -> Option<Finding> {
    let signing = context.signing(zone)?;
    let keys: Vec<_> = signing.keys.iter().filter(|key| key.published).collect();
    if signing.status != ServeSignature::Signing || keys.is_empty() {
        return None;
    }
    let name = &context.cut.name;
    let fits = |value: &DsValue| keys.iter().any(|key| value.names(key, name) != Some(false));
    if ds.values.iter().any(fits) {
        return None;
    }
    let mut finding = context.finding_in(&RULE, zone);
    finding.confidence = context.if_followed(context.if_led_to(context.if_settled(finding.confidence)));
    let tags: Vec<String> = keys.iter().map(|key| key.tag.to_string()).collect();
    let zone = context.describe(zone);
    finding.evidence.push(context.describe_ds(ds));
    finding
        .evidence
        .push(format!("the key of {zone} has tag {}", tags.join(", ")));
    finding.fix = match keys.first() {
        Some(key) => format!(
            "replace the DS in {} by {} {} 2 {}",
            context.describe(ds.zone),
            key.tag,
            key.algorithm,
            key.digest_sha256
        ),
        None => String::new(),
    };
    Some(finding)
}
