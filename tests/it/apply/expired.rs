//! Credentials that expire, become somebody else's, or cannot be renewed, before each call of an apply, over the real protocol.
//!
//! Whatever comes of it: nothing more is made in the account, what is reported is what the service holds, and who logs in again
//! can finish it.

use std::sync::{Arc, Mutex};

use zonecut::aws::{Accounts, Options, Setup};
use zonecut::config::{Access, AccountConfig, Asked, Config, Overridden, WriteCap};
use zonecut::engine::apply::{Applier, Brake, End, Event};
use zonecut::model::account::{AccountId, AccountIx};
use zonecut::model::record::RecordType;
use zonecut::plan::journal::Operator;
use zonecut::plan::{Plan, Step};
use zonecut::sim::faults::{Faults, Rate};
use zonecut::sim::service::Side;
use zonecut::sim::simulator::{self, Simulator};
use zonecut::sim::world::World;
use zonecut::store::journal::FileJournal;

use super::real::{desk, empty};
use super::stage::{ABOVE, AllGood, DEV, HUB, KINDS, Kind, NothingNew, confirmed, id, plan, stage, zone};

/// What becomes of an account's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// The keys are expired.
    Expired,
    /// They are those of another account.
    Stranger,
    /// The session of the role has ended, and nobody gets a new one.
    NotRenewed,
}

const LOSSES: [Loss; 3] = [Loss::Expired, Loss::Stranger, Loss::NotRenewed];

fn patient() -> Faults {
    Faults {
        rate: Some(Rate {
            burst: 10_000.0,
            per_second: 10_000.0,
        }),
        ..Faults::default()
    }
}

fn broken(loss: Loss) -> Faults {
    let mut faults = patient();
    match loss {
        Loss::Expired => faults.expired = true,
        Loss::Stranger => faults.identity = Some(id("999999999999")),
        Loss::NotRenewed => {
            faults.expired = true;
            faults.deny.push("AssumeRole".to_owned());
        }
    }
    faults
}

/// Both accounts by a role of each, which the user of the hub assumes.
async fn roles(simulator: &Simulator) -> Accounts {
    let user = simulator.keys(id(HUB)).expect("keys");
    let mut file = format!(
        "[profile user]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        user.access_key, user.secret_key
    );
    for account in [HUB, DEV] {
        let role = simulator.role_arn(id(account)).expect("a role");
        file.push_str(&format!(
            "[profile {account}]\nrole_arn = {role}\nsource_profile = user\n"
        ));
    }
    let endpoint = simulator.endpoint();
    let variables = [
        ("ZONECUT_TEST", "1"),
        ("HOME", "/home/ana"),
        ("USER", "ana"),
        ("AWS_ENDPOINT_URL", &endpoint),
    ];
    let setup = Setup::described(Options::default(), &variables, &[("/home/ana/.aws/config", &file)]).await;
    let account = |(place, account): (usize, &str)| {
        let mut config = AccountConfig::new(account, Access::Profile(account.to_owned()));
        config.id = Some(id(account));
        setup.account(AccountIx(place as _), &config)
    };
    let accounts: Vec<_> = [HUB, DEV].into_iter().enumerate().map(account).collect();
    let leave = WriteCap::of(&Config::default(), Asked::Writing, Overridden::Allowed);
    Accounts::new(setup, accounts, leave)
}

/// One organisation, and where is noted what is done to it.
struct Scene {
    simulator: Simulator,
    home: tempfile::TempDir,
    loss: Loss,
    plan: Plan,
    next: Plan,
}

impl Scene {
    async fn new(kind: Kind, loss: Loss) -> Self {
        let stage = stage();
        let hasty = |seed| {
            let mut plan = plan(&stage, kind, seed);
            for step in &mut plan.steps {
                if let Step::Hold { skipped, .. } = step {
                    *skipped = Some("a test".into());
                }
            }
            plan
        };
        let (plan, next) = (hasty(1), hasty(2));
        let world = std::mem::replace(&mut stage.service().world, empty());
        let options = simulator::Options {
            insync_delay: std::time::Duration::ZERO,
            ..simulator::Options::default()
        };
        let simulator = Simulator::start(world, options).await.expect("a port");
        for account in [HUB, DEV] {
            simulator.set_faults(id(account), |faults| *faults = patient());
        }
        Self {
            simulator,
            home: tempfile::tempdir().expect("a directory"),
            loss,
            plan,
            next,
        }
    }

    /// A process of its own: it logs in anew.
    async fn applier(&self) -> Applier<Accounts, FileJournal, AllGood> {
        let desk = match self.loss {
            Loss::NotRenewed => roles(&self.simulator).await,
            Loss::Expired | Loss::Stranger => desk(&self.simulator, 5_000).await,
        };
        let (journal, made) = (FileJournal::at(self.home.path().join("journal")), self.plan.made);
        Applier::new(desk, journal, AllGood, Arc::new(move || made))
    }

    async fn apply(&self, plan: &Plan) -> End {
        let mut ignore = |_: Event| {};
        let applier = self.applier().await;
        applier
            .apply(plan, &confirmed(plan), &Brake::default(), &mut ignore)
            .await
    }

    async fn resume(&self) -> End {
        let mut ignore = |_: Event| {};
        let applier = self.applier().await;
        applier
            .resume(
                &self.plan.id,
                Operator::default(),
                &NothingNew,
                &Brake::default(),
                &mut ignore,
            )
            .await
    }

    /// What the zones hold that a plan could change.
    fn held(&self) -> Vec<String> {
        self.simulator.with_world(|world| {
            let zones = world.zones().map(|(account, zone)| {
                let sets: Vec<String> = zone.snapshot().iter().map(|set| format!("{set:?}")).collect();
                format!("{} {} {sets:?}", account.id, zone.id)
            });
            zones.collect()
        })
    }

    /// Whether everything is as the plan wants it.
    fn is_planned(&self, kind: Kind) -> bool {
        self.simulator.with_world(|world| {
            let above = world
                .account(id(HUB))
                .and_then(|hub| hub.zone(&zone(ABOVE)))
                .expect("the zone");
            let cut = above.find(&kind.subject(), RecordType::NS);
            let mut children = world
                .account(id(DEV))
                .expect("dev")
                .zones()
                .filter(|zone| zone.name == kind.subject());
            match (kind, children.next(), children.next()) {
                (Kind::Teardown, None, None) => cut.is_none(),
                (Kind::New | Kind::Replaced, Some(child), None) => cut.is_some_and(|cut| {
                    let leads_to =
                        |server: &zonecut::model::name::DnsName| cut.values.iter().any(|v| **v == *server.to_route53());
                    cut.values.len() == child.delegation_set.len() && child.delegation_set.iter().all(leads_to)
                }),
                _ => false,
            }
        })
    }
}

/// The requests of an account that came after the loss and would change something.
#[derive(Debug, Default)]
struct After {
    calls: u64,
    asked: Vec<(u64, &'static str)>,
}

/// Loses the credentials of an account right before the call of a number, for as long as `heal` is not called.
fn lose_at(scene: &Scene, who: AccountId, at: u64) -> Arc<Mutex<After>> {
    let (loss, seen) = (scene.loss, Arc::new(Mutex::new(After::default())));
    let told = Arc::clone(&seen);
    scene.simulator.between_calls(move |world: &mut World, turn| {
        if turn.side != Side::Before {
            return;
        }
        let mut seen = told.lock().expect("nobody panics here");
        seen.calls = turn.call;
        if turn.call == at {
            world.account_mut(who).expect("the account").faults = broken(loss);
        }
        if turn.call > at && turn.write && turn.account.is_none_or(|account| account == who) {
            seen.asked.push((turn.call, turn.action));
        }
    });
    seen
}

fn heal(scene: &Scene, who: AccountId) {
    scene.simulator.leave_calls_alone();
    scene.simulator.set_faults(who, |faults| *faults = patient());
}

/// One schedule; says whether the call was reached at all.
async fn play(kind: Kind, loss: Loss, who: AccountId, at: u64) -> bool {
    let scene = Scene::new(kind, loss).await;
    let case = format!("{kind:?} {loss:?} {who} before call {at}");
    let before = scene.held();
    let seen = lose_at(&scene, who, at);
    let end = scene.apply(&scene.plan).await;
    let (calls, asked) = {
        let seen = seen.lock().expect("nobody panics here");
        (seen.calls, seen.asked.clone())
    };
    if calls < at {
        assert!(matches!(end, End::Applied(_)), "{case}: {end:?}");
        return false;
    }
    assert_eq!(asked, [], "{case}: {end:?}");
    heal(&scene, who);
    match &end {
        // Whatever was left needed nothing of this account.
        End::Applied(_) => {}
        End::Refused(reason) => {
            assert_eq!(scene.held(), before, "{case}: {reason:?}");
            let again = scene.apply(&scene.next).await;
            assert!(matches!(again, End::Applied(_)), "{case}: {again:?}");
        }
        End::Open { .. } => {
            let finished = scene.resume().await;
            assert!(
                matches!(finished, End::Applied(_)),
                "{case}: {end:?}, then {finished:?}"
            );
        }
        End::AlreadyApplied | End::Outdated(_) => panic!("{case}: {end:?}"),
    }
    assert!(scene.is_planned(kind), "{case}: {end:?}");
    true
}

/// Every so many calls of each kind, loss and account; says how many losses there were.
async fn play_every(stride: u64) -> usize {
    let mut played = 0;
    for (kind_at, kind) in KINDS.into_iter().enumerate() {
        for (loss_at, loss) in LOSSES.into_iter().enumerate() {
            for who in [HUB, DEV] {
                // Other calls of each, so that all are lost at by somebody.
                let mut at = 1 + (kind_at + loss_at) as u64 % stride;
                while play(kind, loss, id(who), at).await {
                    at += stride;
                    played += 1;
                }
            }
        }
    }
    played
}

#[tokio::test]
async fn an_apply_whose_credentials_are_lost_sends_nothing_more_and_is_finished_after_a_login() {
    let played = play_every(4).await;
    assert!(played > 50, "{played}");
}

#[tokio::test]
#[ignore = "a minute; .ci/run runs it"]
async fn an_apply_whose_credentials_are_lost_at_any_call_sends_nothing_more_and_is_finished_after_a_login() {
    let played = play_every(1).await;
    println!("{played} losses");
    assert!(played > 200, "{played}");
}
