//! Every point at which a process can die, again while it recovers, with somebody else writing in between (safety.md A.5).

use std::sync::Arc;

use zonecut::engine::apply::End;
use zonecut::plan::journal::Standing;
use zonecut::plan::step::caller_reference;
use zonecut::plan::{ExactSet, PlanId};
use zonecut::sim::api::{Change, ChangeAction, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::service::Token;

use super::desk::{Last, Stage};
use super::lag::lag_behind;
use super::stage::{
    ABOVE, DEV, HUB, KINDS, Kind, above, apply, delegation, history, id, name, or_killed, plan, resume, stage, undo,
    zone,
};

pub const BOTH: [Last; 2] = [Last::NotSent, Last::Lost];

/// One schedule.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    pub kind: Kind,
    pub outer: (usize, Last),
    pub inner: Option<(usize, Last)>,
    pub recovery: Recovery,
    pub foreign: bool,
    /// For how many milliseconds lists still show what was before a write.
    pub lag: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    Resume,
    Undo,
}

/// Somebody else makes the delegation his own, whatever is there.
fn write_foreign(stage: &Stage, kind: Kind) -> ExactSet {
    let foreign = ExactSet::name_servers(kind.subject(), 60, &[name("ns-1.foreign.example")]);
    let set = ResourceRecordSet::delegation(kind.subject(), 60, &[name("ns-1.foreign.example")]);
    let now = stage.now();
    let mut service = stage.service();
    let key = service.world.account(id(HUB)).expect("the hub").access_key();
    let operation = Operation::ChangeResourceRecordSets {
        zone: ABOVE.to_owned(),
        comment: None,
        changes: vec![Change {
            action: ChangeAction::Upsert,
            set,
        }],
    };
    let token = Token {
        access_key: Some(&key),
        session: None,
    };
    service.call(now, &token, &operation).outcome.expect("written");
    foreign
}

/// How many zones there are of a caller reference, and whether a zone has these name servers.
fn zones_of(stage: &Stage, reference: &str) -> usize {
    let service = stage.service();
    let dev = service.world.account(id(DEV)).expect("dev");
    dev.zones().filter(|zone| *zone.caller_reference == *reference).count()
}

fn leads_somewhere(stage: &Stage, set: &ExactSet) -> bool {
    let wanted: Vec<String> = set.values().iter().map(|value| value.expose().to_owned()).collect();
    let service = stage.service();
    service.world.account(id(DEV)).expect("dev").zones().any(|zone| {
        zone.name == set.name
            && zone
                .delegation_set
                .iter()
                .all(|server| wanted.contains(&server.to_route53()))
    })
}

/// Recovers until nothing is open, with one more death on the way where the schedule has one.
async fn recover(stage: &Arc<Stage>, plan_id: &PlanId, schedule: Schedule) {
    let mut inner = schedule.inner;
    for round in 0..6_u8 {
        stage.restart(inner.take());
        let history = history(stage);
        let Some(run) = history.run(plan_id).cloned() else {
            return;
        };
        let ended = match schedule.recovery {
            Recovery::Resume => match run.is_open() {
                true => or_killed(stage, resume(stage, plan_id)).await,
                false => return,
            },
            Recovery::Undo => or_killed(stage, take_back(stage, plan_id, 100 + round)).await,
        };
        if ended.is_some() {
            return;
        }
    }
    panic!("it never ends: {schedule:?}");
}

/// What a person does who wants it back: finds out what came of it, then takes back what was made.
pub async fn take_back(stage: &Arc<Stage>, plan_id: &PlanId, seed: u8) -> End {
    let history = history(stage);
    let run = history.run(plan_id).expect("the run");
    if let Some((by, _)) = &run.undo {
        return resume(stage, &by.clone()).await;
    }
    let mut ignore = |_| {};
    let brake = zonecut::engine::apply::Brake::default();
    let settled = super::stage::applier(stage).settle(plan_id, &brake, &mut ignore).await;
    match settled.ok().and_then(|run| undo(stage, &run, seed)) {
        Some(undo) => apply(stage, &undo).await,
        None => End::AlreadyApplied,
    }
}

/// Whether the process gets as far as the outer kill point at all.
pub async fn play(schedule: Schedule) -> bool {
    let stage = stage();
    lag_behind(&stage, schedule.lag);
    let before = above(&stage);
    let plan = plan(&stage, schedule.kind, 1);
    let old = delegation(&stage, &plan.subject);
    stage.restart(Some(schedule.outer));
    if or_killed(&stage, apply(&stage, &plan)).await.is_some() {
        return false;
    }
    let foreign = schedule.foreign.then(|| write_foreign(&stage, schedule.kind));
    recover(&stage, &plan.id, schedule).await;

    let there = delegation(&stage, &plan.subject);
    let history = history(&stage);
    let run = history.run(&plan.id);
    let reference = caller_reference(&plan.id, 0);
    // I1: one zone of a caller reference at most.
    assert!(zones_of(&stage, &reference) <= 1, "I1 {schedule:?}");
    // I2: what somebody else wrote is still there.
    if let Some(foreign) = &foreign {
        assert_eq!(there.as_ref(), Some(foreign), "I2 {schedule:?}");
    }
    // I3: nobody is referred to a zone of ours that does not exist.
    if let Some(set) = there
        .as_ref()
        .filter(|set| foreign.as_ref() != Some(set) && old.as_ref() != Some(set))
    {
        assert!(leads_somewhere(&stage, set), "I3 {schedule:?}");
    }
    if schedule.kind == Kind::Teardown && there.is_some() && foreign.is_none() {
        let gone = stage
            .service()
            .world
            .account(id(DEV))
            .expect("dev")
            .zone(&zone(super::stage::GONE))
            .is_none();
        assert!(!gone, "I3 {schedule:?}");
    }
    // I4: what is there is the old, the new, or the other's.
    let is_new = there.as_ref().is_some_and(|set| leads_somewhere(&stage, set));
    assert!(
        there == old || is_new || there.is_none() || there == foreign,
        "I4 {schedule:?}"
    );
    // I5: whatever the journal calls made is there, unless somebody else changed it or it was taken back.
    let standing = run.map(|run| run.standing());
    if standing == Some(Standing::Done) && foreign.is_none() {
        match schedule.kind {
            Kind::Teardown => assert_eq!(there, None, "I5 {schedule:?}"),
            _ => assert!(is_new, "I5 {schedule:?}"),
        }
    }
    // I6: whatever is open says what to do.
    for open in history.open() {
        assert!(open.advice().contains("zonecut "), "I6 {schedule:?}");
    }
    // I7: without anybody else, resuming finishes it, and taking it back leads to exactly what was there before.
    if foreign.is_none() {
        let Some(run) = run else {
            assert_eq!(above(&stage), before, "I7 {schedule:?}");
            return true;
        };
        match schedule.recovery {
            Recovery::Resume => assert_eq!(run.standing(), Standing::Done, "I7 {schedule:?} {:?}", run.stopped),
            Recovery::Undo if schedule.kind != Kind::Teardown => {
                assert_eq!(above(&stage), before, "I7 {schedule:?}");
                assert_eq!(zones_of(&stage, &reference), 0, "I7 {schedule:?}");
            }
            Recovery::Undo => {}
        }
    }
    true
}

/// Every schedule with these inner kill points; says how many there were.
async fn play_all(kind: Kind, inner: &[Option<(usize, Last)>]) -> usize {
    let mut played = 0;
    for at in 1.. {
        let mut reached = false;
        for how in BOTH {
            for recovery in [Recovery::Resume, Recovery::Undo] {
                for foreign in [false, true] {
                    for inner in inner {
                        let schedule = Schedule {
                            kind,
                            outer: (at, how),
                            inner: *inner,
                            recovery,
                            foreign,
                            lag: 0,
                        };
                        reached = play(schedule).await;
                        played += usize::from(reached);
                    }
                }
            }
        }
        if !reached {
            break;
        }
    }
    played
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_anywhere_leaves_what_can_be_finished_or_taken_back() {
    for kind in KINDS {
        let played = play_all(kind, &[None]).await;
        assert!(played > 80, "{kind:?}: {played}");
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "some minutes; .ci/run runs it"]
async fn a_process_that_dies_again_while_it_recovers_leaves_it_too() {
    let inner: Vec<_> = (1..=20)
        .step_by(3)
        .flat_map(|at| BOTH.map(|how| Some((at, how))))
        .collect();
    let mut played = 0;
    for kind in KINDS {
        played += play_all(kind, &inner).await;
    }
    println!("{played} schedules");
    assert!(played >= 4_000, "{played}");
}
