//! Makes and deletes reusable delegation sets, by which the name servers of a zone are known before there is one.

use crate::model::name::DnsName;
use crate::model::text::Untrusted;

use super::checks;
use super::cut::ReusableSet;
use super::live::{LiveZone, Occasion};
use super::outlook::Outlook;
use super::preflight::{Check, Outcome};
use super::step::Step;
use super::{Goal, PartyIx, Plan, Refusal};

/// How many reusable delegation sets an account may have.
const MOST: usize = 100;

/// Plans to make a reusable delegation set, of a zone's own or a new one.
pub fn create(
    occasion: Occasion,
    party: PartyIx,
    zone: Option<&LiveZone>,
    sets: &[ReusableSet],
) -> Result<Plan, Refusal> {
    if let Some(zone) = zone
        && let Some(set) = sets.iter().find(|set| set.name_servers == zone.name_servers)
    {
        let what = format!(
            "the delegation set of {} is reusable already: {}",
            zone.describe(),
            set.id.clipped(80)
        );
        return Err(Refusal::new(what));
    }
    let subject = match zone {
        Some(zone) => zone.name.clone(),
        None => account_name(&occasion, party)?,
    };
    let mut preflight: Vec<Check> = occasion.party(party).map(checks::caller).into_iter().collect();
    preflight.push(room(sets));
    let step = Step::CreateSet {
        party,
        zone: zone.map(|zone| zone.id.clone()),
    };
    let outlook = Outlook {
        undo: "zonecut undo deletes the set, as long as no zone has it".to_owned(),
        ..Outlook::default()
    };
    Ok(occasion.plan(Goal::DelegationSet, subject, vec![step], preflight.into(), outlook))
}

/// Plans to delete a reusable delegation set; `users` are the zones that have it, as far as they were read.
pub fn delete(
    occasion: Occasion,
    party: PartyIx,
    id: &Untrusted,
    sets: &[ReusableSet],
    users: &[String],
) -> Result<Plan, Refusal> {
    let Some(set) = sets.iter().find(|set| set.id == *id) else {
        return Err(
            Refusal::new(format!("the account has no reusable delegation set {}", id.clipped(80)))
                .next("zonecut sets list shows those that there are"),
        );
    };
    if !users.is_empty() {
        return Err(Refusal::new(format!(
            "zones have the reusable delegation set {}: {}",
            id.clipped(80),
            users.join(", ")
        ))
        .next("delete those zones first: a zone keeps its name servers for life"));
    }
    let subject = DnsName::parse_route53(id.expose()).or_else(|_| account_name(&occasion, party))?;
    let mut preflight: Vec<Check> = occasion.party(party).map(checks::caller).into_iter().collect();
    let names: Vec<String> = set.name_servers.iter().map(DnsName::to_string).collect();
    let saying = "no zone that was read has it, and Route 53 deletes none that a zone has";
    preflight.push(Check::new("set-in-use", "Zones that have it", Outcome::Ok, saying).with(names));
    let outlook = Outlook {
        undo: "it cannot be taken back: a new set has other name servers".to_owned(),
        ..Outlook::default()
    };
    let step = Step::DeleteSet { party, id: id.clone() };
    Ok(occasion.plan(Goal::DelegationSet, subject, vec![step], preflight.into(), outlook))
}

/// What is typed where no zone gives a name: the account's digits.
fn account_name(occasion: &Occasion, party: PartyIx) -> Result<DnsName, Refusal> {
    let id = occasion
        .party(party)
        .map(|party| party.id.to_string())
        .unwrap_or_default();
    DnsName::from_labels([id]).map_err(|_| Refusal::new("the account has no id"))
}

fn room(sets: &[ReusableSet]) -> Check {
    let (code, title) = ("set-limit", "Room for a set");
    let saying = format!("the account has {} of {MOST} reusable delegation sets", sets.len());
    match sets.len() < MOST {
        true => Check::new(code, title, Outcome::Ok, saying),
        false => Check::new(code, title, Outcome::Stop, saying),
    }
}
