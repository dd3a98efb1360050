//! An account that is denied, one whose login has expired, one that is another than the pinned one, and one whose program
//! hangs: the others are shown in time, and each of the four says what is wrong and how it is mended.

use std::time::Instant;

use rustix::process::{Pid, test_kill_process};
use sha1::{Digest as _, Sha1};

use super::served::Served;
use super::session::{PATIENCE, Start};
use crate::cli::run::{Ran, small_with};

/// What each of the four says, and what mends it.
const FOUR: [(&str, &str, &str, &str); 4] = [
    (
        "denied",
        "denied",
        "is not authorized to perform: route53:",
        "zonecut iam-policy --read",
    ),
    (
        "partner",
        "no-credentials",
        "the login expired at 2026-01-01T00:00:00Z",
        "aws sso login --sso-session acme",
    ),
    (
        "moved",
        "quarantined",
        "belong to account 111122223333, but 222233334444 is expected",
        "aws configure --profile moved",
    ),
    (
        "slow",
        "no-credentials",
        "credential_process tool gave no answer within 1s and was ended",
        "aws sts get-caller-identity --profile slow",
    ),
];

fn served() -> Served {
    let served = Served::of(&small_with("deny = [\"ListHostedZones\", \"GetHostedZoneCount\"]"));
    let tool = served
        .place
        .write("tool", "#!/bin/sh\necho $$ >\"$0.pid\"\nexec sleep 600\n");
    let config = format!(
        "[profile partner]\nsso_session = acme\nsso_account_id = 888899990000\nsso_role_name = ReadOnly\n\
         [sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-central-1\n\
         [profile slow]\ncredential_process = {tool}\n"
    );
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).expect("ours");
    let token: String = Sha1::digest("acme")
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    served.place.write(
        &format!(".aws/sso/cache/{token}.json"),
        r#"{"accessToken":"t","expiresAt":"2026-01-01T00:00:00Z"}"#,
    );
    let keys = [
        ("hub", "111122223333"),
        ("team", "444455556666"),
        ("denied", "777788889999"),
        ("moved", "111122223333"),
    ];
    let credentials: String = keys.iter().map(|(profile, id)| served.keys(profile, id, "s")).collect();
    let ids = [
        ("slow", "333344445555"),
        ("moved", "222233334444"),
        ("partner", "888899990000"),
        ("denied", "777788889999"),
        ("hub", "111122223333"),
        ("team", "444455556666"),
    ];
    let accounts: String = ids
        .iter()
        .map(|(name, id)| format!("[[accounts]]\nname = \"{name}\"\nid = \"{id}\"\nprofile = \"{name}\"\n"))
        .collect();
    served.configure(&config, &credentials, &accounts);
    served
}

fn run(served: &Served, args: &[&str]) -> Ran {
    let mut variables: Vec<(&str, &str)> = served.variables().iter().map(|(n, v)| (*n, v.as_str())).collect();
    variables.extend([("ZONECUT_PROCESS_TIMEOUT", "1s"), ("PATH", "/usr/bin:/bin")]);
    served.place.run_with(args, &variables)
}

/// The account of a name in a document.
fn account<'a>(document: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let accounts = document["accounts"].as_array().expect("accounts");
    accounts
        .iter()
        .find(|account| account["name"] == name)
        .expect("it is listed")
}

#[test]
fn every_command_shows_the_healthy_and_says_how_each_of_the_four_is_mended() {
    let served = served();
    let check = run(&served, &["check", "--json"]);
    assert_eq!(check.code, 3, "{check:?}");
    let document = check.json();
    assert_eq!(document["complete"], false);
    let findings = document["findings"].as_array().expect("findings");
    let missing = findings.iter().find(|finding| finding["code"] == "missing-delegation");
    assert_eq!(missing.expect("it is found")["confidence"], "certain");
    let logins = run(&served, &["accounts", "--json"]);
    assert_eq!(logins.code, 4, "{logins:?}");
    for name in ["hub", "team"] {
        assert_eq!(account(&document, name)["status"], "complete");
        assert_eq!(account(&logins.json(), name)["status"], "ready");
    }
    let (text, tree) = (run(&served, &["check"]), run(&served, &["tree"]));
    let listed = run(&served, &["accounts"]);
    assert_eq!((text.code, tree.code, listed.code), (3, 4, 4));
    assert!(text.out.contains("2 of 6 accounts read"), "{}", text.out);
    for (name, status, error, remedy) in FOUR {
        for document in [&document, &logins.json()] {
            let account = account(document, name);
            assert_eq!(account["status"], status, "{account}");
            assert!(
                account["error"].as_str().is_some_and(|said| said.contains(error)),
                "{account}"
            );
        }
        assert_eq!(account(&logins.json(), name)["remedy"], remedy);
        assert!(
            check.err.contains(error) && check.err.contains(&format!("run: {remedy}\n")),
            "{}",
            check.err
        );
        for out in [&text.out, &tree.out, &listed.out] {
            let of_it = out
                .split_once(&format!("{name}: "))
                .unwrap_or_else(|| panic!("no {name}: {out}"))
                .1;
            assert!(of_it.contains(error), "{name}: {out}");
            assert!(of_it.contains(&format!("run: {remedy}\n")), "{name}: {out}");
        }
    }
}

#[test]
fn the_terminal_program_shows_the_healthy_while_one_still_hangs() {
    let served = served();
    let start = || {
        Start::new(&served.place, &[])
            .with_all(served.variables())
            .window(120, 36)
    };
    let mut session = start().run();
    session.until_text("lost.example.com");
    session.until_text("∅ MISSING");
    session.press("i");
    session.until("all but the one that hangs have ended", |screen| {
        let contents = screen.contents();
        contents.matches("✓ ready").count() == 2 && contents.contains("2 ready  3 not read in full")
    });
    let pid = std::fs::read_to_string(served.place.path().join("tool.pid")).expect("it was started");
    let pid = Pid::from_raw(pid.trim().parse().expect("an id")).expect("an id");
    assert!(test_kill_process(pid).is_ok(), "it does not hang any more");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
    // It was ended; how soon it is gone is for the system to say.
    let since = Instant::now();
    while test_kill_process(pid).is_ok() {
        assert!(since.elapsed() < PATIENCE, "it outlives the program that started it");
        std::thread::yield_now();
    }

    let mut session = start().with("ZONECUT_PROCESS_TIMEOUT", "1s").run();
    session.until_read("∅ MISSING");
    session.press("i g");
    session.until_text("4 not read in full");
    // What stands below is counted anew as well.
    session.until_text("2 of 6 accounts were read in full");
    for (number, name) in ["slow", "moved", "partner", "denied"].into_iter().enumerate() {
        if number > 0 {
            session.press("j");
        }
        let (_, _, error, remedy) = FOUR.iter().find(|(other, ..)| *other == name).expect("one of the four");
        session.until_text(remedy);
        // Long lines are broken at the width of the window.
        let contents = session.screen().contents().replace(['│', '\n'], " ");
        let words: Vec<&str> = contents.split_whitespace().collect();
        let said = words.join(" ");
        assert!(said.contains(error), "{name}: {said}");
    }
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
}
