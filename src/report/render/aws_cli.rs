//! A plan as a shell script of aws commands that does the same in the same order, with the same compare-and-swap.
//!
//! Invariant: whatever comes from outside stands in one quoted word, in JSON of printable ASCII, or in a comment of one line.

use serde_json::{Map, Value, json};

use super::whose;
use crate::model::text::printable_ascii;
use crate::plan::batch::{Batch, Change, Wanted};
use crate::plan::exact::{Content, ExactSet, Policy};
use crate::plan::step::{Step, ZoneTarget, caller_reference};
use crate::plan::{PartyIx, Plan};
use crate::report::json;
use crate::report::shell::{line, word};

/// What stands for the name servers of a new zone in a batch, until the shell puts them in.
const SERVERS: &str = "zonecut-name-servers-of-";

/// The script.
pub fn aws_cli(plan: &Plan) -> String {
    let mut out = format!(
        "#!/bin/sh\n# {}\nset -eu\n",
        printable_ascii(&crate::report::review::sentence(plan))
    );
    for (place, step) in plan.steps() {
        out.push('\n');
        if let Some(whose) = whose(plan, step) {
            out.push_str(&format!("# {whose}\n"));
        }
        out.push_str(&command(plan, place, step));
    }
    out
}

fn command(plan: &Plan, place: usize, step: &Step) -> String {
    match step {
        Step::CreateSet { party, zone } => {
            let reference = caller_reference(&plan.id, place);
            let mut words = vec!["create-reusable-delegation-set", "--caller-reference", &reference];
            if let Some(zone) = zone {
                words.extend(["--hosted-zone-id", zone.as_str()]);
            }
            format!("{}\n", aws(plan, *party, &words))
        }
        Step::CreateZone {
            party,
            name,
            delegation_set,
            comment,
        } => {
            let (reference, name) = (caller_reference(&plan.id, place), name.to_route53());
            let config = ascii(&json!({"Comment": comment.expose(), "PrivateZone": false}));
            let mut words = vec!["create-hosted-zone", "--name", &name, "--caller-reference", &reference];
            words.extend(["--hosted-zone-config", &config]);
            if let Some(set) = delegation_set {
                words.extend(["--delegation-set-id", set.expose()]);
            }
            words.extend(["--query", "HostedZone.Id", "--output", "text"]);
            format!("zone_{place}=$({})\n", aws(plan, *party, &words))
        }
        Step::AwaitServers { zone, .. } => format!(
            "# Go on only when every name server of {} answers for it with authority.\n",
            zone.name()
        ),
        Step::Change { party, zone, batch } => change(plan, *party, zone, batch),
        Step::Hold { seconds, why, skipped } => hold(*seconds, why, skipped.is_some()),
        Step::DeleteZone { party, zone } => {
            format!("{} --id {}\n", aws(plan, *party, &["delete-hosted-zone"]), target(zone))
        }
        Step::DeleteSet { party, id } => {
            let words = ["delete-reusable-delegation-set", "--id", id.expose()];
            format!("{}\n", aws(plan, *party, &words))
        }
    }
}

fn hold(seconds: u64, why: &str, is_skipped: bool) -> String {
    let why = printable_ascii(why);
    match is_skipped {
        true => format!("# Not waited for, {seconds} seconds: {why}\n"),
        false => format!("# {why}\nsleep {seconds}\n"),
    }
}

/// `aws route53 …` with the profile that writes.
fn aws(plan: &Plan, party: PartyIx, words: &[&str]) -> String {
    let profile = plan.party(party).and_then(|party| party.profile.as_ref());
    let mut all = vec!["aws", "route53"];
    all.extend(words);
    if let Some(profile) = profile {
        all.extend(["--profile", profile.expose()]);
    }
    line(all)
}

/// The id of a zone as a word of the shell.
fn target(zone: &ZoneTarget) -> String {
    match zone {
        ZoneTarget::Held { id, .. } => word(id.as_str()),
        ZoneTarget::Created { step, .. } => format!("\"$zone_{step}\""),
    }
}

fn change(plan: &Plan, party: PartyIx, zone: &ZoneTarget, batch: &Batch) -> String {
    let new_zones: Vec<usize> = batch.changes().iter().filter_map(new_zone).collect();
    let mut out = String::new();
    let mut body = word(&ascii(&change_batch(batch)));
    for step in new_zones {
        out.push_str(&fetch_servers(plan, step));
        // The one quoted word becomes three that stand together: what is before, the variable, and what is after.
        let mark = format!("[{{\"Value\":\"{SERVERS}{step}\"}}]");
        body = body.replace(&mark, &format!("'\"$servers_{step}\"'"));
    }
    let command = aws(plan, party, &["change-resource-record-sets"]);
    let wait = aws(plan, party, &["wait", "resource-record-sets-changed"]);
    out.push_str(&format!(
        "change=$({command} --query ChangeInfo.Id --output text --hosted-zone-id {} --change-batch {body})\n{wait} --id \"$change\"\n",
        target(zone)
    ));
    out
}

/// The name servers of a new zone as the list of values that a batch has.
fn fetch_servers(plan: &Plan, step: usize) -> String {
    let party = plan.steps.get(step).and_then(Step::party).unwrap_or(PartyIx(0));
    let query = "DelegationSet.NameServers[].{Value:@}";
    let command = aws(plan, party, &["get-hosted-zone", "--query", query, "--output", "json"]);
    format!("servers_{step}=$({command} --id \"$zone_{step}\")\n")
}

fn new_zone(change: &Change) -> Option<usize> {
    match change.wanted()? {
        Wanted::Servers { of, .. } => Some(*of),
        Wanted::Set(_) => None,
    }
}

/// The batch as Route 53 takes it, deletes before creates.
fn change_batch(batch: &Batch) -> Value {
    let one = |action: &str, set: Value| json!({"Action": action, "ResourceRecordSet": set});
    let deletes = batch.changes().iter().filter_map(Change::old);
    let creates = batch.changes().iter().filter_map(Change::wanted);
    let changes: Vec<Value> = deletes
        .map(|old| one("DELETE", record_set(old)))
        .chain(creates.map(|new| one("CREATE", wanted(new))))
        .collect();
    json!({ "Changes": changes })
}

fn wanted(new: &Wanted) -> Value {
    match new {
        Wanted::Set(set) => record_set(set),
        Wanted::Servers { name, ttl, of } => json!({
            "Name": name.to_route53(), "Type": "NS", "TTL": ttl,
            "ResourceRecords": [{"Value": format!("{SERVERS}{of}")}],
        }),
    }
}

/// A record set as the API takes it.
pub(super) fn record_set(set: &ExactSet) -> Value {
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    put("Name", json!(set.name.to_route53()));
    put("Type", json!(set.record_type.as_str()));
    if let Some(routing) = &set.routing {
        put("SetIdentifier", json!(routing.set_identifier.expose()));
        if let Some((key, value)) = policy(&routing.policy) {
            put(key, value);
        }
    }
    match &set.content {
        Content::Values(values) => {
            if let Some(ttl) = set.ttl {
                put("TTL", json!(ttl));
            }
            let values: Vec<Value> = values.iter().map(|value| json!({"Value": value.expose()})).collect();
            put("ResourceRecords", json!(values));
        }
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => {
            let alias = json!({
                "HostedZoneId": zone.expose(), "DNSName": target.expose(), "EvaluateTargetHealth": evaluates_health,
            });
            put("AliasTarget", alias);
        }
    }
    if let Some(check) = &set.health_check {
        put("HealthCheckId", json!(check.expose()));
    }
    if let Some(instance) = &set.traffic_policy {
        put("TrafficPolicyInstanceId", json!(instance.expose()));
    }
    Value::Object(fields)
}

fn policy(policy: &Policy) -> Option<(&'static str, Value)> {
    let given = |pairs: Vec<(&str, Option<Value>)>| {
        let given = pairs
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(given.collect())
    };
    let text = |text: &Option<crate::model::text::Untrusted>| text.as_ref().map(|text| json!(text.expose()));
    Some(match policy {
        Policy::Weighted(weight) => ("Weight", json!(weight)),
        Policy::Latency(region) => ("Region", json!(region.expose())),
        Policy::Failover(role) => ("Failover", json!(role.expose())),
        Policy::MultiValue => ("MultiValueAnswer", json!(true)),
        Policy::Geolocation {
            continent,
            country,
            subdivision,
        } => {
            let parts = vec![
                ("ContinentCode", text(continent)),
                ("CountryCode", text(country)),
                ("SubdivisionCode", text(subdivision)),
            ];
            ("GeoLocation", given(parts))
        }
        Policy::Geoproximity {
            region,
            local_zone_group,
            coordinates,
            bias,
        } => {
            let place = coordinates
                .as_ref()
                .map(|(lat, long)| json!({"Latitude": lat, "Longitude": long}));
            let parts = vec![
                ("AWSRegion", text(region)),
                ("LocalZoneGroup", text(local_zone_group)),
                ("Coordinates", place),
                ("Bias", bias.map(|bias| json!(bias))),
            ];
            ("GeoProximityLocation", given(parts))
        }
        Policy::Cidr { collection, location } => (
            "CidrRoutingConfig",
            json!({"CollectionId": collection.expose(), "LocationName": location.expose()}),
        ),
        Policy::Unknown => return None,
    })
}

/// JSON in one line of printable ASCII.
fn ascii(value: &Value) -> String {
    json::compact(value)
}
