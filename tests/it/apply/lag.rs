//! Lists that still show what was before a write, for a while: nobody is led astray by them, killed or not.

use zonecut::engine::apply::End;
use zonecut::plan::journal::Standing;

use super::desk::Stage;
use super::kills::{BOTH, Recovery, Schedule, play, take_back};
use super::stage::{DEV, HUB, KINDS, Kind, above, apply, delegation, history, id, plan, stage};

/// The lags that are tried: a blink, more than the pauses of a poll, and almost as long as a missing answer is looked for.
const LAGS: [u64; 3] = [900, 8_000, 45_000];

/// Lets the lists of both accounts lag behind.
pub fn lag_behind(stage: &Stage, milliseconds: u64) {
    let mut service = stage.service();
    for account in [HUB, DEV] {
        service.set_faults(id(account), |faults| faults.read_lag_ms = milliseconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_applied_and_taken_back_at_once_although_lists_lag_behind() {
    for kind in KINDS {
        for lag in LAGS {
            let stage = stage();
            let before = above(&stage);
            lag_behind(&stage, lag);
            let plan = plan(&stage, kind, 1);
            let end = apply(&stage, &plan).await;
            assert!(matches!(end, End::Applied(_)), "{kind:?} {lag} {end:?}");
            if kind == Kind::Teardown {
                assert_eq!(delegation(&stage, &plan.subject), None);
                continue;
            }
            let end = take_back(&stage, &plan.id, 2).await;
            assert!(matches!(end, End::Applied(_)), "{kind:?} {lag} {end:?}");
            assert_eq!(above(&stage), before, "{kind:?} {lag}");
            assert_eq!(
                history(&stage).run(&plan.id).expect("the run").standing(),
                Standing::Undone
            );
        }
    }
}

/// Every kill point of a kind while lists lag behind; says how many schedules there were.
async fn killed(kind: Kind, lag: u64) -> usize {
    let mut played = 0;
    for at in 1.. {
        let mut reached = false;
        for how in BOTH {
            for recovery in [Recovery::Resume, Recovery::Undo] {
                for foreign in [false, true] {
                    let schedule = Schedule {
                        kind,
                        outer: (at, how),
                        inner: None,
                        recovery,
                        foreign,
                        lag,
                    };
                    reached = play(schedule).await;
                    played += usize::from(reached);
                }
            }
        }
        if !reached {
            return played;
        }
    }
    played
}

async fn killed_with(lags: &[u64]) -> usize {
    let mut all = 0;
    for kind in KINDS {
        for lag in lags {
            let played = killed(kind, *lag).await;
            assert!(played > 80, "{kind:?} {lag}: {played}");
            all += played;
        }
    }
    all
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_anywhere_is_recovered_although_lists_lag_behind() {
    killed_with(&[8_000]).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "a minute; .ci/run runs it"]
async fn so_it_is_however_long_they_lag_behind() {
    println!("{} schedules", killed_with(&LAGS).await);
}
