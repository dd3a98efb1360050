//! Servers of the parent that do not agree on the delegation.

use crate::findings::context::Context;
use crate::findings::context::list;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::{ParentServer, ParentWord, SeenDelegation};

/// The rule.
pub static RULE: Rule = Rule {
    code: "parent-inconsistent",
    title: "The servers of the parent zone do not agree on the delegation",
    explanation: "The servers of the zone above were all asked for the name, and they do not say the same: some delegate it and others do not, or to other servers. Which way a lookup goes depends on which of them is asked.",
    fix: "See that all servers of the parent zone serve the same version of it. On Route 53 wait a minute and check again: a change takes that long to get to all servers.",
    false_positives: "A change that was made within the last minute. A server of the parent that refuses, fails or does not respond says nothing about the delegation, and is a fault of the parent's own cut.",
    severity: Severity::Error,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    if asked.seen != SeenDelegation::Inconsistent {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    finding.evidence = asked
        .parents()
        .iter()
        .filter_map(|server| tell(context, server))
        .collect();
    finding.fix = format!("have all servers of {} serve the same zone", context.describe_parent());
    vec![finding]
}

fn tell(context: &Context<'_>, server: &ParentServer) -> Option<String> {
    let name = &context.cut.name;
    let says = match server.word(name) {
        ParentWord::Delegates(referral) => format!("delegates {name} to {}", list(&referral.name_servers)),
        ParentWord::Hosts(_) => format!("serves {name} itself"),
        ParentWord::NoName => format!("says that {name} does not exist (NXDOMAIN)"),
        ParentWord::NoDelegation => format!("has no delegation of {name}"),
        ParentWord::Alias => format!("says that {name} is an alias"),
        ParentWord::CutAbove(referral) => format!("delegates {} above it", referral.cut),
        ParentWord::Lame | ParentWord::Nothing => return None,
    };
    Some(format!("{} ({}) {says}", server.server, server.address))
}
