//! Whether servers can be asked from here at all, found out once before any is judged (checks.md 2.1 and 2.2).
//!
//! Invariant: where somebody on the way answers in the place of servers, or nothing comes back from any, no server is blamed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::timeout;

use super::ask::{Asker, Budget, Ipv6, Way};
use super::atlas::Start;
use crate::model::dns::{Heard, Outcome, Question, RecursionOffer, Reply, Transport};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::Off;
use crate::ports::{Dns, Extension, Query, Recursion};

/// Where no name server can be: addresses of documentation (RFC 5737, RFC 3849).
const NOBODY: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];
/// How long an answer from there is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// The port of name servers on the internet: only there does anybody listen in.
const PORT: u16 = 53;
/// How many servers of each family are asked whether anything comes back, and for how long.
const SAMPLE: usize = 4;
const TIME: Duration = Duration::from_secs(6);
/// How long IPv6 is waited for once something came back over IPv4.
const GRACE: Duration = Duration::from_millis(1_500);

/// Whether somebody answers where nobody is: then no answer from anywhere can be trusted.
pub async fn intercepted<D: Dns>(asker: &Asker<D>) -> Option<Off> {
    if asker.reach().port != PORT {
        return None;
    }
    let mut asking: FuturesUnordered<_> = NOBODY
        .into_iter()
        .filter(|address| address.is_ipv4() || asker.ipv6() != Ipv6::Missing)
        .map(|address| is_answered(asker, address))
        .collect();
    while let Some(answered) = asking.next().await {
        if answered {
            return Some(Off::Intercepted);
        }
    }
    None
}

/// What comes of asking servers, once it is known that nobody answered in their place; whoever asks is stopped as soon as
/// somebody did.
pub async fn unless_intercepted<D: Dns, T>(
    asker: &Asker<D>,
    asked: impl Future<Output = Result<T, Off>>,
) -> Result<T, Off> {
    let (mut interception, mut asked) = (pin!(intercepted(asker)), pin!(asked));
    tokio::select! {
        off = &mut interception => match off {
            Some(off) => Err(off),
            None => asked.await,
        },
        asked = &mut asked => match interception.await {
            Some(off) => Err(off),
            None => asked,
        },
    }
}

async fn is_answered<D: Dns>(asker: &Asker<D>, address: IpAddr) -> bool {
    let query = Query {
        server: SocketAddr::new(address, PORT),
        question: Question {
            name: DnsName::root(),
            record_type: RecordType::SOA,
        },
        transport: Transport::Udp,
        extension: Extension::Edns,
        recursion: Recursion::Undesired,
        patience: PATIENCE,
    };
    let exchange = asker.dns().exchange(&query).await;
    matches!(exchange.heard, Heard::Response(_) | Heard::Malformed)
}

/// What came back from the servers that walks begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Echo {
    Nothing,
    /// Somebody answered who has no authority for the zone, or offers to resolve: none of its servers.
    Stranger,
    /// A server answered.
    Server,
}

/// Why the servers that walks begin with cannot be asked: nothing comes back from any, or somebody else answers for all of
/// them. Where only IPv6 leads nowhere, it is given up.
pub async fn blocked<D: Dns>(asker: &Asker<D>, start: &Start) -> Option<Off> {
    let addresses = || {
        start
            .servers
            .iter()
            .flat_map(|server| server.addresses.known())
            .copied()
    };
    let ipv4: Vec<IpAddr> = addresses().filter(IpAddr::is_ipv4).take(SAMPLE).collect();
    let ipv6: Vec<IpAddr> = addresses().filter(IpAddr::is_ipv6).take(SAMPLE).collect();
    let (ipv4, ipv6) = match asker.ipv6() {
        Ipv6::Routed | Ipv6::Insisted => either(echo(asker, start, ipv4), echo(asker, start, ipv6)).await,
        Ipv6::Missing => (echo(asker, start, ipv4).await, Echo::Nothing),
    };
    if ipv6 == Echo::Nothing {
        asker.give_up_ipv6();
    }
    match ipv4.max(ipv6) {
        Echo::Nothing => Some(Off::Blocked),
        Echo::Stranger => Some(Off::Intercepted),
        Echo::Server => None,
    }
}

/// Both, but the second is not waited for long once the first holds: who has IPv6 that leads nowhere does not wait for it.
async fn either(ipv4: impl Future<Output = Echo>, ipv6: impl Future<Output = Echo>) -> (Echo, Echo) {
    let (mut ipv4, mut ipv6) = (pin!(ipv4), pin!(ipv6));
    tokio::select! {
        ipv4 = &mut ipv4 => match ipv4 {
            Echo::Server => (ipv4, timeout(GRACE, ipv6).await.unwrap_or(Echo::Nothing)),
            Echo::Nothing | Echo::Stranger => (ipv4, ipv6.await),
        },
        ipv6 = &mut ipv6 => (ipv4.await, ipv6),
    }
}

/// What comes back from some addresses, over UDP or TCP; one server that answers is enough.
async fn echo<D: Dns>(asker: &Asker<D>, start: &Start, addresses: Vec<IpAddr>) -> Echo {
    let question = Question {
        name: start.zone.clone(),
        record_type: RecordType::SOA,
    };
    let budget = Budget::new(u32::MAX, TIME);
    let ways = [Way::Usual, Way::Connection];
    let mut asking: FuturesUnordered<_> = addresses
        .into_iter()
        .flat_map(|address| ways.map(|way| asker.ask_by(way, address, &question, &start.zone, &budget)))
        .collect();
    let mut heard = Echo::Nothing;
    while let Some(outcome) = asking.next().await {
        heard = heard.max(echo_of(&outcome));
        if heard == Echo::Server {
            break;
        }
    }
    heard
}

fn echo_of(outcome: &Outcome) -> Echo {
    let Outcome::Asked(probe) = outcome else {
        return Echo::Nothing;
    };
    match &probe.reply {
        Reply::Answer(_) => Echo::Server,
        reply if reply.is_silence() => Echo::Nothing,
        Reply::NotAuthoritative(_) => Echo::Stranger,
        _ if probe.recursion == RecursionOffer::Offered => Echo::Stranger,
        _ => Echo::Server,
    }
}

#[cfg(test)]
mod tests;
