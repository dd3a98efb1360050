//! Record set protections and locks: what stops a change although the caller may make it.
//!
//! The SDK has no operations for protections yet, so they are spoken of in plain HTTP, as botocore 1.44 writes it.

use super::*;

/// `POST`s entries of name, type and comment.
async fn post(bench: &Bench, zone: &Zone, action: &str, entries: &[(&str, &str, Option<&str>)]) -> (u16, String) {
    let (tail, item) = match action {
        "Create" => ("", "ResourceRecordSetProtectionConfig"),
        _ => ("/delete", "ResourceRecordSetProtectionKey"),
    };
    let entry = |(name, kind, comment): &(&str, &str, Option<&str>)| {
        let comment = comment
            .map(|text| format!("<Comment>{text}</Comment>"))
            .unwrap_or_default();
        format!("<{item}><RecordName>{name}</RecordName><RecordType>{kind}</RecordType>{comment}</{item}>")
    };
    let entries: String = entries.iter().map(entry).collect();
    let root = format!("{action}ResourceRecordSetProtectionsRequest");
    let body = format!(
        "<?xml version=\"1.0\"?><{root} xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Protections>{entries}</Protections></{root}>"
    );
    let id = zone.id.trim_start_matches("/hostedzone/");
    plain(
        bench,
        "POST",
        &format!("/2013-04-01/hostedzone/{id}/rrsetprotection{tail}"),
        &body,
    )
    .await
}

async fn list(bench: &Bench, zone: &Zone, query: &str) -> (u16, String) {
    let id = zone.id.trim_start_matches("/hostedzone/");
    plain(
        bench,
        "GET",
        &format!("/2013-04-01/hostedzone/{id}/rrsetprotection{query}"),
        "",
    )
    .await
}

/// The texts of all elements of a name.
fn texts(document: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let parts = document.split(open.as_str()).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(close.as_str())?.0.to_owned()))
        .collect()
}

#[tokio::test]
async fn nobody_changes_what_is_protected_until_the_protection_is_taken_away() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let name = zone.below("dev");
    let (old, new) = (
        set(&name, RrType::Ns, &["ns1.example.net."]),
        set(&name, RrType::Ns, &["ns2.example.net."]),
    );
    zone.apply(vec![create(old.clone())]).await;
    assert_eq!(
        post(&bench, &zone, "Create", &[(&name, "NS", Some("change freeze"))])
            .await
            .0,
        200
    );
    let free = create(set(&zone.below("www"), RrType::A, &["192.0.2.1"]));
    for changes in [
        vec![delete(old.clone())],
        vec![delete(old.clone()), create(new.clone())],
        vec![upsert(new.clone())],
        vec![free, upsert(old.clone())],
    ] {
        let refusal = zone.refused(changes).await;
        assert_eq!((refusal.code.as_str(), refusal.status), ("InvalidChangeBatch", 400));
        assert!(
            refusal.message.contains(&name)
                && refusal.message.contains("NS")
                && refusal.message.contains("change freeze"),
            "{refusal:?}"
        );
    }
    zone.apply(vec![create(set(&name, RrType::Txt, &["\"another type is free\""]))])
        .await;
    assert_eq!(post(&bench, &zone, "Delete", &[(&name, "NS", None)]).await.0, 200);
    zone.apply(vec![delete(old), create(new)]).await;
}

#[tokio::test]
async fn a_name_without_a_record_set_is_reserved_and_its_zone_is_not_deleted() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    let zone = Zone::create(&client).await;
    let name = zone.below("reserved");
    post(&bench, &zone, "Create", &[(&name, "NS", None)]).await;
    let refusal = zone
        .refused(vec![create(set(&name, RrType::Ns, &["ns1.example.net."]))])
        .await;
    assert_eq!(refusal.code, "InvalidChangeBatch");
    assert_eq!(zone.all().await.len(), 2, "it is not listed as a record set");
    let gone = client.delete_hosted_zone().id(&zone.id).send();
    assert_eq!(code(gone.await), "HostedZoneNotEmpty");
    post(&bench, &zone, "Delete", &[(&name, "NS", None)]).await;
    client
        .delete_hosted_zone()
        .id(&zone.id)
        .send()
        .await
        .expect("it is deleted");
}

#[tokio::test]
async fn a_request_about_protections_is_done_whole_or_not_at_all() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let (a, b) = (zone.below("a"), zone.below("b"));
    assert_eq!(post(&bench, &zone, "Create", &[(&a, "NS", None)]).await.0, 200);

    let (status, all_known) = post(&bench, &zone, "Create", &[(&a, "NS", None)]).await;
    assert_eq!(
        (status, texts(&all_known, "Code").first().map(String::as_str)),
        (409, Some("ProtectionAlreadyExists"))
    );
    let (status, some_known) = post(&bench, &zone, "Create", &[(&a, "NS", None), (&b, "NS", None)]).await;
    assert_eq!(status, 400);
    assert_eq!(
        texts(&some_known, "Code"),
        ["InvalidResourceRecordSetProtectionBatch", "ProtectionAlreadyExists"]
    );
    assert_eq!(texts(&some_known, "RecordName").join(" "), a);
    let (_, invalid) = post(
        &bench,
        &zone,
        "Create",
        &[
            (&a, "NS", None),
            ("other.example.", "NS", None),
            (&b, "DNAME", None),
            (&b, "A", None),
            (&b, "A", None),
        ],
    )
    .await;
    assert_eq!(
        texts(&invalid, "RecordName"),
        ["other.example.".to_owned(), b.clone(), b.clone()],
        "{invalid}"
    );
    let (status, missing) = post(&bench, &zone, "Delete", &[(&a, "NS", None), (&b, "NS", None)]).await;
    assert_eq!(
        (status, texts(&missing, "Code")[1].as_str()),
        (400, "ProtectionNotFound")
    );
    let (_, held) = list(&bench, &zone, "").await;
    assert_eq!(texts(&held, "RecordName"), [a]);
}

#[tokio::test]
async fn protections_are_listed_in_the_order_of_record_sets_and_page_by_page() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let (apex, b, below) = (format!("{}.", zone.name), zone.below("b"), zone.below("a.b"));
    let all = [
        (below.as_str(), "NS", None),
        (&b, "NS", Some("why")),
        (&b, "DS", None),
        (&apex, "MX", None),
    ];
    assert_eq!(post(&bench, &zone, "Create", &all).await.0, 200);
    let (_, page) = list(&bench, &zone, "?maxresults=3").await;
    assert_eq!(texts(&page, "RecordName"), [apex, b.clone(), b.clone()]);
    assert_eq!(
        (texts(&page, "RecordType"), texts(&page, "Comment")),
        (vec!["MX".into(), "DS".into(), "NS".into()], vec!["why".into()])
    );
    let token = texts(&page, "NextToken").remove(0);
    let (_, rest) = list(&bench, &zone, &format!("?nexttoken={token}")).await;
    assert_eq!(
        (texts(&rest, "RecordName"), texts(&rest, "NextToken")),
        (vec![below], vec![])
    );
    let (_, from) = list(&bench, &zone, &format!("?name={b}&type=NS&maxresults=1")).await;
    assert_eq!(
        (texts(&from, "RecordName"), texts(&from, "RecordType")),
        (vec![b], vec!["NS".into()])
    );
    assert_eq!(list(&bench, &zone, "?nexttoken=x").await.0, 400);
}

const GUARDED: &str = r#"
name = "guarded"
[[account]]
id = "111122223333"
name = "shared"
[[account.zone]]
name = "example.com"
protected = ["dev NS # ask the DNS team", "reserved NS"]
tags = { ManagedBy = "terraform", repo = "dns" }
records = ["dev 300 NS ns1.example.net."]
[[account.zone]]
name = "locked.example.com"
recovery = "ENABLING_HOSTED_ZONE_LOCKED"
[[account.zone]]
name = "recovered.example.com"
recovery = "ENABLED"
"#;

#[tokio::test]
async fn a_locked_zone_says_so_and_is_read_but_not_changed() {
    let Some(_) = Bench::simulated().await else { return };
    let bench = Bench::simulated_from(GUARDED).await;
    let client = bench.route53();
    let zones = client.list_hosted_zones().send().await.expect("a page").hosted_zones;
    let mut words = Vec::new();
    for listed in zones {
        let zone = Zone {
            client: client.clone(),
            id: listed.id,
            name: listed.name.trim_end_matches('.').into(),
            servers: vec![],
        };
        let status = listed
            .features
            .and_then(|features| features.accelerated_recovery_status);
        let changed = zone
            .change(vec![create(set(&zone.below("www"), RrType::A, &["192.0.2.1"]))])
            .await;
        let detail = client
            .get_hosted_zone()
            .id(&zone.id)
            .send()
            .await
            .expect("it is read")
            .hosted_zone;
        assert_eq!(
            detail
                .and_then(|zone| zone.features)
                .and_then(|features| features.accelerated_recovery_status),
            status
        );
        words.push((
            zone.name.clone(),
            status.map(|status| status.as_str().to_owned()),
            changed.is_ok(),
        ));
        if zone.name == "locked.example.com" {
            let refusal = changed.expect_err("locked");
            assert_eq!((refusal.code.as_str(), refusal.status), ("InvalidInput", 400));
            assert!(refusal.message.contains("ENABLING_HOSTED_ZONE_LOCKED"), "{refusal:?}");
            let gone = client.delete_hosted_zone().id(&zone.id).send().await;
            assert_eq!(code(gone), "InvalidInput");
        }
    }
    words.sort();
    assert_eq!(
        words,
        [
            ("example.com".to_owned(), None, true),
            (
                "locked.example.com".to_owned(),
                Some("ENABLING_HOSTED_ZONE_LOCKED".to_owned()),
                false
            ),
            ("recovered.example.com".to_owned(), Some("ENABLED".to_owned()), true),
        ]
    );
}

#[tokio::test]
async fn a_worlds_file_gives_zones_protections_and_tags() {
    let Some(_) = Bench::simulated().await else { return };
    let bench = Bench::simulated_from(GUARDED).await;
    let client = bench.route53();
    let zones = client
        .list_hosted_zones_by_name()
        .dns_name("example.com")
        .max_items(1)
        .send()
        .await;
    let id = zones.expect("a page").hosted_zones.remove(0).id;
    let zone = Zone {
        client: client.clone(),
        id,
        name: "example.com".into(),
        servers: vec![],
    };
    let (_, held) = list(&bench, &zone, "").await;
    assert_eq!(
        texts(&held, "RecordName"),
        ["dev.example.com.", "reserved.example.com."]
    );
    let refusal = zone
        .refused(vec![delete(set("dev.example.com.", RrType::Ns, &["ns1.example.net."]))])
        .await;
    assert!(refusal.message.contains("ask the DNS team"), "{refusal:?}");
    let tags = client
        .list_tags_for_resource()
        .resource_type(aws_sdk_route53::types::TagResourceType::Hostedzone)
        .resource_id(zone.id.trim_start_matches("/hostedzone/"))
        .send()
        .await;
    let tags = tags
        .expect("tags")
        .resource_tag_set
        .expect("a set")
        .tags
        .unwrap_or_default();
    let tags: Vec<_> = tags
        .iter()
        .map(|tag| (tag.key().unwrap_or_default(), tag.value().unwrap_or_default()))
        .collect();
    assert_eq!(tags, [("ManagedBy", "terraform"), ("repo", "dns")]);
}

#[test]
fn a_worlds_file_is_refused_where_a_protection_or_a_lock_cannot_be_meant() {
    for (key, reason) in [
        ("protected = [\"dev\"]", "a type follows"),
        ("protected = [\"dev.other. NS\"]", "does not lie in the zone"),
        ("recovery = \"LOCKED\"", "recovery is one of"),
    ] {
        let world = format!(
            "name = \"x\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\n[[account.zone]]\nname = \"example.com\"\n{key}"
        );
        let why = World::from_toml(&world).expect_err("refused").to_string();
        assert!(why.contains(reason), "{why}");
    }
}
