//! A plan as constructs for the AWS CDK in TypeScript: what shall be there. What goes is named in comments.
//!
//! Invariant: text from outside stands in a JSON string, which TypeScript reads alike, or in a comment of one line.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::names::Names;
use super::{aws_cli, whose};
use crate::model::text::printable_ascii;
use crate::plan::Plan;
use crate::plan::batch::{Change, Wanted};
use crate::plan::exact::ExactSet;
use crate::plan::step::{Step, ZoneTarget};
use crate::report::json;

/// The constructs, for the constructor of a stack. Accounts differ, so each part belongs into a stack of its own account.
pub fn cdk(plan: &Plan) -> String {
    let title = printable_ascii(&crate::report::review::sentence(plan));
    let mut out = format!("// {title}\nimport {{ aws_route53 as route53 }} from 'aws-cdk-lib';\n");
    let mut names = Names::default();
    let mut zones = BTreeMap::new();
    for (place, step) in plan.steps() {
        let text = construct(step, place, &mut names, &mut zones);
        if text.is_empty() {
            continue;
        }
        let whose = whose(plan, step)
            .map(|whose| format!("// {whose}\n"))
            .unwrap_or_default();
        out.push_str(&format!("\n{whose}{text}"));
    }
    out
}

fn construct(step: &Step, place: usize, names: &mut Names, zones: &mut BTreeMap<usize, String>) -> String {
    match step {
        Step::CreateZone {
            name, delegation_set, ..
        } => {
            let called = names.camel(name, "zone");
            let variable = format!("zone{place}");
            zones.insert(place, variable.clone());
            let mut properties = json!({"name": name.to_string()});
            if let (Some(set), Some(object)) = (delegation_set, properties.as_object_mut()) {
                object.insert("delegationSetId".to_owned(), json!(set.expose()));
            }
            let note = match delegation_set {
                Some(_) => {
                    "// CloudFormation cannot give a zone a reusable delegation set: create it as this plan does, and import it.\n"
                }
                None => "",
            };
            format!(
                "{note}const {variable} = {}",
                new("CfnHostedZone", &called, &[], &properties)
            )
        }
        Step::Change { zone, batch, .. } => {
            let zone = match zone {
                ZoneTarget::Held { id, .. } => json::compact(&json!(id.as_str())),
                ZoneTarget::Created { step, .. } => variable(*step, zones, "attrId"),
            };
            let texts = batch
                .changes()
                .iter()
                .map(|change| changed(change, &zone, names, zones));
            texts.collect()
        }
        Step::CreateSet { .. } | Step::DeleteSet { .. } => {
            "// CloudFormation knows no reusable delegation sets.\n".to_owned()
        }
        Step::DeleteZone { zone, .. } => format!("// remove the hosted zone {}\n", zone.name()),
        Step::AwaitServers { .. } | Step::Hold { .. } => String::new(),
    }
}

fn variable(step: usize, zones: &BTreeMap<usize, String>, attribute: &str) -> String {
    let called = zones.get(&step).map_or("unknown", String::as_str);
    format!("{called}.{attribute}")
}

fn changed(change: &Change, zone: &str, names: &mut Names, zones: &BTreeMap<usize, String>) -> String {
    let zone = ("hostedZoneId", zone.to_owned());
    match change.wanted() {
        None => {
            let kind = change.old().map_or("", |old| old.record_type.as_str());
            format!("// remove the record set {} {kind}\n", change.name())
        }
        Some(Wanted::Set(set)) => {
            let called = names.camel(&set.name, set.record_type.as_str());
            new("CfnRecordSet", &called, &[zone], &properties(set))
        }
        Some(Wanted::Servers { name, ttl, of }) => {
            let called = names.camel(name, "ns");
            let servers = ("resourceRecords", variable(*of, zones, "attrNameServers"));
            let plain = json!({"name": name.to_string(), "type": "NS", "ttl": ttl.to_string()});
            new("CfnRecordSet", &called, &[zone, servers], &plain)
        }
    }
}

/// The properties of `AWS::Route53::RecordSet`: those of the API, in camel case, and values that are bare strings.
fn properties(set: &ExactSet) -> Value {
    let mut properties = camel(aws_cli::record_set(set));
    if let Some(object) = properties.as_object_mut() {
        object.insert("name".to_owned(), json!(set.name.to_string()));
        if let Some(ttl) = object.remove("tTL") {
            object.insert("ttl".to_owned(), json!(ttl.to_string()));
        }
        if let Some(Value::Array(records)) = object.remove("resourceRecords") {
            let values = records.into_iter().filter_map(|record| record.get("value").cloned());
            object.insert("resourceRecords".to_owned(), values.collect());
        }
    }
    properties
}

/// The same with the first letter of every key in lower case; `DNSName` is `dnsName`, as in the CDK.
fn camel(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (camel_key(&key), camel(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        other => other,
    }
}

fn camel_key(key: &str) -> String {
    match key {
        "DNSName" => "dnsName".to_owned(),
        "AWSRegion" => "awsRegion".to_owned(),
        _ => {
            let mut chars = key.chars();
            let first = chars.next().map(|c| c.to_ascii_lowercase());
            first.into_iter().chain(chars).collect()
        }
    }
}

/// `new route53.Kind(this, 'called', { … });` with properties that are expressions, and others that are values.
fn new(kind: &str, called: &str, expressions: &[(&str, String)], values: &Value) -> String {
    let mut out = format!("new route53.{kind}(this, '{called}', {{\n");
    for (key, expression) in expressions {
        out.push_str(&format!("  {key}: {expression},\n"));
    }
    for (key, value) in values.as_object().into_iter().flatten() {
        out.push_str(&format!("  {key}: {},\n", json::compact(value)));
    }
    out.push_str("});\n");
    out
}
