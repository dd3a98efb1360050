//! The check of one cut: asks the servers of both sides what resolvers would hear (checks.md 0.3 and 0.4), all at once.
//!
//! Invariant: nothing is concluded here. Every address is asked a few questions at most, a silent one holds up no other, and
//! when the budget ends, what was heard until then is handed over, saying so.

mod draft;
mod target;

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::time::{Instant, interval_at};

use super::ask::{Asker, Budget, Way};
use super::atlas::{Atlas, MAX_SERVERS, addresses_of};
use super::walk::Walker;
use crate::config::Dns as Settings;
use crate::model::dns::{End, Leg, NameServer, Outcome, Question, RecursionOffer, Reply, Transport};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{Located, Reached, Served, Verdict};
use crate::ports::Dns;

use draft::{Asked, Draft};
pub use target::{Anchored, HeldParent, Target};

/// The queries of all walking that are kept for the name servers at the cut, whatever the way to the parent takes: 13 names, A
/// and AAAA (safety T15).
const KEPT_FOR_NAMES: u32 = 26;
/// The queries that are kept for the way to the parent, whatever the name servers at the cut take: one for each zone on it.
const KEPT_FOR_THE_WAY: u32 = 12;
/// The most queries that one address is sent by one check.
const QUERIES_OF_ADDRESS: u32 = 8;
/// The most addresses of the child side that are asked.
const MAX_CHILD_ADDRESSES: usize = 64;
/// After how long what was heard so far is told, and how often from then on.
const INTERIM: Duration = Duration::from_millis(500);

/// What one check may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The most queries of all walking: to the parent, and to the addresses of name servers.
    pub queries: u32,
    /// The most time.
    pub time: Duration,
}

/// Checks cuts on behalf of one run: all share its manners and what they find out.
#[derive(Debug)]
pub struct Checker<D> {
    asker: Arc<Asker<D>>,
    atlas: Arc<Atlas>,
    cost: Cost,
}

impl From<&Settings> for Cost {
    fn from(settings: &Settings) -> Self {
        Self {
            queries: settings.queries,
            time: settings.deadline,
        }
    }
}

impl<D: Dns> Checker<D> {
    /// Asks through `asker`, knowing what the atlas shows.
    pub fn new(asker: Arc<Asker<D>>, atlas: Arc<Atlas>, cost: Cost) -> Self {
        Self { asker, atlas, cost }
    }

    /// Checks one cut.
    pub async fn check(&self, target: &Target) -> Served {
        self.check_and_tell(target, |_| {}).await
    }

    /// Checks one cut, and tells what was heard so far where that takes long.
    pub async fn check_and_tell(&self, target: &Target, tell: impl Fn(Served) + Send) -> Served {
        let at = Timestamp::now();
        let errands = Errands::new(self, target);
        let mut check = Check {
            errands: &errands,
            draft: Draft::of(target, at),
            under_way: FuturesUnordered::new(),
            put_off: Vec::new(),
        };
        check.begin();
        let mut interim = interval_at(Instant::now() + INTERIM, INTERIM);
        loop {
            tokio::select! {
                heard = check.under_way.next() => match heard {
                    Some(heard) => check.take(heard),
                    None if check.go_on() => {}
                    None => break,
                },
                _ = interim.tick() => tell(check.draft.so_far(errands.spent())),
            }
        }
        check.draft.whole(errands.spent())
    }
}

/// What the errands of one check have in common.
struct Errands<'a, D> {
    checker: &'a Checker<D>,
    target: &'a Target,
    /// For the way to the parent.
    approaching: Budget,
    /// For the addresses of name servers.
    locating: Budget,
    /// Both are parts of it.
    walking: Budget,
    /// It is a part of this.
    all: Budget,
}

/// How many queries were sent.
#[derive(Debug, Clone, Copy)]
struct Spent {
    all: u32,
    walking: u32,
}

/// What came back from an errand.
enum Heard {
    /// The walk to the parent zone ended.
    Approached(Vec<Leg>, Option<End>),
    /// A name server of the parent zone was located.
    Parent(DnsName, Located),
    /// A name server of the child side was located.
    Child(DnsName, Located),
    /// An address of the parent side answered.
    FromParent(IpAddr, RecordType, Outcome),
    /// An address of the child side answered.
    FromChild(IpAddr, Asked, Outcome),
}

type Errand<'a> = Pin<Box<dyn Future<Output = Heard> + Send + 'a>>;

/// One check under way.
struct Check<'a, D> {
    errands: &'a Errands<'a, D>,
    draft: Draft,
    under_way: FuturesUnordered<Errand<'a>>,
    /// Name servers within the zone that is checked: its own servers know where they are, if any serves it.
    put_off: Vec<DnsName>,
}

impl<'a, D: Dns> Check<'a, D> {
    fn begin(&mut self) {
        let errands = self.errands;
        self.under_way.push(Box::pin(errands.approach()));
        for name in errands.target.names().take(MAX_SERVERS) {
            self.consider(name);
        }
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Approached(legs, end) => self.approached(legs, end),
            Heard::Parent(name, located) => self.ask_parent(&name, addresses_of(&located).known()),
            Heard::Child(name, located) => self.located(&name, located),
            Heard::FromParent(address, record_type, outcome) => {
                self.draft.hear_parent(address, record_type, outcome);
                self.look_at_parents();
            }
            Heard::FromChild(address, asked, outcome) => self.heard_child(address, asked, outcome),
        }
    }

    /// What is left to do when everything came back; whether there is any.
    fn go_on(&mut self) -> bool {
        // No server serves the zone: who of its own servers is where is for nobody to say but those above.
        for name in std::mem::take(&mut self.put_off) {
            match self.draft.has_glue(&name) {
                true => self.draft.locate(&name, Located::Unanswered),
                false => self.under_way.push(Box::pin(self.errands.locate_child(name))),
            }
        }
        !self.under_way.is_empty()
    }

    fn approached(&mut self, legs: Vec<Leg>, end: Option<End>) {
        let last = legs.into_iter().next_back();
        match (last, end) {
            (Some(leg), None) => self.reached(leg),
            (_, end) => self.fall_back(end.unwrap_or(End::NoServer)),
        }
    }

    /// The parent zone was reached: all its servers are asked, but for what was heard on the way.
    fn reached(&mut self, leg: Leg) {
        self.draft.reach(leg.zone, Reached::Walked);
        for heard in leg.heard {
            self.draft.hear_on_the_way(heard);
        }
        self.look_at_parents();
        for NameServer { name, addresses } in leg.servers {
            match addresses.known() {
                [] => self.under_way.push(Box::pin(self.errands.locate_parent(name))),
                known => self.ask_parent(&name, known),
            }
        }
    }

    /// The walk did not get there: the servers that the accounts name are asked.
    fn fall_back(&mut self, end: End) {
        let Some(held) = &self.errands.target.parent else {
            return self.draft.miss(Reached::Unreached(Box::new(end)));
        };
        self.draft.reach(held.zone.clone(), Reached::Held(Box::new(end)));
        for name in held.servers.iter().take(MAX_SERVERS).cloned() {
            self.under_way.push(Box::pin(self.errands.locate_parent(name)));
        }
    }

    fn ask_parent(&mut self, server: &DnsName, addresses: &[IpAddr]) {
        let errands = self.errands;
        let Some(zone) = self.draft.parent_zone() else { return };
        for address in addresses {
            let budget = Arc::new(errands.all.part(QUERIES_OF_ADDRESS));
            for record_type in self.draft.ask_parent(server, *address) {
                let (zone, budget) = (zone.clone(), Arc::clone(&budget));
                let asking = errands.ask_parent(*address, record_type, zone, budget);
                self.under_way.push(Box::pin(asking));
            }
        }
    }

    /// Takes in what the parent's servers say of the child's.
    fn look_at_parents(&mut self) {
        for (name, glue) in self.draft.take_named() {
            self.consider(&name);
            if self.draft.is_considered(&name) {
                let added: Vec<IpAddr> = self.draft.add_glue(&name, glue);
                self.ask_child(&added);
            }
        }
        self.look_for_keys();
    }

    /// A name server of the child side: where is it?
    fn consider(&mut self, name: &DnsName) {
        if !self.draft.consider(name) {
            return;
        }
        if name.is_at_or_below(&self.errands.target.name) && !self.draft.is_served() {
            return self.put_off.push(name.clone());
        }
        self.under_way.push(Box::pin(self.errands.locate_child(name.clone())));
    }

    fn located(&mut self, name: &DnsName, located: Located) {
        let addresses = located.addresses().to_vec();
        self.draft.locate(name, located);
        self.ask_child(&addresses);
    }

    fn ask_child(&mut self, addresses: &[IpAddr]) {
        let errands = self.errands;
        for address in addresses {
            if self.draft.addresses() >= MAX_CHILD_ADDRESSES {
                return;
            }
            let budget = || Arc::new(errands.all.part(QUERIES_OF_ADDRESS));
            let Some(budget) = self.draft.ask(*address, budget) else {
                continue;
            };
            let asking = errands.ask_child(*address, Asked::Soa, budget);
            self.under_way.push(Box::pin(asking));
            let is_deaf = [Transport::Udp, Transport::Tcp].map(|by| errands.asker().is_silent(*address, by));
            if is_deaf != [true, true] {
                self.ask_more(*address, Asked::SoaOverTcp);
            }
        }
    }

    fn heard_child(&mut self, address: IpAddr, asked: Asked, outcome: Outcome) {
        let follows = asked == Asked::Soa && self.follow_up(address, &outcome);
        if asked == Asked::Soa && !follows {
            // Whoever is silent is not asked more; what was heard of him is that he is silent.
            self.draft.settle(address, &outcome);
        }
        let named: Vec<DnsName> = match (asked, &outcome) {
            (Asked::Ns, Outcome::Asked(probe)) => match &probe.reply {
                Reply::Answer(records) => records.iter().filter_map(|record| record.data.name_server()).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        self.draft.hear_child(address, asked, outcome);
        for name in named {
            self.consider(&name);
        }
        if self.draft.is_served() {
            for name in std::mem::take(&mut self.put_off) {
                self.under_way.push(Box::pin(self.errands.locate_child(name)));
            }
        }
        self.look_for_keys();
    }

    /// Asks more of an address that responded; whether it did.
    fn follow_up(&mut self, address: IpAddr, soa: &Outcome) -> bool {
        let Outcome::Asked(probe) = soa else { return false };
        if probe.reply.is_silence() {
            return false;
        }
        self.ask_more(address, Asked::SoaOverTcp);
        self.ask_more(address, Asked::Ns);
        if probe.recursion == RecursionOffer::Offered {
            self.ask_more(address, Asked::Foreign);
        }
        true
    }

    /// Asks for the keys: every server that responds where there is a DS, or else one that serves the zone. One that has
    /// keys is asked which DS it wishes for.
    fn look_for_keys(&mut self) {
        for address in self.draft.without_keys() {
            self.ask_more(address, Asked::Dnskey);
        }
        if let Some(address) = self.draft.without_wishes() {
            self.ask_more(address, Asked::Cds);
        }
    }

    fn ask_more(&mut self, address: IpAddr, asked: Asked) {
        if let Some(budget) = self.draft.ask_more(address, asked) {
            let asking = self.errands.ask_child(address, asked, budget);
            self.under_way.push(Box::pin(asking));
        }
    }
}

impl<'a, D: Dns> Errands<'a, D> {
    fn new(checker: &'a Checker<D>, target: &'a Target) -> Self {
        let Cost { queries, time } = checker.cost;
        let all = Budget::new(u32::MAX, time);
        let walking = all.part(queries);
        let but = |kept: u32| walking.part(queries - kept.min(queries / 2));
        Self {
            checker,
            target,
            approaching: but(KEPT_FOR_NAMES),
            locating: but(KEPT_FOR_THE_WAY),
            walking,
            all,
        }
    }

    fn spent(&self) -> Spent {
        Spent {
            all: self.all.spent(),
            walking: self.walking.spent(),
        }
    }

    fn asker(&self) -> &Asker<D> {
        &self.checker.asker
    }

    fn walker<'b>(&'b self, budget: &'b Budget) -> Walker<'b, D> {
        Walker::with(self.asker(), budget, Arc::clone(&self.checker.atlas))
    }

    async fn approach(&self) -> Heard {
        let (legs, end) = self.walker(&self.approaching).approach(&self.target.name).await;
        Heard::Approached(legs, end)
    }

    async fn locate_parent(&self, name: DnsName) -> Heard {
        let located = self.locate(&name).await;
        Heard::Parent(name, located)
    }

    async fn locate_child(&self, name: DnsName) -> Heard {
        let located = self.locate(&name).await;
        Heard::Child(name, located)
    }

    async fn locate(&self, name: &DnsName) -> Located {
        let located = self.walker(&self.locating).locate(name).await;
        if self.target.is_own_server(name) {
            for address in located.addresses() {
                self.asker().manners().own(*address);
            }
        }
        located
    }

    async fn ask_parent(&self, address: IpAddr, record_type: RecordType, zone: DnsName, budget: Arc<Budget>) -> Heard {
        let question = Question {
            name: self.target.name.clone(),
            record_type,
        };
        let outcome = self.asker().ask(address, &question, &zone, &budget).await;
        Heard::FromParent(address, record_type, outcome)
    }

    async fn ask_child(&self, address: IpAddr, asked: Asked, budget: Arc<Budget>) -> Heard {
        let name = &self.target.name;
        let (way, record_type) = match asked {
            Asked::Soa => (Way::Usual, RecordType::SOA),
            Asked::SoaOverTcp => (Way::Connection, RecordType::SOA),
            Asked::Ns => (Way::Usual, RecordType::NS),
            Asked::Dnskey => (Way::Usual, RecordType::DNSKEY),
            Asked::Cds => (Way::Usual, RecordType::CDS),
            Asked::Foreign => (Way::Recursion, RecordType::NS),
        };
        let question = Question {
            name: match asked {
                Asked::Foreign => self.target.foreign(),
                _ => name.clone(),
            },
            record_type,
        };
        let outcome = self.asker().ask_by(way, address, &question, name, &budget).await;
        Heard::FromChild(address, asked, outcome)
    }
}

/// Whether an address serves the zone, by what it said to a question for its SOA record.
fn serves(soa: &Outcome) -> bool {
    Verdict::of(soa) == Verdict::Serving
}

#[cfg(test)]
mod tests;
