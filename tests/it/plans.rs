//! Plans drafted over real sockets: the engine, the AWS adapter and the DNS code against the simulator.

#![expect(
    clippy::expect_used,
    reason = "clippy exempts test functions, not the functions they call"
)]

mod again;
mod delegations;
mod edits;
mod others;
mod repairs;
mod reread;
mod undo;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use zonecut::aws::{Account as AwsAccount, Accounts, Options as AwsOptions, Setup};
use zonecut::config::{Access, AccountConfig, Secret, StaticKeys, WriteCap};
use zonecut::dns::Sockets;
use zonecut::engine::ask::{Asker, Ipv6, Manners, Pace, Reach};
use zonecut::engine::atlas::{Atlas, Start};
use zonecut::engine::check::{Checker, Cost};
use zonecut::engine::draft::{Sources, draft};
use zonecut::engine::limits::Limits;
use zonecut::engine::live::Live;
use zonecut::engine::picture::Picture;
use zonecut::engine::scan::{Scan, Source};
use zonecut::engine::session::Session;
use zonecut::engine::wants::Audit;
use zonecut::model::account::{Account, AccountId, AccountIx, AccountStatus, Env};
use zonecut::model::dns::{Addresses, NameServer};
use zonecut::model::inventory::Inventory;
use zonecut::model::name::DnsName;
use zonecut::model::text::Untrusted;
use zonecut::plan::journal::History;
use zonecut::plan::preflight::{Check, Outcome};
use zonecut::plan::wish::{Want, Wish};
use zonecut::plan::{Moment, Plan, PlanId, Refusal};
use zonecut::sim::faults::Rate;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::World;

const DEMO: &str = include_str!("../../assets/demo.toml");
const NOW: Moment = Moment(1_795_000_000);

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

/// An organisation, read as a command reads it.
struct Organisation {
    simulator: Simulator,
    desk: Accounts,
    picture: Picture,
    live: Lives,
}

/// Whether name servers are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lives {
    Asked,
    Unasked,
}

impl Organisation {
    async fn demo() -> Self {
        Self::of(DEMO, Lives::Asked).await
    }

    async fn of(toml: &str, live: Lives) -> Self {
        let world = World::from_toml(toml).expect("a world");
        let simulator = Simulator::start(world, Options::default()).await.expect("loopback");
        // Nobody waits for a rate here: a reading that is put off and tried again at once keeps the machine busy.
        for account in simulator.accounts() {
            simulator.set_faults(account, |faults| {
                faults.rate = Some(Rate {
                    burst: 1e6,
                    per_second: 1e6,
                });
            });
        }
        let setup = Setup::described(AwsOptions::default(), &[("ZONECUT_TEST", "1")], &[]).await;
        let mut organisation = Self {
            desk: Accounts::new(setup.clone(), [], None),
            simulator,
            picture: Picture::default(),
            live,
        };
        organisation.read(setup).await;
        organisation
    }

    /// The accounts of the simulator, each with its configuration.
    fn accounts(&self, setup: &Setup) -> (Vec<AwsAccount>, Vec<AccountConfig>) {
        let config = |id: AccountId| {
            let keys = self.simulator.keys(id).expect("an account");
            let access = Access::Keys(StaticKeys {
                access_key_id: keys.access_key,
                secret_access_key: Secret::new(keys.secret_key),
                session_token: None,
                endpoint: self.simulator.endpoint(),
            });
            let mut config = AccountConfig::new(id.to_string(), access);
            config.id = Some(id);
            config
        };
        let configs: Vec<AccountConfig> = self.simulator.accounts().into_iter().map(config).collect();
        let places = (0..).map(AccountIx).zip(&configs);
        let accounts = places.map(|(place, config)| setup.account(place, config));
        (accounts.collect(), configs)
    }

    async fn read(&mut self, setup: Setup) {
        let (mut session, accounts) = self.session(&setup);
        session.run_to_end(Duration::from_secs(3600), |_, _| {}).await;
        self.picture = session.into_picture();
        self.desk = Accounts::new(setup, accounts, None);
    }

    /// A reading of all accounts that was not begun.
    fn session(&self, setup: &Setup) -> (Session, Vec<AwsAccount>) {
        let (mut listed, mut sources) = (Vec::new(), Vec::new());
        let (accounts, configs) = self.accounts(setup);
        for (place, config) in (0..).map(AccountIx).zip(&configs) {
            let port = Arc::new(setup.account(place, config));
            sources.push(Source {
                account: place,
                pinned: config.id,
                route53: Arc::clone(&port),
                identity: port,
            });
            listed.push(Account {
                name: config.name.as_str().into(),
                id: config.id,
                profile: None,
                env_label: None,
                env: Env::Unknown,
                status: AccountStatus::Waiting,
            });
        }
        let limits = Limits {
            rps: 100_000.0,
            burst: 100_000,
            back_off: Duration::from_micros(20),
            longest_back_off: Duration::from_millis(20),
            ..Limits::default()
        };
        let picture = Picture::new(Inventory::new(listed), Audit::WhereNeeded);
        let live = (self.live == Lives::Asked).then(|| Live::start(self.asker(), self.start(), cost()));
        let session = Session::new(picture, Scan::start(sources, &limits)).with_live(live);
        (session, accounts)
    }

    fn start(&self) -> Start {
        let given = |(name, address)| NameServer {
            name,
            addresses: Addresses::Given(vec![address]),
        };
        Start {
            zone: DnsName::root(),
            servers: self.simulator.dns().hints().into_iter().map(given).collect(),
        }
    }

    fn asker(&self) -> Arc<Asker<Sockets>> {
        let loopback = ipnet::Ipv4Net::new(Ipv4Addr::new(127, 0, 0, 0), 8).expect("a network");
        let reach = Reach {
            port: self.simulator.dns().port(),
            allowed: vec![loopback.into()],
            ipv6: Ipv6::Missing,
        };
        let manners = Manners::at([].into(), Pace::FREE, Pace::FREE, Pace::FREE);
        Arc::new(Asker::new(Arc::new(Sockets::within_this_machine()), reach, manners))
    }

    async fn draft(&self, want: Want) -> Result<Plan, Refusal> {
        self.wish(Wish {
            want,
            overrides: Vec::new(),
        })
        .await
    }

    /// A draft by somebody who has a journal.
    async fn draft_after(&self, want: Want, history: &History, id: PlanId) -> Result<Plan, Refusal> {
        let overrides = Vec::new();
        self.make(Wish { want, overrides }, Some(history), id).await
    }

    /// Lets plans be applied from now on.
    async fn allow_writing(&mut self, leave: Option<WriteCap>) {
        let setup = Setup::described(AwsOptions::default(), &[("ZONECUT_TEST", "1")], &[]).await;
        let (accounts, _) = self.accounts(&setup);
        self.desk = Accounts::new(setup, accounts, leave);
    }

    async fn wish(&self, wish: Wish) -> Result<Plan, Refusal> {
        self.make(wish, None, PlanId::new([7; 16])).await
    }

    async fn make(&self, wish: Wish, history: Option<&History>, id: PlanId) -> Result<Plan, Refusal> {
        let checker =
            (self.live == Lives::Asked).then(|| Checker::new(self.asker(), Arc::new(Atlas::new(self.start())), cost()));
        let sources = Sources {
            desk: &self.desk,
            inventory: self.picture.inventory(),
            survey: self.picture.survey(),
            checker: checker.as_ref(),
            history,
        };
        draft(&sources, &wish, NOW, id).await
    }
}

fn cost() -> Cost {
    Cost {
        queries: 64,
        time: Duration::from_secs(10),
    }
}

fn check<'a>(plan: &'a Plan, code: &str) -> &'a Check {
    let found = plan.preflight.0.iter().find(|check| check.code == code);
    found.unwrap_or_else(|| panic!("no check {code}: {:#?}", plan.preflight))
}

fn outcome(plan: &Plan, code: &str) -> Outcome {
    check(plan, code).outcome
}
