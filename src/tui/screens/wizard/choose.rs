//! What choosing, typing to the end and pressing a button does.

use super::items::{self, Button, Item};
use super::review;
use super::{Watch, Wizard, back, enter_stage, forward, leave, save};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::plan::consent::Missing;
use crate::plan::friction::Friction;
use crate::plan::guide::{Aim, places};
use crate::plan::preflight::Override;
use crate::plan::wish::{Contents, Patience, Teardown, Want};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::works::Applying;

/// Does what the item under the focus is for.
pub(super) fn choose(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let now = state.now;
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let items = items::of(wizard, known);
    let Some(item) = items.get(wizard.focus).cloned() else {
        return Vec::new();
    };
    match item {
        Item::Name => return name_typed(state, known),
        Item::Ttl | Item::Phrase => wizard.step(1, &items),
        Item::Entry(place) => match wizard.form.as_ref().is_some_and(|form| form.is_spare(place)) {
            true => wizard.focus_on(&items, |item| *item == Item::Button(Button::Next)),
            false => wizard.step(1, &items),
        },
        Item::Reason => return reason_typed(state, known),
        Item::Child(place) => {
            if let Some(to) = items::child_zone(place, known) {
                wizard.guide.child(to);
            }
            return on(state, known, action);
        }
        Item::Set(account, set) => {
            if let Some(to) = items::with_set(account, &set, known) {
                wizard.guide.child(to);
            }
            return on(state, known, action);
        }
        Item::Parent(zone) => {
            let id = known.inventory.zone(zone).map(|entry| entry.zone.key.id.clone());
            wizard.guide.parent(id);
            return on(state, known, action);
        }
        Item::Owner => {
            wizard.guide.ask_owner();
            return on(state, known, action);
        }
        Item::Hidden(hidden) => wizard.guide.hidden(hidden),
        Item::Patience(patience) => set_patience(wizard, patience),
        Item::Contents(contents) => set_contents(wizard, contents),
        Item::Acknowledge(check) => wizard.guide.consent_mut().toggle(&check, now),
        Item::Button(button) => return press(state, known, button),
    }
    Vec::new()
}

/// A choice that was made with enter leads on; space only makes it.
fn on(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    if action == Action::Enter {
        return forward(state, known);
    }
    Vec::new()
}

fn name_typed(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let text = wizard.name.text().trim().to_owned();
    let why = match DnsName::parse_input(&text) {
        Err(error) => Some(format!("no domain name: {error}")),
        Ok(name)
            if places::parents(known.inventory, &name).is_empty()
                && known.inventory.public_zones(name.as_wire()).is_empty() =>
        {
            Some(format!("no account holds {name}, or a zone above it"))
        }
        Ok(_) => None,
    };
    match why {
        Some(why) => state.refuse(why),
        None => {
            let items = items::of(wizard, known);
            wizard.step(1, &items);
        }
    }
    Vec::new()
}

fn reason_typed(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let reason = wizard.reason.text().trim().to_owned();
    if reason.is_empty() {
        state.refuse("a reason is needed; it stays in the journal");
        return Vec::new();
    }
    match wizard.overriding.take() {
        Some(check) => wizard.guide.go_on(Override {
            check,
            reason: Untrusted::from(reason),
        }),
        None => set_patience(wizard, Patience::Now(Untrusted::from(reason))),
    }
    enter_stage(state, known)
}

fn set_patience(wizard: &mut Wizard, patience: Patience) {
    match wizard.guide.aim() {
        Aim::Whole(Want::Teardown(teardown)) => {
            let want = Want::Teardown(Teardown {
                patience,
                ..teardown.clone()
            });
            wizard.guide.want(want);
        }
        Aim::Whole(Want::Undo { of, .. }) => {
            let of = of.clone();
            wizard.guide.want(Want::Undo { of, patience });
        }
        _ => {}
    }
}

fn set_contents(wizard: &mut Wizard, contents: Contents) {
    if let Aim::Whole(Want::Teardown(teardown)) = wizard.guide.aim() {
        let want = Want::Teardown(Teardown {
            contents,
            ..teardown.clone()
        });
        wizard.guide.want(want);
    }
}

fn press(state: &mut State, known: Known<'_>, button: Button) -> Vec<Effect> {
    match button {
        Button::Back => back(state, known),
        Button::Next => forward(state, known),
        Button::Cancel => {
            leave(state);
            Vec::new()
        }
        Button::Save => save(state),
        Button::CopyHcl => crate::tui::update::perform(state, known, Action::CopyHcl),
        Button::Apply => apply(state, known),
    }
}

/// The yes: the plan leaves for whoever applies it, if nothing is missing and the accounts are unlocked.
fn apply(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let now = state.now;
    let locked = review::locked(state, known);
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let Some(friction) = wizard.guide.plan().map(Friction::of) else {
        return Vec::new();
    };
    let why = match locked {
        Some(why) => Some(why),
        None => wizard.guide.missing(&friction, now).first().map(Missing::words),
    };
    if let Some(why) = why {
        state.refuse(format!("apply: {why}"));
        return Vec::new();
    }
    match wizard.guide.apply(&friction, now) {
        Ok(plan) => {
            wizard.watch = Watch::default();
            wizard.scroll = 0;
            let save =
                matches!(friction, Friction::TypeNameArmed { .. }).then(|| Effect::SavePlan(Box::new(plan.clone())));
            let apply = Effect::Apply {
                plan: Box::new(plan),
                how: Applying::Anew,
            };
            save.into_iter().chain([apply]).collect()
        }
        Err(missing) => {
            state.refuse(format!("apply: {}", missing.words()));
            Vec::new()
        }
    }
}
