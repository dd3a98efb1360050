//! What somebody else does between two calls, and faults in front of the call of a number.

use super::*;
use zonecut::model::record::RecordType;
use zonecut::sim::api::ApiError;
use zonecut::sim::rival::{Deed, Rival};
use zonecut::sim::service::{CallFault, Delivery, Nth, Side};

/// A zone of the simulator, to be looked at from inside.
fn inside(bench: &Bench, zone: &Zone) -> zonecut::model::zone::ZoneId {
    let of_zone = |world: &mut World| {
        let (_, found) = world
            .zones()
            .find(|(_, held)| held.id.as_str() == zone.id.trim_start_matches("/hostedzone/"))?;
        Some(found.id.clone())
    };
    bench.simulator().with_world(of_zone).expect("the zone")
}

#[tokio::test]
async fn the_answer_of_each_call_of_a_number_can_be_lost_after_it_was_applied() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    bench.simulator().number_anew();
    bench
        .simulator()
        .inject_at(Nth::Write(2), CallFault::LostAfter(Delivery::Reset));
    bench
        .simulator()
        .inject_at(Nth::Call(5), CallFault::Refused(ApiError::throttled()));
    let a = |label: &str| vec![create(set(&zone.below(label), RrType::A, &["192.0.2.1"]))];
    zone.apply(a("one")).await;
    assert_eq!(zone.all().await.len(), 3);
    zone.change(a("two")).await.expect_err("the answer is lost");
    assert_eq!(zone.all().await.len(), 4);
    let fifth = zone.change(a("three")).await.expect_err("the call is refused");
    assert_eq!(fifth.code, "Throttling");
    assert_eq!(bench.simulator().calls(), (5, 3));
    zone.apply(a("three")).await;
}

#[tokio::test]
async fn what_is_done_before_a_call_is_met_by_it_and_what_is_done_after_it_is_not() {
    let Some(bench) = Bench::simulated().await else { return };
    let zone = Zone::create(&bench.route53()).await;
    let id = inside(&bench, &zone);
    let account = self::id(SHARED);
    for (side, met) in [(Side::Before, true), (Side::After, false)] {
        let name: zonecut::model::name::DnsName = format!("{side:?}.{}", zone.name).parse().expect("a name");
        let (id, foreign) = (id.clone(), name.clone());
        bench.simulator().between_calls(move |world, turn| {
            if turn.write && turn.side == side {
                assert_eq!((turn.account, turn.action), (Some(account), "ChangeResourceRecordSets"));
                foreign_address(world, account, &id, &foreign);
            }
        });
        let ours = zone.change(vec![create(set(&format!("{name}."), RrType::A, &["192.0.2.1"]))]);
        let refused = ours.await.is_err();
        assert_eq!(refused, met, "{side:?}");
        bench.simulator().leave_calls_alone();
    }
}

fn foreign_address(
    world: &mut World,
    account: AccountId,
    zone: &zonecut::model::zone::ZoneId,
    name: &zonecut::model::name::DnsName,
) {
    use zonecut::sim::api::{Call, Change, ChangeAction, Operation};
    let set = zonecut::sim::record::ResourceRecordSet::simple(name.clone(), RecordType::A, 60, ["203.0.113.9"]);
    let account = world.account_place(account).expect("the account");
    let operation = Operation::ChangeResourceRecordSets {
        zone: zone.to_string(),
        comment: None,
        changes: vec![Change {
            action: ChangeAction::Create,
            set,
        }],
    };
    let now = Duration::ZERO;
    // After the call the name is taken by what was written: nothing is overwritten then either.
    let _ = world.answer(Call { account, now }, &operation);
}

#[tokio::test]
async fn a_second_writer_does_the_same_again_from_the_same_seed_and_never_touches_the_apex() {
    let Some(bench) = Bench::simulated().await else { return };
    let mut runs: Vec<Vec<Deed>> = Vec::new();
    for _ in 0..2 {
        let zone = Zone::named(&bench.route53(), "rival.example.com").await;
        let id = inside(&bench, &zone);
        let names = [
            "rival.example.com",
            "dev.rival.example.com",
            "www.dev.rival.example.com",
        ];
        let names = names.iter().map(|name| name.parse().expect("a name")).collect();
        bench.simulator().number_anew();
        let rival = bench
            .simulator()
            .let_in(Rival::new(11, self::id(SHARED), id, names, 0.5));
        for _ in 0..40 {
            zone.all().await;
        }
        bench.simulator().leave_calls_alone();
        assert_eq!(zone.values("rival.example.com.", RrType::Ns).await.len(), 4);
        let deeds = rival.lock().expect("nobody failed").deeds().to_vec();
        assert!(deeds.len() > 20, "{} deeds", deeds.len());
        let last = |name: &str| {
            deeds
                .iter()
                .rev()
                .find(|deed| deed.name.to_string() == name)
                .map_or(0, |deed| deed.left.len())
        };
        let left = last("dev.rival.example.com") + last("www.dev.rival.example.com");
        assert_eq!(zone.all().await.len(), 2 + left);
        runs.push(deeds);
    }
    let same = |deed: &Deed| (deed.turn.call, deed.removed.clone(), deed.written.clone());
    assert_eq!(
        runs[0].iter().map(same).collect::<Vec<_>>(),
        runs[1].iter().map(same).collect::<Vec<_>>()
    );
}
