//! A name server that is a typing error for certain.

use crate::findings::context::{Context, list};
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::awsdns::{is_plausible, mentions_awsdns};
use crate::model::cut::Servers;
use crate::model::name::DnsName;

/// The rule.
pub static RULE: Rule = Rule {
    code: "ns-name-implausible",
    title: "A name server looks like Route 53's and cannot be one",
    explanation: "Route 53 names its servers ns-N.awsdns-NN.TLD by a fixed rule. This name mentions awsdns and breaks the rule: a typing error, a lost digit, or a missing final dot in an import, which appends the zone's name.",
    fix: "Take the names from the zone's delegation set; never type them.",
    false_positives: "The rule is not documented by AWS. Names that a zone's delegation set contains are not reported.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Symptom,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    let is_odd = |name: &&DnsName| mentions_awsdns(name) && !is_plausible(name);
    let zones = cut.children.iter().filter_map(|zone| context.zone(*zone));
    let apexes = zones.filter_map(|entry| entry.apex.as_ref());
    let lists = apexes
        .clone()
        .map(|apex| &*apex.name_servers)
        .chain([context.delegated_to()]);
    // Nearly all lists are four names that Route 53 assigns, and need no look.
    let is_fine = |names: &&[DnsName]| {
        apexes
            .clone()
            .any(|apex| apex.is_as_made && *apex.name_servers == **names)
    };
    let mut names: Vec<&DnsName> = lists.filter(|names| !is_fine(names)).flatten().filter(is_odd).collect();
    names.retain(|name| {
        let mut sets = context.child_servers();
        !sets.any(|servers| matches!(servers, Servers::Set(set) if set.contains(name)))
    });
    names.sort();
    names.dedup();
    if names.is_empty() || context.child_servers().any(|servers| servers == Servers::Unknown) {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    if names.iter().any(|name| context.delegated_to().contains(name)) {
        finding.confidence = context.if_followed(context.if_settled(finding.confidence));
    }
    finding
        .evidence
        .push(format!("no Route 53 server is called {}", list(names)));
    finding.fix = match cut.children.is_empty() {
        true => "take the names from the delegation set of the zone".to_owned(),
        false => format!("take the names from the delegation set: {}", context.right_servers()),
    };
    vec![finding]
}
