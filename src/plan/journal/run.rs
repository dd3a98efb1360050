//! What the records of one plan come to: what was made, what is open, and the next step that is safe.
//!
//! Invariant: a step that was sent and whose end is not noted is found out about before anything else is done.

use serde::{Deserialize, Serialize};

use super::{Gained, Operator, Proof, Record, Sent};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::batch::Values;
use crate::plan::conflict::Conflict;
use crate::plan::step::{Step, ZoneTarget};
use crate::plan::{Moment, PartyIx, Plan, PlanId};

/// A plan that was begun, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The plan.
    pub plan: Plan,
    /// Who began it.
    pub operator: Operator,
    /// When it was begun.
    pub begun: Moment,
    /// When anything was last noted of it.
    pub touched: Moment,
    /// How much was noted of it: as long as that is the same, nothing became of it in between.
    pub records: usize,
    /// Where each step stands.
    pub phases: Vec<Phase>,
    /// Why it went no further, where that is the last that was noted.
    pub stopped: Option<Stopped>,
    /// What was seen from outside.
    pub proof: Option<Proof>,
    /// Whether it is over, and how.
    pub end: Option<RunEnd>,
    /// The plan that takes it back, where one was begun.
    pub undo: Option<(PlanId, UndoState)>,
}

/// How a run is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunEnd {
    /// All of it was made.
    Committed,
    /// Somebody gave it up.
    Abandoned,
}

/// How far a plan has come that takes another one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UndoState {
    /// It was begun.
    Begun,
    /// It was made.
    Made,
}

/// Why a plan went no further.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    /// The step that it stopped at, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// Why, a sentence fit to print.
    pub why: String,
    /// What to do, fit to print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What is not as the plan knew it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Nothing of it was sent, or what was sent was found not to have been made.
    Waiting,
    /// A wait began.
    Holding {
        /// When it is over.
        until: Moment,
    },
    /// It was sent, and nothing is known of what came of it.
    Sent {
        /// What was sent.
        what: Sent,
    },
    /// It was made, and is not known to be in sync.
    Made {
        /// What was sent; nothing, where nothing is sent for it.
        what: Option<Sent>,
        /// What came of it.
        gained: Gained,
    },
    /// It is over.
    Over {
        /// What was sent; nothing, where nothing is sent for it.
        what: Option<Sent>,
        /// What came of it.
        gained: Gained,
    },
}

/// The next thing that is safe to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A step is begun.
    Begin(usize),
    /// A wait is kept.
    Hold {
        /// The step.
        step: usize,
        /// When it is over.
        until: Moment,
    },
    /// What came of a step is found out, by reading.
    FindOut {
        /// The step.
        step: usize,
        /// What was sent.
        what: Sent,
    },
    /// All servers of Route 53 are waited for.
    Sync {
        /// The step.
        step: usize,
        /// The change.
        change: Untrusted,
    },
    /// What came of it is looked at from outside.
    Prove,
    /// It is called over.
    Commit,
    /// Nothing is left to do.
    Nothing,
}

/// What became of a plan that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It was left in the middle, or is being applied.
    Open,
    /// It was made.
    Done,
    /// It was taken back.
    Undone,
    /// Nothing of it was made.
    Refused,
    /// Some of it was made, and the rest was refused.
    Partial,
    /// It was given up.
    Abandoned,
}

/// One thing that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written<'a> {
    /// A reusable delegation set.
    Set {
        /// In which account.
        party: PartyIx,
        /// Its id.
        id: &'a Untrusted,
    },
    /// A zone.
    Zone {
        /// In which account.
        party: PartyIx,
        /// The step that made it, of which its caller reference is made.
        step: usize,
        /// Its id.
        id: &'a ZoneId,
        /// Its apex.
        name: &'a DnsName,
        /// Its name servers, sorted.
        name_servers: &'a [DnsName],
    },
    /// Record sets of a zone.
    Change {
        /// In which account.
        party: PartyIx,
        /// The zone.
        zone: &'a ZoneId,
        /// The zone, as the plan names it.
        target: &'a ZoneTarget,
        /// What was deleted and what was created.
        values: &'a Values,
    },
    /// A zone is gone.
    ZoneGone {
        /// In which account.
        party: PartyIx,
        /// The zone, as the plan names it.
        target: &'a ZoneTarget,
    },
    /// A reusable delegation set is gone.
    SetGone {
        /// In which account.
        party: PartyIx,
        /// Its id.
        id: &'a Untrusted,
    },
}

impl Run {
    /// A plan that was just begun.
    pub(super) fn begin(plan: Plan, operator: Operator, at: Moment) -> Self {
        Self {
            phases: vec![Phase::Waiting; plan.steps.len()],
            plan,
            operator,
            begun: at,
            touched: at,
            records: 1,
            stopped: None,
            proof: None,
            end: None,
            undo: None,
        }
    }

    /// Takes in what was noted after the intent.
    pub fn take(&mut self, at: Moment, record: &Record) {
        self.touched = at;
        self.records += 1;
        self.stopped = None;
        match record {
            Record::Intent { .. } | Record::Resumed { .. } | Record::Uncertain { .. } => {}
            Record::Sending { step, what } => self.set(*step, Phase::Sent { what: what.clone() }),
            Record::Done { step, gained } => {
                let what = self.sent(*step).cloned();
                let gained = gained.clone();
                let made = Phase::Made { what, gained };
                self.set(*step, made.settled());
            }
            Record::NotMade { step, .. } => self.set(*step, Phase::Waiting),
            Record::InSync { step } => {
                if let Some(phase) = self.phases.get_mut(*step) {
                    phase.finish();
                }
            }
            Record::Holding { step, until } => self.set(*step, Phase::Holding { until: *until }),
            Record::Stopped(stopped) => self.stopped = Some(stopped.clone()),
            Record::Proof(proof) => self.proof = Some(proof.clone()),
            Record::Committed => self.end = Some(RunEnd::Committed),
            Record::Abandoned { .. } => self.end = Some(RunEnd::Abandoned),
        }
    }

    fn set(&mut self, step: usize, phase: Phase) {
        if let Some(place) = self.phases.get_mut(step) {
            *place = phase;
        }
    }

    fn sent(&self, step: usize) -> Option<&Sent> {
        match self.phases.get(step)? {
            Phase::Sent { what } => Some(what),
            Phase::Made { what, .. } | Phase::Over { what, .. } => what.as_ref(),
            Phase::Waiting | Phase::Holding { .. } => None,
        }
    }

    /// The next thing that is safe to do.
    pub fn next(&self) -> Next {
        if self.end.is_some() {
            return Next::Nothing;
        }
        let open = self
            .phases
            .iter()
            .enumerate()
            .find_map(|(step, phase)| phase.next(step));
        match (open, &self.proof) {
            (Some(next), _) => next,
            (None, None) => Next::Prove,
            (None, Some(_)) => Next::Commit,
        }
    }

    /// What became of it.
    pub fn standing(&self) -> Standing {
        match (self.end, &self.undo) {
            (_, Some((_, UndoState::Made))) => Standing::Undone,
            (Some(RunEnd::Committed), _) => Standing::Done,
            (Some(RunEnd::Abandoned), _) => Standing::Abandoned,
            (None, _) if self.stopped.is_none() => Standing::Open,
            (None, _) if self.unsettled().is_some() => Standing::Open,
            (None, _) if self.written().next().is_none() => Standing::Refused,
            (None, _) => Standing::Partial,
        }
    }

    /// Whether somebody should go on with it or take it back.
    pub fn is_open(&self) -> bool {
        matches!(self.standing(), Standing::Open | Standing::Partial)
    }

    /// The step of which it is not known whether it was made.
    pub fn unsettled(&self) -> Option<usize> {
        self.phases.iter().position(|phase| matches!(phase, Phase::Sent { .. }))
    }

    /// When a wait is over that is being kept.
    pub fn due(&self) -> Option<Moment> {
        match self.next() {
            Next::Hold { until, .. } => Some(until),
            _ => None,
        }
    }

    /// The zone that a step created: its id and its name servers.
    pub fn created(&self, step: usize) -> Option<(&ZoneId, &[DnsName])> {
        match self.phases.get(step)? {
            Phase::Made { gained, .. } | Phase::Over { gained, .. } => match gained {
                Gained::Zone { id, name_servers, .. } => Some((id, name_servers)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The id of a zone that a step is about; none where it is not there yet.
    pub fn zone_id<'a>(&'a self, target: &'a ZoneTarget) -> Option<&'a ZoneId> {
        match target {
            ZoneTarget::Held { id, .. } => Some(id),
            ZoneTarget::Created { step, .. } => self.created(*step).map(|(id, _)| id),
        }
    }

    /// The name servers of a zone that a step is about; none where it is not there yet.
    pub fn servers<'a>(&'a self, target: &'a ZoneTarget) -> Option<&'a [DnsName]> {
        match target {
            ZoneTarget::Held { name_servers, .. } => Some(name_servers),
            ZoneTarget::Created { step, .. } => self.created(*step).map(|(_, servers)| servers),
        }
    }

    /// Whether it makes, changes or deletes a zone.
    pub fn concerns(&self, zone: &ZoneId) -> bool {
        self.plan.steps.iter().enumerate().any(|(at, step)| match step {
            Step::Change { zone: target, .. } | Step::DeleteZone { zone: target, .. } => {
                self.zone_id(target) == Some(zone)
            }
            Step::CreateZone { .. } => self.created(at).is_some_and(|(id, _)| id == zone),
            Step::CreateSet { .. } | Step::DeleteSet { .. } | Step::AwaitServers { .. } | Step::Hold { .. } => false,
        })
    }

    /// What was made, in the order in which it was.
    pub fn written(&self) -> impl Iterator<Item = Written<'_>> {
        let steps = self.plan.steps.iter().enumerate().zip(&self.phases);
        steps.filter_map(|((at, step), phase)| phase.written(at, step))
    }

    /// The next thing that is safe to do, in words fit to print; for the log.
    pub fn advice(&self) -> String {
        let short = self.plan.id.short();
        match self.standing() {
            Standing::Done => format!("nothing is left to do; to take it back: zonecut undo {short}"),
            Standing::Undone | Standing::Abandoned => "nothing is left to do".to_owned(),
            Standing::Refused => "nothing was changed; make a new plan".to_owned(),
            Standing::Open | Standing::Partial => match self.next() {
                Next::FindOut { step, .. } => format!(
                    "step {} was sent and its answer is missing: zonecut resume {short} reads what came of it and goes on, zonecut undo {short} reads and takes it back",
                    step + 1
                ),
                Next::Prove | Next::Commit | Next::Nothing => {
                    format!("everything was sent; zonecut resume {short} asks the servers")
                }
                Next::Begin(step) | Next::Hold { step, .. } | Next::Sync { step, .. } => format!(
                    "go on with step {} of {}: zonecut resume {short}; or take it back: zonecut undo {short}",
                    step + 1,
                    self.plan.steps.len()
                ),
            },
        }
    }
}

impl Phase {
    /// Over at once, where there is no change to wait for.
    fn settled(self) -> Self {
        match self {
            Self::Made { what, gained } if gained.change().is_none() => Self::Over { what, gained },
            other => other,
        }
    }

    fn finish(&mut self) {
        if let Self::Made { what, gained } = self {
            *self = Self::Over {
                what: what.take(),
                gained: gained.clone(),
            };
        }
    }

    fn next(&self, step: usize) -> Option<Next> {
        match self {
            Self::Waiting => Some(Next::Begin(step)),
            Self::Holding { until } => Some(Next::Hold { step, until: *until }),
            Self::Sent { what } => Some(Next::FindOut {
                step,
                what: what.clone(),
            }),
            Self::Made { gained, .. } => gained.change().map(|change| Next::Sync {
                step,
                change: change.clone(),
            }),
            Self::Over { .. } => None,
        }
    }

    fn written<'a>(&'a self, at: usize, step: &'a Step) -> Option<Written<'a>> {
        let (Self::Made { what, gained } | Self::Over { what, gained }) = self else {
            return None;
        };
        match (step, gained, what) {
            (Step::CreateSet { party, .. }, Gained::Set { id, .. }, _) => Some(Written::Set { party: *party, id }),
            (Step::CreateZone { party, name, .. }, Gained::Zone { id, name_servers, .. }, _) => Some(Written::Zone {
                party: *party,
                step: at,
                id,
                name,
                name_servers,
            }),
            (
                Step::Change {
                    party, zone: target, ..
                },
                _,
                Some(Sent::Change { zone, values }),
            ) => Some(Written::Change {
                party: *party,
                zone,
                target,
                values,
            }),
            (Step::DeleteZone { party, zone }, _, _) => Some(Written::ZoneGone {
                party: *party,
                target: zone,
            }),
            (Step::DeleteSet { party, id }, _, _) => Some(Written::SetGone { party: *party, id }),
            _ => None,
        }
    }
}

impl Gained {
    /// The change to wait for.
    pub fn change(&self) -> Option<&Untrusted> {
        match self {
            Self::Zone { change, .. } | Self::Change { id: change } => change.as_ref(),
            Self::Set { .. } | Self::Nothing => None,
        }
    }
}
