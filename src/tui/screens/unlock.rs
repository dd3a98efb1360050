//! What `w` asks: which accounts may be written to, and for how long. Nothing is unlocked before enter.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::model::account::{AccountIx, Env};
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::lock::{LENGTHS, Rule, USUAL};
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;

/// What is to be unlocked.
#[derive(Debug, Clone)]
pub struct Unlock {
    ticked: BTreeSet<AccountIx>,
    minutes: u16,
    cursor: Cursor,
}

impl Unlock {
    /// Keeps the cursor in view.
    pub fn settle(&mut self, known: Known<'_>, inside: usize) {
        self.cursor
            .settle(known.inventory.accounts().len(), inside.saturating_sub(AROUND));
    }
}

/// Lines that are no accounts.
const AROUND: usize = 4;

/// Locks what is unlocked, or asks what is to be unlocked: at first the accounts that are at hand.
pub fn open(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    if state.lock.is_unlocked() {
        state.lock.lock();
        state.say("locked: nothing is written any more");
        return vec![Effect::Lock];
    }
    if let Some(why) = state.lock.is_forbidden() {
        let why = why.to_owned();
        state.refuse(format!("unlock: {why}"));
        return Vec::new();
    }
    let ticked: BTreeSet<AccountIx> = wanted(state, known)
        .into_iter()
        .filter(|place| *state.lock.rule(*place) == Rule::Lockable)
        .collect();
    let at = ticked.first().map_or(0, |place| place.0 as usize);
    state.overlays.push(Overlay::Unlock(Unlock {
        ticked,
        minutes: USUAL,
        cursor: Cursor { at, top: 0 },
    }));
    Vec::new()
}

/// The accounts of the change at hand, else the one that is selected.
fn wanted(state: &State, known: Known<'_>) -> Vec<AccountIx> {
    let plan = state.wizard.as_ref().and_then(|wizard| wizard.guide.plan());
    let Some(plan) = plan else {
        return state.target(known).account.into_iter().collect();
    };
    let of_plan = |id| plan.parties.iter().any(|party| Some(party.id) == id);
    let accounts = known.inventory.accounts_with_places();
    accounts
        .filter(|(_, account)| of_plan(account.id))
        .map(|(place, _)| place)
        .collect()
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let lock = state.lock.clone();
    let now = state.now;
    let places: Vec<AccountIx> = known.inventory.accounts_with_places().map(|(place, _)| place).collect();
    let lockable = || {
        places
            .iter()
            .copied()
            .filter(|place| *lock.rule(*place) == Rule::Lockable)
    };
    let Some(Overlay::Unlock(screen)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    match action {
        Action::Down => screen.cursor.step(1, places.len()),
        Action::Up => screen.cursor.step(-1, places.len()),
        Action::First => screen.cursor.step(isize::MIN, places.len()),
        Action::Last => screen.cursor.step(isize::MAX, places.len()),
        Action::HalfDown | Action::PageDown => screen.cursor.step(8, places.len()),
        Action::HalfUp | Action::PageUp => screen.cursor.step(-8, places.len()),
        Action::TickAll => screen.ticked = lockable().collect(),
        Action::TickNone => screen.ticked.clear(),
        Action::Open => screen.minutes = neighbour(screen.minutes, 1),
        Action::Close => screen.minutes = neighbour(screen.minutes, -1),
        Action::Toggle => {
            let place = places.get(screen.cursor.at).copied();
            let place = place.filter(|place| *lock.rule(*place) == Rule::Lockable);
            if let Some(place) = place
                && !screen.ticked.remove(&place)
            {
                screen.ticked.insert(place);
            }
        }
        Action::Enter => {
            let accounts: Vec<AccountIx> = screen.ticked.iter().copied().collect();
            let until = now.checked_add(SignedDuration::from_mins(i64::from(screen.minutes)));
            return unlock(state, accounts, until.unwrap_or(now));
        }
        _ => {}
    }
    Vec::new()
}

fn unlock(state: &mut State, accounts: Vec<AccountIx>, until: jiff::Timestamp) -> Vec<Effect> {
    if accounts.is_empty() {
        state.refuse("no account is ticked: space ticks one, esc leaves it locked");
        return Vec::new();
    }
    state.overlays.pop();
    state.lock.unlock(&accounts, until);
    state.say("unlocked; w locks it again. Nothing is written without a review and a yes");
    vec![Effect::Unlock { accounts, until }]
}

fn neighbour(minutes: u16, by: isize) -> u16 {
    let at = LENGTHS.iter().position(|other| *other == minutes).unwrap_or(0);
    let at = at.saturating_add_signed(by).min(LENGTHS.len() - 1);
    LENGTHS.get(at).copied().unwrap_or(USUAL)
}

/// Draws the list.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, screen: &Unlock) {
    let look = &state.look;
    let accounts = known.inventory.accounts().len();
    let height = u16::try_from(accounts + AROUND + 2).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, 84.min(area.width.saturating_sub(4)), height);
    let title = Line::styled("Unlock writing", look.style(Tone::Heading));
    let note = format!("for {} min", screen.minutes);
    let inner = pane::inset(pane::draw(buffer, area, look, title, &note, Focus::Acting));
    row::text(
        buffer,
        row::at(inner, 0),
        "Which accounts may be written to? Everything is still reviewed first.",
        look.style(Tone::Plain),
    );
    let list = Rect {
        y: inner.y.saturating_add(2),
        height: inner.height.saturating_sub(AROUND as u16),
        ..inner
    };
    if accounts > usize::from(list.height) {
        let text = format!("{accounts} accounts: j/k leads to those that are not in view.");
        row::text(buffer, row::at(inner, 1), &text, look.style(Tone::Warn));
    }
    let all = known
        .inventory
        .accounts_with_places()
        .enumerate()
        .skip(screen.cursor.top);
    for ((line, (place, account)), area) in all.zip(list.rows()) {
        let rule = state.lock.rule(place);
        let (mark, why) = match rule {
            Rule::Lockable if screen.ticked.contains(&place) => ("[x]", ""),
            Rule::Lockable => ("[ ]", ""),
            Rule::Open => (" w ", "read_only = false: may always be written to"),
            Rule::Never(why) => (" - ", why.as_str()),
        };
        let env = match account.env {
            Env::Unknown => "counts as PROD".to_owned(),
            _ => known.env(look, place),
        };
        let name = look.account(place, account);
        let text = format!("{mark} {name:<20} {:<13} {env}  {why}", look.account_id(account.id));
        let tone = if *rule == Rule::Lockable {
            Tone::Plain
        } else {
            Tone::Dim
        };
        row::text(buffer, area, &text, look.style(tone));
        if line == screen.cursor.at {
            row::select(buffer, area, look);
        }
    }
    let last = row::at(inner, usize::from(inner.height.saturating_sub(1)));
    let text = format!(
        "{} ticked, for {} minutes. enter unlocks, esc leaves it locked.",
        screen.ticked.len(),
        screen.minutes
    );
    row::text(buffer, last, &text, look.style(Tone::Dim));
}
