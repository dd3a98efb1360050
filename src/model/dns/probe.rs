//! What one address of a name server said to one question, and how it came to be said.

use std::time::Duration;

use super::reply::Reply;
use super::response::Record;
use super::special::SpecialPurpose;

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
