//! The changes that zonecut made from here, as the journal holds them: what, where, when, by whom, what became of it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::wizard::{self, Shown};
use crate::model::account::Env;
use crate::model::name::DnsName;
use crate::plan::wish::{Patience, Want};
use crate::plan::{Goal, Plan, PlanId, Refusal};
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::state::{Overlay, State, Target};
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};
use crate::tui::works::{Change, Journaled, Standing};

/// What the list remembers.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    journal: Heard,
    cursor: Cursor,
    scroll: usize,
    /// Whether what is open was offered already.
    was_offered: bool,
}

/// What is known of the journal.
#[derive(Debug, Clone, Default)]
enum Heard {
    /// Nothing yet.
    #[default]
    Nothing,
    /// It was read.
    Read(Arc<Journaled>),
    /// It could not be read.
    Failed(Refusal),
}

impl Changes {
    /// The changes, the newest first.
    pub fn all(&self) -> &[Change] {
        match &self.journal {
            Heard::Read(journal) => &journal.changes,
            _ => &[],
        }
    }

    /// The change under the cursor.
    pub fn selected(&self) -> Option<&Change> {
        self.all().get(self.cursor.at)
    }

    /// A change by its id.
    pub fn find(&self, id: &PlanId) -> Option<&Change> {
        self.all().iter().find(|change| change.plan.id == *id)
    }

    /// What an action would be about.
    pub fn target(&self) -> Target {
        Target {
            name: self.selected().map(|change| change.plan.subject.clone()),
            ..Target::default()
        }
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        let len = self.all().len();
        self.cursor.settle(len, height);
    }

    /// The changes that wait to be gone on with, or taken back.
    pub fn open(&self) -> impl Iterator<Item = &Change> {
        self.all().iter().filter(|change| change.standing.is_open())
    }
}

/// How many rows of the list are in view; the rest says what the selected one is.
pub fn list_height(state: &State) -> usize {
    let inside = view::body_height(state).saturating_sub(2);
    let len = state.changes.all().len().max(1);
    len.min(inside / 2).max(inside.min(3))
}

/// Takes what the journal holds; what is open is offered once, before anything else.
pub fn hear(state: &mut State, journal: Result<Journaled, Refusal>) {
    let changes = &mut state.changes;
    changes.journal = match journal {
        Ok(journal) => Heard::Read(Arc::new(journal)),
        Err(refusal) => Heard::Failed(refusal),
    };
    let is_first = !std::mem::replace(&mut changes.was_offered, true);
    let at = changes.all().iter().position(|change| change.standing.is_open());
    if let Some(at) = at.filter(|_| is_first && state.wizard.is_none()) {
        state.changes.cursor.at = at;
        state.overlays.push(Overlay::Unfinished);
    }
}

/// Why the selected change cannot be taken back.
pub fn undo_refusal(state: &State) -> Option<String> {
    match state.changes.selected() {
        None => Some("no change is selected".to_owned()),
        Some(change) => change.undo.clone().err(),
    }
}

/// Why the selected change cannot be gone on with.
pub fn resume_refusal(state: &State, known: Known<'_>) -> Option<String> {
    let change = match state.changes.selected() {
        None => return Some("no change is selected".to_owned()),
        Some(change) => change,
    };
    if !change.standing.is_open() {
        return Some("it is not open".to_owned());
    }
    state.lock.pass(&change.plan, known.inventory, state.now).err()
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(list_height(state)).unwrap_or(1).max(1);
    let furthest = furthest(state, known);
    let screen = &mut state.changes;
    let len = screen.all().len();
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        Action::HalfDown => page / 2,
        Action::HalfUp => -page / 2,
        Action::PageDown => page,
        Action::PageUp => -page,
        Action::NextTab => {
            screen.scroll = screen.scroll.saturating_add(5).min(furthest);
            0
        }
        Action::PreviousTab => {
            screen.scroll = screen.scroll.saturating_sub(5);
            0
        }
        Action::Enter => return enter(state, known),
        Action::Undo => return undo(state, known),
        Action::Resume => return resume(state),
        Action::SavePlan => {
            let plan = screen.selected().map(|change| Box::new(change.plan.clone()));
            return plan.map(Effect::SavePlan).into_iter().collect();
        }
        _ => 0,
    };
    if by != 0 {
        screen.cursor.step(by, len);
        screen.scroll = 0;
    }
    Vec::new()
}

/// What is being applied is shown again; of what is over, the whole of it.
fn enter(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(change) = state.changes.selected() else {
        bring_back(state);
        return Vec::new();
    };
    let of = state
        .wizard
        .as_ref()
        .and_then(|wizard| wizard.guide.plan())
        .map(|plan| &plan.id);
    if of == Some(&change.plan.id) {
        bring_back(state);
        return Vec::new();
    }
    let lines = wizard::diff(state, known, &change.plan, 200);
    let lines = lines.iter().map(ToString::to_string).collect();
    let title = format!("{} {}", wizard::goal_words(&change.plan), change.plan.subject);
    let pane = super::text::TextPane::new(title, lines);
    state.overlays.push(Overlay::Text(pane));
    Vec::new()
}

/// Shows the change again that goes on behind the other screens.
pub fn bring_back(state: &mut State) {
    if let Some(wizard) = &mut state.wizard {
        wizard.shown = Shown::Here;
    }
}

fn undo(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(change) = state.changes.selected() else {
        return Vec::new();
    };
    let want = Want::Undo {
        of: change.plan.id.clone(),
        patience: Patience::Wait,
    };
    let what = format!("Undo {} of", wizard::goal_words(&change.plan));
    wizard::begin(state, known, what, want)
}

fn resume(state: &mut State) -> Vec<Effect> {
    let plan = state.changes.selected().map(|change| change.plan.clone());
    plan.map_or_else(Vec::new, |plan| wizard::resume(state, plan))
}

/// Draws the list, and what the selected one is.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let screen = &state.changes;
    let title = Line::styled(format!("Changes {}", screen.all().len()), look.style(Tone::Heading));
    let place = match &screen.journal {
        Heard::Read(journal) => look.prose(&journal.place, known.inventory.accounts()),
        _ => String::new(),
    };
    let inner = pane::inset(pane::draw(buffer, area, look, title, &place, Focus::Here));
    let (list, below) = pane::split(buffer, inner, list_height(state), look);
    draw_list(buffer, list, state, known);
    let lines = about(state, known, usize::from(inner.width));
    let scroll = pane::Scroll {
        lines: screen.scroll,
        keys: Keymap::standard().keys(Context::Changes, &[Action::NextTab]),
    };
    pane::text(buffer, below, look, &lines, &scroll);
}

fn furthest(state: &State, known: Known<'_>) -> usize {
    let body = view::Areas::of(state).body;
    let lines = about(state, known, usize::from(body.width.saturating_sub(4)));
    let height = usize::from(body.height).saturating_sub(list_height(state) + 4);
    lines.len().saturating_sub(height)
}

/// Below this width the year and whoever it was are left out.
const NARROW: u16 = 96;

fn widths(width: u16) -> [u16; 6] {
    let (when, who, account) = match width {
        0..NARROW => (11, 0, 17),
        _ => (17, 20, 20),
    };
    let others = [8, when, who, account, 8];
    let used: u16 = others.iter().filter(|w| **w > 0).map(|w| w + 1).sum();
    [8, when, who, account, width.saturating_sub(used), 8]
}

fn draw_list(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let widths = widths(area.width);
    let heads = ["ID", "WHEN", "WHO", "ACCOUNT", "CHANGE", "STATE"].map(|head| Cell::new(head, look.style(Tone::Dim)));
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let list = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let screen = &state.changes;
    for ((line, change), place) in screen.all().iter().enumerate().skip(screen.cursor.top).zip(list.rows()) {
        row::draw(buffer, place, &widths, &cells(state, known, change, area.width));
        if line == screen.cursor.at {
            row::select(buffer, place, look);
        }
    }
    if screen.all().is_empty() {
        let text = match &screen.journal {
            Heard::Nothing => "The journal is being read.",
            Heard::Read(_) => "Nothing was changed from here yet.",
            Heard::Failed(_) => "The journal could not be read.",
        };
        row::text(buffer, row::at(list, 0), text, Style::new());
    }
}

fn cells(state: &State, known: Known<'_>, change: &Change, width: u16) -> [Cell; 6] {
    let when = if width < NARROW {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    let look = &state.look;
    let plain = Style::new();
    let prose = |text: &str| look.prose(text, known.inventory.accounts());
    let plan = &change.plan;
    let tone = match &change.standing {
        Standing::Open(_) => Tone::Warn,
        Standing::Verified => Tone::Ok,
        Standing::Unproven => Tone::Warn,
        Standing::Undone => Tone::Dim,
        Standing::Refused(_) => Tone::Broken,
    };
    [
        Cell::new(plan.id.short(), look.style(Tone::Dim)),
        Cell::new(change.at.strftime(when).to_string(), plain),
        Cell::new(prose(&change.who), plain),
        Cell::middle(prose(&account_words(plan)), plain),
        // The name first: where there is little room, what was done to it is told below.
        Cell::new(
            format!("{}  {}", shown_name(look, &plan.subject), wizard::goal_words(plan)),
            plain,
        ),
        Cell::new(change.standing.word(), look.style(tone)),
    ]
}

fn shown_name(look: &crate::tui::look::Look, name: &DnsName) -> String {
    look.raw(&name.to_string(), 300)
}

/// The account that the last step writes to, and how many more there are.
fn account_words(plan: &Plan) -> String {
    let mut parties: Vec<_> = Vec::new();
    for step in plan.steps.iter().rev().filter(|step| step.is_write()) {
        parties.extend(step.party().filter(|party| !parties.contains(party)));
    }
    let more = match parties.len() {
        0 | 1 => String::new(),
        count => format!(" +{}", count - 1),
    };
    let last = parties.first().and_then(|party| plan.party(*party));
    last.map_or_else(String::new, |party| {
        let prod = if party.env == Env::Prod { " PROD" } else { "" };
        format!("{}{prod}{more}", party.name.printable())
    })
}

fn about(state: &State, known: Known<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let prose = |text: &str| state.look.prose(text, known.inventory.accounts());
    if let Heard::Failed(refusal) = &state.changes.journal {
        page.text(0, &prose(&refusal.what), Tone::Broken);
        if let Some(next) = &refusal.next {
            page.text(0, &prose(next), Tone::Plain);
        }
    }
    if let Heard::Read(journal) = &state.changes.journal
        && let Some(trouble) = &journal.trouble
    {
        page.text(0, &prose(trouble), Tone::Broken);
        page.gap();
    }
    let Some(change) = state.changes.selected() else {
        page.text(
            0,
            "Every write made by zonecut on this machine is kept here, with its exact inverse.",
            Tone::Dim,
        );
        return page.lines;
    };
    match &change.standing {
        Standing::Open(how) => page.field("OPEN", &format!("{}. r goes on with it, u takes it back.", prose(how))),
        Standing::Refused(why) => page.field("REFUSED", &prose(why)),
        Standing::Unproven => page.field("UNPROVEN", "it was sent, and was not seen from outside"),
        Standing::Verified | Standing::Undone => {}
    }
    match (&change.undo, &change.plan.goal) {
        (Ok(()), Goal::Undo { .. }) => page.field("UNDO", "u takes back what this undo did"),
        (Ok(()), _) => page.field(
            "UNDO",
            &prose(&change.plan.outlook.undo).replacen("zonecut undo", "u", 1),
        ),
        (Err(why), _) => page.field("LOCKED", &prose(why)),
    }
    page.gap();
    page.lines.extend(wizard::diff(state, known, &change.plan, width));
    page.lines
}

/// Draws what is offered at the start: a change that was left in the middle.
pub fn draw_unfinished(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let count = state.changes.open().count();
    let mut page = Page::new(state, known, usize::from(area.width.min(84).saturating_sub(4)));
    if let Some(change) = state.changes.selected() {
        let prose = |text: &str| look.prose(text, known.inventory.accounts());
        let how = match &change.standing {
            Standing::Open(how) => prose(how),
            other => other.word().to_owned(),
        };
        let plan = &change.plan;
        let what = format!("{} {}", wizard::goal_words(plan), plan.subject);
        page.text(
            0,
            &format!(
                "{what}, begun {} UTC by {}, was left in the middle.",
                change.at.strftime("%Y-%m-%d %H:%M"),
                prose(&change.who)
            ),
            Tone::Plain,
        );
        let (places, sums) = wizard::places_and_sums(state, known, plan);
        page.field("IN", &places);
        page.field("PLAN", &sums);
        page.field("SO FAR", &how);
        page.gap();
        let key = Keymap::standard().keys(Context::Unfinished, &[Action::Resume]);
        let resume = resume_refusal(state, known).map_or_else(String::new, |why| format!(" ({why})"));
        page.text(
            0,
            &format!("{key}  go on with it: what exists is adopted, nothing is sent twice{resume}"),
            Tone::Plain,
        );
        let undo = undo_refusal(state).map_or_else(String::new, |why| format!(" ({why})"));
        page.text(
            0,
            &format!("u  take back what was done, after a review{}", prose(&undo)),
            Tone::Plain,
        );
        page.text(
            0,
            "enter  look at it    esc  later; it stays under Changes (4)",
            Tone::Plain,
        );
    }
    if count > 1 {
        page.gap();
        page.text(
            0,
            &format!("{count} changes are open; the others are under Changes (4)."),
            Tone::Dim,
        );
    }
    let height = u16::try_from(page.lines.len() + 2).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, 84.min(area.width), height);
    let title = Line::styled("A change is not finished", look.style(Tone::Heading));
    let inner = pane::inset(pane::draw(buffer, area, look, title, "", Focus::Acting));
    row::lines(buffer, inner, &page.lines, 0);
}

/// Draws what ctrl-c asks while a change is being applied.
pub fn draw_leaving(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let mut page = Page::new(state, known, usize::from(area.width.min(76).saturating_sub(4)));
    let now = state
        .wizard
        .as_ref()
        .map_or_else(String::new, |wizard| wizard.watch.sentence());
    let now = look.prose(&now, known.inventory.accounts());
    page.text(0, "A change is being applied. What was sent stays sent; quitting stops only the watching, and whatever was not sent yet.", Tone::Plain);
    page.field("NOW", &now);
    page.gap();
    page.text(
        0,
        "The change stays open in the journal and is offered again at the next start.",
        Tone::Plain,
    );
    page.text(0, "ctrl-c  quit now    esc  stay", Tone::Heading);
    let height = u16::try_from(page.lines.len() + 2).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, 76.min(area.width), height);
    let title = Line::styled("Quit?", look.style(Tone::Heading));
    let inner = pane::inset(pane::draw(buffer, area, look, title, "", Focus::Acting));
    row::lines(buffer, inner, &page.lines, 0);
}
