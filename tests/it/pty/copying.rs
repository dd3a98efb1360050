//! The clipboard: nothing goes there without a key, and what goes there is exactly the text that is fit to print.

use std::os::unix::fs::PermissionsExt as _;

use super::session::{Session, Start};
use crate::cli::run::{Place, SMALL};

/// Base64 as it stands in RFC 4648.
fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |octets: &[u8]| {
        let word = octets.iter().fold(0_u32, |word, octet| word << 8 | u32::from(*octet)) << (8 * (3 - octets.len()));
        (0..4)
            .map(|place| match place <= octets.len() {
                true => char::from(LETTERS[(word >> (18 - 6 * place)) as usize & 63]),
                false => '=',
            })
            .collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}

/// A world in which the account and the zone of what is copied are hostile.
fn demo(place: &Place) -> String {
    let world = SMALL
        .replace("name = \"team\"", "name = \"t\\u001B]0;x\\u0007\\u202E\\u009B\"")
        .replace("lost.example.com", "\\\\033]0;lost.example.com");
    format!("--demo={}", place.write("w.toml", &world))
}

/// The program with the zone that is not delegated under the cursor, and `PATH` leading to our own helpers first.
fn started(place: &Place, variables: &[(&'static str, String)]) -> Session {
    let path = format!("{}:/usr/bin:/bin", place.path().join("bin").display());
    let mut session = Start::new(place, &[&demo(place)])
        .with("PATH", &path)
        .with_all(variables)
        .window(120, 36)
        .run();
    session.until_read("MISSING");
    session.press("}");
    session
}

/// A program of that name which keeps what it is given, and the arguments it is called with.
fn helper(place: &Place, name: &str, then: &str) {
    let kept = place.path().join(format!("{name}.got")).display().to_string();
    let script =
        format!("#!/bin/sh\necho \"$*\" >'{kept}.args'\n{then}\ncat >'{kept}.part' && mv '{kept}.part' '{kept}'\n");
    let file = place.write(&format!("bin/{name}"), &script);
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("ours");
}

fn got(place: &Place, name: &str) -> Option<String> {
    std::fs::read_to_string(place.path().join(format!("{name}.got"))).ok()
}

const NAME: &str = "\\027]0\\;lost.example.com";

fn over_ssh() -> Vec<(&'static str, String)> {
    vec![("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22".to_owned())]
}

#[test]
fn over_ssh_the_terminal_is_asked_and_no_helper_of_this_machine() {
    let place = Place::new();
    helper(&place, "wl-copy", "");
    let mut session = started(&place, &over_ssh());
    assert_eq!(session.deeds(), &[] as &[String], "nothing is copied without a key");
    session.press("y n");
    session.until_text("with OSC 52");
    assert_eq!(session.deeds(), &[format!("copy c {}", base64(NAME))]);
    session.press("y m");
    session.until_seen("a second copy", |session| session.deeds().len() == 2);
    let copied = session.deeds().last().cloned().expect("a second copy");
    let finding = base64("**missing-delegation**");
    // Where the word begins in a group of three octets is not known: one of the three forms has its middle.
    let middle = &finding[4..20];
    let shifted = [base64(" **missing-delegation**"), base64("  **missing-delegation**")];
    assert!(
        copied.contains(middle) || shifted.iter().any(|form| copied.contains(&form[4..20])),
        "{copied}"
    );
    session.press("O");
    session.until_seen("a third copy", |session| session.deeds().len() == 3);
    session.type_keys("\u{3}");
    session.end();
    assert_eq!(got(&place, "wl-copy"), None);
    assert!(
        session.deeds().iter().all(|deed| deed.starts_with("copy c ")),
        "{:?}",
        session.deeds()
    );
    session.assert_restored("copied");
}

#[test]
fn here_the_first_helper_that_works_gets_exactly_the_text() {
    let place = Place::new();
    // One that fails, as without a display, and one that hangs up: both are passed over.
    helper(&place, "pbcopy", "exit 1");
    helper(&place, "wl-copy", "exec <&-; exit 2");
    helper(&place, "xclip", "");
    helper(&place, "xsel", "");
    let mut session = started(&place, &[]);
    session.press("y m");
    session.until_text("with xclip");
    let markdown = got(&place, "xclip").expect("it got the text");
    let args = std::fs::read_to_string(place.path().join("xclip.got.args")).expect("it was called");
    assert_eq!(args, "-selection clipboard\n");
    assert!(
        markdown.starts_with("### \\\\027\\]0\\\\;lost.example.com: "),
        "{markdown}"
    );
    assert!(
        markdown.contains("t⟨U+001B⟩\\]0;x⟨U+0007⟩⟨U+202E⟩⟨U+009B⟩"),
        "{markdown}"
    );
    assert!(
        !markdown.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{markdown:?}"
    );
    session.press("y n");
    session.until_text(&format!("copied {} bytes with xclip", NAME.len()));
    assert_eq!(got(&place, "xclip").as_deref(), Some(NAME));
    session.type_keys("\u{3}");
    session.end();
    assert_eq!(
        (got(&place, "pbcopy"), got(&place, "wl-copy"), got(&place, "xsel")),
        (None, None, None)
    );
    assert_eq!(session.deeds(), &[] as &[String], "the terminal was not asked");
}

#[test]
fn in_tmux_its_buffer_is_loaded_and_where_that_fails_the_terminal_is_asked() {
    for (then, way) in [("", "with tmux"), ("exit 1", "with OSC 52")] {
        let place = Place::new();
        helper(&place, "tmux", then);
        let tmux = ("TMUX", "/tmp/tmux-0/default,1,0".to_owned());
        let mut session = started(&place, &[over_ssh(), vec![tmux]].concat());
        session.press("y n");
        session.until_text(way);
        let args = std::fs::read_to_string(place.path().join("tmux.got.args")).expect("it was called");
        assert_eq!(args, "load-buffer -w -\n");
        let asked_terminal = way == "with OSC 52";
        assert_eq!(got(&place, "tmux").is_some(), !asked_terminal);
        assert_eq!(
            session.deeds().len(),
            usize::from(asked_terminal),
            "{:?}",
            session.deeds()
        );
        session.type_keys("\u{3}");
        session.end();
    }
}

#[test]
fn what_is_too_long_for_the_terminal_is_not_sent_to_it() {
    let place = Place::new();
    // The command that mends it names the profile, which is as long as nobody makes one.
    let long = "p".repeat(75_000);
    let config = place.write(
        "c.toml",
        &format!("[[accounts]]\nname = \"one\"\nprofile = \"{long}\"\n"),
    );
    let mut session = Start::new(&place, &["--config", &config]).with_all(&over_ssh()).run();
    session.until_text("zonecut");
    session.press("i");
    session.until_text("no-credentia");
    session.press("y");
    session.until_text("too many for the clipboard");
    session.type_keys("\u{3}");
    session.end();
    assert_eq!(session.deeds(), &[] as &[String]);
}
