//! A scan of all accounts: started here, steered by commands, heard through one bounded channel.
//!
//! Invariant: accounts share nothing that one could hold up for another but that channel.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::board::Monitor;
use super::command::{Command, Event, Scope};
use super::commons::Commons;
use super::limits::Limits;
use super::listing::problem;
use super::progress::Progress;
use super::reader::Reader;
use super::worker::Worker;
use crate::model::account::{AccountId, AccountIx, AccountStatus, ProblemKind};
use crate::model::inventory::Fact;
use crate::model::zone::ZoneKey;
use crate::ports::{Identity, Route53};

/// Events that may wait until the owner takes them.
const CHANNEL: usize = 1024;

/// One account to be read.
#[derive(Debug)]
pub struct Source<R, I> {
    /// Its place in the inventory.
    pub account: AccountIx,
    /// The id that the configuration states; another one is quarantined.
    pub pinned: Option<AccountId>,
    /// Its Route 53.
    pub route53: Arc<R>,
    /// Who its credentials belong to.
    pub identity: Arc<I>,
}

/// A scan under way. Its parts may be taken apart; it ends when the commands and all their clones are dropped.
#[derive(Debug)]
pub struct Scan {
    /// Steers it.
    pub commands: Commands,
    /// What it says.
    pub events: mpsc::Receiver<Event>,
    /// Tells how far it is.
    pub monitor: Monitor,
}

/// Steers a scan.
#[derive(Debug, Clone)]
pub struct Commands {
    lines: Arc<HashMap<AccountIx, Line>>,
}

#[derive(Debug)]
struct Line {
    sender: mpsc::UnboundedSender<Command>,
    sent: AtomicU64,
}

impl Scan {
    /// Starts to read all accounts at once, within a tokio runtime.
    pub fn start<R: Route53, I: Identity>(sources: Vec<Source<R, I>>, limits: &Limits) -> Self {
        Self::seeded(sources, limits, fastrand::u64(..))
    }

    /// Like [`Self::start`], with the seed of the back-off's jitter.
    pub fn seeded<R: Route53, I: Identity>(sources: Vec<Source<R, I>>, limits: &Limits, seed: u64) -> Self {
        let now = Instant::now();
        let (sender, events) = mpsc::channel(CHANNEL);
        let monitor = Monitor::new(sources.iter().map(|source| source.account), limits, now);
        let commons = Arc::new(Commons::default());
        let mut lines = HashMap::new();
        let mut random = fastrand::Rng::with_seed(seed);
        for (place, source) in sources.into_iter().enumerate() {
            let (line, commands) = mpsc::unbounded_channel();
            let reader = Reader::new(
                source.account,
                source.pinned,
                *limits,
                Arc::clone(&commons),
                random.fork(),
                now,
            );
            let sent = AtomicU64::new(0);
            lines.insert(source.account, Line { sender: line, sent });
            let worker = Worker {
                account: source.account,
                place,
                route53: source.route53,
                identity: source.identity,
                reader,
                limit: limits.rps,
                timeout: limits.timeout,
                commands,
                events: sender.clone(),
                monitor: monitor.clone(),
            };
            tokio::spawn(keep(worker));
        }
        Self {
            commands: Commands { lines: Arc::new(lines) },
            events,
            monitor,
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.monitor.progress()
    }
}

/// Runs a worker; should it panic, its account is said to have failed, and the others go on.
async fn keep<R: Route53, I: Identity>(worker: Worker<R, I>) {
    let (account, place) = (worker.account, worker.place);
    let (events, monitor) = (worker.events.clone(), worker.monitor.clone());
    if tokio::spawn(worker.run()).await.is_ok() {
        return;
    }
    monitor.fail(place);
    let message = "the reading of this account ended by a defect of zonecut; please report it".to_owned();
    let status = AccountStatus::Failed(problem(ProblemKind::Service, message));
    let _ = events.send(Event::Fact(Fact::Status { account, status })).await;
    let commands = u64::MAX;
    let _ = events.send(Event::Idle { account, commands }).await;
}

impl Commands {
    /// Passes a command on to the accounts it is about.
    pub fn send(&self, command: Command) {
        match command {
            Command::Focus(zones) => {
                let mut by_account = by_account(zones, |zone| zone.account);
                for account in self.lines.keys() {
                    let zones = by_account.remove(account).unwrap_or_default();
                    self.send_to(*account, Command::Focus(zones));
                }
            }
            Command::Read(wants) => {
                for (account, wants) in by_account(wants, |want| want.zone.account) {
                    self.send_to(account, Command::Read(wants));
                }
            }
            Command::Rescan(ref scope) | Command::Cancel(ref scope) => match account_of(scope) {
                Some(account) => self.send_to(account, command),
                None => self.send_to_all(&command),
            },
            Command::Pause | Command::Resume => self.send_to_all(&command),
        }
    }

    fn send_to_all(&self, command: &Command) {
        for account in self.lines.keys() {
            self.send_to(*account, command.clone());
        }
    }

    fn send_to(&self, account: AccountIx, command: Command) {
        if let Some(line) = self.lines.get(&account) {
            line.sent.fetch_add(1, Ordering::Relaxed);
            // A worker that is gone has said so by an event.
            let _ = line.sender.send(command);
        }
    }

    /// Whether each account is idle after the last command that was sent to it; `idle` holds what its latest
    /// [`Event::Idle`] said.
    pub fn are_settled(&self, idle: &HashMap<AccountIx, u64>) -> bool {
        self.lines.iter().all(|(account, line)| {
            idle.get(account)
                .is_some_and(|handled| *handled >= line.sent.load(Ordering::Relaxed))
        })
    }
}

fn account_of(scope: &Scope) -> Option<AccountIx> {
    match scope {
        Scope::All => None,
        Scope::Account(account) => Some(*account),
        Scope::Zone(ZoneKey { account, .. }) => Some(*account),
    }
}

fn by_account<T>(items: Vec<T>, account: impl Fn(&T) -> AccountIx) -> HashMap<AccountIx, Vec<T>> {
    let mut sorted: HashMap<AccountIx, Vec<T>> = HashMap::new();
    for item in items {
        sorted.entry(account(&item)).or_default().push(item);
    }
    sorted
}
