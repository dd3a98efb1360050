//! A plan as resources for Terraform and OpenTofu: what shall be there. What goes is named in comments.
//!
//! Invariant: text from outside stands in a quoted string in which neither `"` nor `${` nor `%{` means anything, or in a comment
//! of one line.

use std::collections::BTreeMap;

use super::names::Names;
use super::whose;
use crate::model::record::RecordType;
use crate::model::text::{Untrusted, printable_ascii};
use crate::model::zone::ZoneId;
use crate::plan::Plan;
use crate::plan::batch::{Change, Wanted};
use crate::plan::exact::{Content, ExactSet, Policy};
use crate::plan::step::{Step, ZoneTarget};

/// The resources.
pub fn hcl(plan: &Plan) -> String {
    let mut out = format!("# {}\n", printable_ascii(&crate::report::review::sentence(plan)));
    let mut names = Names::default();
    let mut zones = BTreeMap::new();
    for (place, step) in plan.steps() {
        let text = resource(step, place, &mut names, &mut zones);
        if text.is_empty() {
            continue;
        }
        let whose = whose(plan, step)
            .map(|whose| format!("# {whose}\n"))
            .unwrap_or_default();
        out.push_str(&format!("\n{whose}{text}"));
    }
    out
}

/// One record set of a zone as a resource.
pub fn record_set(set: &ExactSet, zone: &ZoneId) -> String {
    record(set, &quoted(zone.as_str()), &mut Names::default())
}

/// The text of one step; `zones` holds the names of the zones that steps before it create.
fn resource(step: &Step, place: usize, names: &mut Names, zones: &mut BTreeMap<usize, String>) -> String {
    match step {
        Step::CreateZone {
            name,
            delegation_set,
            comment,
            ..
        } => {
            let called = names.snake(name, "zone");
            zones.insert(place, called.clone());
            let mut lines = vec![
                ("name", quoted(&name.to_string())),
                ("comment", quoted(comment.expose())),
            ];
            lines.extend(
                delegation_set
                    .as_ref()
                    .map(|set| ("delegation_set_id", quoted(set.expose()))),
            );
            block("aws_route53_zone", &called, &lines)
        }
        Step::CreateSet { .. } => "resource \"aws_route53_delegation_set\" \"reusable\" {\n}\n".to_owned(),
        Step::Change { zone, batch, .. } => {
            let zone = zone_id(zone, zones);
            let texts = batch
                .changes()
                .iter()
                .map(|change| changed(change, &zone, names, zones));
            texts.collect::<Vec<_>>().join("\n")
        }
        Step::DeleteZone { zone, .. } => format!("# remove the aws_route53_zone resource of {}\n", zone.name()),
        Step::DeleteSet { id, .. } => {
            let id = printable_ascii(id.expose());
            format!("# remove the aws_route53_delegation_set resource of {id}\n")
        }
        Step::AwaitServers { .. } | Step::Hold { .. } => String::new(),
    }
}

fn zone_id(zone: &ZoneTarget, zones: &BTreeMap<usize, String>) -> String {
    match zone {
        ZoneTarget::Held { id, .. } => quoted(id.as_str()),
        ZoneTarget::Created { step, .. } => reference(*step, zones, "zone_id"),
    }
}

fn reference(step: usize, zones: &BTreeMap<usize, String>, attribute: &str) -> String {
    let called = zones.get(&step).map_or("unknown", String::as_str);
    format!("aws_route53_zone.{called}.{attribute}")
}

fn changed(change: &Change, zone: &str, names: &mut Names, zones: &BTreeMap<usize, String>) -> String {
    match change.wanted() {
        None => {
            let kind = change.old().map_or("", |old| old.record_type.as_str()).to_owned();
            format!("# remove the aws_route53_record resource of {} {kind}\n", change.name())
        }
        Some(Wanted::Set(set)) => record(set, zone, names),
        Some(Wanted::Servers { name, ttl, of }) => block(
            "aws_route53_record",
            &names.snake(name, "ns"),
            &[
                ("zone_id", zone.to_owned()),
                ("name", quoted(&name.to_string())),
                ("type", quoted("NS")),
                ("ttl", ttl.to_string()),
                ("records", reference(*of, zones, "name_servers")),
            ],
        ),
    }
}

fn record(set: &ExactSet, zone: &str, names: &mut Names) -> String {
    let mut lines = vec![
        ("zone_id", zone.to_owned()),
        ("name", quoted(&set.name.to_string())),
        ("type", quoted(set.record_type.as_str())),
    ];
    let mut blocks = Vec::new();
    match &set.content {
        Content::Values(values) => {
            lines.extend(set.ttl.map(|ttl| ("ttl", ttl.to_string())));
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("    {},\n", value_of(set, value)))
                .collect();
            lines.push(("records", format!("[\n{}  ]", values.concat())));
        }
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => blocks.push((
            "alias",
            vec![
                ("name", quoted(target.expose())),
                ("zone_id", quoted(zone.expose())),
                ("evaluate_target_health", evaluates_health.to_string()),
            ],
        )),
    }
    if let Some(routing) = &set.routing {
        lines.push(("set_identifier", quoted(routing.set_identifier.expose())));
        match &routing.policy {
            Policy::MultiValue => lines.push(("multivalue_answer_routing_policy", "true".to_owned())),
            policy => blocks.extend(policy_block(policy)),
        }
    }
    lines.extend(
        set.health_check
            .as_ref()
            .map(|check| ("health_check_id", quoted(check.expose()))),
    );
    let called = names.snake(&set.name, set.record_type.as_str());
    with_blocks(block("aws_route53_record", &called, &lines), &blocks)
}

type Block = (&'static str, Vec<(&'static str, String)>);

fn policy_block(policy: &Policy) -> Option<Block> {
    Some(match policy {
        Policy::Weighted(weight) => ("weighted_routing_policy", vec![("weight", weight.to_string())]),
        Policy::Latency(region) => ("latency_routing_policy", vec![("region", quoted(region.expose()))]),
        Policy::Failover(role) => ("failover_routing_policy", vec![("type", quoted(role.expose()))]),
        Policy::Geolocation {
            continent,
            country,
            subdivision,
        } => {
            let parts = [
                ("continent", continent),
                ("country", country),
                ("subdivision", subdivision),
            ];
            let given = parts
                .into_iter()
                .filter_map(|(key, text)| Some((key, quoted(text.as_ref()?.expose()))));
            ("geolocation_routing_policy", given.collect())
        }
        Policy::Geoproximity { region, bias, .. } => {
            let region = region.as_ref().map(|region| ("aws_region", quoted(region.expose())));
            let bias = bias.map(|bias| ("bias", bias.to_string()));
            ("geoproximity_routing_policy", region.into_iter().chain(bias).collect())
        }
        Policy::Cidr { collection, location } => (
            "cidr_routing_policy",
            vec![
                ("collection_id", quoted(collection.expose())),
                ("location_name", quoted(location.expose())),
            ],
        ),
        Policy::MultiValue | Policy::Unknown => return None,
    })
}

fn with_blocks(resource: String, blocks: &[Block]) -> String {
    let mut out = resource.trim_end_matches("}\n").to_owned();
    for (name, lines) in blocks {
        out.push_str(&format!("\n  {name} {{\n"));
        lines
            .iter()
            .for_each(|(key, value)| out.push_str(&format!("    {key} = {value}\n")));
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}

fn block(kind: &str, called: &str, lines: &[(&str, String)]) -> String {
    let width = lines.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    let mut out = format!("resource \"{kind}\" \"{called}\" {{\n");
    lines
        .iter()
        .for_each(|(key, value)| out.push_str(&format!("  {key:width$} = {value}\n")));
    out.push_str("}\n");
    out
}

/// A value as the provider takes it: it puts the quotes around TXT values itself.
fn value_of(set: &ExactSet, value: &Untrusted) -> String {
    let text = value.expose();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match bare {
        Some(bare) if set.record_type == RecordType::TXT => quoted(&bare.replace("\" \"", "\"\"")),
        _ => quoted(text),
    }
}

/// A string of HCL: a template in which nothing is a template.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // A doubled sign before a brace is that sign; after another such sign it would not be clear which two are one.
            '$' | '%' if chars.peek() == Some(&'{') && before == c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            ' '..='~' => out.push(c),
            _ if u32::from(c) > 0xffff => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            _ => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
        before = c;
    }
    out.push('"');
    out
}
