//! A second writer at any moment, and many who apply the same plan at once.

use std::sync::Arc;

use zonecut::engine::apply::End;
use zonecut::plan::ExactSet;
use zonecut::sim::api::{Change, ChangeAction, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::service::Token;

use super::desk::Stage;
use super::stage::{ABOVE, DEV, HUB, Kind, apply, delegation, id, name, plan, stage};

/// Somebody else replaces what is there, or takes it away, as Route 53 lets anybody do.
fn interfere(stage: &Stage, kind: Kind, random: &mut fastrand::Rng) -> Option<ExactSet> {
    let server = name(&format!("ns-{}.foreign.example", random.u8(..)));
    let set = ResourceRecordSet::delegation(kind.subject(), 60, &[server]);
    let now = stage.now();
    let mut service = stage.service();
    let key = service.world.account(id(HUB)).expect("the hub").access_key();
    let operation = Operation::ChangeResourceRecordSets {
        zone: ABOVE.to_owned(),
        comment: None,
        changes: vec![Change {
            action: ChangeAction::Upsert,
            set: set.clone(),
        }],
    };
    let token = Token {
        access_key: Some(&key),
        session: None,
    };
    service.call(now, &token, &operation).outcome.expect("written");
    Some(super::desk::from_sim(&set))
}

async fn schedule(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let kind = [Kind::New, Kind::Replaced, Kind::Teardown][random.usize(..3)];
    let stage = stage();
    let plan = plan(&stage, kind, 1);
    let yields = random.usize(..20);
    let other = {
        let stage = Arc::clone(&stage);
        async move {
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            let written = interfere(&stage, kind, &mut random);
            (written, stage.mutations.lock().expect("a list").len())
        }
    };
    let (end, (foreign, _)) = tokio::join!(apply(&stage, &plan), other);
    let there = delegation(&stage, &plan.subject);
    let is_foreign = there == foreign;
    // What somebody else wrote is never overwritten: he wrote last, or the plan was refused.
    assert!(is_foreign, "seed {seed}: {end:?} {there:?}");
    // What is called applied was applied: then it was there before the other one replaced it.
    if matches!(end, End::Applied(_)) {
        let mutations = stage.mutations.lock().expect("a list");
        assert!(mutations.contains(&"ChangeResourceRecordSets"), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_writer_is_never_overwritten() {
    for seed in 0..1_000 {
        schedule(seed).await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "a minute; .ci/run runs it"]
async fn a_second_writer_is_never_overwritten_in_ten_thousand_schedules() {
    for seed in 1_000..11_000 {
        schedule(seed).await;
    }
}

async fn fifty(runs: usize) {
    for _ in 0..runs {
        let stage = stage();
        let plan = Arc::new(plan(&stage, Kind::New, 1));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (stage, plan) = (Arc::clone(&stage), Arc::clone(&plan));
                tokio::spawn(async move { apply(&stage, &plan).await })
            })
            .collect();
        let mut applied = 0;
        for task in tasks {
            applied += usize::from(matches!(task.await.expect("an end"), End::Applied(_)));
        }
        assert_eq!(applied, 1);
        let mutations = stage.mutations.lock().expect("a list").clone();
        assert_eq!(mutations, ["CreateHostedZone", "ChangeResourceRecordSets"]);
        let service = stage.service();
        assert_eq!(service.world.account(id(DEV)).expect("dev").zone_count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn of_fifty_who_apply_one_plan_one_does() {
    fifty(20).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "a minute; .ci/run runs it"]
async fn of_fifty_who_apply_one_plan_one_does_a_thousand_times() {
    fifty(1_000).await;
}
