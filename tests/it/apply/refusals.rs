//! What is refused, and that nothing is sent then.

use std::sync::Arc;

use zonecut::engine::apply::{Brake, Confirmed, End, Event};
use zonecut::plan::preflight::{Check, Firmness, Outcome};
use zonecut::plan::{Moment, Plan, PlanId};

use super::desk::Stage;
use super::stage::{KINDS, Kind, applier, apply, confirmed, history, id, plan, resume, stage};

fn mutations(stage: &Stage) -> usize {
    stage.mutations.lock().expect("a list").len()
}

fn refused(end: &End) -> String {
    match end {
        End::Refused(reason) => reason.refusal.what.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_applied_and_then_used_up() {
    for kind in KINDS {
        let stage = stage();
        let plan = plan(&stage, kind, 1);
        let end = apply(&stage, &plan).await;
        assert!(matches!(end, End::Applied(_)), "{kind:?} {end:?}");
        let sent = mutations(&stage);
        assert_eq!(sent, 2);
        for _ in 0..10 {
            assert_eq!(apply(&stage, &plan).await, End::AlreadyApplied);
        }
        assert_eq!(mutations(&stage), sent);
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_old_edited_or_stopped_is_refused_with_the_reason() {
    let stage = stage();
    let good = plan(&stage, Kind::New, 1);
    let yes = confirmed(&good);
    let mut ignore = |_: Event| {};
    let mut edited = good.clone();
    edited.expires = Moment(u64::MAX);
    let end = applier(&stage)
        .apply(&edited, &yes, &Brake::default(), &mut ignore)
        .await;
    assert!(refused(&end).contains("not the one that was reviewed"));
    let mut stopped = good.clone();
    stopped.preflight.0.push(check(Outcome::Unchecked));
    assert!(refused(&apply(&stage, &stopped).await).contains("child-answers"));
    let waited = Confirmed {
        waited: Some(600),
        ..confirmed(&good)
    };
    let end = applier(&stage)
        .apply(&good, &waited, &Brake::default(), &mut ignore)
        .await;
    assert!(refused(&end).contains("clock"));
    tokio::time::advance(std::time::Duration::from_secs(901)).await;
    assert!(refused(&apply(&stage, &good).await).contains("too old"));
    assert_eq!(mutations(&stage), 0);
    assert!(history(&stage).runs().is_empty());
}

fn check(outcome: Outcome) -> Check {
    Check {
        code: "child-answers".to_owned(),
        title: "Child answers".to_owned(),
        outcome,
        saying: String::new(),
        details: Vec::new(),
        firmness: Firmness::Overridable,
        about: None,
        overridden: None,
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_longer_so_is_told_in_three_versions_and_nothing_is_sent() {
    let stage = stage();
    let stale = plan(&stage, Kind::Replaced, 1);
    let first = plan(&stage, Kind::Replaced, 2);
    assert!(matches!(apply(&stage, &first).await, End::Applied(_)));
    let sent = mutations(&stage);
    let End::Refused(reason) = apply(&stage, &stale).await else {
        panic!("not refused")
    };
    let [conflict] = reason.conflicts.as_slice() else {
        panic!("{reason:?}")
    };
    assert!(conflict.old.is_some() && conflict.theirs.is_some() && conflict.old != conflict.theirs);
    assert_eq!(mutations(&stage), sent);
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_one_plan_waits_to_delete_is_not_deleted_by_another() {
    let stage = stage();
    let first = plan(&stage, Kind::Teardown, 1);
    let mut ignore = |_: Event| {};
    let brake = Brake::default();
    let impatient = applier(&stage).waiting(0);
    let end = impatient.apply(&first, &confirmed(&first), &brake, &mut ignore).await;
    assert!(matches!(end, End::Open { until: Some(_), .. }), "{end:?}");
    let sent = mutations(&stage);
    // Nobody refers to the zone any more, so a plan that is made now has no step left but the last.
    let second = Plan {
        id: PlanId::new([2; 16]),
        steps: first.steps.last().cloned().into_iter().collect(),
        ..first.clone()
    };
    let End::Refused(reason) = apply(&stage, &second).await else {
        panic!("not refused")
    };
    assert!(reason.refusal.next.is_some_and(|next| next.contains("zonecut resume")));
    assert_eq!(mutations(&stage), sent);
    assert!(matches!(resume(&stage, &first.id).await, End::Applied(_)));
}

/// Applies a plan during which an account turns out to be another one, from the request of a number on.
async fn flipped(kind: Kind, at: usize) -> Option<(Arc<Stage>, usize)> {
    let stage = stage();
    let plan = plan(&stage, kind, 1);
    let watched = Arc::clone(&stage);
    let mut events = 0;
    let mut sent = None;
    let mut flip = |_: Event| {
        events += 1;
        if events == at {
            *watched.stranger.lock().expect("an id") = Some(id("999999999999"));
            sent = Some(mutations(&watched));
        }
    };
    applier(&stage)
        .apply(&plan, &confirmed(&plan), &Brake::default(), &mut flip)
        .await;
    sent.map(|sent| (stage, sent))
}

#[tokio::test(start_paused = true)]
async fn once_an_account_is_another_nothing_more_is_sent() {
    for kind in KINDS {
        let mut flips = 0;
        for at in 1.. {
            let Some((stage, sent)) = flipped(kind, at).await else {
                break;
            };
            assert_eq!(mutations(&stage), sent, "{kind:?} {at}");
            flips += 1;
        }
        assert!(flips > 8, "{kind:?} {flips}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_fails_at_any_record_lets_nothing_be_sent_that_was_not_noted() {
    for kind in KINDS {
        for at in 1..30 {
            let stage = stage();
            *stage.disk_fails_at.lock().expect("a number") = Some(at);
            let plan: Plan = plan(&stage, kind, 1);
            let end = apply(&stage, &plan).await;
            let journal = stage.journal.lock().expect("a journal").clone();
            let noted = journal
                .iter()
                .filter(|entry| matches!(entry.record, zonecut::plan::journal::Record::Sending { .. }))
                .count();
            assert!(mutations(&stage) <= noted, "{kind:?} {at}");
            if at == 1 {
                assert!(matches!(end, End::Refused(_)), "{end:?}");
                assert_eq!(mutations(&stage), 0);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_pulls_the_brake_ends_it_after_the_call_that_is_under_way() {
    for kind in KINDS {
        for at in 1..20 {
            let stage = stage();
            let plan = plan(&stage, kind, 1);
            let brake = Brake::default();
            let pulled = brake.clone();
            let mut events = 0;
            let mut pull = |_: Event| {
                events += 1;
                if events == at {
                    pulled.pull();
                }
            };
            let end = applier(&stage).apply(&plan, &confirmed(&plan), &brake, &mut pull).await;
            if matches!(end, End::Open { .. }) {
                let end = super::stage::resume(&stage, &plan.id).await;
                assert!(matches!(end, End::Applied(_)), "{kind:?} {at} {end:?}");
            }
        }
    }
}
