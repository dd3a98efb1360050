//! In which order zones are read.

use std::sync::Arc;

use super::fake::{Call, Fake, zone_id};
use super::{run, session};
use crate::engine::command::Command;
use crate::engine::limits::Limits;
use crate::model::account::AccountIx;
use crate::model::zone::{ZoneId, ZoneKey};

fn slow() -> Limits {
    Limits {
        in_flight: 1,
        ..Limits::default()
    }
}

fn zones_in_order(account: &Fake) -> Vec<ZoneId> {
    let calls = account.calls().into_iter();
    calls
        .filter_map(|(_, call)| match call {
            Call::Records(zone, _) => Some(zone),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn zones_above_others_are_read_before_leaves_even_across_accounts() {
    let parents = Fake::with_zones(0, 30, 3);
    parents.add(77, "corp.example", 3);
    let parents = Arc::new(parents);
    let children = Fake::new(1);
    children.add(0, "dev.corp.example", 3);
    let mut session = session(&[Arc::clone(&parents), Arc::new(children)], slow());
    run(&mut session).await;
    let order = zones_in_order(&parents);
    let place = order.iter().position(|zone| *zone == zone_id(77)).unwrap();
    assert!(place <= 1, "{place}");
}

#[tokio::test(start_paused = true)]
async fn what_the_eye_is_on_is_read_first() {
    let account = Fake::with_zones(0, 30, 3);
    account.add(50, "a0.example", 3);
    let account = Arc::new(account);
    let mut session = session(&[Arc::clone(&account)], slow());
    let eye = ZoneKey {
        account: AccountIx(0),
        id: zone_id(29),
    };
    session.send(Command::Focus(vec![eye]));
    run(&mut session).await;
    let order = zones_in_order(&account);
    assert_eq!(
        order.iter().take(2).cloned().collect::<Vec<_>>(),
        [zone_id(29), zone_id(50)]
    );
    assert_eq!(order.len(), 31);
}

#[tokio::test(start_paused = true)]
async fn every_zone_is_listed_before_leaves_are_read() {
    let account = Arc::new(Fake::with_zones(0, 450, 3));
    let mut session = session(&[Arc::clone(&account)], Limits::default());
    run(&mut session).await;
    let calls: Vec<Call> = account.calls().into_iter().map(|(_, call)| call).collect();
    let last_list = calls.iter().rposition(|call| matches!(call, Call::Zones(_))).unwrap();
    let first_leaf = calls.iter().position(|call| matches!(call, Call::Records(..))).unwrap();
    assert!(last_list < first_leaf);
}
