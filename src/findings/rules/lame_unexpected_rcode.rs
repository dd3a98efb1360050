//! A server of the delegation answers with an odd code.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-unexpected-rcode",
    title: "A server of the delegation answers with an odd code",
    explanation: "A name server that the name is delegated to answers with a response code that has no place there, such as NOTIMP or FORMERR, with and without EDNS. Resolvers treat it as failing.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "None known: where a server objects to EDNS alone it is asked again without, and that is edns-unsupported.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::found(context, &RULE, |how| matches!(how, Lameness::Code(_)))
}
