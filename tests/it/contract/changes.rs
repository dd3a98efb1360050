//! Changing record sets: batches are atomic, DELETE is exact, CREATE never overwrites. What zonecut's safety rests on.

use super::*;
use aws_sdk_route53::types::AliasTarget;

async fn zone() -> Zone {
    Zone::create(&Bench::start_leaked().await.route53()).await
}

fn a(zone: &Zone, label: &str, address: &str) -> ResourceRecordSet {
    set(&zone.below(label), RrType::A, &[address])
}

fn ns(zone: &Zone, label: &str, servers: &[&str]) -> ResourceRecordSet {
    set(&zone.below(label), RrType::Ns, servers)
}

fn apex(zone: &Zone) -> String {
    format!("{}.", zone.name)
}

#[tokio::test]
async fn what_is_created_is_listed_at_once_as_it_was_written() {
    let zone = zone().await;
    let written = ns(&zone, "dev", &["NS1.Example.NET", "ns2.example.net."]);
    zone.apply(vec![create(written.clone())]).await;
    assert_eq!(zone.find(&zone.below("dev"), RrType::Ns).await, Some(written));
}

#[tokio::test]
async fn create_is_refused_over_an_existing_record_set() {
    let zone = zone().await;
    zone.apply(vec![create(ns(&zone, "dev", &["ns1.example.net."]))]).await;
    let refusal = zone
        .refused(vec![create(ns(&zone, "dev", &["ns9.example.net."]))])
        .await;
    assert_eq!((refusal.code.as_str(), refusal.status), ("InvalidChangeBatch", 400));
    let name = zone.below("dev");
    let text = format!("Tried to create resource record set [name='{name}', type='NS'] but it already exists");
    assert!(refusal.message.contains(&text), "{}", refusal.message);
}

#[tokio::test]
async fn create_is_refused_even_over_the_same_values() {
    let zone = zone().await;
    zone.apply(vec![create(a(&zone, "www", "192.0.2.1"))]).await;
    let refusal = zone.refused(vec![create(a(&zone, "www", "192.0.2.1"))]).await;
    assert!(refusal.message.contains("already exists"), "{refusal:?}");
}

#[tokio::test]
async fn a_name_differs_from_another_by_more_than_case() {
    let zone = zone().await;
    zone.apply(vec![create(a(&zone, "www", "192.0.2.1"))]).await;
    let refusal = zone.refused(vec![create(a(&zone, "WWW", "192.0.2.2"))]).await;
    assert!(refusal.message.contains("already exists"), "{refusal:?}");
}

#[tokio::test]
async fn an_exact_delete_removes() {
    let zone = zone().await;
    let www = a(&zone, "www", "192.0.2.1");
    zone.apply(vec![create(www.clone())]).await;
    zone.apply(vec![delete(www)]).await;
    assert_eq!(zone.find(&zone.below("www"), RrType::A).await, None);
}

#[tokio::test]
async fn the_order_of_values_does_not_matter_to_a_delete() {
    let zone = zone().await;
    zone.apply(vec![create(ns(
        &zone,
        "dev",
        &["a.example.", "b.example.", "c.example."],
    ))])
    .await;
    zone.apply(vec![delete(ns(
        &zone,
        "dev",
        &["c.example.", "a.example.", "b.example."],
    ))])
    .await;
    assert_eq!(zone.all().await.len(), 2);
}

#[tokio::test]
async fn a_delete_with_other_values_is_refused() {
    let zone = zone().await;
    zone.apply(vec![create(ns(&zone, "dev", &["a.example.", "b.example."]))])
        .await;
    for values in [
        &["a.example.", "x.example."][..],
        &["a.example."],
        &["a.example.", "b.example.", "c.example."],
    ] {
        let refusal = zone.refused(vec![delete(ns(&zone, "dev", values))]).await;
        let text = "but the values provided do not match the current values";
        assert!(refusal.message.contains(text), "{values:?}: {refusal:?}");
    }
}

#[tokio::test]
async fn a_delete_with_another_ttl_is_refused() {
    let zone = zone().await;
    zone.apply(vec![create(a(&zone, "www", "192.0.2.1"))]).await;
    let mut other = a(&zone, "www", "192.0.2.1");
    other.ttl = Some(60);
    let refusal = zone.refused(vec![delete(other)]).await;
    assert!(
        refusal.message.contains("do not match the current values"),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_delete_of_nothing_is_refused() {
    let zone = zone().await;
    let refusal = zone.refused(vec![delete(a(&zone, "www", "192.0.2.1"))]).await;
    assert_eq!(refusal.code, "InvalidChangeBatch");
    assert!(refusal.message.contains("but it was not found"), "{refusal:?}");
}

#[tokio::test]
async fn one_bad_change_spoils_the_whole_batch() {
    let zone = zone().await;
    zone.apply(vec![create(a(&zone, "old", "192.0.2.1"))]).await;
    zone.refused(vec![
        create(a(&zone, "new", "192.0.2.2")),
        delete(a(&zone, "old", "192.0.2.1")),
        create(a(&zone, "bad", "no address")),
    ])
    .await;
}

#[tokio::test]
async fn delete_and_create_together_swap_a_record_set() {
    let zone = zone().await;
    let (old, new) = (ns(&zone, "dev", &["old.example."]), ns(&zone, "dev", &["new.example."]));
    zone.apply(vec![create(old.clone())]).await;
    zone.apply(vec![delete(old), create(new)]).await;
    assert_eq!(zone.values(&zone.below("dev"), RrType::Ns).await, ["new.example."]);
}

#[tokio::test]
async fn a_swap_against_a_foreign_change_is_refused_and_leaves_it() {
    let zone = zone().await;
    let (old, new) = (ns(&zone, "dev", &["old.example."]), ns(&zone, "dev", &["new.example."]));
    zone.apply(vec![create(old.clone())]).await;
    zone.apply(vec![upsert(ns(&zone, "dev", &["foreign.example."]))]).await;
    let refusal = zone.refused(vec![delete(old), create(new)]).await;
    assert!(refusal.message.contains("Tried to delete"), "{refusal:?}");
    assert!(
        refusal.message.contains("do not match the current values"),
        "{refusal:?}"
    );
    assert_eq!(zone.values(&zone.below("dev"), RrType::Ns).await, ["foreign.example."]);
}

#[tokio::test]
async fn every_complaint_is_in_the_message() {
    let zone = zone().await;
    let refusal = zone
        .refused(vec![
            delete(a(&zone, "one", "192.0.2.1")),
            delete(a(&zone, "two", "192.0.2.1")),
        ])
        .await;
    assert!(
        refusal.message.starts_with('[') && refusal.message.ends_with(']'),
        "{refusal:?}"
    );
    assert!(refusal.message.contains(&zone.below("one")) && refusal.message.contains(&zone.below("two")));
}

#[tokio::test]
async fn upsert_creates_and_overwrites() {
    let zone = zone().await;
    zone.apply(vec![upsert(a(&zone, "www", "192.0.2.1"))]).await;
    zone.apply(vec![upsert(a(&zone, "www", "192.0.2.2"))]).await;
    assert_eq!(zone.values(&zone.below("www"), RrType::A).await, ["192.0.2.2"]);
}

#[tokio::test]
async fn one_record_set_is_not_created_twice_in_a_batch() {
    let zone = zone().await;
    let twice = vec![
        create(a(&zone, "www", "192.0.2.1")),
        create(a(&zone, "www", "192.0.2.2")),
    ];
    assert_eq!(zone.refused(twice).await.code, "InvalidChangeBatch");
    let twice = vec![
        upsert(a(&zone, "www", "192.0.2.1")),
        upsert(a(&zone, "www", "192.0.2.2")),
    ];
    assert_eq!(zone.refused(twice).await.code, "InvalidChangeBatch");
}

#[tokio::test]
async fn a_cname_stands_alone() {
    let zone = zone().await;
    let cname = |label: &str| set(&zone.below(label), RrType::Cname, &["target.example."]);
    zone.apply(vec![
        create(ns(&zone, "dev", &["ns1.example.net."])),
        create(cname("alias")),
    ])
    .await;
    let refusal = zone.refused(vec![create(cname("dev"))]).await;
    assert!(refusal.message.contains("conflicts with other records"), "{refusal:?}");
    assert_eq!(
        zone.refused(vec![create(ns(&zone, "alias", &["ns1.example.net."]))])
            .await
            .code,
        "InvalidChangeBatch"
    );
    zone.apply(vec![
        delete(ns(&zone, "dev", &["ns1.example.net."])),
        create(cname("dev")),
    ])
    .await;
}

#[tokio::test]
async fn a_cname_is_not_permitted_at_the_apex() {
    let zone = zone().await;
    let refusal = zone
        .refused(vec![create(set(&apex(&zone), RrType::Cname, &["target.example."]))])
        .await;
    assert!(refusal.message.contains("not permitted at apex"), "{refusal:?}");
}

#[tokio::test]
async fn the_ns_and_the_soa_of_the_apex_cannot_be_deleted() {
    let zone = zone().await;
    for record_type in [RrType::Ns, RrType::Soa] {
        let current = zone.find(&apex(&zone), record_type).await.expect("an apex record set");
        assert_eq!(zone.refused(vec![delete(current)]).await.code, "InvalidChangeBatch");
    }
}

#[tokio::test]
async fn the_ns_of_the_apex_can_be_edited() {
    let zone = zone().await;
    zone.apply(vec![upsert(set(&apex(&zone), RrType::Ns, &["ns1.example.net."]))])
        .await;
    assert_eq!(zone.values(&apex(&zone), RrType::Ns).await, ["ns1.example.net."]);
    let got = zone.client.get_hosted_zone().id(&zone.id).send().await.expect("a zone");
    assert_eq!(got.delegation_set.expect("a set").name_servers, zone.servers);
}

#[tokio::test]
async fn a_name_of_another_domain_is_not_permitted() {
    let zone = zone().await;
    for name in ["www.example.net.", &format!("not{}.", zone.name)] {
        let refusal = zone.refused(vec![create(set(name, RrType::A, &["192.0.2.1"]))]).await;
        assert!(refusal.message.contains("is not permitted in zone"), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_wildcard_cannot_be_delegated() {
    let zone = zone().await;
    assert_eq!(
        zone.refused(vec![create(ns(&zone, "*", &["ns1.example.net."]))])
            .await
            .code,
        "InvalidChangeBatch"
    );
    zone.apply(vec![create(a(&zone, "*", "192.0.2.1"))]).await;
}

#[tokio::test]
async fn values_must_be_of_their_type() {
    let zone = zone().await;
    for (record_type, value) in [
        (RrType::A, "192.0.2.256"),
        (RrType::Aaaa, "192.0.2.1"),
        (RrType::Txt, "not quoted"),
        (RrType::Mx, "mail.example."),
        (RrType::Ns, "two names.example."),
        (RrType::Ds, "1 13 2 not-hexadecimal"),
    ] {
        let bad = set(&zone.below("bad"), record_type.clone(), &[value]);
        let refusal = zone.refused(vec![create(bad)]).await;
        assert!(
            refusal.message.contains("Invalid Resource Record"),
            "{record_type} {value}: {refusal:?}"
        );
    }
}

#[tokio::test]
async fn a_value_stands_once() {
    let zone = zone().await;
    let twice = set(&zone.below("www"), RrType::A, &["192.0.2.1", "192.0.2.1"]);
    assert_eq!(zone.refused(vec![create(twice)]).await.code, "InvalidChangeBatch");
}

#[tokio::test]
async fn text_values_keep_their_escapes() {
    let zone = zone().await;
    let values = ["\"a \\\"quoted\\\" \\033 text\"", "\"two\" \"strings\"", "\"<&>\""];
    zone.apply(vec![create(set(&zone.below("t"), RrType::Txt, &values))])
        .await;
    assert_eq!(zone.values(&zone.below("t"), RrType::Txt).await, values);
}

fn many(zone: &Zone, count: usize) -> Vec<ResourceRecordSet> {
    (0..count)
        .map(|number| a(zone, &format!("n{number}"), "192.0.2.1"))
        .collect()
}

#[tokio::test]
async fn a_request_holds_a_thousand_records() {
    let zone = zone().await;
    let refusal = zone
        .change(many(&zone, 1_001).into_iter().map(create).collect())
        .await
        .expect_err("too many");
    assert_eq!(refusal.code, "InvalidChangeBatch");
    zone.apply(many(&zone, 1_000).into_iter().map(create).collect()).await;
}

#[tokio::test]
async fn an_upserted_record_counts_twice() {
    let zone = zone().await;
    let refusal = zone
        .change(many(&zone, 501).into_iter().map(upsert).collect())
        .await
        .expect_err("too many");
    assert_eq!(refusal.code, "InvalidChangeBatch");
    zone.apply(many(&zone, 500).into_iter().map(upsert).collect()).await;
}

#[tokio::test]
async fn a_request_holds_32_000_characters() {
    let zone = zone().await;
    // 125 values of 256 characters are 32,000.
    let text = |number: usize| {
        set(
            &zone.below(&format!("t{number}")),
            RrType::Txt,
            &[&format!("\"{}\"", "x".repeat(254))],
        )
    };
    let refusal = zone
        .change((0..126).map(text).map(create).collect())
        .await
        .expect_err("too long");
    assert_eq!(refusal.code, "InvalidChangeBatch");
    let refusal = zone
        .change((0..63).map(text).map(upsert).collect())
        .await
        .expect_err("too long");
    assert_eq!(refusal.code, "InvalidChangeBatch");
    zone.apply((0..125).map(text).map(create).collect()).await;
}

#[tokio::test]
async fn a_record_set_has_values_and_a_ttl_or_an_alias() {
    let zone = zone().await;
    let mut no_ttl = a(&zone, "www", "192.0.2.1");
    no_ttl.ttl = None;
    let mut nothing = no_ttl.clone();
    nothing.resource_records = None;
    for malformed in [no_ttl, nothing] {
        assert_eq!(zone.refused(vec![create(malformed)]).await.code, "InvalidInput");
    }
    assert_eq!(
        zone.change(Vec::new()).await.expect_err("an empty batch").code,
        "InvalidInput"
    );
}

fn alias(zone: &Zone, label: &str, zone_id: &str, target: &str) -> ResourceRecordSet {
    let target = AliasTarget::builder()
        .hosted_zone_id(zone_id)
        .dns_name(target)
        .evaluate_target_health(false)
        .build()
        .expect("a target");
    ResourceRecordSet::builder()
        .name(zone.below(label))
        .r#type(RrType::A)
        .alias_target(target)
        .build()
        .expect("a record set")
}

#[tokio::test]
async fn an_alias_has_no_ttl_and_is_deleted_exactly() {
    let zone = zone().await;
    let cdn = alias(&zone, "cdn", "Z2FDTNDATAQYW2", "d1.cloudfront.net.");
    zone.apply(vec![create(cdn.clone())]).await;
    assert_eq!(zone.find(&zone.below("cdn"), RrType::A).await, Some(cdn.clone()));
    let other = alias(&zone, "cdn", "Z2FDTNDATAQYW2", "d2.cloudfront.net.");
    assert_eq!(zone.refused(vec![delete(other)]).await.code, "InvalidChangeBatch");
    zone.apply(vec![delete(cdn)]).await;
}

#[tokio::test]
async fn the_target_of_an_alias_is_listed_in_lower_case_with_its_final_dot() {
    let zone = zone().await;
    let typed = alias(&zone, "cdn", "Z2FDTNDATAQYW2", "D1.CloudFront.net");
    zone.apply(vec![create(typed.clone())]).await;
    let listed = alias(&zone, "cdn", "Z2FDTNDATAQYW2", "d1.cloudfront.net.");
    assert_eq!(zone.find(&zone.below("cdn"), RrType::A).await, Some(listed));
    zone.apply(vec![delete(typed)]).await;
}

#[tokio::test]
async fn an_alias_into_its_own_zone_needs_its_target() {
    let zone = zone().await;
    let bare = zone.id.trim_start_matches("/hostedzone/").to_owned();
    let own = alias(&zone, "cdn", &bare, &zone.below("www"));
    let refusal = zone.refused(vec![create(own.clone())]).await;
    assert!(refusal.message.contains("that target was not found"), "{refusal:?}");
    zone.apply(vec![create(a(&zone, "www", "192.0.2.1")), create(own)])
        .await;
}

fn weighted(zone: &Zone, identifier: &str, weight: i64) -> ResourceRecordSet {
    let mut set = a(zone, "w", "192.0.2.1");
    set.set_identifier = Some(identifier.into());
    set.weight = Some(weight);
    set
}

#[tokio::test]
async fn weighted_record_sets_are_told_apart_by_their_identifiers() {
    let zone = zone().await;
    zone.apply(vec![
        create(weighted(&zone, "blue", 10)),
        create(weighted(&zone, "green", 20)),
    ])
    .await;
    assert_eq!(
        zone.refused(vec![create(weighted(&zone, "blue", 30))]).await.code,
        "InvalidChangeBatch"
    );
    let refusal = zone.refused(vec![delete(weighted(&zone, "blue", 11))]).await;
    assert!(refusal.message.contains("set-identifier='blue'"), "{refusal:?}");
    zone.apply(vec![delete(weighted(&zone, "blue", 10))]).await;
    assert_eq!(zone.all().await.len(), 3);
}

#[tokio::test]
async fn simple_and_weighted_record_sets_do_not_stand_side_by_side() {
    let zone = zone().await;
    zone.apply(vec![create(weighted(&zone, "blue", 10))]).await;
    assert_eq!(
        zone.refused(vec![create(a(&zone, "w", "192.0.2.9"))]).await.code,
        "InvalidChangeBatch"
    );
}

#[tokio::test]
async fn a_delegation_is_always_simple() {
    let zone = zone().await;
    let mut ns = ns(&zone, "dev", &["ns1.example.net."]);
    ns.set_identifier = Some("blue".into());
    ns.weight = Some(1);
    let refusal = zone.refused(vec![create(ns)]).await;
    assert!(
        ["InvalidChangeBatch", "InvalidInput"].contains(&refusal.code.as_str()),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_ds_record_set_stands_beside_the_delegation() {
    let zone = zone().await;
    let ds = "12345 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17";
    zone.apply(vec![
        create(ns(&zone, "dev", &["ns1.example.net."])),
        create(set(&zone.below("dev"), RrType::Ds, &[ds])),
    ])
    .await;
    assert_eq!(zone.values(&zone.below("dev"), RrType::Ds).await, [ds]);
    assert_eq!(
        zone.refused(vec![create(set(&apex(&zone), RrType::Ds, &[ds]))])
            .await
            .code,
        "InvalidChangeBatch"
    );
}

#[tokio::test]
async fn a_batch_for_no_zone_is_not_found() {
    let zone = zone().await;
    let stray = Zone {
        id: "ZNOSUCHZONE00000".into(),
        client: zone.client.clone(),
        name: zone.name.clone(),
        servers: Vec::new(),
    };
    let refusal = stray
        .change(vec![create(a(&zone, "www", "192.0.2.1"))])
        .await
        .expect_err("an error");
    assert_eq!((refusal.code.as_str(), refusal.status), ("NoSuchHostedZone", 404));
}

#[tokio::test]
async fn the_comment_of_a_batch_comes_back_with_the_change() {
    let zone = zone().await;
    let batch = ChangeBatch::builder()
        .changes(create(a(&zone, "www", "192.0.2.1")))
        .comment("by zonecut")
        .build()
        .expect("a batch");
    let sent = zone
        .client
        .change_resource_record_sets()
        .hosted_zone_id(&zone.id)
        .change_batch(batch)
        .send()
        .await;
    let change = sent.expect("a change").change_info.expect("a change");
    let got = zone.client.get_change().id(&change.id).send().await.expect("a change");
    assert_eq!(
        got.change_info.and_then(|info| info.comment).as_deref(),
        Some("by zonecut")
    );
}
