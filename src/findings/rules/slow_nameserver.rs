//! A server that takes its time.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::Outcome;
use std::time::Duration;

/// The rule.
pub static RULE: Rule = Rule {
    code: "slow-nameserver",
    title: "A server takes more than a second to answer",
    explanation: "A name server took more than a second to answer, twice. Resolvers that pick it wait, and some give up.",
    fix: "See what keeps the server busy, or how far away it is; or take its name out of the NS record set in the parent.",
    false_positives: "The way from here may be long or busy: other servers are then slow, too.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

const SLOW: Duration = Duration::from_secs(1);

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.about_servers(&RULE, "make it answer faster", |at| {
        let took = |outcome: &Outcome| outcome.probe().map(|probe| probe.took);
        let (soa, ns) = (took(&at.heard.soa)?, took(&at.heard.ns)?);
        let least = soa.min(ns);
        (least > SLOW).then(|| {
            format!(
                "{} took {:.1} seconds or more, twice",
                at.describe(),
                least.as_secs_f32()
            )
        })
    })
}
