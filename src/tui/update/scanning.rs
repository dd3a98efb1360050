//! What the scan is asked for: what the eye is on first, what is to be read again, and to pause.

use crate::engine::command::{Command, Scope};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::launch::Reach;
use crate::tui::state::{Overlay, State, View};
use crate::tui::view;

/// While a scan runs, what the eye is on is read first.
pub(super) fn focus(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    if !state.is_moving() || state.reach == Reach::CacheOnly || state.first_run.is_some() {
        return Vec::new();
    }
    let height = view::tree_height(state);
    let wanted = match (&state.zone, state.view) {
        (None, View::Tree) => state.tree.unread_in_view(known, height),
        _ => state.target(known).zone.into_iter().collect(),
    };
    if wanted == state.focus {
        return Vec::new();
    }
    state.focus.clone_from(&wanted);
    vec![Effect::Scan(Command::Focus(wanted))]
}

pub(super) fn rescan(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let target = state.target(known);
    if matches!(state.overlays.last(), Some(Overlay::Scope)) {
        state.overlays.pop();
    }
    let scope = match (action, target.zone, target.account) {
        (Action::RescanAll, _, _) => Scope::All,
        (Action::Recheck, Some(zone), _) => Scope::Zone(zone),
        (Action::RescanAccount, _, Some(account)) => Scope::Account(account),
        _ => return Vec::new(),
    };
    state.say(match scope {
        Scope::All => "every account is read again",
        Scope::Account(_) => "the account is read again",
        Scope::Zone(_) => "the zone is read again",
    });
    vec![Effect::Scan(Command::Rescan(scope))]
}

pub(super) fn pause(state: &mut State) -> Effect {
    if state.is_paused() {
        state.say("the scan goes on");
        return Effect::Scan(Command::Resume);
    }
    state.say("the scan is paused; what is under way comes in");
    Effect::Scan(Command::Pause)
}
