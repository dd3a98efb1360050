//! The difference of record sets: what comes, what goes, and of what changes the values that stay.

use super::steps::absolute;
use super::{Line, Role, Setting};
use crate::model::record::RecordType;
use crate::plan::Plan;
use crate::plan::batch::{Batch, Change, Wanted};
use crate::plan::exact::{Content, ExactSet, Policy};
use crate::plan::step::Step;

/// One record set as rows: what stands before its values, and those.
struct Shown {
    name: String,
    ttl: String,
    record_type: RecordType,
    values: Vec<String>,
    /// Routing policy, health check, what made it.
    more: Vec<String>,
}

/// No name makes the columns wider than this.
const WIDEST_NAME: usize = 44;

pub(super) fn lines(batch: &Batch, plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let names = batch.changes().iter().map(|change| absolute(change.name()).len());
    let width = names.max().unwrap_or(0).min(WIDEST_NAME);
    let mut lines = Vec::new();
    for change in batch.changes() {
        match change {
            Change::Create(new) => lines.extend(whole('+', Role::Comes, &wanted(new, plan, setting), width)),
            Change::Delete(old) => lines.extend(whole('-', Role::Goes, &shown(old, setting), width)),
            Change::Replace { old, new } => {
                lines.extend(changed(
                    &shown(old, setting),
                    &wanted(new, plan, setting),
                    width,
                    setting,
                ));
            }
        }
    }
    lines
}

fn wanted(new: &Wanted, plan: &Plan, setting: &Setting<'_>) -> Shown {
    match new {
        Wanted::Set(set) => shown(set, setting),
        Wanted::Servers { name, ttl, of } => Shown {
            name: absolute(name),
            ttl: ttl.to_string(),
            record_type: RecordType::NS,
            values: vec![servers_of(plan, *of, setting)],
            more: Vec::new(),
        },
    }
}

/// The name servers that nobody knows before the zone is there.
fn servers_of(plan: &Plan, step: usize, setting: &Setting<'_>) -> String {
    match plan.steps.get(step) {
        Some(Step::CreateZone {
            delegation_set: Some(set),
            ..
        }) => {
            format!("(the name servers of the delegation set {})", setting.outside(set))
        }
        Some(Step::CreateZone { name, .. }) => {
            format!(
                "(the name servers that Route 53 assigns to the new zone {})",
                absolute(name)
            )
        }
        _ => format!("(the name servers of the zone that step {} creates)", step + 1),
    }
}

fn shown(set: &ExactSet, setting: &Setting<'_>) -> Shown {
    let (values, ttl) = match &set.content {
        Content::Values(values) => (
            values.iter().map(|value| setting.outside(value)).collect(),
            set.ttl.map_or_else(String::new, |ttl| ttl.to_string()),
        ),
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => {
            let health = if *evaluates_health { ", evaluates health" } else { "" };
            let value = format!(
                "alias {} (zone {}{health})",
                setting.outside(target),
                setting.outside(zone)
            );
            (vec![value], "alias".to_owned())
        }
    };
    Shown {
        name: absolute(&set.name),
        ttl,
        record_type: set.record_type,
        values,
        more: more(set, setting),
    }
}

fn more(set: &ExactSet, setting: &Setting<'_>) -> Vec<String> {
    let mut more = Vec::new();
    if let Some(routing) = &set.routing {
        let identifier = setting.outside(&routing.set_identifier);
        more.push(format!(
            "set identifier {identifier}, {}",
            policy(&routing.policy, setting)
        ));
    }
    if let Some(check) = &set.health_check {
        more.push(format!("health check {}", setting.outside(check)));
    }
    if let Some(made_by) = &set.traffic_policy {
        more.push(format!("made by traffic policy instance {}", setting.outside(made_by)));
    }
    more
}

fn policy(policy: &Policy, setting: &Setting<'_>) -> String {
    match policy {
        Policy::Weighted(weight) => format!("weight {weight}"),
        Policy::Latency(region) => format!("latency to {}", setting.outside(region)),
        Policy::Failover(role) => format!("failover {}", setting.outside(role)),
        Policy::Geolocation {
            continent,
            country,
            subdivision,
        } => {
            let parts = [continent, country, subdivision].into_iter().flatten();
            let parts: Vec<String> = parts.map(|part| setting.outside(part)).collect();
            format!("geolocation {}", parts.join(" "))
        }
        Policy::Geoproximity { region, bias, .. } => {
            let region = region
                .as_ref()
                .map_or_else(|| "a place".to_owned(), |r| setting.outside(r));
            format!("geoproximity to {region}, bias {}", bias.unwrap_or(0))
        }
        Policy::MultiValue => "multivalue answer".to_owned(),
        Policy::Cidr { collection, location } => {
            format!("CIDR {} of {}", setting.outside(location), setting.outside(collection))
        }
        Policy::Unknown => "a routing policy that zonecut does not know".to_owned(),
    }
}

/// A record set that comes or goes: the first value on the line of its name, the others below it.
fn whole(sign: char, role: Role, set: &Shown, width: usize) -> Vec<Line> {
    let head = head(set, width, &set.ttl);
    let blank = " ".repeat(head.len());
    let mut lines = Vec::new();
    for (place, value) in set.values.iter().chain(&set.more).enumerate() {
        let before = if place == 0 { &head } else { &blank };
        lines.push(Line::bare(role, format!("{sign} {before}{value}")));
    }
    lines
}

fn head(set: &Shown, width: usize, ttl: &str) -> String {
    format!("{:width$}  {ttl:>6}  {:5}  ", set.name, set.record_type)
}

/// A record set that changes: its head, then each value with what becomes of it.
fn changed(old: &Shown, new: &Shown, width: usize, setting: &Setting<'_>) -> Vec<Line> {
    let arrow = match setting.glyphs {
        super::Lines::Unicode => "→",
        super::Lines::Ascii => "->",
    };
    let ttl = match old.ttl == new.ttl {
        true => old.ttl.clone(),
        false => format!("{} {arrow} {}", old.ttl, new.ttl),
    };
    let head = head(old, width, &ttl);
    let mut lines = vec![Line::bare(Role::Changes, format!("~ {}", head.trim_end()))];
    let indent = " ".repeat(width + 2 + 6 + 2 + 5 + 2);
    let both = |of: &Shown| of.values.iter().chain(&of.more).cloned().collect::<Vec<_>>();
    let (before, after) = (both(old), both(new));
    let line = |role, sign: char, value: &String| Line::bare(role, format!("{sign} {indent}{value}"));
    lines.extend(
        before
            .iter()
            .filter(|v| after.contains(v))
            .map(|v| line(Role::Stays, ' ', v)),
    );
    lines.extend(
        before
            .iter()
            .filter(|v| !after.contains(v))
            .map(|v| line(Role::Goes, '-', v)),
    );
    lines.extend(
        after
            .iter()
            .filter(|v| !before.contains(v))
            .map(|v| line(Role::Comes, '+', v)),
    );
    lines
}
