//! What goes wrong on purpose, as the real SDK meets it on a real connection.

use super::*;
use zonecut::sim::api::ApiError;
use zonecut::sim::faults::{Framing, LostPage, PageLoss, Truncation};
use zonecut::sim::service::{Applied, CallFault, Delivery, Injected, Outcome};

fn inject(bench: &Bench, action: &str, fault: CallFault) {
    bench.simulator().inject(Injected {
        account: Some(id(SHARED)),
        action: action.into(),
        fault,
        times: 1,
    });
}

#[tokio::test]
async fn a_request_beyond_the_rate_is_throttled() {
    let Some(bench) = Bench::simulated().await else { return };
    bench.simulator().set_faults(id(SHARED), |faults| {
        faults.rate = Some(Rate {
            burst: 2.0,
            per_second: 0.001,
        });
    });
    let client = bench.route53();
    for _ in 0..2 {
        client.get_hosted_zone_count().send().await.expect("a count");
    }
    let refusal = client
        .get_hosted_zone_count()
        .send()
        .await
        .map_err(refusal)
        .expect_err("throttled");
    assert_eq!((refusal.code.as_str(), refusal.status), ("Throttling", 400));
    assert_eq!(refusal.message, "Rate exceeded");
    let team = bench.route53_as(bench.credentials(TEAM));
    team.get_hosted_zone_count()
        .send()
        .await
        .expect("another account's bucket is full");
    bench.simulator().advance(Duration::from_secs(2_000));
    client
        .get_hosted_zone_count()
        .send()
        .await
        .expect("the bucket has filled again");
    assert_eq!(bench.simulator().total().throttled, 1);
}

#[tokio::test]
async fn an_error_of_the_server_is_one() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.server_errors = 1.0);
    let refusal = bench
        .route53()
        .get_hosted_zone_count()
        .send()
        .await
        .map_err(refusal)
        .expect_err("an error");
    assert!(refusal.status >= 500, "{refusal:?}");
}

#[tokio::test]
async fn a_connection_can_be_reset_before_or_after_the_change() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    let create = || {
        client
            .create_hosted_zone()
            .name("reset.example")
            .caller_reference("reset")
            .send()
    };
    inject(&bench, "CreateHostedZone", CallFault::LostBefore(Delivery::Reset));
    assert!(matches!(create().await, Err(SdkError::DispatchFailure(_))));
    inject(&bench, "CreateHostedZone", CallFault::LostAfter(Delivery::Reset));
    assert!(matches!(create().await, Err(SdkError::DispatchFailure(_))));
    assert_eq!(code(create().await), "HostedZoneAlreadyExists");
}

#[tokio::test]
async fn a_failure_after_the_change_was_applied_looks_like_any_other() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let error = ApiError::new(503, "ServiceUnavailable", "Try again later.");
    inject(&bench, "ChangeResourceRecordSets", CallFault::FailsAfter(error));
    let www = set(&zone.below("www"), RrType::A, &["192.0.2.1"]);
    assert_eq!(
        zone.change(vec![create(www.clone())])
            .await
            .expect_err("an error")
            .status,
        503
    );
    assert_eq!(zone.find(&zone.below("www"), RrType::A).await, Some(www));
}

#[tokio::test]
async fn only_the_end_of_the_connection_hides_a_cut() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    for number in 0..3 {
        Zone::named(&client, &format!("z{number}.cut.example")).await;
    }
    let cut = |at, framing| {
        bench.simulator().set_faults(id(SHARED), |faults| {
            let action = "ListHostedZones".into();
            faults.truncate = Some(Truncation { action, at, framing });
        });
    };
    let mut looked_whole = 0;
    for at in (0..900).step_by(30) {
        for framing in [Framing::ContentLength, Framing::Chunked] {
            cut(at, framing);
            assert!(client.list_hosted_zones().send().await.is_err(), "{framing:?} at {at}");
        }
        cut(at, Framing::UntilClose);
        if let Ok(page) = client.list_hosted_zones().send().await {
            looked_whole += usize::from(page.hosted_zones.len() < 3 && !page.is_truncated);
        }
    }
    assert!(
        looked_whole > 0,
        "a cut list that looks whole is what the scan must see through"
    );
}

#[tokio::test]
async fn a_whole_body_that_ends_with_the_connection_is_read() {
    let Some(bench) = Bench::simulated().await else { return };
    bench.simulator().set_faults(id(SHARED), |faults| {
        faults.truncate = Some(Truncation {
            action: "*".into(),
            at: usize::MAX,
            framing: Framing::UntilClose,
        });
    });
    let count = bench.route53().get_hosted_zone_count().send().await.expect("a count");
    assert_eq!(count.hosted_zone_count, 0);
}

#[tokio::test]
async fn a_page_that_is_no_xml_is_an_error_under_the_status_of_success() {
    let Some(bench) = Bench::simulated().await else { return };
    let page = "<html><body>proxy login</body></html>";
    inject(
        &bench,
        "GetHostedZoneCount",
        CallFault::LostAfter(Delivery::Replaced(page.into())),
    );
    let error = bench
        .route53()
        .get_hosted_zone_count()
        .send()
        .await
        .expect_err("no answer");
    assert_eq!(
        error.raw_response().map(|response| response.status().as_u16()),
        Some(200)
    );
}

#[tokio::test]
async fn a_foreign_page_ends_its_connection_and_says_so() {
    let Some(bench) = Bench::simulated().await else { return };
    for outcome in [
        Outcome::BadGateway,
        Outcome::Garbage,
        Outcome::Empty,
        Outcome::CutLength,
    ] {
        inject(&bench, "GetHostedZoneCount", outcome.fault(Applied::No));
        let (_, head, _) = exchange(&bench, "GET", "/2013-04-01/hostedzonecount", "").await;
        assert!(
            head.to_ascii_lowercase().contains("connection: close"),
            "{outcome:?}: {head}"
        );
    }
}

#[tokio::test]
async fn an_action_that_hangs_leaves_the_others() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.hang = vec!["ListHostedZones".into()]);
    let client = bench.route53();
    let hanging = tokio::spawn(client.list_hosted_zones().send());
    client.get_hosted_zone_count().send().await.expect("a count");
    assert!(!hanging.is_finished());
    hanging.abort();
}

#[tokio::test]
async fn a_change_in_the_wake_of_another_may_have_to_wait() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.prior_request_ms = 60_000);
    let zone = Zone::create(&bench.route53()).await;
    let a = |label: &str| vec![create(set(&zone.below(label), RrType::A, &["192.0.2.1"]))];
    zone.apply(a("one")).await;
    assert_eq!(zone.refused(a("two")).await.code, "PriorRequestNotComplete");
    bench.simulator().advance(Duration::from_secs(60));
    zone.apply(a("two")).await;
}

#[tokio::test]
async fn the_old_form_of_a_refused_batch_has_no_code_for_the_sdk() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.bare_change_errors = true);
    let zone = Zone::create(&bench.route53()).await;
    let refusal = zone
        .refused(vec![delete(set(&zone.below("www"), RrType::A, &["192.0.2.1"]))])
        .await;
    assert_eq!((refusal.code.as_str(), refusal.status), ("", 400));
}

#[tokio::test]
async fn a_read_lags_behind_a_write_where_it_is_told_to() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.read_lag_ms = 30_000);
    let zone = Zone::create(&bench.route53()).await;
    zone.apply(vec![create(set(&zone.below("www"), RrType::A, &["192.0.2.1"]))])
        .await;
    assert_eq!(zone.all().await.len(), 2);
    bench.simulator().advance(Duration::from_secs(30));
    assert_eq!(zone.all().await.len(), 3);
}

#[tokio::test]
async fn a_list_of_zones_lags_behind_their_creation_where_it_is_told_to() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.read_lag_ms = 30_000);
    let client = bench.route53();
    let zone = Zone::create(&client).await;
    let listed = async || {
        let all = client.list_hosted_zones().send().await.expect("a page").hosted_zones;
        let named = client.list_hosted_zones_by_name().dns_name(&zone.name).send().await;
        (all.len(), named.expect("a page").hosted_zones.len())
    };
    assert_eq!(listed().await, (0, 0));
    let again = client.create_hosted_zone().name(&zone.name).caller_reference("other");
    again.send().await.expect("who cannot see it makes a twin");
    client
        .get_hosted_zone()
        .id(&zone.id)
        .send()
        .await
        .expect("it is read by its id");
    bench.simulator().advance(Duration::from_secs(30));
    assert_eq!(listed().await, (2, 2));
}

#[tokio::test]
async fn a_lost_page_leaves_a_list_that_looks_whole() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    for number in 0..5 {
        Zone::named(&client, &format!("z{number}.lost.example")).await;
    }
    bench.simulator().set_faults(id(SHARED), |faults| {
        faults.lost_page = Some(LostPage {
            action: "ListHostedZones".into(),
            page: 2,
            how: PageLoss::EndsEarly,
            times: None,
        });
        faults.count_off_by = 1;
    });
    let page = client.list_hosted_zones().max_items(2).send().await.expect("a page");
    assert_eq!((page.hosted_zones.len(), page.is_truncated), (2, false));
    let count = client.get_hosted_zone_count().send().await.expect("a count");
    assert_eq!(count.hosted_zone_count, 6);
}
