//! Every operation of Route 53 that the SDK has, put to both guards.

use aws_smithy_types::config_bag::Layer;

use super::*;
use crate::config::{Asked, Config, Overridden};

/// The operations of `aws-sdk-route53`.
const ALL: &[&str] = &[
    "ActivateKeySigningKey",
    "AssociateVPCWithHostedZone",
    "ChangeCidrCollection",
    "ChangeResourceRecordSets",
    "ChangeTagsForResource",
    "CreateCidrCollection",
    "CreateHealthCheck",
    "CreateHostedZone",
    "CreateKeySigningKey",
    "CreateQueryLoggingConfig",
    "CreateReusableDelegationSet",
    "CreateTrafficPolicy",
    "CreateTrafficPolicyInstance",
    "CreateTrafficPolicyVersion",
    "CreateVPCAssociationAuthorization",
    "DeactivateKeySigningKey",
    "DeleteCidrCollection",
    "DeleteHealthCheck",
    "DeleteHostedZone",
    "DeleteKeySigningKey",
    "DeleteQueryLoggingConfig",
    "DeleteReusableDelegationSet",
    "DeleteTrafficPolicy",
    "DeleteTrafficPolicyInstance",
    "DeleteVPCAssociationAuthorization",
    "DisableHostedZoneDNSSEC",
    "DisassociateVPCFromHostedZone",
    "EnableHostedZoneDNSSEC",
    "GetAccountLimit",
    "GetChange",
    "GetCheckerIpRanges",
    "GetDNSSEC",
    "GetGeoLocation",
    "GetHealthCheck",
    "GetHealthCheckCount",
    "GetHealthCheckLastFailureReason",
    "GetHealthCheckStatus",
    "GetHostedZone",
    "GetHostedZoneCount",
    "GetHostedZoneLimit",
    "GetQueryLoggingConfig",
    "GetReusableDelegationSet",
    "GetReusableDelegationSetLimit",
    "GetTrafficPolicy",
    "GetTrafficPolicyInstance",
    "GetTrafficPolicyInstanceCount",
    "ListCidrBlocks",
    "ListCidrCollections",
    "ListCidrLocations",
    "ListGeoLocations",
    "ListHealthChecks",
    "ListHostedZones",
    "ListHostedZonesByName",
    "ListHostedZonesByVPC",
    "ListQueryLoggingConfigs",
    "ListResourceRecordSets",
    "ListReusableDelegationSets",
    "ListTagsForResource",
    "ListTagsForResources",
    "ListTrafficPolicies",
    "ListTrafficPolicyInstances",
    "ListTrafficPolicyInstancesByHostedZone",
    "ListTrafficPolicyInstancesByPolicy",
    "ListTrafficPolicyVersions",
    "ListVPCAssociationAuthorizations",
    "TestDNSAnswer",
    "UpdateHealthCheck",
    "UpdateHostedZoneComment",
    "UpdateHostedZoneFeatures",
    "UpdateTrafficPolicyComment",
    "UpdateTrafficPolicyInstance",
];

fn passes(guard: &Guard, name: &'static str) -> bool {
    let mut layer = Layer::new("test");
    layer.store_put(Metadata::new(name, "Route 53"));
    let mut cfg = ConfigBag::base();
    cfg.push_layer(layer);
    Operation::among(guard.0, &cfg).is_some()
}

fn passing(guard: &Guard) -> Vec<&'static str> {
    ALL.iter().copied().filter(|name| passes(guard, name)).collect()
}

#[test]
fn of_all_operations_a_reading_client_sends_none_that_changes_anything() {
    let passing = passing(&Guard::READING);
    assert_eq!(passing.len(), READS.iter().filter(|o| o.service == "Route 53").count());
    assert!(
        passing
            .iter()
            .all(|name| name.starts_with("Get") || name.starts_with("List"))
    );
}

#[test]
fn of_all_operations_a_writing_client_sends_the_five_that_plans_are_made_of() {
    let leave = WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused).unwrap();
    assert_eq!(
        passing(&Guard::writing(&leave)),
        [
            "ChangeResourceRecordSets",
            "CreateHostedZone",
            "CreateReusableDelegationSet",
            "DeleteHostedZone",
            "DeleteReusableDelegationSet"
        ]
    );
}
