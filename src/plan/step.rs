//! What is sent, one step at a time; most plans have one or two.

use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::{PartyIx, PlanId, text};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// One step of a plan. None begins before the one before it is done, and in sync where it changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// `CreateReusableDelegationSet`.
    CreateSet {
        /// In which account.
        party: PartyIx,
        /// The zone whose delegation set becomes reusable; none makes a new one.
        #[serde(with = "text::optional", default)]
        zone: Option<ZoneId>,
    },
    /// `CreateHostedZone`, public.
    CreateZone {
        /// In which account.
        party: PartyIx,
        /// The apex.
        #[serde(with = "text::one")]
        name: DnsName,
        /// The id of the reusable delegation set that it shall have.
        #[serde(with = "text::optional", default)]
        delegation_set: Option<Untrusted>,
        /// The comment.
        #[serde(with = "text::one")]
        comment: Untrusted,
    },
    /// Nothing is sent to AWS: every name server of the zone must answer for it with authority, and its apex NS record
    /// set must be the delegation set.
    AwaitServers {
        /// In which account the zone is.
        party: PartyIx,
        /// The zone.
        zone: ZoneTarget,
    },
    /// `ChangeResourceRecordSets`, one batch.
    Change {
        /// In which account the zone is.
        party: PartyIx,
        /// The zone.
        zone: ZoneTarget,
        /// What becomes of its record sets.
        batch: Batch,
    },
    /// Nothing is sent: what resolvers still remember runs out.
    Hold {
        /// How long, counted from the end of the step before.
        seconds: u64,
        /// What runs out, in words fit to print.
        why: String,
        /// The reason for not waiting, where a person gave one.
        #[serde(with = "text::optional", default)]
        skipped: Option<Untrusted>,
    },
    /// `DeleteHostedZone`, which Route 53 refuses unless only SOA and NS at the apex are left.
    DeleteZone {
        /// In which account.
        party: PartyIx,
        /// The zone.
        zone: ZoneTarget,
    },
    /// `DeleteReusableDelegationSet`, which Route 53 refuses while a zone has it.
    DeleteSet {
        /// In which account.
        party: PartyIx,
        /// Its id.
        #[serde(with = "text::one")]
        id: Untrusted,
    },
}

/// A zone that a step is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ZoneTarget {
    /// One that was there when the plan was made.
    Held {
        /// Its id.
        #[serde(with = "text::one")]
        id: ZoneId,
        /// Its apex.
        #[serde(with = "text::one")]
        name: DnsName,
        /// The caller reference it was created with, which tells it from another of the same id.
        #[serde(with = "text::one")]
        reference: Untrusted,
        /// Its name servers, sorted.
        #[serde(with = "text::list")]
        name_servers: Vec<DnsName>,
        /// How many record sets it had.
        record_sets: u64,
    },
    /// The one that an earlier step creates.
    Created {
        /// The place of that step in the plan.
        step: usize,
        /// Its apex.
        #[serde(with = "text::one")]
        name: DnsName,
    },
}

impl ZoneTarget {
    /// The apex.
    pub fn name(&self) -> &DnsName {
        match self {
            Self::Held { name, .. } | Self::Created { name, .. } => name,
        }
    }

    /// The id, where the zone was there when the plan was made.
    pub fn id(&self) -> Option<&ZoneId> {
        match self {
            Self::Held { id, .. } => Some(id),
            Self::Created { .. } => None,
        }
    }
}

impl Step {
    /// The account that it concerns.
    pub fn party(&self) -> Option<PartyIx> {
        match self {
            Self::CreateSet { party, .. }
            | Self::CreateZone { party, .. }
            | Self::AwaitServers { party, .. }
            | Self::Change { party, .. }
            | Self::DeleteZone { party, .. }
            | Self::DeleteSet { party, .. } => Some(*party),
            Self::Hold { .. } => None,
        }
    }

    /// Whether it changes something in AWS.
    pub fn is_write(&self) -> bool {
        !matches!(self, Self::AwaitServers { .. } | Self::Hold { .. })
    }
}

/// The `CallerReference` of what a step of a plan creates: the same however often the step is tried.
pub fn caller_reference(plan: &PlanId, step: usize) -> String {
    format!("zonecut-{plan}-{step}")
}
