//! Asks one address of one name server one question, until it is known how that server answers: three tries over UDP, TCP
//! where an answer is truncated or forged, no OPT record where the server stumbles over it (RFC 6891, RFC 7766, RFC 9715).
//!
//! Invariant: nothing is sent to an address that may not be asked, beyond the budget of the check, or faster than manners allow.

mod budget;
mod manners;
mod silence;

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ipnet::IpNet;

pub use budget::Budget;
pub use manners::{Manners, Pace};

use crate::model::dns::{
    EdnsSupport, Endpoint, Heard, Outcome, Probe, Question, RecursionOffer, Reply, Resolved, Resolver, ResolverPlace,
    ResponseCode, Tcp, Transport, Unasked, special_purpose,
};
use crate::model::name::DnsName;
use crate::ports::{Dns, Exchange, Extension, HttpsQuery, Query, Recursion};
use silence::Silence;

/// How long each try over UDP waits: five seconds in all (checks.md 0.3).
const PATIENCE: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_millis(1_500),
    Duration::from_millis(2_500),
];
/// How long a connection may take, from the first packet to the answer.
const PATIENCE_OF_TCP: Duration = Duration::from_secs(2);
/// How long a resolver over HTTPS may take, from the first packet to the answer.
const PATIENCE_OVER_HTTPS: Duration = Duration::from_secs(5);
/// How long an answer is waited for from an address that has never given any, to whomever it was.
const PATIENCE_WITH_THE_SILENT: Duration = Duration::from_millis(500);

/// Which addresses may be asked, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The port of name servers; 53 but in tests and demos.
    pub port: u16,
    /// Networks that may be asked although they are special-purpose.
    pub allowed: Vec<IpNet>,
    /// Whether IPv6 leads anywhere from here.
    pub ipv6: Ipv6,
}

/// Whether IPv6 leads anywhere from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ipv6 {
    /// There is a route.
    Routed,
    /// There is, and the person says so: it is not given up where nothing comes back.
    Insisted,
    /// There is none: that says nothing of a server.
    Missing,
}

/// Asks servers on behalf of checks, all of which share its manners.
#[derive(Debug)]
pub struct Asker<D> {
    dns: Arc<D>,
    reach: Reach,
    manners: Manners,
    silence: Silence,
    /// Who does not answer queries that have an OPT record: found out once, for it takes long.
    dropping: Mutex<HashSet<IpAddr>>,
    /// Whether IPv6 turned out to lead nowhere although there is a route.
    lost_ipv6: AtomicBool,
    sent: AtomicU64,
}

/// How a question is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In datagrams, and over a connection where that is needed.
    Usual,
    /// Over a connection.
    Connection,
    /// In datagrams, and the server is to ask others.
    Recursion,
}

impl<D: Dns> Asker<D> {
    /// Asks through `dns`.
    pub fn new(dns: Arc<D>, reach: Reach, manners: Manners) -> Self {
        Self {
            dns,
            reach,
            manners,
            silence: Silence::default(),
            dropping: Mutex::default(),
            lost_ipv6: AtomicBool::new(false),
            sent: AtomicU64::new(0),
        }
    }

    /// How fast servers are asked.
    pub fn manners(&self) -> &Manners {
        &self.manners
    }

    /// Which addresses may be asked, and where.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether IPv6 leads anywhere from here.
    pub fn ipv6(&self) -> Ipv6 {
        match self.reach.ipv6 {
            Ipv6::Routed if self.lost_ipv6.load(Ordering::Relaxed) => Ipv6::Missing,
            ipv6 => ipv6,
        }
    }

    /// Asks no IPv6 address any more, unless the person insists: nothing comes back from any.
    pub fn give_up_ipv6(&self) {
        self.lost_ipv6.store(true, Ordering::Relaxed);
    }

    /// How many queries were sent.
    pub fn queries_sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// What queries leave by.
    pub(super) fn dns(&self) -> &D {
        &self.dns
    }

    /// Whether an address has been asked in vain so often, over one transport, that little is expected of it.
    pub fn is_silent(&self, address: IpAddr, transport: Transport) -> bool {
        self.silence.is_known(address, transport)
    }

    fn dropping(&self) -> MutexGuard<'_, HashSet<IpAddr>> {
        self.dropping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an address may be asked.
    pub fn admits(&self, address: IpAddr) -> Result<(), Unasked> {
        let allowed = self.reach.allowed.iter().any(|network| network.contains(&address));
        match special_purpose(address) {
            Some(purpose) if !allowed => Err(Unasked::Special(purpose)),
            _ if address.is_ipv6() && self.ipv6() == Ipv6::Missing => Err(Unasked::NoIpv6),
            _ => Ok(()),
        }
    }

    /// Asks an address as one of the servers of `zone`.
    pub async fn ask(&self, address: IpAddr, question: &Question, zone: &DnsName, budget: &Budget) -> Outcome {
        self.ask_by(Way::Usual, address, question, zone, budget).await
    }

    /// Asks an address as one of the servers of `zone`, in one way or another.
    pub async fn ask_by(
        &self,
        way: Way,
        address: IpAddr,
        question: &Question,
        zone: &DnsName,
        budget: &Budget,
    ) -> Outcome {
        if let Err(why) = self.admits(address) {
            return Outcome::Unasked(why);
        }
        let recursion = match way {
            Way::Recursion => Recursion::Desired,
            Way::Usual | Way::Connection => Recursion::Undesired,
        };
        let server = SocketAddr::new(address, self.reach.port);
        let mut asking = self.asking(server, question, budget, recursion);
        let settled = match way {
            Way::Usual | Way::Recursion => asking.settle().await,
            Way::Connection => asking.connect().await,
        };
        match settled {
            Ok(heard) => Outcome::Asked(Box::new(asking.probe(zone, &heard))),
            Err(why) => Outcome::Unasked(why),
        }
    }

    /// Asks a resolver to resolve a name. A person chose it, so it may be at any address, and at any port.
    pub async fn ask_resolver(
        &self,
        resolver: &Resolver,
        question: &Question,
        budget: &Budget,
    ) -> Result<(Resolved, Duration), Unasked> {
        let exchange = match &resolver.place {
            ResolverPlace::At(address) => {
                let mut asking = self.asking(*address, question, budget, Recursion::Desired);
                asking.settle().await?.exchange
            }
            ResolverPlace::Https(endpoint) => self.ask_over_https(endpoint, question, budget).await?,
        };
        Ok((Resolved::of(question, &exchange.heard), exchange.took))
    }

    /// Asks once: a connection loses nothing by itself.
    async fn ask_over_https(
        &self,
        endpoint: &Endpoint,
        question: &Question,
        budget: &Budget,
    ) -> Result<Exchange, Unasked> {
        let query = HttpsQuery {
            endpoint: endpoint.clone(),
            question: question.clone(),
            patience: budget.spend(PATIENCE_OVER_HTTPS)?,
        };
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(self.dns.exchange_over_https(&query).await)
    }

    fn asking<'a>(
        &'a self,
        server: SocketAddr,
        question: &'a Question,
        budget: &'a Budget,
        recursion: Recursion,
    ) -> Asking<'a, D> {
        Asking {
            asker: self,
            server,
            question,
            budget,
            recursion,
            edns: EdnsSupport::Untold,
            tcp: Tcp::Untried,
            mismatched: 0,
        }
    }
}

/// One address being asked one question.
struct Asking<'a, D> {
    asker: &'a Asker<D>,
    server: SocketAddr,
    question: &'a Question,
    budget: &'a Budget,
    recursion: Recursion,
    edns: EdnsSupport,
    tcp: Tcp,
    mismatched: u32,
}

/// What was heard in the end, and how.
struct Last {
    exchange: Exchange,
    transport: Transport,
}

impl<D: Dns> Asking<'_, D> {
    async fn settle(&mut self) -> Result<Last, Unasked> {
        if self.asker.dropping().contains(&self.server.ip()) {
            self.edns = EdnsSupport::Broken;
            return self.settle_without_opt().await;
        }
        let [first, second, third] = PATIENCE;
        for patience in [first, second] {
            let last = self.send(Transport::Udp, Extension::Edns, patience).await?;
            if last.exchange.mismatched > 0 && last.exchange.heard == Heard::Silent {
                // Somebody answers in the server's place: nobody can over a connection.
                return self.over_tcp(last).await;
            }
            if last.exchange.heard != Heard::Silent {
                return self.follow_up(last).await;
            }
            if self.is_silent(Transport::Udp) {
                return Ok(last);
            }
        }
        let last = self.send(Transport::Udp, Extension::None, third).await?;
        if matches!(last.exchange.heard, Heard::Response(_)) {
            self.doubt_edns(first).await;
        }
        self.finish(last).await
    }

    /// Asks who is known to drop queries that have an OPT record.
    async fn settle_without_opt(&mut self) -> Result<Last, Unasked> {
        let [first, second, third] = PATIENCE;
        for patience in [first, second] {
            let last = self.send(Transport::Udp, Extension::None, patience).await?;
            if last.exchange.heard != Heard::Silent {
                return self.finish(last).await;
            }
        }
        let last = self.send(Transport::Udp, Extension::None, third).await?;
        self.finish(last).await
    }

    /// Asks over a connection and nothing else: once more where the first is not answered, without the OPT record that the
    /// server may stumble over, for a connection loses nothing by itself.
    async fn connect(&mut self) -> Result<Last, Unasked> {
        let mut last = self.send(Transport::Tcp, Extension::Edns, PATIENCE_OF_TCP).await?;
        if last.exchange.heard == Heard::Silent && !self.is_silent(Transport::Tcp) {
            last = self.send(Transport::Tcp, Extension::None, PATIENCE_OF_TCP).await?;
        }
        if matches!(&last.exchange.heard, Heard::Response(response) if response.edns.is_none() && response.code.objects_to_edns())
        {
            last = self.send(Transport::Tcp, Extension::None, PATIENCE_OF_TCP).await?;
        }
        let answered = matches!(last.exchange.heard, Heard::Response(_) | Heard::Malformed);
        self.tcp = if answered { Tcp::Works } else { Tcp::Fails };
        Ok(last)
    }

    /// What a first answer asks for: no OPT record, or a connection.
    async fn follow_up(&mut self, last: Last) -> Result<Last, Unasked> {
        let Heard::Response(response) = &last.exchange.heard else {
            return Ok(last);
        };
        if response.edns.is_some() && response.code != ResponseCode::BADVERS {
            self.edns = EdnsSupport::Spoken;
            return self.finish(last).await;
        }
        self.edns = EdnsSupport::Unsupported;
        if !response.code.objects_to_edns() {
            return self.finish(last).await;
        }
        let [first, ..] = PATIENCE;
        let plain = self.send(Transport::Udp, Extension::None, first).await?;
        self.finish(plain).await
    }

    /// Two queries with an OPT record were lost and one without was not: a third one tells loss from dislike.
    async fn doubt_edns(&mut self, patience: Duration) {
        let again = self.send(Transport::Udp, Extension::Edns, patience).await;
        self.edns = match again.map(|last| last.exchange.heard) {
            Ok(Heard::Response(response)) if response.edns.is_some() => EdnsSupport::Spoken,
            Ok(Heard::Response(_)) => EdnsSupport::Unsupported,
            Ok(Heard::Silent) => EdnsSupport::Broken,
            Ok(_) | Err(_) => EdnsSupport::Untold,
        };
        if self.edns == EdnsSupport::Broken {
            self.asker.dropping().insert(self.server.ip());
        }
    }

    async fn finish(&mut self, last: Last) -> Result<Last, Unasked> {
        match &last.exchange.heard {
            Heard::Response(response) if response.truncated => self.over_tcp(last).await,
            _ => Ok(last),
        }
    }

    /// Asks over TCP; what was heard before stands where that fails.
    async fn over_tcp(&mut self, before: Last) -> Result<Last, Unasked> {
        let extension = match self.edns {
            EdnsSupport::Spoken | EdnsSupport::Untold => Extension::Edns,
            EdnsSupport::Unsupported | EdnsSupport::Broken => Extension::None,
        };
        let last = self.send(Transport::Tcp, extension, PATIENCE_OF_TCP).await?;
        let answered = matches!(last.exchange.heard, Heard::Response(_) | Heard::Malformed);
        self.tcp = if answered { Tcp::Works } else { Tcp::Fails };
        Ok(if answered { last } else { before })
    }

    fn is_silent(&self, transport: Transport) -> bool {
        self.asker.is_silent(self.server.ip(), transport)
    }

    /// Sends one query, when manners and budget allow it.
    async fn send(&mut self, transport: Transport, extension: Extension, patience: Duration) -> Result<Last, Unasked> {
        let admitted = self.asker.manners.admit(self.server.ip());
        let _turn = self.budget.in_line(admitted).await.ok_or(Unasked::NoTime)?;
        let patience = match self.is_silent(transport) {
            true => patience.min(PATIENCE_WITH_THE_SILENT),
            false => patience,
        };
        let patience = self.budget.spend(patience)?;
        let query = Query {
            server: self.server,
            question: self.question.clone(),
            transport,
            extension,
            recursion: self.recursion,
            patience,
        };
        self.asker.sent.fetch_add(1, Ordering::Relaxed);
        let exchange = self.asker.dns.exchange(&query).await;
        self.mismatched = self.mismatched.saturating_add(exchange.mismatched);
        match exchange.heard {
            Heard::Response(_) | Heard::Malformed => self.asker.silence.end(self.server.ip(), transport),
            Heard::Silent => self.asker.silence.note(self.server.ip(), transport),
            Heard::Unreachable(_) => {}
        }
        Ok(Last { exchange, transport })
    }

    fn probe(&self, zone: &DnsName, last: &Last) -> Probe {
        let response = match &last.exchange.heard {
            Heard::Response(response) => Some(response),
            _ => None,
        };
        Probe {
            reply: Reply::of(self.question, zone, &last.exchange.heard),
            took: last.exchange.took,
            transport: last.transport,
            tcp: self.tcp,
            edns: self.edns,
            recursion: match response {
                Some(response) if response.recursion_available => RecursionOffer::Offered,
                _ => RecursionOffer::Unoffered,
            },
            size: response.map_or(0, |response| response.size),
            mismatched: self.mismatched,
            signatures: response.map_or_else(Vec::new, |response| response.signatures(self.question)),
        }
    }
}

#[cfg(test)]
mod tests;
