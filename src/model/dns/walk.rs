//! The way from the root, or from a zone that is held, down to a name: which zones were asked, and what their servers said.

use core::net::IpAddr;

use super::probe::{Outcome, Unasked};
use super::reply::{Alias, Negative, Reply};
use super::response::{Question, Record};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;

/// A walk and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// What was asked at first.
    pub question: Question,
    /// The zones on the way, in the order they were asked; after an alias the way goes on at the nearest zone passed.
    pub legs: Vec<Leg>,
    /// The aliases that were followed.
    pub aliases: Vec<Alias>,
    /// How it ended.
    pub end: End,
    /// How many queries it took.
    pub queries: u32,
}

/// One zone on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The zone, by the name of its cut.
    pub zone: DnsName,
    /// What its servers were asked.
    pub question: Question,
    /// The servers that the zone above names.
    pub servers: Vec<NameServer>,
    /// The time to live of that delegation in seconds; none where the walk began here.
    pub ttl: Option<u32>,
    /// The DS records beside it.
    pub ds: Vec<DsValue>,
    /// What was heard, in the order it came in. One useful reply ends it.
    pub heard: Vec<HeardFrom>,
}

impl Leg {
    /// Keeps of what was heard as much as a check of a cut needs, for servers may say as much as they like.
    pub fn pare(&mut self) {
        for heard in &mut self.heard {
            heard.outcome.pare();
        }
    }
}

/// A name server by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameServer {
    /// The name.
    pub name: DnsName,
    /// Where it is.
    pub addresses: Addresses,
}

/// Where a name server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addresses {
    /// The hints or the referral said so.
    Given(Vec<IpAddr>),
    /// The name was resolved.
    Found(Vec<IpAddr>),
    /// The name was not resolved, for others were enough.
    Unsought,
    /// The name has none, or they could not be found.
    Missing(NoAddress),
}

/// Why a name server has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoAddress {
    /// Its name does not exist.
    NoName,
    /// Its name exists and has no address.
    NoData,
    /// To find it one would have to ask the servers of the zone that it serves, which lack addresses in turn.
    Cycle,
    /// The servers that would know do not answer as they should.
    Unanswered,
    /// The check had used up its queries or its time.
    Unasked(Unasked),
}

/// What one address of a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardFrom {
    /// The name of the server.
    pub server: DnsName,
    /// The address.
    pub address: IpAddr,
    /// What it said.
    pub outcome: Outcome,
}

/// How a walk ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With records.
    Answer(Vec<Record>),
    /// The name has no records of the type.
    NoData(Option<Negative>),
    /// The name does not exist.
    NoName(Option<Negative>),
    /// No server of the last zone answers as it should.
    NoServer,
    /// An alias leads back to a name that was asked before.
    AliasLoop(DnsName),
    /// There were more aliases than are followed.
    TooManyAliases,
    /// An alias makes a name that is too long (RFC 6672 section 2.2).
    AliasTooLong,
    /// There were more zones than are descended into.
    TooDeep,
    /// The check had used up its queries or its time.
    Unasked(Unasked),
}

impl Leg {
    /// For how many seconds what its servers say is kept; none where nothing was said that is.
    pub fn kept(&self) -> Option<u32> {
        let mut replies = self.heard.iter().filter_map(|heard| heard.outcome.probe());
        replies.find_map(|probe| match &probe.reply {
            Reply::Answer(records) => records.iter().map(|record| record.ttl).min(),
            Reply::Alias(alias) => Some(alias.ttl),
            Reply::Referral(referral) if probe.reply.is_useful() => Some(referral.ttl),
            Reply::NoData(Some(negative)) | Reply::NoName(Some(negative)) => Some(negative.ttl),
            _ => None,
        })
    }
}

impl Addresses {
    /// The addresses that are known.
    pub fn known(&self) -> &[IpAddr] {
        match self {
            Self::Given(addresses) | Self::Found(addresses) => addresses,
            Self::Unsought | Self::Missing(_) => &[],
        }
    }
}
