//! Where there is no room for whole names, rows can still be told apart; and what is counted is what is said to be.

use std::collections::{BTreeMap, BTreeSet};

use super::stage::{Stage, demo, halfway, launch};
use zonecut::engine::progress::Stage as At;

/// The cells of the name column of a tree over the whole width, with how deep each lies; the window must hold all rows.
fn names(stage: &Stage) -> Vec<(usize, String)> {
    let screen = stage.screen();
    let status = screen
        .lines()
        .nth(3)
        .expect("a heading")
        .find("STATUS")
        .expect("a column");
    let rows = screen
        .lines()
        .skip(4)
        .take_while(|line| line.starts_with('│') && !line.contains("────"));
    let cells = rows.map(|row| row.chars().take(status - 3).skip(2).collect::<String>());
    cells
        .map(|cell| {
            let name = cell.trim_start_matches(|c: char| "…│├╰─▾▸ ".contains(c));
            (cell.chars().count() - name.chars().count(), name.trim_end().to_owned())
        })
        .filter(|(_, name)| !name.is_empty())
        .collect()
}

#[test]
fn siblings_differ_however_narrow_the_tree_is() {
    let mut whole = Stage::demo((300, 400));
    whole.press("L z");
    let whole = names(&whole);
    let mut cut = 0;
    for width in [60, 66, 80] {
        let mut stage = Stage::demo((width, 400));
        stage.press("L");
        let narrow = names(&stage);
        assert_eq!(narrow.len(), whole.len());
        let mut siblings: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        for ((depth, name), (_, whole)) in narrow.into_iter().zip(&whole) {
            siblings.retain(|other, _| *other <= depth);
            cut += usize::from(name.contains('…'));
            let other = siblings.entry(depth).or_default().insert(name.clone(), whole.clone());
            // Private zones stand below no parent's row; in 60 columns what differs in their middle is lost.
            let is_private = width == 60 && name.ends_with(".test");
            let is_alone = is_private || other.as_ref().is_none_or(|other| other == whole);
            assert!(is_alone, "at {width} columns {whole} and {other:?} are both {name}");
        }
    }
    assert!(cut > 100, "only {cut} names were too long");
}

#[test]
fn in_a_flat_list_no_two_names_look_the_same() {
    let mut stage = Stage::demo((60, 400));
    stage.press("v v");
    let mut seen = BTreeSet::new();
    for (_, name) in names(&stage) {
        let is_cut = name.contains('…');
        assert!(seen.insert(name.clone()) || !is_cut, "two rows are called {name}");
    }
}

#[test]
fn the_tree_counts_zones_and_says_what_else_its_rows_are() {
    let mut stage = Stage::demo((120, 36));
    let title = |stage: &Stage| stage.screen().lines().nth(2).unwrap_or_default().to_owned();
    let zones = stage.inventory.zone_count();
    let private = stage.inventory.iter().filter(|(_, entry)| !entry.is_public()).count();
    assert!(
        title(&stage).contains(&format!("Zones {zones}  +26 names without a zone")),
        "{}",
        title(&stage)
    );
    stage.press("P");
    assert!(
        title(&stage).contains(&format!("Zones {} of {zones} ", zones - private)),
        "{}",
        title(&stage)
    );
    stage.press("P / \"status:missing\" enter");
    assert!(
        title(&stage).contains(&format!("Zones 4 of {zones} ─")),
        "{}",
        title(&stage)
    );
    stage.press("esc / \"status:external\" enter");
    assert!(
        title(&stage).contains(&format!("Zones 0 of {zones}  +")),
        "{}",
        title(&stage)
    );
}

#[test]
fn an_account_that_is_done_uses_nothing_of_its_budget() {
    let base = demo();
    let mut progress = halfway(&base.inventory);
    for account in &mut progress.accounts {
        account.stage = At::Done;
        account.now = 7;
    }
    let mut stage = Stage::new(base, launch(), (120, 36));
    stage.tick(progress);
    stage.press("5");
    let screen = stage.screen();
    let rows: Vec<&str> = screen
        .lines()
        .filter(|line| line.contains(" done ") && line.contains("8.0"))
        .collect();
    assert!(rows.len() > 5, "{screen}");
    for row in rows {
        let name = row.split_whitespace().nth(1).expect("a name");
        let now = row.split(name).nth(1).and_then(|rest| rest.split_whitespace().next());
        assert_eq!(now, Some("0"), "{row}");
    }
}
