//! Hosted zones: creating, reading, commenting, deleting; changes, limits, tags, signing.

use super::*;
use aws_sdk_route53::types::{
    AccountLimitType, ChangeStatus, HostedZoneConfig, HostedZoneLimitType, Tag, TagResourceType,
};
use std::collections::HashSet;

async fn client() -> aws_sdk_route53::Client {
    Bench::start_leaked().await.route53()
}

fn shared(one: &Zone, other: &Zone) -> usize {
    let servers: HashSet<_> = one.servers.iter().collect();
    other.servers.iter().filter(|server| servers.contains(server)).count()
}

#[tokio::test]
async fn a_new_zone_has_four_name_servers_of_four_domains() {
    let zone = Zone::create(&client().await).await;
    let mut domains: Vec<_> = zone
        .servers
        .iter()
        .map(|server| server.splitn(3, '.').nth(2).unwrap_or_default())
        .collect();
    domains.sort_unstable();
    assert_eq!(domains, ["co.uk", "com", "net", "org"], "{:?}", zone.servers);
    for server in &zone.servers {
        let digits = server.trim_start_matches("ns-").split('.').next().unwrap_or_default();
        let number: u32 = digits.parse().expect("a number");
        let block = format!(".awsdns-{:02}.", number % 512 / 8);
        assert!(number < 2_048 && server.contains(&block), "{server}");
    }
}

#[tokio::test]
async fn reading_a_zone_gives_the_servers_it_was_created_with() {
    let zone = Zone::create(&client().await).await;
    let got = zone.client.get_hosted_zone().id(&zone.id).send().await.expect("a zone");
    let set = got.delegation_set.expect("a delegation set");
    assert_eq!(set.name_servers, zone.servers);
    assert_eq!(set.id, None);
    assert!(set.name_servers.iter().all(|server| !server.ends_with('.')));
}

#[tokio::test]
async fn a_caller_reference_makes_one_zone_only() {
    let client = client().await;
    let (name, reference) = (format!("{}.example.com", unique("once")), unique("reference"));
    let create = || {
        client
            .create_hosted_zone()
            .name(&name)
            .caller_reference(&reference)
            .send()
    };
    create().await.expect("a new zone");
    let refusal = create().await.map_err(refusal).expect_err("refused");
    assert_eq!(
        (refusal.code.as_str(), refusal.status),
        ("HostedZoneAlreadyExists", 409)
    );
}

#[tokio::test]
async fn two_zones_of_one_name_share_no_server() {
    let client = client().await;
    let name = format!("{}.example.com", unique("twin"));
    let (one, other) = (Zone::named(&client, &name).await, Zone::named(&client, &name).await);
    assert_ne!(one.id, other.id);
    assert_eq!(shared(&one, &other), 0);
}

#[tokio::test]
async fn a_child_shares_no_server_with_its_parent() {
    let client = client().await;
    let parent = Zone::create(&client).await;
    for label in ["a", "b", "c"] {
        let child = Zone::named(&client, &format!("{label}.{}", parent.name)).await;
        assert_eq!(shared(&parent, &child), 0);
    }
}

#[tokio::test]
async fn a_name_is_brought_to_one_form() {
    let client = client().await;
    let label = unique("CamelCase");
    let zone = Zone::named(&client, &format!("{label}.Example.COM")).await;
    let got = client.get_hosted_zone().id(&zone.id).send().await.expect("a zone");
    assert_eq!(
        got.hosted_zone.expect("a zone").name,
        format!("{}.example.com.", label.to_lowercase())
    );
}

#[tokio::test]
async fn what_is_no_domain_name_is_refused() {
    let client = client().await;
    let long = format!("{}.example.com", "a".repeat(64));
    for name in ["a..example.com", long.as_str(), ".example.com"] {
        let create = client
            .create_hosted_zone()
            .name(name)
            .caller_reference(unique("reference"));
        assert_eq!(code(create.send().await), "InvalidDomainName", "{name}");
    }
}

#[tokio::test]
async fn a_private_zone_needs_a_vpc() {
    let config = HostedZoneConfig::builder().private_zone(true).build();
    let create = client()
        .await
        .create_hosted_zone()
        .name("internal.example")
        .caller_reference(unique("reference"));
    assert_eq!(code(create.hosted_zone_config(config).send().await), "InvalidVPCId");
}

#[tokio::test]
async fn a_comment_can_be_changed() {
    let zone = Zone::create(&client().await).await;
    let changed = zone
        .client
        .update_hosted_zone_comment()
        .id(&zone.id)
        .comment("new & <old>")
        .send()
        .await;
    let comment =
        |zone: Option<aws_sdk_route53::types::HostedZone>| zone.and_then(|zone| zone.config).and_then(|c| c.comment);
    assert_eq!(
        comment(changed.expect("a zone").hosted_zone).as_deref(),
        Some("new & <old>")
    );
    let got = zone.client.get_hosted_zone().id(&zone.id).send().await.expect("a zone");
    assert_eq!(comment(got.hosted_zone).as_deref(), Some("new & <old>"));
}

#[tokio::test]
async fn an_empty_zone_can_be_deleted_and_is_gone() {
    let zone = Zone::create(&client().await).await;
    zone.client
        .delete_hosted_zone()
        .id(&zone.id)
        .send()
        .await
        .expect("a deletion");
    assert_eq!(
        code(zone.client.get_hosted_zone().id(&zone.id).send().await),
        "NoSuchHostedZone"
    );
    assert_eq!(
        code(zone.client.delete_hosted_zone().id(&zone.id).send().await),
        "NoSuchHostedZone"
    );
}

#[tokio::test]
async fn a_zone_with_record_sets_cannot_be_deleted() {
    let zone = Zone::create(&client().await).await;
    let www = set(&zone.below("www"), RrType::A, &["192.0.2.1"]);
    zone.apply(vec![create(www.clone())]).await;
    assert_eq!(
        code(zone.client.delete_hosted_zone().id(&zone.id).send().await),
        "HostedZoneNotEmpty"
    );
    zone.apply(vec![delete(www)]).await;
    zone.client
        .delete_hosted_zone()
        .id(&zone.id)
        .send()
        .await
        .expect("a deletion");
}

#[tokio::test]
async fn a_change_is_pending_and_then_in_sync() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    let created = client
        .create_hosted_zone()
        .name("sync.example")
        .caller_reference("sync")
        .send()
        .await;
    let change = created.expect("a zone").change_info.expect("a change");
    assert_eq!(change.status, ChangeStatus::Pending);
    let status = async || {
        let got = client.get_change().id(&change.id).send().await.expect("a change");
        got.change_info.expect("a change").status
    };
    assert_eq!(status().await, ChangeStatus::Pending);
    bench.simulator().advance(Duration::from_secs(60));
    assert_eq!(status().await, ChangeStatus::Insync);
}

#[tokio::test]
async fn a_change_that_never_was_is_not_found() {
    let get = client().await.get_change().id("C0000000000000");
    let refusal = get.send().await.map_err(refusal).expect_err("an error");
    assert_eq!((refusal.code.as_str(), refusal.status), ("NoSuchChange", 404));
}

#[tokio::test]
async fn a_new_zone_is_not_signed() {
    let zone = Zone::create(&client().await).await;
    let got = zone
        .client
        .get_dnssec()
        .hosted_zone_id(&zone.id)
        .send()
        .await
        .expect("DNSSEC");
    let status = got.status.and_then(|status| status.serve_signature);
    assert_eq!(status.as_deref(), Some("NOT_SIGNING"));
    assert!(got.key_signing_keys.is_empty());
}

#[tokio::test]
async fn a_signed_zone_tells_its_key_and_its_ds_record() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53_as(bench.credentials(TEAM));
    let page = client
        .list_hosted_zones_by_name()
        .dns_name("signed.team.example")
        .send()
        .await
        .expect("a page");
    let zone = page.hosted_zones.first().expect("the zone");
    let got = client
        .get_dnssec()
        .hosted_zone_id(&zone.id)
        .send()
        .await
        .expect("DNSSEC");
    let key = got.key_signing_keys.first().expect("a key");
    let parts = (key.key_tag, key.digest_value.clone().unwrap_or_default());
    assert_eq!(
        key.ds_record.as_deref(),
        Some(format!("{} 13 2 {}", parts.0, parts.1).as_str())
    );
    assert_eq!(
        (key.flag, key.signing_algorithm_type, key.digest_algorithm_type),
        (257, 13, 2)
    );
    assert_eq!(key.status.as_deref(), Some("ACTIVE"));
    assert_eq!(key.public_key.as_ref().map(String::len), Some(88));
}

#[tokio::test]
async fn a_zone_of_another_service_is_not_changed() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53_as(bench.credentials(TEAM));
    let page = client
        .list_hosted_zones_by_name()
        .dns_name("map.team.example")
        .send()
        .await
        .expect("a page");
    let zone = page.hosted_zones.first().expect("the zone");
    let owner = zone
        .linked_service
        .as_ref()
        .and_then(|service| service.service_principal.as_deref());
    assert_eq!(owner, Some("servicediscovery.amazonaws.com"));
    assert_eq!(
        code(client.delete_hosted_zone().id(&zone.id).send().await),
        "AccessDenied"
    );
}

#[tokio::test]
async fn limits_are_told_with_what_is_used_of_them() {
    let client = client().await;
    let zone = Zone::create(&client).await;
    let limit = client
        .get_account_limit()
        .r#type(AccountLimitType::MaxHostedZonesByOwner)
        .send()
        .await;
    let limit = limit.expect("a limit");
    assert!(limit.count >= 1 && limit.limit.is_some_and(|limit| limit.value >= 500));
    let of_zone = |kind| client.get_hosted_zone_limit().hosted_zone_id(&zone.id).r#type(kind);
    let limit = of_zone(HostedZoneLimitType::MaxRrsetsByZone)
        .send()
        .await
        .expect("a limit");
    assert_eq!((limit.count, limit.limit.map(|limit| limit.value)), (2, Some(10_000)));
    assert_eq!(
        code(of_zone(HostedZoneLimitType::MaxVpcsAssociatedByZone).send().await),
        "HostedZoneNotPrivate"
    );
}

#[tokio::test]
async fn tags_are_listed_for_one_zone_and_for_several() {
    let client = client().await;
    let (one, other) = (Zone::create(&client).await, Zone::create(&client).await);
    let tag = Tag::builder().key("team").value("dns").build();
    let bare = |zone: &Zone| zone.id.trim_start_matches("/hostedzone/").to_owned();
    client
        .change_tags_for_resource()
        .resource_type(TagResourceType::Hostedzone)
        .resource_id(bare(&one))
        .add_tags(tag.clone())
        .send()
        .await
        .expect("a tag");
    let listed = client
        .list_tags_for_resource()
        .resource_type(TagResourceType::Hostedzone)
        .resource_id(bare(&one))
        .send()
        .await
        .expect("tags");
    assert_eq!(listed.resource_tag_set.expect("a set").tags(), [tag]);
    let listed = client
        .list_tags_for_resources()
        .resource_type(TagResourceType::Hostedzone)
        .resource_ids(bare(&one))
        .resource_ids(bare(&other))
        .send()
        .await
        .expect("tags");
    let counts: Vec<_> = listed.resource_tag_sets.iter().map(|set| set.tags().len()).collect();
    assert_eq!(counts, [1, 0]);
}
