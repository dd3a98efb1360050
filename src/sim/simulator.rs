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
pub use super::http::Control;
use super::http::{self, Clock, Shared};
use super::iam;
use super::rival::Rival;
use super::service::{CallFault, Count, Injected, LogEntry, Nth, Service, Turn};
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
    /// Whether tests in other processes may interfere.
    pub control: Control,
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
            control: Control::Closed,
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
            control: options.control,
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

    /// Gives a role of an account a policy document, from the next request on; sessions that play it already are held to it too.
    pub fn set_role_policy(&self, account: AccountId, role: &str, policy: &str) -> Result<(), iam::Malformed> {
        let policy = iam::Policy::read(policy)?;
        if let Some(account) = self.service().world.account_mut(account) {
            account.role_policies.insert(role.to_owned(), policy);
        }
        Ok(())
    }

    /// Puts a fault in front of the next calls that fit.
    pub fn inject(&self, fault: Injected) {
        self.service().inject(fault);
    }

    /// Takes back what was injected and not used up.
    pub fn clear_injected(&self) {
        self.service().clear_injected();
    }

    /// Puts a fault in front of the call of a number.
    pub fn inject_at(&self, nth: Nth, fault: CallFault) {
        self.service().inject_at(nth, fault);
    }

    /// Numbers the calls from 1 again, and forgets the faults that waited for a number.
    pub fn number_anew(&self) {
        self.service().number_anew();
    }

    /// How many calls came since they were numbered anew, and how many of them were mutating.
    pub fn calls(&self) -> (u64, u64) {
        self.service().calls()
    }

    /// Lets somebody act on the world before and after each call from now on; what is done here must not call the handle.
    pub fn between_calls(&self, between: impl FnMut(&mut World, &Turn) + Send + 'static) {
        self.service().between_calls(Box::new(between));
    }

    /// Lets nobody act between calls any more.
    pub fn leave_calls_alone(&self) {
        self.service().leave_calls_alone();
    }

    /// Lets a second writer act before and after calls; what it does can be looked at through what is returned.
    pub fn let_in(&self, rival: Rival) -> Arc<Mutex<Rival>> {
        let rival = Arc::new(Mutex::new(rival));
        let acting = Arc::clone(&rival);
        self.between_calls(move |world, turn| {
            let mut rival = acting.lock().unwrap_or_else(PoisonError::into_inner);
            rival.act(world, turn);
        });
        rival
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
