//! What is there differs from what a plan was made of: what was there, what the plan wants, what is there now.

use serde::{Deserialize, Serialize};

use super::exact::ExactSet;
use super::text;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneId;

/// One record set that is not as the plan knew it, in three versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// The zone.
    #[serde(with = "text::one")]
    pub zone: ZoneId,
    /// The owner.
    #[serde(with = "text::one")]
    pub name: DnsName,
    /// The type.
    #[serde(rename = "type", with = "text::one")]
    pub record_type: RecordType,
    /// What was there when the plan was made; nothing, where it was absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<ExactSet>,
    /// What the plan wants there; nothing, where it shall be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yours: Option<ExactSet>,
    /// What is there now; nothing, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<ExactSet>,
}
