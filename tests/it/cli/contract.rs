//! Exit codes, streams and flags: what scripts rest on.

use std::process::Stdio;

use super::run::{Place, SMALL, small_with};

fn world(place: &Place, text: &str) -> String {
    format!("--demo={}", place.write("w.toml", text))
}

const CLEAN: &str =
    "name = \"clean\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\n[[account.zone]]\nname = \"example.com\"\n";

#[test]
fn each_outcome_has_its_exit_code() {
    let place = Place::new();
    let denied = small_with("deny = [\"ListHostedZones\"]");
    let clean_denied = denied.replace("delegate = false\n", "");
    let expired = "name = \"e\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\nfault = { expired = true }\n";
    for (text, args, code) in [
        (CLEAN, &["check"][..], 0),
        (CLEAN, &["tree"], 0),
        (CLEAN, &["scan"], 0),
        (CLEAN, &["zone", "example.com"], 0),
        (CLEAN, &["accounts"], 0),
        (CLEAN, &["zone", "nothing.example"], 1),
        (CLEAN, &["check", "nothing.example"], 1),
        (CLEAN, &["check", "bad..name"], 2),
        (CLEAN, &["check", "--account", "nobody"], 2),
        (CLEAN, &["tree", "-F", "mermaid"], 2),
        (SMALL, &["check"], 3),
        (SMALL, &["check", "--fail-on", "critical"], 3),
        (SMALL, &["check", "--fail-on", "none"], 0),
        (SMALL, &["check", "ok.example.com"], 0),
        (&denied, &["check"], 3),
        (&denied, &["check", "--fail-on", "none"], 4),
        (&denied, &["tree"], 4),
        (&denied, &["accounts"], 4),
        (&denied, &["zone", "nothing.example"], 4),
        (&clean_denied, &["check"], 4),
        (expired, &["check"], 5),
        (expired, &["accounts"], 5),
    ] {
        let demo = world(&place, text);
        let ran = place.run(&[args, &[demo.as_str()]].concat());
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        let is_error = matches!(code, 1 | 2) || (code == 5 && args == ["check"]);
        assert_eq!(
            ran.out.is_empty(),
            is_error || (code == 4 && args[0] == "zone"),
            "{args:?}: {ran:?}"
        );
        assert!(!is_error || !ran.err.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn usage_errors_and_help_go_where_they_belong() {
    let place = Place::new();
    for args in [
        &["--nonsense"][..],
        &["nonsense"],
        &["delegate"],
        &["delegate", "example.com", "--ttl", "x"],
        &["delegate", "example.com", "-n", "--confirm", "example.com"],
        &["teardown", "example.com", "--now"],
        &["record", "set", "example.com", "www.example.com", "A"],
        &["trace", "example.com", "NOTYPE"],
        &["trace", "example.com", "--repeat=0"],
        &["trace", "example.com", "--resolver", "dns.example"],
        &["check", "--fail-on", "sometimes"],
        &["che"],
    ] {
        let ran = place.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(!ran.err.is_empty());
    }
    let help = place.run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("check") && help.out.contains("--account"));
    let without_terminal = place.run(&[]);
    assert_eq!((without_terminal.code, without_terminal.out.as_str()), (2, ""));
    assert!(
        without_terminal.err.contains("Usage: zonecut"),
        "{}",
        without_terminal.err
    );
    assert_eq!(place.run(&["demo"]).code, 2);
    let version = place.run(&["--version"]);
    assert_eq!(version.out, format!("zonecut {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_any_account_the_next_step_is_named() {
    let place = Place::new();
    for command in [
        &["check"][..],
        &["tree"],
        &["scan"],
        &["accounts"],
        &["zone", "example.com"],
    ] {
        let ran = place.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{command:?}: {ran:?}");
        assert!(
            ran.err.contains("zonecut config init") && ran.err.contains("zonecut demo"),
            "{}",
            ran.err
        );
    }
    let named = place.run(&["check", "--profile", "nobody"]);
    assert_eq!(named.code, 5, "{named:?}");
    assert!(named.err.contains("nobody"), "{}", named.err);
    let by_variable = place.run_with(&["check"], &[("AWS_PROFILE", "somebody")]);
    assert_eq!(by_variable.code, 5);
    assert!(by_variable.err.contains("somebody"), "{}", by_variable.err);
}

#[test]
fn json_goes_to_stdout_alone_and_is_seven_bit() {
    let place = Place::new();
    let hostile = SMALL.replace("name = \"team\"", "name = \"t\\u001B]0;x\\u0007\\u202E\\u009Bé\"");
    let demo = world(&place, &hostile);
    for command in [
        &["check"][..],
        &["tree"],
        &["zone", "lost.example.com"],
        &["accounts"],
        &["scan"],
    ] {
        let ran = place.run(&[command, &["--json", &demo]].concat());
        assert!(
            ran.out.bytes().all(|b| b == b'\n' || (0x20..0x7f).contains(&b)),
            "{command:?}"
        );
        assert!(
            ran.out.contains("t\\u001b]0;x\\u0007\\u202e\\u009b\\u00e9"),
            "{command:?}: {}",
            ran.out
        );
        let text = place.run(&[command, &["--color", "never", &demo]].concat());
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(
            !text.out.contains(acts) && !text.err.contains(acts),
            "{command:?}: {text:?}"
        );
        let ascii = place.run(&[command, &["--glyphs", "ascii", &demo]].concat());
        assert!(ascii.out.is_ascii(), "{command:?}: {}", ascii.out);
    }
}

#[test]
fn colour_is_used_where_it_is_asked_for_and_nowhere_else() {
    let place = Place::new();
    let demo = world(&place, SMALL);
    let plain = place.run(&["check", &demo]);
    assert!(!plain.out.contains('\u{1b}'));
    let colored = place.run_with(&["check", &demo, "--color", "always"], &[("NO_COLOR", "1")]);
    assert!(colored.out.contains("\u{1b}[1;31mcritical\u{1b}[0m"), "{}", colored.out);
    assert!(
        !place
            .run(&["check", &demo, "--color", "always", "--no-color"])
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn privacy_hides_names_ids_arns_and_addresses_in_every_format() {
    let place = Place::new();
    let mut text = small_with("deny = [\"ListHostedZones\"]");
    for account in ["hub", "team", "other"] {
        text = text.replace(&format!("name = \"{account}\""), &format!("name = \"acme-{account}\""));
    }
    let demo = world(&place, &text);
    assert!(
        place.run(&["check", &demo]).out.contains("acme-"),
        "the names are told otherwise"
    );
    let ids: Vec<String> = place.run(&["tree", &demo, "--json"]).json()["zones"]
        .as_array()
        .expect("zones")
        .iter()
        .map(|zone| zone["id"].as_str().expect("an id").to_owned())
        .collect();
    assert!(!ids.is_empty());
    let mut runs = Vec::new();
    for info in zonecut::report::FORMATS {
        for document in info.documents {
            runs.push((document.command(), info.word));
        }
    }
    for (command, format) in runs {
        let name: &[&str] = match command {
            "zone" | "trace" | "who" => &["lost.example.com"],
            _ => &[],
        };
        let ran = place.run(&[&[command], name, &["-F", format, &demo, "--privacy"]].concat());
        for text in [&ran.out, &ran.err] {
            let text = text.replace('\\', "");
            let digits = text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 12);
            assert!(!digits, "{command} {format}: {text}");
            for told in ["arn:aws", "127.0.0.1", "192.0.2.", "127\\.0", "acme-"]
                .into_iter()
                .chain(ids.iter().map(String::as_str))
            {
                assert!(!text.contains(told), "{command} {format} tells {told}: {text}");
            }
        }
    }
}

#[test]
fn unknown_findings_are_listed_and_do_not_count() {
    let place = Place::new();
    // An account is unread, so nobody can say that no zone of this name exists.
    let text = small_with("deny = [\"ListHostedZones\"]")
        .replace("delegate = false\n", "")
        .replace(
            "\"www 300 A 192.0.2.1\"",
            "\"gone 300 NS ns-1.awsdns-00.com. ns-513.awsdns-00.net. ns-1025.awsdns-00.org. ns-1537.awsdns-00.co.uk.\"",
        );
    let demo = world(&place, &text);
    let ran = place.run(&["check", &demo, "--json", "--fail-on", "info"]);
    let findings = ran.json()["findings"].clone();
    let gone = findings
        .as_array()
        .expect("findings")
        .iter()
        .find(|f| f["name"] == "gone.example.com")
        .expect("listed");
    assert_eq!(
        (gone["code"].as_str(), gone["confidence"].as_str()),
        (Some("unverified-delegation"), Some("unknown"))
    );
    let critical = place.run(&["check", &demo, "--fail-on", "critical"]);
    assert_eq!(critical.code, 4, "{critical:?}");
}

/// A zone with a stranger among its servers, which is not signed and has a DS.
const TWO_FAULTS: &str = r#"
name = "two"
[[account]]
id = "111122223333"
name = "dns"
[[account.zone]]
name = "example.com"
signing = "SIGNING"
records = ["a 300 DS 20326 13 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"]
[[account.zone]]
name = "a.example.com"
delegate_ns = ["$SET(a.example.com)[0..3]", "$GONE(x)[0]"]
"#;

#[test]
fn nothing_hides_behind_an_accepted_cause() {
    let place = Place::new();
    let demo = world(&place, TWO_FAULTS);
    let all = place.run(&["check", &demo, "--json"]).json();
    let cause = all["findings"][0]["code"].as_str().expect("a finding").to_owned();
    assert_eq!(all["findings"][1]["cause"], cause.as_str());
    let ignore = format!("[[ignore]]\ncode = \"{cause}\"\nname = \"a.example.com\"\nreason = \"known\"\n");
    let config = place.write("ignore.toml", &ignore);
    let ran = place.run(&["check", &demo, "--json", "--config", &config]);
    let left = ran.json()["findings"].clone();
    assert_eq!(ran.code, 3, "{ran:?}");
    let heir = left[0]["code"].as_str().expect("a finding");
    assert_eq!(left[0]["cause"], serde_json::Value::Null);
    for other in left.as_array().expect("findings").iter().skip(1) {
        assert_eq!(other["cause"], heir);
    }
}

#[test]
fn a_detail_that_is_denied_makes_the_check_incomplete() {
    for action in ["GetDNSSEC", "GetHostedZone"] {
        let place = Place::new();
        let denied = format!("name = \"dns\"\nfault = {{ deny = [\"{action}\"] }}");
        let demo = world(&place, &TWO_FAULTS.replace("name = \"dns\"", &denied));
        let ran = place.run(&["check", &demo, "--json", "--fail-on", "none"]);
        assert_eq!(
            (ran.code, &ran.json()["complete"]),
            (4, &serde_json::Value::Bool(false)),
            "{action}"
        );
    }
}

#[test]
fn accepted_findings_do_not_count_until_they_end_or_grow() {
    let place = Place::new();
    let demo = world(&place, SMALL);
    let baseline = place.path().join("base.json").display().to_string();
    let first = place.run(&["check", &demo, "--write-baseline", &baseline]);
    assert_eq!(first.code, 3);
    let second = place.run(&["check", &demo, "--baseline", &baseline]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.out.contains("left out as accepted"), "{}", second.out);
    let as_json = place.write("check.json", &place.run(&["check", &demo, "--json"]).out);
    assert_eq!(place.run(&["check", &demo, "--baseline", &as_json]).code, 0);
    let milder = std::fs::read_to_string(&baseline)
        .expect("written")
        .replace("critical", "warning");
    let milder = place.write("milder.json", &milder);
    assert_eq!(
        place.run(&["check", &demo, "--baseline", &milder]).code,
        3,
        "it has become graver"
    );
    assert_eq!(place.run(&["check", &demo, "--baseline", "/nonexistent"]).code, 1);
    assert_eq!(
        place
            .run(&["check", &demo, "--baseline", &place.write("bad", "{}")])
            .code,
        2
    );

    let ignore = |until: &str| {
        format!(
            "[[ignore]]\ncode = \"missing-delegation\"\nname = \"LOST.example.com\"\nreason = \"on purpose\"\nuntil = \"{until}\"\n"
        )
    };
    let holding = place.write("holding.toml", &ignore("2999-12-31"));
    assert_eq!(place.run(&["check", &demo, "--config", &holding]).code, 0);
    let ended = place.write("ended.toml", &ignore("2020-12-31"));
    let ran = place.run(&["check", &demo, "--config", &ended]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("2020-12-31"), "{}", ran.err);
}

#[test]
fn accounts_that_were_not_asked_for_make_nothing_certain() {
    let place = Place::new();
    let demo = world(&place, SMALL);
    let ran = place.run(&["check", &demo, "--account", "hub", "--json"]);
    assert_eq!(ran.code, 0, "what was asked for was read: {}", ran.err);
    let document = ran.json();
    assert_eq!(document["complete"], false);
    assert_eq!(document["accounts"][1]["status"], "waiting");
    for finding in document["findings"].as_array().expect("findings") {
        assert_eq!(finding["confidence"], "unknown", "{finding}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_it_quietly() {
    let place = Place::new();
    let demo = world(&place, SMALL);
    let mut child = place
        .command(&["tree", &demo])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
#[test]
fn signals_end_it_with_their_own_codes() {
    let place = Place::new();
    let hanging = "name = \"h\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\nfault = { hang = [\"*\"] }\n";
    let demo = world(&place, hanging);
    for (signal, code) in [
        (rustix::process::Signal::INT, 130),
        (rustix::process::Signal::TERM, 143),
    ] {
        let log = place.path().join("log");
        let mut child = place
            .command(&["check", &demo, "--accessible", "--log-file", &log.display().to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // The first line of progress says that the scan is under way, and that signals are listened to.
        let mut err = std::io::BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        std::io::BufRead::read_line(&mut err, &mut line).expect("progress");
        assert!(line.starts_with("scanned 0 of "), "{line}");
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).expect("sent");
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
    }
}
