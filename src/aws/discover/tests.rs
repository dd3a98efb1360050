use super::super::Options;
use super::*;
use crate::ports::LoginState;

const CONFIG: &str = "
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-central-1
[profile edge-admin]
sso_session = acme
sso_account_id = 777788889999
sso_role_name = AdministratorAccess
[profile edge-ro]
sso_session = acme
sso_account_id = 777788889999
sso_role_name = ViewOnlyAccess
granted_color = red
[profile partner]
role_arn = arn:aws:iam::888899990000:role/zonecut-read
source_profile = edge-ro
[profile payments-prod]
sso_session = acme
sso_account_id = 555566667777
sso_role_name = Dns
[profile just-a-region]
region = eu-west-1
";
const KEYS: &str = "
[legacy-keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = hunter2
";

async fn discovery() -> Discovery {
    let files = [("/home/ana/.aws/config", CONFIG), ("/home/ana/.aws/credentials", KEYS)];
    let variables = [("HOME", "/home/ana"), ("AWS_PROFILE", "edge-ro")];
    let setup = Setup::described(Options::default(), &variables, &files).await;
    setup.discover("2026-11-23T12:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn profiles_are_grouped_by_the_account_they_lead_to() {
    let found = discovery().await;
    let shown: Vec<(Option<&str>, Vec<&str>)> = found
        .accounts
        .iter()
        .map(|a| {
            (
                a.id.as_ref().map(AccountId::as_str),
                a.candidates.iter().map(|c| c.profile.as_str()).collect(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (Some("777788889999"), vec!["edge-ro", "edge-admin"]),
            (Some("888899990000"), vec!["partner"]),
            (Some("555566667777"), vec!["payments-prod"]),
            (None, vec!["legacy-keys"]),
        ]
    );
    assert_eq!((found.profiles, found.environment), (6, false));
    assert_eq!(found.named_profile.as_deref(), Some("edge-ro"));
}

#[tokio::test]
async fn a_profile_that_looks_read_only_is_preferred_and_nothing_secret_is_kept() {
    let found = discovery().await;
    let edge = &found.accounts[0];
    let config = edge.to_config().unwrap();
    assert_eq!(
        (config.name.as_str(), config.id),
        ("edge-ro", "777788889999".parse().ok())
    );
    assert!(edge.candidates[1].looks_like_admin());
    assert_eq!(edge.candidates[0].env, Env::Prod);
    assert_eq!(found.accounts[2].candidates[0].env, Env::Prod);
    assert_eq!(found.accounts[1].candidates[0].env, Env::Unknown);
    assert_eq!(edge.candidates[0].login.state, LoginState::Missing);
    assert_eq!(
        edge.candidates[0].login.remedy.as_ref().map(|r| r.expose()),
        Some("aws sso login --sso-session acme")
    );
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn names_tell_how_much_a_role_may_do() {
    for (name, expected) in [
        ("ReadOnlyAccess", Rank::ReadOnly),
        ("read-only", Rank::ReadOnly),
        ("edge-ro", Rank::ReadOnly),
        ("SecurityAudit", Rank::ReadOnly),
        ("AWSAdministratorAccess", Rank::Admin),
        ("PowerUserAccess", Rank::Admin),
        ("payments", Rank::Plain),
        ("roman", Rank::Plain),
    ] {
        assert_eq!(rank_of(name), expected, "{name}");
    }
}
