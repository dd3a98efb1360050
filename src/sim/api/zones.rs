//! Hosted zones: listing, reading, creating, deleting.

use super::operation::{CreatedZone, NewZone, ZoneDetail, ZoneList, ZoneNamePage, ZonePage};
use super::{ApiError, Call, ChangeInfo, page_size};
use crate::model::name::DnsName;
use crate::model::zone::{Visibility, ZoneId};
use crate::sim::order::sort_key;
use crate::sim::world::{HostedZone, NameStart, ReusableSet, SimAccount, World};

/// The most zones that one page holds.
pub const MAX_ZONES: usize = 100;
/// The most zones that one reusable delegation set serves.
pub const ZONES_PER_SET: usize = 100;

/// A zone as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneSummary {
    /// The id, without `/hostedzone/`.
    pub id: ZoneId,
    /// The apex.
    pub name: DnsName,
    /// `CallerReference`.
    pub reference: Box<str>,
    /// The comment.
    pub comment: Box<str>,
    /// Public or private.
    pub visibility: Visibility,
    /// `ResourceRecordSetCount`.
    pub record_sets: u64,
    /// The service that owns it.
    pub linked_service: Option<Box<str>>,
    /// `Features.AcceleratedRecoveryStatus`.
    pub recovery: Option<Box<str>>,
}

impl ZoneSummary {
    fn of(zone: &HostedZone) -> Self {
        Self {
            id: zone.id.clone(),
            name: zone.name.clone(),
            reference: zone.caller_reference.clone(),
            comment: zone.comment.clone(),
            visibility: zone.visibility,
            record_sets: zone.records().len() as u64,
            linked_service: zone.linked_service.clone(),
            recovery: zone.recovery.clone(),
        }
    }
}

impl World {
    /// `ListHostedZones`.
    pub fn list_hosted_zones(&self, call: Call, list: &ZoneList) -> Result<ZonePage, ApiError> {
        let account = self.caller(call)?;
        let max_items = page_size(list.max_items, MAX_ZONES)?;
        let wanted = wanted(account, list)?;
        let marker = list.marker.as_deref().map(|text| marker(account, text)).transpose()?;
        let zones = account.zones_from(marker.as_ref());
        let lag = account.faults.read_lag();
        let mut page = zones
            .filter(|zone| zone.is_listed_at(call.now, lag) && wanted(zone))
            .take(max_items + 1);
        let zones: Vec<_> = page.by_ref().take(max_items).map(ZoneSummary::of).collect();
        Ok(ZonePage {
            zones,
            marker: list.marker.clone(),
            next: page.next().map(|zone| zone.id.to_string()),
            max_items,
        })
    }

    /// `ListHostedZonesByName`.
    pub fn list_hosted_zones_by_name(
        &self,
        call: Call,
        dns_name: Option<&str>,
        zone: Option<&str>,
        max_items: Option<i64>,
    ) -> Result<ZoneNamePage, ApiError> {
        let account = self.caller(call)?;
        let size = page_size(max_items, MAX_ZONES)?;
        let from = by_name_start(dns_name, zone)?;
        let lag = account.faults.read_lag();
        let mut zones = account
            .zones_by_name(from)
            .filter(|zone| zone.is_listed_at(call.now, lag));
        let page: Vec<_> = zones.by_ref().take(size).map(ZoneSummary::of).collect();
        Ok(ZoneNamePage {
            zones: page,
            dns_name: dns_name.map(str::to_owned),
            zone: zone.map(str::to_owned),
            next: zones.next().map(|zone| (zone.name.clone(), zone.id.to_string())),
            max_items: size,
        })
    }

    /// `GetHostedZone`.
    pub fn get_hosted_zone(&self, call: Call, zone: &str) -> Result<ZoneDetail, ApiError> {
        let zone = self.zone_of(call, zone)?;
        Ok(detail(self.caller(call)?, zone))
    }

    /// `GetHostedZoneCount`.
    pub fn hosted_zone_count(&self, call: Call) -> Result<u64, ApiError> {
        let account = self.caller(call)?;
        let count = (account.zone_count() as u64).saturating_add_signed(account.faults.count_off_by);
        Ok(count)
    }

    /// `UpdateHostedZoneComment`.
    pub fn update_comment(&mut self, call: Call, zone: &str, comment: &str) -> Result<ZoneSummary, ApiError> {
        let id = self.changeable_zone(call, zone)?.id.clone();
        if comment.len() > 256 {
            return Err(ApiError::invalid_input("The comment is longer than 256 characters"));
        }
        let zone = self.zone_mut(call, &id)?;
        zone.comment = comment.into();
        Ok(ZoneSummary::of(zone))
    }

    /// `CreateHostedZone`.
    pub fn create_hosted_zone(&mut self, call: Call, new: &NewZone) -> Result<CreatedZone, ApiError> {
        let name = new_zone_name(&new.name)?;
        let visibility = new.visibility()?;
        let account = self.caller(call)?;
        if new.reference.is_empty() {
            return Err(ApiError::invalid_input("The caller reference must not be empty"));
        }
        if account.references.contains(&new.reference) {
            let text = "A hosted zone has already been created with the specified caller reference.";
            return Err(ApiError::new(409, "HostedZoneAlreadyExists", text));
        }
        if account.zone_count() >= account.zone_limit {
            let text = format!("The account already has {} hosted zones.", account.zone_limit);
            return Err(ApiError::new(400, "TooManyHostedZones", text));
        }
        let reusable = match &new.delegation_set {
            Some(id) => Some(usable_set(account, id, visibility)?),
            None => None,
        };
        let name_servers = self.servers_for(&name, visibility, reusable.as_ref())?;
        let zone = self.new_zone(call, new, name, name_servers, reusable.as_ref());
        let change = self.record_change(call, Some(new.comment.clone()).filter(|text| !text.is_empty()));
        let detail = detail(self.caller(call)?, &zone);
        self.caller_mut(call)?.references.insert(new.reference.clone());
        self.insert(call.account, zone);
        Ok(CreatedZone { detail, change })
    }

    fn new_zone(
        &mut self,
        call: Call,
        new: &NewZone,
        name: DnsName,
        name_servers: Vec<DnsName>,
        reusable: Option<&ReusableSet>,
    ) -> HostedZone {
        let id = ZoneId::read(&self.fresh_id("Z")).expect("a derived id is letters and digits");
        let mut zone = HostedZone::made_by_route53(id, name, name_servers);
        zone.caller_reference = new.reference.as_str().into();
        zone.comment = new.comment.as_str().into();
        zone.reusable_set = reusable.map(|set| set.id.as_str().into());
        if new.vpc.is_some() {
            zone.visibility = Visibility::Private;
            zone.vpcs = 1;
        }
        zone.created = call.now;
        zone
    }

    /// The name servers of a new zone; never one of a zone with the same name, or right above or below it.
    fn servers_for(
        &mut self,
        name: &DnsName,
        visibility: Visibility,
        reusable: Option<&ReusableSet>,
    ) -> Result<Vec<DnsName>, ApiError> {
        match (visibility, reusable) {
            (Visibility::Private, _) => Ok(crate::sim::world::servers::of_private_zones()),
            (Visibility::Public, None) => Ok(self.draw_servers(name)),
            (Visibility::Public, Some(set)) => {
                let related = self.related_servers(name);
                match set.name_servers.iter().find(|server| related.contains(*server)) {
                    None => Ok(set.name_servers.clone()),
                    Some(server) => Err(ApiError::new(
                        400,
                        "ConflictingDomainExists",
                        format!("A zone with the same name, or its parent or child, is already on {server}."),
                    )),
                }
            }
        }
    }

    /// `DeleteHostedZone`.
    pub fn delete_hosted_zone(&mut self, call: Call, zone: &str) -> Result<ChangeInfo, ApiError> {
        let zone = self.changeable_zone(call, zone)?;
        if !zone.holds_only_its_apex() {
            let text =
                "The specified hosted zone contains non-required resource record sets  and so cannot be deleted.";
            return Err(ApiError::new(400, "HostedZoneNotEmpty", text));
        }
        if !zone.protections.is_empty() {
            let text = "The specified hosted zone has resource record set protections and so cannot be deleted.";
            return Err(ApiError::new(400, "HostedZoneNotEmpty", text));
        }
        if zone.signing.key.is_some() {
            let text = "The specified hosted zone has DNSSEC signing or a key-signing key and so cannot be deleted.";
            return Err(ApiError::new(400, "HostedZoneNotEmpty", text));
        }
        let id = zone.id.clone();
        self.remove(call.account, &id);
        Ok(self.record_change(call, None))
    }
}

fn detail(account: &SimAccount, zone: &HostedZone) -> ZoneDetail {
    let public = zone.is_public();
    ZoneDetail {
        zone: ZoneSummary::of(zone),
        name_servers: if public {
            zone.delegation_set.clone()
        } else {
            Vec::new()
        },
        reusable: zone
            .reusable_set
            .as_deref()
            .and_then(|id| account.reusable.get(id))
            .cloned(),
        vpcs: (1..=zone.vpcs).map(|number| format!("vpc-{number:017x}")).collect(),
    }
}

fn wanted<'a>(account: &SimAccount, list: &'a ZoneList) -> Result<impl Fn(&HostedZone) -> bool + use<'a>, ApiError> {
    let private_only = match list.zone_type.as_deref() {
        None => false,
        Some("PrivateHostedZone") => true,
        Some(other) => return Err(ApiError::invalid_input(format!("Invalid hosted zone type: {other}"))),
    };
    let set = list.delegation_set.as_deref().map(super::reusable::bare_id);
    if let Some(id) = set
        && !account.reusable.contains_key(id)
    {
        return Err(super::reusable::no_such_set(id));
    }
    Ok(move |zone: &HostedZone| {
        (!private_only || !zone.is_public()) && set.is_none_or(|id| zone.reusable_set.as_deref() == Some(id))
    })
}

/// A marker is the id of a zone that is still there.
fn marker(account: &SimAccount, text: &str) -> Result<ZoneId, ApiError> {
    ZoneId::read(text)
        .filter(|id| account.zone(id).is_some())
        .ok_or_else(|| ApiError::no_such_zone(text))
}

fn by_name_start(dns_name: Option<&str>, zone: Option<&str>) -> Result<Option<NameStart>, ApiError> {
    let Some(text) = dns_name else {
        return match zone {
            Some(_) => Err(ApiError::invalid_input("The hosted zone id needs a DNS name beside it")),
            None => Ok(None),
        };
    };
    let name = DnsName::parse_route53(text).map_err(|_| invalid_domain_name(text))?;
    let zone = match zone {
        Some(id) => Some(ZoneId::read(id).ok_or_else(|| ApiError::invalid_input(format!("Invalid id: {id}")))?),
        None => None,
    };
    Ok(Some((sort_key(&name), zone)))
}

fn invalid_domain_name(text: &str) -> ApiError {
    ApiError::new(400, "InvalidDomainName", format!("{text} is not a valid domain name"))
}

fn new_zone_name(text: &str) -> Result<DnsName, ApiError> {
    let name = DnsName::parse_route53(text).map_err(|_| invalid_domain_name(text))?;
    match name.is_root() || name.is_wildcard() {
        true => Err(invalid_domain_name(text)),
        false => Ok(name),
    }
}

fn usable_set(account: &SimAccount, id: &str, visibility: Visibility) -> Result<ReusableSet, ApiError> {
    let id = super::reusable::bare_id(id);
    if visibility == Visibility::Private {
        let text = "A private hosted zone cannot have a reusable delegation set";
        return Err(ApiError::invalid_input(text));
    }
    let set = account
        .reusable
        .get(id)
        .ok_or_else(|| super::reusable::no_such_set(id))?;
    let used = account.zones().filter(|zone| zone.reusable_set.as_deref() == Some(id));
    match used.count() >= ZONES_PER_SET {
        true => Err(ApiError::new(
            400,
            "TooManyHostedZones",
            format!("The delegation set {id} already has {ZONES_PER_SET} hosted zones."),
        )),
        false => Ok(set.clone()),
    }
}

impl NewZone {
    fn visibility(&self) -> Result<Visibility, ApiError> {
        match (self.private, &self.vpc) {
            (Some(true), None) => Err(ApiError::new(
                400,
                "InvalidVPCId",
                "When you create a private hosted zone, you must specify a VPC.",
            )),
            (Some(false), Some(_)) => Err(ApiError::invalid_input(
                "When you specify a VPC, the hosted zone is private; PrivateZone must not be false.",
            )),
            (_, Some(_)) => Ok(Visibility::Private),
            (_, None) => Ok(Visibility::Public),
        }
    }
}
