//! What was chosen so far, at the top of each step before there is a plan: whoever reads it knows which name, zone and account it is about.

use crate::findings::Finding;
use crate::model::inventory::ZoneIx;
use crate::model::zone::ZoneId;
use crate::plan::guide::{Aim, Delegation};
use crate::plan::repair;
use crate::plan::wish::{ChildZone, Repair, Teardown, Want};
use crate::plan::{Plan, PlanId};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::widgets::page::Page;

use super::{Wizard, draw, review};

/// Writes it to the top of a page.
pub(super) fn write(page: &mut Page<'_>, wizard: &Wizard) {
    match wizard.guide.aim() {
        Aim::Delegate(delegation) => delegated(page, delegation),
        Aim::Whole(Want::Repair(wanted)) => mended(page, wanted),
        Aim::Whole(Want::Teardown(wanted)) => taken_out(page, wanted),
        Aim::Whole(Want::Undo { of, .. }) => taken_back(page, of),
        Aim::Entry(entry) => written(page, &entry.zone),
        Aim::Whole(_) => return,
    }
    page.gap();
}

fn zone_words(page: &Page<'_>, is_it: impl Fn(&ZoneId) -> bool) -> Option<String> {
    let inventory = page.known.inventory;
    let found = inventory.iter().find(|(_, entry)| is_it(&entry.zone.key.id));
    found.map(|(zone, _): (ZoneIx, _)| draw::zone_text(page.state, page.known, zone))
}

fn delegated(page: &mut Page<'_>, delegation: &Delegation) {
    let Some(name) = &delegation.name else { return };
    let child = match &delegation.to {
        Some(ChildZone::Existing(id)) => zone_words(page, |other| other == id),
        Some(ChildZone::Create { account, .. }) => {
            let place = page.known.inventory.accounts_with_places().find(|(_, other)| {
                other.name == *account || other.id.is_some_and(|id| id.as_str() == account.expose())
            });
            place.map(|(place, _)| {
                format!(
                    "{name}  to be created in {}",
                    account_words(page.state, page.known, place)
                )
            })
        }
        _ => None,
    };
    let is_of_zone = |id: &ZoneId| delegation.parent.as_ref() == Some(id);
    let parent = delegation.parent.as_ref().and_then(|_| zone_words(page, is_of_zone));
    for (label, text) in [("CHILD", child), ("PARENT", parent)] {
        if let Some(text) = text {
            page.field(label, &text);
        }
    }
}

fn account_words(state: &State, known: Known<'_>, place: crate::model::account::AccountIx) -> String {
    let id = known
        .account(place)
        .map_or_else(String::new, |account| state.look.account_id(account.id));
    format!(
        "{} {id} {}",
        known.account_name(&state.look, place),
        known.env(&state.look, place)
    )
}

fn mended(page: &mut Page<'_>, wanted: &Repair) {
    let findings = page.known.survey.cut(&wanted.name).map(|verdict| &verdict.findings);
    let is_it = |finding: &&Finding| wanted.finding.as_deref() == Some(finding.code());
    let Some(finding) = findings.and_then(|all| all.iter().find(is_it)) else {
        return;
    };
    let accounts = page.known.inventory.accounts();
    if let Some(evidence) = finding.evidence.first() {
        page.field("WRONG", &page.state.look.prose(evidence, accounts));
    }
    let ways = repair::ways(finding, page.known.survey, page.known.inventory);
    if let Some(way) = ways.iter().find(|way| Some(&way.word) == wanted.way.as_ref()) {
        page.field("MEND", &page.state.look.prose(&way.title, accounts));
    }
}

fn written(page: &mut Page<'_>, zone: &ZoneId) {
    if let Some(zone) = zone_words(page, |other| other == zone) {
        page.field("ZONE", &zone);
    }
}

fn taken_out(page: &mut Page<'_>, wanted: &Teardown) {
    let by_name = || {
        let zones = page.known.inventory.public_zones(wanted.name.as_wire());
        zones.first().map(|zone| draw::zone_text(page.state, page.known, *zone))
    };
    let zone = match &wanted.zone {
        Some(id) => zone_words(page, |other| other == id),
        None => by_name(),
    };
    match zone {
        Some(zone) => page.field("ZONE", &zone),
        None => page.field("NAME", &wanted.name.to_string()),
    }
}

fn taken_back(page: &mut Page<'_>, of: &PlanId) {
    let Some(change) = page.state.changes.find(of) else {
        return;
    };
    let plan: &Plan = &change.plan;
    let prose = |text: &str| page.state.look.prose(text, page.known.inventory.accounts());
    let (what, who) = (review::goal_words(plan), prose(&change.who));
    let at = change.at.strftime("%Y-%m-%d %H:%M");
    let (place, sums) = review::places_and_sums(page.state, page.known, plan);
    page.field(
        "CHANGE",
        &format!("{} {what} {}, {at} UTC by {who}", plan.id.short(), plan.subject),
    );
    page.field("IN", &place);
    page.field("DID", &sums);
}
