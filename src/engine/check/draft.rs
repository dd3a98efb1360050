//! What was heard so far at one cut: each address asked once, whatever number of names it goes by.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;

use super::super::ask::Budget;
use super::super::atlas::MAX_SERVERS;
use super::target::{Anchored, Target};
use super::{Spent, serves};
use crate::model::dns::{End, HeardFrom, Outcome, Reply, Unasked};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{ChildAddress, ChildServer, Extent, Located, ParentServer, ParentSide, Reached, Served};

/// What an address of the child side is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Asked {
    Soa,
    SoaOverTcp,
    Ns,
    Dnskey,
    Cds,
    Foreign,
}

/// What was heard so far.
pub(super) struct Draft {
    name: DnsName,
    at: Timestamp,
    zone: Option<DnsName>,
    reached: Reached,
    parents: BTreeMap<IpAddr, OfParent>,
    /// How many names of servers are considered: those that the accounts name, and as many of those that servers name.
    room: usize,
    names: BTreeMap<DnsName, Named>,
    children: BTreeMap<IpAddr, OfChild>,
    /// Names with glue that came in and were not looked at yet.
    fresh: Vec<(DnsName, Vec<IpAddr>)>,
    anchored: Anchored,
}

#[derive(Default)]
struct OfParent {
    /// The servers that are at this address.
    names: BTreeSet<DnsName>,
    /// Whether it is asked beyond what was heard on the way.
    is_asked: bool,
    ns: Option<Outcome>,
    ds: Option<Outcome>,
}

#[derive(Default)]
struct Named {
    glue: BTreeSet<IpAddr>,
    located: Option<Located>,
}

struct OfChild {
    budget: Arc<Budget>,
    asked: BTreeSet<Asked>,
    heard: BTreeMap<Asked, Outcome>,
}

impl Draft {
    pub(super) fn of(target: &Target, at: Timestamp) -> Self {
        Self {
            name: target.name.clone(),
            at,
            zone: None,
            reached: Reached::Unsought,
            parents: BTreeMap::new(),
            room: target.names().take(MAX_SERVERS).count() + MAX_SERVERS,
            names: BTreeMap::new(),
            children: BTreeMap::new(),
            fresh: Vec::new(),
            anchored: target.anchored,
        }
    }

    /// Takes note of a name server; whether it is a new one.
    pub(super) fn consider(&mut self, name: &DnsName) -> bool {
        if self.names.contains_key(name) || self.names.len() >= self.room {
            return false;
        }
        self.names.insert(name.clone(), Named::default());
        true
    }

    pub(super) fn is_considered(&self, name: &DnsName) -> bool {
        self.names.contains_key(name)
    }

    pub(super) fn reach(&mut self, zone: DnsName, reached: Reached) {
        self.zone = Some(zone);
        self.reached = reached;
    }

    pub(super) fn miss(&mut self, reached: Reached) {
        self.reached = reached;
    }

    pub(super) fn parent_zone(&self) -> Option<DnsName> {
        self.zone.clone()
    }

    /// Takes in what was heard of a server on the way to its zone.
    pub(super) fn hear_on_the_way(&mut self, heard: HeardFrom) {
        let place = self.parents.entry(heard.address).or_default();
        place.names.insert(heard.server);
        self.hear_parent(heard.address, RecordType::NS, heard.outcome);
    }

    pub(super) fn hear_parent(&mut self, address: IpAddr, record_type: RecordType, outcome: Outcome) {
        if let Outcome::Asked(probe) = &outcome {
            self.look_at(&probe.reply);
        }
        let place = self.parents.entry(address).or_default();
        match record_type {
            RecordType::DS => place.ds = Some(outcome.pared()),
            _ => place.ns = Some(outcome.pared()),
        }
    }

    /// Takes note of the servers and the DS that a parent's server gives.
    fn look_at(&mut self, reply: &Reply) {
        match reply {
            Reply::Referral(referral) if referral.cut == self.name => {
                for name in referral.name_servers.iter().take(MAX_SERVERS) {
                    let glue = referral.glue.iter().filter(|(owner, _)| owner == name);
                    self.fresh
                        .push((name.clone(), glue.map(|(_, address)| *address).collect()));
                }
                if !referral.ds.is_empty() {
                    self.anchored = Anchored::Yes;
                }
            }
            Reply::Answer(records) => {
                if records.iter().any(|record| record.record_type == RecordType::DS) {
                    self.anchored = Anchored::Yes;
                }
                // A server that serves the child as well gives the child's own name servers.
                let names = records.iter().filter_map(|record| record.data.name_server());
                self.fresh
                    .extend(names.take(MAX_SERVERS).map(|name| (name, Vec::new())));
            }
            _ => {}
        }
    }

    /// Takes note of the address of a parent's server; what it is to be asked, if it is not being asked by another name.
    pub(super) fn ask_parent(&mut self, server: &DnsName, address: IpAddr) -> Vec<RecordType> {
        let place = self.parents.entry(address).or_default();
        place.names.insert(server.clone());
        if std::mem::replace(&mut place.is_asked, true) {
            return Vec::new();
        }
        let lacking = [(RecordType::NS, &place.ns), (RecordType::DS, &place.ds)];
        let lacking = lacking.into_iter().filter(|(_, outcome)| outcome.is_none());
        lacking.map(|(record_type, _)| record_type).collect()
    }

    pub(super) fn take_named(&mut self) -> Vec<(DnsName, Vec<IpAddr>)> {
        std::mem::take(&mut self.fresh)
    }

    /// Adds glue; gives the addresses that are new.
    pub(super) fn add_glue(&mut self, name: &DnsName, glue: Vec<IpAddr>) -> Vec<IpAddr> {
        let Some(named) = self.names.get_mut(name) else {
            return Vec::new();
        };
        glue.into_iter().filter(|address| named.glue.insert(*address)).collect()
    }

    pub(super) fn has_glue(&self, name: &DnsName) -> bool {
        self.names.get(name).is_some_and(|named| !named.glue.is_empty())
    }

    pub(super) fn locate(&mut self, name: &DnsName, located: Located) {
        if let Some(named) = self.names.get_mut(name) {
            named.located = Some(located);
        }
    }

    /// How many addresses of the child side are asked.
    pub(super) fn addresses(&self) -> usize {
        self.children.len()
    }

    /// Takes note that an address is asked for its SOA, if it was not yet, and gives what it may be asked.
    pub(super) fn ask(&mut self, address: IpAddr, budget: impl FnOnce() -> Arc<Budget>) -> Option<Arc<Budget>> {
        if self.children.contains_key(&address) {
            return None;
        }
        let budget = budget();
        self.children.insert(
            address,
            OfChild {
                budget: Arc::clone(&budget),
                asked: BTreeSet::from([Asked::Soa]),
                heard: BTreeMap::new(),
            },
        );
        Some(budget)
    }

    /// The same for another question.
    pub(super) fn ask_more(&mut self, address: IpAddr, asked: Asked) -> Option<Arc<Budget>> {
        let child = self.children.get_mut(&address)?;
        child.asked.insert(asked).then(|| Arc::clone(&child.budget))
    }

    pub(super) fn hear_child(&mut self, address: IpAddr, asked: Asked, outcome: Outcome) {
        if let Some(child) = self.children.get_mut(&address) {
            child.heard.insert(asked, outcome.pared());
        }
    }

    /// Takes what was heard to one question for what would be heard to those that are not put.
    pub(super) fn settle(&mut self, address: IpAddr, outcome: &Outcome) {
        if let Some(child) = self.children.get_mut(&address) {
            for asked in [Asked::Ns, Asked::SoaOverTcp] {
                if child.asked.insert(asked) {
                    child.heard.insert(asked, outcome.clone());
                }
            }
        }
    }

    /// Whether some address serves the zone.
    pub(super) fn is_served(&self) -> bool {
        self.children.values().any(OfChild::serves)
    }

    /// The addresses that are to be asked for keys and were not.
    pub(super) fn without_keys(&self) -> Vec<IpAddr> {
        let asked = |child: &OfChild| child.asked.contains(&Asked::Dnskey);
        if self.anchored == Anchored::Yes {
            let lacking = self
                .children
                .iter()
                .filter(|(_, child)| child.responds() && !asked(child));
            return lacking.map(|(address, _)| *address).collect();
        }
        if self.children.values().any(asked) {
            return Vec::new();
        }
        let serving = self.children.iter().find(|(_, child)| child.serves());
        serving.map(|(address, _)| *address).into_iter().collect()
    }

    /// The address that is to be asked which DS the zone wishes for: the first that has keys, where none was asked.
    pub(super) fn without_wishes(&self) -> Option<IpAddr> {
        let mut children = self.children.iter();
        match self.children.values().any(|child| child.asked.contains(&Asked::Cds)) {
            true => None,
            false => children
                .find(|(_, child)| child.has_keys())
                .map(|(address, _)| *address),
        }
    }

    /// What was heard until now.
    pub(super) fn so_far(&self, spent: Spent) -> Served {
        self.served(spent, Extent::UnderWay)
    }

    /// What was heard in the end.
    pub(super) fn whole(&self, spent: Spent) -> Served {
        self.served(spent, self.stopped().map_or(Extent::Whole, Extent::Stopped))
    }

    /// Why something was not asked that was to be asked, if the budget is why.
    fn stopped(&self) -> Option<Unasked> {
        let of_parents = self.parents.values().flat_map(|place| [&place.ns, &place.ds]);
        let of_children = self.children.values().flat_map(|child| child.heard.values());
        let outcomes = of_parents.flatten().chain(of_children);
        let outcomes = outcomes.filter_map(|outcome| match outcome {
            Outcome::Unasked(why) => Some(*why),
            Outcome::Asked(_) => None,
        });
        let names = self.names.values().filter_map(|named| match &named.located {
            Some(Located::Unasked(why)) => Some(*why),
            _ => None,
        });
        let reached = match &self.reached {
            Reached::Held(end) | Reached::Unreached(end) => match **end {
                End::Unasked(why) => Some(why),
                _ => None,
            },
            Reached::Walked | Reached::Unsought => None,
        };
        let mut all = outcomes.chain(names).chain(reached);
        all.find(|why| matches!(why, Unasked::NoQueries | Unasked::NoTime))
    }

    fn served(&self, spent: Spent, extent: Extent) -> Served {
        let parents = self.parents.iter().flat_map(|(address, place)| place.servers(*address));
        let mut heard: Vec<ParentServer> = parents.collect();
        heard.sort_by(|one, other| (&one.server, one.address).cmp(&(&other.server, other.address)));
        Served {
            name: self.name.clone(),
            at: self.at,
            parent: ParentSide {
                zone: self.zone.clone(),
                reached: self.reached.clone(),
                heard,
            },
            servers: self
                .names
                .iter()
                .map(|(name, named)| self.server(name, named))
                .collect(),
            queries: spent.all,
            walked: spent.walking,
            extent,
        }
    }

    fn server(&self, name: &DnsName, named: &Named) -> ChildServer {
        let located = named.located.clone().unwrap_or(Located::Unasked(Unasked::NoTime));
        let addresses: BTreeSet<IpAddr> = named.glue.iter().chain(located.addresses()).copied().collect();
        let heard = addresses.into_iter().filter_map(|address| {
            let child = self.children.get(&address)?;
            let soa = child.heard.get(&Asked::Soa)?.clone();
            Some(ChildAddress {
                address,
                soa,
                soa_over_tcp: or_not_yet(child.heard.get(&Asked::SoaOverTcp)),
                ns: or_not_yet(child.heard.get(&Asked::Ns)),
                dnskey: child.heard.get(&Asked::Dnskey).cloned(),
                cds: child.heard.get(&Asked::Cds).cloned(),
                foreign: child.heard.get(&Asked::Foreign).cloned(),
            })
        });
        ChildServer {
            name: name.clone(),
            glue: named.glue.iter().copied().collect(),
            heard: heard.collect(),
            located,
        }
    }
}

/// What was heard, or that there was no time for it until now.
fn or_not_yet(outcome: Option<&Outcome>) -> Outcome {
    outcome.cloned().unwrap_or(Outcome::Unasked(Unasked::NoTime))
}

impl OfParent {
    /// The servers at this address, if anything was heard of it.
    fn servers(&self, address: IpAddr) -> impl Iterator<Item = ParentServer> {
        let heard = self.ns.is_some() || self.ds.is_some();
        let names = self.names.iter().filter(move |_| heard);
        names.map(move |server| ParentServer {
            server: server.clone(),
            address,
            ns: or_not_yet(self.ns.as_ref()),
            ds: or_not_yet(self.ds.as_ref()),
        })
    }
}

impl OfChild {
    fn serves(&self) -> bool {
        self.heard.get(&Asked::Soa).is_some_and(serves)
    }

    fn has_keys(&self) -> bool {
        let heard = self.heard.get(&Asked::Dnskey);
        matches!(heard, Some(Outcome::Asked(probe)) if matches!(probe.reply, Reply::Answer(_)))
    }

    fn responds(&self) -> bool {
        match self.heard.get(&Asked::Soa) {
            Some(Outcome::Asked(probe)) => !probe.reply.is_silence(),
            _ => false,
        }
    }
}
