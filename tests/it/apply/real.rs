//! A plan applied over the real protocol, with the journal in files: every transport outcome of every call that changes something.

use std::sync::Arc;

use zonecut::aws::{Accounts, Options, Setup};
use zonecut::config::{Access, AccountConfig, Asked, Config, Overridden, Secret, StaticKeys, WriteCap};
use zonecut::engine::apply::{Applier, Brake, End, Event};
use zonecut::model::account::AccountIx;
use zonecut::plan::Moment;
use zonecut::sim::api::ApiError;
use zonecut::sim::faults::Framing;
use zonecut::sim::service::{CallFault, Delivery, Injected};
use zonecut::sim::simulator::{self, Simulator};
use zonecut::store::journal::FileJournal;

use super::stage::{AllGood, DEV, HUB, KINDS, Kind, NothingNew, confirmed, id, plan, stage};

pub async fn desk(simulator: &Simulator, patience: u64) -> Accounts {
    let options = Options {
        request_timeout: std::time::Duration::from_millis(patience),
        ..Options::default()
    };
    let setup = Setup::described(options, &[("ZONECUT_TEST", "1")], &[]).await;
    let accounts: Vec<_> = [HUB, DEV]
        .into_iter()
        .enumerate()
        .map(|(at, account)| {
            let keys = simulator.keys(id(account)).expect("keys");
            let access = Access::Keys(StaticKeys {
                access_key_id: keys.access_key,
                secret_access_key: Secret::new(keys.secret_key),
                session_token: None,
                endpoint: simulator.endpoint(),
            });
            let mut config = AccountConfig::new(account, access);
            config.id = Some(id(account));
            setup.account(AccountIx(at as _), &config)
        })
        .collect();
    let leave = WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused);
    Accounts::new(setup, accounts, leave)
}

#[tokio::test]
async fn every_kind_of_plan_is_applied_over_the_real_protocol_and_noted_in_files() {
    for kind in KINDS {
        let stage = stage();
        let plan = plan(&stage, kind, 1);
        let world = std::mem::replace(&mut stage.service().world, empty());
        let options = simulator::Options {
            insync_delay: std::time::Duration::ZERO,
            ..simulator::Options::default()
        };
        let simulator = Simulator::start(world, options).await.expect("a port");
        let home = tempfile::tempdir().expect("a directory");
        let journal = FileJournal::at(home.path().join("journal"));
        let made = plan.made;
        // A clock that runs past every wait.
        let ticks = std::sync::atomic::AtomicU64::new(0);
        let clock = Arc::new(move || Moment(made.0 + ticks.fetch_add(20, std::sync::atomic::Ordering::Relaxed)));
        let applier = Applier::new(desk(&simulator, 5_000).await, journal.clone(), AllGood, clock);
        let mut ignore = |_: Event| {};
        let mut end = applier
            .apply(&plan, &confirmed(&plan), &Brake::default(), &mut ignore)
            .await;
        for _ in 0..60 {
            if matches!(end, End::Open { until: Some(_), .. }) {
                let operator = zonecut::plan::journal::Operator::default();
                end = applier
                    .resume(&plan.id, operator, &NothingNew, &Brake::default(), &mut ignore)
                    .await;
            }
        }
        assert!(matches!(end, End::Applied(_)), "{kind:?} {end:?}");
        let reading = zonecut::ports::Journal::read(&journal).expect("a journal");
        assert_eq!(reading.damage, []);
    }
}

pub fn empty() -> zonecut::sim::world::World {
    zonecut::sim::world::World::from_toml("name = \"nobody\"").expect("a world")
}

/// The outcomes, each as a fault that is not applied and as one that is.
fn outcomes(applied: bool) -> Vec<(&'static str, CallFault)> {
    let lost = |delivery| match applied {
        true => CallFault::LostAfter(delivery),
        false => CallFault::LostBefore(delivery),
    };
    let failed = |status, code| {
        let error = ApiError::new(status, code, "we failed");
        match applied {
            true => CallFault::FailsAfter(error),
            false => CallFault::Refused(error),
        }
    };
    let mut all = vec![
        ("reset", lost(Delivery::Reset)),
        ("silence", lost(Delivery::Silence)),
        ("empty", lost(Delivery::Replaced(String::new()))),
        (
            "html",
            lost(Delivery::Replaced("<html><body>hello</body></html>".to_owned())),
        ),
        ("json", lost(Delivery::Replaced("{\"ok\":true}".to_owned()))),
        ("closed", lost(Delivery::Closed)),
        ("internal failure", failed(500, "InternalFailure")),
        ("bad gateway", failed(502, "BadGateway")),
        ("unavailable", failed(503, "ServiceUnavailable")),
        ("gateway timeout", failed(504, "GatewayTimeout")),
    ];
    if applied {
        all.push(("cut", CallFault::LostAfter(Delivery::Cut(90, Framing::ContentLength))));
        all.push((
            "cut until close",
            CallFault::LostAfter(Delivery::Cut(90, Framing::UntilClose)),
        ));
    } else {
        all.push((
            "torn",
            CallFault::LostBefore(Delivery::Torn("<ChangeResou".to_owned(), Framing::Chunked)),
        ));
        all.push((
            "torn until close",
            CallFault::LostBefore(Delivery::Torn("<Chan".to_owned(), Framing::UntilClose)),
        ));
    }
    all
}

/// What is reported of a step, and whether the service holds it.
async fn one(kind: Kind, action: &str, fault: CallFault) -> (End, usize) {
    let stage = stage();
    let plan = plan(&stage, kind, 1);
    let world = std::mem::replace(&mut stage.service().world, empty());
    let options = simulator::Options {
        insync_delay: std::time::Duration::ZERO,
        ..simulator::Options::default()
    };
    let simulator = Simulator::start(world, options).await.expect("a port");
    simulator.inject(Injected {
        account: None,
        action: action.to_owned(),
        fault,
        times: 1,
    });
    let home = tempfile::tempdir().expect("a directory");
    let journal = FileJournal::at(home.path().join("journal"));
    let clock = Arc::new(move || plan.made);
    let applier = Applier::new(desk(&simulator, 10_000).await, journal, AllGood, clock);
    let mut skipping = plan.clone();
    for step in &mut skipping.steps {
        if let zonecut::plan::Step::Hold { skipped, .. } = step {
            *skipped = Some("a test".into());
        }
    }
    let mut ignore = |_: Event| {};
    let end = applier
        .apply(&skipping, &confirmed(&skipping), &Brake::default(), &mut ignore)
        .await;
    let held = simulator.with_world(|world| holds(world, kind, action));
    (end, held)
}

/// How many of the things are there that an action makes.
fn holds(world: &zonecut::sim::world::World, kind: Kind, action: &str) -> usize {
    let dev = world.account(id(DEV)).expect("dev");
    match action {
        "CreateHostedZone" => dev.zone_count() - 1,
        "DeleteHostedZone" => 1 - dev.zone_count(),
        _ => {
            let above = world
                .account(id(HUB))
                .expect("the hub")
                .zone(&super::stage::zone(super::stage::ABOVE));
            let there = above
                .expect("the zone")
                .find(&kind.subject(), zonecut::model::record::RecordType::NS);
            let made = match kind {
                Kind::New => there.is_some(),
                Kind::Replaced => there.is_some_and(|set| set.values.iter().all(|v| !v.contains("elsewhere"))),
                Kind::Teardown => there.is_none(),
            };
            usize::from(made)
        }
    }
}

#[tokio::test]
#[ignore = "some minutes, for what is not known is read back for one; .ci/run runs it"]
async fn what_is_reported_is_what_the_service_holds() {
    let mut cells = Vec::new();
    for (kind, action) in [
        (Kind::New, "CreateHostedZone"),
        (Kind::New, "ChangeResourceRecordSets"),
        (Kind::Replaced, "ChangeResourceRecordSets"),
        (Kind::Teardown, "DeleteHostedZone"),
    ] {
        for applied in [true, false] {
            for (outcome, fault) in outcomes(applied) {
                cells.push(async move {
                    let (end, held) = one(kind, action, fault).await;
                    let cell = format!("{kind:?} {action} {outcome} applied: {applied}");
                    match applied {
                        true => assert!(matches!(end, End::Applied(_)) && held == 1, "{cell} {end:?} {held}"),
                        false => {
                            let told = match &end {
                                End::Refused(reason) | End::Open { reason, .. } => &reason.refusal.what,
                                other => panic!("{cell} {other:?}"),
                            };
                            assert!(told.contains("was not made") && held == 0, "{cell} {end:?} {held}");
                        }
                    }
                });
            }
        }
    }
    println!("{} cells", cells.len());
    assert!(cells.len() >= 72);
    futures_util::future::join_all(cells).await;
}
