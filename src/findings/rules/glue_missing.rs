//! A name server that cannot be found for want of its address.

use crate::findings::context::{Context, list};
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::cut::Coverage;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "glue-missing",
    title: "A name server within the delegated name has no address in the parent",
    explanation: "The delegation names a server that lies at or below the delegated name itself. To ask it a resolver needs its address, which only the parent can give (glue, RFC 9471), and the parent has none. It is critical where no server can be reached otherwise.",
    fix: "Add the A and AAAA record sets of that name to the parent, or name servers outside the delegated name.",
    false_positives: "Not reported while the parent's record sets were not read in full.",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let Some(delegation) = &cut.delegation else {
        return not_given(context);
    };
    if cut.known == Coverage::Lacking {
        return Vec::new();
    }
    let inside = |name: &&DnsName| name.is_at_or_below(&cut.name);
    let lacking: Vec<&DnsName> = delegation
        .name_servers
        .iter()
        .filter(inside)
        .filter(|name| !has_address(context, delegation.zone, name) && !is_given(context, name))
        .collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    finding.confidence = context.if_read(Confidence::Certain);
    if lacking.len() == delegation.name_servers.len() {
        finding.severity = Severity::Critical;
    }
    let parent = context.describe_parent();
    finding
        .evidence
        .push(format!("{parent} has no address for {}", list(lacking.iter().copied())));
    finding.fix = format!("add A and AAAA record sets for {} to {parent}", list(lacking));
    vec![finding]
}

/// What the servers of a parent that is not held were heard to leave out (RFC 9471).
fn not_given(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = context.asked.as_ref().filter(|asked| asked.sees_the_delegation()) else {
        return Vec::new();
    };
    let name = &context.cut.name;
    let inside = asked.servers.iter().filter(|server| server.name.is_at_or_below(name));
    let lacking: Vec<&DnsName> = inside
        .filter(|server| server.glue.is_empty())
        .map(|server| &server.name)
        .collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let parent = context.describe_parent();
    let mut finding = context.finding_by_hearing(&RULE);
    if lacking.len() == context.delegated_to().len() {
        finding.severity = Severity::Critical;
    }
    let names = list(lacking);
    finding
        .evidence
        .push(format!("the servers of {parent} give no address for {names}"));
    finding.fix = format!("have the addresses of {names} entered at the registry");
    vec![finding]
}

/// Whether the servers of the parent were heard to give an address for it.
fn is_given(context: &Context<'_>, name: &DnsName) -> bool {
    let server = context.served().and_then(|served| served.server(name));
    server.is_some_and(|server| !server.glue.is_empty())
}

fn has_address(context: &Context<'_>, zone: ZoneIx, name: &DnsName) -> bool {
    context.zone(zone).is_some_and(|entry| {
        let owner = name.relative_to(&entry.zone.name);
        let records = entry.records().zip(owner);
        records.is_some_and(|(records, owner)| records.at(owner).any(|record| record.record_type().is_address()))
    })
}
