//! Listing: order, names, pages, places to start from.

use super::*;
use aws_sdk_route53::types::{HostedZone, HostedZoneType, Vpc, VpcRegion};

async fn with_records(names: &[&str]) -> Zone {
    let zone = Zone::create(&Bench::start_leaked().await.route53()).await;
    let changes = names
        .iter()
        .map(|label| create(set(&zone.below(label), RrType::A, &["192.0.2.1"])));
    zone.apply(changes.collect()).await;
    zone
}

fn labels(zone: &Zone, sets: &[ResourceRecordSet]) -> Vec<String> {
    let apex = format!("{}.", zone.name);
    sets.iter()
        .map(|set| match set.name.strip_suffix(&apex) {
            Some("") => "@".to_owned(),
            Some(label) => label.trim_end_matches('.').to_owned(),
            None => set.name.clone(),
        })
        .collect()
}

#[tokio::test]
async fn a_new_zone_holds_its_ns_and_its_soa() {
    let zone = with_records(&["www"]).await;
    let all = zone.all().await;
    let apex: Vec<_> = all.iter().take(2).map(|set| (set.r#type.as_str(), set.ttl)).collect();
    assert_eq!(apex, [("NS", Some(172_800)), ("SOA", Some(900))]);
    let mut ns = zone.values(&format!("{}.", zone.name), RrType::Ns).await;
    let mut assigned: Vec<_> = zone.servers.iter().map(|server| format!("{server}.")).collect();
    ns.sort();
    assigned.sort();
    assert_eq!(ns, assigned);
    let soa = zone.values(&format!("{}.", zone.name), RrType::Soa).await;
    assert!(
        soa[0].ends_with("awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"),
        "{soa:?}"
    );
}

#[tokio::test]
async fn names_come_by_their_labels_from_the_right() {
    let zone = with_records(&["b", "a.b", "z.a", "a", "c.a.b"]).await;
    assert_eq!(labels(&zone, &zone.all().await)[2..], ["a", "z.a", "b", "a.b", "c.a.b"]);
}

#[tokio::test]
async fn the_final_dot_counts_in_the_order() {
    let zone = with_records(&["a", "b.a", "a-b", "a0"]).await;
    assert_eq!(labels(&zone, &zone.all().await)[2..], ["a-b", "a", "b.a", "a0"]);
}

#[tokio::test]
async fn a_subtree_is_one_run_of_the_list() {
    let zone = with_records(&["dev", "a.dev", "b.a.dev", "devil", "de", "dev-x"]).await;
    let page = zone
        .client
        .list_resource_record_sets()
        .hosted_zone_id(&zone.id)
        .start_record_name(zone.below("dev"))
        .send()
        .await
        .expect("a page");
    let found = labels(&zone, &page.resource_record_sets);
    assert_eq!(found[..3], ["dev", "a.dev", "b.a.dev"]);
}

#[tokio::test]
async fn the_types_of_one_name_come_in_alphabetical_order() {
    let zone = with_records(&["www"]).await;
    let www = zone.below("www");
    zone.apply(vec![
        create(set(&www, RrType::Txt, &["\"t\""])),
        create(set(&www, RrType::Mx, &["10 mx.example.com."])),
        create(set(&www, RrType::Aaaa, &["2001:db8::1"])),
    ])
    .await;
    let all = zone.all().await;
    let types: Vec<_> = all.iter().skip(2).map(|set| set.r#type.as_str()).collect();
    assert_eq!(types, ["A", "AAAA", "MX", "TXT"]);
}

#[tokio::test]
async fn names_come_back_in_lower_case_with_the_final_dot_and_octal_escapes() {
    let zone = with_records(&["*", "WwW", "0/26", "_srv", "a@b"]).await;
    let found = labels(&zone, &zone.all().await);
    assert_eq!(found[2..], ["\\052", "0\\05726", "_srv", "a\\100b", "www"]);
}

#[tokio::test]
async fn a_name_written_with_escapes_is_the_same_name() {
    let zone = with_records(&["*"]).await;
    let refusal = zone
        .refused(vec![create(set(&zone.below("\\052"), RrType::A, &["192.0.2.9"]))])
        .await;
    assert!(refusal.message.contains("already exists"), "{refusal:?}");
}

#[tokio::test]
async fn a_page_says_where_the_next_one_begins() {
    let zone = with_records(&["a", "b"]).await;
    let page = zone
        .client
        .list_resource_record_sets()
        .hosted_zone_id(&zone.id)
        .max_items(3)
        .send()
        .await;
    let page = page.expect("a page");
    assert!(page.is_truncated);
    assert_eq!(page.max_items, 3);
    assert_eq!(page.resource_record_sets.len(), 3);
    assert_eq!(page.next_record_name.as_deref(), Some(zone.below("b").as_str()));
    assert_eq!(page.next_record_type, Some(RrType::A));
    assert_eq!(page.next_record_identifier, None);
}

async fn walk(zone: &Zone, size: i32) -> Vec<ResourceRecordSet> {
    let mut found = Vec::new();
    let mut request = zone
        .client
        .list_resource_record_sets()
        .hosted_zone_id(&zone.id)
        .max_items(size);
    loop {
        let page = request.send().await.expect("a page");
        found.extend(page.resource_record_sets);
        assert!(found.len() < 1_000, "the pages lead in a circle");
        if !page.is_truncated {
            return found;
        }
        request = zone
            .client
            .list_resource_record_sets()
            .hosted_zone_id(&zone.id)
            .max_items(size)
            .set_start_record_name(page.next_record_name)
            .set_start_record_type(page.next_record_type)
            .set_start_record_identifier(page.next_record_identifier);
    }
}

#[tokio::test]
async fn pages_of_any_size_add_up_to_the_whole() {
    let zone = with_records(&["a", "*.a", "a-b", "b", "c.b", "_x"]).await;
    let weighted = |identifier: &str, weight| {
        let mut set = set(&zone.below("w"), RrType::A, &["192.0.2.1"]);
        set.set_identifier = Some(identifier.into());
        set.weight = Some(weight);
        create(set)
    };
    zone.apply(vec![weighted("blue", 1), weighted("green", 2), weighted("red", 3)])
        .await;
    let all = zone.all().await;
    assert_eq!(all.len(), 11);
    for size in [1, 2, 3, 5, 11, 300] {
        assert_eq!(walk(&zone, size).await, all, "pages of {size}");
    }
}

#[tokio::test]
async fn a_page_holds_300_record_sets_whatever_is_asked() {
    let names: Vec<String> = (0..350).map(|number| format!("n{number:03}")).collect();
    let zone = with_records(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for asked in [None, Some(1_000)] {
        let request = zone.client.list_resource_record_sets().hosted_zone_id(&zone.id);
        let page = request.set_max_items(asked).send().await.expect("a page");
        assert_eq!(page.resource_record_sets.len(), 300);
        assert!(page.is_truncated);
    }
    assert_eq!(walk(&zone, 300).await.len(), 352);
}

#[tokio::test]
async fn a_start_name_gives_what_stands_at_or_after_it() {
    let zone = with_records(&["a", "c"]).await;
    let from = async |name: String| {
        let request = zone.client.list_resource_record_sets().hosted_zone_id(&zone.id);
        let page = request.start_record_name(name).send().await.expect("a page");
        labels(&zone, &page.resource_record_sets)
    };
    assert_eq!(from(zone.below("a")).await, ["a", "c"]);
    assert_eq!(from(zone.below("b")).await, ["c"]);
    assert_eq!(from(zone.below("d")).await, [""; 0]);
    assert_eq!(from(zone.below("A").to_uppercase()).await, ["a", "c"]);
    assert_eq!(from(zone.below("a").trim_end_matches('.').to_owned()).await, ["a", "c"]);
}

#[tokio::test]
async fn one_request_reads_one_record_set() {
    let zone = with_records(&["dev"]).await;
    zone.apply(vec![create(set(&zone.below("dev"), RrType::Ns, &["ns1.example.net."]))])
        .await;
    let read = async |label: &str| {
        let page = zone
            .client
            .list_resource_record_sets()
            .hosted_zone_id(&zone.id)
            .start_record_name(zone.below(label))
            .start_record_type(RrType::Ns)
            .max_items(1)
            .send()
            .await
            .expect("a page");
        page.resource_record_sets
            .into_iter()
            .next()
            .map(|set| (set.name, set.r#type))
    };
    assert_eq!(read("dev").await, Some((zone.below("dev"), RrType::Ns)));
    assert_eq!(read("cab").await, Some((zone.below("dev"), RrType::A)));
    assert_eq!(read("eve").await, None);
}

#[tokio::test]
async fn a_type_needs_a_name_and_an_identifier_needs_both() {
    let zone = with_records(&["a"]).await;
    let list = || zone.client.list_resource_record_sets().hosted_zone_id(&zone.id);
    assert_eq!(code(list().start_record_type(RrType::Ns).send().await), "InvalidInput");
    assert_eq!(
        code(
            list()
                .start_record_name(zone.below("a"))
                .start_record_identifier("x")
                .send()
                .await
        ),
        "InvalidInput"
    );
}

#[tokio::test]
async fn a_page_of_no_items_is_refused() {
    let zone = with_records(&["a"]).await;
    let list = zone.client.list_resource_record_sets().hosted_zone_id(&zone.id);
    assert_eq!(code(list.max_items(0).send().await), "InvalidInput");
    assert_eq!(
        code(zone.client.list_hosted_zones().max_items(0).send().await),
        "InvalidInput"
    );
}

#[tokio::test]
async fn the_record_sets_of_no_zone_are_not_found() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let refusal = client
        .list_resource_record_sets()
        .hosted_zone_id("ZNOSUCHZONE00000")
        .send()
        .await
        .map_err(refusal);
    let refusal = refusal.expect_err("an error");
    assert_eq!((refusal.code.as_str(), refusal.status), ("NoSuchHostedZone", 404));
}

#[tokio::test]
async fn an_id_may_be_written_with_its_prefix() {
    let zone = with_records(&["a"]).await;
    for id in [
        zone.id.clone(),
        format!("/hostedzone/{}", zone.id.trim_start_matches("/hostedzone/")),
    ] {
        let got = zone.client.get_hosted_zone().id(id).send().await.expect("a zone");
        assert_eq!(got.hosted_zone.expect("a zone").name, format!("{}.", zone.name));
    }
}

async fn walk_zones(client: &aws_sdk_route53::Client, size: i32) -> Vec<HostedZone> {
    let (mut found, mut marker) = (Vec::new(), None);
    loop {
        let request = client.list_hosted_zones().max_items(size).set_marker(marker);
        let page = request.send().await.expect("a page");
        assert!(page.hosted_zones.len() <= usize::try_from(size).expect("positive"));
        found.extend(page.hosted_zones);
        assert!(found.len() < 100_000, "the pages lead in a circle");
        match page.is_truncated {
            true => marker = page.next_marker,
            false => return found,
        }
    }
}

#[tokio::test]
async fn every_zone_is_on_exactly_one_page() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(Zone::create(&client).await.id);
    }
    for size in [2, 3, 100] {
        let found: Vec<_> = walk_zones(&client, size)
            .await
            .into_iter()
            .map(|zone| zone.id)
            .collect();
        for id in &made {
            let times = found
                .iter()
                .filter(|found| found.trim_start_matches("/hostedzone/") == id.trim_start_matches("/hostedzone/"));
            assert_eq!(times.count(), 1, "{id} on pages of {size}");
        }
    }
}

#[tokio::test]
async fn a_page_holds_100_zones_whatever_is_asked() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    for number in 0..40 {
        bench.simulator().advance(Duration::from_secs(60));
        for part in 0..3 {
            Zone::named(&client, &format!("c{number}-{part}.example.org")).await;
        }
    }
    let page = client.list_hosted_zones().max_items(500).send().await.expect("a page");
    assert_eq!(
        (page.hosted_zones.len(), page.is_truncated, page.max_items),
        (100, true, 100)
    );
    let page = client
        .list_hosted_zones_by_name()
        .max_items(500)
        .send()
        .await
        .expect("a page");
    assert_eq!(
        (page.hosted_zones.len(), page.is_truncated, page.max_items),
        (100, true, 100)
    );
}

#[tokio::test]
async fn a_listed_zone_tells_its_count_its_comment_and_its_kind() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let zone = Zone::create(&client).await;
    client
        .update_hosted_zone_comment()
        .id(&zone.id)
        .comment("kept by tests")
        .send()
        .await
        .expect("a comment");
    zone.apply(vec![create(set(
        &zone.below("a"),
        RrType::A,
        &["192.0.2.1", "192.0.2.2"],
    ))])
    .await;
    let listed = walk_zones(&client, 100).await;
    let found = listed
        .iter()
        .find(|listed| listed.name == format!("{}.", zone.name))
        .expect("the zone");
    assert_eq!(found.resource_record_set_count, Some(3));
    let config = found.config.as_ref().expect("a configuration");
    assert_eq!(
        (config.comment.as_deref(), config.private_zone),
        (Some("kept by tests"), false)
    );
}

async fn private_zone(client: &aws_sdk_route53::Client) -> String {
    let vpc = Vpc::builder()
        .vpc_region(VpcRegion::EuCentral1)
        .vpc_id("vpc-00000000000000001")
        .build();
    let created = client
        .create_hosted_zone()
        .name(format!("{}.internal.example", unique("private")))
        .caller_reference(unique("reference"))
        .vpc(vpc)
        .send()
        .await
        .expect("a private zone");
    let servers = created.delegation_set.map(|set| set.name_servers).unwrap_or_default();
    assert!(servers.is_empty(), "a private zone has no delegation set");
    created.hosted_zone.expect("a zone").id
}

#[tokio::test]
async fn private_zones_can_be_listed_alone() {
    let bench = Bench::start().await;
    let client = bench.route53();
    Zone::create(&client).await;
    let private = private_zone(&client).await;
    let page = client
        .list_hosted_zones()
        .hosted_zone_type(HostedZoneType::PrivateHostedZone)
        .send()
        .await;
    let zones = page.expect("a page").hosted_zones;
    assert!(
        zones
            .iter()
            .any(|zone| zone.id.ends_with(private.trim_start_matches("/hostedzone/")))
    );
    assert!(
        zones
            .iter()
            .all(|zone| zone.config.as_ref().is_some_and(|config| config.private_zone))
    );
}

#[tokio::test]
async fn a_private_zone_has_the_four_fixed_name_servers() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let id = private_zone(&client).await;
    let page = client
        .list_resource_record_sets()
        .hosted_zone_id(&id)
        .send()
        .await
        .expect("a page");
    let ns = page
        .resource_record_sets
        .iter()
        .find(|set| set.r#type == RrType::Ns)
        .expect("the apex NS");
    let mut names: Vec<_> = ns
        .resource_records()
        .iter()
        .map(|record| record.value.clone())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "ns-0.awsdns-00.com.",
            "ns-1024.awsdns-00.org.",
            "ns-1536.awsdns-00.co.uk.",
            "ns-512.awsdns-00.net."
        ]
    );
}

#[tokio::test]
async fn a_marker_of_a_zone_that_is_gone_is_refused() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    assert_eq!(
        code(client.list_hosted_zones().marker("ZGONE0000000000").send().await),
        "NoSuchHostedZone"
    );
}

#[tokio::test]
async fn the_list_by_name_starts_at_or_after_a_name() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let top = format!("{}.example.net", unique("byname"));
    for label in ["b", "a", "c"] {
        Zone::named(&client, &format!("{label}.{top}")).await;
    }
    let from = async |name: String| {
        let page = client
            .list_hosted_zones_by_name()
            .dns_name(name)
            .max_items(2)
            .send()
            .await
            .expect("a page");
        page.hosted_zones.into_iter().map(|zone| zone.name).collect::<Vec<_>>()
    };
    assert_eq!(
        from(format!("a.{top}")).await,
        [format!("a.{top}."), format!("b.{top}.")]
    );
    assert_eq!(
        from(format!("aa.{top}.")).await,
        [format!("b.{top}."), format!("c.{top}.")]
    );
}

#[tokio::test]
async fn the_list_by_name_pages_over_zones_of_one_name() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let name = format!("{}.example.net", unique("twins"));
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(
            Zone::named(&client, &name)
                .await
                .id
                .trim_start_matches("/hostedzone/")
                .to_owned(),
        );
    }
    let (mut found, mut next) = (Vec::new(), (Some(name.clone()), None));
    for _ in 0..3 {
        let request = client
            .list_hosted_zones_by_name()
            .set_dns_name(next.0)
            .set_hosted_zone_id(next.1);
        let page = request.max_items(1).send().await.expect("a page");
        found.extend(
            page.hosted_zones
                .into_iter()
                .map(|zone| zone.id.trim_start_matches("/hostedzone/").to_owned()),
        );
        next = (page.next_dns_name, page.next_hosted_zone_id);
    }
    made.sort();
    found.sort();
    assert_eq!(found, made);
}

#[tokio::test]
async fn the_list_by_name_takes_no_id_without_a_name() {
    let bench = Bench::start().await;
    let list = bench.route53().list_hosted_zones_by_name().hosted_zone_id("Z0");
    assert_eq!(code(list.send().await), "InvalidInput");
}

#[tokio::test]
async fn the_count_is_that_of_the_zones() {
    let bench = Bench::start().await;
    let client = bench.route53();
    let before = client
        .get_hosted_zone_count()
        .send()
        .await
        .expect("a count")
        .hosted_zone_count;
    Zone::create(&client).await;
    private_zone(&client).await;
    let after = client
        .get_hosted_zone_count()
        .send()
        .await
        .expect("a count")
        .hosted_zone_count;
    assert!(after >= before + 2, "{before} and then {after}");
}
