//! A server whose name is an alias.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::served::Located;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-is-cname",
    title: "The name of a name server is an alias",
    explanation: "The name of a name server leads to another name by a CNAME, which RFC 2181 section 10.3 forbids. Some resolvers follow it, others treat the server as unreachable.",
    fix: "Enter the name that the alias leads to, or give the name A and AAAA records of its own.",
    false_positives: "None known.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let servers = context.asked.iter().flat_map(|asked| asked.servers_of_both_sides());
    let evidence: Vec<String> = servers
        .filter_map(|server| match &server.located {
            Located::Alias { target, .. } => Some(format!("{} is an alias of {target}", server.name)),
            _ => None,
        })
        .collect();
    context.heard(&RULE, context.mend_servers("name what the alias leads to"), evidence)
}
