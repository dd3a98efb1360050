//! The end of the walk where somebody else writes the zone above: what they are given, to be copied or saved.

use ratatui::text::Line;

use super::Wizard;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::Refusal;
use crate::plan::guide::{Stage, places};
use crate::plan::request::Request;
use crate::plan::wish::ChildZone;
use crate::report::handover::Handover;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// Asks for the request where the walk has come to it.
pub(super) fn ask(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    if wizard.guide.stage() != Stage::Request {
        return Vec::new();
    }
    let Some((name, zone)) = child(wizard, known) else {
        return Vec::new();
    };
    wizard.handover = None;
    vec![Effect::ReadRequest { name, zone }]
}

/// The name and the zone that it is to be delegated to.
fn child(wizard: &Wizard, known: Known<'_>) -> Option<(DnsName, ZoneKey)> {
    let chosen = wizard.guide.delegation()?;
    let name = chosen.name.clone()?;
    let Some(ChildZone::Existing(id)) = &chosen.to else {
        return None;
    };
    let zones = known.inventory.public_zones(name.as_wire()).iter();
    let mut keys = zones.filter_map(|zone| Some(&known.inventory.zone(*zone)?.zone.key));
    let key = keys.find(|key| key.id == *id)?;
    Some((name, key.clone()))
}

/// Takes in what was read.
pub(super) fn hear(wizard: &mut Wizard, known: Known<'_>, outcome: Result<(Request, &'static str), Refusal>) {
    let parent = |name: &DnsName| {
        let zone = places::parents(known.inventory, name).into_iter().next()?;
        Some(known.inventory.zone(zone)?.zone.key.id.clone())
    };
    let handover = outcome.map(|(request, partition)| Handover {
        parent: parent(&request.name),
        request,
        partition,
    });
    wizard.handover = Some(handover);
}

/// What an action copies of it.
pub(super) fn copy_text(wizard: &Wizard, action: Action) -> Option<String> {
    let handover = wizard.handover.as_ref()?.as_ref().ok()?;
    match action {
        Action::CopyRequest => Some(handover.request()),
        Action::CopyMarkdown => Some(handover.ticket()),
        Action::CopyHcl => Some(handover.hcl()),
        Action::CopyPolicy => Some(handover.policy()),
        Action::CopyCommand => Some(format!("zonecut request {}", handover.request.name)),
        _ => None,
    }
}

/// Saves all of it as one file.
pub(super) fn save(wizard: &Wizard) -> Option<Effect> {
    let handover = wizard.handover.as_ref()?.as_ref().ok()?;
    Some(Effect::SaveRequest {
        name: handover.request.name.clone(),
        text: handover.ticket(),
    })
}

/// The lines of it.
pub(super) fn lines(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let prose = |text: &str| state.look.prose(text, known.inventory.accounts());
    let handover = match &wizard.handover {
        Some(Ok(handover)) => handover,
        Some(Err(refusal)) => {
            page.text(0, &format!("✗ {}", prose(&refusal.what)), Tone::Broken);
            if let Some(next) = &refusal.next {
                page.text(0, &prose(next), Tone::Plain);
            }
            return page.lines;
        }
        None if child(wizard, known).is_none() => {
            page.text(
                0,
                "A request names the servers of a zone that is there. Create the zone first, then come back.",
                Tone::Warn,
            );
            return page.lines;
        }
        None => {
            let text = format!("{} Reading the zone anew. Nothing is written.", state.spinner());
            page.text(0, &text, Tone::Working);
            return page.lines;
        }
    };
    page.text(
        0,
        "Give this to whoever writes the zone above. Nothing was changed, and nothing more is to be done here.",
        Tone::Plain,
    );
    page.text(
        0,
        "y copies: t the request, m a ticket, h HCL, i the IAM policy for this name alone. p saves the ticket, with all of them, as a file.",
        Tone::Key,
    );
    if let Some(gap) = handover.gap() {
        page.text(0, &gap, Tone::Warn);
    }
    let texts = [
        ("REQUEST", handover.request()),
        ("HCL", handover.hcl()),
        ("IAM POLICY", handover.policy()),
    ];
    for (heading, text) in texts {
        page.heading(heading);
        for line in text.lines() {
            page.text(2, &prose(line), Tone::Plain);
        }
    }
    page.lines
}
