//! A running simulator: the endpoint, the credentials of its accounts, its name servers, and the handle by which tests look in
//! and interfere.
//!
//! It listens on loopback only, and stops when it is dropped.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::dns;
use super::faults::Faults;
use super::http::{self, Clock, Shared};
use super::service::{Count, Injected, LogEntry, Service};
use super::world::World;
use crate::model::account::AccountId;

/// How a simulator runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Decides which calls the shares of faults hit.
    pub seed: u64,
    /// How long a change stays `PENDING`.
    pub insync_delay: Duration,
    /// The port; any free one, where it is 0.
    pub port: u16,
    /// How its name servers stand.
    pub dns: dns::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            insync_delay: Duration::from_secs(2),
            port: 0,
            dns: dns::Options {
                binding: dns::Binding::WhenTold,
                ..dns::Options::default()
            },
        }
    }
}

/// The keys of an account's user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The access key id.
    pub access_key: String,
    /// The secret.
    pub secret_key: String,
}

/// A running simulator. What it can be asked is on its [`Handle`].
#[derive(Debug)]
pub struct Simulator {
    handle: Handle,
    serving: JoinHandle<()>,
    servers: dns::Servers,
}

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system refused a socket for HTTP.
    #[error("failed to listen on 127.0.0.1 port {port}: {source}")]
    Endpoint {
        /// The port; 0 for any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The name servers cannot start.
    #[error(transparent)]
    Dns(#[from] dns::StartError),
}

/// Looks into a running simulator and interferes with it; it does not keep the simulator running.
#[derive(Debug, Clone)]
pub struct Handle {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Simulator {
    /// Serves a world on the current runtime.
    pub async fn start(mut world: World, options: Options) -> Result<Self, StartError> {
        world.insync_delay = options.insync_delay;
        let refused = |source| StartError::Endpoint {
            port: options.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener = listener.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared {
            service: Mutex::new(Service::new(world, options.seed)),
            clock: Clock::starting_at(jiff::Timestamp::now()),
        });
        let handle = Handle {
            address,
            shared: Arc::clone(&shared),
        };
        let servers = dns::Servers::start(Arc::new(handle.clone()), options.dns)?;
        let serving = tokio::spawn(http::accept(listener, shared));
        Ok(Self {
            handle,
            serving,
            servers,
        })
    }

    /// Its name servers and its resolver.
    pub fn dns(&self) -> &dns::Servers {
        &self.servers
    }

    /// A handle to keep elsewhere.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl std::ops::Deref for Simulator {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl Handle {
    /// The URL of both Route 53 and STS.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The keys of an account's user.
    pub fn keys(&self, account: AccountId) -> Option<Keys> {
        let service = self.service();
        let account = service.world.account(account)?;
        Some(Keys {
            access_key: account.access_key(),
            secret_key: account.secret_key(),
        })
    }

    /// The ARN of the role by which others read an account.
    pub fn role_arn(&self, account: AccountId) -> Option<String> {
        self.service()
            .world
            .account(account)
            .map(super::world::SimAccount::role_arn)
    }

    /// The accounts, in the order of the world.
    pub fn accounts(&self) -> Vec<AccountId> {
        self.service()
            .world
            .accounts()
            .iter()
            .map(|account| account.id)
            .collect()
    }

    /// Looks at the world or changes it, between two requests.
    pub fn with_world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.service().world)
    }

    /// Changes the faults of an account from the next request on; its token buckets start full again.
    pub fn set_faults(&self, account: AccountId, change: impl FnOnce(&mut Faults)) {
        self.service().set_faults(account, change);
    }

    /// Denies actions on one zone, named by its handle, from the next request on.
    pub fn deny_on_zone(&self, key: &str, actions: &[&str]) {
        self.service().world.deny_on_zone(key, actions);
    }

    /// Puts a fault in front of the next calls that fit.
    pub fn inject(&self, fault: Injected) {
        self.service().inject(fault);
    }

    /// Takes back what was injected and not used up.
    pub fn clear_injected(&self) {
        self.service().clear_injected();
    }

    /// Moves the world's clock forward.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// The time of the world's clock.
    pub fn now(&self) -> Duration {
        self.shared.clock.now()
    }

    /// What the world's calendar shows.
    pub fn calendar(&self) -> jiff::Timestamp {
        self.shared.clock.calendar()
    }

    /// How many requests came, by account and action.
    pub fn counts(&self) -> BTreeMap<(Option<AccountId>, &'static str), Count> {
        let service = self.service();
        service.counts().iter().map(|(key, count)| (*key, *count)).collect()
    }

    /// How many requests came in all.
    pub fn total(&self) -> Count {
        self.counts().values().fold(Count::default(), |total, count| Count {
            requests: total.requests + count.requests,
            throttled: total.throttled + count.throttled,
            failed: total.failed + count.failed,
        })
    }

    /// The latest requests, oldest first.
    pub fn log(&self) -> Vec<LogEntry> {
        self.service().log().cloned().collect()
    }

    /// Forgets counters and log.
    pub fn clear_log(&self) {
        self.service().clear_log();
    }

    fn service(&self) -> MutexGuard<'_, Service> {
        self.shared.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
