//! What is written where a terminal can do less: no colours, no Unicode, or no screen of its own.

use super::session::Start;
use crate::cli::run::Place;

#[test]
fn capital_q_leaves_the_screen_as_text() {
    let place = Place::new();
    let mut session = Start::new(&place, &["demo"]).run();
    session.until_text("example.com");
    session.type_keys("Q");
    assert_eq!(session.end(), 0);
    session.assert_restored("Q");
    let contents = session.screen().contents();
    assert!(
        contents.contains("1 Tree") && contents.contains("example.com"),
        "{contents}"
    );
}

#[test]
fn without_colours_no_byte_sets_one() {
    let place = Place::new();
    let mut session = Start::new(&place, &["demo"]).with("NO_COLOR", "1").run();
    session.until_text("example.com");
    session.type_keys("jjj2l");
    session.until_text("Problems");
    session.type_keys("\u{3}");
    session.end();
    let text = session.text();
    assert!(!text.contains("38;") && !text.contains("48;"), "a colour is set");
    assert!(text.contains("\u{1b}[7m"), "nothing is reversed");
}

#[test]
fn in_a_plain_locale_every_byte_has_seven_bits() {
    let place = Place::new();
    let mut session = Start::new(&place, &["demo"]).with("LANG", "C").run();
    session.until_text("example.com");
    session.type_keys("jj2?");
    session.until_text("Help");
    session.type_keys("\u{3}");
    session.end();
    assert!(session.raw.is_ascii());
}
