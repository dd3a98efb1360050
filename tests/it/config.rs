//! The example file and the JSON Schema say what the code does.

use std::collections::BTreeSet;
use std::io::Write as _;

use zonecut::config::{Config, EXAMPLE, SCHEMA, load, parse};

fn read(text: &str) -> Result<Config, zonecut::config::ConfigError> {
    parse(text, "config.example.toml", |_| None)
}

/// The example with its commented-out keys made live: `#key`, but not `# prose`; of two ways to log in, one.
fn example_in_full() -> String {
    let live = |line: &&str| !line.starts_with("#profile");
    let lines = EXAMPLE.lines().filter(live).map(|line| match line.strip_prefix('#') {
        Some(key) if !key.starts_with(' ') && !key.is_empty() => key,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn as_json(text: &str) -> serde_json::Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).expect("TOML")).expect("JSON")
}

fn schema() -> serde_json::Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

fn keys_of_schema(schema: &serde_json::Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (key, value) in schema["properties"].as_object().expect("properties") {
        let inner = if value["type"] == "array" {
            &value["items"]
        } else {
            value
        };
        if inner["properties"].is_object() {
            keys.extend(keys_of_schema(inner).iter().map(|k| format!("{key}.{k}")));
        } else {
            keys.insert(key.clone());
        }
    }
    keys
}

fn keys_of(value: &serde_json::Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (key, value) in value.as_object().expect("a table") {
        let inner = value.get(0).unwrap_or(value);
        if inner.is_object() {
            keys.extend(keys_of(inner).iter().map(|k| format!("{key}.{k}")));
        } else {
            keys.insert(key.clone());
        }
    }
    keys
}

#[test]
fn the_example_is_the_defaults() {
    assert_eq!(read(EXAMPLE).expect("the example is valid"), Config::default());
}

#[test]
fn the_example_shows_every_key_and_each_is_one_that_exists() {
    let full = example_in_full();
    let config = read(&full).expect("the example is valid with every key in it");
    assert_eq!((config.accounts.len(), config.ignore.len()), (1, 1));
    let mut shown = keys_of(&as_json(&full));
    shown.insert("accounts.profile".into());
    assert_eq!(shown, keys_of_schema(&schema()));
}

#[test]
fn the_schema_takes_the_example_and_states_the_defaults() {
    let validator = jsonschema::validator_for(&schema()).expect("a valid schema");
    for text in [EXAMPLE.to_owned(), example_in_full()] {
        assert!(
            validator.is_valid(&as_json(&text)),
            "{:?}",
            validator.validate(&as_json(&text))
        );
    }
    let example = as_json(EXAMPLE);
    let mut defaults = 0;
    for (table, described) in schema()["properties"].as_object().expect("properties") {
        for (key, property) in described["properties"].as_object().into_iter().flatten() {
            assert_eq!(property["default"], example[table][key], "{table}.{key}");
            defaults += 1;
        }
    }
    assert!(defaults > 10);
}

#[test]
fn schema_and_program_refuse_the_same_files() {
    let validator = jsonschema::validator_for(&schema()).expect("a valid schema");
    let account = "[[accounts]]\nname = \"a\"\n";
    for text in [
        "scna = 1".to_owned(),
        "[scan]\nrps = 0".to_owned(),
        "[scan]\nburst = 1.5".to_owned(),
        "[scan]\ndeadline = \"1 day\"".to_owned(),
        "[scan]\nrequest_timeout = \"0s\"".to_owned(),
        "[ui]\ntheme = \"neon\"".to_owned(),
        "[check]\nfail_on = \"sometimes\"".to_owned(),
        account.to_owned(),
        format!("{account}profile = \"p\"\nid = \"123\""),
        format!("{account}profile = \"p\"\nexternal_id = \"x\""),
        format!("{account}profile = \"p\"\nrole_arn = \"arn:aws:iam::111122223333:role/r\""),
        format!("{account}role_arn = \"r\""),
        "[[ignore]]\ncode = \"x\"".to_owned(),
    ] {
        assert!(read(&text).is_err(), "the program takes {text}");
        assert!(!validator.is_valid(&as_json(&text)), "the schema takes {text}");
    }
}

#[test]
fn a_named_file_must_exist_and_be_ones_own() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("config.toml");
    let missing = load::load(Some(&path), |_| None).expect_err("it does not exist");
    assert!(missing.to_string().contains("zonecut config init"), "{missing}");

    let mut file = std::fs::File::create(&path).expect("a file");
    writeln!(file, "[ui]\nmouse = true").expect("written");
    set_mode(&path, 0o600);
    let loaded = load::load(Some(&path), |_| None).expect("a file of one's own");
    assert!(loaded.config.ui.mouse);
    assert_eq!(loaded.file.as_deref(), Some(path.as_path()));

    let named = |name: &str| (name == "ZONECUT_CONFIG").then(|| path.display().to_string());
    assert!(load::load(None, named).expect("the variable names it").config.ui.mouse);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_write_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("it's mine.toml");
    std::fs::write(&path, "").expect("written");
    for mode in [0o620, 0o602, 0o666] {
        set_mode(&path, mode);
        let refusal = load::load(Some(&path), |_| None)
            .expect_err("others can write it")
            .to_string();
        assert!(
            refusal.contains("written by others") && refusal.contains("chmod go-w '"),
            "{refusal}"
        );
        assert!(refusal.contains(r"it'\''s mine.toml'"), "{refusal}");
    }
    set_mode(&path, 0o644);
    assert!(load::load(Some(&path), |_| None).is_ok());
    let refusal = load::load(Some(dir.path()), |_| None)
        .expect_err("a directory")
        .to_string();
    assert!(
        refusal.contains("is no file") || refusal.contains("cannot be"),
        "{refusal}"
    );
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(not(unix))]
fn set_mode(_: &std::path::Path, _: u32) {}
