//! What is noted of a plan while it is applied: what was about to be sent, what came of it, how it ended.
//!
//! Invariant: everything that going on or going back needs is in the records themselves. The precondition of a step comes
//! from the plan in the [`Record::Intent`], and is never read anew.

mod history;
pub mod line;
mod run;

use serde::{Deserialize, Serialize};

use super::batch::Values;
use super::text;
use super::{Moment, Plan, PlanId};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

pub use history::History;
pub use run::{Next, Phase, Run, Standing, Stopped, Written};

/// One record of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When it was noted.
    pub at: Moment,
    /// The plan that it is about.
    pub plan: PlanId,
    /// What is noted.
    pub record: Record,
}

/// What is noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Record {
    /// The plan is about to be applied. All caller references are made of its id.
    Intent {
        /// The plan, with everything that it was made of.
        plan: Box<Plan>,
        /// Who applies it.
        operator: Operator,
    },
    /// Somebody goes on with it.
    Resumed {
        /// Who.
        operator: Operator,
    },
    /// A step is about to be sent. Nothing is known of what came of it until a later record tells.
    Sending {
        /// The step.
        step: usize,
        /// What is sent.
        what: Sent,
    },
    /// A step was made.
    Done {
        /// The step.
        step: usize,
        /// What came of it.
        gained: Gained,
    },
    /// The answer to a step leaves open whether it was made.
    Uncertain {
        /// The step.
        step: usize,
        /// What was said.
        #[serde(with = "text::one")]
        said: Untrusted,
    },
    /// A step that was sent was not made: it was refused, or reading back showed so.
    NotMade {
        /// The step.
        step: usize,
        /// What was said.
        #[serde(with = "text::one")]
        said: Untrusted,
    },
    /// All of Route 53's servers have what a step made.
    InSync {
        /// The step.
        step: usize,
    },
    /// A wait began.
    Holding {
        /// The step.
        step: usize,
        /// When it is over.
        until: Moment,
    },
    /// The plan went no further.
    Stopped(Stopped),
    /// What was seen from outside, after all steps were made.
    Proof(Proof),
    /// It is over.
    Committed,
    /// Nobody will go on with it.
    Abandoned {
        /// Who said so.
        operator: Operator,
        /// Why.
        #[serde(with = "text::one")]
        reason: Untrusted,
    },
}

/// Who applies a plan, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The user of the machine.
    #[serde(with = "text::one")]
    pub user: Untrusted,
    /// The machine.
    #[serde(with = "text::one")]
    pub host: Untrusted,
    /// The command, or `zonecut` for the terminal program.
    #[serde(with = "text::one")]
    pub command: Untrusted,
    /// The version of zonecut.
    pub version: String,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sent {
    /// `CreateReusableDelegationSet`.
    NewSet {
        /// The caller reference.
        reference: String,
    },
    /// `CreateHostedZone`.
    NewZone {
        /// The caller reference.
        reference: String,
    },
    /// `ChangeResourceRecordSets`.
    Change {
        /// The zone.
        #[serde(with = "text::one")]
        zone: ZoneId,
        /// What is deleted and created, name servers put in.
        values: Values,
    },
    /// `DeleteHostedZone`.
    ZoneGone {
        /// The zone.
        #[serde(with = "text::one")]
        zone: ZoneId,
    },
    /// `DeleteReusableDelegationSet`.
    SetGone {
        /// Its id.
        #[serde(with = "text::one")]
        id: Untrusted,
    },
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Gained {
    /// A reusable delegation set.
    Set {
        /// Its id.
        #[serde(with = "text::one")]
        id: Untrusted,
        /// Its name servers, sorted.
        #[serde(with = "text::list")]
        name_servers: Vec<DnsName>,
    },
    /// A zone.
    Zone {
        /// Its id.
        #[serde(with = "text::one")]
        id: ZoneId,
        /// Its name servers, sorted.
        #[serde(with = "text::list")]
        name_servers: Vec<DnsName>,
        /// The change to wait for; none where the zone was found by its caller reference.
        #[serde(with = "text::optional", default)]
        change: Option<Untrusted>,
    },
    /// A change.
    Change {
        /// Its id; none where it was found by reading back.
        #[serde(with = "text::optional", default)]
        id: Option<Untrusted>,
    },
    /// Nothing that has a name: a wait is over, servers answer, a set is gone.
    Nothing,
}

/// What was seen from outside after all steps were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What was seen, a line for each who was asked.
    pub lines: Vec<Seen>,
    /// From when on nobody remembers what was there before.
    pub good_everywhere: Moment,
}

/// What one server said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// On which side it stands.
    pub side: Side,
    /// Who was asked, fit to print.
    pub who: String,
    /// What it comes to.
    pub verdict: SeenVerdict,
    /// What was said, fit to print.
    pub saying: String,
}

/// On which side of a cut somebody stands who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// A server of the parent.
    Parent,
    /// A server of the child.
    Child,
    /// A resolver.
    Resolver,
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenVerdict {
    /// It says what it should.
    Good,
    /// It says something else, which may be from before.
    Other,
    /// It was not asked, or did not answer.
    Unknown,
}

impl Proof {
    /// Whether everybody who was asked said what he should, and somebody was asked.
    pub fn is_good(&self) -> bool {
        let mut good = false;
        let all = self
            .lines
            .iter()
            .filter(|seen| seen.side != Side::Resolver)
            .all(|seen| {
                good = true;
                seen.verdict == SeenVerdict::Good
            });
        all && good
    }
}
