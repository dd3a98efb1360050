//! Everything that can go wrong on the way, at once and at every point, over sockets: nothing is lost.
//!
//! `.ci/run` tries it all (`ZONECUT_FULL=1`); a plain run of the tests tries the other files of this folder.

use std::time::Duration;

use zonecut::sim::faults::{Framing, LostPage, PageLoss};
use zonecut::sim::service::{CallFault, Delivery, Injected};
use zonecut::sim::world::{AccountSpec, World, WorldBuilder, ZoneSpec};

use super::{Field, id, is_honest, unlimited};
use crate::tui::is_full;

const ACTIONS: [&str; 2] = ["ListHostedZones", "ListResourceRecordSets"];

/// Two accounts, each with two pages of zones, of which one has two pages of record sets.
fn world() -> World {
    let mut builder = WorldBuilder::new("full");
    for account in 0..2 {
        let handle = builder.account(AccountSpec::new(id(account).to_string(), format!("account-{account}")));
        for zone in 0..120 {
            let name = match (account, zone) {
                (0, 0) => "example.com".to_owned(),
                _ => format!("z{zone}.a{account}.example.com"),
            };
            let mut spec = ZoneSpec::public(name.parse().unwrap());
            let hosts = if zone == 1 { 400 } else { 2 };
            spec.lines = (0..hosts).map(|host| format!("h{host} 300 A 192.0.2.1")).collect();
            builder.zone(handle, spec);
        }
    }
    builder.build().unwrap()
}

async fn field(world: World) -> Field {
    let mut field = Field::new(world).await;
    for account in 0..field.accounts {
        field
            .simulator
            .set_faults(id(account), |faults| faults.rate = unlimited());
    }
    field.limits.patience = Duration::from_secs(60);
    field
}

async fn loses_nothing(field: &Field, what: &str) {
    let session = field.scan().await;
    is_honest(&session, field);
    assert!(session.picture().inventory().is_read(), "{what}");
}

/// Throttling, failures of the server, connections that break before and after the answer, and a page lost meanwhile.
#[tokio::test]
async fn storms_of_every_strength_lose_no_page() {
    if !is_full() {
        return;
    }
    let field = field(world()).await;
    let lost = ACTIONS.into_iter().flat_map(|action| [(action, 1), (action, 2)]);
    let mut lost = lost.cycle();
    for throttle in [0.05, 0.2, 0.5, 0.8] {
        for (errors, resets) in [(0.0, 0.0), (0.05, 0.0), (0.0, 0.05), (0.02, 0.02)] {
            let (action, page) = lost.next().unwrap();
            for account in 0..2 {
                field.simulator.set_faults(id(account), |faults| {
                    faults.throttle = throttle;
                    faults.server_errors = errors;
                    faults.reset_before = resets;
                    faults.reset_after = resets;
                    faults.lost_page = Some(LostPage {
                        action: action.to_owned(),
                        page,
                        how: PageLoss::EndsEarly,
                        times: Some(1),
                    });
                });
            }
            let what = format!("{throttle} throttled, {errors} errors, {resets} resets, {action} {page}");
            loses_nothing(&field, &what).await;
        }
        // Another page is lost beside the same fault the next time.
        lost.next();
    }
}

/// A list body cut once at each of its octets, in each framing.
#[tokio::test]
async fn a_list_body_cut_once_at_every_point_loses_nothing() {
    if !is_full() {
        return;
    }
    let zones = field(super::world(1, 3, 4)).await;
    cut_everywhere(&zones, "ListHostedZones", 1_300, 1).await;
    // Each scan reads a hundred bodies of the same length, so it can cut forty of them.
    let records = field(super::world(1, 100, 4)).await;
    cut_everywhere(&records, "ListResourceRecordSets", 1_600, 40).await;
}

async fn cut_everywhere(field: &Field, action: &str, length: usize, at_once: usize) {
    field.simulator.set_faults(id(0), |faults| faults.rate = unlimited());
    for framing in [Framing::ContentLength, Framing::Chunked, Framing::UntilClose] {
        for from in (0..length).step_by(at_once) {
            for at in from..from + at_once {
                field.simulator.inject(Injected {
                    account: None,
                    action: action.to_owned(),
                    fault: CallFault::LostAfter(Delivery::Cut(at, framing)),
                    times: 1,
                });
            }
            loses_nothing(field, &format!("{action} {framing:?} from {from} on")).await;
            field.simulator.clear_injected();
        }
    }
}
