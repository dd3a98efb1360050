//! Text that would take the terminal over, from AWS to the terminal of the real program: shown, and nothing more.

use std::collections::BTreeSet;

use zonecut::sim::api::ApiError;
use zonecut::sim::faults::Rate;
use zonecut::sim::service::{CallFault, Injected};

use super::served::Served;
use super::session::{Session, Start};
use crate::tui::is_full;
use crate::tui::sizes::SCREENS;

/// A title, the clipboard, a report, a cleared screen, a link, a reset; then what hides and what deceives.
const HOSTILE: [&str; 14] = [
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}[6n\u{1b}[c\u{1b}[5n",
    "\u{1b}[2J\u{1b}[H\u{1b}[?1049l\u{1b}[?25h\u{1b}[?1000h",
    "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}c\u{1b}(0\u{1b}=\u{1b}[4 q",
    "\u{1b}P1$r0m\u{1b}\\\u{1b}_apc\u{1b}\\",
    "\u{9b}2J\u{9d}0;owned\u{9c}",
    "a\r\nb\tc\u{8}\u{7}\u{7f}\0",
    "\u{202e}gnp.exe\u{2066}x\u{2069}",
    "zero\u{200b}width\u{feff}\u{200d}",
    "tag\u{e0041}\u{e0042}\u{e007f}",
    "xn--a xn--\u{ff} xn--80ak6aa92e",
    "⟨U+001B⟩",
];

/// Names that look alike where what is hidden is left out or acts.
const ALIKE: [&str; 7] = [
    "twin",
    "twin\u{200b}",
    "tw\u{202e}in",
    "twin\u{e0041}",
    "twin\u{8}",
    "twin\u{9b}",
    "tw\u{1b}[Cin",
];

fn all() -> String {
    HOSTILE.concat()
}

/// A text in TOML, every character of it escaped.
fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(|c| format!("\\U{:08X}", u32::from(c))).collect();
    format!("\"{escaped}\"")
}

/// A text as octets of a label, in Route 53's dialect.
fn octal(text: &str) -> String {
    text.bytes().map(|octet| format!("\\{octet:03o}")).collect()
}

/// The most that Route 53 takes of one value, as often as makes a million octets.
fn large() -> Vec<String> {
    let value = |number: usize| {
        let part = "\u{1b}]0;owned\u{7}".repeat(27);
        let strings = format!("\"{part}\" ").repeat(13);
        format!("big 300 TXT \"{number}\" {strings}")
    };
    (0..262).map(value).collect()
}

fn world() -> String {
    let texts = HOSTILE.map(|text| format!("t 300 TXT \"{text}\""));
    let names = HOSTILE.map(|text| format!("{}.names 300 CNAME {}.example.", octal(text), octal(text)));
    let alike = ALIKE.map(|text| format!("{} 300 A 192.0.2.1", octal(text)));
    let raw = [
        format!("raw 300 CAA 0 issue \"{}\"", all()),
        format!("raw 300 MX 10 {}", HOSTILE[0]),
        format!("weighted 300 A 192.0.2.2 # id={}=x weight=1", "\u{1b}]0;owned\u{7}"),
        "gone 300 NS ns-1.awsdns-00.com. ns-513.awsdns-00.net. ns-1025.awsdns-00.org. ns-1537.awsdns-00.co.uk."
            .to_owned(),
        format!("outside 300 NS {}.example. ns2.example.", octal(HOSTILE[0])),
        format!("odd 300 NS {} {}", "\u{1b}]0;owned\u{7}.example.", "\u{202e}.example."),
        format!("{}.gone 300 NS $GONE(x)", octal("\u{1b}]0;owned\u{7}\u{9b}2J")),
    ];
    let lines = texts.into_iter().chain(names).chain(alike).chain(raw);
    let records: Vec<String> = lines.map(|line| quoted(&line)).collect();
    let all = quoted(&all());
    let zone = |name: &str, rest: &str| format!("[[account.zone]]\nname = {}\ncomment = {all}\n{rest}\n", quoted(name));
    let child = octal("\u{1b}]0;owned\u{7}\u{202e}");
    [
        "name = \"hostile\"\n[[account]]\nid = \"111122223333\"\nname = \"one\"\n".to_owned(),
        zone("example.com", &format!("records = [{}]", records.join(", "))),
        zone(&format!("{child}.example.com"), "delegate = false"),
        zone(&format!("{}.example.com", octal("xn--80ak6aa92e\u{200b}")), ""),
        zone("xn--a.example.com", &format!("linked_service = {all}")),
        zone("private.example.com", "private = true"),
        zone(
            "zz.example",
            &format!(
                "records = [{}]",
                large().iter().map(|line| quoted(line)).collect::<Vec<_>>().join(", ")
            ),
        ),
        "[[account]]\nid = \"444455556666\"\nname = \"two\"\n".to_owned(),
        zone("example.com", "delegate = false"),
    ]
    .concat()
}

/// Two accounts that can be read, one whose refusal is hostile, and some of which the names look alike.
fn served() -> Served {
    let mut served = Served::of(&world());
    let mut credentials = String::new();
    let mut config = String::new();
    for (place, id) in ["111122223333", "444455556666"].into_iter().enumerate() {
        credentials.push_str(&served.keys(&format!("p{place}"), id, "s"));
        let (name, env) = (quoted(&format!("n{place} {}", all())), quoted(&all()));
        config.push_str(&format!(
            "[[accounts]]\nname = {name}\nid = \"{id}\"\nprofile = \"p{place}\"\nenv = {env}\n"
        ));
    }
    for name in ALIKE {
        let (name, profile) = (quoted(name), quoted(&format!("p{}", all())));
        config.push_str(&format!("[[accounts]]\nname = {name}\nprofile = {profile}\n"));
    }
    // The name of the file is shown as well: it is the title.
    let file = served.place.write("\u{1b}]0;owned\u{7}\u{202e}.toml", &config);
    served.lead("ZONECUT_CONFIG", file);
    served.configure("", &credentials, "");
    // Dozens of runs share the account's budget, and none of them is about it.
    for id in served.simulator.accounts() {
        served.simulator.set_faults(id, |faults| {
            faults.rate = Some(Rate {
                burst: 1e6,
                per_second: 1e6,
            });
        });
    }
    served.simulator.inject(Injected {
        account: "444455556666".parse().ok(),
        action: "ListResourceRecordSets".to_owned(),
        fault: CallFault::Refused(ApiError::new(403, "AccessDenied", all())),
        times: u64::MAX,
    });
    served
}

/// Nothing of the data did anything, and nothing that is hidden or deceives was written.
fn assert_harmless(what: &str, session: &Session) {
    // Ours: it divides the fields of the plain format.
    let ours: &[char] = if what.contains("plain") {
        &['\u{1b}', '\r', '\n', '\t']
    } else {
        &['\u{1b}', '\r', '\n']
    };
    assert_eq!(session.deeds(), &[] as &[String], "{what}");
    let text = String::from_utf8(session.raw.clone()).expect("UTF-8");
    let stranger = text.char_indices().find(|(_, c)| {
        (c.is_control() && !ours.contains(c))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
            || matches!(c, '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    });
    assert_eq!(stranger, None, "{what}");
    for sequence in text.split('\u{1b}').skip(1) {
        let rest = sequence
            .strip_prefix('[')
            .unwrap_or_else(|| panic!("{what}: ESC {sequence:?}"));
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).expect("a sequence ends");
        let parameters = &rest[..end];
        assert!(
            parameters.chars().all(|c| c.is_ascii_digit() || matches!(c, ';' | '?')),
            "{what}: CSI {rest:?}"
        );
    }
}

/// Visits every screen; the terminal stays taken over, whatever is shown.
fn tour(served: &Served, window: (u16, u16), glyphs: &str) {
    let what = format!("{window:?} {glyphs}");
    let mut session = Start::new(&served.place, &["--glyphs", glyphs, "--refresh"])
        .with_all(served.variables())
        .window(window.0, window.1)
        .run();
    // The account of which the refusal is hostile has been read as far as it can be.
    session.until_text("example.com");
    session.press("1 g i");
    session.until("every account has ended", |screen| {
        !screen.contents().contains("reading")
    });
    session.press("esc");
    for (name, keys) in SCREENS.iter().chain(&[
        ("raw text", "j enter ] ] ] ]"),
        ("a large record set", "/ \"zz.\" enter G enter ] / \"big\" enter enter"),
        ("each account", "i j j j j j j j j"),
        ("text to copy", "j Y"),
        ("what failed", "!"),
        ("private zones", "P"),
    ]) {
        session.press(keys);
        assert!(
            session.screen().alternate_screen() && session.screen().bracketed_paste(),
            "{what} {name}"
        );
        assert_eq!(session.deeds(), &[] as &[String], "{what} {name}");
        if *name == "a large record set" {
            session.until_text("big.zz.example");
            session.until_text("Type   TXT");
        }
        session.press("esc esc esc esc 1 g");
    }
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0, "{what}");
    session.assert_restored(&what);
    assert_harmless(&what, &session);
    let shown = session.text();
    let visible = if glyphs == "ascii" {
        "\\u{001B}]0;owned"
    } else {
        "⟨U+001B⟩]0;owned"
    };
    assert!(shown.contains(visible), "{what}: nothing hostile was shown at all");
}

#[test]
fn in_the_terminal_program_hostile_text_is_text() {
    let served = served();
    let all = [
        ((120, 36), "unicode"),
        ((80, 24), "ascii"),
        ((120, 36), "ascii"),
        ((80, 24), "unicode"),
    ];
    let some = if is_full() { 4 } else { 2 };
    std::thread::scope(|scope| {
        for (window, glyphs) in all.into_iter().take(some) {
            let served = &served;
            scope.spawn(move || tour(served, window, glyphs));
        }
    });
}

/// The first start, where nothing is configured, and the question for a code, on the screen and on the command line.
#[test]
fn profiles_and_devices_with_hostile_names_are_shown_and_nothing_more() {
    let served = Served::of(&world());
    let hub = served.keys("hub", "111122223333", "s");
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}x";
    let role = format!(
        "[profile team]\nrole_arn = arn:aws:iam::444455556666:role/{hostile}\nsource_profile = hub\nmfa_serial = {hostile}\n"
    );
    let values =
        format!("{role}[profile other]\nrole_arn = {hostile}\nsource_profile = {hostile}\ngranted_color = {hostile}\n");
    let damaged = format!("{role}[profile {hostile}]\nregion = us-east-1\n");
    let endpoint: Vec<_> = served
        .variables()
        .iter()
        .filter(|(name, _)| *name != "ZONECUT_CONFIG")
        .cloned()
        .collect();
    for (aws, told) in [(damaged, "error parsing"), (values, "team")] {
        served.configure(&aws, &hub, "");
        let mut first = Start::new(&served.place, &[]).with_all(&endpoint).window(120, 36).run();
        first.until_text(told);
        first.press("j j j j space a n ?");
        first.type_keys("\u{3}");
        assert_eq!(first.end(), 0);
        first.assert_restored("first start");
        assert_harmless("first start", &first);
    }

    let name = quoted(&all());
    served.place.write(
        "zonecut.toml",
        &format!("[[accounts]]\nname = {name}\nprofile = \"team\"\n"),
    );
    for (args, question) in [(&[][..], "MFA code for"), (&["check"], "(empty: skip this account):")] {
        let mut asked = Start::new(&served.place, args)
            .with_all(served.variables())
            .window(120, 36)
            .run();
        asked.until_text(question);
        asked.type_keys("\u{3}");
        asked.end();
        asked.assert_restored(question);
        assert_harmless(question, &asked);
    }
}

#[test]
fn names_that_look_alike_are_drawn_differently() {
    let served = served();
    for glyphs in ["unicode", "ascii"] {
        let mut session = Start::new(&served.place, &["--glyphs", glyphs, "--refresh"])
            .with_all(served.variables())
            .window(120, 36)
            .run();
        session.until_text("example.com");
        session.press("i");
        let in_the_list = |row: &String| row.trim_start_matches(['│', '|', ' ']).starts_with("tw");
        let rows = |screen: &vt100::Screen| screen.rows(0, 120).filter(in_the_list).collect::<Vec<_>>();
        session.until("each has a row", |screen| rows(screen).len() == ALIKE.len());
        let rows = rows(session.screen());
        let different: BTreeSet<&String> = rows.iter().collect();
        assert_eq!((rows.len(), different.len()), (ALIKE.len(), ALIKE.len()), "{rows:#?}");
        session.type_keys("\u{3}");
        session.end();
    }
}

#[test]
fn on_a_terminal_every_command_and_format_prints_hostile_text_as_text() {
    let served = served();
    let mut runs: Vec<Vec<&str>> = Vec::new();
    for info in zonecut::report::FORMATS {
        for document in info.documents {
            let mut args = vec![document.command(), "-F", info.word];
            args.extend((document.command() == "zone").then_some("example.com"));
            if document.command() == "delegate" {
                args.extend(["new.example.com", "-n"]);
            }
            runs.push(args);
        }
    }
    // A million octets become several times as many: all formats of them are for the long run.
    let formats = zonecut::report::FORMATS.iter().map(|info| info.word);
    let some = if is_full() { usize::MAX } else { 1 };
    let of_large = |word| vec!["zone", "zz.example", "-F", word];
    runs.extend(formats.take(some).map(of_large));
    runs.extend([
        vec!["check", "--privacy", "--glyphs", "ascii"],
        vec!["tree", "--color", "never"],
        vec!["scan", "--accessible", "-vv", "--log-file", "log"],
        vec!["config", "show"],
        vec!["config", "path"],
        vec!["config", "init"],
        vec!["zone", "no\u{9b}such\u{202e}.example"],
        vec!["check", "--account", "\u{1b}]0;owned\u{7}"],
        vec!["explain", "\u{1b}]0;owned\u{7}"],
        vec!["check", "--profile", "\u{1b}]0;owned\u{7}"],
        vec!["check", "-F", "\u{1b}]0;owned\u{7}"],
        vec!["\u{1b}]0;owned\u{7}"],
        vec!["check", "--demo=\u{1b}]0;owned\u{7}"],
        vec!["check", "-o", "/nonexistent/\u{1b}]0;owned\u{7}"],
        vec!["check", "--config", "\u{1b}]0;owned\u{7}"],
    ]);
    let next = std::sync::Mutex::new(runs.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(args) = next.lock().ok().and_then(|mut runs| runs.next()) else {
                        return;
                    };
                    let mut session = Start::new(&served.place, &args).with_all(served.variables()).run();
                    session.end();
                    let what = format!("{args:?}");
                    // Nothing was changed yet, so the log has no records.
                    let may_be_empty = args.first() == Some(&"log");
                    assert!(may_be_empty || !session.raw.is_empty(), "{what} prints nothing");
                    session.assert_restored(&what);
                    assert_harmless(&what, &session);
                }
            });
        }
    });
    let log = std::fs::read_to_string(served.place.path().join("cwd/log")).expect("a log");
    assert!(!log.contains(|c: char| c.is_control() && c != '\n'), "{log}");
}
