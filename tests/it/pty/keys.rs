//! The mouse, which is left alone unless it is asked for, and what is read again by itself.

use vt100::MouseProtocolMode;

use super::served::Served;
use super::session::Start;
use crate::cli::run::{Place, SMALL};

#[test]
fn the_mouse_is_captured_only_where_the_configuration_says_so() {
    let place = Place::new();
    let demo = format!("--demo={}", place.write("w.toml", SMALL));
    let mut session = Start::new(&place, &[&demo]).run();
    session.until_text("MISSING");
    assert_eq!(session.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    session.type_keys("q");
    session.end();

    let config = place.write("c.toml", "[ui]\nmouse = true\n");
    let mut session = Start::new(&place, &[&demo, "--config", &config]).run();
    session.until_text("MISSING");
    session.until("the mouse is captured", |screen| {
        screen.mouse_protocol_mode() != MouseProtocolMode::None
    });
    let row = session
        .screen()
        .rows(0, 60)
        .position(|row| row.contains("lost.example.com"))
        .expect("a row");
    let is_selected = move |screen: &vt100::Screen| {
        let row = u16::try_from(row).expect("a row");
        screen.cell(row, 3).is_some_and(vt100::Cell::inverse)
    };
    assert!(!is_selected(session.screen()));
    // A press and a release of the first button, in SGR's way.
    session.type_keys(&format!("\u{1b}[<0;5;{0}M\u{1b}[<0;5;{0}m", row + 1));
    session.until("the row is selected", is_selected);
    session.type_keys("q");
    session.end();
    session.assert_restored("the mouse was captured");
}

#[test]
fn what_is_old_is_read_again_by_itself_only_where_that_is_asked_for() {
    for refresh in [true, false] {
        let served = Served::of(SMALL);
        let credentials = served.keys("hub", "111122223333", "s");
        let config = format!("[[accounts]]\nname = \"hub\"\nprofile = \"hub\"\n[ui]\nauto_refresh = {refresh}\n");
        served.configure("", &credentials, &config);
        let mut session = Start::new(&served.place, &[])
            .with_all(served.variables())
            .with("ZONECUT_PROVOKE", "refresh")
            .run();
        session.until_text("example.com");
        if refresh {
            session.until("the list was read three times", |_| {
                served.asked("ListHostedZones") >= 3
            });
        } else {
            session.press("i");
            session.until_text("ready");
            // The time to read again would have come many times while these frames are drawn.
            for _ in 0..30 {
                session.press("j k");
            }
            assert_eq!(served.asked("ListHostedZones"), 1);
        }
        session.type_keys("\u{3}");
        assert_eq!(session.end(), 0);
    }
}
