//! While a plan waits for what resolvers remember, the journal is everybody's.

use std::time::Duration;

use zonecut::engine::apply::End;
use zonecut::plan::journal::Standing;

use super::stage::{DEV, GONE, Kind, apply, delegation, history, id, plan, resume, stage, undo, zone};

/// In the middle of the wait.
async fn a_minute_later() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn somebody_else_applies_a_plan_while_one_waits() {
    let stage = stage();
    let teardown = plan(&stage, Kind::Teardown, 1);
    let other = async {
        a_minute_later().await;
        apply(&stage, &plan(&stage, Kind::New, 2)).await
    };
    let (waited, other) = tokio::join!(apply(&stage, &teardown), other);
    assert!(matches!(other, End::Applied(_)), "{other:?}");
    assert!(matches!(waited, End::Applied(_)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_while_it_waits_goes_no_further() {
    let stage = stage();
    let teardown = plan(&stage, Kind::Teardown, 1);
    let back = async {
        a_minute_later().await;
        let run = history(&stage).run(&teardown.id).expect("the run").clone();
        let back = undo(&stage, &run, 2).expect("a delegation to put back");
        apply(&stage, &back).await
    };
    let (waited, back) = tokio::join!(apply(&stage, &teardown), back);
    assert!(matches!(back, End::Applied(_)), "{back:?}");
    assert!(matches!(waited, End::Refused(_)), "{waited:?}");
    assert!(delegation(&stage, &teardown.subject).is_some());
    let run = history(&stage).run(&teardown.id).expect("the run").clone();
    assert_eq!(run.standing(), Standing::Undone);
    assert!(matches!(resume(&stage, &teardown.id).await, End::Refused(_)));
    let service = stage.service();
    let dev = service.world.account(id(DEV)).expect("dev");
    assert!(dev.zone(&zone(GONE)).is_some());
}
