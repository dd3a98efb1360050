//! Saving what stands at the end of the walk: the plan, or the request.

use super::{Wizard, handover};
use crate::plan::Refusal;
use crate::tui::effect::Effect;
use crate::tui::state::State;

/// Whether there is something to save: a plan, or a request.
pub fn can_save(wizard: &Wizard) -> bool {
    wizard.guide.plan().is_some() || handover::save(wizard).is_some()
}

/// Saves the plan, or the request.
pub(super) fn save(state: &mut State) -> Vec<Effect> {
    if let Some(effect) = state.wizard.as_ref().and_then(handover::save) {
        return vec![effect];
    }
    let plan = state.wizard.as_ref().and_then(|wizard| wizard.guide.plan());
    plan.map_or_else(Vec::new, |plan| vec![Effect::SavePlan(Box::new(plan.clone()))])
}

/// Says what came of it.
pub(super) fn saved(state: &mut State, outcome: Result<String, Refusal>) {
    match outcome {
        Ok(place) => state.say(format!("saved: {place}")),
        Err(refusal) => state.refuse(refusal.what),
    }
}
