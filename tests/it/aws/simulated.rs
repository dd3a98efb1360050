//! Accounts of a simulated organisation, read over the real protocol.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use zonecut::aws::{Account, Options, Setup};
use zonecut::config::{Access, AccountConfig, Secret, StaticKeys};
use zonecut::model::account::{AccountId, AccountIx};
use zonecut::model::dnssec::ServeSignature;
use zonecut::model::zone::{Visibility, ZoneId};
use zonecut::ports::{ApiErrorKind, Attempt, Identity as _, Route53 as _};
use zonecut::sim::simulator::{self, Simulator};
use zonecut::sim::world::World;

const WORLD: &str = r#"
name = "two accounts"
[[account]]
id = "111122223333"
name = "hub"
[[account.zone]]
name = "example.com"
id = "Z1HUB"
comment = "the parent"
signing = "SIGNING"
records = ["*.www 300 A 192.0.2.1", "txt 60 TXT \"a b\""]
[[account.zone]]
name = "corp.example"
id = "Z2HUB"
private = true
[[account]]
id = "444455556666"
name = "dev"
external_id = "x1"
[[account.zone]]
name = "dev.example.com"
id = "Z3DEV"
"#;

pub fn id(text: &str) -> AccountId {
    text.parse().expect("an id")
}

pub async fn simulator() -> Simulator {
    let world = World::from_toml(WORLD).expect("a world");
    Simulator::start(world, simulator::Options::default())
        .await
        .expect("a port")
}

/// An account as the demo reads it: with keys of its own.
pub fn keyed(simulator: &Simulator, account: &str) -> AccountConfig {
    let keys = simulator.keys(id(account)).expect("keys");
    let mut config = AccountConfig::new(
        account,
        Access::Keys(StaticKeys {
            access_key_id: keys.access_key,
            secret_access_key: Secret::new(keys.secret_key),
            session_token: None,
            endpoint: simulator.endpoint(),
        }),
    );
    config.id = Some(id(account));
    config
}

/// A set-up whose one file of profiles is given; all requests go to the simulator.
pub async fn profiles(endpoint: &str, config: &str, options: Options) -> Setup {
    let variables = [
        ("ZONECUT_TEST", "1"),
        ("HOME", "/home/ana"),
        ("USER", "ana"),
        ("AWS_ENDPOINT_URL", endpoint),
    ];
    Setup::described(options, &variables, &[("/home/ana/.aws/config", config)]).await
}

fn hub_profile(simulator: &Simulator) -> String {
    let keys = simulator.keys(id("111122223333")).expect("keys");
    format!(
        "[profile hub]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key, keys.secret_key
    )
}

async fn open(simulator: &Simulator, account: &str) -> Account {
    let setup = Setup::described(Options::default(), &[("ZONECUT_TEST", "1")], &[]).await;
    setup.account(AccountIx(2), &keyed(simulator, account))
}

/// The requests that reached Route 53.
fn route53_requests(simulator: &Simulator) -> u64 {
    let counts = simulator.counts();
    let of_route53 = counts
        .iter()
        .filter(|((_, action), _)| !["GetCallerIdentity", "AssumeRole"].contains(action));
    of_route53.map(|(_, count)| count.requests).sum()
}

#[tokio::test]
async fn what_the_world_holds_is_what_is_read() {
    let simulator = simulator().await;
    let account = open(&simulator, "111122223333").await;
    assert_eq!(account.caller().await.expect("an identity").account, id("111122223333"));
    assert_eq!(account.zone_count().await.expect("a count"), 2);
    let page = account.zones(None).await.expect("a page");
    assert_eq!((page.next, page.unreadable.len()), (None, 0));
    let mut seen: Vec<_> = page
        .zones
        .iter()
        .map(|z| {
            (
                z.name.to_string(),
                z.visibility,
                z.key.account,
                z.comment.expose().to_owned(),
            )
        })
        .collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        seen[1],
        (
            "example.com".into(),
            Visibility::Public,
            AccountIx(2),
            "the parent".into()
        )
    );
    assert_eq!(seen[0].1, Visibility::Private);

    let zone = ZoneId::read("Z1HUB").expect("an id");
    let records = account.record_sets(&zone, None).await.expect("a page");
    let names: Vec<_> = records
        .sets
        .iter()
        .map(|s| format!("{} {}", s.name, s.record_type))
        .collect();
    for expected in [
        "example.com NS",
        "example.com SOA",
        "*.www.example.com A",
        "txt.example.com TXT",
    ] {
        assert!(names.iter().any(|n| n == expected), "{names:?} lacks {expected}");
    }
    assert_eq!(
        page.zones
            .iter()
            .find(|z| z.key.id == zone)
            .and_then(|z| z.record_count),
        Some(names.len() as u64)
    );
    assert_eq!(
        account.delegation_set(&zone).await.expect("a set").name_servers.len(),
        4
    );
    let signing = account.signing(&zone).await.expect("an answer");
    assert_eq!((signing.status, signing.keys.len()), (ServeSignature::Signing, 1));
    assert!(signing.keys[0].public_key.is_some());
    let gone = ZoneId::read("ZNONE").expect("an id");
    let error = account.record_sets(&gone, None).await.expect_err("no such zone");
    assert_eq!(error.kind, ApiErrorKind::NotFound);
}

#[tokio::test]
async fn a_role_is_assumed_with_its_external_id_and_read_as_its_own_account() {
    let simulator = simulator().await;
    let config = hub_profile(&simulator);
    let setup = profiles(&simulator.endpoint(), &config, Options::default()).await;
    let role = |external_id: Option<&str>| {
        AccountConfig::new(
            "dev",
            Access::Role {
                role: simulator
                    .role_arn(id("444455556666"))
                    .expect("a role")
                    .parse()
                    .expect("an ARN"),
                source_profile: Some("hub".into()),
                external_id: external_id.map(str::to_owned),
            },
        )
    };
    let account = setup.account(AccountIx(0), &role(Some("x1")));
    let caller = account.caller().await.expect("an identity");
    assert_eq!(caller.account, id("444455556666"));
    assert!(caller.arn.expose().ends_with("/zonecut-ana"), "{:?}", caller.arn);
    assert_eq!(account.zones(None).await.expect("a page").zones.len(), 1);

    let refused = setup
        .account(AccountIx(0), &role(None))
        .caller()
        .await
        .expect_err("no external id");
    assert_eq!((refused.kind, refused.action), (ApiErrorKind::Denied, "sts:AssumeRole"));
    assert!(refused.message.expose().contains("trust policy"), "{refused:?}");
}

#[tokio::test]
async fn another_account_than_the_pinned_one_is_never_read() {
    let simulator = simulator().await;
    let mut config = keyed(&simulator, "111122223333");
    config.id = Some(id("444455556666"));
    let setup = Setup::described(Options::default(), &[("ZONECUT_TEST", "1")], &[]).await;
    let account = setup.account(AccountIx(0), &config);
    // Nobody needs to ask for the identity first: the adapter does.
    let error = account.zones(None).await.expect_err("the wrong account");
    assert_eq!(error.kind, ApiErrorKind::WrongAccount);
    let message = error.message.expose();
    assert!(
        message.contains("111122223333") && message.contains("444455556666"),
        "{message}"
    );
    assert_eq!(route53_requests(&simulator), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn an_account_that_changes_when_credentials_are_renewed_is_not_read_on() {
    let simulator = simulator().await;
    let keys = simulator.keys(id("111122223333")).expect("keys");
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(30);
    let answer = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}","Expiration":"{ends}"}}"#,
        keys.access_key, keys.secret_key
    );
    let config = format!("[profile short]\ncredential_process = printf '%s' '{answer}'\n");
    let setup = profiles(&simulator.endpoint(), &config, Options::default()).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("short"));
    account.zones(None).await.expect("a page");
    let before = route53_requests(&simulator);
    simulator.set_faults(id("111122223333"), |faults| faults.identity = Some(id("444455556666")));
    let error = account.zones(None).await.expect_err("it changed");
    assert_eq!(error.kind, ApiErrorKind::WrongAccount, "{error:?}");
    assert_eq!(route53_requests(&simulator), before);
}

#[tokio::test]
async fn faults_of_the_service_are_told_apart() {
    let simulator = simulator().await;
    let options = Options {
        request_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let setup = profiles(&simulator.endpoint(), &hub_profile(&simulator), options).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("hub"));
    let hub = id("111122223333");
    account.caller().await.expect("an identity");
    type Fault = fn(&mut zonecut::sim::faults::Faults);
    let faults: [(Fault, ApiErrorKind); 5] = [
        (|f| f.throttle = 1.0, ApiErrorKind::Throttled),
        (|f| f.server_errors = 1.0, ApiErrorKind::Unavailable),
        (|f| f.reset_before = 1.0, ApiErrorKind::Unavailable),
        (|f| f.deny = vec!["ListHostedZones".into()], ApiErrorKind::Denied),
        (|f| f.hang = vec!["ListHostedZones".into()], ApiErrorKind::Unavailable),
    ];
    for (fault, kind) in faults {
        simulator.set_faults(hub, |f| {
            *f = zonecut::sim::faults::Faults::default();
            fault(f);
        });
        let error = account.zones(None).await.expect_err("a fault");
        assert_eq!(error.kind, kind, "{error:?}");
        assert!(!error.to_string().is_empty());
    }
    simulator.set_faults(hub, |f| {
        *f = zonecut::sim::faults::Faults::default();
        f.expired = true;
    });
    let expired = account.zones(None).await.expect_err("expired");
    assert_eq!(expired.kind, ApiErrorKind::Credentials, "{expired:?}");
    assert_eq!(expired.remedy, Some("aws configure --profile hub".into()));
    // The credentials were forgotten, so the next call asks whose they are before it reads.
    simulator.set_faults(hub, |f| *f = zonecut::sim::faults::Faults::default());
    account.zones(None).await.expect("it works again");
}

#[tokio::test]
async fn one_call_is_one_request_and_each_is_noted() {
    let simulator = simulator().await;
    let notes: Arc<Mutex<Vec<Attempt>>> = Arc::default();
    let sink = Arc::clone(&notes);
    let options = Options {
        attempts: Some(Arc::new(move |attempt| {
            sink.lock().expect("not poisoned").push(attempt)
        })),
        ..Options::default()
    };
    let setup = profiles(&simulator.endpoint(), &hub_profile(&simulator), options).await;
    let account = setup.account(AccountIx(5), &AccountConfig::from_profile("hub"));
    account.zones(None).await.expect("a page");
    simulator.set_faults(id("111122223333"), |f| f.throttle = 1.0);
    let zone = ZoneId::read("Z1HUB").expect("an id");
    account.record_sets(&zone, None).await.expect_err("throttled");

    let notes = notes.lock().expect("not poisoned");
    let seen: Vec<_> = notes
        .iter()
        .map(|n| {
            (
                n.action,
                n.status,
                n.failure.as_ref().map(|f| f.expose()),
                n.subject.as_ref().map(|s| s.expose()),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("sts:GetCallerIdentity", Some(200), None, None),
            ("route53:ListHostedZones", Some(200), None, None),
            (
                "route53:ListResourceRecordSets",
                Some(400),
                Some("Throttling"),
                Some("Z1HUB")
            ),
        ]
    );
    assert!(
        notes
            .iter()
            .all(|n| n.account == AccountIx(5) && n.took > Duration::ZERO)
    );
    assert_eq!(simulator.total().requests, 3);
}

#[tokio::test]
async fn an_endpoint_override_is_reported() {
    let simulator = simulator().await;
    let setup = profiles(
        "http://ana:secret@127.0.0.1:1",
        &hub_profile(&simulator),
        Options::default(),
    )
    .await;
    let hub = AccountConfig::from_profile("hub");
    assert_eq!(setup.endpoint_override(&hub).as_deref(), Some("http://127.0.0.1:1"));
    let plain = Setup::described(Options::default(), &[], &[]).await;
    assert_eq!(plain.endpoint_override(&hub), None);
    let demo = keyed(&simulator, "111122223333");
    assert_eq!(plain.endpoint_override(&demo), Some(simulator.endpoint()));
}
