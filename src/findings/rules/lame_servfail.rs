//! A server of the delegation fails.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-servfail",
    title: "A server of the delegation fails",
    explanation: "A name server that the name is delegated to answers SERVFAIL: typically a secondary whose copy of the zone has expired, or a zone that could not be loaded.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "A resolver that was entered as a name server answers SERVFAIL where validation fails: where a fault of DNSSEC is found at the same name, that one is the cause.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::found(context, &RULE, |how| how == Lameness::Failed)
}
