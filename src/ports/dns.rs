//! Asking one DNS server one question. Each call is one message out: no retry, no fallback, no pacing. Those are the engine's.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use crate::model::dns::{Endpoint, Heard, Question, Transport, Unreachable};

/// Whoever can send queries.
pub trait Dns: Send + Sync + 'static {
    /// Sends one query and waits for the response to it; a failure is something heard, too.
    fn exchange(&self, query: &Query) -> impl Future<Output = Exchange> + Send;

    /// The same with a resolver over HTTPS; whoever speaks no HTTPS has no socket for it.
    fn exchange_over_https(&self, _query: &HttpsQuery) -> impl Future<Output = Exchange> + Send {
        std::future::ready(Exchange {
            heard: Heard::Unreachable(Unreachable::Local),
            took: Duration::ZERO,
            mismatched: 0,
        })
    }
}

/// One query to a resolver over HTTPS (RFC 8484).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsQuery {
    /// Where it goes.
    pub endpoint: Endpoint,
    /// What it asks.
    pub question: Question,
    /// How long an answer is waited for.
    pub patience: Duration,
}

/// One query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Where it goes.
    pub server: SocketAddr,
    /// What it asks.
    pub question: Question,
    /// How it goes.
    pub transport: Transport,
    /// Whether it has an OPT record.
    pub extension: Extension,
    /// Whether the server is to ask others.
    pub recursion: Recursion,
    /// How long an answer is waited for.
    pub patience: Duration,
}

/// Whether a query has an OPT record (RFC 6891).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extension {
    /// It has one: version 0, 1232 octets, DNSSEC records wanted.
    Edns,
    /// It has none, as before 1999.
    None,
}

/// Whether the server is to ask others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recursion {
    /// It is to answer from its own zones.
    Undesired,
    /// It is to resolve the name.
    Desired,
}

/// What came of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was heard.
    pub heard: Heard,
    /// From sending to hearing, or to giving up.
    pub took: Duration,
    /// How many messages came that answer something else: another id, another question, other letters (0x20).
    pub mismatched: u32,
}
