//! No zone is deleted to which somebody is referred, whoever made the delegation, and whenever.

use std::sync::Arc;

use zonecut::engine::apply::{Applier, Brake, End, Event, Expected, Prover};
use zonecut::model::name::DnsName;
use zonecut::plan::PlanId;
use zonecut::plan::journal::{Seen, Standing};
use zonecut::plan::teardown::Outside;
use zonecut::sim::api::{Change, ChangeAction, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::service::Token;

use super::desk::{MemoryJournal, SimDesk, Stage};
use super::stage::{
    ABOVE, AllGood, DEV, GONE, HUB, Kind, applier, apply, confirmed, history, id, moment, plan, resume, stage, undo,
    zone,
};

fn zones(stage: &Stage) -> usize {
    stage.service().world.account(id(DEV)).expect("dev").zones().count()
}

/// A plan that creates a zone and delegates to it, left once the zone is there.
async fn half_made(stage: &Arc<Stage>) -> PlanId {
    let plan = plan(stage, Kind::New, 1);
    let brake = Brake::default();
    let mut stop = |event: Event| {
        if matches!(event, Event::Accepted { step: 0, .. }) {
            brake.pull();
        }
    };
    let end = applier(stage).apply(&plan, &confirmed(&plan), &brake, &mut stop).await;
    assert!(matches!(end, End::Open { .. }), "{end:?}");
    plan.id
}

/// Somebody adds the delegation by hand.
fn delegate_by_hand(stage: &Stage, name: &DnsName, servers: &[DnsName]) {
    let now = stage.now();
    let mut service = stage.service();
    let key = service.world.account(id(HUB)).expect("the hub").access_key();
    let operation = Operation::ChangeResourceRecordSets {
        zone: ABOVE.to_owned(),
        comment: None,
        changes: vec![Change {
            action: ChangeAction::Create,
            set: ResourceRecordSet::delegation(name.clone(), 300, servers),
        }],
    };
    let token = Token {
        access_key: Some(&key),
        session: None,
    };
    service.call(now, &token, &operation).outcome.expect("written");
}

#[tokio::test(start_paused = true)]
async fn what_moved_on_since_it_was_planned_to_be_taken_back_is_not() {
    let stage = stage();
    let before = zones(&stage);
    let made = half_made(&stage).await;
    let run = history(&stage).run(&made).expect("the run").clone();
    let back = undo(&stage, &run, 2).expect("a zone to delete");
    assert!(matches!(resume(&stage, &made).await, End::Applied(_)));
    let End::Refused(reason) = apply(&stage, &back).await else {
        panic!("not refused")
    };
    assert!(reason.refusal.what.contains("moved on"), "{reason:?}");
    assert_eq!(zones(&stage), before + 1);
    // Planned anew, it takes back all of it.
    let run = history(&stage).run(&made).expect("the run").clone();
    let back = undo(&stage, &run, 3).expect("two steps");
    assert!(matches!(apply(&stage, &back).await, End::Applied(_)));
    assert_eq!(zones(&stage), before);
    assert_eq!(
        history(&stage).run(&made).expect("the run").standing(),
        Standing::Undone
    );
}

#[tokio::test(start_paused = true)]
async fn a_delegation_that_somebody_made_in_the_place_of_the_plan_keeps_the_zone() {
    let stage = stage();
    let before = zones(&stage);
    let made = half_made(&stage).await;
    let run = history(&stage).run(&made).expect("the run").clone();
    let (_, servers) = run.created(0).expect("the zone");
    delegate_by_hand(&stage, &run.plan.subject, servers);
    let back = undo(&stage, &run, 2).expect("a zone to delete");
    let end = apply(&stage, &back).await;
    let (End::Refused(reason) | End::Open { reason, .. }) = end else {
        panic!("{end:?}")
    };
    assert_eq!(reason.conflicts.len(), 1, "{reason:?}");
    assert_eq!(zones(&stage), before + 1);
}

/// The internet as it is seen by whoever asks.
struct Internet(Outside);

impl Prover for Internet {
    async fn look(&self, expected: &[Expected]) -> Vec<Seen> {
        AllGood.look(expected).await
    }

    async fn outside(&self, _: &DnsName, _: &[DnsName]) -> Outside {
        self.0.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_zone_stays_as_long_as_the_internet_is_or_may_be_referred_to_it() {
    for outside in [Outside::Refers, Outside::Unknown("nobody answers".to_owned())] {
        let stage = stage();
        let clock = Arc::clone(&stage);
        let applier = Applier::new(
            SimDesk(Arc::clone(&stage)),
            MemoryJournal(Arc::clone(&stage)),
            Internet(outside),
            Arc::new(move || moment(&clock)),
        )
        .waiting(86_400);
        let teardown = plan(&stage, Kind::Teardown, 1);
        let mut ignore = |_: Event| {};
        let end = applier
            .apply(&teardown, &confirmed(&teardown), &Brake::default(), &mut ignore)
            .await;
        assert!(matches!(end, End::Open { .. }), "{end:?}");
        let is_there = stage
            .service()
            .world
            .account(id(DEV))
            .expect("dev")
            .zone(&zone(GONE))
            .is_some();
        assert!(is_there);
        // Once nobody refers to it any more, it goes.
        assert!(matches!(resume(&stage, &teardown.id).await, End::Applied(_)));
    }
}
