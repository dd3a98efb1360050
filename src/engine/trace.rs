//! Traces a name: walks to it, asks every server on the way what the walk asked one of them, and asks resolvers beside it.
//!
//! Invariant: the walk and all look-ups share one budget, the asking of the others has one of its own, and both end at the
//! same time; a server that says nothing delays no other.

mod links;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use tokio::time::Instant;

use super::ask::{Asker, Budget};
use super::atlas::{Atlas, Start, addresses_of};
use super::walk::Walker;
use crate::model::dns::{Addresses, HeardFrom, Hearsay, Leg, NameServer, Question, Resolver, ResolverSaid, Trace};
use crate::model::dnssec::anchor::Anchor;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::ports::Dns;
use links::Locksmith;

/// What a trace may cost (safety T12 to T15): the walk with its look-ups, and the asking of all other addresses.
const WALKING: u32 = 64;
const ASKING: u32 = 2_500;
const TIME: Duration = Duration::from_secs(10);
/// How many addresses of one name server are asked.
const MAX_ADDRESSES: usize = 4;
/// How many addresses of a zone are asked for its keys, one after another, until one says something.
const ASKED_FOR_KEYS: usize = 3;
/// How many labels above a signer are asked for DS records where one server has several zones, one below the other.
const HIDDEN_CUTS: usize = 4;

/// How many names on the way resolvers are asked about, and how many resolvers, where no server can be asked.
const RUMOURED_NAMES: usize = 8;
const RUMOURING_RESOLVERS: usize = 3;

/// Traces names.
#[derive(Debug)]
pub struct Tracer<'a, D> {
    asker: &'a Asker<D>,
    root: Start,
    held: Option<Start>,
    resolvers: Vec<Resolver>,
    anchors: Vec<Anchor>,
    servers: Servers,
}

/// Whether servers can be asked from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Servers {
    Reachable,
    /// Resolvers over HTTPS are asked about every name on the way instead.
    Unreachable,
}

/// The address of a server on the way, by the places of its leg and its name.
struct Found {
    leg: usize,
    server: usize,
    addresses: Addresses,
}

impl<'a, D: Dns> Tracer<'a, D> {
    /// Traces from the root, whose servers are those of `root`.
    pub fn new(asker: &'a Asker<D>, root: Start) -> Self {
        Self {
            asker,
            root,
            held: None,
            resolvers: Vec::new(),
            anchors: Vec::new(),
            servers: Servers::Reachable,
        }
    }

    /// Takes it that no server can be asked from here: resolvers over HTTPS are asked about every name on the way.
    pub fn without_servers(mut self) -> Self {
        self.servers = Servers::Unreachable;
        self
    }

    /// Asks for the keys of the zones on the way too, from these anchors down.
    pub fn anchored(mut self, anchors: impl IntoIterator<Item = Anchor>) -> Self {
        self.anchors.extend(anchors);
        self
    }

    /// Begins at a zone that is held, where the name lies below it.
    pub fn from_zone(mut self, zone: DnsName, name_servers: impl IntoIterator<Item = DnsName>) -> Self {
        let server = |name| NameServer {
            name,
            addresses: Addresses::Unsought,
        };
        self.held = Some(Start {
            zone,
            servers: name_servers.into_iter().map(server).collect(),
        });
        self
    }

    /// Asks these resolvers as well.
    pub fn beside(mut self, resolvers: impl IntoIterator<Item = Resolver>) -> Self {
        self.resolvers.extend(resolvers);
        self
    }

    /// Traces a name; whatever is heard once the walk is over is shown to `watch`.
    pub async fn trace(&self, question: &Question, began: Timestamp, mut watch: impl FnMut(&Trace)) -> Trace {
        let clock = Instant::now();
        let (walking, asking) = (Budget::new(WALKING, TIME), Budget::new(ASKING, TIME));
        let atlas = Atlas::new(self.root.clone());
        if let Some(held) = &self.held {
            atlas.hold(held.clone());
        }
        let atlas = Arc::new(atlas);
        let mut walker = Walker::with(self.asker, &walking, Arc::clone(&atlas));
        let said = self
            .resolvers
            .iter()
            .map(|resolver| self.resolve(resolver, question, &asking));
        let mut said: FuturesUnordered<_> = said.collect();
        let mut told: FuturesUnordered<_> = self
            .rumours(&question.name)
            .into_iter()
            .map(|(resolver, question)| self.hear_say(resolver, question, &asking))
            .collect();
        let mut hearsay = Vec::new();
        let mut resolvers = Vec::new();
        let walk = {
            let walk = walker.walk(question);
            tokio::pin!(walk);
            loop {
                tokio::select! {
                    walk = &mut walk => break walk,
                    Some(one) = said.next() => resolvers.push(one),
                    Some(one) = told.next() => hearsay.push(one),
                }
            }
        };
        let mut trace = Trace {
            began,
            took: clock.elapsed(),
            walk,
            waiting: 0,
            resolvers,
            hearsay,
            links: Vec::new(),
        };
        let locksmith = Locksmith {
            asker: self.asker,
            budget: &asking,
            atlas: &atlas,
            anchors: &self.anchors,
            legs: trace.walk.legs.clone(),
        };
        let mut links = std::pin::pin!(locksmith.links());
        let mut linking = true;
        let mut others = FuturesUnordered::new();
        for (place, address) in unheard(&trace.walk.legs) {
            others.push(self.ask(place, address, &trace.walk.legs, &asking));
        }
        let mut look_ups = Box::pin(look_ups(&mut walker, unsought(&trace.walk.legs)));
        let mut looking = true;
        loop {
            trace.waiting = others.len() + said.len() + told.len();
            trace.took = clock.elapsed();
            trace.walk.queries = walking.spent() + asking.spent();
            watch(&trace);
            tokio::select! {
                Some((place, heard)) = others.next() => {
                    if let Some(leg) = trace.walk.legs.get_mut(place) {
                        leg.heard.push(heard);
                    }
                }
                Some(one) = said.next() => trace.resolvers.push(one),
                Some(one) = told.next() => trace.hearsay.push(one),
                links = &mut links, if linking => {
                    trace.links = links;
                    linking = false;
                }
                found = look_ups.next(), if looking => match found {
                    Some(found) => {
                        let place = found.leg;
                        for address in take(&mut trace.walk.legs, found) {
                            others.push(self.ask(place, address, &trace.walk.legs, &asking));
                        }
                    }
                    None => looking = false,
                },
                else => break,
            }
        }
        self.in_order(&mut trace);
        trace
    }

    /// Resolvers in the order they were named, whatever the order they answered in; names from the top down.
    fn in_order(&self, trace: &mut Trace) {
        let place = |said: &ResolverSaid| self.resolvers.iter().position(|resolver| *resolver == said.resolver);
        trace.resolvers.sort_by_key(place);
        trace.hearsay.sort_by_key(|one| {
            let name = &one.question.name;
            (name.label_count(), one.question.record_type, place(&one.said))
        });
    }

    /// What resolvers over HTTPS are asked where no server can be: the name servers and the SOA of every name on the way.
    fn rumours(&self, name: &DnsName) -> Vec<(&Resolver, Question)> {
        if self.servers == Servers::Reachable {
            return Vec::new();
        }
        let names: Vec<DnsName> = std::iter::once(name.clone())
            .chain(name.ancestors())
            .filter(|name| !name.is_root())
            .take(RUMOURED_NAMES)
            .collect();
        let resolvers = self.resolvers.iter().filter(|resolver| resolver.is_over_https());
        resolvers
            .take(RUMOURING_RESOLVERS)
            .flat_map(|resolver| {
                let both = |name: &DnsName| {
                    [RecordType::NS, RecordType::SOA].map(|record_type| Question {
                        name: name.clone(),
                        record_type,
                    })
                };
                let questions: Vec<Question> = names.iter().flat_map(both).collect();
                questions.into_iter().map(move |question| (resolver, question))
            })
            .collect()
    }

    /// Asks one address what the walk asked in its leg.
    fn ask<'b>(
        &'b self,
        place: usize,
        (server, address): (DnsName, IpAddr),
        legs: &[Leg],
        budget: &'b Budget,
    ) -> impl Future<Output = (usize, HeardFrom)> + use<'a, 'b, D> {
        let asked = legs.get(place).map(|leg| (leg.zone.clone(), leg.question.clone()));
        async move {
            let (zone, question) = asked.expect("it is a place of a leg");
            let outcome = self.asker.ask(address, &question, &zone, budget).await;
            let heard = HeardFrom {
                server,
                address,
                outcome,
            };
            (place, heard)
        }
    }

    async fn hear_say(&self, resolver: &Resolver, question: Question, budget: &Budget) -> Hearsay {
        let said = self.resolve(resolver, &question, budget).await;
        Hearsay { question, said }
    }

    async fn resolve(&self, resolver: &Resolver, question: &Question, budget: &Budget) -> ResolverSaid {
        let said = self.asker.ask_resolver(resolver, question, budget).await;
        let (said, took) = match said {
            Ok((said, took)) => (Ok(said), took),
            Err(why) => (Err(why), Duration::ZERO),
        };
        ResolverSaid {
            resolver: resolver.clone(),
            said,
            took,
        }
    }
}

/// The addresses that are known and were not asked.
fn unheard(legs: &[Leg]) -> Vec<(usize, (DnsName, IpAddr))> {
    let mut unheard = Vec::new();
    for (place, leg) in legs.iter().enumerate() {
        for server in &leg.servers {
            unheard.extend(addresses(leg, server).map(|one| (place, one)));
        }
    }
    unheard
}

/// The addresses of one server that were not asked.
fn addresses<'a>(leg: &'a Leg, server: &'a NameServer) -> impl Iterator<Item = (DnsName, IpAddr)> + 'a {
    let is_heard = |address: &IpAddr| {
        let mut heard = leg.heard.iter();
        heard.any(|heard| heard.address == *address && heard.server == server.name)
    };
    let known = server.addresses.known().iter().take(MAX_ADDRESSES);
    known
        .filter(move |address| !is_heard(address))
        .map(|address| (server.name.clone(), *address))
}

/// The servers whose names were not looked up, those furthest down first: there it matters most.
fn unsought(legs: &[Leg]) -> VecDeque<(usize, usize, DnsName)> {
    let mut unsought = VecDeque::new();
    for (place, leg) in legs.iter().enumerate().rev() {
        for (at, server) in leg.servers.iter().enumerate() {
            if server.addresses == Addresses::Unsought {
                unsought.push_back((place, at, server.name.clone()));
            }
        }
    }
    unsought
}

/// Looks up one name after another.
fn look_ups<'a, 'b, D: Dns>(
    walker: &'a mut Walker<'b, D>,
    names: VecDeque<(usize, usize, DnsName)>,
) -> impl Stream<Item = Found> + use<'a, 'b, D> {
    stream::unfold((walker, names), async |(walker, mut names)| {
        let (leg, server, name) = names.pop_front()?;
        let addresses = addresses_of(&walker.locate(&name).await);
        let found = Found { leg, server, addresses };
        Some((found, (walker, names)))
    })
}

/// Takes in what was found of a server, and gives its addresses that have to be asked.
fn take(legs: &mut [Leg], found: Found) -> Vec<(DnsName, IpAddr)> {
    let Some(leg) = legs.get_mut(found.leg) else {
        return Vec::new();
    };
    if let Some(server) = leg.servers.get_mut(found.server) {
        server.addresses = found.addresses;
    }
    let leg = &*leg;
    let server = leg.servers.get(found.server).into_iter();
    server.flat_map(|server| addresses(leg, server)).collect()
}

#[cfg(test)]
mod tests;
