//! The activity: what each account's budget is used for, what the scan is at, and the latest requests.

mod draw;

use crate::engine::progress::{Outcome, RequestNote};
use crate::report::text::count as count_of;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::state::{State, Target};
use crate::tui::when;

pub use draw::draw;
use draw::{requests_height, word};

/// What the activity remembers.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    cursor: Cursor,
    /// The request under the cursor; none to stay with the latest.
    selected: Option<u64>,
    /// Which requests are listed.
    pub listing: Listing,
}

/// Which requests are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listing {
    /// All of them.
    #[default]
    All,
    /// Those that failed.
    Errors,
}

impl Activity {
    /// The requests to list, the latest first.
    fn requests<'a>(&self, state: &'a State) -> Vec<&'a RequestNote> {
        let notes = state.progress.requests.iter().rev();
        notes
            .filter(|note| self.listing == Listing::All || matches!(note.outcome, Outcome::Failed { .. }))
            .collect()
    }

    /// What an action would be about.
    pub fn target(&self, state: &State) -> Target {
        let requests = self.requests(state);
        let Some(note) = requests.get(self.cursor.at).filter(|_| self.selected.is_some()) else {
            return Target::default();
        };
        Target {
            name: note.zone.as_ref().map(|(_, name)| name.clone()),
            zone: note.zone.as_ref().map(|(id, _)| crate::model::zone::ZoneKey {
                account: note.account,
                id: id.clone(),
            }),
            account: Some(note.account),
        }
    }
}

/// Keeps the cursor on its request, and in view.
pub fn settle(state: &mut State) {
    let height = requests_height(state);
    let requests = state.activity.requests(state);
    let len = requests.len();
    let line = requests
        .iter()
        .position(|note| Some(note.number) == state.activity.selected);
    match (state.activity.selected, line) {
        (Some(_), Some(line)) => state.activity.cursor.follow(line),
        _ => {
            state.activity.selected = None;
            state.activity.cursor = Cursor::default();
        }
    }
    state.activity.cursor.settle(len, height);
}

/// Does what an action asks of the activity.
pub fn perform(state: &mut State, _known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(requests_height(state)).unwrap_or(1).max(1);
    let len = state.activity.requests(state).len();
    let cursor = &mut state.activity.cursor;
    match action {
        Action::Down => cursor.step(1, len),
        Action::Up => cursor.step(-1, len),
        Action::HalfDown | Action::PageDown => cursor.step(page, len),
        Action::HalfUp | Action::PageUp => cursor.step(-page, len),
        Action::First => cursor.at = 0,
        Action::Last => cursor.step(isize::MAX, len),
        Action::Errors => {
            state.activity.listing = match state.activity.listing {
                Listing::All => Listing::Errors,
                Listing::Errors => Listing::All,
            };
            state.activity.selected = None;
            return Vec::new();
        }
        Action::Enter => {
            show(state);
            return Vec::new();
        }
        _ => return Vec::new(),
    }
    // The first line is the latest request, whichever that is.
    let at = state.activity.cursor.at;
    state.activity.selected = state
        .activity
        .requests(state)
        .get(at)
        .filter(|_| at > 0)
        .map(|note| note.number);
    Vec::new()
}

/// Shows one request in full.
fn show(state: &mut State) {
    let requests = state.activity.requests(state);
    let Some(note) = requests.get(state.activity.cursor.at) else {
        return;
    };
    let look = &state.look;
    let mut lines = vec![
        format!("At       {} UTC", when::clock(note.at)),
        format!("Took     {} ms", note.took.as_millis()),
    ];
    if let Some((id, name)) = &note.zone {
        lines.push(format!("Zone     {name} {}", look.zone_id(id)));
    }
    match &note.outcome {
        Outcome::Answered(count) => lines.push(format!("Answer   {}", count_of(*count, "item"))),
        Outcome::Failed {
            kind,
            message,
            retry_in,
        } => {
            lines.push(format!("Failed   {}", word(*kind)));
            lines.push(look.outside(message, 4_000));
            if let Some(wait) = retry_in {
                lines.push(format!("Again in {:.1}s", wait.as_secs_f32()));
            }
        }
    }
    let pane = super::text::TextPane::new(format!("{} #{}", note.action, note.number), lines);
    state.overlays.push(crate::tui::state::Overlay::Text(pane));
}
