//! A server of the delegation refers to others.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-referral",
    title: "A server of the delegation refers to others",
    explanation: "A name server that the name is delegated to refers resolvers back up the tree, to itself or elsewhere: it does not host the zone. Some resolvers make an empty answer of that, so that the name seems to exist and to have no data. It is critical where no server serves the zone.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "None known.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::critical_when_all(context, &RULE, |how| matches!(how, Lameness::Referral(_)))
}
