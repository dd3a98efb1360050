//! Reusable delegation sets: four name servers that an account keeps for zones it is yet to create.

use super::operation::{Answer, Limit};
use super::{ApiError, Call, page_size};
use crate::sim::world::{ReusableSet, World};

/// The most reusable delegation sets of one account.
const SETS_PER_ACCOUNT: usize = 100;

/// An id without the `/delegationset/` before it.
pub(super) fn bare_id(id: &str) -> &str {
    id.strip_prefix("/delegationset/").unwrap_or(id)
}

pub(super) fn no_such_set(id: &str) -> ApiError {
    ApiError::new(
        400,
        "NoSuchDelegationSet",
        format!("No delegation set found with ID: {id}"),
    )
}

impl World {
    /// `CreateReusableDelegationSet`: a new set, or the set of an existing zone.
    pub fn create_reusable_set(
        &mut self,
        call: Call,
        reference: &str,
        zone: Option<&str>,
    ) -> Result<ReusableSet, ApiError> {
        let account = self.caller(call)?;
        if account.reusable.values().any(|set| set.reference == reference) {
            let text =
                "A delegation set with the same owner and caller reference combination has already been created.";
            return Err(ApiError::new(400, "DelegationSetAlreadyCreated", text));
        }
        if account.reusable.len() >= SETS_PER_ACCOUNT {
            let text = format!("The account already has {SETS_PER_ACCOUNT} reusable delegation sets.");
            return Err(ApiError::new(400, "LimitsExceeded", text));
        }
        let zone = zone.map(|id| self.zone_with_own_set(call, id)).transpose()?;
        let id = self.fresh_id("N");
        let name_servers = match &zone {
            Some(zone_id) => {
                let zone = self.zone_mut(call, zone_id)?;
                zone.reusable_set = Some(id.as_str().into());
                zone.delegation_set.clone()
            }
            None => self.draw_any_servers(),
        };
        let set = ReusableSet {
            id: id.clone(),
            reference: reference.to_owned(),
            name_servers,
        };
        self.caller_mut(call)?.reusable.insert(id, set.clone());
        Ok(set)
    }

    fn zone_with_own_set(&self, call: Call, id: &str) -> Result<crate::model::zone::ZoneId, ApiError> {
        let zone = self.zone_of(call, id).map_err(|error| match error.code {
            "NoSuchHostedZone" => ApiError::new(400, "HostedZoneNotFound", error.message),
            _ => error,
        })?;
        if zone.reusable_set.is_some() {
            let text = "The delegation set of the hosted zone has already been marked as reusable.";
            return Err(ApiError::new(400, "DelegationSetAlreadyReusable", text));
        }
        match zone.is_public() {
            true => Ok(zone.id.clone()),
            false => Err(ApiError::new(
                400,
                "InvalidArgument",
                "A private hosted zone has no delegation set of its own.",
            )),
        }
    }

    /// `ListReusableDelegationSets`.
    pub fn list_reusable_sets(
        &self,
        call: Call,
        marker: Option<&str>,
        max_items: Option<i64>,
    ) -> Result<Answer, ApiError> {
        let max_items = page_size(max_items, 100)?;
        let from = marker.map(bare_id).unwrap_or_default().to_owned();
        let mut sets = self.caller(call)?.reusable.range(from..).map(|(_, set)| set);
        Ok(Answer::Sets {
            sets: sets.by_ref().take(max_items).cloned().collect(),
            marker: marker.map(str::to_owned),
            next: sets.next().map(|set| set.id.clone()),
            max_items,
        })
    }

    /// `GetReusableDelegationSet`.
    pub fn get_reusable_set(&self, call: Call, id: &str) -> Result<ReusableSet, ApiError> {
        let id = bare_id(id);
        let set = self.caller(call)?.reusable.get(id);
        set.cloned().ok_or_else(|| no_such_set(id))
    }

    /// `DeleteReusableDelegationSet`.
    pub fn delete_reusable_set(&mut self, call: Call, id: &str) -> Result<(), ApiError> {
        let id = self.get_reusable_set(call, id)?.id;
        let account = self.caller_mut(call)?;
        if account.zones().any(|zone| zone.reusable_set.as_deref() == Some(&*id)) {
            let text = "The specified delegation contains associated hosted zones which must be deleted before \
                        the reusable delegation set can be deleted.";
            return Err(ApiError::new(400, "DelegationSetInUse", text));
        }
        account.reusable.remove(&id);
        Ok(())
    }

    /// `GetReusableDelegationSetLimit`.
    pub fn set_limit(&self, call: Call, id: &str, kind: &str) -> Result<Limit, ApiError> {
        let set = self.get_reusable_set(call, id)?;
        if kind != "MAX_ZONES_BY_REUSABLE_DELEGATION_SET" {
            return Err(ApiError::invalid_input(format!("Invalid limit type: {kind}")));
        }
        let zones = self.caller(call)?.zones();
        let count = zones
            .filter(|zone| zone.reusable_set.as_deref() == Some(&*set.id))
            .count();
        Ok(Limit {
            kind: kind.to_owned(),
            value: super::zones::ZONES_PER_SET as u64,
            count: count as u64,
            element: "GetReusableDelegationSetLimitResponse",
        })
    }
}
