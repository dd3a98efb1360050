//! Record sets that stand at or below a cut and are never served.

use std::collections::HashSet;

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::inventory::ZoneIx;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::records::Records;

/// The rule.
pub static RULE: Rule = Rule {
    code: "occluded-records",
    title: "The parent holds record sets that the delegation hides",
    explanation: "The zone above holds record sets at or below a name that it delegates. Resolvers are referred to the child before they could see them, so they are never served, whatever they say.",
    fix: "Copy what is needed into the child zone, then delete them from the parent.",
    false_positives: "NS and DS at the cut, and addresses of name servers that an NS record set of the zone names (glue), belong there. NS record sets below a cut are occluded-delegation.",
    severity: Severity::Warning,
    status: Status::Occluded,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let open = cut.held.iter().filter(|holding| holding.hidden_by.is_none());
    let hidden: Vec<(ZoneIx, Vec<String>)> = open
        .map(|holding| (holding.zone, hidden_in(context, holding.zone)))
        .filter(|(_, hidden)| !hidden.is_empty())
        .collect();
    let Some((first, _)) = hidden.first() else {
        return Vec::new();
    };
    let mut finding = context.finding(&RULE);
    finding.parent = context.zone_ref(*first);
    if hidden.iter().any(|(zone, _)| is_partial(context, *zone)) {
        finding.confidence = Confidence::Unknown;
    }
    finding.evidence = hidden
        .iter()
        .map(|(zone, hidden)| sentence(&context.describe(*zone), hidden))
        .collect();
    finding.fix = format!(
        "copy what is needed into the zone {}, then delete these record sets",
        cut.name
    );
    vec![finding]
}

/// The record sets of a zone that its delegation at the cut hides, each as `name TYPE`.
fn hidden_in(context: &Context<'_>, zone: ZoneIx) -> Vec<String> {
    let Some((entry, records)) = context.zone(zone).and_then(|entry| Some((entry, entry.records()?))) else {
        return Vec::new();
    };
    let Some(owner) = context.cut.name.relative_to(&entry.zone.name) else {
        return Vec::new();
    };
    let mut glue = None;
    let mut hidden = Vec::new();
    for record in records.subtree(owner) {
        let record_type = record.record_type();
        if record_type == RecordType::NS || record_type == RecordType::DS {
            continue;
        }
        let name = record.name(&entry.zone.name);
        let is_glue = record_type.is_address() && glue.get_or_insert_with(|| named_by(records)).contains(&name);
        if !is_glue {
            hidden.push(format!("{name} {record_type}"));
        }
    }
    hidden
}

/// Whether a delegation further up, or one that names an address as its server's, may be among what was not read.
fn is_partial(context: &Context<'_>, zone: ZoneIx) -> bool {
    let held = context.zone(zone).and_then(|entry| entry.records.as_ref());
    held.is_none_or(|held| held.problem().is_some())
}

/// The names that a zone gives as name servers, its own and those it delegates to.
fn named_by(records: &Records) -> HashSet<DnsName> {
    let own = records.find(b"", RecordType::NS);
    records
        .delegations()
        .chain(own)
        .flat_map(|record| record.name_servers())
        .collect()
}

fn sentence(zone: &str, hidden: &[String]) -> String {
    let shown: Vec<&str> = hidden.iter().take(SHOWN).map(String::as_str).collect();
    let more = match hidden.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{zone} holds {} hidden: {}{more}", hidden.len(), shown.join(", "))
}

const SHOWN: usize = 10;
