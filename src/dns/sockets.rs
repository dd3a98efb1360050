//! The sockets that queries leave by: one for each, so that each has a port of its own.
//!
//! UDP sockets are connected: the system then tells when nothing listens, and passes over what comes from elsewhere.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, sleep, timeout_at};

use super::https;
use super::wire::{Received, Sent};
use crate::model::dns::{Heard, Host, Transport, Unreachable};
use crate::ports::{Dns, Exchange, HttpsQuery, Query};

/// The most octets of a datagram.
const MAX_MESSAGE: usize = 65_535;
/// How many messages that answer something else are passed over before a query is given up as flooded.
const MAX_MISMATCHED: u32 = 4_096;
/// How often, and how long each time, a socket is waited for where there are too many: less than any answer is.
const MAX_PAUSES: usize = 16;
const PAUSE: Duration = Duration::from_millis(25);

/// Sends queries from this machine.
#[derive(Debug, Clone, Copy)]
pub struct Sockets {
    span: Span,
}

/// How far queries may go, whatever addresses they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Anywhere,
    ThisMachine,
}

impl Sockets {
    /// Sends them anywhere.
    pub const fn anywhere() -> Self {
        Self { span: Span::Anywhere }
    }

    /// Sends them to loopback addresses alone, for the demo and for tests: others are unreachable.
    pub const fn within_this_machine() -> Self {
        Self {
            span: Span::ThisMachine,
        }
    }

    fn admits(self, server: SocketAddr) -> bool {
        self.span == Span::Anywhere || server.ip().is_loopback()
    }
}

impl Sockets {
    /// Whether a name may be looked up at all: that alone would ask somebody else.
    fn admits_host(self, host: &Host) -> bool {
        match host {
            Host::At(_) => true,
            Host::Named(name) => self.span == Span::Anywhere || &**name == "localhost",
        }
    }
}

impl Dns for Sockets {
    async fn exchange(&self, query: &Query) -> Exchange {
        let began = Instant::now();
        let mut mismatched = 0;
        let heard = match sent(query).filter(|_| self.admits(query.server)) {
            Some(sent) => hear(query, &sent, began + query.patience, &mut mismatched).await,
            None => Heard::Unreachable(Unreachable::Local),
        };
        Exchange {
            heard,
            took: began.elapsed().min(query.patience.max(Duration::from_millis(1))),
            mismatched,
        }
    }

    fn exchange_over_https(&self, query: &HttpsQuery) -> impl Future<Output = Exchange> + Send {
        over_https(*self, query)
    }
}

async fn over_https(span: Sockets, query: &HttpsQuery) -> Exchange {
    let began = Instant::now();
    let heard = match span.admits_host(query.endpoint.host()) {
        true => https::hear(query, |address| span.admits(address)).await,
        false => Heard::Unreachable(Unreachable::Local),
    };
    Exchange {
        heard,
        took: began.elapsed().min(query.patience),
        mismatched: 0,
    }
}

fn sent(query: &Query) -> Option<Sent> {
    let mut dice = [0; 34];
    getrandom::fill(&mut dice).ok()?;
    Sent::new(&query.question, query.extension, query.recursion, dice)
}

async fn hear(query: &Query, sent: &Sent, until: Instant, mismatched: &mut u32) -> Heard {
    let exchanged = async {
        match query.transport {
            Transport::Udp => over_udp(query.server, sent, mismatched).await,
            Transport::Tcp => over_tcp(query.server, sent, mismatched).await,
        }
    };
    match timeout_at(until, exchanged).await {
        Ok(Ok(Received::Response(response))) => Heard::Response(response),
        Ok(Ok(Received::Malformed)) => Heard::Malformed,
        Ok(Ok(Received::Other)) | Err(_) => Heard::Silent,
        Ok(Err(error)) => Heard::Unreachable(unreachable(&error)),
    }
}

/// A socket, as soon as the system has one to give: that this process holds too many is no server's fault.
async fn opened<T, F: Future<Output = io::Result<T>>>(open: impl Fn() -> F) -> io::Result<T> {
    for _ in 0..MAX_PAUSES {
        match open().await {
            Err(error) if is_exhausted(&error) => sleep(PAUSE).await,
            opened => return opened,
        }
    }
    open().await
}

/// Whether the process, or the system, has no more descriptors: EMFILE, ENFILE, WSAEMFILE.
fn is_exhausted(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24 | 10_024))
}

async fn over_udp(server: SocketAddr, sent: &Sent, mismatched: &mut u32) -> io::Result<Received> {
    let socket = match server {
        SocketAddr::V4(_) => opened(|| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))).await?,
        SocketAddr::V6(_) => opened(|| UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))).await?,
    };
    socket.connect(server).await?;
    socket.send(sent.octets()).await?;
    while *mismatched < MAX_MISMATCHED {
        // Whoever waits holds no room for the longest of datagrams.
        socket.ready(Interest::READABLE | Interest::ERROR).await?;
        let mut buffer = vec![0; MAX_MESSAGE];
        let length = socket.recv(&mut buffer).await?;
        match sent.receive(buffer.get(..length).unwrap_or_default()) {
            Received::Other => *mismatched += 1,
            received => return Ok(received),
        }
    }
    Ok(Received::Other)
}

/// One message out and one in: whatever follows is not waited for.
async fn over_tcp(server: SocketAddr, sent: &Sent, mismatched: &mut u32) -> io::Result<Received> {
    let mut stream = opened(|| TcpStream::connect(server)).await?;
    stream.set_nodelay(true)?;
    let length = u16::try_from(sent.octets().len()).map_err(io::Error::other)?;
    let framed = [&length.to_be_bytes()[..], sent.octets()].concat();
    stream.write_all(&framed).await?;
    let length = stream.read_u16().await?;
    // Room for what has come, not for what is announced.
    let mut message = Vec::new();
    stream.take(length.into()).read_to_end(&mut message).await?;
    if message.len() < usize::from(length) {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let received = sent.receive(&message);
    *mismatched += u32::from(received == Received::Other);
    Ok(received)
}

pub(super) fn unreachable(error: &io::Error) -> Unreachable {
    match error.kind() {
        ErrorKind::ConnectionRefused => Unreachable::Refused,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Unreachable::NoRoute,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::UnexpectedEof
        | ErrorKind::BrokenPipe => Unreachable::Closed,
        _ => Unreachable::Local,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_socket_that_the_system_cannot_give_yet_is_waited_for() {
        let tries = AtomicUsize::new(0);
        let scarce = || async {
            match tries.fetch_add(1, Ordering::Relaxed) {
                0..5 => Err(io::Error::from_raw_os_error(24)),
                _ => Ok(()),
            }
        };
        assert!(opened(scarce).await.is_ok());
        assert_eq!(tries.load(Ordering::Relaxed), 6);
        let denied = || async { Err::<(), _>(io::Error::from(ErrorKind::PermissionDenied)) };
        assert_eq!(
            opened(denied).await.map_err(|error| error.kind()),
            Err(ErrorKind::PermissionDenied)
        );
    }
}
