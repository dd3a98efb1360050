//! The policy that the session of a role is narrowed to while it applies one plan: its zones, names, types and actions.
//!
//! Invariant: it fits into what STS takes. Where a plan names too much for that, names are left out first, then zones; never
//! does it allow an action that the plan does not take.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::guard::READS;
use super::super::policy::Partition;
use crate::model::name::DnsName;
use crate::plan::batch::{Batch, Wanted};
use crate::plan::{PartyIx, Plan, Step, ZoneTarget};

/// The most characters of a session policy (AssumeRole, `Policy`).
const MAX: usize = 2_048;
/// A zone whose id is not known yet.
const ANY_ZONE: &str = "hostedzone/*";

/// How much a policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Names,
    Zones,
    Actions,
}

/// The narrowest policy for what a plan does in one account that STS takes.
pub(super) fn narrowed(plan: &Plan, party: PartyIx, partition: Partition) -> String {
    let told = [Detail::Names, Detail::Zones].map(|detail| policy(plan, party, partition, detail));
    told.into_iter()
        .find(|text| text.len() <= MAX)
        .unwrap_or_else(|| policy(plan, party, partition, Detail::Actions))
}

fn policy(plan: &Plan, party: PartyIx, partition: Partition, detail: Detail) -> String {
    let reads: Vec<&str> = READS
        .iter()
        .map(|o| o.action)
        .filter(|a| a.starts_with("route53:"))
        .collect();
    let mut statements = vec![json!({"Effect": "Allow", "Action": reads, "Resource": "*"})];
    let steps = || plan.steps.iter().filter(|step| step.party() == Some(party));
    if detail == Detail::Actions {
        let actions: BTreeSet<&str> = steps().filter_map(action).collect();
        statements
            .extend((!actions.is_empty()).then(|| json!({"Effect": "Allow", "Action": actions, "Resource": "*"})));
    } else {
        statements.extend(steps().filter_map(|step| statement(step, partition, detail)));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn action(step: &Step) -> Option<&'static str> {
    match step {
        Step::CreateSet { .. } => Some("route53:CreateReusableDelegationSet"),
        Step::CreateZone { .. } => Some("route53:CreateHostedZone"),
        Step::Change { .. } => Some("route53:ChangeResourceRecordSets"),
        Step::DeleteZone { .. } => Some("route53:DeleteHostedZone"),
        Step::DeleteSet { .. } => Some("route53:DeleteReusableDelegationSet"),
        Step::AwaitServers { .. } | Step::Hold { .. } => None,
    }
}

fn statement(step: &Step, partition: Partition, detail: Detail) -> Option<Value> {
    let arn = |resource: &str| format!("arn:{}:route53:::{resource}", partition.word());
    let allowed = |resource: String| json!({"Effect": "Allow", "Action": action(step), "Resource": resource});
    match step {
        Step::CreateSet { .. } | Step::CreateZone { .. } => Some(allowed("*".to_owned())),
        Step::DeleteZone { zone, .. } => Some(allowed(arn(&resource(zone)))),
        Step::DeleteSet { id, .. } => Some(allowed(arn(&format!("delegationset/{}", id.expose())))),
        Step::Change { zone, batch, .. } => {
            let mut statement = allowed(arn(&resource(zone)));
            if let Some(object) = statement.as_object_mut() {
                object.insert("Condition".to_owned(), condition(batch, detail));
            }
            Some(statement)
        }
        Step::AwaitServers { .. } | Step::Hold { .. } => None,
    }
}

fn resource(zone: &ZoneTarget) -> String {
    match zone.id() {
        Some(id) => format!("hostedzone/{id}"),
        None => ANY_ZONE.to_owned(),
    }
}

fn condition(batch: &Batch, detail: Detail) -> Value {
    let mut actions = BTreeSet::new();
    let mut types = BTreeSet::new();
    let mut names = BTreeSet::new();
    for change in batch.changes() {
        if let Some(old) = change.old() {
            actions.insert("DELETE");
            types.insert(old.record_type.as_str().to_owned());
            names.insert(normalized(&old.name));
        }
        if let Some(new) = change.wanted() {
            actions.insert("CREATE");
            types.insert(wanted_type(new));
            names.insert(normalized(new.name()));
        }
    }
    let mut conditions = json!({
        "route53:ChangeResourceRecordSetsActions": actions,
        "route53:ChangeResourceRecordSetsRecordTypes": types,
    });
    if let Some(object) = conditions.as_object_mut().filter(|_| detail == Detail::Names) {
        object.insert(
            "route53:ChangeResourceRecordSetsNormalizedRecordNames".to_owned(),
            json!(names),
        );
    }
    // A request without a key would satisfy ForAllValues, whatever is listed.
    let is_absent: serde_json::Map<String, Value> = conditions
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys().map(|key| (key.clone(), json!("false"))))
        .collect();
    json!({"ForAllValues:StringEquals": conditions, "Null": is_absent})
}

fn wanted_type(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Set(set) => set.record_type.as_str().to_owned(),
        Wanted::Servers { .. } => "NS".to_owned(),
    }
}

/// A name as the condition has it: lower case, octal escapes, no final dot.
fn normalized(name: &DnsName) -> String {
    let text = name.to_route53().to_ascii_lowercase();
    text.strip_suffix('.').unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests;
