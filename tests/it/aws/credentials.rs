//! Where credentials come from, and what is said when they do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use zonecut::aws::Options;
use zonecut::config::AccountConfig;
use zonecut::model::account::AccountIx;
use zonecut::ports::{ApiErrorKind, Identity as _, LoginState, MfaAnswer, MfaPrompt, MfaRequest, Route53 as _};

use super::canned::{Answer, Canned, identity, is_sts};
use super::simulated::profiles;

const SSO: &str = "
[sso-session ext]
sso_start_url = https://ext.awsapps.com/start
sso_region = eu-central-1
[profile partner]
sso_session = ext
sso_account_id = 888899990000
sso_role_name = ReadOnly
";

#[tokio::test]
async fn a_missing_sso_login_costs_no_request_and_names_its_command() {
    let canned = Canned::start(|_| identity("888899990000")).await;
    let setup = profiles(&canned.url, SSO, Options::default()).await;
    let config = AccountConfig::from_profile("partner");
    let error = setup
        .account(AccountIx(0), &config)
        .zones(None)
        .await
        .expect_err("nobody is logged in");
    assert_eq!(error.kind, ApiErrorKind::Credentials);
    assert_eq!(error.remedy, Some("aws sso login --sso-session ext".into()));
    assert!(canned.asked().is_empty());
    let login = setup.login(&config, jiff::Timestamp::now());
    assert_eq!((login.how.expose(), login.state), ("SSO ext", LoginState::Missing));
}

#[tokio::test]
async fn an_expired_sso_login_is_told_from_its_file() {
    let home = tempfile::tempdir().expect("a home");
    let caches = home.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&caches).expect("a directory");
    let home_text = home.path().display().to_string();
    let config_file = format!("{home_text}/.aws/config");
    let setup = zonecut::aws::Setup::described(
        Options::default(),
        &[
            ("ZONECUT_TEST", "1"),
            ("HOME", &home_text),
            ("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22"),
        ],
        &[(config_file.as_str(), SSO)],
    )
    .await;
    let config = AccountConfig::from_profile("partner");
    let file = setup.login_file(&config).expect("SSO has a file");
    assert_eq!(file.parent(), Some(caches.as_path()));
    std::fs::write(&file, r#"{"accessToken":"t","expiresAt":"2026-01-01T00:00:00Z"}"#).expect("written");
    let error = setup
        .account(AccountIx(0), &config)
        .caller()
        .await
        .expect_err("it expired");
    assert!(error.message.expose().contains("expired at 2026-01-01"), "{error:?}");
    assert_eq!(
        error.remedy,
        Some("aws sso login --sso-session ext --use-device-code".into())
    );
    let early = "2025-12-31T00:00:00Z".parse().expect("a time");
    assert!(matches!(setup.login(&config, early).state, LoginState::Until(_)));
}

#[tokio::test]
async fn a_profile_that_does_not_exist_says_so() {
    let setup = profiles("http://127.0.0.1:1", SSO, Options::default()).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("no such"));
    let error = account.caller().await.expect_err("no profile");
    assert_eq!(error.kind, ApiErrorKind::Credentials);
    assert!(error.message.expose().contains("no profile \"no such\""), "{error:?}");
    assert_eq!(error.remedy, Some("aws configure sso --profile 'no such'".into()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_hanging_program_is_ended_and_what_it_complains_is_not_repeated() {
    let canned = Canned::start(|_| identity("111122223333")).await;
    let config = "[profile slow]\ncredential_process = echo canary-secret >&2; sleep 600\n\
                  [profile loud]\ncredential_process = /bin/sh -c 'echo canary-secret >&2; exit 3' canary-secret\n";
    let options = Options {
        process_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let setup = profiles(&canned.url, config, options).await;
    let since = Instant::now();
    let slow = setup.account(AccountIx(0), &AccountConfig::from_profile("slow"));
    // Several requests that wait for the same credentials share one failure.
    let (first, second, third) = tokio::join!(slow.caller(), slow.zone_count(), slow.zones(None));
    let error = first.expect_err("it hangs");
    assert!(since.elapsed() < Duration::from_secs(10));
    assert_eq!(error.kind, ApiErrorKind::Credentials);
    assert!(error.message.expose().contains("no answer within"), "{error:?}");
    assert_eq!(second.expect_err("it hangs"), error);
    assert_eq!(third.expect_err("it hangs"), error);
    let loud = setup.account(AccountIx(0), &AccountConfig::from_profile("loud"));
    let loud = loud.caller().await.expect_err("it fails");
    assert!(loud.message.expose().contains("exit status: 3"), "{loud:?}");
    assert!(!format!("{error:?}{loud:?}").contains("canary-secret"));
    assert!(canned.asked().is_empty());
}

#[tokio::test]
async fn under_test_the_logins_of_the_sdk_stay_on_this_machine_too() {
    let home = tempfile::tempdir().expect("a home");
    let token = home.path().join("token");
    std::fs::write(&token, "t").expect("written");
    let config = format!(
        "[profile own]\nweb_identity_token_file = {}\nrole_arn = arn:aws:iam::111122223333:role/r\n",
        token.display()
    );
    let setup = profiles("http://127.0.0.1:1", &config, Options::default()).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("own"));
    let error = account.caller().await.expect_err("STS is not on this machine");
    assert_eq!(error.kind, ApiErrorKind::Refused, "{error:?}");
    assert!(error.message.expose().contains("ZONECUT_TEST"), "{error:?}");
}

const MFA: &str = "
[profile user]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = canary-secret
[profile admin]
role_arn = arn:aws:iam::111122223333:role/team/dns
source_profile = user
mfa_serial = arn:aws:iam::999900001111:mfa/ana
external_id = x1
duration_seconds = 3600
";

struct Person {
    code: Option<&'static str>,
    asked: AtomicUsize,
}

impl MfaPrompt for Person {
    fn code(&self, request: MfaRequest) -> MfaAnswer<'_> {
        assert_eq!(request.serial.expose(), "arn:aws:iam::999900001111:mfa/ana");
        self.asked.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(self.code.map(str::to_owned)))
    }
}

/// The credentials that an action of STS gives.
pub fn given(action: &str, key: &str) -> Answer {
    Answer::new(
        200,
        format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
             <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
        ),
    )
}

async fn organisation() -> Canned {
    Canned::start(|asked| match asked {
        asked if asked.body.contains("Action=AssumeRole") => given("AssumeRole", "ASIASESSION"),
        asked if asked.body.contains("Action=GetSessionToken") => given("GetSessionToken", "ASIADEVICE"),
        asked if is_sts(asked) => identity("111122223333"),
        _ => Answer::new(
            200,
            "<GetHostedZoneCountResponse><HostedZoneCount>3</HostedZoneCount></GetHostedZoneCountResponse>",
        ),
    })
    .await
}

#[tokio::test]
async fn a_person_is_asked_once_for_the_code_of_a_role() {
    let canned = organisation().await;
    let person = Arc::new(Person {
        code: Some("123456"),
        asked: AtomicUsize::new(0),
    });
    let options = Options {
        mfa: Some(person.clone()),
        ..Options::default()
    };
    let setup = profiles(&canned.url, MFA, options).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("admin"));
    let counts = tokio::join!(account.zone_count(), account.zone_count(), account.zone_count());
    assert_eq!((counts.0, counts.1, counts.2), (Ok(3), Ok(3), Ok(3)));
    assert_eq!(person.asked.load(Ordering::Relaxed), 1);
    let asked = canned.asked();
    let of = |action: &str| asked.iter().find(|a| a.body.contains(action)).expect("it is asked for");
    let (open, assume) = (of("Action=GetSessionToken"), of("Action=AssumeRole"));
    for part in [
        "TokenCode=123456",
        "SerialNumber=arn%3Aaws%3Aiam%3A%3A999900001111%3Amfa%2Fana",
    ] {
        assert!(open.body.contains(part), "{} lacks {part}", open.body);
    }
    assert!(assume.head.contains("Credential=ASIADEVICE"), "{}", assume.head);
    assert!(
        !assume.body.contains("TokenCode"),
        "a code is sent once: {}",
        assume.body
    );
    for part in [
        "ExternalId=x1",
        "DurationSeconds=3600",
        "RoleSessionName=zonecut-ana",
        "route53%3AListHostedZones",
    ] {
        assert!(assume.body.contains(part), "{} lacks {part}", assume.body);
    }
    for action in ["ChangeResourceRecordSets", "CreateHostedZone", "DeleteHostedZone"] {
        assert!(!assume.body.contains(action), "a session for reading may {action}");
    }
    let reads = asked.iter().filter(|a| a.method == "GET");
    assert!(reads.into_iter().all(|a| a.head.contains("Credential=ASIASESSION")));
}

#[tokio::test]
async fn without_a_person_a_role_with_mfa_is_refused_with_the_next_step() {
    let canned = organisation().await;
    let setup = profiles(&canned.url, MFA, Options::default()).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("admin"));
    let error = account.zone_count().await.expect_err("nobody can be asked");
    assert_eq!(error.kind, ApiErrorKind::Credentials);
    assert!(error.message.expose().contains("MFA"), "{error:?}");
    assert!(error.remedy.is_some());
    assert!(canned.asked().is_empty());

    for code in [None, Some("12345x"), Some("")] {
        let person = Arc::new(Person {
            code,
            asked: AtomicUsize::new(0),
        });
        let options = Options {
            mfa: Some(person),
            ..Options::default()
        };
        let setup = profiles(&canned.url, MFA, options).await;
        let account = setup.account(AccountIx(0), &AccountConfig::from_profile("admin"));
        assert_eq!(
            account.zone_count().await.expect_err("no code").kind,
            ApiErrorKind::Credentials
        );
    }
    assert!(canned.asked().is_empty());
}
