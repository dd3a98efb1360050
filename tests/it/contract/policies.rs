//! What a role's policy and a session's policy leave of what an account could do.

use super::*;

const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// The policy that `zonecut iam-policy --write` prints: one name of one zone, NS and DS, no UPSERT.
fn delegator(zone: &Zone, name: &str) -> String {
    let id = zonecut::model::zone::ZoneId::read(&zone.id).expect("a zone's id");
    zonecut::report::iam::delegator_policy("aws", &id, &name.parse().expect("a name"))
}

/// A session of a role of the first account.
async fn session(bench: &Bench, role: &str, policy: Option<&str>) -> Result<Credentials, Refusal> {
    let request = bench
        .sts_as(bench.credentials(SHARED))
        .assume_role()
        .role_arn(format!("arn:aws:iam::{SHARED}:role/{role}"))
        .role_session_name("apply");
    let assumed = request
        .set_policy(policy.map(str::to_owned))
        .send()
        .await
        .map_err(refusal)?;
    let given = assumed.credentials.expect("credentials");
    let token = Some(given.session_token);
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        token,
        None,
        "contract",
    ))
}

/// A zone as a session sees it.
async fn seen(bench: &Bench, zone: &Zone, role: &str, policy: Option<&str>) -> Zone {
    let credentials = session(bench, role, policy).await.expect("a session");
    Zone {
        client: bench.route53_as(credentials),
        id: zone.id.clone(),
        name: zone.name.clone(),
        servers: zone.servers.clone(),
    }
}

/// Tries everything that the delegator's policy must leave out, and what it must leave in.
async fn is_cut_down(bench: &Bench, zone: &Zone, narrow: &Zone, kind: &str) {
    let name = zone.below("dev");
    let (old, new) = (
        set(&name, RrType::Ns, &["ns1.example.net."]),
        set(&name, RrType::Ns, &["ns2.example.net."]),
    );
    let other_zone = Zone::create(&bench.route53()).await;
    let elsewhere = Zone {
        client: narrow.client.clone(),
        ..other_zone
    };
    narrow.apply(vec![create(old.clone())]).await;
    narrow.apply(vec![delete(old.clone()), create(new.clone())]).await;
    let a = |name: &str| set(name, RrType::A, &["192.0.2.1"]);
    for (where_to, changes) in [
        (narrow, vec![upsert(old.clone())]),
        (
            narrow,
            vec![create(set(&zone.below("other"), RrType::Ns, &["ns1.example.net."]))],
        ),
        (
            narrow,
            vec![create(set(&zone.below("a.dev"), RrType::Ns, &["ns1.example.net."]))],
        ),
        (narrow, vec![create(a(&name))]),
        (
            narrow,
            vec![delete(new.clone()), create(old.clone()), create(a(&zone.below("www")))],
        ),
        (
            &elsewhere,
            vec![create(set(&elsewhere.below("dev"), RrType::Ns, &["ns1.example.net."]))],
        ),
    ] {
        let refusal = where_to.change(changes).await.expect_err("it is denied");
        assert_eq!((refusal.code.as_str(), refusal.status), ("AccessDenied", 403));
        let because = format!("because no {kind} policy allows the route53:ChangeResourceRecordSets action");
        assert!(refusal.message.ends_with(&because), "{refusal:?}");
        assert!(
            refusal.message.contains(where_to.id.trim_start_matches("/hostedzone/")),
            "{refusal:?}"
        );
    }
    assert_eq!(
        code(narrow.client.delete_hosted_zone().id(&zone.id).send().await),
        "AccessDenied"
    );
    let another = narrow
        .client
        .create_hosted_zone()
        .name("x.example")
        .caller_reference(unique("x"));
    assert_eq!(code(another.send().await), "AccessDenied");
    assert_eq!(narrow.values(&name, RrType::Ns).await, ["ns2.example.net."]);
    narrow.apply(vec![delete(new)]).await;
}

#[tokio::test]
async fn a_role_with_the_published_policy_writes_one_name_and_nothing_else() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let policy = delegator(&zone, &zone.below("dev"));
    bench
        .simulator()
        .set_role_policy(id(SHARED), "delegator", &policy)
        .expect("a policy");
    let narrow = seen(&bench, &zone, "delegator", None).await;
    is_cut_down(&bench, &zone, &narrow, "identity-based").await;
}

#[tokio::test]
async fn a_session_policy_cuts_a_mighty_role_down() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    bench
        .simulator()
        .set_role_policy(id(SHARED), "admin", EVERYTHING)
        .expect("a policy");
    let policy = delegator(&zone, &zone.below("dev"));
    let narrow = seen(&bench, &zone, "admin", Some(&policy)).await;
    is_cut_down(&bench, &zone, &narrow, "session").await;
}

#[tokio::test]
async fn a_session_policy_gives_nothing_that_the_role_has_not() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let reader = r#"{"Statement":{"Effect":"Allow","Action":["route53:Get*","route53:List*"],"Resource":"*"}}"#;
    bench
        .simulator()
        .set_role_policy(id(SHARED), "reader", reader)
        .expect("a policy");
    let reading = seen(&bench, &zone, "reader", Some(EVERYTHING)).await;
    reading.all().await;
    let refusal = reading
        .refused(vec![create(set(&zone.below("dev"), RrType::Ns, &["ns1.example.net."]))])
        .await;
    assert!(
        refusal.message.contains("because no identity-based policy allows"),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_statement_that_denies_is_named_as_such_and_a_chain_needs_leave_for_each_step() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let policy = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","Action":["route53:Change*","sts:*"],"Resource":"*"}]}"#;
    let credentials = session(&bench, "any", Some(policy)).await.expect("a session");
    let denied = Zone {
        client: bench.route53_as(credentials.clone()),
        ..zone
    };
    let refusal = denied
        .refused(vec![create(set(
            &denied.below("dev"),
            RrType::Ns,
            &["ns1.example.net."],
        ))])
        .await;
    assert!(
        refusal.message.ends_with("with an explicit deny in a session policy"),
        "{refusal:?}"
    );
    let sts = bench.sts_as(credentials);
    sts.get_caller_identity().send().await.expect("no policy denies that");
    let next = sts
        .assume_role()
        .role_arn(format!("arn:aws:iam::{TEAM}:role/next"))
        .role_session_name("next");
    assert_eq!(code(next.external_id("contract").send().await), "AccessDenied");
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_opens_no_session() {
    let Some(bench) = Bench::simulated().await else { return };
    let odd = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}"#;
    for policy in ["{", odd] {
        let refusal = session(&bench, "any", Some(policy)).await.expect_err("malformed");
        assert_eq!(
            (refusal.code.as_str(), refusal.status),
            ("MalformedPolicyDocument", 400)
        );
    }
    let long = format!("{EVERYTHING}{}", " ".repeat(2_048));
    assert_eq!(
        session(&bench, "any", Some(&long)).await.expect_err("too long").code,
        "ValidationError"
    );
}

#[tokio::test]
async fn a_worlds_file_gives_users_and_roles_their_policies() {
    let Some(_) = Bench::simulated().await else { return };
    let lists =
        r#"'{"Statement":{"Effect":"Allow","Action":["route53:ListHostedZones","sts:AssumeRole"],"Resource":"*"}}'"#;
    let counts = r#"'{"Statement":{"Effect":"Allow","Action":"route53:GetHostedZoneCount","Resource":"*"}}'"#;
    let world = format!(
        "name = \"x\"\n[[account]]\nid = \"{SHARED}\"\nname = \"a\"\npolicy = {lists}\n[[account.role]]\nname = \"counter\"\npolicy = {counts}\n"
    );
    let bench = Bench::simulated_from(&world).await;
    let user = bench.route53();
    let role = bench.route53_as(session(&bench, "counter", None).await.expect("a session"));
    user.list_hosted_zones().send().await.expect("allowed");
    role.get_hosted_zone_count().send().await.expect("allowed");
    assert_eq!(code(user.get_hosted_zone_count().send().await), "AccessDenied");
    assert_eq!(code(role.list_hosted_zones().send().await), "AccessDenied");
    let wrong = world.replace("\"Allow\"", "\"allow\"");
    let why = World::from_toml(&wrong).expect_err("refused").to_string();
    assert!(why.contains("policy: Effect is Allow or Deny"), "{why}");
}
