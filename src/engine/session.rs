//! A scan, the checks of what is served, and the picture both give, joined: what a front end drives.
//!
//! Invariant: it ends only when every account is idle after all that was asked of it, and every cut that may be checked was.

use std::collections::HashSet;
use std::time::Duration;

use super::check::Target;
use super::command::{Command, Event, Scope};
use super::live::{self, Live};
use super::picture::Picture;
use super::progress::Progress;
use super::scan::Scan;
use crate::findings::CutVerdict;
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;

/// Events that are taken in at once.
const BATCH: usize = 4096;

/// A scan, the checks beside it, and the picture of both.
#[derive(Debug)]
pub struct Session {
    picture: Picture,
    scan: Scan,
    live: Option<Live>,
    /// How many commands had reached the checks when they were last idle.
    live_idle: u64,
    /// The names that are spoken of; none where all are.
    around: Option<Vec<DnsName>>,
    /// What is being read again, each with the cuts in it that were asked again when that began.
    anew: Vec<(Scope, HashSet<DnsName>)>,
    is_paused: bool,
}

/// Where a session stands after a batch of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is more to come.
    UnderWay,
    /// Nothing is left to do, until another command is sent.
    Settled,
}

/// What was said, and by whom.
enum Said {
    ByScan(Event),
    ByLive(live::Event),
}

impl Session {
    /// Joins a scan to the picture that was known before; no server is asked.
    pub fn new(picture: Picture, scan: Scan) -> Self {
        Self {
            picture,
            scan,
            live: None,
            live_idle: 0,
            around: None,
            anew: Vec::new(),
            is_paused: false,
        }
    }

    /// Asks the servers of each cut as well, as soon as it is known what the accounts say of it.
    #[must_use]
    pub fn with_live(mut self, live: Option<Live>) -> Self {
        self.live = live;
        self
    }

    /// Asks the servers of those cuts alone that are at, above or below one of these names.
    #[must_use]
    pub fn around(mut self, names: Option<Vec<DnsName>>) -> Self {
        self.around = names;
        self
    }

    /// Waits for something to be said, takes in all that is there, and asks for what is wanted.
    ///
    /// May be dropped while it waits, and nothing is lost.
    pub async fn step(&mut self) -> Standing {
        match self.hear().await {
            None => return Standing::Settled,
            Some(Said::ByScan(first)) => self.take_scan(first),
            Some(Said::ByLive(first)) => self.take_live(first),
        }
        if self.is_settled() {
            Standing::Settled
        } else {
            Standing::UnderWay
        }
    }

    async fn hear(&mut self) -> Option<Said> {
        let scan = self.scan.events.recv();
        let Some(live) = &mut self.live else {
            return scan.await.map(Said::ByScan);
        };
        tokio::select! {
            Some(event) = scan => Some(Said::ByScan(event)),
            Some(event) = live.events.recv() => Some(Said::ByLive(event)),
            else => None,
        }
    }

    fn take_scan(&mut self, first: Event) {
        let mut batch: Vec<Event> = vec![first];
        while batch.len() < BATCH
            && let Ok(event) = self.scan.events.try_recv()
        {
            batch.push(event);
        }
        let absorbed = self.picture.absorb(batch);
        if !absorbed.wants.is_empty() {
            self.scan.commands.send(Command::Read(absorbed.wants));
        }
        let is_settled = self.is_scan_settled();
        if is_settled {
            self.check_what_came();
        }
        if absorbed.looked_through || is_settled {
            self.check_what_is_known();
        }
    }

    fn take_live(&mut self, first: live::Event) {
        let mut facts = Vec::new();
        let mut next = Some(first);
        while let Some(event) = next {
            match event {
                live::Event::Fact(fact) => facts.push(fact),
                live::Event::Idle { commands } => self.live_idle = commands,
            }
            let more = self.live.as_mut().filter(|_| facts.len() < BATCH);
            next = more.and_then(|live| live.events.try_recv().ok());
        }
        self.picture.learn(facts);
    }

    /// Wants every cut checked of which the accounts have said all they will say; those that were checked are passed over.
    fn check_what_is_known(&mut self) {
        if self.is_paused {
            return;
        }
        let is_settled = self.is_scan_settled();
        let Some(live) = &self.live else { return };
        let inventory = self.picture.inventory();
        let is_around = |name: &DnsName, cut: &DnsName| cut.is_at_or_below(name) || name.is_at_or_below(cut);
        let is_spoken_of = |cut: &DnsName| {
            let around = self.around.as_ref();
            around.is_none_or(|names| names.iter().any(|name| is_around(name, cut)))
        };
        let ready =
            |verdict: &&CutVerdict| is_spoken_of(&verdict.cut.name) && (is_settled || verdict.cut.is_ready(inventory));
        let cuts = self.picture.survey().cuts().filter(ready);
        let targets: Vec<Target> = cuts.filter_map(|verdict| Target::of(&verdict.cut, inventory)).collect();
        if !targets.is_empty() {
            live.commands.check(targets);
        }
    }

    fn is_scan_settled(&self) -> bool {
        self.scan.events.is_empty() && self.scan.commands.are_settled(self.picture.idle())
    }

    fn is_settled(&self) -> bool {
        let is_live_settled = self
            .live
            .as_ref()
            .is_none_or(|live| live.events.is_empty() && self.live_idle == live.commands.sent());
        self.is_scan_settled() && is_live_settled
    }

    /// Goes on to the end, telling how far it is at every tick. May be dropped at any await, and the picture is whole.
    pub async fn run_to_end(&mut self, tick: Duration, mut tell: impl FnMut(&Progress, &Picture)) {
        let mut ticks = tokio::time::interval(tick);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                _ = ticks.tick() => tell(&self.progress(), &self.picture),
                standing = self.step() => {
                    if standing == Standing::Settled {
                        return;
                    }
                }
            }
        }
    }

    /// Whether nothing can be said any more, whatever is asked.
    pub fn is_over(&self) -> bool {
        let live_over = |live: &Live| live.events.is_closed() && live.events.is_empty();
        self.scan.events.is_closed() && self.scan.events.is_empty() && self.live.as_ref().is_none_or(live_over)
    }

    /// What is known so far.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            live: self.live.as_ref().map(|live| live.commands.progress()),
            ..self.scan.progress()
        }
    }

    /// Steers the scan, and the checks with it.
    pub fn send(&mut self, command: Command) {
        match &command {
            Command::Pause => self.is_paused = true,
            Command::Resume => self.is_paused = false,
            Command::Cancel(Scope::All) => {
                if let Some(live) = &self.live {
                    live.commands.cancel();
                }
            }
            Command::Rescan(scope) => self.check_again(scope),
            Command::Focus(_) | Command::Read(_) | Command::Cancel(_) => {}
        }
        let goes_on = command == Command::Resume;
        self.scan.commands.send(command);
        if goes_on {
            if self.is_scan_settled() {
                self.check_what_came();
            }
            self.check_what_is_known();
        }
    }

    /// What is read again is asked again.
    fn check_again(&mut self, scope: &Scope) {
        let targets = self.targets_in(scope);
        let names = targets.iter().map(|target| target.name.clone()).collect();
        let Some(live) = &self.live else { return };
        live.commands.check_again(targets);
        self.anew.push((scope.clone(), names));
    }

    /// Asks about the cuts that came with what was read again: what was heard when they were there before is too old.
    fn check_what_came(&mut self) {
        if self.is_paused {
            return;
        }
        for (scope, asked) in std::mem::take(&mut self.anew) {
            let mut targets = self.targets_in(&scope);
            targets.retain(|target| !asked.contains(&target.name));
            let Some(live) = &self.live else { return };
            if !targets.is_empty() {
                live.commands.check_again(targets);
            }
        }
    }

    fn targets_in(&self, scope: &Scope) -> Vec<Target> {
        let inventory = self.picture.inventory();
        let concerns = |verdict: &&CutVerdict| match scope {
            Scope::All => true,
            Scope::Account(account) => holds(verdict, inventory, |key| key.account == *account),
            Scope::Zone(zone) => holds(verdict, inventory, |key| key == zone),
        };
        let cuts = self.picture.survey().cuts().filter(concerns);
        cuts.filter_map(|verdict| Target::of(&verdict.cut, inventory)).collect()
    }

    /// Ends the scan and keeps what is known.
    pub fn into_picture(self) -> Picture {
        self.picture
    }
}

/// Whether a zone of the cut's name is meant, or where there is none, the zone that delegates.
fn holds(verdict: &CutVerdict, inventory: &Inventory, is_meant: impl Fn(&crate::model::zone::ZoneKey) -> bool) -> bool {
    let cut = &verdict.cut;
    let zones = match cut.children.is_empty() {
        true => &cut.parents,
        false => &cut.children,
    };
    let mut entries = zones.iter().filter_map(|zone| inventory.zone(*zone));
    entries.any(|entry| is_meant(&entry.zone.key))
}
