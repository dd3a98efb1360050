//! The control door, through plain HTTP, as a script in another language uses it.

use super::*;
use serde_json::{Value, json};
use zonecut::sim::service::Outcome;
use zonecut::sim::simulator::Control;

async fn open() -> Option<Bench> {
    Bench::simulated().await?;
    let options = Options {
        control: Control::Open,
        ..Options::default()
    };
    Some(Bench::simulated_with(WORLD, options).await)
}

/// Sends one request to the door; the status and the body that come back.
async fn door(bench: &Bench, method: &str, path: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let (status, said) = plain(bench, method, &format!("/_zonecut/{path}"), &body).await;
    (status, serde_json::from_str(&said).expect("JSON"))
}

#[tokio::test]
async fn the_door_is_closed_unless_it_was_asked_for() {
    let Some(bench) = Bench::simulated().await else { return };
    for (method, path) in [("GET", ""), ("POST", "clock"), ("DELETE", "log")] {
        let (status, said) = door(&bench, method, path, json!({"advance_seconds": 60})).await;
        assert_eq!(status, 403);
        assert!(
            said["error"].as_str().expect("a reason").contains("--control"),
            "{said}"
        );
    }
    assert!(bench.simulator().now() < Duration::from_secs(60));
}

#[tokio::test]
async fn what_the_caller_sees_of_each_outcome_says_nothing_about_what_was_applied() {
    let Some(bench) = open().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let mut held = zone.all().await.len();
    for outcome in Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Timeout) {
        let mut seen = Vec::new();
        for applied in [true, false] {
            let fault = json!({
                "outcome": outcome.word(), "applied": applied, "action": "ChangeResourceRecordSets", "account": SHARED,
            });
            let (status, said) = door(&bench, "POST", "faults", fault).await;
            assert_eq!(status, 200, "{said}");
            let name = zone.below(&format!("{}-{applied}", outcome.word()));
            let refusal = zone.change(vec![create(set(&name, RrType::A, &["192.0.2.1"]))]).await;
            seen.push(refusal.map_err(|refusal| (refusal.code, refusal.status)));
            held += usize::from(applied);
            assert_eq!(zone.all().await.len(), held, "{} applied={applied}", outcome.word());
        }
        if !matches!(outcome, Outcome::CutUntilClose) {
            assert_eq!(seen[0], seen[1], "{}", outcome.word());
            assert!(seen[0].is_err(), "{}", outcome.word());
        }
    }
}

#[tokio::test]
async fn a_call_that_times_out_was_applied_or_not_as_it_was_told_to() {
    let Some(bench) = open().await else { return };
    for (applied, zones) in [(false, 0), (true, 1)] {
        let fault = json!({"outcome": "timeout", "applied": applied, "write": 1});
        door(&bench, "DELETE", "log", Value::Null).await;
        door(&bench, "POST", "faults", fault).await;
        let client = bench.route53();
        let asking = tokio::spawn(
            client
                .create_hosted_zone()
                .name("quiet.example")
                .caller_reference("once")
                .send(),
        );
        while door(&bench, "GET", "counts", Value::Null).await.1 == json!([]) {
            tokio::task::yield_now().await;
        }
        assert!(!asking.is_finished());
        asking.abort();
        let (_, state) = door(&bench, "GET", "", Value::Null).await;
        assert_eq!(state["accounts"][0]["zones"], zones, "{state}");
        assert_eq!((&state["calls"], &state["writes"]), (&json!(1), &json!(1)));
    }
}

#[tokio::test]
async fn counters_and_log_are_read_and_begun_anew() {
    let Some(bench) = open().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    zone.all().await;
    let (_, counts) = door(&bench, "GET", "counts", Value::Null).await;
    assert_eq!(
        counts,
        json!([
            {"account": SHARED, "action": "CreateHostedZone", "write": true, "requests": 1, "throttled": 0, "failed": 0},
            {"account": SHARED, "action": "ListResourceRecordSets", "write": false, "requests": 1, "throttled": 0, "failed": 0},
        ])
    );
    let (_, log) = door(&bench, "GET", "log", Value::Null).await;
    assert_eq!(
        (&log[0]["action"], &log[1]["delivery"]),
        (&json!("CreateHostedZone"), &json!("intact"))
    );
    door(&bench, "DELETE", "log", Value::Null).await;
    assert_eq!(door(&bench, "GET", "log", Value::Null).await.1, json!([]));
    assert_eq!(door(&bench, "GET", "counts", Value::Null).await.1, json!([]));
}

#[tokio::test]
async fn the_clock_and_the_delay_of_changes_are_the_scripts_to_set() {
    let Some(bench) = open().await else { return };
    let client = bench.route53();
    let status = async |id: &str| {
        let change = client.get_change().id(id).send().await.expect("a change");
        change.change_info.expect("its state").status.as_str().to_owned()
    };
    door(&bench, "PUT", "insync", json!({"delay_ms": 300_000})).await;
    let created = client
        .create_hosted_zone()
        .name("slow.example")
        .caller_reference("slow")
        .send()
        .await;
    let change = created.expect("a zone").change_info.expect("a change").id;
    assert_eq!(status(&change).await, "PENDING");
    let (code, state) = door(&bench, "POST", "clock", json!({"advance_seconds": 300})).await;
    assert_eq!((code, &state["insync_delay_ms"]), (200, &json!(300_000)));
    assert!(state["now_seconds"].as_f64().expect("a number") >= 300.0);
    assert_eq!(status(&change).await, "INSYNC");
}

#[tokio::test]
async fn an_account_can_be_given_standing_faults_and_freed_of_them() {
    let Some(bench) = open().await else { return };
    let path = format!("accounts/{SHARED}/faults");
    let sts = bench.sts_as(bench.credentials(SHARED));
    let stated = async || sts.get_caller_identity().send().await.expect("an identity").account;
    door(&bench, "PUT", &path, json!({"identity": "999999999999"})).await;
    assert_eq!(stated().await.as_deref(), Some("999999999999"));
    door(&bench, "PUT", &path, json!({"expired": true})).await;
    assert_eq!(code(bench.route53().list_hosted_zones().send().await), "ExpiredToken");
    door(&bench, "PUT", &path, json!({})).await;
    assert_eq!(stated().await.as_deref(), Some(SHARED));
}

#[tokio::test]
async fn what_the_door_does_not_know_it_refuses_with_the_reason() {
    let Some(bench) = open().await else { return };
    for (method, path, body, reason) in [
        (
            "POST",
            "faults",
            json!({"outcome": "fire", "applied": true}),
            "outcome is one of timeout",
        ),
        (
            "POST",
            "faults",
            json!({"outcome": "reset", "applied": true, "zone": "x"}),
            "unknown field `zone`",
        ),
        (
            "POST",
            "faults",
            json!({"outcome": "reset", "applied": true, "call": 1, "times": 2}),
            "one call",
        ),
        (
            "POST",
            "faults",
            json!({"outcome": "reset", "applied": true, "call": 1, "write": 2}),
            "give one",
        ),
        (
            "POST",
            "faults",
            json!({"outcome": "reset", "applied": true, "account": "000000000009"}),
            "no account",
        ),
        ("POST", "clock", json!({"advance_seconds": -1}), "advance_seconds"),
        (
            "PUT",
            "accounts/111122223333/faults",
            json!({"identty": "1"}),
            "unknown field",
        ),
        ("POST", "log", Value::Null, "no such method"),
    ] {
        let (status, said) = door(&bench, method, path, body).await;
        assert!(status == 400 || status == 404, "{path}: {status}");
        assert!(
            said["error"].as_str().expect("a reason").contains(reason),
            "{path}: {said}"
        );
    }
}
