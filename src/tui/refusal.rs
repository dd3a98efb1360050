//! Why an action is not available: one place, so that footers, help, menus, the palette and the key itself say the same.

use super::action::Action;
use super::copy;
use super::keymap::Context;
use super::known::Known;
use super::launch::Reach;
use super::screens::{changes, round, ways, wizard, zone};
use super::state::{Overlay, State};
use super::view::TWO_PANES;

impl State {
    /// Why an action is not available here and now; none where it is.
    pub fn refusal(&self, known: Known<'_>, action: Action) -> Option<String> {
        if let Some(reason) = never(action) {
            return Some(reason.to_owned());
        }
        if self.first_run.is_some() {
            return self.refusal_at_first(action);
        }
        if !action.works_on(self.context()) {
            return Some("not on this screen".to_owned());
        }
        if let Some(reason) = self.refusal_of_change(known, action) {
            return Some(reason);
        }
        match action {
            Action::CancelScan | Action::PauseScan if !self.is_scanning() => Some("no scan is running".to_owned()),
            Action::Rescan | Action::RescanAll | Action::Recheck | Action::RescanAccount
                if self.reach == Reach::CacheOnly =>
            {
                Some("started with --offline: only the cache is shown".to_owned())
            }
            Action::Recheck | Action::Console if self.target(known).zone.is_none() => {
                Some("no hosted zone is selected".to_owned())
            }
            Action::RescanAccount if self.target(known).account.is_none() => Some("no account is selected".to_owned()),
            Action::Trace | Action::TraceAgain | Action::TraceRepeat | Action::EditQuery
                if self.reach == Reach::CacheOnly =>
            {
                Some("started with --offline: no name server is asked".to_owned())
            }
            Action::Trace | Action::TraceAgain if self.target(known).name.is_none() => {
                Some("no name is selected".to_owned())
            }
            Action::Owners if self.target(known).name.is_none() => Some("no name is selected".to_owned()),
            Action::NextProblem | Action::PreviousProblem if self.has_no_problem() => {
                Some("there is no problem".to_owned())
            }
            Action::NextMatch | Action::PreviousMatch if !self.has_filter() => Some("there is no filter".to_owned()),
            Action::ShowText if self.copied.is_none() && copy::standard(self, known).is_none() => {
                Some("there is nothing to copy here".to_owned())
            }
            _ if copy::is_copy(action) && copy::text(self, known, action).is_none() => {
                Some("there is nothing of the kind here".to_owned())
            }
            Action::NextPane | Action::PreviousPane if self.context() == Context::Tree && !self.has_two_panes() => {
                Some("there is one pane; enter opens the detail".to_owned())
            }
            Action::Zoom if self.size.0 < TWO_PANES => Some("the window has no room for two panes".to_owned()),
            _ => None,
        }
    }

    /// Why nothing can be changed in this way, here and now. Drafting is no change: it works in read-only mode.
    fn refusal_of_change(&self, known: Known<'_>, action: Action) -> Option<String> {
        let begins = matches!(
            action,
            Action::Delegate
                | Action::Fix
                | Action::FixMarked
                | Action::Teardown
                | Action::AddRecord
                | Action::ChangeRecord
                | Action::DeleteRecord
                | Action::Undo
                | Action::Resume
        );
        if begins && self.reach == Reach::CacheOnly {
            return Some("started with --offline: nothing can be read anew".to_owned());
        }
        if begins && self.is_applying() {
            return Some("a change is being applied; 4 shows it".to_owned());
        }
        let is_offered = matches!(self.overlays.last(), Some(Overlay::Unfinished));
        match action {
            Action::Delegate | Action::Teardown if self.target(known).name.is_none() => {
                Some("no name is selected".to_owned())
            }
            Action::Delegate | Action::Teardown if self.is_private(known) => {
                Some("a private zone is not delegated to".to_owned())
            }
            Action::Fix => ways::refusal(self, known),
            Action::FixMarked => round::refusal(self, known),
            Action::Mark => self.problems.mark_refusal(known),
            Action::MarkRange => self.problems.range_refusal(),
            Action::AddRecord | Action::ChangeRecord | Action::DeleteRecord => {
                zone::record_refusal(self, known, action)
            }
            Action::Undo => match self.wizard_on_screen().filter(|_| !is_offered) {
                Some(wizard) => wizard.undo_refusal(),
                None => changes::undo_refusal(self),
            },
            Action::Resume => changes::resume_refusal(self, known),
            Action::SavePlan if self.context() == Context::Changes => self
                .changes
                .selected()
                .is_none()
                .then(|| "no change is selected".to_owned()),
            Action::SavePlan if !is_offered && !self.wizard_on_screen().is_some_and(wizard::can_save) => {
                Some("there is no plan yet".to_owned())
            }
            Action::RunChecks if self.wizard.as_ref().is_some_and(|wizard| !wizard.can_check()) => {
                Some("nothing is checked at this step".to_owned())
            }
            Action::Override if self.wizard_plan().and_then(wizard::overridable).is_none() => {
                Some("no check that may be overridden stands against it".to_owned())
            }
            Action::Background | Action::StopApplying if !self.is_applying() => {
                Some("nothing is being applied".to_owned())
            }
            _ => None,
        }
    }

    fn is_private(&self, known: Known<'_>) -> bool {
        let zone = self.target(known).zone.and_then(|key| known.zone(&key));
        zone.is_some_and(|(_, entry)| !entry.is_public())
    }

    /// The plan on the screen.
    fn wizard_plan(&self) -> Option<&crate::plan::Plan> {
        self.wizard_on_screen()?.guide.plan()
    }

    fn has_two_panes(&self) -> bool {
        self.size.0 >= TWO_PANES && !self.tree.panes.zoomed
    }

    /// Why an action is not available in this version at all; what depends on the moment is left out.
    pub fn refusal_for_long(&self, action: Action) -> Option<&'static str> {
        never(action)?.split(';').next()
    }

    fn refusal_at_first(&self, action: Action) -> Option<String> {
        let works = matches!(
            action,
            Action::Down
                | Action::Up
                | Action::First
                | Action::Last
                | Action::HalfDown
                | Action::HalfUp
                | Action::PageDown
                | Action::PageUp
                | Action::NextPane
                | Action::PreviousPane
                | Action::Enter
                | Action::Toggle
                | Action::TickAll
                | Action::TickNone
                | Action::Palette
                | Action::Help
                | Action::Filter
                | Action::Privacy
                | Action::NextTheme
                | Action::NextGlyphs
                | Action::Leave
                | Action::Back
                | Action::Quit
                | Action::QuitNow
                | Action::Suspend
                | Action::Redraw
        );
        (!works).then(|| "nothing is configured yet".to_owned())
    }

    fn has_no_problem(&self) -> bool {
        let tally = &self.tally;
        tally.broken + tally.missing + tally.drift + tally.shadow + tally.unread + tally.accounts_unread == 0
    }

    fn has_filter(&self) -> bool {
        match self.base_context() {
            Context::Tree => self.tree.is_filtered(),
            Context::Problems => !self.problems.line.text().is_empty(),
            Context::Zone => self
                .zone
                .as_ref()
                .is_some_and(|zone| !zone.records.line.text().is_empty()),
            _ => false,
        }
    }
}

/// What this version does not do at all, and when it will.
fn never(action: Action) -> Option<&'static str> {
    match action {
        Action::Export => Some("comes with reports; zonecut tree --json and check --json write data now"),
        _ => None,
    }
}
