//! Walks down the tree to a name, as a resolver without a cache would, asking one server after another.
//!
//! Invariant: a walk and everything it looks up on the way share one budget, and no name is looked up while it is being looked up.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::ask::{Asker, Budget};
use crate::model::dns::{
    Addresses, Alias, End, HeardFrom, Leg, NameServer, NoAddress, Outcome, Question, Referral, Reply, Unasked, Walk,
};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::ports::Dns;

/// How many zones are descended into, one below the other (safety T14).
const MAX_DEPTH: usize = 12;
/// How many aliases are followed (safety T13).
const MAX_ALIASES: usize = 8;
/// How many names of servers are considered at a cut, and how many are looked up (safety T15).
const MAX_SERVERS: usize = 13;
const MAX_LOOKUPS: usize = 2;
/// How deep the looking up of servers' names may nest.
const MAX_NESTING: usize = 6;
/// How long one server has the floor before the next is asked too.
const HEAD_START: Duration = Duration::from_millis(400);

/// Where a walk begins: a zone, and its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The zone; the root, or one that is held.
    pub zone: DnsName,
    /// Its servers, each with its addresses where they are known.
    pub servers: Vec<NameServer>,
}

/// Walks to names from one start, and remembers the cuts it passed.
#[derive(Debug)]
pub struct Walker<'a, D> {
    asker: &'a Asker<D>,
    budget: &'a Budget,
    start: Start,
    passed: HashMap<DnsName, Below>,
    /// What was found out of the names of servers.
    found: HashMap<DnsName, Addresses>,
    /// The names of servers that are being looked up, outermost first.
    wanted: Vec<DnsName>,
}

/// What is known of a zone further down.
#[derive(Debug, Clone)]
struct Below {
    servers: Vec<NameServer>,
    ttl: Option<u32>,
    ds: Vec<crate::model::dnssec::DsValue>,
}

/// Where a descent led.
enum Led {
    Alias(Alias),
    End(End),
}

impl<'a, D: Dns> Walker<'a, D> {
    /// Begins at `start`; whatever it asks is taken from `budget`.
    pub fn new(asker: &'a Asker<D>, budget: &'a Budget, start: Start) -> Self {
        Self {
            asker,
            budget,
            start,
            passed: HashMap::new(),
            found: HashMap::new(),
            wanted: Vec::new(),
        }
    }

    /// Walks to a name.
    pub async fn walk(&mut self, question: &Question) -> Walk {
        let before = self.budget.spent();
        let mut walk = Walk {
            question: question.clone(),
            legs: Vec::new(),
            aliases: Vec::new(),
            end: End::TooManyAliases,
            queries: 0,
        };
        let mut names = HashSet::from([question.name.clone()]);
        let mut question = question.clone();
        while walk.aliases.len() <= MAX_ALIASES {
            let alias = match self.descend(&question, &mut walk.legs).await {
                Led::Alias(alias) => alias,
                Led::End(end) => {
                    walk.end = end;
                    break;
                }
            };
            let target = alias.target.clone();
            walk.aliases.push(alias);
            match target {
                None => walk.end = End::AliasTooLong,
                Some(target) if !names.insert(target.clone()) => walk.end = End::AliasLoop(target),
                Some(target) => {
                    question.name = target;
                    continue;
                }
            }
            break;
        }
        walk.queries = self.budget.spent() - before;
        walk
    }

    /// Descends from the nearest zone passed to the one that answers for the name.
    async fn descend(&mut self, question: &Question, legs: &mut Vec<Leg>) -> Led {
        let (mut zone, mut below) = self.nearest(&question.name);
        for _ in 0..MAX_DEPTH {
            let mut leg = Leg {
                zone: zone.clone(),
                question: question.clone(),
                servers: below.servers,
                ttl: below.ttl,
                ds: below.ds,
                heard: Vec::new(),
            };
            let reply = self.ask_servers(&mut leg).await;
            legs.push(leg);
            match reply {
                Ok(Reply::Referral(referral)) => (zone, below) = self.pass(referral),
                Ok(reply) => return conclusion(reply),
                Err(end) => return Led::End(end),
            }
        }
        Led::End(End::TooDeep)
    }

    /// The nearest zone above a name whose servers are known.
    fn nearest(&self, name: &DnsName) -> (DnsName, Below) {
        let passed = std::iter::once(name.clone())
            .chain(name.ancestors())
            .find_map(|zone| self.passed.get(&zone).map(|below| (zone, below.clone())));
        passed.unwrap_or_else(|| {
            let servers = self.start.servers.clone();
            let below = Below {
                servers,
                ttl: None,
                ds: Vec::new(),
            };
            (self.start.zone.clone(), below)
        })
    }

    /// Takes note of a referral.
    fn pass(&mut self, referral: Referral) -> (DnsName, Below) {
        let servers = referral.name_servers.into_iter().take(MAX_SERVERS);
        let servers = servers.map(|name| {
            let given: Vec<IpAddr> = glue_of(&referral.glue, &name);
            let addresses = match self.found.get(&name) {
                _ if !given.is_empty() => Addresses::Given(given),
                Some(found) => found.clone(),
                None => Addresses::Unsought,
            };
            NameServer { name, addresses }
        });
        let below = Below {
            servers: servers.collect(),
            ttl: Some(referral.ttl),
            ds: referral.ds,
        };
        self.passed.insert(referral.cut.clone(), below.clone());
        (referral.cut, below)
    }

    /// Asks the servers of a zone until one gives a useful reply: those whose addresses are known, then others.
    async fn ask_servers(&mut self, leg: &mut Leg) -> Result<Reply, End> {
        let known = leg.servers.iter().flat_map(addresses_of).collect();
        if let Some(reply) = self.ask_in_turn(leg, known).await? {
            return Ok(reply);
        }
        let mut lookups = 0;
        for place in 0..leg.servers.len() {
            let Some(server) = leg
                .servers
                .get(place)
                .filter(|server| server.addresses == Addresses::Unsought)
            else {
                continue;
            };
            if lookups == MAX_LOOKUPS {
                break;
            }
            lookups += 1;
            let name = server.name.clone();
            let server = NameServer {
                addresses: self.look_up(&name).await,
                name,
            };
            let addresses = addresses_of(&server).collect();
            if let Addresses::Missing(NoAddress::Unasked(why)) = server.addresses {
                return Err(End::Unasked(why));
            }
            if let Some(slot) = leg.servers.get_mut(place) {
                *slot = server;
            }
            if let Some(reply) = self.ask_in_turn(leg, addresses).await? {
                return Ok(reply);
            }
        }
        Err(End::NoServer)
    }

    /// Asks addresses, each with a head start over the next; the first useful reply ends it.
    async fn ask_in_turn(&self, leg: &mut Leg, addresses: Vec<(DnsName, IpAddr)>) -> Result<Option<Reply>, End> {
        let (asker, budget) = (self.asker, self.budget);
        let (zone, question) = (leg.zone.clone(), leg.question.clone());
        let (zone, question) = (&zone, &question);
        let mut next = addresses.into_iter();
        let mut pending = FuturesUnordered::new();
        loop {
            if pending.is_empty() {
                match next.next() {
                    Some((server, address)) => pending.push(ask(asker, budget, server, address, question, zone)),
                    None => return Ok(None),
                }
            }
            tokio::select! {
                Some(heard) = pending.next() => {
                    let outcome = heard.outcome.clone();
                    leg.heard.push(heard);
                    if let Some(reply) = useful(outcome)? {
                        return Ok(Some(reply));
                    }
                }
                () = sleep(HEAD_START) => {
                    if let Some((server, address)) = next.next() {
                        pending.push(ask(asker, budget, server, address, question, zone));
                    }
                }
            }
        }
    }

    /// The addresses of a server that was named without any.
    fn look_up<'b>(&'b mut self, name: &'b DnsName) -> Pin<Box<dyn Future<Output = Addresses> + Send + 'b>> {
        Box::pin(async move {
            if let Some(found) = self.found.get(name) {
                return found.clone();
            }
            if self.wanted.contains(name) || self.wanted.len() >= MAX_NESTING {
                return Addresses::Missing(NoAddress::Cycle);
            }
            self.wanted.push(name.clone());
            let addresses = self.resolve(name).await;
            self.wanted.pop();
            // What is a cycle from here may not be one from elsewhere.
            if !matches!(addresses, Addresses::Missing(NoAddress::Cycle | NoAddress::Unasked(_))) {
                self.found.insert(name.clone(), addresses.clone());
            }
            addresses
        })
    }

    async fn resolve(&mut self, name: &DnsName) -> Addresses {
        let mut addresses = Vec::new();
        let mut missing = NoAddress::NoData;
        for record_type in [RecordType::A, RecordType::AAAA] {
            let question = Question {
                name: name.clone(),
                record_type,
            };
            let walk = self.walk(&question).await;
            match walk.end {
                End::Answer(records) => addresses.extend(records.iter().filter_map(|record| record.data.address())),
                End::NoData(_) => {}
                End::NoName(_) => missing = NoAddress::NoName,
                End::Unasked(why) => missing = NoAddress::Unasked(why),
                _ if is_cyclic(&walk) => missing = NoAddress::Cycle,
                _ => missing = NoAddress::Unanswered,
            }
            if missing != NoAddress::NoData {
                break;
            }
        }
        match addresses.is_empty() {
            true => Addresses::Missing(missing),
            false => Addresses::Found(addresses),
        }
    }
}

async fn ask<D: Dns>(
    asker: &Asker<D>,
    budget: &Budget,
    server: DnsName,
    address: IpAddr,
    question: &Question,
    zone: &DnsName,
) -> HeardFrom {
    let outcome = asker.ask(address, question, zone, budget).await;
    HeardFrom {
        server,
        address,
        outcome,
    }
}

/// The reply, where it leads on; the end of the walk, where nothing more may be asked.
fn useful(outcome: Outcome) -> Result<Option<Reply>, End> {
    match outcome {
        Outcome::Asked(probe) if probe.reply.is_useful() => Ok(Some(probe.reply)),
        Outcome::Unasked(why @ (Unasked::NoQueries | Unasked::NoTime)) => Err(End::Unasked(why)),
        Outcome::Asked(_) | Outcome::Unasked(_) => Ok(None),
    }
}

fn conclusion(reply: Reply) -> Led {
    match reply {
        Reply::Answer(records) => Led::End(End::Answer(records)),
        Reply::Alias(alias) => Led::Alias(alias),
        Reply::NoData(negative) => Led::End(End::NoData(negative)),
        Reply::NoName(negative) => Led::End(End::NoName(negative)),
        _ => Led::End(End::NoServer),
    }
}

/// Whether a walk came to a halt because a server can only be found by way of itself.
fn is_cyclic(walk: &Walk) -> bool {
    let last = walk.legs.last();
    last.is_some_and(|leg| {
        let mut servers = leg.servers.iter();
        servers.any(|server| server.addresses == Addresses::Missing(NoAddress::Cycle))
    })
}

fn addresses_of(server: &NameServer) -> impl Iterator<Item = (DnsName, IpAddr)> + '_ {
    server
        .addresses
        .known()
        .iter()
        .map(|address| (server.name.clone(), *address))
}

fn glue_of(glue: &[(DnsName, IpAddr)], name: &DnsName) -> Vec<IpAddr> {
    glue.iter()
        .filter(|(owner, _)| owner == name)
        .map(|(_, address)| *address)
        .collect()
}

#[cfg(test)]
mod tests;
