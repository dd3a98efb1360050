//! What `--json` prints is what the schemas in `assets/` say.

use super::run::{Place, SMALL, small_with};

fn check(schema: &str, document: &serde_json::Value) {
    let schema: serde_json::Value = serde_json::from_str(schema).expect("the schema is JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let closed = close(schema);
    let validator = jsonschema::validator_for(&closed).expect("a valid schema");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// The schema with every object closed: what we print must be described, though readers must bear additions.
fn close(mut schema: serde_json::Value) -> serde_json::Value {
    match &mut schema {
        serde_json::Value::Object(map) => {
            if map.get("type").is_some_and(|t| t == "object") && map.contains_key("properties") {
                map.insert("additionalProperties".into(), false.into());
            }
            for value in map.values_mut() {
                *value = close(value.take());
            }
        }
        serde_json::Value::Array(values) => {
            for value in values {
                *value = close(value.take());
            }
        }
        _ => {}
    }
    schema
}

const CHECK: &str = include_str!("../../../assets/check.schema.json");
const TREE: &str = include_str!("../../../assets/tree.schema.json");
const ZONE: &str = include_str!("../../../assets/zone.schema.json");
const ACCOUNTS: &str = include_str!("../../../assets/accounts.schema.json");
const SCAN: &str = include_str!("../../../assets/scan.schema.json");
const TRACE: &str = include_str!("../../../assets/trace.schema.json");
const PLAN: &str = include_str!("../../../assets/plan.schema.json");
const LOG: &str = include_str!("../../../assets/log.schema.json");
const SETS: &str = include_str!("../../../assets/sets.schema.json");
const WHO: &str = include_str!("../../../assets/who.schema.json");

#[test]
fn documents_of_the_demo_follow_their_schemas() {
    let place = Place::new();
    check(CHECK, &place.run(&["check", "--demo", "--json"]).json());
    let tree = place.run(&["tree", "--demo", "--json"]);
    assert_eq!(tree.code, 4, "{}", tree.err);
    check(TREE, &tree.json());
    check(ZONE, &place.run(&["zone", "example.com", "--demo", "--json"]).json());
    for name in ["api.example.com", "status.api.example.com", "app.dev.example.com"] {
        check(TRACE, &place.run(&["trace", name, "--demo", "--json"]).json());
    }
    check(WHO, &place.run(&["who", "pay.example.net", "--demo", "--json"]).json());
}

#[test]
fn plans_follow_their_schema_with_and_without_privacy() {
    let place = Place::new();
    let world = format!("--demo={}", place.write("w.toml", SMALL));
    for privacy in [&[][..], &["--privacy"]] {
        let run = |command: &[&str]| {
            let args = [command, &[world.as_str(), "--json"], privacy].concat();
            place.run_with(&args, &[("ZONECUT_LIVE", "true")])
        };
        check(PLAN, &run(&["delegate", "lost.example.com", "-n"]).json());
        let created = run(&["delegate", "new.example.com", "--create-in", "team", "-n"]);
        check(PLAN, &created.json());
        let applied = run(&["delegate", "lost.example.com", "--confirm", "lost.example.com"]);
        assert_eq!(applied.code, 0, "{applied:?}");
        check(PLAN, &applied.json());
        check(LOG, &run(&["log"]).json());
        check(SETS, &run(&["sets", "list"]).json());
        if !privacy.is_empty() {
            let text = created.out;
            assert!(!text.contains("111122223333") && !text.contains("\"hub\""), "{text}");
        }
    }
}

#[test]
fn documents_of_a_broken_organisation_follow_their_schemas_with_and_without_privacy() {
    let place = Place::new();
    let world = place.write("w.toml", &small_with("deny = [\"ListHostedZones\"]"));
    let demo = format!("--demo={world}");
    for privacy in [&[][..], &["--privacy"]] {
        let run = |command: &[&str]| {
            let args: Vec<&str> = command
                .iter()
                .chain(&[demo.as_str(), "--json"])
                .chain(privacy)
                .copied()
                .collect();
            place.run(&args).json()
        };
        check(CHECK, &run(&["check"]));
        check(TREE, &run(&["tree"]));
        check(ZONE, &run(&["zone", "lost.example.com"]));
        check(ACCOUNTS, &run(&["accounts"]));
        check(SCAN, &run(&["scan"]));
    }
}

#[test]
fn the_fields_are_those_that_were_promised() {
    let place = Place::new();
    let world = place.write("w.toml", &small_with("deny = [\"ListHostedZones\"]"));
    let demo = format!("--demo={world}");
    let tree = place.run(&["tree", &demo, "--json"]).json();
    let keys = |value: &serde_json::Value| -> Vec<String> {
        let mut keys: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(
        keys(&tree),
        [
            "accounts",
            "complete",
            "cuts",
            "endpoint_override",
            "generated_at",
            "live",
            "schema",
            "zones"
        ]
    );
    assert_eq!(
        keys(&tree["accounts"][0]),
        ["error", "expected_zones", "id", "name", "same_as", "status", "zones"]
    );
    assert_eq!(
        keys(&tree["zones"][0]),
        [
            "account",
            "findings",
            "id",
            "name",
            "parent",
            "private",
            "record_sets",
            "status"
        ]
    );
    assert_eq!(
        keys(&tree["cuts"][0]),
        ["children", "delegation", "findings", "name", "parent", "status"]
    );
    let other = &tree["accounts"][2];
    assert_eq!(
        (other["status"].as_str(), other["zones"].as_u64()),
        (Some("denied"), Some(0))
    );
    assert!(
        other["error"].as_str().expect("why").contains("ListHostedZones"),
        "{other}"
    );
    assert_eq!(
        (
            tree["accounts"][1]["expected_zones"].as_u64(),
            tree["complete"].as_bool()
        ),
        (Some(2), Some(false))
    );
    let ok = tree["cuts"]
        .as_array()
        .expect("cuts")
        .iter()
        .find(|cut| cut["name"] == "ok.example.com")
        .expect("the cut");
    assert_eq!(ok["parent"]["account"], "111122223333");
    assert_eq!(ok["children"][0]["account"], "444455556666");
    assert_eq!(ok["delegation"]["name_servers"].as_array().expect("names").len(), 4);
    let check = place.run(&["check", &demo, "--json"]).json();
    assert_eq!(
        keys(&check["findings"][0]),
        [
            "cause",
            "children",
            "code",
            "confidence",
            "evidence",
            "explanation",
            "fix",
            "name",
            "parent",
            "severity",
            "status",
            "ways"
        ]
    );
    let account = check["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|f| f["name"] == "other")
        .expect("the account");
    assert_eq!(
        (account["code"].as_str(), &account["parent"]),
        (Some("unread-account"), &serde_json::Value::Null)
    );
    assert_eq!(account["children"], serde_json::json!([]));
}
