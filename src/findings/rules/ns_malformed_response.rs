//! A server of the delegation sends what cannot be read.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-malformed-response",
    title: "A server of the delegation sends what cannot be read",
    explanation: "A name server that the name is delegated to sends messages that are no DNS messages, or that contradict themselves. Resolvers drop them and try another server.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "A box on the way that spoils messages looks the same; then several names are affected.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::found(context, &RULE, |how| how == Lameness::Malformed)
}
