//! `GetDNSSEC`, `GetChange` and the limits.

use super::operation::Limit;
use super::{ApiError, Call, ChangeInfo, ChangeStatus};
use crate::sim::world::World;
use crate::sim::world::signing::ZoneSigning;

/// The most record sets of one zone.
pub const RECORD_SETS_PER_ZONE: usize = 10_000;

impl World {
    /// `GetDNSSEC`.
    pub fn get_dnssec(&self, call: Call, zone: &str) -> Result<ZoneSigning, ApiError> {
        let zone = self.zone_of(call, zone)?;
        match zone.is_public() {
            true => Ok(zone.signing.clone()),
            false => Err(ApiError::new(
                400,
                "InvalidArgument",
                "DNSSEC is not available for private hosted zones.",
            )),
        }
    }

    /// `GetChange`.
    pub fn get_change(&self, call: Call, id: &str) -> Result<ChangeInfo, ApiError> {
        let id = id.strip_prefix("/change/").unwrap_or(id);
        let change = self.caller(call)?.changes.get(id).ok_or_else(|| {
            let text = format!("Could not find resource with ID: {id}");
            ApiError::new(404, "NoSuchChange", text)
        })?;
        let insync = call.now >= change.submitted + self.insync_delay;
        Ok(ChangeInfo {
            status: if insync {
                ChangeStatus::Insync
            } else {
                ChangeStatus::Pending
            },
            ..change.clone()
        })
    }

    /// Notes a change that begins now.
    pub(super) fn record_change(&mut self, call: Call, comment: Option<String>) -> ChangeInfo {
        let change = ChangeInfo {
            id: self.fresh_id("C"),
            status: ChangeStatus::Pending,
            submitted: call.now,
            comment,
        };
        if let Ok(account) = self.caller_mut(call) {
            account.changes.insert(change.id.clone(), change.clone());
        }
        change
    }

    /// `GetAccountLimit`.
    pub fn account_limit(&self, call: Call, kind: &str) -> Result<Limit, ApiError> {
        let account = self.caller(call)?;
        let (value, count) = match kind {
            "MAX_HOSTED_ZONES_BY_OWNER" => (account.zone_limit, account.zone_count()),
            "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER" => (100, account.reusable.len()),
            "MAX_HEALTH_CHECKS_BY_OWNER" => (200, 0),
            "MAX_TRAFFIC_POLICIES_BY_OWNER" => (50, 0),
            "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER" => (5, 0),
            _ => return Err(ApiError::invalid_input(format!("Invalid limit type: {kind}"))),
        };
        Ok(Limit {
            kind: kind.to_owned(),
            value: value as u64,
            count: count as u64,
            element: "GetAccountLimitResponse",
        })
    }

    /// `GetHostedZoneLimit`.
    pub fn zone_limit(&self, call: Call, zone: &str, kind: &str) -> Result<Limit, ApiError> {
        let zone = self.zone_of(call, zone)?;
        let (value, count) = match kind {
            "MAX_RRSETS_BY_ZONE" => (RECORD_SETS_PER_ZONE as u64, zone.records().len() as u64),
            "MAX_VPCS_ASSOCIATED_BY_ZONE" if zone.is_public() => {
                return Err(ApiError::new(
                    400,
                    "HostedZoneNotPrivate",
                    "The specified hosted zone is a public hosted zone, not a private hosted zone.",
                ));
            }
            "MAX_VPCS_ASSOCIATED_BY_ZONE" => (300, u64::from(zone.vpcs)),
            _ => return Err(ApiError::invalid_input(format!("Invalid limit type: {kind}"))),
        };
        Ok(Limit {
            kind: kind.to_owned(),
            value,
            count,
            element: "GetHostedZoneLimitResponse",
        })
    }
}
