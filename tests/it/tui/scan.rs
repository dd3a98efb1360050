//! While a scan runs: rows keep their place, what is not confirmed says so, and what the eye is on is asked for first.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use zonecut::aws::{Options, Setup};
use zonecut::config::AccountConfig;
use zonecut::engine::command::{Command, Detail, Want};
use zonecut::engine::picture::Picture;
use zonecut::engine::scan::{Scan, Source};
use zonecut::engine::session::Session;
use zonecut::engine::wants::Audit;
use zonecut::findings::Survey;
use zonecut::model::account::AccountIx;
use zonecut::model::inventory::Inventory;
use zonecut::model::zone::ZoneKey;
use zonecut::tui::effect::Effect;
use zonecut::tui::known::Known;
use zonecut::tui::launch::Scan as _;
use zonecut::tui::screens::tree::nodes::RowId;

use super::stage::{Base, Stage, base, demo, halfway, launch, world};
use crate::organisations::reading::{self, AccountTrouble, Troubles};

/// An inventory in which nothing was read yet.
fn blank() -> Inventory {
    Inventory::new(reading::accounts(&world()))
}

#[test]
fn the_selected_row_keeps_its_line_while_rows_come_in_around_it() {
    let world = world();
    let mut facts = reading::facts(&world, &Troubles::default());
    let late = facts.split_off(facts.len() / 3);
    let mut stage = Stage::new(Base::of(blank()), launch(), (120, 36));
    stage.learn(facts);
    stage.press("L ctrl-d");
    let selected = stage.state.tree.selected().cloned();
    let row = stage.selected_row();
    for chunk in late.chunks(50) {
        stage.learn(chunk.to_vec());
        assert_eq!(stage.state.tree.selected().cloned(), selected);
        assert_eq!(stage.selected_row(), row, "the cursor moved on the screen");
    }
}

#[test]
fn what_the_cache_remembers_is_marked_and_has_its_age() {
    let troubles = Troubles {
        accounts: (0..20)
            .map(|place| (AccountIx(place), AccountTrouble::Cached))
            .collect::<BTreeMap<_, _>>(),
        ..Troubles::default()
    };
    let mut stage = Stage::new(base(&world(), &troubles), launch(), (120, 36));
    stage.press("L");
    let screen = stage.screen();
    assert!(screen.contains("ok?"), "{screen}");
    assert!(screen.contains("~2m"), "{screen}");
    let confirmed = screen
        .lines()
        .find(|line| line.contains("✓ ok ") && !line.contains("Legend"));
    assert_eq!(confirmed, None);
}

#[test]
fn while_a_scan_runs_the_zones_in_view_are_asked_for_first() {
    let world = world();
    let mut inventory = blank();
    for fact in reading::facts(&world, &Troubles::default()) {
        if !matches!(fact, zonecut::model::inventory::Fact::Records { .. }) {
            inventory.apply(fact);
        }
    }
    let progress = halfway(&inventory);
    let mut stage = Stage::new(Base::of(inventory), launch(), (120, 36));
    stage.tick(progress);
    let focus = |effects: &[Effect]| {
        effects.iter().rev().find_map(|effect| match effect {
            Effect::Scan(Command::Focus(zones)) => Some(zones.clone()),
            _ => None,
        })
    };
    let first = focus(&stage.effects).expect("a focus");
    assert!(!first.is_empty() && first.len() < 40, "{}", first.len());
    stage.effects.clear();
    stage.press("L pgdn pgdn");
    let second = focus(&stage.effects).expect("another focus");
    assert_ne!(first, second);
}

/// Opens a zone, and says what is asked for beyond what the eye is on.
fn open(stage: &mut Stage, key: &ZoneKey) -> Vec<Effect> {
    let known = Known {
        inventory: &stage.inventory,
        survey: &stage.survey,
    };
    stage.state.tree.reveal(known, &RowId::Zone(key.clone()));
    stage.effects.clear();
    stage.press("enter");
    std::mem::take(&mut stage.effects)
}

/// A public zone whose delegation set was read, or was not.
fn zone(stage: &Stage, has_set: bool) -> ZoneKey {
    let public = stage
        .inventory
        .iter()
        .map(|(_, entry)| entry)
        .filter(|entry| entry.is_public());
    let mut found = public.filter(|entry| entry.delegation_set.is_some() == has_set);
    found.next().expect("the demo has both kinds").zone.key.clone()
}

#[test]
fn opening_a_zone_asks_for_its_delegation_set_unless_it_is_known() {
    let mut stage = Stage::new(demo(), launch(), (120, 36));
    let unread = zone(&stage, false);
    let wanted = Want {
        zone: unread.clone(),
        detail: Detail::DelegationSet,
    };
    assert_eq!(open(&mut stage, &unread), [Effect::Scan(Command::Read(vec![wanted]))]);
    stage.press("esc");
    let read = zone(&stage, true);
    assert_eq!(open(&mut stage, &read), []);
}

/// The loop drops what waits for the scan whenever something else happens, and draws again only when something was told.
#[tokio::test]
async fn what_was_learned_is_told_at_once() {
    let setup = Setup::described(Options::default(), &[("ZONECUT_TEST", "1")], &[]).await;
    let account = setup.account(AccountIx(0), &AccountConfig::from_profile("nobody"));
    let source = Source {
        account: AccountIx(0),
        pinned: None,
        route53: Arc::new(account.clone()),
        identity: Arc::new(account),
    };
    let mut inventory = blank();
    Survey::of(&mut inventory);
    let picture = Picture::new(inventory, Audit::WhereNeeded);
    let scan = Scan::start(vec![source], &(&zonecut::config::Scan::default()).into());
    let mut session = Session::new(picture, scan);
    let status = |session: &Session| {
        session
            .inventory()
            .account(AccountIx(0))
            .expect("it is there")
            .status
            .clone()
    };
    let mut shown = status(&session);
    while shown.problem().is_none() {
        let told = session.learn().now_or_never().is_some();
        let now = status(&session);
        assert!(told || now == shown, "{now:?} was learned and not told");
        shown = now;
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_scan_is_paused_resumed_and_cancelled_by_keys() {
    let base = demo();
    let progress = halfway(&base.inventory);
    let mut stage = Stage::new(base, launch(), (120, 36));
    stage.press("5 p");
    assert_eq!(stage.effects, [], "there is nothing to pause");
    stage.tick(progress);
    stage.effects.clear();
    stage.press("p c");
    let commands: Vec<_> = stage
        .effects
        .iter()
        .filter(|e| !matches!(e, Effect::Scan(Command::Focus(_))))
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert_eq!(*commands[0], Effect::Scan(Command::Pause));
    assert!(matches!(commands[1], Effect::Scan(Command::Cancel(_))));
}
