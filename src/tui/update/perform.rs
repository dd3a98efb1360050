//! What an action does: the ways out, what means the same on every screen, and what the screen on top makes of it.

use super::scanning::{pause, rescan};
use super::texts::{copy_text, owners, show_text};
use crate::engine::command::{Command, Scope};
use crate::tui::action::Action;
use crate::tui::copy;
use crate::tui::effect::{Effect, Farewell};
use crate::tui::keymap::Context;
use crate::tui::known::Known;
use crate::tui::privacy::Privacy;
use crate::tui::screens::help::Help;
use crate::tui::screens::palette::Palette;
use crate::tui::screens::zone::Tab;
use crate::tui::screens::{
    accounts, activity, changes, first_run, help, problems, round, trace, tree, unlock, ways, wizard, zone,
};
use crate::tui::state::{Overlay, State, View};
use crate::tui::view;

/// Does what was asked for, or says why not.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    if let Some(reason) = state.refusal(known, action) {
        state.refuse(format!("{}: {reason}", action.word().replace('-', " ")));
        return Vec::new();
    }
    if let Some(effects) = leave(state, known, action) {
        return effects;
    }
    if let Some(effects) = perform_everywhere(state, known, action) {
        return effects;
    }
    perform_here(state, known, action)
}

/// Ways out.
fn leave(state: &mut State, known: Known<'_>, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::QuitNow | Action::Leave | Action::Quit if state.is_applying() && !is_deeper(state) => {
            Some(super::ctrl_c(state))
        }
        Action::QuitNow => Some(vec![Effect::Quit(Farewell::Plain)]),
        Action::Leave => Some(vec![Effect::Quit(Farewell::Screen)]),
        Action::Suspend => Some(vec![Effect::Suspend]),
        Action::Redraw => Some(vec![Effect::Redraw]),
        Action::Back => {
            back(state, known);
            Some(Vec::new())
        }
        Action::Quit => Some(quit(state)),
        _ => None,
    }
}

/// Whether there is something to close before the program is.
fn is_deeper(state: &State) -> bool {
    let is_asked = matches!(state.overlays.last(), Some(Overlay::Leaving));
    (!state.overlays.is_empty() && !is_asked) || state.wizard_on_screen().is_some() || state.zone.is_some()
}

/// Closes what is on top, else clears the filter, else goes to the tree.
fn back(state: &mut State, known: Known<'_>) {
    if matches!(state.overlays.last(), Some(Overlay::Round)) {
        return round::leave(state);
    }
    if state.overlays.pop().is_some() {
        return;
    }
    if state.wizard_on_screen().is_some() {
        return wizard::leave(state);
    }
    if let Some(screen) = &mut state.zone {
        let filtered = screen.tab == Tab::Records && screen.records.line.clear();
        if filtered {
            screen.refresh(known);
        } else {
            state.zone = None;
        }
        return;
    }
    match state.view {
        View::Tree if state.tree.panes.detail => state.tree.panes.detail = false,
        View::Tree => {
            let typed = state.tree.line.clear();
            let only = std::mem::take(&mut state.tree.showing.only_problems);
            if typed || only {
                state.tree.lay_out(known);
            }
        }
        View::Problems if state.problems.line.clear() => state.problems.lay_out(known),
        View::Problems | View::Trace | View::Changes | View::Activity => state.show(View::Tree),
    }
}

fn quit(state: &mut State) -> Vec<Effect> {
    if matches!(state.overlays.last(), Some(Overlay::Round)) {
        round::leave(state);
        return Vec::new();
    }
    if state.overlays.pop().is_some() {
        return Vec::new();
    }
    if state.wizard_on_screen().is_some() {
        wizard::leave(state);
        return Vec::new();
    }
    if state.zone.take().is_some() {
        return Vec::new();
    }
    vec![Effect::Quit(Farewell::Plain)]
}

/// What means the same on every screen.
fn perform_everywhere(state: &mut State, known: Known<'_>, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::ViewTree => state.show(View::Tree),
        Action::ViewProblems => state.show(View::Problems),
        Action::ViewTrace => state.show(View::Trace),
        Action::ViewChanges => {
            state.show(View::Changes);
            return Some(vec![Effect::ReadJournal]);
        }
        Action::ViewActivity => state.show(View::Activity),
        Action::Unlock => return Some(unlock::open(state, known)),
        Action::Delegate => return Some(wizard::delegate(state, known)),
        Action::Teardown => return Some(wizard::teardown(state, known)),
        Action::Fix => return Some(ways::open(state, known)),
        Action::FixMarked => return Some(round::open(state, known)),
        Action::AddRecord | Action::ChangeRecord | Action::DeleteRecord => {
            return Some(zone::begin_record(state, known, action));
        }
        Action::Trace => return Some(trace::open(state, known)),
        Action::PreviousView => {
            let previous = state.previous;
            state.show(previous);
        }
        Action::Help => {
            let context = state.context();
            if context != Context::Help {
                state.overlays.push(Overlay::Help(Help::new(context)));
            }
        }
        Action::Palette => {
            let palette = Palette::new(state, known, state.context());
            state.overlays.push(Overlay::Palette(palette));
        }
        Action::Actions => {
            let palette = Palette::new(state, known, state.context()).commands_only();
            state.overlays.push(Overlay::Palette(palette));
        }
        Action::Accounts => {
            if state.context() != Context::Accounts {
                let place = state.target(known).account;
                accounts::open(state, place);
            }
        }
        Action::Errors if state.base_context() != Context::Activity => {
            state.show(View::Activity);
            state.activity.listing = activity::Listing::Errors;
        }
        Action::Privacy => privacy(state),
        Action::NextTheme => {
            let theme = state.look.next_theme();
            state.say(format!("theme {}", theme.word()));
        }
        Action::NextGlyphs => state.look.next_glyphs(),
        Action::Copy => open_menu(state, Overlay::Copy),
        Action::Rescan => open_menu(state, Overlay::Scope),
        Action::ShowText => show_text(state, known),
        Action::Owners => owners(state, known),
        Action::Recheck | Action::RescanAccount | Action::RescanAll => return Some(rescan(state, known, action)),
        Action::CancelScan => {
            state.say("the scan is being cancelled; what was not read is shown as not read");
            return Some(vec![Effect::Scan(Command::Cancel(Scope::All))]);
        }
        Action::PauseScan => return Some(vec![pause(state)]),
        _ if copy::is_copy(action) => return Some(copy_text(state, known, action)),
        _ => return None,
    }
    Some(Vec::new())
}

/// A second press of the key closes the menu again.
fn open_menu(state: &mut State, menu: Overlay) {
    if matches!(state.overlays.last(), Some(Overlay::Copy | Overlay::Scope)) {
        state.overlays.pop();
    } else {
        state.overlays.push(menu);
    }
}

fn privacy(state: &mut State) {
    state.look.privacy = state.look.privacy.toggled();
    // What was copied before may hold what is masked now.
    state.copied = None;
    state.say(match state.look.privacy {
        Privacy::Masked => "accounts, ids and addresses are masked",
        Privacy::Shown => "accounts, ids and addresses are shown",
    });
}

/// What the screen on top does with an action.
pub(super) fn perform_here(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let body = view::Areas::of(state).body;
    if let Some(Overlay::Help(_)) = state.overlays.last() {
        help::perform(state, action);
        return Vec::new();
    }
    match state.overlays.last_mut() {
        Some(Overlay::Text(text)) => {
            text.perform(action, body);
            return Vec::new();
        }
        Some(Overlay::Accounts(_)) => return accounts::perform(state, known, action),
        Some(Overlay::Unlock(_)) => return unlock::perform(state, known, action),
        Some(Overlay::Ways(_)) => return ways::perform(state, known, action),
        Some(Overlay::Round) => return round::perform(state, known, action),
        Some(Overlay::Unfinished) => return unfinished(state, known, action),
        Some(Overlay::Copy | Overlay::Scope | Overlay::Palette(_) | Overlay::Help(_) | Overlay::Leaving) => {
            return Vec::new();
        }
        None => {}
    }
    match state.base_context() {
        Context::FirstRun => first_run::perform(state, action),
        Context::Wizard => wizard::perform(state, known, action),
        Context::Changes => changes::perform(state, known, action),
        Context::Zone => zone::perform(state, known, action),
        Context::Problems => problems::perform(state, known, action),
        Context::Trace => trace::perform(state, known, action),
        Context::Activity => activity::perform(state, known, action),
        _ => tree::perform(state, known, action),
    }
}

/// What is done about a change that was left in the middle.
fn unfinished(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    match action {
        Action::Resume | Action::Undo => {
            state.overlays.pop();
            changes::perform(state, known, action)
        }
        Action::Enter => {
            state.show(View::Changes);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
