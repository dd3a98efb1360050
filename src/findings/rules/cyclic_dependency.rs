//! Servers that can be found only by asking themselves.

use crate::findings::context::Context;
use crate::findings::context::list;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::name::DnsName;
use crate::model::served::{Outlook, ServerState};

/// The rule.
pub static RULE: Rule = Rule {
    code: "cyclic-dependency",
    title: "The servers of the name can be found only by way of themselves",
    explanation: "To find the address of a name server of this delegation one has to ask the servers of another zone, and to find those one has to ask these. No resolver gets out of that circle: the server might as well not exist. It is a warning where others can be found.",
    fix: "Name at least one server outside the circle, or inside the delegated name with its address in the parent (glue).",
    false_positives: "A server inside the delegated name itself is not meant: for want of its address that is glue-missing.",
    severity: Severity::Critical,
    status: Status::Lame,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let outside = |name: &&DnsName| !name.is_at_or_below(&context.cut.name);
    let lost = asked
        .servers
        .iter()
        .filter(|server| server.state() == ServerState::Cycle);
    let names: Vec<&DnsName> = lost.map(|server| &server.name).filter(outside).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let severity = match asked.outlook {
        Outlook::Serving => Severity::Warning,
        _ => RULE.severity,
    };
    vec![Finding {
        severity,
        evidence: vec![format!(
            "to find {} one has to ask the servers of {}, and the other way round",
            list(names.iter().copied()),
            context.cut.name
        )],
        fix: context.mend_servers("name a server outside the circle, or give the parent its address"),
        ..context.finding_by_hearing(&RULE)
    }]
}
