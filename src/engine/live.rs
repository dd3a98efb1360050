//! All cuts of an organisation, checked at the same time: wanted through [`Commands::check`], heard through one bounded channel.
//!
//! A front end starts it with the servers that walks begin with, hands it targets as cuts become known, and applies the facts
//! that come in: first `Fact::Liveness`, then `Fact::Served` for each cut, with what was heard so far where that takes long.
//! [`Event::Idle`] says that all that was wanted until then is done. Invariant: no fact about a server leaves before it is
//! known that servers can be asked from here; a target is checked again only where it names servers that were not asked.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::ask::Asker;
use super::atlas::{Atlas, Start};
use super::check::{Checker, Cost, Target};
use super::preflight;
use crate::model::dns::Unasked;
use crate::model::inventory::Fact;
use crate::model::name::DnsName;
use crate::model::served::{Extent, Liveness, Off, Reached, Served, Verdict};
use crate::ports::Dns;

/// Events that may wait until the owner takes them.
const CHANNEL: usize = 1024;
/// How many cuts are checked at the same time.
const AT_ONCE: usize = 64;

/// What is said.
#[derive(Debug, Clone)]
pub enum Event {
    /// Something was learned.
    Fact(Fact),
    /// Everything that was wanted is done.
    Idle {
        /// How many commands had come in by then; the owner compares them with [`Commands::sent`].
        commands: u64,
    },
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Cuts that were checked.
    pub done: usize,
    /// Cuts that are to be checked, those included.
    pub total: usize,
    /// Queries sent.
    pub queries: u64,
    /// Addresses of name servers that did not answer.
    pub silent: usize,
}

/// Checks of cuts under way; they end when this is dropped.
#[derive(Debug)]
pub struct Live {
    /// Steers it.
    pub commands: Commands,
    /// What it says.
    pub events: mpsc::Receiver<Event>,
}

/// Steers checks, and tells how far they are. They end when all clones are dropped.
#[derive(Debug, Clone)]
pub struct Commands {
    sender: mpsc::UnboundedSender<Command>,
    sent: Arc<AtomicU64>,
    progress: Arc<Mutex<Progress>>,
}

#[derive(Debug)]
enum Command {
    Check(Vec<Target>),
    Again(Vec<Target>),
    Cancel,
}

impl Live {
    /// Starts to check whatever will be wanted, within a tokio runtime; walks begin at `start`.
    pub fn start<D: Dns>(asker: Arc<Asker<D>>, start: Start, cost: Cost) -> Self {
        let (sender, commands) = mpsc::unbounded_channel();
        let (events, receiver) = mpsc::channel(CHANNEL);
        let (interim, tidings) = mpsc::unbounded_channel();
        let progress = Arc::new(Mutex::new(Progress::default()));
        let worker = Worker {
            checker: Arc::new(Checker::new(
                Arc::clone(&asker),
                Arc::new(Atlas::new(start.clone())),
                cost,
            )),
            asker,
            start,
            cost,
            events,
            interim,
            progress: Arc::clone(&progress),
            liveness: Liveness::Unasked,
            queue: VecDeque::new(),
            under_way: JoinSet::new(),
            so_far: HashMap::new(),
            held_back: Vec::new(),
            asked: HashMap::new(),
            reached: HashSet::new(),
            silent: HashSet::new(),
            handled: 0,
            is_idle: true,
        };
        tokio::spawn(worker.run(commands, tidings));
        let commands = Commands {
            sender,
            sent: Arc::default(),
            progress,
        };
        Self {
            commands,
            events: receiver,
        }
    }
}

impl Commands {
    /// Wants cuts to be checked, unless they were asked for before with the same name servers.
    pub fn check(&self, targets: Vec<Target>) {
        self.send(Command::Check(targets));
    }

    /// Wants cuts to be checked anew, from the root on, whatever was found out before.
    pub fn check_again(&self, targets: Vec<Target>) {
        self.send(Command::Again(targets));
    }

    /// Gives up what was not checked yet; what was heard so far stays.
    pub fn cancel(&self) {
        self.send(Command::Cancel);
    }

    /// How many commands were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, command: Command) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        // A worker that is gone has nobody to hear it.
        let _ = self.sender.send(command);
    }
}

/// A check that is to be made, or was.
struct Errand {
    target: Target,
    fresh: Freshness,
}

/// Whether what other checks found out may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freshness {
    Shared,
    Anew,
}

struct Worker<D> {
    asker: Arc<Asker<D>>,
    checker: Arc<Checker<D>>,
    start: Start,
    cost: Cost,
    events: mpsc::Sender<Event>,
    interim: mpsc::UnboundedSender<Served>,
    progress: Arc<Mutex<Progress>>,
    liveness: Liveness,
    queue: VecDeque<Errand>,
    under_way: JoinSet<Served>,
    /// The checks that are under way, and what was told of them.
    so_far: HashMap<DnsName, Option<Served>>,
    /// What was heard before it was known whether it can be trusted.
    held_back: Vec<Served>,
    /// What each cut was last asked about.
    asked: HashMap<DnsName, Target>,
    /// The cuts whose parents were reached from the root: whoever else holds one does not matter.
    reached: HashSet<DnsName>,
    silent: HashSet<IpAddr>,
    handled: u64,
    is_idle: bool,
}

impl<D: Dns> Worker<D> {
    async fn run(
        mut self,
        mut commands: mpsc::UnboundedReceiver<Command>,
        mut tidings: mpsc::UnboundedReceiver<Served>,
    ) -> Option<()> {
        let asker = Arc::clone(&self.asker);
        let interception = preflight::intercepted(&asker);
        let mut interception = std::pin::pin!(interception);
        if let Some(off) = preflight::blocked(&asker, &self.start).await {
            self.turn_off(off).await?;
        }
        loop {
            self.fill();
            self.rest().await?;
            tokio::select! {
                off = &mut interception, if self.liveness == Liveness::Unasked => match off {
                    Some(off) => self.turn_off(off).await?,
                    None => self.turn_on().await?,
                },
                command = commands.recv() => self.obey(command?).await?,
                Some(served) = tidings.recv() => self.tell_so_far(served).await?,
                Some(checked) = self.under_way.join_next() => self.done(checked.ok()).await?,
            }
        }
    }

    /// Begins as many checks as may be under way.
    fn fill(&mut self) {
        if matches!(self.liveness, Liveness::Off(_)) {
            self.queue.clear();
            let mut progress = self.progress();
            progress.total = progress.done;
        }
        while self.under_way.len() < AT_ONCE
            && let Some(errand) = self.queue.pop_front()
        {
            let checker = match errand.fresh {
                Freshness::Shared => Arc::clone(&self.checker),
                Freshness::Anew => Arc::new(Checker::new(
                    Arc::clone(&self.asker),
                    Arc::new(Atlas::new(self.start.clone())),
                    self.cost,
                )),
            };
            self.so_far.insert(errand.target.name.clone(), None);
            let interim = self.interim.clone();
            self.under_way.spawn(async move {
                let tell = |served| {
                    // Whoever ended has nobody to tell.
                    let _ = interim.send(served);
                };
                checker.check_and_tell(&errand.target, tell).await
            });
        }
        self.progress().queries = self.asker.queries_sent();
    }

    /// Says once that there is nothing left to do.
    async fn rest(&mut self) -> Option<()> {
        let is_idle = self.queue.is_empty() && self.under_way.is_empty() && self.liveness != Liveness::Unasked;
        let was_idle = std::mem::replace(&mut self.is_idle, is_idle);
        if is_idle && !was_idle {
            let commands = self.handled;
            self.events.send(Event::Idle { commands }).await.ok()?;
        }
        Some(())
    }

    async fn obey(&mut self, command: Command) -> Option<()> {
        self.handled += 1;
        self.is_idle = false;
        match command {
            Command::Check(targets) => {
                for target in targets {
                    self.enqueue(target, Freshness::Shared);
                }
            }
            Command::Again(targets) => {
                for target in targets {
                    self.enqueue(target, Freshness::Anew);
                }
            }
            Command::Cancel => self.cancel().await?,
        }
        Some(())
    }

    fn enqueue(&mut self, target: Target, fresh: Freshness) {
        if fresh == Freshness::Shared && self.covers(&target) {
            return;
        }
        self.asked.insert(target.name.clone(), target.clone());
        let waiting = self.queue.iter_mut().find(|errand| errand.target.name == target.name);
        if let Some(waiting) = waiting {
            waiting.target = target;
            return;
        }
        self.progress().total += 1;
        match fresh {
            Freshness::Shared => self.queue.push_back(Errand { target, fresh }),
            // Somebody is waiting for this one.
            Freshness::Anew => self.queue.push_front(Errand { target, fresh }),
        }
    }

    /// Whether all that a target is about was asked, or is to be.
    fn covers(&self, target: &Target) -> bool {
        let before = self.asked.get(&target.name);
        before.is_some_and(|before| {
            before.names_all_of(target)
                && (before.parent.is_some() || target.parent.is_none() || self.reached.contains(&target.name))
        })
    }

    async fn cancel(&mut self) -> Option<()> {
        for errand in std::mem::take(&mut self.queue) {
            self.asked.remove(&errand.target.name);
        }
        self.under_way.shutdown().await;
        for (name, served) in std::mem::take(&mut self.so_far) {
            self.asked.remove(&name);
            if let Some(served) = served {
                let extent = Extent::Stopped(Unasked::NoTime);
                self.tell(Served { extent, ..served }).await?;
            }
        }
        let mut progress = self.progress();
        progress.total = progress.done;
        Some(())
    }

    async fn tell_so_far(&mut self, served: Served) -> Option<()> {
        // What was told before the end may come in after it.
        let Some(so_far) = self.so_far.get_mut(&served.name) else {
            return Some(());
        };
        *so_far = Some(served.clone());
        self.tell(served).await
    }

    async fn done(&mut self, served: Option<Served>) -> Option<()> {
        self.progress().done += 1;
        let Some(served) = served else {
            return Some(());
        };
        self.so_far.remove(&served.name);
        if served.parent.reached == Reached::Walked {
            self.reached.insert(served.name.clone());
        }
        let addresses = served.servers.iter().flat_map(|server| &server.heard);
        let silent = addresses.filter(|child| matches!(child.verdict(), Verdict::Unresponsive(_)));
        self.silent.extend(silent.map(|child| child.address));
        self.progress().silent = self.silent.len();
        self.tell(served).await
    }

    async fn tell(&mut self, served: Served) -> Option<()> {
        match self.liveness {
            Liveness::Unasked => self.held_back.push(served),
            Liveness::On => self.send(Fact::Served(Arc::new(served))).await?,
            Liveness::Off(_) => {}
        }
        Some(())
    }

    async fn turn_on(&mut self) -> Option<()> {
        self.liveness = Liveness::On;
        self.send(Fact::Liveness(Liveness::On)).await?;
        for served in std::mem::take(&mut self.held_back) {
            self.tell(served).await?;
        }
        Some(())
    }

    async fn turn_off(&mut self, off: Off) -> Option<()> {
        self.liveness = Liveness::Off(off);
        self.is_idle = false;
        self.held_back.clear();
        self.under_way.shutdown().await;
        self.send(Fact::Liveness(Liveness::Off(off))).await
    }

    async fn send(&self, fact: Fact) -> Option<()> {
        self.events.send(Event::Fact(fact)).await.ok()
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
