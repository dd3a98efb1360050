//! Taking back what the journal says was made.

use zonecut::config::{Asked, Config, Overridden, WriteCap};
use zonecut::model::text::Untrusted;
use zonecut::plan::journal::{Entry, Gained, History, Operator, Record, Sent};
use zonecut::plan::step::{Step, ZoneTarget};
use zonecut::plan::wish::{Patience, Repair, Want};
use zonecut::plan::{Goal, Plan, PlanId};
use zonecut::ports::{Desk as _, Writer as _};
use zonecut::sim::service::Side;

use super::{NOW, Organisation, name};

/// Sends the changes of a plan, and notes them as they are noted.
async fn carry_out(organisation: &Organisation, plan: &Plan) -> History {
    let entry = |record| Entry {
        at: NOW,
        plan: plan.id.clone(),
        record,
    };
    let mut entries = vec![entry(Record::Intent {
        plan: Box::new(plan.clone()),
        operator: Operator::default(),
    })];
    for (step, what) in plan.steps() {
        let Step::Change {
            party,
            zone: ZoneTarget::Held { id, .. },
            batch,
        } = what
        else {
            panic!("{what:?}");
        };
        let place = organisation
            .desk
            .place_of(plan.party(*party).expect("a party"))
            .expect("an account");
        let writer = organisation.desk.writer(place, plan).await.expect("leave");
        let values = batch.values(|_| None).expect("nothing is created");
        let change = writer.change(id, &values, "a test").await.expect("it is taken");
        let what = Sent::Change {
            zone: id.clone(),
            values,
        };
        entries.push(entry(Record::Sending { step, what }));
        entries.push(entry(Record::Done {
            step,
            gained: Gained::Change { id: Some(change.0) },
        }));
        entries.push(entry(Record::InSync { step }));
    }
    entries.push(entry(Record::Committed));
    History::of(&entries)
}

fn undo(plan: &Plan) -> Want {
    Want::Undo {
        of: plan.id.clone(),
        patience: Patience::Wait,
    }
}

/// All record sets of all zones, as the simulator holds them.
fn everything(organisation: &Organisation) -> Vec<String> {
    organisation.simulator.with_world(|world| {
        let zones = world
            .zones()
            .map(|(_, zone)| format!("{} {:?}", zone.id, zone.records()));
        zones.collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mended_a_finding_is_taken_back_to_the_last_octet() {
    let mut organisation = Organisation::demo().await;
    organisation
        .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
        .await;
    for (at, way) in [
        ("staging.example.com", "replace"),
        ("id.example.com", "restore-apex"),
        ("cdn.example.com", "move"),
        ("static.www.example.com", "delegate"),
    ] {
        let before = everything(&organisation);
        let want = Want::Repair(Repair {
            name: name(at),
            finding: None,
            way: Some(way.to_owned()),
        });
        let want = match (at, want) {
            ("cdn.example.com", Want::Repair(repair)) => Want::Repair(Repair {
                finding: Some("occluded-records".to_owned()),
                ..repair
            }),
            (_, want) => want,
        };
        let plan = organisation.draft(want).await.expect("a plan");
        let history = carry_out(&organisation, &plan).await;
        assert_ne!(everything(&organisation), before, "{at}");
        let back = organisation
            .draft_after(undo(&plan), &history, PlanId::new([8; 16]))
            .await
            .expect("an undo");
        assert!(matches!(&back.goal, Goal::Undo { of, .. } if *of == plan.id));
        carry_out(&organisation, &back).await;
        assert_eq!(everything(&organisation), before, "{at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dangling_delegation_that_is_put_back_is_not_said_to_resolve() {
    let mut organisation = Organisation::demo().await;
    organisation
        .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
        .await;
    let want = Want::Repair(Repair {
        name: name("promo.example.com"),
        finding: None,
        way: Some("remove".to_owned()),
    });
    let plan = organisation.draft(want).await.expect("a plan");
    let history = carry_out(&organisation, &plan).await;
    let back = organisation.draft_after(undo(&plan), &history, PlanId::new([8; 16]));
    let back = back.await.expect("an undo");
    let said: Vec<&str> = back.outlook.effects.iter().map(|one| one.saying.as_str()).collect();
    assert_eq!(
        said,
        [
            "promo.example.com and all below it: is referred to other name servers, and resolves as far as those serve it"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_since_is_shown_and_not_taken_back() {
    let mut organisation = Organisation::demo().await;
    organisation
        .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
        .await;
    let want = Want::Repair(Repair {
        name: name("staging.example.com"),
        finding: None,
        way: Some("replace".to_owned()),
    });
    let plan = organisation.draft(want.clone()).await.expect("a plan");
    let history = carry_out(&organisation, &plan).await;
    let Step::Change {
        party,
        zone: ZoneTarget::Held { id, .. },
        batch,
    } = &plan.steps[0]
    else {
        panic!()
    };
    let mut values = batch.values(|_| None).expect("values");
    values.delete = std::mem::take(&mut values.create);
    values.create = values.delete.clone();
    values.create[0].ttl = Some(1_234);
    let place = organisation
        .desk
        .place_of(plan.party(*party).expect("a party"))
        .expect("an account");
    let writer = organisation.desk.writer(place, &plan).await.expect("leave");
    writer.change(id, &values, "somebody else").await.expect("it is taken");
    let refusal = organisation
        .draft_after(undo(&plan), &history, PlanId::new([8; 16]))
        .await
        .expect_err("it moved on");
    let [conflict] = refusal.conflicts.as_slice() else {
        panic!("{refusal:?}")
    };
    assert_eq!(conflict.theirs.as_ref().and_then(|set| set.ttl), Some(1_234));
    assert_eq!(conflict.old.as_ref().and_then(|set| set.ttl), Some(300));
    let unknown = Want::Undo {
        of: PlanId::new([1; 16]),
        patience: Patience::Now(Untrusted::from("a test")),
    };
    assert!(
        organisation
            .draft_after(unknown, &history, PlanId::new([8; 16]))
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lists_do_not_show_yet_is_not_taken_for_taken_back() {
    let mut organisation = Organisation::demo().await;
    organisation
        .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
        .await;
    let before = everything(&organisation);
    let want = Want::Repair(Repair {
        name: name("staging.example.com"),
        finding: None,
        way: Some("replace".to_owned()),
    });
    let plan = organisation.draft(want).await.expect("a plan");
    let history = carry_out(&organisation, &plan).await;
    let parties: Vec<_> = plan.parties.iter().map(|party| party.id).collect();
    for party in &parties {
        organisation
            .simulator
            .set_faults(*party, |faults| faults.read_lag_ms = 600_000);
    }
    // The second look shows what was written.
    organisation.simulator.between_calls(move |world, turn| {
        if turn.side == Side::After && turn.action == "ListResourceRecordSets" {
            for party in &parties {
                world.account_mut(*party).expect("the account").faults.read_lag_ms = 0;
            }
        }
    });
    let back = organisation
        .draft_after(undo(&plan), &history, PlanId::new([8; 16]))
        .await;
    let back = back.expect("an undo, although lists showed what was before");
    carry_out(&organisation, &back).await;
    assert_eq!(everything(&organisation), before);
}
