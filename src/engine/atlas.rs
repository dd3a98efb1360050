//! What walks have found out on their way: cuts passed and name servers located, shared by all checks of a run.
//!
//! Invariant: a thing that two checks need is asked for once. What a check could not find out for want of its own budget is
//! not kept, and no check waits for one that waits for it.

mod flights;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::dns::{Addresses, NameServer, NoAddress, Record, Referral};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::served::Located;

pub(super) use flights::{Boarding, Errand, Flight, Flights, Traveller};

/// How many names of servers are considered at a cut (safety T15).
pub(super) const MAX_SERVERS: usize = 13;
/// How many addresses of one server are considered.
pub(super) const MAX_ADDRESSES: usize = 16;

/// Where walks begin: a zone, and its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The zone; the root, or one that is held.
    pub zone: DnsName,
    /// Its servers, each with its addresses where they are known.
    pub servers: Vec<NameServer>,
}

/// What is known of a zone further down.
#[derive(Debug, Clone)]
pub(super) struct Below {
    pub(super) servers: Vec<NameServer>,
    pub(super) ttl: Option<u32>,
    pub(super) ds: Vec<DsValue>,
    pub(super) ds_signatures: Vec<Record>,
}

impl Below {
    /// A zone that a walk begins with.
    fn beginning(servers: Vec<NameServer>) -> Self {
        Self {
            servers,
            ttl: None,
            ds: Vec::new(),
            ds_signatures: Vec::new(),
        }
    }
}

/// Cuts passed and name servers located since a run began.
#[derive(Debug)]
pub struct Atlas {
    start: Start,
    known: Mutex<Known>,
    pub(super) flights: Flights,
}

#[derive(Debug, Default)]
struct Known {
    passed: HashMap<DnsName, Below>,
    located: HashMap<DnsName, Located>,
    /// Zones, each with a name below it, the way to which somebody asked for and found, or found that there is none.
    explored: HashSet<(DnsName, DnsName)>,
}

impl Atlas {
    /// Nothing is known but where to begin.
    pub fn new(start: Start) -> Self {
        Self {
            start,
            known: Mutex::default(),
            flights: Flights::default(),
        }
    }

    /// Takes a zone as passed whose servers are known from elsewhere: walks to names below it begin there.
    pub(super) fn hold(&self, zone: Start) {
        let below = Below::beginning(zone.servers);
        self.known().passed.insert(zone.zone, below);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The nearest zone at or above a name whose servers are known.
    pub(super) fn nearest(&self, name: &DnsName) -> (DnsName, Below) {
        let known = self.known();
        let start = self.start.zone.label_count();
        let passed = std::iter::once(name.clone())
            .chain(name.ancestors())
            .take_while(|zone| zone.label_count() > start)
            .find_map(|zone| known.passed.get(&zone).map(|below| (zone, below.clone())));
        passed.unwrap_or_else(|| self.beginning())
    }

    fn beginning(&self) -> (DnsName, Below) {
        (self.start.zone.clone(), Below::beginning(self.start.servers.clone()))
    }

    /// The zones passed on the way down to one, where it begins first, and that one last.
    pub(super) fn lineage(&self, zone: &DnsName) -> Vec<(DnsName, Below)> {
        let known = self.known();
        let start = self.start.zone.label_count();
        let upwards = std::iter::once(zone.clone()).chain(zone.ancestors());
        let mut passed: Vec<(DnsName, Below)> = upwards
            .take_while(|zone| zone.label_count() > start)
            .filter_map(|zone| known.passed.get(&zone).map(|below| (zone, below.clone())))
            .collect();
        passed.push(self.beginning());
        passed.reverse();
        passed
    }

    /// Takes note of a referral.
    pub(super) fn pass(&self, referral: Referral) -> (DnsName, Below) {
        let mut known = self.known();
        let servers = referral.name_servers.into_iter().take(MAX_SERVERS);
        let servers = servers.map(|name| {
            let given: Vec<IpAddr> = glue_of(&referral.glue, &name);
            let addresses = match known.located.get(&name) {
                _ if !given.is_empty() => Addresses::Given(given),
                Some(located) => addresses_of(located),
                None => Addresses::Unsought,
            };
            NameServer { name, addresses }
        });
        let below = Below {
            servers: servers.collect(),
            ttl: Some(referral.ttl),
            ds: referral.ds,
            ds_signatures: referral.ds_signatures,
        };
        known.passed.insert(referral.cut.clone(), below.clone());
        (referral.cut, below)
    }

    /// Where a name server is, where somebody found out.
    pub(super) fn located(&self, name: &DnsName) -> Option<Located> {
        self.known().located.get(name).cloned()
    }

    /// Keeps where a name server is, unless another check might come to another end.
    pub(super) fn locate(&self, name: &DnsName, located: &Located) {
        // What is a cycle from here may not be one from elsewhere.
        if !matches!(located, Located::Cycle | Located::Unasked(_) | Located::Unsought) {
            self.known().located.insert(name.clone(), located.clone());
        }
    }

    /// Whether the way from a zone towards a name below it was asked for before.
    pub(super) fn is_explored(&self, zone: &DnsName, towards: &DnsName) -> bool {
        self.known().explored.contains(&(zone.clone(), towards.clone()))
    }

    /// Keeps that it was.
    pub(super) fn explore(&self, zone: DnsName, towards: DnsName) {
        self.known().explored.insert((zone, towards));
    }
}

/// Where a walk finds a server that is located so.
pub(super) fn addresses_of(located: &Located) -> Addresses {
    match located {
        Located::At(addresses) | Located::Alias { addresses, .. } if !addresses.is_empty() => {
            Addresses::Found(addresses.clone())
        }
        Located::At(_) | Located::Alias { .. } | Located::NoData => Addresses::Missing(NoAddress::NoData),
        Located::NoName { .. } => Addresses::Missing(NoAddress::NoName),
        Located::Cycle => Addresses::Missing(NoAddress::Cycle),
        Located::Unanswered => Addresses::Missing(NoAddress::Unanswered),
        Located::Unasked(why) => Addresses::Missing(NoAddress::Unasked(*why)),
        Located::Unsought => Addresses::Unsought,
    }
}

fn glue_of(glue: &[(DnsName, IpAddr)], name: &DnsName) -> Vec<IpAddr> {
    let own = glue.iter().filter(|(owner, _)| owner == name);
    own.map(|(_, address)| *address).take(MAX_ADDRESSES).collect()
}
