//! Every screen at every size, with both sets of glyphs: none panics, and what was asked to be 7-bit is.

use zonecut::model::account::{AccountId, Env};
use zonecut::model::text::Untrusted;
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::launch::{Banner, Candidate, FirstRun, Found, Launch, Looked, Ticked};
use zonecut::tui::message::Message;

use super::is_full;
use super::stage::{Base, Stage, demo, halfway, launch};

/// The keys that lead to each screen, from the tree.
pub const SCREENS: [(&str, &str); 30] = [
    ("tree", ""),
    ("tree by account", "v"),
    ("flat tree, detail pane", "v v tab"),
    ("filtered tree", "/ \"api !ok status:\""),
    ("zone overview", "} enter"),
    ("zone records", "} enter ]"),
    ("zone records, filtered", "} enter / \"mx\" enter"),
    ("one record set", "} enter ] enter"),
    ("zone delegation", "} enter ] ]"),
    ("zone DNSSEC", "} enter ] ] ]"),
    ("zone raw", "} enter ] ] ] ]"),
    ("problems", "2"),
    ("problems, symptoms", "2 l j j"),
    ("trace, nothing yet", "3"),
    ("trace, typed", "3 e \"www.example.com\""),
    ("activity", "5"),
    ("accounts", "i"),
    ("help", "?"),
    ("help, searched", "? / \"copy\""),
    ("palette", ":"),
    ("palette, searched", ": \"del\""),
    ("copy", "y"),
    ("scope", "R"),
    ("owners", "} o"),
    ("unlock", "w"),
    ("delegate", "d"),
    ("delegate, parent", "d \"x\" enter enter"),
    ("ways of mending", "} f"),
    ("marked", "2 space j space j space j space j space j space F"),
    (
        "a record set",
        "w a enter } enter ] + \"x\" enter \"mx\" enter enter \"1 nowhere. or\"",
    ),
];

/// A first start with a few accounts.
pub fn first_run() -> FirstRun {
    let candidate = |name: &str, ticked| Candidate {
        name: Untrusted::from(name),
        id: "111122223333".parse::<AccountId>().ok(),
        how: Untrusted::from("SSO acme"),
        env: Env::Prod,
        note: Untrusted::from("ready, 7h left"),
        ticked,
    };
    FirstRun {
        looked: vec![
            Looked {
                found: Found::No,
                place: Untrusted::from("environment"),
                detail: Untrusted::from("no AWS_PROFILE, no AWS_ACCESS_KEY_ID"),
            },
            Looked {
                found: Found::Yes,
                place: Untrusted::from("~/.aws/config"),
                detail: Untrusted::from("3 profiles"),
            },
        ],
        candidates: vec![
            candidate("shared-dns", Ticked::Yes),
            candidate("payments-prod", Ticked::Yes),
            candidate("admin", Ticked::No),
        ],
        policy: "{\n  \"Version\": \"2012-10-17\"\n}".to_owned(),
        config_path: Untrusted::from("/home/ana/.config/zonecut/config.toml"),
    }
}

fn stages() -> Vec<(String, Stage)> {
    let mut stages = Vec::new();
    let base = demo();
    let size = (120, 36);
    for (name, keys) in SCREENS {
        let mut stage = Stage::new(base.clone(), launch(), size);
        stage.press(keys);
        stages.push((name.to_owned(), stage));
    }
    let mut scanning = Stage::new(base.clone(), launch(), size);
    scanning.tick(halfway(&base.inventory));
    stages.push(("scanning".to_owned(), scanning));
    let mut busy = Stage::new(base.clone(), launch(), size);
    busy.tick(halfway(&base.inventory));
    busy.press("5");
    stages.push(("activity while scanning".to_owned(), busy));
    let mut traced = Stage::new(base.clone(), launch(), size);
    traced.press("3 e \"pop-ams.eu.example.com\" enter");
    super::trace::answer(&mut traced);
    traced.press("G");
    stages.push(("trace".to_owned(), traced));
    for (name, keys) in [("changes", ""), ("a change in full", "enter"), ("undo", "u")] {
        let mut changes = Stage::new(base.clone(), launch(), size);
        changes.tell(Message::Journal(Box::new(Ok(super::wizard::journal()))));
        changes.press("esc 4").press(keys);
        stages.push((name.to_owned(), changes));
    }
    let mut unfinished = Stage::new(base.clone(), launch(), size);
    unfinished.tell(Message::Journal(Box::new(Ok(super::wizard::journal()))));
    stages.push(("unfinished".to_owned(), unfinished));
    stages.push((
        "review".to_owned(),
        super::wizard::at_review(size, super::plans::delegation()),
    ));
    stages.push(("apply".to_owned(), super::wizard::applying(size)));
    let mut leaving = super::wizard::applying(size);
    leaving.press("ctrl-c");
    stages.push(("leaving".to_owned(), leaving));
    let mut asking = Stage::new(base.clone(), launch(), size);
    asking.tell(super::mfa::asked(1, "payments-prod"));
    asking.press("1 2 3");
    stages.push(("MFA code".to_owned(), asking));
    let first = Launch {
        first_run: Some(first_run()),
        banner: Banner::None,
        ..launch()
    };
    stages.push(("first start".to_owned(), Stage::new(Base::default(), first, size)));
    stages.push(("nothing".to_owned(), Stage::new(Base::default(), launch(), size)));
    let alarm = Launch {
        banner: Banner::Endpoint(Untrusted::from("http://127.0.0.1:4566")),
        ..launch()
    };
    stages.push(("endpoint override".to_owned(), Stage::new(base, alarm, size)));
    stages
}

#[test]
fn no_screen_panics_at_any_size() {
    let mut random = fastrand::Rng::with_seed(20_26);
    for (name, mut stage) in stages() {
        for width in 1..=200 {
            for height in 1..=60 {
                if !is_full() && random.u8(..) > 25 {
                    continue;
                }
                for glyphs in [GlyphSet::Unicode, GlyphSet::Ascii] {
                    stage.state.look.glyphs = glyphs;
                    stage.tell(Message::Resize(width, height));
                    let screen = stage.screen();
                    let seven_bit = glyphs == GlyphSet::Unicode || screen.is_ascii();
                    assert!(seven_bit, "{name} at {width}x{height} is not ASCII:\n{screen}");
                }
            }
        }
    }
}

#[test]
fn a_small_window_says_what_it_needs() {
    let stage = Stage::demo((40, 8));
    assert_eq!(
        stage.screen().trim_end(),
        "\n zonecut needs 60x16 (now 40x8).\n Make the window larger, or use:\n   zonecut check\n   zonecut tree\n q quit"
    );
}

#[test]
fn after_a_resize_the_same_row_is_selected() {
    let mut stage = Stage::demo((120, 36));
    stage.press("} }");
    let name = |stage: &Stage| stage.state.tree.selected().cloned();
    let before = name(&stage);
    for size in [(80, 24), (61, 16), (3, 2), (200, 60)] {
        stage.tell(Message::Resize(size.0, size.1));
        assert_eq!(name(&stage), before);
    }
    assert!(stage.selected_line().contains("example"), "{}", stage.selected_line());
}
