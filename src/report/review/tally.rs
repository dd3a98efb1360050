//! The sums of a plan, and what must still be so when it is applied.

use super::steps::absolute;
use super::{Line, Role, Setting};
use crate::plan::Plan;
use crate::plan::batch::{Change, Wanted};
use crate::plan::step::Step;
use serde::Serialize;

/// How much a plan creates, changes and deletes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Record sets that are created.
    pub create: usize,
    /// Record sets that are changed.
    pub change: usize,
    /// Record sets that are deleted.
    pub delete: usize,
    /// Hosted zones that are created.
    pub zones_created: usize,
    /// Hosted zones that are deleted.
    pub zones_deleted: usize,
    /// Reusable delegation sets that are created.
    pub sets_created: usize,
    /// Reusable delegation sets that are deleted.
    pub sets_deleted: usize,
}

impl Tally {
    /// Counts.
    pub fn of(plan: &Plan) -> Self {
        let mut tally = Self::default();
        for (_, step) in plan.steps() {
            match step {
                Step::Change { batch, .. } => batch.changes().iter().for_each(|change| tally.add(change)),
                Step::CreateZone { .. } => tally.zones_created += 1,
                Step::DeleteZone { .. } => tally.zones_deleted += 1,
                Step::CreateSet { .. } => tally.sets_created += 1,
                Step::DeleteSet { .. } => tally.sets_deleted += 1,
                Step::AwaitServers { .. } | Step::Hold { .. } => {}
            }
        }
        tally
    }

    fn add(&mut self, change: &Change) {
        match change {
            Change::Create(_) => self.create += 1,
            Change::Delete(_) => self.delete += 1,
            Change::Replace { .. } => self.change += 1,
        }
    }

    /// Whether anything would be changed at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The sums in words: `1 record set to create, 0 to change, 0 to delete`.
    pub fn words(&self) -> String {
        let noun = if self.create == 1 { "record set" } else { "record sets" };
        let mut words = format!(
            "{} {noun} to create, {} to change, {} to delete",
            self.create, self.change, self.delete
        );
        let others = [
            (self.zones_created, "hosted zone", "create"),
            (self.zones_deleted, "hosted zone", "delete"),
            (self.sets_created, "delegation set", "create"),
            (self.sets_deleted, "delegation set", "delete"),
        ];
        for (number, noun, verb) in others.into_iter().filter(|(number, ..)| *number > 0) {
            words.push_str(&format!("; {} to {verb}", crate::report::text::count(number, noun)));
        }
        words
    }
}

pub(super) fn lines(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = vec![Line::bare(Role::Tally, format!("Plan: {}.", Tally::of(plan).words()))];
    if let Some(text) = precondition(plan) {
        lines.push(Line::bare(Role::Precondition, setting.prose(&text)));
    }
    lines
}

/// What Route 53 itself compares when the batches arrive.
fn precondition(plan: &Plan) -> Option<String> {
    let batches = plan.steps.iter().filter_map(|step| match step {
        Step::Change { batch, .. } => Some(batch.changes()),
        _ => None,
    });
    let changes: Vec<&Change> = batches.flatten().collect();
    let said = match changes.as_slice() {
        [] => return None,
        [Change::Create(new)] => format!("{} {} still absent", absolute(new.name()), type_of(new)),
        [change] => match change.old() {
            None => format!("{} still absent", absolute(change.name())),
            Some(old) => format!("{} {} still exactly as shown", absolute(&old.name), old.record_type),
        },
        _ => "what comes is still absent, what changes or goes is still exactly as shown".to_owned(),
    };
    Some(format!("Precondition: {said}; otherwise nothing is changed."))
}

fn type_of(new: &Wanted) -> String {
    match new {
        Wanted::Set(set) => set.record_type.to_string(),
        Wanted::Servers { .. } => "NS".to_owned(),
    }
}
