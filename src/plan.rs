//! What to change: a plan is a value that says exactly what would be sent, to which account, and how to go back.
//!
//! Pure: no IO, clock, randomness, environment or `async`. Times and ids come in with the draft.
//! Invariant: a plan deletes nothing but what it states exactly, and creates nothing but what is absent; nothing in here can
//! overwrite.

pub mod again;
pub mod answers;
pub mod apex;
pub mod batch;
pub mod checks;
pub mod conflict;
pub mod consent;
pub mod cut;
pub mod effects;
pub mod entry;
pub mod exact;
pub mod file;
pub mod friction;
pub mod guide;
mod hidden;
pub mod journal;
pub mod live;
pub mod outlook;
pub mod preflight;
pub mod records;
pub mod remembered;
pub mod repair;
pub mod request;
pub mod set;
pub mod sight;
pub mod step;
pub mod teardown;
mod text;
pub mod touched;
pub mod undo;
pub mod value;
pub mod wish;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, Env};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;

pub use batch::{Batch, BatchError, Change, Values, Wanted};
pub use conflict::Conflict;
pub use exact::{Content, ExactSet};
pub use outlook::Outlook;
pub use preflight::{Check, Outcome, Override, Preflight};
pub use step::{Step, ZoneTarget};
pub use wish::Wish;

/// For how long a plan may be applied after it was made, in seconds.
pub const LIFETIME: u64 = 15 * 60;

/// A moment of the wall clock: seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// The moment so many seconds later.
    pub fn after(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// What tells one plan from all others: 32 hexadecimal digits, drawn at random.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanId(Box<str>);

impl PlanId {
    /// Takes 16 random octets.
    pub fn new(random: [u8; 16]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&random).into())
    }

    /// Reads an id; none where it is anything but 32 lower-case hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 32 && text.bytes().all(is_digit)).then(|| Self(text.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits, as people name it.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PlanId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or("a plan's id is 32 lower-case hexadecimal digits")
    }
}

impl From<PlanId> for String {
    fn from(id: PlanId) -> Self {
        id.0.into()
    }
}

/// What a plan is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Goal {
    /// A name is delegated to a zone, which may be created for it.
    Delegate,
    /// What a finding says is mended.
    Repair {
        /// The code of the finding.
        finding: String,
    },
    /// A delegation is taken out, and then its zone.
    Teardown,
    /// Record sets of one zone are changed.
    Records,
    /// A reusable delegation set is made or deleted.
    DelegationSet,
    /// Another plan is taken back.
    Undo {
        /// The plan that is taken back.
        of: PlanId,
        /// How much the journal told of it when this was planned: if that has moved on, so has what there is to take back.
        #[serde(default)]
        records: usize,
    },
}

/// The place of an account in the plan's list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyIx(pub usize);

/// An account that the plan writes to or rests on, pinned by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its id: credentials of any other account are refused.
    #[serde(with = "text::one")]
    pub id: AccountId,
    /// Its name in the configuration.
    #[serde(with = "text::one")]
    pub name: Untrusted,
    /// The ARN of the principal that would write, as the account itself named it when the plan was made.
    #[serde(with = "text::one")]
    pub principal: Untrusted,
    /// The profile that writes, for commands to copy.
    #[serde(with = "text::optional", default)]
    pub profile: Option<Untrusted>,
    /// The environment's own word (`prod`, `dev`), as configured.
    #[serde(with = "text::optional", default)]
    pub env_label: Option<Untrusted>,
    /// Whether it counts as production; unknown does.
    #[serde(with = "text::one")]
    pub env: Env,
}

/// What would be changed, and everything that a person must know before saying yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What tells it from all others; the caller references of what it creates are made of it.
    pub id: PlanId,
    /// What it is for.
    pub goal: Goal,
    /// The name that it is about, and that is typed to confirm it.
    #[serde(with = "text::one")]
    pub subject: DnsName,
    /// When it was made.
    pub made: Moment,
    /// From when on it is refused.
    pub expires: Moment,
    /// The accounts that take part.
    pub parties: Vec<Party>,
    /// What is sent, in this order; each step only after the one before is in sync.
    pub steps: Vec<Step>,
    /// What was checked before.
    pub preflight: Preflight,
    /// What it leads to.
    pub outlook: Outlook,
}

impl Plan {
    /// The account at a place of the list.
    pub fn party(&self, place: PartyIx) -> Option<&Party> {
        self.parties.get(place.0)
    }

    /// Whether it must not be applied any more.
    pub fn is_expired(&self, now: Moment) -> bool {
        now < self.made || now >= self.expires
    }

    /// The steps with their places.
    pub fn steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.steps.iter().enumerate()
    }
}

/// Why there is no plan: what was asked for, what stands against it, and what to do next. Fit to print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Refusal {
    /// What is refused and why, in a sentence.
    pub what: String,
    /// What to do instead.
    pub next: Option<String>,
    /// What is not as it was left, three ways each.
    pub conflicts: Vec<Conflict>,
    /// Whether nothing stands against it, and there is no plan for all is as it would make it.
    pub is_so_already: bool,
}

impl Refusal {
    /// Refuses.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            next: None,
            conflicts: Vec::new(),
            is_so_already: false,
        }
    }

    /// Says that what was asked for is there: a sentence about how things are.
    pub fn so_already(what: impl Into<String>) -> Self {
        Self {
            is_so_already: true,
            ..Self::new(what)
        }
    }

    /// Shows what is not as it was left.
    pub fn conflicts(mut self, conflicts: Vec<Conflict>) -> Self {
        self.conflicts = conflicts;
        self
    }

    /// Says what to do instead.
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Says what to do instead, where that is known.
    pub fn maybe_next(mut self, next: Option<String>) -> Self {
        self.next = next;
        self
    }
}

#[cfg(test)]
mod tests;
