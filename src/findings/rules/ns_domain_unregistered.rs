//! A server in a domain that anybody can register.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::findings::suffix;
use crate::model::name::DnsName;
use crate::model::served::{ChildServer, Located};

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-domain-unregistered",
    title: "The domain of a name server's name is not registered",
    explanation: "The name of a name server is in a domain that does not exist directly below a top-level domain, or below a suffix such as co.uk, where anybody can register it. Whoever does so answers for the name, and one such server is enough.",
    fix: "Take the name out of the NS record set in the parent today; if the domain was ours, register it today.",
    false_positives: "The servers of the registry must say that the domain does not exist; an error of theirs, or a denial from further down, is ns-unresolvable. Suffixes are known by a short rule: top-level domains, and the usual second levels of countries (co, com, net, org, ...). Top-level domains that are reserved for tests are left out, and so are those that do not exist: nobody can register there.",
    severity: Severity::Critical,
    status: Status::Dangling,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let found: Vec<(DnsName, &DnsName)> = asked
        .servers_of_both_sides()
        .filter_map(|server| Some((unregistered(server)?, &server.name)))
        .collect();
    let Some((domain, _)) = found.first() else {
        return Vec::new();
    };
    let evidence = found
        .iter()
        .map(|(domain, server)| format!("{domain} is not registered, and {server} is in it"));
    let delegation = context.cut.delegation.as_ref();
    let is_of_parent = |server: &DnsName| delegation.is_none_or(|held| held.name_servers.contains(server));
    let register = format!("register {domain} if it was ours");
    let fix = match found.iter().any(|(_, server)| is_of_parent(server)) {
        true => context.mend_servers(&register),
        false => format!(
            "{register}; or have whoever runs the zone {} take the server out of the NS record set at its apex: the parent does not name it",
            context.cut.name
        ),
    };
    vec![Finding {
        evidence: evidence.collect(),
        fix,
        ..context.finding_by_hearing(&RULE)
    }]
}

/// The domain that somebody would have to register to be that server.
pub fn unregistered(server: &ChildServer) -> Option<DnsName> {
    match &server.located {
        Located::NoName {
            denied_by: Some(registry),
        } if server.glue.is_empty() => suffix::registrable(&server.name, registry),
        _ => None,
    }
}
