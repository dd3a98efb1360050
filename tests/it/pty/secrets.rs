//! What is secret stays where it was: in no stream, log, cache or crash report, and all files are their owner's (safety Q20).

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use sha1::{Digest as _, Sha1};

use super::served::Served;
use super::session::{Session, Start};
use crate::cli::run::{Place, SMALL};

/// Each is good for one time.
const CODES: [&str; 4] = ["739214", "739215", "739216", "739217"];
/// Everything that was hidden begins so, but for the code and what the simulator hands out.
const CANARY: &str = "CANARY";

/// Keys, a session token, a role with an external id and a device, an SSO login, a program with secret arguments.
fn served() -> Served {
    let served = Served::of(&format!("{SMALL}{}", role_with_external_id()));
    let mut credentials = served.keys("hub", "111122223333", "CANARYsecretkey");
    credentials.push_str("aws_session_token = CANARYsessiontoken\n");
    let keys = served.keys("x", "444455556666", "CANARYofprocess");
    let access_key = keys
        .lines()
        .nth(1)
        .and_then(|line| line.split(" = ").nth(1))
        .expect("a key")
        .to_owned();
    let answer = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{access_key}\",\"SecretAccessKey\":\"CANARYofprocess\",\"SessionToken\":\"CANARYoutput\"}}"
    );
    let tool = served.place.write(
        ".aws/tool",
        &format!("#!/bin/sh\necho CANARYstderr >&2\necho '{answer}'\n"),
    );
    let aws = format!(
        "[profile tool]\ncredential_process = sh {tool} --password CANARYargument\n\
         [profile broken]\ncredential_process = sh -c 'echo CANARYstderr >&2; echo CANARYstdout; exit 3' CANARYargument\n\
         [profile role]\nrole_arn = arn:aws:iam::777788889999:role/zonecut-read\nsource_profile = hub\n\
         external_id = CANARYexternalid\nmfa_serial = arn:aws:iam::111122223333:mfa/ana\n\
         [profile sso]\nsso_session = acme\nsso_account_id = 888899990000\nsso_role_name = ReadOnly\n\
         [sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-central-1\n"
    );
    let config: String = ["hub", "tool", "role", "sso", "broken"]
        .iter()
        .map(|name| format!("[[accounts]]\nname = \"{name}\"\nprofile = \"{name}\"\n"))
        .collect();
    let session: String = Sha1::digest("acme")
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    served.place.write(
        &format!(".aws/sso/cache/{session}.json"),
        r#"{"accessToken":"CANARYssotoken","expiresAt":"2999-01-01T00:00:00Z","refreshToken":"CANARYrefresh",
            "clientId":"CANARYclient","clientSecret":"CANARYclientsecret","registrationExpiresAt":"2999-01-01T00:00:00Z"}"#,
    );
    served.configure(&aws, &credentials, &config);
    served
}

fn role_with_external_id() -> &'static str {
    "[[account]]\nid = \"777788889999\"\nname = \"role\"\nexternal_id = \"CANARYexternalid\"\n\
     [[account.zone]]\nname = \"role.example\"\nrecords = [\"x 300 TXT \\\"a value\\\"\"]\n"
}

/// All that lies below a directory but what the test put there.
fn made_below(dir: &Path) -> Vec<PathBuf> {
    let mut made = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        let ours = [".aws", "zonecut.toml", "cwd"].iter().any(|name| path.ends_with(name));
        if path.is_dir() && !path.ends_with(".aws") {
            made.extend(made_below(&path));
        }
        if !ours {
            made.push(path);
        }
    }
    made
}

fn without_umask<'a>(served: &'a Served, args: &[&str]) -> Start<'a> {
    Start::new(&served.place, args)
        .with_all(served.variables())
        .with("RUST_LOG", "trace")
        .with("AWS_LOG", "trace")
        .with("RUST_BACKTRACE", "full")
        .with("ZONECUT_PROVOKE", "CANARYdata")
        .by_shell("umask 000")
        .window(160, 40)
}

/// Types the code where it is asked for, and waits for the end.
fn ended(mut session: Session, code: Option<&str>) -> Session {
    if let Some(code) = code {
        session.until_text("(empty: skip this account):");
        session.type_keys(&format!("{code}\n"));
    }
    session.end();
    session
}

fn assert_silent(what: &str, text: &str) {
    for secret in [CANARY, "SIMULATED", "ASIA", "AKIA"] {
        assert!(!text.contains(secret), "{what} tells {secret}: {text}");
    }
}

#[test]
fn no_secret_is_in_any_stream_or_file_whatever_happens() {
    let served = served();
    let runs: [(&[&str], Option<&str>); 5] = [
        (&["scan", "-vv", "--log-file", "scan.log"], Some(CODES[0])),
        (&["check", "--json", "-vv", "--log-file", "check.log"], Some(CODES[1])),
        (&["tree", "-vv", "--no-input", "--log-file", "tree.log"], None),
        (&["zone", "example.com", "-vv", "--no-input", "--offline"], None),
        (&["accounts", "-vv", "--log-file", "accounts.log"], Some(CODES[2])),
    ];
    for (args, code) in runs {
        let session = ended(without_umask(&served, args).run(), code);
        let text = session.text();
        assert_silent(&format!("{args:?}"), &text);
        let echoes: usize = CODES.iter().map(|code| text.matches(code).count()).sum();
        assert_eq!(
            echoes,
            usize::from(code.is_some()),
            "the code is told but by its echo: {text}"
        );
    }
    let mut session = without_umask(&served, &[]).run();
    session.until_text("MFA code for role");
    session.type_keys(&format!("{}\r", CODES[3]));
    session.until_read("example.com");
    session.press("i j j j j esc 5 2 1");
    session.paste("panic in a task");
    assert_eq!(session.end(), 1);
    assert_silent("the terminal program", &session.text());

    let made = made_below(served.place.path());
    assert!(
        session.text().contains("role.example"),
        "the account behind the code was not read"
    );
    let kinds = [
        "scan.log",
        "check.log",
        "accounts.log",
        "zonecut.log",
        "crash-",
        ".cache/zonecut/",
    ];
    for kind in kinds {
        let found = made
            .iter()
            .any(|path| path.to_string_lossy().contains(kind) && path.is_file());
        assert!(found, "no file was made like {kind}: {made:?}");
    }
    for path in made {
        let status = path.symlink_metadata().expect("there");
        let wanted = if status.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(status.permissions().mode() & 0o777, wanted, "{}", path.display());
        if status.is_file() {
            let content = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
            assert_silent(&path.display().to_string(), &content);
            let told = CODES.iter().find(|code| content.contains(**code));
            assert_eq!(told, None, "{} holds a code", path.display());
        }
    }
}

/// A cache that others could have prepared is not used: the run goes on without, and says why.
#[test]
fn a_cache_that_others_could_have_prepared_is_left_alone() {
    let is_root = rustix::process::geteuid().is_root();
    let elsewhere = |dir: &Path, link: &Path| symlink(dir, link).expect("a link");
    type Prepare<'a> = Box<dyn Fn(&Path, &Path) + 'a>;
    let mut cases: Vec<(&str, Prepare<'_>)> = vec![
        ("a symbolic link", Box::new(elsewhere)),
        (
            "chmod 700 it, or delete it",
            Box::new(|_, cache| {
                std::fs::create_dir(cache).expect("a directory");
                std::fs::set_permissions(cache, std::fs::Permissions::from_mode(0o755)).expect("ours");
            }),
        ),
    ];
    if is_root {
        cases.push((
            "belongs to another user",
            Box::new(|_, cache| {
                std::fs::create_dir(cache).expect("a directory");
                std::fs::set_permissions(cache, std::fs::Permissions::from_mode(0o700)).expect("ours");
                chown(cache, Some(4242), None).expect("root may");
            }),
        ));
    }
    for (told, prepare) in cases {
        let served = served();
        let elsewhere = served.place.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).expect("a directory");
        let cache = served.place.path().join(".cache/zonecut");
        std::fs::create_dir(cache.parent().expect("a parent")).expect("a directory");
        prepare(&elsewhere, &cache);
        let before = cache.metadata().expect("there").mode();
        let session = ended(without_umask(&served, &["scan", "--account", "hub"]).run(), None);
        assert!(session.text().contains(told), "{told}: {}", session.text());
        assert!(session.text().contains("1 of 1"), "{told}: {}", session.text());
        assert_eq!(std::fs::read_dir(&elsewhere).expect("there").count(), 0, "{told}");
        assert_eq!(std::fs::read_dir(&cache).expect("there").count(), 0, "{told}");
        assert_eq!(cache.metadata().expect("there").mode(), before, "{told}");
    }
}

#[test]
fn a_crash_report_is_written_nowhere_else_than_in_a_directory_of_ones_own() {
    let place = Place::new();
    let elsewhere = place.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a directory");
    std::fs::create_dir_all(place.path().join(".local/state")).expect("a directory");
    symlink(&elsewhere, place.path().join(".local/state/zonecut")).expect("a link");
    let mut session = Start::new(&place, &["demo"])
        .with("ZONECUT_PROVOKE", "x")
        .window(160, 40)
        .run();
    session.until_text("example.com");
    session.paste("panic in draw");
    assert_eq!(session.end(), 1);
    session.assert_restored("panic");
    let text = session.text();
    assert!(
        text.contains("provoke.rs") && text.contains("no report was written"),
        "{text}"
    );
    assert_eq!(std::fs::read_dir(&elsewhere).expect("there").count(), 0);
}
