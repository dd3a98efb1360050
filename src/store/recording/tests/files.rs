//! Recordings in files: there only when they are whole, for their owner alone, and never in the place of something else.

use super::super::*;
use super::recording;

fn entries(dir: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_recording_appears_when_it_is_whole_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.jsonl");
    let (circumstances, inventory, octets) = recording(5);
    let draft = Draft::begin(&path).unwrap();
    assert!(!path.exists());
    draft.finish(&circumstances, &inventory).unwrap();
    assert_eq!(entries(dir.path()), ["run.jsonl"]);
    assert_eq!(std::fs::read(&path).unwrap(), octets);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(open(&path).unwrap().circumstances, circumstances);
}

#[test]
fn a_draft_that_is_given_up_leaves_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.jsonl");
    drop(Draft::begin(&path).unwrap());
    assert_eq!(entries(dir.path()), [""; 0]);
    let (circumstances, inventory, octets) = recording(6);
    Draft::begin(&path).unwrap().finish(&circumstances, &inventory).unwrap();
    drop(Draft::begin(&path).unwrap());
    assert_eq!((entries(dir.path()).len(), std::fs::read(&path).unwrap()), (1, octets));
}

#[test]
fn nothing_but_a_recording_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("precious");
    std::fs::write(&path, "{\"zonecut\":1}").unwrap();
    let is_taken = |path: &std::path::Path| matches!(Draft::begin(path), Err(RecordingError::Taken(_)));
    assert!(is_taken(&path));
    assert!(is_taken(dir.path()));
    #[cfg(unix)]
    assert!(is_taken(std::path::Path::new("/dev/null")));
    assert_eq!(std::fs::read(&path).unwrap(), b"{\"zonecut\":1}");
    let (circumstances, inventory, octets) = recording(7);
    std::fs::write(&path, "").unwrap();
    for _ in 0..2 {
        Draft::begin(&path).unwrap().finish(&circumstances, &inventory).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), octets);
    }
}

#[test]
fn what_came_in_the_meantime_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.jsonl");
    let (circumstances, inventory, _) = recording(8);
    let draft = Draft::begin(&path).unwrap();
    std::fs::write(&path, "precious").unwrap();
    let error = draft.finish(&circumstances, &inventory).unwrap_err();
    assert!(matches!(error, RecordingError::Taken(_)), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(entries(dir.path()), ["run.jsonl"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_written_through() {
    let dir = tempfile::tempdir().unwrap();
    let (path, link) = (dir.path().join("run.jsonl"), dir.path().join("link"));
    std::fs::write(&path, "").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let (circumstances, inventory, octets) = recording(9);
    Draft::begin(&link).unwrap().finish(&circumstances, &inventory).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), octets);
    assert!(link.symlink_metadata().unwrap().is_symlink());
}
