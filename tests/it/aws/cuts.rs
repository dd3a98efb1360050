//! An answer that ends too early is never taken for a complete one, wherever it ends and however its end is marked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use zonecut::model::zone::ZoneId;
use zonecut::ports::{ApiError, Identity as _, Route53 as _};

use super::canned::{Answer, Canned, Framing, NAMESPACE, identity, is_sts};

const FRAMINGS: [Framing; 3] = [Framing::ContentLength, Framing::Chunked, Framing::UntilClose];

fn zones(next: Option<&str>) -> String {
    let zone = |id: &str, name: &str| {
        format!(
            "<HostedZone><Id>/hostedzone/{id}</Id><Name>{name}</Name><CallerReference>r-{id}</CallerReference><Config>\
             <Comment>a comment</Comment><PrivateZone>false</PrivateZone></Config>\
             <ResourceRecordSetCount>2</ResourceRecordSetCount></HostedZone>"
        )
    };
    let marker = next.map_or_else(String::new, |m| format!("<NextMarker>{m}</NextMarker>"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListHostedZonesResponse xmlns=\"{NAMESPACE}\"><HostedZones>{}{}\
         </HostedZones><IsTruncated>{}</IsTruncated>{marker}<MaxItems>100</MaxItems></ListHostedZonesResponse>",
        zone("Z1", "example.com."),
        zone("Z2", "example.org."),
        next.is_some()
    )
}

fn record_sets() -> String {
    let set = |name: &str, record_type: &str, values: &[&str]| {
        let values: String = values
            .iter()
            .map(|v| format!("<ResourceRecord><Value>{v}</Value></ResourceRecord>"))
            .collect();
        format!(
            "<ResourceRecordSet><Name>{name}</Name><Type>{record_type}</Type><TTL>300</TTL>\
             <ResourceRecords>{values}</ResourceRecords></ResourceRecordSet>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListResourceRecordSetsResponse xmlns=\"{NAMESPACE}\">\
         <ResourceRecordSets>{}{}{}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>\
         </ListResourceRecordSetsResponse>",
        set("example.com.", "NS", &["ns-1.awsdns-01.com.", "ns-2.awsdns-02.net."]),
        set(
            "example.com.",
            "SOA",
            &["ns-1.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"]
        ),
        set("dev.example.com.", "NS", &["ns-3.awsdns-03.org."])
    )
}

/// Asks once for each place at which the body may end; the last one is its whole length.
async fn every_cut<F, A>(body: String, ask: impl Fn(zonecut::aws::Account) -> F)
where
    F: Future<Output = Result<A, ApiError>>,
{
    let length = body.len();
    let plan: Vec<_> = FRAMINGS
        .into_iter()
        .flat_map(|framing| (0..=length).map(move |sent| (framing, sent)))
        .collect();
    let next = Arc::new(Mutex::new(Vec::new()));
    let (served, answers) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&next));
    let count = Arc::clone(&served);
    let canned = Canned::start(move |asked| {
        if is_sts(asked) {
            return identity("111122223333");
        }
        let (framing, sent) = answers.lock().expect("not poisoned").pop().expect("a cut is planned");
        count.fetch_add(1, Ordering::Relaxed);
        Answer::new(200, body.clone()).cut(framing, sent)
    })
    .await;
    let account = canned.account().await;
    account.caller().await.expect("the identity is whole");
    for (framing, sent) in &plan {
        next.lock().expect("not poisoned").push((*framing, *sent));
        let answer = ask(account.clone()).await;
        match (sent == &length, answer) {
            (true, answer) => assert!(answer.is_ok(), "{framing:?}, whole: {:?}", answer.err()),
            (false, Ok(_)) => panic!("{framing:?}, {sent} of {length} octets, was taken for complete"),
            (false, Err(error)) => assert!(error.kind.is_transient(), "{framing:?}, {sent}: {error:?}"),
        }
    }
    assert_eq!(served.load(Ordering::Relaxed), plan.len());
}

#[tokio::test]
async fn no_cut_of_a_list_of_zones_is_complete() {
    every_cut(zones(None), |account| async move { account.zones(None).await }).await;
}

#[tokio::test]
async fn no_cut_of_a_list_of_record_sets_is_complete() {
    let zone = ZoneId::read("Z1").expect("an id");
    every_cut(record_sets(), |account| {
        let zone = zone.clone();
        async move { account.record_sets(&zone, None).await }
    })
    .await;
}

#[tokio::test]
async fn a_list_that_goes_on_without_saying_where_is_malformed() {
    let body = zones(Some("Z3")).replace("<NextMarker>Z3</NextMarker>", "");
    let bodies = [
        body,
        record_sets().replace("<IsTruncated>false", "<IsTruncated>true"),
        record_sets().replace(
            "<IsTruncated>false</IsTruncated>",
            "<IsTruncated>true</IsTruncated><NextRecordName>a.</NextRecordName>",
        ),
    ];
    let canned = Canned::start(move |asked| match asked {
        asked if is_sts(asked) => identity("111122223333"),
        asked if asked.target.contains("hostedzone/Z1") => Answer::new(200, bodies[1].clone()),
        asked if asked.target.contains("hostedzone/Z2") => Answer::new(200, bodies[2].clone()),
        _ => Answer::new(200, bodies[0].clone()),
    })
    .await;
    let account = canned.account().await;
    let mut failures = vec![account.zones(None).await.expect_err("no marker")];
    for id in ["Z1", "Z2"] {
        let id = ZoneId::read(id).expect("an id");
        failures.push(account.record_sets(&id, None).await.expect_err("no cursor"));
    }
    for failure in failures {
        assert_eq!(failure.kind, zonecut::ports::ApiErrorKind::Malformed, "{failure:?}");
    }
}

#[tokio::test]
async fn many_answers_at_once_do_not_mix() {
    let canned = Canned::start(|asked| match asked {
        asked if is_sts(asked) => identity("111122223333"),
        asked => {
            let marker = asked.target.split("marker=").nth(1).unwrap_or_default();
            let marker = marker.split('&').next().unwrap_or_default();
            Answer::new(200, zones(Some(&format!("{marker}x"))))
        }
    })
    .await;
    let account = canned.account().await;
    let answers: Vec<_> = futures_util::stream::iter(0..50)
        .map(|n| {
            let account = account.clone();
            async move {
                let marker = zonecut::ports::ZoneMarker(format!("Z{n}"));
                (n, account.zones(Some(&marker)).await.expect("a page").next)
            }
        })
        .buffer_unordered(16)
        .collect()
        .await;
    for (n, next) in answers {
        assert_eq!(next.expect("a marker").0, format!("Z{n}x"));
    }
    let identities = canned.asked().iter().filter(|a| is_sts(a)).count();
    assert_eq!(identities, 1, "the identity is asked for once");
}
