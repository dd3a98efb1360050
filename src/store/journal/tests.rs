//! Journals that are written, torn, changed, and fought over.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::model::text::Untrusted;
use crate::plan::PlanId;
use crate::plan::journal::Record;
use crate::ports::DamageKind;

/// 2026-11-23 and 2026-12-01.
const NOVEMBER: u64 = 1_795_400_000;
const DECEMBER: u64 = 1_796_100_000;

fn entry(at: u64, step: usize) -> Entry {
    Entry {
        at: Moment(at),
        plan: PlanId::new([1; 16]),
        record: Record::NotMade {
            step,
            said: Untrusted::from("\u{1b}x"),
        },
    }
}

struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a directory"),
        }
    }

    fn journal(&self) -> FileJournal {
        FileJournal::at(self.home.path().join("a/journal"))
    }

    fn file(&self, month: &str) -> PathBuf {
        self.home.path().join(format!("a/journal/journal-{month}.jsonl"))
    }

    fn write(&self, at: u64, steps: std::ops::Range<usize>) {
        let mut pen = self.journal().take_pen().expect("the pen");
        for step in steps {
            pen.note(&entry(at, step)).expect("a record");
        }
    }
}

#[test]
fn what_was_noted_is_read_over_all_months() {
    let place = Place::new();
    assert_eq!(place.journal().read().unwrap(), Reading::default());
    place.write(NOVEMBER, 0..2);
    place.write(DECEMBER, 2..3);
    // The clock was set back.
    place.write(NOVEMBER, 3..4);
    let reading = place.journal().read().unwrap();
    assert_eq!(reading.damage, []);
    let expected: Vec<_> = [(NOVEMBER, 0), (NOVEMBER, 1), (DECEMBER, 2), (NOVEMBER, 3)]
        .map(|(at, step)| entry(at, step))
        .into();
    assert_eq!(reading.entries, expected);
    assert!(place.file("2026-11").exists() && place.file("2026-12").exists());
}

#[test]
fn the_files_are_their_owners_alone() {
    let place = Place::new();
    place.write(NOVEMBER, 0..1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.file("2026-11")), 0o600);
    assert_eq!(mode(place.file("2026-11").parent().unwrap()), 0o700);
    let open = place.file("2026-11");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(place.journal().read(), Err(JournalError::Failed(_))));
    assert!(place.journal().take_pen().is_err());
}

#[test]
fn only_one_has_the_pen() {
    let place = Place::new();
    let pen = place.journal().take_pen().unwrap();
    assert_eq!(place.journal().take_pen().err(), Some(JournalError::Busy));
    assert!(place.journal().read().is_ok());
    drop(pen);
    assert!(place.journal().take_pen().is_ok());
}

#[test]
fn whoever_gets_the_pen_knows_what_was_noted_before() {
    let place = Place::new();
    place.write(NOVEMBER, 0..3);
    assert_eq!(place.journal().take_pen().unwrap().reading().entries.len(), 3);
}

#[test]
fn a_torn_end_is_left_out_with_a_word_and_cut_off_by_the_next_record() {
    let place = Place::new();
    place.write(NOVEMBER, 0..3);
    let whole = fs::read(place.file("2026-11")).unwrap();
    let second = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0 + 1;
    for cut in second + 1..whole.len() {
        fs::write(place.file("2026-11"), &whole[..cut]).unwrap();
        let reading = place.journal().read().unwrap();
        assert_eq!(reading.entries.len(), 2, "{cut}");
        assert_eq!(reading.damage.len(), 1);
        assert_eq!((reading.damage[0].seq, &reading.damage[0].kind), (3, &DamageKind::Torn));
    }
    place.write(NOVEMBER, 2..3);
    assert_eq!(fs::read(place.file("2026-11")).unwrap(), whole);
}

/// What three lines in a row come to, the first of which follows on `before`.
fn read_on(before: &LineHash, seq: u64, lines: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut tail = Tail {
        next_seq: seq,
        hash: before.clone(),
        last_file: None,
        torn: None,
    };
    read::file("f", lines, &mut reading, &mut tail);
    reading
}

#[test]
fn every_octet_that_is_changed_is_told_and_hides_nothing_else() {
    let place = Place::new();
    place.write(NOVEMBER, 0..200);
    let whole = fs::read_to_string(place.file("2026-11")).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let mut before = LineHash::none();
    for (at, line) in lines.iter().enumerate() {
        let rest = lines[at..].iter().take(2).copied().collect::<String>();
        let seq = at as u64 + 1;
        assert_eq!(read_on(&before, seq, rest.as_bytes()).damage, []);
        for octet in 0..line.len() {
            let mut changed = rest.clone().into_bytes();
            changed[octet] ^= 1;
            let reading = read_on(&before, seq, &changed);
            assert!(!reading.damage.is_empty(), "{at} {octet}");
            let lost_the_end = octet + 1 == line.len();
            assert_eq!(
                reading.entries.len() + 1 + usize::from(lost_the_end && at < 199),
                rest.lines().count()
            );
        }
        before = LineHash::of(line.trim_end().as_bytes());
    }
}

#[test]
fn a_record_that_was_taken_out_or_put_elsewhere_is_told_by_its_number() {
    let place = Place::new();
    place.write(NOVEMBER, 0..5);
    let whole = fs::read_to_string(place.file("2026-11")).unwrap();
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.remove(2);
    fs::write(place.file("2026-11"), format!("{}\n", lines.join("\n"))).unwrap();
    let reading = place.journal().read().unwrap();
    assert_eq!(reading.entries.len(), 4);
    assert_eq!(
        (reading.damage[0].seq, &reading.damage[0].kind),
        (3, &DamageKind::Broken)
    );
    // Going on does not hide it.
    place.write(NOVEMBER, 5..6);
    assert_eq!(place.journal().read().unwrap().damage.len(), 1);
}

#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let place = Place::new();
    place.write(NOVEMBER, 0..1);
    let victim = place.home.path().join("victim");
    fs::write(&victim, b"precious\n").unwrap();
    fs::remove_file(place.file("2026-11")).unwrap();
    std::os::unix::fs::symlink(&victim, place.file("2026-11")).unwrap();
    assert!(place.journal().read().is_err());
    assert_eq!(fs::read(&victim).unwrap(), b"precious\n");
}

#[test]
fn after_a_failure_nothing_more_is_written() {
    let place = Place::new();
    let mut pen = place.journal().take_pen().unwrap();
    pen.note(&entry(NOVEMBER, 0)).unwrap();
    // A directory in the place of the next file.
    fs::create_dir(place.file("2026-12")).unwrap();
    assert!(matches!(pen.note(&entry(DECEMBER, 1)), Err(JournalError::Failed(_))));
    assert_eq!(pen.note(&entry(NOVEMBER, 2)), Err(JournalError::Spoiled));
}

#[test]
fn a_record_that_could_not_be_read_again_is_not_written_and_spoils_nothing() {
    let place = Place::new();
    let mut pen = place.journal().take_pen().unwrap();
    let said = |octets: usize| Entry {
        record: Record::NotMade {
            step: 0,
            said: Untrusted::from("x".repeat(octets)),
        },
        ..entry(NOVEMBER, 0)
    };
    let too_large = said(line::MAX_OCTETS);
    assert!(matches!(pen.note(&too_large), Err(JournalError::TooLarge(octets)) if octets > line::MAX_OCTETS));
    let frame = line::write(1, &LineHash::none(), &said(0)).trim_end().len();
    pen.note(&said(line::MAX_OCTETS - frame)).expect("as large as may be");
    drop(pen);
    let reading = place.journal().read().unwrap();
    assert_eq!((reading.entries.len(), reading.damage), (1, Vec::new()));
}

#[test]
fn nobody_writes_on_after_a_newer_zonecut_but_everybody_reads() {
    let place = Place::new();
    place.write(NOVEMBER, 0..2);
    let mut lines = fs::read_to_string(place.file("2026-11")).unwrap();
    let hash = LineHash::of(lines.lines().last().unwrap().as_bytes());
    lines += &line::write_as(line::SCHEMA + 1, 3, &hash, &entry(NOVEMBER, 2));
    fs::write(place.file("2026-11"), &lines).unwrap();
    let reading = place.journal().read().unwrap();
    assert_eq!(reading.entries.len(), 2);
    assert_eq!(reading.damage[0].kind, DamageKind::Newer(line::SCHEMA + 1));
    assert_eq!(
        place.journal().take_pen().err(),
        Some(JournalError::Newer(line::SCHEMA + 1))
    );
    assert_eq!(fs::read_to_string(place.file("2026-11")).unwrap(), lines);
}

#[test]
fn a_clock_that_is_set_back_while_one_writes_leads_to_no_earlier_file() {
    let place = Place::new();
    let mut pen = place.journal().take_pen().unwrap();
    pen.note(&entry(DECEMBER, 0)).unwrap();
    pen.note(&entry(NOVEMBER, 1)).unwrap();
    drop(pen);
    assert!(!place.file("2026-11").exists());
    let reading = place.journal().read().unwrap();
    assert_eq!((reading.entries.len(), reading.damage), (2, Vec::new()));
}
