//! Several accounts behind one multi-factor device: the person types one code, and no code is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zonecut::aws::{Account, Options, Setup};
use zonecut::config::AccountConfig;
use zonecut::model::account::{AccountId, AccountIx};
use zonecut::ports::{ApiErrorKind, Identity as _, MfaAnswer, MfaPrompt, MfaRequest};
use zonecut::sim::simulator::{Options as SimulatorOptions, Simulator};
use zonecut::sim::world::{AccountSpec, WorldBuilder};

use super::simulated::profiles;

const USER: &str = "111122223333";
const TEAMS: [&str; 3] = ["222233334444", "333344445555", "444455556666"];

/// Types a code, each time the same one, for it is within half a minute; or declines.
struct Person {
    code: Option<&'static str>,
    asked: AtomicUsize,
}

impl MfaPrompt for Person {
    fn code(&self, _: MfaRequest) -> MfaAnswer<'_> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let code = self.code.map(str::to_owned);
        Box::pin(async move {
            // Whoever comes meanwhile waits.
            tokio::task::yield_now().await;
            code
        })
    }
}

struct Scene {
    simulator: Simulator,
    person: Arc<Person>,
    setup: Setup,
}

fn id(text: &str) -> AccountId {
    text.parse().expect("an id")
}

/// A user with a device, whose roles in three accounts are only for those who show it.
async fn scene(code: Option<&'static str>) -> Scene {
    let mut world = WorldBuilder::new("devices");
    for account in [USER, TEAMS[0], TEAMS[1], TEAMS[2]] {
        let mut spec = AccountSpec::new(account, account);
        spec.faults.wants_mfa = account != USER;
        world.account(spec);
    }
    let simulator = Simulator::start(world.build().expect("a world"), SimulatorOptions::default())
        .await
        .expect("a port");
    let person = Arc::new(Person {
        code,
        asked: AtomicUsize::new(0),
    });
    let keys = simulator.keys(id(USER)).expect("keys");
    let mut config = format!(
        "[profile user]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        keys.access_key, keys.secret_key
    );
    for account in TEAMS {
        config += &format!(
            "[profile t{account}]\nrole_arn = arn:aws:iam::{account}:role/read\nsource_profile = user\n\
             mfa_serial = arn:aws:iam::{USER}:mfa/ana\n"
        );
    }
    let options = Options {
        mfa: Some(person.clone()),
        ..Options::default()
    };
    let setup = profiles(&simulator.endpoint(), &config, options).await;
    Scene {
        simulator,
        person,
        setup,
    }
}

impl Scene {
    fn account(&self, account: &str) -> Account {
        let config = AccountConfig::from_profile(format!("t{account}"));
        self.setup.account(AccountIx(0), &config)
    }

    fn asked(&self, action: &str) -> u64 {
        let counts = self.simulator.counts();
        let of_action = counts.iter().filter(|((_, name), _)| *name == action);
        of_action.map(|(_, count)| count.requests).sum()
    }

    fn person_was_asked(&self) -> usize {
        self.person.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn accounts_behind_one_device_take_one_code() {
    let scene = scene(Some("123456")).await;
    let [first, second, third] = TEAMS.map(|account| scene.account(account));
    let callers = tokio::join!(first.caller(), second.caller(), third.caller());
    for (caller, account) in [callers.0, callers.1, callers.2].into_iter().zip(TEAMS) {
        assert_eq!(caller.expect("it is let in").account, id(account));
    }
    assert_eq!(scene.person_was_asked(), 1);
    assert_eq!((scene.asked("GetSessionToken"), scene.asked("AssumeRole")), (1, 3));
}

#[tokio::test]
async fn a_person_who_declines_is_asked_once_for_all_that_wait_and_again_when_they_are_read_again() {
    let scene = scene(None).await;
    for asked in 1..=2 {
        let [first, second, third] = TEAMS.map(|account| scene.account(account));
        let callers = tokio::join!(first.caller(), second.caller(), third.caller());
        for caller in [callers.0, callers.1, callers.2] {
            assert_eq!(caller.expect_err("no code").kind, ApiErrorKind::Credentials);
        }
        assert_eq!(scene.person_was_asked(), asked);
    }
    assert_eq!(scene.asked("GetSessionToken") + scene.asked("AssumeRole"), 0);
}

#[tokio::test]
async fn a_code_that_was_used_is_said_to_be_used() {
    let scene = scene(Some("123456")).await;
    scene.account(TEAMS[0]).caller().await.expect("it is let in");
    // Another set-up of the same person, within the same half minute.
    let keys = scene.simulator.keys(id(USER)).expect("keys");
    let config = format!(
        "[profile user]\naws_access_key_id = {}\naws_secret_access_key = {}\n[profile again]\n\
         role_arn = arn:aws:iam::{}:role/read\nsource_profile = user\nmfa_serial = arn:aws:iam::{USER}:mfa/ana\n",
        keys.access_key, keys.secret_key, TEAMS[1]
    );
    let options = Options {
        mfa: Some(scene.person.clone()),
        ..Options::default()
    };
    let setup = profiles(&scene.simulator.endpoint(), &config, options).await;
    let again = setup.account(AccountIx(0), &AccountConfig::from_profile("again"));
    let error = again.caller().await.expect_err("the code was used");
    assert_eq!(error.kind, ApiErrorKind::Credentials);
    assert!(error.message.expose().contains("wait for the next code"), "{error:?}");
}

#[tokio::test]
async fn a_user_who_may_not_open_sessions_types_a_code_for_each_role() {
    let scene = scene(Some("123456")).await;
    scene
        .simulator
        .set_faults(id(USER), |faults| faults.deny = vec!["GetSessionToken".to_owned()]);
    let account = scene.account(TEAMS[0]);
    assert_eq!(account.caller().await.expect("it is let in").account, id(TEAMS[0]));
    assert_eq!((scene.asked("GetSessionToken"), scene.asked("AssumeRole")), (1, 1));
    assert_eq!(scene.person_was_asked(), 2);
}
