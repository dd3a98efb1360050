//! Record sets by keys: what is typed is told what is wrong with it, and becomes a wish only when it is whole.

use zonecut::model::text::Untrusted;
use zonecut::plan::Wish;
use zonecut::plan::guide::Stage as Step;
use zonecut::plan::wish::{Edit, Want};
use zonecut::tui::effect::Effect;
use zonecut::tui::known::Known;
use zonecut::tui::message::Message;
use zonecut::tui::screens::tree::nodes::RowId;

use super::stage::Stage;

/// The records of a zone of the demo, unlocked or not.
fn records(name: &str, keys: &str, size: (u16, u16)) -> Stage {
    let mut stage = Stage::demo(size);
    stage.reveal(name);
    stage.press(keys).press("enter ]");
    assert!(stage.screen().contains("[Records"), "{}", stage.screen());
    stage
}

const UNLOCK: &str = "w a enter";

fn toast(stage: &Stage) -> String {
    let toast = stage.state.toast.as_ref();
    toast.map_or_else(String::new, |toast| toast.text.clone())
}

fn wished(stage: &Stage) -> Option<Edit> {
    let wish = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Draft { wish, .. } => Some((**wish).clone()),
        _ => None,
    });
    let Wish { want, .. } = wish?;
    match want {
        Want::Records(records) => records.edits.into_iter().next(),
        other => panic!("{other:?}"),
    }
}

fn values(edit: &Edit) -> Vec<&str> {
    match edit {
        Edit::Put(set) | Edit::Add(set) => set.values().iter().map(Untrusted::expose).collect(),
        Edit::Remove { .. } => Vec::new(),
    }
}

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

#[test]
fn in_read_only_mode_and_on_other_tabs_the_keys_say_why_they_do_nothing() {
    let mut stage = records("example.com", "", (120, 36));
    for key in ["+", "C", "D"] {
        stage.press(key);
        assert!(
            toast(&stage).contains("read-only: w unlocks"),
            "{key}: {}",
            toast(&stage)
        );
        assert!(stage.state.wizard.is_none());
    }
    stage.press(UNLOCK).press("] +");
    assert!(toast(&stage).contains("only on the Records tab"), "{}", toast(&stage));
    stage.press("[ g");
    // The first two are the apex's own.
    let mut said = Vec::new();
    for _ in 0..40 {
        stage.press("D");
        said.push(toast(&stage));
        if stage.state.wizard.is_some() {
            stage.press("esc");
        }
        stage.press("j");
    }
    assert!(said.iter().any(|said| said.contains("at the apex")), "{said:?}");
    assert!(
        stage
            .effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Apply { .. }))
    );
}

#[test]
fn a_record_set_is_typed_row_by_row_and_checked_as_it_is_typed() {
    let mut stage = records("example.com", UNLOCK, (120, 36));
    stage.press("+");
    let screen = stage.screen();
    assert!(screen.contains("Add a record set to example.com"), "{screen}");
    assert!(screen.contains("step 1 of 4"), "{screen}");
    stage.press("\"shop\" enter \"a\" enter enter \"192.0.2.300\"");
    let screen = stage.screen();
    assert!(screen.contains("shop.example.com"), "{screen}");
    assert!(screen.contains("192.0.2.300  ✗ it is no IPv4 address"), "{screen}");
    shot("record_flawed_120x36", &stage);
    stage.press("enter enter enter");
    assert_eq!(
        stage
            .effects
            .iter()
            .filter(|e| matches!(e, Effect::Draft { .. }))
            .count(),
        0
    );
    for _ in 0..9 {
        if stage.screen().contains("> Value  192.0.2.300") {
            break;
        }
        stage.press("backtab");
    }
    stage.press("backspace backspace backspace \"30\" enter \"192.0.2.31\" enter");
    assert!(!stage.screen().contains("no IPv4 address"), "{}", stage.screen());
    stage.press("enter enter");
    let edit = wished(&stage).expect("a draft");
    assert!(matches!(edit, Edit::Add(_)), "{edit:?}");
    assert_eq!(values(&edit), ["192.0.2.30", "192.0.2.31"]);
    assert_eq!(
        stage.state.wizard.as_ref().expect("a wizard").guide.stage(),
        Step::Checks
    );
}

#[test]
fn lines_that_are_pasted_are_values_of_their_own() {
    let mut stage = records("example.com", UNLOCK, (80, 24));
    stage.press("+ \"many\" enter \"TXT\" enter enter");
    stage.tell(Message::Paste("\"one\"\n\"two\"\n\"three\"\n".to_owned()));
    shot("record_pasted_80x24", &stage);
    stage.press("enter enter enter");
    let edit = wished(&stage).unwrap_or_else(|| panic!("{}", stage.screen()));
    assert_eq!(values(&edit), ["\"one\"", "\"two\"", "\"three\""]);
}

#[test]
fn a_value_that_is_longer_than_the_window_is_shown_around_its_cursor_and_kept_whole() {
    let mut stage = records("example.com", UNLOCK, (80, 24));
    let long = format!("\"{}\" \"{}\"", "a".repeat(250), "b".repeat(250));
    stage.press("+ \"long\" enter \"TXT\" enter enter");
    stage.tell(Message::Paste(long.clone()));
    let screen = stage.screen();
    assert!(screen.contains("bbbb\""), "{screen}");
    stage.press("enter enter enter");
    let edit = wished(&stage).unwrap_or_else(|| panic!("{}", stage.screen()));
    assert_eq!(values(&edit), [long]);
}

/// Goes to the first record set that the filter leaves.
fn on(stage: &mut Stage, filter: &str) {
    stage.press(&format!("/ \"{filter}\" enter g"));
}

#[test]
fn a_record_set_is_changed_with_its_values_in_place_and_its_policy_kept() {
    let mut stage = records("example.com", UNLOCK, (120, 36));
    on(&mut stage, "type:mx");
    let line = stage.selected_line();
    assert!(line.contains("MX"), "{line}");
    stage.press("C");
    shot("record_changed_120x36", &stage);
    let before = stage.screen();
    assert!(before.contains("Change a record set of example.com"), "{before}");
    stage.press("home \"1\"");
    stage.press("enter enter enter enter enter");
    let edit = wished(&stage).unwrap_or_else(|| panic!("{}", stage.screen()));
    let Edit::Put(set) = &edit else { panic!("{edit:?}") };
    assert!(set.ttl.is_some_and(|ttl| ttl.to_string().starts_with('1')), "{set:?}");
    assert!(!set.values().is_empty());
}

#[test]
fn a_record_set_is_deleted_by_a_plan_of_its_own() {
    let mut stage = records("example.com", UNLOCK, (120, 36));
    on(&mut stage, "type:mx");
    stage.press("D");
    let edit = wished(&stage).unwrap_or_else(|| panic!("{}", stage.screen()));
    assert!(matches!(edit, Edit::Remove { .. }), "{edit:?}");
}

#[test]
fn an_alias_is_shown_and_says_how_it_is_changed() {
    let mut stage = Stage::demo((120, 36));
    let zones: Vec<_> = stage.inventory.iter().map(|(_, entry)| entry.zone.clone()).collect();
    let has_alias = |stage: &Stage, zone: &zonecut::model::zone::Zone| {
        let entry = stage.inventory.find(&zone.key).expect("a zone").1;
        let records = entry.records();
        entry.is_public() && records.is_some_and(|records| records.iter().any(|record| record.is_alias()))
    };
    let zone = zones
        .iter()
        .find(|zone| has_alias(&stage, zone))
        .expect("an alias in the demo");
    let known = Known {
        inventory: &stage.inventory,
        survey: &stage.survey,
    };
    stage.state.tree.reveal(known, &RowId::Zone(zone.key.clone()));
    stage.press(UNLOCK).press("enter ]");
    let found = (0..500).any(|_| {
        let is_alias = stage.selected_line().contains("alias ");
        if !is_alias {
            stage.press("j");
        }
        is_alias
    });
    assert!(found, "{}", stage.screen());
    stage.press("C");
    assert!(toast(&stage).contains("record set --alias"), "{}", toast(&stage));
}
