//! The allow-list: what is not on it is refused where requests are sent, whoever asks for it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Every operation that may be sent, with the action that IAM knows it by.
pub(super) const ALLOWED: &[Operation] = &[
    Operation::new("Route 53", "GetHostedZoneCount", "route53:GetHostedZoneCount"),
    Operation::new("Route 53", "ListHostedZones", "route53:ListHostedZones"),
    Operation::new("Route 53", "ListResourceRecordSets", "route53:ListResourceRecordSets"),
    Operation::new("Route 53", "GetHostedZone", "route53:GetHostedZone"),
    Operation::new("Route 53", "GetDNSSEC", "route53:GetDNSSEC"),
    Operation::new("STS", "GetCallerIdentity", "sts:GetCallerIdentity"),
    Operation::new("STS", "AssumeRole", "sts:AssumeRole"),
    Operation::new("STS", "GetSessionToken", "sts:GetSessionToken"),
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

    /// The operation a request is of, if it is on the list.
    pub(super) fn of(cfg: &ConfigBag) -> Option<&'static Self> {
        let metadata = cfg.load::<Metadata>()?;
        ALLOWED
            .iter()
            .find(|o| o.service == metadata.service() && o.name == metadata.name())
    }
}

/// A request that was refused before it was sent.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not among the reading operations, so it was not sent")]
pub(super) struct NotAllowed(pub String);

/// Refuses what is not on the list.
#[derive(Debug)]
pub(super) struct Guard;

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
        if Operation::of(cfg).is_some() {
            return Ok(());
        }
        let name = cfg.load::<Metadata>().map_or_else(
            || "an unnamed operation".to_owned(),
            |m| format!("{}:{}", m.service(), m.name()),
        );
        Err(NotAllowed(name).into())
    }
}
