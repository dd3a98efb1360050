//! Plans that wait too long: what came since they were confirmed stops them, and what did not change lets them go on.

use std::sync::Arc;

use zonecut::config::{Asked, Config, Overridden, WriteCap};
use zonecut::dns::Sockets;
use zonecut::engine::apply::{Applier, Brake, Confirmed, End, Event, LiveProver};
use zonecut::engine::atlas::Atlas;
use zonecut::engine::check::Checker;
use zonecut::engine::draft::{Afresh, Sources};
use zonecut::model::record::RecordType;
use zonecut::model::zone::ZoneId;
use zonecut::plan::batch::Values;
use zonecut::plan::journal::Operator;
use zonecut::plan::wish::{ChildZone, Delegate, FIRST_TTL, Hidden, Want, Wish};
use zonecut::plan::{ExactSet, Moment, Plan, PlanId, file};
use zonecut::ports::{Desk as _, Writer as _};
use zonecut::store::journal::FileJournal;

use super::{Lives, NOW, Organisation, cost, name, text};

const WORLD: &str = r#"
name = "two accounts"
[[account]]
id = "111122223333"
name = "hub"
[[account.zone]]
name = "example.com"
id = "Z1HUB"
records = ["www 300 A 192.0.2.1"]
[[account]]
id = "444455556666"
name = "dev"
[[account.zone]]
name = "{calm,busy}.example.com"
delegate = false
records = ["@ 300 A 192.0.2.2"]
[[account.zone]]
name = "gone.example.com"
delegate = false
id = "Z3GONE"
"#;

/// An organisation whose plans are applied, and the journal that tells of it.
struct Stage {
    organisation: Organisation,
    home: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        let mut organisation = Organisation::of(WORLD, Lives::Asked).await;
        organisation
            .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
            .await;
        Self {
            organisation,
            home: tempfile::tempdir().expect("a directory"),
        }
    }

    async fn plan(&self, child: &str, to: ChildZone, seed: u8) -> Plan {
        let want = Want::Delegate(Delegate {
            child: name(child),
            parent: None,
            to,
            ttl: FIRST_TTL,
            hidden: Hidden::Leave,
        });
        let wish = Wish {
            want,
            overrides: Vec::new(),
        };
        let plan = self.organisation.make(wish, None, PlanId::new([seed; 16])).await;
        let plan = plan.expect("a plan");
        assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
        plan
    }

    /// So many seconds after the plans were made.
    fn applier(&self, seconds: u64) -> Applier<zonecut::aws::Accounts, FileJournal, LiveProver<Sockets>> {
        let prover = LiveProver::new(self.organisation.asker(), self.organisation.start(), cost(), []);
        let journal = FileJournal::at(self.home.path().join("journal"));
        let clock = Arc::new(move || Moment(NOW.0 + seconds));
        Applier::new(self.organisation.desk.clone(), journal, prover, clock)
    }

    fn checker(&self) -> Checker<Sockets> {
        let atlas = Arc::new(Atlas::new(self.organisation.start()));
        Checker::new(self.organisation.asker(), atlas, cost())
    }

    fn afresh<'a>(&'a self, checker: &'a Checker<Sockets>) -> Afresh<'a, zonecut::aws::Accounts, Sockets> {
        Afresh(Sources {
            desk: &self.organisation.desk,
            inventory: self.organisation.picture.inventory(),
            survey: self.organisation.picture.survey(),
            checker: Some(checker),
            history: None,
        })
    }

    /// Makes the zone, and stops before anybody is referred to it.
    async fn begin(&self, plan: &Plan) {
        let brake = Brake::default();
        let mut stop = |event: Event| {
            if event == (Event::Over { step: 0 }) {
                brake.pull();
            }
        };
        let end = self.applier(10).apply(plan, &confirmed(plan), &brake, &mut stop).await;
        assert!(matches!(end, End::Open { .. }), "{end:?}");
    }

    async fn resume(&self, plan: &Plan) -> End {
        let checker = self.checker();
        let again = self.afresh(&checker);
        self.applier(5_000)
            .resume(&plan.id, Operator::default(), &again, &Brake::default(), &mut |_| {})
            .await
    }

    async fn apply_saved(&self, plan: &Plan) -> End {
        let checker = self.checker();
        let again = self.afresh(&checker);
        self.applier(600)
            .apply_saved(plan, &confirmed(plan), &again, &Brake::default(), &mut |_| {})
            .await
    }

    /// Somebody else puts an address into the zone above.
    async fn foreign(&self, plan: &Plan, owner: &str) {
        let place = self.organisation.desk.place_of(&plan.parties[0]).expect("an account");
        let writer = self.organisation.desk.writer(place, plan).await.expect("leave");
        let values = Values {
            delete: Vec::new(),
            create: vec![ExactSet::simple(
                name(owner),
                RecordType::A,
                60,
                vec![text("192.0.2.9")],
            )],
        };
        let zone = ZoneId::read("Z1HUB").expect("an id");
        writer
            .change(&zone, &values, "somebody else")
            .await
            .expect("it is taken");
    }

    /// Somebody else deletes the zone that is delegated to.
    async fn delete(&self, plan: &Plan, zone: &str) {
        let place = self.organisation.desk.place_of(&plan.parties[1]).expect("an account");
        let writer = self.organisation.desk.writer(place, plan).await.expect("leave");
        let zone = ZoneId::read(zone).expect("an id");
        writer.delete_zone(&zone).await.expect("it is empty");
    }

    fn is_delegated(&self, child: &str) -> bool {
        self.organisation.simulator.with_world(|world| {
            let (_, above) = world
                .zones()
                .find(|(_, zone)| zone.id.as_str() == "Z1HUB")
                .expect("the zone");
            let mut sets = above.records().iter();
            sets.any(|set| set.name == name(child) && set.record_type == RecordType::NS)
        })
    }
}

fn confirmed(plan: &Plan) -> Confirmed {
    Confirmed {
        hash: file::hash(plan),
        operator: Operator::default(),
        waited: None,
    }
}

fn created() -> ChildZone {
    ChildZone::Create {
        account: text("444455556666"),
        delegation_set: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_plan_goes_on_where_all_is_as_it_was_confirmed() {
    let stage = Stage::new().await;
    let plan = stage.plan("new.example.com", created(), 1).await;
    stage.begin(&plan).await;
    let end = stage.resume(&plan).await;
    assert!(matches!(end, End::Applied(_)), "{end:?}");
    assert!(stage.is_delegated("new.example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_plan_hides_nothing_that_came_since_and_says_how_to_go_on() {
    let stage = Stage::new().await;
    let plan = stage.plan("new.example.com", created(), 1).await;
    stage.begin(&plan).await;
    stage.foreign(&plan, "www.new.example.com").await;
    let End::Outdated(reason) = stage.resume(&plan).await else {
        panic!("it went on");
    };
    assert!(reason.refusal.what.contains("www.new.example.com"), "{reason:?}");
    let next = reason.refusal.next.unwrap_or_default();
    assert!(next.contains("zonecut undo 01010101"), "{next}");
    assert!(next.contains("zonecut delegate new.example.com --zone Z"), "{next}");
    assert!(!stage.is_delegated("new.example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_plan_is_applied_only_where_nothing_came_that_it_does_not_tell_of() {
    let stage = Stage::new().await;
    let calm = stage.plan("calm.example.com", ChildZone::Only, 1).await;
    let busy = stage.plan("busy.example.com", ChildZone::Only, 2).await;
    let gone = stage.plan("gone.example.com", ChildZone::Only, 3).await;
    let new = stage.plan("new.example.com", created(), 4).await;
    stage.foreign(&busy, "secret.busy.example.com").await;
    stage.delete(&gone, "Z3GONE").await;
    for plan in [&calm, &new] {
        let end = stage.apply_saved(plan).await;
        assert!(matches!(end, End::Applied(_)), "{end:?}");
    }
    for (plan, what) in [(&busy, "secret.busy.example.com"), (&gone, "Child answers")] {
        let End::Refused(reason) = stage.apply_saved(plan).await else {
            panic!("{what} did not matter");
        };
        assert!(reason.refusal.what.contains(what), "{reason:?}");
        assert!(!stage.is_delegated(&plan.subject.to_string()));
    }
}
