//! What a message does to the state. Pure: it returns what it wants of the outside as effects.

mod perform;
mod scanning;
mod texts;
mod typing;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::action::Action;
use super::effect::{Effect, Farewell};
use super::keymap::{Context, Key, Keymap};
use super::known::{self, Holding, Known, Tally};
use super::launch::Banner;
use super::message::{Message, News};
use super::screens::{activity, changes, mfa, palette, problems, trace, wizard};
use super::state::{Overlay, State, View};
use super::view;
use crate::config::StartView;
use crate::engine::command::{Command, Scope};
use crate::findings::Severity;

pub use perform::perform;
use perform::perform_here;
use scanning::focus;
use texts::on_copied;
use typing::{on_palette, on_paste, type_into_line};

/// Changes the state by a message, and says what is wanted of the outside.
pub fn update(state: &mut State, known: Known<'_>, message: Message) -> Vec<Effect> {
    let mut effects = match message {
        Message::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Message::Key(key) => on_key(state, known, &key),
        Message::Paste(text) => {
            on_paste(state, known, &text);
            Vec::new()
        }
        Message::Mouse(mouse) => on_mouse(state, known, &mouse),
        Message::Resize(width, height) => {
            state.size = (width, height);
            if width < view::TWO_PANES {
                // The pane that had the keyboard is gone.
                state.tree.panes.detail = false;
            }
            Vec::new()
        }
        Message::Tick { now, progress, news } => {
            state.now = now;
            state.progress = progress;
            state.beat = state.beat.wrapping_add(1);
            if news == News::Some {
                state.news = News::Some;
            }
            catch_up(state, known);
            let mut effects = trace::tick(state);
            effects.extend(expire(state));
            effects
        }
        Message::Drafted { .. }
        | Message::Applied(_)
        | Message::Saved(_)
        | Message::Sets { .. }
        | Message::Requested(_) => wizard::hear(state, known, message),
        Message::Journal(journal) => {
            changes::hear(state, *journal);
            Vec::new()
        }
        Message::Traced { trace, progress } => {
            trace::hear(state, known, trace, progress);
            Vec::new()
        }
        Message::Untraceable => {
            trace::give_up(state);
            Vec::new()
        }
        Message::Asked(question) => {
            state.questions.ask(question);
            Vec::new()
        }
        Message::Withdrawn(number) => {
            state.questions.withdraw(number);
            Vec::new()
        }
        Message::Due if state.is_scanning() => Vec::new(),
        Message::Due => vec![Effect::Scan(Command::Rescan(Scope::All))],
        Message::Copied(copied) => {
            on_copied(state, &copied);
            Vec::new()
        }
    };
    settle(state, known);
    effects.extend(focus(state, known));
    effects
}

impl State {
    /// Looks at what is known for the first time, and chooses the first view.
    pub fn start(&mut self, known: Known<'_>) {
        catch_up(self, known);
        let critical = known
            .survey
            .findings()
            .any(|finding| finding.severity == Severity::Critical && known::counts(known, finding));
        let choose = self.start_view == StartView::Auto && self.banner != Banner::Demo;
        if critical && choose && self.first_run.is_none() {
            self.show(View::Problems);
        }
        settle(self, known);
    }
}

/// Locks where the time of writing has run out.
fn expire(state: &mut State) -> Vec<Effect> {
    if !state.lock.expire(state.now) {
        return Vec::new();
    }
    state.say("the time is over: locked again");
    vec![Effect::Lock]
}

/// Derives anew what is derived from what is known, if there are news.
fn catch_up(state: &mut State, known: Known<'_>) {
    if state.news == News::None {
        return;
    }
    state.news = News::None;
    state.tally = Tally::of(known);
    state.holdings = Holding::all(known);
    state.tree.refresh(known);
    state.problems.refresh(known);
    state.trace.refresh(known);
    if let Some(screen) = &mut state.zone {
        screen.refresh(known);
    }
}

/// Brings every cursor onto a row, and into view.
fn settle(state: &mut State, known: Known<'_>) {
    let body = view::body_height(state);
    let tree = view::tree_height(state);
    let list = problems::list_height(state);
    let palette_height = palette::height(view::Areas::of(state).body.height);
    state.tree.settle(tree);
    state.problems.settle(list);
    activity::settle(state);
    let rows = trace::list_height(state);
    state.trace.settle(rows);
    let rows = changes::list_height(state);
    state.changes.settle(rows);
    wizard::settle(state, known);
    if let Some(screen) = &mut state.zone {
        screen.settle(body);
    }
    if let Some(screen) = &mut state.first_run {
        screen.settle(body);
    }
    for overlay in &mut state.overlays {
        match overlay {
            Overlay::Accounts(screen) => screen.settle(known, body),
            Overlay::Palette(screen) => screen.settle(palette_height),
            Overlay::Unlock(screen) => screen.settle(known, body),
            Overlay::Ways(screen) => screen.settle(body),
            _ => {}
        }
    }
}

fn on_key(state: &mut State, known: Known<'_>, key: &KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    state.toast = None;
    match key.code {
        KeyCode::Char('c') if ctrl => return ctrl_c(state),
        KeyCode::Char('z') if ctrl => return vec![Effect::Suspend],
        KeyCode::Char('l') if ctrl => return vec![Effect::Redraw],
        KeyCode::Char('q') if state.is_too_small() => return vec![Effect::Quit(Farewell::Plain)],
        _ if state.is_too_small() => return Vec::new(),
        _ => {}
    }
    if state.is_asking() {
        return mfa::key(state, key);
    }
    if let Some(Overlay::Palette(palette)) = state.overlays.last_mut() {
        let outcome = palette.key(key);
        return on_palette(state, known, outcome);
    }
    if wizard::type_key(state, known, key) {
        return Vec::new();
    }
    if let Some(effects) = type_into_line(state, known, key) {
        return effects;
    }
    match Keymap::standard().action(state.context(), Key::of(key)) {
        Some(action) => perform(state, known, action),
        None => Vec::new(),
    }
}

/// Quits; while a change is being applied it asks first, and the second one quits.
fn ctrl_c(state: &mut State) -> Vec<Effect> {
    let is_asked = matches!(state.overlays.last(), Some(Overlay::Leaving));
    if !state.is_applying() || is_asked {
        return vec![Effect::Quit(Farewell::Plain)];
    }
    state.overlays.push(Overlay::Leaving);
    vec![Effect::StopApplying]
}

/// The wheel moves the cursor; a click goes to the row.
fn on_mouse(state: &mut State, known: Known<'_>, mouse: &MouseEvent) -> Vec<Effect> {
    if state.is_too_small() || state.is_asking() {
        return Vec::new();
    }
    match mouse.kind {
        MouseEventKind::ScrollDown => perform_times(state, known, Action::Down, 3),
        MouseEventKind::ScrollUp => perform_times(state, known, Action::Up, 3),
        MouseEventKind::Down(MouseButton::Left) => {
            state.toast = None;
            if state.context() == Context::Tree {
                state.tree.click(
                    view::TreeAreas::of(state, view::Areas::of(state).body).list,
                    mouse.column,
                    mouse.row,
                );
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn perform_times(state: &mut State, known: Known<'_>, action: Action, times: usize) -> Vec<Effect> {
    (0..times).flat_map(|_| perform_here(state, known, action)).collect()
}
