//! Text that would take the terminal over, in every place it can come from, on every screen, in a terminal emulator.

use std::num::NonZeroU16;
use std::sync::Arc;

use jiff::Timestamp;
use zonecut::model::account::{Account, AccountIx, AccountStatus, Env, Problem, ProblemKind};
use zonecut::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use zonecut::model::name::DnsName;
use zonecut::model::record::{RecordData, RecordSet, RecordType, Routing};
use zonecut::model::records::Records;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::{Visibility, Zone, ZoneId, ZoneKey};
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::launch::{Banner, Launch};

use super::bytes::bytes;
use super::sizes::SCREENS;
use super::stage::{Base, Stage, launch};

/// A title, the clipboard, a report of the cursor, a cleared screen, a link; then what hides and what deceives.
const HOSTILE: [&str; 12] = [
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}[6n\u{1b}[c",
    "\u{1b}[2J\u{1b}[H\u{1b}[?1049l\u{1b}[?25h",
    "\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "\u{9b}2J\u{9d}0;owned\u{9c}",
    "a\r\nb\tc\u{8}\u{7f}\0",
    "\u{202e}gnp.exe\u{2066}x\u{2069}",
    "zero\u{200b}width\u{feff}\u{e0041}",
    "xn--a xn--\u{ff} xn--80ak6aa92e",
    "⟨U+001B⟩",
    "ﷺﷺﷺ全角全角",
];

fn all() -> String {
    HOSTILE.concat()
}

fn problem() -> Problem {
    Problem {
        kind: ProblemKind::Denied,
        message: Untrusted::from(all()),
        remedy: Some(Untrusted::from(all())),
        request_id: Some(Untrusted::from(all())),
    }
}

fn account(name: &str, status: AccountStatus) -> Account {
    Account {
        name: Untrusted::from(format!("{name}{}", all())),
        id: None,
        profile: Some(Untrusted::from(all())),
        env_label: Some(Untrusted::from(all())),
        env: Env::NonProd,
        status,
    }
}

/// A name with every octet that a label may hold somewhere in it.
fn name(labels: &[&[u8]]) -> DnsName {
    DnsName::from_labels(labels).expect("a name")
}

fn set(zone: &DnsName, record_type: RecordType, values: Vec<Untrusted>, routed: bool) -> RecordSet {
    RecordSet {
        name: zone.clone(),
        record_type,
        ttl: Some(300),
        data: RecordData::Values(values),
        routing: routed.then(|| Routing {
            set_identifier: Untrusted::from(all()),
            policy: Untrusted::from(all()),
        }),
    }
}

fn hostile_inventory() -> Inventory {
    let origin = Origin {
        source: Source::Live,
        at: Timestamp::UNIX_EPOCH,
    };
    let mut inventory = Inventory::new(vec![
        account("one", AccountStatus::Waiting),
        account("two", AccountStatus::Waiting),
    ]);
    let apex = name(&[b"\x1b]0;owned\x07", b"\xe2\x80\xae\n\r\t", b"xn--80ak6aa92e", b"test"]);
    let child = apex.child(b"\x9b2J\x00").expect("a name");
    let zone = |id: &str, name: &DnsName, visibility| Zone {
        key: ZoneKey {
            account: AccountIx(0),
            id: ZoneId::read(id).expect("an id"),
        },
        name: name.clone(),
        visibility,
        record_count: Some(4),
        comment: Untrusted::from(all()),
        linked_service: Some(Untrusted::from(all())),
    };
    let zones = vec![
        zone("Z01HOSTILE1", &apex, Visibility::Public),
        zone("Z02HOSTILE2", &child, Visibility::Public),
        zone("Z03HOSTILE3", &child, Visibility::Public),
        zone("Z04HOSTILE4", &child, Visibility::Private),
    ];
    inventory.apply(Fact::Zones {
        account: AccountIx(0),
        zones: zones.clone(),
        origin,
    });
    for zone in &zones {
        let hostile = || HOSTILE.iter().map(|text| Untrusted::from(*text)).collect::<Vec<_>>();
        let mut sets = vec![
            set(&zone.name, RecordType::SOA, hostile(), false),
            set(&zone.name, RecordType::NS, hostile(), false),
            set(&zone.name, RecordType::TXT, hostile(), true),
            set(
                &zone.name.child(b"big").expect("a name"),
                RecordType::TXT,
                vec![Untrusted::from("\u{1b}[31m".repeat(200_000))],
                false,
            ),
        ];
        if zone.name == apex {
            sets.push(set(
                &child,
                RecordType::NS,
                vec![Untrusted::from("ns\\0331.example.org.")],
                false,
            ));
        }
        let (records, _) = Records::pack(&zone.name, sets);
        let reading = if zone.key.id.as_str() == "Z03HOSTILE3" {
            Reading::Part(Arc::new(records), problem())
        } else {
            Reading::Whole(Arc::new(records))
        };
        inventory.apply(Fact::Records {
            zone: zone.key.clone(),
            reading,
            origin,
        });
    }
    inventory.apply(Fact::Status {
        account: AccountIx(0),
        status: AccountStatus::Complete,
    });
    inventory.apply(Fact::Status {
        account: AccountIx(1),
        status: AccountStatus::Failed(problem()),
    });
    inventory
}

#[derive(Default)]
struct Deeds(Vec<String>);

impl vt100::Callbacks for Deeds {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("title {title:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("icon {name:?}"));
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0.push(format!("clipboard {data:?}"));
    }

    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".to_owned());
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        self.0.push(format!("char {c:?}"));
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, b: u8) {
        self.0.push(format!("control {b:#x}"));
    }

    fn unhandled_csi(&mut self, _: &mut vt100::Screen, i1: Option<u8>, i2: Option<u8>, params: &[&[u16]], c: char) {
        // 59 is our own: no colour of the underline.
        if params != [&[59_u16][..]] {
            self.0.push(format!("csi {i1:?} {i2:?} {params:?} {c}"));
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.0.push(format!("osc {params:?}"));
    }
}

#[test]
fn no_text_from_outside_reaches_the_terminal_as_more_than_text() {
    let base = Base::of(hostile_inventory());
    let hostile = Launch {
        title: Untrusted::from(all()),
        logins: vec![Untrusted::from(all()), Untrusted::from(all())],
        banner: Banner::Endpoint(Untrusted::from(all())),
        ..launch()
    };
    for glyphs in [GlyphSet::Unicode, GlyphSet::Ascii] {
        for (name, keys) in SCREENS {
            let mut stage = Stage::new(base.clone(), hostile.clone(), (150, 50)).with_glyphs(glyphs);
            stage.press("L").press(keys);
            check(name, &stage);
            stage.press("j j j enter j enter");
            check(name, &stage);
        }
    }
}

fn check(name: &str, stage: &Stage) {
    let bytes = bytes(stage);
    let mut parser = vt100::Parser::new_with_callbacks(
        NonZeroU16::new(50).expect("rows"),
        NonZeroU16::new(150).expect("columns"),
        0,
        Deeds::default(),
    );
    parser.process(&bytes);
    assert_eq!(parser.callbacks().0, Vec::<String>::new(), "{name}");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let ours = |c: char| !c.is_control() || c == '\u{1b}';
    let stranger = text
        .chars()
        .find(|c| !ours(*c) || matches!(*c, '\u{202e}' | '\u{200b}' | '\u{feff}' | '\u{2066}'));
    assert_eq!(stranger, None, "{name}");
    // What the emulator shows is what was drawn: nothing moved the cursor or cleared anything.
    let drawn = stage.screen();
    for (line, (expected, seen)) in drawn.lines().zip(parser.screen().rows(0, 150)).enumerate() {
        assert_eq!(
            seen.trim_end().replace(' ', ""),
            expected.replace(' ', ""),
            "{name}, line {line}"
        );
    }
}
