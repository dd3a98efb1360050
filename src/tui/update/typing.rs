//! What is typed: into the line of a filter or a search, and into the palette.

use crossterm::event::KeyEvent;

use super::perform::perform;
use crate::tui::effect::Effect;
use crate::tui::filter_line::{FilterLine, Typed};
use crate::tui::keymap::Context;
use crate::tui::known::Known;
use crate::tui::screens::palette::{Goal, Outcome};
use crate::tui::screens::{accounts, mfa, trace, wizard};
use crate::tui::state::{Overlay, State, View};

/// Gives a key to the line that is being typed; none where there is none, or the key is not for it.
pub(super) fn type_into_line(state: &mut State, known: Known<'_>, key: &KeyEvent) -> Option<Vec<Effect>> {
    let typed = state.typing_line_mut()?.key(key);
    match typed {
        Typed::Passed => return None,
        Typed::Done if state.context() == Context::Trace => return Some(trace::typed(state)),
        Typed::Changed | Typed::Cleared => filter_changed(state, known),
        Typed::Kept | Typed::Done => {}
    }
    Some(Vec::new())
}

fn filter_changed(state: &mut State, known: Known<'_>) {
    match state.context() {
        Context::Tree => state.tree.lay_out(known),
        Context::Problems => state.problems.lay_out(known),
        Context::Zone => {
            if let Some(screen) = &mut state.zone {
                screen.refresh(known);
            }
        }
        _ => {}
    }
}

pub(super) fn on_paste(state: &mut State, known: Known<'_>, text: &str) {
    if state.is_asking() {
        mfa::paste(state, text);
    } else if wizard::paste(state, known, text) {
        // It went into a field of the change.
    } else if let Some(Overlay::Palette(palette)) = state.overlays.last_mut() {
        palette.paste(text);
    } else if let Some(line) = state.typing_line_mut() {
        line.paste(text);
        filter_changed(state, known);
    }
}

pub(super) fn on_palette(state: &mut State, known: Known<'_>, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Open | Outcome::Passed => return Vec::new(),
        _ => state.overlays.pop(),
    };
    match outcome {
        Outcome::Chosen(Goal::Do(action)) => perform(state, known, action),
        Outcome::Chosen(goal) => go(state, known, &goal),
        Outcome::Refused(reason) => {
            state.refuse(reason);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn go(state: &mut State, known: Known<'_>, goal: &Goal) -> Vec<Effect> {
    match goal {
        Goal::Account(place) => accounts::open(state, Some(*place)),
        Goal::Problem(id) => {
            state.show(View::Problems);
            state.problems.reveal(known, id);
        }
        _ => {
            if let Some(row) = goal.row() {
                state.show(View::Tree);
                state.tree.reveal(known, &row);
            }
        }
    }
    Vec::new()
}

impl State {
    /// The line that is being typed, if one is.
    pub fn typing_line(&self) -> Option<&FilterLine> {
        let line = match self.overlays.last() {
            Some(Overlay::Help(help)) => &help.line,
            Some(_) => return None,
            None => match (&self.zone, self.view) {
                _ if self.first_run.is_some() || self.wizard_on_screen().is_some() => return None,
                (Some(zone), _) => &zone.records.line,
                (None, View::Tree) => &self.tree.line,
                (None, View::Problems) => &self.problems.line,
                (None, View::Trace) => &self.trace.line,
                (None, View::Changes | View::Activity) => return None,
            },
        };
        line.is_typing().then_some(line)
    }

    fn typing_line_mut(&mut self) -> Option<&mut FilterLine> {
        let is_covered = self.first_run.is_some() || self.wizard_on_screen().is_some();
        let line = match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => &mut help.line,
            Some(_) => return None,
            None => match (&mut self.zone, self.view) {
                _ if is_covered => return None,
                (Some(zone), _) => &mut zone.records.line,
                (None, View::Tree) => &mut self.tree.line,
                (None, View::Problems) => &mut self.problems.line,
                (None, View::Trace) => &mut self.trace.line,
                (None, View::Changes | View::Activity) => return None,
            },
        };
        line.is_typing().then_some(line)
    }
}
