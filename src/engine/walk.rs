//! Walks down the tree to a name, as a resolver would, asking one server after another.
//!
//! Invariant: a walk and everything it looks up on the way share one budget, and no name is looked up while it is being looked
//! up. What it finds out on its way is in an atlas, which is its own, or that of all checks of a run.

use std::collections::HashSet;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::ask::{Asker, Budget};
use super::atlas::{Atlas, Below, Boarding, Errand, Flight, MAX_ADDRESSES, Traveller, addresses_of};
use crate::model::dns::{
    Addresses, Alias, End, HeardFrom, Leg, NameServer, NoAddress, Outcome, Question, Reply, Transport, Unasked, Walk,
};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::Located;
use crate::ports::Dns;

pub use super::atlas::Start;

/// How many zones are descended into, one below the other (safety T14).
const MAX_DEPTH: usize = 12;
/// How many aliases are followed (safety T13).
const MAX_ALIASES: usize = 8;
/// How many names of servers are looked up to ask one of them (safety T15).
const MAX_LOOKUPS: usize = 2;
/// How deep the looking up of servers' names may nest.
const MAX_NESTING: usize = 6;
/// How long one server has the floor before the next is asked too.
const HEAD_START: Duration = Duration::from_millis(400);

/// Walks to names from one start.
#[derive(Debug)]
pub struct Walker<'a, D> {
    asker: &'a Asker<D>,
    budget: &'a Budget,
    atlas: Arc<Atlas>,
    traveller: Traveller,
    /// The names of servers that are being looked up, outermost first.
    wanted: Vec<DnsName>,
}

/// Where a descent led.
enum Led {
    Alias(Alias),
    End(End),
    /// To the cut it was to stop at.
    Cut,
}

/// How far a descent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// To the zone that answers for the name.
    Answer,
    /// To the zone that delegates the name, or would.
    Parent,
}

impl<'a, D: Dns> Walker<'a, D> {
    /// Begins at `start`, knowing nothing else; whatever it asks is taken from `budget`.
    pub fn new(asker: &'a Asker<D>, budget: &'a Budget, start: Start) -> Self {
        Self::with(asker, budget, Arc::new(Atlas::new(start)))
    }

    /// Begins wherever the atlas leads, and adds to it.
    pub fn with(asker: &'a Asker<D>, budget: &'a Budget, atlas: Arc<Atlas>) -> Self {
        let traveller = atlas.flights.traveller();
        Self {
            asker,
            budget,
            atlas,
            traveller,
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
            let alias = match self.descend(&question, Goal::Answer, &mut walk.legs).await {
                Led::Alias(alias) => alias,
                Led::End(end) => {
                    walk.end = end;
                    break;
                }
                Led::Cut => break,
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

    /// Walks to the zone that delegates a name, or would: the last leg is that zone, asked for the name servers of the name.
    /// The walk got there unless it says how it ended.
    pub async fn approach(&mut self, name: &DnsName) -> (Vec<Leg>, Option<End>) {
        let question = Question {
            name: name.clone(),
            record_type: RecordType::NS,
        };
        let mut legs = Vec::new();
        let end = match self.descend(&question, Goal::Parent, &mut legs).await {
            Led::Alias(_) | Led::Cut | Led::End(End::Answer(_) | End::NoData(_) | End::NoName(_)) => None,
            Led::End(end) => Some(end),
        };
        (legs, end)
    }

    /// Descends from the nearest zone known towards the one that answers for the name.
    async fn descend(&mut self, question: &Question, goal: Goal, legs: &mut Vec<Leg>) -> Led {
        let atlas = Arc::clone(&self.atlas);
        for _ in 0..MAX_DEPTH {
            let (zone, below, flight) = match self.depart(&atlas, &question.name, goal).await {
                Ok(departed) => departed,
                Err(why) => return Led::End(End::Unasked(why)),
            };
            let mut leg = Leg {
                zone,
                question: question.clone(),
                servers: below.servers,
                ttl: below.ttl,
                ds: below.ds,
                heard: Vec::new(),
            };
            let reply = self.ask_servers(&mut leg).await;
            if goal == Goal::Parent || !self.wanted.is_empty() {
                leg.pare();
            }
            let zone = leg.zone.clone();
            legs.push(leg);
            let is_cut = matches!(&reply, Ok(Reply::Referral(referral)) if referral.cut == question.name);
            let conclusion = match reply {
                Ok(Reply::Referral(referral)) => {
                    atlas.pass(referral);
                    (is_cut && goal == Goal::Parent).then_some(Led::Cut)
                }
                Ok(reply) => Some(conclusion(reply)),
                Err(end) => Some(Led::End(end)),
            };
            if !matches!(conclusion, Some(Led::End(End::Unasked(_))))
                && let Some(towards) = towards(&zone, &question.name)
            {
                atlas.explore(zone, towards);
            }
            drop(flight);
            if let Some(led) = conclusion {
                return led;
            }
        }
        Led::End(End::TooDeep)
    }

    /// The nearest zone known, once nobody else is about to find a nearer one.
    async fn depart<'b>(
        &self,
        atlas: &'b Atlas,
        name: &DnsName,
        goal: Goal,
    ) -> Result<(DnsName, Below, Option<Flight<'b>>), Unasked> {
        let parent = name.parent();
        let highest = match goal {
            Goal::Answer => name,
            Goal::Parent => parent.as_ref().unwrap_or(name),
        };
        loop {
            let (zone, below) = atlas.nearest(highest);
            let Some(towards) = towards(&zone, name).filter(|towards| !atlas.is_explored(&zone, towards)) else {
                return Ok((zone, below, None));
            };
            let errand = Errand::Way(zone.clone(), towards);
            let boarding = self
                .budget
                .until(atlas.flights.embark(self.traveller, &errand))
                .await
                .ok_or(Unasked::NoTime)?;
            match boarding {
                Boarding::Landed => {}
                Boarding::Alone => return Ok((zone, below, None)),
                // Somebody may have landed between the look at the atlas and this.
                Boarding::Own(flight) if atlas.nearest(highest).0 == zone => return Ok((zone, below, Some(flight))),
                Boarding::Own(_) => {}
            }
        }
    }

    /// Asks the servers of a zone until one gives a useful reply: those whose addresses are known, then others.
    async fn ask_servers(&mut self, leg: &mut Leg) -> Result<Reply, End> {
        let known = leg.servers.iter().flat_map(addresses_by_name).collect();
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
            let name = server.name.clone();
            // What another check has looked up costs nothing.
            lookups += usize::from(self.atlas.located(&name).is_none());
            let server = NameServer {
                addresses: addresses_of(&self.locate(&name).await),
                name,
            };
            let addresses = addresses_by_name(&server).collect();
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
        let mut next = self.in_order(&question.name, addresses).into_iter();
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

    /// Another place to begin for every name, so that the load is shared, and the same for one name every time; those that
    /// never answered anybody come last.
    fn in_order(&self, name: &DnsName, mut addresses: Vec<(DnsName, IpAddr)>) -> Vec<(DnsName, IpAddr)> {
        let sum = name.as_wire().iter().fold(0_usize, |sum, octet| {
            sum.wrapping_mul(31).wrapping_add(usize::from(*octet))
        });
        let place = sum.checked_rem(addresses.len()).unwrap_or(0);
        addresses.rotate_left(place);
        addresses.sort_by_key(|(_, address)| self.asker.is_silent(*address, Transport::Udp));
        addresses
    }

    /// Finds where a name server is.
    pub fn locate<'b>(&'b mut self, name: &'b DnsName) -> Pin<Box<dyn Future<Output = Located> + Send + 'b>> {
        Box::pin(async move {
            if self.wanted.contains(name) || self.wanted.len() >= MAX_NESTING {
                return Located::Cycle;
            }
            let atlas = Arc::clone(&self.atlas);
            let errand = Errand::Server(name.clone());
            let flight = loop {
                if let Some(located) = atlas.located(name) {
                    return located;
                }
                match self.budget.until(atlas.flights.embark(self.traveller, &errand)).await {
                    None => return Located::Unasked(Unasked::NoTime),
                    Some(Boarding::Alone) => break None,
                    // Somebody may have landed between the look at the atlas and this.
                    Some(Boarding::Own(flight)) if atlas.located(name).is_none() => break Some(flight),
                    Some(Boarding::Landed | Boarding::Own(_)) => {}
                }
            };
            self.wanted.push(name.clone());
            let located = self.resolve(name).await;
            self.wanted.pop();
            atlas.locate(name, &located);
            drop(flight);
            located
        })
    }

    async fn resolve(&mut self, name: &DnsName) -> Located {
        let [ipv4, ipv6] = [RecordType::A, RecordType::AAAA].map(|record_type| Question {
            name: name.clone(),
            record_type,
        });
        let (ipv4, ipv6) = if self.is_near(name) {
            let mut other = self.companion();
            let (ipv4, ipv6) = tokio::join!(self.walk(&ipv4), other.walk(&ipv6));
            (ipv4, Some(ipv6))
        } else {
            let ipv4 = self.walk(&ipv4).await;
            let goes_on = matches!(ipv4.end, End::Answer(_) | End::NoData(_));
            let ipv6 = if goes_on { Some(self.walk(&ipv6).await) } else { None };
            (ipv4, ipv6)
        };
        located(&ipv4, ipv6.as_ref())
    }

    /// Whether the zone right above a name is known, so that two questions for it go the same short way.
    fn is_near(&self, name: &DnsName) -> bool {
        let (zone, _) = self.atlas.nearest(name);
        name.parent().is_none_or(|parent| parent == zone) && !zone.is_root()
    }

    /// The same traveller, where he walks two ways at a time.
    fn companion(&self) -> Self {
        Self {
            asker: self.asker,
            budget: self.budget,
            atlas: Arc::clone(&self.atlas),
            traveller: self.traveller,
            wanted: self.wanted.clone(),
        }
    }
}

/// Where two walks, to the IPv4 and the IPv6 addresses of a name, say that it is.
fn located(ipv4: &Walk, ipv6: Option<&Walk>) -> Located {
    let walks = || std::iter::once(ipv4).chain(ipv6);
    let records = walks().flat_map(|walk| match &walk.end {
        End::Answer(records) => records.as_slice(),
        _ => &[],
    });
    let mut addresses: Vec<IpAddr> = records.filter_map(|record| record.data.address()).collect();
    addresses.sort();
    addresses.dedup();
    addresses.truncate(MAX_ADDRESSES);
    let target = walks().find_map(|walk| walk.aliases.first()?.target.clone());
    if let Some(target) = target {
        return Located::Alias { target, addresses };
    }
    if !addresses.is_empty() {
        return Located::At(addresses);
    }
    let lacks = |walk: &Walk| match &walk.end {
        End::NoData(_) | End::Answer(_) => None,
        End::NoName(denial) => Some(Located::NoName {
            denied_by: denial.as_ref().map(|denial| denial.zone.clone()),
        }),
        End::Unasked(why) => Some(Located::Unasked(*why)),
        _ if is_cyclic(walk) => Some(Located::Cycle),
        _ => Some(Located::Unanswered),
    };
    walks().find_map(lacks).unwrap_or(Located::NoData)
}

/// The name one label below a zone on the way to a name; none where the zone is not above it.
fn towards(zone: &DnsName, name: &DnsName) -> Option<DnsName> {
    let depth = name.label_count().checked_sub(zone.label_count() + 1)?;
    name.suffixes().nth(depth).map(DnsName::from_suffix)
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

fn addresses_by_name(server: &NameServer) -> impl Iterator<Item = (DnsName, IpAddr)> + '_ {
    server
        .addresses
        .known()
        .iter()
        .map(|address| (server.name.clone(), *address))
}

#[cfg(test)]
pub(in crate::engine) mod tests;
