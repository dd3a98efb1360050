//! A server of the delegation refuses.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-refused",
    title: "A server of the delegation refuses",
    explanation: "A name server that the name is delegated to answers REFUSED: it does not host the zone, or not for everybody. Route 53 answers so for every zone that a server does not have. Resolvers that pick it have to try another one.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "A server that answers its own network alone refuses, too; a delegation on the internet should not name it.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::found(context, &RULE, |how| how == Lameness::Refused)
}
