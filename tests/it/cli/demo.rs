//! The demo organisation through every layer: simulator, HTTP, AWS SDK, scan, findings, report.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use zonecut::sim::world::{When, World};

use super::run::Place;

/// What identifies a finding: code, name, cause, confidence where it is said.
fn said(value: &serde_json::Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// The findings of a document, and those that the demo's file lists; how fast a server is depends on the machine.
fn found_and_expected(document: &serde_json::Value, when: When) -> (Vec<[String; 3]>, Vec<[String; 3]>) {
    let found = document["findings"].as_array().expect("findings").iter();
    let mut found: Vec<_> = found
        .map(|finding| [said(finding, "name"), said(finding, "code"), said(finding, "cause")])
        .filter(|[_, code, _]| code != "slow-nameserver")
        .collect();
    found.sort();
    let world = World::from_toml(include_str!("../../../assets/demo.toml")).expect("the demo");
    let expected = world.expectations(when);
    let mut expected: Vec<_> = expected
        .map(|e| [e.name.clone(), e.code.clone(), e.cause.clone().unwrap_or_default()])
        .collect();
    expected.sort();
    (found, expected)
}

#[test]
fn the_check_of_the_demo_is_the_demo_files_own_list() {
    let ran = Place::new().run(&["check", "--demo", "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let document = ran.json();
    let (found, expected) = found_and_expected(&document, When::Api);
    assert_eq!(found, expected);
    assert_eq!(document["complete"], false, "one zone is denied");
    assert!(
        document["endpoint_override"]
            .as_str()
            .expect("the simulator")
            .starts_with("http://127.0.0.1:")
    );
}

#[test]
fn the_demo_is_called_a_demo_and_an_endpoint_of_somebody_else_is_not() {
    let place = Place::new();
    for (command, code) in [("check", 3), ("accounts", 0)] {
        let ran = place.run(&[command, "--demo"]);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.out.contains("DEMO: nothing here is real"), "{}", ran.out);
        assert!(!ran.out.contains("Not AWS"), "{}", ran.out);
    }
    let markdown = place.run(&["check", "--demo", "-F", "md"]);
    assert!(
        markdown.out.contains("**DEMO: nothing here is real"),
        "{}",
        markdown.out
    );
}

#[test]
#[ignore = "a machine that does much else at the time loses answers; .ci/run runs it alone"]
fn so_is_the_check_that_asks_its_name_servers() {
    let ran = Place::new().run_with(&["check", "--demo", "--json"], &[("ZONECUT_LIVE", "true")]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let (found, expected) = found_and_expected(&ran.json(), When::Live);
    let lacking: Vec<_> = expected.iter().filter(|expected| !found.contains(expected)).collect();
    let beyond: Vec<_> = found.iter().filter(|found| !expected.contains(found)).collect();
    assert!(
        lacking.is_empty() && beyond.is_empty(),
        "lacking {lacking:#?}\nbeyond {beyond:#?}"
    );
}

#[test]
fn a_check_of_a_name_asks_the_servers_of_what_is_around_it_alone() {
    let asked = |names: &[&str]| {
        let arguments: Vec<&str> = ["check", "--demo", "--json"].iter().chain(names).copied().collect();
        let ran = Place::new().run_with(&arguments, &[("ZONECUT_LIVE", "true")]);
        ran.json()["live"]["cuts"].as_u64().expect("a number")
    };
    // Itself, what is above it in the accounts, and nothing beside it.
    assert!((1..=3).contains(&asked(&["promo.example.com"])));
    assert!(asked(&["example.net"]) > 3, "what is below counts");
}

#[test]
fn the_demo_shows_every_finding_that_rests_on_the_configuration() {
    let ran = Place::new().run(&["check", "--demo", "--plain"]);
    let configured = |rule: &&&zonecut::findings::Rule| rule.ground == zonecut::findings::Ground::Configured;
    for rule in zonecut::findings::RULES.iter().filter(configured) {
        let told = ran.out.lines().any(|line| line.split('\t').nth(1) == Some(rule.code));
        assert!(told, "{} does not occur", rule.code);
    }
}

#[cfg(unix)]
#[test]
fn the_demo_serves_other_programs_until_it_is_told_to_end() {
    let place = Place::new();
    let mut child = serving(&place, &["demo", "--serve"])
        .spawn()
        .expect("the program starts");
    let (mut out, lines) = read_lines(&mut child);
    let variable = |name: &str| exported(&lines, name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(exported(&lines, "ZONECUT_DEMO_CONTROL"), None);
    for line in &lines {
        assert!(
            line.starts_with("export ") || line.starts_with("# "),
            "{line} is no shell"
        );
    }
    let names = [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_ROUTE_53",
        "AWS_ENDPOINT_URL_STS",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "ZONECUT_CONFIG",
    ];
    let variables: Vec<(&str, String)> = names.iter().map(|name| (*name, variable(name))).collect();
    let given: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();

    use std::os::unix::fs::PermissionsExt as _;
    let credentials = variable("AWS_SHARED_CREDENTIALS_FILE");
    let mode = std::fs::metadata(&credentials).expect("the file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);

    let ran = place.run_with(&["check", "--json", "lost.example.com", "dev.example.com"], &given);
    assert_eq!(
        ran.code, 4,
        "a name that may be in the zone that is denied: {}",
        ran.err
    );
    let ran = place.run_with(&["check", "--json", "dev.example.com"], &given);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.err.contains("not AWS: all requests went to http://127.0.0.1:"),
        "{}",
        ran.err
    );
    assert_eq!(ran.json()["findings"][0]["code"], "missing-delegation");

    nothing_secret_is_kept(&place, &given, &std::fs::read_to_string(&credentials).expect("there"));
    what_was_read_is_shown_offline(&place, &given);

    let pid = rustix_pid(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told to end");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("read");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(!std::path::Path::new(&credentials).exists(), "its files are gone");
}

#[cfg(unix)]
#[test]
fn the_served_demo_has_a_control_door_where_it_is_asked_for() {
    use std::io::Write as _;
    let place = Place::new();
    let mut child = serving(&place, &["demo", "--serve", "--control"])
        .spawn()
        .expect("the program starts");
    let (_out, lines) = read_lines(&mut child);
    let door = exported(&lines, "ZONECUT_DEMO_CONTROL").expect("the door");
    let host = door
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("a URL")
        .0;
    let mut stream = std::net::TcpStream::connect(host).expect("the endpoint");
    write!(
        stream,
        "GET /_zonecut/ HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"insync_delay_ms\":2000"),
        "{answer}"
    );
    let pid = rustix_pid(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told to end");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// A demo that serves, not yet started.
#[cfg(unix)]
pub fn serving(place: &Place, args: &[&str]) -> std::process::Command {
    let mut command = place.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Reads what a serving demo prints to its last line.
#[cfg(unix)]
pub fn read_lines(child: &mut Child) -> (BufReader<ChildStdout>, Vec<String>) {
    let mut lines = Vec::new();
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    loop {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).expect("read"), 0, "it ended: {lines:?}");
        let is_last = line.starts_with("# dig +norecurse");
        lines.push(line.trim_end().to_owned());
        if is_last {
            return (out, lines);
        }
    }
}

/// The value of a variable that is exported.
#[cfg(unix)]
pub fn exported(lines: &[String], name: &str) -> Option<String> {
    let start = format!("export {name}='");
    let value = lines.iter().find_map(|line| line.strip_prefix(&start))?;
    Some(value.trim_end_matches('\'').to_owned())
}

/// The log says what was asked; neither it nor any other file or stream has a secret or a record value (safety T25).
#[cfg(unix)]
fn nothing_secret_is_kept(place: &Place, given: &[(&str, &str)], credentials: &str) {
    let log = place.path().join("zonecut.log").display().to_string();
    let variables = [given, &[("RUST_LOG", "trace")]].concat();
    let ran = place.run_with(&["scan", "-vv", "--log-file", &log], &variables);
    assert_eq!(ran.code, 4, "one zone is denied: {}", ran.err);
    let log = std::fs::read_to_string(&log).expect("the log");
    assert!(
        log.contains("route53:ListHostedZones") && log.contains("AccessDenied"),
        "{log}"
    );
    let value_of = |key: &str| {
        let lines = credentials.lines().filter_map(|line| line.strip_prefix(key));
        lines
            .map(|value| value.trim_start_matches([' ', '=']).to_owned())
            .collect::<Vec<_>>()
    };
    let secrets = value_of("aws_secret_access_key");
    assert!(secrets.len() >= 12);
    let kept = files_below(&place.path().join(".cache"));
    assert!(kept.len() >= 12, "a cache file for each account");
    for secret in secrets.iter().chain(&value_of("aws_access_key_id")) {
        for text in [&log, &ran.out, &ran.err] {
            assert!(!text.contains(secret.as_str()), "{secret}");
        }
        for file in &kept {
            let found = file.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
    for value in ["v=spf1", "v=DMARC1", "192.0.2.61"] {
        assert!(!log.contains(value), "{value}");
    }
}

#[cfg(unix)]
fn files_below(dir: &std::path::Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(std::fs::read(path).expect("a file"));
        }
    }
    files
}

/// Offline, nothing is asked and nothing is certain.
#[cfg(unix)]
fn what_was_read_is_shown_offline(place: &Place, given: &[(&str, &str)]) {
    let dead: Vec<(&str, &str)> = given.to_vec();
    let ran = place.run_with(&["tree", "--offline", "--json"], &dead);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let tree = ran.json();
    assert_eq!(tree["complete"], false);
    assert!(tree["zones"].as_array().expect("zones").len() >= 300);
    assert!(
        tree["accounts"]
            .as_array()
            .expect("accounts")
            .iter()
            .all(|account| account["status"] == "stale")
    );
    let check = place.run_with(&["check", "--offline", "--json"], &dead).json();
    for finding in check["findings"].as_array().expect("findings") {
        assert_ne!(finding["confidence"], "certain", "{finding}");
    }
    let aged = place.run_with(&["tree", "--offline", "--max-age", "0s"], &dead);
    assert_eq!((aged.code, aged.out.as_str()), (1, ""), "{aged:?}");
}

#[cfg(unix)]
pub fn rustix_pid(child: &std::process::Child) -> rustix::process::Pid {
    rustix::process::Pid::from_child(child)
}
