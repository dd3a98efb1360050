//! A server that has no address.

use crate::findings::context::Context;
use crate::findings::finding::Confidence;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::rules::ns_domain_unregistered;
use crate::findings::status::Status;
use crate::model::name::DnsName;
use crate::model::served::{ChildServer, Located, ServerState};

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-unresolvable",
    title: "A server of the delegation cannot be found",
    explanation: "The name of a name server in the delegation has no address: it does not exist, or exists without an A or AAAA record. Nobody can ask that server. It is critical where that holds for all of them.",
    fix: "Correct the name, or give it its address records. Names of a zone's servers are best taken from its delegation set.",
    false_positives: "Where the servers that would know the address do not answer as they should it is likely only. Not reported for a name whose address comes with the delegation (glue), or whose domain is not registered (ns-domain-unregistered).",
    severity: Severity::Error,
    status: Status::Lame,
    topic: Topic::Effect,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let is_lost = |server: &&ChildServer| {
        let is_lost = matches!(server.state(), ServerState::Nowhere | ServerState::Unfound);
        is_lost && ns_domain_unregistered::unregistered(server).is_none()
    };
    let lost: Vec<&ChildServer> = asked.servers_of_both_sides().filter(is_lost).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let is_known = lost.iter().any(|server| server.state() == ServerState::Nowhere);
    let nowhere = asked
        .servers
        .iter()
        .filter(|server| server.state() == ServerState::Nowhere);
    let all = nowhere.count() == context.delegated_to().len();
    let mut finding = context.finding(&RULE);
    finding.severity = match (all, is_known) {
        (true, _) => Severity::Critical,
        (false, true) => RULE.severity,
        (false, false) => Severity::Warning,
    };
    finding.confidence = if is_known {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    for server in &lost {
        finding.evidence.push(tell(server));
        finding.evidence.extend(guess(context, &server.name));
    }
    finding.fix = context.mend_servers("correct its name, or give it its address records");
    vec![finding]
}

fn tell(server: &ChildServer) -> String {
    let name = &server.name;
    match &server.located {
        Located::NoName { denied_by: Some(zone) } => format!("{name} does not exist: the servers of {zone} say so"),
        Located::NoName { denied_by: None } => format!("{name} does not exist"),
        Located::NoData => format!("{name} exists and has no address"),
        Located::Alias { target, .. } => format!("{name} is an alias of {target}, which has no address"),
        _ => format!("{name} could not be found: the servers that would know do not answer as they should"),
    }
}

/// Top-level domains that names of servers end in more often than names below a zone do.
const COMMON: [&[u8]; 4] = [b"com", b"net", b"org", b"uk"];

/// The final dot that an import lost, which appends the name of the zone (RFC 1035 section 5.1).
fn guess(context: &Context<'_>, name: &DnsName) -> Option<String> {
    let mut above = context.cut.name.ancestors();
    let zone = above.find(|zone| zone.label_count() > 0 && name.is_below(zone))?;
    let relative = name.relative_to(&zone)?;
    let meant = DnsName::join(relative, &DnsName::root()).ok()?;
    let is_absolute = meant.labels().next_back().is_some_and(|top| COMMON.contains(&top));
    (is_absolute && meant.label_count() > 1).then(|| format!("a final dot may be lacking: {meant}"))
}
