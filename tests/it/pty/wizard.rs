//! Changes from the keyboard alone, in a terminal, against the demo's Route 53 and its name servers.

use super::session::{Session, Start};
use crate::cli::run::Place;

/// Says yes at the review: reads it to its end, acknowledges all warnings, types the name, and presses the button.
pub fn say_yes(session: &mut Session, name: &str) {
    session.press("G");
    session.until("the end of it", |screen| !screen.contents().contains("more line"));
    let open = session.screen().contents().matches("[ ] I know").count();
    session.press("tab tab tab tab");
    for _ in 0..open {
        session.press("space tab");
    }
    if session.screen().contents().contains(&format!("type {name} >")) {
        session.until_text("> type ");
        session.press(&format!("\"{name}\" tab tab tab tab"));
    } else {
        session.press("tab tab tab");
    }
    session.until_text("[ Apply ]");
    session.press("enter");
}

#[test]
fn a_name_is_delegated_verified_and_seen_in_the_tree_by_keys_alone() {
    let place = Place::new();
    let mut session = Start::new(&place, &["--demo"])
        .with("ZONECUT_LIVE", "true")
        .window(120, 36)
        .run();
    session.until_read("example.com");
    session.until("what is missing was seen", |screen| !screen.contents().contains("∅ 0"));
    session.press("/ \"status:missing\" enter d");
    session.until_text("step 1 of 6");
    session.until_text("Delegate dev.example.com");
    session.press("enter enter");
    session.until_text("CHECKS");
    session.press("enter enter");
    session.until_text("step 5 of 6");
    session.until_text("read-only: w unlocks");
    session.press("w a enter");
    session.until_text("[WRITE PROD 1");
    say_yes(&mut session, "dev.example.com");
    session.until_text("✓ verified");
    session.press("esc");
    session.until("the tree shows what is so now", |screen| {
        let contents = screen.contents();
        let mut rows = contents.lines().filter(|row| row.contains(" dev.example.com "));
        rows.all(|row| !row.contains("MISSING"))
    });
    session.press("4");
    session.until_text("verified");
    session.press("u");
    session.until_text("wait until resolvers no longer remember");
    session.press("enter");
    session.until_text("CHECKS");
    session.press("enter");
    session.until_text("step 3 of 4");
    say_yes(&mut session, "dev.example.com");
    session.until_text("✓ verified");
    session.press("4");
    session.until_text("undone");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
    session.assert_restored("a change was made");
}
