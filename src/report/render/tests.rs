//! What other tools make of these texts: the shell script is run, with an `aws` that writes down what it was told.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::model::record::RecordType;
use crate::plan::batch::{Change, Wanted};
use crate::plan::exact::{ExactSet, Policy, Routing};
use crate::report::paint::Lines;
use crate::report::review::tests::{batch, delegation, name};
use crate::report::review::{Place, Setting};
use proptest::prelude::*;

/// An `aws` that writes each of its arguments on a line, and answers as the queries ask.
const AWS: &str = r#"#!/bin/sh
for argument; do printf '%s\n' "$argument"; done >>"$HOME/told"
printf '\n' >>"$HOME/told"
case $2 in
    create-hosted-zone) echo /hostedzone/ZNEW ;;
    get-hosted-zone) echo '[{"Value":"ns-1.example.net"},{"Value":"ns-2.example.net"}]' ;;
    change-resource-record-sets) echo /change/C1 ;;
esac
"#;

/// The commands that a script gives, each as its arguments.
fn told(script: &str) -> Vec<Vec<String>> {
    let home = tempfile::tempdir().unwrap();
    write(&home.path().join("aws"), AWS);
    let output = Command::new("sh")
        .args(["-c", script])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", format!("{}:/usr/bin:/bin", home.path().display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}\n{output:?}");
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    told.trim_end()
        .split("\n\n")
        .map(|call| call.lines().map(str::to_owned).collect())
        .collect()
}

fn write(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn argument<'a>(call: &'a [String], option: &str) -> &'a str {
    let at = call.iter().position(|word| word == option).unwrap();
    &call[at + 1]
}

#[test]
fn the_script_creates_the_zone_and_puts_its_servers_into_the_batch() {
    let told = told(&aws_cli(&delegation()));
    let calls: Vec<&str> = told.iter().map(|call| call[1].as_str()).collect();
    assert_eq!(
        calls,
        [
            "create-hosted-zone",
            "get-hosted-zone",
            "change-resource-record-sets",
            "wait"
        ]
    );
    assert_eq!(argument(&told[0], "--profile"), "sandbox-write");
    assert_eq!(argument(&told[1], "--id"), "/hostedzone/ZNEW");
    assert_eq!(argument(&told[2], "--hosted-zone-id"), "Z01C3EXAMPLE9");
    assert_eq!(argument(&told[2], "--profile"), "shared-dns-write");
    let batch: serde_json::Value = serde_json::from_str(argument(&told[2], "--change-batch")).unwrap();
    let expected = serde_json::json!({"Changes": [{"Action": "CREATE", "ResourceRecordSet": {
        "Name": "dev.example.com.", "Type": "NS", "TTL": 300,
        "ResourceRecords": [{"Value": "ns-1.example.net"}, {"Value": "ns-2.example.net"}],
    }}]});
    assert_eq!(batch, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_batch_reaches_aws_as_it_was_meant_whatever_its_values_are(values in proptest::collection::vec("\\PC{0,30}", 1..4), ttl in any::<u32>()) {
        let values = values.iter().map(|value| value.as_str().into()).collect();
        let set = ExactSet::simple(name("txt.example.com"), RecordType::TXT, ttl, values);
        let script = aws_cli(&batch(vec![Change::Delete(set.clone())]));
        prop_assert!(script.bytes().all(|octet| octet == b'\n' || (b' '..=b'~').contains(&octet)));
        let told = told(&script);
        let batch: serde_json::Value = serde_json::from_str(argument(&told[0], "--change-batch")).unwrap();
        let sent: Vec<&str> = batch["Changes"][0]["ResourceRecordSet"]["ResourceRecords"]
            .as_array().unwrap().iter().map(|record| record["Value"].as_str().unwrap()).collect();
        let meant: Vec<&str> = set.values().iter().map(|value| value.expose()).collect();
        prop_assert_eq!(sent, meant);
    }
}

fn txt(value: &str) -> crate::plan::Plan {
    let mut set = ExactSet::simple(name("*.example.com"), RecordType::TXT, 60, vec![value.into()]);
    set.routing = Some(Routing {
        set_identifier: "${path.cwd}\n%{ for }".into(),
        policy: Policy::Weighted(10),
    });
    batch(vec![Change::Create(Wanted::Set(set))])
}

#[test]
fn nothing_is_a_template_in_a_string_of_terraform() {
    insta::assert_snapshot!(hcl(&txt("\"${file(\\\"x\\\")} $${a} %{if} caf\u{e9}\" \"part two\"")));
}

#[test]
fn a_new_zone_is_referred_to_by_its_resource() {
    insta::assert_snapshot!(format!("{}\n{}", hcl(&delegation()), cdk(&delegation())));
}

#[test]
fn strings_of_typescript_are_those_of_json() {
    insta::assert_snapshot!(cdk(&txt("\"`${x}` \u{2028} </script>\"")));
}

#[test]
fn a_name_cannot_end_the_comment_it_stands_in() {
    let mut plan = delegation();
    plan.parties[0].name = "a\nrm -rf /\r\u{2028}b */".into();
    for (word, _) in RENDERINGS {
        let Some(text) = of_word(word, &plan) else { continue };
        assert!(text.is_ascii(), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("rm")), "{text}");
    }
}

#[test]
fn no_value_ends_the_block_of_a_ticket() {
    let setting = Setting {
        now: plan_moment(),
        zone: jiff::tz::TimeZone::UTC,
        glyphs: Lines::Unicode,
        same_as: None,
        place: Place::Command,
    };
    let text = ticket(&txt("````\n````text"), &setting);
    let fences = text.lines().filter(|line| line.starts_with("`````"));
    assert_eq!(fences.count(), 2, "{text}");
}

fn plan_moment() -> crate::plan::Moment {
    crate::plan::Moment(1_700_000_000)
}
