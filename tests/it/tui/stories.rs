//! Keys in, screen out: what a person sees, screen by screen, kept as snapshots.

use zonecut::tui::effect::{Choice, Effect, Farewell};
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::launch::{Banner, Launch};

use super::sizes::first_run;
use super::stage::{Base, Stage, demo, halfway, launch};

pub fn seen(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

#[test]
fn the_tree_with_the_detail_of_what_is_selected() {
    let mut stage = Stage::demo((120, 36));
    stage.press("}");
    seen("tree_120x36", &stage);
}

#[test]
fn the_tree_in_a_small_window() {
    seen("tree_80x24", &Stage::demo((80, 24)));
}

#[test]
fn the_tree_in_ascii() {
    seen("tree_ascii", &Stage::demo((80, 24)).with_glyphs(GlyphSet::Ascii));
}

#[test]
fn the_tree_by_account() {
    let mut stage = Stage::demo((80, 24));
    stage.press("v");
    seen("tree_by_account", &stage);
}

#[test]
fn a_filter_keeps_what_leads_to_its_matches() {
    let mut stage = Stage::demo((80, 24));
    stage.press("/ \"status:missing\" enter");
    seen("tree_filtered", &stage);
    stage.press("esc");
    assert!(!stage.state.tree.is_filtered());
}

#[test]
fn the_delegation_of_a_zone_side_by_side() {
    let mut stage = Stage::demo((120, 36));
    stage.press("/ \"status:drift\" enter } enter ] ]");
    seen("zone_delegation", &stage);
}

#[test]
fn the_record_sets_of_a_zone() {
    let mut stage = Stage::demo((80, 24));
    stage.press("j enter ]");
    seen("zone_records", &stage);
}

#[test]
fn the_problems_and_their_evidence() {
    let mut stage = Stage::demo((120, 36));
    stage.press("2");
    seen("problems_120x36", &stage);
}

#[test]
fn the_problems_in_a_small_window() {
    let mut stage = Stage::demo((80, 24));
    stage.press("2 l j");
    seen("problems_80x24", &stage);
}

#[test]
fn the_accounts_and_what_mends_them() {
    let mut stage = Stage::demo((120, 36));
    stage.press("i G");
    seen("accounts", &stage);
}

#[test]
fn the_activity_while_a_scan_runs() {
    let base = demo();
    let progress = halfway(&base.inventory);
    let mut stage = Stage::new(base, launch(), (120, 36));
    stage.tick(progress);
    stage.press("5");
    seen("activity", &stage);
}

#[test]
fn the_help() {
    let mut stage = Stage::demo((120, 36));
    stage.press("?");
    seen("help", &stage);
}

#[test]
fn the_palette_finds_and_greys() {
    let mut stage = Stage::demo((120, 36));
    stage.press(": \"deleg\"");
    seen("palette", &stage);
}

#[test]
fn the_first_start_offers_what_was_found() {
    let first = Launch {
        first_run: Some(first_run()),
        banner: Banner::None,
        ..launch()
    };
    let mut stage = Stage::new(Base::default(), first, (120, 36));
    seen("first_start", &stage);
    stage.press("g");
    assert!(
        stage.screen().contains("shared-dns: ready, 7h left"),
        "{}",
        stage.screen()
    );
    stage.press("G k k k enter");
    let chosen = Effect::Quit(Farewell::Chosen(Choice::Accounts(vec![0, 1])));
    assert_eq!(stage.effects, [chosen]);
}

#[test]
fn without_any_account_the_demo_is_what_enter_chooses() {
    let mut found = first_run();
    found.candidates.clear();
    let first = Launch {
        first_run: Some(found),
        ..launch()
    };
    let mut stage = Stage::new(Base::default(), first, (80, 24));
    stage.press("enter");
    assert_eq!(stage.effects, [Effect::Quit(Farewell::Chosen(Choice::Demo))]);
}

#[test]
fn q_goes_back_and_quits_only_at_the_top() {
    let mut stage = Stage::demo((80, 24));
    stage.press("j j enter ? q q");
    assert_eq!(stage.effects.iter().filter(|e| matches!(e, Effect::Quit(_))).count(), 0);
    stage.press("q");
    assert_eq!(stage.effects.last(), Some(&Effect::Quit(Farewell::Plain)));
    stage.press("Q");
    assert_eq!(stage.effects.last(), Some(&Effect::Quit(Farewell::Screen)));
}

#[test]
fn what_is_copied_is_what_was_asked_for() {
    let mut stage = Stage::demo((120, 36));
    stage.press("} y n");
    let Some(Effect::Copy(text)) = stage.effects.last().cloned() else {
        panic!("nothing was copied");
    };
    assert!(stage.selected_line().contains(&text), "{text}");
    stage.press("y m");
    let Some(Effect::Copy(text)) = stage.effects.last().cloned() else {
        panic!("nothing was copied");
    };
    assert!(text.starts_with("### ") && text.contains("to mend it"), "{text}");
}

#[test]
fn in_a_window_of_one_pane_tab_does_not_take_the_keys_to_a_pane_that_is_not_there() {
    let mut stage = Stage::demo((80, 24));
    let before = stage.selected_row();
    stage.press("tab");
    assert!(stage.screen().contains("there is one pane"), "{}", stage.screen());
    stage.press("j");
    assert_eq!(stage.selected_row(), before + 1);
    let mut stage = Stage::demo((120, 36));
    stage.press("tab");
    stage.tell(zonecut::tui::message::Message::Resize(80, 24));
    let before = stage.selected_row();
    stage.press("j");
    assert_eq!(stage.selected_row(), before + 1);
}

#[test]
fn where_the_parent_is_not_held_no_name_server_is_said_to_be_missing_there() {
    let mut stage = Stage::demo((120, 36));
    stage.press("g j enter");
    for tab in ["", "] ]"] {
        stage.press(tab);
        let screen = stage.screen();
        let servers: Vec<&str> = screen.lines().filter(|line| line.contains("│ ns-")).collect();
        assert_eq!(servers.len(), 4, "{screen}");
        assert!(
            servers.iter().all(|line| line.contains(" ? ") && !line.contains('∅')),
            "{screen}"
        );
    }
}

#[test]
fn a_text_that_was_scrolled_to_its_end_comes_back_with_the_next_key() {
    let ways = [
        ("} } } enter", "j", "k"),
        ("?", "j", "k"),
        ("? G", "pgdn", "k"),
        ("2 j", "]", "["),
    ];
    for (keys, down, up) in ways {
        let mut stage = Stage::demo((80, 24));
        stage.press(keys);
        for _ in 0..120 {
            stage.press(down);
        }
        let last = stage.screen();
        assert!(!last.contains("more line"), "{keys}: {last}");
        stage.press(up);
        assert_ne!(stage.screen(), last, "{keys}: {up} does nothing");
    }
    let mut stage = Stage::demo((120, 20));
    stage.press("} } } tab");
    for _ in 0..120 {
        stage.press("j");
    }
    let last = stage.screen();
    stage.press("k");
    assert_ne!(stage.screen(), last);
}
