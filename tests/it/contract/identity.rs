//! Who calls, and that accounts do not see each other's zones.

use super::*;

async fn assume(bench: &Bench, external_id: Option<&str>) -> Result<Credentials, Refusal> {
    let role = bench.simulator().role_arn(id(TEAM)).expect("an account");
    let request = bench
        .sts_as(bench.credentials(SHARED))
        .assume_role()
        .role_arn(role)
        .role_session_name("zonecut-test");
    let request = request.set_external_id(external_id.map(str::to_owned));
    let assumed = request.send().await.map_err(refusal)?;
    let given = assumed.credentials.expect("credentials");
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        None,
        "contract",
    ))
}

#[tokio::test]
async fn the_caller_is_the_account_of_the_key() {
    let Some(bench) = Bench::simulated().await else { return };
    for account in [SHARED, TEAM] {
        let caller = bench
            .sts_as(bench.credentials(account))
            .get_caller_identity()
            .send()
            .await
            .expect("an identity");
        assert_eq!(caller.account.as_deref(), Some(account));
        assert_eq!(caller.arn, Some(format!("arn:aws:iam::{account}:user/zonecut")));
    }
}

#[tokio::test]
async fn a_zone_of_another_account_is_neither_listed_nor_read() {
    let Some(bench) = Bench::simulated().await else { return };
    let (shared, team) = (bench.route53(), bench.route53_as(bench.credentials(TEAM)));
    let zone = Zone::named(&team, "secret.team.example").await;
    let seen = shared.list_hosted_zones().send().await.expect("a page").hosted_zones;
    assert!(seen.is_empty(), "{seen:?}");
    assert_eq!(code(shared.get_hosted_zone().id(&zone.id).send().await), "AccessDenied");
    assert_eq!(
        code(shared.list_resource_record_sets().hosted_zone_id(&zone.id).send().await),
        "AccessDenied"
    );
    assert_eq!(
        code(shared.delete_hosted_zone().id(&zone.id).send().await),
        "AccessDenied"
    );
}

#[tokio::test]
async fn an_assumed_role_reads_its_own_account() {
    let Some(bench) = Bench::simulated().await else { return };
    let session = assume(&bench, Some("contract")).await.expect("a session");
    let caller = bench
        .sts_as(session.clone())
        .get_caller_identity()
        .send()
        .await
        .expect("an identity");
    assert_eq!(caller.account.as_deref(), Some(TEAM));
    assert_eq!(
        caller.arn,
        Some(format!("arn:aws:sts::{TEAM}:assumed-role/zonecut-read/zonecut-test"))
    );
    let count = bench
        .route53_as(session)
        .get_hosted_zone_count()
        .send()
        .await
        .expect("a count");
    assert_eq!(count.hosted_zone_count, 3);
}

#[tokio::test]
async fn a_role_with_an_external_id_is_assumed_with_it_alone() {
    let Some(bench) = Bench::simulated().await else { return };
    for external_id in [None, Some("guess")] {
        let refusal = assume(&bench, external_id).await.expect_err("refused");
        assert_eq!((refusal.code.as_str(), refusal.status), ("AccessDenied", 403));
    }
}

#[tokio::test]
async fn a_key_that_is_nobodys_is_refused() {
    let Some(bench) = Bench::simulated().await else { return };
    let nobody = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "contract");
    assert_eq!(
        code(bench.route53_as(nobody.clone()).get_hosted_zone_count().send().await),
        "InvalidClientTokenId"
    );
    assert_eq!(
        code(bench.sts_as(nobody).get_caller_identity().send().await),
        "InvalidClientTokenId"
    );
}

#[tokio::test]
async fn expired_credentials_are_refused_by_both_services() {
    let Some(bench) = Bench::simulated().await else { return };
    bench.simulator().set_faults(id(SHARED), |faults| faults.expired = true);
    let credentials = bench.credentials(SHARED);
    assert_eq!(code(bench.route53().list_hosted_zones().send().await), "ExpiredToken");
    assert_eq!(
        code(bench.sts_as(credentials).get_caller_identity().send().await),
        "ExpiredToken"
    );
}

#[tokio::test]
async fn a_session_ends() {
    let Some(bench) = Bench::simulated().await else { return };
    let session = assume(&bench, Some("contract")).await.expect("a session");
    bench.simulator().advance(Duration::from_secs(3_601));
    assert_eq!(
        code(bench.route53_as(session).get_hosted_zone_count().send().await),
        "ExpiredToken"
    );
}

#[tokio::test]
async fn an_identity_can_change_between_two_calls() {
    let Some(bench) = Bench::simulated().await else { return };
    bench.simulator().set_faults(id(SHARED), |faults| {
        faults.identity = Some(id("999999999999"));
        faults.identity_after = 1;
    });
    let sts = bench.sts_as(bench.credentials(SHARED));
    let mut accounts = Vec::new();
    for _ in 0..2 {
        let caller = sts.get_caller_identity().send().await.expect("an identity");
        accounts.push(caller.account.expect("an account"));
    }
    assert_eq!(accounts, [SHARED, "999999999999"]);
}

#[tokio::test]
async fn a_denied_action_leaves_the_others() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .set_faults(id(SHARED), |faults| faults.deny = vec!["ListHostedZones".into()]);
    let client = bench.route53();
    let refusal = client
        .list_hosted_zones()
        .send()
        .await
        .map_err(refusal)
        .expect_err("denied");
    assert_eq!((refusal.code.as_str(), refusal.status), ("AccessDenied", 403));
    assert!(
        refusal
            .message
            .contains("is not authorized to perform: route53:ListHostedZones"),
        "{refusal:?}"
    );
    client.get_hosted_zone_count().send().await.expect("a count");
}

#[tokio::test]
async fn a_zone_can_be_denied_alone() {
    let Some(bench) = Bench::simulated().await else { return };
    bench
        .simulator()
        .deny_on_zone("team.example", &["ListResourceRecordSets"]);
    let client = bench.route53_as(bench.credentials(TEAM));
    let zones = client.list_hosted_zones().send().await.expect("a page").hosted_zones;
    for zone in zones {
        let denied = zone.name == "team.example.";
        let listed = client.list_resource_record_sets().hosted_zone_id(&zone.id).send().await;
        assert_eq!(listed.is_err(), denied, "{}", zone.name);
        client
            .get_hosted_zone()
            .id(&zone.id)
            .send()
            .await
            .expect("the zone itself is readable");
    }
}

#[tokio::test]
async fn the_log_knows_who_asked_for_what() {
    let Some(bench) = Bench::simulated().await else { return };
    let client = bench.route53();
    client.list_hosted_zones().send().await.expect("a page");
    assert!(bench.simulator().log().iter().all(|entry| !entry.write));
    Zone::create(&client).await;
    let log = bench.simulator().log();
    let last = log.last().expect("an entry");
    assert_eq!(
        (last.account, last.action, last.write),
        (Some(id(SHARED)), "CreateHostedZone", true)
    );
    assert_eq!(bench.simulator().total().requests, 2);
}
