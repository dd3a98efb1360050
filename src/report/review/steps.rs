//! The steps in their order, each under the account and the zone that it is about.

use super::{Line, Role, Setting, diff};
use crate::model::account::Env;
use crate::model::duration;
use crate::model::name::DnsName;
use crate::plan::batch::Batch;
use crate::plan::step::{Step, ZoneTarget};
use crate::plan::{Party, PartyIx, Plan};

/// A name as record sets bear it: with its final dot.
pub(super) fn absolute(name: &DnsName) -> String {
    match name.is_root() {
        true => ".".to_owned(),
        false => format!("{name}."),
    }
}

pub(super) fn lines(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut account: Option<PartyIx> = None;
    let mut zone: Option<&DnsName> = None;
    for (place, step) in plan.steps() {
        if let Some(party) = step.party().filter(|party| account != Some(*party)) {
            if account.is_some() {
                lines.push(Line::gap());
            }
            lines.extend(party_lines(plan, party, setting));
            account = Some(party);
            zone = None;
        }
        if let Step::Change { zone: target, .. } = step
            && zone != Some(target.name())
        {
            lines.push(zone_line(target));
            zone = Some(target.name());
        }
        lines.extend(step_lines(plan, place, step, setting));
    }
    lines
}

fn party_lines(plan: &Plan, place: PartyIx, setting: &Setting<'_>) -> Vec<Line> {
    let Some(party) = plan.party(place) else {
        return vec![Line::new(
            Role::Account,
            "ACCOUNT",
            "unknown: the plan does not name it",
        )];
    };
    let text = format!("{} {}", setting.outside(&party.name), party.id);
    let mut account = Line::new(Role::Account, "ACCOUNT", text);
    account.badge = badge(party, setting);
    let mut principal = setting.outside(&party.principal);
    if let Some(profile) = &party.profile {
        principal.push_str(&format!("   profile {}", setting.outside(profile)));
    }
    vec![account, Line::new(Role::Principal, "AS", principal)]
}

/// What is said of an account's environment; unknown counts as production, and says so.
fn badge(party: &Party, setting: &Setting<'_>) -> Option<String> {
    match (party.env, &party.env_label) {
        (Env::Prod, _) => Some("PROD".to_owned()),
        (_, Some(label)) => Some(setting.outside(label)),
        (Env::Unknown, None) => Some("counts as PROD".to_owned()),
        (Env::NonProd, None) => None,
    }
}

fn zone_line(target: &ZoneTarget) -> Line {
    let name = absolute(target.name());
    let text = match target {
        ZoneTarget::Held { id, record_sets, .. } => format!("{name}  {id}  {record_sets} record sets"),
        ZoneTarget::Created { step, .. } => format!("{name}  (the one that step {} creates)", step + 1),
    };
    Line::new(Role::Zone, "ZONE", text)
}

fn step_lines(plan: &Plan, place: usize, step: &Step, setting: &Setting<'_>) -> Vec<Line> {
    match step {
        Step::Change { zone, batch, .. } => changes(plan, place, zone, batch, setting),
        Step::CreateZone {
            name, delegation_set, ..
        } => {
            let from = match delegation_set {
                Some(set) => format!(
                    "its name servers are those of the delegation set {}",
                    setting.outside(set)
                ),
                None => "Route 53 assigns its name servers".to_owned(),
            };
            let text = format!("+ public hosted zone {}  ({from})", absolute(name));
            vec![Line::bare(Role::Comes, text)]
        }
        Step::DeleteZone { zone, .. } => {
            let id = zone.id().map(|id| format!("  {id}")).unwrap_or_default();
            let text = format!(
                "- public hosted zone {}{id}  (refused unless only its SOA and NS are left)",
                absolute(zone.name())
            );
            vec![Line::bare(Role::Goes, text)]
        }
        Step::CreateSet { zone, .. } => {
            let of = match zone {
                Some(zone) => format!("of the name servers of zone {zone}"),
                None => "of four name servers that Route 53 assigns".to_owned(),
            };
            vec![Line::bare(Role::Comes, format!("+ reusable delegation set {of}"))]
        }
        Step::DeleteSet { id, .. } => {
            let text = format!("- reusable delegation set {}", setting.outside(id));
            vec![Line::bare(Role::Goes, text)]
        }
        Step::AwaitServers { zone, .. } => vec![Line::bare(
            Role::Step,
            format!(
                "then waits until every name server of {} answers for it with authority",
                absolute(zone.name())
            ),
        )],
        Step::Hold { seconds, why, skipped } => vec![hold(*seconds, why, skipped.as_ref(), setting)],
    }
}

fn hold(seconds: u64, why: &str, skipped: Option<&crate::model::text::Untrusted>, setting: &Setting<'_>) -> Line {
    let (wait, why) = (duration::in_words(seconds), setting.prose(why));
    let text = match skipped {
        None => format!("then waits {wait}: {why}"),
        Some(reason) => format!("does not wait {wait} ({why}), because: {}", setting.outside(reason)),
    };
    Line::bare(Role::Step, text)
}

/// The changes of one batch under the number of record sets that stay.
fn changes(plan: &Plan, place: usize, zone: &ZoneTarget, batch: &Batch, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(unchanged) = unchanged(plan, place, zone, batch) {
        let text = match unchanged {
            1 => "(1 record set unchanged)".to_owned(),
            _ => format!("({unchanged} record sets unchanged)"),
        };
        lines.push(Line::bare(Role::Unchanged, text));
    }
    lines.extend(diff::lines(batch, plan, setting));
    lines
}

/// How many record sets of the zone the batch leaves alone, counted after the steps before it.
fn unchanged(plan: &Plan, place: usize, zone: &ZoneTarget, batch: &Batch) -> Option<u64> {
    let ZoneTarget::Held { id, record_sets, .. } = zone else {
        return None;
    };
    let mut held = *record_sets;
    for (_, step) in plan.steps().take(place) {
        if let Step::Change { zone, batch, .. } = step
            && zone.id() == Some(id)
        {
            let gone = batch.changes().iter().filter(|c| c.wanted().is_none()).count();
            let come = batch.changes().iter().filter(|c| c.old().is_none()).count();
            held = (held + come as u64).saturating_sub(gone as u64);
        }
    }
    let touched = batch.changes().iter().filter(|c| c.old().is_some()).count();
    Some(held.saturating_sub(touched as u64))
}
