//! A simulator in the process of the test, and a home whose profiles and configuration lead the program to it.

use zonecut::model::account::AccountId;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::World;

use crate::cli::run::Place;

/// An endpoint that runs as long as this lives.
pub struct Served {
    pub place: Place,
    pub simulator: Simulator,
    variables: Vec<(&'static str, String)>,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Serves a world to a home in which nothing is configured yet.
    pub fn of(world: &str) -> Self {
        let world = World::from_toml(world).expect("a world");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let simulator = runtime
            .block_on(Simulator::start(world, Options::default()))
            .expect("a port");
        let endpoint = simulator.endpoint();
        let place = Place::new();
        let variables = vec![
            ("AWS_ENDPOINT_URL", endpoint),
            (
                "ZONECUT_CONFIG",
                place.path().join("zonecut.toml").display().to_string(),
            ),
        ];
        Self {
            place,
            simulator,
            variables,
            _runtime: runtime,
        }
    }

    /// A profile with the keys of an account's user, as it stands in `~/.aws/credentials`; the secret is of no account.
    pub fn keys(&self, profile: &str, account: &str, secret: &str) -> String {
        let account: AccountId = account.parse().expect("an id");
        let keys = self.simulator.keys(account).expect("an account of the world");
        format!(
            "[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n",
            keys.access_key
        )
    }

    /// Writes `~/.aws/config`, `~/.aws/credentials` and the configuration of zonecut.
    pub fn configure(&self, aws_config: &str, credentials: &str, zonecut: &str) {
        self.place.write(".aws/config", aws_config);
        self.place.write(".aws/credentials", credentials);
        self.place.write("zonecut.toml", zonecut);
    }

    /// Leads elsewhere by a variable.
    pub fn lead(&mut self, name: &'static str, value: String) {
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value));
    }

    /// The variables that lead to it.
    pub fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }

    /// How often an action was asked for.
    pub fn asked(&self, action: &str) -> u64 {
        let counts = self.simulator.counts();
        let of_action = counts.iter().filter(|((_, name), _)| *name == action);
        of_action.map(|(_, count)| count.requests).sum()
    }
}
