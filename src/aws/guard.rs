//! The allow-lists: what is not on a client's list is refused where requests are sent, whoever asks for it.
//!
//! Invariant: only clients that were made with a [`WriteCap`](crate::config::WriteCap) in hand send what is on [`WRITES`].

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::config::WriteCap;

/// Every operation that reads, with the action that IAM knows it by.
pub(super) const READS: &[Operation] = &[
    Operation::new("Route 53", "GetHostedZoneCount", "route53:GetHostedZoneCount"),
    Operation::new("Route 53", "ListHostedZones", "route53:ListHostedZones"),
    Operation::new("Route 53", "ListResourceRecordSets", "route53:ListResourceRecordSets"),
    Operation::new("Route 53", "GetHostedZone", "route53:GetHostedZone"),
    Operation::new("Route 53", "GetDNSSEC", "route53:GetDNSSEC"),
    Operation::new("Route 53", "ListHostedZonesByName", "route53:ListHostedZonesByName"),
    Operation::new("Route 53", "ListTagsForResource", "route53:ListTagsForResource"),
    Operation::new(
        "Route 53",
        "ListReusableDelegationSets",
        "route53:ListReusableDelegationSets",
    ),
    Operation::new("Route 53", "GetChange", "route53:GetChange"),
    Operation::new("STS", "GetCallerIdentity", "sts:GetCallerIdentity"),
    Operation::new("STS", "AssumeRole", "sts:AssumeRole"),
    Operation::new("STS", "GetSessionToken", "sts:GetSessionToken"),
];

/// Every operation that changes something. There is no other.
pub(super) const WRITES: &[Operation] = &[
    Operation::new("Route 53", "CreateHostedZone", "route53:CreateHostedZone"),
    Operation::new("Route 53", "DeleteHostedZone", "route53:DeleteHostedZone"),
    Operation::new(
        "Route 53",
        "ChangeResourceRecordSets",
        "route53:ChangeResourceRecordSets",
    ),
    Operation::new(
        "Route 53",
        "CreateReusableDelegationSet",
        "route53:CreateReusableDelegationSet",
    ),
    Operation::new(
        "Route 53",
        "DeleteReusableDelegationSet",
        "route53:DeleteReusableDelegationSet",
    ),
];

/// One operation of one service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Operation {
    /// The service, as the SDK names it.
    pub service: &'static str,
    /// The operation, as the SDK names it.
    pub name: &'static str,
    /// The action, as IAM names it.
    pub action: &'static str,
}

impl Operation {
    const fn new(service: &'static str, name: &'static str, action: &'static str) -> Self {
        Self { service, name, action }
    }

    /// The operation a request is of, if it is on one of the lists.
    pub(super) fn of(cfg: &ConfigBag) -> Option<&'static Self> {
        Self::among(READS, cfg).or_else(|| Self::among(WRITES, cfg))
    }

    fn among(list: &'static [Self], cfg: &ConfigBag) -> Option<&'static Self> {
        let metadata = cfg.load::<Metadata>()?;
        list.iter()
            .find(|o| o.service == metadata.service() && o.name == metadata.name())
    }
}

/// A request that was refused before it was sent.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not among the operations of this client, so it was not sent")]
pub(super) struct NotAllowed(pub String);

/// Refuses what is not on its list.
#[derive(Debug)]
pub(super) struct Guard(&'static [Operation]);

impl Guard {
    /// Lets nothing through but what reads.
    pub(super) const READING: Self = Self(READS);

    /// Lets nothing through but what changes something, and for nobody without leave.
    pub(super) fn writing(_: &WriteCap) -> Self {
        Self(WRITES)
    }
}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "Guard"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if Operation::among(self.0, cfg).is_some() {
            return Ok(());
        }
        let name = cfg.load::<Metadata>().map_or_else(
            || "an unnamed operation".to_owned(),
            |m| format!("{}:{}", m.service(), m.name()),
        );
        Err(NotAllowed(name).into())
    }
}

#[cfg(test)]
mod tests;
