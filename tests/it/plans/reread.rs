//! What is read again after a change: cuts that went and came back are asked about anew.

use std::time::Duration;

use zonecut::aws::{Options as AwsOptions, Setup};
use zonecut::engine::command::{Command, Scope};
use zonecut::engine::session::Session;
use zonecut::model::account::AccountIx;
use zonecut::model::record::RecordType;
use zonecut::model::zone::{ZoneId, ZoneKey};
use zonecut::sim::api::{Call, Change, ChangeAction, Operation};
use zonecut::sim::record::ResourceRecordSet;

use super::{Lives, Organisation, name};

const WORLD: &str = r#"
name = "a circle"
[[account]]
id = "111122223333"
name = "hub"
[[account.zone]]
name = "example.net"
id = "Z1HUB"
records = [
  "east 3600 NS ns1.west.example.net. ns2.west.example.net.",
  "west 3600 NS ns1.east.example.net. ns2.east.example.net.",
]
"#;
const AT: [&str; 2] = ["east.example.net", "west.example.net"];

async fn settle(session: &mut Session) {
    session.run_to_end(Duration::from_secs(3600), |_, _| {}).await;
}

fn codes(session: &Session, at: &str) -> Option<Vec<&'static str>> {
    let cut = session.picture().survey().cut(&name(at))?;
    Some(cut.findings.iter().map(|finding| finding.code()).collect())
}

/// Changes the one delegation, and lets what follows come to the servers.
fn change(organisation: &Organisation, action: ChangeAction) {
    let simulator = &organisation.simulator;
    let now = simulator.now();
    simulator.with_world(|world| {
        let servers = [name("ns1.west.example.net"), name("ns2.west.example.net")];
        let set = ResourceRecordSet::delegation(name(AT[0]), 3600, &servers);
        assert_eq!(set.record_type, RecordType::NS);
        let operation = Operation::ChangeResourceRecordSets {
            zone: "Z1HUB".into(),
            comment: None,
            changes: vec![Change { action, set }],
        };
        world
            .answer(Call { account: 0, now }, &operation)
            .expect("the write is accepted");
    });
    simulator.advance(Duration::from_secs(60));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_that_comes_back_is_judged_by_what_its_servers_say_now() {
    let organisation = Organisation::of(WORLD, Lives::Asked).await;
    let setup = Setup::described(AwsOptions::default(), &[("ZONECUT_TEST", "1")], &[]).await;
    let (mut session, _accounts) = organisation.session(&setup);
    settle(&mut session).await;
    let before: Vec<_> = AT.map(|at| codes(&session, at)).into();
    let circle = |codes: &Option<Vec<&str>>| codes.as_ref().is_some_and(|codes| codes.contains(&"cyclic-dependency"));
    assert!(before.iter().any(circle), "{before:?}");
    for action in [ChangeAction::Delete, ChangeAction::Create] {
        change(&organisation, action);
        session.send(Command::Rescan(Scope::Zone(zone())));
        settle(&mut session).await;
        if action == ChangeAction::Delete {
            assert_eq!(codes(&session, AT[0]), None);
        }
    }
    let after: Vec<_> = AT.map(|at| codes(&session, at)).into();
    assert_eq!(after, before);
}

fn zone() -> ZoneKey {
    ZoneKey {
        account: AccountIx(0),
        id: ZoneId::read("Z1HUB").expect("an id"),
    }
}
