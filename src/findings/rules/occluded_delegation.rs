//! A delegation that another one of the same zone hides.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "occluded-delegation",
    title: "A delegation stands below another one of the same zone",
    explanation: "The zone holds an NS record set below a name that it delegates already. Resolvers follow the upper delegation; the lower one is never seen, and it drifts apart from what the zone in between says.",
    fix: "Make sure that the zone in between delegates the name, then delete the NS record set that is hidden.",
    false_positives: "None: it follows from the record sets of one zone.",
    severity: Severity::Warning,
    status: Status::Occluded,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let hidden: Vec<_> = cut
        .held
        .iter()
        .filter_map(|holding| Some((holding.zone, holding.hidden_by.as_ref()?)))
        .collect();
    let Some((first, _)) = hidden.first() else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.parent = context.zone_ref(*first);
    finding.evidence = hidden
        .iter()
        .map(|(zone, upper)| {
            let zone = context.describe(*zone);
            format!("{zone} delegates {upper} and, hidden below it, {}", cut.name)
        })
        .collect();
    finding.fix = format!(
        "delegate {} in the zone in between if it is not, then delete the hidden NS record set",
        cut.name
    );
    vec![finding]
}
