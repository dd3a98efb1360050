//! What the owner of the zone above is given, by keys in a terminal: read, copied and saved.

use super::session::Start;
use crate::cli::run::Place;

#[test]
fn a_request_for_a_zone_of_the_demo_is_shown_copied_and_saved() {
    let place = Place::new();
    let mut session = Start::new(&place, &["--demo"]).window(120, 36).run();
    session.until_read("example.com");
    session.press("/ \"status:missing\" enter d");
    session.until_text("step 1 of 6");
    session.press("enter");
    session.until_text("somebody else writes the zone above");
    session.press("down enter");
    session.until_text("step 3 of 3");
    session.until_text("BEGIN ZONECUT DELEGATION REQUEST");
    session.press("p");
    session.until_text("saved: ");
    let saved: Vec<_> = walk(&place.path().to_path_buf());
    let [file] = saved.as_slice() else { panic!("{saved:?}") };
    let text = std::fs::read_to_string(file).expect("a text");
    let request = zonecut::plan::request::read(&text).expect("a request");
    assert_eq!(request.name_servers.len(), 4);
    assert!(text.contains("ChangeResourceRecordSets"), "{text}");
    session.press("esc");
    session.until_text("nothing was changed");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
}

/// The requests that were saved somewhere in a home.
fn walk(folder: &std::path::PathBuf) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(walk(&path));
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    found
}
