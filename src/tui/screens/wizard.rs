//! A change, step by step: what is wished for, what was checked, what would be sent, the yes, and what comes of it.
//!
//! Invariant: before the yes nothing leaves but drafts, which only read; esc leaves it at any step, and nothing is changed.

mod choose;
mod draw;
mod entry;
mod handover;
mod items;
mod review;
mod rows;
mod saving;
mod sets;
mod so_far;
mod watch;
mod way;
mod zones;

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;

use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::plan::entry::Place;
use crate::plan::guide::{Draft, Guide, Stage, places};
use crate::plan::preflight::Firmness;
use crate::plan::wish::{Contents, Patience, Teardown, Want};
use crate::plan::{Plan, Refusal};
use crate::report::handover::Handover;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::field::Field;
use crate::tui::known::Known;
use crate::tui::message::Message;
use crate::tui::screens::round::{self, TurnIx};
use crate::tui::state::State;
use crate::tui::view;
use crate::tui::works::{Applying, Over};

pub use draw::{draw, sentence};
use entry::Form;
pub use entry::{add as add_record, change as change_record};
pub use items::{Button, Item};
pub use review::{copy_text, diff, goal_words, places_and_sums};
pub use saving::can_save;
use saving::{save, saved};
use sets::Sets;
pub use watch::Watch;

/// Whether it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// It is.
    #[default]
    Here,
    /// A change goes on behind the other screens.
    Aside,
}

/// What the wizard remembers.
#[derive(Debug, Clone)]
pub struct Wizard {
    /// The walk itself.
    pub guide: Guide,
    /// Whether it is on the screen.
    pub shown: Shown,
    /// What is heard of the apply.
    pub watch: Watch,
    /// The turn that it is for, where several findings are mended.
    pub turn: Option<TurnIx>,
    /// What it is, in a word or two: `Delegate`, `Fix dangling-delegation`.
    what: String,
    /// The name that it is about, where that is known before there is a plan.
    about: Option<DnsName>,
    focus: usize,
    name: Field,
    ttl: Field,
    phrase: Field,
    reason: Field,
    /// What the owner of the zone above is given, once it was read.
    handover: Option<Result<Handover, Refusal>>,
    /// The reusable delegation sets of accounts, as far as they were asked for.
    sets: BTreeMap<AccountIx, Sets>,
    /// The record set that is typed.
    form: Option<Form>,
    /// The check that a reason is typed for.
    overriding: Option<String>,
    scroll: usize,
}

impl Wizard {
    fn new(what: impl Into<String>, guide: Guide) -> Self {
        Self {
            guide,
            shown: Shown::Here,
            watch: Watch::default(),
            turn: None,
            what: what.into(),
            about: None,
            focus: 0,
            name: Field::default(),
            ttl: Field::default(),
            phrase: Field::default(),
            reason: Field::default(),
            handover: None,
            sets: BTreeMap::new(),
            form: None,
            overriding: None,
            scroll: 0,
        }
    }

    /// Whether a change is being applied.
    pub fn is_applying(&self) -> bool {
        self.guide.stage() == Stage::Apply && !self.watch.is_over()
    }

    /// Whether something on it moves by itself.
    pub fn is_moving(&self) -> bool {
        match self.guide.stage() {
            Stage::Apply => !self.watch.is_over(),
            Stage::Review => true,
            Stage::Request => self.handover.is_none(),
            Stage::Child => self.sets.values().any(|sets| matches!(sets, Sets::Reading)),
            _ => *self.guide.draft() == Draft::UnderWay,
        }
    }

    /// Whether the focus is on the button that applies.
    pub fn is_on_apply(&self) -> bool {
        let items = items::of_review(self);
        self.guide.stage() == Stage::Review && items.get(self.focus) == Some(&Item::Button(Button::Apply))
    }

    /// Whether something is checked at this step.
    pub fn can_check(&self) -> bool {
        matches!(self.guide.stage(), Stage::Checks | Stage::Review)
    }

    /// The name it is about, as far as it is chosen.
    pub fn subject(&self) -> Option<&DnsName> {
        let chosen = self.guide.delegation().and_then(|delegation| delegation.name.as_ref());
        let chosen = chosen.or_else(|| self.form.as_ref().map(|form| &form.apex));
        chosen
            .or_else(|| self.guide.plan().map(|plan| &plan.subject))
            .or(self.about.as_ref())
    }

    /// The name of the footer of its step.
    pub fn footer(&self) -> &'static str {
        match self.guide.stage() {
            Stage::Child | Stage::Parent | Stage::Options => "wizard",
            Stage::Entry => "wizard-entry",
            Stage::Checks => "wizard-checks",
            Stage::Review => "wizard-review",
            Stage::Request => "wizard-request",
            Stage::Apply if self.watch.is_over() => "wizard-over",
            Stage::Apply => "wizard-apply",
        }
    }

    /// Why what was applied here cannot be taken back.
    pub fn undo_refusal(&self) -> Option<String> {
        match (self.guide.stage(), self.watch.over()) {
            (Stage::Apply, None) => Some("it is being applied; s stops it".to_owned()),
            (Stage::Apply, Some(Over::Refused(_))) | (_, None) => Some("nothing was changed".to_owned()),
            (_, Some(_)) => None,
        }
    }

    /// The line that is typed into, if one has the focus.
    fn field_mut(&mut self, items: &[Item]) -> Option<&mut Field> {
        Some(match items.get(self.focus)? {
            Item::Name => &mut self.name,
            Item::Ttl => &mut self.ttl,
            Item::Phrase => &mut self.phrase,
            Item::Reason => &mut self.reason,
            Item::Entry(place) => return self.form.as_mut()?.field_mut(*place),
            _ => return None,
        })
    }

    fn focus_on(&mut self, items: &[Item], wanted: impl Fn(&Item) -> bool) {
        self.focus = items.iter().position(wanted).unwrap_or(0);
    }

    fn step(&mut self, by: isize, items: &[Item]) {
        let len = isize::try_from(items.len()).unwrap_or(isize::MAX).max(1);
        let at = isize::try_from(self.focus).unwrap_or(0);
        self.focus = usize::try_from((at + by).rem_euclid(len)).unwrap_or(0);
    }
}

/// Begins a delegation: of the selected name where nobody delegates it yet, else of a new name below it.
pub fn delegate(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(name) = state.target(known).name else {
        return Vec::new();
    };
    let is_delegated = known
        .survey
        .cut(&name)
        .is_some_and(|verdict| verdict.cut.delegation.is_some());
    let is_top = places::parents(known.inventory, &name).is_empty();
    let mut wizard = if is_delegated || is_top {
        let mut wizard = Wizard::new("Delegate", Guide::delegate(None));
        wizard.name = Field::new(&format!(".{name}"), 0);
        wizard
    } else {
        let mut wizard = Wizard::new("Delegate", Guide::delegate(Some(name.clone())));
        let text = name.to_string();
        wizard.name = Field::new(&text, text.len());
        wizard
    };
    wizard.ttl = Field::new("300", 3);
    let is_named = wizard
        .guide
        .delegation()
        .is_some_and(|delegation| delegation.name.is_some());
    let items = items::of(&wizard, known);
    if is_named {
        wizard.focus_on(&items, |item| matches!(item, Item::Child(_)));
    }
    let mut effects = open(state, wizard);
    effects.extend(sets::ask(state, known));
    effects
}

/// Begins a change that is whole from the start.
pub fn begin(state: &mut State, known: Known<'_>, what: impl Into<String>, want: Want) -> Vec<Effect> {
    let about = match &want {
        Want::Repair(repair) => Some(repair.name.clone()),
        Want::Teardown(teardown) => Some(teardown.name.clone()),
        Want::Undo { of, .. } => state.changes.find(of).map(|change| change.plan.subject.clone()),
        _ => None,
    };
    let mut wizard = Wizard::new(what, Guide::to(want));
    wizard.about = about;
    let mut effects = open(state, wizard);
    effects.extend(enter_stage(state, known));
    effects
}

/// Begins to take the selected delegation and its zone out.
pub fn teardown(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let target = state.target(known);
    let Some(name) = target.name else { return Vec::new() };
    let want = Want::Teardown(Teardown {
        name,
        zone: target.zone.map(|key| key.id),
        patience: Patience::Wait,
        contents: Contents::MustBeEmpty,
    });
    begin(state, known, "Take out", want)
}

/// Begins to take back what was just applied.
fn undo(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let plan = state.wizard.as_ref().and_then(|wizard| wizard.guide.plan());
    let Some(plan) = plan else { return Vec::new() };
    let what = format!("Undo {} of", goal_words(plan));
    let want = Want::Undo {
        of: plan.id.clone(),
        patience: Patience::Wait,
    };
    begin(state, known, what, want)
}

/// Goes on with a change that was left in the middle.
pub fn resume(state: &mut State, plan: Plan) -> Vec<Effect> {
    let mut guide = Guide::to(Want::Undo {
        of: plan.id.clone(),
        patience: Patience::Wait,
    });
    guide.resume(plan.clone());
    state.wizard = Some(Wizard::new("Go on with", guide));
    state.overlays.clear();
    vec![Effect::Apply {
        plan: Box::new(plan),
        how: Applying::Resumed,
    }]
}

fn open(state: &mut State, wizard: Wizard) -> Vec<Effect> {
    state.overlays.clear();
    state.wizard = Some(wizard);
    Vec::new()
}

/// Asks for a draft where one is wanted, and puts the focus where it is harmless.
fn enter_stage(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    wizard.scroll = 0;
    wizard.overriding = None;
    // A reason that was chosen stands where it was typed, to be read again and mended.
    wizard.reason = match (wizard.guide.stage(), draw::patience(wizard)) {
        (Stage::Options, Some(Patience::Now(reason))) => Field::new(&reason.printable(), usize::MAX),
        _ => Field::default(),
    };
    let items = items::of(wizard, known);
    match wizard.guide.stage() {
        Stage::Review => wizard.focus_on(&items, |item| *item == Item::Button(Button::Cancel)),
        Stage::Checks => wizard.focus_on(&items, |item| *item == Item::Button(Button::Next)),
        stage => wizard.focus_on(&items, |item| wizard_choice(item, stage)),
    }
    let mut effects = ask_for_draft(state);
    effects.extend(handover::ask(state, known));
    effects
}

fn wizard_choice(item: &Item, stage: Stage) -> bool {
    match stage {
        Stage::Options => *item == Item::Button(Button::Next),
        Stage::Entry => matches!(item, Item::Entry(_)),
        _ => matches!(item, Item::Child(_) | Item::Parent(_)),
    }
}

fn ask_for_draft(state: &mut State) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    if !wizard.guide.wants_draft() {
        return Vec::new();
    }
    wizard.phrase = Field::default();
    let asked = wizard.guide.ask();
    asked.map_or_else(Vec::new, |(number, wish)| {
        vec![Effect::Draft {
            number,
            wish: Box::new(wish),
        }]
    })
}

/// Takes a key that is typed into a field; none where none has the focus, or the key is not for it.
pub fn type_key(state: &mut State, known: Known<'_>, key: &KeyEvent) -> bool {
    if !is_on_top(state) {
        return false;
    }
    let Some(wizard) = &mut state.wizard else { return false };
    let items = items::of(wizard, known);
    let took = wizard.field_mut(&items).is_some_and(|field| field.key(key));
    if took {
        typed(state, known, &items);
    }
    took
}

/// Takes a text that is pasted into a field.
pub fn paste(state: &mut State, known: Known<'_>, text: &str) -> bool {
    if !is_on_top(state) {
        return false;
    }
    let Some(wizard) = &mut state.wizard else { return false };
    let items = items::of(wizard, known);
    // A name that is typed to confirm is typed: a paste would be no thought.
    if items.get(wizard.focus) == Some(&Item::Phrase) {
        state.refuse("the text is typed, not pasted");
        return true;
    }
    if let (Some(Item::Entry(Place::Value(number))), Some(form)) = (items.get(wizard.focus), &mut wizard.form) {
        form.paste(*number, text);
        typed(state, known, &items);
        // The focus goes on to the row behind the last line.
        if let Some(wizard) = &mut state.wizard {
            wizard.focus += text.lines().count().saturating_sub(1);
        }
        return true;
    }
    let Some(field) = wizard.field_mut(&items) else {
        return false;
    };
    field.paste(text);
    typed(state, known, &items);
    true
}

fn is_on_top(state: &State) -> bool {
    state.overlays.is_empty() && state.wizard_on_screen().is_some()
}

fn typed(state: &mut State, known: Known<'_>, items: &[Item]) {
    let now = state.now;
    let Some(wizard) = &mut state.wizard else { return };
    match items.get(wizard.focus) {
        Some(Item::Name) => {
            let name = DnsName::parse_input(wizard.name.text()).ok();
            let fits = name.filter(|name| {
                let is_held = !known.inventory.public_zones(name.as_wire()).is_empty();
                is_held || !places::parents(known.inventory, name).is_empty()
            });
            wizard.guide.name(fits);
        }
        Some(Item::Ttl) => {
            if let Ok(ttl) = wizard.ttl.text().trim().parse() {
                wizard.guide.ttl(ttl);
            }
        }
        Some(Item::Entry(_)) => {
            if let Some(form) = &mut wizard.form {
                form.grow();
                wizard.guide.enter(form.entry());
            }
        }
        Some(Item::Phrase) => {
            let text = wizard.phrase.text().to_owned();
            wizard.guide.consent_mut().type_text(&text, now);
        }
        _ => {}
    }
}

/// Does what an action asks of the wizard.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let mut effects = act(state, known, action);
    effects.extend(sets::ask(state, known));
    effects
}

fn act(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(view::body_height(state))
        .unwrap_or(1)
        .saturating_sub(6)
        .max(1);
    let furthest = draw::furthest(state, known);
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let items = items::of(wizard, known);
    let is_text = matches!(
        wizard.guide.stage(),
        Stage::Review | Stage::Request | Stage::Apply | Stage::Checks
    );
    let scroll = match action {
        Action::Down if is_text => 1,
        Action::Up if is_text => -1,
        Action::HalfDown | Action::PageDown => page,
        Action::HalfUp | Action::PageUp => -page,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        Action::Down | Action::NextPane => {
            wizard.step(1, &items);
            0
        }
        Action::Up | Action::PreviousPane => {
            wizard.step(-1, &items);
            0
        }
        Action::Enter | Action::Toggle => return choose::choose(state, known, action),
        Action::RunChecks => return run_checks(state),
        Action::Override => {
            begin_override(state, known);
            0
        }
        Action::SavePlan => return save(state),
        Action::Undo => return undo(state, known),
        Action::Background => {
            put_aside(state);
            0
        }
        Action::StopApplying => {
            state.say("it ends after the call that is under way; the change stays open, and Changes offers to go on");
            return vec![Effect::StopApplying];
        }
        _ => 0,
    };
    if let Some(wizard) = &mut state.wizard {
        wizard.scroll = wizard.scroll.min(furthest).saturating_add_signed(scroll).min(furthest);
    }
    Vec::new()
}

/// Lets an apply go on behind the other screens.
pub fn put_aside(state: &mut State) {
    if let Some(wizard) = &mut state.wizard {
        wizard.shown = Shown::Aside;
    }
    state.say("it goes on; 4 shows it");
}

fn run_checks(state: &mut State) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    if *wizard.guide.draft() == Draft::UnderWay {
        return Vec::new();
    }
    wizard.guide.start_over();
    ask_for_draft(state)
}

fn begin_override(state: &mut State, known: Known<'_>) {
    let Some(wizard) = &mut state.wizard else { return };
    let code = wizard.guide.plan().and_then(overridable);
    wizard.overriding = code;
    let items = items::of(wizard, known);
    wizard.focus_on(&items, |item| *item == Item::Reason);
}

/// The key of the first check that keeps the plan from being applied and that a person may override.
pub fn overridable(plan: &Plan) -> Option<String> {
    let mut stops = plan.preflight.in_the_way();
    let stop = stops.find(|check| check.firmness == Firmness::Overridable)?;
    Some(stop.key())
}

fn forward(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    match wizard.guide.forward() {
        Ok(_) => enter_stage(state, known),
        Err(why) => {
            state.refuse(why);
            Vec::new()
        }
    }
}

/// One step back, and out of the first.
pub fn back(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    if wizard.guide.back() {
        return enter_stage(state, known);
    }
    leave(state);
    Vec::new()
}

/// Leaves it; an apply goes on behind the other screens.
pub fn leave(state: &mut State) {
    let Some(wizard) = &state.wizard else { return };
    if wizard.is_applying() {
        put_aside(state);
        return;
    }
    let is_over = wizard.guide.stage() == Stage::Apply;
    let turn = wizard.turn;
    state.wizard = None;
    if !is_over {
        state.say("left; nothing was changed");
    }
    if turn.is_some() {
        round::come_back(state);
    }
}

/// Takes what came of a draft, of an apply, or of saving.
pub fn hear(state: &mut State, known: Known<'_>, message: Message) -> Vec<Effect> {
    match message {
        Message::Drafted { number, outcome } => {
            if let Some(wizard) = &mut state.wizard {
                wizard.guide.drafted(number, *outcome);
                let items = items::of(wizard, known);
                wizard.focus = wizard.focus.min(items.len().saturating_sub(1));
                if wizard.guide.stage() == Stage::Review {
                    wizard.focus_on(&items, |item| *item == Item::Button(Button::Cancel));
                }
            }
            Vec::new()
        }
        Message::Requested(outcome) => {
            if let Some(wizard) = &mut state.wizard {
                handover::hear(wizard, known, *outcome);
            }
            Vec::new()
        }
        Message::Sets { account, outcome } => {
            if let Some(wizard) = &mut state.wizard {
                sets::hear(wizard, known, account, *outcome);
            }
            Vec::new()
        }
        Message::Applied(tiding) => watch::hear(state, known, *tiding),
        Message::Saved(outcome) => {
            saved(state, outcome);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// What is to be done at every step of time: the end of the plan may be on the screen by now.
pub fn settle(state: &mut State, known: Known<'_>) {
    if state.is_too_small() || !is_on_top(state) {
        return;
    }
    let furthest = draw::furthest(state, known);
    let now = state.now;
    let Some(wizard) = &mut state.wizard else { return };
    wizard.scroll = wizard.scroll.min(furthest);
    if wizard.guide.stage() == Stage::Review && wizard.guide.plan().is_some() && wizard.scroll >= furthest {
        wizard.guide.consent_mut().see(now);
    }
}
