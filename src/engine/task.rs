//! One request to a port: what is asked, and what came back.

use std::sync::Arc;
use std::time::Duration;

use crate::model::dnssec::Signing;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, ZoneId};
use crate::ports::{ApiError, ApiErrorKind, Caller, Identity, RecordCursor, RecordPage, Route53, ZoneMarker, ZonePage};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// Whose credentials these are.
    Identify,
    /// How many zones there are, in a certain pass over the list.
    Count { pass: u32 },
    /// One page of the list of zones, in a certain pass over it.
    Zones {
        marker: Option<ZoneMarker>,
        page: u32,
        pass: u32,
    },
    /// What the list says of one zone now: the page that begins with it.
    Recount(ZoneId),
    /// One page of record sets, in a certain pass over the zone.
    Records {
        zone: ZoneId,
        cursor: Option<RecordCursor>,
        page: u32,
        pass: u32,
    },
    /// Which name servers a zone has.
    DelegationSet(ZoneId),
    /// Whether and how a zone is signed.
    Signing(ZoneId),
}

/// What came back.
#[derive(Debug)]
pub(super) enum Answer {
    Caller(Caller),
    Count(u64),
    Zones(ZonePage),
    Records(RecordPage),
    DelegationSet(DelegationSet),
    Signing(Signing),
}

impl Task {
    /// The operation, as IAM names it.
    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::Identify => "sts:GetCallerIdentity",
            Self::Count { .. } => "route53:GetHostedZoneCount",
            Self::Zones { .. } | Self::Recount(_) => "route53:ListHostedZones",
            Self::Records { .. } => "route53:ListResourceRecordSets",
            Self::DelegationSet(_) => "route53:GetHostedZone",
            Self::Signing(_) => "route53:GetDNSSEC",
        }
    }

    /// Whether it counts against the rate limit of Route 53.
    pub(super) fn costs_a_token(&self) -> bool {
        *self != Self::Identify
    }

    /// The zone it is about.
    pub(super) fn zone(&self) -> Option<&ZoneId> {
        match self {
            Self::Identify | Self::Count { .. } | Self::Zones { .. } => None,
            Self::Recount(zone) | Self::DelegationSet(zone) | Self::Signing(zone) | Self::Records { zone, .. } => {
                Some(zone)
            }
        }
    }

    /// The page, from 1, where it pages.
    pub(super) fn page(&self) -> Option<u32> {
        match self {
            Self::Zones { page, .. } | Self::Records { page, .. } => Some(*page),
            _ => None,
        }
    }

    /// Asks, and waits for the answer no longer than `timeout`.
    pub(super) async fn perform<R: Route53, I: Identity>(
        &self,
        route53: Arc<R>,
        identity: Arc<I>,
        timeout: Duration,
    ) -> Result<Answer, ApiError> {
        match tokio::time::timeout(timeout, self.ask(&*route53, &*identity)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.no_answer(timeout)),
        }
    }

    async fn ask<R: Route53, I: Identity>(&self, route53: &R, identity: &I) -> Result<Answer, ApiError> {
        match self {
            Self::Identify => identity.caller().await.map(Answer::Caller),
            Self::Count { .. } => route53.zone_count().await.map(Answer::Count),
            Self::Zones { marker, .. } => route53.zones(marker.as_ref()).await.map(Answer::Zones),
            Self::Recount(zone) => {
                let marker = ZoneMarker(zone.as_str().to_owned());
                route53.zones(Some(&marker)).await.map(Answer::Zones)
            }
            Self::Records { zone, cursor, .. } => route53.record_sets(zone, cursor.as_ref()).await.map(Answer::Records),
            Self::DelegationSet(zone) => route53.delegation_set(zone).await.map(Answer::DelegationSet),
            Self::Signing(zone) => route53.signing(zone).await.map(Answer::Signing),
        }
    }

    /// An identity that does not answer hangs in the credentials, and will again; anything else may be the network.
    fn no_answer(&self, timeout: Duration) -> ApiError {
        let seconds = timeout.as_secs_f64();
        let (kind, message) = match self {
            Self::Identify => (
                ApiErrorKind::Credentials,
                format!(
                    "no answer within {seconds} s: do the credentials wait for something (credential_process, MFA)?"
                ),
            ),
            _ => (ApiErrorKind::Unavailable, format!("no answer within {seconds} s")),
        };
        ApiError {
            action: self.action(),
            kind,
            code: None,
            message: Untrusted::from(message),
            remedy: None,
            request_id: None,
        }
    }
}

impl Answer {
    /// How many things are in it.
    pub(super) fn items(&self) -> usize {
        match self {
            Self::Zones(page) => page.zones.len(),
            Self::Records(page) => page.sets.len(),
            Self::Caller(_) | Self::Count(_) | Self::DelegationSet(_) | Self::Signing(_) => 1,
        }
    }
}
