//! All plans that a journal tells of.

use std::collections::HashMap;

use super::run::UndoState;
use super::{Entry, Record, Run, Standing};
use crate::model::zone::ZoneId;
use crate::plan::step::Step;
use crate::plan::{Goal, Plan, PlanId, Refusal};

/// All plans that a journal tells of, in the order in which they were begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    runs: Vec<Run>,
    /// How many records are about plans whose beginning is missing.
    pub strays: usize,
}

impl History {
    /// What records come to.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut history = Self::default();
        let mut places: HashMap<PlanId, usize> = HashMap::new();
        for entry in entries {
            match (&entry.record, places.get(&entry.plan)) {
                (Record::Intent { plan, operator }, None) => {
                    places.insert(entry.plan.clone(), history.runs.len());
                    history
                        .runs
                        .push(Run::begin((**plan).clone(), operator.clone(), entry.at));
                }
                (record, Some(place)) => {
                    if let Some(run) = history.runs.get_mut(*place) {
                        run.take(entry.at, record);
                    }
                }
                (_, None) => history.strays += 1,
            }
        }
        history.link();
        history
    }

    /// Tells each plan which one takes it back.
    fn link(&mut self) {
        let undos: Vec<(PlanId, PlanId, UndoState)> = self
            .runs
            .iter()
            .filter_map(|run| match (&run.plan.goal, run.standing()) {
                (Goal::Undo { .. }, Standing::Refused) => None,
                (Goal::Undo { of, .. }, Standing::Done) => Some((of.clone(), run.plan.id.clone(), UndoState::Made)),
                (Goal::Undo { of, .. }, _) => Some((of.clone(), run.plan.id.clone(), UndoState::Begun)),
                _ => None,
            })
            .collect();
        for (of, by, state) in undos {
            if let Some(run) = self.runs.iter_mut().find(|run| run.plan.id == of) {
                run.undo = Some((by, state));
            }
        }
    }

    /// All of them, the oldest first.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The one of an id.
    pub fn run(&self, id: &PlanId) -> Option<&Run> {
        self.runs.iter().find(|run| run.plan.id == *id)
    }

    /// The one whose id begins so, where there is only one.
    pub fn named(&self, prefix: &str) -> Option<&Run> {
        let mut found = self.runs.iter().filter(|run| run.plan.id.as_str().starts_with(prefix));
        let first = found.next().filter(|_| prefix.len() >= 4);
        first.filter(|_| found.next().is_none())
    }

    /// Those that somebody should go on with or take back.
    pub fn open(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.is_open())
    }

    /// Refuses a plan that takes back what has moved on since it was made, or is being taken back, or that deletes a zone that another one is still at work on: what
    /// is left of that one, the wait for what resolvers remember above all, would be passed over.
    pub fn permits(&self, plan: &Plan) -> Result<(), Refusal> {
        let of = match &plan.goal {
            Goal::Undo { of, records } => Some(self.stands_at(of, *records)?),
            _ => None,
        };
        let takes_back_the_same = |run: &Run| match &run.plan.goal {
            Goal::Undo { of: other, .. } => Some(other) == of,
            _ => false,
        };
        let doomed: Vec<&ZoneId> = plan.steps.iter().filter_map(deletes).collect();
        let is_at_work = |run: &Run| {
            run.plan.id != plan.id
                && Some(&run.plan.id) != of
                && run.standing() == Standing::Open
                && (takes_back_the_same(run) || doomed.iter().any(|zone| run.concerns(zone)))
        };
        let Some(run) = self.runs.iter().find(|run| is_at_work(run)) else {
            return Ok(());
        };
        let what = format!(
            "the change {} of {} is still open, and is about the same",
            run.plan.id.short(),
            run.plan.subject
        );
        Err(Refusal::new(what).next(run.advice()))
    }
}

impl History {
    /// A plan of which this much was noted, and nothing more.
    fn stands_at<'a>(&self, of: &'a PlanId, records: usize) -> Result<&'a PlanId, Refusal> {
        let short = of.short();
        match self.run(of).map(|run| run.records == records) {
            Some(true) => Ok(of),
            Some(false) => {
                let what = format!("the change {short} has moved on since it was planned to take it back");
                Err(Refusal::new(what).next(format!("plan that anew: zonecut undo {short}")))
            }
            None => {
                let what = format!("the journal of this machine knows no change {short}");
                Err(Refusal::new(what).next("take it back on the machine that made it"))
            }
        }
    }
}

/// The zone that a step deletes.
fn deletes(step: &Step) -> Option<&ZoneId> {
    match step {
        Step::DeleteZone { zone, .. } => zone.id(),
        _ => None,
    }
}
