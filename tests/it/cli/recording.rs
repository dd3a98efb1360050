//! What a run read, kept in a file and judged again: the same words, the same exit code, and nobody is asked.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::run::{Place, Ran, SMALL, small_with};

/// A document with all times of day set to one: they are the only words of this shape.
fn timeless(text: &str) -> String {
    let shape = |word: &str| word.replace(|c: char| c.is_ascii_digit(), "0") == "0000-00-00T00:00:00Z";
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
    let pieces = text.split_inclusive(|c| !is_part(c));
    pieces
        .map(|piece| {
            let word = piece.trim_end_matches(|c| !is_part(c));
            piece.replace(word, if shape(word) { "some time" } else { word })
        })
        .collect()
}

#[test]
fn only_times_are_taken_out_of_a_document() {
    assert_eq!(
        timeless("\"2026-01-02T03:04:05Z\", 2026-01-02\n"),
        "\"some time\", 2026-01-02\n"
    );
    assert_eq!(timeless("<a b=\"2026-01-02T03:04:05Z\"/>"), "<a b=\"some time\"/>");
}

/// A run of `check` with these arguments, and its replay.
fn twice(place: &Place, source: &[&str], args: &[&str]) -> (Ran, Ran) {
    let file = place.path().join("run.jsonl").display().to_string();
    let recorded = place.run(&[&["check", "--record", &file], source, args].concat());
    let replayed = place.run(&[&["check", "--replay", &file], args].concat());
    (recorded, replayed)
}

/// The same with the servers asked.
fn twice_live(place: &Place, source: &[&str], args: &[&str]) -> (Ran, Ran) {
    let file = place.path().join("run.jsonl").display().to_string();
    let live = [("ZONECUT_LIVE", "true")];
    let recorded = place.run_with(&[&["check", "--record", &file], source, args].concat(), &live);
    // What the configuration says of asking has no say in a replay.
    let replayed = place.run(&[&["check", "--replay", &file], args].concat());
    (recorded, replayed)
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).expect("a recording");
    assert!(text.bytes().all(|octet| matches!(octet, b'\n' | b' '..=b'~')));
    let line = |line| serde_json::from_str(line).expect("JSON");
    text.lines().map(line).collect()
}

#[test]
fn the_replay_of_the_demo_is_the_same_to_the_last_octet() {
    let place = Place::new();
    let (recorded, replayed) = twice(&place, &["--demo"], &["--json"]);
    assert_eq!(
        (recorded.code, replayed.code),
        (3, 3),
        "{} {}",
        recorded.err,
        replayed.err
    );
    assert_eq!(timeless(&recorded.out), timeless(&replayed.out));
    assert!(recorded.json()["findings"].as_array().expect("findings").len() >= 30);
    let lines = lines(&place.path().join("run.jsonl"));
    assert_eq!(lines[0]["zonecut_recording"], 1);
    let of_kind = |kind: &str| lines.iter().filter(|line| !line[kind].is_null()).count();
    assert_eq!((of_kind("account"), of_kind("zone"), of_kind("end")), (15, 316, 1));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = place.path().join("run.jsonl").metadata().expect("there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_the_servers_of_the_demo_said_is_replayed_when_they_are_gone() {
    let place = Place::new();
    let (recorded, replayed) = twice_live(&place, &["--demo"], &["--json"]);
    assert_eq!(
        (recorded.code, replayed.code),
        (3, 3),
        "{} {}",
        recorded.err,
        replayed.err
    );
    assert_eq!(timeless(&recorded.out), timeless(&replayed.out));
    let lines = lines(&place.path().join("run.jsonl"));
    assert_eq!(lines[0]["liveness"], "on");
    let cuts = lines.iter().filter(|line| !line["served"].is_null()).count();
    let checked = recorded.json()["live"]["cuts"].as_u64().expect("a number");
    assert_eq!(u64::try_from(cuts).expect("a number"), checked);
    assert!(cuts > 100, "{cuts}");
}

#[test]
fn every_format_is_replayed_as_it_was() {
    let place = Place::new();
    let demo = format!(
        "--demo={}",
        place.write("w.toml", &small_with("deny = [\"ListHostedZones\"]"))
    );
    for format in ["text", "json", "plain", "csv", "md", "sarif", "junit"] {
        let (recorded, replayed) = twice(&place, &[&demo], &["-F", format, "ok.example.com", "lost.example.com"]);
        assert_eq!(
            (recorded.code, replayed.code),
            (3, 3),
            "{format}: {recorded:?} {replayed:?}"
        );
        assert_eq!(timeless(&recorded.out), timeless(&replayed.out), "{format}");
        assert!(!recorded.out.is_empty(), "{format}");
    }
}

#[test]
fn what_could_not_be_read_is_no_less_unknown_when_it_is_replayed() {
    let place = Place::new();
    let demo = format!(
        "--demo={}",
        place.write("w.toml", &small_with("deny = [\"ListHostedZones\"]"))
    );
    for (args, code) in [
        (vec!["--json", "--fail-on", "none"], 4),
        (vec!["--json", "absent.example"], 4),
    ] {
        let (recorded, replayed) = twice(&place, &[&demo], &args);
        assert_eq!(
            (recorded.code, replayed.code),
            (code, code),
            "{recorded:?} {replayed:?}"
        );
        assert_eq!(timeless(&recorded.out), timeless(&replayed.out));
    }
}

#[test]
fn a_run_without_usable_credentials_is_replayed_with_the_command_that_helps() {
    let place = Place::new();
    place.write(
        ".aws/config",
        "[profile pay-ro]\nsso_session = acme\nsso_account_id = 555566667777\nsso_role_name = ReadOnly\n\
         [sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let (recorded, replayed) = twice(&place, &["--profile", "pay-ro"], &["-q"]);
    assert_eq!((recorded.code, replayed.code), (5, 5), "{recorded:?} {replayed:?}");
    assert!(
        recorded.err.contains("aws sso login --sso-session acme"),
        "{}",
        recorded.err
    );
    assert_eq!(recorded.err, replayed.err);
}

#[test]
fn what_is_chosen_when_it_is_judged_may_be_another_choice() {
    let place = Place::new();
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    let (_, replayed) = twice(&place, &[&demo], &["--json"]);
    assert_eq!(replayed.json()["findings"].as_array().expect("findings").len(), 1);
    let file = place.path().join("run.jsonl").display().to_string();
    let elsewhere = place.run(&["check", "--replay", &file, "ok.example.com", "--json"]);
    assert_eq!(
        (
            elsewhere.code,
            elsewhere.json()["findings"].as_array().expect("findings").len()
        ),
        (0, 0)
    );
    let base = place.path().join("base.json").display().to_string();
    assert_eq!(
        place.run(&["check", "--replay", &file, "--write-baseline", &base]).code,
        3
    );
    assert_eq!(place.run(&["check", "--replay", &file, "--baseline", &base]).code, 0);
    let masked = place.run(&["check", "--replay", &file, "--privacy", "--json"]);
    assert_eq!(masked.code, 3);
    for hidden in ["111122223333", "\"hub\"", "\"team\""] {
        assert!(
            !masked.out.contains(hidden) && !masked.err.contains(hidden),
            "{hidden}: {masked:?}"
        );
    }
    assert!(masked.out.contains("account-2"), "{masked:?}");
}

#[test]
fn a_file_that_is_no_whole_recording_says_what_to_do() {
    let place = Place::new();
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    twice(&place, &[&demo], &[]);
    let whole = std::fs::read_to_string(place.path().join("run.jsonl")).expect("a recording");
    let anew = "record it anew: zonecut check --record FILE";
    let version = whole.replacen("{\"zonecut_recording\":1,", "{\"zonecut_recording\":7,", 1);
    let changed = whole.replacen("\"www.example.com\"", "\"www.example.net\"", 1);
    assert_ne!(changed, whole);
    let (head, _) = whole.split_at(whole.len() / 2);
    for (text, what, next) in [
        (head, "it ends in the middle, after ", anew),
        (
            changed.as_str(),
            "is damaged: a record set does not belong to the zone",
            anew,
        ),
        (
            version.as_str(),
            "it has format 7, and this zonecut reads format 1",
            "version 0.1.0",
        ),
        (
            "{\"findings\":[]}\n",
            "is no recording",
            "make one with: zonecut check --record FILE",
        ),
        ("", "is no recording", "make one with"),
    ] {
        let file = place.write("bad.jsonl", text);
        let ran = place.run(&["check", "--json", "--replay", &file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(what) && ran.err.contains(next), "{what}: {}", ran.err);
        assert!(ran.err.contains("bad.jsonl"), "{}", ran.err);
    }
    for path in ["/nonexistent/run.jsonl", "/"] {
        let ran = place.run(&["check", "--replay", path]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.contains("failed to read /"), "{}", ran.err);
    }
}

/// A recording may come from anybody: what it holds is shown, and nothing of it acts.
#[test]
fn no_terminal_obeys_what_a_recording_says() {
    let place = Place::new();
    let demo = format!(
        "--demo={}",
        place.write("w.toml", &small_with("deny = [\"ListHostedZones\"]"))
    );
    twice_live(&place, &[&demo], &[]);
    let mut text = std::fs::read_to_string(place.path().join("run.jsonl")).expect("a recording");
    let evil = r"\u001b]0;owned\u0007\u202e\u009b2J";
    for (field, before) in [
        ("zonecut", "0.1.0"),
        ("name", "hub"),
        ("name", "team"),
        ("env_label", "prod"),
        ("comment", ""),
    ] {
        let from = format!("\"{field}\":\"{before}\"");
        assert!(text.contains(&from), "{from}");
        text = text.replace(&from, &format!("\"{field}\":\"{before}{evil}\""));
    }
    text = text.replace("\"message\":\"", &format!("\"message\":\"{evil}"));
    let (before, rest) = text.split_once("\"values\":[\"").expect("values");
    let file = place.write("evil.jsonl", &format!("{before}\"values\":[\"{evil}{rest}"));
    for format in ["text", "json", "plain", "csv", "md", "sarif", "junit"] {
        let ran = place.run(&["check", "--replay", &file, "-F", format, "--color", "never"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        for said in [&ran.out, &ran.err] {
            let acts = |c: char| (c.is_control() && !"\n\t\r".contains(c)) || c == '\u{202e}';
            assert!(!said.contains(acts), "{format}: {said:?}");
        }
        assert!(ran.err.contains("0.1.0⟨U+001B⟩]0;owned"), "{}", ran.err);
    }
}

#[test]
fn a_place_that_cannot_be_recorded_to_costs_nobody_a_run() {
    let place = Place::new();
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    let precious = place.write("precious.txt", "precious");
    let missing = place.path().join("missing/run.jsonl").display().to_string();
    let log = place.path().join("zonecut.log").display().to_string();
    for (file, code, what) in [
        (precious.as_str(), 6, "a file that is no recording"),
        (missing.as_str(), 1, "failed to record in"),
        ("/", 6, "a directory"),
        ("-", 2, "stdout is where the result goes"),
    ] {
        let ran = place.run(&["check", &demo, "-vv", "--log-file", &log, "--record", file]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
        assert!(ran.err.contains(what), "{}", ran.err);
    }
    assert_eq!(std::fs::read_to_string(&precious).expect("there"), "precious");
    let log = std::fs::read_to_string(&log).expect("the log");
    assert!(!log.contains("route53:"), "nothing was asked: {log}");
}

#[test]
fn what_contradicts_a_recording_or_a_replay_is_refused() {
    let place = Place::new();
    let file = place.path().join("run.jsonl").display().to_string();
    for args in [
        vec!["--replay", &file, "--record", &file],
        vec!["--replay", &file, "--audit"],
        vec!["--replay", &file, "--demo"],
        vec!["--replay", &file, "--account", "hub"],
        vec!["--replay", &file, "--profile", "hub"],
        vec!["--replay", &file, "--offline"],
        vec!["--replay", &file, "--refresh"],
        vec!["--record", &file, "--privacy"],
        vec!["--record", &file, "-o", &file],
        vec!["--record", &file, "--write-baseline", &file],
    ] {
        let ran = place.run(&[&["check"], &args[..]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(
            ran.err.contains(args[0]) || ran.err.contains("run.jsonl"),
            "{args:?}: {}",
            ran.err
        );
    }
    assert_eq!(place.run(&["--demo", "check", "--replay", &file]).code, 2);
    assert!(!Path::new(&file).exists());
}

#[cfg(unix)]
#[test]
fn what_was_known_when_a_signal_came_is_recorded() {
    let place = Place::new();
    let hanging = "name = \"h\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\nfault = { hang = [\"*\"] }\n";
    let demo = format!("--demo={}", place.write("w.toml", hanging));
    let file = place.path().join("run.jsonl").display().to_string();
    let mut child = place
        .command(&["check", &demo, "--accessible", "--record", &file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The first line of progress says that the scan is under way, and that signals are listened to.
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    err.read_line(&mut line).expect("progress");
    assert!(line.starts_with("scanned 0 of "), "{line}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
        .expect("sent");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let replayed = place.run(&["check", "--replay", &file, "--json"]);
    assert_eq!(replayed.code, 4, "{replayed:?}");
    assert_eq!(replayed.json()["complete"], false);
    let entries = std::fs::read_dir(place.path()).expect("there");
    let parts = entries.filter(|entry| {
        let entry = entry.as_ref().expect("an entry");
        entry.file_name().to_string_lossy().ends_with(".part")
    });
    assert_eq!(parts.count(), 0);
}
