use aws_sdk_route53::types::{
    AliasTarget, Coordinates, HostedZoneConfig, LinkedService, ResourceRecord, ResourceRecordSetFailover,
    ResourceRecordSetRegion, RrType,
};

use super::*;

fn hosted_zone(id: &str, name: &str) -> HostedZone {
    HostedZone::builder()
        .id(id)
        .name(name)
        .caller_reference("r")
        .build()
        .unwrap()
}

fn set(name: &str, record_type: &str) -> aws_sdk_route53::types::builders::ResourceRecordSetBuilder {
    ResourceRecordSet::builder()
        .name(name)
        .r#type(RrType::from(record_type))
}

fn one(set: aws_sdk_route53::types::builders::ResourceRecordSetBuilder) -> RecordSet {
    record_set(&set.build().unwrap()).unwrap()
}

#[test]
fn a_zone_keeps_what_route_53_says_of_it() {
    let mut source = hosted_zone("/hostedzone/Z1", "0\\05726.2.0.192.in-addr.arpa.");
    source.config = Some(
        HostedZoneConfig::builder()
            .private_zone(true)
            .comment("\u{1b}[2J")
            .build(),
    );
    source.resource_record_set_count = Some(12);
    source.linked_service = Some(
        LinkedService::builder()
            .service_principal("servicediscovery.amazonaws.com")
            .build(),
    );
    let zone = zone(AccountIx(3), &source).unwrap();
    assert_eq!(zone.name.to_string(), "0/26.2.0.192.in-addr.arpa");
    assert_eq!((zone.key.account, zone.key.id.as_str()), (AccountIx(3), "Z1"));
    assert_eq!((zone.visibility, zone.record_count), (Visibility::Private, Some(12)));
    assert_eq!(zone.comment.expose(), "\u{1b}[2J");
    assert_eq!(zone.linked_service.unwrap().expose(), "servicediscovery.amazonaws.com");
}

#[test]
fn what_cannot_be_understood_is_named_not_lost() {
    let long = format!("{}.example.", "a".repeat(64));
    let (readable, unreadable) = zones(
        AccountIx(0),
        vec![
            hosted_zone("/hostedzone/Z1", "a.example."),
            hosted_zone("/hostedzone/Z2", &long),
            hosted_zone("Z/../3", "b.example."),
            hosted_zone("Z4", "c\\9.example."),
        ],
    );
    assert_eq!((readable.len(), unreadable.len()), (1, 3));
    assert!(unreadable[0].expose().contains("Z2") && unreadable[0].expose().contains("63 octets"));

    let (readable, unreadable) = record_sets(vec![
        set("a.example.", "A").build().unwrap(),
        set("b..example.", "A").build().unwrap(),
        set("c.example.", "A B").build().unwrap(),
        set("d.example.", "A").ttl(-1).build().unwrap(),
    ]);
    assert_eq!((readable.len(), unreadable.len()), (1, 3));
    assert!(unreadable[1].expose().contains("c.example.") && unreadable[1].expose().contains("type"));
}

#[test]
fn an_unknown_record_type_is_kept() {
    assert_eq!(one(set("a.example.", "SVCB2")).record_type.as_str(), "SVCB2");
}

#[test]
fn values_and_aliases_are_taken_as_they_are() {
    let value = |v: &str| ResourceRecord::builder().value(v).build().unwrap();
    let txt = one(set("\\052.example.", "TXT")
        .ttl(60)
        .resource_records(value("\"a\\033b\""))
        .resource_records(value("")));
    assert!(txt.name.is_wildcard());
    assert_eq!(txt.ttl, Some(60));
    assert_eq!(
        txt.values().iter().map(|v| v.expose()).collect::<Vec<_>>(),
        ["\"a\\033b\"", ""]
    );
    assert_eq!(txt.routing, None);
    let target = AliasTarget::builder()
        .hosted_zone_id("Z2FDTNDATAQYW2")
        .dns_name("d1.cloudfront.net.")
        .evaluate_target_health(false)
        .build()
        .unwrap();
    let alias = one(set("a.example.", "A").alias_target(target));
    assert_eq!(alias.ttl, None);
    assert!(matches!(alias.data, RecordData::Alias(a) if a.target.expose() == "d1.cloudfront.net."));
}

#[test]
fn every_routing_policy_has_its_words() {
    let near = |builder: aws_sdk_route53::types::builders::GeoProximityLocationBuilder| {
        set("a.example.", "A").geo_proximity_location(builder.build())
    };
    let coordinates = Coordinates::builder()
        .latitude("49.1")
        .longitude("8.4")
        .build()
        .unwrap();
    let cidr = CidrRoutingConfig::builder()
        .collection_id("c1")
        .location_name("office")
        .build()
        .unwrap();
    for (builder, words) in [
        (set("a.example.", "A").weight(0), "weighted 0"),
        (
            set("a.example.", "A").region(ResourceRecordSetRegion::EuCentral1),
            "latency eu-central-1",
        ),
        (
            set("a.example.", "A").failover(ResourceRecordSetFailover::Primary),
            "failover PRIMARY",
        ),
        (
            set("a.example.", "A")
                .geo_location(GeoLocation::builder().country_code("US").subdivision_code("WA").build()),
            "geolocation US-WA",
        ),
        (
            near(GeoProximityLocation::builder().aws_region("us-east-1").bias(-10)),
            "geoproximity us-east-1 bias -10",
        ),
        (
            near(GeoProximityLocation::builder().coordinates(coordinates)),
            "geoproximity 49.1,8.4",
        ),
        (set("a.example.", "A").cidr_routing_config(cidr), "cidr office of c1"),
        (set("a.example.", "A").multi_value_answer(true), "multivalue"),
        (set("a.example.", "A"), "unknown policy"),
    ] {
        let routing = one(builder.set_identifier("id")).routing.unwrap();
        assert_eq!(
            (routing.policy.expose(), routing.set_identifier.expose()),
            (words, "id")
        );
    }
}

#[test]
fn a_delegation_set_is_sorted_and_whole_or_refused() {
    let servers = |names: &[&str]| {
        let names = names.iter().map(|n| (*n).to_owned()).collect();
        sdk::DelegationSet::builder()
            .set_name_servers(Some(names))
            .build()
            .unwrap()
    };
    let set = delegation_set(&servers(&["ns-9.awsdns-01.com", "NS-1.awsdns-02.org."])).unwrap();
    let names: Vec<_> = set.name_servers.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"ns-1.awsdns-02.org".to_owned()));
    assert!(delegation_set(&servers(&["ns-1..com"])).is_err());
}

#[test]
fn signing_keys_keep_their_digest_and_public_key() {
    let key = KeySigningKey::builder()
        .name("ksk")
        .key_tag(55648)
        .signing_algorithm_type(13)
        .digest_value("B4C8C1FE")
        .public_key("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==")
        .status("ACTIVE")
        .build();
    let status = sdk::DnssecStatus::builder().serve_signature("SIGNING").build();
    let signing = super::signing(Some(&status), std::slice::from_ref(&key)).unwrap();
    assert_eq!(signing.status, ServeSignature::Signing);
    assert_eq!((signing.keys[0].tag, signing.keys[0].algorithm), (55648, 13));
    assert_eq!(signing.keys[0].digest_sha256, "b4c8c1fe");
    assert_eq!(signing.keys[0].public_key.as_ref().map(Vec::len), Some(64));
    assert!(signing.keys[0].published);
    let mut wrong = key;
    wrong.key_tag = 70_000;
    assert!(super::signing(None, &[wrong]).is_err());
    assert_eq!(super::signing(None, &[]).unwrap().status, ServeSignature::Unsure);
}
