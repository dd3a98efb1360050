//! What was sent and lost, and changed by somebody else before it was read back.

use std::sync::Arc;

use zonecut::engine::apply::{End, Expected};
use zonecut::model::text::Untrusted;
use zonecut::plan::batch::{Batch, Change, Wanted};
use zonecut::plan::journal::{Entry, Gained, History, Operator, Record, Run, Sent, Standing};
use zonecut::plan::step::{Step, ZoneTarget};
use zonecut::plan::{ExactSet, PartyIx, Plan};
use zonecut::sim::api::{Change as Asked, ChangeAction, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::service::Token;

use super::desk::{Last, MemoryJournal, Stage};
use super::stage::{ABOVE, HUB, Kind, apply, delegation, history, id, name, or_killed, plan, resume, stage, zone};

/// Somebody else changes one record set of the zone above.
fn meddle(stage: &Stage, action: ChangeAction, set: ResourceRecordSet) {
    let now = stage.now();
    let mut service = stage.service();
    let key = service.world.account(id(HUB)).expect("the hub").access_key();
    let operation = Operation::ChangeResourceRecordSets {
        zone: ABOVE.to_owned(),
        comment: None,
        changes: vec![Asked { action, set }],
    };
    let token = Token {
        access_key: Some(&key),
        session: None,
    };
    service.call(now, &token, &operation).outcome.expect("written");
}

fn servers(owner: &str, server: &str) -> ResourceRecordSet {
    ResourceRecordSet::delegation(name(owner), 60, &[name(server)])
}

/// A plan of one step that touches the zone above alone.
fn change(stage: &Stage, changes: Vec<Change>) -> Plan {
    let like = plan(stage, Kind::Replaced, 1);
    let above = like.steps.iter().find_map(|step| match step {
        Step::Change { zone, .. } => Some(zone.clone()),
        _ => None,
    });
    Plan {
        steps: vec![Step::Change {
            party: PartyIx(0),
            zone: above.expect("the zone above"),
            batch: Batch::new(changes).expect("a batch"),
        }],
        ..like
    }
}

/// Applies a plan of one step whose only request is carried out, and whose answer nobody hears.
async fn lost(changes: impl Fn(&Stage) -> Vec<Change>) -> (Arc<Stage>, Plan) {
    for at in 1..40 {
        let stage = stage();
        let plan = change(&stage, changes(&stage));
        stage.restart(Some((at, Last::Lost)));
        if or_killed(&stage, apply(&stage, &plan)).await.is_some() {
            break;
        }
        let is_unsettled = history(&stage)
            .run(&plan.id)
            .is_some_and(|run| run.unsettled().is_some());
        if is_unsettled && !stage.mutations.lock().expect("a list").is_empty() {
            stage.restart(None);
            return (stage, plan);
        }
    }
    panic!("no such kill point");
}

/// A plan of which every change was made.
fn made(plan: &Plan) -> Run {
    let note = |record| Entry {
        at: plan.made,
        plan: plan.id.clone(),
        record,
    };
    let mut entries = vec![note(Record::Intent {
        plan: Box::new(plan.clone()),
        operator: Operator::default(),
    })];
    for (step, change) in plan.steps.iter().enumerate() {
        let Step::Change {
            zone: ZoneTarget::Held { id, .. },
            batch,
            ..
        } = change
        else {
            panic!("{change:?}")
        };
        let what = Sent::Change {
            zone: id.clone(),
            values: batch.values(|_| None).expect("all is known"),
        };
        entries.push(note(Record::Sending { step, what }));
        let gained = Gained::Change { id: None };
        entries.push(note(Record::Done { step, gained }));
    }
    History::of(&entries).run(&plan.id).expect("it was begun").clone()
}

#[tokio::test(start_paused = true)]
async fn what_was_made_and_then_changed_by_others_is_not_called_unmade() {
    let ours = ExactSet::name_servers(name("old.example.com"), 300, &[name("ns-1.ours.example")]);
    let (stage, plan) = lost(|stage| {
        vec![Change::Replace {
            old: Box::new(delegation(stage, &ours.name).expect("a delegation")),
            new: Box::new(Wanted::Set(ours.clone())),
        }]
    })
    .await;
    assert_eq!(delegation(&stage, &ours.name), Some(ours.clone()));
    meddle(
        &stage,
        ChangeAction::Upsert,
        servers("old.example.com", "ns-1.theirs.example"),
    );
    let End::Open { reason, .. } = resume(&stage, &plan.id).await else {
        panic!("not open")
    };
    assert_eq!(reason.conflicts.len(), 1);
    assert!(
        reason.refusal.what.contains("may have been made"),
        "{:?}",
        reason.refusal
    );
    let seen = history(&stage);
    assert_eq!(seen.run(&plan.id).map(|run| run.standing()), Some(Standing::Open));
    // Once ours is there again, it is known to have been made.
    let set = ResourceRecordSet::delegation(ours.name.clone(), 300, &[name("ns-1.ours.example")]);
    meddle(&stage, ChangeAction::Upsert, set);
    assert!(matches!(resume(&stage, &plan.id).await, End::Applied(_)));
}

#[tokio::test(start_paused = true)]
async fn where_a_part_of_a_batch_was_put_back_the_rest_is_not_forgotten() {
    let old = delegation(&stage(), &name("old.example.com")).expect("a delegation");
    let ours = ExactSet::name_servers(name("fresh.example.com"), 300, &[name("ns-1.ours.example")]);
    let (stage, plan) = lost(|_| vec![Change::Delete(old.clone()), Change::Create(Wanted::Set(ours.clone()))]).await;
    let old_servers = [name("ns-9.elsewhere.example"), name("ns-8.elsewhere.example")];
    let again = ResourceRecordSet::delegation(old.name.clone(), 300, &old_servers);
    meddle(&stage, ChangeAction::Create, again);
    let End::Open { reason, .. } = resume(&stage, &plan.id).await else {
        panic!("not open")
    };
    let [conflict] = reason.conflicts.as_slice() else {
        panic!("{reason:?}")
    };
    assert_eq!(conflict.name, old.name);
    assert_eq!((&conflict.yours, &conflict.theirs), (&None, &Some(old)));
    // Whoever leaves it so says why, and it is offered no more.
    let journal = MemoryJournal(Arc::clone(&stage));
    let give_up =
        || zonecut::engine::apply::give_up(&journal, &plan.id, Operator::default(), "all is well".into(), plan.made);
    assert_eq!(give_up(), Ok(()));
    let seen = history(&stage);
    assert_eq!(seen.open().count(), 0);
    assert_eq!(seen.run(&plan.id).map(|run| run.standing()), Some(Standing::Abandoned));
    assert!(give_up().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_delegation_that_moves_between_zones_of_one_name_is_looked_for_in_both() {
    let stage = stage();
    let old = delegation(&stage, &name("old.example.com")).expect("a delegation");
    let mut plan = change(
        &stage,
        vec![Change::Create(Wanted::Set(ExactSet::name_servers(
            name("moved.example.com"),
            300,
            &[name("ns-1.ours.example")],
        )))],
    );
    let Some(Step::Change {
        party,
        zone: ZoneTarget::Held { name_servers, .. },
        ..
    }) = plan.steps.first().cloned()
    else {
        panic!("a change")
    };
    let twin = ZoneTarget::Held {
        id: zone("Z9TWIN"),
        name: name("example.com"),
        reference: Untrusted::from("twin"),
        name_servers: vec![name("ns-1.twin.example")],
        record_sets: 3,
    };
    plan.steps.push(Step::Change {
        party,
        zone: twin,
        batch: Batch::new(vec![Change::Delete(ExactSet {
            name: name("moved.example.com"),
            ..old
        })])
        .expect("a batch"),
    });
    let expected = Expected::of(&made(&plan));
    let kinds: Vec<_> = expected
        .iter()
        .map(|one| match one {
            Expected::Cut { parent, .. } => ("cut", parent.1.clone()),
            Expected::NoCut { parent, .. } => ("no cut", parent.1.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [("cut", name_servers), ("no cut", vec![name("ns-1.twin.example")])]
    );
}
