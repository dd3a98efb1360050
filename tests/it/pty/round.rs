//! Several findings that are marked and mended by keys in a terminal, one review after the other.

use super::session::Start;
use super::wizard::say_yes;
use crate::cli::run::Place;

#[test]
fn two_findings_are_marked_and_mended_one_after_the_other() {
    let place = Place::new();
    let mut session = Start::new(&place, &["--demo"])
        .with("ZONECUT_LIVE", "true")
        .window(120, 36)
        .run();
    session.until_read("example.com");
    session.until("what is missing was seen", |screen| !screen.contents().contains("∅ 0"));
    session.press("w a enter 2 / \"missing-delegation\" enter");
    session.until_text("filter: missing-delegation");
    session.press("space");
    session.until_text("* 1 marked");
    session.press("space");
    session.until_text("* 2 marked");
    session.press("F");
    session.until_text("Mend what is marked: 2");
    for turn in ["1 of 2", "2 of 2"] {
        session.press("enter");
        let is_asked = |screen: &vt100::Screen| {
            let contents = screen.contents();
            contents.contains("esc closes") || contents.contains(&format!("finding {turn}"))
        };
        session.until("the ways or the plan", is_asked);
        if session.screen().contents().contains("esc closes") {
            session.press("enter");
        }
        session.until_text(&format!("finding {turn}"));
        session.until_text("CHECKS");
        session.press("enter");
        session.until_text("step 2 of 3");
        let screen = session.screen().contents();
        let asked = screen.rsplit(" type ").next().unwrap_or_default();
        let name = asked.split_whitespace().next().unwrap_or_default().to_owned();
        say_yes(&mut session, &name);
        session.until_text("✓ verified");
        session.press("esc");
        session.until_text("Mend what is marked: 2");
    }
    session.until_text("2 mended");
    session.press("enter");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
}
