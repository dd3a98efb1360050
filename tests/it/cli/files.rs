//! Files: the configuration, what is written with `-o`, manual pages, completions; and what is never looked at.

use super::run::{Place, SMALL};

#[test]
fn a_result_is_written_whole_for_its_owner_alone() {
    let place = Place::new();
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    let file = place.path().join("out/check.json");
    let ran = place.run(&["check", &demo, "--json", "-o", &file.display().to_string()]);
    assert_eq!(ran.code, 1, "the directory is not there: {ran:?}");
    std::fs::create_dir(place.path().join("out")).expect("a directory");
    let ran = place.run(&["check", &demo, "--json", "-o", &file.display().to_string()]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
    let text = std::fs::read_to_string(&file).expect("written");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    assert_eq!(std::fs::read_dir(place.path().join("out")).expect("there").count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().expect("there").permissions().mode() & 0o777, 0o600);
        let to_device = place.run(&["check", &demo, "--plain", "-o", "/dev/stdout"]);
        assert!(
            to_device.out.starts_with("critical\tmissing-delegation"),
            "{to_device:?}"
        );
    }
    let stdout = place.run(&["check", &demo, "--plain", "-o", "-"]);
    assert!(
        stdout
            .out
            .starts_with("critical\tmissing-delegation\tlost.example.com\tmissing\tcertain"),
        "{stdout:?}"
    );
}

#[test]
fn a_first_configuration_is_made_of_the_profiles_that_are_there() {
    let place = Place::new();
    let file = place.path().join("new/config.toml").display().to_string();
    let nothing = place.run(&["config", "init", "--config", &file]);
    assert_eq!(nothing.code, 5, "{nothing:?}");
    assert!(nothing.err.contains("zonecut demo"));
    place.write(
        ".aws/config",
        "[profile pay-ro]\nsso_session = acme\nsso_account_id = 555566667777\nsso_role_name = ReadOnly\n\
         [profile pay-admin]\nsso_session = acme\nsso_account_id = 555566667777\nsso_role_name = Admin\n\
         [sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let made = place.run(&["config", "init", "--config", &file]);
    assert_eq!((made.code, made.out.as_str()), (0, ""), "{made:?}");
    let text = std::fs::read_to_string(&file).expect("written");
    assert!(
        text.contains("profile = \"pay-ro\"") && text.contains("id = \"555566667777\""),
        "{text}"
    );
    assert!(!text.contains("profile = \"pay-admin\""), "{text}");
    let again = place.run(&["config", "init", "--config", &file]);
    assert_eq!(again.code, 6, "{again:?}");
    assert_eq!(place.run(&["config", "init", "--replace", "--config", &file]).code, 0);
    assert_eq!(
        std::fs::read_to_string(place.path().join("new/config.toml.old")).expect("kept"),
        text
    );

    let shown = place.run_with(&["config", "show", "--config", &file], &[("ZONECUT_RPS", "3")]);
    assert!(
        shown.out.contains("rps = 3") && shown.out.contains("pay-ro"),
        "{}",
        shown.out
    );
    // Nobody is logged in: that is told from files, with the command that helps, and no request is sent.
    let check = place.run(&["check", "--config", &file]);
    assert_eq!((check.code, check.out.as_str()), (5, ""), "{check:?}");
    assert!(check.err.contains("aws sso login --sso-session acme"), "{}", check.err);
}

#[test]
fn where_things_are_and_what_they_look_like_is_told() {
    let place = Place::new();
    let path = place.run(&["config", "path"]);
    assert!(path.out.trim_end().ends_with("config.toml"), "{path:?}");
    assert_eq!(
        place.run(&["config", "path", "--config", "/x/y.toml"]).out,
        "/x/y.toml\n"
    );
    let schema = place.run(&["config", "schema"]).json();
    assert_eq!(schema["type"], "object");
    let bad = place.write("bad.toml", "[scan]\nrsp = 1\n");
    let refused = place.run(&["check", "--config", &bad]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("line 2") && refused.err.contains("rsp"),
        "{}",
        refused.err
    );
    assert_eq!(place.run(&["check", "--config", "/nonexistent.toml"]).code, 2);
}

#[test]
fn nothing_in_the_current_directory_has_a_say() {
    let place = Place::new();
    for file in [
        "config.toml",
        "zonecut.toml",
        ".zonecut.toml",
        "demo.toml",
        "baseline.json",
        "keys.toml",
        ".aws/config",
    ] {
        place.write(&format!("cwd/{file}"), "this is nothing that anybody could read = [");
    }
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    assert_eq!(place.run(&["check", &demo]).code, 3);
    assert_eq!(place.run(&["check"]).code, 5);
    assert_eq!(place.run(&["config", "show"]).code, 0);
}

#[test]
fn manual_pages_and_completions_know_every_command() {
    let place = Place::new();
    let dir = place.path().join("man").display().to_string();
    assert_eq!(place.run(&["man", &dir]).code, 0);
    let page = place.run(&["man"]).out;
    assert!(page.contains("EXIT STATUS") && page.contains("usable credentials"));
    let bash = place.run(&["completions", "bash"]).out;
    for command in zonecut::cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(place.path().join(format!("man/zonecut-{name}.1")).exists(), "{name}");
        assert!(bash.contains(name), "{name}");
        let help = place.run(&["help", name]);
        assert_eq!(help.code, 0, "{name}: {help:?}");
        assert!(help.out.contains("Usage:"), "{name}");
    }
    assert_eq!(place.run(&["help", "nonsense"]).code, 2);
    let keys = place.run(&["help", "keys"]);
    assert!(
        keys.out.starts_with("Everywhere\n") && keys.out.contains("anything by its name"),
        "{}",
        keys.out
    );
}

#[test]
fn the_policy_lists_what_is_read_and_nothing_that_writes() {
    let policy = Place::new().run(&["iam-policy", "--read"]).json();
    let text = policy.to_string();
    for action in [
        "route53:ListHostedZones",
        "route53:ListResourceRecordSets",
        "route53:GetHostedZoneCount",
        "route53:GetDNSSEC",
    ] {
        assert!(text.contains(action), "{action}");
    }
    for word in ["route53:Change", "Create", "route53:Delete", "Update", "\"*\"]"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    assert_eq!(Place::new().run(&["iam-policy"]).code, 2);
}
