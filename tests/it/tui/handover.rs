//! A delegation that somebody else has to write: the walk ends in what they are given, and nothing is drafted.

use zonecut::model::name::DnsName;
use zonecut::plan::Refusal;
use zonecut::plan::guide::Stage as Step;
use zonecut::plan::request::{self, Request};
use zonecut::tui::effect::Effect;
use zonecut::tui::message::Message;

use super::stage::Stage;

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

/// `dev.example.com` at the step of the parent, with the focus on the zone above.
fn at_parent(size: (u16, u16)) -> Stage {
    let mut stage = Stage::demo(size);
    stage.reveal("dev.example.com");
    stage.press("d enter");
    stage
}

/// Answers what was asked for with the request of the zone.
fn answer(stage: &mut Stage) -> Request {
    let asked = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::ReadRequest { name, zone } => Some((name.clone(), zone.clone())),
        _ => None,
    });
    let (name, zone) = asked.expect("the request is asked for");
    let account = stage
        .inventory
        .account(zone.account)
        .expect("an account")
        .id
        .expect("an id");
    let server = |text: &str| -> DnsName { text.parse().expect("a name") };
    let request = Request {
        name,
        name_servers: vec![server("ns-12.awsdns-01.com"), server("ns-640.awsdns-16.net")],
        zone: zone.id,
        account,
        ds: Vec::new(),
    };
    stage.tell(Message::Requested(Box::new(Ok((request.clone(), "aws")))));
    request
}

fn copied(stage: &mut Stage, key: &str) -> String {
    stage.effects.clear();
    stage.press("y").press(key);
    let text = stage.effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    text.unwrap_or_else(|| panic!("{key} copies nothing:\n{}", stage.screen()))
}

#[test]
fn where_the_owner_of_the_zone_above_writes_the_walk_ends_in_what_they_are_given() {
    let mut stage = at_parent((120, 36));
    stage.press("down enter");
    assert_eq!(
        stage.state.wizard.as_ref().expect("a wizard").guide.stage(),
        Step::Request
    );
    assert!(stage.screen().contains("step 3 of 3"), "{}", stage.screen());
    let request = answer(&mut stage);
    shot("wizard_request_120x36", &stage);
    assert_eq!(request::read(&copied(&mut stage, "t")), Ok(request.clone()));
    assert_eq!(request::read(&copied(&mut stage, "m")), Ok(request));
    assert!(copied(&mut stage, "h").contains("resource \"aws_route53_record\""));
    let policy = copied(&mut stage, "i");
    assert!(
        policy.contains("\"NS\"") && policy.contains("dev.example.com"),
        "{policy}"
    );
    let parent = stage
        .inventory
        .public_zones("example.com".parse::<DnsName>().expect("a name").as_wire())[0];
    let parent = stage.inventory.zone(parent).expect("a zone").zone.key.id.to_string();
    assert!(policy.contains(&parent), "{policy}");
    stage.effects.clear();
    stage.press("p");
    assert!(
        matches!(stage.effects.as_slice(), [Effect::SaveRequest { .. }]),
        "{:?}",
        stage.effects
    );
}

#[test]
fn no_draft_is_made_for_it_and_going_back_leads_to_a_change_of_ones_own_again() {
    let mut stage = at_parent((80, 24));
    stage.press("down enter");
    answer(&mut stage);
    shot("wizard_request_80x24", &stage);
    assert!(
        !stage
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Draft { .. }))
    );
    // The one button leads back.
    stage.press("enter enter");
    assert_eq!(
        stage.state.wizard.as_ref().expect("a wizard").guide.stage(),
        Step::Checks
    );
    assert!(
        stage
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Draft { .. }))
    );
}

#[test]
fn a_request_that_cannot_be_read_says_why_and_copies_nothing() {
    let mut stage = at_parent((120, 36));
    stage.press("down enter");
    stage.tell(Message::Requested(Box::new(Err(Refusal::new(
        "failed to read the zone: AccessDenied",
    )))));
    assert!(
        stage.screen().contains("✗ failed to read the zone"),
        "{}",
        stage.screen()
    );
    stage.effects.clear();
    stage.press("p y t");
    assert_eq!(stage.effects, []);
}

#[test]
fn a_zone_that_does_not_exist_cannot_be_asked_for() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("www.example.com");
    stage.press("d \"new\" enter enter down down enter");
    let toast = stage.state.toast.as_ref().expect("it says why");
    assert!(toast.text.contains("create the zone first"), "{}", toast.text);
}
