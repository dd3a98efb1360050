//! What a message does to the state. Pure: it returns what it wants of the outside as effects, none of which changes AWS.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::action::Action;
use super::copy;
use super::effect::{Effect, Farewell};
use super::filter_line::{FilterLine, Typed};
use super::keymap::{Context, Key, Keymap};
use super::known::{self, Known, Tally};
use super::launch::{Banner, Reach};
use super::message::{Copied, Message, News};
use super::screens::help::Help;
use super::screens::palette::{Goal, Outcome, Palette};
use super::screens::text::TextPane;
use super::screens::zone::Tab;
use super::screens::{accounts, activity, first_run, palette, problems, tree, zone};
use super::state::{Overlay, State, View};
use super::view;
use crate::config::StartView;
use crate::engine::command::{Command, Scope};
use crate::findings::Severity;

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

/// Derives anew what is derived from what is known, if there are news.
fn catch_up(state: &mut State, known: Known<'_>) {
    if state.news == News::None {
        return;
    }
    state.news = News::None;
    state.tally = Tally::of(known);
    let progress = std::mem::take(&mut state.progress);
    state.tree.refresh(known, &progress);
    state.progress = progress;
    state.problems.refresh(known);
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
            _ => {}
        }
    }
}

/// While a scan runs, what the eye is on is read first.
fn focus(state: &mut State, known: Known<'_>) -> Vec<Effect> {
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

fn on_key(state: &mut State, known: Known<'_>, key: &KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    state.toast = None;
    match key.code {
        KeyCode::Char('c') if ctrl => return vec![Effect::Quit(Farewell::Plain)],
        KeyCode::Char('z') if ctrl => return vec![Effect::Suspend],
        KeyCode::Char('l') if ctrl => return vec![Effect::Redraw],
        KeyCode::Char('q') if state.is_too_small() => return vec![Effect::Quit(Farewell::Plain)],
        _ if state.is_too_small() => return Vec::new(),
        _ => {}
    }
    if let Some(Overlay::Palette(palette)) = state.overlays.last_mut() {
        let outcome = palette.key(key);
        return on_palette(state, known, outcome);
    }
    if let Some(effects) = type_into_line(state, known, key) {
        return effects;
    }
    match Keymap::standard().action(state.context(), Key::of(key)) {
        Some(action) => perform(state, known, action),
        None => Vec::new(),
    }
}

/// Gives a key to the line that is being typed; none where there is none, or the key is not for it.
fn type_into_line(state: &mut State, known: Known<'_>, key: &KeyEvent) -> Option<Vec<Effect>> {
    let typed = state.typing_line_mut()?.key(key);
    match typed {
        Typed::Passed => return None,
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

fn on_paste(state: &mut State, known: Known<'_>, text: &str) {
    if let Some(Overlay::Palette(palette)) = state.overlays.last_mut() {
        palette.paste(text);
    } else if let Some(line) = state.typing_line_mut() {
        line.paste(text);
        filter_changed(state, known);
    }
}

fn on_palette(state: &mut State, known: Known<'_>, outcome: Outcome) -> Vec<Effect> {
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

fn on_copied(state: &mut State, copied: &Copied) {
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

/// Closes what is on top, else clears the filter, else goes to the tree.
fn back(state: &mut State, known: Known<'_>) {
    if state.overlays.pop().is_some() {
        return;
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
        View::Problems | View::Activity => state.show(View::Tree),
    }
}

fn quit(state: &mut State) -> Vec<Effect> {
    if state.overlays.pop().is_some() || state.zone.take().is_some() {
        return Vec::new();
    }
    vec![Effect::Quit(Farewell::Plain)]
}

/// What means the same on every screen.
fn perform_everywhere(state: &mut State, known: Known<'_>, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::ViewTree => state.show(View::Tree),
        Action::ViewProblems => state.show(View::Problems),
        Action::ViewActivity => state.show(View::Activity),
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
        super::privacy::Privacy::Masked => "accounts, ids and addresses are masked",
        super::privacy::Privacy::Shown => "accounts, ids and addresses are shown",
    });
}

fn copy_text(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let text = copy::text(state, known, action);
    if matches!(state.overlays.last(), Some(Overlay::Copy)) {
        state.overlays.pop();
    }
    let Some(text) = text else { return Vec::new() };
    state.copied = Some(text.clone());
    vec![Effect::Copy(text)]
}

fn show_text(state: &mut State, known: Known<'_>) {
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
fn owners(state: &mut State, known: Known<'_>) {
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

fn rescan(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
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

fn pause(state: &mut State) -> Effect {
    if state.is_paused() {
        state.say("the scan goes on");
        return Effect::Scan(Command::Resume);
    }
    state.say("the scan is paused; what is under way comes in");
    Effect::Scan(Command::Pause)
}

/// What the screen on top does with an action.
fn perform_here(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let height = view::body_height(state);
    match state.overlays.last_mut() {
        Some(Overlay::Help(help)) => {
            help.perform(action);
            return Vec::new();
        }
        Some(Overlay::Text(text)) => {
            text.perform(action, height);
            return Vec::new();
        }
        Some(Overlay::Accounts(_)) => return accounts::perform(state, known, action),
        Some(Overlay::Copy | Overlay::Scope | Overlay::Palette(_)) => return Vec::new(),
        None => {}
    }
    match state.base_context() {
        Context::FirstRun => first_run::perform(state, action),
        Context::Zone => zone::perform(state, known, action),
        Context::Problems => problems::perform(state, known, action),
        Context::Activity => activity::perform(state, known, action),
        _ => tree::perform(state, known, action),
    }
}

/// The wheel moves the cursor; a click goes to the row.
fn on_mouse(state: &mut State, known: Known<'_>, mouse: &MouseEvent) -> Vec<Effect> {
    if state.is_too_small() {
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

impl State {
    /// The line that is being typed, if one is.
    pub fn typing_line(&self) -> Option<&FilterLine> {
        let line = match self.overlays.last() {
            Some(Overlay::Help(help)) => &help.line,
            Some(_) => return None,
            None => match (&self.zone, self.view) {
                _ if self.first_run.is_some() => return None,
                (Some(zone), _) => &zone.records.line,
                (None, View::Tree) => &self.tree.line,
                (None, View::Problems) => &self.problems.line,
                (None, View::Activity) => return None,
            },
        };
        line.is_typing().then_some(line)
    }

    fn typing_line_mut(&mut self) -> Option<&mut FilterLine> {
        let line = match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => &mut help.line,
            Some(_) => return None,
            None => match (&mut self.zone, self.view) {
                _ if self.first_run.is_some() => return None,
                (Some(zone), _) => &mut zone.records.line,
                (None, View::Tree) => &mut self.tree.line,
                (None, View::Problems) => &mut self.problems.line,
                (None, View::Activity) => return None,
            },
        };
        line.is_typing().then_some(line)
    }
}
