//! A server of the delegation answers without authority.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::lame;
use crate::findings::status::Status;
use crate::model::served::Lameness;

/// The rule.
pub static RULE: Rule = Rule {
    code: "lame-not-authoritative",
    title: "A server of the delegation answers without authority",
    explanation: "A name server that the name is delegated to has data for it and does not claim authority (AA is not set): typically a resolver or a forwarder that was entered as a name server. Some resolvers take its answers, others do not.",
    fix: "Have the server serve the zone, or take its name out of the NS record set in the parent.",
    false_positives: "None known: the answer to a question for the SOA record of the zone must be authoritative.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    lame::found(context, &RULE, |how| how == Lameness::NotAuthoritative)
}
