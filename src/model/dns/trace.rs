//! A walk of which every server on the way was asked, and what resolvers remember of the name.
//!
//! Invariant: it holds what was heard; `waiting` counts the addresses that were asked and have not been heard yet.

use core::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::probe::Unasked;
use super::resolved::Resolved;
use super::walk::{Leg, Walk};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resolver {
    /// Where it is.
    pub address: SocketAddr,
    /// Who named it.
    pub choice: Choice,
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
