//! The port `Route53` over the SDK: one request per call, and no answer is taken for complete that does not say so.

use aws_sdk_route53::types::RrType;

use super::account::Account;
use super::convert;
use super::error::plain;
use crate::model::dnssec::Signing;
use crate::model::zone::{DelegationSet, ZoneId};
use crate::ports::{ApiError, ApiErrorKind, RecordCursor, RecordPage, Route53, ZoneMarker, ZonePage};

/// The most zones and record sets that one page can have.
const ZONES: i32 = 100;
const RECORD_SETS: i32 = 300;

const COUNT: &str = "route53:GetHostedZoneCount";
const LIST_ZONES: &str = "route53:ListHostedZones";
const LIST_RECORD_SETS: &str = "route53:ListResourceRecordSets";
const GET_ZONE: &str = "route53:GetHostedZone";
const GET_DNSSEC: &str = "route53:GetDNSSEC";

fn malformed(action: &'static str, message: impl Into<Box<str>>) -> ApiError {
    plain(action, ApiErrorKind::Malformed, message)
}

impl Route53 for Account {
    async fn zone_count(&self) -> Result<u64, ApiError> {
        let (opened, held) = self.ready().await?;
        let answer = match opened.route53.get_hosted_zone_count().send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(COUNT, opened, &held.caller, error).await),
        };
        u64::try_from(answer.hosted_zone_count).map_err(|_| malformed(COUNT, "the number of zones is negative"))
    }

    async fn zones(&self, marker: Option<&ZoneMarker>) -> Result<ZonePage, ApiError> {
        let (opened, held) = self.ready().await?;
        let request = opened.route53.list_hosted_zones().max_items(ZONES);
        let answer = match request.set_marker(marker.map(|m| m.0.clone())).send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(LIST_ZONES, opened, &held.caller, error).await),
        };
        let next = answer.next_marker.filter(|m| !m.is_empty()).map(ZoneMarker);
        if answer.is_truncated && next.is_none() {
            return Err(malformed(
                LIST_ZONES,
                "the list goes on, but the answer does not say where",
            ));
        }
        let (zones, unreadable) = convert::zones(self.place(), answer.hosted_zones);
        Ok(ZonePage {
            zones,
            next,
            unreadable,
        })
    }

    async fn record_sets(&self, zone: &ZoneId, cursor: Option<&RecordCursor>) -> Result<RecordPage, ApiError> {
        let (opened, held) = self.ready().await?;
        let request = opened
            .route53
            .list_resource_record_sets()
            .hosted_zone_id(zone.as_str())
            .max_items(RECORD_SETS)
            .set_start_record_name(cursor.map(|c| c.name.clone()))
            .set_start_record_type(cursor.map(|c| RrType::from(c.record_type.as_str())))
            .set_start_record_identifier(cursor.and_then(|c| c.identifier.clone()));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(LIST_RECORD_SETS, opened, &held.caller, error).await),
        };
        let next = match (answer.next_record_name, answer.next_record_type) {
            (Some(name), Some(record_type)) => Some(RecordCursor {
                name,
                record_type: record_type.as_str().to_owned(),
                identifier: answer.next_record_identifier,
            }),
            (None, None) if !answer.is_truncated => None,
            _ => {
                return Err(malformed(
                    LIST_RECORD_SETS,
                    "the list goes on, but the answer does not say where",
                ));
            }
        };
        let (sets, unreadable) = convert::record_sets(answer.resource_record_sets);
        Ok(RecordPage { sets, next, unreadable })
    }

    async fn delegation_set(&self, zone: &ZoneId) -> Result<DelegationSet, ApiError> {
        let (opened, held) = self.ready().await?;
        let answer = match opened.route53.get_hosted_zone().id(zone.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(GET_ZONE, opened, &held.caller, error).await),
        };
        let set = answer
            .delegation_set
            .ok_or_else(|| malformed(GET_ZONE, "the answer names no delegation set"))?;
        convert::delegation_set(&set).map_err(|why| malformed(GET_ZONE, why))
    }

    async fn signing(&self, zone: &ZoneId) -> Result<Signing, ApiError> {
        let (opened, held) = self.ready().await?;
        let answer = match opened.route53.get_dnssec().hosted_zone_id(zone.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.failed(GET_DNSSEC, opened, &held.caller, error).await),
        };
        convert::signing(answer.status.as_ref(), &answer.key_signing_keys).map_err(|why| malformed(GET_DNSSEC, why))
    }
}
