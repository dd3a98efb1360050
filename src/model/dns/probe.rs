//! What one address of a name server said to one question, and how it came to be said.

use std::time::Duration;

use super::rdata::{Rdata, Soa};
use super::reply::Reply;
use super::response::Record;
use super::special::SpecialPurpose;
use crate::model::name::DnsName;

/// What one address said, or why it was not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was asked.
    Asked(Box<Probe>),
    /// It was not, or not to the end.
    Unasked(Unasked),
}

/// Why an address was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unasked {
    /// It is set aside for something else than name servers on the internet.
    Special(SpecialPurpose),
    /// It is an IPv6 address, and IPv6 leads nowhere from here.
    NoIpv6,
    /// This machine gave no socket for it: that says nothing of a server.
    NoSocket,
    /// The check had used up its queries.
    NoQueries,
    /// The check had used up its time.
    NoTime,
}

/// What one address said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What it said in the end.
    pub reply: Reply,
    /// How long that took, from sending to hearing.
    pub took: Duration,
    /// How the answer came.
    pub transport: Transport,
    /// Whether TCP works, where it was needed.
    pub tcp: Tcp,
    /// How the server takes OPT records.
    pub edns: EdnsSupport,
    /// Whether it offers recursion.
    pub recursion: RecursionOffer,
    /// The size of the response in octets; 0 where none could be read.
    pub size: usize,
    /// How many messages came that answer something else.
    pub mismatched: u32,
    /// The signatures (RRSIG) of the answer.
    pub signatures: Vec<Record>,
}

/// The most signatures of one set that are kept.
const MAX_SIGNATURES: usize = 16;

/// The names that the NS records among some records give, sorted, each once.
pub fn name_servers(records: &[Record]) -> Vec<DnsName> {
    let mut names: Vec<DnsName> = records.iter().filter_map(|record| record.data.name_server()).collect();
    names.sort();
    names.dedup();
    names
}

impl Outcome {
    /// What was said, where it was asked.
    pub fn probe(&self) -> Option<&Probe> {
        match self {
            Self::Asked(probe) => Some(probe),
            Self::Unasked(_) => None,
        }
    }

    /// The records of an authoritative answer.
    pub fn answer(&self) -> Option<&[Record]> {
        match &self.probe()?.reply {
            Reply::Answer(records) => Some(records),
            _ => None,
        }
    }

    /// The SOA record of an authoritative answer.
    pub fn start_of_authority(&self) -> Option<&Soa> {
        self.answer()?.iter().find_map(|record| match &record.data {
            Rdata::Soa(soa) => Some(soa),
            _ => None,
        })
    }

    /// The same, without more of what was said than any sound server says at a cut: whoever says much shall not fill the memory.
    pub fn pared(mut self) -> Self {
        self.pare();
        self
    }

    /// The same in place.
    pub(super) fn pare(&mut self) {
        if let Self::Asked(probe) = self {
            probe.reply.pare();
            probe.signatures.truncate(MAX_SIGNATURES);
            probe.signatures.shrink_to_fit();
        }
    }
}

/// Whether TCP works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tcp {
    /// It was not needed.
    Untried,
    /// An answer came over it.
    Works,
    /// It was needed, and no answer came over it.
    Fails,
}

/// How a server takes OPT records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EdnsSupport {
    /// It answers with one.
    Spoken,
    /// It answers without one, or says that it cannot read it.
    Unsupported,
    /// It does not answer queries that have one.
    Broken,
    /// Nothing was heard that tells.
    Untold,
}

/// Whether a server offers recursion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecursionOffer {
    /// RA was set.
    Offered,
    /// It was not, or nothing was heard.
    Unoffered,
}

/// How a query goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// In one datagram.
    Udp,
    /// Over a connection of its own.
    Tcp,
}
