//! Record sets by keys, in a terminal, against the demo's Route 53: added, changed, deleted, and taken back.

use super::session::{Session, Start};
use super::wizard::say_yes;
use crate::cli::run::Place;

/// Goes on from the checks to the end of the apply.
fn through(session: &mut Session, name: &str) {
    session.until_text("CHECKS");
    session.press("enter");
    session.until_text("step 3 of 4");
    say_yes(session, name);
    session.until_text("✓ verified");
    // A key sent together with escape would be read as one with Alt.
    session.press("esc");
    session.until("the review is closed", |screen| {
        !screen.contents().contains("✓ verified")
    });
}

fn open_records(session: &mut Session) {
    session.until_read("example.com");
    session.press("w a enter");
    session.until_text("[WRITE PROD 1");
    session.press("/ \"example.com\" enter enter ]");
    session.until_text("[Records");
}

fn shows(session: &mut Session, texts: &[&str]) {
    session.until("the row", |screen| {
        let contents = screen.contents();
        let mut rows = contents.lines();
        rows.any(|row| texts.iter().all(|text| row.contains(text)))
    });
}

#[test]
fn a_record_set_is_added_changed_and_deleted_by_keys_and_the_last_of_it_is_taken_back() {
    let place = Place::new();
    let mut session = Start::new(&place, &["--demo"])
        .with("ZONECUT_LIVE", "true")
        .window(120, 36)
        .run();
    open_records(&mut session);
    session.press("+ \"pty\" enter \"txt\" enter enter \"no quotes\"");
    session.until_text("✗ it is not in quotation marks");
    session.type_keys("\u{1b}[H\"\u{1b}[F\"");
    session.until("no flaw", |screen| !screen.contents().contains('✗'));
    session.press("enter enter enter");
    through(&mut session, "pty.example.com");
    session.press("/ \"pty\" enter");
    shows(&mut session, &["pty", "TXT", "300", "no quotes"]);
    session.press("C");
    session.until_text("pty.example.com TXT");
    session.press("tab tab");
    session.paste("\"a second\"");
    session.until_text("Value  \"a second\"");
    session.press("enter enter enter");
    through(&mut session, "pty.example.com");
    shows(&mut session, &["pty", "TXT", "a second"]);
    session.press("D");
    session.until_text("Delete the TXT record set pty.example.com");
    session.until_text("CHECKS");
    session.press("enter");
    session.until_text("step 2 of 3");
    say_yes(&mut session, "pty.example.com");
    session.until_text("✓ verified");
    session.press("esc");
    session.until_text("Nothing passes the filter");
    session.press("4");
    session.until_text("pty.example.com  record sets");
    session.press("u");
    session.until_text("step 1 of 4");
    session.press("enter");
    session.until_text("CHECKS");
    session.press("enter");
    session.until_text("step 3 of 4");
    say_yes(&mut session, "pty.example.com");
    session.until_text("✓ verified");
    session.press("esc 1");
    session.press("enter ] / \"pty\" enter");
    shows(&mut session, &["pty", "TXT", "a second"]);
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
}
