//! A walk of which every server on the way was asked, and what resolvers remember of the name.
//!
//! Invariant: it holds what was heard; `waiting` counts the addresses that were asked and have not been heard yet.

use core::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::endpoint::Endpoint;
use super::probe::Unasked;
use super::resolved::Resolved;
use super::response::Question;
use super::walk::{Leg, Walk};
use crate::model::dnssec::Link;
use crate::model::name::DnsName;

/// The way to a name, with every server that is asked on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// When it began.
    pub began: Timestamp,
    /// How long it took, or has taken so far.
    pub took: Duration,
    /// The way. Of each leg every server was looked up and every address asked, as far as the budget went.
    pub walk: Walk,
    /// How many addresses have not been heard yet.
    pub waiting: usize,
    /// What resolvers said.
    pub resolvers: Vec<ResolverSaid>,
    /// What resolvers over HTTPS say of the names on the way, by the order of names; asked where no server can be.
    pub hearsay: Vec<Hearsay>,
    /// What was heard of the keys of the zones on the way, each after the one above it; empty until that is over.
    pub links: Vec<Link>,
}

/// What one resolver said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolverSaid {
    /// Which one.
    pub resolver: Resolver,
    /// What it said, or why it was not asked to the end.
    pub said: Result<Resolved, Unasked>,
    /// From sending to hearing.
    pub took: Duration,
}

/// A resolver that is asked beside the servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Resolver {
    /// Where it is.
    pub place: ResolverPlace,
    /// Who named it.
    pub choice: Choice,
}

/// Where a resolver is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ResolverPlace {
    /// At an address and a port.
    At(SocketAddr),
    /// At a URL (RFC 8484).
    Https(Endpoint),
}

/// What a resolver says of a name on the way, where no server can be asked: its word, and no server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearsay {
    /// What it was asked.
    pub question: Question,
    /// What it said.
    pub said: ResolverSaid,
}

/// Who named a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// This machine's own set-up.
    System,
    /// The person, by a flag or in the configuration.
    Named,
}

impl Trace {
    /// The last leg of each name on the way: what was asked at first, then the target of each alias.
    pub fn ends(&self) -> impl Iterator<Item = (usize, &Leg)> {
        let legs = &self.walk.legs;
        legs.iter().enumerate().filter(move |(place, leg)| {
            let next = legs.get(place + 1);
            next.is_none_or(|next| next.question != leg.question)
        })
    }

    /// The zone whose servers the walk asked before those of a leg; none where the walk, or a name's part of it, began there.
    pub fn zone_above(&self, place: usize) -> Option<&DnsName> {
        let leg = self.walk.legs.get(place)?;
        let before = self.walk.legs.get(..place)?;
        let above = before.iter().rev().find(|above| leg.zone.is_below(&above.zone));
        above.map(|above| &above.zone)
    }
}

impl Hearsay {
    /// The name whose records the answer has, where the name that was asked for is an alias of it.
    pub fn alias_of(&self) -> Option<&DnsName> {
        match &self.said.said {
            Ok(Resolved::Answer { records, .. }) => {
                let owner = &records.first()?.owner;
                (*owner != self.question.name).then_some(owner)
            }
            _ => None,
        }
    }
}

impl Resolver {
    /// Whether it is asked over HTTPS.
    pub fn is_over_https(&self) -> bool {
        matches!(self.place, ResolverPlace::Https(_))
    }
}

impl core::fmt::Display for Resolver {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.place {
            ResolverPlace::At(address) if address.port() == 53 => address.ip().fmt(f),
            ResolverPlace::At(address) => address.fmt(f),
            ResolverPlace::Https(endpoint) => endpoint.fmt(f),
        }
    }
}
