//! Texts for the person to take away or to read: what is copied, what became of it, who holds the cuts above a name.

use crate::tui::action::Action;
use crate::tui::copy;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::message::Copied;
use crate::tui::screens::text::TextPane;
use crate::tui::state::{Overlay, State};

pub(super) fn copy_text(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let text = copy::text(state, known, action);
    if matches!(state.overlays.last(), Some(Overlay::Copy)) {
        state.overlays.pop();
    }
    let Some(text) = text else { return Vec::new() };
    state.copied = Some(text.clone());
    vec![Effect::Copy(text)]
}

pub(super) fn show_text(state: &mut State, known: Known<'_>) {
    if matches!(state.overlays.last(), Some(Overlay::Text(_))) {
        state.overlays.pop();
        return;
    }
    let text = state.copied.clone().or_else(|| copy::standard(state, known));
    let lines = text
        .unwrap_or_default()
        .lines()
        .map(|line| state.look.raw(line, 20_000))
        .collect();
    state
        .overlays
        .push(Overlay::Text(TextPane::new("The text to copy", lines)));
}

/// Who holds each cut on the way up to the root.
pub(super) fn owners(state: &mut State, known: Known<'_>) {
    let Some(name) = state.target(known).name else { return };
    let mut lines = vec![".   IANA".to_owned()];
    let mut way: Vec<_> = name.ancestors().collect();
    way.reverse();
    way.push(name.clone());
    for cut in way.iter().filter_map(|name| known.survey.cut(name)) {
        let zones = cut.cut.children.iter().filter_map(|zone| known.inventory.zone(*zone));
        let held: Vec<String> = zones
            .map(|entry| {
                let look = &state.look;
                let place = entry.zone.key.account;
                let id = known
                    .account(place)
                    .map_or_else(String::new, |account| look.account_id(account.id));
                let account = known.account_name(look, place);
                let env = known.env(look, place);
                format!("{account} {id} {env} {}", look.zone_id(&entry.zone.key.id))
            })
            .collect();
        let held = if held.is_empty() {
            "no zone in these accounts".to_owned()
        } else {
            held.join("; ")
        };
        lines.push(format!("{}   {held}", cut.cut.name));
    }
    let pane = TextPane::new(format!("Owners of {name}"), lines);
    state.overlays.push(Overlay::Text(pane));
}

pub(super) fn on_copied(state: &mut State, copied: &Copied) {
    match copied {
        Copied::By { bytes, way } if *way == "OSC 52" => {
            state.say(format!(
                "copied {bytes} bytes with OSC 52 (no confirmation possible; Y shows the text)"
            ));
        }
        Copied::By { bytes, way } => state.say(format!("copied {bytes} bytes with {way}")),
        Copied::TooLarge { bytes } => {
            state.refuse(format!(
                "{bytes} bytes are too many for the clipboard; Y shows the text"
            ));
        }
    }
}
