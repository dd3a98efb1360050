//! A recording gives back what it was given, or a reason.

mod any;
mod files;

use std::collections::BTreeSet;

use fastrand::Rng;

use super::*;
use crate::model::account::AccountIx;
use any::Any as _;

fn circumstances(random: &mut Rng, accounts: usize) -> Circumstances {
    let places = (0..).map(AccountIx).take(accounts);
    Circumstances {
        version: "0.1.0".into(),
        at: Timestamp::any(random),
        stage: if random.bool() { Stage::Aws } else { Stage::Demo },
        endpoint_override: Option::any(random),
        chosen: places.filter(|_| random.bool()).collect(),
        expected_zones: (0..accounts).map(|_| random.bool().then_some(7)).collect(),
    }
}

fn written(circumstances: &Circumstances, inventory: &Inventory) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, circumstances, inventory).unwrap();
    out
}

/// A recording of everything that can be recorded, at random.
fn recording(seed: u64) -> (Circumstances, Inventory, Vec<u8>) {
    let mut random = Rng::with_seed(seed);
    let inventory = any::inventory(&mut random);
    let circumstances = circumstances(&mut random, inventory.accounts().len());
    let octets = written(&circumstances, &inventory);
    (circumstances, inventory, octets)
}

/// All that an inventory holds of accounts and zones.
fn contents(inventory: &Inventory) -> Vec<String> {
    let accounts = inventory.accounts().iter().map(|account| format!("{account:?}"));
    let zones = inventory.iter().map(|(_, entry)| format!("{entry:?}"));
    accounts
        .chain(zones)
        .chain([format!("{:?}", inventory.liveness())])
        .collect()
}

#[test]
fn what_is_recorded_comes_back_word_for_word() {
    for seed in 0..300 {
        let (circumstances, inventory, octets) = recording(seed);
        let back = read(&octets[..]).unwrap_or_else(|error| panic!("{seed}: {error}"));
        assert_eq!(back.circumstances, circumstances, "{seed}");
        assert_eq!(contents(&back.inventory), contents(&inventory), "{seed}");
        assert_eq!(back.inventory.all_served(), inventory.all_served(), "{seed}");
        assert_eq!(written(&back.circumstances, &back.inventory), octets, "{seed}");
    }
}

/// A recording that somebody kept, one of the longest at random. `ZONECUT_BLESS=1` writes it anew.
///
/// Where it cannot be read any more the format has changed: once it has been released, that takes another [`SCHEMA`].
#[test]
fn a_recording_that_was_kept_is_still_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/recording/tests/kept.jsonl");
    if std::env::var_os("ZONECUT_BLESS").is_some() {
        let longest = (0..300).map(|seed| recording(seed).2).max_by_key(Vec::len).unwrap();
        std::fs::write(&path, longest).unwrap();
    }
    let kept = std::fs::read(&path).unwrap();
    let recording = read(&kept[..]).unwrap_or_else(|error| panic!("{error}: has the format changed?"));
    assert!(recording.inventory.zone_count() > 1 && recording.inventory.all_served().len() > 1);
    assert_eq!(written(&recording.circumstances, &recording.inventory), kept);
}

#[test]
fn a_recording_is_lines_of_json_that_no_terminal_obeys() {
    for seed in 0..50 {
        let (_, _, octets) = recording(seed);
        assert!(octets.iter().all(|octet| matches!(octet, b'\n' | b' '..=b'~')));
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            serde_json::from_slice::<serde_json::Value>(line).unwrap();
        }
    }
}

#[test]
fn a_recording_that_is_cut_short_anywhere_is_refused() {
    let (_, _, octets) = recording(1);
    for length in 0..octets.len() {
        let error = read(&octets[..length]).unwrap_err();
        let is_told = match error {
            RecordingError::NoRecording => length < lines::MAGIC.len(),
            RecordingError::CutShort { lines } => {
                lines == octets[..length].iter().filter(|octet| **octet == b'\n').count()
            }
            _ => false,
        };
        assert!(is_told, "{length}: {error}");
    }
}

#[test]
fn a_line_that_is_missing_or_too_many_is_missed() {
    let (_, inventory, octets) = recording(3);
    assert!(inventory.zone_count() > 0 && !inventory.all_served().is_empty());
    let lines: Vec<&[u8]> = octets.split_inclusive(|octet| *octet == b'\n').collect();
    for place in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        assert!(read(&fewer.concat()[..]).is_err(), "without line {place}");
        let mut more = lines.clone();
        more.insert(place, lines[place]);
        assert!(read(&more.concat()[..]).is_err(), "with line {place} twice");
    }
}

/// Whatever an enemy writes: what is accepted can be judged, and told again.
#[test]
fn a_hostile_recording_does_no_harm() {
    for seed in 0..2000 {
        let (_, _, mut octets) = recording(seed % 20);
        let mut random = Rng::with_seed(seed);
        for _ in 0..random.usize(1..4) {
            let place = random.usize(..octets.len());
            match random.u8(..4) {
                0 => octets[place] = random.u8(..),
                1 => octets[place] = random.choice(*b"0123456789\"{}[],:.\\").unwrap(),
                2 => drop(octets.remove(place)),
                _ => octets.insert(place, random.choice(*b"019\"{}[],\\").unwrap()),
            }
        }
        if let Ok(mut recording) = read(&octets[..]) {
            let survey = crate::findings::Survey::of(&mut recording.inventory);
            survey.findings().for_each(drop);
            written(&recording.circumstances, &recording.inventory);
        }
    }
}

#[test]
fn random_octets_are_no_recording() {
    let mut random = Rng::with_seed(1);
    for length in 0..300 {
        let octets: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        assert!(matches!(read(&octets[..]), Err(RecordingError::NoRecording)));
    }
}

#[test]
fn another_version_is_named_whatever_else_it_holds() {
    let head = b"{\"zonecut_recording\":2,\"zonecut\":\"9.0\\u001b[2J\",\"novelty\":[]}\n";
    match read(&head[..]).unwrap_err() {
        RecordingError::Version { found, version } => {
            assert_eq!((found, version.as_deref()), (2, Some("9.0⟨U+001B⟩[2J")));
        }
        error => panic!("{error}"),
    }
}

fn why(lines: &[&str]) -> String {
    let head = r#"{"zonecut_recording":1,"zonecut":"0.1.0","recorded_at":"2026-01-01T00:00:00Z","stage":"aws","endpoint_override":null,"liveness":"unasked"}"#;
    let text: String = [head].iter().chain(lines).flat_map(|line| [line, "\n"]).collect();
    read(text.as_bytes()).unwrap_err().to_string()
}

fn account(status: &str) -> String {
    format!(
        r#"{{"account":{{"account":{{"name":"a","id":null,"profile":null,"env_label":null,"env":"prod","status":{status}}},"chosen":true,"expected_zones":null}}}}"#
    )
}

fn zone(account: u32, records: &str) -> String {
    format!(
        r#"{{"zone":{{"zone":{{"key":{{"account":{account},"id":"Z1"}},"name":"example.com","visibility":"public","record_count":1,"comment":"","linked_service":null}},"origin":{{"source":"live","at":"2026-01-01T00:00:00Z"}},"delegation_set":null,"signing":null,"records":{records}}}}}"#
    )
}

#[test]
fn what_does_not_hang_together_is_refused_with_its_line() {
    let complete = account("\"complete\"");
    let merged = account(r#"{"merged":1}"#);
    let end = r#"{"end":{"accounts":1,"zones":0,"served":0}}"#;
    let strange = r#"{"reading":{"whole":[{"name":"www.example.net","type":"A","ttl":1,"data":{"values":["192.0.2.1"]}}]},"origin":{"source":"live","at":"2026-01-01T00:00:00Z"}}"#;
    for (lines, expected) in [
        (vec![merged.as_str(), end], "line 3 is damaged: an account is merged"),
        (
            vec![&complete, &zone(1, "null")],
            "line 3 is damaged: the zone is in an account",
        ),
        (
            vec![&complete, &zone(0, "null"), &zone(0, "null")],
            "line 4 is damaged: the zone is there",
        ),
        (
            vec![&complete, &zone(0, "null"), &complete],
            "line 4 is damaged: an account stands",
        ),
        (
            vec![&complete, &zone(0, strange)],
            "line 3 is damaged: a record set does not belong",
        ),
        (
            vec![&complete, &zone(0, "null"), end],
            "line 4 is damaged: lines are missing",
        ),
        (vec![&complete, end, end], "line 4 is damaged: something follows"),
        (
            vec![&complete, "{\"novelty\":1}", end],
            "line 3 is damaged: unknown variant",
        ),
        (vec![&complete], "it ends in the middle, after 2 whole lines"),
    ] {
        let why = why(&lines);
        assert!(why.starts_with(expected), "{why}");
    }
}

#[test]
fn what_a_message_quotes_is_fit_to_print_and_short() {
    let why = why(&[&account(&format!("\"\\u001b[2J{}\"", "x".repeat(10_000)))]);
    assert!(why.contains("⟨U+001B⟩[2Jxxx") && why.len() < 400, "{why}");
}

#[test]
fn a_file_without_an_end_of_its_first_line_is_not_read_to_its_end() {
    let endless = std::io::BufReader::new(std::io::repeat(b'x'));
    assert!(matches!(read(endless), Err(RecordingError::NoRecording)));
    let endless = std::io::Read::chain(lines::MAGIC, std::io::repeat(b'1'));
    let error = read(std::io::BufReader::new(endless)).unwrap_err();
    assert!(matches!(error, RecordingError::TooLarge), "{error}");
}

#[test]
fn what_is_recorded_can_be_read_by_people() {
    let mut random = Rng::with_seed(0);
    let mut circumstances = circumstances(&mut random, 0);
    circumstances.at = "2026-01-01T00:00:00Z".parse().unwrap();
    circumstances.stage = Stage::Demo;
    circumstances.endpoint_override = None;
    let octets = written(&circumstances, &Inventory::default());
    assert_eq!(
        String::from_utf8(octets).unwrap(),
        "{\"zonecut_recording\":1,\"zonecut\":\"0.1.0\",\"recorded_at\":\"2026-01-01T00:00:00Z\",\"stage\":\"demo\",\
         \"endpoint_override\":null,\"liveness\":\"unasked\"}\n{\"end\":{\"accounts\":0,\"zones\":0,\"served\":0}}\n"
    );
    assert_eq!(circumstances.chosen, BTreeSet::new());
}
