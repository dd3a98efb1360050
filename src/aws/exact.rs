//! The port `Exact` over the SDK: what a plan must know exactly, read with the account's reading credentials.

use aws_sdk_route53::types::{ChangeStatus, RrType, TagResourceType};

use super::account::Account;
use super::convert::exact as convert;
use super::error::plain;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::ports::{
    ApiError, ApiErrorKind, Caller, ChangeId, ChangeState, Exact, ExactPage, ManagedSet, RecordPlace, ZoneDetail,
};

const GET_ZONE: &str = "route53:GetHostedZone";
const BY_NAME: &str = "route53:ListHostedZonesByName";
const LIST_RECORD_SETS: &str = "route53:ListResourceRecordSets";
const TAGS: &str = "route53:ListTagsForResource";
const SETS: &str = "route53:ListReusableDelegationSets";
const GET_CHANGE: &str = "route53:GetChange";

/// The most that one page can have.
const ZONES: i32 = 100;
const RECORD_SETS: i32 = 300;
const DELEGATION_SETS: i32 = 100;
/// The most pages of one listing here: no account has as many zones of one name, or sets.
const PAGES: usize = 50;

pub(super) fn malformed(action: &'static str, message: impl Into<Box<str>>) -> ApiError {
    plain(action, ApiErrorKind::Malformed, message)
}

impl Exact for Account {
    async fn caller(&self) -> Result<Caller, ApiError> {
        let (opened, held) = self.ready().await?;
        opened.session.ask_again(&held).await
    }

    async fn zone(&self, id: &ZoneId) -> Result<ZoneDetail, ApiError> {
        let (opened, held) = self.ready().await?;
        let answer = match opened.route53.get_hosted_zone().id(id.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(GET_ZONE, opened, &held.caller, error).await),
        };
        let zone = answer
            .hosted_zone
            .ok_or_else(|| malformed(GET_ZONE, "the answer names no zone"))?;
        convert::zone(&zone, answer.delegation_set.as_ref()).map_err(|why| malformed(GET_ZONE, why))
    }

    async fn zones_named(&self, name: &DnsName) -> Result<Vec<ZoneDetail>, ApiError> {
        let (mut from, mut id) = (name.to_route53(), None);
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let (opened, held) = self.ready().await?;
            let request = opened
                .route53
                .list_hosted_zones_by_name()
                .dns_name(from)
                .max_items(ZONES);
            let answer = match request.set_hosted_zone_id(id).send().await {
                Ok(answer) => answer,
                Err(error) => return Err(self.failed(BY_NAME, opened, &held.caller, error).await),
            };
            for zone in &answer.hosted_zones {
                if DnsName::parse_route53(&zone.name).is_ok_and(|apex| apex == *name) {
                    found.push(convert::zone(zone, None).map_err(|why| malformed(BY_NAME, why))?);
                }
            }
            if !answer.is_truncated {
                return Ok(found);
            }
            let next = answer
                .next_dns_name
                .ok_or_else(|| malformed(BY_NAME, "the list goes on, but the answer does not say where"))?;
            if DnsName::parse_route53(&next).is_ok_and(|next| next != *name) {
                return Ok(found);
            }
            (from, id) = (next, answer.next_hosted_zone_id);
        }
        Err(malformed(BY_NAME, "the list does not end"))
    }

    async fn exact_sets(&self, zone: &ZoneId, from: Option<&RecordPlace>) -> Result<ExactPage, ApiError> {
        let (opened, held) = self.ready().await?;
        let identifier = from.and_then(|from| from.identifier.as_ref());
        let request = opened
            .route53
            .list_resource_record_sets()
            .hosted_zone_id(zone.as_str())
            .max_items(RECORD_SETS)
            .set_start_record_name(from.map(|from| from.name.to_route53()))
            .set_start_record_type(from.and_then(|from| from.record_type).map(|t| RrType::from(t.as_str())))
            .set_start_record_identifier(identifier.map(|text| text.expose().to_owned()));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(LIST_RECORD_SETS, opened, &held.caller, error).await),
        };
        let next = match (answer.next_record_name, answer.next_record_type) {
            (Some(name), Some(kind)) => Some(place(&name, &kind, answer.next_record_identifier)?),
            (None, None) if !answer.is_truncated => None,
            _ => {
                return Err(malformed(
                    LIST_RECORD_SETS,
                    "the list goes on, but the answer does not say where",
                ));
            }
        };
        let (sets, unreadable) = convert::sets(answer.resource_record_sets);
        Ok(ExactPage { sets, unreadable, next })
    }

    async fn tags(&self, zone: &ZoneId) -> Result<Vec<(Untrusted, Untrusted)>, ApiError> {
        let (opened, held) = self.ready().await?;
        let request = opened
            .route53
            .list_tags_for_resource()
            .resource_type(TagResourceType::Hostedzone)
            .resource_id(zone.as_str());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(TAGS, opened, &held.caller, error).await),
        };
        let set = answer
            .resource_tag_set
            .ok_or_else(|| malformed(TAGS, "the answer holds no tags"))?;
        let text = |text: &Option<String>| Untrusted::from(text.as_deref().unwrap_or_default());
        Ok(set
            .tags()
            .iter()
            .map(|tag| (text(&tag.key), text(&tag.value)))
            .collect())
    }

    async fn reusable_sets(&self) -> Result<Vec<ManagedSet>, ApiError> {
        let mut marker = None;
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let (opened, held) = self.ready().await?;
            let request = opened
                .route53
                .list_reusable_delegation_sets()
                .max_items(DELEGATION_SETS);
            let answer = match request.set_marker(marker).send().await {
                Ok(answer) => answer,
                Err(error) => return Err(self.failed(SETS, opened, &held.caller, error).await),
            };
            for set in &answer.delegation_sets {
                found.push(convert::managed_set(set).map_err(|why| malformed(SETS, why))?);
            }
            if !answer.is_truncated {
                return Ok(found);
            }
            marker = Some(
                answer
                    .next_marker
                    .ok_or_else(|| malformed(SETS, "the list goes on, but the answer does not say where"))?,
            );
        }
        Err(malformed(SETS, "the list does not end"))
    }

    async fn change_state(&self, id: &ChangeId) -> Result<ChangeState, ApiError> {
        let (opened, held) = self.ready().await?;
        let answer = match opened.route53.get_change().id(id.0.expose()).send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(GET_CHANGE, opened, &held.caller, error).await),
        };
        match answer.change_info.map(|info| info.status) {
            Some(ChangeStatus::Insync) => Ok(ChangeState::InSync),
            Some(ChangeStatus::Pending) => Ok(ChangeState::Pending),
            _ => Err(malformed(
                GET_CHANGE,
                "the answer does not say how far the change has come",
            )),
        }
    }
}

fn place(name: &str, kind: &RrType, identifier: Option<String>) -> Result<RecordPlace, ApiError> {
    let unreadable = || {
        malformed(
            LIST_RECORD_SETS,
            "the list goes on at a place that cannot be understood",
        )
    };
    Ok(RecordPlace {
        name: DnsName::parse_route53(name).map_err(|_| unreadable())?,
        record_type: Some(crate::model::record::RecordType::read(kind.as_str()).ok_or_else(unreadable)?),
        identifier: identifier.map(Untrusted::from),
    })
}
