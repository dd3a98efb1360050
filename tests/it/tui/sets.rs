//! The reusable delegation sets of the account that a zone is created in: read when the focus comes to it, and chosen by a row.

use zonecut::model::account::AccountIx;
use zonecut::model::name::DnsName;
use zonecut::plan::Refusal;
use zonecut::plan::cut::ReusableSet;
use zonecut::plan::wish::{ChildZone, Want};
use zonecut::tui::effect::Effect;
use zonecut::tui::message::Message;

use super::stage::Stage;

fn asked(stage: &Stage) -> Vec<AccountIx> {
    let accounts = stage.effects.iter().filter_map(|effect| match effect {
        Effect::ReadSets(account) => Some(*account),
        _ => None,
    });
    accounts.collect()
}

fn set(id: &str, servers: &[&str]) -> ReusableSet {
    let servers: Vec<DnsName> = servers.iter().map(|server| server.parse().expect("a name")).collect();
    ReusableSet {
        id: id.into(),
        name_servers: servers,
    }
}

fn answer(stage: &mut Stage, outcome: Result<Vec<ReusableSet>, Refusal>) {
    let account = *asked(stage).last().expect("somebody was asked");
    stage.tell(Message::Sets {
        account,
        outcome: Box::new(outcome),
    });
}

/// A name that no account has a zone of, with the focus on the first account.
fn typed(size: (u16, u16)) -> Stage {
    let mut stage = Stage::demo(size);
    let name: DnsName = "www.example.com".parse().expect("a name");
    let zone = stage.inventory.public_zones(name.as_wire())[0];
    let key = stage.inventory.zone(zone).expect("a zone").zone.key.clone();
    let known = zonecut::tui::known::Known {
        inventory: &stage.inventory,
        survey: &stage.survey,
    };
    let row = zonecut::tui::screens::tree::nodes::RowId::Zone(key);
    stage.state.tree.reveal(known, &row);
    stage.press("d \"new\"");
    assert_eq!(asked(&stage), [], "nobody is asked before the eye is there");
    stage.press("enter");
    stage
}

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

fn wished(stage: &Stage) -> Option<ChildZone> {
    stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Draft { wish, .. } => match &wish.want {
            Want::Delegate(wish) => Some(wish.to.clone()),
            _ => None,
        },
        _ => None,
    })
}

#[test]
fn the_sets_of_an_account_are_rows_below_it_and_one_of_them_is_chosen() {
    for (size, name) in [((120, 36), "wizard_sets_120x36"), ((80, 24), "wizard_sets_80x24")] {
        let mut stage = typed(size);
        assert_eq!(asked(&stage).len(), 1);
        assert!(stage.screen().contains("are being read"), "{}", stage.screen());
        let line = stage.selected_line();
        let four = [
            "ns-1.awsdns-01.com",
            "ns-2.awsdns-02.net",
            "ns-3.awsdns-03.org",
            "ns-4.awsdns-04.co.uk",
        ];
        answer(&mut stage, Ok(vec![set("N1EXAMPLE", &four), set("N2EXAMPLE", &four)]));
        assert_eq!(stage.selected_line(), line, "the focus stays where it was");
        stage.press("down down");
        shot(name, &stage);
        assert!(stage.screen().contains("ns-4.awsdns-04.co.uk"), "{}", stage.screen());
        assert_eq!(asked(&stage).len(), 1, "an account is asked once");
        stage.press("enter enter");
        let Some(ChildZone::Create { delegation_set, .. }) = wished(&stage) else {
            panic!("{}", stage.screen());
        };
        assert_eq!(delegation_set.expect("a set").expose(), "N2EXAMPLE");
    }
}

#[test]
fn without_a_set_and_without_an_answer_the_zone_is_created_all_the_same() {
    for outcome in [Ok(Vec::new()), Err(Refusal::new("AccessDenied"))] {
        let mut stage = typed((120, 36));
        answer(&mut stage, outcome.clone());
        let screen = stage.screen();
        let words = if outcome.is_ok() {
            "has no reusable delegation set"
        } else {
            "is not known: AccessDenied"
        };
        assert!(screen.contains(words), "{screen}");
        stage.press("enter enter");
        assert!(matches!(
            wished(&stage),
            Some(ChildZone::Create {
                delegation_set: None,
                ..
            })
        ));
    }
}
