//! How much a person must do to say yes, by what a plan does: the more is lost when it is wrong, the more.

use crate::model::account::Env;
use crate::model::name::DnsName;

use super::batch::Change;
use super::step::Step;
use super::{Party, Plan};

/// For how many seconds a button stays dead where much may be lost.
pub const ARMED_AFTER: u64 = 2;

/// What a person must do to say yes, besides reading to the end and acknowledging what is warned of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Friction {
    /// Nothing more.
    Review,
    /// They type a name.
    TypeName {
        /// The name.
        name: DnsName,
    },
    /// They type a name, and the button comes to life only after a while; the plan is saved before.
    TypeNameArmed {
        /// The name.
        name: DnsName,
        /// The while, in seconds.
        seconds: u64,
    },
}

impl Friction {
    /// What a plan asks for.
    pub fn of(plan: &Plan) -> Self {
        let name = plan.subject.clone();
        let gravest = plan.steps.iter().map(weight).max().unwrap_or(Weight::Adds);
        let batches = plan
            .steps
            .iter()
            .filter(|step| matches!(step, Step::Change { .. }))
            .count();
        let overrides = plan.preflight.0.iter().any(|check| check.overridden.is_some());
        match gravest {
            Weight::Takes => Self::TypeNameArmed {
                name,
                seconds: ARMED_AFTER,
            },
            _ if batches > 2 || overrides => Self::TypeNameArmed {
                name,
                seconds: ARMED_AFTER,
            },
            Weight::Changes => Self::TypeName { name },
            Weight::Adds if plan.parties.iter().any(is_production) => Self::TypeName { name },
            Weight::Adds => Self::Review,
        }
    }

    /// The name that is typed.
    pub fn name(&self) -> Option<&DnsName> {
        match self {
            Self::Review => None,
            Self::TypeName { name } | Self::TypeNameArmed { name, .. } => Some(name),
        }
    }

    /// For how many seconds nothing is sent after all else was done.
    pub fn pause(&self) -> u64 {
        match self {
            Self::Review | Self::TypeName { .. } => 0,
            Self::TypeNameArmed { seconds, .. } => *seconds,
        }
    }

    /// Whether the plan is saved before anything is sent.
    pub fn saves(&self) -> bool {
        matches!(self, Self::TypeNameArmed { .. })
    }

    /// Whether what was typed is the name that is asked for, where one is.
    pub fn is_met_by(&self, typed: &str) -> bool {
        self.name().is_none_or(|name| is_typed(name, typed))
    }
}

/// Whether what was typed is a name: in any case, with or without the final dot, and in ASCII alone, as one that merely looks
/// alike is another name.
pub fn is_typed(name: &DnsName, typed: &str) -> bool {
    typed.is_ascii() && DnsName::parse_rfc1035(typed.trim()).is_ok_and(|typed| typed == *name)
}

/// Unknown counts as production wherever something is changed.
fn is_production(party: &Party) -> bool {
    party.env != Env::NonProd
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Adds,
    Changes,
    Takes,
}

fn weight(step: &Step) -> Weight {
    match step {
        Step::CreateSet { .. } | Step::CreateZone { .. } | Step::AwaitServers { .. } => Weight::Adds,
        Step::Change { batch, .. } => batch.changes().iter().map(weight_of).max().unwrap_or(Weight::Adds),
        Step::Hold { skipped: None, .. } => Weight::Adds,
        Step::Hold { .. } | Step::DeleteZone { .. } | Step::DeleteSet { .. } => Weight::Takes,
    }
}

fn weight_of(change: &Change) -> Weight {
    match change {
        Change::Create(_) => Weight::Adds,
        Change::Replace { .. } => Weight::Changes,
        Change::Delete(_) => Weight::Takes,
    }
}
