//! A DS without a delegation beside it.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::inventory::{ZoneEntry, ZoneIx};

/// The rule.
pub static RULE: Rule = Rule {
    code: "ds-without-delegation",
    title: "The parent has a DS where it delegates nothing",
    explanation: "A DS record set stands at a name where the zone has no NS record set. It has no effect, strict servers refuse such a zone, and it makes the name bogus on the day somebody delegates it.",
    fix: "Delete the DS record set, or create the NS record set that it belongs to.",
    false_positives: "Not reported while the zone's record sets were not read in full.",
    severity: Severity::Error,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let alone = context.cut.ds.iter().filter(|ds| !ds.beside_delegation);
    let is_read = |zone| context.zone(zone).is_some_and(ZoneEntry::is_read);
    let zones: Vec<ZoneIx> = alone.map(|ds| ds.zone).filter(|zone| is_read(*zone)).collect();
    let Some(first) = zones.first() else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.parent = context.zone_ref(*first);
    for zone in &zones {
        let place = context.describe(*zone);
        finding.evidence.push(format!(
            "{place} holds a DS record set at {} and no NS record set",
            context.cut.name
        ));
    }
    finding.fix = format!("delete the DS record set {}", context.cut.name);
    vec![finding]
}
