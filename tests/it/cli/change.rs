//! Plans on the command line: shown, saved, said in other words, refused; and nothing is changed without a name.

use zonecut::plan::journal::{Entry, Operator, Record, Sent};
use zonecut::plan::{Plan, Step};
use zonecut::ports::{Journal as _, Pen as _};
use zonecut::store::journal::FileJournal;

use super::run::{Place, Ran, SMALL};

/// The small organisation with name servers that are asked.
fn run(place: &Place, args: &[&str]) -> Ran {
    let world = format!("--demo={}", place.write("w.toml", SMALL));
    place.run_with(&[args, &[&world]].concat(), &[("ZONECUT_LIVE", "true")])
}

#[test]
fn a_dry_run_shows_everything_that_a_person_must_know_and_changes_nothing() {
    let place = Place::new();
    let ran = run(&place, &["delegate", "lost.example.com", "-n"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "Delegate lost.example.com",
        "ACCOUNT  hub 111122223333   [PROD]",
        "ZONE     example.com.",
        "Plan: 1 record set to create, 0 to change, 0 to delete.",
        "Precondition: lost.example.com. NS still absent",
        "EFFECT",
        "UNDO",
        "CHECKS",
        "SAME AS  zonecut delegate lost.example.com --ttl=300",
        "HASH",
        "EXPIRES",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let signs = ran
        .out
        .lines()
        .filter(|line| line.starts_with("  + ") || line.starts_with("  +  "));
    assert_eq!(signs.count(), 4, "one line for each name server: {}", ran.out);
    let detailed = run(&place, &["delegate", "lost.example.com", "-n", "--detailed-exitcode"]);
    assert_eq!(detailed.code, 3);
}

#[test]
fn what_is_so_already_is_no_change_and_no_error() {
    let place = Place::new();
    for args in [
        &["delegate", "ok.example.com"][..],
        &[
            "record",
            "set",
            "example.com",
            "www.example.com",
            "A",
            "192.0.2.1",
            "--ttl",
            "300",
        ],
    ] {
        let ran = run(
            &place,
            &[args, &["--detailed-exitcode", "--out", "never.json"]].concat(),
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.starts_with("no changes: "), "{}", ran.out);
        assert!(ran.err.contains("there is no change to save"), "{}", ran.err);
        let ran = run(&place, &[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["schema"], 1);
        assert!(document["plan"].is_null());
        assert_eq!(document["outcome"]["state"], "unchanged");
        let plain = run(&place, &[args, &["--plain"]].concat());
        assert_eq!((plain.code, plain.out.as_str()), (0, ""), "{plain:?}");
    }
}

#[test]
fn without_a_confirmation_the_exact_command_is_told() {
    let place = Place::new();
    for args in [
        &["delegate", "lost.example.com"][..],
        &["delegate", "lost.example.com", "--no-input"],
    ] {
        let ran = run(&place, args);
        assert_eq!(ran.code, 6, "{ran:?}");
        assert!(ran.out.contains("Plan: 1 record set to create"));
        let command = "zonecut delegate lost.example.com --ttl=300 --confirm lost.example.com";
        assert!(ran.err.contains(command), "{}", ran.err);
    }
}

#[test]
fn another_name_than_that_of_the_plan_confirms_nothing() {
    let place = Place::new();
    for other in ["example.com", "yes", "lost.example.org", "l\u{43e}st.example.com"] {
        let ran = run(&place, &["delegate", "lost.example.com", "--confirm", other]);
        assert_eq!(ran.code, 6, "{other}: {ran:?}");
        assert!(ran.err.contains("nothing was changed"), "{}", ran.err);
    }
}

#[test]
fn read_only_refuses_to_apply_and_shows_all_the_same() {
    let place = Place::new();
    let args = [
        "delegate",
        "lost.example.com",
        "--confirm",
        "lost.example.com",
        "--read-only",
    ];
    let ran = run(&place, &args);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.err.contains("--read-only"), "{}", ran.err);
    assert_eq!(
        run(&place, &["delegate", "lost.example.com", "-n", "--read-only"]).code,
        0
    );
}

#[test]
fn an_override_names_a_check_and_a_reason() {
    let place = Place::new();
    for (over, code) in [
        ("nonsense", 2),
        ("=reason", 2),
        ("parent-live= ", 2),
        ("no-such-check=because", 6),
    ] {
        let ran = run(&place, &["delegate", "lost.example.com", "-n", "--override", over]);
        assert_eq!(ran.code, code, "{over}: {ran:?}");
    }
}

#[test]
fn a_plan_is_told_in_the_words_of_other_tools() {
    let place = Place::new();
    for (tool, said) in [
        ("aws-cli", "aws route53 change-resource-record-sets"),
        ("terraform", "resource \"aws_route53_record\" \"lost_example_com_ns\""),
        ("cdk", "new route53.CfnRecordSet(this, 'LostExampleComNs'"),
        ("ticket", "Delegate lost.example.com"),
    ] {
        let ran = run(&place, &["delegate", "lost.example.com", "--as", tool]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains(said), "{}", ran.out);
    }
}

#[cfg(unix)]
#[test]
fn a_saved_plan_is_its_owners_alone_and_says_how_it_is_applied() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let ran = run(&place, &["delegate", "lost.example.com", "--out", "plan.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let path = place.path().join("cwd/plan.json");
    let mode = std::fs::metadata(&path).expect("saved").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("text");
    let plan = zonecut::plan::file::read(&text).expect("a plan");
    let hash = zonecut::plan::file::hash(&plan);
    let command = format!(
        "zonecut apply plan.json --confirm lost.example.com --plan-hash {}",
        hash.short()
    );
    assert!(ran.err.contains(&command), "{}", ran.err);
}

#[test]
fn what_a_request_asks_for_is_accepted_by_the_other_account() {
    let place = Place::new();
    let request = run(&place, &["request", "lost.example.com", "--account", "team"]);
    assert_eq!(request.code, 0, "{request:?}");
    let ticket: String = request.out.lines().map(|line| format!("> {line}  \r\n")).collect();
    let file = place.write("ticket.txt", &format!("Hello,\n\n{ticket}\nThanks\n"));
    let ran = run(&place, &["accept", &file, "-n", "--account", "hub"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("Plan: 1 record set to create"), "{}", ran.out);
    let edited = place.write("edited.txt", &request.out.replacen("lost", "last", 1));
    let ran = run(&place, &["accept", &edited, "-n"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.err.contains("changed after it was written"), "{}", ran.err);
}

#[test]
fn a_name_that_nobody_holds_is_refused_with_what_to_do() {
    let place = Place::new();
    for args in [
        &["request", "nobody.example.com"][..],
        &["delegate", "nobody.example.com", "-n"],
        &["delegate", "lost.example.com", "--parent", "nothing.example", "-n"],
        &["fix", "ok.example.com", "-n"],
    ] {
        let ran = run(&place, args);
        assert!(matches!(ran.code, 1 | 6), "{args:?}: {ran:?}");
        assert!(
            ran.err.lines().count() > 1,
            "{args:?} leaves a person alone: {}",
            ran.err
        );
    }
    assert_eq!(run(&place, &["fix", "lost.example.com", "nonsense", "-n"]).code, 2);
    assert_eq!(
        run(&place, &["delegate", "lost.example.com", "-n", "--offline"]).code,
        2
    );
}

#[test]
fn the_policy_for_delegating_is_for_one_name() {
    let place = Place::new();
    let ran = place.run(&["iam-policy", "--write", "Z01C3EXAMPLE9", "dev.example.com"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let policy = ran.json();
    assert_eq!(policy["Statement"][0]["Action"], "route53:ChangeResourceRecordSets");
    assert!(!ran.out.contains("UPSERT"));
    assert_eq!(place.run(&["iam-policy", "--write", "not/an/id", "x"]).code, 2);
    assert_eq!(place.run(&["iam-policy"]).code, 2);
}

#[test]
fn check_leads_to_the_command_that_mends() {
    let place = Place::new();
    let ran = run(&place, &["check", "--no-live"]);
    let next = "Next: zonecut fix lost.example.com missing-delegation -n";
    assert!(ran.out.contains(next), "{}", ran.out);
}

#[test]
fn a_confirmed_plan_is_applied_proved_and_told_how_to_take_back() {
    let place = Place::new();
    let args = [
        "delegate",
        "new.example.com",
        "--create-in",
        "team",
        "--confirm",
        "NEW.example.com.",
    ];
    let ran = run(&place, &args);
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "Plan: 1 record set to create",
        "Done: Delegate new.example.com.",
        "good everywhere by",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    for said in [
        "noted in the log as change",
        "step 3 of 3: changing 1 record set of example.com",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let document = run(&place, &[&args[..], &["--json", "-q"]].concat()).json();
    assert_eq!(document["outcome"]["state"], "done");
    assert_eq!(document["outcome"]["proof"].as_array().expect("lines").len(), 8);
    assert_eq!(document["plan"]["steps"].as_array().expect("steps").len(), 3);
}

#[test]
fn what_is_no_plan_is_refused_and_an_empty_log_is_whole() {
    let place = Place::new();
    for (text, said) in [
        ("hello", "is not a plan of zonecut"),
        ("{\"zonecut_plan\": 99}", "newer zonecut"),
        (&"x".repeat(2 * 1024 * 1024), "more than"),
    ] {
        let file = place.write("plan.json", text);
        let ran = run(&place, &["apply", &file, "--confirm", "x.example"]);
        assert_eq!(ran.code, 6, "{ran:?}");
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert_eq!(run(&place, &["apply", "nothing.json"]).code, 1);
    assert_eq!(place.run(&["log"]).out, "0 changes on this machine\n");
    assert_eq!(place.run(&["log", "--verify"]).code, 0);
    assert_eq!(place.run(&["log", "0123abcd"]).code, 6);
    assert_eq!(place.run(&["undo"]).code, 6);
    assert_eq!(place.run(&["resume", "0123abcd"]).code, 6);
}

/// A cut below another one: the zone above both still holds what was there before the zone in between was delegated.
const HIDDEN: &str = r#"
name = "hidden"

[[account]]
id = "111122223333"
name = "hub"

[[account.zone]]
name = "example.com"
records = ["app.ops 300 NS ns-900.awsdns-48.net. ns-1.awsdns-00.com. ns-1600.awsdns-08.co.uk. ns-1100.awsdns-09.org."]

[[account.zone]]
name = "ops.example.com"

[[account]]
id = "444455556666"
name = "team"

[[account.zone]]
name = "app.ops.example.com"
"#;

#[test]
fn a_delegation_that_nobody_could_see_is_proved_gone_by_the_zone_that_held_it() {
    let place = Place::new();
    let world = format!("--demo={}", place.write("w.toml", HIDDEN));
    let at = "app.ops.example.com";
    let args = [
        "fix",
        at,
        "occluded-delegation",
        "--confirm",
        at,
        "--json",
        "-q",
        &world,
    ];
    let ran = place.run_with(&args, &[("ZONECUT_LIVE", "true")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let outcome = &ran.json()["outcome"];
    assert_eq!(outcome["state"], "done");
    let proof = outcome["proof"].as_array().expect("lines");
    let sayings: Vec<&str> = proof.iter().filter_map(|line| line["saying"].as_str()).collect();
    let unseen = "refers to the servers of ops.example.com above it, so nobody can see what was changed";
    assert_eq!(
        sayings.iter().filter(|saying| **saying == unseen).count(),
        4,
        "{sayings:?}"
    );
    let listed = |saying: &&str| saying.starts_with("lists no NS record set app.ops.example.com in Z");
    assert_eq!(sayings.iter().filter(|saying| listed(saying)).count(), 1, "{sayings:?}");
    assert_eq!(
        sayings.len(),
        5,
        "what is remembered of the live cut below is nobody's proof: {sayings:?}"
    );
}

/// Leaves in the journal what a process would have that died while it applied a saved plan.
fn left(place: &Place, file: &std::path::Path, records: impl FnOnce(&Plan) -> Vec<Record>) -> String {
    let text = std::fs::read_to_string(file).expect("a saved plan");
    let plan = zonecut::plan::file::read(&text).expect("a plan");
    let journal = FileJournal::at(place.path().join(".local/share/zonecut"));
    let mut pen = journal.take_pen().expect("nobody else has it");
    let intent = Record::Intent {
        plan: Box::new(plan.clone()),
        operator: Operator::default(),
    };
    for record in std::iter::once(intent).chain(records(&plan)) {
        let entry = Entry {
            at: plan.made,
            plan: plan.id.clone(),
            record,
        };
        pen.note(&entry).expect("a record");
    }
    plan.id.short().to_string()
}

#[test]
fn a_change_that_died_before_anything_was_made_is_closed_by_undoing_it() {
    let place = Place::new();
    let file = place.path().join("plan.json");
    let out = file.to_string_lossy().into_owned();
    assert_eq!(run(&place, &["delegate", "lost.example.com", "--out", &out]).code, 0);
    let id = left(&place, &file, |_| Vec::new());
    let asked = run(&place, &["undo", &id]);
    assert_eq!(asked.code, 6, "{asked:?}");
    let next = format!("zonecut undo {id} --confirm lost.example.com");
    assert!(
        asked.err.contains("nothing of change") && asked.err.contains(&next),
        "{}",
        asked.err
    );
    assert_eq!(run(&place, &["undo", &id, "--confirm", "example.com"]).code, 6);
    assert!(place.run(&["log", "--plain"]).out.contains("open"));
    assert_eq!(run(&place, &["undo", &id, "--confirm", "lost.example.com"]).code, 0);
    assert!(place.run(&["log", "--plain"]).out.contains("abandoned"));
}

#[test]
fn what_came_of_a_step_whose_answer_is_missing_is_read_before_it_is_taken_back() {
    let place = Place::new();
    let file = place.path().join("plan.json");
    let out = file.to_string_lossy().into_owned();
    let words = [
        "record",
        "set",
        "example.com",
        "www.example.com",
        "A",
        "192.0.2.7",
        "--out",
        &out,
    ];
    assert_eq!(run(&place, &words).code, 0);
    let id = left(&place, &file, |plan| {
        let Some((step, Step::Change { zone, batch, .. })) = plan.steps().next() else {
            panic!("{plan:?}")
        };
        let what = Sent::Change {
            zone: zone.id().expect("it is there").clone(),
            values: batch.values(|_| None).expect("nothing is created"),
        };
        vec![Record::Sending { step, what }]
    });
    // It was made, and nobody heard of it.
    let made = SMALL.replace("www 300 A 192.0.2.1", "www 300 A 192.0.2.7");
    assert_ne!(made, SMALL);
    let world = format!("--demo={}", place.write("made.toml", &made));
    let back = place.run_with(&["undo", &id, "-n", &world], &[("ZONECUT_LIVE", "true")]);
    assert_eq!(back.code, 0, "{back:?}");
    assert!(back.err.contains("reading what came of it"), "{}", back.err);
    assert!(
        back.out.contains("- ") && back.out.contains("192.0.2.1"),
        "{}",
        back.out
    );
}

#[test]
fn a_request_names_the_ds_of_a_signed_zone_and_accepting_it_compares_that_with_its_keys() {
    let place = Place::new();
    let signed = SMALL.replace("delegate = false", "delegate = false\nsigning = \"SIGNING\"");
    let world = format!("--demo={}", place.write("w.toml", &signed));
    let live = [("ZONECUT_LIVE", "true")];
    let request = place.run_with(&["request", "lost.example.com", "--account", "team", &world], &live);
    assert_eq!(request.code, 0, "{request:?}");
    assert_eq!(request.out.matches("\nds: ").count(), 1, "{}", request.out);
    let file = place.write("ticket.txt", &request.out);
    let ran = place.run_with(&["accept", &file, "-n", "--account", "hub", &world], &live);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("! Requested DS"), "{}", ran.out);
    assert!(ran.out.contains("is not added yet"), "{}", ran.out);

    let unsigned = format!("--demo={}", place.write("u.toml", SMALL));
    let ran = place.run_with(
        &[
            "accept",
            &file,
            "--confirm",
            "lost.example.com",
            "--account",
            "hub",
            &unsigned,
        ],
        &live,
    );
    assert_eq!(ran.code, 6, "a DS that names no key is in the way: {ran:?}");
    assert_eq!(
        place
            .run_with(&["request", "lost.example.com", "--json", &world], &live)
            .code,
        2
    );
}

#[test]
fn a_mistyped_account_or_ttl_is_a_usage_error() {
    let place = Place::new();
    for args in [
        &["delegate", "new.example.com", "--create-in", "nope"][..],
        &["delegate", "lost.example.com", "--ttl", "0"],
    ] {
        let ran = run(&place, args);
        assert_eq!(ran.code, 2, "{ran:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_log_that_cannot_be_read_is_not_an_empty_one() {
    let place = Place::new();
    let file = place.write("notadir", "");
    let ran = place.run_with(&["log"], &[("XDG_DATA_HOME", &file)]);
    assert_eq!(ran.code, 1, "{ran:?}");
}
