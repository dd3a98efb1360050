//! A server of the delegation has no such zone.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-nodata",
    title: "A server of the delegation has no such zone",
    explanation: "A name server that the name is delegated to answers without error and without the SOA record of the zone: typically it holds the zone above, or an old copy of it, with something at the name. It is critical where no server serves the zone.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "None known.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::critical_when_all(context, &RULE, |how| {
        matches!(how, Lameness::NoData | Lameness::Alias | Lameness::Empty)
    })
}
